import numpy as np
import pytest

from w2v.errors import ConfigError
from w2v.machine import available_memory
from w2v.training.model import Model, start_width


@pytest.mark.parametrize("dim", [1, 2, 16, 33, 100])
@pytest.mark.parametrize("tokenizer", ["words", "items"])
def test_starts_uniform_and_seeded(dim, tokenizer):
    width = start_width(tokenizer)
    model = Model.start(5000, dim, seed=1, width=width)
    values = model.input_vectors * (dim / width)
    assert values.shape == (5000, dim)
    assert -1 <= values.min() < -0.98
    assert 0.98 < values.max() < 1
    assert abs(values.mean()) < 4 * np.sqrt(4 / 12 / values.size)  # 4 standard errors
    assert not model.output_vectors.any()
    assert np.array_equal(Model.start(5000, dim, seed=1, width=width).inputs, model.inputs)
    assert not np.array_equal(Model.start(5000, dim, seed=2, width=width).inputs, model.inputs)


def test_items_start_four_times_as_wide():
    assert (start_width("words"), start_width("chinese"), start_width("items")) == (0.5, 0.5, 2)


def test_no_two_numbers_of_the_start_are_tied_together():
    values = Model.start(2000, 64, seed=3).input_vectors
    correlations = np.corrcoef(values, rowvar=False) - np.eye(64)
    assert np.abs(correlations).max() < 6 / np.sqrt(2000)  # 20 seeds stayed below 4.3
    assert len(np.unique(values)) > 0.99 * values.size


def test_rows_are_padded_with_zeros_to_cache_lines():
    model = Model.start(7, 20, seed=1)
    assert model.stride == 32
    assert model.inputs.ctypes.data % 64 == 0
    assert not model.inputs.reshape(7, 32)[:, 20:].any()


def test_views_write_through():
    model = Model(3, 5)
    model.input_vectors[1, 4] = 2
    assert model.inputs[1 * 16 + 4] == 2


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_non_finite_values_are_found_in_both_matrices(value):
    for matrix in ("input_vectors", "output_vectors"):
        model = Model(20_000, 4)
        assert model.is_finite()
        getattr(model, matrix)[19_999, 3] = value
        assert not model.is_finite()


def test_more_than_there_is_memory_is_refused():
    free = available_memory()
    if free is None:
        pytest.skip("this system does not tell its free memory")
    with pytest.raises(ConfigError, match="a higher min_count or a max_vocabulary"):
        Model(10**12, 100)


def test_what_fits_exactly_is_taken(monkeypatch):
    monkeypatch.setattr("w2v.training.model.available_memory", lambda: 2 * 10 * 16 * 4)
    assert Model(10, 16).dim == 16
    with pytest.raises(ConfigError, match="a model of 11 words and dim 16 needs"):
        Model(11, 16)
