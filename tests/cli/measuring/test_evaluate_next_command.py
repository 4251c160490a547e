"""`w2v evaluate-next`, end to end on walks around rings."""

import json

import pytest
from next_items import walks, write_walks

from w2v.cli.main import run

FAST = ["--dim", "16", "--window", "2", "--epochs", "20", "--alpha", "0.05", "--threads", "1", "--no-gensim"]


@pytest.fixture
def sequences(tmp_path):
    return write_walks(tmp_path / "walks.txt")


def measured(arguments, capsys):
    assert run(["evaluate-next", *map(str, arguments), *FAST, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.long
def test_table(sequences, capsys):
    pytest.importorskip("scipy", reason="scipy is not installed")
    assert run(["evaluate-next", str(sequences), *FAST]) == 0
    out, err = capsys.readouterr()
    assert out.startswith(
        "300 sequences, 32 items in 1,200 places of the training part\nheld out: the last item of each; 240 of them asked"
    )
    assert "w2v - co-occurrence" in out
    assert "training w2v, seed 1" in err


def test_json_is_the_same_from_lines_and_from_an_encoded_corpus(sequences, tmp_path, capsys):
    lines = measured([sequences], capsys)
    assert run(["encode", str(sequences), "--tokenizer", "items", "--out", str(tmp_path / "c")]) == 0
    capsys.readouterr()
    encoded = measured([tmp_path / "c"], capsys)
    assert lines["methods"] == encoded["methods"]
    ours, settings = lines["methods"][-1], lines["settings"]
    assert ours["method"] == "w2v"
    assert ours["hit_rate_10"]["mean"] > 0.9
    assert (settings["cases"], settings["validation_cases"], settings["train_config"]["sample"]) == (240, 60, 0.0)


def test_events_give_the_same_as_their_lines(sequences, tmp_path, capsys):
    rows = [f"{user},{item},{time}\n" for user, walk in enumerate(walks()) for time, item in enumerate(walk)]
    (tmp_path / "events.csv").write_text("user,item,time\n" + "".join(rows), encoding="utf-8")
    events = measured([tmp_path / "events.csv", "--group-by", "user", "--item-field", "item", "--order-by", "time"], capsys)
    assert events["methods"] == measured([sequences], capsys)["methods"]


def test_seen_items_may_stay(tmp_path, capsys):
    path = tmp_path / "again.txt"
    path.write_text("a b c a\nb c a b\nc a b c\n" * 20, encoding="utf-8")
    left_out = measured([path], capsys)
    assert left_out["settings"]["repeated_targets"] == 48
    assert left_out["methods"][-1]["hit_rate_10"]["mean"] == 0
    assert measured([path, "--keep-seen"], capsys)["methods"][-1]["hit_rate_10"]["mean"] == 1


def test_cases_and_baskets(sequences, capsys):
    settings = measured([sequences, "--cases", "50", "--hold-out", "random"], capsys)["settings"]
    assert (settings["cases"], settings["held_out"]) == (50, "random")


@pytest.mark.parametrize("options", [["--seeds", "0"], ["--seed", "3"], ["--hold-out", "first"], ["--cases", "1"], ["--held-out", "0.1"]])
def test_wrong_options(sequences, options, capsys):
    assert run(["evaluate-next", str(sequences), *options]) == 2
    assert capsys.readouterr().out == ""


def test_wrong_inputs(sequences, tmp_path, capsys):
    assert run(["evaluate-next", str(tmp_path / "no.txt")]) == 2
    assert run(["encode", str(sequences), "--tokenizer", "items", "--out", str(tmp_path / "c")]) == 0
    assert run(["evaluate-next", str(tmp_path / "c"), "--min-count", "2"]) == 2
    assert "leave the corpus options away" in capsys.readouterr().err
    (tmp_path / "empty.txt").touch()
    assert run(["evaluate-next", str(tmp_path / "empty.txt")]) == 1
    assert "the corpus is empty" in capsys.readouterr().err
    (tmp_path / "short.txt").write_text("a\nb\nc d\n", encoding="utf-8")
    assert run(["evaluate-next", str(tmp_path / "short.txt")]) == 1
    assert "two items or more: found 1 among 3" in capsys.readouterr().err
