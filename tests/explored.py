"""Models for the tests of the explorer, and a `w2v explore` that runs."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from w2v.config import CorpusConfig
from w2v.vectors.model_directory import save_model
from w2v.vectors.word_vectors import WordVectors
from w2v.vocabulary import Vocabulary

TOPICS = {
    "royal": ["king", "queen", "prince", "throne"],
    "food": ["bread", "salt", "soup", "pepper"],
    "chinese": ["国王", "王后", "王子", "宝座"],
}
ATTACKS = (
    "<img src=x onerror={}>",
    "<script>{}</script>",
    '"><svg onload={}>',
    "'-{}-'",
    "javascript:{}",
    "</title><script>{}</script>",
    "${{{}}}",
    "<iframe srcdoc='<script>parent.{}</script>'>",
    "&lt;img src=x onerror={}&gt;",
    "\u202e<b onmouseover={}>x</b>",
)


def hostile_words(n: int) -> list[str]:
    """`n` words that would call ``attacked(i)`` if any of them were taken as HTML or script."""
    return [ATTACKS[i % len(ATTACKS)].format(f"attacked({i})") for i in range(n)]


def vectors_of(words: Sequence[str], dim: int = 12, seed: int = 1) -> WordVectors:
    """Random vectors, with counts that fall from the first word to the last."""
    matrix = np.random.default_rng(seed).standard_normal((len(words), dim)).astype(np.float32)
    return WordVectors(Vocabulary(words, range(3 * len(words), 2 * len(words), -1)), matrix, tokenizer=CorpusConfig())


def topic_vectors() -> WordVectors:
    """The words of `TOPICS` near one another, and 30 words that are near nothing."""
    words = [word for topic in TOPICS.values() for word in topic] + [f"word{i}" for i in range(30)]
    vectors = vectors_of(words, dim=40)
    matrix = vectors.matrix.copy()
    for number in range(len(TOPICS)):
        matrix[4 * number : 4 * number + 4] = matrix[4 * number] + 0.4 * matrix[4 * number : 4 * number + 4]
    return WordVectors(vectors.vocabulary, matrix, tokenizer=CorpusConfig())


def save(vectors: WordVectors, path: Path) -> Path:
    """A model directory."""
    manifest = {"corpus_config": CorpusConfig().to_json()}
    save_model(
        path, vocabulary=vectors.vocabulary, input_vectors=vectors.matrix, output_vectors=np.zeros_like(vectors.matrix), manifest=manifest
    )
    return path


@contextlib.contextmanager
def running(model: Path, *options: str, shell: Sequence[str] = ()) -> Iterator[str]:
    """The address that `w2v explore` prints; it is ended by Ctrl-C, and must end well. `shell` is what starts it."""
    command = [*shell, sys.executable, "-m", "w2v", "explore", str(model), *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address, process.communicate(timeout=20)[1]
        yield address
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to t-SNE's process too
        out, err = process.communicate(timeout=20)
        ending = (out, err.splitlines()[-1], process.returncode)
        assert ending == ("", "explorer ended", 130), f"{ending}\n{err}"
        assert "Traceback" not in err, err
    finally:
        process.kill()
        process.communicate()
