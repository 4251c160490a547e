import dataclasses
import hashlib
from collections import Counter

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from w2v.corpus.counting import LINE
from w2v.corpus.merge_tables import merge_tables
from w2v.corpus.tokens.scanner import LINE_END, LONGEST_TOKEN, PADDING, TOKEN_END
from w2v.corpus.word_table import TokenTooLongError, WordTable
from w2v.vocabulary import Vocabulary, rank_words

repeatable = settings(deadline=None, derandomize=True)  # the first example compiles


def add(table: WordTable, lines: list[list[bytes]]) -> list[int]:
    canonical = b"".join(bytes([TOKEN_END]).join(line) + bytes([LINE_END]) for line in lines)
    array = np.zeros(len(canonical) + PADDING, np.uint8)
    array[: len(canonical)] = np.frombuffer(canonical, np.uint8)
    return table.add(array, len(canonical)).tolist()


def contents(table: WordTable) -> dict[str, int]:
    words = table.words()
    return dict(zip(words.spell(np.arange(len(words))), words.counts.tolist(), strict=True))


# Words that share their first 8 or 16 bytes, words with NULs, and lengths around the borders of eight bytes.
WORDS = st.one_of(
    st.sampled_from(["a", "a\0", "a\0\0\0\0\0\0\0", "abcdefgh", "abcdefgh\0", "abcdefghi", "abcdefghijklmnop", "abcdefghijklmnopq"]),
    st.sampled_from(["Ж" * 4, "京" * 9]),
    st.integers(1, 40).map("x".__mul__),
    st.text("ab", min_size=7, max_size=26),
    st.text(st.characters(codec="utf-8", exclude_characters="\n"), min_size=1),
)  # fmt: skip
LINES = st.lists(st.lists(WORDS, max_size=30), max_size=6)


def encoded(lines: list[list[str]]) -> list[list[bytes]]:
    return [[word.encode() for word in line] for line in lines]


@pytest.mark.medium
@repeatable
@given(LINES, LINES)
def test_words_are_counted_and_numbered_as_a_dictionary_does(first: list[list[str]], second: list[list[str]]) -> None:
    table = WordTable(n_slots=4)  # so that it has to grow, again and again
    numbers: dict[str, int] = {}
    expected = []
    for line in first + second:
        expected += [numbers.setdefault(word, len(numbers)) for word in line] + [LINE]
    assert add(table, encoded(first)) + add(table, encoded(second)) == expected
    assert contents(table) == Counter(word for line in first + second for word in line)
    assert table.words().spell(np.arange(table.n_words)) == list(numbers)


@pytest.mark.medium
@repeatable
@given(LINES, LINES)
def test_absorbing_adds_words_and_counts(first: list[list[str]], second: list[list[str]]) -> None:
    one, other = WordTable(0, 2, n_slots=4), WordTable(1, 2, n_slots=4)
    add(one, encoded(first))
    add(other, encoded(second))
    words = other.words()
    places = one.absorb(words, np.arange(len(words)))
    assert contents(one) == Counter(word for line in first + second for word in line)
    assert one.words().spell(places.astype(np.int64)) == words.spell(np.arange(len(words)))


@pytest.mark.medium
@repeatable
@given(st.lists(LINES, min_size=1, max_size=5))
def test_merged_tables_have_all_words_and_counts(texts: list[list[list[str]]]) -> None:
    tables = [WordTable(index, len(texts), n_slots=4) for index in range(len(texts))]
    ids = [add(table, encoded(lines)) for table, lines in zip(tables, texts, strict=True)]
    words, numbers = merge_tables([table.words() for table in tables], map)
    spelled = words.spell(np.arange(len(words)))
    assert len(set(spelled)) == len(spelled)
    assert dict(zip(spelled, words.counts.tolist(), strict=True)) == Counter(word for lines in texts for line in lines for word in line)
    for found, lines in zip(ids, texts, strict=True):
        assert [spelled[numbers[id_]] for id_ in found if id_ != LINE] == [word for line in lines for word in line]


