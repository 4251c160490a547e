"""What the recipes of `scripts/recipes` say of trained networks, for the seeds that they use; calibrated over 5 other seeds."""

import os
import re
import subprocess
import sys

import numpy as np
import pytest
from recipe_files import FOLDER, NAMES, load_recipe

from w2v.downstream import load_keras
from w2v.errors import MissingExtraError


@pytest.fixture(scope="module", autouse=True)
def keras():
    try:
        return load_keras()  # on the backend that is installed
    except MissingExtraError as error:
        pytest.skip(str(error))


def test_ten_documents_are_learned_with_400_and_33_parameters():
    recipe = load_recipe("ten_documents")
    model = recipe.train()
    assert [layer.count_params() for layer in model.layers] == [400, 0, 33]
    praise = model.predict(recipe.encode(recipe.DOCUMENTS), verbose=0)[:, 0]
    assert (praise.round() == recipe.LABELS).all()
    assert model.predict(recipe.encode(["good"]), verbose=0)[0, 0] > 0.5


@pytest.mark.slow
def test_one_hot_and_embedding_know_cities_and_integers_do_not():
    recipe = load_recipe("cities")
    encoder = recipe.make_encoder()
    results = {kind: recipe.fit(kind, encoder) for kind in ("integer", "one-hot", "embedding")}
    errors = {kind: error for kind, (_, error) in results.items()}
    assert errors["integer"] > 3 * recipe.NOISE
    assert errors["one-hot"] < 1.1 * recipe.NOISE
    assert errors["embedding"] < 1.1 * recipe.NOISE
    rows = results["embedding"][0].layers[0].get_weights()[0]
    of = {city: rows[encoder.ids([city])[0]] for city in recipe.CITIES}
    assert recipe.similarity(of["北京"], of["哈尔滨"]) > 0.9
    assert recipe.similarity(of["北京"], of["深圳"]) < 0.5


@pytest.mark.slow
@pytest.mark.parametrize("head", ["Flatten", "LSTM", "GRU"])
def test_a_pattern_of_bits_is_found_in_all_held_out_sequences(head):
    recipe = load_recipe("bits")
    assert recipe.held_out_accuracy(head, anywhere=False) == 1
    assert (recipe.held_out_accuracy(head, anywhere=True) == 1) == (head != "Flatten")


@pytest.mark.slow
def test_one_table_for_columns_of_the_same_meaning_else_one_for_each():
    recipe = load_recipe("columns")
    accuracy = {key: recipe.held_out_accuracy(*key)[1] for key in ((True, True), (True, False), (False, True), (False, False))}
    assert accuracy[True, True] > accuracy[False, True] + 0.1
    assert accuracy[False, False] > accuracy[True, False] + 0.05


@pytest.mark.slow
def test_networks_that_read_in_order_know_who_buys():
    accuracy = load_recipe("user_behaviour").compare()
    lstm, gru, *without_order = accuracy.values()
    assert min(lstm, gru) > 0.94
    assert min(lstm, gru) > max(without_order) + 0.1
    assert len(without_order) == 4


@pytest.mark.slow
def test_the_recommender_beats_every_mean_by_more_than_the_spread():
    recipe = load_recipe("film_ratings")
    train, test, genre = recipe.make_ratings(1)
    assert len(train.stars) + len(test.stars) < 0.05 * recipe.USERS * recipe.FILMS
    by_seed = [recipe.errors(seed) for seed in (1, 2, 3)]
    errors = {name: np.array([each[name] for each in by_seed]) for name in by_seed[0]}
    ours = errors.pop("Recommender")
    spread = max(ours.std(), *(others.std() for others in errors.values()))
    assert all(others.min() - ours.max() > 2 * spread for others in errors.values())
    by_stars = recipe.same_genre(
        recipe.Recommender(recipe.USERS, recipe.FILMS).fit(train.users, train.films, train.stars).item_vectors, genre
    )
    by_lists = recipe.same_genre(recipe.skip_gram_vectors(train, 1), genre)
    assert by_stars > by_lists > 1.3 / recipe.GENRES


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_recipe_runs_as_a_program_in_any_folder(name, tmp_path):
    environment = {key: value for key, value in os.environ.items() if key != "KERAS_BACKEND"}
    done = subprocess.run(
        [sys.executable, str(FOLDER / f"{name}.py")],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Warning" not in done.stderr
    assert len(done.stdout.splitlines()) > 5
    assert not re.search(r"\bnan\b", done.stdout)
    pictures = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()]
    assert all(path.startswith("downloads/recipes/") for path in pictures)
