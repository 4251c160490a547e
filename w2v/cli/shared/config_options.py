"""Options that several commands share, made from the config dataclasses so that names, defaults and meanings have one home."""

import dataclasses
import types
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from w2v.config import CorpusConfig, TrainConfig
from w2v.errors import ConfigError
from w2v.storage import existing_directory

_Command = Callable[..., Any]
_T = TypeVar("_T", CorpusConfig, TrainConfig)

json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON on stdout.")


class StoredPath(click.Path):
    """An existing file or directory; where an interrupted replacement left MODEL.previous only, that is MODEL."""

    def __init__(self) -> None:
        super().__init__(exists=True, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return super().convert(existing_directory(Path(value)), param, ctx)


def config_options(config: type, *, skip: frozenset[str] = frozenset()) -> Callable[[_Command], _Command]:
    """One option for each field of a config; absent ones arrive as None, so that a command can tell what was said."""

    def decorate(command: _Command) -> _Command:
        hints = typing.get_type_hints(config)
        for field in reversed(dataclasses.fields(config)):
            if field.name not in skip:
                command = _option(field, hints[field.name])(command)
        return command

    return decorate


def _option(field: dataclasses.Field[Any], hint: Any) -> Callable[[_Command], _Command]:
    name = "--" + field.name.replace("_", "-")
    text = field.metadata["help"]
    if hint is bool:
        return click.option(name, is_flag=True, default=None, help=text)
    if field.default is not None:
        text += f" [default: {field.default}]"
    kinds = typing.get_args(hint) if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union else (hint,)
    if field.metadata["word"] is not None:
        return click.option(name, type=_IntegerOrWord(field.metadata["word"]), default=None, help=text)
    kind = next(kind for kind in kinds if kind is not type(None))
    metavar = {int: "N", float: "X", str: "TEXT"}[kind]
    return click.option(name, type=kind, default=None, metavar=metavar, help=text)


class _IntegerOrWord(click.ParamType["int | str"]):
    def __init__(self, word: str) -> None:
        self.name = f"N|{word}"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | str:
        try:
            return int(value)
        except ValueError:
            return str(value)


def config_from(config: type[_T], said: dict[str, Any]) -> _T:
    """The config of the options that were said; a value out of range is a wrong use of its option (exit code 2)."""
    names = {field.name for field in dataclasses.fields(config)}
    try:
        return config(**{name: value for name, value in said.items() if name in names and value is not None})
    except ConfigError as error:
        raise click.UsageError(str(error)) from None
