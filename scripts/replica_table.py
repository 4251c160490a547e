"""How good and how fast are replicas? Trains a corpus by several schemes and seeds, evaluates each on the bundled sets, and prints a table.

    python scripts/replica_table.py my.corpus --schemes default,2,4,8,16 --seeds 1,2,3
    python scripts/replica_table.py my.corpus --schemes 4,adasum4,sum4,average4 --seeds 1

A scheme is ``default`` (threads without locks), a number of replicas, or one with another rule before it: average, sum, or adasum, the
yardstick (Maleki et al. 2020, "Scaling Distributed Training with Adaptive Summation"). They take turns, seed by seed: speeds compare.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import re
from collections.abc import Iterator
from unittest import mock

import numpy as np

import w2v
from w2v.config import TrainConfig
from w2v.jit import jit
from w2v.text_tables import plain_table
from w2v.training.epoch_evaluation import evaluate_sets
from w2v.training.kernel.layout import row_stride
from w2v.training.replicas import replica_trainer
from w2v.training.replicas.combination import first_from
from w2v.vectors.evaluation_sets import bundled_sets

RULES = {"sum": 0, "average": 1, "adasum": 2}
# What Adasum did best with in trials: it damps more than the curvature asks for
ADASUM_RATES = {4: 1.5, 8: 2.0}


def ruled(rule: int):  # type: ignore[no-untyped-def]
    """A kernel in the place of `combine_rows`, with another rule."""

    @jit(fastmath={"reassoc", "contract", "nsz"})
    def combine_by_rule(matrix, copies, words, n_rows, uses, begin, end, slope, directions, dim):  # type: ignore[no-untyped-def]
        stride = row_stride(dim)
        n_replicas = copies.shape[0]
        changes = np.zeros((n_replicas, stride), np.float32)
        head = np.zeros(n_replicas, np.intp)
        for r in range(n_replicas):
            head[r] = first_from(words[r], n_rows[r], begin)
        while True:
            word = np.intp(end)
            for r in range(n_replicas):
                if head[r] < n_rows[r]:
                    word = min(word, np.intp(words[r, head[r]]))
            if word == end:
                return
            n, origin = 0, word * stride
            for r in range(n_replicas):
                row = head[r]
                if row < n_rows[r] and words[r, row] == word:
                    head[r] += 1
                    if uses[r, row] > 0:
                        changes[n] = copies[r, row * stride : (row + 1) * stride] - matrix[origin : origin + stride]
                        n += 1
            if rule == 2:
                n = _adasum(changes, n)
            share = np.float32(1.0 / n_replicas if rule == 1 else 1.0)
            for i in range(n):
                matrix[origin : origin + stride] += share * changes[i]

    return combine_by_rule


@jit(fastmath={"reassoc", "contract", "nsz"})
def _adasum(changes, n):  # type: ignore[no-untyped-def]
    """Combine pairs, and pairs of those, into the first row; each loses half of what it has in common with the other."""
    step = 1
    while step < n:
        for i in range(0, n - step, 2 * step):
            a, b = changes[i], changes[i + step]
            common, of_a, of_b = (a * b).sum(), (a * a).sum() + np.float32(1e-30), (b * b).sum() + np.float32(1e-30)
            changes[i] = (1 - common / (2 * of_a)) * a + (1 - common / (2 * of_b)) * b
        step *= 2
    return min(n, 1)


@contextlib.contextmanager
def scheme_config(scheme: str, seed: int, epochs: int) -> Iterator[TrainConfig]:
    """The settings of a scheme; while it is open, replicas are combined by its rule."""
    config = TrainConfig(seed=seed, epochs=epochs)
    if scheme == "default":
        yield config
        return
    found = re.fullmatch(r"([a-z]*)(\d+)", scheme)
    if found is None or (found[1] and found[1] not in RULES):
        raise SystemExit(f"a scheme is default, a number of replicas, or one behind {', '.join(RULES)}: received {scheme}")
    rule, n = found[1], int(found[2])
    factor = ADASUM_RATES.get(n, 1.5) / n**0.16 if rule == "adasum" else 1.0
    rates = {name: getattr(config, name) * factor for name in ("alpha", "min_alpha")}
    config = dataclasses.replace(config, deterministic=True, replicas=n, **rates)
    if not rule:
        yield config
        return
    with mock.patch.object(replica_trainer, "combine_rows", ruled(RULES[rule])):
        yield config


def main() -> None:
    """Print a row a training as it ends, and the table at the end."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus")
    parser.add_argument("--schemes", default="default,2,4,8,16")
    parser.add_argument("--seeds", default="1")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=None)
    chosen = parser.parse_args()
    pairs, analogies = bundled_sets()
    sets = [*pairs, *analogies]
    rows: dict[str, list[list[float]]] = {}
    for seed in map(int, chosen.seeds.split(",")):
        for scheme in chosen.schemes.split(","):
            with scheme_config(scheme, seed, chosen.epochs) as config:
                trained = w2v.train(chosen.corpus, config, threads=chosen.threads)
            found = evaluate_sets(trained.vectors, sets).values()
            scores = [score.get("spearman", score.get("accuracy")) or 0.0 for score in found]
            rows.setdefault(scheme, []).append([*scores, trained.report["words_per_second"] / 1e6])
            print(scheme, seed, *(f"{value:.3f}" for value in rows[scheme][-1]), flush=True)
    table = [(scheme, str(len(found)), *(f"{value:.3f}" for value in np.mean(found, axis=0))) for scheme, found in rows.items()]
    print(plain_table(("scheme", "seeds", *(found.name for found in sets), "M words/s"), table))


if __name__ == "__main__":
    main()
