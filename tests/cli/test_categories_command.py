"""`w2v categories`: from a table to a model in one command."""

import json

import pytest

import w2v
from w2v.cli.main import run
from w2v.corpus.category_tokens import Categories

SMALL = ["--epochs", "2", "--threads", "1", "--dim", "4"]


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "customers.csv"
    lines = [f"{('上海', '北京', '深圳')[i % 3]},{('cook', 'teacher')[i % 2]},{i % 37}" for i in range(200)]
    path.write_text("\n".join(["city,job,age", *lines]), encoding="utf-8")
    return path


@pytest.mark.medium
def test_a_table_becomes_a_model_and_the_fields_beside_it(table, tmp_path, capsys):
    out = tmp_path / "customers.w2v"
    assert run(["categories", str(table), "--out", str(out), "--bins", "4", *SMALL]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in printed] == ["field", "city", "job", "age"]
    vectors = w2v.load(out)
    assert {"city=上海", "job=cook", "age=..8"} <= set(vectors.words)
    assert vectors.dim == 4
    fields = Categories.load(tmp_path / "customers.w2v.fields.json")
    assert all(token in vectors for token in fields.tokens({"city": "北京", "job": "teacher", "age": 200}))


@pytest.mark.medium
def test_json_tells_values_borders_and_bytes(table, tmp_path, capsys):
    command = ["categories", str(table), "--out", str(tmp_path / "m"), "--json", "--fields", "job, age", *SMALL]
    assert run([*command, "--numbers", "age", "--bins", "2"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["rows"] == 200
    assert report["fields_path"] == str(tmp_path / "m.fields.json")
    assert report["fields"] == [
        {"field": "job", "values": 2, "borders": None, "one_hot_bytes": 16, "vector_bytes": 32},
        {"field": "age", "values": 2, "borders": [17.0], "one_hot_bytes": 16, "vector_bytes": 32},
    ]
    assert run([*command, "--no-numbers", "--overwrite"]) == 0
    assert json.loads(capsys.readouterr().out)["fields"][1] == {
        "field": "age", "values": 37, "borders": None, "one_hot_bytes": 4 * 37 * 37, "vector_bytes": 4 * 37 * 4,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--fields", "city,town"], 1, "has no column 'town' (columns: city, job, age)"),
        (["--fields", "city"], 1, "at least two columns"),
        (["--numbers", "job"], 1, "the column 'job' must hold numbers, found 'cook'"),
        (["--numbers", "age", "--no-numbers"], 2, "not both"),
        (["--bins", "1"], 2, "bins"),
        (["--dim", "0"], 2, "dim must be an integer"),
        (["--encoding", "utf-9"], 2, "encoding must be a text encoding"),
    ],
)
def test_what_is_refused(table, tmp_path, capsys, arguments, code, message):
    assert run(["categories", str(table), "--out", str(tmp_path / "m"), *arguments]) == code
    assert message in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["customers.csv"]


def test_an_existing_model_stays(table, tmp_path, capsys):
    out = tmp_path / "m"
    assert run(["categories", str(table), "--out", str(out), *SMALL]) == 0
    assert run(["categories", str(table), "--out", str(out), *SMALL]) == 1
    assert "exists already" in capsys.readouterr().err
    assert run(["categories", str(table), "--out", str(out), "--resume", *SMALL]) == 0
    assert "trained already" in capsys.readouterr().err


def test_the_fields_are_not_written_over_a_file_of_somebody_else(table, tmp_path, capsys):
    (tmp_path / "m.fields.json").write_text("mine")
    assert run(["categories", str(table), "--out", str(tmp_path / "m"), *SMALL]) == 1
    assert "m.fields.json exists already" in capsys.readouterr().err
    assert (tmp_path / "m.fields.json").read_text() == "mine"
    assert not (tmp_path / "m").exists()
    assert run(["categories", str(table), "--out", str(tmp_path / "m"), "--overwrite", *SMALL]) == 0
    assert run(["categories", str(table), "--out", str(tmp_path / "m"), "--resume", *SMALL]) == 0
