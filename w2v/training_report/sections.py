"""Sections of the page of a training as HTML; a word may hold anything, so that every text is escaped."""

import html
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from w2v.text_tables import NONE, format_score, printable
from w2v.training_report.loss_chart import loss_chart
from w2v.vectors.evaluation import AnalogiesResult, PairsResult
from w2v.vectors.nearest import Neighbor

_LOSSES = (("loss", "while training"), ("held_out_loss", "held out"))
_SOURCES = 10  # files that are named


def escaped(text: object) -> str:
    """A text as HTML, with invisible characters as escapes."""
    return html.escape(printable(str(text)))


def word(text: str) -> str:
    """A word, which keeps its own direction of writing."""
    return f'<bdi class="word">{escaped(text)}</bdi>'


def section(title: str, *parts: str, name: str = "") -> str:
    """A section; `name` is its id and class."""
    which = f' id="{name}"' if name else ""
    return f"<section{which}>\n<h2>{escaped(title)}</h2>\n" + "\n".join(part for part in parts if part) + "\n</section>"


def paragraph(text: str) -> str:
    """A line that says what is not there."""
    return f'<p class="quiet">{escaped(text)}</p>'


def facts(pairs: Iterable[tuple[str, object]]) -> str:
    """A table of names and what they are; those without anything are left out."""
    rows = [f"<tr><th>{escaped(name)}</th><td>{escaped(value)}</td></tr>" for name, value in pairs if value not in (None, "")]
    return f'<table class="facts">{"".join(rows)}</table>' if rows else ""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of HTML cells, all but the first column numbers."""
    heads = "".join(f"<th>{escaped(cell)}</th>" for cell in head)
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="wide"><table class="numbers"><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></div>'


def settings(values: Mapping[str, Any] | None) -> list[tuple[str, object]]:
    """Settings by name, those that are not set left out."""
    return [(name.replace("_", " "), value) for name, value in (values or {}).items() if value is not None and value is not False]


def corpus_facts(corpus: Mapping[str, Any], n_words: int) -> list[tuple[str, object]]:
    """Sizes of a corpus and its sources, by their names without the folders, which are nobody's business on a page to send."""
    sources = corpus.get("sources", [])
    named = [f"{_name_of(source)}{_size_of(source)}" for source in sources[:_SOURCES]]
    rest = [f"and {len(sources) - _SOURCES:,} more"] if len(sources) > _SOURCES else []
    counts = [("tokens", "n_tokens"), ("lines", "n_sentences")]
    found: list[tuple[str, object]] = [(name, f"{corpus[key]:,}") for name, key in counts if key in corpus]
    return [("sources", ", ".join(named + rest)), *found, ("words", f"{n_words:,}")]


def _name_of(source: Mapping[str, Any]) -> str:
    path = source.get("path")
    return PurePath(str(path)).name if path else "a stream"


def _size_of(source: Mapping[str, Any]) -> str:
    return f" ({source['size']:,} bytes)" if isinstance(source.get("size"), int) else ""


def top_words(words: Sequence[str], counts: Sequence[int]) -> str:
    """Frequent words with their counts, in one line that wraps."""
    shown = [word(text) + (f" <small>{count:,}</small>" if count else "") for text, count in zip(words, counts, strict=True)]
    return f'<p class="many">{" &nbsp; ".join(shown)}</p>'


def losses(report: Mapping[str, Any]) -> str:
    """Curve and table of the losses by epoch."""
    found = {label: [float(value) for value in report.get(key) or []] for key, label in _LOSSES}
    series = {label: values for label, values in found.items() if any(map(math.isfinite, values))}
    if not series:
        return paragraph("The model's report has no losses.")
    n_epochs = max(map(len, series.values()))
    rows = [[str(epoch + 1), *(_number(values, epoch) for values in series.values())] for epoch in range(n_epochs)]
    details = f"<details><summary>Numbers</summary>{table(['epoch', *series], rows)}</details>"
    return loss_chart(series) + paragraph("Mean of a (center, context) pair, in nats.") + details


def _number(values: Sequence[float], epoch: int) -> str:
    return f"{values[epoch]:.4f}" if epoch < len(values) and math.isfinite(values[epoch]) else NONE


def scores(results: Sequence[PairsResult | AnalogiesResult]) -> str:
    """Scores of finished vectors, with intervals and coverage."""
    rows = [
        [
            escaped(result.name),
            "accuracy" if isinstance(result, AnalogiesResult) else "Spearman",
            format_score(result.score),
            f"{format_score(result.interval.low)} to {format_score(result.interval.high)}",
            f"{result.covered:,} of {result.total:,}",
        ]
        for result in results
    ]
    return table(["test set", "measure", "score", "95 %", "covered"], rows) if rows else ""


def scores_by_epoch(evaluation: Sequence[Mapping[str, Any]]) -> str:
    """Scores of a training that was evaluated after each epoch."""
    names = list(dict.fromkeys(name for epoch in evaluation for name in epoch))
    rows = [[str(number + 1), *(_score(epoch.get(name)) for name in names)] for number, epoch in enumerate(evaluation)]
    return "<h3>By epoch</h3>" + table(["epoch", *names], rows) if names else ""


def _score(found: Mapping[str, Any] | None) -> str:
    value = None if found is None else found.get("spearman", found.get("accuracy"))
    return format_score(value) if isinstance(value, (int, float)) else NONE


def speed_facts(report: Mapping[str, Any], versions: Mapping[str, Any]) -> list[tuple[str, object]]:
    """How fast it was and on what."""
    found: list[tuple[str, object]] = []
    if isinstance(report.get("words_per_second"), (int, float)):
        found.append(("training", f"{report['words_per_second']:,.0f} words/s"))
    found += [(f"seconds to {stage}", f"{seconds:,.1f}") for stage, seconds in report.get("seconds", {}).items() if seconds]
    if isinstance(report.get("peak_anonymous_bytes"), int) and report["peak_anonymous_bytes"]:
        found.append(("peak memory", f"{report['peak_anonymous_bytes'] / 1e6:,.0f} MB"))
    return [*found, *((name, value) for name, value in versions.items())]


def neighbors(found: Sequence[tuple[str, Sequence[Neighbor]]]) -> str:
    """A card for each word: its neighbors with their similarities."""
    cards = []
    for text, near in found:
        lines = "".join(f"<li>{word(neighbor.word)} <small>{neighbor.similarity:.3f}</small></li>" for neighbor in near)
        cards.append(f'<div class="card"><h3>{word(text)}</h3><ol>{lines}</ol></div>')
    return f'<div class="cards">{"".join(cards)}</div>'


def hashes(files: Mapping[str, Mapping[str, Any]]) -> str:
    """sha256 and size of the files of a model."""
    rows = [[escaped(name), f"<code>{escaped(entry['sha256'])}</code>", f"{entry['size']:,}"] for name, entry in files.items()]
    return table(["file", "sha256", "bytes"], rows)
