"""`w2v export` and `w2v import`."""

import json
from pathlib import Path
from typing import Any

import click

from w2v.cli.shared.config_options import StoredPath, config_from
from w2v.cli.shared.vector_options import load_vectors, read_options
from w2v.config import TOKENIZERS, CorpusConfig
from w2v.errors import ConfigError, FormatError
from w2v.file_hashes import sha256_file
from w2v.formats import check_goal, save
from w2v.formats.table import READ, SPACY, WRITTEN, Format, format_to_write
from w2v.storage import check_output, directory_kind, existing_directory, read_manifest
from w2v.vectors.model_directory import FORMAT_VERSION, KIND
from w2v.vectors.word_vectors import WordVectors

_from_option = click.option("--from", "source_format", type=click.Choice(READ), help="Format of what is read [default: by its contents].")
_overwrite_option = click.option("--overwrite", is_flag=True, help="Replace what is written, if it exists.")
_WITH_CARD = ("card", "static-embedding")


@click.command()
@click.argument("source", metavar="IN", type=StoredPath())
@click.argument("goal", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--format", "format_name", type=click.Choice((*WRITTEN, SPACY)), help="Format of OUT [default: by its extension].")
@_from_option
@read_options
@click.option(
    "--scores",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="With a model card (.md, .model2vec): the scores to put into it, as w2v evaluate --json prints them.",
)
@click.option(
    "--sif",
    type=click.FloatRange(min=0, min_open=True),
    metavar="A",
    help="Multiply each word's vector by A / (A + its share of all words), for programs that take plain means of a text's words.",
)
@_overwrite_option
def export(
    source: Path,
    goal: Path,
    format_name: str | None,
    source_format: str | None,
    scores: Path | None,
    sif: float | None,
    overwrite: bool,
    **reading: Any,
) -> None:
    """Write the vectors of IN, a model directory or a file of any known format, to OUT.

    OUT's extension says the format: .txt and .vec are word2vec text (fastText's .vec is the same), .bin is word2vec binary, .glove
    is GloVe text (without a header), .npz, .safetensors, .parquet; folders are .w2v, a model directory, .projector for TensorBoard,
    .model2vec for model2vec and sentence-transformers; .md is a model card. With .gz, .bz2, .xz or .zst behind it, a file is
    compressed. spaCy makes its own folder of word2vec text: python -m spacy init vectors. IN's format is recognized by its contents.

    --format keras makes a folder with the weights of an Embedding layer, and prints ten lines of Python that load it without w2v.

    \b
    w2v export my.w2v my.vec.gz
    w2v export GoogleNews-vectors-negative300.bin.gz news.npz --limit 100000 --normalize
    w2v export damaged.txt whole.txt --repair
    w2v export my.w2v my.model2vec --sif 3e-4
    """
    try:
        entry = format_to_write(goal, format_name)
    except ConfigError as error:
        raise click.UsageError(str(error)) from None
    if scores is not None and entry.name not in _WITH_CARD:
        raise click.UsageError(f"--scores goes with a model card (.md, .model2vec): OUT is {entry.title}")
    check_goal(goal, overwrite=overwrite)
    manifest = _manifest(source, entry)
    if scores is not None:
        manifest["scores"] = _read_scores(scores)
    vectors = load_vectors(source, source_format, **reading)
    if sif is not None:
        vectors = vectors.weighted(sif=sif)
    save(vectors, goal, entry.name, overwrite=overwrite, manifest=manifest)
    _report_written(goal, vectors, entry.title)
    if entry.name == "keras":
        from w2v.formats.folders.keras_folder import loading_snippet

        click.echo(loading_snippet(f"Path({str(goal)!r})"), nl=False)


def _manifest(source: Path, entry: Format) -> dict[str, Any]:
    """What a model says about itself, for its card; a model that is written gets a manifest of its own."""
    if entry.name in _WITH_CARD and directory_kind(source) == KIND:
        return read_manifest(existing_directory(source), KIND, FORMAT_VERSION)
    return _provenance(source) if entry.takes_manifest else {}


def _provenance(source: Path) -> dict[str, Any]:
    """Where imported vectors come from: the file's name and, unless it is a folder, size and hash."""
    if source.is_dir():
        return {"imported": {"path": str(source)}}
    return {"imported": {"path": str(source), "size": source.stat().st_size, "sha256": sha256_file(source)}}


def _read_scores(path: Path) -> list[dict[str, Any]]:
    try:
        scores = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{path} must be what w2v evaluate --json prints: {error}") from None
    if not isinstance(scores, list) or not all(isinstance(entry, dict) and "set" in entry for entry in scores):
        raise FormatError(f"{path} must be what w2v evaluate --json prints, a list of objects with a set each")
    return scores


@click.command("import")
@click.argument("source", metavar="FILE", type=StoredPath())
@click.argument("goal", metavar="MODEL", type=click.Path(path_type=Path))
@click.option("--format", "source_format", type=click.Choice(READ), help="Format of FILE [default: by its contents].")
@click.option("--tokenizer", type=click.Choice(TOKENIZERS), help="How the text was split that the vectors were trained on.")
@click.option("--separator", metavar="TEXT", help="With items: the character between two items.")
@click.option("--dictionary", metavar="FILE", help="With chinese: a file of further words.")
@read_options
@_overwrite_option
def import_vectors(
    source: Path,
    goal: Path,
    source_format: str | None,
    tokenizer: str | None,
    separator: str | None,
    dictionary: str | None,
    overwrite: bool,
    **reading: Any,
) -> None:
    """Make a model directory of a vector file.

    A model is memory-mapped, so that it loads at once. A vector file does not say how its text was split: with --tokenizer,
    queries are split the same way, so that King finds king. The output vectors that training needs are in no vector file: they
    start at zero.

    \b
    w2v import cc.de.300.vec.gz german.w2v --limit 200000 --tokenizer whitespace
    """
    if tokenizer is None and (separator, dictionary) != (None, None):
        raise click.UsageError("--separator and --dictionary go with --tokenizer items and chinese")
    config = None
    if tokenizer is not None:
        config = config_from(CorpusConfig, {"tokenizer": tokenizer, "separator": separator, "dictionary": dictionary})
    check_output(goal, overwrite=overwrite, kind=KIND)
    vectors = load_vectors(source, source_format, **reading)
    if config is not None:
        vectors = WordVectors(vectors.vocabulary, vectors.matrix, tokenizer=config)
    save(vectors, goal, "model", overwrite=overwrite, manifest=_provenance(source))
    _report_written(goal, vectors, KIND)


def _report_written(goal: Path, vectors: WordVectors, title: str) -> None:
    click.echo(f"{goal}: {len(vectors):,} words of dim {vectors.dim}, {title}", err=True)
