"""`w2v walks`."""

from pathlib import Path
from typing import Any

import click

from w2v.cli.shared.comparison_options import threads_option

_NUMBER = click.FloatRange(1e-3, 1e3)


@click.command()
@click.argument("graph", metavar="GRAPH", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", required=True, metavar="CORPUS", type=click.Path(path_type=Path), help="The directory to write.")
@click.option("--directed", is_flag=True, help="Edges lead from the first node to the second only.")
@click.option("--adjacency", is_flag=True, help="Each line is a node and all its neighbors.")
@click.option(
    "--fields", metavar="U,V[,W]", help="Of a csv, tsv, jsonl or parquet file: the columns of both ends of an edge, and of its weight."
)
@click.option("--separator", metavar="TEXT", help="The character between two names. [default: blanks and tabs]")
@click.option(
    "--walks-per-node", type=click.IntRange(1, 1 << 20), default=10, show_default=True, metavar="N", help="That start at each node."
)
@click.option("--walk-length", type=click.IntRange(2, 1 << 20), default=80, show_default=True, metavar="N", help="Nodes of a walk.")
@click.option(
    "--p", type=_NUMBER, default=1.0, show_default=True, metavar="X", help="node2vec: the lower, the more often a walk turns back."
)
@click.option("--q", type=_NUMBER, default=1.0, show_default=True, metavar="X", help="node2vec: the lower, the further away a walk goes.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True, metavar="N", help="Of all draws.")
@threads_option
@click.option("--overwrite", is_flag=True, help="Replace CORPUS, if it exists.")
def walks(
    graph: Path,
    out: Path,
    directed: bool,
    adjacency: bool,
    separator: str | None,
    fields: str | None,
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
    from w2v.graphs.edges import read_graph
    from w2v.graphs.random_walks import WalkConfig, write_walks
    from w2v.storage import check_output

    check_output(out, overwrite=overwrite, kind="w2v encoded corpus")
    found = read_graph(
        graph, directed=directed, adjacency=adjacency, separator=separator, fields=fields.split(",") if fields else (), threads=threads
    )
    click.echo(f"{graph}: {len(found):,} nodes, {found.n_edges:,} edges", err=True)
    config = WalkConfig(**options)
    corpus = write_walks(found, out, config, threads=threads, overwrite=overwrite)
    click.echo(f"{corpus.n_sentences:,} walks, {corpus.n_tokens:,} steps", err=True)
    click.echo(str(out))
