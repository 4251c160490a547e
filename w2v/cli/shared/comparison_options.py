"""What the commands that compare ask for alike: a text, the number of threads, which items are held out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from w2v.items.held_out_items import DEFAULT_CASES, HOLD_OUT_KINDS

MOST_THREADS = 1024

text_argument = click.argument("text", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
inputs_argument = click.argument("inputs", nargs=-1, required=True, metavar="INPUT...", type=click.Path(exists=True, allow_dash=True))
threads_option = click.option(
    "--threads", type=click.IntRange(1, MOST_THREADS), metavar="N", help="Threads. [default: the cores this process may use]"
)


def held_out_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--hold-out, --keep-seen and --cases."""
    for option in reversed((
        click.option(
            "--hold-out", type=click.Choice(HOLD_OUT_KINDS), default=HOLD_OUT_KINDS[0], show_default=True,
            help="Which item of each sequence is asked for; random: for baskets, whose order says nothing.",
        ),
        click.option(
            "--keep-seen", is_flag=True, help="Items of the history may come again; else they are not recommended, and a miss if they come."
        ),
        click.option(
            "--cases", type=click.IntRange(min=2), default=DEFAULT_CASES, show_default=True, metavar="N",
            help="Ask for the next item of at most N sequences, drawn at random.",
        ),
    )):  # fmt: skip
        command = option(command)
    return command


def text_or_starter(text: Path | None) -> Path:
    """The text that was named, or that of the corpus `starter`, which is made where it is not there yet."""
    if text is not None:
        return text
    from w2v.datasets.get_corpus import get_corpus

    return get_corpus("starter", Path("downloads"), progress=True)
