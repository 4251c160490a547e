"""``python -m w2v.items.gensim_items LINES OUT SETTINGS``: item2vec by gensim, in a process of its own.

LINES holds items as ranks, so that a name with a space stays one item. OUT, a folder that exists, gets ``inputs.npy`` and
``outputs.npy``, a row a rank. SETTINGS is JSON: train_config, threads.
"""

import itertools
import json
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt

from w2v.comparison.gensim_training import train_gensim
from w2v.comparison.process_runs import run_process
from w2v.comparison.word_lines import MOST_WORDS
from w2v.config import TrainConfig
from w2v.corpus.encoded_corpus import EncodedCorpus

_INPUTS, _OUTPUTS = "inputs.npy", "outputs.npy"

Matrix = npt.NDArray[np.float32]


def write_ranks(corpus: EncodedCorpus, path: Path) -> None:
    """Write the sequences of a corpus as lines of ranks; those of more than 10,000 items, which gensim would cut off, in several lines."""
    with open(path, "w", encoding="ascii") as file:
        for start, stop in itertools.pairwise(corpus.sentence_offsets.tolist()):
            for first in range(start, stop, MOST_WORDS):
                file.write(" ".join(map(str, corpus.tokens[first : min(first + MOST_WORDS, stop)].tolist())) + "\n")


def gensim_item_vectors(lines: Path, folder: Path, config: TrainConfig, threads: int) -> tuple[Matrix, Matrix]:
    """Input and output vectors of a training by gensim on what `write_ranks` wrote, mapped from files in `folder`.

    Raises
    ------
    W2VError
        the process failed.
    """
    folder.mkdir()
    settings = json.dumps({"train_config": config.to_json(), "threads": threads})
    run_process([sys.executable, "-m", "w2v.items.gensim_items", str(lines), str(folder), settings])
    try:
        inputs, outputs = (np.load(folder / name, mmap_mode="r", allow_pickle=False) for name in (_INPUTS, _OUTPUTS))
    except OSError:  # a file system without maps
        inputs, outputs = (np.load(folder / name, allow_pickle=False) for name in (_INPUTS, _OUTPUTS))
    return inputs, outputs


def _run(lines: Path, out: Path, settings: str) -> None:
    chosen = json.loads(settings)
    config = TrainConfig.from_json(chosen["train_config"])
    model = train_gensim(lines, config, min_count=1, threads=chosen["threads"], seed=config.seed).model
    order = np.argsort([int(rank) for rank in model.wv.index_to_key])
    np.save(out / _INPUTS, model.wv.vectors[order])
    np.save(out / _OUTPUTS, model.syn1neg[order])


if __name__ == "__main__":
    _run(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
