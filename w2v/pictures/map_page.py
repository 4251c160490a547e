"""A map of words as one HTML file: to zoom and move, with every word under the pointer; it needs no network."""

import html
import importlib.resources
import json
import string
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.errors import ConfigError, import_extra
from w2v.pictures.figures import COLORS
from w2v.storage import atomic_file

MOST_WORDS = 5_000  # each is an element of the page: more make it slow
_PIXELS = (6, 11)  # of a point, and of one that stands out


def write_html_map(
    path: Path, words: Sequence[str], points: npt.NDArray[np.float64], groups: Sequence[int], important: Sequence[bool], title: str
) -> None:
    """Write words at their points; labels of earlier words come first where there is little room.

    Parameters
    ----------
    points : (n, 2) float64
    groups : number of the color of each word
    important : which words stand out

    Raises
    ------
    ConfigError
        more than `MOST_WORDS` words.
    MissingExtraError
        plotly is not installed.
    """
    if len(words) > MOST_WORDS:
        raise ConfigError(f"a map in HTML has at most {MOST_WORDS:,} words, w2v explore shows more: received {len(words):,}")
    offline: Any = import_extra("plotly.offline", "plot", "maps in HTML")
    data = {
        "title": html.escape(title, quote=False),
        "words": list(words),
        "shown": [html.escape(word, quote=False) for word in words],  # plotly reads a subset of HTML in texts
        "x": points[:, 0].round(4).tolist(),
        "y": points[:, 1].round(4).tolist(),
        "colors": [COLORS[group % len(COLORS)] for group in groups],
        "sizes": [_PIXELS[strong] for strong in important],
    }
    # No "<" can end the script that holds the data.
    written = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c").encode("utf-8", "backslashreplace").decode()
    page = importlib.resources.files("w2v.pictures").joinpath("map_page.html").read_text(encoding="utf-8")
    filled = string.Template(page).substitute(title=html.escape(title), plotly=offline.get_plotlyjs(), data=written)
    with atomic_file(path) as file:
        file.write(filled.encode())
