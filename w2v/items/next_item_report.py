"""What `w2v evaluate-next` found, as JSON and as a table."""

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np

from w2v.comparison.mean_differences import deviation, mean
from w2v.items.method_comparison import OURS, MethodResult
from w2v.items.ranking import METRICS, TOP
from w2v.text_tables import markdown_table, plain_table
from w2v.vectors.bootstrap import ConfidenceInterval, mean_intervals

_BOOTSTRAP_SEED = 1
_KEYS = (f"hit_rate_{TOP}", f"ndcg_{TOP}", "mrr")


@dataclass(frozen=True)
class NextItemReport:
    """Methods on the same cases, ours last; `settings` is ready for JSON."""

    settings: dict[str, Any]
    methods: list[MethodResult]

    @functools.cached_property
    def _intervals(self) -> dict[str, list[ConfidenceInterval]]:
        """Name -> interval of each metric; "w2v - name": of the paired difference. One bootstrap draws the cases for all."""
        of_cases = {method.name: method.gains.mean(axis=0) for method in self.methods}
        ours = of_cases[OURS]
        of_cases |= {_versus(name): ours - gains for name, gains in of_cases.items() if name != OURS}
        found = mean_intervals(np.hstack(list(of_cases.values())), _BOOTSTRAP_SEED)
        width = len(METRICS)
        return {name: found[i * width : (i + 1) * width] for i, name in enumerate(of_cases)}

    def to_json(self) -> dict[str, Any]:
        """Everything measured."""
        return {
            "settings": self.settings,
            "methods": [
                {
                    "method": method.name,
                    "rule": None if method.rule is None else {"score": method.rule.score or None, "last": method.rule.last},
                    "validation_ndcg_10": {str(rule): value for rule, value in method.by_rule.items()},
                    **self._metrics(method.name, method.gains),
                    "coverage": mean(method.coverage),
                }
                for method in self.methods
            ],
            "differences": [
                {"method": OURS, "minus": method.name, **self._metrics(_versus(method.name), self.methods[-1].gains - method.gains)}
                for method in self.methods[:-1]
            ],
        }

    def _metrics(self, name: str, gains: Any) -> dict[str, Any]:
        by_seed = gains.mean(axis=1)
        return {
            key: {"mean": float(by_seed[:, i].mean()), "interval": list(self._intervals[name][i]), "seeds": by_seed[:, i].tolist()}
            for i, key in enumerate(_KEYS)
        }

    def table(self, markdown: bool = False) -> str:
        """What people read."""
        settings = self.settings
        config = settings["train_config"]
        seeds = "seed 1" if settings["seeds"] == 1 else f"seeds 1 to {settings['seeds']}"
        title = (
            f"{settings['sequences']:,} sequences, {settings['items']:,} items in {settings['tokens']:,} places of the training part\n"
            f"held out: the {settings['held_out']} item of each; {settings['cases']:,} of them asked "
            f"({settings['new_targets']:,} new to training, {settings['repeated_targets']:,} in their own history), "
            f"{settings['validation_cases']:,} others for validation\n"
            f"dim {config['dim']}, window {config['window']}, noise exponent {config['noise_exponent']:g}, "
            f"{config['negatives']} negatives, epochs {config['epochs']}, {settings['threads']} threads, {seeds}"
        )
        rows = [[m.name, *self._cells(m.name, m.gains), f"{mean(m.coverage):.3f}", str(m.rule or "-")] for m in self.methods]
        rows += [[_versus(m.name), *self._cells(_versus(m.name), self.methods[-1].gains - m.gains), "", ""] for m in self.methods[:-1]]
        write = markdown_table if markdown else plain_table
        legend = "[95 % interval over other sequences, bootstrap" + ("]" if settings["seeds"] == 1 else "] ± standard deviation over seeds")
        return f"{title}\n\n{write(['', *METRICS, 'coverage', 'asked by'], rows)}\n\n{legend}"

    def _cells(self, name: str, gains: Any) -> list[str]:
        by_seed = gains.mean(axis=1)
        cells = []
        for i, (low, high) in enumerate(self._intervals[name]):
            spread = f" ± {deviation(by_seed[:, i].tolist()):.4f}" if len(by_seed) > 1 else ""
            cells.append(f"{by_seed[:, i].mean():.4f} [{low:.4f}, {high:.4f}]{spread}")
        return cells


def _versus(name: str) -> str:
    return f"{OURS} - {name}"
