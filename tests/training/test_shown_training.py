import pytest

import w2v
from w2v.training.options import Hooks

SENTENCES = [["a", "b", "c", "d"]] * 50


def test_progress_shows_training(capsys: pytest.CaptureFixture[str]) -> None:
    w2v.train(SENTENCES, dim=4, epochs=2, min_count=1, threads=1, progress=True, held_out=0.2, sample=0)
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["epoch 1", "epoch 2"]
    assert "held-out loss" in lines[0]


def test_hooks_show_it_themselves(capsys: pytest.CaptureFixture[str]) -> None:
    heard = []
    w2v.train(SENTENCES, dim=4, epochs=2, min_count=1, threads=1, progress=True, hooks=Hooks(on_epoch=heard.append))
    w2v.train(SENTENCES, dim=4, epochs=2, min_count=1, threads=1)
    assert len(heard) == 2
    assert capsys.readouterr().err == ""
