import subprocess
import sys

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from plain_tokens import verbatim_lines, word_lines

from w2v.config import CorpusConfig
from w2v.corpus.tokens.scanner import LINE_END, PADDING, TOKEN_END
from w2v.corpus.tokens.tokenizers import Tokenizer, make_tokenizer

repeatable = settings(deadline=None, derandomize=True)  # the first example compiles

# Everything that has a rule of its own, and plain letters around it.
_TRICKY = (
    "abcXYZ019__  \n\t\r-.,;'’\"" "ΣσςÏİıǅßéΔЖẞΑ\u0301\u0308\u20dd\u200c\u200d\u200b\u00ad\ufeff\u200e\u2060\x1f\x00\x85\u00a0\u2028\u3000"
    "京々〇の゛ーｱกั่๓ລကៀ한अ्षிع𐐀𠀀☃🎈\ufe0f\U000e0100Ⅷ²½Ａ１＇－"
)  # fmt: skip
TEXTS = st.lists(st.one_of(st.sampled_from(_TRICKY), st.characters(codec="utf-8")), max_size=40).map("".join)
ASCII_TEXTS = st.text(st.sampled_from([chr(code) for code in range(128)] + list("ab' \n") * 8), max_size=60)

CONFIGS = {
    "words": CorpusConfig(),
    "characters": CorpusConfig(tokenizer="characters"),
    "emoji": CorpusConfig(keep="emoji"),
    "emoji in characters": CorpusConfig(tokenizer="characters", keep="emoji"),
    "turkish": CorpusConfig(language="tr"),
    "whitespace": CorpusConfig(tokenizer="whitespace"),
    "items": CorpusConfig(tokenizer="items"),
    "comma": CorpusConfig(tokenizer="items", separator=","),
    "tab": CorpusConfig(tokenizer="items", separator="\t"),
    "wide": CorpusConfig(tokenizer="items", separator="、"),
}
ORACLES = {
    "words": word_lines,
    "characters": lambda text: word_lines(text, singles=True),
    "emoji": lambda text: word_lines(text, keep_emoji=True),
    "emoji in characters": lambda text: word_lines(text, singles=True, keep_emoji=True),
    "turkish": lambda text: word_lines(text, turkish=True),
    "whitespace": verbatim_lines,
    "items": verbatim_lines,
    "comma": lambda text: verbatim_lines(text, ","),
    "tab": lambda text: verbatim_lines(text, "\t"),
    "wide": lambda text: verbatim_lines(text, "、"),
}
TOKENIZERS = {name: make_tokenizer(config) for name, config in CONFIGS.items()}


def lines(tokenizer: Tokenizer, text: str) -> list[list[str]]:
    """Tokens by line, by the compiled road that a corpus takes."""
    array, n = tokenizer.canonical(text.encode())
    canonical = array[:n].tobytes()
    split = [line.split(bytes([TOKEN_END])) for line in canonical.split(bytes([LINE_END]))]
    compose = tokenizer.compose or str
    found = [[compose(token.decode()) for token in line if token] for line in split]
    return [line for line in found if line]


@pytest.mark.parametrize("name", CONFIGS)
@repeatable
@given(text=st.one_of(TEXTS, ASCII_TEXTS))
@example("ΣΑΣ ΟΔΟΣ'Σ Σ' ΑΣ\u0301 ΑΣ\u00ad")
@example("'a''b' rock’n’roll x'\u0301")
@example("'tis o'clock' a''b '")
@example("İİİİ")
@example(" New York , , Paris\r\n,x")
@example("👩\u200d🔬👍🏽🇩🇪🇫🇷🇩 ❤\ufe0f❤ ©\ufe0f© 1\ufe0f\u20e3a1#\u20e3 🏴\U000e0067\U000e007f👩\u200d\u0301🔬 🇩\u200d🇪")
@example('צה"ל "צה" צ"\u05b0ה"ל I\u0307I\u0301')
def test_tokens_are_those_of_plain_python(name: str, text: str) -> None:
    expected = ORACLES[name](text)
    assert lines(TOKENIZERS[name], text) == expected
    assert make_tokenizer(CONFIGS[name]).split(text) == [token for line in expected for token in line]


@pytest.mark.medium
@pytest.mark.parametrize("name", CONFIGS)
@repeatable
@given(text=ASCII_TEXTS)
def test_both_roads_agree_on_ascii(name: str, text: str) -> None:
    other = lines(TOKENIZERS[name], text + "\n。é")
    assert other[: len(other) - 1] == lines(TOKENIZERS[name], text)


