"""Losses by epoch as an SVG drawing, whose colors are those of the page it stands in."""

import html
import math
from collections.abc import Mapping, Sequence

_WIDTH, _HEIGHT = 720, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 130, 14, 34  # around the curves; labels of the series stand to the right
_TICKS = 4


def loss_chart(series: Mapping[str, Sequence[float]]) -> str:
    """A line for each series of one number an epoch, labelled at its end.

    Parameters
    ----------
    series : label and losses, each of at least one finite number
    """
    values = [value for losses in series.values() for value in losses if math.isfinite(value)]
    low, high, step = _axis(min(values), max(values))
    n_epochs = max(map(len, series.values()))
    x_step = (_WIDTH - _LEFT - _RIGHT) / max(n_epochs - 1, 1)

    def place(epoch: int, value: float) -> tuple[float, float]:
        return _LEFT + epoch * x_step, _TOP + (_HEIGHT - _TOP - _BOTTOM) * (high - value) / (high - low)

    parts = [
        f'<svg class="chart" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="Loss by epoch: {html.escape(_describe(series))}">',
    ]
    for number in range(round((high - low) / step) + 1):
        _, y = place(0, low + number * step)
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{low + number * step:.{_decimals(step)}f}</text>')
    every = max(1, math.ceil(n_epochs / 12))
    for epoch in range(0, n_epochs, every):
        parts.append(f'<text x="{place(epoch, low)[0]:.1f}" y="{_HEIGHT - 14}" text-anchor="middle">{epoch + 1}</text>')
    ends = []
    for number, (label, losses) in enumerate(series.items()):
        points = [place(epoch, loss) for epoch, loss in enumerate(losses) if math.isfinite(loss)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline class="curve s{number}" points="{path}"/>')
        parts += [f'<circle class="s{number}" cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>' for x, y in points if n_epochs <= 60]
        ends.append((points[-1][1], points[-1][0], number, label))
    lowest = -math.inf
    for y, x, number, label in sorted(ends):
        lowest = max(y, lowest + 16)  # no label over another one
        parts.append(f'<text class="s{number}" x="{x + 10:.1f}" y="{lowest + 4:.1f}">{html.escape(label)}</text>')
    return "\n".join([*parts, f'<text x="{_WIDTH - _RIGHT + 16}" y="{_HEIGHT - 14}">epoch</text>', "</svg>"])


def _axis(low: float, high: float) -> tuple[float, float, float]:
    """Where an axis begins, ends, and its step: round numbers."""
    span = max(high - low, 0.02 * max(abs(high), 1e-6))
    rough = span / _TICKS
    power = 10 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough)
    first = math.floor(low / step) * step
    return first, max(math.ceil(high / step - 1e-9) * step, first + step), step


def _decimals(step: float) -> int:
    return max(0, math.ceil(-math.log10(step) + 0.3))


def _describe(series: Mapping[str, Sequence[float]]) -> str:
    return "; ".join(f"{label} from {losses[0]:.4f} to {losses[-1]:.4f}" for label, losses in series.items())
