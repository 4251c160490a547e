"""What a stopped training leaves so that it can go on exactly: both matrices and the position, as one atomic directory.

Random numbers are functions of (seed, epoch, span, position), so there is no random state to save: the position is all.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from w2v.config import TrainConfig
from w2v.errors import CheckpointError, FormatError
from w2v.storage import atomic_directory, read_manifest, verify_files, write_manifest
from w2v.training.model import Model
from w2v.vectors.matrix_files import read_matrix, write_matrix

_KIND, _VERSION = "w2v checkpoint", 1


@dataclass
class Position:
    """How far a training has come: everything before (epoch, span) is in the model.

    Attributes
    ----------
    epoch : finished epochs
    span : finished spans of the epoch after those
    losses, held_out_losses : one for each finished epoch
    loss_sum, loss_pairs : of the finished spans of the unfinished epoch
    seconds : of training so far
    """

    epoch: int = 0
    span: int = 0
    losses: list[float] = field(default_factory=list)
    held_out_losses: list[float] = field(default_factory=list)
    loss_sum: float = 0.0
    loss_pairs: int = 0
    seconds: float = 0.0


def save_checkpoint(path: Path, model: Model, position: Position, config: TrainConfig, vocabulary_sha256: str) -> None:
    """Write a checkpoint; an older one at `path` stays until the new one is complete."""
    with atomic_directory(path, overwrite=True) as folder:
        write_matrix(folder / "input_vectors.npy", model.input_vectors)
        write_matrix(folder / "output_vectors.npy", model.output_vectors)
        content = {"train_config": config.to_json(), "vocabulary_sha256": vocabulary_sha256, "position": asdict(position)}
        write_manifest(folder, _KIND, _VERSION, content)


def read_position(path: Path) -> tuple[Position, TrainConfig, str]:
    """Position, config and vocabulary hash of a checkpoint.

    Raises
    ------
    FormatError
        damaged.
    """
    manifest = read_manifest(path, _KIND, _VERSION)
    try:
        return Position(**manifest["position"]), TrainConfig.from_json(manifest["train_config"]), str(manifest["vocabulary_sha256"])
    except (KeyError, TypeError, ValueError) as error:
        raise FormatError(f"{path} is damaged: its manifest holds no usable position ({error})") from None


def load_checkpoint(path: Path, config: TrainConfig, vocabulary_sha256: str, n_words: int) -> tuple[Model, Position]:
    """Model and position to go on from; every byte is verified.

    Raises
    ------
    CheckpointError
        the checkpoint is of another corpus or other settings: the difference is shown.
    FormatError
        damaged.
    """
    position, saved, saved_vocabulary = read_position(path)
    require_equal(asdict(saved), asdict(config), str(path))
    if saved_vocabulary != vocabulary_sha256:
        raise CheckpointError(f"{path} belongs to another corpus: its vocabulary differs; --overwrite starts anew")
    verify_files(path, read_manifest(path, _KIND, _VERSION))
    model = Model(n_words, config.dim)
    np.copyto(model.input_vectors, read_matrix(path / "input_vectors.npy", (n_words, config.dim)))
    np.copyto(model.output_vectors, read_matrix(path / "output_vectors.npy", (n_words, config.dim)))
    return model, position


def require_equal(saved: dict[str, object], wanted: dict[str, object], what: str) -> None:
    """Refuse to resume with other settings.

    Raises
    ------
    CheckpointError
        naming each difference.
    """
    differences = [f"{name} was {saved.get(name)!r}, now {value!r}" for name, value in wanted.items() if saved.get(name) != value]
    if differences:
        raise CheckpointError(f"{what} was made with other settings: {'; '.join(differences)}; --overwrite starts anew")
