"""Measurements of a benchmark: what was measured, the runs of each tool, who is better and by how much."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from w2v.text_tables import NONE, short_number

OURS = "w2v"
SPEEDS = "whole", "speed"  # metrics that are compared over numbers of threads


@dataclass(frozen=True)
class Metric:
    """One thing that is measured.

    Attributes
    ----------
    part : reading, training, pipeline or cold start
    name : what of it
    unit : such as words/s
    higher : whether more is better
    dim, threads : None where they do not matter
    """

    part: str
    name: str
    unit: str
    higher: bool = True
    dim: int | None = None
    threads: int | None = None

    def __str__(self) -> str:
        threads = "" if self.threads is None else f", {self.threads} thread{'s'[: self.threads > 1]}"
        return f"{self.part}: {self.name}" + ("" if self.dim is None else f", dim {self.dim}") + threads


@dataclass
class Measurement:
    """The runs of each tool, by its name, in the order in which they were made."""

    metric: Metric
    runs: dict[str, list[float]] = field(default_factory=dict)

    def median(self, tool: str) -> float:
        return statistics.median(self.runs[tool])

    @property
    def peers(self) -> list[str]:
        """Tools other than ours, where ours was measured too."""
        return [tool for tool in self.runs if tool != OURS] if OURS in self.runs else []

    def advantage(self, peer: str) -> float:
        """How many times better our median is than a peer's; below 1 we lose. NaN where one is not known."""
        better, worse = (self.median(OURS), self.median(peer)) if self.metric.higher else (self.median(peer), self.median(OURS))
        return better / worse if worse > 0 and better > 0 else float("nan")

    def to_json(self) -> dict[str, Any]:
        metric = self.metric
        return {
            "part": metric.part,
            "measure": metric.name,
            "unit": metric.unit,
            "better": "higher" if metric.higher else "lower",
            "dim": metric.dim,
            "threads": metric.threads,
            "tools": {
                tool: {"median": self.median(tool), "lowest": min(runs), "highest": max(runs), "runs": runs}
                for tool, runs in self.runs.items()
            },
            "advantage": {peer: self.advantage(peer) for peer in self.peers if self.advantage(peer) > 0},
        }


def add_run(measurements: dict[Metric, Measurement], metric: Metric, tool: str, value: float) -> None:
    """One more run of a tool; metrics stay in the order in which they were first measured."""
    measurements.setdefault(metric, Measurement(metric)).runs.setdefault(tool, []).append(value)


def losses(rows: Iterable[Measurement]) -> list[str]:
    """A line for each measurement and peer that is better than we are."""
    return [
        f"{row.metric}: {peer} is {1 / row.advantage(peer):.2f} times better"
        for row in rows
        for peer in row.peers
        if row.advantage(peer) < 1
    ]


def scaling(rows: Iterable[Measurement]) -> list[tuple[Metric, float]]:
    """How many times faster we are than with the fewest threads, for each speed that was measured with several numbers of them."""
    fewest: dict[Metric, Measurement] = {}
    found = []
    for row in sorted((row for row in rows if row.metric.name in SPEEDS and OURS in row.runs), key=lambda row: row.metric.threads or 0):
        metric = row.metric
        first = fewest.setdefault(replace(metric, threads=None), row)
        if first is not row:
            threads = first.metric.threads
            name = f"times {threads} thread{'s' if threads != 1 else ''}"
            found.append((replace(metric, name=name, unit="x"), row.median(OURS) / first.median(OURS)))
    return found


def table_cells(rows: Sequence[Measurement]) -> tuple[list[str], list[list[str]]]:
    """Head and rows of a table: median, largest deviation from it, and, for peers, how many times better we are."""
    tools = list(dict.fromkeys([OURS, *(tool for row in rows for tool in row.runs)]))
    head = ["measured", "dim", "threads", "unit", *tools]
    return head, [[*_titles(row.metric), *(_cell(row, tool) for tool in tools)] for row in rows]


def _titles(metric: Metric) -> list[str]:
    known = [NONE if number is None else str(number) for number in (metric.dim, metric.threads)]
    return [f"{metric.part}: {metric.name}", *known, metric.unit]


def _cell(row: Measurement, tool: str) -> str:
    if tool not in row.runs:
        return NONE
    median = row.median(tool)
    text = short_number(median)
    if len(row.runs[tool]) > 1 and median:
        text += f" ± {max(abs(run - median) for run in row.runs[tool]) / median:.0%}"
    return f"{text}, {row.advantage(tool):.1f}x" if tool in row.peers and row.advantage(tool) > 0 else text
