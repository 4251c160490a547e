"""`w2v classify`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from w2v.cli.classify.compare_command import compare
from w2v.cli.classify.data_options import DataPath, LabelledPath, corpus_options, read_data, vectors_option
from w2v.cli.classify.fit_progress import FitProgress
from w2v.cli.shared.config_options import StoredPath, json_option
from w2v.cli.shared.vector_options import load_tokenized_vectors
from w2v.config import CorpusConfig
from w2v.errors import W2VError
from w2v.text_tables import aligned, printable

if TYPE_CHECKING:
    from w2v.downstream.classifier.scores import Evaluation

_HEADS = ("mean", "flatten", "cnn", "lstm", "gru")
_PREDICTED_AT_ONCE = 4096  # lines
_CONFUSION_CLASSES = 20  # more are not shown as a table
_CLASSIFIER = click.argument("classifier", type=StoredPath(), metavar="CLASSIFIER")
_DATA = click.option("--data", "data", type=DataPath(), multiple=True, required=True, metavar="FILE|LABEL=FILE", help="Labelled texts.")
_HEAD = click.option("--head", type=click.Choice(_HEADS), default="mean", show_default=True, help="What makes one vector of a text.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def classify() -> None:
    """Learn labels of texts on top of word vectors (Keras).

    --data is a csv, tsv or jsonl file (also .gz, .bz2, .xz, .zst) with a text and a label in each record, plain text whose lines begin
    with a label, or LABEL=FILE, plain text with a text of that class on each line; it may be given several times.

    \b
    w2v classify train --data reviews.csv --vectors wiki.w2v --out reviews.clf
    w2v classify evaluate reviews.clf --data more.csv
    echo 'a wonderful film' | w2v classify predict reviews.clf
    w2v classify compare --data reviews.csv --vectors wiki.w2v --train-sizes 500,2000
    """


classify.add_command(compare)


@classify.command()
@_DATA
@corpus_options
@vectors_option
@_HEAD
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="CLASSIFIER", help="Directory to write.")
@click.option("--overwrite", is_flag=True, help="Replace a classifier that is there.")
@click.option("--frozen", is_flag=True, help="Keep the vectors as they are; else they are trained with the rest.")
@click.option(
    "--length", type=click.IntRange(min=1), metavar="N", help="Tokens of a text that count. [default: of 95 % of the texts, <= 400]"
)
@click.option(
    "--units", type=click.IntRange(min=1), default=64, show_default=True, metavar="N", help="Units of lstm and gru, filters of cnn."
)
@click.option("--epochs", type=click.IntRange(min=1), default=30, show_default=True, metavar="N", help="Passes over the texts, at most.")
@click.option("--batch-size", type=click.IntRange(min=1), default=32, show_default=True, metavar="N", help="Texts in a step.")
@click.option(
    "--learning-rate", type=click.FloatRange(min=0, min_open=True), default=0.001, show_default=True, metavar="X", help="Of Adam."
)
@click.option(
    "--patience", type=click.IntRange(min=1), default=3, show_default=True, metavar="N", help="Stop after N epochs without progress."
)
@click.option("--balanced", is_flag=True, help="Let each class weigh the same, however many texts it has.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 16), default=1, show_default=True, metavar="N", help="Seed of all random draws.")
@json_option
def train(
    data: tuple[LabelledPath, ...],
    label_field: str | None,
    vectors: Path,
    head: str,
    out: Path,
    overwrite: bool,
    frozen: bool,
    balanced: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Train a classifier and save it.

    A tenth of the texts, class by class, is kept back: training stops when it gets no better there, and keeps the best weights.

    \b
    w2v classify train --data reviews.csv --vectors wiki.w2v --head cnn --out reviews.clf
    w2v classify train --data good=pos.txt --data bad=neg.txt --encoding cp1252 --vectors wiki.w2v --out reviews.clf
    """
    from w2v.storage import check_output

    check_output(out, overwrite=overwrite, kind="w2v classifier")
    labelled = read_data(data, options, label_field)
    from w2v.downstream.classifier.text_classifier import TextClassifier

    settings = {name: options[name] for name in ("length", "units", "epochs", "batch_size", "learning_rate", "patience", "seed")}
    classifier = TextClassifier(
        load_tokenized_vectors(vectors, "--vectors MODEL"),
        head=head,
        trainable=not frozen,
        class_weight="balanced" if balanced else None,
        **settings,
    )
    with FitProgress() as progress:
        classifier.fit(labelled.texts, labelled.labels, hooks=progress.hooks)
    click.echo(f"{classifier.unknown_share_:.1%} of the tokens are no words of {vectors}", err=True)
    if classifier.n_blank_:
        click.echo(f"{classifier.n_blank_:,} texts have no word: each counts as one unknown word", err=True)
    if classifier.n_cut_:
        cut = f"{classifier.n_cut_:,} of {len(labelled.texts):,} texts are longer than {classifier.length_} tokens"
        click.echo(f"{cut}: only their first {classifier.length_} counted (--length)", err=True)
    classifier.save(out, overwrite=overwrite)
    best = min(classifier.history_, key=lambda epoch: np.inf if epoch.validation_loss is None else epoch.validation_loss)
    result = {
        "classifier": str(out),
        "classes": labelled.counts(),
        "head": head,
        "length": classifier.length_,
        "parameters": int(classifier.model_.count_params()),
        "unknown_share": classifier.unknown_share_,
        "epochs": len(classifier.history_),
        "best_epoch": best.epoch,
        "validation_accuracy": best.validation_accuracy,
    }
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False))
    else:
        kept = "" if best.validation_accuracy is None else f", accuracy {best.validation_accuracy:.3f} on the texts kept back"
        click.echo(f"the weights of epoch {best.epoch} of {len(classifier.history_)}{kept}", err=True)
        click.echo(str(out))