@pytest.mark.medium
@pytest.mark.parametrize("name", CONFIGS)
@repeatable
@given(text=TEXTS)
def test_queries_are_split_the_same_by_compiled_code(name: str, text: str) -> None:
    compiled = make_tokenizer(CONFIGS[name])
    compiled._interpreted = 1 << 40
    assert compiled.split(text) == make_tokenizer(CONFIGS[name]).split(text)


@pytest.mark.medium
@pytest.mark.parametrize("name", CONFIGS)
@repeatable
@given(first=TEXTS, second=TEXTS)
def test_a_safe_cut_changes_no_token(name: str, first: str, second: str) -> None:
    tokenizer = TOKENIZERS[name]
    raw = (first + second).encode()
    cut = tokenizer.safe_cut(first.encode())
    parts = [tokenizer.split(part.decode()) for part in (raw[:cut], raw[cut:])]
    assert parts[0] + parts[1] == tokenizer.split(first + second)


def test_a_cut_is_found_where_there_is_one() -> None:
    assert TOKENIZERS["words"].safe_cut(b"one two") == 4
    assert TOKENIZERS["words"].safe_cut(b"one two ") == 8
    assert TOKENIZERS["words"].safe_cut("one，two".encode()) == 6
    assert TOKENIZERS["words"].safe_cut(b"onetwo") == 0
    assert TOKENIZERS["characters"].safe_cut("天安門".encode()) == 6
    assert TOKENIZERS["comma"].safe_cut(b"New York,Los ") == 9


def test_the_first_cut_keeps_marks_with_their_letter() -> None:
    assert TOKENIZERS["characters"].first_cut("か\u3099き".encode()) == 6
    assert TOKENIZERS["characters"].first_cut(b"ab") == 0
    assert make_tokenizer(CorpusConfig(token_pattern=r"\w+[+]*")).first_cut(b"c++ c++") == 4


def test_examples() -> None:
    words = TOKENIZERS["words"].split("Don't   STOP: the co-op’s 3.5 snake_case, naïve ΟΔΟΣ")
    assert words == ["don't", "stop", "the", "co", "op's", "3", "5", "snake_case", "naïve", "οδος"]
    assert TOKENIZERS["emoji"].split("Hi👋🏽, 👨‍👩‍👧 1️⃣🇩🇪🇪🇺!") == ["hi", "👋🏽", "👨‍👩‍👧", "1️⃣", "🇩🇪", "🇪🇺"]
    assert TOKENIZERS["turkish"].split("İstanbul IRMAK I\u0307zmir DİL") == ["istanbul", "ırmak", "izmir", "dil"]
    assert TOKENIZERS["characters"].split("我爱Python 3，สวัสดี!") == ["我", "爱", "python", "3", "ส", "วั", "ส", "ดี"]
    assert TOKENIZERS["whitespace"].split("A-b “C”　d") == ["A-b", "“C”", "d"]
    assert TOKENIZERS["comma"].split(" New York ,Rio\n") == ["New York", "Rio"]


def test_a_lone_surrogate_in_a_query_is_a_question_mark() -> None:
    assert TOKENIZERS["whitespace"].split("a \udcff") == ["a", "?"]


def test_the_source_position_of_a_canonical_one() -> None:
    for name, text in (("words", "AB  É, cd ef"), ("words", "ab cd ef"), ("characters", "天 安 ef"), ("comma", "ab ,c,ef")):
        tokenizer = TOKENIZERS[name]
        array, n = tokenizer.canonical(text.encode())
        assert tokenizer.source_position(text.encode(), array[:n].tobytes().index(b"ef")) == text.encode().index(b"ef")


def test_a_long_text_has_the_same_tokens_after_the_first_ones() -> None:
    tokenizer = make_tokenizer(CorpusConfig())
    text = "Ünïcode wörds, and it’s more " * 2000
    expected = ["ünïcode", "wörds", "and", "it's", "more"] * 2000
    assert tokenizer.split(text) == expected
    assert tokenizer.split(text) == expected  # compiled by now


@pytest.mark.medium
def test_a_query_needs_no_numba() -> None:
    program = (
        "import sys; from w2v.config import CorpusConfig; from w2v.corpus.tokens.tokenizers import make_tokenizer\n"
        "print(make_tokenizer(CorpusConfig()).split('Kingé'), 'numba' in sys.modules)"
    )
    assert subprocess.check_output([sys.executable, "-c", program], text=True, encoding="utf-8") == "['kingé'] False\n"


def test_canonical_arrays_have_room_to_spare() -> None:
    for text in (b"", b"a", "İ".encode() * 1000):
        array, n = TOKENIZERS["words"].canonical(text)
        assert len(array) >= n + PADDING
        assert array.dtype == np.uint8
