"""`w2v explore`."""

import contextlib
import secrets
import webbrowser
from pathlib import Path

import click

from w2v.cli.shared.config_options import StoredPath
from w2v.cli.shared.word_input import replace_undecodable
from w2v.errors import import_extra
from w2v.formats import load
from w2v.vectors.projection import METHODS

_MOST = 50_000  # words on a map
_COLORS = 12  # clusters that can be told apart


@click.command()
@click.argument("model", type=StoredPath())
@click.option(
    "--top",
    type=click.IntRange(1, _MOST),
    default=10_000,
    show_default=True,
    metavar="N",
    help="Show the N most frequent words on the map.",
)
@click.option(
    "--method",
    type=click.Choice(METHODS),
    default=METHODS[0],
    show_default=True,
    help="Arrange the map by t-SNE (principal components until that is ready), or by principal components.",
)
@click.option(
    "-k",
    "--clusters",
    "n_clusters",
    type=click.IntRange(1, _COLORS),
    default=_COLORS,
    show_default=True,
    metavar="N",
    help="How many colors.",
)
@click.option("--port", type=click.IntRange(0, 65535), default=0, metavar="N", help="Port on 127.0.0.1. [default: a free one]")
@click.option("--open", "in_browser", is_flag=True, help="Open the page in the browser.")
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=1, show_default=True, metavar="N", help="Seed of t-SNE and clusters.")
@click.pass_context
def explore(context: click.Context, model: Path, top: int, method: str, n_clusters: int, port: int, in_browser: bool, seed: int) -> None:
    """Look at the vectors in a browser: a map of the words, their neighbors, analogies, similarities.

    MODEL is a model directory or a vector file of any known format. The page is served to this machine only, at the address that is
    printed; the part behind its # is the key to this run. Ctrl-C ends it.

    \b
    w2v explore my.w2v
    w2v explore my.w2v --top 50000 --open
    """
    for package in ("starlette", "uvicorn"):
        import_extra(package, "explore", "the explorer")
    from w2v.explorer.app import create_app
    from w2v.explorer.map_points import WordMap
    from w2v.explorer.server import listening_socket, serve, url
    from w2v.explorer.word_queries import Answers

    try:
        with listening_socket(port) as listener:
            vectors = load(model)
            click.echo(f"arranging {min(top, len(vectors)):,} of {len(vectors):,} words", err=True)
            with contextlib.closing(WordMap(vectors, top, n_clusters, method, seed, model)) as word_map:
                token = secrets.token_urlsafe(32)
                facts = {"words": len(vectors), "dim": vectors.dim}
                [name] = replace_undecodable([model.resolve().name])
                app = create_app(name, Answers(vectors, vectors.find), word_map, facts, token)
                address = url(listener, token)

                def show() -> None:
                    click.echo(address)
                    click.echo("Ctrl-C ends it", err=True)
                    if in_browser:
                        webbrowser.open(address)

                serve(app, listener, show)
    except KeyboardInterrupt:
        click.echo("explorer ended", err=True)
        context.exit(130)
