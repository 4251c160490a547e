"""For Keras: a folder with the weights of an `Embedding` layer, to be used where w2v is not installed.

    FOLDER/
    ├── manifest.json   kind, format version, n_words, dim; size and sha256 of each file
    ├── encoder.json    the words by rank, their counts, the tokenizer, and which ids are padding and unknown (`numbering.py`)
    ├── embedding.npy   (n_words + 2, dim) float32: zeros for padding, the mean for unknown words, then a row a word
    └── load.py         how to load it with Keras and numpy alone

.npy and JSON rather than Keras's own .h5: those two every backend and every language reads, and they need no h5py.
"""

from pathlib import Path
from typing import Any

import numpy as np

from w2v.errors import FormatError
from w2v.formats.build_vectors import select_words
from w2v.formats.embedding_ids import EMBEDDING_FILE, ENCODER_FILE, FIRST_WORD, UNK, encoder_bytes, parse_encoder, unknown_row
from w2v.formats.read_options import STRICT, ReadOptions
from w2v.npy import map_matrix, write_matrix
from w2v.storage import atomic_directory, existing_directory, read_manifest, verify_files, write_manifest
from w2v.vectors.word_vectors import WordVectors

KIND = "w2v keras folder"
VERSION = 1
_LOAD = "load.py"


def loading_snippet(folder: str) -> str:
    """Ten lines of Python that make the layer of a folder, without w2v.

    Parameters
    ----------
    folder : the expression for its path
    """
    return f"""\
import os; os.environ.setdefault("KERAS_BACKEND", "jax")  # or torch, tensorflow: before Keras is imported
import json
from pathlib import Path
import keras
import numpy as np
folder = {folder}
encoder, rows = json.loads((folder / "{ENCODER_FILE}").read_text("utf-8")), np.load(folder / "{EMBEDDING_FILE}")
ids = {{word: rank + {FIRST_WORD} for rank, word in enumerate(encoder["words"])}}  # 0 is padding, {UNK} an unknown word
layer = keras.layers.Embedding(*rows.shape, weights=[rows], mask_zero=True, trainable=False)
print(layer(np.array([[ids.get(word, {UNK}) for word in "words of a text".split()]])).shape)
"""


def read(path: Path, options: ReadOptions = STRICT) -> WordVectors:
    """The vectors of a folder, memory-mapped, with their counts and tokenizer.

    Raises
    ------
    FormatError
        no such folder, or a damaged one; it has a hash for each file, and nothing in it is repaired.
    """
    return select_words(path, read_folder(path, options.verify)[0], options)


def read_folder(path: Path, verify: bool) -> tuple[WordVectors, dict[str, Any]]:
    """The vectors of a folder, and its manifest.

    Parameters
    ----------
    verify : compare the sha256 of all files with the manifest's, instead of the encoder's only

    Raises
    ------
    FormatError
        as `read`.
    """
    folder = existing_directory(path)
    manifest = read_manifest(folder, KIND, VERSION)
    n_words, dim = manifest.get("n_words"), manifest.get("dim")
    if not (isinstance(n_words, int) and n_words > 0 and isinstance(dim, int) and dim > 0):
        raise FormatError(f"{folder} is damaged: its manifest must give n_words and dim above 0: found {n_words!r} and {dim!r}")
    for name in (ENCODER_FILE, EMBEDDING_FILE):
        if name not in manifest["files"]:
            raise FormatError(f"{folder} is damaged: its manifest must list {name}")
    verify_files(folder, manifest, lambda name: verify or name == ENCODER_FILE)
    vocabulary, tokenizer = parse_encoder(folder / ENCODER_FILE, (folder / ENCODER_FILE).read_bytes())
    if len(vocabulary) != n_words:
        raise FormatError(f"{folder} is damaged: {ENCODER_FILE} has {len(vocabulary)} words, its manifest says {n_words}")
    rows = map_matrix(folder / EMBEDDING_FILE, (n_words + FIRST_WORD, dim))
    return WordVectors(vocabulary, rows[FIRST_WORD:], tokenizer=tokenizer), manifest


def write(vectors: WordVectors, path: Path) -> None:
    """Write a folder.

    Raises
    ------
    FormatError
        nothing to write, or a number that is not finite.
    OutputError
        `path` is there and was not written by w2v in this format.
    """
    if not len(vectors):
        raise FormatError(f"{path} cannot be written: there are no words")
    special = np.zeros((FIRST_WORD, vectors.dim), np.float32)
    special[UNK] = unknown_row(vectors.matrix)
    if not np.isfinite(special).all():
        word = vectors.words[int(np.isfinite(vectors.matrix).all(axis=1).argmin())]
        raise FormatError(f"{path} cannot be written: all numbers must be finite, and {word[:60]!r} has one that is not")
    with atomic_directory(path, overwrite=True, kind=KIND) as folder:
        (folder / ENCODER_FILE).write_bytes(encoder_bytes(vectors.vocabulary, vectors.tokenizer))
        write_matrix(folder / EMBEDDING_FILE, special, vectors.matrix)
        (folder / _LOAD).write_text(loading_snippet("Path(__file__).parent"), encoding="utf-8")
        write_manifest(folder, KIND, VERSION, {"n_words": len(vectors), "dim": vectors.dim})
