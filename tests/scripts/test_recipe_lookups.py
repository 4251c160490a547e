"""What the recipes of `scripts/recipes` say of ids, rows and shapes: no training of networks, so all of it is quick."""

import ast

import numpy as np
import pytest
from recipe_files import FOLDER, NAMES, load_recipe

from w2v.downstream import TextEncoder, embedding_layer, load_keras
from w2v.errors import MissingExtraError


@pytest.fixture(scope="module", autouse=True)
def keras():
    try:
        return load_keras()  # on the backend that is installed
    except MissingExtraError as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("name", NAMES)
def test_every_recipe_is_short_and_has_a_heading_in_both_languages(name):
    source = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
    chinese, empty, english, *_ = ast.get_docstring(ast.parse(source)).split("\n")
    assert sum("\u4e00" <= character <= "\u9fff" for character in chinese) > 6
    assert empty == ""
    assert english[0].isascii()
    assert "def main(" in source
    assert len(source.splitlines()) <= 130


def test_bits_are_looked_up():
    bits = load_recipe("bits")
    ids = [[0, 1, 0, 1, 1, 0, 0]]
    output, table = bits.look_up(ids, 2, 2)
    assert output.shape == (1, 7, 2)
    assert table.shape == (2, 2)
    for place, bit in enumerate(ids[0]):
        assert np.array_equal(output[0, place], table[bit])
    assert not np.array_equal(table[0], table[1])
    assert bits.look_up(np.ones((5, 19), int), 2, 10)[0].shape == (5, 19, 10)


@pytest.mark.parametrize("anywhere", [False, True])
def test_held_out_bits_are_others_and_labelled_by_the_pattern(anywhere):
    bits = load_recipe("bits")
    (train, _), (test, labels) = bits.sequences(anywhere)
    assert (train.shape, test.shape) == ((768, 10), (256, 10))
    assert not {tuple(row) for row in train.tolist()} & {tuple(row) for row in test.tolist()}
    for row, label in zip(test.tolist(), labels, strict=True):
        text = "".join(map(str, row))
        assert label == ("101" in text if anywhere else text.endswith("101"))


def test_columns_become_a_third_axis():
    assert load_recipe("columns").output_shape() == ((32, 10), (32, 10, 64))


def test_words_that_collide_in_the_ten_documents():
    documents = load_recipe("ten_documents")
    ids = documents.encode(documents.DOCUMENTS)
    assert ids.shape == (10, 4)
    assert ids.min() == 0
    assert 1 <= ids[:, 0].min() <= ids.max() <= 49
    words = sorted(set(" ".join(documents.DOCUMENTS).split()))
    by_id = {}
    for word in words:
        by_id.setdefault(int(documents.encode([word])[0, 0]), set()).add(word)
    assert sorted(map(sorted, documents.collisions())) == sorted(sorted(group) for group in by_id.values() if len(group) > 1)


def test_tom_and_jerry_are_the_words_4_and_20():
    table = load_recipe("lookup_table")
    vectors = table.train()
    assert vectors.matrix.shape == (1000, 2)
    assert (vectors.index("tom"), vectors.index("jerry")) == (4, 20)
    assert (np.diff(vectors.counts) < 0).all()
    encoder, layer = TextEncoder(vectors), embedding_layer(vectors)
    encoded = encoder.encode(["tom", "jerry"])
    assert encoded.tolist() == [[6], [22]]
    assert np.array_equal(np.asarray(layer(encoded))[:, 0], vectors.matrix[[4, 20]])


def test_pairs_of_a_window_of_two():
    pairs = load_recipe("lookup_table").pairs([*"abcd"])
    assert " ".join(map("".join, pairs)) == "ab ac ba bc bd ca cb cd db dc"


def test_the_same_sentence_is_numbered_in_two_ways():
    recipe = load_recipe("very_deep")
    assert recipe.ids_by_appearance(recipe.SENTENCE.split()) == [1, 2, 3, 4, 1]
    vectors = recipe.train_sentence()
    encoder, layer = TextEncoder(vectors), embedding_layer(vectors)
    assert encoder.ids(recipe.SENTENCE) == [2, 4, 3, 5, 2]
    assert layer(encoder.encode([recipe.SENTENCE])).shape == (1, 5, 6)


def test_topics_of_the_picture_are_found(tmp_path):
    pytest.importorskip("openTSNE")
    pytest.importorskip("matplotlib")
    assert load_recipe("very_deep").draw_topics(tmp_path / "new" / "topics.png") > 0.95
    assert (tmp_path / "new" / "topics.png").read_bytes().startswith(b"\x89PNG")


def test_the_avengers_come_near_iron_man_and_stay_far_from_gone_with_the_wind(capsys):
    recipe = load_recipe("film_sessions")
    before, after = recipe.before_and_after()
    genres = [films.split() for films in recipe.GENRES.values()]
    assert after.similarity("复仇者联盟", "钢铁侠") > 0.6
    assert after.similarity("复仇者联盟", "乱世佳人") < 0.3
    within = [after.similarity(a, b) for films in genres for a in films for b in films if a < b]
    across = [after.similarity(a, b) for films in genres for a in films for others in genres if others != films for b in others]
    assert min(within) > max(across)
    started = [before.similarity(a, b) for films in genres for a in films for b in films if a < b]
    assert abs(np.mean(started)) < 0.2
    recipe.main()
    printed = capsys.readouterr().out
    for film, *others in genres:
        line = next(line for line in printed.splitlines() if line.startswith(film) and " - " not in line)
        assert sum(other in line for other in others) == 4


def test_apples_are_like_pears_and_not_like_cars(capsys):
    pytest.importorskip("rjieba")
    recipe = load_recipe("fruit")
    vectors = recipe.train()
    assert recipe.one_hot_vectors(vectors).similarity("苹果", "梨") == 0
    assert vectors.similarity("苹果", "梨") > 0.8
    assert vectors.similarity("苹果", "汽车") < 0.5
    assert {found.word for found in vectors.neighbors("苹果", n=4)} == set(recipe.FRUIT) - {"苹果"}
    recipe.main()
    assert "one-hot" in capsys.readouterr().out


def test_sizes_of_what_a_city_is_shown_as():
    recipe = load_recipe("cities")
    encoder = recipe.make_encoder()
    names = ["上海", "北京", "深圳"]
    assert recipe.represent("integer", names, encoder).tolist() == [[2], [3], [4]]
    one_hot = recipe.represent("one-hot", names, encoder)
    assert (one_hot @ one_hot.T).tolist() == np.eye(3).tolist()
    assert recipe.represent("embedding", [*names, "拉萨"], encoder).tolist() == [[2], [3], [4], [1]]
