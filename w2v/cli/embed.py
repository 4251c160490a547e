"""`w2v embed`."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import click
import numpy as np

from w2v.cli.shared.config_options import StoredPath, config_from, config_options
from w2v.cli.shared.vector_options import load_tokenized_vectors
from w2v.cli.shared.weighting_options import weighting_options
from w2v.config import CorpusConfig
from w2v.errors import import_extra
from w2v.formats import check_goal
from w2v.npy import Matrix
from w2v.storage import atomic_file

_NOT_OF_READING = frozenset(CorpusConfig.__dataclass_fields__) - {"encoding", "errors"}
_WRITTEN_AT_ONCE = 4096  # texts


@click.command()
@click.argument("model", type=StoredPath(), metavar="MODEL")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path), default="-")
@config_options(CorpusConfig, skip=_NOT_OF_READING)
@weighting_options
@click.option(
    "--components", type=click.IntRange(min=0), default=0, show_default=True, metavar="N", help="Take N directions common to all texts out."
)
@click.option("--out", type=click.Path(path_type=Path), metavar="X", help="X.npy, X.jsonl or X.parquet. [default: JSON lines on stdout]")
@click.option("--overwrite", is_flag=True, help="Replace X, if it exists.")
def embed(model: Path, file: Path, weighting: str, sif: float, components: int, out: Path | None, overwrite: bool, **reading: Any) -> None:
    """Make a vector of each text: each line of FILE or stdin, blank ones too.

    A text's vector is the mean of its words' vectors, in which rare words count more than frequent ones; zeros where the model has none
    of its words. A .npy file is a matrix with a row a line; .jsonl and .parquet have each text beside its vector.

    \b
    w2v embed my.w2v titles.txt --out titles.npy
    echo 'the salt of the king' | w2v embed my.w2v
    """
    if out is not None and out.suffix.lower() not in _WRITERS:
        raise click.UsageError(f"--out must end with one of {', '.join(_WRITERS)}: received {out}")
    if out is not None:
        check_goal(out, overwrite=overwrite)
    config = config_from(CorpusConfig, reading)
    vectors = load_tokenized_vectors(model, "MODEL")
    from w2v.downstream.labelled_texts import read_lines

    texts = read_lines(None if str(file) == "-" else file, config)
    rows = vectors.encode(texts, weighting=weighting, sif=sif, components=components)
    if out is None:
        for line in _json_lines(texts, rows):
            click.echo(line)
        return
    with atomic_file(out) as goal:
        _WRITERS[out.suffix.lower()](goal, texts, rows)
    n_empty = int(np.count_nonzero(~rows.any(axis=1)))
    without = f", {n_empty:,} of them zeros: no word of theirs has a vector" if n_empty else ""
    click.echo(f"{out}: {len(texts):,} texts x {vectors.dim} numbers{without}", err=True)


def _json_lines(texts: Sequence[str], rows: Matrix) -> Iterator[str]:
    for text, row in zip(texts, rows, strict=True):
        yield json.dumps({"text": text, "vector": [float(str(value)) for value in row]}, ensure_ascii=False)  # as short as float32 allows


def _write_npy(file: BinaryIO, texts: Sequence[str], rows: Matrix) -> None:
    np.save(file, rows, allow_pickle=False)


def _write_jsonl(file: BinaryIO, texts: Sequence[str], rows: Matrix) -> None:
    file.writelines(f"{line}\n".encode() for line in _json_lines(texts, rows))


def _write_parquet(file: BinaryIO, texts: Sequence[str], rows: Matrix) -> None:
    pyarrow, parquet = (import_extra(name, "parquet", "Parquet files") for name in ("pyarrow", "pyarrow.parquet"))
    vector = pyarrow.list_(pyarrow.field("element", pyarrow.float32(), False), rows.shape[1])
    schema = pyarrow.schema([pyarrow.field("text", pyarrow.string(), False), pyarrow.field("vector", vector, False)])
    with parquet.ParquetWriter(file, schema, compression="ZSTD") as writer:
        for start in range(0, len(texts), _WRITTEN_AT_ONCE):
            part = slice(start, start + _WRITTEN_AT_ONCE)
            columns = [
                pyarrow.array(texts[part], pyarrow.string()),
                pyarrow.FixedSizeListArray.from_arrays(rows[part].ravel(), type=vector),
            ]
            writer.write_table(pyarrow.Table.from_arrays(columns, schema=schema))


_WRITERS = {".npy": _write_npy, ".jsonl": _write_jsonl, ".parquet": _write_parquet}
