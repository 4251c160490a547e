"""Tokenization in plain Python, by `unicodedata`, `re` and `str` methods: what the scanner is compared with.

Only the list of pictures is the product's own: Python has none.
"""

import re
import unicodedata

from w2v.corpus.tokens.emoji import PICTURES

_UNSPACED_NAMES = re.compile(
    "CJK UNIFIED IDEOGRAPH|CJK COMPATIBILITY IDEOGRAPH|IDEOGRAPHIC|VERTICAL IDEOGRAPHIC|MASU MARK|HANGZHOU NUMERAL|"
    "HIRAGANA|HENTAIGANA|KATAKANA|HALFWIDTH KATAKANA|THAI|LAO|MYANMAR|KHMER"
)


APOSTROPHES = "'`\u00b4\u2018\u2019\u201b\u2032\u055a\u05f3\u1fbd\u1fbf\u1fef\u1ffd\uff07\uff40"
INSIDE = "\u200c\u200d\u00b7\u2027\u0387\u055b\u055c\u055e\u055f\u05f4"
_ONLY_WITH_SELECTOR = "©®‼⁉™↔-↙↩↪Ⓜ▪▫▶◀◻◼⤴⤵⬅-⬇〰〽㊗㊙🅰🅱🅾🅿🈂🈷"


def letter_class(character: str, singles: bool) -> str:
    """L letter, S letter that is a token by itself, M mark, I inside only, - nothing at all, N newline, or a space."""
    category = unicodedata.category(character)
    if character == "\n":
        return "N"
    if character in APOSTROPHES or character in INSIDE:
        return "I"
    if character == "\u200b":
        return " "
    if category == "Cf":
        return "-"
    if category[0] == "M" or character in "\uff9e\uff9f":
        return "M"
    if category[0] in "LN" or category == "Pc":
        alone = category not in ("Nd", "No") and _UNSPACED_NAMES.match(unicodedata.name(character, ""))
        return "S" if singles and alone else "L"
    return " "


def emoji_class(character: str, singles: bool) -> str:
    """`letter_class` where emoji count: E picture, K skin tone, R half of a flag, T tag, ? an emoji if it is followed by a selector."""
    if "\U0001f3fb" <= character <= "\U0001f3ff":
        return "K"
    if "\U0001f1e6" <= character <= "\U0001f1ff":
        return "R"
    if re.match("[\ufe00-\ufe0f\u20e3\U000e0020-\U000e007f\U000e0100-\U000e01ef]", character):
        return "T"
    if re.match(f"[{_ONLY_WITH_SELECTOR}]", character):
        return "?"
    return "E" if ord(character) in PICTURES else letter_class(character, singles)


def _spelled(token: str, turkish: bool) -> str:
    for character in (*APOSTROPHES, "ʼ"):
        token = token.replace(character, "'")
    token = token.replace("\u0387", "·")
    lower = "".join({"I": "ı", "İ": "i"}.get(character, character.lower()) if turkish else character.lower() for character in token)
    lower = lower[:-1] + "ς" if len(token) > 1 and token[-1] == "Σ" else lower
    return unicodedata.normalize("NFC", lower.replace("ı\u0307", "i") if turkish else lower)


def _without_tags(token: str) -> str:
    return "".join(character for character in token if emoji_class(character, singles=False) != "T")


_EMOJI = r"(?:[EK]|RR?)[MTK]*(?:ZE[MTK]*)*"
_WORD = r"S[MT]*|L[LMT]*(?:[IZ]T*[LM][LMT]*)*"


def word_lines(text: str, singles: bool = False, keep_emoji: bool = False, turkish: bool = False) -> list[list[str]]:
    """What `words` (or, with `singles`, `characters`) makes of a text: the tokens of each line that has any."""
    text = re.sub('(?<=[א-ת])"(?=[א-ת])', "״", text)
    classes = "".join("Z" if character == "\u200d" else emoji_class(character, singles) for character in text)
    if keep_emoji:
        keycaps = [found.start() for found in re.finditer("[0-9#*]\ufe0f?\u20e3", text)]
        classes = "".join("E" if number in keycaps else class_ for number, class_ in enumerate(classes))
    for number, class_ in enumerate(classes):
        if class_ == "?":
            emoji = text[number + 1 : number + 2] == "\ufe0f"
            classes = classes[:number] + ("E" if emoji else " ") + classes[number + 1 :]
    kept = "".join(character for character, class_ in zip(text, classes, strict=True) if class_ != "-")
    classes = "".join(class_ for class_ in classes if class_ != "-")
    lines: list[list[str]] = [[]]
    for match in re.finditer(rf"N|(?P<emoji>{_EMOJI})|{_WORD}", classes):
        if match[0] == "N":
            lines.append([])
        elif keep_emoji or match["emoji"] is None:
            token = kept[match.start() : match.end()]
            lines[-1].append(token if match["emoji"] else _spelled(_without_tags(token), turkish))
    return [line for line in lines if line]


def verbatim_lines(text: str, separator: str | None = None) -> list[list[str]]:
    """What `whitespace` and `items` make of a text."""
    lines = [[item.strip() for item in line.split(separator)] for line in text.split("\n")]
    kept = [[item for item in line if item] for line in lines]
    return [line for line in kept if line]
