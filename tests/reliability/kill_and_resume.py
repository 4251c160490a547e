"""`kill -9` at random moments of a training, a resume after each, and a comparison with the run that nobody killed.

Run as a program, because it forks: ``python kill_and_resume.py FOLDER SEED KILLS`` prints what it saw as JSON. Half of the kills come at
random moments, the other half at the n-th step of the savings: a write, an fsync, a rename or a removal. Children are forked from a
process that has compiled everything already, so that a kill costs a training and not a start of Python.
"""

import builtins
import io
import json
import os
import random
import shutil
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "training"))

from topics import topic_lines, write_lines

from w2v import storage
from w2v.config import TrainConfig
from w2v.file_hashes import sha256_file
from w2v.training.checkpoints.checkpoint import list_checkpoints, read_position
from w2v.training.checkpoints.resume import find_intact_checkpoint, partial_path
from w2v.training.run import train
from w2v.vectors.model_directory import load_model

CONFIG = TrainConfig(dim=16, epochs=8, alpha=0.05, sample=0)
EVERY = "2spans"
STEPS = 700  # of all savings of a run


def run_training(text: Path, out: Path) -> None:
    train(text, CONFIG, out=out, threads=1, resume=True, checkpoint_every=EVERY)


def hashes(out: Path) -> list[str]:
    return [sha256_file(out / name) for name in ("vocabulary.tsv", "input_vectors.npy", "output_vectors.npy")]


def in_child(text: Path, out: Path, die_at_step: int | None) -> int:
    child = os.fork()
    if child:
        return child
    try:
        if die_at_step is not None:
            die_at(die_at_step)
        run_training(text, out)
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        os._exit(3)
    os._exit(0)


def die_at(step: int) -> None:
    """Let this process kill itself just before the given step of its savings."""
    left = step

    def counted(function):
        def call(*arguments, **options):
            nonlocal left
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1
            return function(*arguments, **options)

        return call

    plain_open = builtins.open

    def open_counted(file, mode="r", *arguments, **options):
        opened = plain_open(file, mode, *arguments, **options)
        if mode in ("wb", "r+b"):
            write = counted(opened.write)

            class Counted:
                def __enter__(self):
                    return self

                def __exit__(self, *exception):
                    opened.close()

                def __getattr__(self, name):
                    return write if name == "write" else getattr(opened, name)

            return Counted()
        return opened

    for name in ("fsync", "rename", "replace", "unlink", "rmdir", "mkdir", "chmod"):
        setattr(os, name, counted(getattr(os, name)))
    storage._exchange = counted(storage._exchange)
    builtins.open = io.open = open_counted


def progress(partial: Path) -> tuple[int, int]:
    """Epoch and span that a resume would go on from. Every complete checkpoint must be sound."""
    for path in list_checkpoints(partial):
        read_position(path, verify=True)
    newest = find_intact_checkpoint(partial, print)
    if newest is None:
        return 0, 0
    position = read_position(newest)[0]
    return position.epoch, position.span


def main(folder: Path, seed: int, n_kills: int) -> dict[str, object]:
    rng = random.Random(seed)
    text = write_lines(folder / "topics.txt", topic_lines(4000))
    train(text, CONFIG, threads=1)  # compiles
    began = time.monotonic()
    run_training(text, folder / "whole")
    seconds = time.monotonic() - began
    wanted, out = hashes(folder / "whole"), folder / "model"
    partial = partial_path(out)
    seen = {"runs": 0, "killed": 0, "with_checkpoint": 0, "inside_a_save": 0, "finished_models": 0}
    before = (0, 0)
    while seen["killed"] < n_kills:
        is_moment = seen["runs"] % 2 == 0
        child = in_child(text, out, None if is_moment else rng.randrange(STEPS))
        if is_moment:
            time.sleep(rng.uniform(0, 1.1 * seconds))
            os.kill(child, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        seen["runs"] += 1
        if status not in (0, -signal.SIGKILL):
            raise SystemExit(f"a resumed training ended with exit code {status} at run {seen['runs']} of seed {seed}")
        seen["killed"] += status != 0
        if out.exists():
            load_model(out, verify=True)
            if hashes(out) != wanted:
                raise SystemExit(f"another model at run {seen['runs']} of seed {seed}")
            run_training(text, out)  # finds it finished, and removes what the killed run left
            if partial.exists() or len(list(folder.iterdir())) != 3:
                raise SystemExit(f"leftovers {sorted(folder.rglob('*'))} at run {seen['runs']} of seed {seed}")
            seen["finished_models"] += 1
            shutil.rmtree(out)
            before = (0, 0)
            continue
        now = progress(partial)
        if now < before:
            raise SystemExit(f"went back from {before} to {now} at run {seen['runs']} of seed {seed}")
        seen["with_checkpoint"] += now > (0, 0)
        seen["inside_a_save"] += bool(storage.list_temporaries(partial))
        before = now
    run_training(text, out)
    if hashes(out) != wanted or partial.exists():
        raise SystemExit(f"another model at the end of seed {seed}")
    seen["finished_models"] += 1
    return seen


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
