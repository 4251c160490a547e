"""How fast we are, and how fast others are on the same machine at the same moment.

All tools run in turn (A B A B …), so that a noisy neighbor on the machine meets them alike. Four parts:

- reading: raw text -> encoded corpus, with its stages, and how long the calling thread is busy, which bounds the speed on any number of
  cores; gensim's vocabulary pass over the same words beside it.
- training: corpus words per second of the training call, for ours and gensim's, on the same tokens. Peers that are programs are
  measured from outside, so that their reading is inside. Our arithmetic counts 6 floating-point operations for each pair, target and column
  (Mikolov et al. 2013: a dot product and two updates), without padding; the machine's peak is measured before and after each run.
- pipeline: the whole process from raw text to saved vectors: wall time, and peak of memory allocated.
- cold start: `w2v train` with an empty JIT cache, and again with what that left there.
"""

import itertools
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from w2v.comparison.gensim_training import new_gensim, train_gensim
from w2v.comparison.measurements import OURS, Measurement, Metric, add_run, losses, scaling, table_cells
from w2v.comparison.multiply_add_peak import peak_gflops
from w2v.comparison.process_runs import ProcessRun, run_process
from w2v.comparison.training_commands import CommandLine, Job, binary_command, gensim_command, our_command
from w2v.comparison.word_lines import write_lines
from w2v.config import CorpusConfig
from w2v.corpus.encoded_corpus import EncodedCorpus
from w2v.corpus.encoding import encode
from w2v.corpus.reading.sources import find_sources
from w2v.errors import CorpusError
from w2v.machine import describe_machine, machine_line
from w2v.text_tables import markdown_table, plain_table
from w2v.training.run import Hooks, train
from w2v.training.trainer import SpanReport

