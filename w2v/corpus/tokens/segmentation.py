"""Chinese words: rjieba (jieba's algorithm and dictionary, in Rust) puts breaks into text, and the scanner cuts there.

rjieba releases the GIL and may be shared by threads: two cores segment 40 MB/s. It splits whatever is not Chinese by rules of its
own, so that `café` and `Москва` come apart; the scanner therefore cuts at a break only beside a character of a script without
spaces (`characters.BREAK`). What numba compiles here also runs as plain Python, over a query.

``python -m w2v.corpus.tokens.segmentation [DICTIONARY]`` is one of the processes that do it for a large corpus (`text_processes.py`).
"""

import re
import sys
import unicodedata
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from w2v.corpus.tokens.characters import BREAK_MARK
from w2v.corpus.tokens.scanner import LINE_END
from w2v.corpus.tokens.text_processes import TextProcesses, serve
from w2v.errors import CorpusError, import_extra

# Long strings take rjieba longer, per character, than pieces that fit into the cache: 9 MB/s for 3 million characters.
_PIECE = 8_000
_LONGEST_PIECE = 30_000
# rjieba never joins what stands on both sides of one of these, so that cutting here changes nothing.
_SAFE_CUT = re.compile(r"[\s。，、！？；：,!?;:（）()《》「」『』“”]")
_SEPARATOR = chr(BREAK_MARK)
_HEBREW_QUOTE = re.compile('(?<=[א-ת])"(?=[א-ת])')
_ENTRY = re.compile(r"(.+?)(?:\s+([0-9]{1,9}))?(?:\s+[a-z]+)?")  # word, frequency, part of speech, as jieba has it
_FULL_WIDTH = {0xFEE0 + code: code for code in range(0x21, 0x7F)}


def make_segmenter(dictionary: str | None = None) -> Callable[[bytes], bytes]:
    """A function that puts a `BREAK_MARK` between the words of valid UTF-8; for any number of threads at once.

    Parameters
    ----------
    dictionary : a file of further words, one a line, with a frequency and a part of speech behind it if they are known

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
        for word, frequency in read_dictionary(Path(dictionary)):
            jieba.add_word(word, frequency, None)
        cut = jieba.cut

    def segment(text: bytes) -> bytes:
        composed = _HEBREW_QUOTE.sub("״", unicodedata.normalize("NFC", text.decode()))  # what a break would keep apart
        return _SEPARATOR.join(_SEPARATOR.join(cut(piece)) for piece in _pieces(composed)).encode()

    return segment


def segmenter_processes(n: int, dictionary: str | None) -> TextProcesses:
    """The same by `n` processes, each of which takes about 100 MB for its dictionary; what `make_segmenter` raises."""
    make_segmenter(dictionary)  # a missing rjieba or a dictionary that cannot be read is an error here, not a process that ends
    return TextProcesses(n, [__name__, *([] if dictionary is None else [dictionary])], "a process that segments Chinese")


def _pieces(text: str) -> Iterator[str]:
    start = 0
    while start < len(text):
        stop = start + _PIECE
        found = _SAFE_CUT.search(text, stop, start + _LONGEST_PIECE)
        stop = found.end() if found else start + _LONGEST_PIECE
        yield text[start:stop]
        start = stop


def read_dictionary(path: Path) -> Iterator[tuple[str, int | None]]:
    """Word and frequency of each line, in ASCII where the file has full-width forms.

    Raises
    ------
    CorpusError
        another encoding than UTF-8.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path}, byte {error.start}: a dictionary must be UTF-8 ({error.reason}): save it as UTF-8") from None
    for line in lines:
        if entry := _ENTRY.fullmatch(line.strip()):
            yield entry[1].translate(_FULL_WIDTH), None if entry[2] is None else int(entry[2])


def warn_about_unreachable_words(dictionary: str, canonical: Callable[[bytes], tuple[Any, int]]) -> None:
    """Name words of a dictionary that do not become one token even where they stand alone.

    Parameters
    ----------
    canonical : UTF-8 to canonical bytes, by the rules of words and this dictionary
    """
    words = [word for word, _ in read_dictionary(Path(dictionary))]
    array, n = canonical("".join(f"{word}\n" for word in words).encode())
    lines = array[:n].tobytes().decode("latin-1").split(chr(LINE_END))
    wanted = ["".join(map(str.lower, word)).encode().decode("latin-1") for word in words]
    lost = [word for word, line, spelled in zip(words, lines, wanted, strict=False) if line != spelled]
    if lost:
        named = ", ".join(lost[:5]) + (", …" if len(lost) > 5 else "")
        warnings.warn(
            f"{dictionary}: {len(lost):,} of {len(words):,} words never become one token: {named}. Blanks and signs separate, Chinese and "
            "letters of other scripts than Latin come apart, and a low frequency may be too low",
            stacklevel=2,
        )


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


if __name__ == "__main__":
    serve(make_segmenter(sys.argv[1] if len(sys.argv) > 1 else None))
