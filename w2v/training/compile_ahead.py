"""The kernels of training, compiled by a second process while the first one reads.

numba compiles one function at a time in a process, however many threads ask. Where nothing is compiled yet, which is once for each
version of w2v, ``python -m w2v.training.compile_ahead CONFIG THREADS`` compiles for a corpus of two words, and leaves the kernels in the
cache, while reading compiles its own.
"""

import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from w2v.config import CorpusConfig, TrainConfig
from w2v.corpus.encoded_corpus import EncodedCorpus, write_ids, write_vocabulary_and_manifest
from w2v.jit.kernel_folder import cache_folder, is_in_cache
from w2v.machine import own_module_environment, usable_cores
from w2v.training.contract import make_trainer
from w2v.training.kernel.span import train_span
from w2v.training.model import Model
from w2v.training.plan import make_plan
from w2v.training.replicas.combination import combine_rows
from w2v.vocabulary import Vocabulary

_LONGEST = 120.0  # seconds to wait for a process that should take ten


@contextlib.contextmanager
def compiling_ahead(config: TrainConfig, threads: int) -> Iterator[Callable[[], object]]:
    """Compile in a second process, where there is something to gain.

    Yields
    ------
    A function that returns when the kernels are there. Should that process fail, they are compiled when they are needed.
    """
    kernel = combine_rows if config.deterministic else train_span
    if cache_folder() is None or is_in_cache(kernel.py_func) or usable_cores() == 1 or not sys.executable:
        yield lambda: None
        return
    command = [sys.executable, "-m", __name__, json.dumps(config.to_json()), str(threads)]
    try:
        process = subprocess.Popen(  # noqa: S603 - our own words
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C reaches the parent only
            env=own_module_environment(),
        )
    except OSError:
        yield lambda: None
        return

    def wait() -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_LONGEST)

    try:
        yield wait
    finally:
        process.kill()
        process.wait()


def _compile(config: TrainConfig, threads: int) -> None:
    with tempfile.TemporaryDirectory(prefix="w2v-compile-") as name:
        folder, ids = Path(name), np.array([0, 1], np.int32)
        n_tokens, n_sentences = write_ids(folder, [(ids, np.array([len(ids)]))])
        facts = {"n_tokens": n_tokens, "n_sentences": n_sentences}
        write_vocabulary_and_manifest(folder, CorpusConfig(), Vocabulary(["a", "b"], [1, 1]), facts)
        corpus = EncodedCorpus.open(folder)
        make_trainer("cpu", corpus, Model(2, config.dim), make_plan(corpus, config), threads).compile()


if __name__ == "__main__":
    _compile(TrainConfig.from_json(json.loads(sys.argv[1])), int(sys.argv[2]))
