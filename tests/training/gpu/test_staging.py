"""Launches and stretches cover an epoch once, and the marks in the tokens say where no window reaches across."""

import numpy as np
import pytest

import w2v
from w2v.config import TrainConfig
from w2v.training.gpu.staging import cut_launch, launch_sizes, margin, plan_launches, stage
from w2v.training.kernel.held_out import piece_at
from w2v.training.plan import make_plan

WORD = 0x7FFFFFFF


@pytest.fixture(scope="module")
def corpus():
    return w2v.encode([[f"w{(i * j) % 13}" for j in range(1 + i % 40)] for i in range(900)], min_count=1)


@pytest.mark.parametrize(("first", "n_warps", "most"), [(0, 1, 1024), (3, 7, 5000), (0, 500, 10**9)])
def test_launches_cover_the_rest_of_an_epoch_once(corpus, first, n_warps, most):
    plan = make_plan(corpus, TrainConfig(dim=4))
    sizes = launch_sizes(plan, n_warps, most)
    launches = [cut_launch(plan, *spans, sizes) for spans in plan_launches(plan, first, sizes)]
    assert [span for launch in launches for span in range(launch.first, launch.end)] == list(range(first, plan.n_spans))
    position = plan.span(first)[0]
    for launch in launches:
        assert (launch.start, launch.starts[0], launch.starts[-1]) == (position, position, launch.stop)
        assert 1 <= launch.n_stretches <= n_warps
        assert (np.diff(launch.starts) > 0).all()
        assert np.diff(launch.starts).max() + 2 * plan.window <= sizes.room
        assert launch.n_staged <= sizes.staged
        assert launch.staged_start == max(0, launch.start - margin(plan))
        position = launch.stop
    assert position == plan.n_tokens


@pytest.mark.parametrize("held_out", [0.0, 0.2])
def test_marks_are_where_pieces_begin(corpus, held_out):
    plan = make_plan(corpus, TrainConfig(dim=4, held_out=held_out))
    start, stop = 101, 5000
    staged = np.zeros(stop - start, np.int32)
    stage(corpus.tokens, corpus.sentence_offsets, plan.held_out, start, stop, staged)
    for position in range(start, stop):
        sentence = int(np.searchsorted(corpus.sentence_offsets, position, "right")) - 1
        first, _, is_held_out = piece_at(corpus.sentence_offsets, sentence, position, plan.held_out)
        token = int(staged[position - start])
        if is_held_out:
            assert token == WORD
        else:
            assert token & WORD == corpus.tokens[position]
            assert (token < 0) == (first == position)
