"""What the library says of its arguments, `min_count=5`, in the words of the command line, `--min-count 5`."""

import re
import shlex
from collections.abc import Sequence

import click

# Neither part of a longer word, nor quoted, nor of a path or an address.
_BEFORE, _BEHIND = r"""(?<![\w'"/.?&-])""", r"""(?![\w'"/=-]|[.-]\w)"""
_VERB = r"(?= (?:must|goes|needs|between|are|takes|may|is for)\b)"  # behind a name at the beginning, which may else be a file's
_COLUMNS = r"\((?:columns|fields): [^)]*\)"  # of the user's file
_SIGNS = ",.:%@+="  # no shell needs quotes around them, but people do
_VALUE = r"""(?:"[^"]*"|'[^']*'|[\w.+-]*\w)?"""


def _options_by_name(command: click.Command) -> dict[str, str]:
    """Argument, ``format_name``, and the option's own name, ``format`` -> option, ``--format``."""
    found = [(parameter.name, max(parameter.opts, key=len)) for parameter in command.params if isinstance(parameter, click.Option)]
    return {option.lstrip("-").replace("-", "_"): option for _, option in found} | dict(found)


def with_options(message: str, command: click.Command) -> str:
    """`message` with the arguments that are options of `command` written as such.

    An argument is known by its value (``overwrite=True``), by its underscore (``min_count``), or by its place at the
    beginning, in front of a verb.
    """
    options = _options_by_name(command)
    names = sorted((name for name in options if name), key=len, reverse=True)
    if not names:
        return message

    def written(match: re.Match[str]) -> str:
        if match["name"] is None:
            return match[0]
        name, equals, value = match["name"], match["equals"], (match["value"] or "").strip("\"'")
        if not (equals or "_" in name or match["beginning"] is not None):
            return match[0]
        quoted = f"'{value}'" if value in _SIGNS else shlex.quote(value)
        return options[name] + (f" {quoted}" if value and value != "True" else "")

    name = "|".join(map(re.escape, names))
    beginning = rf"(?P<beginning>\A(?=\w+{_VERB}))?"
    argument = rf"""{_COLUMNS}|{beginning}{_BEFORE}(?P<name>{name})(?:(?P<equals>=)(?P<value>{_VALUE}))?{_BEHIND}"""
    return re.sub(argument, written, message)


def find_command(command: click.Command, arguments: Sequence[str]) -> click.Command:
    """The command that `arguments` name, within groups of commands; the group itself where they name none."""
    for argument in arguments:
        if not isinstance(command, click.Group):
            break
        found = command.get_command(click.Context(command), argument)
        if found is None:
            break
        command = found
    return command
