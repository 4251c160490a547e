"""Test sets as people keep them: the right pairs and analogies, and a word about every line that is left out."""

import warnings
from pathlib import Path

import numpy as np
import pytest

import w2v
from w2v.cli.main import run
from w2v.vectors.evaluation_sets import AnalogySet, PairSet, bundled_sets, load_set, read_analogies, read_pairs

PAIRS = (("king", "queen", 7.5), ("man", "woman", 8.0))


def put(folder: Path, text: str) -> Path:
    path = folder / "set.txt"
    path.write_text(text, "utf-8", newline="")
    return path


@pytest.mark.parametrize(
    "text",
    [
        "king\tqueen\t7.5\nman\twoman\t8\n",
        "king\tqueen\t7.5\nman woman 8\n",
        "king,queen,7.5\nman,woman,8\n",
        "king, queen, 7.5\nman, woman, 8\n",
        "\ufeffking,queen,7.5\r\nman,woman,8\r\n",
        "king;queen;7,5\nman;woman;8,0\n",
        "king\tqueen\t7,5\nman\twoman\t8,0\n",
        "king   queen  7.5\nman woman 8\n",
        "king queen 7,5\nman woman 8,0\n",
        "king|queen|7.5\nman|woman|8\n",
        "#W1:W2:SIM\nking:queen:7.5\nman:woman:8\n",
        '"king","queen","7,5"\n"man","woman","8,0"\n',
        "king\tqueen\tN\t7.5\tSYNONYMS\nman\twoman\tN\t8\tNONE\n",
        "king\tqueen\t7.5\t7\t8\nman\twoman\t8\t8\t8\n",
        "1,king,queen,7.5\n2,man,woman,8\n",
        "king,queen,7.5,\nman,woman,8,\n",
    ],
)
def test_pairs_between_any_separator(tmp_path: Path, text: str) -> None:
    found = load_set(put(tmp_path, text))
    assert isinstance(found, PairSet)
    assert found.pairs == PAIRS
    assert found.notes == ()


@pytest.mark.parametrize(
    "titles",
    [
        "word1\tword2\tPOS\tSimLex999\tconc(w1)\tconc(w2)\tconcQ\tAssoc(USF)\tSimAssoc333\tSD(SimLex)",
        "Word 1\tWord 2\tPOS\tHuman (mean)\ta\tb\tc\td\te\tf",
    ],
)
def test_simlex_as_it_was_published(tmp_path: Path, titles: str) -> None:
    rows = "old\tnew\tA\t1.58\t2.72\t2.81\t2\t7.25\t1\t0.41\nsmart\tintelligent\tA\t9.2\t1.75\t2.46\t1\t7.11\t1\t0.67\n"
    found = read_pairs(put(tmp_path, f"{titles}\n{rows}"))
    assert found.pairs == (("old", "new", 1.58), ("smart", "intelligent", 9.2))
    (note,) = found.notes
    assert f"1 of 3 lines is no pair of words with a number and is left out: line 1 '{titles[:5]}" in note


def test_titles_say_which_columns_are_meant(tmp_path: Path) -> None:
    found = read_pairs(put(tmp_path, "id,pos,word1,word2,n,score\n1,N,tiger,cat,16,7.35\n2,N,king,queen,13,8.5\n"))
    assert found.pairs == (("tiger", "cat", 7.35), ("king", "queen", 8.5))


def test_lines_that_are_no_pairs_are_counted_and_said(tmp_path: Path) -> None:
    path = put(tmp_path, "# from people\nking\tqueen\t7.5\nman\twoman\nboy\tgirl\tnine\n\nman\twoman\t8\na\tb\tnan\n\tb\t1\nx\n")
    found = read_pairs(path)
    assert found.pairs == PAIRS
    shown = "line 3 'man\\twoman', line 4 'boy\\tgirl\\tnine', line 7 'a\\tb\\tnan' …"
    assert found.notes == (f"{path}: 5 of 7 lines are no pair of words with a number and are left out: {shown}",)
    with pytest.warns(UserWarning, match="5 of 7 lines are no pair"):
        w2v.read_set(path)


@pytest.mark.parametrize(
    ("text", "sections", "words"),
    [
        (": family\nking queen man woman\n", ("family",), ("king", "queen", "man", "woman")),
        (":family\nking\tqueen\tman\twoman\n", ("family",), ("king", "queen", "man", "woman")),
        ("king queen man woman\n", ("set.txt",), ("king", "queen", "man", "woman")),
        ("king,queen,man,woman\r\n", ("set.txt",), ("king", "queen", "man", "woman")),
        (": cities\nNew York;USA;Oslo;Norway\n", ("cities",), ("New York", "USA", "Oslo", "Norway")),
    ],
)
def test_analogies_between_any_separator(tmp_path: Path, text: str, sections: tuple[str, ...], words: tuple[str, ...]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = w2v.read_set(put(tmp_path, text))
    assert isinstance(found, AnalogySet)
    assert found.sections == sections
    assert found.questions == ((0, *words),)


def test_lines_that_are_no_analogies_are_counted_and_said(tmp_path: Path) -> None:
    found = read_analogies(put(tmp_path, "word1 word2 word3 word4\nking queen man woman\nboy girl he\n"))
    assert found.questions == ((0, "king", "queen", "man", "woman"),)
    assert "2 of 3 lines are no analogy of four words and are left out: line 1 'word1" in found.notes[0]


def test_of_the_bundled_sets_nothing_is_left_out() -> None:
    pairs, analogies = bundled_sets()
    assert [len(pairs[0].pairs), len(pairs[1].pairs), len(analogies[0].questions)] == [353, 999, 19544]
    assert all(entry.notes == () for entry in [*pairs, *analogies])


def test_the_command_says_what_is_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    vectors = w2v.WordVectors(w2v.Vocabulary(["king", "queen", "man"], [3, 2, 1]), np.eye(3, 4, dtype=np.float32))
    w2v.save(vectors, tmp_path / "v.vec")
    path = put(tmp_path, "a;b;score\nking;queen;7,5\nking;man;3,5\n")
    assert run(["evaluate", str(tmp_path / "v.vec"), "--pairs", str(path)]) == 0
    out, err = capsys.readouterr()
    assert "2/2" in out
    assert "1 of 3 lines is no pair of words with a number and is left out: line 1 'a;b;score'" in err
