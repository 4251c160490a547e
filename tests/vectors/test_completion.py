"""Completion against its definition."""

from hypothesis import given
from hypothesis import strategies as st

from w2v.vectors.completion import Completer

LETTERS = st.text(alphabet="aAbBßÀé国\U0010ffff", max_size=4)


@given(st.lists(LETTERS, unique=True, max_size=40), LETTERS, st.integers(1, 5))
def test_the_most_frequent_words_that_begin_so(words: list[str], beginning: str, n: int) -> None:
    expected = [rank for rank, word in enumerate(words) if word.casefold().startswith(beginning.casefold())][:n]
    assert Completer(words).complete(beginning, n) == expected
