"""Pairs of sentences as their authors publish them, and the correlation with them."""

import numpy as np
import pytest

import w2v
from w2v.cli.main import run
from w2v.errors import FormatError
from w2v.vectors.sentence_sets import SentenceSet, evaluate_sentences, read_sentences

PAIRS = (("A man, in a hat, dances.", "A man is dancing.", 4.5), ("A cat sleeps on it.", "The dog barks at me.", 0.0))

FILES = {
    "plain csv": '"A man, in a hat, dances.",A man is dancing.,4.5\nA cat sleeps on it.,The dog barks at me.,0\n',
    "a header": 'sentence1,sentence2,score\n"A man, in a hat, dances.",A man is dancing.,4.5\nA cat sleeps on it.,The dog barks at me.,0\n',
    "STS benchmark": (
        "main-captions\tMSRvid\t2012test\t0001\t4.500\tA man, in a hat, dances.\tA man is dancing.\n"
        "main-captions\tMSRvid\t2012test\t0002\t0.000\tA cat sleeps on it.\tThe dog barks at me.\n"
    ),
    "SICK": (
        "pair_ID\tsentence_A\tsentence_B\trelatedness_score\tentailment_judgment\n"
        "1\tA man, in a hat, dances.\tA man is dancing.\t4.5\tNEUTRAL\n"
        "2\tA cat sleeps on it.\tThe dog barks at me.\t0\tCONTRADICTION\n"
    ),
    "decimal commas": (
        "id;a;b;similarity;x\n7;A man, in a hat, dances.;A man is dancing.;4,5;9\n8;A cat sleeps on it.;The dog barks at me.;0;8\n"
    ),
    "CRLF and a mark": "\ufeffA man, in a hat, dances.\tA man is dancing.\t4.5\r\nA cat sleeps on it.\tThe dog barks at me.\t0\r\n",
}


@pytest.mark.parametrize("kind", FILES)
def test_files_of_other_columns_are_read(tmp_path, kind) -> None:
    (tmp_path / "a").write_bytes(FILES[kind].encode())
    found = read_sentences(tmp_path / "a")
    assert found.pairs == PAIRS
    assert repr(found) == "<SentenceSet a: 2 pairs>"


@pytest.mark.parametrize("text", ["", "one\ntwo\n", "a\tb\n", "1\t2\t3\n", "a sentence\tanother one\tno number\n"])
def test_what_is_no_set_is_refused(tmp_path, text) -> None:
    (tmp_path / "a").write_text(text, encoding="utf-8")
    with pytest.raises(FormatError, match="two columns of sentences and one of numbers"):
        read_sentences(tmp_path / "a")


def test_cosines_are_compared_with_judgments(tmp_path, capsys) -> None:
    vectors = w2v.WordVectors(
        w2v.Vocabulary(["cat", "dog", "sky"], [5, 4, 3]), np.array([[1, 0], [1, 0.2], [-1, 2]], np.float32), tokenizer=w2v.CorpusConfig()
    )
    pairs = (("cat", "dog dog", 5.0), ("cat", "sky", 1.0), ("cat", "cat dog", 5.5), ("xyz", "cat", 2.0))
    found = evaluate_sentences(vectors, SentenceSet("pets", pairs))
    assert (found.score, found.covered, found.total) == (1.0, 3, 4)  # a text without words is as like as nothing is: between
    w2v.save(vectors, tmp_path / "pets.w2v")
    (tmp_path / "pets.tsv").write_text("".join(f"{a}\t{b}\t{value}\n" for a, b, value in pairs), encoding="utf-8")
    assert run(["evaluate", str(tmp_path / "pets.w2v"), "--sentences", str(tmp_path / "pets.tsv"), "--weighting", "mean"]) == 0
    assert "pets.tsv  spearman  1.0000" in capsys.readouterr().out
