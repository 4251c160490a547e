"""Options of the commands that make vectors of texts: how much each word counts."""

from collections.abc import Callable
from typing import Any

import click

from w2v.vectors.text_vectors import SIF, WEIGHTINGS


def weighting_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--weighting`` and ``--sif``."""
    sif = click.option(
        "--sif",
        type=click.FloatRange(min=0, min_open=True),
        default=SIF,
        show_default=True,
        metavar="A",
        help="With sif: a word that makes up the share p of all words counts A / (A + p).",
    )
    weighting = click.option(
        "--weighting",
        type=click.Choice(WEIGHTINGS),
        default=WEIGHTINGS[0],
        show_default=True,
        help="How much a word counts in the mean of a text: the more, the rarer it is (sif), or all alike (mean).",
    )
    return weighting(sif(command))
