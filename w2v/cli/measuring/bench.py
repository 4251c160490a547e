"""`w2v bench`."""

import json
from pathlib import Path
from typing import Any

import click

from w2v.cli.shared.comparison_options import MOST_THREADS, text_argument, text_or_starter
from w2v.cli.shared.config_options import json_option

_BINARY = click.Path(exists=True, dir_okay=False, executable=True, path_type=Path)


class _Numbers(click.ParamType["tuple[int, ...]"]):
    """Integers from 1 to `highest`, with commas between, each once."""

    name = "N,N…"

    def __init__(self, highest: int) -> None:
        self.highest = highest

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        try:
            numbers = tuple(dict.fromkeys(int(part) for part in str(value).split(",")))
        except ValueError:
            self.fail(f"integers with commas between are wanted: received {value!r}", param, ctx)
        if not all(1 <= number <= self.highest for number in numbers):
            self.fail(f"each must be from 1 to {self.highest}: received {value!r}", param, ctx)
        return numbers


@click.command()
@text_argument
@click.option("--dims", type=_Numbers(1024), default="100,300", show_default=True, help="Lengths of word vectors.")
@click.option("--threads", type=_Numbers(MOST_THREADS), help="Numbers of threads. [default: 1, 2, 4 … to the cores this process may use]")
@click.option("--epochs", type=click.IntRange(min=1), default=1, show_default=True, metavar="N", help="Epochs where training is measured.")
@click.option("--pipeline-epochs", type=click.IntRange(min=1), default=5, show_default=True, metavar="N", help="Epochs of whole runs.")
@click.option("--repeats", type=click.IntRange(min=1), default=3, show_default=True, metavar="N", help="Runs of each tool; medians count.")
@click.option("--device", type=click.Choice(["cpu", "cuda"]), default="cpu", show_default=True, help="What trains in the training rows.")
@click.option("--no-gensim", is_flag=True, help="Leave gensim away.")
@click.option("--word2vec-c", type=_BINARY, metavar="PATH", help="Measure this binary of word2vec.c too.")
@click.option("--pword2vec", type=_BINARY, metavar="PATH", help="Measure this binary of pWord2Vec too.")
@click.option("--fasttext", type=_BINARY, metavar="PATH", help="Measure this binary of fastText too.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the result as JSON to this file too.")
@click.option("--overwrite", is_flag=True, help="Replace OUT if it exists.")
@click.option("--markdown", is_flag=True, help="Print the table in Markdown.")
@json_option
def bench(
    text: Path | None,
    dims: tuple[int, ...],
    threads: tuple[int, ...] | None,
    epochs: int,
    pipeline_epochs: int,
    repeats: int,
    device: str,
    no_gensim: bool,
    word2vec_c: Path | None,
    pword2vec: Path | None,
    fasttext: Path | None,
    out: Path | None,
    overwrite: bool,
    markdown: bool,
    as_json: bool,
) -> None:
    """Measure reading, training and the whole pipeline, against other tools.

    TEXT is a plain text file; without one it is the corpus `starter`. Every tool runs several times, in turn with the others.

    \b
    reading     MB/s from text to encoded corpus, and of its stages; how long the calling thread is busy (gensim: its vocabulary pass)
    training    corpus words/s of the training call; GFLOP/s, and their share of the multiply-add peak measured beside it
                (binaries: the whole process, reading inside)
    pipeline    seconds and peak memory of the process from raw text to saved vectors
    cold start  seconds of the first run ever, and of the next one
    """
    from w2v.comparison.benchmark import BenchmarkConfig, benchmark
    from w2v.formats import check_goal
    from w2v.storage import atomic_file
    from w2v.training.gpu.card import require_card

    if device == "cuda":
        require_card()
    if out is not None:
        check_goal(out, overwrite=overwrite)
    named = {"word2vec.c": word2vec_c, "pWord2Vec": pword2vec, "fastText": fasttext}
    config = BenchmarkConfig(
        dims=dims, threads=threads or _thread_counts(), epochs=epochs, pipeline_epochs=pipeline_epochs, repeats=repeats,
        device=device, gensim=not no_gensim, binaries={name: path for name, path in named.items() if path is not None},
    )  # fmt: skip
    found = benchmark(text_or_starter(text), config, on_message=lambda line: click.echo(line, err=True))
    click.echo(json.dumps(found.to_json()) if as_json else found.text(markdown))
    if out is not None:  # after printing: nothing is lost where it cannot be written
        with atomic_file(out) as file:
            file.write(json.dumps(found.to_json(), indent=1).encode() + b"\n")


def _thread_counts() -> tuple[int, ...]:
    """1, 2, 4 … and the cores that this process may use."""
    from w2v.machine import usable_cores

    cores = usable_cores()
    return (*(count for count in (2**i for i in range(10)) if count < cores), cores)
