"""Models answer as their word vectors do, and names of gensim with the names of here."""

import copy
import pickle
import subprocess
import sys
import types
from pathlib import Path

import numpy as np
import pytest

import w2v
from w2v.errors import ConfigError, UnknownWordError
from w2v.vectors import foreign_names


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> w2v.TrainedModel:
    sentences, config = [["king", "queen", "salt"]] * 200, w2v.TrainConfig(dim=8, epochs=1, sample=0)
    return w2v.train(sentences, config, out=tmp_path_factory.mktemp("model") / "my.w2v", threads=1)


@pytest.fixture(params=["trained", "stored"])
def model(request: pytest.FixtureRequest, trained: w2v.TrainedModel) -> w2v.TrainedModel:
    return trained if request.param == "trained" else w2v.load_model(trained.path)


@pytest.fixture
def vectors(trained: w2v.TrainedModel) -> w2v.WordVectors:
    return w2v.load(trained.path)


def test_a_model_answers_as_its_vectors_do(model: w2v.TrainedModel) -> None:
    assert model["king"].tolist() == model.vectors["king"].tolist()
    assert model[["king", "salt"]].shape == (2, 8)
    assert "king" in model
    assert "pepper" not in model
    assert len(model) == 3
    assert list(model) == list(model.vectors)
    assert model.neighbors("king", n=2) == model.vectors.neighbors("king", n=2)
    assert model


def test_a_model_is_saved_as_its_vectors_are(model: w2v.TrainedModel, tmp_path: Path) -> None:
    w2v.save(model, tmp_path / "my.vec")
    assert w2v.load(tmp_path / "my.vec").matrix.tobytes() == model.vectors.matrix.tobytes()
    with pytest.raises(ConfigError, match=r"vectors must be word vectors or a model, .* received '.*my\.vec"):
        w2v.save(str(tmp_path / "my.vec"), model)


def test_what_the_manifest_of_a_model_tells_is_saved_too(trained: w2v.TrainedModel, tmp_path: Path) -> None:
    w2v.save(w2v.load_model(trained.path), tmp_path / "copy.w2v")
    assert w2v.load_model(tmp_path / "copy.w2v").manifest["train_config"] == trained.config.to_json()


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("wv", "a model's word vectors are called vectors here, not wv"),
        ("most_similar", "most_similar is called neighbors here"),
        ("vector_size", "vector_size is called vectors.dim here"),
        ("get_vector", "get_vector is written vectors[word] here"),
        ("similarity", "its word vectors have it: vectors.similarity"),
        ("matrix", "its word vectors have it: vectors.matrix"),
        ("vectors_norm", "vectors_norm is called vectors.norms here"),
        ("build_vocab", "there is no build_vocab here: w2v.train(texts, init_from=model_path, out=path) trains a model further"),
    ],
)
def test_a_model_translates_names(model: w2v.TrainedModel, name: str, answer: str) -> None:
    assert not hasattr(model, name)
    with pytest.raises(AttributeError) as caught:
        getattr(model, name)
    assert str(caught.value) == answer


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("most_similar", "most_similar is called neighbors here"),
        ("similar_by_word", "similar_by_word is called neighbors here"),
        ("doesnt_match", "doesnt_match is called odd_one_out here"),
        ("key_to_index", "key_to_index is called vocabulary.ranks here"),
        ("index_to_key", "index_to_key is called words here"),
        ("vector_size", "vector_size is called dim here"),
        ("get_vector", "get_vector is written vectors[word] here"),
        ("wv", "there is no wv here: these are the word vectors, and their array is called matrix"),
        ("to_torch", "to_torch is written torch.tensor(vectors.matrix) here"),
        ("init_sims", "there is no init_sims here: norms are computed when they are first needed"),
        ("wmdistance", "there is no wmdistance here: vectors.n_similarity(a, b) compares groups of words"),
        ("nonsense", "'WordVectors' object has no attribute 'nonsense'"),
    ],
)
def test_vectors_translate_names(vectors: w2v.WordVectors, name: str, answer: str) -> None:
    assert not hasattr(vectors, name)
    with pytest.raises(AttributeError) as caught:
        getattr(vectors, name)
    assert str(caught.value) == answer


def test_what_names_are_translated_to_is_there(vectors: w2v.WordVectors) -> None:
    torch = types.SimpleNamespace(tensor=np.array)
    names = {"vectors": vectors, "w2v": w2v, "torch": torch, "word": "king", "words": ["king"], "a": "king", "b": "salt"}
    for here in foreign_names.ATTRIBUTES.values():
        if here.startswith("w2v."):
            assert hasattr(w2v, here[4:].split("(")[0])
        else:
            eval(here if "vectors" in here else f"vectors.{here}", names)


def test_vectors_are_not_assigned(vectors: w2v.WordVectors) -> None:
    with pytest.raises(TypeError, match=r"never change: w2v.WordVectors\(w2v.Vocabulary\(words, counts\), matrix\) makes others"):
        vectors["king"] = vectors["salt"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (b"king", r"^words are texts, which \.decode\(\) makes of bytes: received b'king'$"),
        ({"king": 1.0, "salt": -1.0}, r"weights are given to mean_vector\(words, weights\): received \{'king': 1\.0"),
        ([0.5, 0.25], r"received 0\.5; numbers become a vector by np\.array\(\[\.\.\.\]\)$"),
    ],
)
def test_what_is_no_word_is_refused(vectors: w2v.WordVectors, asked: object, answer: str) -> None:
    with pytest.raises(ConfigError, match=answer):
        vectors.neighbors(asked)  # type: ignore[arg-type]


