"""`scripts/growth.py` writes the texts that it says, and prints a row for each."""

import runpy
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "growth.py"


def test_the_text_has_a_zipf_distribution(tmp_path):
    write = runpy.run_path(str(SCRIPT))["write_zipf_text"]
    for name in ("a", "b"):
        write(tmp_path / name, 60_010, 30)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    lines = [line.split() for line in (tmp_path / "a").read_text().splitlines()]
    assert {len(line) for line in lines[:-1]} == {20}
    counts = Counter(word for line in lines for word in line)
    assert counts.total() == 60_010
    assert set(counts) == {*"abcdefghijklmnopqrstuvwxyz", "aa", "ab", "ac", "ad"}
    for rank, word in enumerate("abc", 1):  # 60,010 / H(30) / rank; five standard deviations are at most 600
        assert abs(counts[word] - 60_010 / 3.995 / rank) < 600


@pytest.mark.long
def test_a_row_for_each_length():
    command = [sys.executable, str(SCRIPT), "--tokens", "2000,4000", "--words", "50", "--dim", "8", "--threads", "1"]
    head, *rows = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert head.startswith("tokens")
    assert [row.split()[0] for row in rows] == ["2,000", "4,000"]
    assert [row.split()[3] for row in rows] == ["2", "1"]
