"""`w2v tune`, end to end on walks around rings."""

import json
import tomllib

import pytest
from next_items import write_walks

from w2v.cli.main import run

pytest.importorskip("optuna", reason="optuna is not installed")

FAST = ["--trials", "3", "--dim", "8", "--epochs", "4", "--window", "2", "--alpha", "0.05", "--threads", "1"]


@pytest.fixture
def sequences(tmp_path):
    return str(write_walks(tmp_path / "walks.txt"))


@pytest.fixture
def out(tmp_path):
    return tmp_path / "tuning"


@pytest.mark.long
@pytest.mark.medium
def test_tune_then_train(sequences, out, tmp_path, capsys):
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    assert run(["tune", sequences, "--out", str(out), *FAST, "--min-count", "2"]) == 0
    text, err = capsys.readouterr()
    assert text.startswith("NDCG@10 of the next item\n\ntrial")
    assert "best (trial " in text
    assert "popularity, test cases: " in text
    assert err.count("round 1, trial") == 3
    assert sorted(path.name for path in out.iterdir()) == [
        "best.toml", "corpus", "lock", "scores.png", "study.jsonl", "trials.md",
    ]  # fmt: skip
    best = tomllib.loads((out / "best.toml").read_text(encoding="utf-8"))
    assert (best["tokenizer"], best["min_count"], best["dim"], best["window"]) == ("items", 2, 8, 2)
    model = tmp_path / "m.w2v"
    assert run(["train", sequences, "--config", str(out / "best.toml"), "--out", str(model)]) == 0
    trained = json.loads((model / "manifest.json").read_text(encoding="utf-8"))
    assert {name: trained["train_config"][name] for name in best if name in trained["train_config"]} == {
        name: value for name, value in best.items() if name in trained["train_config"]
    }
    assert (trained["corpus_config"]["tokenizer"], trained["corpus_config"]["min_count"]) == ("items", 2)


@pytest.mark.medium
def test_the_same_again_and_where_it_was_stopped(sequences, out, tmp_path, capsys):
    def found(folder):
        assert run(["tune", sequences, "--out", str(folder), *FAST, "--json"]) == 0
        result = json.loads(capsys.readouterr().out)
        results = {(entry["trial"], entry["round"]): entry["score"] for entry in result["results"]}
        return result["best"], results

    whole = found(out)
    assert found(tmp_path / "again") == whole
    corpus = (out / "corpus" / "manifest.json").stat().st_mtime_ns
    journal = (out / "study.jsonl").read_bytes()
    third = journal.index(b'"trial":2,"round":0')
    (out / "study.jsonl").write_bytes(journal[:third])  # killed while the third training was written down
    assert found(out) == whole
    assert (out / "corpus" / "manifest.json").stat().st_mtime_ns == corpus
    assert (out / "study.jsonl").read_bytes().startswith(journal[: journal.rindex(b"\n", 0, third)])


@pytest.mark.medium
def test_changed_text_and_changed_options(sequences, out, capsys):
    assert run(["tune", sequences, "--out", str(out), *FAST]) == 0
    capsys.readouterr()
    assert run(["tune", sequences, "--out", str(out), *FAST, "--seed", "2"]) == 1
    assert "was begun with train " in capsys.readouterr().err
    with open(sequences, "a", encoding="utf-8") as file:
        file.write("a b\n")
    assert run(["tune", sequences, "--out", str(out), *FAST]) == 1
    assert "the file has changed" in capsys.readouterr().err
    assert run(["tune", sequences, "--out", str(out), *FAST, "--overwrite"]) == 0


@pytest.mark.medium
def test_word_pairs_and_an_encoded_corpus(sequences, out, tmp_path, capsys):
    assert run(["encode", sequences, "--tokenizer", "items", "--out", str(tmp_path / "c")]) == 0
    pairs = tmp_path / "pairs.tsv"
    pairs.write_text("r0i0\tr0i1\t9\nr0i1\tr1i1\t1\nr0i2\tr0i3\t9\nr0i2\tr2i3\t2\n", encoding="utf-8")
    capsys.readouterr()
    assert run(["tune", str(tmp_path / "c"), "--pairs", str(pairs), "--out", str(out), *FAST]) == 0
    text = capsys.readouterr().out
    assert text.startswith("Spearman's correlation, word pairs\n")
    assert "pairs.tsv: " in text
    assert "tokenizer" not in tomllib.loads((out / "best.toml").read_text(encoding="utf-8"))  # the corpus knows
    assert not (out / "corpus").exists()


@pytest.mark.parametrize("options", [["--trials", "1"], ["--held-out", "0.1"], ["--dim", "0"], ["--pairs", "no.tsv"]])
def test_wrong_options(sequences, out, options, capsys):
    assert run(["tune", sequences, "--out", str(out), *options]) == 2
    assert not out.exists()


def test_wrong_inputs(out, tmp_path, capsys):
    (tmp_path / "empty.txt").touch()
    assert run(["tune", str(tmp_path / "empty.txt"), "--out", str(out)]) == 1
    assert "the corpus is empty" in capsys.readouterr().err
    assert run(["tune", str(tmp_path / "empty.txt"), "--out", str(out), *FAST, "--negatives", "5", "--noise-exponent", "0"]) == 2
    assert "nothing to search" in capsys.readouterr().err