def test_options_of_other_readers_are_answered(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^there is no binary here: formats are recognized by their contents"):
        w2v.load(tmp_path / "my.bin", binary=True)  # type: ignore[call-arg]
    with pytest.raises(ConfigError, match=r"^unicode_errors is called errors here$"):
        w2v.load(tmp_path / "my.bin", unicode_errors="ignore")  # type: ignore[call-arg]


def test_topn_is_called_n(vectors: w2v.WordVectors, model: w2v.TrainedModel) -> None:
    for ask in (vectors.neighbors, model.neighbors, vectors.neighbors_by_product):
        with pytest.raises(ConfigError, match=r"^topn is called n here$"):
            ask("king", topn=5)
        with pytest.raises(TypeError, match="nonsense"):
            ask("king", nonsense=5)
    assert vectors.neighbors(positive=["king"], negative=["salt"], n=1)


def test_copies_and_other_processes_get_models_and_vectors(vectors: w2v.WordVectors, model: w2v.TrainedModel) -> None:
    assert vectors.find("King") == "king"  # the tokenizer, compiled functions in it, is there now
    for thing in (vectors, model):
        for again in (copy.copy(thing), copy.deepcopy(thing), pickle.loads(pickle.dumps(thing))):
            assert again["King"].tolist() == vectors["king"].tolist()
    assert not hasattr(object.__new__(w2v.WordVectors), "matrix")
    assert not hasattr(object.__new__(w2v.TrainedModel), "vectors")


def test_words_are_found_as_the_command_line_finds_them(vectors: w2v.WordVectors) -> None:
    assert vectors["King"].tolist() == vectors["king"].tolist()
    assert vectors.find("KING!") == "king"
    assert "King" not in vectors  # the very word
    assert vectors.neighbors("King") == vectors.neighbors("king")
    assert vectors.analogy("King", "Queen", "Salt") == vectors.analogy("king", "queen", "salt")
    assert vectors.similarity("King", "SALT") == vectors.similarity("king", "salt")
    assert vectors.odd_one_out(["King", "queen", "salt"]) == vectors.odd_one_out(["king", "queen", "salt"])
    with pytest.raises(UnknownWordError, match="'Kign' is not in the vocabulary; close matches: king"):
        vectors["Kign"]
    with pytest.raises(UnknownWordError, match="'king queen' is not in the vocabulary"):
        vectors["king queen"]
    exact = w2v.WordVectors(vectors.vocabulary, vectors.matrix)
    with pytest.raises(UnknownWordError):
        exact["King"]


def test_a_tokenizer_that_cannot_be_made_finds_nothing(vectors: w2v.WordVectors) -> None:
    lacking = w2v.CorpusConfig(tokenizer="chinese", dictionary="/there/is/none")
    with pytest.raises(UnknownWordError):
        w2v.WordVectors(vectors.vocabulary, vectors.matrix, tokenizer=lacking)["King"]


def test_known_words_need_no_tokenizer(trained: w2v.TrainedModel) -> None:
    code = "import sys, w2v; m = w2v.load_model(sys.argv[1]); m['king'], m.neighbors('king'), 'x' in m; print('numba' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code, str(trained.path)], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_a_list_of_words_is_a_matrix(vectors: w2v.WordVectors) -> None:
    matrix = vectors[["salt", "King"]]
    assert matrix.tolist() == [vectors["salt"].tolist(), vectors["king"].tolist()]
    matrix[0] = 0  # a copy
    assert vectors["salt"].any()
    assert vectors["king", "salt"].shape == vectors[np.array(["king", "salt"])].shape == (2, 8)
    assert vectors[[]].shape == (0, 8)
    with pytest.raises(UnknownWordError):
        vectors[["king", "pepper"]]


def test_words_are_texts(vectors: w2v.WordVectors) -> None:
    for ask in (
        vectors.neighbors,
        vectors.__getitem__,
        vectors.find,
        lambda word: vectors[["king", word]],
        lambda word: vectors.rank("king", word),
    ):
        with pytest.raises(ConfigError, match=r"^words are texts: '1', but received 1$"):
            ask(1)
    with pytest.raises(ConfigError, match=r"^words are texts: received slice"):
        vectors[:3]
    with pytest.raises(ConfigError, match="a query must hold words, or vectors of 8 finite numbers: received None"):
        vectors.neighbors(None)


def test_a_library_may_write_into_the_matrix_of_a_model(trained: w2v.TrainedModel) -> None:
    """As `torch.from_numpy` and an optimizer do: no SIGSEGV, and the file stays as it is."""
    code = "import ctypes, sys, w2v; m = w2v.load(sys.argv[1]).matrix; ctypes.memset(m.ctypes.data, 0, m.nbytes); print(m.any())"
    done = subprocess.run([sys.executable, "-c", code, str(trained.path)], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "False\n")
    assert w2v.load(trained.path, verify=True).matrix.any()
