"""`w2v corpus`: what is printed where, and exit codes."""

from __future__ import annotations

import json
import sys

import pytest

from w2v.cli.main import run


@pytest.fixture(scope="module")
def starter(tmp_path_factory):
    out = tmp_path_factory.mktemp("a folder")
    assert run(["corpus", "get", "starter", "--out", str(out)]) == 0
    return out


def test_list(capsys):
    assert run(["corpus", "list"]) == 0
    out, err = capsys.readouterr()
    assert [line.split()[0] for line in out.splitlines() if not line.startswith(" ")] == [
        "enwik9", "enwiki8", "starter", "text8", "wikipedia-dump",
    ]  # fmt: skip
    assert "17,005,207 tokens" in out
    assert err == ""


def test_list_as_json(capsys):
    assert run(["corpus", "list", "--json"]) == 0
    corpora = {entry["name"]: entry for entry in json.loads(capsys.readouterr().out)}
    assert corpora["text8"]["size"] == 100_000_000
    assert corpora["text8"]["download_size"] == 31_344_016
    assert corpora["starter"]["download_size"] is None
    assert corpora["wikipedia-dump"]["parameters"] == {"language": "en", "date": "latest"}


@pytest.mark.medium
def test_get_prints_the_path_and_nothing_else_on_stdout(starter, capsys):
    assert run(["corpus", "get", "starter", "--out", str(starter)]) == 0
    out, err = capsys.readouterr()
    assert out == f"{starter}/starter/starter.txt\n"
    assert err == "starter is there already, and verified\n"


@pytest.mark.medium
def test_get_writes_into_downloads_of_the_current_folder(starter, capsys, tmp_path, monkeypatch):
    (tmp_path / "downloads").symlink_to(starter)
    monkeypatch.chdir(tmp_path)
    assert run(["corpus", "get", "starter"]) == 0
    assert capsys.readouterr().out == "downloads/starter/starter.txt\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["get"], "Missing argument 'NAME'"),
        (["get", "text9"], "there is no corpus 'text9': the known ones are enwik9, enwiki8, starter, text8, wikipedia-dump"),
        (["get", "text8", "--language", "zh"], "text8 has no parameter language"),
        (["get", "wikipedia-dump", "--language", "../etc"], "language must be the code of the Wikipedia"),
        (["get", "wikipedia-dump", "--date", "yesterday"], "date must be the day of the dump as YYYYMMDD"),
        (["list", "--colour"], "No such option '--colour'"),
    ],
)
def test_wrong_use(capsys, arguments, message):
    assert run(["corpus", *arguments]) == 2
    out, err = capsys.readouterr()
    assert message in err
    assert out == ""


def test_no_gensim_for_starter(capsys, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "gensim.corpora.wikicorpus", None)
    assert run(["corpus", "get", "starter", "--out", str(tmp_path)]) == 1
    out, err = capsys.readouterr()
    assert err.startswith("Error: gensim is needed for cleaning Wikipedia text: pip install 'w2v[validate]'")
    assert err.count("\n") == 1
    assert out == ""


def test_offline(capsys, tmp_path, monkeypatch):
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "")
    assert run(["corpus", "get", "text8", "--out", str(tmp_path)]) == 1
    out, err = capsys.readouterr()
    assert err.startswith("Error: cannot reach https://mattmahoney.net/dc/text8.zip: ")
    assert err.endswith(f"download it by hand to {tmp_path}/text8/text8.zip and run again\n")
    assert err.count("\n") == 1
    assert out == ""
