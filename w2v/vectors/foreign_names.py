"""What gensim's users look for, and what it is called here; names of options are in `config.FOREIGN_NAMES`."""

import functools
import inspect
from collections.abc import Callable
from typing import ParamSpec, TypeVar

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

_EVALUATE = "w2v.evaluate(vectors, [set])"
# Names of gensim's KeyedVectors -> an attribute of `WordVectors`, or an expression.
ATTRIBUTES = {
    "most_similar": "neighbors",
    "similar_by_word": "neighbors",
    "similar_by_key": "neighbors",
    "similar_by_vector": "neighbors",
    "most_similar_cosmul": "neighbors_by_product",
    "doesnt_match": "odd_one_out",
    "rank_by_centrality": "by_centrality",
    "get_mean_vector": "mean_vector",
    "get_index": "index",
    "index_to_key": "words",
    "index2word": "words",
    "index2entity": "words",
    "key_to_index": "vocabulary.ranks",
    "vocab": "vocabulary",
    "vector_size": "dim",
    "syn0": "matrix",
    "get_vector": "vectors[word]",
    "word_vec": "vectors[word]",
    "vectors_for_all": "vectors[words]",
    "has_index_for": "word in vectors",
    "get_vecattr": "vectors.counts[vectors.index(word)]",
    "get_normed_vectors": "vectors.matrix / vectors.norms[:, None]",
    "distance": "1 - vectors.similarity(a, b)",
    "evaluate_word_pairs": _EVALUATE,
    "evaluate_word_analogies": _EVALUATE,
    "save": "w2v.save(vectors, path)",
    "save_word2vec_format": "w2v.save(vectors, path)",
    "load": "w2v.load(path)",
    "load_word2vec_format": "w2v.load(path)",
    "distances": "1 - vectors.similarities([(a, b)])",
    "vectors_norm": "norms",
    "keys": "words",
    "items": "zip(vectors.words, vectors.matrix)",
    "get": "vectors[word] if word in vectors else None",
    "to_numpy": "matrix",
    "numpy": "matrix",
    "to_torch": "torch.tensor(vectors.matrix)",
    "predict_output_word": "neighbors",
}
_NEVER_CHANGE = "word vectors never change: w2v.WordVectors(w2v.Vocabulary(words, counts), matrix) makes others"
_TRAINED = "w2v.train(texts, init_from=model_path, out=path) trains a model further"
# Names of gensim's models and vectors that have nothing like them here -> what serves.
_WITHOUT_NAME = {
    **dict.fromkeys(("add_vector", "add_vectors", "set_vecattr", "vectors[word] = vector"), _NEVER_CHANGE),
    **dict.fromkeys(("init_sims", "fill_norms"), "norms are computed when they are first needed"),
    **dict.fromkeys(("build_vocab", "train", "update_vocab", "scan_vocab"), _TRAINED),
    "wmdistance": "vectors.n_similarity(a, b) compares groups of words",
}
# Names of gensim's modules -> what serves here.
_CLASSES = {
    "Word2Vec": "w2v.train(tokens, w2v.TrainConfig(dim=100)) trains, and w2v.load(path) loads vectors",
    "KeyedVectors": "word vectors are w2v.WordVectors, and w2v.load(path) loads them",
    "FastText": "w2v.load_subwords(path) loads what fastText trained",
    "LineSentence": "w2v.train(path) reads a text file",
    "PathLineSentences": "w2v.train(path) reads a folder",
    "Phrases": "w2v.CorpusConfig(phrases=1) joins phrases",
    "Doc2Vec": "vectors.encode(texts) makes vectors of texts",
}


def vectors_hint(name: str) -> str | None:
    """What to write instead of an attribute of gensim's vectors; None for an unknown name."""
    if name in ("wv", "vectors"):
        return f"there is no {name} here: these are the word vectors, and their array is called matrix"
    return _called(name, ATTRIBUTES.get(name))


def model_hint(name: str, known: type) -> str | None:
    """What to write instead of an attribute of gensim's models, or of word vectors, whose class is `known`; None for an unknown name."""
    if name == "wv":
        return "a model's word vectors are called vectors here, not wv"
    here = ATTRIBUTES.get(name)
    if here is None:
        is_theirs = name in ("matrix", "tokenizer") or (not name.startswith("_") and hasattr(known, name))
        return f"its word vectors have it: vectors.{name}" if is_theirs else _called(name, None)
    return _called(name, f"vectors.{here}" if hasattr(known, here.split(".")[0]) and here != "neighbors" else here)


def module_hint(name: str) -> str | None:
    """What to write instead of a class of gensim; None for an unknown name."""
    return f"there is no {name} class here: {_CLASSES[name]}" if name in _CLASSES else None


def _called(name: str, here: str | None) -> str | None:
    if here is None:
        return f"there is no {name} here: {_WITHOUT_NAME[name]}" if name in _WITHOUT_NAME else None
    return f"{name} is {'called' if here.replace('.', '_').isidentifier() else 'written'} {here} here"


NO_ASSIGNMENT = _called("vectors[word] = vector", None)


def missing_attribute(owner: object, name: str, hint: str | None) -> AttributeError:
    """What `__getattr__` raises; it looks at nothing of `owner`, which copying and pickling ask before it has any attribute."""
    return AttributeError(hint or f"{type(owner).__name__!r} object has no attribute {name!r}", name=name, obj=owner)


def translate_options(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Have a function answer keywords of other tools, such as ``topn``, with a ConfigError that names its own."""
    known = frozenset(inspect.signature(function).parameters)

    @functools.wraps(function)
    def checked(*args: Parameters.args, **options: Parameters.kwargs) -> Result:
        from w2v.config import foreign_name_hint
        from w2v.errors import ConfigError

        for name in options.keys() - known:
            if hint := foreign_name_hint(name):
                raise ConfigError(hint)
        return function(*args, **options)

    return checked
