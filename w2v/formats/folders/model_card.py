"""A model card in Markdown: what a model was trained on and how, how good it is, and the hashes of its files. Written only."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from w2v.file_hashes import RANGES_SHA256, SHA256, file_hash
from w2v.formats.compressed_files import create_vector_file
from w2v.vectors.word_vectors import WordVectors

_SHOWN_WORDS = 20
_NOTHING = "not known"
_BACKTICKS = re.compile("`+")


def write(vectors: WordVectors, path: Path, manifest: Mapping[str, Any] | None = None) -> None:
    """Write a card.

    Parameters
    ----------
    manifest : of the model; without it the card says what the vectors say themselves. Its key ``scores``, if it has one, is what
        ``w2v evaluate --json`` prints
    """
    use = f'import w2v\n\nvectors = w2v.load("PATH")\nvectors.neighbors({vectors.words[0]!r})' if len(vectors) else ""
    text = card(path.stem, vectors, manifest or {}, use)
    with create_vector_file(path) as file:
        file.write(text.encode("utf-8", "backslashreplace"))


def card(title: str, vectors: WordVectors, manifest: Mapping[str, Any], use: str) -> str:
    """A card's text; `use` is Python that shows how the vectors are used, or empty."""
    parts = [
        f"# {title}\n",
        f"Word vectors: {len(vectors):,} words, {vectors.dim} dimensions, float32.\n",
        _section("Corpus", _corpus_rows(manifest, vectors)),
        _section("Text settings", _settings(vectors.tokenizer.to_json() if vectors.tokenizer else None)),
        _section("Training settings", _settings(manifest.get("train_config"))),
        _section("Training", _report_rows(manifest.get("report"))),
        _section("Scores", _score_rows(manifest.get("scores")), ("set", "measure", "score", "covered")),
        _section("Versions", _settings(manifest.get("versions"))),
        _section("Files", _file_rows(manifest.get("files")), ("file", "bytes", "sha256")),
        f"## Use\n\n```python\n{use}\n```\n" if use else "",
    ]
    return "\n".join(part for part in parts if part)


def _corpus_rows(manifest: Mapping[str, Any], vectors: WordVectors) -> list[tuple[str, ...]]:
    corpus = manifest.get("corpus") or {}
    rows: list[tuple[str, ...]] = [
        (name, f"{corpus[key]:,}") for key, name in (("n_tokens", "tokens"), ("n_sentences", "sentences")) if key in corpus
    ]
    for source in [*corpus.get("sources", []), *([manifest["imported"]] if manifest.get("imported") else [])]:
        rows.append(("source", _code(str(source.get("path") or "a stream"))))
        rows += [(name, _code(str(source[name]))) for name in ("size", SHA256, RANGES_SHA256) if source.get(name) is not None]
    if len(vectors):
        rows.append(("first words", ", ".join(map(_code, vectors.words[:_SHOWN_WORDS]))))
    return rows


def _settings(values: Mapping[str, Any] | None) -> list[tuple[str, ...]]:
    return [(name, _code(str(value))) for name, value in (values or {}).items() if value is not None]


def _report_rows(report: Mapping[str, Any] | None) -> list[tuple[str, ...]]:
    report = report or {}
    rows: list[tuple[str, ...]] = []
    if report.get("words_per_second"):
        rows.append(("words per second", f"{report['words_per_second']:,.0f}"))
    if report.get("seconds"):
        rows.append(("seconds", ", ".join(f"{stage} {seconds:.1f}" for stage, seconds in report["seconds"].items())))
    if report.get("loss"):
        rows.append(("loss by epoch", " ".join(f"{loss:.4f}" for loss in report["loss"])))
    return rows


def _score_rows(scores: Sequence[Mapping[str, Any]] | None) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for entry in scores or []:
        measure = next((name for name in ("spearman", "accuracy") if isinstance(entry.get(name), int | float)), None)
        value = f"{entry[measure]:.4f}" if measure else _NOTHING
        rows.append((_code(str(entry.get("set"))), measure or _NOTHING, value, f"{entry.get('covered')} of {entry.get('total')}"))
    return rows


def _file_rows(files: Mapping[str, Any] | None) -> list[tuple[str, ...]]:
    return [(_code(name), f"{entry['size']:,}", _code(file_hash(entry))) for name, entry in (files or {}).items()]


def _section(title: str, rows: Iterable[tuple[str, ...]], titles: tuple[str, ...] = ("", "")) -> str:
    rows = list(rows)
    if not rows:
        return f"## {title}\n\n{_NOTHING.capitalize()}.\n"
    lines = [titles, tuple("---" for _ in titles), *rows]
    return f"## {title}\n\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _code(text: str) -> str:
    """A text as inline code in a cell of a table: whatever it holds, it neither ends the cell nor the code."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)
    shown = shown.replace("|", "\\|")
    fence = "`" * (1 + max(map(len, _BACKTICKS.findall(shown)), default=0))
    space = " " if "`" in shown else ""
    return f"{fence}{space}{shown}{space}{fence}"
