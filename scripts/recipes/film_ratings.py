"""电影评分：用户向量、影片向量与偏置，再加一个点积。

Film ratings: 800 users, 500 films, and more than 19 of 20 cells of the table are empty. `Recommender` fills them from user and film
vectors with biases; beside it means, a content-based baseline that knows the films' genres, and film vectors of skip-gram, which sees only
who liked what.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import w2v
from w2v import CorpusConfig, TrainConfig
from w2v.downstream import Recommender
from w2v.text_tables import plain_table

USERS, FILMS, GENRES, RATINGS = 800, 500, 6, 18_000


@dataclass(frozen=True)
class Ratings:
    """Who rated what how, from 1 to 5; (n,) each."""

    users: np.ndarray
    films: np.ndarray
    stars: np.ndarray

    def __getitem__(self, part: slice) -> Ratings:
        return Ratings(self.users[part], self.films[part], self.stars[part])


def make_ratings(seed: int) -> tuple[Ratings, Ratings, np.ndarray]:
    """Ratings to learn from, others to test on, and the genre of each film.

    A rating is a mean, how kind the user is, how good the film is, how the user likes the film's genre and its other traits, and noise.
    """
    random = np.random.default_rng(seed)
    genre = random.integers(GENRES, size=FILMS)
    traits = random.normal(size=(GENRES, 3))[genre] + 0.5 * random.normal(size=(FILMS, 3))
    tastes, kind, good = 0.6 * random.normal(size=(USERS, 3)), 0.4 * random.normal(size=USERS), 0.5 * random.normal(size=FILMS)
    users, films = np.divmod(random.choice(USERS * FILMS, RATINGS, replace=False), FILMS)
    liking = 3.4 + kind[users] + good[films] + (tastes[users] * traits[films]).sum(axis=1) + 0.5 * random.normal(size=RATINGS)
    ratings = Ratings(users, films, np.clip(np.rint(liking), 1, 5))
    return ratings[: RATINGS * 9 // 10], ratings[RATINGS * 9 // 10 :], genre


def mean_of_groups(groups: np.ndarray, values: np.ndarray, n: int) -> np.ndarray:
    """(n,): mean value of each group; 0 where it is empty, and pulled there as if 3 values of 0 were in it."""
    return np.bincount(groups, values, n) / (np.bincount(groups, minlength=n) + 3)


def errors(seed: int) -> dict[str, float]:
    """Root mean squared error on the test ratings, in stars, of each way to predict them."""
    train, test, genre = make_ratings(seed)
    mean = train.stars.mean()
    rest = train.stars - mean
    of_user, of_film = mean_of_groups(train.users, rest, USERS), mean_of_groups(train.films, rest, FILMS)
    rest = rest - of_user[train.users]
    of_genre = mean_of_groups(train.users * GENRES + genre[train.films], rest, USERS * GENRES)
    recommender = Recommender(USERS, FILMS, seed=seed).fit(train.users, train.films, train.stars)
    predicted = {
        "mean of all ratings": np.full(len(test.stars), mean),
        "mean of the user": mean + of_user[test.users],
        "mean of the film": mean + of_film[test.films],
        "content: user and genre": mean + of_user[test.users] + of_genre[test.users * GENRES + genre[test.films]],
        "Recommender": recommender.predict(test.users, test.films),
    }
    return {name: float(np.sqrt(np.mean((test.stars - stars) ** 2))) for name, stars in predicted.items()}


def skip_gram_vectors(train: Ratings, seed: int) -> np.ndarray:
    """(FILMS, 8): vectors of the films, trained on the lists of films that each user gave more stars than usual."""
    usual = train.stars.mean() + mean_of_groups(train.users, train.stars - train.stars.mean(), USERS)
    liked = [train.films[(train.users == user) & (train.stars > usual[user])].astype(str).tolist() for user in range(USERS)]
    config = TrainConfig(dim=8, window="session", noise_exponent=0, epochs=40, seed=seed)  # all films alike as noise
    vectors = w2v.train(liked, config, corpus_config=CorpusConfig(tokenizer="items", min_count=1), threads=1).vectors
    return np.array([vectors[str(film)] if str(film) in vectors else np.zeros(8) for film in range(FILMS)])


def same_genre(vectors: np.ndarray, genre: np.ndarray) -> float:
    """How often the nearest film, by cosine, is of the same genre."""
    units = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    similarity = units @ units.T
    np.fill_diagonal(similarity, -1)
    return float(np.mean(genre[similarity.argmax(axis=1)] == genre))


def main() -> None:
    train, _, genre = make_ratings(1)
    print(f"{USERS} users x {FILMS} films: {1 - len(train.stars) / (USERS * FILMS):.1%} of the table is empty\n")
    by_seed = [errors(seed) for seed in (1, 2, 3)]
    by_name = {name: [found[name] for found in by_seed] for name in by_seed[0]}
    rows = [[name, f"{np.mean(values):.3f}", f"{np.std(values):.3f}"] for name, values in by_name.items()]
    print(plain_table(["error in stars (RMSE) on ratings not seen", "mean of 3 seeds", "spread"], rows))

    recommender = Recommender(USERS, FILMS, seed=1).fit(train.users, train.films, train.stars)
    print("\nuser 7 should watch:", ", ".join(f"film {film} ({stars:.1f} stars)" for film, stars in recommender.recommend(7, n=5)))
    print("\nThe nearest film is of the same genre, which nobody told the vectors; stars say more than lists of liked films:\n")
    print(f"  vectors of the Recommender, from stars          {same_genre(recommender.item_vectors, genre):.0%}")
    print(f"  vectors of skip-gram, from lists of liked films {same_genre(skip_gram_vectors(train, 1), genre):.0%}")
    print(f"  by chance                                       {((np.bincount(genre) / FILMS) ** 2).sum():.0%}")


if __name__ == "__main__":
    main()
