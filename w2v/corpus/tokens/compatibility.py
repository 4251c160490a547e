"""Folding of characters that Unicode keeps for compatibility only: ﬂ becomes fl, Ｗ becomes W, ㎏ becomes kg (NFKC, UAX 15)."""

import functools
import re
import unicodedata

_DECOMPOSED = range(0x80, 0x30000)


def fold_compatibility(text: str) -> str:
    """The text with each such character as NFKC has it; accents that stand alone stay, for NFKC would put a space before them."""
    if text.isascii():
        return text
    pattern, table = _folded()
    return pattern.sub(lambda found: table[found[0]], text)


@functools.cache
def _folded() -> tuple[re.Pattern[str], dict[str, str]]:
    table = {}
    for code in _DECOMPOSED:
        character = chr(code)
        if unicodedata.decomposition(character).startswith("<"):
            folded = unicodedata.normalize("NFKC", character)
            if folded == " " or not folded.startswith(" "):
                table[character] = folded
    return re.compile("[" + "".join(map(re.escape, table)) + "]"), table
