"""`Recommender`: better than means, the same for the same seed, on disk and back; ids out of range are refused everywhere."""

import numpy as np
import pytest

from w2v.downstream import Recommender
from w2v.errors import ConfigError, DivergedError, FormatError, IdError, OutputError

pytestmark = pytest.mark.usefixtures("keras")

USERS, ITEMS, RATINGS = 120, 60, 1500


def make_ratings(seed=1):
    """Ratings of a model of one hidden trait, a fifth of the table."""
    random = np.random.default_rng(seed)
    users, items = np.divmod(random.choice(USERS * ITEMS, RATINGS, replace=False), ITEMS)
    bias, quality = random.normal(size=USERS), random.normal(size=ITEMS)
    taste, trait = random.normal(size=USERS), random.normal(size=ITEMS)
    return users, items, 5 + bias[users] + quality[items] + 1.5 * taste[users] * trait[items] + 0.1 * random.normal(size=RATINGS)


@pytest.fixture(scope="module")
def fitted(keras):
    return fit()


def fit():
    users, items, ratings = (part[:1200] for part in make_ratings())
    return Recommender(USERS, ITEMS, dim=4, regularization=0.5, epochs=30, batch_size=64, alpha=0.02).fit(users, items, ratings)


def rmse(a, b):
    return float(np.sqrt(np.mean((a - b) ** 2)))


def test_held_out_ratings_are_predicted_far_better_than_by_biases(fitted):
    users, items, ratings = make_ratings()
    design = np.zeros((RATINGS, USERS + ITEMS))
    design[np.arange(RATINGS), users] = design[np.arange(RATINGS), USERS + items] = 1
    weights = np.linalg.solve(
        design[:1200].T @ design[:1200] + np.eye(USERS + ITEMS), design[:1200].T @ (ratings[:1200] - ratings[:1200].mean())
    )
    by_biases = ratings[:1200].mean() + design[1200:] @ weights
    found = rmse(fitted.predict(users[1200:], items[1200:]), ratings[1200:])
    assert found < 0.8 * rmse(by_biases, ratings[1200:])
    assert found < 0.6 * rmse(ratings[:1200].mean(), ratings[1200:])


def test_a_prediction_is_the_formula(fitted):
    learned = fitted._learned
    for user, item in ((0, 0), (7, 59), (119, 30)):
        formula = learned.mean + learned.user_biases[user, 0] + learned.item_biases[item, 0]
        formula += sum(float(a) * float(b) for a, b in zip(learned.user_vectors[user], learned.item_vectors[item], strict=True))
        assert fitted.predict([user], [item])[0] == pytest.approx(np.clip(formula, learned.low, learned.high), abs=1e-5)


def test_predictions_stay_within_the_ratings(fitted):
    users, items = np.divmod(np.arange(USERS * ITEMS), ITEMS)
    ratings = make_ratings()[2][:1200]
    predicted = fitted.predict(users, items)
    assert predicted.dtype == np.float32
    assert predicted.min() >= np.float32(ratings.min())
    assert predicted.max() <= np.float32(ratings.max())


def test_recommendations_are_the_best_that_were_not_rated(fitted):
    users, items, _ = (part[:1200] for part in make_ratings())
    for user in (0, 5, 119):
        rated = set(items[users == user].tolist())
        found = fitted.recommend(user, n=ITEMS)
        assert {item for item, _ in found} == set(range(ITEMS)) - rated
        assert [rating for _, rating in found] == sorted((rating for _, rating in found), reverse=True)
        assert found[0].rating == fitted.predict([user], [found[0].item])[0]
        assert fitted.recommend(user, n=3) == found[:3]
        assert len(fitted.recommend(user, n=ITEMS + 5, also_rated=True)) == ITEMS


def test_the_same_seed_gives_the_same_numbers_and_leaves_the_global_ones_alone(fitted):
    np.random.seed(5)  # noqa: NPY002
    expected = np.random.random()  # noqa: NPY002
    np.random.seed(5)  # noqa: NPY002
    again = fit()
    assert np.random.random() == expected  # noqa: NPY002
    assert np.array_equal(again.item_vectors, fitted.item_vectors)
    assert repr(Recommender(5, 6)) == "<Recommender: 5 users, 6 items>"
    starts = [Recommender(USERS, ITEMS, seed=seed)._model(1).get_layer("item_vectors").get_weights()[0] for seed in (3, 4)]
    assert not np.array_equal(*starts)
    tables = [Recommender(5, 5)._model(1).get_layer(name).get_weights()[0] for name in ("user_vectors", "item_vectors")]
    assert not np.array_equal(*tables)


def test_whom_nobody_knows_gets_the_mean():
    recommender = Recommender(3, 2, dim=1, epochs=3).fit([0, 0, 1], [0, 1, 1], [1.0, 2.0, 6.0])
    assert recommender.predict([2], [1])[0] == pytest.approx(3.0, abs=0.1)
    assert recommender.user_vectors.shape == (3, 1)


