"""Fonts for words of any script: the usual one, and behind it installed ones that have the characters that it lacks."""

import contextlib
from collections.abc import Iterable
from typing import Any

from w2v.errors import import_extra

_FIRST = "DejaVu Sans"  # matplotlib brings it
_BOXES = "Last Resort"  # has a box for every character
_MOST = 6  # fonts beside the first


def fonts_for(words: Iterable[str]) -> tuple[list[str], set[str]]:
    """Names of fonts that together have the characters of `words`, and the characters that no installed font has.

    Raises
    ------
    MissingExtraError
        matplotlib is not installed.
    """
    manager: Any = import_extra("matplotlib.font_manager", "plot", "pictures")
    chosen = [_FIRST]
    lacking = {ord(character) for word in words for character in word if not character.isspace()}
    lacking -= _characters(manager.findfont(_FIRST))
    if lacking:
        _add_new_fonts(manager)
    candidates = {entry.fname: entry.name for entry in manager.fontManager.ttflist if not entry.name.startswith(_BOXES)} if lacking else {}
    found = {}
    for path in sorted(candidates):
        with contextlib.suppress(OSError, RuntimeError):  # gone since matplotlib last looked, or damaged
            found[path] = _characters(path) & lacking
    while lacking and len(chosen) <= _MOST:
        best = max(found, key=lambda path: len(found[path] & lacking), default=None)
        if best is None or not found[best] & lacking:
            break
        lacking -= found[best]
        chosen.append(candidates[best])
    return chosen, {chr(code) for code in lacking}


def _add_new_fonts(manager: Any) -> None:
    """Let matplotlib know the fonts that were installed after it last looked: it keeps a list of them in a file."""
    known = {entry.fname for entry in manager.fontManager.ttflist}
    for path in manager.findSystemFonts():
        if path not in known:
            with contextlib.suppress(OSError, RuntimeError):  # no font that it can read
                manager.fontManager.addfont(path)


def _characters(path: str) -> set[int]:
    font: Any = import_extra("matplotlib.ft2font", "plot", "pictures").FT2Font(path)
    return set(font.get_charmap())
