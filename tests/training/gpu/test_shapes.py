"""Which kernel a shape takes, and how a row lies in the lanes of a warp."""

import itertools

import pytest

from w2v.training.gpu.shapes import LANES, choose_shape


@pytest.mark.parametrize("dim", [1, 31, 32, 33, 100, 300, 1000, 1024])
def test_every_column_belongs_to_one_lane(dim):
    shape = choose_shape(dim, 5, 5)
    columns = [column + lane * width + j for column, width in shape.pieces for lane in range(LANES) for j in range(width)]
    assert sorted(columns) == list(range(shape.stride))
    assert dim <= shape.stride < dim + LANES
    assert all(column % width == 0 for column, width in shape.pieces), "pieces are aligned to their width"


@pytest.mark.parametrize(
    ("dim", "window", "negatives", "in_ring", "ahead"),
    [(100, 5, 5, True, True), (300, 5, 5, True, True), (100, 16, 5, True, True), (448, 5, 5, True, False),
     (512, 5, 5, False, False), (100, 17, 5, False, False), (100, 5, 64, False, False), (1024, 1000, 64, False, False)],
)  # fmt: skip
def test_the_ring_is_taken_where_it_fits(dim, window, negatives, in_ring, ahead):
    shape = choose_shape(dim, window, negatives)
    assert (shape.in_ring, shape.ahead) == (in_ring, ahead)


def test_every_shape_has_a_kernel_that_fits():
    for dim, window, negatives in itertools.product((1, 64, 100, 300, 1024), (1, 5, 16, 1000), (1, 5, 10, 31, 64)):
        shape = choose_shape(dim, window, negatives)
        assert shape.warps * shape.ring_floats * 4 <= 48 * 1024
        assert 1 <= shape.group <= LANES
        assert shape.group * shape.lanes_per_target <= LANES or shape.group == 1
        assert shape.n_groups * shape.group >= negatives + 1
        assert not shape.in_ring or shape.draws_of_warp * negatives <= LANES
