"""The page of a training, as one file."""

import importlib.resources
from collections.abc import Callable
from pathlib import Path
from typing import Any

from w2v.config import CorpusConfig
from w2v.errors import MissingExtraError, OutputError
from w2v.explorer.bundle import page_file
from w2v.explorer.static_page import carried_map, page_body, write_page
from w2v.formats import load
from w2v.storage import directory_kind
from w2v.text_tables import printable
from w2v.training_report import sections
from w2v.training_report.sample_words import sample_neighbors
from w2v.vectors.evaluation import AnalogiesResult, PairsResult, evaluate_analogies, evaluate_pairs
from w2v.vectors.evaluation_sets import bundled_sets
from w2v.vectors.model_directory import KIND, load_model
from w2v.vectors.projection import project
from w2v.vectors.word_vectors import WordVectors

_ON_MAP = 2000  # words, which t-SNE arranges in seconds
_TOP_WORDS = 30
_COVERED = 0.3  # share of a test set's questions: of fewer its score says little, and the vectors are of another language
_MOST_PRODUCTS = 1.5e11  # multiplications for the analogies: about ten seconds

OnProgress = Callable[[float], None]


def write_report(model: str | Path, path: str | Path, *, overwrite: bool = False, on_progress: OnProgress | None = None) -> Path:
    """Write one HTML page about a model: settings, corpus, losses, scores, speed, a map to walk in, neighbors, hashes.

    The page needs no network, and has no path of this machine in it. What a model does not know of its training is said to be
    missing. The map needs openTSNE and scikit-learn, the scores on English test sets gensim; without them the page says how to get them.

    Parameters
    ----------
    model : a model directory, or a vector file of any known format
    path : the page, a name that ends in .html
    overwrite : replace the file that is there
    on_progress : called with the share of the map's arrangement that is done, 0 to 1

    Returns
    -------
    The path of the page.

    Raises
    ------
    OutputError
        `path` exists, or ends in something else.
    FormatError
        no model and no vectors.
    OSError
        the page cannot be written.

    Examples
    --------
    >>> import tempfile, w2v
    >>> model = w2v.train([["a", "b", "c"]] * 200, dim=4, min_count=1, out=f"{tempfile.mkdtemp()}/m.w2v")
    >>> w2v.write_report(model.path, f"{model.path}.html").name
    'm.w2v.html'
    """
    model, path = Path(model), Path(path)
    if path.suffix.lower() not in (".html", ".htm"):
        raise OutputError(f"the name of a report must end in .html: received {path.name}")
    if path.exists() and not overwrite:
        raise OutputError(f"{path} exists already: choose another name, or add overwrite=True")
    is_model = model.is_dir() and directory_kind(model) == KIND
    manifest: dict[str, Any] = load_model(model).manifest if is_model else {}
    vectors = load(model)
    name = printable(model.resolve().name)
    carried, no_map = _map(vectors, name, on_progress)
    names = [] if carried is None else [words for words, named in zip(carried["names"], carried["named"], strict=True) if named]
    body = _body(name, vectors, manifest, no_map, names)
    style = page_file("style.css") + importlib.resources.files("w2v.training_report").joinpath("report.css").read_text(encoding="utf-8")
    write_page(path, f"{name}: report", body, style, carried)
    return path


def _map(vectors: WordVectors, name: str, on_progress: OnProgress | None) -> tuple[dict[str, Any] | None, str]:
    """What the map of the page carries; or None, and why."""
    n = min(_ON_MAP, len(vectors))
    try:
        points = project(vectors.matrix[:n], on_progress=on_progress)
        return carried_map(vectors, range(n), points, name), ""
    except MissingExtraError as error:
        return None, f"There is no map here: {error}"


