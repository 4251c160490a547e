"""Whether the columns that a config names are in a file, and what the file is then: text in columns is a table, and baskets are a csv."""

from collections.abc import Callable

from w2v.config import CorpusConfig
from w2v.corpus.reading.file_kinds import STRUCTURED, listed, noun
from w2v.corpus.reading.records import find_columns
from w2v.errors import CorpusError, argument


def wanted_fields(config: CorpusConfig) -> list[str]:
    """The columns that are asked for: of the text; or of events, the group, the item and, if they have one, the time."""
    fields = (config.text_field, config.group_by, config.item_field, config.order_by)
    return [field for field in fields if field is not None]


def is_baskets(kind: str, config: CorpusConfig) -> bool:
    """A csv or tsv each of whose lines is a sequence of items: no column is named, but what stands between the items."""
    return kind in ("csv", "tsv") and config.text_field is None and config.tokenizer == "items" and config.separator is not None


def check_fields(kind: str, name: str, config: CorpusConfig, read_names: Callable[[str], list[str]]) -> str:
    """The kind of a source: ``"columns"`` for plain text that has the column of the text, else as it was.

    Parameters
    ----------
    kind : as `detect_kind` says it
    name : of the source, for messages
    read_names : reads the names of the columns of a kind; no names where that is for the reader

    Raises
    ------
    CorpusError
        records without a field that is named, or with a name that they do not have.
    """
    field = config.text_field
    if config.item_field is not None:
        if names := read_names(kind):
            find_columns(kind, wanted_fields(config), names, name)
        return kind
    if kind not in STRUCTURED:
        return kind if field is None and config.delimiter is None else _as_table(kind, name, config, read_names)
    if field is None and is_baskets(kind, config):
        return kind
    names = read_names(kind)
    if field is None:
        found = f" ({listed(kind, names)})" if names else ""
        which = f"say which {noun(kind)} is the text with {argument('text_field')}"
        if config.tokenizer == "items" and kind in ("csv", "tsv"):
            between = f"name what stands between them, such as {argument('separator', ',' if kind == 'csv' else 'tab')}"
            events = f"of events {argument('group_by')} and {argument('item_field')}"
            which = f"where each of its lines is a basket of items, {between}; else {which}, or {events}"
        raise CorpusError(f"{name} is a {kind} file: {which}{found}")
    if names:
        find_columns(kind, [field], names, name, in_header=True)
    return kind


def _as_table(kind: str, name: str, config: CorpusConfig, read_names: Callable[[str], list[str]]) -> str:
    field = config.text_field
    if field is None:
        raise CorpusError(f"{name}: {argument('delimiter')} is for a table: say which column is the text with {argument('text_field')}")
    names = read_names("columns") if kind == "text" else []
    if len(names) < 2 and config.delimiter is None:
        where = f"{argument('text_field')} goes with csv, tsv, jsonl and parquet files, and text in columns: name {argument('delimiter')}"
        raise CorpusError(f"{name} is plain text and has no field {field!r}: {where}")
    if names:
        find_columns("columns", [field], names, name, in_header=True)
    return "columns"
