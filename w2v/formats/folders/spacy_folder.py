r"""A blank spaCy pipeline with vectors: ``spacy.load(folder)``, or ``nlp.vocab.from_disk(folder / "vocab")``. Written only.

    FOLDER/
    ├── config.cfg, meta.json  a pipeline without components, of no particular language (xx)
    ├── tokenizer              rules in MessagePack that come near to our tokenizer
    └── vocab/
        ├── strings.json       the words
        ├── vectors            a .npy file, (n_words, dim) float32
        ├── key2row            MessagePack: spaCy's number of each word -> its row
        └── vectors.cfg        whether a token or its lower-case form is looked up

With a tokenizer of ours that lowers the case, spaCy looks lower-case forms up (3.8 does) and takes every character that
is in none of our words off the edges and out of the middle of a token; otherwise a token is what stands between white space.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.corpus.tokens import characters
from w2v.errors import FormatError
from w2v.formats.arrays.named_arrays import write_elements
from w2v.formats.folders.spacy_keys import LOWER, spacy_keys
from w2v.formats.word_rows import blocks_of_rows
from w2v.storage import atomic_directory, write_manifest
from w2v.vectors.word_vectors import WordVectors

KIND = "w2v spacy folder"
_LOWERING = ("words", "characters", "chinese")
_CONFIG = """\
[nlp]
lang = "xx"
pipeline = []
disabled = []
before_creation = null
after_creation = null
after_pipeline_creation = null
batch_size = 1000

[nlp.tokenizer]
@tokenizers = "spacy.Tokenizer.v1"

[nlp.vectors]
@vectors = "spacy.Vectors.v1"

[components]

[training]

[pretraining]
"""


def write(vectors: WordVectors, path: Path) -> None:
    """Write a folder; counts have no place in it.

    Raises
    ------
    FormatError
        a word that is empty, too long or not Unicode, two words that spaCy cannot tell apart, or a number that is not finite.
    OutputError
        `path` is there and was not written by w2v.
    """
    for _ in blocks_of_rows(vectors, path, lambda word: None):
        pass  # everything can be written, or nothing is
    words = list(vectors.words)
    keys = spacy_keys(words)
    _refuse_equal(path, words, keys)
    is_lower = vectors.tokenizer is not None and vectors.tokenizer.tokenizer in _LOWERING
    lowers = is_lower and all(word == word.lower() for word in words)  # a capital would never be found
    meta = {"lang": "xx", "name": "w2v", "version": "0.0.0", "description": "word vectors", "pipeline": [], "components": []}
    with atomic_directory(path, overwrite=True, kind=KIND) as folder:
        vocab = folder / "vocab"
        vocab.mkdir()
        (folder / "config.cfg").write_text(_CONFIG, "utf-8")
        _write_json(folder / "meta.json", meta)
        (folder / "tokenizer").write_bytes(_pack_map((_pack_text(key), _pack_text(value)) for key, value in _rules(lowers).items()))
        _write_json(vocab / "strings.json", words)
        _write_json(vocab / "vectors.cfg", {"mode": "default", **({"attr": LOWER} if lowers else {})})
        (vocab / "key2row").write_bytes(_pack_map((_pack_integer(key), _pack_integer(row)) for row, key in enumerate(keys.tolist())))
        with open(vocab / "vectors", "wb") as file:
            header = {"descr": "<f4", "fortran_order": False, "shape": vectors.matrix.shape}
            np.lib.format.write_array_header_1_0(file, header)
            write_elements(file, vectors.matrix)
        write_manifest(folder, KIND, 1, {"n_words": len(vectors), "dim": vectors.dim})


def _refuse_equal(path: Path, words: list[str], keys: npt.NDArray[np.uint64]) -> None:
    order = np.argsort(keys, kind="stable")
    equal = np.flatnonzero(keys[order][1:] == keys[order][:-1])
    if len(equal):
        one, other = (words[order[equal[0] + offset]] for offset in (0, 1))
        raise FormatError(f"{path} cannot be written: spaCy has one number for the words {one[:60]!r} and {other[:60]!r}")


def _write_json(path: Path, content: Any) -> None:
    path.write_bytes(json.dumps(content, ensure_ascii=False).encode())


def _rules(lowers: bool) -> dict[str, str]:
    """spaCy's rules: what is cut off at the beginning and end of what stands between white space, and what cuts its middle."""
    if not lowers:
        return {}
    classes = characters.word_characters().classes
    inside = _ranges(np.flatnonzero(np.isin(classes, (characters.WORD, characters.UPPER, characters.SINGLE, characters.MARK))).tolist())
    between = _ranges(np.flatnonzero(classes == characters.INTERNAL).tolist())
    return {"prefix_search": f"^[^{inside}]", "suffix_search": f"[^{inside}]$", "infix_finditer": f"[^{inside}{between}]"}


def _ranges(codes: list[int]) -> str:
    """Code points in order, as they stand between the brackets of one of Python's regular expressions."""
    breaks = [0, *(index for index in range(1, len(codes)) if codes[index] != codes[index - 1] + 1), len(codes)]
    spans = [(codes[low], codes[high - 1]) for low, high in itertools.pairwise(breaks)]
    return "".join(f"\\U{low:08x}" + (f"-\\U{high:08x}" if high > low else "") for low, high in spans)


def _pack_map(pairs: Iterable[tuple[bytes, bytes]]) -> bytes:
    """MessagePack: a map of packed keys and values (https://github.com/msgpack/msgpack/blob/master/spec.md)."""
    packed = [key + value for key, value in pairs]
    return b"\xdf" + len(packed).to_bytes(4, "big") + b"".join(packed)


def _pack_text(text: str) -> bytes:
    encoded = text.encode()
    return b"\xdb" + len(encoded).to_bytes(4, "big") + encoded


def _pack_integer(value: int) -> bytes:
    return b"\xcf" + value.to_bytes(8, "big")
