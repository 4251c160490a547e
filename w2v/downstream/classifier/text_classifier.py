"""`TextClassifier`: word vectors at work in a Keras network, as a scikit-learn estimator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from w2v import checks
from w2v.downstream.backend import load_keras
from w2v.downstream.classifier.examples import class_weights, encode_rows, target_array, usual_length
from w2v.downstream.classifier.fitted import FittedClassifier
from w2v.downstream.classifier.fitting import FitEpoch, FitHooks, FitPlan, fit_network
from w2v.downstream.classifier.heads import Network, build_network, keras_mask, masks_padding
from w2v.downstream.classifier.scores import Evaluation, score_predictions
from w2v.downstream.embedding import embedding_layer
from w2v.downstream.text_encoder import TextEncoder
from w2v.errors import ConfigError, FormatError, import_extra
from w2v.formats.embedding_ids import PAD, UNK
from w2v.vectors.word_vectors import WordVectors

_base: Any = import_extra("sklearn.base", "keras", "the classifier")
_LARGEST_SEED = 2**31 - 16  # the seeds of single layers are counted from it
_NOT_SAVED = ("vectors", "encoder", "class_weight")  # the first two are in files of their own; the last one was for fitting only
_RANDOM_START = 0.05  # Keras's own for an Embedding: uniform draws from -0.05 to 0.05

if TYPE_CHECKING:
    # What scikit-learn's classes bring, for mypy: they carry no types.
    class _Estimator:
        def get_params(self, deep: bool = True) -> dict[str, Any]: ...
else:

    class _Estimator(_base.ClassifierMixin, _base.BaseEstimator):
        pass


class TextClassifier(_Estimator):
    """Learns labels of texts. `fit` takes texts (or lists of tokens, or rows of ids) and one label for each.

    Parameters
    ----------
    vectors : what the embedding layer starts with; None: small random numbers, which needs an `encoder`
    encoder : text -> ids; None: that of the vectors' own words and tokenizer
    head : mean, flatten, cnn, lstm or gru (`heads.py`)
    dim : length of the random vectors that take the place of `vectors`
    trainable : whether the vectors are trained with the rest
    mask_zero : whether padding is left out; None: wherever the head can, which is everywhere but flatten
    length : tokens of a text that count, from its start; None: enough for 95 of 100 training texts, at most 400
    units : of a recurrent layer, filters of the convolution
    dropout : share of the head's outputs left out of each training step, 0 to below 1
    epochs : passes over the training texts, at most
    batch_size : texts in a step
    learning_rate : of Adam
    validation_fraction : share of the training texts, class by class, that is kept back to see when to stop
    patience : epochs without a lower validation loss after which fitting stops; the weights of the best epoch are kept. None: no stop, and
        nothing is kept back
    class_weight : label -> weight of its texts in the loss (labels that are not named: 1), or "balanced": n / (n_classes * count)
    seed : of all random draws; the same on the same backend gives the same classifier

    Attributes
    ----------
    classes_ : the labels, sorted
    fitted_ : the `FittedClassifier`: network, classes, encoder
    model_, encoder_, length_ : its Keras model, its encoder, the length of its rows
    n_cut_ : training texts longer than `length_`, which lost their ends
    n_blank_ : training texts without a token, which count as one unknown word
    unknown_share_ : share of the tokens that count, a blank text's one among them, that the encoder does not know
    history_ : a `FitEpoch` an epoch

    Each of them is set by `fit` or `load`, the last four by `fit` alone.

    Examples
    --------
    >>> import numpy as np, w2v
    >>> vectors = w2v.WordVectors(w2v.Vocabulary(["good", "bad"], [2, 1]), np.eye(2, 8, dtype=np.float32), tokenizer=w2v.CorpusConfig())
    >>> classifier = TextClassifier(vectors, epochs=20, patience=None, learning_rate=0.1)
    >>> classifier.fit(["good good", "bad", "good", "so bad"], ["pos", "neg", "pos", "neg"]).predict(["good", "bad"]).tolist()
    ['pos', 'neg']
    """

    # More parameters than the house has elsewhere: scikit-learn's get_params, clone and grid search want each by its name.
    def __init__(
        self,
        vectors: WordVectors | None = None,
        encoder: TextEncoder | None = None,
        head: str = "mean",
        *,
        dim: int = 100,
        trainable: bool = True,
        mask_zero: bool | None = None,
        length: int | None = None,
        units: int = 64,
        dropout: float = 0.2,
        epochs: int = 30,
        batch_size: int = 32,
        learning_rate: float = 0.001,
        validation_fraction: float = 0.1,
        patience: int | None = 3,
        class_weight: Mapping[Any, float] | str | None = None,
        seed: int = 1,
    ) -> None:
        self.vectors = vectors
        self.encoder = encoder
        self.head = head
        self.dim = dim
        self.trainable = trainable
        self.mask_zero = mask_zero
        self.length = length
        self.units = units
        self.dropout = dropout
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.validation_fraction = validation_fraction
        self.patience = patience
        self.class_weight = class_weight
        self.seed = seed

    def fit(self, texts: Iterable[Any], labels: Iterable[Any], *, hooks: FitHooks | None = None) -> Self:
        """Learn from labelled texts.

        Parameters
        ----------
        texts : texts, lists of tokens, or an array (n, length) of the encoder's ids
        labels : (n,) texts, integers or truth values, of two classes or more
        hooks : called while it learns

        Raises
        ------
        ConfigError
            a parameter out of range, a label that is missing, one class only, or another number of labels than of texts.
        IdError
            an id that the encoder does not give.
        DivergedError
            the loss is not finite.
        """
        self._check_parameters()
        mask_zero = masks_padding(self.head, self.mask_zero)
        encoder = self._find_encoder()
        rows = encode_rows(encoder, texts)
        targets, classes = target_array(labels, len(rows))
        weights = class_weights(self.class_weight, targets, classes)
        length = usual_length(rows) if self.length is None else int(self.length)
        network = Network(
            head=self.head, length=length, n_classes=len(classes), units=int(self.units), dropout=float(self.dropout),
            mask_zero=mask_zero, seed=int(self.seed),
        )  # fmt: skip
        model = build_network(self._embedding(encoder, network), network)
        plan = FitPlan(
            epochs=int(self.epochs), batch_size=int(self.batch_size), learning_rate=float(self.learning_rate),
            validation_fraction=float(self.validation_fraction), patience=self.patience, seed=int(self.seed),
        )  # fmt: skip
        ids = rows.of_length(length)
        history = fit_network(model, ids, targets, weights, plan, hooks or FitHooks())
        self._keep(FittedClassifier(model, network, encoder, classes))
        self.history_: list[FitEpoch] = history
        self.n_cut_, self.n_blank_ = rows.n_longer(length), rows.n_blank
        self.unknown_share_ = float(np.count_nonzero(ids == UNK) / np.count_nonzero(ids != PAD))
        return self

    def predict_proba(self, texts: Iterable[Any]) -> npt.NDArray[np.float64]:
        """(n, n_classes): the probability of each class, in the order of `classes_`; rows add up to 1.

        Raises
        ------
        ConfigError
            not fitted, or something that is no text.
        IdError
            an id that the encoder does not give.
        """
        return self._found().predict_proba(texts, int(self.batch_size))

    def predict(self, texts: Iterable[Any]) -> npt.NDArray[Any]:
        """(n,): the most probable label of each text."""
        probabilities = self.predict_proba(texts)
        return np.asarray(self.classes_[probabilities.argmax(axis=1)])

    def evaluate(self, texts: Iterable[Any], labels: Iterable[Any]) -> Evaluation:
        """Compare predictions with the true labels.

        Raises
        ------
        ConfigError
            no texts, a label that was not there in training, or another number of labels than of texts.
        """
        probabilities = self.predict_proba(texts)
        targets, _ = target_array(labels, len(probabilities), known=self.classes_)
        return score_predictions(self.classes_.tolist(), targets, probabilities.argmax(axis=1))

    def save(self, path: str | Path, *, overwrite: bool = False) -> None:
        """Write a directory, whole or not at all, that `load` reads on any backend.

        Raises
        ------
        OutputError
            `path` exists and may not be replaced, or the disk is full.
        """
        parameters = {name: value for name, value in self.get_params(deep=False).items() if name not in _NOT_SAVED}
        self._found().save(Path(path), parameters, overwrite=overwrite)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read what `save` wrote. Its `vectors` are None: the rows that were learned are in `model_`.

        Raises
        ------
        FormatError
            not a classifier, one of a newer version, or a damaged one.
        """
        fitted, parameters = FittedClassifier.load(Path(path))
        try:
            classifier = cls(**parameters)
        except TypeError as error:
            raise FormatError(f"{path} is damaged: its manifest holds wrong parameters ({error})") from None
        classifier._keep(fitted)
        return classifier

    def _check_parameters(self) -> None:
        for name in ("dim", "units", "epochs", "batch_size", "length", "patience"):
            if getattr(self, name) is not None or name not in ("length", "patience"):
                checks.integer(name, getattr(self, name))
        checks.integer("seed", self.seed, 0, _LARGEST_SEED)
        checks.number("dropout", self.dropout, "a number from 0 to below 1", lambda share: 0 <= share < 1)
        checks.number("learning_rate", self.learning_rate, "a number above 0 and below 1000", lambda rate: 0 < rate < 1000)
        checks.number("validation_fraction", self.validation_fraction, "a number above 0 and below 1", lambda share: 0 < share < 1)

    def _find_encoder(self) -> TextEncoder:
        if self.encoder is not None:
            return self.encoder
        if self.vectors is None:
            raise ConfigError("a classifier needs vectors, or an encoder for random ones: give vectors=w2v.load(...)")
        return TextEncoder(self.vectors)

    def _embedding(self, encoder: TextEncoder, network: Network) -> Any:
        if self.vectors is not None:
            return embedding_layer(self.vectors, encoder, self.trainable, keras_mask(network), seed=network.seed, name="embedding")
        keras = load_keras()
        start = keras.initializers.RandomUniform(-_RANDOM_START, _RANDOM_START, seed=network.seed)
        return keras.layers.Embedding(
            encoder.input_dim, int(self.dim), embeddings_initializer=start, mask_zero=keras_mask(network), trainable=self.trainable,
            name="embedding",
        )  # fmt: skip

    def _keep(self, fitted: FittedClassifier) -> None:
        self.fitted_ = fitted
        self.model_, self.encoder_, self.classes_ = fitted.model, fitted.encoder, fitted.classes
        self.length_ = fitted.network.length

    def _found(self) -> FittedClassifier:
        if not hasattr(self, "fitted_"):
            not_fitted: Any = import_extra("sklearn.exceptions", "keras", "the classifier").NotFittedError
            raise not_fitted("this classifier is not fitted: call fit first")
        return self.fitted_
