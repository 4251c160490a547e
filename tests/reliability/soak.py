"""Train, grow, query and export again and again: memory, open files, threads and what lies on the disk must not grow.

``python soak.py MINUTES``: prints a line for each round; exit code 1 when something has grown between the first third and the last one.
"""

import gc
import os
import shutil
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "training"))

from topics import topic_lines, write_lines

import w2v
from w2v.config import TrainConfig
from w2v.training.run import train

WARM_UP = 5  # rounds: caches fill, the allocator settles
MOST_GROWTH = 8 << 20  # bytes of anonymous memory between the medians of the first and the last third


def one_round(folder: Path, text: Path, number: int) -> None:
    config = TrainConfig(dim=32, epochs=2, seed=number)
    model, grown = folder / "m.w2v", folder / "grown.w2v"
    train(text, config, out=model, overwrite=True, threads=2, checkpoint_every="3spans")
    train(text, config, out=grown, overwrite=True, threads=1, init_from=model)
    vectors = w2v.load(grown)
    for word in vectors.words:
        vectors.neighbors(word, n=5)
    for name in ("v.vec", "v.bin", "v.vec.gz"):
        (folder / name).unlink(missing_ok=True)
        w2v.save(vectors, folder / name)
        w2v.load(folder / name)


def measured(folder: Path) -> dict[str, int]:
    gc.collect()
    status = Path("/proc/self/status").read_text(encoding="ascii")
    anonymous = next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("RssAnon:"))
    files, temporary = len(os.listdir("/proc/self/fd")), len(list(folder.rglob("*")))
    return {"anonymous": anonymous, "open_files": files, "threads": threading.active_count(), "on_disk": temporary}


def main(minutes: float) -> int:
    seen: list[dict[str, int]] = []
    with tempfile.TemporaryDirectory(prefix="w2v-soak-") as name:
        folder = Path(name)
        os.environ["TMPDIR"] = tempfile.tempdir = str(folder / "tmp")
        (folder / "tmp").mkdir()
        text = write_lines(folder / "topics.txt", topic_lines(3000))
        end = time.monotonic() + 60 * minutes
        while time.monotonic() < end or len(seen) < 3 + WARM_UP:
            one_round(folder, text, len(seen))
            seen.append(measured(folder))
            print(f"round {len(seen)}: " + ", ".join(f"{what} {n:,}" for what, n in seen[-1].items()), flush=True)
        shutil.rmtree(folder / "tmp")
    rounds = seen[WARM_UP:]
    third = max(1, len(rounds) // 3)
    grown = []
    for what in rounds[0]:
        first, last = (statistics.median(values[what] for values in part) for part in (rounds[:third], rounds[-third:]))
        if last > first + (MOST_GROWTH if what == "anonymous" else 0):
            grown.append(f"{what} grew from {first:,.0f} to {last:,.0f}")
    print("; ".join(grown) or f"{len(seen)} rounds: nothing grew")
    return 1 if grown else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1])))
