"""Which characters make tokens: one class for each code point, so that a scanner needs one table look-up a character.

`word_characters` serves the tokenizers words and characters, `segmented_characters` serves chinese, `verbatim_characters` serves
whitespace and items. What Unicode calls a letter, a mark or a number comes from Python's `unicodedata`, and so follows the
Unicode version of the Python at hand (14 in Python 3.11, 15.1 in 3.13). What stays inside a word between two letters is what UAX 29
(word boundaries) calls MidLetter or MidNumLet, but for full stop and colon. The classes are compiled into kernels by numba.
"""

import functools
import re
import unicodedata
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from w2v.corpus.tokens.emoji import EMOJI_WITH_SELECTOR, KEYCAP_BASES, PICTURES, REGIONAL_INDICATORS, SKIN_TONES, TAGS

SEPARATOR = 0  # ends a token
WORD = 1  # part of a token as it stands
UPPER = 2  # part of a token, in lower case
SINGLE = 3  # letter of a script without spaces: a token by itself (characters), a border where a segmenter says so (chinese)
MARK = 4  # goes with the character before it, begins no token
INTERNAL = 5  # part of a token between two of its characters only
IGNORED = 6  # neither seen nor kept
NEWLINE = 7  # ends a sentence
BREAK = 8  # a segmenter's mark: ends a token beside a SINGLE character
BLANK = 9  # part of an item between two of its characters only, any number in a row
QUOTE = 10  # separates, but stays between two Hebrew letters, where it is the sign of an abbreviation
TAG = 11  # part of an emoji, otherwise ignored
MAYBE_EMOJI = 12  # an emoji if what follows says so, else a digit or a separator
EMOJI = 13  # begins an emoji, or goes on in one behind a joiner
SKIN_TONE = 14  # goes on in an emoji, else begins one
REGIONAL = 15  # two of them are a flag

N_CODE_POINTS = 0x110000
_TABULATED = 0x40000  # no letter, mark or number is assigned above planes 0-3, but for plane 14's variation selectors
_PLANE_14 = range(0xE0000, 0xE0200)

APOSTROPHE = 0x27
BREAK_MARK = 0x1F  # ASCII's unit separator
CAPITAL_SIGMA = 0x3A3
ZERO_WIDTH_JOINER = 0x200D
_ZERO_WIDTH_SPACE = 0x200B  # separates words although Unicode files it under format characters
_LETTER_APOSTROPHE = 0x2BC  # a letter to Unicode: stays also at the ends of a word
_HALF_WIDTH_SOUND_MARKS = (0xFF9E, 0xFF9F)  # letters by category, marks by use
# What people type for an apostrophe: ASCII's, grave and acute accent, single quotes, prime, the Armenian one, Hebrew geresh, Greek
# koronis and psili, full width
APOSTROPHES = "'`\u00b4\u2018\u2019\u201b\u2032\u055a\u05f3\u1fbd\u1fbf\u1fef\u1ffd\uff07\uff40"
# What else stays between two letters: zero width (non-)joiner in Persian and Indic words, Catalan and Greek middle dot, hyphenation point,
# Armenian signs of intonation and abbreviation, Hebrew gershayim
_INSIDE = {character: character for character in "\u200c\u200d\u00b7\u2027\u055b\u055c\u055e\u055f\u05f4"} | {"\u0387": "\u00b7"}

# Scripts written without spaces between words: Han, kana, Thai, Lao, Burmese, Khmer. Korean has spaces.
_UNSPACED = (
    (0x0E01, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3005, 0x3007), (0x3021, 0x3029), (0x3038, 0x303C),
    (0x3041, 0x30FF), (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F),
    (0xF900, 0xFAFF), (0xFF66, 0xFF9F), (0x1AFF0, 0x1B16F), (0x20000, 0x3FFFD),
)  # fmt: skip
UNSPACED_LETTER = re.compile("[" + "".join(f"{chr(low)}-{chr(high)}" for low, high in _UNSPACED) + "]")


@dataclass(frozen=True)
class CharacterTable:
    """Classes of code points.

    Attributes
    ----------
    classes : (n,) uint8, class of each code point; n is 128 or all
    spellings : (m,) uint32, what stands for an UPPER or INTERNAL code point: UTF-8, first byte lowest; all of these lie below m
    """

    classes: npt.NDArray[np.uint8]
    spellings: npt.NDArray[np.uint32]


