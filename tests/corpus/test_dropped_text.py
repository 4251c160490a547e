"""What is said of a text's characters that became no tokens."""

from pathlib import Path

import numpy as np
import pytest

from w2v.config import CorpusConfig
from w2v.corpus import inputs
from w2v.corpus.dropped_text import describe_dropped_text
from w2v.corpus.encoding import encode
from w2v.vocabulary import Vocabulary

TEXT = "don&#39;t say x<br />y 👍🏽👍 ❤️\nİzmir (a)\n"


def said(corpus) -> list[str]:
    return describe_dropped_text(corpus.manifest, corpus.config, corpus.vocabulary)


@pytest.mark.filterwarnings("ignore:HTML")
def test_each_kind_is_counted_and_its_option_named() -> None:
    corpus = encode(texts=[TEXT], min_count=1)
    assert corpus.manifest["text"] == {
        "characters": 32,
        "kept": 20,
        "emoji": 3,
        "html": {"lines": 2, "with": 1, "example": "&#39;"},
    }
    assert said(corpus) == [
        "kept 62 % of the characters that are not white space",
        "emoji dropped: 3 (keep='emoji' makes them tokens)",
        "HTML entities in 50 % of the lines, such as &#39;: clean='html' makes text of them",
        "words with a dotted capital I (İ): 1; if the text is Turkish, language='tr'",
    ]
    corpus = encode(texts=[TEXT], min_count=1, keep="emoji", clean="html", language="tr")
    assert said(corpus) == ["kept 91 % of the characters that are not white space"]


def test_html_in_texts_from_python_gets_a_warning() -> None:
    with pytest.warns(UserWarning, match='HTML entities in 50 % of the lines, such as &amp;: clean="html"'):
        encode(texts=["this &amp; that", "and AT&T; or a < b"], min_count=1)
    encode(texts=["this &amp; that"], min_count=1, clean="html")
    encode(texts=["this &amp; that", *["a line"] * 200], min_count=1)  # under one in a hundred


@pytest.mark.parametrize("tokenizer", ["whitespace", "items"])
def test_where_everything_is_kept_nothing_is_said(tokenizer: str) -> None:
    assert said(encode(texts=[TEXT], min_count=1, tokenizer=tokenizer)) == []
    assert said(encode([["a", "b"]], min_count=1)) == []


def test_what_is_counted_does_not_depend_on_threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(1)
    parts = np.array(["word ", "wörd. ", "&amp; ", "<b>", "👍 ", "\n"])
    (tmp_path / "text").write_text("".join(random.choice(parts, 400_000)), encoding="utf-8")
    found = [encode(tmp_path / "text", min_count=1, threads=threads).manifest["text"] for threads in (1, 2)]
    assert found[0] == found[1]
    assert found[0]["emoji"] == (tmp_path / "text").read_text(encoding="utf-8").count("👍")
    assert 0.5 < found[0]["kept"] / found[0]["characters"] < 0.7
    monkeypatch.setattr("w2v.corpus.dropped_text._ALL_OF", 0)
    assert encode(tmp_path / "text", min_count=1, threads=2).manifest["text"]["characters"] < found[0]["characters"]


def test_a_manifest_of_an_earlier_version_says_nothing() -> None:
    assert describe_dropped_text({}, CorpusConfig(), Vocabulary([], [])) == []
    assert inputs.TextInput([], CorpusConfig()).facts()["text"]["characters"] == 0
