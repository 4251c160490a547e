"""The explorer as one file to send: map, search and neighbors without a server and without a network."""

import base64
import hashlib
import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.errors import ConfigError
from w2v.explorer.bundle import one_script, page_file
from w2v.explorer.map_points import EXTENT, describe_words, part_of, to_coordinates
from w2v.storage import atomic_file
from w2v.vectors.projection import Points
from w2v.vectors.word_vectors import WordVectors

MOST_WORDS = 50_000  # their numbers fit uint16
N_NEAR = 10
_LARGEST = 65_535


@dataclass(frozen=True)
class Groups:
    """Colors that somebody chose, in the place of clusters.

    Attributes
    ----------
    numbers : of the group of each word
    names : words that stand for each group
    """

    numbers: Sequence[int]
    names: Sequence[Sequence[str]]


def carried_map(
    vectors: WordVectors,
    ranks: Sequence[int],
    points: Points,
    name: str,
    *,
    n_clusters: int = 12,
    seed: int = 1,
    groups: Groups | None = None,
    shown: Sequence[str] | None = None,
) -> dict[str, Any]:
    """What a page carries of a map, ready for JSON; about 80 bytes a word.

    Numbers are little-endian arrays in base64: coordinates, ids and similarities of neighbors as uint16.

    Parameters
    ----------
    ranks : of the words, rising; neighbors are looked for among them
    points : (n, 2) float64
    groups : instead of clusters by k-means
    shown : what is written for each word, such as the title of an item

    Raises
    ------
    ConfigError
        more than `MOST_WORDS` words.
    MissingExtraError
        scikit-learn is not installed.
    FormatError
        a vector is not finite.
    """
    if len(ranks) > MOST_WORDS:
        raise ConfigError(f"a page has at most {MOST_WORDS:,} words: received {len(ranks):,}")
    part = part_of(vectors, ranks)
    content = describe_words(vectors, ranks, n_clusters, seed)
    of_shown = dict(zip(part.words, _distinct(shown or part.words, part.words), strict=True))
    if groups is not None:
        first = {name for names in groups.names for name in names}
        prominent = sorted(content["prominent"], key=lambda rank: of_shown[part.words[rank]] not in first)
        unnamed = [False] * len(groups.names)  # on the map stand the words themselves
        content |= {"clusters": groups.numbers, "names": groups.names, "named": unnamed, "prominent": prominent}
    else:
        content["names"] = [[of_shown[word] for word in words] for words in content["names"]]
    near, similarities = _neighbors(part)
    coordinates = to_coordinates(points)
    dots = f"{len(part):,} of {len(vectors):,} words" if len(part) < len(vectors) else f"{len(part):,} words"
    note = f"Nearest among the {len(part):,} words of this page." if len(part) < len(vectors) else None
    return {
        "model": {"name": name, "dim": vectors.dim, "facts": f"{dots} · dim {vectors.dim:,}", "note": note},
        "words": list(of_shown.values()),
        "ranks": None if list(ranks) == list(range(len(ranks))) else list(ranks),
        "counts": content["counts"],
        "names": content["names"],
        "named": content["named"],
        "clusters": _base64(content["clusters"], "u1"),
        "prominent": _base64(content["prominent"], "<u2"),
        "x": _base64([value + EXTENT for value in coordinates["x"]], "<u2"),
        "y": _base64([value + EXTENT for value in coordinates["y"]], "<u2"),
        "near": _base64(near, "<u2"),
        "similarities": _base64(np.rint((similarities + 1) / 2 * _LARGEST), "<u2"),
    }


def write_map_page(path: Path, carried: dict[str, Any]) -> None:
    """Write a page that shows what `carried_map` returned, whole or not at all.

    Raises
    ------
    OSError
        the file cannot be written.
    """
    title = carried["model"]["name"]
    write_page(path, title, page_body(), page_file("style.css"), carried)


def page_body() -> str:
    """The elements that the script fills."""
    body = page_file("index.html").partition("<body>")[2].partition("</body>")[0]
    explorer, _, behind = body.partition('<section id="refused"')
    return explorer.strip() + '\n<section id="refused" hidden></section>' + behind.partition("</section>")[2]


def write_page(path: Path, title: str, body: str, style: str, carried: dict[str, Any] | None) -> None:
    """Write one HTML file that loads nothing: its policy allows this style and this script only, by their hashes.

    Parameters
    ----------
    body : HTML
    carried : for the script, of `carried_map`; None for a page without a map, and then without a script
    """
    script = "" if carried is None else one_script()
    allowed = {"style-src": [style], "script-src": [script] if script else []}
    policy = "".join(f"{name} {' '.join(map(_hash, texts)) or _NONE}; " for name, texts in allowed.items())
    # No "<" can end the script that holds the data; what is no Unicode is an escape.
    data = json.dumps(carried, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    icon = base64.b64encode(page_file("icon.svg").encode()).decode()
    scripts = "" if carried is None else f'<script type="application/json" id="carried">{data}</script>\n<script>{script}</script>\n'
    text = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}{policy.strip()}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="color-scheme" content="light dark">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="generator" content="w2v">\n'
        f'<title>{html.escape(title)}</title>\n<link rel="icon" href="data:image/svg+xml;base64,{icon}">\n<style>{style}</style>\n'
        f"</head>\n<body>\n{body}\n{scripts}</body>\n</html>\n"
    )
    with atomic_file(path) as file:
        file.write(text.encode("utf-8", "backslashreplace"))


_NONE = "'none'"
_POLICY = (
    "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'; "
)


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _base64(values: Any, dtype: str) -> str:
    return base64.b64encode(np.asarray(values).astype(dtype).tobytes()).decode()


def _neighbors(vectors: WordVectors) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Ranks and similarities of the nearest words of each word, (n, n_near); as many of each word as there are."""
    n_near = min(N_NEAR, len(vectors) - 1)
    found = vectors.neighbors_of_each(list(vectors.words), n_near) if n_near else [[] for _ in vectors.words]
    near = np.array([[vectors.index(neighbor.word) for neighbor in nearest] for nearest in found], np.int64)
    return near, np.array([[neighbor.similarity for neighbor in nearest] for nearest in found], np.float64)


def _distinct(shown: Sequence[str], words: Sequence[str]) -> list[str]:
    """Texts to show, those that stand for several words followed by the word."""
    seen: dict[str, int] = {}
    for text in shown:
        seen[text] = seen.get(text, 0) + 1
    return [text if seen[text] == 1 else f"{text} ({word})" for text, word in zip(shown, words, strict=True)]
