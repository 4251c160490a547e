"""A folder of parts, ``part-00000`` and so on, as Spark writes one table: vector files of one format, read one behind the other.

Names that begin with ``_`` or ``.`` (``_SUCCESS``, checksums) and empty parts are passed over. A model that Spark saved has its parts
in the folder ``data``, beside ``metadata``.
"""

import dataclasses
from pathlib import Path

import numpy as np

from w2v.errors import FormatError
from w2v.formats.build_vectors import build_vectors
from w2v.formats.detection import list_parts
from w2v.formats.read_options import STRICT, ReadOptions
from w2v.formats.table import detect_format
from w2v.vectors.word_vectors import WordVectors


def read(path: Path, options: ReadOptions = STRICT) -> WordVectors:
    """Read all parts in the order of their names, or as many as the first words need.

    Raises
    ------
    FormatError
        a part that is no vector file or damaged, or of another format or dim than the first one.
    """
    whole = dataclasses.replace(options, words=None)
    parts: list[WordVectors] = []
    first = None
    n_words = 0
    for part in list_parts(path):
        if options.limit is not None:
            whole = dataclasses.replace(whole, limit=options.limit - n_words)
        found = detect_format(part, whole)
        vectors: WordVectors = found.function("read")(part, whole)
        first = first or (found.title, vectors.dim)
        if (found.title, vectors.dim) != first:
            raise FormatError(f"{part} must be {first[0]} of dim {first[1]}, as the first part: it is {found.title} of dim {vectors.dim}")
        parts.append(vectors)
        n_words += len(vectors)
        if n_words == options.limit:
            break
    words = [word for vectors in parts for word in vectors.words]
    counts = np.concatenate([vectors.counts for vectors in parts])
    matrix = np.concatenate([vectors.matrix for vectors in parts])
    return build_vectors(path, words, matrix, options, counts, parts[0].tokenizer)
