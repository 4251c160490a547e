"""Close matches: as difflib finds them, only sooner."""

import difflib
import random

from hypothesis import given
from hypothesis import strategies as st

from w2v.spelling import Speller


def by_difflib(words: list[str], word: str, cutoff: float = 0.75) -> list[int]:
    """Every word compared in full; best first, then by index."""
    ratios = [difflib.SequenceMatcher(a=other.casefold(), b=word.casefold(), autojunk=False).ratio() for other in words]
    return sorted((i for i, ratio in enumerate(ratios) if ratio >= cutoff), key=lambda i: (-ratios[i], i))


def test_misspelled_words_are_found() -> None:
    words = ["the", "king", "queen", "kingdom", "kings", "Istanbul"]
    speller = Speller(words)
    assert [words[i] for i in speller.closest("kign", 3)] == ["king"]
    assert [words[i] for i in speller.closest("Kings", 3)] == ["kings", "king"]
    assert [words[i] for i in speller.closest("istambul", 3)] == ["Istanbul"]
    assert speller.closest("zzzzzz", 3) == []


@given(st.lists(st.text(max_size=8), max_size=30), st.text(max_size=8))
def test_the_filter_drops_nothing(words: list[str], word: str) -> None:
    assert Speller(words).closest(word, 30) == by_difflib(words, word)


def test_the_filter_drops_nothing_among_similar_words() -> None:
    draw = random.Random(1)
    words = ["".join(draw.choices("abcde", k=draw.randint(1, 9))) for _ in range(300)]
    for word in words[:20]:
        assert Speller(words).closest(word, 300) == by_difflib(words, word)


def test_very_long_words_are_not_compared() -> None:
    assert Speller(["a" * 60_000]).closest("a" * 60_000, 1) == []
    assert Speller(["a" * 106, "a" * 60_000]).closest("a" * 64, 9) == [0]
