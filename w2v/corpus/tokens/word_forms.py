"""One spelling for a word that Unicode can write in several ways: é as one character or as e and an accent (NFC, UAX 15)."""

import functools
import unicodedata

import numpy as np
import numpy.typing as npt

from w2v.corpus.tokens.characters import N_CODE_POINTS

UNSURE = 255  # in the table of combining classes: a character that NFC may change
# Where marks and characters with decompositions are, by a wide margin (Unicode 15.1)
_COMPOSED = (*range(0xC0, 0x3400), *range(0xA000, 0xAC00), *range(0xF900, 0x12000), *range(0x16000, 0x17000), *range(0x1B000, 0x1F000),
             *range(0x2F800, 0x2FB00))  # fmt: skip
_JAMO = (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))  # Hangul vowels and finals: they compose by rule


def compose(text: str, turkish: bool = False) -> str:
    """NFC of words in lower case; in Turkish a decomposed dotted I has become dotless i and a dot, which are i."""
    if turkish:
        text = text.replace("ı\u0307", "i")
    return unicodedata.normalize("NFC", text)


@functools.cache
def combining_classes() -> npt.NDArray[np.uint8]:
    """(N_CODE_POINTS,) uint8: the canonical combining class of each code point, UNSURE for one that is not NFC_Quick_Check=Yes.

    A text is its own NFC if no code point is UNSURE and none that has a class above 0 follows a higher one (UAX 15, section 9).
    """
    table = np.zeros(N_CODE_POINTS, np.uint8)
    unsure = set(_JAMO)
    for code in _COMPOSED:
        character = chr(code)
        if combining := unicodedata.combining(character):
            table[code] = combining
        decomposition = unicodedata.decomposition(character)
        if decomposition and decomposition[0] != "<":
            unsure.update(int(part, 16) for part in decomposition.split()[1:])
            if not unicodedata.is_normalized("NFC", character):
                unsure.add(code)
    table[list(unsure)] = UNSURE
    return table
