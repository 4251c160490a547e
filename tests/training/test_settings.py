"""What a config leaves open is chosen by the tokenizer and the number of tokens, and nothing that was said is changed."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import w2v
from w2v.config import CLASSIC, CorpusConfig, TrainConfig
from w2v.training.sampling import keep_probability
from w2v.training.settings import LEFT_OPEN, choose_epochs, settle_config


def corpus(tokenizer="words", n_words=20_000, times=60):
    """Every word as often as the others."""
    words = [f"w{i}" for i in range(n_words)]
    return w2v.encode([words] * times, None, CorpusConfig(min_count=1, tokenizer=tokenizer))


@pytest.fixture(scope="module")
def long_text():
    return corpus()


def test_words_and_items_have_defaults_of_their_own(long_text):
    words, items = settle_config(TrainConfig(), long_text), settle_config(TrainConfig(), corpus("items"))
    assert (words.window, words.sample, words.negative_reuse, words.logit_bias) == (5, 2000 / 1_200_000, 8, -math.log(5))
    assert (items.window, items.sample, items.negative_reuse, items.logit_bias) == (10, 0.0, 1, 0.0)
    assert items.epochs > words.epochs


@pytest.mark.parametrize(("n_words", "times", "sample"), [(50, 200, 0.2), (2, 900, 1.0), (50, 2500, 0.016)])
def test_words_are_thinned_out_that_occur_often(n_words, times, sample):
    """In a small text no word is: 1e-4 of ten thousand tokens would be a single occurrence."""
    small = corpus(n_words=n_words, times=times)
    assert settle_config(TrainConfig(), small).sample == sample
    assert (keep_probability(small.vocabulary.counts, sample).min() < 1) == (times > 2000 * 2.618)


def test_the_bias_is_the_odds_of_a_pair_among_its_negatives(long_text):
    assert settle_config(TrainConfig(negatives=1), long_text).logit_bias == 0.0
    assert settle_config(TrainConfig(negatives=20), long_text).logit_bias == -math.log(20)


def test_what_was_said_stays(long_text):
    said = TrainConfig(window=3, sample=0.5, negative_reuse=3, logit_bias=0.25, epochs=7, alpha=0.01)
    assert settle_config(said, long_text) == said


def test_classic_is_word2vec(long_text):
    config = settle_config(TrainConfig(**CLASSIC), long_text)
    assert (config.sample, config.epochs, config.logit_bias, config.alpha) == (1e-3, 5, 0.0, 0.025)
    assert (config.window, config.negatives, config.noise_exponent, config.fixed_window) == (5, 5, 0.75, False)


@given(st.integers(0, 10**13), st.booleans())
def test_more_text_never_needs_more_epochs(n_tokens, items):
    epochs = choose_epochs(n_tokens, items=items)
    assert 2 <= choose_epochs(2 * n_tokens, items=items) <= epochs <= 60


def test_auto_is_the_default_and_a_number_in_the_model(tmp_path):
    corpus = w2v.encode([["a", "b", "c"] * 4] * 50, None, CorpusConfig(min_count=1))
    assert TrainConfig(epochs="auto") == TrainConfig()
    trained = w2v.train(corpus, epochs="auto", dim=4, out=tmp_path / "m.w2v")
    assert trained.config.epochs == choose_epochs(600, items=False) == len(trained.report["loss"])
    assert w2v.load_model(tmp_path / "m.w2v").manifest["train_config"]["epochs"] == trained.config.epochs
    again = w2v.train(corpus, dim=4, out=tmp_path / "m.w2v", resume=True)
    assert again.report["loss"] == trained.report["loss"], "a finished model has all epochs that are wanted"


def test_the_choice_is_said(tmp_path):
    said = []
    corpus = w2v.encode([["a", "b", "c"] * 4] * 50, None, CorpusConfig(min_count=1))
    w2v.train(corpus, dim=4, hooks=w2v.Hooks(on_message=said.append))
    assert said == ["30 epochs, chosen for 600 tokens; epochs= takes another number"]
    said.clear()
    w2v.train(corpus, dim=4, epochs=2, hooks=w2v.Hooks(on_message=said.append))
    assert said == []


@pytest.mark.parametrize("word", ["many", "", None.__class__, 1.5, True])
def test_other_words_are_refused(word):
    with pytest.raises(w2v.errors.ConfigError, match="epochs"):
        TrainConfig(epochs=word)


def test_models_of_before_had_no_bias():
    saved = TrainConfig(dim=7).to_json()
    del saved["logit_bias"]
    assert TrainConfig.from_json(saved).logit_bias == 0.0
    assert TrainConfig.from_json(TrainConfig(dim=7).to_json()).logit_bias is None


def test_growing_keeps_the_bias_and_takes_few_epochs(tmp_path):
    text = [["a", "b", "c"] * 4] * 50
    options = dict(dim=4, corpus_config=CorpusConfig(min_count=1))
    w2v.train(text, logit_bias=-0.5, epochs=1, out=tmp_path / "m.w2v", **options)
    grown = w2v.train([["a", "d", "b"] * 4] * 50, out=tmp_path / "g.w2v", init_from=tmp_path / "m.w2v", **options)
    assert (grown.config.logit_bias, grown.config.epochs) == (-0.5, 5)
    other = w2v.train(text, out=tmp_path / "h.w2v", init_from=tmp_path / "m.w2v", logit_bias=0.0, epochs=1, **options)
    assert other.config.logit_bias == 0.0


def test_a_corpus_of_walks_is_as_long_as_it_was_asked_to_be(tmp_path):
    graph = w2v.as_graph([("a", "b"), ("b", "c"), ("c", "a")])
    corpus = w2v.write_walks(graph, tmp_path / "walks", w2v.WalkConfig(walk_length=10))
    assert settle_config(TrainConfig(), corpus).epochs == 5


def test_walks_keep_their_hubs(tmp_path):
    graph = w2v.as_graph([("hub", f"n{i}") for i in range(300)])
    corpus = w2v.write_walks(graph, tmp_path / "walks", w2v.WalkConfig(walk_length=80))
    assert corpus.n_tokens > 200_000
    assert settle_config(TrainConfig(), corpus).sample == 1e-3
    tiny = w2v.write_walks(w2v.as_graph([("a", "b")]), tmp_path / "tiny", w2v.WalkConfig(walk_length=10))
    assert settle_config(TrainConfig(), tiny).sample == 0.0, "as of any text of which it leaves nothing"


def test_the_number_of_replicas_is_settled_where_there_are_some(long_text):
    assert settle_config(TrainConfig(deterministic=True), long_text).replicas == 4
    assert settle_config(TrainConfig(deterministic=True, replicas=2), long_text).replicas == 2
    assert settle_config(TrainConfig(), long_text).replicas is None


def test_every_open_setting_is_chosen(long_text):
    settled = settle_config(TrainConfig(deterministic=True), long_text)
    assert all(getattr(settled, name) is not None for name in LEFT_OPEN)
    assert all(getattr(TrainConfig(), name) is None for name in LEFT_OPEN)
