"""Whole programs that turn a text into saved vectors: ours, gensim's, and the peers' binaries, with the command lines that people use.

A command line is a function of a `Job`. Files that it writes begin with `Job.out`.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from w2v.config import CLASSIC, DEFAULT_REUSE, CorpusConfig, TrainConfig


@dataclass(frozen=True)
class Job:
    """What to train: a text file, dim, epochs, threads; `out` is where to save."""

    text: Path
    out: Path
    dim: int
    epochs: int
    threads: int

    @property
    def config(self) -> TrainConfig:
        """word2vec's settings, which all have."""
        return TrainConfig(**{**CLASSIC, "dim": self.dim, "epochs": self.epochs, "negative_reuse": DEFAULT_REUSE})


CommandLine = Callable[[Job], list[str]]


def our_command(job: Job) -> list[str]:
    """`w2v train`, in the Python that runs this."""
    options = ["--classic", "--out", str(job.out), "--dim", str(job.dim), "--epochs", str(job.epochs), "--threads", str(job.threads)]
    return [sys.executable, "-m", "w2v", "train", *options, "--", str(job.text)]


def gensim_command(job: Job) -> list[str]:
    """A process that reads the text in gensim's fastest mode, trains and saves."""
    settings = {"train_config": job.config.to_json(), "min_count": CorpusConfig().min_count, "threads": job.threads}
    return [sys.executable, "-m", "w2v.comparison.gensim_program", str(job.text), str(job.out), json.dumps(settings)]


def _word2vec_options(job: Job) -> list[str]:
    """word2vec.c's options, which pWord2Vec has too."""
    config = job.config
    options = {
        "train": job.text, "output": job.out, "size": job.dim, "window": config.window, "negative": config.negatives,
        "sample": config.sample, "iter": job.epochs, "threads": job.threads, "cbow": 0, "hs": 0, "binary": 1,
        "min-count": CorpusConfig().min_count, "alpha": config.alpha,
    }  # fmt: skip
    return [text for name, value in options.items() for text in (f"-{name}", str(value))]


def _fasttext_options(job: Job) -> list[str]:
    """Skip-gram without the character n-grams that the others have not."""
    config = job.config
    options = {
        "input": job.text, "output": job.out, "dim": job.dim, "ws": config.window, "neg": config.negatives, "t": config.sample,
        "epoch": job.epochs, "thread": job.threads, "minCount": CorpusConfig().min_count, "lr": config.alpha, "maxn": 0,
    }  # fmt: skip
    return ["skipgram", *(text for name, value in options.items() for text in (f"-{name}", str(value)))]


# Peers that are programs of their own: name -> the options of a job.
_BINARY_OPTIONS = {"word2vec.c": _word2vec_options, "pWord2Vec": _word2vec_options, "fastText": _fasttext_options}


def binary_command(name: str, program: Path) -> CommandLine:
    """Command line of a peer's binary: name is word2vec.c, pWord2Vec or fastText."""
    options = _BINARY_OPTIONS[name]
    return lambda job: [str(program.absolute()), *options(job)]
