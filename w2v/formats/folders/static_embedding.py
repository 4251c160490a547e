"""A folder for model2vec's `StaticModel` and sentence-transformers' `StaticEmbedding`: texts become means of word vectors.

FOLDER/
├── model.safetensors  embeddings (n_words + 1, dim) float32, the last row zeros for all unknown words; counts (n_words,) int64
├── tokenizer.json     words and how a text is split into them: `w2v.formats.folders.hf_tokenizer`
├── config.json        for model2vec; `w2v` in it has the settings of our tokenizer, where they are known
├── modules.json       for sentence-transformers
└── README.md          a model card, as the Hugging Face Hub shows it
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.config import CorpusConfig
from w2v.errors import FormatError
from w2v.formats.arrays.named_arrays import read_integers, read_matrix, tokenizer_from_json
from w2v.formats.arrays.safetensors import stored_tensors, write_tensors
from w2v.formats.build_vectors import build_vectors, refuse_no_words
from w2v.formats.compressed_files import open_vector_file
from w2v.formats.folders.hf_tokenizer import write_tokenizer
from w2v.formats.folders.model_card import card
from w2v.formats.read_options import MAX_DIM, MAX_WORD_BYTES, STRICT, ReadOptions
from w2v.formats.writable_rows import words_to_write
from w2v.storage import atomic_directory, write_manifest
from w2v.vectors.word_vectors import WordVectors

KIND = "w2v static embedding"
TENSORS, TOKENIZER, CONFIG, MODULES = "model.safetensors", "tokenizer.json", "config.json", "modules.json"
CARD = "README.md"
_CARD_HEAD = "---\nlibrary_name: model2vec\ntags:\n- model2vec\n- sentence-transformers\n- static-embeddings\n---\n\n"
_USE = """from model2vec import StaticModel

