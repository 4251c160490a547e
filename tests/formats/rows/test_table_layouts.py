"""Texts of words and numbers as other programs write them: refused with the way on, read by a repair, never read wrong."""

import base64

import numpy as np
import pytest
from row_files import same

import w2v
from w2v.cli.main import run
from w2v.errors import FormatError

KING, QUEEN = [0.1, 0.2, 0.3], [0.4, 0.5, 0.6]


def put(folder, data, name="vectors"):
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def refusal(path, **options):
    with pytest.raises(FormatError) as caught:
        w2v.load(path, **options)
    return str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "king\t0.1 0.2 0.3\nqueen\t0.4 0.5 0.6\n",
        "king\t0.1\t0.2\t0.3\nqueen\t0.4\t0.5\t0.6\n",
        "king\t0.1\t0.2\t0.3\t\nqueen\t0.4\t0.5\t0.6\t\n",
        "2 3\nking\t0.1\t0.2\t0.3\nqueen\t0.4\t0.5\t0.6\n",
        "2 3\nking\t0.1 0.2 0.3\nqueen\t0.4 0.5 0.6\n",
        "2\t3\nking\t0.1\t0.2\t0.3\nqueen\t0.4\t0.5\t0.6\n",
        "2  3\nking 0.1 0.2 0.3\nqueen 0.4 0.5 0.6\n",
        "2,3\nking,0.1,0.2,0.3\nqueen,0.4,0.5,0.6\n",
        " king 0.1 0.2 0.3\n queen 0.4 0.5 0.6\n",
        "2 3\n king  0.1  0.2  0.3\n queen  0.4  0.5  0.6\n",
        "king, 0.1, 0.2, 0.3\nqueen, 0.4, 0.5, 0.6\n",
        "king 0.1,0.2,0.3\nqueen 0.4,0.5,0.6\n",
        "king: 0.1 0.2 0.3\nqueen: 0.4 0.5 0.6\n",
        "king|0.1|0.2|0.3\nqueen|0.4|0.5|0.6\n",
        "king;0,1;0,2;0,3\nqueen;0,4;0,5;0,6\n",
        "king 0,1 0,2 0,3\nqueen 0,4 0,5 0,6\n",
        "2 3\nking 0,1 0,2 0,3\nqueen 0,4 0,5 0,6\n",
        "\ufeffking;0,1;0,2;0,3\r\nqueen;0,4;0,5;0,6\r\n",
        ",0,1,2\nking,0.1,0.2,0.3\nqueen,0.4,0.5,0.6\n",
        "word,1,2,3\nking,0.1,0.2,0.3\nqueen,0.4,0.5,0.6\n",
        ",word,0,1,2\n0,king,0.1,0.2,0.3\n1,queen,0.4,0.5,0.6\n",
        "0,king,0.1,0.2,0.3\n1,queen,0.4,0.5,0.6\n",
        "word,pos,0,1,2\nking,NN,0.1,0.2,0.3\nqueen,NN,0.4,0.5,0.6\n",
        "word,count,0,1,2\nking,10,0.1,0.2,0.3\nqueen,9,0.4,0.5,0.6\n",
        '"","V1","V2","V3"\n"king",0.1,0.2,0.3\n"queen",0.4,0.5,0.6\n',
        '"V1" "V2" "V3"\n"king" 0.1 0.2 0.3\n"queen" 0.4 0.5 0.6\n',
        '"king","0.1","0.2","0.3"\n"queen","0.4","0.5","0.6"\n',
        'word,vector\nking,"[0.1, 0.2, 0.3]"\nqueen,"[0.4, 0.5, 0.6]"\n',
        'word,vector\nking,"[0.1 0.2\n 0.3]"\nqueen,"[0.4\n 0.5 0.6]"\n',
        "king\t[0.1, 0.2, 0.3]\nqueen\t[0.4, 0.5, 0.6]\n",
        "king,0.1,0.2,0.3\nqueen,0.4,0.5,0.6",
        '"king" 0.1 0.2 0.3\n"queen" 0.4 0.5 0.6\n',
        '2 3\n"king" 0.1 0.2 0.3\n"queen" 0.4 0.5 0.6\n',
        "('king', 0.1, 0.2, 0.3)\n('queen', 0.4, 0.5, 0.6)\n",
        "'king': [0.1, 0.2, 0.3],\n'queen': [0.4, 0.5, 0.6],\n",
        "word 0 1 2\nking 0.1 0.2 0.3\nqueen 0.4 0.5 0.6\n",
        " 0 1 2\nking 0.1 0.2 0.3\nqueen 0.4 0.5 0.6\n",
        "word count a b c\nking 120 0.1 0.2 0.3\nqueen 30 0.4 0.5 0.6\n",
        "word\tcount\tvector\nking\t120\t0.1 0.2 0.3\nqueen\t30\t0.4 0.5 0.6\n",
        "0 king 0.1 0.2 0.3\n1 queen 0.4 0.5 0.6\n",
        "king,0.1 0.2 0.3\nqueen,0.4 0.5 0.6\n",
        "king:0.1 0.2 0.3\nqueen:0.4 0.5 0.6\n",
        "king=0.1,0.2,0.3\nqueen=0.4,0.5,0.6\n",
        "sep=;\nking;0,1;0,2;0,3\nqueen;0,4;0,5;0,6\n",
    ],
)
def test_a_repair_reads_it_and_without_one_it_is_said(tmp_path, text):
    path = put(tmp_path, text)
    assert "; with repair=True: " in refusal(path)
    changes = []
    vectors = w2v.load(path, repair=True, on_change=changes.append)
    assert same(vectors, ["king", "queen"], [KING, QUEEN])
    assert changes
    assert len(changes) <= 3


