"""The arrangement of the map is made once for a model."""

from __future__ import annotations

import json
import os
import time

import pytest
from explored import save, topic_vectors

pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from w2v.explorer.kept_arrangement import FILE, KeptArrangement
from w2v.explorer.map_points import WordMap

SETTINGS = {"seed": 1}
POINTS = {"x": [1, -2, 3], "y": [4, 5, -10]}


@pytest.fixture
def model(tmp_path):
    return save(topic_vectors(), tmp_path / "m.w2v")


def test_it_is_of_one_model_and_its_settings(model, tmp_path):
    kept = KeptArrangement(model, SETTINGS)
    assert kept.read(3, 10) is None
    kept.write(POINTS)
    assert KeptArrangement(model, SETTINGS).read(3, 10) == POINTS
    assert KeptArrangement(model, {"seed": 2}).read(3, 10) is None
    (model / "manifest.json").write_text((model / "manifest.json").read_text() + " ")
    assert KeptArrangement(model, SETTINGS).read(3, 10) is None


@pytest.mark.parametrize(
    "damage",
    [
        *({"x": [1, 2]}, {"x": [1, 2, 11]}, {"x": ["1", "2", "3"]}, {"x": [1, 2, None]}, {"x": [0.5, 1, 2]}, {"x": 1}),
        *({"x": [[1], [2], [3, 4]]}, {"x": [1, 2, 10**30]}, {"key": None}),
    ],
)
def test_a_file_that_is_not_ours_is_none(model, damage):
    kept = KeptArrangement(model, SETTINGS)
    kept.write(POINTS)
    (model / FILE).write_text(json.dumps({**json.loads((model / FILE).read_text()), **damage}))
    assert kept.read(3, 10) is None


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b"null"])
def test_a_damaged_file_is_none(model, content):
    (model / FILE).write_bytes(content)
    assert KeptArrangement(model, SETTINGS).read(3, 10) is None


def test_nothing_is_kept_where_that_is_not_possible(model, tmp_path):
    KeptArrangement(tmp_path / "vectors.txt", SETTINGS).write(POINTS)
    KeptArrangement(tmp_path, SETTINGS).write(POINTS)
    assert [path.name for path in tmp_path.iterdir()] == ["m.w2v"]
    (model / FILE).mkdir()
    KeptArrangement(model, SETTINGS).write(POINTS)
    assert list((model / FILE).iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may write anywhere")
def test_a_folder_that_cannot_be_written(model):
    model.chmod(0o555)
    KeptArrangement(model, SETTINGS).write(POINTS)
    model.chmod(0o755)
    assert not (model / FILE).exists()


@pytest.mark.medium
def test_the_second_map_is_arranged_at_once(model):
    pytest.importorskip("openTSNE", reason="openTSNE is not installed")
    first = WordMap(topic_vectors(), 42, 5, "tsne", 1, model)
    end = time.monotonic() + 120
    while first.arranged()["points"] is None:
        assert time.monotonic() < end
        time.sleep(0.05)
    first.close()
    second = WordMap(topic_vectors(), 42, 5, "tsne", 1, model)
    assert second._arrangement is None
    assert second.arranged() == first.arranged()
    assert second.content["method"] == "tsne"
    other = WordMap(topic_vectors(), 42, 5, "tsne", 2, model)
    assert other._arrangement is not None
    other.close()
