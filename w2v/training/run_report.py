"""The report of a finished training, and the manifest of its model."""

from typing import Any

from w2v.corpus.encoded_corpus import EncodedCorpus
from w2v.machine import PeakMemory, versions
from w2v.training.checkpoints.checkpoint import Position, corpus_hashes
from w2v.training.contract import SpanTrainer
from w2v.training.plan import Plan


def make_report(trainer: SpanTrainer, position: Position, seconds: dict[str, float], memory: PeakMemory) -> dict[str, Any]:
    """What `w2v train --json` prints."""
    corpus = trainer.corpus
    report: dict[str, Any] = {
        "vocabulary": len(corpus.vocabulary),
        "tokens": corpus.n_tokens,
        "epochs": position.epoch,
        "seconds": {**seconds, "save": 0.0},
        "words_per_second": corpus.n_tokens * position.epoch / max(seconds["train"], 1e-9),
        "loss": position.losses,
        "peak_rss_bytes": memory.rss,
        "peak_anonymous_bytes": memory.anonymous,
        **trainer.facts(),
    }
    if position.held_out_losses:
        report["held_out_loss"] = position.held_out_losses
    if any(position.scores):
        report["evaluation"] = position.scores
    if "grown" in corpus.manifest:
        report["grown"] = corpus.manifest["grown"]
    return report


def make_manifest(corpus: EncodedCorpus, plan: Plan, report: dict[str, Any]) -> dict[str, Any]:
    """What the manifest of a trained model says."""
    copied = ("n_tokens", "n_sentences", "vocabulary_sha256", "sources", "phrases")
    facts = {key: corpus.manifest[key] for key in copied if key in corpus.manifest}
    return {
        "train_config": plan.config.to_json(),
        "corpus_config": corpus.config.to_json(),
        "corpus": {**facts, "files_sha256": corpus_hashes(corpus)},
        "report": report,
        "versions": versions(),
    }
