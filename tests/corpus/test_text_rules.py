"""Corpora by the rules of text: the same words for any number of threads and wherever pieces of the text end."""

import gzip
import itertools
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from plain_tokens import word_lines

from w2v.config import CorpusConfig
from w2v.corpus import text_checks
from w2v.corpus.encoded_corpus import EncodedCorpus
from w2v.corpus.encoding import encode
from w2v.corpus.reading import file_ranges, sources
from w2v.corpus.tokens import token_pattern
from w2v.corpus.tokens.compatibility import fold_compatibility
from w2v.corpus.tokens.html_cleaning import clean_html
from w2v.errors import ConfigError, CorpusError
from w2v.training.run import train

repeatable = settings(deadline=None, derandomize=True, max_examples=60)

_WORDS = ("aeiou", "AEIOU", "ệ", "ộ", "한", "क़", "Å", "İ", "I", "ı", "ő", "か", "が")
_SPELLED = [unicodedata.normalize(form, word) for word in _WORDS for form in ("NFC", "NFD")]
_PARTS = [
    *_SPELLED,
    *("\u0958", "\u212b", "\uf900", "\u1112", "\u1161", "\u11ab", "\u0902"),
    *(f"{base}{marks}" for base in "aeo" for marks in ("\u0302\u0323", "\u0323\u0302", "\u0301", "\u0307\u0301")),
    *("👍🏽", "👨\u200d👩\u200d👧", "🇩🇪", "1\ufe0f\u20e3", "❤\ufe0f", "'", "‘", "’"),
    *("\n\n", ",", "-", "\u0301", "\u0307", "\u200d"),
]
TEXTS = st.lists(st.sampled_from([*_PARTS, " ", " ", "\n"]), min_size=1, max_size=80).map("".join)
HTML_PARTS = [
    *("word", "don&#39;t", "&amp;", "&nbsp;", "x&eacute;y", "&lt;b&gt;", "&amp;#39;", "&", "<", ">", "1<2", "<3"),
    *("AT&T;", "&copy", "&bogus;", "é"),
    *["<b>", "</b>", "<br/>", "<br", "/>", "<p>", "</p>"],
    *('<a href="x y">', "<img\nsrc='z'>", "<!-- no\nmore -->", "<script>if (a<b) c();</script>"),
    *("<style > p{} </STYLE>", "<!doctype html>"),
]


def sentences(corpus: EncodedCorpus) -> list[list[str]]:
    words, ids = corpus.vocabulary.words, corpus.tokens.tolist()
    return [[words[i] for i in ids[start:stop]] for start, stop in itertools.pairwise(corpus.sentence_offsets.tolist())]


