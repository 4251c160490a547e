"""`w2v explore`: what it prints, what it refuses, how it ends."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import socket
import sys
from pathlib import Path

import numpy as np
import pytest
from explored import running, save, topic_vectors

from w2v.cli.main import run
from w2v.vectors.model_directory import save_model
from w2v.vocabulary import Vocabulary

pytestmark = pytest.mark.long


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return save(topic_vectors(), tmp_path / "m.w2v")


def needs_the_extra() -> None:
    for package in ("starlette", "uvicorn", "sklearn", "openTSNE"):
        pytest.importorskip(package, reason=f"{package} is not installed")


@pytest.mark.medium
def test_it_serves_on_the_loopback_and_ends_on_ctrl_c(model: Path) -> None:
    needs_the_extra()
    with running(model) as address:  # which also checks how it ends, while t-SNE may still run
        match = re.fullmatch(r"http://127\.0\.0\.1:(\d+)/#([\w-]{43})", address)
        assert match
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", int(match[1]), timeout=20)) as connection:
            connection.request("GET", "/api/model", headers={"X-W2V-Token": match[2]})
            answer = connection.getresponse()
            assert json.load(answer) == {"name": "m.w2v", "words": 42, "dim": 40}
            assert answer.getheader("server") is None
            connection.request("GET", "/api/model", headers={"X-W2V-Token": match[2], "Host": f"evil.example:{match[1]}"})
            assert connection.getresponse().status == 400
        others = [info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
        for host in {other for other in others if not str(other).startswith("127.")}:
            with pytest.raises(OSError, match=r"refused|unreachable|timed out"):
                socket.create_connection((host, int(match[1])), timeout=2)


@pytest.mark.medium
def test_it_ends_by_sigint_in_the_background_of_a_script_too(model: Path) -> None:
    needs_the_extra()
    with running(model, "--method", "pca", shell=("sh", "-c", 'trap "" INT; exec "$@"', "sh")) as address:
        assert address.startswith("http://")


@pytest.mark.medium
@pytest.mark.skipif(sys.platform == "darwin", reason="names of files are Unicode there")
def test_a_name_that_is_not_unicode(tmp_path: Path) -> None:
    needs_the_extra()
    with running(save(topic_vectors(), tmp_path / os.fsdecode(b"m\xff.w2v")), "--method", "pca") as address:
        match = re.fullmatch(r"http://127\.0\.0\.1:(\d+)/#([\w-]{43})", address)
        assert match
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", int(match[1]), timeout=20)) as connection:
            connection.request("GET", "/api/model", headers={"X-W2V-Token": match[2]})
            assert json.load(connection.getresponse())["name"] == "m?.w2v"


@pytest.mark.medium
def test_two_runs_have_different_tokens(model: Path) -> None:
    needs_the_extra()
    addresses = []
    for _ in range(2):
        with running(model, "--method", "pca") as address:
            addresses.append(address.partition("#")[2])
    assert addresses[0] != addresses[1]


def test_a_taken_port_is_one_line(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    needs_the_extra()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert run(["explore", str(model), "--port", str(port)]) == 1
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"Error: --port must be free: {port} on 127.0.0.1 is taken; choose another, or leave out --port\n")


@pytest.mark.parametrize("arguments", [["--top", "50001"], ["--top", "0"], ["-k", "13"], ["--port", "65536"], ["--method", "umap"]])
def test_wrong_use_exits_2(model: Path, arguments: list[str]) -> None:
    assert run(["explore", str(model), *arguments]) == 2


def test_a_missing_model_exits_2(tmp_path: Path) -> None:
    assert run(["explore", str(tmp_path / "none.w2v")]) == 2


def test_vectors_that_are_not_finite_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    needs_the_extra()
    matrix = np.ones((3, 4), np.float32)
    matrix[1, 2] = np.nan
    save_model(tmp_path / "m", vocabulary=Vocabulary("abc", [3, 2, 1]), input_vectors=matrix, output_vectors=matrix, manifest={})
    assert run(["explore", str(tmp_path / "m")]) == 1
    assert "must be finite" in capsys.readouterr().err


@pytest.mark.parametrize("package", ["starlette", "uvicorn", "openTSNE", "sklearn.cluster"])
def test_a_missing_package_is_named(model: Path, package: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    needs_the_extra()
    monkeypatch.setitem(sys.modules, package, None)
    assert run(["explore", str(model)]) == 1
    err = capsys.readouterr().err.splitlines()[-1]
    assert f"{package.partition('.')[0]} is needed for" in err
    assert "pip install 'w2v[" in err
