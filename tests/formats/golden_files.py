"""The same four words in every format, byte for byte: in `golden.json`, in hexadecimal, what is no constant of `row_files`."""

import atexit
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
from fasttext_files import fasttext_bytes
from row_files import GOLDEN, ROWS, WORDS

import w2v
from w2v.formats.table import FORMATS

GOLDEN_BYTES = Path(__file__).with_name("golden.json")
COUNTS = [1061396, 1000, 12, 5]
FILES = {"npz": "v.npz", "safetensors": "v.safetensors", "parquet": "v.parquet"}
FOLDERS = {"projector": "v.projector", "model": "v.w2v", "keras": "v_keras", "static-embedding": "v.model2vec"}
READABLE = [row.name for row in FORMATS if row.is_read]


def _unpacked():
    """A temporary folder with the files of `golden.json`."""
    folder = Path(tempfile.mkdtemp(prefix="w2v-golden-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name, data in json.loads(GOLDEN_BYTES.read_text()).items():
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_bytes(bytes.fromhex(data))
    return folder


FOLDER = _unpacked()


def full_vectors():
    """With counts and a tokenizer, for the formats that carry them."""
    vocabulary = w2v.Vocabulary(WORDS, COUNTS)
    return w2v.WordVectors(vocabulary, np.array(ROWS, np.float32), tokenizer=w2v.CorpusConfig(tokenizer="whitespace"))


def golden_parts(format):
    """Name -> bytes of the files that golden vectors consist of; the name of a format's only file is empty."""
    if format == "fasttext":
        return {"": GOLDEN["word2vec-text"]}
    if format == "fasttext-bin":
        entries = list(zip(WORDS, COUNTS, strict=True))
        return {"": fasttext_bytes(entries, dim=3, buckets=0, max_n=0, matrix=np.array(ROWS, np.float32))}
    if format in GOLDEN:
        return {"": GOLDEN[format]}
    if format in FILES:
        return {"": (FOLDER / FILES[format]).read_bytes()}
    return {path.name: path.read_bytes() for path in sorted((FOLDER / FOLDERS[format]).iterdir())}


def put(path, parts):
    """Write golden or mutated parts to a path."""
    if "" in parts:
        path.write_bytes(parts[""])
        return
    path.mkdir(exist_ok=True)
    for name, data in parts.items():
        (path / name).write_bytes(data)


def bits(vectors):
    """Everything that two equal vectors share."""
    tokenizer = None if vectors.tokenizer is None else json.dumps(vectors.tokenizer.to_json())
    return vectors.words, vectors.counts.tolist(), tokenizer, vectors.matrix.shape, np.ascontiguousarray(vectors.matrix).tobytes()


def make_golden():
    """Write `golden.json` anew, after a format has changed on purpose: python tests/formats/golden_files.py"""
    for format_name, name in (FILES | FOLDERS).items():
        w2v.save(full_vectors(), FOLDER / name, format_name, overwrite=True)
    data = {path.relative_to(FOLDER).as_posix(): path.read_bytes().hex() for path in sorted(FOLDER.rglob("*")) if path.is_file()}
    GOLDEN_BYTES.write_text(json.dumps(data, indent=1) + "\n")


if __name__ == "__main__":
    make_golden()
