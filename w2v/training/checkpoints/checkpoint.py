"""What a stopped training leaves so that it can go on exactly: both matrices and the position, each time as one atomic directory.

Random numbers are functions of (seed, epoch, span, position), so there is no random state to save: the position is all.
The last two are kept in ``MODEL.partial/checkpoint-N``, so that one damaged by the disk does not end a training.
"""

import shutil
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from w2v.config import TrainConfig
from w2v.corpus.encoded_corpus import EncodedCorpus
from w2v.errors import CheckpointError, FormatError
from w2v.file_hashes import file_hash
from w2v.npy import Matrix, map_npy, write_matrix
from w2v.storage import MANIFEST, atomic_directory, read_manifest, verify_files, write_manifest
from w2v.training.model import Model
from w2v.training.plan import Plan

KIND, VERSION = "w2v checkpoint", 1
_KEPT = 2
_PREFIX = "checkpoint-"


@dataclass
class Position:
    """How far a training has come: everything before (epoch, span) is in the model.

    Attributes
    ----------
    epoch : finished epochs
    span : finished spans of the epoch after those
    losses, held_out_losses : one for each finished epoch
    scores : one for each finished epoch, empty where it was not evaluated
    loss_sum, loss_pairs : of the finished spans of the unfinished epoch
    seconds : of training so far
    """

    epoch: int = 0
    span: int = 0
    losses: list[float] = field(default_factory=list)
    held_out_losses: list[float] = field(default_factory=list)
    scores: list[dict[str, dict[str, Any]]] = field(default_factory=list)
    loss_sum: float = 0.0
    loss_pairs: int = 0
    seconds: float = 0.0


def list_checkpoints(partial: Path) -> list[Path]:
    """The complete checkpoints of an unfinished training, the newest first; their contents are not looked at."""
    numbers = [_number(path) for path in partial.glob(f"{_PREFIX}*") if (path / MANIFEST).exists()]
    return [partial / f"{_PREFIX}{number}" for number in sorted(numbers, reverse=True) if number]


def _number(path: Path) -> int:
    digits = path.name.removeprefix(_PREFIX)
    return int(digits) if digits.isascii() and digits.isdigit() else 0


def checkpoint_manifest(position: Position, plan: Plan, corpus: EncodedCorpus) -> dict[str, Any]:
    """What the manifest of a checkpoint says, taken at once: `position` goes on changing."""
    return {
        "train_config": plan.config.to_json(),
        "corpus_sha256": corpus_hashes(corpus),
        "position": asdict(position),
        "n_spans": plan.n_spans,
        "alpha": plan.alpha(position.epoch, plan.span(position.span)[0]),
        "saved_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def corpus_hashes(corpus: EncodedCorpus) -> dict[str, str]:
    """The hash of each file of an encoded corpus."""
    return {name: file_hash(entry) for name, entry in corpus.manifest["files"].items()}


def write_checkpoint(partial: Path, input_vectors: Matrix, output_vectors: Matrix, content: dict[str, Any]) -> Path:
    """Write a checkpoint; the one before it stays, older ones go."""
    earlier = list_checkpoints(partial)
    path = partial / f"{_PREFIX}{1 + max(map(_number, earlier), default=0)}"
    with atomic_directory(path, overwrite=True) as folder:
        write_matrix(folder / "input_vectors.npy", input_vectors)
        write_matrix(folder / "output_vectors.npy", output_vectors)
        write_manifest(folder, KIND, VERSION, content)
    for old in earlier[_KEPT - 1 :]:
        remove_checkpoint(old)
    return path


def remove_checkpoint(path: Path) -> None:
    """Remove a checkpoint; killed on the way, it leaves nothing that looks like one."""
    (path / MANIFEST).unlink(missing_ok=True)
    shutil.rmtree(path)


def read_position(path: Path, verify: bool = False) -> tuple[Position, TrainConfig, dict[str, Any]]:
    """Position, config and manifest of a checkpoint.

    Parameters
    ----------
    verify : read every byte

    Raises
    ------
    FormatError
        damaged.
    """
    manifest = read_manifest(path, KIND, VERSION)
    try:
        position, config = Position(**manifest["position"]), TrainConfig.from_json(manifest["train_config"])
    except (KeyError, TypeError, ValueError) as error:
        raise FormatError(f"{path} is damaged: its manifest holds no usable position ({error})") from None
    verify_files(path, manifest, lambda name: verify)
    return position, config, manifest


def load_checkpoint(path: Path, config: TrainConfig, corpus: EncodedCorpus) -> tuple[Model, Position]:
    """Model and position to go on from; every byte is verified.

    Raises
    ------
    CheckpointError
        the checkpoint is of another corpus or other settings: the difference is shown.
    FormatError
        damaged.
    """
    position, saved, manifest = read_position(path, verify=True)
    require_same_corpus(manifest.get("corpus_sha256"), corpus, str(path))  # first: some settings go by the corpus
    require_continuable(saved.to_json(), config.to_json(), str(path))
    return restore_model(path, len(corpus.vocabulary), config.dim), position


def restore_model(folder: Path, n_words: int, dim: int) -> Model:
    """The model of a checkpoint or a model directory."""
    model = Model(n_words, dim)
    np.copyto(model.input_vectors, map_npy(folder / "input_vectors.npy", np.float32, (n_words, dim)))
    np.copyto(model.output_vectors, map_npy(folder / "output_vectors.npy", np.float32, (n_words, dim)))
    return model


def require_same_corpus(saved: Any, corpus: EncodedCorpus, what: str) -> None:
    """Refuse to go on with another text.

    Raises
    ------
    CheckpointError
        naming the files of the encoded corpus that differ.
    """
    saved = saved if isinstance(saved, dict) else {}
    different = [name for name, sha256 in corpus_hashes(corpus).items() if saved.get(name) != sha256]
    if different:
        raise CheckpointError(f"{what} belongs to another corpus: its {', '.join(different)} differ; overwrite=True starts anew")


def require_continuable(saved: dict[str, Any], wanted: dict[str, Any], what: str) -> None:
    """Refuse to resume with other settings; more epochs are no other settings.

    Raises
    ------
    CheckpointError
        naming each difference.
    """
    more = wanted["epochs"] > saved.get("epochs", 0)
    require_equal({**saved, "epochs": wanted["epochs"]} if more else saved, wanted, what)


def require_equal(saved: dict[str, Any], wanted: dict[str, Any], what: str) -> None:
    """Refuse to resume with other settings.

    Raises
    ------
    CheckpointError
        naming each difference.
    """
    differences = [f"{name} was {saved.get(name)!r}, now {value!r}" for name, value in wanted.items() if saved.get(name) != value]
    if differences:
        raise CheckpointError(f"{what} was made with other settings: {'; '.join(differences)}; overwrite=True starts anew")
