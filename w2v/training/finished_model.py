"""The model that an earlier run finished where this one is to write: complete, or with fewer epochs than are wanted now."""

import dataclasses

from w2v.config import CorpusConfig, TrainConfig
from w2v.corpus.encoded_corpus import CorpusSource
from w2v.errors import CheckpointError
from w2v.storage import existing_directory
from w2v.training.checkpoints.checkpoint import Position, read_position, require_continuable, require_equal, require_same_corpus
from w2v.training.checkpoints.resume import find_intact_checkpoint, require_same_sources
from w2v.training.grow import require_same_initial_model
from w2v.training.options import RunOptions
from w2v.training.settings import keep_open
from w2v.training.training_corpus import is_encoded, open_corpus
from w2v.vectors.model_directory import StoredModel, load_model


def find_finished_model(source: CorpusSource, options: RunOptions) -> StoredModel | None:
    """The model at `out` that this run would make, but for the number of epochs; None where nothing is resumed.

    Raises
    ------
    CheckpointError
        it is another one: the difference is shown.
    """
    if options.out is None or not options.resume or options.overwrite or not existing_directory(options.out).exists():
        return None
    stored = load_model(options.out, verify=True)
    manifest, what = stored.manifest, str(options.out)
    if any(manifest.get(key) is None for key in ("train_config", "corpus_config", "corpus", "report")):
        raise CheckpointError(
            f"{what} is a model that w2v did not train, so no training of it goes on: choose another name, or overwrite=True"
        )
    corpus_config = CorpusConfig.from_json(manifest["corpus_config"])
    trained = TrainConfig.from_json(manifest["train_config"])
    require_continuable(trained.to_json(), keep_open(options.config, trained).to_json(), what)
    require_same_initial_model(manifest["report"], options.initial, what)
    if not is_encoded(source):
        require_equal(corpus_config.to_json(), (options.corpus_config or CorpusConfig()).to_json(), what)
        require_same_sources(manifest["corpus"]["sources"], source, corpus_config, what)
    elif options.initial is None:
        require_same_corpus(manifest["corpus"].get("files_sha256"), open_corpus(source, options.corpus_config), what)
    return stored


def is_complete(stored: StoredModel, options: RunOptions) -> bool:
    """The model has all epochs that are wanted."""
    return options.config.epochs in (None, stored.manifest["train_config"]["epochs"])


def keep_settings(options: RunOptions, stored: StoredModel | None) -> RunOptions:
    """`options` with what its config leaves open as the training had it that goes on, of a finished model or a checkpoint."""
    if stored is not None:
        earlier = TrainConfig.from_json(stored.manifest["train_config"])
    elif options.resume and options.partial is not None and (newest := find_intact_checkpoint(options.partial, lambda text: None)):
        earlier = read_position(newest)[1]
    else:
        return options
    return dataclasses.replace(options, config=keep_open(options.config, earlier))


def final_position(stored: StoredModel) -> Position:
    """Where the training of the model ended."""
    report = stored.manifest["report"]
    losses = report["loss"], report.get("held_out_loss", [])
    return Position(report["epochs"], 0, *losses, report.get("evaluation", []), seconds=report["seconds"]["train"])
