"""What every reader shares: its options, what it takes for damage, and how its messages quote a file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from w2v.checks import integer, one_of
from w2v.config import ENCODING_ERRORS
from w2v.errors import FormatError

# A decompression bomb is content of more than this times the compressed bytes. Trained vectors as text shrink to a half or a third.
DEFAULT_RATIO = 100
MAX_WORD_BYTES = 1 << 16  # a longer "word" is a damaged file
MAX_DIM = 1 << 16
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


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
        one_of("errors", self.errors, ENCODING_ERRORS)

    def tolerate(self, fault: str, remedy: str) -> None:
        """Report a fault and what is done about it; without `repair` it is an error.

        Raises
        ------
        FormatError
            `repair` is not set.
        """
        if not self.repair:
            raise FormatError(f"{fault}; with repair=True: {remedy}")
        self.on_change(f"{fault}: {remedy}")

    def decode(self, encoded: Sequence[bytes], location: Callable[[int, int], str]) -> list[str]:
        """The texts of words.

        Parameters
        ----------
        encoded : their bytes
        location : where a byte lies, for a message: of which word, by its index, and which of its bytes

        Raises
        ------
        FormatError
            not UTF-8, and neither `repair` nor ``errors="replace"`` is set.
        """
        try:
            return list(map(bytes.decode, encoded))
        except UnicodeDecodeError:
            pass  # which one it is, the slow second look tells
        words: list[str] = []
        for word in encoded:
            try:
                words.append(word.decode())
            except UnicodeDecodeError as error:
                fault = f"{location(len(words), error.start)}: words must be UTF-8: found {quote(word)}"
                if self.errors != "replace" and not self.repair:
                    raise FormatError(f"{fault}; with errors='replace': U+FFFD in their place") from None
                words.append(word.decode(errors="replace"))
                self.on_change(f"{fault}: read as {words[-1][:60]!r}")
        return words


def quote(found: bytes) -> str:
    """A piece of a file for a message: quoted, and not too long."""
    text = repr(found[:40].decode("utf-8", "backslashreplace")).replace("\\\\x", "\\x")  # escaped once is enough
    return text + ("…" if len(found) > 40 else "")


STRICT = ReadOptions()
