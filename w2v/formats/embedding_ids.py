"""How words are numbered for an embedding layer, and the file that says so.

The layer has a row for padding (PAD = 0), one for unknown words (UNK = 1), and one for each word: rank r has id r + 2. This is
not the numbering of `WordVectors`, whose row r belongs to rank r.

Encoders (`w2v.downstream`) and the format keras (`w2v.formats`) both write this file, and neither may import the other: it is
JSON, to be read without w2v.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.config import CorpusConfig
from w2v.errors import ConfigError, FormatError
from w2v.vocabulary import Vocabulary

PAD = 0
UNK = 1
FIRST_WORD = 2
KIND = "w2v text encoder"
VERSION = 1
ENCODER_FILE = "encoder.json"  # names of files in the folder of the format keras
EMBEDDING_FILE = "embedding.npy"


def unknown_row(matrix: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """(dim,) float32, the row of UNK: the mean of all vectors, (n_words, dim)."""
    with np.errstate(invalid="ignore"):  # inf - inf: writers and layers refuse what comes of it
        return np.asarray(matrix.mean(axis=0, dtype=np.float64), np.float32)


def encoder_to_json(vocabulary: Vocabulary, tokenizer: CorpusConfig | None) -> dict[str, Any]:
    """What an encoder's file says, as JSON values."""
    return {
        "kind": KIND,
        "format_version": VERSION,
        "pad": PAD,
        "unknown": UNK,
        "first_word": FIRST_WORD,
        "tokenizer": None if tokenizer is None else tokenizer.to_json(),
        "words": list(vocabulary.words),
        "counts": vocabulary.counts.tolist(),
    }


def encoder_bytes(vocabulary: Vocabulary, tokenizer: CorpusConfig | None) -> bytes:
    """The file: UTF-8; what is not Unicode in a word becomes JSON's own escape."""
    text = json.dumps(encoder_to_json(vocabulary, tokenizer), ensure_ascii=False, indent=0)
    return f"{text}\n".encode("utf-8", "backslashreplace")


def parse_encoder(path: Path, raw: bytes) -> tuple[Vocabulary, CorpusConfig | None]:
    """Vocabulary and tokenizer of an encoder's file.

    Raises
    ------
    FormatError
        naming the file and what is wrong with it.
    """
    try:
        values = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{path} must be the JSON file of a text encoder: {error}") from None
    return encoder_from_json(values, str(path))


def encoder_from_json(values: Any, where: str) -> tuple[Vocabulary, CorpusConfig | None]:
    """Vocabulary and tokenizer of what `encoder_to_json` gave.

    Parameters
    ----------
    where : what is named in messages

    Raises
    ------
    FormatError
        another kind or version, or something of the wrong type in it.
    """
    if not isinstance(values, dict) or values.get("kind") != KIND:
        found = values.get("kind") if isinstance(values, dict) else type(values).__name__
        raise FormatError(f"{where} is not a {KIND}: its kind is {found!r}")
    version = values.get("format_version")
    if version != VERSION:
        raise FormatError(f"{where} has format version {version!r}, and this w2v reads version {VERSION}: upgrade w2v")
    numbering = (values.get("pad"), values.get("unknown"), values.get("first_word"))
    if numbering != (PAD, UNK, FIRST_WORD):
        raise FormatError(f"{where}: pad, unknown and first_word must be {PAD}, {UNK} and {FIRST_WORD}: found {numbering}")
    words, counts, tokenizer = values.get("words"), values.get("counts"), values.get("tokenizer")
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise FormatError(f"{where}: words must be a list of texts")
    if not isinstance(counts, list) or not all(type(count) is int and 0 <= count < 1 << 63 for count in counts):
        raise FormatError(f"{where}: counts must be a list of integers of at least 0")
    if tokenizer is not None and not isinstance(tokenizer, dict):
        raise FormatError(f"{where}: tokenizer must be an object or null: found {tokenizer!r}"[:200])
    try:
        return Vocabulary(words, np.array(counts, np.int64)), None if tokenizer is None else CorpusConfig.from_json(tokenizer)
    except (ConfigError, FormatError) as error:
        raise FormatError(f"{where}: {error}") from None
