"""`w2v classify compare`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from w2v.cli.classify.data_options import DataPath, LabelledPath, corpus_options, read_data, vectors_option
from w2v.cli.shared.config_options import json_option
from w2v.cli.shared.vector_options import load_tokenized_vectors
from w2v.progress import progress_bar
from w2v.text_tables import aligned

if TYPE_CHECKING:
    from w2v.downstream.classifier.compare import Compared

_HEADS = ("mean", "flatten", "cnn", "lstm", "gru")


class _Sizes(click.ParamType[tuple[int, ...]]):
    name = "sizes"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        parts = str(value).split(",")
        if not all(part.strip().isascii() and part.strip().isdigit() and int(part) for part in parts):
            self.fail(f"{value!r} must be numbers of texts with commas between them, such as 500,2000", param, ctx)
        return tuple(int(part) for part in parts)


@click.command()
@click.option("--data", type=DataPath(), multiple=True, required=True, metavar="FILE|LABEL=FILE", help="Labelled texts to train on.")
@click.option("--test", type=DataPath(), multiple=True, metavar="FILE|LABEL=FILE", help="Labelled texts to judge by.")
@click.option("--test-size", type=click.IntRange(min=1), metavar="N", help="Texts of --data to judge by. [default: a fifth]")
@click.option("--train-sizes", type=_Sizes(), default=None, metavar="N,N", help="Numbers of texts to train on. [default: all]")
@click.option("--seeds", type=click.IntRange(min=1), default=3, show_default=True, metavar="N", help="Runs of each model.")
@corpus_options
@vectors_option
@click.option("--head", type=click.Choice(_HEADS), default="cnn", show_default=True, help="What makes one vector of a text.")
@json_option
def compare(
    data: tuple[LabelledPath, ...],
    test: tuple[LabelledPath, ...],
    test_size: int | None,
    train_sizes: tuple[int, ...] | None,
    seeds: int,
    label_field: str | None,
    vectors: Path,
    head: str,
    as_json: bool,
    **options: Any,
) -> None:
    """Answer: do pretrained vectors help on my texts?

    Trains the same network on random vectors, on pretrained ones as they are (frozen) and trained further (fine-tuned), and logistic
    regressions on one-hot words, on the weighted mean of a text's vectors and on both, with the same words and the same texts; judges
    each by texts that none has seen. Seeds draw the texts and start the networks; ± is the standard deviation over them.

    \b
    w2v classify compare --data reviews.csv --vectors wiki.w2v --train-sizes 500,2000 --seeds 5
    w2v classify compare --data good=pos.txt --data bad=neg.txt --encoding cp1252 --vectors wiki.w2v
    """
    if test and test_size is not None:
        raise click.UsageError("--test and --test-size exclude each other")
    labelled = read_data(data, options, label_field)
    judged = read_data(test, options, label_field) if test else None
    from w2v.downstream.classifier.compare import MODELS
    from w2v.downstream.classifier.compare import compare as run_all

    loaded = load_tokenized_vectors(vectors, "--vectors MODEL")
    runs = seeds * len(MODELS) * max(1, len(set(train_sizes or ())))
    with progress_bar("comparing", runs, " fits") as bar:
        rows = run_all(
            loaded,
            (labelled.texts, labelled.labels),
            test=None if judged is None else (judged.texts, judged.labels),
            test_size=test_size,
            train_sizes=train_sizes or (),
            n_seeds=seeds,
            head=head,
            on_run=lambda row: _advance(bar, row),
        )
    entries = [_entry(row) for row in rows]
    click.echo("[" + ",\n ".join(map(json.dumps, entries)) + "]" if as_json else _table(entries))


def _advance(bar: Any, row: Compared) -> None:
    bar.set_postfix_str(f"{row.model}, {row.train_size:,} texts: {row.accuracies[-1]:.3f}", refresh=False)
    bar.update()


def _entry(row: Compared) -> dict[str, Any]:
    return {
        "model": row.model,
        "train_size": row.train_size,
        "accuracy": _spread(row.accuracies),
        "macro_f1": _spread(row.macro_f1s),
        "parameters": row.parameters,
        "seconds": float(np.mean(row.seconds)),
    }


def _spread(values: list[float]) -> dict[str, float | None]:
    """Mean and standard deviation (n - 1); one run has none."""
    return {"mean": float(np.mean(values)), "sd": float(np.std(values, ddof=1)) if len(values) > 1 else None}


def _table(entries: list[dict[str, Any]]) -> str:
    rows = [("texts", "model", "accuracy", "macro F1", "parameters", "seconds")]
    for entry in entries:
        scores = [_shown(entry[name]) for name in ("accuracy", "macro_f1")]
        rows.append((f"{entry['train_size']:,}", entry["model"], *scores, f"{entry['parameters']:,}", f"{entry['seconds']:.1f}"))
    return aligned(rows)


def _shown(score: dict[str, float | None]) -> str:
    mean, deviation = score["mean"], score["sd"]
    return f"{mean:.3f}" if deviation is None else f"{mean:.3f} ± {deviation:.3f}"