def _body(name: str, vectors: WordVectors, manifest: dict[str, Any], no_map: str, names: list[list[str]]) -> str:
    report = manifest.get("report") or {}
    trained = bool(report)
    config = None if vectors.tokenizer is None else _set_options(vectors.tokenizer)
    untold = "" if trained else sections.paragraph(_untold(manifest))
    parts = [
        f'<header><h1>{sections.word(name)}</h1><p class="lead">{sections.escaped(_lead(vectors, manifest))}</p></header>{untold}',
        sections.section(
            "Map",
            sections.paragraph(no_map)
            if no_map
            else f'<div class="embedded">\n{page_body()}\n</div>{sections.paragraph("A click into the map lets the wheel zoom it.")}',
            name="map-of-words",
        ),
        sections.section("Neighbors", sections.neighbors(sample_neighbors(vectors, names))),
        sections.section("Loss", sections.losses(report)) if trained else "",
        _scores(vectors, report),
        '<div class="columns">',
        sections.section(
            "Corpus",
            sections.facts([*sections.corpus_facts(manifest.get("corpus") or {}, len(vectors)), *sections.settings(config)]),
        ),
        sections.section("Settings", sections.facts(sections.settings(manifest.get("train_config")))) if trained else "",
        sections.section("Speed and machine", sections.facts(sections.speed_facts(report, manifest.get("versions") or {})))
        if trained
        else "",
        "</div>",
        sections.section("Most frequent words", sections.top_words(vectors.words[:_TOP_WORDS], vectors.counts[:_TOP_WORDS].tolist())),
        sections.section("Files", sections.hashes(manifest["files"])) if "files" in manifest else "",
    ]
    return '<main class="report">\n' + "\n".join(part for part in parts if part) + "\n</main>"


def _lead(vectors: WordVectors, manifest: dict[str, Any]) -> str:
    """Such as "67,867 words, 100 dimensions; 5 epochs of 16,697,747 tokens in 71.0 s"."""
    size = f"{len(vectors):,} words, {vectors.dim:,} dimensions"
    report = manifest.get("report") or {}
    if not {"epochs", "tokens", "seconds"} <= report.keys():
        return size
    return f"{size}; {report['epochs']:,} epochs of {report['tokens']:,} tokens in {report['seconds'].get('train', 0):,.1f} s"


def _untold(manifest: dict[str, Any]) -> str:
    what = "These vectors were imported" if manifest.get("imported") else "These vectors come without a report of a training"
    return f"{what}: with which settings, how long and on what machine they were trained, and their losses, are not known."


def _set_options(config: CorpusConfig) -> dict[str, Any]:
    """How the text was split: the tokenizer, and what else is not as usual."""
    usual = CorpusConfig(tokenizer=config.tokenizer).to_json()
    return {name: value for name, value in config.to_json().items() if name in ("tokenizer", "min_count") or value != usual[name]}


def _scores(vectors: WordVectors, report: dict[str, Any]) -> str:
    """Of the training's own evaluation, and of the bundled test sets that the vectors know enough words of."""
    results, notes = _bundled(vectors)
    parts = [sections.scores(results), *map(sections.paragraph, notes), sections.scores_by_epoch(report.get("evaluation") or [])]
    return sections.section("Scores", *parts)


def _bundled(vectors: WordVectors) -> tuple[list[PairsResult | AnalogiesResult], list[str]]:
    try:
        pairs, analogies = bundled_sets()
    except MissingExtraError as error:
        return [], [f"Not measured on test sets: {error}"]
    results: list[PairsResult | AnalogiesResult] = [evaluate_pairs(vectors, found) for found in pairs]
    results = [result for result in results if result.covered >= _COVERED * result.total]
    if not results:
        names = ", ".join([*(found.name for found in pairs), *(found.name for found in analogies)])
        return [], [f"Not measured on the test sets at hand ({names}): most of their English words are unknown."]
    notes = []
    for found in analogies:
        if len(vectors) * vectors.dim * len(found.questions) > _MOST_PRODUCTS:
            notes.append(f"{found.name} would take minutes with so many words: w2v evaluate measures them.")
        else:
            results.append(evaluate_analogies(vectors, found))
    return results, notes
