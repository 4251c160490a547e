"""Chinese words: rjieba (jieba's algorithm and dictionary, in Rust) puts breaks into text, and the scanner cuts there.

rjieba releases the GIL and may be shared by threads: two cores segment 40 MB/s. It splits whatever is not Chinese by rules of its
own, so that `café` and `Москва` come apart; the scanner therefore cuts at a break only beside a character of a script without
spaces (`characters.BREAK`). What numba compiles here also runs as plain Python, over a query.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from w2v.corpus.tokens.characters import BREAK_MARK
from w2v.errors import CorpusError, import_extra

# Long strings take rjieba longer, per character, than pieces that fit into the cache: 9 MB/s for 3 million characters.
_PIECE = 8_000
_LONGEST_PIECE = 30_000
# rjieba never joins what stands on both sides of one of these, so that cutting here changes nothing.
_SAFE_CUT = re.compile(r"[\s。，、！？；：,!?;:（）()《》「」『』“”]")
_SEPARATOR = chr(BREAK_MARK)
_FULL_WIDTH = {0xFEE0 + code: code for code in range(0x21, 0x7F)}


def make_segmenter(dictionary: str | None = None) -> Callable[[bytes], bytes]:
    """A function that puts a `BREAK_MARK` between the words of valid UTF-8; for any number of threads at once.

    Parameters
    ----------
    dictionary : a file of further words, one a line, with a frequency after a space if one is known

    Raises
    ------
    MissingExtraError
        without rjieba.
    CorpusError
        a dictionary that cannot be read, with its line.
    """
    rjieba = import_extra("rjieba", "chinese", "the tokenizer chinese")
    cut = rjieba.cut
    if dictionary is not None:
        jieba = rjieba.Jieba()
        for word, frequency in _read_dictionary(Path(dictionary)):
            jieba.add_word(word, frequency, None)
        cut = jieba.cut

    def segment(text: bytes) -> bytes:
        return _SEPARATOR.join(_SEPARATOR.join(cut(piece)) for piece in _pieces(text.decode())).encode()

    return segment


def _pieces(text: str) -> Iterator[str]:
    start = 0
    while start < len(text):
        stop = start + _PIECE
        found = _SAFE_CUT.search(text, stop, start + _LONGEST_PIECE)
        stop = found.end() if found else start + _LONGEST_PIECE
        yield text[start:stop]
        start = stop


def _read_dictionary(path: Path) -> Iterator[tuple[str, int | None]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path}, byte {error.start}: a dictionary must be UTF-8 ({error.reason})") from None
    for number, line in enumerate(lines, 1):
        fields = line.split()
        if not fields:
            continue
        frequency = fields[1] if len(fields) > 1 else None
        if frequency is not None and not (frequency.isascii() and frequency.isdigit() and len(frequency) < 10):
            raise CorpusError(f"{path}, line {number}: expected a word and perhaps its frequency, found {line.strip()[:60]!r}")
        yield fields[0].translate(_FULL_WIDTH), None if frequency is None else int(frequency)


def fold_width(text: Any, out: Any) -> int:
    """Full-width forms U+FF01 to U+FF5E become ASCII, U+3000 and a `BREAK_MARK` of the text's own become a space.

    Parameters
    ----------
    text : (n,) uint8, valid UTF-8
    out : (n or more,) uint8, written

    Returns
    -------
    Number of bytes written.
    """
    n = len(text)
    i = 0
    o = 0
    while i < n:
        byte = text[i]
        if byte == 0xEF and (text[i + 1] == 0xBC or (text[i + 1] == 0xBD and text[i + 2] < 0x9F)):
            folded = (text[i + 2] & 63) + (0x20 if text[i + 1] == 0xBC else 0x60)
            if folded > 0x20:  # EF BC 80 would be U+FF00, which is unassigned
                out[o] = folded
                o += 1
                i += 3
                continue
        elif byte == 0xE3 and text[i + 1] == 0x80 and text[i + 2] == 0x80:
            out[o] = 0x20
            o += 1
            i += 3
            continue
        elif byte == BREAK_MARK:
            byte = 0x20
        out[o] = byte
        o += 1
        i += 1
    return o
