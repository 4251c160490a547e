"""Labelled texts from files: records with two fields, lines of one class, or lines that begin with their label."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from w2v.compression import detect_compression, unpack
from w2v.config import CorpusConfig
from w2v.corpus.reading.blocks import WHITE_SPACE
from w2v.corpus.reading.decoding import TextDecoder
from w2v.corpus.reading.file_kinds import HEAD_BYTES, STRUCTURED, detect_kind, last_suffix
from w2v.corpus.reading.raw_files import open_raw
from w2v.corpus.reading.records import read_columns, read_fields
from w2v.downstream.labelled_fields import Fields, guess_fields, is_header
from w2v.errors import CorpusError

_BLOCK_BYTES = 1 << 20
_FASTTEXT = "__label__"
_TEXTS_A_LABEL = 4  # on average at least, where the first word of a line is taken for its label
_OTHERWISE = "name the class of a file of lines as --data positive=FILE, or give a csv, tsv or jsonl file"


@dataclass(frozen=True)
class LabelledTexts:
    """Texts with their labels, in the files' order.

    Attributes
    ----------
    texts, labels : of one length; a text may be empty, a label is not
    notes : what was guessed, replaced or left out, a line each for the user
    """

    texts: tuple[str, ...]
    labels: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def counts(self) -> dict[str, int]:
        """Label -> number of texts, the most frequent ones first, ties in code-point order."""
        return dict(sorted(Counter(self.labels).items(), key=lambda item: (-item[1], item[0])))


@dataclass(frozen=True)
class _File:
    """A file in memory: blocks of valid UTF-8, the last of which ends with a newline."""

    name: str
    kind: str
    blocks: list[bytes]
    replaced: int

    def lines(self) -> Iterator[str]:
        """Lines end at a newline only: U+0085 and its like are text."""
        text = b"".join(self.blocks).decode()
        return (line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")) if text else iter(())


def read_labelled(data: Sequence[tuple[str | None, Path]], config: CorpusConfig, label_field: str | None = None) -> LabelledTexts:
    """Read files, one after the other.

    Parameters
    ----------
    data : label and path: with a label, each line that is not blank is a text of that class; without one, a csv, tsv or jsonl file with
        two fields, or plain text whose lines begin with a label (``LABEL text``, ``__label__LABEL text``)
    config : its encoding, errors, text_field and delimiter are needed
    label_field : column or key of the label; None guesses, as for the text

    Raises
    ------
    CorpusError
        what cannot be read or guessed, with file and line or byte; a record without a label; no text at all.
    OSError
        a file that cannot be opened.
    """
    texts: list[str] = []
    labels: list[str] = []
    notes: list[str] = []
    for label, path in data:
        file = _read(path, config)
        if file.replaced:
            notes.append(f"{file.name}: {file.replaced:,} broken bytes replaced")
        n = len(texts)
        found = _labelled(file, config, label_field, notes) if label is None else _one_class(file, label, notes)
        for text, of in found:
            texts.append(text)
            labels.append(of)
        if len(texts) == n:
            raise CorpusError(f"{file.name} has no texts: give labelled texts")
    return LabelledTexts(tuple(texts), tuple(labels), tuple(notes))


def read_lines(path: Path | None, config: CorpusConfig) -> list[str]:
    """The lines of plain text, or of stdin for None, blank ones too.

    Raises
    ------
    CorpusError
        broken bytes, or a file of records.
    """
    file = _read(path, config)
    if file.kind in STRUCTURED:
        raise CorpusError(f"{file.name} is a {file.kind} file: give plain text, a text on each line")
    return list(file.lines())


def _read(path: Path | None, config: CorpusConfig) -> _File:
    name = "stdin" if path is None else str(path)
    decoder = TextDecoder(name, config.encoding, config.errors)
    with open_raw(path, name, _BLOCK_BYTES) as raw:
        compression = detect_compression(raw.buffered.peek())
        chunks = list(unpack(raw.buffered, compression, name, _BLOCK_BYTES))
    suffix = "" if path is None else last_suffix(path, compression)
    kind = detect_kind(name, suffix, chunks[0][:HEAD_BYTES] if chunks else b"", config.encoding)
    if kind not in ("text", "csv", "tsv", "jsonl"):
        raise CorpusError(f"{name} is a {kind} file: labelled texts come as csv, tsv, jsonl or plain text")
    return _File(name, kind, [text for _, text in decoder.blocks(chunks, _BLOCK_BYTES, WHITE_SPACE)], decoder.replaced)


def _one_class(file: _File, label: str, notes: list[str]) -> Iterator[tuple[str, str]]:
    if file.kind in STRUCTURED:
        raise CorpusError(f"{file.name} is a {file.kind} file: give it without a label, its records have their own (--data {file.name})")
    blank = 0
    for line in file.lines():
        if line.strip():
            yield line, label
        else:
            blank += 1
    if blank:
        notes.append(f"{file.name}: {blank:,} blank lines left out")


def _labelled(file: _File, config: CorpusConfig, label_field: str | None, notes: list[str]) -> Iterator[tuple[str, str]]:
    text_field, delimiter = config.text_field, config.delimiter
    kind = file.kind
    if kind == "text":
        named = [field for field in (text_field, label_field) if field is not None]
        if not named and delimiter is None:
            yield from _label_first(file, notes)
            return
        if delimiter is None and len(read_columns("columns", file.blocks, file.name, None, named, in_header=True)) < 2:
            raise CorpusError(f"{file.name} is plain text and has no field {named[0]!r}: {_OTHERWISE}")
        kind = "columns"
    if not file.blocks:
        return
    fields: Fields = guess_fields(kind, file.blocks, file.name, text_field, label_field, delimiter)
    notes.append(f"{file.name}: {fields.described(kind)}")
    for line, (text, label) in read_fields(kind, file.blocks, (fields.text, fields.label), file.name, delimiter, in_header=True):
        if line == 1 and is_header(text, label):  # columns by number
            notes.append(f"{file.name}: its first line is a header, {text!r} and {label!r}, and left out")
            continue
        yield text, _checked(label, f"{file.name}, line {line}", f"its {fields.label!r} is {label!r}")


def _label_first(file: _File, notes: list[str]) -> Iterator[tuple[str, str]]:
    lines = [(number, line.split(maxsplit=1)) for number, line in enumerate(file.lines(), 1) if line.strip()]
    n_labels = len({parts[0] for _, parts in lines})
    fasttext = all(parts[0].startswith(_FASTTEXT) for _, parts in lines)
    if lines and not fasttext and not 2 <= n_labels <= len(lines) / _TEXTS_A_LABEL:
        found = f"its lines begin with {n_labels:,} different words"
        raise CorpusError(f"{file.name} is plain text without a label at the start of each line ({found}): {_OTHERWISE}")
    notes.append(f"{file.name}: the first word of each line is taken for its label")
    for number, parts in lines:
        label = parts[0].removeprefix(_FASTTEXT) if fasttext else parts[0]
        text, place = parts[1] if len(parts) > 1 else "", f"{file.name}, line {number}"
        if fasttext and text.startswith(_FASTTEXT):
            raise CorpusError(f"{place}: a text must have one label, and it has two or more: take all but one out")
        yield text, _checked(label, place, "it is blank")


def _checked(label: str, place: str, found: str) -> str:
    label = label.strip()
    if not label:  # words such as nan, None and NA are labels: they may be names
        raise CorpusError(f"{place}: every text needs a label, and {found}: fill it in, or take the text out")
    return label
