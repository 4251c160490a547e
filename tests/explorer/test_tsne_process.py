"""t-SNE in a process of its own: how far it is, and where the points are meanwhile."""

from __future__ import annotations

import contextlib
import time

import numpy as np
import pytest
from explored import vectors_of

pytest.importorskip("openTSNE", reason="openTSNE is not installed")

from w2v.explorer.tsne_process import Arrangement


@pytest.mark.long
@pytest.mark.medium
def test_points_move_until_they_are_arranged():
    matrix = vectors_of([f"w{i}" for i in range(300)], dim=8).matrix
    seen = {}
    end = time.monotonic() + 200
    with contextlib.closing(Arrangement(matrix, seed=1)) as arrangement:
        while (state := arrangement.state()).points is None:
            assert state.error is None
            assert time.monotonic() < end
            if state.moving is not None:
                seen[state.progress] = state.moving
            time.sleep(0.002)
    assert state.progress == 1
    assert state.moving is None
    assert state.points.shape == (300, 2)
    assert seen
    for moving in seen.values():
        assert moving.shape == (300, 2)
        assert np.isfinite(moving).all()
        assert np.ptp(moving) > 0
