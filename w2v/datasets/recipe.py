"""What a corpus recipe holds; `w2v.datasets.recipe_files` finds and reads them, `w2v.datasets.get_corpus` follows them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from w2v.errors import ConfigError

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_PLAIN_NAME = re.compile(r"[\w{][\w.{}-]*")


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A part of a recipe that the user may choose; `pattern` must match the whole value."""

    default: str
    pattern: str
    help: str


@dataclass(frozen=True, kw_only=True)
class PublishedSums:
    """A list of checksums as `sha1sum` writes it; a named group of `entry` sets the parameter of its name."""

    url: str
    algorithm: str
    entry: str


@dataclass(frozen=True, kw_only=True)
class RecipeSource:
    """One file that a corpus is made of: downloaded (`urls`, `file`), or carried by gensim (`gensim_file`)."""

    urls: tuple[str, ...] = ()
    file: str | None = None
    gensim_file: str | None = None
    size: int | None = None
    checksums: Mapping[str, str] = field(default_factory=dict)
    sums: PublishedSums | None = None
    unpack: str | None = None
    member: str | None = None
    unpacked_size: int | None = None
    clean: str | None = None


@dataclass(frozen=True, kw_only=True)
class CorpusFile:
    """The text file that a recipe makes: whole lines of at most `cut` bytes; `tokens` is for the reader of the list only."""

    file: str
    cut: int | None = None
    size: int | None = None
    checksums: Mapping[str, str] = field(default_factory=dict)
    tokens: int | None = None


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """All that is known of a corpus; `sha256` is the recipe file's own."""

    name: str
    description: str
    language: str
    licence: str
    homepage: str
    sources: tuple[RecipeSource, ...]
    result: CorpusFile
    parameters: Mapping[str, Parameter]
    sha256: str

    def values(self, chosen: Mapping[str, str] | None = None) -> dict[str, str]:
        """Every parameter's value: the chosen one or the default.

        Raises
        ------
        ConfigError
            a parameter that the recipe does not have, or a value that does not match its pattern.
        """
        values = {name: parameter.default for name, parameter in self.parameters.items()}
        for name, value in (chosen or {}).items():
            if name not in self.parameters:
                raise ConfigError(f"{self.name} has no parameter {name}: its parameters are {', '.join(self.parameters) or 'none'}")
            if not re.fullmatch(self.parameters[name].pattern, value):
                raise ConfigError(f"{name} must be the {self.parameters[name].help}: received {value!r}")
            values[name] = value
        return values


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with each {name} replaced by its value; other braces stay."""
    return PLACEHOLDER.sub(lambda match: values[match[1]], text)


def is_plain_name(name: str) -> bool:
    """Whether a file of that name lies in the folder where it is put: no separators, no leading dot."""
    return _PLAIN_NAME.fullmatch(name) is not None


def url_fault(url: str, size: int | None, checksums: Mapping[str, str]) -> str | None:
    """Why a file may not be fetched from there; None if it may.

    What comes over plain http may have been changed on its way, so what it is must be known beforehand.
    """
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in ("http", "https"):
        return f"a URL must be https: found {url}"
    if parts.scheme == "http" and "sha256" not in checksums and ("crc32" not in checksums or size is None):
        return f"http needs a recorded sha256, or crc32 and size: found {url}"
    return None
