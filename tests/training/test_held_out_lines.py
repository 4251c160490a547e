import numpy as np
import pytest

from w2v.errors import CorpusError
from w2v.training import held_out_lines
from w2v.training.held_out_lines import choose_held_out, count_held_out, held_out_text
from w2v.training.kernel.held_out import list_held_out


def offsets_of(lengths):
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def starts_of(offsets, held_out):
    n, _ = count_held_out(offsets, held_out)
    starts, stops = np.zeros(n, np.int64), np.zeros(n, np.int64)
    list_held_out(offsets, held_out, 1, starts, stops)
    return starts, stops


@pytest.mark.parametrize("fraction", [0.01, 0.1, 0.5])
def test_whole_lines_from_everywhere(fraction):
    offsets = offsets_of(np.random.default_rng(0).integers(5, 50, 5000))
    held_out = choose_held_out(offsets, fraction, 1, whole_lines=False)
    starts, stops = starts_of(offsets, held_out)
    assert set(starts) < set(offsets)
    assert set(stops) < set(offsets)
    assert 0 <= (stops - starts).sum() - fraction * offsets[-1] < 50  # the fraction, and less than one line more
    assert np.mean(starts) == pytest.approx(offsets[-1] / 2, rel=0.2)  # not the end
    assert starts_of(offsets, choose_held_out(offsets, fraction, 2, whole_lines=False))[0].tolist() != starts.tolist()
    assert choose_held_out(offsets, fraction, 1, whole_lines=False) == held_out


def test_a_text_of_one_line_gives_stretches_from_everywhere():
    offsets = offsets_of([3_000_000])
    starts, stops = starts_of(offsets, choose_held_out(offsets, 0.01, 1, whole_lines=False))
    assert (stops - starts).tolist() == [1000] * 30
    assert starts.min() < 600_000 < 2_400_000 < starts.max()


def test_stretches_of_a_small_text_are_shorter():
    starts, stops = starts_of(offsets_of([2000]), choose_held_out(offsets_of([2000]), 0.25, 1, whole_lines=False))
    assert (stops - starts).tolist() == [50] * 10


def test_sessions_stay_whole():
    offsets = offsets_of([5000] * 40)
    starts, stops = starts_of(offsets, choose_held_out(offsets, 0.1, 1, whole_lines=True))
    assert (stops - starts).tolist() == [5000] * 4


def test_of_many_lines_the_share_is_as_near_as_chance_has_it(monkeypatch):
    monkeypatch.setattr(held_out_lines, "_MOST_COUNTED", 10)
    offsets = offsets_of([20] * 20_000)
    assert count_held_out(offsets, choose_held_out(offsets, 0.1, 1, whole_lines=False))[0] == pytest.approx(2000, rel=0.1)


def test_nothing_is_held_out_without_a_fraction():
    offsets = offsets_of([3, 4])
    assert count_held_out(offsets, choose_held_out(offsets, 0.0, 1, whole_lines=False)) == (0, 0)


def test_something_is_left_to_train_on():
    with pytest.raises(CorpusError, match="a text must have several: all 30 tokens would be held out, give more text"):
        choose_held_out(offsets_of([30]), 0.1, 1, whole_lines=False)


@pytest.mark.parametrize("most", [1 << 18, 500])
def test_the_text_to_measure_on(monkeypatch, most):
    monkeypatch.setattr(held_out_lines, "_MOST_TOKENS", most)
    offsets = offsets_of([20] * 1000)
    held_out = choose_held_out(offsets, 0.1, 1, whole_lines=False)
    tokens, ends = held_out_text(np.arange(20_000, dtype=np.int32), offsets, held_out)
    starts, _ = starts_of(offsets, held_out)
    wanted = starts if most > 2000 else starts[::4]
    assert tokens.reshape(-1, 20)[:, 0].tolist() == wanted.tolist()
    assert ends.tolist() == list(range(0, 20 * len(wanted) + 1, 20))
    assert tokens.dtype == np.int32
    assert ends.dtype == np.int64
