"""Do pretrained vectors help on these texts? Six classifiers on the same texts, splits and words.

random
    an embedding layer that starts with random numbers and is trained
frozen, fine-tuned
    the same network on pretrained vectors, which stay as they are, or are trained with the rest
one-hot
    a bag of words (whether each word is in the text), logistic regression
mean, mean + one-hot
    the weighted mean of the text's vectors (`TextVectorizer`), alone and beside the bag of words, logistic regression

What is fair about it: one vocabulary (the words of the vectors that the texts hold), the same training and test texts for all six with
each seed, the same head, rates and stopping rule for the three networks. Nothing is chosen by the test texts: the networks stop by a
part of their training texts, and the settings below are the same for all data (how they were found: docs/classify.md).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.checks import integer
from w2v.downstream.classifier.examples import encode_rows, target_array, usual_length
from w2v.downstream.classifier.fitting import Ids, Indices, stratified_split
from w2v.downstream.classifier.scores import score_predictions
from w2v.downstream.classifier.text_classifier import TextClassifier
from w2v.downstream.text_encoder import TextEncoder
from w2v.errors import ConfigError, import_extra
from w2v.formats.embedding_ids import FIRST_WORD
from w2v.vectors.text_vectors import word_weights
from w2v.vectors.word_vectors import WordVectors
from w2v.vocabulary import Vocabulary

MODELS = ("random", "frozen", "fine-tuned", "one-hot", "mean", "mean + one-hot")
_EPOCHS = 100
_PATIENCE = 5
_LEARNING_RATE = 0.001
_ITERATIONS = 1000  # of logistic regression: enough to converge

Labelled = tuple[Sequence[str], Sequence[Any]]


@dataclass
class Compared:
    """One model on one number of training texts.

    Attributes
    ----------
    accuracies, macro_f1s, seconds : one for each seed; seconds are of fitting, wall clock
    parameters : numbers that fitting changes
    """

    model: str
    train_size: int
    parameters: int = 0
    accuracies: list[float] = field(default_factory=list)
    macro_f1s: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class _Data:
    """Texts as ids, the same for every model."""

    ids: Ids
    targets: Indices

    def __getitem__(self, chosen: Indices) -> _Data:
        return _Data(self.ids[chosen], self.targets[chosen])


def compare(
    vectors: WordVectors,
    data: Labelled,
    *,
    test: Labelled | None = None,
    test_size: int | None = None,
    train_sizes: Sequence[int] = (),
    n_seeds: int = 3,
    head: str = "cnn",
    on_run: Callable[[Compared], None] = lambda row: None,
) -> list[Compared]:
    """Fit and judge all six models.

    Parameters
    ----------
    data : texts and their labels
    test : the texts to judge by; None: `test_size` of `data`, other ones with each seed, each class with its share
    test_size : None: a fifth of `data`; a class with one text stays out of the test
    train_sizes : numbers of training texts, drawn with each seed; empty: all that are not test texts
    n_seeds : runs of each model, seeds 1 to n_seeds: of the draws, the networks' start and their order
    head : of the three networks
    on_run : called after each run with its row so far

    Returns
    -------
    A row a model and train size, sizes in the given order.

    Raises
    ------
    ConfigError
        `test_size` or `n_seeds` below 1, more texts asked for than there are, one class only, or no word with a vector.
    """
    integer("n_seeds", n_seeds)
    vectors, weights = _words_that_occur(vectors, [*data[0], *(test[0] if test else ())])
    encoder = TextEncoder(vectors)
    rows = encode_rows(encoder, data[0])
    length = usual_length(rows)
    targets, classes = target_array(data[1], len(rows))
    pool, judged = _Data(rows.of_length(length), targets), None
    if test is not None:
        test_rows = encode_rows(encoder, test[0])
        judged = _Data(test_rows.of_length(length), target_array(test[1], len(test_rows), known=classes)[0])
    n_test = 0 if judged else _test_size(targets, test_size)
    n_rest = len(stratified_split(targets, n_test, seed=1)[0])  # the same with every seed
    sizes = list(dict.fromkeys(train_sizes)) or [n_rest]
    _check_sizes(sizes, len(targets), n_rest, len(classes))
    found = {(size, model): Compared(model, size) for size in sizes for model in MODELS}
    for seed in range(1, n_seeds + 1):
        rest, kept = stratified_split(targets, n_test, seed)
        for size in sizes:
            others, first = stratified_split(targets[rest], size, seed)
            drawn = rest if size == len(rest) else rest[np.concatenate([first, others])[:size]]
            for model in MODELS:
                row = found[size, model]
                started = time.perf_counter()
                predict, row.parameters = _fit(model, vectors, weights, pool[drawn], head, seed)
                row.seconds.append(time.perf_counter() - started)
                asked = judged or pool[kept]
                evaluation = score_predictions(classes.tolist(), asked.targets, predict(asked.ids))
                row.accuracies.append(evaluation.accuracy)
                row.macro_f1s.append(evaluation.macro_f1)
                on_run(row)
    return list(found.values())


def _words_that_occur(vectors: WordVectors, texts: Sequence[str]) -> tuple[WordVectors, npt.NDArray[np.float64]]:
    """The words of the vectors that are in the texts, and their weights in a mean; rows of others change no result and cost most time."""
    encoder = TextEncoder(vectors)
    seen = np.unique(np.fromiter((number for text in texts for number in encoder.ids(text)), np.int64))
    ranks = seen[seen >= FIRST_WORD] - FIRST_WORD
    if not len(ranks):
        raise ConfigError(f"no word of the {len(texts):,} texts has a vector: take vectors of the texts' language")
    words = [vectors.words[rank] for rank in ranks.tolist()]
    weights = word_weights(vectors.counts, "sif" if vectors.counts.any() else "mean")[ranks]
    return WordVectors(Vocabulary(words, vectors.counts[ranks]), vectors.matrix[ranks], tokenizer=encoder.tokenizer), weights


def _test_size(targets: Indices, asked: int | None) -> int:
    """So many texts to judge by, or fewer where classes of one text leave no more."""
    n = max(1, len(targets) // 5) if asked is None else asked
    if not 1 <= n < len(targets):
        raise ConfigError(f"test_size must be at least 1 and leave texts to train on: received {n:,} of {len(targets):,}")
    return n


def _check_sizes(sizes: Sequence[int], n: int, n_rest: int, n_classes: int) -> None:
    for size in sizes:
        if not 2 * n_classes <= size <= n_rest:
            there = f"{n:,} texts" + (f" less {n - n_rest:,} for the test" if n > n_rest else "")
            raise ConfigError(f"a train size must be from {2 * n_classes}, twice the classes, to {n_rest:,} ({there}): received {size:,}")


def _fit(
    model: str, vectors: WordVectors, weights: npt.NDArray[np.float64], data: _Data, head: str, seed: int
) -> tuple[Callable[[Ids], Indices], int]:
    """A function from ids to numbers of classes, and how many numbers were fitted."""
    if model in ("one-hot", "mean", "mean + one-hot"):
        rows = np.concatenate([np.zeros((FIRST_WORD, vectors.dim)), vectors.matrix * weights[:, None]])
        return _fit_logistic(data, rows, with_mean="mean" in model, with_words="one-hot" in model)
    classifier = TextClassifier(
        None if model == "random" else vectors, TextEncoder(vectors), head,
        dim=vectors.dim, trainable=model != "frozen", length=data.ids.shape[1],
        epochs=_EPOCHS, patience=_PATIENCE, learning_rate=_LEARNING_RATE, seed=seed,
    )  # fmt: skip
    classifier.fit(data.ids, data.targets)
    parameters = sum(int(np.prod(variable.shape)) for variable in classifier.model_.trainable_variables)
    return lambda ids: np.asarray(classifier.predict(ids), np.int64), parameters


def _fit_logistic(data: _Data, rows: npt.NDArray[np.float64], *, with_mean: bool, with_words: bool) -> tuple[Callable[[Ids], Indices], int]:
    """Logistic regression; `rows` are the weighted vectors of all ids, those of means scaled to a variance of 1 in the training texts."""
    sparse: Any = import_extra("scipy.sparse", "keras", "the comparison")
    logistic: Any = import_extra("sklearn.linear_model", "keras", "the comparison")
    training_means = _means(data.ids, rows)
    center, spread = training_means.mean(axis=0), training_means.std(axis=0)
    spread[spread == 0] = 1

    def features(ids: Ids) -> Any:
        words = [_one_hot(ids, len(rows))] * with_words
        means = [sparse.csr_matrix((_means(ids, rows) - center) / spread)] * with_mean
        return sparse.hstack([*words, *means], format="csr")

    model = logistic.LogisticRegression(max_iter=_ITERATIONS).fit(features(data.ids), data.targets)
    return lambda ids: np.asarray(model.predict(features(ids)), np.int64), int(model.coef_.size + model.intercept_.size)


def _means(ids: Ids, rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(n, dim): the mean of each text's known words; zeros without any."""
    sums = np.array([rows[line[line >= FIRST_WORD]].sum(axis=0) for line in ids])
    return np.asarray(sums / np.maximum(1, (ids >= FIRST_WORD).sum(axis=1))[:, None])


def _one_hot(ids: Ids, n_ids: int) -> Any:
    """(n, n_ids) sparse float64: 1 where a text holds a word; unknown words and padding hold no place."""
    rows, places = np.nonzero(ids >= FIRST_WORD)
    sparse: Any = import_extra("scipy.sparse", "keras", "the comparison")
    matrix = sparse.csr_matrix((np.ones(len(rows)), (rows, ids[rows, places])), (len(ids), n_ids))
    matrix.data[:] = 1  # what occurs twice was added up
    return matrix
