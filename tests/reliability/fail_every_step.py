"""Let every write, fsync and rename of a command fail in turn, and look at what is left each time.

Run as a program with ``failing_disk.c`` preloaded: ``python fail_every_step.py FOLDER COMMAND``; prints what it saw as JSON.
"""

import contextlib
import ctypes
import errno
import io
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "training"))

from topics import topic_lines, write_lines

from w2v.cli.main import run
from w2v.file_hashes import sha256_file
from w2v.training.checkpoints.checkpoint import list_checkpoints, read_position

disk = ctypes.CDLL(None)
SMALL = ["--dim", "8", "--epochs", "1", "--threads", "1", "--sample", "0"]


class Case:
    """One command, what it needs, and what a failure must leave as it was."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.text = str(write_lines(home.parent / "topics.txt", topic_lines(800)))

    def prepare(self) -> None:
        """Make `home` as it is before the command."""

    def arguments(self) -> list[str]:
        raise NotImplementedError

    def check_done(self) -> None:
        """After the command went well."""

    def check_failed(self, before: dict[str, str]) -> None:
        """By default a failure changes no byte below `home`."""
        same(contents(self.home), before)


class Train(Case):
    def prepare(self) -> None:
        must(["train", self.text, "--out", str(self.home / "model"), *SMALL])

    def arguments(self) -> list[str]:
        return ["train", self.text, "--out", str(self.home / "model"), *SMALL, "--alpha", "0.05", "--overwrite"]

    def check_done(self) -> None:
        must(["info", str(self.home / "model"), "--verify"])


class Checkpoint(Case):
    """A training that saves all the time. One checkpoint less does not end it; after what does, it is resumed until it is finished."""

    def arguments(self) -> list[str]:
        return ["train", self.text, "--out", str(self.home / "model"), *SMALL, "--checkpoint-every", "20spans", "--resume"]

    def check_failed(self, before: dict[str, str]) -> None:
        partial = self.home / "model.partial"
        checkpoints = list_checkpoints(partial)
        for path in checkpoints:
            read_position(path, verify=True)
        earlier = {name: sha256 for name, sha256 in before.items() if "checkpoint-" in name}
        now = contents(self.home)
        kept = {name.split("/")[1] for name in earlier if name in now}
        for name, sha256 in earlier.items():
            if name.split("/")[1] in kept:
                assert now[name] == sha256, f"{name} has changed"
        assert not earlier or checkpoints, "the checkpoints before are gone"
        if (self.home / "model").exists():  # the failure came after it was complete
            must(["info", str(self.home / "model"), "--verify"])
        names = {path.name for path in checkpoints} | {"corpus", "lock"}
        assert not partial.exists() or {path.name for path in partial.iterdir()} <= names, f"leftovers {sorted(partial.iterdir())}"

    def check_done(self) -> None:
        must(["train", self.text, "--out", str(self.home / "whole"), *SMALL])
        for name in ("input_vectors.npy", "output_vectors.npy"):
            assert sha256_file(self.home / "model" / name) == sha256_file(self.home / "whole" / name), "another model"
        shutil.rmtree(self.home / "whole")
        same({name.split("/")[0]: "" for name in contents(self.home)}, {"model": ""})


class Encode(Case):
    def prepare(self) -> None:
        must(["encode", self.text, "--out", str(self.home / "corpus"), "--min-count", "2"])

    def arguments(self) -> list[str]:
        return ["encode", self.text, "--out", str(self.home / "corpus"), "--overwrite"]

    def check_done(self) -> None:
        must(["info", str(self.home / "corpus"), "--verify"])


class Export(Case):
    def prepare(self) -> None:
        model = self.home.parent / "exported"
        if not model.exists():
            must(["train", self.text, "--out", str(model), *SMALL])
        (self.home / "words.vec").write_text("what was there")

    def arguments(self) -> list[str]:
        return ["export", str(self.home.parent / "exported"), str(self.home / "words.vec"), "--overwrite"]


COMMANDS: dict[str, Callable[[Path], Case]] = {"train": Train, "checkpoint": Checkpoint, "encode": Encode, "export": Export}


def contents(folder: Path) -> dict[str, str]:
    """Relative path -> sha256 of every file, and "" for every folder."""
    return {path.relative_to(folder).as_posix(): sha256_file(path) if path.is_file() else "" for path in folder.rglob("*")}


def same(found: dict[str, str], wanted: dict[str, str]) -> None:
    assert found == wanted, f"changed: {sorted(found.items() ^ wanted.items())}"


def must(arguments: list[str]) -> None:
    code, err = w2v(arguments)
    assert code == 0, err


def w2v(arguments: list[str]) -> tuple[int, str]:
    err = io.StringIO()
    with contextlib.redirect_stderr(err), contextlib.redirect_stdout(io.StringIO()):
        code = run(arguments)
    return code, err.getvalue()


def fail_in_turn(case: Case, error: int, forever: bool) -> int:
    """How many steps there are; each was let fail once."""
    for step in range(10_000):
        if not isinstance(case, Checkpoint) or step == 0:
            shutil.rmtree(case.home, ignore_errors=True)
            case.home.mkdir()
            case.prepare()
        before = contents(case.home)
        disk.arm(bytes(case.home), step, error, int(forever))
        code, err = w2v(case.arguments())
        n_calls = disk.calls()
        disk.arm(b"", -1, 0, 0)
        if n_calls <= step:
            assert code == 0, err
            case.check_done()
            return step
        if code == 0 and "no checkpoint was saved: " in err and isinstance(case, Checkpoint):
            assert str(case.home) in err, f"step {step} names no path: {err}"
            case.check_done()
            shutil.rmtree(case.home)
            case.home.mkdir()
            continue
        said = [line for line in err.splitlines() if line.startswith("Error: ")]
        assert code == 1, f"step {step}: exit code {code}: {err}"
        assert len(said) == 1, f"step {step}: {err}"
        assert str(case.home) in said[0], f"step {step} names no path: {said[0]}"
        assert {errno.EIO: "Input/output error", errno.ENOSPC: "No space left"}[error] in said[0], f"step {step} names no cause: {said[0]}"
        case.check_failed(before)
    raise AssertionError("no end of steps")


def main(folder: Path, command: str) -> dict[str, int]:
    assert hasattr(disk, "arm"), "failing_disk is not preloaded"
    home = folder / "home"
    home.mkdir()
    case = COMMANDS[command](home)
    return {name: fail_in_turn(case, code, forever) for name, code, forever in (("EIO", errno.EIO, False), ("ENOSPC", errno.ENOSPC, True))}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), sys.argv[2])))
