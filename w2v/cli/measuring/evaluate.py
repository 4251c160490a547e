"""`w2v evaluate`."""

import itertools
import math
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from w2v.cli.shared.config_options import StoredPath, json_option
from w2v.cli.shared.weighting_options import weighting_options
from w2v.cli.shared.word_input import Entry, print_json, print_notes
from w2v.errors import FormatError
from w2v.formats import load
from w2v.graphs.node_labels import NodeLabelsResult, evaluate_node_labels, read_node_labels
from w2v.text_tables import aligned
from w2v.vectors.evaluation import (
    RESTRICT_VOCAB,
    AnalogiesResult,
    EvaluationOptions,
    PairsResult,
    evaluate_analogies,
    evaluate_pairs,
    stability,
)
from w2v.vectors.evaluation_sets import bundled_sets, read_analogies, read_pairs
from w2v.vectors.sentence_sets import evaluate_sentences, read_sentences
from w2v.vectors.word_vectors import ANALOGY_METHODS, WordVectors

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_STABILITY_NEIGHBORS = 10
_SECTION = ("accuracy", "correct", "covered", "total")  # of the JSON, in this order
_PAIRS = ("spearman", "interval", "pearson", "covered", "total")
_ANALOGIES = ("accuracy", "interval", "correct", "covered", "total")


@click.command()
@click.argument("models", type=StoredPath(), nargs=-1, required=True, metavar="MODEL...")
@click.option("--pairs", multiple=True, type=_FILE, metavar="FILE", help="Lines of two words and a human judgment.")
@click.option("--analogies", multiple=True, type=_FILE, metavar="FILE", help="Lines of four words, below lines ': section' or without.")
@click.option("--sentences", multiple=True, type=_FILE, metavar="FILE", help="Table of two sentences and a human judgment (STS, SICK).")
@weighting_options
@click.option("--node-labels", multiple=True, type=_FILE, metavar="FILE", help="Lines of a node of a graph and its labels.")
@click.option(
    "--restrict-vocab",
    type=click.IntRange(min=1),
    default=RESTRICT_VOCAB,
    show_default=True,
    metavar="N",
    help="Ask among the N most frequent words; questions with other words are not covered.",
)
@click.option("--case-sensitive", is_flag=True, help="Take words as they are written; else case does not matter.")
@click.option(
    "--method", type=click.Choice(ANALOGY_METHODS), default=ANALOGY_METHODS[0], show_default=True, help="How analogies are answered."
)
@click.option("--sections", is_flag=True, help="Show each section of the analogies too; --json always does.")
@click.option("--stability", "with_stability", is_flag=True, help="Compare the nearest neighbors of each two models, such as two seeds.")
@click.option("--seed", type=int, default=1, show_default=True, metavar="N", help="Seed of the bootstrap intervals.")
@json_option
def evaluate(
    models: tuple[Path, ...],
    pairs: tuple[Path, ...],
    analogies: tuple[Path, ...],
    sentences: tuple[Path, ...],
    weighting: str,
    sif: float,
    node_labels: tuple[Path, ...],
    restrict_vocab: int,
    case_sensitive: bool,
    method: str,
    sections: bool,
    with_stability: bool,
    seed: int,
    as_json: bool,
) -> None:
    """Measure word vectors on test sets: several models side by side.

    MODEL is a model directory or a vector file of any known format. Pairs of words give Spearman's correlation with human judgments,
    analogies the share that is answered, each with a 95 % interval over other questions of the kind (bootstrap) and how many of the
    questions were covered. Without a file: WordSim-353, SimLex-999 and Google's analogies, which gensim brings. Pairs of sentences are
    compared by the means of their words' vectors. The labels of a graph's nodes are learned on half of them, by logistic regression, and
    the others get as many as they have (F1, ten draws).

    \b
    w2v evaluate my.w2v
    w2v evaluate seed1.w2v seed2.w2v --stability
    w2v evaluate zh.w2v --pairs wordsim-240.txt --analogies ca8-semantic.txt
    """
    if with_stability and len(models) < 2:
        raise click.UsageError("--stability compares models: give two or more")
    if seed < 0:
        raise click.UsageError(f"seed must be an integer of at least 0: received {seed}")
    options = EvaluationOptions(restrict_vocab=restrict_vocab, case_sensitive=case_sensitive, method=method, seed=seed)
    if pairs or analogies or sentences or node_labels:
        pair_sets = print_notes([read_pairs(path) for path in pairs])
        analogy_sets = print_notes([read_analogies(path) for path in analogies])
    else:
        pair_sets, analogy_sets = bundled_sets()
    sentence_sets = [read_sentences(path) for path in sentences]
    label_sets = [(path.name, read_node_labels(path)) for path in node_labels]
    loaded = [(str(path), load(path)) for path in models]
    by_model = [
        [
            *(_entry(name, "pairs", evaluate_pairs(vectors, test, options)) for test in pair_sets),
            *(_entry(name, "analogies", evaluate_analogies(vectors, test, options)) for test in analogy_sets),
            *(
                _entry(name, "sentences", evaluate_sentences(vectors, test, weighting=weighting, sif=sif, seed=seed))
                for test in sentence_sets
            ),
            *(_labels_entry(name, title, evaluate_node_labels(vectors, labels)) for title, labels in label_sets),
        ]
        for name, vectors in loaded
    ]
    shared = _stability_entries(loaded) if with_stability else []
    if as_json:
        print_json(map(_finite, [*itertools.chain.from_iterable(by_model), *shared]))
        return
    click.echo(_table(by_model, sections))
    if shared:
        rows = [(entry["model"], entry["other"], f"{entry['overlap']:.4f}", f"{entry['words']:,} words") for entry in shared]
        click.echo(f"\nshare of the {_STABILITY_NEIGHBORS} nearest neighbors in common\n{aligned(rows)}")