GENSIM = "gensim"
Run = tuple[Metric, str, float]  # what was measured, the tool, the value
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
    device : what trains in the training rows; on a card the number of threads does not matter
    gensim : whether to measure it
    binaries : name (word2vec.c, pWord2Vec, fastText) -> program
    """

    dims: tuple[int, ...]
    threads: tuple[int, ...]
    epochs: int = 1
    pipeline_epochs: int = 5
    repeats: int = 3
    device: str = "cpu"
    gensim: bool = True
    binaries: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True)
class Benchmark:
    """What was measured."""

    settings: dict[str, Any]
    machine: dict[str, Any]
    rows: list[Measurement]

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
        table = (markdown_table if markdown else plain_table)(*table_cells(self.rows))
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
    rows: dict[Metric, Measurement] = {}
    with tempfile.TemporaryDirectory(prefix="w2v-bench-") as folder:
        corpus = encode(text, threads=max(config.threads))  # kernels are compiled here, if at all
        setup = _Setup(text, config, Path(folder), corpus)
        write_lines(corpus, setup.lines)
        for part in (_measure_reading, _measure_training, _measure_pipeline, _measure_cold_start):
            for metric, tool, value in part(setup):
                add_run(rows, metric, tool, value)
                on_message(f"{metric}: {tool} {value:,.6g} {metric.unit}")
        for metric, times in scaling(rows.values()):
            add_run(rows, metric, OURS, times)
        settings = {
            "text": str(text), "bytes": text.stat().st_size, "tokens": corpus.n_tokens, "vocabulary": len(corpus.vocabulary),
            "dims": config.dims, "threads": config.threads, "epochs": config.epochs, "pipeline_epochs": config.pipeline_epochs,
            "repeats": config.repeats, "device": config.device, "binaries": {name: str(path) for name, path in config.binaries.items()},
            "train_config": setup.job(text, config.dims[0], config.epochs, 1).config.to_json(), "corpus_config": CorpusConfig().to_json(),
        }  # fmt: skip
    return Benchmark(settings, describe_machine(), list(rows.values()))


@dataclass(frozen=True)
class _Setup:
    """What all parts need; `corpus` is the encoded text."""

    text: Path
    config: BenchmarkConfig
    folder: Path
    corpus: EncodedCorpus

    @property
    def lines(self) -> Path:
        """The tokens of the corpus as text, for other tools."""
        return self.folder / "lines.txt"

    def job(self, text: Path, dim: int, epochs: int, threads: int) -> Job:
        return Job(text, self.folder / "vectors", dim, epochs, threads)


def _measure_reading(setup: _Setup) -> Iterator[Run]:
    config, megabytes = setup.config, setup.text.stat().st_size / 1e6
    for threads, _ in itertools.product(config.threads, range(config.repeats)):
        whole = Metric("reading", "whole", "MB/s", threads=threads)
        began, busy_before = time.perf_counter(), time.thread_time()
        corpus = encode(setup.text, threads=threads)
        seconds, busy = time.perf_counter() - began, time.thread_time() - busy_before
        yield whole, OURS, megabytes / seconds
        yield replace(whole, name="calling thread is busy", unit="ms/MB", higher=False), OURS, 1e3 * busy / megabytes
        if config.gensim and threads == max(config.threads):
            model = new_gensim(setup.job(setup.lines, 1, 1, threads).config, min_count=CorpusConfig().min_count, threads=threads, seed=1)
            began = time.perf_counter()
            model.build_vocab(corpus_file=str(setup.lines))
            yield whole, GENSIM, setup.lines.stat().st_size / 1e6 / (time.perf_counter() - began)
        for stage, seconds in corpus.manifest["seconds"].items():
            yield replace(whole, name=stage), OURS, megabytes / max(seconds, 1e-4)


def _measure_training(setup: _Setup) -> Iterator[Run]:
    config = setup.config
    numbers = config.threads if config.device == "cpu" else (max(config.threads),)
    for dim, threads, _ in itertools.product(config.dims, numbers, range(config.repeats)):
        speed = Metric("training", "speed", "words/s", dim=dim, threads=threads)
        job = setup.job(setup.lines, dim, config.epochs, threads)
        yield from (_train_ours if config.device == "cpu" else _train_on_card)(setup.corpus, job, speed)
        if config.gensim:
            reference = train_gensim(setup.lines, job.config, min_count=CorpusConfig().min_count, threads=threads, seed=1)
            yield speed, GENSIM, reference.words_per_second
        for name, path in config.binaries.items():
            yield speed, name, setup.corpus.n_tokens * config.epochs / _run_program(binary_command(name, path), job).seconds


def _train_ours(corpus: EncodedCorpus, job: Job, speed: Metric) -> Iterator[Run]:
    spans: list[SpanReport] = []
    before = _peak(job.threads)
    report = train(corpus, job.config, threads=job.threads, hooks=Hooks(on_span=spans.append)).report
    peak = (before + _peak(job.threads)) / 2
    pairs = sum(span.pairs for span in spans)
    gflops = _FLOPS * pairs * (job.config.negatives + 1) * job.dim / report["seconds"]["train"] / 1e9
    yield speed, OURS, report["words_per_second"]
    yield replace(speed, name="arithmetic", unit="GFLOP/s"), OURS, gflops
    yield replace(speed, name="peak of the machine", unit="GFLOP/s"), OURS, peak
    yield replace(speed, name="share of the peak", unit="%"), OURS, 100 * gflops / peak


def _train_on_card(corpus: EncodedCorpus, job: Job, speed: Metric) -> Iterator[Run]:
    report = train(corpus, job.config, threads=job.threads, device="cuda", hooks=Hooks()).report
    yield speed, OURS, report["words_per_second"]
    yield replace(speed, name="launches alone"), OURS, report["card"]["kernel_words_per_second"]


def _measure_pipeline(setup: _Setup) -> Iterator[Run]:
    config, threads = setup.config, max(setup.config.threads)
    tools: dict[str, CommandLine] = {OURS: our_command}
    if config.gensim:
        tools[GENSIM] = gensim_command
    tools |= {name: binary_command(name, path) for name, path in config.binaries.items()}
    for dim in config.dims:
        wall = Metric("pipeline", "text to saved vectors", "s", higher=False, dim=dim, threads=threads)
        memory = replace(wall, name="peak anonymous memory", unit="MB")
        for _, (tool, command) in itertools.product(range(config.repeats), tools.items()):
            found = _run_program(command, setup.job(setup.text, dim, config.pipeline_epochs, threads))
            yield wall, tool, found.seconds
            if found.peak_anonymous_bytes:  # 0: the system does not tell
                yield memory, tool, found.peak_anonymous_bytes / 1e6


def _measure_cold_start(setup: _Setup) -> Iterator[Run]:
    dim, threads = setup.config.dims[0], max(setup.config.threads)
    for _ in range(setup.config.repeats):
        cache = {"W2V_CACHE_DIR": tempfile.mkdtemp(dir=setup.folder)}
        for name in ("empty JIT cache, 1 epoch", "warm JIT cache, 1 epoch"):
            seconds = _run_program(our_command, setup.job(setup.text, dim, 1, threads), cache).seconds
            yield Metric("cold start", name, "s", higher=False, dim=dim, threads=threads), OURS, seconds


def _run_program(command: CommandLine, job: Job, environment: Mapping[str, str] | None = None) -> ProcessRun:
    """Run a program on a job, and remove what it saves."""
    with tempfile.TemporaryDirectory(dir=job.out.parent) as goal:
        return run_process(command(replace(job, out=Path(goal) / job.out.name)), environment)


def _peak(threads: int) -> float:
    return max(peak_gflops(threads) for _ in range(_PEAK_PROBES))
