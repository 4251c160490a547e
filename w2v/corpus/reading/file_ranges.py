"""Plain text files read by many threads at once: each reads a range of the file, and finds itself where its text begins and ends.

The text of a range begins behind the first break at or after the range's first byte, and ends where the next range's begins: a
function of the file alone, so that every byte belongs to one text, whoever reads it, and nothing is passed on from one range to the
next. Only a thread that finds broken text reads the file again from its start, to say the line.
"""

from __future__ import annotations

import codecs
import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.corpus.reading.blocks import LONGEST_RUN
from w2v.corpus.reading.decoding import UTF8_NAMES, TextDecoder
from w2v.corpus.reading.sources import TextSource
from w2v.corpus.reading.utf8 import ROOM, VALID, check_utf8
from w2v.corpus.reading.wikiextractor import remove_doc_lines
from w2v.errors import CorpusError
from w2v.file_hashes import RANGE_BYTES, combine

_BEFORE = 4  # bytes of the range before that are read too, for a break that ends where the range begins
_USUAL_RUN = 1 << 12  # as a rule a break is found this near
BUFFER_BYTES = _BEFORE + RANGE_BYTES + LONGEST_RUN + ROOM

Bytes = npt.NDArray[np.uint8]


def is_readable_in_ranges(source: TextSource, encoding: str) -> bool:
    """An uncompressed regular file of UTF-8 text; files of /proc, which say that they hold nothing, are none."""
    return source.kind in ("text", "wikiextractor") and source.compression is None and bool(source.size) and encoding in UTF8_NAMES


