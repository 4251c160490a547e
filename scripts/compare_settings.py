"""Which settings make better vectors? Trains each on the same texts with the same seeds, in turn, and compares test set by test set.

    python scripts/compare_settings.py enwiki8 --settings classic.toml --settings new.toml --seeds 6
    python scripts/compare_settings.py wiki.txt other.corpus --sets EN-RG-65.txt --sets EN-MTurk-287.txt

A file of settings has options of `w2v train` by their names, as `w2v train --config` takes them; its stem is the name in the table. Without
one, word2vec's settings are compared with the defaults, at word2vec's five epochs. A text is read once with the settings of its own:
give an encoded corpus for another tokenizer. The first settings are what the others are measured against: differences are of runs with
the same seed, with the 95 % interval of their mean (paired t). Test sets are those that gensim carries and what `--sets` names.
"""

import json
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
from scipy import stats

import w2v
from w2v.config import CLASSIC
from w2v.machine import describe_machine, machine_line
from w2v.text_tables import plain_table
from w2v.vectors.evaluation_sets import bundled_sets

SPEED, PAIRS, ANALOGIES = "words/s", "mean of pairs", "mean of analogies"
DEFAULT_SETTINGS = {"classic": dict(CLASSIC), "default": {"epochs": CLASSIC["epochs"]}}


@dataclass(frozen=True)
class Run:
    """Scores of one training by the name of the test set, and its speed."""

    text: str
    settings: str
    seed: int
    scores: dict[str, float]


def train_and_score(corpus: w2v.EncodedCorpus, name: str, options: dict[str, Any], seed: int, sets: list[Any], threads: int | None) -> Run:
    """One training."""
    trained = w2v.train(corpus, **options, seed=seed, threads=threads)
    found = [result for result in w2v.evaluate(trained, sets) if np.isfinite(result.score)]
    scores = {result.name: result.score for result in found}
    for kind, mean in (("pairs", PAIRS), ("analogies", ANALOGIES)):
        if of_kind := [result.score for result in found if result.kind == kind]:
            scores[mean] = float(np.mean(of_kind))
    return Run(str(corpus.path), name, seed, {SPEED: trained.report["words_per_second"], **scores})


def difference(runs: dict[str, list[Run]], name: str, base: str, test: str) -> str:
    """Mean of the differences to the first settings, and half of its 95 % interval; of speeds the ratio of means."""
    ours, theirs = ([run.scores[test] for run in runs[which]] for which in (name, base))
    if test == SPEED:
        return f"x{np.mean(ours) / np.mean(theirs):.2f}"
    gaps = np.subtract(ours, theirs)
    if len(gaps) < 2:
        return f"{gaps.mean():+.4f}"
    return f"{gaps.mean():+.4f} ± {stats.t.ppf(0.975, len(gaps) - 1) * gaps.std(ddof=1) / np.sqrt(len(gaps)):.4f}"


def table(runs: dict[str, list[Run]]) -> str:
    """Test sets down, settings across."""
    base, *others = runs
    head = ["mean", base, *(cell for name in others for cell in (name, f"{name} - {base}"))]
    rows = []
    for test in runs[base][0].scores:
        row = [test, show(runs[base], test)]
        for name in others:
            row += [show(runs[name], test), difference(runs, name, base, test)]
        rows.append(row)
    return plain_table(head, rows)


def show(runs: list[Run], test: str) -> str:
    """The mean over seeds."""
    mean = np.mean([run.scores[test] for run in runs])
    return f"{mean / 1e6:.2f}M" if test == SPEED else f"{mean:.4f}"


@click.command(help=__doc__)
@click.argument("texts", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--settings", "files", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--sets", "set_files", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--no-bundled", is_flag=True, help="Only the sets that are given: for texts that are not English.")
@click.option("--seeds", type=click.IntRange(min=1), default=3, show_default=True)
@click.option("--threads", type=int)
@click.option("--out", type=click.Path(path_type=Path), help="Append every run to this file, a JSON object a line.")
def main(
    texts: tuple[Path, ...], files: tuple[Path, ...], set_files: tuple[Path, ...], no_bundled: bool, seeds: int, threads: int | None,
    out: Path | None,
) -> None:  # fmt: skip
    settings = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in files} or DEFAULT_SETTINGS
    pairs, analogies = ([], []) if no_bundled else bundled_sets()
    sets = [*pairs, *analogies, *map(w2v.read_set, set_files)]
    for text in texts:
        corpus = w2v.EncodedCorpus.open(text) if text.is_dir() else w2v.encode(text, threads=threads)
        runs: dict[str, list[Run]] = {name: [] for name in settings}
        for seed in range(1, seeds + 1):
            for name, options in settings.items():
                run = train_and_score(corpus, name, options, seed, sets, threads)
                runs[name].append(run)
                click.echo(f"{text.name}, {name}, seed {seed}: " + ", ".join(f"{k} {v:.4g}" for k, v in run.scores.items()), err=True)
                if out is not None:
                    with out.open("a", encoding="utf-8") as file:
                        file.write(json.dumps(run.__dict__) + "\n")
        click.echo(f"{text.name}: {corpus.n_tokens:,} tokens, {len(corpus.vocabulary):,} words, seeds 1 to {seeds}")
        click.echo(f"{machine_line(describe_machine())}\n\n{table(runs)}\n")


if __name__ == "__main__":
    sys.exit(main())
