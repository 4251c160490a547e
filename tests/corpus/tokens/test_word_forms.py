"""Which words may not be composed is known of every character."""

import unicodedata

import pytest

from w2v.corpus.tokens.word_forms import UNSURE, combining_classes, compose


@pytest.mark.medium
def test_every_combining_class_is_unicodes() -> None:
    classes = combining_classes().tolist()
    for code in range(0x110000):
        if classes[code] != UNSURE:
            assert classes[code] == unicodedata.combining(chr(code)), hex(code)


@pytest.mark.long
@pytest.mark.medium
def test_characters_that_are_sure_never_change_behind_another_one() -> None:
    classes = combining_classes().tolist()
    sure = [chr(code) for code in range(0x110000) if classes[code] == 0 and not 0xD800 <= code < 0xE000]
    for base in ("a", "e\u0301", "ᄒ", "가", "か", "क", "س"):
        text = "".join(base + character for character in sure)
        assert unicodedata.normalize("NFC", text) == "".join(unicodedata.normalize("NFC", base) + character for character in sure)


def test_turkish_words_lose_the_dot_of_a_decomposed_capital() -> None:
    assert compose("ı\u0307zmi\u0301r", turkish=True) == "izmír"
    assert compose("ı\u0307", turkish=False) == "ı\u0307"
