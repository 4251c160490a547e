"""`TextEncoder`: texts -> arrays of ids for an embedding layer."""

import functools
from collections.abc import Iterable, Mapping, Sequence, Set
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from w2v.checks import integer, is_missing
from w2v.config import CorpusConfig
from w2v.corpus.tokens.tokenizers import Tokenizer, make_tokenizer
from w2v.downstream.id_check import check_ids
from w2v.downstream.padding import pad_sequences
from w2v.errors import ConfigError, FormatError, IdError, OutputError
from w2v.formats.embedding_ids import FIRST_WORD, PAD, UNK, encoder_bytes, encoder_from_json, encoder_to_json, parse_encoder
from w2v.storage import atomic_file
from w2v.vectors.word_vectors import WordVectors
from w2v.vocabulary import Vocabulary

UNKNOWN = "[UNK]"  # what `decode` puts where a word was unknown
Tokens = Sequence[str]
_SUCH_AS = "such as CorpusConfig(tokenizer='words')"


class TextEncoder:
    """Gives each word its id: 0 is padding, 1 an unknown word, and the word of rank r is r + 2. Nothing in it changes.

    Parameters
    ----------
    source : the words; of vectors, their words and their tokenizer
    tokenizer : how texts become tokens; None: as those that the vectors were trained on

    Attributes
    ----------
    vocabulary : the words
    tokenizer : a `CorpusConfig`
    input_dim : rows of the embedding layer, ``len(vocabulary) + 2``

    Raises
    ------
    ConfigError
        no tokenizer is given, and `source` knows none.

    Examples
    --------
    >>> encoder = TextEncoder(Vocabulary(["is", "deep", "learning"], [9, 7, 5]), CorpusConfig())
    >>> encoder.encode(["Deep learning is very deep!", "It is."], length=6)
    array([[3, 4, 2, 1, 3, 0],
           [1, 2, 0, 0, 0, 0]], dtype=int32)
    """

    def __init__(self, source: Vocabulary | WordVectors, tokenizer: CorpusConfig | None = None) -> None:
        if tokenizer is None and isinstance(source, WordVectors):
            tokenizer = source.tokenizer
        if tokenizer is None:
            who = "these vectors do" if isinstance(source, WordVectors) else "a vocabulary does"
            raise ConfigError(f"how texts become tokens must be known, and {who} not say it: give tokenizer, {_SUCH_AS}")
        if not isinstance(tokenizer, CorpusConfig):
            raise ConfigError(f"tokenizer must be a CorpusConfig, {_SUCH_AS}: received {tokenizer!r}")
        self.vocabulary = source.vocabulary if isinstance(source, WordVectors) else source
        self.tokenizer = tokenizer
        self.input_dim = len(self.vocabulary) + FIRST_WORD

    def __repr__(self) -> str:
        return f"TextEncoder({len(self.vocabulary)} words, tokenizer {self.tokenizer.tokenizer})"

    def __reduce__(self) -> tuple[Any, ...]:
        # For copies and other processes: the tokenizer, compiled functions in it, is made again where it is needed.
        return type(self), (self.vocabulary, self.tokenizer)

    @functools.cached_property
    def _tokenizer(self) -> Tokenizer:
        return make_tokenizer(self.tokenizer, self.vocabulary)

    def tokens(self, text: str | Tokens) -> Tokens:
        """The tokens of a text; a list of tokens is taken as it is.

        Raises
        ------
        ConfigError
            neither a text nor a list of texts.
        """
        if isinstance(text, str):
            return self._tokenizer.split(text)
        if isinstance(text, Iterable) and not isinstance(text, (bytes, Mapping, Set)):
            tokens = list(text)
            if all(isinstance(token, str) for token in tokens):
                return tokens
        remedy = "; leave it away, or give an empty text" if is_missing(text) else ""
        raise ConfigError(f"a text must be a text or a list of tokens: received {text!r:.100}{remedy}")

    def ids(self, text: str | Tokens) -> list[int]:
        """The ids of a text's tokens, each in [1, input_dim)."""
        rank = self.vocabulary.ranks.get
        return [rank(token, UNK - FIRST_WORD) + FIRST_WORD for token in self.tokens(text)]

    def ids_of_each(self, texts: Iterable[str] | Iterable[Tokens]) -> list[list[int]]:
        """The ids of each text, as many as it has tokens.

        Raises
        ------
        ConfigError
            one text instead of a list, or something that is no text (with its number).
        """
        if isinstance(texts, str):
            raise ConfigError(f"texts must be a list of texts: received one text, {texts[:40]!r}; put it into a list")
        if isinstance(texts, (Mapping, Set)) or hasattr(type(texts), "columns"):
            raise ConfigError(f"texts must be a list of texts: received a {type(texts).__name__}; give a list, or one column of a frame")
        rows = []
        for number, text in enumerate(texts):
            try:
                rows.append(self.ids(text))
            except ConfigError as error:
                raise ConfigError(f"text {number}: {error}") from None
        return rows

    def encode(
        self, texts: Iterable[str] | Iterable[Tokens], length: int | None = None, padding: str = "post", truncating: str = "post"
    ) -> npt.NDArray[np.int32]:
        """Texts as rows of ids of one length.

        Parameters
        ----------
        texts : texts, or lists of tokens, which are taken as they are
        length : of each row; None: that of the longest of these texts, at least 1; a text without a token is one unknown word
        padding : where shorter ones are filled up with 0, behind (post) or before (pre)
        truncating : which end longer ones lose

        Returns
        -------
        (n_texts, length) int32, each in [0, input_dim)

        Raises
        ------
        ConfigError
            one text instead of a list, something that is no text (with its number), or an option out of range.
        """
        if length is not None:
            integer("length", length)
        rows = self.ids_of_each(texts)
        fill_empty_rows(rows)
        longest = max(map(len, rows), default=1)
        return pad_sequences(rows, longest if length is None else length, "int32", padding, truncating, PAD)

    def decode(self, ids: Sequence[int] | npt.NDArray[np.integer[Any]]) -> list[str]:
        """The words of one text's ids; padding is left out, and an unknown word is ``[UNK]``.

        Raises
        ------
        IdError
            an id outside [0, input_dim), with its place, or the ids of several texts.
        """
        check_ids(ids, self.input_dim)
        if np.ndim(ids) != 1:
            raise IdError(f"ids must be those of one text, (length,): received the shape {np.shape(ids)}; call decode for each row")
        words = self.vocabulary.words
        return [UNKNOWN if number == UNK else words[number - FIRST_WORD] for number in np.asarray(ids).tolist() if number != PAD]

    def to_json(self) -> dict[str, Any]:
        """JSON values, for `from_json`."""
        return encoder_to_json(self.vocabulary, self.tokenizer)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """The encoder that `to_json` described.

        Raises
        ------
        FormatError
            not one of these, or a damaged one.
        """
        return cls(*_with_tokenizer("an encoder's JSON", *encoder_from_json(values, "an encoder's JSON")))

    def save(self, path: str | Path, *, overwrite: bool = False) -> None:
        """Write a JSON file, whole or not at all.

        Raises
        ------
        OutputError
            `path` exists and `overwrite` is false, or the disk is full.
        """
        if Path(path).exists() and not overwrite:
            raise OutputError(f"{path} exists already: choose another name, or give overwrite=True")
        with atomic_file(Path(path)) as file:
            file.write(encoder_bytes(self.vocabulary, self.tokenizer))

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read what `save` wrote, or the ``encoder.json`` of ``w2v export --format keras``.

        Raises
        ------
        FormatError
            not one of these, or a damaged one.
        """
        path = Path(path)
        return cls(*_with_tokenizer(str(path), *parse_encoder(path, path.read_bytes())))


def fill_empty_rows(rows: list[Any]) -> int:
    """Put one unknown word into each row without an id; how many there were.

    A network that averages over the words of a text without any would divide by zero.
    """
    empty = [number for number, row in enumerate(rows) if not len(row)]
    for number in empty:
        rows[number] = [UNK]
    return len(empty)


def _with_tokenizer(where: str, vocabulary: Vocabulary, tokenizer: CorpusConfig | None) -> tuple[Vocabulary, CorpusConfig]:
    if tokenizer is None:
        remedy = "load its vectors with w2v.load, and give TextEncoder(vectors, tokenizer=CorpusConfig(...))"
        raise FormatError(f"{where} must say how texts become tokens, and its tokenizer is null: {remedy}")
    return vocabulary, tokenizer
