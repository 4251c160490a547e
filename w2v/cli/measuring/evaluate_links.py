"""`w2v evaluate-links`."""

import json
from pathlib import Path
from typing import Any

import click
import numpy as np

from w2v.cli.shared.comparison_options import threads_option
from w2v.cli.shared.config_options import config_from, config_options, json_option
from w2v.cli.shared.graph_options import graph_options, read_graph_as_told, separator_option, take_graph_options, walk_options
from w2v.config import TrainConfig

_BOOTSTRAP_SEED = 1


@click.command("evaluate-links")
@click.argument("graph", metavar="GRAPH", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--share", type=click.FloatRange(0, 1, min_open=True, max_open=True), default=0.5, show_default=True, metavar="X",
    help="Of the edges, to hold out; fewer where nodes would come apart.",
)  # fmt: skip
@click.option("--seeds", type=click.IntRange(min=1), default=3, show_default=True, metavar="N", help="Splits and trainings, seeds 1 to N.")
@separator_option
@graph_options
@config_options(TrainConfig, skip=frozenset({"seed", "held_out", "early_stop"}))
@threads_option
@click.option("--markdown", is_flag=True, help="Print the table in Markdown.")
@json_option
def evaluate_links(
    graph: Path, share: float, seeds: int, separator: str | None, threads: int | None, markdown: bool, as_json: bool, **options: Any
) -> None:
    """Measure how well vectors of a graph's nodes tell edges that were held out from pairs of nodes without one (AUC).

    A share of the edges is taken away, so that the parts of the graph stay connected; vectors are trained on walks over the rest
    (dim 128, window 10), and pairs are scored by the cosine and the dot product of their vectors, by logistic regression on node2vec's
    four operators, which is learned on other pairs, and by the graph alone.

    \b
    w2v evaluate-links friends.edges
    w2v evaluate-links follows.edges --directed --share 0.2 --seeds 5 --q 0.5
    """
    from w2v.graphs.link_prediction import evaluate_links as evaluate
    from w2v.graphs.random_walks import WalkConfig

    given = take_graph_options(options)
    walking = WalkConfig(**walk_options(given))
    config = config_from(TrainConfig, {"dim": 128, "window": 10, **{name: value for name, value in options.items() if value is not None}})
    read = read_graph_as_told(graph, {**given, "separator": separator}, threads)
    found = evaluate(
        read, config, walking, share=share, seeds=seeds, threads=threads, on_message=lambda text: click.echo(text, err=True)
    )  # fmt: skip
    settings = {
        "graph": str(graph), "nodes": len(read), "edges": read.n_edges, "directed": read.directed, "share": share, "seeds": seeds,
        "held_out": found.n_held_out, "walks": walk_options(given), "train_config": config.to_json(),
    }  # fmt: skip
    methods = _methods(found.gains)
    click.echo(json.dumps({"settings": settings, "methods": methods}) if as_json else _text(settings, methods, markdown))


def _methods(gains: dict[str, list[Any]]) -> list[dict[str, Any]]:
    from w2v.vectors.bootstrap import mean_intervals

    intervals = mean_intervals(np.column_stack([np.concatenate(values) for values in gains.values()]), _BOOTSTRAP_SEED)
    return [
        {
            "method": name,
            "auc": float(np.mean(list(map(np.mean, values)))),
            "interval": list(interval),
            "seeds": [float(one.mean()) for one in values],
        }
        for (name, values), interval in zip(gains.items(), intervals, strict=True)
    ]


def _text(settings: dict[str, Any], methods: list[dict[str, Any]], markdown: bool) -> str:
    from w2v.comparison.mean_differences import deviation
    from w2v.text_tables import markdown_table, plain_table

    several = settings["seeds"] > 1
    rows = [
        [
            method["method"],
            f"{method['auc']:.4f}",
            "{:.4f} - {:.4f}".format(*method["interval"]),
            *([f"{deviation(method['seeds']):.4f}"] if several else []),
        ]
        for method in methods
    ]
    head = ["", "AUC", "95 %", *(["sd of seeds"] if several else [])]
    title = (
        f"{settings['nodes']:,} nodes, {settings['edges']:,} {'directed ' if settings['directed'] else ''}edges, "
        f"{settings['held_out'][0]:,} held out; seeds 1 to {settings['seeds']}"
    )
    table = (markdown_table if markdown else plain_table)(head, rows)
    return f"{title}\n\n{table}\n\n95 %: over other held-out edges, bootstrap"
