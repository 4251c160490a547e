"""JSON lines: one object a line, and fields of it."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from w2v.corpus.reading.blocks import split_lines
from w2v.corpus.reading.file_kinds import no_field
from w2v.errors import CorpusError


def json_records(
    blocks: Iterable[bytes], name: str, number_type: Callable[[str], Any] | None = None
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Line and object of each record.

    Raises
    ------
    CorpusError
        a line that is no JSON object.
    """
    for number, line in enumerate(split_lines(blocks, name), 1):
        if line.isspace():
            continue
        try:
            record = json.loads(line, parse_int=number_type, parse_float=number_type)
        except (ValueError, RecursionError) as error:
            hint = ": jq -c . writes it so" if line.strip() in ("{", "[") else ""
            raise CorpusError(f"{name}, line {number}: not one JSON object a line ({error}){hint}") from None
        if not isinstance(record, dict):
            remedy = "make one of it, such as with jq -c '{text: .}'"
            raise CorpusError(f"{name}, line {number}: every line must be a JSON object, found {shown(record)}: {remedy}")
        yield number, record


def json_cells(
    blocks: Iterable[bytes], fields: Sequence[str], name: str, *, may_lack: bool = False
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Strings of each record, and numbers as they are written; a null is empty, and so is, with `may_lack`, a field that is not there.

    Raises
    ------
    CorpusError
        a record without the fields, or with something else in them.
    """
    for line, record in json_records(blocks, name, str):
        for field in fields:
            value = record.get(field) if may_lack else _field(record, field, name, line)
            if value is not None and not isinstance(value, str):
                raise CorpusError(f"{name}, line {line}: the field {field!r} must be a string or a number, found {shown(value)}")
        yield line, tuple(record.get(field) or "" for field in fields)


def json_texts(blocks: Iterable[bytes], field: str, name: str) -> Iterator[tuple[int, str | list[Any]]]:
    """A string, or a list that is to hold tokens, of each record; a null gives nothing.

    Raises
    ------
    CorpusError
        a record without the field, or with something else in it, or with a list among strings.
    """
    kind: type | None = None
    for line, record in json_records(blocks, name):
        value = _field(record, field, name, line)
        if value is None:
            continue
        if not isinstance(value, (str, list)):
            found = f"found {shown(value)}{_remedy(field, value)}"
            raise CorpusError(f"{name}, line {line}: the field {field!r} must be a string or a list of strings, {found}")
        kind = kind or type(value)
        if type(value) is not kind:
            raise CorpusError(f"{name}, line {line}: {field!r} must not be strings here and lists there, found {shown(value)}")
        yield line, value


def _field(record: dict[str, Any], field: str, name: str, line: int) -> Any:
    if field not in record:
        raise no_field(f"{name}, line {line},", field, "jsonl", list(record))
    return record[field]


def _remedy(field: str, value: Any) -> str:
    if not isinstance(value, dict) or not value:
        return ""
    inner = json.dumps(next(iter(value)), ensure_ascii=False)
    return f": take what is in it out, such as with jq -c '{{text: .[{json.dumps(field, ensure_ascii=False)}][{inner}]}}'"


def shown(value: object) -> str:
    """A JSON value for a message."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "…"