@pytest.mark.medium
@example({"a\\\tb\rc": 2, "\\": 2, "\t" * 9: 1}, 1, None)
@example({"samestem" + end: 1 for end in ("ba", "ab", "a", "", "b" * 9, "b" * 8 + "a")}, 1, None)
@repeatable
@given(st.dictionaries(WORDS, st.integers(1, 3), max_size=60), st.integers(1, 3), st.one_of(st.none(), st.integers(1, 20)))
def test_ranks_are_those_of_the_vocabulary(counts: dict[str, int], least: int, most: int | None) -> None:
    table = WordTable()
    add(table, encoded([[word] * n for word, n in counts.items()]))
    kept = {word: n for word, n in counts.items() if n >= least}
    expected = [list(kept)[i] for i in rank_words(list(kept), kept.values())][:most]
    words = table.words()
    for n_parts in (1, 2, 5):
        ranked = words.rank(least, most, map, n_parts)
        assert words.spell(ranked) == expected
        text = words.vocabulary_text(ranked, map, n_parts)
        read, spelled = Vocabulary.from_text(text, words.counts[ranked]), Vocabulary(expected, [counts[word] for word in expected])
        assert (read, len(read), read.ranks) == (spelled, len(expected), spelled.ranks)
        assert read.hash() == spelled.hash() == hashlib.sha256(text).hexdigest()


def test_counts_of_any_size_are_written() -> None:
    table = WordTable()
    add(table, [[b"a", b"b", b"c", b"d", b"e"]])
    words = dataclasses.replace(table.words(), counts=np.array([2**63 - 1, 10**17, 10, 9, 1]))
    expected = "a\t9223372036854775807\nb\t100000000000000000\nc\t10\nd\t9\ne\t1\n"
    assert words.vocabulary_text(words.rank()).decode() == expected


@pytest.mark.parametrize("stem", range(6, 18))
def test_ties_of_any_length_are_in_the_order_of_code_points(stem: int) -> None:
    words = [("s" * stem + end) for end in ("b", "", "ab", "a", "é", "ba", "京", "aa")]
    table = WordTable()
    add(table, encoded([[*words, "\U0010ffff" * 2]]))  # what lies behind the last word's eight bytes would be larger than any
    assert table.words().spell(table.words().rank()) == sorted([*words, "\U0010ffff" * 2])


def test_ids_of_several_tables_are_apart() -> None:
    line = [[b"a", b"b", b"a"]]
    assert add(WordTable(0, 3), line) == [0, 3, 0, LINE]
    assert add(WordTable(2, 3), line) == [2, 5, 2, LINE]


def test_every_end_of_a_line_is_told() -> None:
    assert add(WordTable(), [[], [b"a"], [], []]) == [LINE, 0, LINE, LINE, LINE]


@pytest.mark.medium
@pytest.mark.parametrize("pattern", [b"samestem%08x", b"samestem%08xsametail"])
def test_many_words_of_one_stem(pattern: bytes) -> None:
    """So many that some have first bytes, length, hash tag and slot in common: only a look at all bytes tells them apart."""
    words = [pattern % (number * 7919) for number in range(500_000)]
    table = WordTable()
    assert add(table, [words]) == [*range(500_000), LINE]
    assert add(table, [words[::-1]]) == [*range(499_999, -1, -1), LINE]
    assert (table.words().counts == 2).all()


def test_a_long_token_is_taken_and_a_longer_one_refused_by_its_place() -> None:
    longest = b"x" * LONGEST_TOKEN
    table = WordTable()
    assert add(table, [[longest, b"y", longest]]) == [0, 1, 0, LINE]
    with pytest.raises(TokenTooLongError, match="65536 bytes") as caught:
        add(table, [[b"abc", longest + b"x"]])
    assert caught.value.position == 4


def test_an_empty_table_can_be_asked() -> None:
    table = WordTable()
    assert table.words().spell(table.words().rank()) == []
    assert table.absorb(WordTable(1, 2).words(), np.arange(0)).tolist() == []
