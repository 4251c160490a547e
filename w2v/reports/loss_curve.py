"""A picture of a training: its loss by epoch, as the model's report tells it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from w2v.errors import FormatError
from w2v.reports.pictures import figure, save_figure, style

_SERIES = (("loss", "training", "#3366cc"), ("held_out_loss", "held out", "#dc3912"))


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
    losses = {key: (report or {}).get(key) or [] for key, _, _ in _SERIES}
    if not losses["loss"] or not all(isinstance(value, (int, float)) for series in losses.values() for value in series):
        raise FormatError(f"a loss curve needs a model that was trained by w2v: {title} has no losses in its report")
    with style():
        picture, axes = figure((8, 5), 120)
        for key, label, color in _SERIES:
            if losses[key]:
                axes.plot(range(1, len(losses[key]) + 1), losses[key], "o-", color=color, markersize=4, label=label)
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.set_xlim(0.5, len(losses["loss"]) + 0.5)
        axes.set_xlabel("epoch")
        axes.set_ylabel("mean loss of a (center, context) pair")
        axes.set_title(title, loc="left", parse_math=False)
        axes.grid(color="#dddddd", linewidth=0.6)
        axes.spines[["top", "right"]].set_visible(False)
        if losses["held_out_loss"]:
            axes.legend(frameon=False)
        picture.tight_layout()
        save_figure(picture, path)
