"""`w2v report`."""

from pathlib import Path

import click

from w2v.cli.shared.config_options import StoredPath
from w2v.progress import progress_bar


@click.command()
@click.argument("model", type=StoredPath())
@click.argument("out", metavar="OUT.html", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--overwrite", is_flag=True, help="Replace OUT.")
def report(model: Path, out: Path, overwrite: bool) -> None:
    """Write one page about a training: settings, corpus, losses, scores, speed, a map to walk in, neighbors, hashes of the files.

    MODEL is a model directory or a vector file of any known format; the page says what is not known of it. OUT.html is one file that
    needs no network, to keep beside the model, to print or to send: it has no path of this machine in it.

    \b
    w2v report my.w2v my.html
    """
    from w2v.training_report.training_page import write_report

    if out.suffix.lower() not in (".html", ".htm"):
        raise click.UsageError(f"the name of a report must end in .html: received {out.name}")
    with progress_bar("placing the words", 100, leave=False) as bar:
        write_report(model, out, overwrite=overwrite, on_progress=lambda share: bar.update(100 * share - bar.n))
    click.echo(str(out))
