"""TensorBoard projector folders: golden bytes, the rule of the metadata's first line, folders of others, broken ones."""

import numpy as np
import pytest
from golden_files import FOLDER, bits, full_vectors
from row_files import GOLDEN_GLOVE, ROWS, WORDS, make_vectors, same

import w2v
from w2v.errors import ConfigError, FormatError, OutputError

CONFIG = """embeddings {
  tensor_name: "w2v"
  tensor_shape: 4
  tensor_shape: 3
  tensor_path: "tensors.tsv"
  metadata_path: "metadata.tsv"
}
"""
TENSORS = "\n".join(line.split(" ", 1)[1].replace(" ", "\t") for line in GOLDEN_GLOVE.decode().splitlines()) + "\n"
METADATA = "\n".join(WORDS) + "\n"


def put(folder, config=CONFIG, tensors=TENSORS, metadata=METADATA):
    folder.mkdir(exist_ok=True)
    for name, text in (("projector_config.pbtxt", config), ("tensors.tsv", tensors), ("metadata.tsv", metadata)):
        (folder / name).write_bytes(text.encode())
    return folder


def test_golden_bytes(tmp_path):
    w2v.save(full_vectors(), tmp_path / "v.projector")
    for path in (FOLDER / "v.projector").iterdir():
        assert (tmp_path / "v.projector" / path.name).read_bytes() == path.read_bytes()
    assert (FOLDER / "v.projector" / "projector_config.pbtxt").read_text() == CONFIG
    loaded = w2v.load(FOLDER / "v.projector")
    assert bits(loaded) == bits(w2v.WordVectors(full_vectors().vocabulary, full_vectors().matrix)), "counts, but no tokenizer"


def test_one_column_has_no_titles(tmp_path):
    w2v.save(make_vectors(), tmp_path / "v.projector")
    assert (tmp_path / "v.projector" / "metadata.tsv").read_text() == "\n".join(WORDS) + "\n"
    assert (tmp_path / "v.projector" / "tensors.tsv").read_text() == TENSORS
    assert same(w2v.load(tmp_path / "v.projector"), WORDS, ROWS)


@pytest.mark.parametrize(
    ("config", "metadata"),
    [
        ("embeddings: { tensor_path: 'tensors.tsv', metadata_path: './metadata.tsv' }", "</s>\nder\nnaïve\n北京\n"),
        (CONFIG + 'embeddings { tensor_path: "other" }', "word\tkind\n</s>\tx\nder\ty\nnaïve\tz\n北京\t\n"),
        ('# ours\nmodel_checkpoint_path: "x"\n' + CONFIG, "</s>\r\nder\r\nnaïve\r\n北京\r\n"),
        (CONFIG.replace("shape: 4", "shape: " + "4" * 5000), "</s>\nder\nnaïve\n北京\n"),
        (CONFIG.replace("}", '  sprite { image_path: "a.png" single_image_dim: 8 }\n}'), "</s>\nder\nnaïve\n北京\n"),
    ],
)
def test_other_folders(tmp_path, config, metadata):
    assert same(w2v.load(put(tmp_path / "v", config, metadata=metadata)), WORDS, ROWS)


@pytest.mark.parametrize("word", ["", "a\tb", "a\nb", "\r", " ", "\u3000", "\ufeff", "\ud800"])
def test_a_word_that_would_not_survive_is_refused_by_name(tmp_path, word):
    with pytest.raises(FormatError) as caught:
        w2v.save(make_vectors(["fine", word], [[1], [2]]), tmp_path / "v.projector")
    assert repr(word) in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_words_with_other_white_space_survive(tmp_path):
    words = ["New York", "a\u00a0b", "\u2028x", "\x0b\x0cy", "\x85z", "nul\0"]
    w2v.save(make_vectors(words, [[i] for i in range(6)]), tmp_path / "v.projector")
    assert same(w2v.load(tmp_path / "v.projector"), words, [[i] for i in range(6)])