@classify.command()
@_CLASSIFIER
@_DATA
@corpus_options
@json_option
def evaluate(classifier: Path, data: tuple[LabelledPath, ...], label_field: str | None, as_json: bool, **options: Any) -> None:
    """Compare a classifier's predictions with the labels of texts."""
    labelled = read_data(data, options, label_field)
    from w2v.downstream.classifier.text_classifier import TextClassifier

    found = TextClassifier.load(classifier).evaluate(labelled.texts, labelled.labels)
    click.echo(json.dumps(_evaluation_json(found), ensure_ascii=False) if as_json else _evaluation_text(found))


@classify.command()
@_CLASSIFIER
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path), default="-")
@click.option("--encoding", default="utf-8", show_default=True, metavar="TEXT", help="Of the text.")
@click.option("--errors", type=click.Choice(("strict", "replace")), default="strict", show_default=True, help="What broken bytes do.")
@json_option
def predict(classifier: Path, file: Path, encoding: str, errors: str, as_json: bool) -> None:
    """Print the label of each line of FILE or stdin, a tab, and its probability.

    A line a text, blank ones too: as many lines come out as went in. --json prints a JSON object a line, with all probabilities.
    """
    from w2v.downstream.labelled_texts import read_lines

    try:
        config = CorpusConfig(encoding=encoding, errors=errors)
    except W2VError as error:
        raise click.UsageError(str(error)) from None
    lines = read_lines(None if str(file) == "-" else file, config)
    from w2v.downstream.classifier.text_classifier import TextClassifier

    model = TextClassifier.load(classifier)
    labels = [str(label) for label in model.classes_.tolist()]
    for start in range(0, len(lines), _PREDICTED_AT_ONCE):
        for row in model.predict_proba(lines[start : start + _PREDICTED_AT_ONCE]).tolist():
            best = max(range(len(row)), key=row.__getitem__)
            if as_json:
                every = dict(zip(labels, row, strict=True))
                click.echo(json.dumps({"label": labels[best], "probability": row[best], "probabilities": every}, ensure_ascii=False))
            else:
                click.echo(f"{printable(labels[best])}\t{row[best]:.4f}")


def _evaluation_json(found: Evaluation) -> dict[str, Any]:
    return {
        "texts": found.n_texts,
        "accuracy": found.accuracy,
        "macro_f1": found.macro_f1,
        "classes": [
            {"label": str(label), "precision": precision, "recall": recall, "f1": f1, "texts": int(n)}
            for label, precision, recall, f1, n in zip(
                found.classes, found.precision.tolist(), found.recall.tolist(), found.f1.tolist(), found.confusion.sum(axis=1), strict=True
            )
        ],
        "confusion": found.confusion.tolist(),
    }


def _evaluation_text(found: Evaluation) -> str:
    rows: list[tuple[str, ...]] = [("label", "precision", "recall", "F1", "texts")]
    for entry in _evaluation_json(found)["classes"]:
        rows.append((printable(entry["label"]), *(f"{entry[name]:.3f}" for name in ("precision", "recall", "f1")), f"{entry['texts']:,}"))
    text = f"accuracy {found.accuracy:.4f}, macro F1 {found.macro_f1:.4f}, {found.n_texts:,} texts\n\n{aligned(rows)}"
    if len(found.classes) > _CONFUSION_CLASSES:
        return text
    names = [printable(str(label)) for label in found.classes]
    confusion = [
        ("is, was taken for", *names),
        *((name, *map(str, row)) for name, row in zip(names, found.confusion.tolist(), strict=True)),
    ]
    return f"{text}\n\n{aligned(confusion)}"
