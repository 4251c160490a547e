"""Checks of what a caller gives: numbers, words and texts, refused in one sentence that names them.

Numbers of numpy are taken as Python's are, and come back as Python's; truth values are no numbers.
"""

import math
import re
import warnings
from collections.abc import Callable, Sequence
from numbers import Integral, Real
from typing import Any

from w2v.errors import ConfigError

_MISSING_TYPES = ("NAType", "NaTType", "MaskedConstant")  # of NA and NaT in pandas, and of what a NumPy mask hides
_TRIED_TEXTS = ("", "a B1", "don't, 1.5 -c++ #x @y", "é 京")


def integer(name: str, value: object, low: int = 1, high: int | None = None) -> int:
    """`value` as an int from `low` to `high`.

    Raises
    ------
    ConfigError
        it is none: `name` and the range are said.
    """
    if isinstance(value, bool) or not isinstance(value, Integral) or int(value) < low or (high is not None and int(value) > high):
        wanted = f"of at least {low}" if high is None else f"from {low} to {high}"
        raise ConfigError(f"{name} must be an integer {wanted}: received {value!r}")
    return int(value)


def number(name: str, value: object, meaning: str, holds: Callable[[float], bool]) -> float:
    """`value` as a finite float for which `holds` is true; `meaning` says so in words, such as "a number above 0".

    Raises
    ------
    ConfigError
        it is none.
    """
    try:
        found = float(value) if isinstance(value, Real) and not isinstance(value, bool) else math.nan
    except OverflowError:
        found = math.inf
    if not math.isfinite(found) or not holds(found):
        raise ConfigError(f"{name} must be {meaning}: received {value!r}")
    return found


def one_of(name: str, value: object, choices: Sequence[str]) -> str:
    """`value` when it is one of `choices`.

    Raises
    ------
    ConfigError
        it is not: the choices are listed.
    """
    if not isinstance(value, str) or value not in choices:
        raise ConfigError(f"{name} must be one of {', '.join(choices)}: received {value!r}")
    return value


def truth(name: str, value: object) -> bool:
    """`value` when it is True or False.

    Raises
    ------
    ConfigError
        it is neither; 0 and 1 are numbers.
    """
    if not isinstance(value, bool):
        raise ConfigError(f"{name} must be True or False: received {value!r}")
    return value


def text(name: str, value: object) -> str:
    """`value` when it is a text that is not empty, without NUL.

    Raises
    ------
    ConfigError
        it is none.
    """
    if not isinstance(value, str) or not value or "\0" in value:
        raise ConfigError(f"{name} must be a text that is not empty, without NUL: received {value!r}")
    return value


def regular_expression(name: str, value: object) -> str:
    """`value` when it is a regular expression that finds something wherever it matches, in one group at most.

    Raises
    ------
    ConfigError
        it is none: what is wrong with it.
    """
    pattern = text(name, value)
    try:
        with warnings.catch_warnings(action="ignore"):  # re's own, on sets that may mean something else one day
            compiled = re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        hint = r"; a letter is [^\W\d_]" if r"\p{" in pattern else ""  # of Perl, Java and the regex package
        raise ConfigError(f"{name} must be a regular expression: received {pattern!r} ({error}{hint})") from None
    if compiled.groups > 1:
        raise ConfigError(f"{name} may have one group, which is the token: write (?:...) for the others; received {pattern!r}")
    if any(not found[0] for tried in _TRIED_TEXTS for found in compiled.finditer(tried)):
        raise ConfigError(f"{name} must not match where there is nothing, as * and ? alone do: received {pattern!r}")
    return pattern


def is_missing(value: Any) -> bool:
    """None, NaN, or what pandas and NumPy have in their place."""
    return value is None or type(value).__name__ in _MISSING_TYPES or (isinstance(value, float) and value != value)