def small_pieces(patch: pytest.MonkeyPatch, size: int) -> None:
    patch.setattr(sources, "BLOCK_BYTES", size)
    patch.setattr(file_ranges, "RANGE_BYTES", size)
    patch.setattr(text_checks.SpacingCheck, "_refuse", lambda self, counted, found: None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("texts")


@pytest.mark.medium
@pytest.mark.parametrize(
    ("options", "rules"),
    [
        ({}, {}),
        ({"tokenizer": "characters"}, {"singles": True}),
        ({"keep": "emoji"}, {"keep_emoji": True}),
        ({"language": "az"}, {"turkish": True}),
    ],
    ids=["words", "characters", "emoji", "turkish"],
)
@repeatable
@given(text=TEXTS, threads=st.integers(1, 3), block_bytes=st.sampled_from([1, 7, 50, 1 << 20]), is_packed=st.booleans())
def test_a_corpus_holds_the_tokens_of_plain_python(
    folder: Path, options: dict[str, str], rules: dict[str, bool], text: str, threads: int, block_bytes: int, is_packed: bool
) -> None:
    path = folder / ("text.gz" if is_packed else "text.txt")
    path.write_bytes(gzip.compress(text.encode()) if is_packed else text.encode())
    lines = word_lines(text, **rules)
    counts = Counter(token for line in lines for token in line)
    with pytest.MonkeyPatch.context() as patch:
        small_pieces(patch, block_bytes)
        if not lines:
            return
        corpus = encode(path, min_count=1, threads=threads, **options)
    assert sentences(corpus) == lines
    assert dict(zip(corpus.vocabulary.words, corpus.vocabulary.counts.tolist(), strict=True)) == counts
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    assert list(corpus.vocabulary.words) == ranked
    assert corpus.manifest["distinct_words"] == len(counts)
    assert corpus.manifest["sample_tokens"] == [token for line in lines for token in line][:5]


def test_both_forms_of_a_word_are_one(tmp_path: Path) -> None:
    words = ["café", "việt", "한국어", "ñandú", "が", "क़लम", "ệ"]
    text = " ".join(unicodedata.normalize(form, word) for word in words for form in ("NFC", "NFD"))
    corpus = encode(texts=[text], min_count=2)
    assert sorted(corpus.vocabulary.words) == sorted(unicodedata.normalize("NFC", word) for word in words)
    assert set(corpus.vocabulary.counts.tolist()) == {2}


def test_tokens_of_the_caller_are_left_as_they_are() -> None:
    tokens = ["é", "é", "don’t"]
    assert set(encode([tokens], min_count=1).vocabulary.words) == set(tokens)
    assert set(encode(texts=[" ".join(tokens)], tokenizer="whitespace", min_count=1).vocabulary.words) == set(tokens)


@pytest.mark.medium
@repeatable
@given(parts=st.lists(st.sampled_from([*HTML_PARTS, " ", " ", "\n"]), max_size=60), block_bytes=st.sampled_from([1, 7, 50, 1 << 20]))
@example(parts=["x", "<br />", "y", "&nbsp;", "z"], block_bytes=1)
def test_html_is_cleaned_wherever_pieces_end(folder: Path, parts: list[str], block_bytes: int) -> None:
    text = "".join(parts)
    lines = word_lines(clean_html(text))
    (folder / "page.txt").write_text(text, encoding="utf-8", newline="")
    with pytest.MonkeyPatch.context() as patch:
        small_pieces(patch, block_bytes)
        if lines:
            assert sentences(encode(folder / "page.txt", min_count=1, clean="html", threads=2)) == lines
            assert sentences(encode(texts=[text], min_count=1, clean="html")) == lines


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("don&#39;t &amp; x<br />y&nbsp;z", "don't & x y\xa0z"),
        ("<p>w<b>or</b>d</p>&#x27;&eacute;&copy", " word 'é©"),
        ("a < b, c > d, <3, i<j and k>l, AT&T; &bogus;", "a < b, c > d, <3, i<j and k>l, AT&T; &bogus;"),
        ("it&amp;#39;s &amp;amp;", "it's &"),
        ("x<!-- <b> & -->y<script type='a'>if (1<2) {}</script>z<STYLE>p</style>", "x y z "),
        ('x<a\nhref="x" >y</a><IMG src=x/>z', "xy z"),
        ("&#0;&#xD800;\0", "\ufffd\ufffd "),
    ],
)
def test_html_becomes_text(text: str, cleaned: str) -> None:
    assert clean_html(text) == cleaned


def test_compatibility_characters_are_folded_character_by_character() -> None:
    assert fold_compatibility("ﬂour Ｗｏｒｄ ㎏ x² ｶﾞ don´t") == "flour Word kg x2 カ\u3099 don´t"
    text = "".join(map(chr, (code for code in range(0x20, 0x30000) if not 0xD800 <= code < 0xE000)))
    for character in text:
        folded = fold_compatibility(character)
        assert folded in (character, unicodedata.normalize("NFKC", character))


@pytest.mark.medium
@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("block_bytes", [10, 1 << 20])
def test_a_pattern_finds_what_re_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, threads: int, block_bytes: int) -> None:
    text = "C++ C# .NET AT&T 1,000.5 #tag @name\nNew York, ΟΔΟΣ cafe\u0301\n\n" * 20 + "c++" + " new york" * 9
    pattern = r"new york|New York|[@#]\w+|\.?\w[\w\u0301]*(?:[.,&'-]\w+)*[+#]*"
    lines = [[unicodedata.normalize("NFC", token.lower()) for token in re.findall(pattern, line)] for line in text.split("\n")]
    (tmp_path / "text").write_text(text, encoding="utf-8")
    small_pieces(monkeypatch, block_bytes)
    corpus = encode(tmp_path / "text", min_count=1, token_pattern=pattern, threads=threads)
    assert sentences(corpus) == [line for line in lines if line]
    assert sentences(encode(texts=[text], min_count=1, token_pattern=pattern)) == sentences(corpus)


