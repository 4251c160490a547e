"""Pictures of a training by epoch, as the model's report tells it: its loss, and how well it did on test sets."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from w2v.errors import FormatError
from w2v.pictures.figures import COLORS, draw_grid, figure, save_figure, style

_LOSSES = (("loss", "while training"), ("held_out_loss", "held out"))
_MEASURES = ("spearman", "accuracy")


def draw_loss_curve(path: Path, report: Mapping[str, Any] | None, title: str) -> None:
    """Draw the losses of a training.

    Parameters
    ----------
    report : of a model's manifest: ``loss``, and ``held_out_loss`` where there was a held-out part; one number for each epoch

    Raises
    ------
    FormatError
        a report without losses.
    """
    losses = {label: (report or {}).get(key) or [] for key, label in _LOSSES}
    if not losses["while training"] or not all(isinstance(value, (int, float)) for series in losses.values() for value in series):
        raise FormatError(f"a loss curve needs a model that was trained by w2v: {title} has no losses in its report")
    _draw(path, {label: series for label, series in losses.items() if series}, title, "mean loss of a (center, context) pair")


def draw_evaluation_curve(path: Path, report: Mapping[str, Any] | None, title: str) -> None:
    """Draw the scores of a training that was evaluated after each epoch.

    Parameters
    ----------
    report : of a model's manifest: ``evaluation`` has for each epoch the ``spearman`` or ``accuracy`` of each set

    Raises
    ------
    FormatError
        a report without scores.
    """
    epochs = (report or {}).get("evaluation") or []
    labels = {(name, measure): None for epoch in epochs for name, found in epoch.items() for measure in _MEASURES if measure in found}
    series = {f"{name} ({measure})": [epoch.get(name, {}).get(measure) for epoch in epochs] for name, measure in labels}
    series = {label: values for label, values in series.items() if any(value is not None for value in values)}
    if not series:
        raise FormatError(f"an evaluation curve needs a model trained with --evaluate: {title} has no scores in its report")
    _draw(path, series, title, "score")


def _draw(path: Path, series: Mapping[str, Sequence[float | None]], title: str, measured: str) -> None:
    """A line for each series of one number an epoch; None leaves a gap."""
    n_epochs = max(map(len, series.values()))
    with style():
        picture, axes = figure((8, 5), 120)
        for number, (label, values) in enumerate(series.items()):
            heights = [float("nan") if value is None else value for value in values]
            axes.plot(range(1, len(heights) + 1), heights, "o-", color=COLORS[number % len(COLORS)], markersize=4, label=label)
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.set_xlim(0.5, n_epochs + 0.5)
        axes.set_xlabel("epoch")
        axes.set_ylabel(measured)
        axes.set_title(title, loc="left", parse_math=False)
        draw_grid(axes)
        if list(series) != ["training"]:
            for text in axes.legend(frameon=False).get_texts():
                text.set_parse_math(False)  # a set may be called a$b$c
        picture.tight_layout()
        save_figure(picture, path)
