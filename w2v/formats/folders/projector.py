"""TensorBoard's embedding projector: a folder to give to ``tensorboard --logdir``, or to load at projector.tensorflow.org.

    FOLDER/
    ├── projector_config.pbtxt  names the other two, relative to the folder
    ├── tensors.tsv             a line a word: dim numbers, a tab apart
    └── metadata.tsv            a line a word: the word alone; or, below a line of titles, the word, a tab and its count

With one column the file has no line of titles and with several it must have one: TensorBoard takes the first line for a word
in the one case and for titles in the other.
"""

import re
from pathlib import Path

from w2v.errors import FormatError
from w2v.formats.compressed_files import VectorFile, open_vector_file
from w2v.formats.folders.projector_config import PROJECTOR_CONFIG, ProjectorFiles, find_tables, parse_config, write_config
from w2v.formats.read_options import BYTE_ORDER_MARK, MAX_DIM, MAX_WORD_BYTES, STRICT, ReadOptions, quote
from w2v.formats.rows.loaded_rows import LoadedRows
from w2v.formats.rows.text_lines import largest_row, read_text_rows
from w2v.formats.rows.text_writer import write_rows
from w2v.formats.writable_rows import blocks_to_write
from w2v.storage import atomic_directory, write_manifest
from w2v.vectors.word_vectors import WordVectors
from w2v.vocabulary import Vocabulary

KIND = "w2v projector"
TENSORS, METADATA = "tensors.tsv", "metadata.tsv"
_MAX_CONFIG_BYTES = 1 << 20
_MAX_LINE_BYTES = 4 * MAX_WORD_BYTES
_TITLES = "word\tcount"
_COUNT = re.compile(r"[0-9]{1,18}")
_UNWRITABLE = re.compile("[\t\n\r]")
_MARK = BYTE_ORDER_MARK.decode()


def read(path: Path, options: ReadOptions = STRICT) -> WordVectors:
    """Read a folder; of several embeddings in it, the first one.

    Raises
    ------
    FormatError
        naming file and line.
    """
    files = None if (path / PROJECTOR_CONFIG).exists() else find_tables(path)
    if files is None:
        with open_vector_file(path / PROJECTOR_CONFIG, options) as source:
            files = parse_config(path, source.stream.read(_MAX_CONFIG_BYTES))
    words, counts = _read_metadata(files.metadata, options)
    with open_vector_file(files.tensors, options) as source:
        rows, head = _first_line(source, files, len(words))
        read_text_rows(source, rows, 0, head, words)
    vectors = rows.to_vectors()
    if counts is None:
        return vectors
    ranks = dict(zip(reversed(words), reversed(counts), strict=True))  # of a word that occurs twice, the first one is kept
    return WordVectors(Vocabulary(vectors.words, [ranks[word] for word in vectors.words]), vectors.matrix)


def _first_line(source: VectorFile, files: ProjectorFiles, n_words: int) -> tuple[LoadedRows, bytes]:
    """The first line says the dim; both sizes must be those of the config, where it says them, and fit into the file."""
    line = source.stream.readline(largest_row(MAX_DIM))
    dim = line.count(b"\t") + 1
    if not line.strip() or dim > MAX_DIM:
        raise FormatError(f"{source.path}, line 1: expected 1 to {MAX_DIM} numbers, one tab apart: found {quote(line)}")
    if files.shape is not None and source.options.limit is None and files.shape != (n_words, dim):
        wanted = f"{files.shape[1]} numbers in each of {files.shape[0]} lines, as {PROJECTOR_CONFIG} says"
        found = f"{dim} numbers here and {n_words} words in {files.metadata}"
        source.options.tolerate(f"{source.path}, line 1: expected {wanted}: found {found}", "read so")
    if source.is_exact and n_words * 2 * dim > source.max_bytes:
        fault = f"{source.path}: {n_words} words of dim {dim} need at least {n_words * 2 * dim} bytes: the file has {source.max_bytes}"
        source.options.tolerate(fault, "read as far as it goes")
        n_words = source.max_bytes // (2 * dim)
    return LoadedRows(source, dim, n_words, first_line=1), line


def _read_metadata(path: Path, options: ReadOptions) -> tuple[list[str], list[int] | None]:
    """Words, and their counts where there is a column of that name."""
    words: list[str] = []
    titles: list[str] | None = None
    counts: list[int] = []
    with open_vector_file(path, options) as source:
        number = 0
        while len(words) != options.limit and (line := source.stream.readline(_MAX_LINE_BYTES)):
            number += 1
            where = f"{path}, line {number}"
            if len(line) == _MAX_LINE_BYTES:
                raise FormatError(f"{where}: each line must be shorter than {_MAX_LINE_BYTES} bytes: found a longer one")
            if number == 1 and line.startswith(BYTE_ORDER_MARK):
                options.tolerate(f"{where}: the file must begin with its words: found a byte order mark", "left out")
                line = line.removeprefix(BYTE_ORDER_MARK)
            if not line.endswith(b"\n"):
                options.tolerate(f"{where}: each line must end with a newline: the file is cut off at {quote(line[-20:])}", "read so")
            (text,) = options.decode([line.removesuffix(b"\n").removesuffix(b"\r")], lambda *_: where)  # noqa: B023
            columns = text.split("\t")
            if number == 1 and len(columns) > 1:
                titles = columns
                continue
            if len(columns) != len(titles or [""]) or not columns[0]:
                raise FormatError(f"{where}: expected {len(titles or [''])} columns, a word first: found {quote(line)}")
            words.append(columns[0])
            if titles is not None and "count" in titles:
                count = columns[titles.index("count")]
                if not _COUNT.fullmatch(count):
                    raise FormatError(f"{where}: a count must be a whole number: found {count[:40]!r}")
                counts.append(int(count))
    if not words:
        raise FormatError(f"{path} must hold words: it is empty")
    return words, counts or None


def write(vectors: WordVectors, path: Path) -> None:
    """Write a folder.

    Raises
    ------
    FormatError
        a word that holds a tab or a line end or is nothing but white space, which TensorBoard skips; without counts, a first word that
        begins with U+FEFF; a number that is not finite.
    OutputError
        `path` is there and was not written by w2v.
    """
    has_counts = bool(vectors.counts.any())
    if not has_counts and len(vectors) and vectors.words[0].startswith(_MARK):
        raise FormatError(f"{path} cannot be written: its first word {vectors.words[0][:60]!r} looks like a byte order mark: write .npz")
    with atomic_directory(path, overwrite=True, kind=KIND) as folder:
        (folder / PROJECTOR_CONFIG).write_bytes(write_config(TENSORS, METADATA, vectors.matrix.shape))
        with open(folder / TENSORS, "wb") as tensors, open(folder / METADATA, "wb") as metadata:
            if has_counts:
                metadata.write(f"{_TITLES}\n".encode())
            start = 0
            for words, rows in blocks_to_write(vectors, path, _fault):
                write_rows(tensors, [b""] * len(words), rows, b"\t")
                if has_counts:
                    counts = vectors.counts[start : start + len(words)].tolist()
                    words = [b"%b\t%d" % pair for pair in zip(words, counts, strict=True)]
                metadata.write(b"\n".join(words) + b"\n")
                start += len(words)
        write_manifest(folder, KIND, 1, {"n_words": len(vectors), "dim": vectors.dim})


def _fault(word: str) -> str | None:
    if found := _UNWRITABLE.search(word):
        return f"it holds {found.group()!r}, which ends a field there"
    return None if word.replace(_MARK, " ").strip() or not word else "it is nothing but white space, which TensorBoard skips"
