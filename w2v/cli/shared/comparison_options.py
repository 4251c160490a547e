"""What `w2v validate` and `w2v bench` ask for alike: a text, and the number of threads."""

from __future__ import annotations

from pathlib import Path

import click

MOST_THREADS = 1024

text_argument = click.argument("text", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))


def text_or_starter(text: Path | None) -> Path:
    """The text that was named, or that of the corpus `starter`, which is made where it is not there yet."""
    if text is not None:
        return text
    from w2v.datasets.get_corpus import get_corpus

    return get_corpus("starter", Path("downloads"), progress=True)
