"""What `import w2v` offers: public names, nothing loaded before its use, objects that show what they hold."""

import inspect
import pydoc
import subprocess
import sys
from pathlib import Path

import pytest

import w2v


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> w2v.TrainedModel:
    sentences = [["tea", "cup", "moon"]] * 1000
    reading = w2v.CorpusConfig(tokenizer="whitespace")
    return w2v.train(sentences, w2v.TrainConfig(dim=8, sample=0), corpus_config=reading, out=tmp_path_factory.mktemp("model") / "my.w2v")


def test_completion_shows_the_public_names_and_no_other() -> None:
    assert dir(w2v) == sorted(w2v.__all__)
    assert len(set(w2v.__all__)) == len(w2v.__all__)
    assert all(getattr(w2v, name) is not None for name in w2v.__all__)


def test_help_shows_every_public_name() -> None:
    page = pydoc.plain(pydoc.render_doc(w2v))
    assert [name for name in w2v.__all__ if name not in page and name != "__version__"] == []
    assert w2v.__version__ in page


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(w2v, "Nonsense")
    with pytest.raises(AttributeError, match="module 'w2v' has no attribute 'Nonsense'"):
        w2v.Nonsense  # noqa: B018


def test_a_class_of_gensim_is_answered_with_what_serves_here() -> None:
    for name, here in (("Word2Vec", r"w2v\.train\(tokens"), ("KeyedVectors", r"w2v\.WordVectors"), ("FastText", r"w2v\.load_subwords")):
        assert not hasattr(w2v, name)
        with pytest.raises(AttributeError, match=f"^there is no {name} class here: .*{here}"):
            getattr(w2v, name)


def test_what_type_checkers_see_is_what_is_imported() -> None:
    source = Path(w2v.__file__).read_text(encoding="utf-8")
    for name, home in w2v._HOMES.items():
        assert f"    from {home} import {name} as {name}\n" in source
    for name in w2v._PACKAGES:
        assert f"    from w2v import {name} as {name}\n" in source


def test_importing_w2v_loads_nothing_heavy() -> None:
    code = (
        "import sys, w2v; dir(w2v); print(sorted({'numpy', 'numba', 'click', 'tqdm', 'w2v.config', 'w2v.downstream'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("config", [w2v.TrainConfig, w2v.CorpusConfig])
def test_options_are_shown_with_their_meaning(config: type[w2v.TrainConfig | w2v.CorpusConfig]) -> None:
    names = list(config().to_json())
    assert list(inspect.signature(config).parameters) == names
    assert [name for name in names if f"\n{name} : " not in config.__doc__] == []


def test_a_config_shows_what_was_set() -> None:
    config = w2v.TrainConfig(dim=50, window="session")
    assert repr(config) == "TrainConfig(dim=50, window='session')"
    assert eval(repr(config), vars(w2v)) == config
    assert repr(w2v.TrainConfig()) == "TrainConfig()"


def test_a_vocabulary_shows_words_and_tokens() -> None:
    assert repr(w2v.Vocabulary([f"w{i}" for i in range(1200)], [10] * 1200)) == "<Vocabulary: 1,200 words, 12,000 tokens>"
    assert repr(w2v.Vocabulary(["a"], [0])) == "<Vocabulary: 1 words>"
    assert repr(w2v.make_tokenizer(w2v.CorpusConfig())) == "<Tokenizer: words>"


def test_a_corpus_shows_tokens_sentences_words_and_its_directory(tmp_path: Path) -> None:
    sentences, config = [["a", "b", "c"]] * 1000, w2v.CorpusConfig(tokenizer="whitespace")
    assert repr(w2v.encode(sentences, config=config)) == "<EncodedCorpus: 3,000 tokens in 1,000 sentences, 3 words, temporary>"
    stored = w2v.encode(sentences, tmp_path / "my.corpus", config)
    wanted = f"<EncodedCorpus: 3,000 tokens in 1,000 sentences, 3 words, from {tmp_path / 'my.corpus'}>"
    assert repr(stored) == repr(w2v.EncodedCorpus.open(tmp_path / "my.corpus")) == wanted


def test_a_trained_model_shows_its_size_and_directory(model: w2v.TrainedModel) -> None:
    assert repr(model) == f"<TrainedModel: 3 words x 8 dimensions, 30 epochs of 3,000 tokens, at {model.path}>"
    assert repr(w2v.load_model(model.path)) == f"<StoredModel: 3 words x 8 dimensions, from {model.path}>"


def test_word_vectors_show_where_they_are_from(model: w2v.TrainedModel, tmp_path: Path) -> None:
    assert repr(model.vectors) == f"<WordVectors: 3 words x 8 dimensions, from {model.path}>"
    w2v.save(model.vectors, tmp_path / "my.vec.gz")
    for normalize in (False, True):
        loaded = w2v.load(tmp_path / "my.vec.gz", normalize=normalize)
        assert repr(loaded) == f"<WordVectors: 3 words x 8 dimensions, from {tmp_path / 'my.vec.gz'}>"
    assert repr(w2v.WordVectors(model.vocabulary, model.vectors.matrix)) == "<WordVectors: 3 words x 8 dimensions>"
