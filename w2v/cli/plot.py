"""`w2v plot`."""

import itertools
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import numpy as np

from w2v.cli.shared.config_options import StoredPath
from w2v.cli.shared.label_options import label_options, load_labels, with_labels
from w2v.cli.shared.word_input import Resolve, print_unknown_words, replace_undecodable
from w2v.errors import ConfigError, UnknownWordError
from w2v.formats import check_goal, load
from w2v.pictures.figures import PAGE, picture_kind
from w2v.pictures.training_curves import draw_evaluation_curve, draw_loss_curve
from w2v.pictures.word_map import draw_word_map
from w2v.progress import progress_bar
from w2v.text_tables import printable
from w2v.vectors.projection import METHODS, Points, project
from w2v.vectors.prominence import function_words
from w2v.vectors.word_labels import Labels
from w2v.vectors.word_vectors import WordVectors

_TOP = {PAGE: 3000}  # words, where not said: of a page, which is searched and zoomed
_TOP_OF_PICTURE = 300
_MOST = 50_000
_COLORS = 8  # clusters of a picture
_LOOKED_AT = 10_000  # words among which function words are told from others
_WITH_FUNCTION_WORDS = ("words", "chinese", "whitespace")


@dataclass(frozen=True)
class _Chosen:
    """Words to draw.

    Attributes
    ----------
    ranks : of the words, rising
    asked : the words that were asked for; none where the most frequent ones are drawn
    groups : for each word the number of the one that was asked for which it is near
    unknown : what was asked for and is not there
    left_out : whether function words are
    """

    ranks: list[int]
    asked: list[str] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)
    unknown: list[UnknownWordError] = field(default_factory=list)
    left_out: bool = False


@click.command()
@click.argument("model", type=StoredPath())
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("words", nargs=-1, metavar="[WORD]...")
@click.option("-n", "n", type=click.IntRange(min=0), default=10, show_default=True, metavar="N", help="Neighbors of each WORD to draw.")
@click.option("--top", type=click.IntRange(2, _MOST), metavar="N", help="Draw the N most frequent words. [default: 300, of a page 3000]")
@click.option("--method", type=click.Choice(METHODS), default=METHODS[0], show_default=True, help="t-SNE or principal components.")
@click.option("--loss", "with_loss", is_flag=True, help="Draw the loss of the training instead, by epoch.")
@click.option("--evaluation", "with_scores", is_flag=True, help="Draw instead how a training with --evaluate did, by epoch.")
@click.option("--function-words", "with_function_words", is_flag=True, help="Draw words such as of and which too.")
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=1, show_default=True, metavar="N", help="Seed of t-SNE.")
@click.option("--overwrite", is_flag=True, help="Replace OUT.")
@label_options
@click.pass_context
def plot(
    context: click.Context,
    /,
    model: Path,
    out: Path,
    words: tuple[str, ...],
    n: int,
    top: int | None,
    method: str,
    with_loss: bool,
    with_scores: bool,
    with_function_words: bool,
    seed: int,
    overwrite: bool,
    **chosen_labels: Any,
) -> None:
    """Draw a map of words, near ones together, or the course of a training, as OUT.png, OUT.svg or OUT.pdf; a map also as OUT.html.

    MODEL is a model directory or a vector file of any known format. With WORDs these and their neighbors are drawn, each in its color;
    without, the most frequent words, colored by cluster; a picture leaves out function words. A label that would hide another one moves
    away or is left out: its word is a point only. OUT.html is the explorer as one file to send, which needs no network: a map to zoom,
    a search, and the neighbors of each word.

    \b
    w2v plot my.w2v map.png
    w2v plot my.w2v map.html
    w2v plot my.w2v seasons.svg summer winter -n 20
    w2v plot my.w2v loss.png --loss
    """
    is_curve = with_loss or with_scores
    if with_loss and with_scores:
        raise click.UsageError("give --loss or --evaluation, not both")
    if is_curve and (words or top or chosen_labels["labels_path"]):
        raise click.UsageError(f"{'--loss' if with_loss else '--evaluation'} goes without WORDs, --top and --labels")
    if words and top:
        raise click.UsageError("give WORDs or --top, not both")
    try:
        kind = picture_kind(out, or_page=not is_curve)
    except ConfigError as error:
        raise click.UsageError(str(error)) from None
    check_goal(out, overwrite=overwrite)
    title = printable(model.name)
    if is_curve:
        from w2v.vectors.model_directory import load_model

        draw = draw_loss_curve if with_loss else draw_evaluation_curve
        draw(out, load_model(model).manifest.get("report"), title)
        click.echo(str(out))
        return
    vectors = load(model)
    labels = load_labels(vectors, **chosen_labels)
    resolve = with_labels(vectors.find, labels)
    typed = replace_undecodable(words)
    chosen = _with_neighbors(vectors, resolve, typed, n) if typed else _most_frequent(vectors, kind, top, with_function_words)
    if chosen.ranks:
        with progress_bar("placing the words", 100, leave=False) as bar:
            points = project(vectors.matrix[chosen.ranks], method, seed=seed, on_progress=lambda share: bar.update(100 * share - bar.n))
        draw_words = _write_page if kind == PAGE else _draw_picture
        draw_words(out, vectors, chosen, points, labels, title, seed)
        click.echo(str(out))
    print_unknown_words(chosen.unknown)
    if chosen.unknown:
        context.exit(1)


