"""Messages of the library speak of arguments, ``overwrite=True``; on the command line they are options, ``--overwrite``."""

import re
import shlex

# a name, and True, a quoted text or a number behind it: what a message tells to write
_ARGUMENT = re.compile(r"""(?<![\w.(-])([a-z][a-z_]+)=(True|"[^"]*"|'[^']*'|[0-9]+(?:\.[0-9]+)?)(?!\w)""")


def as_options(message: str) -> str:
    """The message with arguments as options.

    >>> print(as_options('add overwrite=True, or time_format="%d.%m.%Y %H:%M"'))
    add --overwrite, or --time-format '%d.%m.%Y %H:%M'
    """
    return _ARGUMENT.sub(_option, message)


def _option(found: re.Match[str]) -> str:
    name, value = "--" + found[1].replace("_", "-"), found[2]
    return name if value == "True" else f"{name} {shlex.quote(value.strip(chr(34) + chr(39)))}"
