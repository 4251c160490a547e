"""When a checkpoint is due, and what is written while the model goes on changing."""

import numpy as np
import pytest

from w2v.training.checkpoints import checkpoint_writer
from w2v.training.checkpoints.checkpoint import Position
from w2v.training.checkpoints.checkpoint_writer import CheckpointSchedule, CheckpointWriter
from w2v.training.model import Model

MODEL_BYTES = 2 * 4 * 6 * 8


@pytest.mark.parametrize(("threads", "due_at"), [(1, 9), (4, 6), (16, 1)])
def test_spans_that_run_are_part_of_the_interval(tmp_path, threads, due_at):
    with CheckpointWriter(tmp_path, CheckpointSchedule(spans=10), threads, 64, lambda position: {}) as writer:
        writer.start(Position(epoch=1, span=60), 0.0)
        after = [writer.is_due(Position(epoch=1 + (60 + n) // 64, span=(60 + n) % 64)) for n in range(12)]
    assert after == [n >= due_at for n in range(12)]


@pytest.mark.parametrize(("free", "is_copied"), [(None, True), (2 * MODEL_BYTES + 1, True), (2 * MODEL_BYTES, False), (0, False)])
def test_a_copy_is_written_where_there_is_room_for_it(tmp_path, monkeypatch, free, is_copied):
    written = []
    monkeypatch.setattr(checkpoint_writer, "available_memory", lambda: free)
    monkeypatch.setattr(checkpoint_writer, "write_checkpoint", lambda partial, *matrices_and_content: written.append(matrices_and_content))
    model = Model.start(6, 8, 1)
    with CheckpointWriter(tmp_path, CheckpointSchedule(spans=1), 1, 10, lambda position: {"span": position.span}) as writer:
        writer.save(model, Position(span=3))
        assert is_copied or written, "without a copy the model must not change before it is written"
        writer.wait()
    ((inputs, outputs, content),) = written
    assert np.shares_memory(inputs, model.inputs) == np.shares_memory(outputs, model.outputs) == (not is_copied)
    np.testing.assert_array_equal(inputs, model.input_vectors)
    assert content == {"span": 3}
