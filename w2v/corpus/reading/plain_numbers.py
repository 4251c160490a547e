"""Numbers as tables write them; Python's own `int` and `float` also take ``1_000``, other scripts' digits, ``nan`` and ``infinity``."""

import math
import re

_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_WHOLE = re.compile(r"[+-]?[0-9]{1,300}")


def parse_number(text: str) -> int | float | None:
    """An int where there is no fraction, exact, else a finite float; None for everything but plain ASCII decimal numbers.

    >>> parse_number("1000"), parse_number("-2.5e3"), parse_number("1_000"), parse_number("nan")
    (1000, -2500.0, None, None)
    """
    if _WHOLE.fullmatch(text):
        return int(text)
    number = float(text) if _DECIMAL.fullmatch(text) else math.nan
    return number if math.isfinite(number) else None