class PlainFile:
    """One file. `read` may be called by several threads at once.

    Parameters
    ----------
    path, name, size : a regular file, what messages call it, and how many of its bytes are read, though a log may grow
    encoding, errors : as `TextDecoder` takes them
    breaks : where tokens may end, each a character
    first_cut : finds the first place where a text without breaks may be cut, 0 where there is none
    is_wikiextractor : drop the lines ``<doc …>`` and ``</doc>``
    prefers_lines : cut at the end of a line wherever there is one
    on_bytes : called with the number of bytes read

    Attributes
    ----------
    replaced : U+FFFD put in for broken bytes, and spaces for NULs, in what was read so far
    """

    def __init__(
        self,
        path: Path,
        name: str,
        size: int,
        *,
        encoding: str,
        errors: str,
        breaks: Sequence[bytes],
        first_cut: Callable[[bytes], int],
        is_wikiextractor: bool = False,
        prefers_lines: bool = False,
        on_bytes: Callable[[int], None] | None = None,
    ) -> None:
        self.name, self.size, self.replaced = name, size, 0
        self._path, self._n_readers = path, 0
        self._file = open(path, "rb", buffering=0)  # noqa: SIM115 (closed by the last reader, or by `close`)
        self._encoding, self._errors = encoding, errors
        self._breaks = ((b"\n",), breaks) if is_wikiextractor or prefers_lines else (breaks,)
        self._first_cut, self._is_wikiextractor, self._on_bytes = first_cut, is_wikiextractor, on_bytes
        self._lock = threading.Lock()
        self._digests: dict[int, bytes] = {}

    @property
    def n_ranges(self) -> int:
        return -(-self.size // RANGE_BYTES)

    def close(self) -> None:
        self._file.close()

    def hashes(self) -> list[dict[str, Any]]:
        """When every range was read: path, size and hash."""
        return [{"path": self.name, "size": self.size, **combine(self._digests[number] for number in range(self.n_ranges))}]

    def read(self, number: int, buffer: Bytes) -> tuple[Bytes, bool, int]:
        """The text of a range.

        Parameters
        ----------
        buffer : (BUFFER_BYTES,) uint8, overwritten; the text is a part of it, as a rule

        Returns
        -------
        text : (n,) uint8, valid UTF-8 without NULs and byte order mark; the last range's ends with a newline
        is_ascii : it is
        offset : where it begins in the file

        Raises
        ------
        CorpusError
            broken text, with its line and byte.
        OSError
            with the file's name.
        """
        with self._lock:
            self._n_readers += 1
            if self._file.closed:  # read again, for a message
                self._file = open(self._path, "rb", buffering=0)  # noqa: SIM115
        try:
            return self._read(number, buffer)
        finally:
            with self._lock:
                self._n_readers -= 1
                if not self._n_readers and len(self._digests) == self.n_ranges:  # a folder may hold more files than may be open
                    self._file.close()

    def _read(self, number: int, buffer: Bytes) -> tuple[Bytes, bool, int]:
        first, last = number * RANGE_BYTES, min((number + 1) * RANGE_BYTES, self.size)
        window = _Window(self._file.fileno(), self.name, max(0, first - _BEFORE), buffer)
        window.read_to(min(last + _USUAL_RUN, self.size))
        begin = first - window.start
        self._digests[number] = hashlib.sha256(buffer[begin : begin + last - first].data).digest()
        if self._on_bytes is not None:
            self._on_bytes(last - first)
        start, stop = self._border(first, window), self._border(last, window)
        if first == 0:
            start = self._skip_mark(buffer)
        begin, n = start - window.start, stop - start
        if stop == self.size and n and buffer[begin + n - 1] != ord("\n"):
            buffer[begin + n] = ord("\n")
            n += 1
        status, _, is_ascii = check_utf8(buffer[begin:], n)
        text = buffer[begin : begin + n]
        if status != VALID:
            text, is_ascii = self._mended(text, start), False
        if self._is_wikiextractor:
            starts_line = first == 0 or buffer[begin - 1] == ord("\n")
            text = text[: remove_doc_lines(text, starts_line)]
        return text, is_ascii, start

    def _border(self, position: int, window: _Window) -> int:
        """Where the text of the range that begins at `position` begins."""
        if position in (0, self.size):
            return position
        low = max(0, position - _BEFORE)
        for reach in (_USUAL_RUN, LONGEST_RUN):
            end = min(position + reach, self.size)
            window.read_to(end)
            near = window.bytes(low, end)
            for breaks in self._breaks:
                ends = [low + place + len(mark) for mark in breaks if (place := near.find(mark, max(0, position - low - len(mark)))) >= 0]
                if ends:
                    return min(ends)
                if end == self.size and len(self._breaks) > 1:  # the last line has no end of its own
                    return end
                if reach < LONGEST_RUN:
                    break  # the better breaks further away first
        if end < self.size:  # no break, so between two code points
            window.read_to(end + 1)
            last = window.bytes(end - 3, end + 1)
            end -= next((back for back in range(4) if last[3 - back] & 0xC0 != 0x80), 0)
        near = near[position - low : end - low]
        begins = next((k for k in range(min(4, len(near))) if near[k] & 0xC0 != 0x80), 0)
        return position + begins + (self._first_cut(near[begins:]) or len(near) - begins)

    def _skip_mark(self, buffer: Bytes) -> int:
        """Bytes of UTF-8's mark at the start of a file; those of wider encodings are refused."""
        head = buffer[: min(4, self.size)].tobytes()
        TextDecoder(self.name, self._encoding, self._errors).refuse_wide_bom(head)
        return len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0

    def _mended(self, text: Bytes, offset: int) -> Bytes:
        """Text with its broken bytes and NULs replaced, if the options say so; else the error for them."""
        lines = self._count_lines(offset) if self._errors == "strict" else 0  # for the error, which ends all reading
        decoder = TextDecoder(self.name, self._encoding, self._errors, lines)
        mended = decoder.check(text.tobytes(), offset)
        with self._lock:
            self.replaced += decoder.replaced
        return np.frombuffer(bytearray(mended), np.uint8)

    def _count_lines(self, end: int) -> int:
        lines = 0
        for start in range(0, end, RANGE_BYTES):
            lines += os.pread(self._file.fileno(), min(RANGE_BYTES, end - start), start).count(b"\n")
        return lines


class _Window:
    """What is in a buffer of a file: bytes from `start` on, more of them when more are asked for."""

    def __init__(self, file: int, name: str, start: int, buffer: Bytes) -> None:
        self.start = start
        self._file, self._name, self._buffer = file, name, buffer
        self._end = start

    def read_to(self, end: int) -> None:
        while self._end < end:
            room = self._buffer[self._end - self.start : end - self.start]
            try:
                n = os.preadv(self._file, [room.data], self._end)
            except OSError as error:
                raise OSError(error.errno, error.strerror, self._name) from error
            if n == 0:
                raise CorpusError(f"{self._name} has become shorter while it was read: it ends at byte {self._end}")
            self._end += n

    def bytes(self, first: int, last: int) -> bytes:
        return self._buffer[first - self.start : last - self.start].tobytes()
