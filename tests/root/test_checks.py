"""Numbers and texts that callers give."""

import math

import numpy as np
import pytest

from w2v import CorpusConfig, TrainConfig
from w2v.checks import integer, number, one_of, text, truth
from w2v.errors import ConfigError
from w2v.machine import checked_threads


def test_numbers_of_numpy_come_back_as_python_s():
    assert type(integer("n", np.int64(3))) is int
    assert type(number("rate", np.float32(0.5), "a number", lambda x: x > 0)) is float
    assert type(checked_threads(np.int64(1))) is int
    assert type(TrainConfig(dim=np.int32(7)).dim) is int


@pytest.mark.parametrize(
    ("check", "message"),
    [
        (lambda: integer("n", True), "n must be an integer of at least 1: received True"),
        (lambda: integer("n", 1.0), "n must be an integer of at least 1: received 1.0"),
        (lambda: integer("n", 0), "n must be an integer of at least 1: received 0"),
        (lambda: integer("n", 9, 0, 8), "n must be an integer from 0 to 8: received 9"),
        (lambda: integer("n", None), "n must be an integer of at least 1: received None"),
        (lambda: number("x", math.inf, "a number above 0", lambda x: x > 0), "x must be a number above 0: received inf"),
        (lambda: number("x", 10**400, "a number above 0", lambda x: x > 0), "x must be a number above 0: received 1000"),
        (lambda: number("x", "1", "a number above 0", lambda x: x > 0), "x must be a number above 0: received '1'"),
        (lambda: number("x", False, "a number", lambda x: True), "x must be a number: received False"),
        (lambda: one_of("color", "blue", ("red", "green")), "color must be one of red, green: received 'blue'"),
        (lambda: one_of("color", ["red"], ("red",)), r"color must be one of red: received \['red'\]"),
        (lambda: truth("deep", 1), "deep must be True or False: received 1"),
        (lambda: text("name", ""), "name must be a text that is not empty, without NUL: received ''"),
        (lambda: text("name", "a\0"), "name must be a text"),
        (lambda: TrainConfig(dim=None), "dim must be an integer from 1 to 1024: received None"),
        (lambda: TrainConfig(fixed_window=None), "fixed_window must be True or False: received None"),
        (lambda: CorpusConfig(phrases=None), "phrases must be an integer from 0 to 10: received None"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_by_name(check, message):
    with pytest.raises(ConfigError, match=message):
        check()


def test_none_is_taken_where_it_is_the_default():
    assert TrainConfig(sample=None).sample is None
    assert CorpusConfig(max_vocabulary=None).max_vocabulary is None
