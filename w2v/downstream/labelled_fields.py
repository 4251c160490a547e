"""Which fields of a file are the text and the label, and whether a table has a header."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from w2v.corpus.reading.file_kinds import listed, no_field
from w2v.corpus.reading.records import read_columns, read_fields
from w2v.corpus.reading.tables.table_dialect import is_numbered
from w2v.errors import CorpusError, argument

# The first of them that a file has, in lower case.
_TEXTS = ("text", "review", "sentence", "content", "comment", "document", "body", "message", "tweet", "question", "description", "title")
_CHINESE_TEXTS = ("文本", "内容", "评论", "评价", "正文", "句子", "标题")
_LABELS = ("label", "labels", "class", "category", "sentiment", "target", "polarity", "tag", "topic", "intent", "stars", "rating", "y")
_CHINESE_LABELS = ("标签", "类别", "分类", "情感")
_SAMPLE = 1000  # records that are looked at
_RECORDS_A_LABEL = 5  # on average at least, for a column to be a guess for the label


@dataclass(frozen=True)
class Fields:
    """Names as `read_fields` takes them: numbers of columns from 1 where there is no header."""

    text: str
    label: str
    given: bool

    def described(self, kind: str) -> str:
        """A line for the user."""
        header = "no header; " if is_numbered(kind, (self.text, self.label)) else ""
        how = "as given" if self.given else f"guessed: {argument('text_field')} and {argument('label_field')} say it otherwise"
        return f"{kind}, {header}the text is {self.text!r}, the label {self.label!r} ({how})"


def guess_fields(
    kind: str, blocks: Sequence[bytes], name: str, text_field: str | None, label_field: str | None, delimiter: str | None = None
) -> Fields:
    """The fields of a csv, tsv or jsonl file: as given, else by their names, else, in a table, by what the columns hold.

    Raises
    ------
    CorpusError
        a field that the file does not have, or nothing to guess by: the fields are listed.
    """
    named = [field for field in (text_field, label_field) if field is not None]
    found = read_columns(kind, blocks, name, delimiter, named, in_header=True)
    for given in named:
        if given not in found and not is_numbered(kind, (given,)):
            raise no_field(name, given, kind, found)
    if text_field is not None and label_field is not None:
        return _distinct(Fields(text_field, label_field, given=True), name)
    by_name = {column.strip().lower(): column for column in reversed(found)}
    text = text_field or _first(by_name, (*_TEXTS, *_CHINESE_TEXTS), label_field)
    label = label_field or _first(by_name, (*_LABELS, *_CHINESE_LABELS), text)
    if (text is None or label is None) and kind != "jsonl":
        text, label = _by_contents(kind, blocks, name, found, text, label, delimiter)
    if text is None or label is None:
        missing = " and ".join(argument(f"{what}_field") for what, field in (("text", text), ("label", label)) if field is None)
        raise CorpusError(f"{name}: say which {'field' if kind == 'jsonl' else 'column'} is which with {missing} ({listed(kind, found)})")
    return _distinct(Fields(text, label, given=False), name)


def is_header(text: str, label: str) -> bool:
    """Whether a record holds the usual names of its two fields."""
    return text.strip().lower() in (*_TEXTS, *_CHINESE_TEXTS) and label.strip().lower() in (*_LABELS, *_CHINESE_LABELS)


def _distinct(fields: Fields, name: str) -> Fields:
    if fields.text == fields.label:
        raise CorpusError(f"{name}: the text and the label must be two fields: both are {fields.text!r}")
    return fields


def _first(by_name: dict[str, str], wanted: Sequence[str], taken: str | None) -> str | None:
    return next((by_name[known] for known in wanted if known in by_name and by_name[known] != taken), None)


def _by_contents(
    kind: str, blocks: Sequence[bytes], name: str, found: Sequence[str], text: str | None, label: str | None, delimiter: str | None
) -> tuple[str | None, str | None]:
    """The longest column is the text, the only other one with values that come again and again the label."""
    if len(found) < 2:
        return text, label
    numbers = [str(number) for number in range(1, len(found) + 1)]
    rows = [row for _, row in itertools.islice(read_fields(kind, blocks, numbers, name, delimiter), _SAMPLE)]
    # A number that was given and is no name counts columns.
    counted = any(given is not None and given not in found for given in (text, label))
    has_header = not counted and ((text or label) is not None or _looks_like_header(rows))
    names = found if has_header else numbers
    columns = dict(zip(names, zip(*(rows[1:] if has_header else rows), strict=True), strict=False))
    if not columns:
        return text, label
    if text is None:
        text = max((column for column in columns if column != label), key=lambda column: sum(map(len, columns[column])))
    if label is None:
        others = [column for column in columns if column != text]
        if len(others) > 1:
            others = [column for column in others if 2 <= len(set(columns[column])) <= len(columns[column]) / _RECORDS_A_LABEL]
        label = others[0] if len(others) == 1 else None
    return text, label


def _looks_like_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row holds names: no cell of it comes again in its column, and none is as long as a text."""
    first, rest = rows[0], rows[1:]
    if not rest or any(cell in {row[place] for row in rest} for place, cell in enumerate(first)):
        return False
    longest = sorted(max(map(len, row)) for row in rest)
    return max(map(len, first)) < longest[len(longest) // 2] / 2