def test_words_of_several_parts_in_a_table(tmp_path):
    path = put(tmp_path, 'New York\t0.1\t0.2\nwindows 10\t0.3\t0.4\n"\t0.5\t0.6\n')
    assert same(w2v.load(path, repair=True), ["New York", "windows 10", '"'], [[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]])
    path = put(tmp_path, '"a, b",0.1,0.2\n"say ""hi""",0.3,0.4\n')
    assert same(w2v.load(path, repair=True), ["a, b", 'say "hi"'], [[0.1, 0.2], [0.3, 0.4]])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1 3\nwindows 10 0.3 0.4 0.5\n", ["windows 10"]),
        ("2 3\nking 0.1 0.2 0.3\nwindows 10 0.3 0.4 0.5\n", ["king", "windows 10"]),
        ("windows 10 0.3 0.4 0.5\nking 0.1 0.2 0.3\nqueen 0.4 0.5 0.6\n", ["windows 10", "king", "queen"]),
        ("2 3\n7 11 0.1 0.2 0.3\nfifa 98 2 0.3 0.4 0.5\n", ["7 11", "fifa 98 2"]),
    ],
)
def test_the_dim_says_which_numbers_belong_to_the_word(tmp_path, text, words):
    path = put(tmp_path, text)
    assert "repair=True" in refusal(path)
    vectors = w2v.load(path, repair=True)
    assert vectors.words == tuple(words)
    assert vectors.dim == 3


def test_a_number_too_many_is_no_part_of_a_word(tmp_path):
    vectors = w2v.load(put(tmp_path, "2 3\nking 0.1 0.2 0.3\nqueen 0.7 0.4 0.5 0.6\n"), repair=True)
    assert same(vectors, ["king"], [KING])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            ",king,queen\n0,0.1,0.2\n1,0.4,0.5\n",
            "the rows begin with their numbers and no words: put the words there, or call the column word",
        ),
        ('"V1" "V2"\n"1" 0.1 0.2\n"2" 0.4 0.5\n', "the rows begin with their numbers and no words"),
        ("king\u00a00.1 0.2 0.3\nqueen\u00a00.4 0.5 0.6\n", "no-break or wide spaces stand before its numbers: replace them by plain ones"),
        ("king\u30000.1\u30000.2\nqueen\u30000.4\u30000.5\n", "no-break or wide spaces stand before its numbers"),
        ("0.1 0.2 0.3\n0.4 0.5 0.6\n", "its rows hold numbers and no words"),
        ("0.1\t0.2\t0.3\n-4e-1\t0.5\t0.6\n", "its rows hold numbers and no words"),
        ("king,0,1,0,2\nqueen,0,4,0,5\n", "whether 0,1 is one number or two is not clear: write decimal points"),
        ("king 0,1\nqueen 0,4\n", "whether 0,1 is one number or two is not clear: write decimal points"),
        ("king,NN,0.1,0.2\nqueen,NN,0.3,0.4\n", "which column holds the words is not clear: call it word in a first line"),
        ("king 120 0.1 0.2\nqueen 30 0.3 0.4\n", "whether the number behind the word is its count is not clear: name the columns"),
        ("king,120,0.1,0.2\nqueen,30,0.3,0.4\n", "whether the number behind the word is its count is not clear: name the columns"),
        ("0.1,0.2,king\n0.3,0.4,queen\n", "a row must begin with its word"),
        ("2 2\nking 0.1 0.2\n".encode("utf-16"), "UTF-16: save it as UTF-8"),
        ("2 2\rking 0.1 0.2\r", "a line must end with a newline"),
        ('{"king": [0.1, 0.2]}\n', "JSON: save its words and numbers with numpy.savez(path, words=[...], vectors=matrix)"),
        (b"\x93NUMPY\x01\0", "a numpy array without words"),
        (b"\x89HDF\r\n", "HDF5"),
        ("version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
        ("<!DOCTYPE html>\n", "a web page"),
        ("the king is here\nand he was 5\n", "train on a text with w2v train"),
        ("the 100\nking 5\n", "which are no vectors"),
        ("\ufeff\n\n", "it is empty"),
    ],
)
def test_what_could_be_read_in_two_ways_or_not_at_all_is_refused_with_a_way_on(tmp_path, text, message):
    path = put(tmp_path, text)
    for repair in (False, True):
        assert message in refusal(path, repair=repair)