model = StaticModel.from_pretrained("PATH")
model.encode(["a text"])"""
_EMBEDDINGS = ("embeddings", "embedding.weight")  # model2vec's name, sentence-transformers'
_MAX_JSON_BYTES = 16 << 20  # and as many as the tensors have: words in JSON take much more room in memory


def read(path: Path, options: ReadOptions = STRICT) -> WordVectors:
    """Read a folder whose tokenizer looks whole words up; the row of unknown words is left out.

    Raises
    ------
    FormatError
        a damaged file, or a tokenizer that takes words apart.
    """
    words, unknown = _words(path / TOKENIZER, _load_json(path / TOKENIZER, options))
    n_words = len(words) - (unknown is not None)
    with open_vector_file(path / TENSORS, options, seekable=True) as source:
        tensors = stored_tensors(source)
        stored = next((tensors[name] for name in _EMBEDDINGS if name in tensors), None)
        if stored is None or len(stored.shape) != 2 or stored.shape[0] != len(words) or not 1 <= stored.shape[1] <= MAX_DIM:
            found = ", ".join(f"{name} {tensor.shape}" for name, tensor in sorted(tensors.items())[:20]) or "none"
            wanted = f"embeddings of shape ({len(words)}, dim from 1 to {MAX_DIM}), as {TOKENIZER} has {len(words)} words"
            raise FormatError(f"{source.path} must have {wanted}: found {found}")
        if "weights" in tensors or "mapping" in tensors:
            raise FormatError(f"{source.path} must have a row for each word: its vocabulary is quantized (weights, mapping)")
        known = [row for row in range(len(words)) if row != unknown][: options.limit]
        words = [words[row] for row in known]
        refuse_no_words(path, words, options)
        matrix = read_matrix(source.path, stored, known[-1] + 1, options)
        if known[-1] + 1 > len(known):
            matrix = matrix[known]
        counts = read_integers(source.path, "counts", tensors["counts"], n_words, len(known)) if "counts" in tensors else None
    return build_vectors(path, words, matrix, options, counts, _tokenizer(path / CONFIG, options))


def _load_json(path: Path, options: ReadOptions) -> Any:
    with open_vector_file(path, options) as source:
        longest = _MAX_JSON_BYTES + (path.with_name(TENSORS).stat().st_size if path.with_name(TENSORS).is_file() else 0)
        text = source.stream.read(min(longest + 1, source.max_bytes))
    if len(text) > longest:
        raise FormatError(f"{path} must have at most {longest} bytes, in keeping with {TENSORS}: it has more")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{path} must be JSON: {str(error)[:200]}") from None


def _words(path: Path, content: Any) -> tuple[list[str], int | None]:
    """Words by row, and the row of unknown words, if there is one."""
    model = content.get("model") if isinstance(content, dict) else None
    model = model if isinstance(model, dict) else {}
    kind, vocabulary, unknown = (model.get(name) for name in ("type", "vocab", "unk_token"))
    if kind != "WordLevel" or not isinstance(vocabulary, dict):
        raise FormatError(f"{path} must look whole words up (WordLevel): found {str(kind)[:40]}, which takes words apart")
    if not vocabulary or not all(type(row) is int for row in vocabulary.values()):
        raise FormatError(f"{path}: vocab must give each word its row: found {str(vocabulary)[:80]}")
    words = sorted(vocabulary, key=vocabulary.__getitem__)
    if [vocabulary[word] for word in words] != list(range(len(words))):
        raise FormatError(f"{path}: vocab must have each row from 0 to {len(words) - 1} once")
    for row, word in enumerate(words):
        if not 0 < len(word.encode("utf-8", "surrogatepass")) <= MAX_WORD_BYTES or any("\ud800" <= letter <= "\udfff" for letter in word):
            raise FormatError(f"{path}, word {row + 1}: a word must be Unicode and have 1 to {MAX_WORD_BYTES} bytes: found {word[:40]!r}")
    return words, vocabulary.get(unknown) if isinstance(unknown, str) else None


def _tokenizer(path: Path, options: ReadOptions) -> CorpusConfig | None:
    if not path.is_file():
        return None
    content = _load_json(path, options)
    ours = content.get("w2v") if isinstance(content, dict) else None
    settings = ours.get("tokenizer") if isinstance(ours, dict) else None
    return None if settings is None else tokenizer_from_json(path, "w2v.tokenizer", settings)


def write(vectors: WordVectors, path: Path, manifest: Mapping[str, Any] | None = None) -> None:
    """Write a folder: ``StaticModel.from_pretrained(path)`` or ``SentenceTransformer(path)`` load it.

    Parameters
    ----------
    manifest : of the model, for the card

    Raises
    ------
    FormatError
        a word that is empty, too long or not Unicode, or a number that is not finite.
    OutputError
        `path` is there and was not written by w2v.
    """
    words_to_write(vectors, path)  # everything can be written, or nothing is
    tokenizer = None if vectors.tokenizer is None else vectors.tokenizer.to_json()
    config = {
        "model_type": "model2vec",
        "architectures": ["StaticModel"],
        "normalize": False,
        "embedding_dtype": "float32",
        "w2v": {"tokenizer": tokenizer},
    }
    modules = [{"idx": 0, "name": "0", "path": ".", "type": "sentence_transformers.models.StaticEmbedding"}]
    tensors: dict[str, list[npt.NDArray[Any]]] = {"embeddings": [vectors.matrix, np.zeros((1, vectors.dim), np.float32)]}
    if vectors.counts.any():
        tensors["counts"] = [vectors.counts]
    with atomic_directory(path, overwrite=True, kind=KIND) as folder:
        with open(folder / TENSORS, "wb") as file:
            write_tensors(file, tensors)
        (folder / TOKENIZER).write_bytes(write_tokenizer(vectors.words, vectors.tokenizer))
        for name, content in ((CONFIG, config), (MODULES, modules)):
            (folder / name).write_bytes(json.dumps(content, indent=1, ensure_ascii=False).encode())
        text = _CARD_HEAD + card(path.stem, vectors, manifest or {}, _USE)
        (folder / CARD).write_bytes(text.encode("utf-8", "backslashreplace"))
        write_manifest(folder, KIND, 1, {"n_words": len(vectors), "dim": vectors.dim})
