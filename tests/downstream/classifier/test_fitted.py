"""A classifier on disk: the same predictions, here and on another backend; what is refused."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from test_text_classifier import LABELS, TEXTS, classifier

from w2v.downstream.classifier.heads import HEADS
from w2v.downstream.classifier.text_classifier import TextClassifier
from w2v.errors import FormatError, OutputError

pytestmark = pytest.mark.keras
_OTHER = """
import json, sys
from w2v.downstream.classifier.text_classifier import TextClassifier
texts = json.loads(sys.argv[1])
print(json.dumps([TextClassifier.load(path).predict_proba(texts).tolist() for path in sys.argv[2:]]))
"""


@pytest.mark.parametrize("head", HEADS)
def test_round_trip(head: str, tmp_path: Path) -> None:
    fitted = classifier(head=head, epochs=2, trainable=head != "cnn").fit(TEXTS, LABELS)
    fitted.save(tmp_path / "a.clf")
    loaded = TextClassifier.load(tmp_path / "a.clf")
    assert loaded.classes_.tolist() == ["neg", "pos"]
    assert np.array_equal(loaded.predict_proba(TEXTS), fitted.predict_proba(TEXTS))
    assert not list(tmp_path.rglob("*.pkl"))


def test_kinds_of_labels_come_back(tmp_path: Path) -> None:
    for number, labels in enumerate(([1, 0] * 3, [True, False] * 3, ["好 评", "差"] * 3, [0.5, 1.5] * 3)):
        fitted = classifier(epochs=1).fit(TEXTS, labels)
        fitted.save(tmp_path / str(number))
        found = TextClassifier.load(tmp_path / str(number)).predict(TEXTS)
        assert found.dtype == np.array(labels).dtype
        assert found.tolist() == fitted.predict(TEXTS).tolist()


def test_nothing_is_overwritten_unasked(tmp_path: Path) -> None:
    fitted = classifier(epochs=1).fit(TEXTS, LABELS)
    fitted.save(tmp_path / "a.clf")
    with pytest.raises(OutputError, match="exists already"):
        fitted.save(tmp_path / "a.clf")
    fitted.save(tmp_path / "a.clf", overwrite=True)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("x")
    with pytest.raises(OutputError, match="not a w2v classifier"):
        fitted.save(tmp_path / "mine", overwrite=True)


def test_a_damaged_classifier(tmp_path: Path) -> None:
    classifier(epochs=1).fit(TEXTS, LABELS).save(tmp_path / "a.clf")
    weights = tmp_path / "a.clf" / "weights" / "00.npy"
    raw = bytearray(weights.read_bytes())
    raw[-1] ^= 1
    weights.write_bytes(raw)
    with pytest.raises(FormatError, match=r"00\.npy"):
        TextClassifier.load(tmp_path / "a.clf")
    weights.unlink()
    with pytest.raises(FormatError, match=r"00\.npy is missing"):
        TextClassifier.load(tmp_path / "a.clf")
    with pytest.raises(FormatError, match="not a w2v classifier"):
        TextClassifier.load(tmp_path)


def test_torch_predicts_the_same(tmp_path: Path) -> None:
    environment = {**os.environ, "KERAS_BACKEND": "torch"}
    has_torch = subprocess.run([sys.executable, "-c", "import torch"], env=environment, capture_output=True, check=False)
    if has_torch.returncode:
        pytest.skip("torch is not installed")
    fitted = [classifier(head=head, epochs=5).fit(TEXTS, LABELS) for head in HEADS]
    paths = [str(tmp_path / head) for head in HEADS]
    for one, path in zip(fitted, paths, strict=True):
        one.save(path)
    texts = [*TEXTS, "", "nothing known"]
    command = [sys.executable, "-W", "error::UserWarning", "-c", _OTHER, json.dumps(texts), *paths]
    found = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=250)
    assert found.returncode == 0, found.stderr
    for one, probabilities in zip(fitted, json.loads(found.stdout), strict=True):
        assert np.allclose(one.predict_proba(texts), probabilities, atol=1e-5, rtol=0)
