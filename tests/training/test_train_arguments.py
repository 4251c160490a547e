"""What `train` takes: texts, options as keywords, and arguments in the wrong place."""

from pathlib import Path

import pytest

from w2v.config import CorpusConfig, TrainConfig
from w2v.errors import ConfigError, CorpusError
from w2v.training.run import train
from w2v.vectors.evaluation_sets import PairSet

TEXTS = ["the baker sells bread", "the miller sells flour"] * 20
TOKENS = [text.split() for text in TEXTS]


def test_texts_train_the_vectors_of_their_file(tmp_path: Path) -> None:
    (tmp_path / "same.txt").write_text("\n".join(TEXTS))
    of_file = train(tmp_path / "same.txt", dim=8, sample=0, threads=1)
    of_texts = train(texts=iter(TEXTS), dim=8, sample=0, threads=1)
    assert (of_file.vectors.matrix == of_texts.vectors.matrix).all()


def test_a_training_on_texts_goes_on(tmp_path: Path) -> None:
    train(texts=TEXTS, dim=8, sample=0, epochs=1, out=tmp_path / "m.w2v")
    assert train(texts=iter(TEXTS), dim=8, sample=0, epochs=2, out=tmp_path / "m.w2v", resume=True).report["epochs"] == 2


def test_keywords_are_taken_into_both_configs() -> None:
    model = train([["a", "b", "c"]] * 3, dim=8, sample=0, epochs=1, min_count=3)
    assert (model.config.dim, model.config.epochs, len(model.vocabulary)) == (8, 1, 3)
    model = train(TOKENS, TrainConfig(window=2), corpus_config=CorpusConfig(max_vocabulary=3), dim=8, sample=0, epochs=1, min_count=20)
    assert (model.config.window, model.config.dim, len(model.vocabulary)) == (2, 8, 3)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"sentences": []}, "what is read is the first argument, a path or token lists; strings are given as texts="),
        ({"corpus_file": "a.txt"}, "there is no corpus_file here: what is read is the first argument"),
        ({"max_n": 6}, "w2v trains whole words, no subwords"),
        ({"vector_size": 8}, "train has no option 'vector_size': vector_size is called dim here"),
        ({"nonsense": 8}, "train has no option 'nonsense': its options are alpha"),
        ({"config": {"dim": 8}}, "config must be a TrainConfig: received a dict; .* as keywords"),
        ({"config": CorpusConfig()}, "config must be a TrainConfig: received a CorpusConfig; train takes it as corpus_config"),
        ({"corpus_config": TrainConfig()}, "corpus_config must be a CorpusConfig: received a TrainConfig; train takes it as config"),
        ({"evaluate": "no such set"}, "a test set must be a file or one of"),
        ({"evaluate": [{}]}, "evaluate takes what read_set returns"),
        ({"dim": 0}, "dim must be an integer"),
    ],
)
def test_what_does_not_fit_says_what_to_pass(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        train(TOKENS, **arguments)


def test_evaluate_takes_names(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = PairSet("bundled pairs", (("baker", "bread", 9.0), ("miller", "flour", 8.0), ("baker", "flour", 1.0)))
    monkeypatch.setattr("w2v.training.epoch_evaluation.bundled_sets", lambda: ([pairs], []))
    assert list(train(TOKENS, dim=8, sample=0, epochs=1, evaluate="bundled").report["evaluation"][0]) == ["bundled pairs"]
    assert list(train(TOKENS, dim=8, sample=0, epochs=1, evaluate=pairs).report["evaluation"][0]) == ["bundled pairs"]


@pytest.mark.parametrize("source", [TEXTS, TEXTS[0], ["x " * 200], "x " * 200, "a\0b", ["a\0b"]])
def test_texts_as_source_are_refused_in_one_line(tmp_path: Path, source: object) -> None:
    with pytest.raises(CorpusError, match=r"texts=\[\.\.\.\]"):
        train(source, out=tmp_path / "m.w2v")
    with pytest.raises(CorpusError):
        train(source, out=tmp_path / "m.w2v", resume=True)
    assert not list(tmp_path.iterdir())


def test_both_configs_may_stand_in_their_order() -> None:
    model = train(TOKENS, TrainConfig(dim=4, epochs=1), CorpusConfig(min_count=1), threads=1)
    assert (model.config.dim, len(model.vocabulary)) == (4, 6)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"windows": 5}, "did you mean window"),
        ({"learning_rate": 0.1}, "learning_rate is called alpha here"),
        ({"batch_size": 32}, "its options are alpha"),
        ({"evaluate": True}, "evaluate takes what read_set returns"),
    ],
)
def test_options_that_there_are_not_say_what_there_is(options, message) -> None:
    with pytest.raises(ConfigError, match=message):
        train(TOKENS, **options)
