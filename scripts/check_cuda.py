"""Check training on a card, in under twelve minutes on one H100 or H200 with 16 cores: equality, quality, speed, resuming, rules, memory.

    pip install '.[cuda]'
    python scripts/check_cuda.py enwiki8 --sets EN-WS-353-ALL.txt EN-SIMLEX-999.txt questions-words.txt --out check_cuda.json

Prints a line for each result and writes all of them as JSON, after each section anew, so that nothing is lost where time runs out. A
section that fails says so, and the next one runs. ``--device cpu`` tries the script itself where there is no card.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from w2v.config import TrainConfig
from w2v.corpus.encoded_corpus import EncodedCorpus, write_ids, write_vocabulary_and_manifest
from w2v.corpus.encoding import encode
from w2v.machine import describe_machine, own_module_environment
from w2v.training.epoch_evaluation import evaluate_sets, find_test_sets
from w2v.training.run import train
from w2v.vocabulary import Vocabulary

TESTS = Path(__file__).parents[1] / "tests"
EQUALITY_CASES = ("one sentence", "short sentences", "wide rows", "held out", "inside a text", "general", "general in groups")
LINE_WORDS = 20
PIECE = 1 << 22  # tokens of a corpus that are written at a time

Row = dict[str, Any]


@dataclass(frozen=True)
class Check:
    """What the sections share; `device` is what is checked, `tokens` the length of the repeated text, `ends_at` when time is up."""

    corpus: EncodedCorpus
    folder: Path
    sets: list[Any]
    device: str
    tokens: int
    ends_at: float

    @property
    def seconds_left(self) -> float:
        return self.ends_at - time.monotonic()

    def train(self, corpus: EncodedCorpus, device: str | None = None, **options: Any) -> Any:
        return train(corpus, TrainConfig(**options), device=device or self.device)

    def repeated(self) -> EncodedCorpus:
        """The text again and again, to `tokens`; made once."""
        goal = self.folder / "repeated"
        if not goal.exists():
            write_corpus(goal, self.corpus, -(-self.tokens // self.corpus.n_tokens))
        return EncodedCorpus.open(goal)


def write_corpus(goal: Path, corpus: EncodedCorpus, times: int, *, first: int | None = None, line: int | None = None) -> None:
    """An encoded corpus of the first tokens of another, several times over, in lines of `line` tokens where that is given."""
    goal.mkdir()
    tokens, offsets = corpus.tokens[:first], corpus.sentence_offsets

    def pieces() -> Iterator[tuple[Any, Any]]:
        for _ in range(times):
            for start in range(0, len(tokens), PIECE):
                stop = min(start + PIECE, len(tokens))
                if line is None:
                    inside = offsets[np.searchsorted(offsets, start, "right") : np.searchsorted(offsets, stop, "right")]
                    ends = np.union1d(inside - start, [stop - start] if stop == len(tokens) else [])
                else:
                    ends = np.union1d(np.arange(line, stop - start, line), [stop - start])
                yield np.asarray(tokens[start:stop]), ends.astype(np.int64)

    n_tokens, n_sentences = write_ids(goal, pieces())
    counts = np.bincount(tokens, minlength=len(corpus.vocabulary)).astype(np.int64) * times
    vocabulary = Vocabulary(corpus.vocabulary.words, counts if first is None else np.maximum(np.sort(counts)[::-1], 1))
    write_vocabulary_and_manifest(goal, corpus.config, vocabulary, {"n_tokens": n_tokens, "n_sentences": n_sentences})


def rates(report: Row, seconds: float) -> Row:
    """Speeds of a training: by `seconds.train`, of the launches alone, and of the whole call."""
    tokens = report["tokens"] * report["epochs"]
    card = report.get("card", {})
    row = {"words_per_second": report["words_per_second"], "kernel": card.get("kernel_words_per_second"), "whole_call": tokens / seconds}
    if row["kernel"]:
        row["share_of_kernel"] = row["words_per_second"] / row["kernel"]
    return {**row, "warps": card.get("warps"), "seconds": report["seconds"], "loss": report["loss"]}


def timed_training(check: Check, corpus: EncodedCorpus, **options: Any) -> Row:
    began = time.perf_counter()
    report = check.train(corpus, **options).report
    return rates(report, time.perf_counter() - began)


def scores(check: Check, trained: Any) -> Row:
    found = evaluate_sets(trained.vectors, check.sets)
    return {name: entry.get("spearman", entry.get("accuracy")) for name, entry in found.items()}


# -- sections: each yields the rows of its table -----------------------------------------------------------------------


def check_card(check: Check) -> Iterator[Row]:
    """What was measured on, and how much of the card the default kernels take."""
    yield {"machine": describe_machine()}
    if check.device == "cpu":
        return
    from w2v.training.gpu.card import load_numba_cuda
    from w2v.training.gpu.kernels import training_kernel, training_types
    from w2v.training.gpu.shapes import choose_shape

    cuda = load_numba_cuda()
    device = cuda.get_current_device()
    yield {"card": str(device.name), "capability": list(device.compute_capability), "multiprocessors": device.MULTIPROCESSOR_COUNT}
    for dim in (100, 300):
        began = time.perf_counter()
        kernel = training_kernel(choose_shape(dim, 5, 5), tuple(device.compute_capability)).compile(training_types())
        yield {
            "dim": dim, "registers": kernel.regs_per_thread, "local_bytes": kernel.local_mem_per_thread,
            "shared_bytes": kernel.shared_mem_per_block, "compile_seconds": time.perf_counter() - began,
        }  # fmt: skip


def check_equality(check: Check) -> Iterator[Row]:
    """One warp against the plain model of the card, on tiny texts."""
    if check.device == "cpu":
        return
    sys.path[:0] = [str(TESTS), str(TESTS / "training" / "gpu")]
    import card_cases

    for name in EQUALITY_CASES:
        found = card_cases.CASES[name]()
        yield {"case": name, "failures": card_cases.failures(found), **found}


def check_speed(check: Check) -> Iterator[Row]:
    """The text again and again, to 10^9 tokens, at dims 100 and 300; the second run of each counts, as its kernel is compiled."""
    corpus = check.repeated()
    for dim in (100, 300):
        for run in (1, 2):
            yield {"dim": dim, "run": run, "tokens": corpus.n_tokens, **timed_training(check, corpus, dim=dim, epochs=1)}


def check_quality(check: Check) -> Iterator[Row]:
    """Two seeds on the card and on the CPU, and one each on lines of 20 words."""
    lines = check.folder / "lines"
    write_corpus(lines, check.corpus, 1, line=LINE_WORDS)
    for text, corpus, seeds in (("one line", check.corpus, (1, 2)), ("lines of 20", EncodedCorpus.open(lines), (1,))):
        for device in (check.device, "cpu"):
            for seed in seeds:
                trained = check.train(corpus, device, seed=seed)
                row = {"text": text, "device": device, "seed": seed, "words_per_second": trained.report["words_per_second"]}
                yield {**row, "loss": trained.report["loss"], **scores(check, trained)}


def check_resume(check: Check) -> Iterator[Row]:
    """A run that is killed, and one that is stopped by Ctrl-C, go on to the end."""
    corpus = check.repeated()
    common = ["--dim", "100", "--epochs", "4", "--device", check.device, "--json"]
    for number, name in ((signal.SIGKILL, "killed"), (signal.SIGINT, "Ctrl-C")):
        out = check.folder / f"model-{name}"
        command = [sys.executable, "-m", "w2v", "train", str(corpus.path), "--out", str(out), "--checkpoint-every", "1s", *common]
        environment = own_module_environment()
        first = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        waits_until = time.monotonic() + min(120.0, check.seconds_left)
        while not list(out.with_name(out.name + ".partial").glob("checkpoint-*/manifest.json")):
            if first.poll() is not None or time.monotonic() > waits_until:
                first.kill()
                raise RuntimeError(f"no checkpoint came: {first.communicate()[1].decode()[-500:]}")
            time.sleep(0.05)
        first.send_signal(number)
        said = first.communicate()[1].decode()
        again = subprocess.run([*command, "--resume"], env=environment, capture_output=True, text=True, timeout=300, check=False)
        report = json.loads(again.stdout) if again.returncode == 0 else {}
        yield {
            "stopped_by": name, "first_exit": first.returncode, "said": said.strip().splitlines()[-1:], "resumed_exit": again.returncode,
            "went_on": "going on in epoch" in again.stderr, "epochs": report.get("epochs"), "loss": report.get("loss"),
            "error": again.stderr[-300:] if again.returncode else "",
        }  # fmt: skip


def check_rules(check: Check) -> Iterator[Row]:
    """Held-out loss on the card and on the CPU, at three lengths of text, with other samples and learning rates."""
    for first, settings in (
        (1_000_000, ({}, {"alpha": 0.05}, {"sample": 1e-5})),
        (None, ({}, {"alpha": 0.05}, {"sample": 1e-5})),
    ):
        corpus = check.corpus
        if first is not None and first < corpus.n_tokens:
            goal = check.folder / f"first-{first}"
            write_corpus(goal, corpus, 1, first=first)
            corpus = EncodedCorpus.open(goal)
        for options in settings:
            row: Row = {"tokens": corpus.n_tokens, **options}
            for device in (check.device, "cpu"):
                report = check.train(corpus, device, held_out=0.01, **options).report
                row[f"{device}_held_out"] = report["held_out_loss"][-1]
                row["warps"] = report.get("card", {}).get("warps", row.get("warps"))
            yield row


def check_shapes(check: Check) -> Iterator[Row]:
    """Speed of other shapes, also of those that take the general kernel."""
    for name, value in (("dim", 50), ("dim", 200), ("negatives", 10), ("window", 10), ("dim", 512), ("window", 30), ("negatives", 20)):
        options = {name: value}
        if check.seconds_left < 60:
            return
        row = timed_training(check, check.corpus, epochs=1, **options)
        yield {**options, **row}


def check_memory(check: Check) -> Iterator[Row]:
    """Matrices that no card holds are refused with the numbers."""
    from w2v.errors import ConfigError
    from w2v.training.gpu.card import require_memory

    if check.device == "cuda":
        from w2v.training.gpu.card import load_numba_cuda

        free, total = load_numba_cuda().current_context().get_memory_info()
        yield {"free_bytes": int(free), "total_bytes": int(total)}
    try:
        require_memory(500_000_000, 320, 10**9, 10**11)
    except ConfigError as error:
        yield {"refused": str(error)}


SECTIONS: dict[str, Callable[[Check], Iterator[Row]]] = {
    "card": check_card,
    "equality": check_equality,
    "speed": check_speed,
    "quality": check_quality,
    "resume": check_resume,
    "rules": check_rules,
    "memory": check_memory,
    "shapes": check_shapes,
}


def run_section(name: str, check: Check, save: Callable[[str, list[Row]], None]) -> bool:
    """Run one section; False where it failed."""
    rows: list[Row] = []
    began = time.monotonic()
    try:
        for row in SECTIONS[name](check):
            rows.append(row)
            print(f"{name}: {shown(row)}", flush=True)
            save(name, rows)
    except Exception as error:  # one failure must not keep the others from being run
        traceback.print_exc()
        rows.append({"failed": f"{type(error).__name__}: {error}"})
        print(f"{name}: FAILED {error}", flush=True)
    print(f"{name}: {time.monotonic() - began:.0f} s", flush=True)
    save(name, rows)
    return not any("failed" in row or row.get("failures") for row in rows)


def shown(row: Row) -> str:
    """A row in one line."""

    def short(value: object) -> object:
        if isinstance(value, float):
            return float(f"{value:.4g}") if abs(value) < 1e5 else f"{value / 1e6:,.1f}M"
        return [short(entry) for entry in value] if isinstance(value, list) else value

    return ", ".join(f"{key} {short(value)}" for key, value in row.items() if key not in ("seconds", "machine"))


def summary(found: dict[str, list[Row]]) -> Row:
    """The figures that are asked for."""
    speeds = [row for row in found.get("speed", []) if row.get("run") == 2]
    quality = [row for row in found.get("quality", []) if row.get("text") == "one line"]
    means: dict[str, Row] = {}
    for name in sorted({key for row in quality for key in row} - {"text", "device", "seed", "words_per_second", "loss"}):
        for device in sorted({row["device"] for row in quality}):
            values = [row[name] for row in quality if row["device"] == device and isinstance(row.get(name), float)]
            if values:
                means.setdefault(device, {})[name] = statistics.mean(values)
    return {"speed": {row["dim"]: row["words_per_second"] for row in speeds}, "quality": means}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("text", type=Path, help="a text of millions of words, such as enwiki8")
    parser.add_argument("--sets", type=Path, nargs="*", default=[], help="files of pairs or analogies to evaluate on")
    parser.add_argument("--out", type=Path, default=Path("check_cuda.json"), help="[%(default)s]")
    parser.add_argument("--sections", default=",".join(SECTIONS), help="[%(default)s]")
    parser.add_argument("--tokens", type=int, default=10**9, help="of the text repeated, for speed [%(default)s]")
    parser.add_argument("--minutes", type=float, default=11.5, help="begin no section after so many [%(default)s]")
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda", help="[%(default)s]")
    options = parser.parse_args()
    began, found = time.monotonic(), {}
    is_good = True

    def save(name: str, rows: list[Row]) -> None:
        found[name] = rows
        options.out.write_text(json.dumps({**found, "summary": summary(found)}, indent=1, default=str) + "\n")

    with tempfile.TemporaryDirectory(prefix="w2v-check-", dir=os.environ.get("TMPDIR")) as folder:
        corpus = encode(options.text)
        print(f"read {corpus.n_tokens:,} tokens in {time.monotonic() - began:.0f} s", flush=True)
        sets = find_test_sets(list(options.sets))
        check = Check(corpus, Path(folder), sets, options.device, options.tokens, began + 60 * options.minutes)
        for name in options.sections.split(","):
            if check.seconds_left < 0:
                print(f"{name}: left out, time is up", flush=True)
            else:
                is_good &= run_section(name, check, save)
    print(json.dumps(summary(found), default=str))
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
