"""Folding of characters that Unicode keeps for compatibility only: ﬂ becomes fl, Ｗ becomes W, ㎏ becomes kg (NFKC, UAX 15)."""

import functools
import re
import unicodedata

_ABOVE = "\U00010000-\U0010ffff"  # `re` looks a character up in a set of the first plane at once, and goes through a mixed one


def fold_compatibility(text: str) -> str:
    """The text with each such character as NFKC has it; accents that stand alone stay, for NFKC would put a space before them."""
    if text.isascii():
        return text
    pattern, table = _folded()
    return pattern.sub(lambda found: table.get(found[0], found[0]), text)


@functools.cache
def _folded() -> tuple[re.Pattern[str], dict[str, str]]:
    """What characters become, and what finds them, and others that stay."""
    table = {}
    for code in range(0x80, 0x30000):
        character = chr(code)
        if unicodedata.decomposition(character).startswith("<"):
            folded = unicodedata.normalize("NFKC", character)
            if folded == " " or not folded.startswith(" "):
                table[character] = folded
    first_plane = "".join(re.escape(character) for character in table if character < "\U00010000")
    return re.compile(f"[{first_plane}]|[{_ABOVE}]"), table
