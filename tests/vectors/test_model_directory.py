"""Model directories: round trip, refusals, and every kind of damage."""

import json
from pathlib import Path

import numpy as np
import pytest

from w2v.config import CorpusConfig, TrainConfig
from w2v.errors import FormatError, OutputError
from w2v.storage import write_manifest
from w2v.vectors.model_directory import FORMAT_VERSION, KIND, load_model, save_model
from w2v.vocabulary import Vocabulary

WORDS = Vocabulary(["the", "king", "a\tb", "中国"], [9, 5, 3, 2])
MANIFEST = {
    "train_config": TrainConfig(dim=3).to_json(),
    "corpus_config": CorpusConfig(tokenizer="whitespace").to_json(),
    "corpus": {"n_tokens": 19},
    "report": {"loss": [4.1, 3.2]},
    "versions": {"w2v": "0"},
}


def save(path: Path, seed: int = 1, overwrite: bool = False, **manifest: object) -> np.ndarray:
    """Save a model of random vectors; both matrices are views into padded ones."""
    padded = np.random.default_rng(seed).standard_normal((2, 4, 16)).astype(np.float32)
    inputs, outputs = padded[0, :, :3], padded[1, :, :3]
    content = {**MANIFEST, **manifest}
    save_model(path, vocabulary=WORDS, input_vectors=inputs, output_vectors=outputs, manifest=content, overwrite=overwrite)
    return padded[:, :, :3]


def test_a_model_comes_back_as_it_was(tmp_path: Path) -> None:
    inputs, outputs = save(tmp_path / "m.w2v")
    model = load_model(tmp_path / "m.w2v", verify=True)
    assert model.vocabulary == WORDS
    assert model.input_vectors.tobytes() == inputs.tobytes()
    assert model.output_vectors.tobytes() == outputs.tobytes()
    assert not model.input_vectors.flags.writeable
    assert MANIFEST.items() <= model.manifest.items()
    assert (model.manifest["n_words"], model.manifest["dim"]) == (4, 3)
    assert model.vectors["king"].tobytes() == inputs[1].tobytes()
    assert model.vectors.tokenizer == CorpusConfig(tokenizer="whitespace")
    assert model.vectors is model.vectors
    files = ["input_vectors.npy", "manifest.json", "output_vectors.npy", "vocabulary.tsv"]
    assert sorted(path.name for path in (tmp_path / "m.w2v").iterdir()) == files


def test_a_model_without_a_tokenizer(tmp_path: Path) -> None:
    save(tmp_path / "m.w2v", corpus_config=None)
    assert load_model(str(tmp_path / "m.w2v")).vectors.tokenizer is None


def test_only_a_model_is_overwritten_and_only_when_told(tmp_path: Path) -> None:
    save(tmp_path / "m.w2v", seed=1)
    with pytest.raises(OutputError, match="exists already"):
        save(tmp_path / "m.w2v", seed=2)
    second = save(tmp_path / "m.w2v", seed=2, overwrite=True)
    assert load_model(tmp_path / "m.w2v").input_vectors.tobytes() == second[0].tobytes()
    (tmp_path / "mine").mkdir()
    save(tmp_path / "mine", overwrite=True)
    (tmp_path / "corpus").mkdir()
    write_manifest(tmp_path / "corpus", "w2v encoded corpus", 1, {})
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.tex").write_text("precious")
    for name in ("corpus", "thesis"):
        with pytest.raises(OutputError, match=f"{name} is not a w2v model, so it is not overwritten"):
            save(tmp_path / name, overwrite=True)
    assert (tmp_path / "thesis" / "chapter.tex").read_text() == "precious"


def test_matrices_of_another_shape_or_dtype_are_not_saved(tmp_path: Path) -> None:
    good = np.zeros((4, 3), np.float32)
    for bad in (good[:3], good[:, :2], good.astype(np.float64)):
        with pytest.raises(FormatError, match=r"output_vectors.npy must have shape \(4, 3\) and dtype float32"):
            save_model(tmp_path / "m.w2v", vocabulary=WORDS, input_vectors=good, output_vectors=bad, manifest={})
    assert list(tmp_path.iterdir()) == []


