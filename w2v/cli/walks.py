"""`w2v walks`."""

from pathlib import Path
from typing import Any

import click

from w2v.cli.shared.comparison_options import threads_option
from w2v.cli.shared.graph_options import graph_options, read_graph_as_told, separator_option, walk_options


@click.command()
@click.argument("graph", metavar="GRAPH", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", required=True, metavar="CORPUS", type=click.Path(path_type=Path), help="The directory to write.")
@separator_option
@graph_options
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True, metavar="N", help="Of all draws.")
@threads_option
@click.option("--overwrite", is_flag=True, help="Replace CORPUS, if it exists.")
def walks(
    graph: Path,
    out: Path,
    seed: int,
    threads: int | None,
    overwrite: bool,
    **options: Any,
) -> None:
    """Walk over a graph: an encoded corpus in which a walk is a sentence and a node is a word (DeepWalk, node2vec).

    GRAPH has a line for each edge: u v, or u v weight, with blanks or tabs between; names are any texts. Lines at its start that begin
    with # or % are comments. It may be compressed, or a table (--fields).

    \b
    w2v walks friends.edges --out friends.corpus
    w2v train friends.corpus --dim 128 --window 10 --out friends.w2v
    w2v evaluate friends.w2v --node-labels groups.txt
    """
    from w2v.graphs.random_walks import WalkConfig, write_walks
    from w2v.storage import check_output

    check_output(out, overwrite=overwrite, kind="w2v encoded corpus")
    config = WalkConfig(seed=seed, **walk_options(options))
    found = read_graph_as_told(graph, options, threads)
    corpus = write_walks(found, out, config, threads=threads, overwrite=overwrite)
    click.echo(f"{corpus.n_sentences:,} walks, {corpus.n_tokens:,} steps", err=True)
    click.echo(str(out))
