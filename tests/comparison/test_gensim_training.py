"""gensim is trained with our settings."""

import numpy as np
import pytest
from tiny_texts import WORDS, write_text

from w2v.comparison.gensim_program import run as run_process_module
from w2v.comparison.gensim_training import GensimRun, new_gensim, train_gensim
from w2v.config import TrainConfig

CONFIG = TrainConfig(dim=8, epochs=2, sample=0.0, window=3, negatives=4, alpha=0.05, min_alpha=0.001, noise_exponent=0.5)


def test_settings():
    model = new_gensim(CONFIG, min_count=2, threads=1, seed=7)
    assert (model.sg, model.hs, model.vector_size, model.window, model.negative) == (1, 0, 8, 3, 4)
    assert (model.epochs, model.sample, model.alpha, model.min_alpha) == (2, 0.0, 0.05, 0.001)
    assert (model.min_count, model.workers, model.seed, model.ns_exponent) == (2, 1, 7, 0.5)
    assert model.shrink_windows


@pytest.mark.parametrize(("window", "fixed", "expected"), [(4, True, (4, False)), ("session", False, (1000, False))])
def test_windows(window, fixed, expected):
    model = new_gensim(TrainConfig(window=window, fixed_window=fixed, sample=0.0), min_count=5, threads=1, seed=1)
    assert (model.window, model.shrink_windows) == expected


def test_training_reads_every_word(tmp_path):
    text = write_text(tmp_path / "text.txt")
    found = train_gensim(text, CONFIG, min_count=1, threads=1, seed=1)
    assert found.tokens == 400 * 12
    assert set(found.model.wv.index_to_key) == set(WORDS)
    assert found.model.wv.vectors.shape == (len(WORDS), 8)
    assert np.abs(found.model.syn1neg).max() > 0  # trained


def test_speed_counts_corpus_words_of_all_epochs():
    class Model:
        epochs = 3

    assert GensimRun(Model(), tokens=1000, read_seconds=1.0, train_seconds=2.0).words_per_second == 1500


def test_the_process_saves_a_model_that_gensim_loads(tmp_path):
    from gensim.models import Word2Vec

    text = write_text(tmp_path / "text.txt", n_lines=1, line_words=20_000)  # one line, as text8 has
    settings = '{"train_config": {"dim": 4, "window": 5, "epochs": 1, "sample": 0.001}, "min_count": 5, "threads": 1}'
    run_process_module(text, tmp_path / "saved", settings)
    model = Word2Vec.load(str(tmp_path / "saved"))
    assert sorted(model.wv.index_to_key) == sorted(WORDS)
    assert model.corpus_total_words == 20_000
