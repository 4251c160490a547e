"""`pad_sequences` against Keras's own, which is the oracle here."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from w2v.downstream import pad_sequences
from w2v.errors import ConfigError

ends = st.sampled_from(["pre", "post"])
lengths = st.none() | st.integers(1, 12)


def same(ours, theirs):
    assert ours.dtype == theirs.dtype
    assert ours.shape == theirs.shape
    assert np.array_equal(ours, theirs, equal_nan=ours.dtype.kind == "f")


@settings(deadline=None)
@given(
    rows=st.lists(st.lists(st.integers(-(2**31), 2**31 - 1), max_size=9), min_size=1, max_size=6),
    maxlen=lengths, padding=ends, truncating=ends, value=st.integers(-5, 5),
)  # fmt: skip
def test_integers_are_padded_as_keras_does(keras, rows, maxlen, padding, truncating, value):
    options = dict(maxlen=maxlen, padding=padding, truncating=truncating, value=value)
    same(pad_sequences(rows, **options), keras.utils.pad_sequences(rows, **options))


@settings(deadline=None)
@given(
    rows=st.lists(st.lists(st.floats(width=32), max_size=5), min_size=1, max_size=4),
    dtype=st.sampled_from(["float32", np.float64]), maxlen=lengths, padding=ends, truncating=ends,
)  # fmt: skip
def test_other_dtypes_are_padded_as_keras_does(keras, rows, dtype, maxlen, padding, truncating):
    options = dict(maxlen=maxlen, dtype=dtype, padding=padding, truncating=truncating, value=-1.5)
    same(pad_sequences(rows, **options), keras.utils.pad_sequences(rows, **options))


def test_texts_and_vectors_are_padded_as_keras_does(keras):
    options = dict(dtype=object, value="-", padding="post")
    same(pad_sequences([["a", "bc"], ["d"]], **options), keras.utils.pad_sequences([["a", "bc"], ["d"]], **options))
    rows = [np.arange(6).reshape(3, 2), [], np.ones((1, 2))]
    for maxlen in (None, 2, 5):
        same(pad_sequences(rows, maxlen, "float32"), keras.utils.pad_sequences(rows, maxlen, "float32"))


def test_the_defaults_are_those_of_keras():
    assert pad_sequences([[6, 2], [], [1, 2, 3]]).tolist() == [[0, 6, 2], [0, 0, 0], [1, 2, 3]]
    assert pad_sequences([[1, 2, 3]], 2).tolist() == [[2, 3]]
    assert pad_sequences([[1]]).dtype == np.int32


@pytest.mark.parametrize(("rows", "shape"), [([], (0, 0)), ([[], []], (2, 0))])
def test_nothing_gives_an_empty_array(rows, shape):
    assert pad_sequences(rows).shape == shape


@pytest.mark.parametrize(
    ("rows", "options", "message"),
    [
        ([[1]], {"padding": "both"}, "padding must be one of pre, post: received 'both'"),
        ([[1]], {"truncating": "left"}, "truncating must be one of pre, post: received 'left'"),
        ([[1]], {"maxlen": 0}, "maxlen must be an integer of at least 1: received 0"),
        ([[1]], {"maxlen": "4"}, "maxlen must be an integer of at least 1: received '4'"),
        ([[1], 2], {}, "sequences must be lists or arrays: sequence 1 is 2"),
        ([[1], "abc"], {}, "sequences must be lists or arrays: sequence 1 is 'abc'"),
        ([[1], [2**40]], {}, "elements must fit int32: sequence 1 does not"),
        ([[1], ["x"]], {}, "elements must fit int32: sequence 1 does not"),
        ([[1], np.array([2**40 + 7])], {}, "elements must fit int32: sequence 1 does not: it would be changed"),
        ([[1], [1.7]], {}, "elements must fit int32: sequence 1 does not: it would be changed"),
        ([[1], np.array([np.nan])], {}, "elements must fit int32: sequence 1 does not"),
        ([["abc"]], {"dtype": "U2", "value": ""}, "elements must fit U2: sequence 0 does not"),
        ([[1.0], [1e300]], {"dtype": "float32"}, "elements must fit float32: sequence 1 does not"),
        ([[[1, 2], [3]]], {}, "elements must fit int32: sequence 0 does not"),
        ([{1: 2}], {}, "sequences must be lists or arrays: sequence 0 is {1: 2}"),
        ([[1]], {"value": 0.5}, "value must fit int32: received 0.5"),
        ([[[1, 2]], [[1, 2, 3]]], {}, r"must all have the shape \(2,\): sequence 1 has \(3,\)"),
        ([[1]], {"value": "x"}, "value must fit int32: received 'x'"),
    ],
)
def test_what_is_refused(rows, options, message):
    with pytest.raises(ConfigError, match=message):
        pad_sequences(rows, **options)
