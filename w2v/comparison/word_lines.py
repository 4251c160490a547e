"""Encoded text as lines of words again, so that other tools train on exactly our tokens."""

import itertools
from collections.abc import Iterator
from pathlib import Path

from w2v.corpus.encoded_corpus import EncodedCorpus
from w2v.errors import CorpusError

MOST_WORDS = 10_000  # of a line: gensim's own limit
CUT_WORDS = 1_000
_CUT_BYTES = 6_000  # about `CUT_WORDS` English words


def write_lines(corpus: EncodedCorpus, path: Path, line_words: int | None = None) -> None:
    """Write the tokens of a corpus as text, UTF-8: one sentence a line, one space between words.

    Parameters
    ----------
    path : the file to write
    line_words : words of every line, whatever the sentences are. None keeps the sentences, but cuts one of more than 10,000 words
        into lines of 1,000: gensim handles longer ones badly (one thread gets the whole line, or the rest of it is dropped)

    Raises
    ------
    CorpusError
        a token holds white space, so that other tools would read two.
    """
    words = corpus.vocabulary.words
    for word in words:
        if word.split() != [word]:
            raise CorpusError(f"other tools split words at white space: the token {word!r} cannot be given to them")
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        for start, stop in _ranges(corpus, line_words):
            file.write(" ".join([words[rank] for rank in corpus.tokens[start:stop].tolist()]) + "\n")


def _ranges(corpus: EncodedCorpus, line_words: int | None) -> Iterator[tuple[int, int]]:
    """Token positions [start, stop) of each line."""
    sentences = itertools.pairwise(corpus.sentence_offsets.tolist()) if line_words is None else [(0, corpus.n_tokens)]
    for start, stop in sentences:
        step = line_words or (CUT_WORDS if stop - start > MOST_WORDS else stop - start)
        for first in range(start, stop, step):
            yield first, min(first + step, stop)


def cut_lines(text: Path, out: Path) -> None:
    """Copy a raw text, with lines of more than 6,000 bytes cut there between two words; 100 MB take 0.2 s, in constant memory."""
    with open(text, "rb") as source, open(out, "wb") as goal:
        rest = b""
        while piece := source.readline(_CUT_BYTES):
            cut = len(piece) == _CUT_BYTES and not piece.endswith(b"\n")
            piece, rest = rest + piece, b""
            place = max(piece.rfind(b" "), piece.rfind(b"\t")) if cut else -1
            if place >= 0:
                piece, rest = piece[:place] + b"\n", piece[place + 1 :]
            goal.write(piece)
        goal.write(rest)
