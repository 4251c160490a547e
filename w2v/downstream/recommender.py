"""`Recommender`: explicit ratings from user vectors, item vectors and biases.

    rating(u, i) = mean + b_u + b_i + p_u . q_i

Koren, Bell and Volinsky, "Matrix Factorization Techniques for Recommender Systems" (2009), equation 4. The four tables are Keras
`Embedding` layers; they minimise the squared error plus `regularization` times the squares of all their numbers.
"""

import math
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from w2v.checks import integer, number
from w2v.downstream.backend import load_keras
from w2v.downstream.id_check import check_ids
from w2v.downstream.learned_ratings import TABLES, Floats, Ids, LearnedRatings, read_ratings, write_ratings
from w2v.errors import ConfigError, DivergedError, FormatError, IdError

_LARGEST = 2**31 - 1
_START = 0.05  # standard deviation of the vectors' first numbers: so small that the biases are learned first


class Recommendation(NamedTuple):
    """An item, and the rating that its user is expected to give."""

    item: int
    rating: float


class Recommender:
    """Predicts ratings that were not given from those that were.

    Parameters
    ----------
    n_users, n_items : ids go from 0 to n_users - 1 and n_items - 1; any other id is refused everywhere
    dim : length of a user's and of an item's vector
    regularization : how strongly each vector and each bias is pulled to 0, at least 0: as in a ridge regression on its ratings
    epochs, batch_size, alpha : passes over the ratings, ratings in a step, learning rate of Adam
    seed : of the start and the order of the ratings

    Raises
    ------
    ConfigError
        an option out of range.

    Examples
    --------
    >>> recommender = Recommender(n_users=2, n_items=3, dim=1)
    >>> recommender.fit([0, 0, 1], [0, 1, 5], [5, 1, 4])
    Traceback (most recent call last):
    ...
    w2v.errors.IdError: items: ids must be from 0 to 2, as the layer has 3 rows: found 5 in place 2
    """

    def __init__(
        self,
        n_users: int,
        n_items: int,
        *,
        dim: int = 8,
        regularization: float = 3.0,
        epochs: int = 20,
        batch_size: int = 256,
        alpha: float = 0.01,
        seed: int = 1,
    ) -> None:
        self.n_users, self.n_items = integer("n_users", n_users, 1, _LARGEST), integer("n_items", n_items, 1, _LARGEST)
        self.dim, self.epochs = integer("dim", dim, 1, _LARGEST), integer("epochs", epochs, 1, _LARGEST)
        self.batch_size, self.seed = integer("batch_size", batch_size, 1, _LARGEST), integer("seed", seed, 0, _LARGEST)
        self.regularization = number("regularization", regularization, "a number of at least 0", lambda strength: strength >= 0)
        self.alpha = number("alpha", alpha, "a number of at least 0", lambda rate: rate >= 0)
        self._learned: LearnedRatings | None = None

    def __repr__(self) -> str:
        return f"<Recommender: {self.n_users:,} users, {self.n_items:,} items>"

    def fit(self, users: npt.ArrayLike, items: npt.ArrayLike, ratings: npt.ArrayLike) -> Self:
        """Learn from ratings; what an earlier `fit` learned is forgotten.

        Parameters
        ----------
        users, items : (n,) ids, who rated what; a pair may occur several times
        ratings : (n,) finite numbers of any scale

        Raises
        ------
        IdError
            an id out of range, with its place.
        ConfigError
            no ratings, lists of different lengths, or ratings that are no finite numbers.
        DivergedError
            training ran into numbers that are not finite.
        MissingExtraError
            Keras is not installed.
        """
        pairs, values = self._checked(users, items), _checked_ratings(ratings)
        if not len(values) or len(pairs) != len(values):
            raise ConfigError(
                f"each pair of user and item needs a rating, and there must be one: {len(pairs)} pairs, {len(values)} ratings"
            )
        mean = float(values.mean())
        model, centered = self._model(len(values)), (values - mean).astype(np.float32)
        random = np.random.default_rng(self.seed)
        for _ in range(self.epochs):  # shuffled here: Keras would draw from the global random numbers of numpy or the backend
            order = random.permutation(len(values))
            history = model.fit(list(pairs[order].T), centered[order], batch_size=self.batch_size, shuffle=False, verbose=0)
            if not math.isfinite(history.history["loss"][0]):
                raise self._diverged()
        as_numpy = load_keras().ops.convert_to_numpy
        tables = {name: np.array(as_numpy(model.get_layer(name).embeddings), np.float32) for name in TABLES}
        if not all(np.isfinite(table).all() for table in tables.values()):  # the last step's loss is of the numbers before it
            raise self._diverged()
        rated = np.unique(pairs[:, 0] * self.n_items + pairs[:, 1])
        self._learned = LearnedRatings(mean, float(values.min()), float(values.max()), rated=rated, **tables)
        return self

    def predict(self, users: npt.ArrayLike, items: npt.ArrayLike) -> Floats:
        """Expected ratings, (n,) float32, within the range of those that were learned from; needs no Keras.

        Raises
        ------
        IdError
            an id out of range, with its place.
        ConfigError
            lists of different lengths, or nothing was learned yet.
        """
        learned, pairs = self._fitted(), self._checked(users, items)
        return learned.limited(learned.expected(pairs[:, 0], pairs[:, 1]))

    def recommend(self, user: int, n: int = 10, *, also_rated: bool = False) -> list[Recommendation]:
        """The `n` items that a user is expected to rate highest, best first; fewer where there are no more.

        Parameters
        ----------
        also_rated : items that the user has rated already come into question too

        Raises
        ------
        IdError
            a user out of range, or several.
        ConfigError
            `n` is below 1, or nothing was learned yet.
        """
        learned, n = self._fitted(), integer("n", n, 1, _LARGEST)
        if np.ndim(user):
            raise IdError(f"user must be one id: received {user!r}"[:200])
        _check_ids("user", [user], self.n_users)
        items = np.arange(self.n_items)
        if not also_rated:
            items = np.delete(items, learned.items_rated_by(int(user)))
        ratings = learned.expected(np.full(len(items), user), items)
        best = np.argsort(-ratings, kind="stable")[:n]  # before they are limited, which would make ties
        return list(map(Recommendation, items[best].tolist(), learned.limited(ratings[best]).tolist()))

    @property
    def user_vectors(self) -> Floats:
        """(n_users, dim) float32."""
        return self._fitted().user_vectors

    @property
    def item_vectors(self) -> Floats:
        """(n_items, dim) float32: items that the same users like point the same way."""
        return self._fitted().item_vectors

    def save(self, path: str | Path, *, overwrite: bool = False) -> None:
        """Write a directory, whole or not at all.

        Raises
        ------
        OutputError
            `path` exists and may not be replaced, or the disk is full.
        ConfigError
            nothing was learned yet.
        """
        names = ("n_users", "n_items", "dim", "regularization", "epochs", "batch_size", "alpha", "seed")
        write_ratings(Path(path), self._fitted(), {name: getattr(self, name) for name in names}, overwrite)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read what `save` wrote; Keras is not needed to predict.

        Raises
        ------
        FormatError
            no such directory, one of a newer version, or a damaged one.
        """
        learned, options = read_ratings(Path(path))
        try:
            recommender = cls(**options)
        except (TypeError, ConfigError) as error:
            raise FormatError(f"{path} is damaged: its manifest holds wrong options ({error})") from None
        recommender._learned = learned
        return recommender

    def _diverged(self) -> DivergedError:
        return DivergedError(f"the training of the recommender diverged: try an alpha below {self.alpha:g}, and ratings of a usual scale")

    def _fitted(self) -> LearnedRatings:
        if self._learned is None:
            raise ConfigError("this recommender has learned nothing yet: call fit(users, items, ratings) first")
        return self._learned

    def _checked(self, users: npt.ArrayLike, items: npt.ArrayLike) -> Ids:
        """(n, 2) int64, pairs of user and item."""
        _check_ids("users", users, self.n_users)
        _check_ids("items", items, self.n_items)
        user, item = np.asarray(users), np.asarray(items)
        if user.ndim != 1 or user.shape != item.shape:
            raise ConfigError(f"users and items must be lists of the same length: received shapes {user.shape} and {item.shape}")
        return np.stack([user, item], axis=1).astype(np.int64)

    def _model(self, n_ratings: int) -> Any:
        """The network: two ids in, a rating less the mean out."""
        keras = load_keras()
        layers, penalty = keras.layers, keras.regularizers.L2(self.regularization / n_ratings)  # the loss is a mean over ratings
        ids = [keras.Input((), dtype="int32", name=name) for name in ("user", "item")]
        looked_up = []
        for who, rows in enumerate((self.n_users, self.n_items)):
            vectors, bias = TABLES[who], TABLES[who + 2]
            start = keras.initializers.RandomNormal(stddev=_START, seed=2 * self.seed + who)
            looked_up += [
                layers.Embedding(rows, self.dim, embeddings_initializer=start, embeddings_regularizer=penalty, name=vectors)(ids[who]),
                layers.Embedding(rows, 1, embeddings_initializer="zeros", embeddings_regularizer=penalty, name=bias)(ids[who]),
            ]
        user, user_bias, item, item_bias = looked_up
        model = keras.Model(ids, layers.Add()([layers.Dot(1)([user, item]), user_bias, item_bias]))
        model.compile(optimizer=keras.optimizers.Adam(self.alpha), loss="mse")
        return model


def _check_ids(name: str, ids: npt.ArrayLike, rows: int) -> None:
    try:
        check_ids(ids, rows)
    except IdError as error:
        raise IdError(f"{name}: {error}") from None


def _checked_ratings(ratings: npt.ArrayLike) -> npt.NDArray[np.float64]:
    try:
        values = np.asarray(ratings, np.float64)
    except (TypeError, ValueError):
        raise ConfigError("ratings must be numbers, one for each pair of user and item") from None
    if values.ndim != 1:
        raise ConfigError(f"ratings must be a list of numbers: received shape {values.shape}")
    if not np.isfinite(values).all():
        raise ConfigError(f"ratings must be finite: rating {np.flatnonzero(~np.isfinite(values))[0]} is not (the first is 0)")
    return values