def _entry(model: str, kind: str, result: PairsResult | AnalogiesResult) -> Entry:
    entry = {"model": model, "set": result.name, "kind": kind, **_fields(result, _ANALOGIES if kind == "analogies" else _PAIRS)}
    if isinstance(result, AnalogiesResult):
        entry["sections"] = [{"section": section.name, **_fields(section, _SECTION)} for section in result.sections]
    return entry


def _labels_entry(model: str, title: str, result: NodeLabelsResult) -> Entry:
    return {
        "model": model,
        "set": title,
        "kind": "node labels",
        "micro_f1": statistics.mean(result.micro),
        "macro_f1": statistics.mean(result.macro),
        "covered": result.n_nodes,
        "total": result.n_nodes + result.n_without,
    }


def _fields(result: object, names: Sequence[str]) -> Entry:
    return {name: getattr(result, name) for name in names}


def _stability_entries(loaded: list[tuple[str, WordVectors]]) -> list[Entry]:
    entries = []
    for (name, vectors), (other_name, other) in itertools.combinations(loaded, 2):
        overlap, words = stability(vectors, other, _STABILITY_NEIGHBORS)
        if not words:
            raise FormatError(f"models to compare must have two words in common or more: {name} and {other_name} have not")
        entries.append({"model": name, "other": other_name, "kind": "stability", "overlap": overlap, "words": words})
    return entries


def _finite(value: Any) -> Any:
    """JSON has no NaN: null says that there is no score."""
    if isinstance(value, dict):
        return {key: _finite(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _table(by_model: list[list[Entry]], with_sections: bool) -> str:
    """A row a set (and section), three columns a model: score, interval, coverage."""
    head = ["", "", *itertools.chain.from_iterable((f"{entries[0]['model']}", "95 %", "covered") for entries in by_model)]
    rows = [head]
    for same in zip(*by_model, strict=True):
        if same[0]["kind"] == "node labels":
            for measure, name in (("micro_f1", "micro F1"), ("macro_f1", "macro F1")):
                shown = ((_score(entry[measure]), "", f"{entry['covered']}/{entry['total']}") for entry in same)
                rows.append([same[0]["set"], name, *itertools.chain.from_iterable(shown)])
            continue
        measure = "accuracy" if same[0]["kind"] == "analogies" else "spearman"
        rows.append([same[0]["set"], measure, *itertools.chain.from_iterable(_cells(entry, measure) for entry in same)])
        if measure == "spearman":
            rows.append(["", "pearson", *itertools.chain.from_iterable((_score(entry["pearson"]), "", "") for entry in same)])
        elif with_sections:
            for parts in zip(*(entry["sections"] for entry in same), strict=True):
                cells = itertools.chain.from_iterable(
                    (_score(part["accuracy"]), "", f"{part['covered']}/{part['total']}") for part in parts
                )
                rows.append([f"  {parts[0]['section']}", measure, *cells])
    return "\n".join(line.rstrip() for line in aligned(rows).split("\n"))


def _cells(entry: Entry, measure: str) -> tuple[str, str, str]:
    low, high = entry["interval"]
    interval = f"{low:.3f} - {high:.3f}" if math.isfinite(low) else "-"
    return _score(entry[measure]), interval, f"{entry['covered']}/{entry['total']}"


def _score(value: float) -> str:
    return f"{value:.4f}" if math.isfinite(value) else "-"