@pytest.mark.parametrize(
    ("part", "text", "message"),
    [
        ("config", "", "must describe embeddings"),
        ("config", "embeddings {", "must end with }"),
        ("config", "embeddings { tensor_path: }", "expected a value of tensor_path"),
        ("config", "embeddings { " * 30, "expected a value"),
        ("config", CONFIG.replace("tensors.tsv", "../tensors.tsv"), "must lie in the folder of the config"),
        ("config", CONFIG.replace("tensors.tsv", "/etc/passwd"), "must lie in the folder of the config"),
        ("config", CONFIG.replace("tensors.tsv", "absent.tsv"), "must be a file in the folder"),
        ("config", CONFIG.replace('"tensors.tsv"', '""'), "must have a tensor_path"),
        ("config", CONFIG.replace("shape: 4", "shape: 5"), "expected 3 numbers in each of 5 lines"),
        (
            "tensors",
            TENSORS.replace("\t", " "),
            "line 1: expected 3 numbers in each of 4 lines, as projector_config.pbtxt says: found 1 numbers",
        ),
        ("tensors", TENSORS.replace("0.125", "nan"), "tensors.tsv, line 2 (byte 14): expected 3 numbers, one tab apart: number 1 is 'nan'"),
        ("tensors", TENSORS.replace("0.125\t", ""), "line 2 (byte 14): expected 3 numbers, one tab apart: found 2 numbers"),
        ("tensors", TENSORS[:-1], "the last line must end with a newline"),
        ("tensors", TENSORS + "1\t2\t3\n", "line 5 (byte 69): there are 4 words: more follows"),
        ("tensors", TENSORS.rpartition("-0.0")[0], "line 4: there are 4 words: the file ends after 3"),
        ("tensors", "", "tensors.tsv, line 1: expected 1 to 65536 numbers"),
        ("metadata", "", "metadata.tsv must hold words"),
        ("metadata", "a\nb\n\nc\n", "metadata.tsv, line 3: expected 1 columns, a word first"),
        ("metadata", "a\nb\nc\nd", "metadata.tsv, line 4: each line must end with a newline"),
        ("metadata", "a\nb\nc\na\n", "line 4: each word must occur once: 'a' is also at"),
        ("metadata", "word\tcount\na\t1\nb\t1\nc\t1\nd\tx\n", "a count must be a whole number: found 'x'"),
        ("metadata", "a\n" + "x" * 300_000 + "\n", "metadata.tsv, line 2: each line must be shorter than"),
        ("metadata", "a\nb\tc\n", "line 2: expected 1 columns"),
        ("metadata", "\ufeff" + METADATA, "metadata.tsv, line 1: the file must begin with its words: found a byte order mark"),
    ],
)
def test_a_wrong_folder_is_explained(tmp_path, part, text, message):
    with pytest.raises(FormatError) as caught:
        w2v.load(put(tmp_path / "v", **{part: text}))
    assert message in str(caught.value)
    assert str(tmp_path / "v") in str(caught.value)


def test_a_link_out_of_the_folder_is_refused(tmp_path):
    put(tmp_path / "v")
    (tmp_path / "v" / "tensors.tsv").rename(tmp_path / "outside.tsv")
    (tmp_path / "v" / "tensors.tsv").symlink_to(tmp_path / "outside.tsv")
    with pytest.raises(FormatError, match="must lie in the folder"):
        w2v.load(tmp_path / "v")


def test_repair_leaves_out_a_word_with_its_row(tmp_path):
    changes = []
    folder = put(tmp_path / "v", tensors=TENSORS.replace("0.125", "nan"), metadata="word\tcount\n</s>\t9\nder\t8\nnaïve\t7\n北京\t6\n")
    vectors = w2v.load(folder, repair=True, on_change=changes.append)
    assert vectors.words == ("</s>", "naïve", "北京")
    assert vectors.counts.tolist() == [9, 7, 6]
    assert np.array_equal(vectors.matrix, np.array([ROWS[0], *ROWS[2:]], np.float32))
    assert len(changes) == 1
    assert changes[0].endswith("the line is left out")


def test_a_byte_order_mark_is_no_part_of_a_word(tmp_path):
    changes = []
    assert same(w2v.load(put(tmp_path / "v", metadata="\ufeff" + METADATA), repair=True, on_change=changes.append), WORDS, ROWS)
    assert len(changes) == 1
    words = ["\ufeffthe", "b"]
    with pytest.raises(FormatError, match="looks like a byte order mark"):
        w2v.save(make_vectors(words, [[1], [2]]), tmp_path / "new.projector")
    counted = w2v.WordVectors(w2v.Vocabulary(words, [2, 1]), np.ones((2, 1), np.float32))
    w2v.save(counted, tmp_path / "new.projector")
    assert bits(w2v.load(tmp_path / "new.projector")) == bits(counted)


def test_only_our_own_folder_is_replaced(tmp_path):
    w2v.save(make_vectors(), tmp_path / "v.projector")
    w2v.save(full_vectors(), tmp_path / "v.projector", overwrite=True)
    assert w2v.load(tmp_path / "v.projector").counts.any()
    put(tmp_path / "theirs")
    with pytest.raises(OutputError, match="is not overwritten"):
        w2v.save(make_vectors(), tmp_path / "theirs", "projector", overwrite=True)
    with pytest.raises(ConfigError, match="is a folder"):
        w2v.save(make_vectors(), tmp_path / "v.projector.gz")
