"""The explorer as one file: what it carries, how large it is, and that nothing in it comes from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import numpy as np
import pytest
from explored import hostile_words, topic_vectors, vectors_of

from w2v.errors import ConfigError, FormatError

pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from w2v.explorer.bundle import one_script
from w2v.explorer.static_page import MOST_WORDS, Groups, carried_map, write_map_page
from w2v.vectors.projection import project
from w2v.vectors.word_vectors import WordVectors
from w2v.vocabulary import Vocabulary

ODD = [
    "</script><script>attacked(1)</script>",
    "<!--<script>",
    '"',
    "'",
    "\\",
    "a\nb",
    "\ud800",
    "e\u0301",
    "שלום",
    "\u202e",
    "",
    " ",
    "北京",
]

NOTE = "Nearest among the 20 words of this page."


def carried(vectors, n=None, **options):
    n = n or len(vectors)
    return carried_map(vectors, range(n), project(vectors.matrix[:n], "pca"), "m.w2v", **options)


def integers(text, dtype="<u2"):
    return np.frombuffer(base64.b64decode(text), dtype)


def page_of(path, vectors, **options):
    write_map_page(path, carried(vectors, **options))
    return path.read_text(encoding="utf-8")


def data_of(page):
    return json.loads(re.search(r'<script type="application/json" id="carried">(.*?)</script>', page, re.DOTALL)[1])


def test_it_carries_the_neighbors_of_each_word():
    vectors = topic_vectors()
    found = carried(vectors, 20)
    near, similarities = (integers(found[key]).reshape(20, 10) for key in ("near", "similarities"))
    for rank, expected in enumerate(vectors.neighbors_of_each(list(vectors.words[:20]), 10, restrict_vocab=20)):
        assert [found["words"][i] for i in near[rank]] == [neighbor.word for neighbor in expected]
        assert 2.0 * similarities[rank] / 65_535 - 1 == pytest.approx([neighbor.similarity for neighbor in expected], abs=2e-5)
    assert found["model"] == {"name": "m.w2v", "dim": 40, "facts": "20 of 42 words · dim 40", "note": NOTE}
    assert (found["counts"], found["ranks"]) == (vectors.counts[:20].tolist(), None)
    assert max(integers(found["x"]).max(), integers(found["y"]).max()) == 20_000
    assert sorted(integers(found["prominent"])) == list(range(20))


def test_chosen_words_keep_their_ranks_and_groups():
    vectors = topic_vectors()
    ranks = [1, 5, 9]
    groups = Groups([1, 0, 0], [["salt"], ["queen"]])
    found = carried_map(vectors, ranks, project(vectors.matrix[ranks], "pca"), "m", groups=groups)
    assert (found["words"], found["ranks"]) == (["queen", "salt", "王后"], ranks)
    assert integers(found["clusters"], "u1").tolist() == [1, 0, 0]
    assert sorted(integers(found["prominent"])[:2]) == [0, 1]  # the words that were asked for stand first


@pytest.mark.parametrize("n", [1, 2, 3])
def test_few_words(n):
    found = carried(vectors_of([f"w{i}" for i in range(n)]))
    assert len(integers(found["near"])) == n * (n - 1)


def test_labels_that_stand_for_several_words_are_told_apart():
    vectors = vectors_of(["1", "2", "3"])
    assert carried(vectors, shown=["Alien", "Up", "Alien"])["words"] == ["Alien (1)", "Up", "Alien (3)"]


@pytest.mark.medium
@pytest.mark.parametrize("word", ["word{:05}", "长词语{}", "{:07}"])
def test_it_has_under_100_kb_and_100_bytes_a_word(tmp_path, word):
    n = 3000
    page_of(tmp_path / "a.html", vectors_of([word.format(i) for i in range(n)]))
    assert (tmp_path / "a.html").stat().st_size < 100_000 + 100 * n


def test_odd_words_are_data(tmp_path):
    words = ODD + hostile_words(20)
    page = page_of(tmp_path / "a.html", vectors_of(words))
    assert data_of(page)["words"] == words
    assert re.findall(r"<(/?)script", page) == ["", "/", "", "/"]
    assert "<!--" not in page
    assert "<title>m.w2v</title>" in page


def test_its_policy_allows_its_own_script_and_style_only(tmp_path):
    page = page_of(tmp_path / "a.html", topic_vectors())
    policy = dict(part.strip().split(" ", 1) for part in re.search(r'Policy" content="(.*?)"', page)[1].rstrip("; ").split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == policy["trusted-types"] == "'none'"
    assert policy["img-src"] == "data:"
    for tag, name in (("style", "style-src"), ("script", "script-src")):
        (content,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert policy[name] == f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
    assert not re.search(r"https?:|//[a-z]", re.sub(r"//.*", "", page).replace("http://www.w3.org/2000/svg", ""))
    assert not re.search(r"<(script|link|img|iframe)[^>]*(src|href)=\"(?!data:)", page)


def test_the_script_holds_each_module_once():
    script = one_script()
    names = re.findall(r"^const (\w+)_module =", script, re.MULTILINE)
    assert len({*names}) == len(names)
    assert names[-1] == "main"
    assert {"api", "camera", "map", "panels"} < {*names}
    assert not re.search(r"^(import|export)\b", script, re.MULTILINE)
    assert "fetch(" not in script


def test_what_is_refused(tmp_path):
    many = WordVectors(
        Vocabulary([f"{i}" for i in range(MOST_WORDS + 1)], [0] * (MOST_WORDS + 1)), np.ones((MOST_WORDS + 1, 1), np.float32)
    )
    with pytest.raises(ConfigError, match="at most 50,000 words"):
        carried_map(many, range(MOST_WORDS + 1), np.zeros((MOST_WORDS + 1, 2)), "m")
    broken = WordVectors(Vocabulary(["a", "b"], [2, 1]), np.array([[1, 2], [np.nan, 1]], np.float32))
    with pytest.raises(FormatError, match="finite"):
        carried_map(broken, range(2), np.zeros((2, 2)), "m")
