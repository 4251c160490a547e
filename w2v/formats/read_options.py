"""What a reader is asked for: strict or repairing, all rows or some."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from w2v.checks import integer
from w2v.config import ENCODING_ERRORS
from w2v.errors import ConfigError, FormatError

# A decompression bomb is content of more than this times the compressed bytes. Trained vectors as text shrink to a half or a third.
DEFAULT_RATIO = 100


@dataclass(frozen=True, kw_only=True)
class ReadOptions:
    """How a file is read; every reader of the table takes one.

    Attributes
    ----------
    verify : compare the sha256 of a model directory's matrices too; vector files carry no hashes
    limit : read the first rows only, at most so many; what follows them is not looked at
    words : keep these words only
    errors : ``"strict"``; ``"replace"`` puts U+FFFD in the place of bytes that are not UTF-8
    repair : go on at a fault, with what can be read
    max_ratio : compressed content may be so many times as large as the file
    on_change : called with a line of text for each thing that `repair` or `errors` changed or left out

    Raises
    ------
    ConfigError
        a value out of range.
    """

    verify: bool = False
    limit: int | None = None
    words: frozenset[str] | None = None
    errors: str = "strict"
    repair: bool = False
    max_ratio: int = DEFAULT_RATIO
    on_change: Callable[[str], None] = field(default=lambda text: None)

    def __post_init__(self) -> None:
        if self.limit is not None:
            integer("limit", self.limit)
        integer("max_ratio", self.max_ratio)
        if self.errors not in ENCODING_ERRORS:
            raise ConfigError(f"errors must be strict or replace: received {self.errors!r}")

    def tolerate(self, fault: str, remedy: str) -> None:
        """Report a fault and what is done about it; without `repair` it is an error.

        Raises
        ------
        FormatError
            `repair` is not set.
        """
        if not self.repair:
            raise FormatError(f"{fault}; with --repair (repair=True): {remedy}")
        self.on_change(f"{fault}: {remedy}")

    def decode(self, encoded: bytes, fault: Callable[[UnicodeDecodeError], str]) -> str:
        """A word's text; `fault` says where it is when it is not UTF-8.

        Raises
        ------
        FormatError
            not UTF-8, and neither `repair` nor ``errors="replace"`` is set.
        """
        try:
            return encoded.decode()
        except UnicodeDecodeError as error:
            if self.errors != "replace" and not self.repair:
                raise FormatError(f"{fault(error)}; with --errors replace (errors='replace'): U+FFFD in their place") from None
            word = encoded.decode(errors="replace")
            self.on_change(f"{fault(error)}: read as {word[:60]!r}")
            return word


STRICT = ReadOptions()
