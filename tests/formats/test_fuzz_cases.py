"""A short run of the fuzzer, and every case that failed it once."""

import pytest
from fuzz_formats import TARGETS, Fuzzer, known_failures

from w2v import Vocabulary


@pytest.fixture(scope="module")
def fuzzer(tmp_path_factory):
    return Fuzzer(tmp_path_factory.mktemp("fuzz"))


@pytest.mark.medium
@pytest.mark.parametrize("target", TARGETS)
def test_the_first_cases(fuzzer, target):
    for number in range(150):
        fuzzer.run(target, number)


def test_cases_that_failed_once(fuzzer):
    for target, number in known_failures():
        fuzzer.run(target, number)


def test_the_fuzzer_finds_what_is_wrong(fuzzer, monkeypatch):
    monkeypatch.setattr("w2v.formats.rows.loaded_rows.Vocabulary", lambda words, counts: Vocabulary(words[::-1], counts))
    with pytest.raises(AssertionError, match=r"else|round"):
        run_some(fuzzer)


def run_some(fuzzer):
    for number in range(50):
        fuzzer.run("word2vec-text", number)