def test_lines_that_are_no_rows_are_left_out_and_named(tmp_path):
    rows = "".join(f"w{i},0.{i + 1},1.5\n" for i in range(5))
    path = put(tmp_path, f"{rows}short,0.5\ngap,,0.5\nbad,nan,0.5\n\nlarge,1e40,0.5\nw0,0.5,0.5\n")
    changes = []
    vectors = w2v.load(path, repair=True, on_change=changes.append)
    assert vectors.words == ("w0", "w1", "w2", "w3", "w4")
    assert [change.partition(":")[0].removeprefix(f"{path}, ") for change in changes[1:]] == [f"line {n}" for n in (6, 7, 8, 9, 10, 11)]
    assert "expected a word and 2 numbers: found 'bad nan 0.5': the line is left out" in changes[3]


def test_a_large_table_with_limit_and_words(tmp_path):
    rows = np.random.default_rng(1).standard_normal((3000, 100)).astype(np.float32)
    words = [f"w{i}" for i in range(3000)]
    lines = [",".join([word, *map(str, row.tolist())]) for word, row in zip(words, np.float32(rows), strict=True)]
    path = put(tmp_path, "\n".join(lines) + "\n")
    assert same(w2v.load(path, repair=True), words, rows)
    assert same(w2v.load(path, repair=True, limit=2900), words[:2900], rows[:2900])
    assert same(w2v.load(path, repair=True, limit=5, words=["w3", "w9"]), ["w3"], rows[3:4])


@pytest.mark.parametrize("words", [["New York", "北京"], ["king", "man"], ["queen", "ox"]])  # in base 64 with =, == and none at the end
@pytest.mark.parametrize("header", ["2 2 7\n", "2 2\n", ""])
def test_words_of_deeplearning4j(tmp_path, header, words):
    rows = "".join(f"B64:{base64.b64encode(word.encode()).decode()} 0.5 -{i}.5\n" for i, word in enumerate(words))
    path = put(tmp_path, header + rows)
    for options in ({}, {"repair": True}, {"limit": 2}):
        assert same(w2v.load(path, **options), words, [[0.5, -0.5], [0.5, -1.5]])
    assert w2v.load(path, words=words[1:]).words == (words[1],)


def test_words_that_only_look_so_stay_as_they_are(tmp_path):
    assert w2v.load(put(tmp_path, "a 0.5\nB64:a2luZw== 0.5\n")).words == ("a", "B64:a2luZw==")
    assert w2v.load(put(tmp_path, "B64:a2luZw== 0.5\nabcd 0.5\nB64:??? 0.5\n")).words == ("king", "abcd", "B64:???")


def test_the_command_line_reads_a_table(tmp_path, capsys):
    path = put(tmp_path, ",0,1,2\nking,0.1,0.2,0.3\nqueen,0.4,0.5,0.6\n", "vectors.csv")
    assert run(["export", str(path), str(tmp_path / "out.vec")]) == 1
    assert "--repair" in capsys.readouterr().err
    assert run(["import", str(path), str(tmp_path / "out.w2v"), "--repair"]) == 0
    assert "read as rows of a word and 3 numbers with commas between" in capsys.readouterr().err
    assert same(w2v.load(tmp_path / "out.w2v"), ["king", "queen"], [KING, QUEEN])


def test_a_command_without_the_option_names_the_one_that_has_it(tmp_path, capsys):
    path = str(put(tmp_path, ",0,1\nking,0.1,0.2\nqueen,0.4,0.5\n", "vectors.csv"))
    for command in (["neighbors", path, "king"], ["info", path], ["evaluate", path]):
        assert run(command) == 1
        assert "; with w2v import FILE MODEL --repair: read as rows" in capsys.readouterr().err
    assert run(["export", path, str(tmp_path / "out.vec")]) == 1
    assert "; with --repair: read as rows" in capsys.readouterr().err


def test_a_word_that_a_format_cannot_carry_names_the_formats_that_can(tmp_path, capsys):
    path = put(tmp_path, "2 3\nking 0.1 0.2 0.3\nwindows 10 0.3 0.4 0.5\n")
    vectors = w2v.load(path, repair=True)
    for name in ("out.vec", "out.bin", "out.glove"):
        with pytest.raises(
            FormatError, match=r"'windows 10': .*with words=\[\.\.\.\] of w2v\.load, or write \.npz, \.safetensors, \.parquet or"
        ):
            w2v.save(vectors, tmp_path / name)
    for name in ("out.npz", "out.safetensors", "out.parquet", "out.w2v"):
        w2v.save(vectors, tmp_path / name)
        assert w2v.load(tmp_path / name).words == ("king", "windows 10")
    assert run(["export", str(path), str(tmp_path / "out.vec"), "--repair"]) == 1
    assert "name the words to keep with --words FILE, or write .npz" in capsys.readouterr().err
    (tmp_path / "words").write_text("king\n")
    assert run(["export", str(path), str(tmp_path / "out.vec"), "--repair", "--words", str(tmp_path / "words")]) == 0