@pytest.mark.parametrize("wrong", [-1, 120, 121, 2**40, -(2**40)])
def test_users_out_of_range_are_refused_everywhere(fitted, wrong):
    for call in (
        lambda: fitted.predict([0, wrong], [0, 0]),
        lambda: fitted.recommend(wrong),
        lambda: Recommender(USERS, ITEMS).fit([0, wrong], [0, 0], [1, 2]),
    ):
        with pytest.raises(IdError, match=f"user.*from 0 to 119.*found {wrong}"):
            call()


@pytest.mark.parametrize("wrong", [-1, 60, 61])
def test_items_out_of_range_are_refused_everywhere(fitted, wrong):
    for call in (lambda: fitted.predict([0, 0], [0, wrong]), lambda: Recommender(USERS, ITEMS).fit([0, 0], [0, wrong], [1, 2])):
        with pytest.raises(IdError, match=f"items: ids must be from 0 to 59.*found {wrong} in place 1"):
            call()


def test_one_user_at_a_time(fitted):
    with pytest.raises(IdError, match=r"user must be one id: received \[1\]"):
        fitted.recommend([1])


@pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning")  # jax makes infinity of the learning rate
def test_a_last_step_into_infinity_is_seen():
    with pytest.raises(DivergedError, match=r"alpha below 1e\+39"):
        Recommender(3, 4, epochs=1, alpha=1e39).fit([0, 1], [1, 2], [1, 5])


@pytest.mark.parametrize("wrong", [1.0, True, "1", None])
def test_ids_that_are_no_integers_are_refused(fitted, wrong):
    with pytest.raises(IdError):
        fitted.predict([wrong], [0])
    with pytest.raises(IdError):
        fitted.recommend(wrong)


@pytest.mark.parametrize(
    ("users", "items", "ratings", "message"),
    [
        ([], [], [], "0 pairs, 0 ratings"),
        ([0, 1], [0, 1], [1], "2 pairs, 1 ratings"),
        ([0, 1], [0], [1, 2], r"same length: received shapes \(2,\) and \(1,\)"),
        ([[0, 1]], [[0, 1]], [1, 2], "same length"),
        ([0, 1], [0, 1], [1, float("nan")], "rating 1 is not"),
        ([0], [0], ["good"], "must be numbers"),
        ([0], [0], [[1]], r"received shape \(1, 1\)"),
    ],
)
def test_wrong_ratings_are_refused(users, items, ratings, message):
    with pytest.raises(ConfigError, match=message):
        Recommender(3, 3).fit(users, items, ratings)


@pytest.mark.parametrize(
    "options",
    [{"dim": 0}, {"epochs": True}, {"batch_size": 1.5}, {"alpha": -1}, {"regularization": float("nan")}, {"seed": -1}, {"n_users": 0}],
)
def test_options_out_of_range_are_refused(options):
    with pytest.raises(ConfigError, match=next(iter(options))):
        Recommender(**{"n_users": 2, "n_items": 2, **options})


def test_nothing_learned_nothing_predicted(tmp_path):
    recommender = Recommender(2, 2)
    for call in (
        lambda: recommender.predict([0], [0]),
        lambda: recommender.recommend(0),
        lambda: recommender.item_vectors,
        lambda: recommender.save(tmp_path / "r"),
    ):
        with pytest.raises(ConfigError, match="call fit"):
            call()
    assert not list(tmp_path.iterdir())


def test_saved_and_loaded_it_says_the_same(fitted, tmp_path):
    fitted.save(tmp_path / "films")
    loaded = Recommender.load(tmp_path / "films")
    users, items = np.divmod(np.arange(USERS * ITEMS), ITEMS)
    assert np.array_equal(loaded.predict(users, items), fitted.predict(users, items))
    assert loaded.recommend(7) == fitted.recommend(7)
    assert (loaded.epochs, loaded.seed, loaded.alpha) == (fitted.epochs, fitted.seed, fitted.alpha)
    with pytest.raises(OutputError, match="exists already"):
        fitted.save(tmp_path / "films")
    fitted.save(tmp_path / "films", overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["films"]


@pytest.mark.parametrize("name", ["manifest.json", "item_vectors.npy", "user_biases.npy", "rated.npy"])
def test_a_damaged_file_is_refused(fitted, tmp_path, name):
    fitted.save(tmp_path / "films")
    path = tmp_path / "films" / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(FormatError, match="damaged"):
        Recommender.load(tmp_path / "films")
    path.unlink()
    with pytest.raises(FormatError):
        Recommender.load(tmp_path / "films")


def test_another_directory_is_refused(tmp_path):
    with pytest.raises(FormatError, match="is not a w2v recommender"):
        Recommender.load(tmp_path)
