"""A picture of words: points in two dimensions, with labels that do not hide one another."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.errors import FormatError, import_extra
from w2v.pictures.figures import COLORS, figure, save_figure, style
from w2v.pictures.fonts import fonts_for

_INCHES = (12.0, 9.0)
_DPI = 120
_GAP = 3.0  # pixels between a point and its label
_MARGIN = 1.0  # pixels around a label that stay free
_SIZES = (9.0, 26.0)  # of a point, and of one that stands out, in square points
_RINGS = (0.0, 9.0, 20.0)  # pixels that a label may move away from its point, tied to it by a line

Boxes = npt.NDArray[np.float64]


@dataclass(frozen=True)
class WordMapSummary:
    """What a picture shows.

    Attributes
    ----------
    labelled, total : words with a label, and all; the others are points only, for want of room
    unwritable : characters that no installed font has; words with them have no label
    """

    labelled: int
    total: int
    unwritable: tuple[str, ...]


def draw_word_map(
    path: Path,
    words: Sequence[str],
    points: npt.NDArray[np.float64],
    groups: Sequence[int],
    important: Sequence[bool],
    title: str,
    *,
    subtitle: str = "",
    regions: Sequence[str] = (),
) -> WordMapSummary:
    """Draw words at their points; labels of earlier words come first where there is little room.

    Parameters
    ----------
    path : where to, .png, .svg or .pdf
    points : (n, 2) float64
    groups : number of the color of each word
    important : which words stand out
    subtitle : what is shown, in a line below the title
    regions : name of each group, written in the middle of it; empty for none

    Raises
    ------
    FormatError
        no word can be written with the installed fonts.
    """
    fonts, unwritable = fonts_for([*words, title, *regions])
    writable = [not unwritable.intersection(word) for word in words]
    if not any(writable):
        shown = " ".join(sorted(unwritable)[:10])
        raise FormatError(f"a picture needs a font with {shown}: none that is installed has them; install one, such as fonts-noto-cjk")
    with style(fonts):
        picture, axes = figure(_INCHES, _DPI)
        axes.set_axis_off()
        axes.set_position((0.02, 0.02, 0.96, 0.91))
        picture.text(0.02, 0.965, title, fontsize=15, fontweight="bold", parse_math=False)
        picture.text(0.02, 0.941, subtitle, fontsize=9.5, color="#666666", parse_math=False)
        colors = [COLORS[group % len(COLORS)] for group in groups]
        axes.scatter(points[:, 0], points[:, 1], s=[_SIZES[strong] for strong in important], c=colors, linewidths=0, zorder=2)
        axes.margins(0.06)
        picture.canvas.draw()
        pixels = axes.transData.transform(points)
        named = _name_regions(axes, points, groups, ["" if unwritable.intersection(name) else name for name in regions])
        chosen = [i for i in range(len(words)) if writable[i]]
        labels = [_label(axes, words[i], colors[i], important[i]) for i in chosen]
        sizes = np.array([_size(label, picture) for label in labels])
        radii = np.sqrt([_SIZES[strong] for strong in important]) / 2 * _DPI / 72
        places = place_labels(pixels, radii, chosen, sizes, axes.get_window_extent().extents, named)
        _put(axes, labels, [pixels[i] for i in chosen], sizes, places)
        save_figure(picture, path)
    return WordMapSummary(sum(place is not None for place in places), len(words), tuple(sorted(unwritable)))


def place_labels(
    points: Boxes,
    radii: npt.NDArray[np.float64],
    chosen: Sequence[int],
    sizes: Boxes,
    frame: Sequence[float] | npt.NDArray[np.float64],
    covered: Sequence[Sequence[float]] = (),
) -> list[tuple[float, float] | None]:
    """Lower left corners of labels beside their points: inside the frame, over no point, and over no label that came before.

    Parameters
    ----------
    points, radii : (n, 2) and (n,) float64 in pixels; no point is covered
    chosen : which point each label belongs to
    sizes : (n_labels, 2) float64 in pixels
    frame : left, bottom, right, top
    covered : boxes (left, bottom, right, top) that stay free of labels

    Returns
    -------
    A corner for each label, None where there is no room.
    """
    around = np.hstack((points - radii[:, None], points + radii[:, None]))
    taken = np.concatenate((around, np.full((len(chosen), 4), np.nan), np.reshape(np.array(covered, np.float64), (-1, 4))))
    places: list[tuple[float, float] | None] = []
    for number, (point, (width, height)) in enumerate(zip(chosen, sizes.tolist(), strict=True)):
        places.append(None)
        for x, y in _corners(points[point, 0], points[point, 1], radii[point] + _GAP, width, height):
            box = (x - _MARGIN, y - _MARGIN, x + width + _MARGIN, y + height + _MARGIN)
            if box[0] < frame[0] or box[1] < frame[1] or box[2] > frame[2] or box[3] > frame[3]:
                continue
            hit = (taken[:, 0] < box[2]) & (taken[:, 2] > box[0]) & (taken[:, 1] < box[3]) & (taken[:, 3] > box[1])
            if not hit.any():
                taken[len(points) + number] = box
                places[-1] = (x, y)
                break
    return places


def _corners(x: float, y: float, near: float, width: float, height: float) -> list[tuple[float, float]]:
    """Where a label may stand, the best places first: right, left, above, below, between; then farther away."""
    found = []
    for ring, (right, up) in itertools.product(_RINGS, ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))):
        gap = near + ring
        left = x + gap if right > 0 else x - gap - width if right < 0 else x - width / 2
        bottom = y + gap if up > 0 else y - gap - height if up < 0 else y - height / 2
        found.append((left, bottom))
    return found


def _name_regions(axes: Any, points: Boxes, groups: Sequence[int], names: Sequence[str]) -> list[tuple[float, float, float, float]]:
    """Write the name of each group at the point in the middle of it, moved up or down where another name is; their boxes in pixels."""
    effects: Any = import_extra("matplotlib.patheffects", "plot", "pictures")
    halo = [effects.withStroke(linewidth=3.5, foreground="white")]
    renderer, frame = axes.figure.canvas.get_renderer(), axes.get_window_extent()
    taken: list[tuple[float, float, float, float]] = []
    for number, name in enumerate(names):
        members = points[np.flatnonzero(np.array(groups) == number)]
        if not name or not len(members):
            continue
        middle = members[np.linalg.norm(members[:, None] - members[None], axis=2).sum(axis=1).argmin()]
        style: dict[str, Any] = {"color": COLORS[number % len(COLORS)], "fontsize": 13, "fontweight": "bold", "parse_math": False}
        text = axes.text(0, 0, name, ha="center", va="center", zorder=4, path_effects=halo, **style)
        x, y = axes.transData.transform(middle)
        size = text.get_window_extent(renderer)
        x = float(np.clip(x, frame.x0 + size.width / 2, frame.x1 - size.width / 2))
        for shift in (0, 24, -24, 48, -48, 72, -72):
            box = (x - size.width / 2, y + shift - size.height / 2, x + size.width / 2, y + shift + size.height / 2)
            if all(box[2] < other[0] or box[0] > other[2] or box[3] < other[1] or box[1] > other[3] for other in taken):
                text.set_position(axes.transData.inverted().transform((x, y + shift)))
                taken.append(box)
                break
        else:
            text.remove()
    return taken


def _label(axes: Any, word: str, color: str, important: bool) -> Any:
    # parse_math off: a word may hold dollar signs
    weight, size, ink = ("bold", 11, color) if important else ("normal", 8.5, "#222222")
    return axes.text(0, 0, word, color=ink, fontsize=size, fontweight=weight, parse_math=False, va="bottom", ha="left", zorder=3)


def _size(label: Any, picture: Any) -> tuple[float, float]:
    box = label.get_window_extent(picture.canvas.get_renderer())
    return box.width, box.height


def _put(axes: Any, labels: Sequence[Any], pixels: Sequence[Any], sizes: Boxes, places: Sequence[tuple[float, float] | None]) -> None:
    to_data = axes.transData.inverted().transform
    for label, pixel, (width, height), place in zip(labels, pixels, sizes.tolist(), places, strict=True):
        if place is None:
            label.remove()
            continue
        label.set_position(to_data(place))
        nearest = (np.clip(pixel[0], place[0], place[0] + width), np.clip(pixel[1], place[1], place[1] + height))
        if np.hypot(*(np.array(nearest) - pixel)) > _RINGS[1]:
            line = to_data(np.array([pixel, nearest]))
            axes.plot(line[:, 0], line[:, 1], color="#aaaaaa", linewidth=0.6, zorder=1)