def test_a_pattern_with_whitespace_leaves_tokens_as_they_stand() -> None:
    corpus = encode(texts=["C++ İ don’t #a #"], min_count=1, tokenizer="whitespace", token_pattern=r"#(\w*)")
    assert corpus.vocabulary.words == ("a",)
    corpus = encode(texts=["C++ İ don’t"], min_count=1, tokenizer="whitespace", token_pattern=r"[^ ]+")
    assert set(corpus.vocabulary.words) == {"C++", "İ", "don’t"}


@pytest.mark.medium
def test_a_model_of_a_pattern_is_gone_on_with_and_asked(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("C++ and C# are languages like F#\n" * 50)
    options = {"out": tmp_path / "m", "token_pattern": r"\w+[+#]*", "dim": 4, "min_count": 1, "threads": 1, "sample": 0}
    train(tmp_path / "text", epochs=1, **options)
    model = train(tmp_path / "text", epochs=2, resume=True, **options)
    assert model.vectors.find("C++") == "c++"
    assert model.vectors.tokenizer == CorpusConfig(token_pattern=r"\w+[+#]*", min_count=1)


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("", "not empty"), ("(", "unterminated subpattern"), ("a*", "where there is nothing"), (r"\b", "where there is nothing"),
        ("(?=a)", "where there is nothing"), ("(a)(b)", "one group"), ("*a", "nothing to repeat"), (3, "text"),
    ],
)  # fmt: skip
def test_a_pattern_that_is_none_is_refused(pattern: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        CorpusConfig(token_pattern=pattern)


@pytest.mark.medium
@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(\w+\s?)*;", r"(x+x+)+y", r"\w*\w*\w*\w*@"])
def test_a_pattern_without_an_end_is_refused(monkeypatch: pytest.MonkeyPatch, pattern: str) -> None:
    monkeypatch.setattr(token_pattern, "_TRIED_SECONDS", 1.0)
    with pytest.raises(ConfigError, match="does not come to an end"):
        encode(texts=["a"], token_pattern=pattern)


@pytest.mark.medium
def test_a_pattern_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token_pattern, "require_an_end", lambda pattern: None)
    monkeypatch.setattr(token_pattern, "_LONGEST_SECONDS", 1.0)
    with pytest.raises(CorpusError, match="took more than 1 s for the text that begins 'aaaa"):
        encode(texts=["a" * 50 + "!"], token_pattern=r"(a+)+;")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"keep": "smileys"}, "keep must be one of emoji"),
        ({"language": "de"}, "language must be one of tr, az, for others it is left away"),
        ({"clean": "xml"}, "clean must be one of html"),
        ({"fold": "case"}, "fold must be one of compatibility"),
        ({"keep": "emoji", "tokenizer": "whitespace"}, "keep goes with the tokenizers words, characters, chinese"),
        ({"language": "tr", "tokenizer": "chinese"}, "language goes with"),
        ({"fold": "compatibility", "tokenizer": "items"}, "fold goes with"),
        ({"token_pattern": "a", "tokenizer": "chinese"}, "token_pattern goes with the tokenizers words and whitespace"),
        ({"token_pattern": "a", "keep": "emoji"}, "leave keep away"),
    ],
)
def test_rules_that_do_not_go_together_are_refused(options: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        CorpusConfig(**options)


def test_a_config_of_earlier_versions_has_the_defaults() -> None:
    values = CorpusConfig(min_count=3).to_json()
    for name in ("keep", "language", "clean", "fold", "token_pattern"):
        del values[name]
    assert CorpusConfig.from_json(values) == CorpusConfig(min_count=3)
