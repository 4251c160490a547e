import numpy as np
import pytest
from plain_tokens import emoji_class

from w2v.corpus.tokens.characters import (
    BREAK,
    BREAK_MARK,
    EMOJI,
    IGNORED,
    INTERNAL,
    MARK,
    MAYBE_EMOJI,
    NEWLINE,
    QUOTE,
    REGIONAL,
    SEPARATOR,
    SINGLE,
    SKIN_TONE,
    TAG,
    UNSPACED_LETTER,
    UPPER,
    WORD,
    segmented_characters,
    verbatim_characters,
    word_characters,
)

KEYCAPS = sorted(map(ord, "#*0123456789"))


def test_each_letter_is_spelled_as_str_lower_spells_it() -> None:
    table = word_characters()
    for code in np.flatnonzero(np.isin(table.classes, (WORD, UPPER, SINGLE))).tolist():
        spelling = chr(code)
        if table.classes[code] == UPPER:
            packed = int(table.spellings[code])
            spelling = packed.to_bytes(4, "little").rstrip(b"\0").decode()
        assert spelling == chr(code).lower().replace("ʼ", "'"), hex(code)


@pytest.mark.long
def test_every_code_point_is_classed_as_plain_python_classes_it() -> None:
    letters = {WORD: "L", UPPER: "L", SINGLE: "S", MARK: "M", INTERNAL: "I", IGNORED: "-", NEWLINE: "N", SEPARATOR: " "}
    letters |= {QUOTE: " ", EMOJI: "E", SKIN_TONE: "K", REGIONAL: "R", MAYBE_EMOJI: "?", TAG: "T"}
    classes = word_characters(keep_emoji=True).classes.tolist()
    wrong = [hex(code) for code in range(0x110000) if letters[classes[code]] != emoji_class(chr(code), singles=True)]
    wrong = [code for code in wrong if code not in map(hex, KEYCAPS)]
    assert not wrong


def test_where_emoji_stay_digits_may_be_keycaps() -> None:
    differ = np.flatnonzero(word_characters(keep_emoji=True).classes != word_characters().classes).tolist()
    assert differ == KEYCAPS


@pytest.mark.parametrize("character", ["京", "々", "〇", "の", "カ", "ー", "ｱ", "ก", "ລ", "မ", "ក", "𠀀", "𫝀"])
def test_letters_of_scripts_without_spaces_stand_alone(character: str) -> None:
    assert word_characters().classes[ord(character)] == SINGLE
    assert UNSPACED_LETTER.fullmatch(character)


@pytest.mark.parametrize("character", ["a", "é", "ё", "한", "अ", "א", "ع", "๓", "0", "_"])
def test_other_letters_and_digits_do_not(character: str) -> None:
    assert word_characters().classes[ord(character)] == WORD


@pytest.mark.parametrize("character", ["-", ".", "，", "“", " ", "\u3000", "\u200b", "☻", "\0", "\x1f", "\ue000"])
def test_everything_else_separates(character: str) -> None:
    assert word_characters().classes[ord(character)] == SEPARATOR


@pytest.mark.parametrize("character", ["\u00ad", "\ufeff", "\u200e", "\u2060", "\U000e0041", "\ufe0f", "\U000e0100"])
def test_invisible_format_characters_are_ignored(character: str) -> None:
    assert word_characters().classes[ord(character)] in (IGNORED, TAG)


def test_only_segmented_text_has_breaks() -> None:
    assert segmented_characters().classes[BREAK_MARK] == BREAK
    differ = np.flatnonzero(segmented_characters().classes != word_characters().classes)
    assert differ.tolist() == [BREAK_MARK]


def test_white_space_is_what_python_calls_so() -> None:
    separators = np.flatnonzero(verbatim_characters().classes != WORD).tolist()
    assert separators == [code for code in range(0x110000) if chr(code).isspace()]


@pytest.mark.parametrize("make", [word_characters, lambda ascii_only: verbatim_characters(",", ascii_only)])
def test_the_ascii_table_is_the_beginning_of_the_whole_one(make) -> None:
    assert make(ascii_only=True).classes.tolist() == make(ascii_only=False).classes[:128].tolist()
    assert make(ascii_only=True).classes[10] == NEWLINE
