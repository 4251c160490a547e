"""How fast we are, and how fast others are on the same machine at the same moment.

All tools run in turn (A B A B …), so that a noisy neighbor on the machine meets them alike. Four parts:

- reading: raw text -> encoded corpus, with its stages; gensim's vocabulary pass over the same words beside it.
- training: corpus words per second of the training call, for ours and gensim's, on the same tokens. Peers that are programs are
  measured from outside, so that their reading is inside. Our arithmetic counts 6 floating-point operations for each pair, target and column
  (Mikolov et al. 2013: a dot product and two updates), without padding; the machine's peak is measured before and after each run.
- pipeline: the whole process from raw text to saved vectors: wall time, and peak of memory allocated.
- cold start: `w2v train` with an empty JIT cache, and again with what that left there.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from w2v.comparison.gensim_training import new_gensim, train_gensim
from w2v.comparison.measurements import OURS, Measure, Row, Rows, cells, losses
from w2v.comparison.multiply_add_peak import peak_gflops
from w2v.comparison.process_runs import ProcessRun, run_process
from w2v.comparison.training_commands import CommandLine, Job, binary_command, gensim_command, our_command
from w2v.comparison.word_lines import write_lines
from w2v.config import CorpusConfig
from w2v.corpus.encoded_corpus import EncodedCorpus, encode
from w2v.corpus.reading.sources import find_sources
from w2v.errors import CorpusError
from w2v.machine import describe_machine, machine_line
from w2v.text_tables import markdown_table, plain_table
from w2v.training.run import Hooks, train
from w2v.training.trainer import SpanReport

GENSIM = "gensim"
_FLOPS = 6  # of a pair, target and column
_PEAK_PROBES = 5  # of some milliseconds; noise only lowers them, so the best counts


@dataclass(frozen=True, kw_only=True)
class BenchmarkConfig:
    """What to measure.

    Attributes
    ----------
    dims, threads : every pair of them is trained; the pipeline runs with the most threads
    epochs, pipeline_epochs : of the training rows and of the pipeline
    repeats : runs of each tool
    gensim : whether to measure it
    binaries : name (word2vec.c, pWord2Vec, fastText) -> program
    """

    dims: tuple[int, ...]
    threads: tuple[int, ...]
    epochs: int = 1
    pipeline_epochs: int = 5
    repeats: int = 3
    gensim: bool = True
    binaries: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True)
class Benchmark:
    """What was measured."""

    settings: dict[str, Any]
    machine: dict[str, Any]
    rows: list[Row]

    def to_json(self) -> dict[str, Any]:
        return {
            "settings": self.settings,
            "machine": self.machine,
            "rows": [row.to_json() for row in self.rows],
            "losses": losses(self.rows),
        }

    def text(self, markdown: bool = False) -> str:
        """The table with what belongs to it, for a terminal or for the README."""
        settings = self.settings
        table = (markdown_table if markdown else plain_table)(*cells(self.rows))
        lost = losses(self.rows)
        paragraphs = [
            f"{settings['text']}: {settings['bytes']:,} bytes, {settings['tokens']:,} tokens of {settings['vocabulary']:,} words; epochs: "
            f"{settings['epochs']} in training, {settings['pipeline_epochs']} in the pipeline. Medians of {settings['repeats']} runs in "
            "turn ± the largest deviation; behind a peer's, how many times better w2v is.",
            machine_line(self.machine),
            table,
            "Where we lose:\n" + "\n".join(f"- {line}" for line in lost) if lost else "No row in which a peer is better.",
        ]
        if settings["binaries"]:
            paragraphs.insert(3, f"Training of {', '.join(settings['binaries'])}: the whole process, reading inside.")
        return "\n\n".join(paragraphs)


def benchmark(text: Path, config: BenchmarkConfig, on_message: Callable[[str], None] = lambda text: None) -> Benchmark:
    """Measure everything that `config` names on a text file, in turn.

    Parameters
    ----------
    text : plain text, which all tools can read
    on_message : hears of each run

    Raises
    ------
    CorpusError
        a text that cannot be trained on, or is no plain text.
    MissingExtraError
        gensim is not installed.
    W2VError
        a program failed.
    """
    source = find_sources([text], CorpusConfig())[0]
    found = source.compression or ("a pipe" if source.size is None else source.kind)
    if found != "text":
        raise CorpusError(f"a benchmark needs a file of plain text, which all tools can read and read again: {text} is {found}")
    with tempfile.TemporaryDirectory(prefix="w2v-bench-") as folder:
        run = _Run(text, config, Path(folder), on_message)
        for part in (run.reading, run.training, run.pipeline, run.cold_start):
            part()
        settings = {
            "text": str(text), "bytes": text.stat().st_size, "tokens": run.corpus.n_tokens, "vocabulary": len(run.corpus.vocabulary),
            "dims": config.dims, "threads": config.threads, "epochs": config.epochs, "pipeline_epochs": config.pipeline_epochs,
            "repeats": config.repeats, "binaries": {name: str(path) for name, path in config.binaries.items()},
            "train_config": run.job(text, config.dims[0], config.epochs, 1).config.to_json(), "corpus_config": CorpusConfig().to_json(),
        }  # fmt: skip
        return Benchmark(settings, describe_machine(), list(run.rows))


class _Run:
    def __init__(self, text: Path, config: BenchmarkConfig, folder: Path, on_message: Callable[[str], None]) -> None:
        self.text, self.config, self.folder, self.on_message = text, config, folder, on_message
        self.rows = Rows()
        self.most_threads = max(config.threads)
        self.corpus: EncodedCorpus = encode(text, threads=self.most_threads)  # kernels are compiled here, if at all
        self.lines = folder / "lines.txt"
        write_lines(self.corpus, self.lines)
        self.binaries: dict[str, CommandLine] = {name: binary_command(name, path) for name, path in config.binaries.items()}

    def job(self, text: Path, dim: int, epochs: int, threads: int) -> Job:
        return Job(text, self.folder / "vectors", dim, epochs, threads)

    def process(self, command: CommandLine, job: Job, environment: Mapping[str, str] | None = None) -> ProcessRun:
        """Run a program on a job, and remove what it saves."""
        with tempfile.TemporaryDirectory(dir=self.folder) as goal:
            return run_process(command(replace(job, out=Path(goal) / job.out.name)), environment)

    def add(self, measure: Measure, tool: str, value: float) -> None:
        self.rows.add(measure, tool, value)
        self.on_message(f"{measure}: {tool} {value:,.6g} {measure.unit}")

    def reading(self) -> None:
        threads = self.most_threads
        megabytes = self.text.stat().st_size / 1e6
        for _ in range(self.config.repeats):
            began = time.perf_counter()
            corpus = encode(self.text, threads=threads)
            self.add(Measure("reading", "whole", "MB/s", threads=threads), OURS, megabytes / (time.perf_counter() - began))
            if self.config.gensim:
                model = new_gensim(self.job(self.lines, 1, 1, threads).config, min_count=CorpusConfig().min_count, threads=threads, seed=1)
                began = time.perf_counter()
                model.build_vocab(corpus_file=str(self.lines))
                seconds = time.perf_counter() - began
                self.add(Measure("reading", "whole", "MB/s", threads=threads), GENSIM, self.lines.stat().st_size / 1e6 / seconds)
            for stage, seconds in corpus.manifest["seconds"].items():
                self.add(Measure("reading", stage, "MB/s", threads=threads), OURS, megabytes / max(seconds, 1e-4))

    def training(self) -> None:
        for dim in self.config.dims:
            for threads in self.config.threads:
                for _ in range(self.config.repeats):
                    self._train_each(dim, threads)

    def _train_each(self, dim: int, threads: int) -> None:
        epochs = self.config.epochs
        speed = Measure("training", "speed", "words/s", dim=dim, threads=threads)
        job = self.job(self.lines, dim, epochs, threads)
        self._train_ours(job, speed)
        if self.config.gensim:
            reference = train_gensim(self.lines, job.config, min_count=CorpusConfig().min_count, threads=threads, seed=1)
            self.add(speed, GENSIM, reference.words_per_second)
        for name, command in self.binaries.items():
            self.add(speed, name, self.corpus.n_tokens * epochs / self.process(command, job).seconds)

    def _train_ours(self, job: Job, speed: Measure) -> None:
        pairs = 0

        def count(report: SpanReport) -> None:
            nonlocal pairs
            pairs += report.pairs

        before = _peak(job.threads)
        report = train(self.corpus, job.config, threads=job.threads, hooks=Hooks(on_span=count)).report
        peak = (before + _peak(job.threads)) / 2
        self.add(speed, OURS, report["words_per_second"])
        gflops = _FLOPS * pairs * (job.config.negatives + 1) * job.dim / report["seconds"]["train"] / 1e9
        for name, unit, value in (
            ("arithmetic", "GFLOP/s", gflops),
            ("peak of the machine", "GFLOP/s", peak),
            ("share of the peak", "%", 100 * gflops / peak),
        ):
            self.add(Measure("training", name, unit, dim=job.dim, threads=job.threads), OURS, value)

    def pipeline(self) -> None:
        tools: dict[str, CommandLine] = {OURS: our_command}
        if self.config.gensim:
            tools[GENSIM] = gensim_command
        tools.update(self.binaries)
        epochs, threads = self.config.pipeline_epochs, self.most_threads
        for dim in self.config.dims:
            wall = Measure("pipeline", "text to saved vectors", "s", higher=False, dim=dim, threads=threads)
            memory = Measure("pipeline", "peak anonymous memory", "MB", higher=False, dim=dim, threads=threads)
            for _ in range(self.config.repeats):
                for tool, command in tools.items():
                    found = self.process(command, self.job(self.text, dim, epochs, threads))
                    self.add(wall, tool, found.seconds)
                    if found.peak_anonymous_bytes:  # 0: the system does not tell
                        self.add(memory, tool, found.peak_anonymous_bytes / 1e6)

    def cold_start(self) -> None:
        dim, threads = self.config.dims[0], self.most_threads
        for _ in range(self.config.repeats):
            cache = {"W2V_CACHE_DIR": tempfile.mkdtemp(dir=self.folder)}
            for name in ("empty JIT cache, 1 epoch", "warm JIT cache, 1 epoch"):
                seconds = self.process(our_command, self.job(self.text, dim, 1, threads), cache).seconds
                self.add(Measure("cold start", name, "s", higher=False, dim=dim, threads=threads), OURS, seconds)


def _peak(threads: int) -> float:
    return max(peak_gflops(threads) for _ in range(_PEAK_PROBES))
