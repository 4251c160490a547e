"""`get_corpus`: follow a recipe from its sources to one text file to train on.

OUT/NAME/FILE           the text
OUT/NAME/.FILE.json     what it is: size, sha256, recipe; so that a second time takes no work
OUT/NAME/ARCHIVE        what was downloaded; may be deleted
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from w2v.datasets.archives import UnpackedStream, unpacked
from w2v.datasets.checksums import HEX_DIGITS, Digests, file_difference
from w2v.datasets.cleaning import CLEANERS, as_it_is, require
from w2v.datasets.download import fetch, fetch_text, read_note
from w2v.datasets.recipe import Recipe, RecipeSource, fill, is_plain_name
from w2v.datasets.recipe_files import find_recipe
from w2v.errors import ConfigError, CorpusError, DownloadError, OutputError, import_extra
from w2v.progress import progress_bar
from w2v.storage import atomic_file


def get_corpus(
    corpus: str | Recipe,
    out: Path,
    *,
    parameters: Mapping[str, str] | None = None,
    progress: bool = False,
    timeout: float = 30.0,
) -> Path:
    """Download, unpack and clean a corpus, or find that it is there already.

    Parameters
    ----------
    corpus : a recipe or its name
    out : folder of all corpora; the corpus gets a folder of its own in it
    parameters : values of the recipe's parameters, such as ``{"language": "zh"}``
    progress : show bars on stderr, if that is a terminal
    timeout : seconds without a byte after which a server counts as stalled

    Returns
    -------
    Path
        the text file to train on.

    Raises
    ------
    ConfigError
        unknown name, parameter or value.
    DownloadError
        a source that cannot be fetched, or is not what the recipe says.
    OutputError
        a file of the result's name that was not made here.
    MissingExtraError
        the recipe needs gensim.
    """
    recipe = find_recipe(corpus) if isinstance(corpus, str) else corpus
    values = recipe.values(parameters)
    there = find_corpus(recipe, out, parameters=parameters)
    if there is not None:
        return there
    path = _result_path(recipe, Path(out), values)
    for source in recipe.sources:
        require(source.clean or "")
    path.parent.mkdir(parents=True, exist_ok=True)
    files = [_fetch_source(source, path.parent, values, timeout, progress) for source in recipe.sources]
    digests = Digests({"sha256", *recipe.result.checksums})
    with atomic_file(path) as file:
        for block in _whole_lines(_joined(recipe, files, progress), recipe.result.cut):
            digests.update(block)
            file.write(block)
        difference = digests.difference(recipe.result.size, recipe.result.checksums)
        if difference is None and not digests.size:
            difference = "it is empty"
        if difference is not None:
            raise CorpusError(f"{path} is not what the recipe {recipe.name} says: {difference}; delete {path.parent} and run again")
        # Before the text is moved to its place: a text without a stamp is not ours.
        stamp = {"recipe": recipe.sha256, "size": digests.size, "sha256": digests.hexdigest("sha256")}
        _stamp_path(path).write_text(json.dumps(stamp) + "\n", encoding="utf-8")
    return path


def find_corpus(recipe: Recipe, out: Path, *, parameters: Mapping[str, str] | None = None) -> Path | None:
    """The text of an earlier `get_corpus`, verified; None if it is not there, or the recipe has changed since.

    Raises
    ------
    OutputError
        there is a file of that name which is neither what we wrote nor what the recipe says.
    """
    path = _result_path(recipe, Path(out), recipe.values(parameters))
    if not path.exists():
        return None
    stamp = read_note(_stamp_path(path))
    if file_difference(path, None, {"sha256": stamp.get("sha256", "")}) is None:
        return path if stamp.get("recipe") == recipe.sha256 else None
    if recipe.result.checksums and file_difference(path, recipe.result.size, recipe.result.checksums) is None:
        return path
    raise OutputError(f"{path} is not what `w2v corpus get {recipe.name}` wrote: move or delete it, and run again")


def _result_path(recipe: Recipe, out: Path, values: Mapping[str, str]) -> Path:
    return out / recipe.name / _file_name(recipe.result.file, values)


def _file_name(template: str, values: Mapping[str, str]) -> str:
    name = fill(template, values)
    if not is_plain_name(name):
        raise ConfigError(f"a file cannot be called {name!r}: choose other parameters")
    return name


def _stamp_path(path: Path) -> Path:
    return path.with_name(f".{path.name}.json")  # hidden: training on the whole folder passes it over


def _fetch_source(source: RecipeSource, folder: Path, values: Mapping[str, str], timeout: float, progress: bool) -> Path:
    """The source's file on disk."""
    if source.gensim_file is not None:
        data = import_extra("gensim.test.utils", "validate", "the text that it carries")
        path = Path(data.datapath(source.gensim_file))
        if not path.is_file():
            raise DownloadError(f"this gensim carries no {source.gensim_file}: install it anew by pip install --force-reinstall gensim")
        return path
    checksums = dict(source.checksums)
    if source.sums is not None:
        url = fill(source.sums.url, values)
        found, values = _published_sum(
            fetch_text(url, timeout=timeout), url, fill(source.sums.entry, values), source.sums.algorithm, values
        )
        checksums[source.sums.algorithm] = found
    path = folder / _file_name(str(source.file), values)
    urls = [fill(url, values) for url in source.urls]
    fetch(urls, path, size=source.size, checksums=checksums, timeout=timeout, progress=progress)
    return path


def _published_sum(text: str, url: str, entry: str, algorithm: str, values: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Our file's checksum in a list of lines "digits  name", and the parameters that its name sets."""
    for line in text.splitlines():
        digits, _, name = line.strip().partition(" ")
        match = re.fullmatch(entry, name.strip())
        if match and re.fullmatch(rf"[0-9a-f]{{{HEX_DIGITS[algorithm]}}}", digits):
            return digits, {**values, **match.groupdict()}
    raise DownloadError(f"{url} does not list {entry} (yet): choose an earlier date, or run again in some days")


def _joined(recipe: Recipe, files: list[Path], progress: bool) -> Iterator[bytes]:
    """The text of all sources, in order; the last line of one does not run into the first of the next."""
    last = b"\n"
    for source, path in zip(recipe.sources, files, strict=True):
        if not last.endswith(b"\n"):
            yield b"\n"
        clean = CLEANERS[source.clean] if source.clean else as_it_is
        with unpacked(path, source.unpack, source.member, source.unpacked_size) as stream:
            for block in _with_bar(clean(stream), stream, path, progress):
                if block:
                    last = block
                    yield block


def _whole_lines(blocks: Iterator[bytes], most: int | None) -> Iterator[bytes]:
    """The blocks, or, of blocks of whole lines, the lines that end within `most` bytes."""
    left = most
    for block in blocks:
        if left is not None and len(block) > left:
            yield block[: block.rfind(b"\n", 0, left) + 1]
            return
        left = None if left is None else left - len(block)
        yield block


def _with_bar(blocks: Iterator[bytes], stream: UnpackedStream, path: Path, progress: bool) -> Iterator[bytes]:
    """The blocks, with a bar that tells how much of the file at `path` was read."""
    size = path.stat().st_size
    with progress_bar(f"reading {path.name}", size, "B", scale=True, wanted=progress) as bar:
        for block in blocks:
            bar.update(min(stream.position(), size) - bar.n)
            yield block
        bar.update(size - bar.n)