def test_the_old_model_is_found_when_a_replacement_was_interrupted(tmp_path: Path) -> None:
    save(tmp_path / "m.w2v")
    (tmp_path / "m.w2v").rename(tmp_path / "m.w2v.previous")
    assert load_model(tmp_path / "m.w2v").path == tmp_path / "m.w2v.previous"


def test_every_flipped_byte_is_noticed(tmp_path: Path) -> None:
    save(tmp_path / "m.w2v")
    for path in sorted((tmp_path / "m.w2v").iterdir()):
        raw = path.read_bytes()
        is_small = path.suffix in (".tsv", ".json")
        for place in range(0, len(raw), 7 if path.suffix == ".json" else 1):
            path.write_bytes(raw[:place] + bytes([raw[place] ^ 4]) + raw[place + 1 :])
            with pytest.raises(FormatError, match=path.name if path.suffix == ".npy" else "damaged|is not a w2v model|version"):
                load_model(tmp_path / "m.w2v", verify=not is_small)
        path.write_bytes(raw)
    load_model(tmp_path / "m.w2v", verify=True)


def test_a_missing_or_cut_file_is_named(tmp_path: Path) -> None:
    for name in ("vocabulary.tsv", "input_vectors.npy", "output_vectors.npy"):
        save(tmp_path / "m.w2v", overwrite=True)
        path = tmp_path / "m.w2v" / name
        raw = path.read_bytes()
        path.write_bytes(raw[:-1])
        with pytest.raises(FormatError, match=rf"{name} has {len(raw) - 1} bytes, its manifest says {len(raw)}"):
            load_model(tmp_path / "m.w2v")
        path.unlink()
        with pytest.raises(FormatError, match=f"{name} is missing"):
            load_model(tmp_path / "m.w2v")
        path.write_bytes(raw)


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="absent is not a w2v model: no such directory"):
        load_model(tmp_path / "absent")
    (tmp_path / "file").write_text("x")
    with pytest.raises(FormatError, match="file is not a w2v model"):
        load_model(tmp_path / "file")


def test_a_newer_version_is_refused(tmp_path: Path) -> None:
    save(tmp_path / "m.w2v")
    path = tmp_path / "m.w2v" / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format_version": FORMAT_VERSION + 1}))
    with pytest.raises(FormatError, match=r"m.w2v has format version 2, and this w2v reads up to version 1: upgrade w2v"):
        load_model(tmp_path / "m.w2v")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"n_words": 5}, "vocabulary.tsv has 4 words, its manifest says 5"),
        ({"n_words": 0}, "n_words and dim above 0: found 0 and 3"),
        ({"n_words": 10**12, "dim": 10**12}, "vocabulary.tsv has 4 words"),
        ({"dim": 4}, r"input_vectors.npy is damaged: .*\(4, 4\).*: found .*\(4, 3\)"),
        ({"dim": "3"}, "found 4 and '3'"),
        ({"corpus_config": 7}, "corpus_config in its manifest must be an object: found 7"),
        ({"corpus_config": {"tokenizer": "bpe"}}, "corpus_config in its manifest: tokenizer must be one of"),
    ],
)
def test_a_forged_manifest_is_refused(tmp_path: Path, content: dict[str, object], message: str) -> None:
    save(tmp_path / "m.w2v")
    write_manifest(tmp_path / "m.w2v", KIND, FORMAT_VERSION, {"n_words": 4, "dim": 3, **content})
    with pytest.raises(FormatError, match=message):
        load_model(tmp_path / "m.w2v")


def test_a_manifest_that_lists_no_matrix_is_refused(tmp_path: Path) -> None:
    save(tmp_path / "m.w2v")
    (tmp_path / "m.w2v" / "output_vectors.npy").unlink()
    write_manifest(tmp_path / "m.w2v", KIND, FORMAT_VERSION, {"n_words": 4, "dim": 3})
    with pytest.raises(FormatError, match=r"its manifest must list output_vectors.npy"):
        load_model(tmp_path / "m.w2v")
