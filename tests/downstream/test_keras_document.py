"""docs/keras.md is one session, and its output is what the code prints."""

import doctest
import re
from pathlib import Path

import pytest

from w2v.formats.folders.keras_folder import loading_snippet

TEXT = (Path(__file__).parents[2] / "docs" / "keras.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(?:python|text)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def test_the_session(keras):
    if keras.backend.backend() != "jax":
        pytest.skip("what becomes of ids out of range is told of jax")
    session = "".join(block for block in BLOCKS if block.startswith(">>>"))
    test = doctest.DocTestParser().get_doctest(session, {}, "keras.md", "docs/keras.md", 0)
    said = []
    doctest.DocTestRunner().run(test, out=said.append)
    assert not said, "".join(said)


def test_the_snippet_is_the_printed_one():
    assert loading_snippet("Path('layer')") in BLOCKS
