"""`w2v info`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from w2v.cli.options import StoredPath, json_option
from w2v.cli.tables import aligned
from w2v.errors import FormatError
from w2v.storage import MANIFEST, directory_kind, existing_directory, read_manifest, verify_files


@dataclass(frozen=True)
class Description:
    """What `info` found: `content` for --json, `lines` of label and text for people."""

    content: dict[str, Any]
    lines: list[tuple[str, str]]


@click.command()
@click.argument("path", metavar="PATH", type=StoredPath())
@click.option("--verify", is_flag=True, help="Compare the sha256 of every file with the manifest's.")
@json_option
def info(path: Path, verify: bool, as_json: bool) -> None:
    """Tell what a model, a partial model, an encoded corpus or a vector file holds.

    Sizes and the vocabulary's sha256 are always checked; --verify reads every byte. A damaged file ends in exit code 1.
    """
    found = describe(path, verify)
    if as_json:
        click.echo(json.dumps({"path": str(path), **found.content}, ensure_ascii=False, indent=1))
    else:
        click.echo(aligned([("path", str(path)), *found.lines]))


def describe(path: Path, verify: bool) -> Description:
    """What lies at `path`.

    Raises
    ------
    FormatError
        nothing that w2v knows, or damaged.
    """
    if path.is_file():
        return _describe_vector_file(path, verify)
    kind = directory_kind(path)
    if kind is None and path.name.endswith(".partial") and not (path / MANIFEST).exists():
        return _describe_partial(path, verify)
    if kind not in _KINDS:
        absent = f"its {MANIFEST} is damaged" if (path / MANIFEST).exists() else f"it has no {MANIFEST}"
        found = absent if kind is None else f"its {MANIFEST} says {kind!r}"
        raise FormatError(f"{path} must be a {', a '.join(_KINDS)} or a vector file: {found}")
    return _KINDS[kind](path, verify)


def _describe_model(path: Path, verify: bool) -> Description:
    from w2v.vectors.model_directory import load_model

    manifest = load_model(path, verify).manifest
    lines = [
        ("words", f"{manifest['n_words']:,}"),
        ("dim", str(manifest["dim"])),
        ("text", _settings(manifest.get("corpus_config"))),
        ("corpus", _corpus(manifest.get("corpus"))),
        ("training", _settings(manifest.get("train_config"))),
        ("report", _report(manifest.get("report"))),
        ("versions", _settings(manifest.get("versions"))),
    ]
    return _described(manifest, lines, verify)


def _describe_corpus(path: Path, verify: bool) -> Description:
    from w2v.corpus.encoded import EncodedCorpus

    corpus = EncodedCorpus.open(path, verify)
    lines = [
        ("words", f"{len(corpus.vocabulary):,}"),
        ("text", _settings(corpus.config.to_json())),
        ("corpus", _corpus(corpus.manifest)),
    ]
    return _described(corpus.manifest, lines, verify)


def _describe_checkpoint(path: Path, verify: bool) -> Description:
    manifest = read_manifest(path, "w2v checkpoint", 1)
    verify_files(path, manifest, lambda name: verify)
    lines = [("position", _settings(manifest.get("position"))), ("training", _settings(manifest.get("train_config")))]
    return _described(manifest, lines, verify)


def _describe_partial(path: Path, verify: bool) -> Description:
    """What an unfinished training keeps: the encoded corpus and a checkpoint, each of them or none."""
    content: dict[str, Any] = {"kind": "w2v partial model"}
    lines = [("kind", "w2v partial model: finish it with w2v train --resume")]
    for name, described in (("corpus", _describe_corpus), ("checkpoint", _describe_checkpoint)):
        part = existing_directory(path / name)
        content[name] = None
        if part.is_dir():
            found = described(part, verify)
            content[name] = found.content
            lines += [(f"{name}: {label}", text) for label, text in found.lines]
        else:
            lines.append((name, "none yet"))
    return Description(content, lines)


# What a directory's manifest calls itself -> what tells about it.
_KINDS: dict[str, Callable[[Path, bool], Description]] = {
    "w2v model": _describe_model,
    "w2v encoded corpus": _describe_corpus,
    "w2v checkpoint": _describe_checkpoint,
}


def _describe_vector_file(path: Path, verify: bool) -> Description:
    from w2v.formats import load
    from w2v.formats.table import recognize

    row = recognize(path)
    vectors = load(path, row.name)
    size = path.stat().st_size
    content = {"kind": "vector file", "format": row.name, "n_words": len(vectors), "dim": vectors.dim, "size": size, "verified": False}
    lines = [("kind", row.title), ("words", f"{len(vectors):,}"), ("dim", str(vectors.dim)), ("size", _bytes(size))]
    if verify:
        lines.append(("verified", "no: a vector file carries no hashes; every row was read"))
    return Description(content, lines)


def _described(manifest: Mapping[str, Any], lines: list[tuple[str, str]], verify: bool) -> Description:
    """Put what all kinds share around `lines`."""
    kind = f"{manifest['kind']}, format version {manifest['format_version']}"
    files = ", ".join(f"{name} {_bytes(entry['size'])}" for name, entry in manifest["files"].items())
    verified = "every byte, by sha256" if verify else "sizes and vocabulary; --verify compares every byte"
    shown = [(label, text) for label, text in lines if text]
    return Description({**manifest, "verified": verify}, [("kind", kind), *shown, ("files", files), ("verified", verified)])


def _settings(values: Mapping[str, Any] | None) -> str:
    return ", ".join(f"{name} {value}" for name, value in (values or {}).items() if value is not None)


def _corpus(values: Mapping[str, Any] | None) -> str:
    if not values:
        return ""
    counts = [f"{values[key]:,} {name}" for key, name in (("n_tokens", "tokens"), ("n_sentences", "sentences")) if key in values]
    paths = [str(source.get("path") or "a stream") for source in values.get("sources", [])]
    rest = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
    return ", ".join(counts) + (f" from {', '.join(paths[:3])}{rest}" if paths else "")


def _report(values: Mapping[str, Any] | None) -> str:
    if not values:
        return ""
    parts = []
    if "words_per_second" in values:
        parts.append(f"{values['words_per_second']:,.0f} words/s")
    if "seconds" in values:
        parts.append("seconds: " + ", ".join(f"{stage} {seconds:.1f}" for stage, seconds in values["seconds"].items()))
    if values.get("loss"):
        parts.append("loss by epoch: " + " ".join(f"{loss:.4f}" for loss in values["loss"]))
    return "; ".join(parts)


def _bytes(size: int) -> str:
    for power, unit in ((3, "GB"), (2, "MB"), (1, "kB")):
        if size >= 1000**power:
            return f"{size / 1000**power:.1f} {unit}"
    return f"{size} bytes"
