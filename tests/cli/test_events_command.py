import json

import pytest

from w2v.cli.main import run
from w2v.corpus.encoded_corpus import EncodedCorpus
from w2v.vectors.model_directory import load_model

CLICKS = "user,item,time\nann,007,3\nbob,new york,1\nann,042,1\nbob,042,2\nbob,042,9\nann,new york,4\n"
OPTIONS = ["--group-by", "user", "--item-field", "item", "--order-by", "time"]


@pytest.fixture
def clicks(tmp_path):
    path = tmp_path / "clicks.csv"
    path.write_text(CLICKS, encoding="utf-8")
    return path


def test_encode_says_what_became_of_the_events(clicks, tmp_path, capsys):
    out = tmp_path / "c"
    assert run(["encode", str(clicks), "--out", str(out), *OPTIONS, "--drop-repeats", "--session-gap", "5", "--json"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["events"] == {
        "events": 6, "groups": 2, "sequences": 3, "repeats_dropped": 0, "short_sequences_dropped": 0, "events_in_them": 0,
    }  # fmt: skip
    assert "6 events of 2 groups make 3 sequences\n" in printed.err
    corpus = EncodedCorpus.open(out)
    assert corpus.sentence_offsets.tolist() == [0, 3, 5, 6]
    assert (corpus.config.group_by, corpus.config.session_gap) == ("user", "5")


def test_a_model_of_events_knows_its_columns_and_takes_a_query_as_one_item(clicks, tmp_path, capsys):
    out = tmp_path / "m"
    command = ["train", str(clicks), "--out", str(out), *OPTIONS, "--window", "session", "--dim", "4", "--epochs", "1", "--threads", "1"]
    assert run(command) == 0
    assert "6 events of 2 groups make 2 sequences" in capsys.readouterr().err
    stored = load_model(out)
    assert stored.manifest["corpus_config"]["item_field"] == "item"
    assert stored.corpus_config is not None
    assert stored.corpus_config.order_by == "time"
    assert run(["neighbors", str(out), " new york ", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)[0]["neighbors"]) == 2
    assert run([*command, "--resume"]) == 0
    assert "is trained already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (["--group-by", "customer", "--item-field", "item"], 1, "has no column 'customer' (columns: user, item, time)"),
        (["--item-field", "item"], 2, "--item-field needs --group-by"),
        (["--group-by", "user"], 2, "--group-by is for events"),
        ([*OPTIONS, "--tokenizer", "words"], 2, "leave tokenizer words away"),
        ([*OPTIONS, "--session-gap", "soon"], 2, "--session-gap must be above 0"),
    ],
)
def test_wrong_options(clicks, tmp_path, capsys, options, code, message):
    assert run(["encode", str(clicks), "--out", str(tmp_path / "c"), *options]) == code
    assert message in capsys.readouterr().err
    assert not (tmp_path / "c").exists()


def test_ways_on_are_options(clicks, tmp_path, capsys):
    clicks.write_text("user,item,time\nu,a,12/1/2010 8:26\nu,b,12/2/2010\n", encoding="utf-8")
    command = ["encode", str(clicks), "--out", str(tmp_path / "c"), *OPTIONS]
    assert run(command) == 1
    assert "such as --time-format '%m/%d/%Y %H:%M' or --time-format '%d/%m/%Y %H:%M'" in capsys.readouterr().err
    clicks.write_text("user,item,time\nu,a,12/1/2010 8:26\n,b,12/2/2010 8:27\n", encoding="utf-8")
    assert run([*command, "--time-format", "%m/%d/%Y %H:%M"]) == 1
    assert "--drop-incomplete drops all such events" in capsys.readouterr().err
    assert run([*command, "--time-format", "%m/%d/%Y %H:%M", "--drop-incomplete"]) == 0
    assert "1 incomplete events dropped (1 without a group); times: 2010-12-01 08:26:00" in capsys.readouterr().err
