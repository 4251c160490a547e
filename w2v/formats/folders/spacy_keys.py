"""The 64-bit numbers by which spaCy knows its strings: those of its symbols, a MurmurHash64A of the UTF-8 of all others."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from w2v.jit import jit

LOWER = 66  # the symbol of a token's lower-case form

# spacy.symbols, which only grows at its end, as saved pipelines hold its numbers. Some of them are words: "mark", "number", "root".
_FLAGS = """
IS_ALPHA IS_ASCII IS_DIGIT IS_LOWER IS_PUNCT IS_SPACE IS_TITLE IS_UPPER LIKE_URL LIKE_NUM LIKE_EMAIL IS_STOP IS_OOV_DEPRECATED
IS_BRACKET IS_QUOTE IS_LEFT_PUNCT IS_RIGHT_PUNCT IS_CURRENCY
"""
_ATTRIBUTES = """
ID ORTH LOWER NORM SHAPE PREFIX SUFFIX LENGTH CLUSTER LEMMA POS TAG DEP ENT_IOB ENT_TYPE HEAD SENT_START SPACY PROB LANG
ADJ ADP ADV AUX CONJ CCONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X EOL SPACE
"""
_LABELS = """
PERSON NORP FACILITY ORG GPE LOC PRODUCT EVENT WORK_OF_ART LANGUAGE LAW DATE TIME PERCENT MONEY QUANTITY ORDINAL CARDINAL
acomp advcl advmod agent amod appos attr aux auxpass cc ccomp complm conj cop csubj csubjpass dep det dobj expl hmod hyph
infmod intj iobj mark meta neg nmod nn npadvmod nsubj nsubjpass num number oprd obj obl parataxis partmod pcomp pobj poss
possessive preconj prep prt punct quantmod relcl rcmod root xcomp acl ENT_KB_ID MORPH ENT_ID IDX _
"""
_NAMES = [
    "",
    *_FLAGS.split(),
    *(f"FLAG{number}" for number in range(19, 64)),
    *_ATTRIBUTES.split(),
    *(f"DEPRECATED{number:03}" for number in range(1, 277)),
    *_LABELS.split(),
]
SYMBOLS = {name: number for number, name in enumerate(_NAMES)}

_MULTIPLIER, _SHIFT, _SEED = 0xC6A4A7935BD1E995, 47, 1


def spacy_keys(words: list[str]) -> npt.NDArray[np.uint64]:
    """(n_words,) uint64: the number of each word."""
    encoded = [word.encode() for word in words]
    ends = np.cumsum([len(text) for text in encoded], dtype=np.int64)
    keys = np.empty(len(words), np.uint64)
    murmur_hashes(np.frombuffer(b"".join(encoded), np.uint8), ends, keys)
    for row, word in enumerate(words):
        if word in SYMBOLS:
            keys[row] = SYMBOLS[word]
    return keys


@jit()
def murmur_hashes(text, ends, keys):  # type: ignore[no-untyped-def]
    """MurmurHash64A (Austin Appleby, public domain) of each word, as on a little-endian machine.

    Parameters
    ----------
    text : (n_bytes,) uint8, the words one behind the other
    ends : (n_words,) int64, where each word ends in `text`
    keys : (n_words,) uint64, filled
    """
    multiplier, shift = np.uint64(_MULTIPLIER), np.uint64(_SHIFT)
    start = 0
    for row in range(ends.size):
        end = ends[row]
        code = np.uint64(_SEED) ^ (np.uint64(end - start) * multiplier)
        while start < end:
            n_bytes = min(8, end - start)
            block = np.uint64(0)
            for byte in range(n_bytes):
                block |= np.uint64(text[start + byte]) << np.uint64(8 * byte)
            if n_bytes == 8:
                block *= multiplier
                block ^= block >> shift
                block *= multiplier
            code = (code ^ block) * multiplier
            start += n_bytes
        code ^= code >> shift
        code *= multiplier
        keys[row] = code ^ (code >> shift)