@functools.cache
def word_characters(ascii_only: bool = False, keep_emoji: bool = False, turkish: bool = False) -> CharacterTable:
    """Letters, marks, numbers and the underscore make words; upper case becomes lower; an apostrophe stays inside a word.

    Parameters
    ----------
    ascii_only : the first 128 code points, at no cost; all take 80 ms
    keep_emoji : digits may be keycaps
    turkish : the lower case of I is without a dot, that of dotted I with one
    """
    codes = range(128) if ascii_only else (*range(_TABULATED), *_PLANE_14)
    categories = list(map(unicodedata.category, map(chr, codes)))
    classes = np.full(128 if ascii_only else N_CODE_POINTS, SEPARATOR, np.uint8)
    classes[np.asarray(codes)] = [_CLASS_OF_CATEGORY.get(category, SEPARATOR) for category in categories]
    for low, high in _UNSPACED:
        part = classes[low : high + 1]
        part[part == WORD] = SINGLE
    spellings = {ord(character): "'" for character in APOSTROPHES} | {ord(inside): spelling for inside, spelling in _INSIDE.items()}
    special = dict.fromkeys(spellings, INTERNAL) | {ord('"'): QUOTE, ord("\n"): NEWLINE, _ZERO_WIDTH_SPACE: SEPARATOR}
    special |= dict.fromkeys(_HALF_WIDTH_SOUND_MARKS, MARK)
    for code, category in zip(codes, categories, strict=True):
        if category in ("Nd", "No"):
            special[code] = WORD  # digits make numbers, in scripts without spaces too
        elif category in _CASED and (lower := chr(code).lower()) != chr(code):
            special[code] = UPPER
            spellings[code] = lower
    special[_LETTER_APOSTROPHE], spellings[_LETTER_APOSTROPHE] = UPPER, "'"
    if turkish:
        spellings[ord("I")], spellings[ord("İ")] = "ı", "i"
    special |= _emoji_classes(keep_emoji)
    for code, class_ in special.items():
        if code < len(classes):
            classes[code] = class_
    return CharacterTable(classes, _packed(spellings))


def _emoji_classes(keep_emoji: bool) -> dict[int, int]:
    classes = dict.fromkeys(PICTURES, EMOJI) | dict.fromkeys(SKIN_TONES, SKIN_TONE) | dict.fromkeys(REGIONAL_INDICATORS, REGIONAL)
    classes |= dict.fromkeys(EMOJI_WITH_SELECTOR, MAYBE_EMOJI) | dict.fromkeys(TAGS, TAG)
    return classes | dict.fromkeys(map(ord, KEYCAP_BASES), MAYBE_EMOJI) if keep_emoji else classes


@functools.cache
def segmented_characters(keep_emoji: bool = False) -> CharacterTable:
    """`word_characters` for text in which a segmenter has put a `BREAK_MARK` between words."""
    table = word_characters(keep_emoji=keep_emoji)
    classes = table.classes.copy()
    classes[BREAK_MARK] = BREAK
    return CharacterTable(classes, table.spellings)


@functools.cache
def verbatim_characters(separator: str | None = None, ascii_only: bool = False) -> CharacterTable:
    """Everything between separators is a token as it stands; the newline always separates.

    Parameters
    ----------
    separator : one character; blanks at a token's edges are dropped then, and inner ones kept. None: any white space, as
        `str.split` has it
    ascii_only : the first 128 code points
    """
    classes = np.full(128 if ascii_only else N_CODE_POINTS, WORD, np.uint8)
    for code in _WHITE_SPACE:
        if code < len(classes):
            classes[code] = SEPARATOR if separator is None else BLANK
    if separator is not None and ord(separator) < len(classes):
        classes[ord(separator)] = SEPARATOR
    classes[ord("\n")] = NEWLINE
    return CharacterTable(classes, _packed({}))


def _packed(spellings: dict[int, str]) -> npt.NDArray[np.uint32]:
    packed = np.zeros(max(spellings, default=0) + 1, np.uint32)
    packed[list(spellings)] = [int.from_bytes(spelling.encode(), "little") for spelling in spellings.values()]
    return packed


_CASED = ("Lu", "Lt", "Nl")
_CLASS_OF_CATEGORY = {
    **dict.fromkeys(("Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Nl", "No", "Pc"), WORD),
    **dict.fromkeys(("Mn", "Mc", "Me"), MARK),
    "Cf": IGNORED,  # soft hyphen, byte order mark, marks of writing direction, …
}
_WHITE_SPACE = [code for code in range(0x3001) if chr(code).isspace()]
