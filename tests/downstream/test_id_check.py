"""`check_ids` refuses what Keras would take in silence."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from w2v.downstream import check_ids
from w2v.errors import ConfigError, IdError

N = 50


@pytest.mark.parametrize("wrong", [-1, N, N + 1, -(2**31), 2**40])
@pytest.mark.parametrize("dtype", [None, np.int64])
def test_an_id_without_a_row_is_named_with_its_place(wrong, dtype):
    message = rf"ids must be from 0 to 49, as the layer has 50 rows: found {wrong} in row 1, column 2"
    with pytest.raises(IdError, match=message):
        check_ids(np.array([[0, 1, 49], [2, 3, wrong]], dtype), N)


@given(arrays.arrays(np.int32, arrays.array_shapes(max_dims=3), elements=st.integers(-2, N + 2)))
def test_exactly_the_ids_with_a_row_are_taken(ids):
    if ((ids >= 0) & (ids < N)).all():
        check_ids(ids, N)
    else:
        with pytest.raises(IdError):
            check_ids(ids, N)


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        ([[1.5, 2]], r"ids must be integers: found .*1\.5.* in row 0, column 0, dtype float64"),
        ([1.0, 2.0], "ids must be integers: .* in place 0, dtype float64"),
        ([[True]], "ids must be integers: .* dtype bool"),
        ([["a"]], "ids must be integers"),
        ([[1], [1, 2]], "with rows of the same length: pad them with pad_sequences"),
        (N, "found 50"),
        ([[[1]], [[N]]], "found 50 in place 1, 0, 0"),
        (np.array([2**64 - 1], np.uint64), "found 18446744073709551615 in place 0"),
    ],
)
def test_what_is_no_id_is_refused(ids, message):
    with pytest.raises(IdError, match=message):
        check_ids(ids, N)


def test_nothing_is_no_fault():
    check_ids([], N)
    check_ids(np.empty((0, 7)), N)


@pytest.mark.parametrize("layer", [0, -1, True, None, "layer", 2.0])
def test_the_layer_is_one(layer):
    with pytest.raises(ConfigError, match="layer must be an Embedding layer or its input_dim"):
        check_ids([1], layer)
