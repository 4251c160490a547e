"""What an earlier run left at a model's place, and whether this one may go on from it."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from w2v.errors import CheckpointError
from w2v.storage import existing_directory, sha256_file
from w2v.training.checkpoint import read_position


def partial_path(out: Path) -> Path:
    """Where a training that will become `out` keeps what it has so far."""
    return out.with_name(out.name + ".partial")


def discard_checkpoint(partial: Path, overwrite: bool) -> None:
    """Without `resume` a run starts anew; what an interrupted one saved is not thrown away silently."""
    checkpoint = existing_directory(partial / "checkpoint")
    if checkpoint.exists() and not overwrite:
        position, config, _ = read_position(checkpoint)
        raise CheckpointError(
            f"{partial} holds an interrupted training (epoch {position.epoch + 1} of {config.epochs}): "
            "add --resume to go on, or --overwrite to start anew"
        )
    remove_checkpoint(partial)
    shutil.rmtree(partial / "corpus", ignore_errors=True)


def remove_checkpoint(partial: Path) -> None:
    while (checkpoint := existing_directory(partial / "checkpoint")).exists():
        shutil.rmtree(checkpoint)


def require_same_sources(saved: Sequence[dict[str, Any]], source: Any, what: str) -> None:
    """Refuse to go on when a file has changed; streams and iterables cannot be read again and are taken as they were."""
    paths = [source] if isinstance(source, (str, Path)) else source
    if not isinstance(paths, (list, tuple)) or not all(isinstance(path, (str, Path)) for path in paths):
        return
    for entry in saved:
        path = Path(entry.get("path") or "-")
        if path.is_file() and (path.stat().st_size != entry["size"] or sha256_file(path) != entry["sha256"]):
            raise CheckpointError(f"{what} was made from another {path}: the file has changed; --overwrite starts anew")
