"""Cutting a stream of UTF-8 into blocks, blocks into the lines of records, and dropping WikiExtractor's <doc> lines.

Blocks are made in a few C calls each and held one at a time, so that a line of a gigabyte needs no more memory than many short ones.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from w2v.errors import CorpusError

WHITE_SPACE = (b"\n", b" ", b"\t", b"\r")
# Text without white space (Chinese on one line) is cut after one of these where it can be, so that no word is torn.
_CJK_MARKS = tuple(mark.encode() for mark in "　。，、！？；：")
LONGEST_RUN = 1 << 16  # bytes without a break that are waited for; a longer run is cut at a code point
LARGEST_RECORD = 1 << 26  # characters; bounds memory when a quote is never closed
_DOC_LINE = re.compile(rb"\n</?doc[ >][^\n]*")


def cut_blocks(chunks: Iterable[bytes], size: int, breaks: Sequence[bytes] = WHITE_SPACE) -> Iterator[bytes]:
    """Cut a stream into blocks of about `size` bytes; the stream gets a final newline when it has none.

    Parameters
    ----------
    chunks : the stream in pieces of any length; need not be valid UTF-8
    size : of a block, in bytes; blocks are shorter by up to `LONGEST_RUN`, and less than twice as long unless a run asks for more
    breaks : where tokens may end; the break stays with the block before it

    Yields
    ------
    Blocks that end after a break. Where a run without breaks exceeds `LONGEST_RUN` bytes they end after CJK punctuation, or
    else between two code points.
    """
    rest = b""
    last = b"\n"  # byte of the blocks so far
    for chunk in chunks:
        data = rest + chunk
        start = 0
        stop = _next_stop(data, start, size)
        while stop <= len(data):
            end = _last_break(data, max(start, stop - LONGEST_RUN), stop, breaks)
            if end < 0 and stop - start >= LONGEST_RUN:
                end = _cut_in_run(data, stop)
            if end < 0:
                stop += size
                continue
            yield data[start:end]
            last = data[end - 1 : end]
            start = end
            stop = _next_stop(data, start, size)
        rest = data[start:]
    if not (rest or last).endswith(b"\n"):
        rest += b"\n"
    if rest:
        yield rest


def _next_stop(data: bytes, start: int, size: int) -> int:
    """Where the next block may end at most: a remainder under `size` goes with it, since carrying it over would copy it again."""
    return len(data) if size <= len(data) - start < 2 * size else start + size


def _last_break(data: bytes, low: int, stop: int, breaks: Sequence[bytes]) -> int:
    """End of the last break in data[low:stop]; -1 where there is none."""
    found = [position + len(mark) for mark in breaks if (position := data.rfind(mark, low, stop)) >= 0]
    return max(found, default=-1)


def _cut_in_run(data: bytes, stop: int) -> int:
    """Where to cut a run without breaks that fills the `LONGEST_RUN` bytes before `stop`."""
    end = _last_break(data, stop - LONGEST_RUN, stop, _CJK_MARKS)
    if end >= 0:
        return end
    for back in (1, 2, 3):
        byte = data[stop - back]
        if byte < 0x80:
            break
        if byte >= 0xC0:  # first byte of a code point of 2, 3 or 4 bytes
            length = 2 + (byte >= 0xE0) + (byte >= 0xF0)
            return stop - back if length > back else stop
    return stop


def drop_doc_lines(blocks: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
    """Drop the lines ``<doc …>`` and ``</doc>`` that WikiExtractor puts around each article.

    Parameters
    ----------
    blocks : offset and text, as `cut_blocks` cuts: such a line may go on in the next block

    Yields
    ------
    Offset and what is left of each block; offsets count the dropped lines of earlier blocks.
    """
    line_starts = True
    inside = False
    for offset, text in blocks:
        if inside:
            end = text.find(b"\n")
            if end < 0:
                continue
            offset, text, line_starts = offset + end, text[end:], False
        padded = b"\n" + text if line_starts else text
        kept = _DOC_LINE.sub(b"", padded)
        last_line = padded.rfind(b"\n")
        inside = last_line >= 0 and _DOC_LINE.match(padded, last_line) is not None
        if line_starts:
            kept = kept[1:]
        if kept:
            yield offset, kept
        line_starts = text.endswith(b"\n")


def split_lines(blocks: Iterable[bytes], name: str) -> Iterator[str]:
    """Lines of records, each with its newline, from blocks that end between two characters, the last one with a newline.

    Raises
    ------
    CorpusError
        a line longer than `LARGEST_RECORD`.
    """
    parts: list[str] = []
    length = 0
    number = 1
    for block in blocks:
        *whole, last = block.decode().split("\n")
        for line in whole:
            parts.append(line)
            yield "".join(parts) + "\n"
            number += 1
            parts.clear()
            length = 0
        parts.append(last)
        length += len(last)
        if length > LARGEST_RECORD:
            raise CorpusError(f"{name}, line {number}: a record must not be longer than {LARGEST_RECORD} characters")
