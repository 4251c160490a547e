"""The folder of a tuning: an optuna study in a file of lines, so that a killed tuning goes on where it was.

DIR/
├── study.jsonl     what was asked for, and every finished training; optuna's journal, JSON without pickle
├── corpus/         the encoded corpus, made once
├── best.toml       the best settings, for `w2v train --config`
├── trials.md       the table
└── scores.png      the picture
"""

import shutil
from pathlib import Path
from typing import Any

from w2v.errors import CheckpointError, FormatError, OutputError, import_extra

CORPUS = "corpus"
_JOURNAL = "study.jsonl"
_VERSION = 2


class _HeldLock:
    """optuna's lock of a journal, which would outlive a killed process; the lock of the folder is enough."""

    def acquire(self) -> bool:
        return True

    def release(self) -> None:
        pass


def optuna() -> Any:
    """The package, silent.

    Raises
    ------
    MissingExtraError
        it is not installed.
    """
    package: Any = import_extra("optuna", "tune", "w2v tune")
    package.logging.set_verbosity(package.logging.ERROR)
    return package


def open_study(folder: Path, question: dict[str, Any], *, overwrite: bool = False) -> Any:
    """The `optuna.Study` in `folder`, which is locked by the caller; a new one where nothing was trained yet.

    Parameters
    ----------
    question : what is asked for, JSON values
    overwrite : begin anew

    Raises
    ------
    CheckpointError
        a tuning of another question lies there: what differs.
    OutputError
        the folder holds something else.
    FormatError
        its file is damaged.
    MissingExtraError
        optuna is not installed.
    """
    package, path = optuna(), folder / _JOURNAL
    found = sorted(path.name for path in folder.iterdir() if path.name != "lock")
    if found and _JOURNAL not in found:
        raise OutputError(f"{folder} must be empty or hold a tuning: found {', '.join(found[:5])}; choose another name")
    if overwrite:
        shutil.rmtree(folder / CORPUS, ignore_errors=True)
        path.write_bytes(b"")  # never absent, so that what is left of the tuning is known for one
    _cut_torn_line(path)
    question = {"version": _VERSION, **question}
    try:
        storage = package.storages.JournalStorage(package.storages.journal.JournalFileBackend(str(path), _HeldLock()))
        study = package.create_study(storage=storage, study_name="w2v tune", direction="maximize", load_if_exists=True)
    except (ValueError, LookupError, TypeError) as error:
        raise FormatError(f"{path} must be a journal of w2v tune ({error}); --overwrite starts anew") from None
    begun = study.user_attrs.get("question")
    if begun is None:
        study.set_user_attr("question", question)
        return study
    names = [name for name in begun | question if begun.get(name) != question.get(name)]
    different = "; ".join(f"{name} {begun.get(name)!r}, not {question.get(name)!r}" for name in names)
    if different and any(trial.user_attrs for trial in study.trials):
        raise CheckpointError(f"{folder} was begun with {different}: choose another name, or --overwrite starts anew")
    return open_study(folder, question, overwrite=True) if different else study


def _cut_torn_line(path: Path) -> None:
    """Drop a last line that was not written to its end; optuna would write the next one behind it."""
    content = path.read_bytes() if path.exists() else b""
    if content and not content.endswith(b"\n"):
        with open(path, "r+b") as file:
            file.truncate(content.rfind(b"\n") + 1)
