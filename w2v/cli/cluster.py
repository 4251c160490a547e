"""`w2v cluster`."""

from pathlib import Path

import click
import numpy as np

from w2v.cli.shared.config_options import StoredPath, json_option
from w2v.cli.shared.word_input import print_json
from w2v.formats import check_goal, load
from w2v.text_tables import aligned
from w2v.vectors.clusters import cluster as find_clusters


@click.command()
@click.argument("model", type=StoredPath())
@click.option("-k", "--clusters", "n_clusters", type=click.IntRange(min=1), default=100, show_default=True, metavar="N", help="How many.")
@click.option("--top", type=click.IntRange(min=1), metavar="N", help="Cluster the N most frequent words only.")
@click.option("-n", "n", type=click.IntRange(min=1), default=10, show_default=True, metavar="N", help="How many words of each to show.")
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=1, show_default=True, metavar="N", help="Seed of all random draws.")
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help="Write each word with its class, as word2vec.c's -classes.")
@click.option("--overwrite", is_flag=True, help="Replace FILE.")
@json_option
def cluster(model: Path, n_clusters: int, top: int | None, n: int, seed: int, out: Path | None, overwrite: bool, as_json: bool) -> None:
    """Group words by k-means over the directions of their vectors (scikit-learn's MiniBatchKMeans).

    MODEL is a model directory or a vector file of any known format. Clusters are numbered by size; of
    each, frequent words near its center are shown.

    \b
    w2v cluster my.w2v -k 50 --top 20000
    w2v cluster my.w2v -k 500 --out classes.txt
    """
    if out is not None:
        check_goal(out, overwrite=overwrite)
    vectors = load(model)
    if n_clusters > min(len(vectors), top or len(vectors)):
        raise click.UsageError(
            f"--clusters must be at most the number of words, {min(len(vectors), top or len(vectors)):,}: received {n_clusters:,}"
        )
    found = find_clusters(vectors, n_clusters, top=top, seed=seed)
    if out is not None:
        found.save_classes(out)
    sizes = np.bincount(found.labels, minlength=n_clusters).tolist()
    filled = [number for number, size in enumerate(sizes) if size]
    if as_json:
        print_json({"cluster": number, "size": sizes[number], "words": found.examples(number, n)} for number in filled)
    else:
        click.echo(aligned([(str(number), f"{sizes[number]:,}", " ".join(found.examples(number, n))) for number in filled]))
