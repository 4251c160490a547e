"""What an earlier run left at a model's place, and whether this one may go on from it."""

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from w2v.config import CorpusConfig
from w2v.corpus.encoded_corpus import CorpusSource, file_paths
from w2v.corpus.reading.sources import STDIN, find_sources
from w2v.errors import CheckpointError, FormatError, OutputError
from w2v.file_hashes import is_unchanged
from w2v.lock import lock_directory
from w2v.storage import MANIFEST, list_temporaries
from w2v.training.checkpoints.checkpoint import list_checkpoints, read_position, remove_checkpoint


def partial_path(out: Path) -> Path:
    """Where a training that will become `out` keeps what it has so far; beside what a link points to, on the same disk."""
    if out.is_symlink():
        out = Path(os.path.realpath(out))
    return out.with_name(out.name + ".partial")


def remove_unfinished(partial: Path) -> None:
    """Remove what a killed run was writing; call it with the folder locked."""
    halves = [path for path in partial.glob("checkpoint-*") if not (path / MANIFEST).exists()]
    for path in [*list_temporaries(partial), *halves]:
        shutil.rmtree(path)


def discard_checkpoints(partial: Path, overwrite: bool) -> None:
    """Without `resume` a run starts anew; what an interrupted one saved is not thrown away silently."""
    checkpoints = list_checkpoints(partial)
    if checkpoints and not overwrite:
        position, config, _ = read_position(checkpoints[0])
        raise CheckpointError(
            f"{partial} holds an interrupted training (epoch {position.epoch + 1} of {config.epochs}): "
            "resume=True goes on, overwrite=True starts anew"
        )
    for path in checkpoints:
        remove_checkpoint(path)
    shutil.rmtree(partial / "corpus", ignore_errors=True)


def find_intact_checkpoint(partial: Path, on_message: Callable[[str], None]) -> Path | None:
    """The newest checkpoint whose every byte is as it was written, None where there is none; damaged ones are named in a message.

    Raises
    ------
    CheckpointError
        all are damaged.
    """
    damaged: list[FormatError] = []
    for path in list_checkpoints(partial):
        try:
            read_position(path, verify=True)
        except FormatError as error:
            damaged.append(error)
            continue
        for found in damaged:
            on_message(f"{found}: going on from {path.name}, the one before")
        return path
    if damaged:
        raise CheckpointError(f"no checkpoint is sound: {'; '.join(map(str, damaged))}; overwrite=True starts anew")
    return None


def remove_finished_partial(partial: Path, train_config: dict[str, Any]) -> None:
    """After a run that was killed when its model was complete: its folder goes, unless it holds another training or is in use."""
    if not partial.is_dir():
        return
    checkpoints = list_checkpoints(partial)
    try:
        if any(read_position(path)[1].to_json() != train_config for path in checkpoints):
            return
        with lock_directory(partial):
            shutil.rmtree(partial)
    except (FormatError, OutputError):
        return


def require_same_sources(saved: Sequence[dict[str, Any]], source: CorpusSource, config: CorpusConfig, what: str) -> None:
    """Refuse to go on with other text. Files are compared by size and hash, wherever they lie now.

    Streams and iterables cannot be read again and are taken as they were, and so is a file that is no longer there.

    Parameters
    ----------
    saved : path, size and hash of each file that was read
    what : what was made of them, for the message

    Raises
    ------
    CheckpointError
        naming what differs.
    """
    paths = file_paths(source)
    if paths is None:
        return
    known = {str(entry.get("path")) for entry in saved}
    missing = {str(path) for path in paths if str(path) in known and str(path) != STDIN and not path.exists()}
    paths = [path for path in paths if str(path) not in missing]
    saved = [entry for entry in saved if str(entry.get("path")) not in missing]
    found = find_sources(paths, config) if paths else []
    if len(found) != len(saved):
        raise CheckpointError(f"{what} was made from {len(saved)} files, now there are {len(found)}; overwrite=True starts anew")
    for entry, now in zip(saved, found, strict=True):
        if now.path is None or now.size is None:
            continue
        if now.size != entry.get("size") or not is_unchanged(now.path, entry):
            was = f"{entry.get('path') or 'a stream'} ({entry.get('size', 0):,} bytes)"
            raise CheckpointError(
                f"{what} was made from {was}, not from {now.name} as it is now ({now.size:,} bytes): the file has changed; "
                "overwrite=True starts anew"
            )
