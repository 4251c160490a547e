"""Golden files of the row formats, byte for byte as their tools write them, and slow plain readers to compare with."""

import re
import struct
from fractions import Fraction

import numpy as np

from w2v import Vocabulary, WordVectors

WORDS = ["</s>", "der", "naïve", "北京"]
ROWS = [[0.5, -0.25, 1.0], [0.125, 2.0, -3.5], [1e-05, 0.0, 1024.0], [-0.0, 0.1, 3.4028235e38]]

GOLDEN_TEXT = (
    b"4 3\n</s> 0.5 -0.25 1.0\nder 0.125 2.0 -3.5\nna\xc3\xafve 1e-05 0.0 1024.0\n\xe5\x8c\x97\xe4\xba\xac -0.0 0.1 3.4028235e+38\n"
)
GOLDEN_GLOVE = GOLDEN_TEXT.partition(b"\n")[2]
GOLDEN_BINARY = (
    b"4 3\n"
    b"</s> \x00\x00\x00\x3f\x00\x00\x80\xbe\x00\x00\x80\x3f\n"
    b"der \x00\x00\x00\x3e\x00\x00\x00\x40\x00\x00\x60\xc0\n"
    b"na\xc3\xafve \xac\xc5\x27\x37\x00\x00\x00\x00\x00\x00\x80\x44\n"
    b"\xe5\x8c\x97\xe4\xba\xac \x00\x00\x00\x80\xcd\xcc\xcc\x3d\xff\xff\x7f\x7f\n"
)
GOLDEN = {"word2vec-text": GOLDEN_TEXT, "word2vec-binary": GOLDEN_BINARY, "glove": GOLDEN_GLOVE}

_NUMBER = re.compile(rb"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")


class RefusedError(Exception):
    """The plain readers' only error."""


def make_vectors(words=WORDS, rows=ROWS):
    return WordVectors(Vocabulary(words, [0] * len(words)), np.array(rows, np.float32))


def same(vectors, words, rows):
    """Words, counts of 0, and the very bits of the numbers."""
    matrix = np.array(rows, np.float32)
    bits_agree = vectors.matrix.shape == matrix.shape and np.array_equal(vectors.matrix.view(np.uint32), matrix.view(np.uint32))
    return list(vectors.words) == list(words) and bits_agree and not vectors.counts.any()


def plain_text(data):
    header, _, rows = data.partition(b"\n")
    n_rows, dim = _plain_header(header)
    words, values = _plain_rows(rows)
    _need(len(words) == n_rows and len(values[0]) == dim)
    return words, values


def plain_glove(data):
    _need(not data.startswith(b"\xef\xbb\xbf"))
    return _plain_rows(data)


def _plain_rows(data):
    lines = data.split(b"\n")
    _need(len(lines) > 1 and lines.pop() == b"")
    words, values = [], []
    for line in lines:
        word, *numbers = line.removesuffix(b"\r").removesuffix(b" ").split(b" ")
        *_, end = word.split(b"\t")
        _need(end == word or not _NUMBER.fullmatch(end))  # a tab and a number behind a word: its first number
        _need(word and numbers and all(_NUMBER.fullmatch(number) for number in numbers))
        words.append(_plain_word(word))
        values.append([_plain_number(number.decode()) for number in numbers])
        _need(len(values[-1]) == len(values[0]))
    _need(len(set(words)) == len(words))
    return words, values


def plain_binary(data):
    header, _, rest = data.partition(b"\n")
    n_rows, dim = _plain_header(header)
    words, values, gap = [], [], None
    for _ in range(n_rows):
        word, space, rest = rest.partition(b" ")
        _need(word and space and b"\n" not in word and len(rest) >= 4 * dim)
        words.append(_plain_word(word))
        values.append(struct.unpack(f"<{dim}f", rest[: 4 * dim]))
        _need(np.isfinite(values[-1]).all())
        rest = rest[4 * dim :]
        gap = rest[:1] == b"\n" if gap is None else gap
        _need(not gap or rest[:1] == b"\n")
        rest = rest[gap:]
    _need(not rest and len(set(words)) == len(words))
    return words, values


PLAIN = {"word2vec-text": plain_text, "word2vec-binary": plain_binary, "glove": plain_glove}


def _need(holds):
    if not holds:
        raise RefusedError


def _plain_header(header):
    found = re.fullmatch(rb"([0-9]{1,18}) ([0-9]{1,18}) ?\r?", header)
    _need(found)
    n_rows, dim = int(found[1]), int(found[2])
    _need(0 < n_rows < 1000 and 0 < dim < 1000)
    return n_rows, dim


def _plain_word(word):
    try:
        return word.decode()
    except UnicodeDecodeError:
        raise RefusedError from None


def _plain_number(text):
    mantissa, _, exponent = text.lower().partition("e")
    power = int(exponent or 0)
    _need(power < 60 or not mantissa.strip("+-0."))
    value = np.float32(-0.0 if text.startswith("-") else 0.0)
    exact = Fraction(text) if abs(power) < 99 else Fraction(0)
    if abs(exact) > Fraction(2) ** -200:
        _need(abs(exact) < Fraction(2) ** 128 - Fraction(2) ** 103)
        value = np.float32(float(exact))
    return value
