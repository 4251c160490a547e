"""`w2v plot`."""

from pathlib import Path
from typing import Any

import click

from w2v.cli.shared.config_options import StoredPath
from w2v.cli.shared.label_options import label_options, load_labels, with_labels
from w2v.cli.shared.word_input import Resolve, print_unknown_words, replace_undecodable
from w2v.errors import ConfigError, UnknownWordError
from w2v.formats import check_goal, load
from w2v.pictures.figures import PAGE, picture_kind
from w2v.pictures.map_page import MOST_WORDS, write_html_map
from w2v.pictures.training_curves import draw_evaluation_curve, draw_loss_curve
from w2v.pictures.word_map import WordMapSummary, draw_word_map
from w2v.progress import progress_bar
from w2v.text_tables import printable
from w2v.vectors.projection import METHODS, project
from w2v.vectors.word_vectors import WordVectors


@click.command()
@click.argument("model", type=StoredPath())
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("words", nargs=-1, metavar="[WORD]...")
@click.option("-n", "n", type=click.IntRange(min=0), default=10, show_default=True, metavar="N", help="Neighbors of each WORD to draw.")
@click.option("--top", type=click.IntRange(min=2), metavar="N", help="Draw the N most frequent words. [default: 300]")
@click.option("--method", type=click.Choice(METHODS), default=METHODS[0], show_default=True, help="t-SNE or principal components.")
@click.option("--loss", "with_loss", is_flag=True, help="Draw the loss of the training instead, by epoch.")
@click.option("--evaluation", "with_scores", is_flag=True, help="Draw instead how a training with --evaluate did, by epoch.")
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
    seed: int,
    overwrite: bool,
    **chosen_labels: Any,
) -> None:
    """Draw a map of words, near ones together, or the course of a training, as OUT.png, OUT.svg or OUT.pdf; a map also as OUT.html.

    MODEL is a model directory or a vector file of any known format. With WORDs these and their neighbors are drawn, each in its color;
    without, the most frequent words. A label that would hide another one moves away or is left out: its word is a point only. The page
    OUT.html is one file that needs no network: zoom with the wheel, and point at a word.

    \b
    w2v plot my.w2v map.png
    w2v plot my.w2v map.html --top 2000
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
    if kind == PAGE and top is not None and top > MOST_WORDS:
        raise click.UsageError(f"a map in HTML has at most {MOST_WORDS:,} words, w2v explore shows more: received --top {top}")
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
    ranks, groups, unknown = _with_neighbors(vectors, resolve, typed, n) if typed else _most_frequent(vectors, top or 300)
    if ranks:
        with progress_bar("placing the words", 100, leave=False) as bar:
            points = project(vectors.matrix[ranks], method, seed=seed, on_progress=lambda share: bar.update(100 * share - bar.n))
        important = [bool(words) and (i == 0 or groups[i] != groups[i - 1]) for i in range(len(ranks))]
        order = sorted(range(len(ranks)), key=lambda i: not important[i])  # their labels come first
        shown = [vectors.words[ranks[i]] for i in order]
        if labels is not None:
            shown = [labels.of(word) for word in shown]
        shown = [printable(word) for word in shown]
        what = (out, shown, points[order], [groups[i] for i in order], [important[i] for i in order], title)
        if kind == PAGE:
            write_html_map(*what)
            click.echo(f"{len(shown):,} words", err=True)
        else:
            _print_counts(draw_word_map(*what))
        click.echo(str(out))
    print_unknown_words(unknown)
    if unknown:
        context.exit(1)


def _print_counts(drawn: WordMapSummary) -> None:
    click.echo(f"{drawn.total} words, {drawn.labelled} of them with a label", err=True)
    if drawn.unwritable:
        lacking = printable(" ".join(drawn.unwritable[:10]))
        click.echo(f"no installed font has {lacking}: their words have no label; install one, such as fonts-noto-cjk", err=True)


def _most_frequent(vectors: WordVectors, top: int) -> tuple[list[int], list[int], list[UnknownWordError]]:
    ranks = list(range(min(top, len(vectors))))
    return ranks, [0] * len(ranks), []


def _with_neighbors(
    vectors: WordVectors, resolve: Resolve, typed: list[str], n: int
) -> tuple[list[int], list[int], list[UnknownWordError]]:
    """Ranks of the known words, each followed by its neighbors, no word twice; the number of its group for each; unknown words."""
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
    ordered = sorted(group_of, key=lambda word: (group_of[word], word not in known))
    return [vectors.index(word) for word in ordered], [group_of[word] for word in ordered], unknown
