"""Recipes: where a corpus comes from, and how its text is made. One TOML file a corpus, in `corpora/`.

    name, description, language, licence, homepage
    [parameters.NAME]   default, pattern, help      {NAME} stands for its value in every text below
    [[sources]]         in the order of the result
        urls            mirrors, https; http only for a file whose sha256, or crc32 and size, is given
        file            its name in the download folder
        gensim_file     instead of both: a file that the gensim package carries
        size, crc32, md5, sha1, sha256
        sums            url, algorithm, entry: a published list of checksums, and our file's name in it, a regular expression
        unpack          zip (with member and unpacked_size) or bz2 (with unpacked_size, where it is known)
        clean           a step of `w2v.datasets.cleaning`
    [result]            file, cut (most bytes, in whole lines, of cleaned sources), size, crc32, md5, sha1, sha256, tokens

Anything else in a recipe is an error, so that a slip of the pen cannot switch a check off.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
import tomllib
from pathlib import Path
from typing import Any, TypeVar

from w2v.datasets.checksums import HEX_DIGITS
from w2v.datasets.cleaning import CLEANERS
from w2v.datasets.recipe import PLACEHOLDER, CorpusFile, Parameter, PublishedSums, Recipe, RecipeSource, is_plain_name, url_fault
from w2v.errors import ConfigError, FormatError

_PACKAGE = Path(__file__).parents[1]
_NUMBERS = frozenset({"size", "unpacked_size", "tokens", "cut"})
_KIND_NAMES = {str: "a text", int: "a number that is not negative", list: "a list", dict: "a table"}
_T = TypeVar("_T")


def recipe_folder() -> Path:
    """`corpora/` of the checkout that w2v runs from, or the copy that the wheel carries."""
    checkout = _PACKAGE.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / "corpora").is_dir():
        return checkout / "corpora"
    return _PACKAGE / "corpora"


def list_recipes() -> list[Recipe]:
    """All recipes, by name."""
    return [read_recipe(path) for path in sorted(recipe_folder().glob("*.toml"))]


def find_recipe(name: str) -> Recipe:
    """The recipe of that name.

    Raises
    ------
    ConfigError
        there is none; the message names those that exist.
    """
    paths = {path.stem: path for path in recipe_folder().glob("*.toml")}
    if name not in paths:
        raise ConfigError(f"there is no corpus {name!r}: the known ones are {', '.join(sorted(paths))}")
    return read_recipe(paths[name])


def read_recipe(path: Path) -> Recipe:
    """Read and check one recipe.

    Raises
    ------
    FormatError
        naming the file and the key.
    """
    content = path.read_bytes()
    try:
        top = _Table(tomllib.loads(content.decode()), str(path))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FormatError(f"{path} is not TOML: {error}") from None
    parameters = {
        name: _Table(entry, f"{path}: parameters.{name}").build(Parameter) for name, entry in top.take("parameters", dict, {}).items()
    }
    sources = tuple(_read_source(_Table(entry, f"{path}: source {i}")) for i, entry in enumerate(top.take("sources", list), start=1))
    result = _Table(top.take("result", dict), f"{path}: result").build(CorpusFile)
    digest = hashlib.sha256(content).hexdigest()
    recipe = top.build(Recipe, parameters=parameters, sources=sources, result=result, sha256=digest)
    if recipe.name != path.stem:
        raise FormatError(f"{path}: name must be {path.stem!r}, as the file is called: found {recipe.name!r}")
    if not sources:
        raise FormatError(f"{path}: sources must not be empty")
    _check_file_name(result.file, f"{path}: result")
    if result.cut is not None and not all(source.clean for source in sources):
        raise FormatError(f"{path}: cut needs sources with clean, which gives whole lines")
    for placeholder in PLACEHOLDER.findall(content.decode()):
        if placeholder not in parameters:
            raise FormatError(f"{path}: {{{placeholder}}} is not one of its parameters")
    return recipe


def _read_source(table: _Table) -> RecipeSource:
    where = table.where
    urls = table.take("urls", list, [])
    if not all(isinstance(url, str) for url in urls):
        raise FormatError(f"{where}: urls must be a list of texts: found {urls!r}")
    sums = _Table(table.take("sums", dict), f"{where}: sums").build(PublishedSums) if "sums" in table.entries else None
    source = table.build(RecipeSource, urls=tuple(urls), sums=sums)
    if not (source.urls and source.file and not source.gensim_file) and not (source.gensim_file and not source.urls and not source.file):
        raise FormatError(f"{where}: a source has either urls and file, or gensim_file")
    _check_file_name(source.file or source.gensim_file or "", where)
    faults = [url_fault(url, source.size, source.checksums) for url in urls]
    if sums is not None:
        faults.append(url_fault(sums.url, None, {}))
        _check_choice("algorithm", sums.algorithm, HEX_DIGITS, where)
    for fault in faults:
        if fault is not None:
            raise FormatError(f"{where}: {fault}")
    if source.unpack is not None:
        _check_choice("unpack", source.unpack, ("zip", "bz2"), where)
    if (source.unpack == "zip") != (source.member is not None):
        raise FormatError(f"{where}: member goes with unpack = 'zip', and is needed there")
    if source.unpacked_size is None if source.unpack == "zip" else source.unpacked_size is not None and source.unpack is None:
        raise FormatError(f"{where}: unpacked_size goes with unpack, and is needed with zip")
    if source.clean is not None:
        _check_choice("clean", source.clean, CLEANERS, where)
    return source


def _check_choice(key: str, value: str, choices: Any, where: str) -> None:
    if value not in choices:
        raise FormatError(f"{where}: {key} must be one of {', '.join(choices)}: found {value!r}")


def _check_file_name(name: str, where: str) -> None:
    if not is_plain_name(name):
        raise FormatError(f"{where}: a file name has letters, digits, dots, underscores and hyphens only: found {name!r}")


class _Table:
    """A TOML table that is taken apart key by key; what is left over or of the wrong type is an error."""

    def __init__(self, entries: Any, where: str) -> None:
        if not isinstance(entries, dict):
            raise FormatError(f"{where} must be a table: found {entries!r}")
        self.entries = dict(entries)
        self.where = where

    def take(self, key: str, kind: type[_T], default: _T | None = None) -> _T:
        """Remove a key and return its value, which must be of that kind and not missing."""
        value = self.entries.pop(key, default)
        if value is None:
            raise FormatError(f"{self.where}: {key} is missing")
        if not isinstance(value, kind) or isinstance(value, bool) or (isinstance(value, int) and value < 0):
            raise FormatError(f"{self.where}: {key} must be {_KIND_NAMES[kind]}: found {value!r}")
        return value

    def build(self, cls: type[_T], **made: Any) -> _T:
        """Make the dataclass: fields without a default are required, checksums become one mapping."""
        for field in dataclasses.fields(cls):  # type: ignore[arg-type]
            if field.name == "checksums":
                made["checksums"] = {name: self._checksum(name) for name in HEX_DIGITS if name in self.entries}
            elif field.name not in made and (field.name in self.entries or field.default is dataclasses.MISSING):
                made[field.name] = self.take(field.name, int if field.name in _NUMBERS else str)
        if self.entries:
            raise FormatError(f"{self.where}: there is no key {next(iter(self.entries))!r}")
        return cls(**made)

    def _checksum(self, name: str) -> str:
        value = self.take(name, str)
        if not re.fullmatch(rf"[0-9a-f]{{{HEX_DIGITS[name]}}}", value):
            raise FormatError(f"{self.where}: {name} must be {HEX_DIGITS[name]} lower-case hexadecimal digits: found {value!r}")
        return value
