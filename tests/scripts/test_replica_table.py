"""`scripts/replica_table.py` prints a row for each scheme."""

import subprocess
import sys
from pathlib import Path

import pytest
from topics import topic_lines, write_lines

SCRIPT = Path(__file__).parents[2] / "scripts" / "replica_table.py"


@pytest.mark.slow
def test_a_row_for_each_scheme(tmp_path):
    text = write_lines(tmp_path / "t.txt", topic_lines(500))
    command = [
        sys.executable,
        str(SCRIPT),
        str(text),
        "--schemes",
        "default,2,adasum2",
        "--seeds",
        "1,2",
        "--epochs",
        "1",
        "--threads",
        "1",
    ]
    found = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    assert [line.split()[:2] for line in found[:6]] == [[scheme, seed] for seed in "12" for scheme in ("default", "2", "adasum2")]
    assert [line.split()[:2] for line in found[7:]] == [["default", "2"], ["2", "2"], ["adasum2", "2"]]


@pytest.mark.slow
def test_another_scheme_is_refused(tmp_path):
    found = subprocess.run([sys.executable, str(SCRIPT), "x", "--schemes", "median4"], capture_output=True, text=True, check=False)
    assert found.returncode != 0
    assert "received median4" in found.stderr
