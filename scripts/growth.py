"""Does the cost of a word, or the memory, grow with the text? Trains on ever longer texts with a Zipf distribution and prints a table.

    python scripts/growth.py                                        cost per word from 1M to 64M tokens
    python scripts/growth.py --tokens 800000000 --words 200000      memory on a text of about 4 GB

Texts are written by streaming and removed. All are trained on for the same number of words in total, the shorter ones over more epochs.
"""

from __future__ import annotations

import argparse
import string
import tempfile
from pathlib import Path

import numpy as np

from w2v.comparison.process_runs import run_process
from w2v.comparison.training_commands import Job, our_command
from w2v.machine import usable_cores
from w2v.text_tables import plain_table
from w2v.vectors.model_directory import load_model

LINE_WORDS = 20
CHUNK_LINES = 50_000


def write_zipf_text(path: Path, n_tokens: int, n_words: int, seed: int = 1) -> None:
    """Write lines of words drawn with probability 1 / rank."""
    random = np.random.default_rng(seed)
    cumulative = np.cumsum(1 / np.arange(1, n_words + 1))
    words = np.array([spelled(rank) for rank in range(n_words)], object)
    with open(path, "w", encoding="ascii") as file:
        for start in range(0, n_tokens, CHUNK_LINES * LINE_WORDS):
            n = min(CHUNK_LINES * LINE_WORDS, n_tokens - start)
            ranks = np.searchsorted(cumulative, random.random(n) * cumulative[-1])
            drawn = words[ranks].tolist()
            file.writelines(" ".join(drawn[first : first + LINE_WORDS]) + "\n" for first in range(0, n, LINE_WORDS))


def spelled(rank: int) -> str:
    """A word of letters for each rank, the shortest ones first."""
    letters = ""
    rank += 1
    while rank:
        rank, letter = divmod(rank - 1, 26)
        letters = string.ascii_lowercase[letter] + letters
    return letters


def measure(text: Path, folder: Path, dim: int, epochs: int, threads: int) -> list[str]:
    """One row of the table."""
    run = run_process(our_command(Job(text, folder / "model", dim, epochs, threads)))
    report = load_model(folder / "model").manifest["report"]
    read, trained = report["seconds"]["read"] / report["tokens"], report["seconds"]["train"] / report["tokens"] / epochs
    return [
        f"{report['tokens']:,}", f"{text.stat().st_size / 1e6:,.0f}", f"{report['vocabulary']:,}", str(epochs),
        f"{read * 1e9:.1f}", f"{trained * 1e9:.1f}", f"{run.seconds:.1f}", f"{run.peak_anonymous_bytes / 1e6:,.0f}",
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--tokens", default="1000000,4000000,16000000,64000000", help="lengths of the texts, with commas between")
    # Few enough that the shortest text shows them all: more words cost more cache misses, however long the text.
    parser.add_argument("--words", type=int, default=10_000, help="different words [%(default)s]")
    parser.add_argument("--dim", type=int, default=100, help="[%(default)s]")
    parser.add_argument("--threads", type=int, default=usable_cores(), help="[%(default)s]")
    options = parser.parse_args()
    sizes = [int(size) for size in options.tokens.split(",")]
    rows = []
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="w2v-growth-") as folder:
            text = Path(folder) / "text.txt"
            write_zipf_text(text, size, options.words)
            rows.append(measure(text, Path(folder), options.dim, max(1, max(sizes) // size), options.threads))
    head = ["tokens", "MB", "vocabulary", "epochs", "ns/word read", "ns/word trained", "seconds in all", "peak MB allocated"]
    print(plain_table(head, rows))


if __name__ == "__main__":
    main()