def _write_page(out: Path, vectors: WordVectors, chosen: _Chosen, points: Points, labels: Labels | None, title: str, seed: int) -> None:
    from w2v.explorer.static_page import Groups, carried_map, write_map_page

    shown = None if labels is None else [labels.of(vectors.words[rank]) for rank in chosen.ranks]
    names = [[word if labels is None else labels.of(word)] for word in chosen.asked]
    groups = Groups(chosen.groups, names) if chosen.asked else None
    write_map_page(out, carried_map(vectors, chosen.ranks, points, title, seed=seed, groups=groups, shown=shown))
    click.echo(f"{len(chosen.ranks):,} words", err=True)


def _draw_picture(out: Path, vectors: WordVectors, chosen: _Chosen, points: Points, labels: Labels | None, title: str, seed: int) -> None:
    asked = {vectors.index(word): number for number, word in enumerate(chosen.asked)}
    shown = [printable(word if labels is None else labels.of(word)) for word in (vectors.words[rank] for rank in chosen.ranks)]
    groups, regions, what = chosen.groups, [], f"{', '.join(chosen.asked)} and their neighbors"
    order = sorted(range(len(shown)), key=lambda i: asked.get(chosen.ranks[i], len(asked)))  # their labels come first
    if not asked:
        from w2v.explorer.map_points import describe_words

        found = describe_words(vectors, chosen.ranks, _COLORS, seed)
        place_of = dict(zip(found["words"], shown, strict=True))
        groups, order = found["clusters"], found["prominent"]
        names = zip(found["names"], found["named"], strict=True)
        regions = [" · ".join(place_of[word] for word in words[:2]) if named else "" for words, named in names]
        what = "the most frequent words" + (", function words left out" if chosen.left_out else "") + ", colored by cluster"
    important = [chosen.ranks[i] in asked for i in order]
    subtitle = f"{len(shown):,} of {len(vectors):,} words, {vectors.dim:,} dimensions: {printable(what)}"
    words, colors = [shown[i] for i in order], [groups[i] for i in order]
    drawn = draw_word_map(out, words, points[order], colors, important, title, subtitle=subtitle, regions=regions)
    click.echo(f"{drawn.total} words, {drawn.labelled} of them with a label", err=True)
    if drawn.unwritable:
        lacking = printable(" ".join(drawn.unwritable[:10]))
        click.echo(f"no installed font has {lacking}: their words have no label; install one, such as fonts-noto-cjk", err=True)


def _most_frequent(vectors: WordVectors, kind: str, top: int | None, with_function_words: bool) -> _Chosen:
    n = min(top or _TOP.get(kind, _TOP_OF_PICTURE), len(vectors))
    of_text = vectors.tokenizer is None or vectors.tokenizer.tokenizer in _WITH_FUNCTION_WORDS
    if kind == PAGE or with_function_words or not of_text:
        return _Chosen(list(range(n)))
    is_function = function_words(vectors.matrix[:_LOOKED_AT])
    left_out = {*np.flatnonzero(is_function).tolist()}
    ranks = list(itertools.islice((rank for rank in range(len(vectors)) if rank not in left_out), n))
    return _Chosen(ranks, left_out=bool(left_out))


def _with_neighbors(vectors: WordVectors, resolve: Resolve, typed: list[str], n: int) -> _Chosen:
    """The known words and their neighbors, each of these in the group of the first word that it is near."""
    known: dict[str, None] = {}
    unknown = []
    for word in typed:
        try:
            known[resolve(word)] = None
        except UnknownWordError as error:
            unknown.append(error)
    group_of: dict[str, int] = {word: group for group, word in enumerate(known)}
    found = vectors.neighbors_of_each(list(known), n) if n else [[] for _ in known]
    for group, near in enumerate(found):
        for neighbor in near:
            group_of.setdefault(neighbor.word, group)
    ranks = sorted(map(vectors.index, group_of))
    return _Chosen(ranks, list(known), [group_of[vectors.words[rank]] for rank in ranks], unknown)
