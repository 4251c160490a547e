"""``python -m w2v.comparison.gensim_program TEXT OUT SETTINGS``: from raw text to a saved model by gensim, in a process of its own.

What a gensim user does who wants it fast: no line over 10,000 words, then `corpus_file`, then `save`. Words are what stands between white
space. SETTINGS is JSON: train_config, min_count, threads.
"""

import json
import sys
import tempfile
from pathlib import Path

from w2v.comparison.gensim_training import train_gensim
from w2v.comparison.word_lines import cut_lines
from w2v.config import TrainConfig


def run(text: Path, out: Path, settings: str) -> None:
    """Train and save; see the module."""
    chosen = json.loads(settings)
    config = TrainConfig.from_json(chosen["train_config"])
    with tempfile.TemporaryDirectory(prefix="w2v-gensim-") as folder:
        lines = Path(folder) / "lines.txt"
        cut_lines(text, lines)
        trained = train_gensim(lines, config, min_count=chosen["min_count"], threads=chosen["threads"], seed=config.seed)
    trained.model.save(str(out))


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
