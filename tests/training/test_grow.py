"""Growing a model on new text."""

import itertools

import numpy as np
import pytest
from topics import share_of_own_topic, topic_lines, write_lines

import w2v
from w2v.cli.main import run
from w2v.config import CorpusConfig, TrainConfig
from w2v.errors import CheckpointError, ConfigError, CorpusError
from w2v.file_hashes import sha256_file
from w2v.training import grow as growing
from w2v.training.grow import merge_vocabularies
from w2v.training.run import Hooks, train
from w2v.vectors.model_directory import load_model
from w2v.vocabulary import Vocabulary

CONFIG = TrainConfig(dim=16, epochs=2, alpha=0.05, sample=0)


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    folder = tmp_path_factory.mktemp("base")
    train(write_lines(folder / "old.txt", topic_lines()), CONFIG, out=folder / "old.w2v", threads=1)
    return folder / "old.w2v"


def new_lines():
    """Known words in other company, new words of topic 0, one that is too rare."""
    lines = topic_lines(600, seed=7)
    for i, line in enumerate(lines):
        if line[0].startswith("t0"):
            line[3] = f"t0new{i % 3}"
    lines[0][1] = "once"
    return lines


def test_counts_are_summed_and_words_ranked():
    known, found = Vocabulary(["b", "a", "z"], [5, 3, 1]), Vocabulary(["a", "n", "m", "r", "z"], [7, 6, 5, 2, 1])
    vocabulary, n_new = merge_vocabularies(known, found, CorpusConfig(min_count=5))
    assert (vocabulary.words, vocabulary.counts.tolist(), n_new) == (("a", "n", "b", "m", "z"), [10, 6, 5, 5, 2], 2)
    assert merge_vocabularies(known, found, CorpusConfig(min_count=1, max_vocabulary=4))[0].words == ("a", "n", "b", "z")


def test_known_words_start_where_they_were_and_new_ones_are_learned(base, tmp_path):
    starts = []
    text = write_lines(tmp_path / "new.txt", new_lines())
    trained = train(
        text, TrainConfig(dim=16, epochs=3, alpha=1e-9, min_alpha=0, sample=0), out=tmp_path / "still", init_from=base, threads=1
    )  # fmt: skip
    old = load_model(base)
    for word in old.vocabulary.words:
        assert np.allclose(trained.vectors[word], old.vectors[word], atol=1e-5)
    hooks = Hooks(on_start=lambda corpus, plan, position: starts.append(corpus))
    trained = train(text, CONFIG, out=tmp_path / "new.w2v", init_from=base, threads=1, hooks=hooks)
    known, new = set(old.vocabulary.words), {"t0new0", "t0new1", "t0new2"}
    assert set(trained.vectors.words) == known | new
    assert "once" not in trained.vectors
    assert {key: trained.report["grown"][key] for key in ("known_words", "new_words")} == {"known_words": 48, "new_words": 3}
    assert trained.vectors.counts.sum() == old.vocabulary.counts.sum() + 600 * 12 - 1
    assert starts[0].n_tokens == 600 * 12 - 1
    assert share_of_own_topic(trained.vectors) > 0.95
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.txt", "new.w2v", "still"]


def test_the_grown_corpus_is_the_text_in_the_new_ids(base, tmp_path, monkeypatch):
    monkeypatch.setattr("w2v.corpus.encoded_corpus._CHUNK", 1000)  # borders inside sentences
    lines = [["once"], *new_lines(), ["once", "twice"]]
    counted = w2v.encode(lines, tmp_path / "counted", growing.counting_config(CorpusConfig()))
    corpus = growing.grow_corpus(counted, CorpusConfig(), load_model(base), tmp_path / "grown")
    kept = [[word for word in line if word in corpus.vocabulary.ranks] for line in lines]
    kept = [line for line in kept if line]
    ends = corpus.sentence_offsets
    found = [[corpus.vocabulary.words[i] for i in corpus.tokens[a:b]] for a, b in itertools.pairwise(ends)]
    assert found == kept
    w2v.EncodedCorpus.open(tmp_path / "grown", verify=True)


def test_an_interrupted_growth_is_resumed_to_the_same_model(base, tmp_path):
    text = write_lines(tmp_path / "new.txt", new_lines())
    train(text, CONFIG, out=tmp_path / "whole", init_from=base, threads=1)

    def cut(report):
        if report.span == 5 and report.epoch == 1:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        train(text, CONFIG, out=tmp_path / "m", init_from=base, threads=1, checkpoint_every="1spans", hooks=Hooks(on_span=cut))
    with pytest.raises(CheckpointError, match="was not made without init_from"):
        train(text, CONFIG, out=tmp_path / "m", threads=1, resume=True)
    train(text, CONFIG, out=tmp_path / "m", init_from=base, threads=1, resume=True)
    for name in ("vocabulary.tsv", "input_vectors.npy", "output_vectors.npy"):
        assert sha256_file(tmp_path / "m" / name) == sha256_file(tmp_path / "whole" / name)
    messages = []
    train(text, CONFIG, out=tmp_path / "m", init_from=base, threads=1, resume=True, hooks=Hooks(on_message=messages.append))
    assert "trained already" in messages[-1]


def test_an_encoded_corpus_grows_a_model_too(base, tmp_path):
    w2v.encode(new_lines(), tmp_path / "c")
    trained = train(tmp_path / "c", CONFIG, out=tmp_path / "m", init_from=base, threads=1)
    assert trained.report["grown"]["new_words"] == 3


def test_what_cannot_grow_is_refused(base, tmp_path):
    lines = new_lines()
    with pytest.raises(ConfigError, match="dim must be 16, that of"):
        train(lines, TrainConfig(dim=8), out=tmp_path / "m", init_from=base)
    with pytest.raises(ConfigError, match="init_from needs out"):
        train(lines, CONFIG, init_from=base)
    with pytest.raises(CorpusError, match="there is nothing to train on"):
        train([["other", "words"]] * 2, CONFIG, out=tmp_path / "m", init_from=base)
    assert not list(tmp_path.iterdir())


def test_the_command_takes_dim_and_reading_from_the_model(base, tmp_path, capsys):
    text = write_lines(tmp_path / "new.txt", new_lines())
    assert run(["train", str(text), "--out", str(tmp_path / "m"), "--init-from", str(base), "--threads", "1", "--epochs", "1"]) == 0
    assert "48 known words, 3 new" in capsys.readouterr().err
    assert load_model(tmp_path / "m").input_vectors.shape == (51, 16)
