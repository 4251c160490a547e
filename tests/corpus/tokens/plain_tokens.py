"""Tokenization in plain Python, by `unicodedata`, `re` and `str` methods: what the scanner is compared with."""

import re
import unicodedata

_UNSPACED_NAMES = re.compile(
    "CJK UNIFIED IDEOGRAPH|CJK COMPATIBILITY IDEOGRAPH|IDEOGRAPHIC|VERTICAL IDEOGRAPHIC|MASU MARK|HANGZHOU NUMERAL|"
    "HIRAGANA|HENTAIGANA|KATAKANA|HALFWIDTH KATAKANA|THAI|LAO|MYANMAR|KHMER"
)


def letter_class(character: str, singles: bool) -> str:
    """L letter, S letter that is a token by itself, M mark, I inside only, - nothing at all, N newline, or a space."""
    category = unicodedata.category(character)
    if character == "\n":
        return "N"
    if character in "'’\u200c\u200d":
        return "I"
    if character == "\u200b":
        return " "
    if category == "Cf":
        return "-"
    if category[0] == "M":
        return "M"
    if category[0] in "LN" or character == "_":
        alone = category not in ("Nd", "No") and _UNSPACED_NAMES.match(unicodedata.name(character, ""))
        return "S" if singles and alone else "L"
    return " "


def _spelled(token: str) -> str:
    lower = "".join(character.lower() for character in token.replace("’", "'"))
    return lower[:-1] + "ς" if len(token) > 1 and token[-1] == "Σ" else lower


def word_lines(text: str, singles: bool = False) -> list[list[str]]:
    """What `words` (or, with `singles`, `characters`) makes of a text: the tokens of each line that has any."""
    kept = "".join(character for character in text if letter_class(character, singles) != "-")
    classes = "".join(letter_class(character, singles) for character in kept)
    lines: list[list[str]] = [[]]
    for match in re.finditer(r"N|SM*|L[LM]*(?:I[LM]+)*", classes):
        if match[0] == "N":
            lines.append([])
        else:
            lines[-1].append(_spelled(kept[match.start() : match.end()]))
    return [line for line in lines if line]


def verbatim_lines(text: str, separator: str | None = None) -> list[list[str]]:
    """What `whitespace` and `items` make of a text."""
    lines = [[item.strip() for item in line.split(separator)] for line in text.split("\n")]
    kept = [[item for item in line if item] for line in lines]
    return [line for line in kept if line]
