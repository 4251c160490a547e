"""All methods on walks around rings: who knows what comes next, by which rule, and what a report says of it."""

import json
import sys

import numpy as np
import pytest
from next_items import walks

from w2v.config import CorpusConfig, TrainConfig
from w2v.corpus.encoding import encode
from w2v.items.gensim_items import write_ranks
from w2v.items.held_out_items import split_sequences
from w2v.items.method_comparison import ItemEvaluation, MethodResult
from w2v.items.next_item_report import NextItemReport
from w2v.items.query_rules import QueryRule

CONFIG = TrainConfig(dim=16, window=2, epochs=30, sample=0.0, alpha=0.05)


def compare(config=CONFIG, messages=None, keep_seen=False):
    split = split_sequences(encode(walks(), None, CorpusConfig(tokenizer="items")), 1, None)
    return ItemEvaluation(split, config, 1, keep_seen, (messages if messages is not None else []).append)


def hit_rates(methods):
    return {method.name: float(method.gains[..., 0].mean()) for method in methods}


def test_what_can_be_learned_is_learned():
    pytest.importorskip("scipy", reason="scipy is not installed")
    messages = []
    methods = compare(messages=messages).compare_methods(2, with_gensim=False)
    found = hit_rates(methods)
    assert [method.name for method in methods] == ["popularity", "co-occurrence", "w2v"]
    assert found["w2v"] > 0.95  # 28 candidates, and 10 places for one of the same ring
    assert found["co-occurrence"] > 0.95
    assert found["popularity"] < 0.6
    assert methods[-1].gains.shape == (2, 240, 3)
    assert methods[-1].gains[..., 2].mean() > 0.4  # MRR
    assert methods[-1].rule.score in ("cosine", "prediction")
    assert [line.partition(":")[0] for line in messages] == ["co-occurrence", "training w2v, seed 1", "training w2v, seed 2", "w2v"]


def test_one_thread_gives_the_same_again():
    first, second = (compare().compare_methods(1, with_gensim=False)[-1] for _ in range(2))
    np.testing.assert_array_equal(first.gains, second.gains)
    assert first.rule == second.rule


@pytest.mark.medium
def test_gensim_in_a_process_of_its_own():
    pytest.importorskip("gensim", reason="gensim is not installed")
    methods = compare().compare_methods(1, with_gensim=True)
    assert [method.name for method in methods][-2:] == ["gensim", "w2v"]
    assert hit_rates(methods)["gensim"] > 0.95
    assert methods[-2].gains[..., 2].mean() > 0.4  # its rows are put into the order of our ranks


def test_without_what_is_not_installed(monkeypatch):
    for name in ("scipy.sparse", "gensim"):
        monkeypatch.setitem(sys.modules, name, None)
    messages = []
    methods = compare(messages=messages).compare_methods(1, with_gensim=True)
    assert [method.name for method in methods] == ["popularity", "w2v"]
    assert [line for line in messages if line.startswith("without") and "pip install" in line] == messages[:2]


def test_long_sequences_are_cut_for_gensim_only(tmp_path):
    corpus = encode([["a", "b"] * 6000, ["b", "c d"]], None, CorpusConfig(tokenizer="items"))
    write_ranks(corpus, tmp_path / "lines.txt")
    lines = (tmp_path / "lines.txt").read_text().splitlines()
    assert [len(line.split()) for line in lines] == [10_000, 2000, 2]
    assert [rank for line in lines for rank in map(int, line.split())] == corpus.tokens.tolist()


@pytest.fixture
def report():
    ours = np.array([[[1, 1, 1], [0, 0, 0.05], [1, 0.5, 0.25]], [[1, 1, 1], [1, 0.5, 0.2], [1, 0.5, 0.25]]])
    methods = [
        MethodResult("popularity", {}, ours[:1] * 0, (0.01,)),
        MethodResult("w2v", {QueryRule("", 1): 0.1, QueryRule("cosine", 3): 0.2}, ours, (0.5, 0.7)),
    ]
    settings = {
        "sequences": 5, "items": 9, "tokens": 20, "held_out": "last", "cases": 3, "new_targets": 1, "repeated_targets": 0,
        "validation_cases": 2, "seeds": 2, "threads": 1, "train_config": CONFIG.to_json(),
    }  # fmt: skip
    return NextItemReport(settings, methods)


def test_the_report_as_json(report):
    found = json.loads(json.dumps(report.to_json(), allow_nan=False))
    popularity, ours = found["methods"]
    assert (popularity["rule"], popularity["hit_rate_10"]["mean"]) == (None, 0)
    assert ours["rule"] == {"score": "cosine", "last": 3}
    assert ours["validation_ndcg_10"] == {"last item": 0.1, "cosine, last 3 items": 0.2}
    assert ours["hit_rate_10"]["seeds"] == pytest.approx([2 / 3, 1])
    assert ours["hit_rate_10"]["mean"] == pytest.approx(5 / 6)
    assert ours["coverage"] == pytest.approx(0.6)
    low, high = ours["mrr"]["interval"]
    assert low < ours["mrr"]["mean"] < high
    (difference,) = found["differences"]
    assert (difference["method"], difference["minus"]) == ("w2v", "popularity")
    assert difference["mrr"] == ours["mrr"]  # paired, and the other side is nothing


def test_the_report_as_a_table(report):
    lines = report.table().splitlines()
    assert "5 sequences, 9 items in 20 places" in lines[0]
    assert "3 of them asked (1 new to training, 0 in their own history)" in lines[1]
    rows = {line.split("  ")[0]: line for line in lines if "[" in line}
    assert "0.8333 [" in rows["w2v"]
    assert "] ± 0.2357" in rows["w2v"]
    assert rows["w2v"].endswith("0.600  cosine, last 3 items")
    assert "w2v - popularity" in rows
    assert report.table(markdown=True).count("\n|") == 5  # the head after a blank line, the rule below it, three rows
