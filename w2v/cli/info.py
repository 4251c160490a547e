"""`w2v info`."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from w2v.cli.shared.config_options import StoredPath, json_option
from w2v.errors import FormatError
from w2v.storage import MANIFEST, directory_kind, existing_directory, list_temporaries
from w2v.text_tables import aligned


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
    from w2v.formats.table import is_foreign_folder

    if path.is_file() or is_foreign_folder(path):
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
        ("imported", _settings(manifest.get("imported"))),
        ("training", _settings(manifest.get("train_config"))),
        ("report", _report(manifest.get("report"))),
        ("versions", _settings(manifest.get("versions"))),
    ]
    return _described(manifest, lines, verify)


def _describe_keras(path: Path, verify: bool) -> Description:
    from w2v.formats.folders.keras_folder import read_folder

    vectors, manifest = read_folder(path, verify)
    tokenizer = None if vectors.tokenizer is None else vectors.tokenizer.to_json()
    return _described(manifest, [("words", f"{len(vectors):,}"), ("dim", str(vectors.dim)), ("text", _settings(tokenizer))], verify)


def _describe_corpus(path: Path, verify: bool) -> Description:
    from w2v.corpus.encoded_corpus import EncodedCorpus

    corpus = EncodedCorpus.open(path, verify)
    lines = [
        ("words", f"{len(corpus.vocabulary):,}"),
        ("text", _settings(corpus.config.to_json())),
        ("corpus", _corpus(corpus.manifest)),
    ]
    return _described(corpus.manifest, lines, verify)


def _describe_checkpoint(path: Path, verify: bool) -> Description:
    from w2v.training.checkpoints.checkpoint import read_position

    _, config, manifest = read_position(path, verify)
    return _described(manifest, [("position", _position(manifest)), ("training", _settings(config.to_json()))], verify)


def _describe_partial(path: Path, verify: bool) -> Description:
    """What an unfinished training keeps, what --resume would go on from, and what it would not find.

    Checkpoints are compared byte by byte, with or without `verify`: none is called safe unseen.
    """
    from w2v.lock import lock_holder
    from w2v.training.checkpoints.checkpoint import list_checkpoints

    holder, unfinished = lock_holder(path), [file.name for file in list_temporaries(path)]
    lines = [("kind", "w2v partial model: finish it with w2v train --resume")]
    if holder is not None:
        lines.append(("in use", f"by {holder}: it is trained now"))
    corpus = _corpus_of_partial(existing_directory(path / "corpus"), verify)
    lines += [(f"corpus: {label}", text) for label, text in corpus.lines]
    checkpoints = [_sound_or_damaged(folder) for folder in list_checkpoints(path)]
    newest = next((content for content, _ in checkpoints if content["sound"]), None)
    if newest is not None:
        place = _position(newest)
        lines.append(("resume", f"goes on from {newest['name']}: {place}"))
        lines.append(("lost", f"what was trained after that was saved, at {newest.get('saved_at', 'an unknown time')}"))
    elif checkpoints:
        lines.append(("resume", "refused: no checkpoint is sound"))
        lines.append(("lost", "all that was trained"))
    else:
        lines.append(("resume", "starts from the beginning: no checkpoint was saved yet"))
        lines.append(("lost", "all that was trained, if anything"))
    lines += [(content["name"], text) for content, text in checkpoints]
    if unfinished:
        lines.append(("unfinished", f"{', '.join(unfinished)}: not used" + ("" if holder else ", the next run removes it")))
    content = {
        "kind": "w2v partial model",
        "corpus": corpus.content or None,
        "checkpoint": newest,
        "checkpoints": [{"name": content["name"], "sound": content["sound"]} for content, _ in checkpoints],
        "in_use_by": holder,
        "unfinished": unfinished,
    }
    return Description(content, lines)


def _corpus_of_partial(path: Path, verify: bool) -> Description:
    if not path.is_dir():
        return Description({}, [("kind", "none here: text is read again, an encoded corpus is where it was")])
    try:
        return _describe_corpus(path, verify)
    except FormatError as error:
        return Description({}, [("damaged", f"{error}: --resume reads the text again")])


def _sound_or_damaged(path: Path) -> tuple[dict[str, Any], str]:
    try:
        content = _describe_checkpoint(path, verify=True).content
    except FormatError as error:
        return {"name": path.name, "sound": False}, f"damaged, not used: {error}"
    return {**content, "name": path.name, "sound": True}, f"sound, every byte: {_position(content)}"


def _position(manifest: Mapping[str, Any]) -> str:
    """Such as ``epoch 2 of 5, 17 of 64 spans of it done, 12.3 s of training, loss of epoch 1 4.1203``."""
    position, epochs = manifest["position"], manifest["train_config"]["epochs"]
    spans = f"{position['span']} of {manifest['n_spans']}" if "n_spans" in manifest else f"{position['span']}"
    parts = [f"epoch {position['epoch'] + 1} of {epochs}, {spans} spans of it done, {position['seconds']:.1f} s of training"]
    if position["losses"]:
        parts.append(f"loss of epoch {len(position['losses'])} {position['losses'][-1]:.4f}")
    if position["loss_pairs"]:
        parts.append(f"of this one so far {position['loss_sum'] / position['loss_pairs']:.4f}")
    return ", ".join(parts)


# What a directory's manifest calls itself -> what tells about it.
_KINDS: dict[str, Callable[[Path, bool], Description]] = {
    "w2v model": _describe_model,
    "w2v encoded corpus": _describe_corpus,
    "w2v checkpoint": _describe_checkpoint,
    "w2v keras folder": _describe_keras,
}


def _describe_vector_file(path: Path, verify: bool) -> Description:
    from w2v.formats import load
    from w2v.formats.table import detect_format

    found = detect_format(path)
    vectors = load(path)
    size = sum(file.stat().st_size for file in (path.iterdir() if path.is_dir() else [path]))
    tokenizer = None if vectors.tokenizer is None else vectors.tokenizer.to_json()
    has_counts = bool(vectors.counts.any())
    content = {"kind": "vector file", "format": found.name, "n_words": len(vectors), "dim": vectors.dim, "size": size, "verified": False}
    content |= {"has_counts": has_counts, "corpus_config": tokenizer}
    lines = [("kind", found.title), ("words", f"{len(vectors):,}"), ("dim", str(vectors.dim)), ("size", _bytes(size))]
    lines += [("counts", "of each word")] * has_counts + [("text", _settings(tokenizer))] * bool(tokenizer)
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
    return ", ".join(f"{name} {value}" for name, value in (values or {}).items() if value is not None and value is not False)


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
        parts.append(f"loss while training, by epoch: {_by_epoch(values['loss'])}")
    if values.get("held_out_loss"):
        parts.append(f"held-out loss: {_by_epoch(values['held_out_loss'])}")
    return "; ".join(parts)


def _by_epoch(losses: Sequence[float]) -> str:
    return " ".join(f"{loss:.4f}" for loss in losses)


def _bytes(size: int) -> str:
    for power, unit in ((3, "GB"), (2, "MB"), (1, "kB")):
        if size >= 1000**power:
            return f"{size / 1000**power:.1f} {unit}"
    return f"{size} bytes"
