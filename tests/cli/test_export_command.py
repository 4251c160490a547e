"""`w2v export`: exit codes, messages, nothing half-written."""

import numpy as np
import pytest

import w2v
from w2v.cli.main import run
from w2v.vectors.model_directory import save_model

GOLDEN = b"2 3\nking 0.5 -0.25 1.0\nqueen 0.125 2.0 -3.5\n"


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "royal.w2v"
    matrix = np.array([[0.5, -0.25, 1], [0.125, 2, -3.5]], np.float32)
    vocabulary = w2v.Vocabulary(["king", "queen"], [7, 5])
    save_model(path, vocabulary=vocabulary, input_vectors=matrix, output_vectors=matrix * 2, manifest={"corpus_config": None})
    return path


def export(*arguments):
    return run(["export", *map(str, arguments)])


def test_model_to_text_to_binary_and_back(tmp_path, model, capsys):
    assert export(model, tmp_path / "royal.vec") == 0
    assert (tmp_path / "royal.vec").read_bytes() == GOLDEN
    assert export(tmp_path / "royal.vec", tmp_path / "royal.bin.zst") == 0
    assert export(tmp_path / "royal.bin.zst", tmp_path / "again.txt") == 0
    assert (tmp_path / "again.txt").read_bytes() == GOLDEN
    out, err = capsys.readouterr()
    assert out == ""
    assert f"{tmp_path / 'royal.vec'}: 2 words of dim 3, word2vec text" in err


def test_the_format_option_counts_more_than_the_name(tmp_path, model):
    assert export(model, tmp_path / "vectors.bin", "--format", "glove") == 0
    assert (tmp_path / "vectors.bin").read_bytes() == GOLDEN.partition(b"\n")[2]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["{model}", "{folder}/out.xyz"], "word2vec-text, fasttext, word2vec-binary"),
        (["{model}", "{folder}/out"], ".bin (word2vec-binary)"),
        (["{model}", "{folder}/out.vec", "--format", "csv"], "word2vec-text"),
        (["{folder}/absent", "{folder}/out.vec"], "does not exist"),
        (["{model}"], "OUT"),
    ],
)
def test_wrong_use_exits_2(tmp_path, model, capsys, arguments, message):
    before = sorted(tmp_path.iterdir())
    assert export(*(argument.format(model=model, folder=tmp_path) for argument in arguments)) == 2
    assert message in capsys.readouterr().err
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("arguments", [["my.spacy"], ["my.spacy", "--format", "spacy"], ["my", "--format", "spacy"]])
def test_spacys_own_command_is_named(tmp_path, model, capsys, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    assert export(model, *arguments) == 2
    *_, error = capsys.readouterr().err.splitlines()
    assert "w2v export IN my.vec, then python -m spacy init vectors LANG my.vec my.spacy" in error
    with pytest.raises(w2v.W2VError, match="spacy init vectors"):
        w2v.save(w2v.load(model), arguments[0], arguments[-1] if len(arguments) > 1 else None)


def test_an_existing_goal_is_refused_before_anything_is_read(tmp_path, model, capsys):
    (tmp_path / "out.vec").write_text("mine")
    (model / "input_vectors.npy").unlink()
    assert export(model, tmp_path / "out.vec") == 1
    assert capsys.readouterr().err.splitlines() == [
        f"Error: {tmp_path / 'out.vec'} exists already: choose another name, or add --overwrite"
    ]
    assert (tmp_path / "out.vec").read_text() == "mine"


def test_overwrite(tmp_path, model):
    (tmp_path / "out.vec").write_text("mine")
    assert export(model, tmp_path / "out.vec", "--overwrite") == 0
    assert (tmp_path / "out.vec").read_bytes() == GOLDEN
    assert export(tmp_path / "out.vec", tmp_path / "out.vec", "--overwrite", "--format", "word2vec-binary") == 0
    assert w2v.load(tmp_path / "out.vec").words == ("king", "queen")


def test_wrong_content_exits_1_with_one_line(tmp_path, model, capsys):
    (tmp_path / "bad.vec").write_bytes(GOLDEN.replace(b"2.0", b"nan"))
    assert export(tmp_path / "bad.vec", tmp_path / "out.bin") == 1
    (error,) = capsys.readouterr().err.splitlines()
    assert error.startswith(f"Error: {tmp_path / 'bad.vec'}, line 3 (byte 23): ")
    assert not (tmp_path / "out.bin").exists()


def test_a_flipped_byte_in_a_models_matrix_is_found(tmp_path, model, capsys):
    matrix = model / "input_vectors.npy"
    matrix.write_bytes(matrix.read_bytes()[:-1] + b"\x00")
    assert export(model, tmp_path / "out.vec") == 1
    assert "input_vectors.npy" in capsys.readouterr().err
    assert not (tmp_path / "out.vec").exists()
