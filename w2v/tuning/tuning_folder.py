"""The folder of a tuning: what was asked, and a line for each finished training, so that a killed tuning goes on where it was.

DIR/
├── tuning.json     what was asked for
├── corpus/         the encoded corpus, made once
├── results.jsonl   a line a training
├── best.toml       the best settings, for `w2v train --config`
├── trials.md       the table
└── scores.png      the picture
"""

from __future__ import annotations

import dataclasses
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from w2v.errors import CheckpointError, FormatError, OutputError
from w2v.storage import atomic_file

CORPUS = "corpus"
_SETTINGS, _RESULTS = "tuning.json", "results.jsonl"
_KIND, _VERSION = "w2v tuning", 1


@dataclass(frozen=True)
class Result:
    """One finished training.

    Attributes
    ----------
    round : from 0
    score : what is tuned for; None where training diverged
    seconds : of training and measuring
    details : what else was measured, ready for JSON
    """

    trial: int
    round: int
    epochs: int
    score: float | None
    seconds: float
    details: dict[str, Any]


class TuningState:
    """Opens or begins the tuning in `folder`, which is locked by the caller.

    Parameters
    ----------
    settings : what was asked for, JSON values
    overwrite : begin anew

    Raises
    ------
    CheckpointError
        a tuning with other settings lies there: what differs.
    OutputError
        the folder holds something else.
    FormatError
        its files are damaged.
    """

    def __init__(self, folder: Path, settings: dict[str, Any], *, overwrite: bool = False) -> None:
        self.folder = folder
        self.results: dict[tuple[int, int], Result] = {}
        path = folder / _SETTINGS
        if not path.exists():
            self._require_empty()
        else:
            different = _differences(path, settings)
            has_results = (folder / _RESULTS).exists()
            if not different and not overwrite:
                if has_results:
                    self._read_results()
                return
            if has_results and not overwrite:
                raise CheckpointError(f"{folder} was begun with {different}: choose another name, or --overwrite starts anew")
            shutil.rmtree(folder / CORPUS, ignore_errors=True)
            (folder / _RESULTS).unlink(missing_ok=True)
        with atomic_file(path) as file:
            file.write(json.dumps({"kind": _KIND, "version": _VERSION, **settings}, indent=1, ensure_ascii=False).encode() + b"\n")

    def add(self, result: Result) -> None:
        """Keep a result, on disk too before this returns."""
        self.results[result.trial, result.round] = result
        lines = [json.dumps(dataclasses.asdict(kept), allow_nan=False) + "\n" for kept in self.results.values()]
        with atomic_file(self.folder / _RESULTS) as file:
            file.write("".join(lines).encode())

    def _require_empty(self) -> None:
        found = sorted(path.name for path in self.folder.iterdir() if path.name != "lock")
        if found:
            raise OutputError(f"{self.folder} must be empty or hold a tuning: found {', '.join(found[:5])}; choose another name")

    def _read_results(self) -> None:
        path = self.folder / _RESULTS
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                result = Result(**json.loads(line))
            except (ValueError, TypeError) as error:
                raise FormatError(f"{path}, line {number}: must be a result of w2v tune ({error}); --overwrite starts anew") from None
            self.results[result.trial, result.round] = result


def _differences(path: Path, settings: dict[str, Any]) -> str:
    """What differs between the settings of a file and these; empty where nothing does."""
    try:
        saved = json.loads(path.read_bytes())
    except ValueError as error:
        raise FormatError(f"{path} is damaged: {error}") from None
    if not isinstance(saved, dict) or saved.get("kind") != _KIND:
        raise OutputError(f"{path.parent} must be empty or hold a tuning: its {path.name} is of something else; choose another name")
    wanted = {"kind": _KIND, "version": _VERSION, **settings}
    names = [name for name in {**saved, **wanted} if saved.get(name) != wanted.get(name)]
    return "; ".join(f"{name} {saved.get(name)!r}, not {wanted.get(name)!r}" for name in names)
