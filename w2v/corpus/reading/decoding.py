"""Bytes in any encoding -> blocks of valid UTF-8, or an error that names file, line and byte.

UTF-8 is only checked: `bytes.isascii` runs at 20 GB/s, and decoding is left to blocks that hold more than ASCII. Every other
encoding goes through Python's incremental decoder.
"""

import codecs
import itertools
import threading
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from w2v.corpus.reading.blocks import cut_blocks
from w2v.corpus.reading.encoding_guess import better_guess, guess_encodings, guess_wide, is_mostly_utf8, utf8_lines
from w2v.errors import CorpusError, argument

UTF8_NAMES = ("utf-8", "utf-8-sig")
_BOM = "\ufeff"
# The longer marks first: UTF-32's little-endian one begins with UTF-16's.
_WIDE_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Work on a whole block would allocate another megabyte each time, which costs more in page faults than the work itself.
_STRIP_BYTES = 1 << 16
_WIDE_BYTES = 200  # of them at least make sure of UTF-16 and UTF-32
_SHOWN = 20  # characters of a word
_UTF8_CHARACTERS = 4  # so many, and nothing broken, are no chance

# Incremental decoders take an error handler by its name only, and U+FFFD in the text may be the author's own, so the handler
# counts what it replaces, thread by thread.
_COUNTING_REPLACE = "w2v.replace"
_replacements = threading.local()


def _replace_and_count(error: UnicodeError) -> tuple[str | bytes, int]:
    if isinstance(error, UnicodeDecodeError):
        _replacements.count += 1
        return "\ufffd", error.end
    if isinstance(error, UnicodeEncodeError):
        n = error.end - error.start
        _replacements.count += n
        return "\ufffd".encode() * n, error.end
    raise error


codecs.register_error(_COUNTING_REPLACE, _replace_and_count)


def _go_on() -> str:
    return f"to go on anyway, {argument('errors', 'replace')}"


class TextDecoder:
    """Decodes one source.

    Parameters
    ----------
    name : of the source, for messages
    encoding : normalized, as `CorpusConfig` has it
    errors : ``"strict"`` raises `CorpusError` at the first broken byte; ``"replace"`` puts U+FFFD in its place, a space in a NUL's
    lines : of the source before the first block

    Attributes
    ----------
    replaced : broken bytes and NULs replaced so far
    """

    def __init__(self, name: str, encoding: str, errors: str, lines: int = 0) -> None:
        self.replaced = 0
        self._name = name
        self._encoding = encoding
        self._is_utf8 = encoding in UTF8_NAMES
        self._strict = errors == "strict"
        self._lines = lines  # newlines in the blocks so far

    def blocks(self, chunks: Iterable[bytes], size: int, breaks: Sequence[bytes]) -> Iterator[tuple[int, bytes]]:
        """Decode, check and cut a source.

        Parameters
        ----------
        chunks : the source's bytes; all chunks but the last hold at least 4 bytes
        size, breaks : as `cut_blocks` takes them

        Yields
        ------
        Byte offset and text of each block. In UTF-8 the offset is the one in the source, a BOM included; in other encodings the
        one in the source's text as UTF-8.
        """
        chunks = iter(chunks)
        pieces: Iterable[bytes]
        offset = 0
        if self._is_utf8:
            head = next(chunks, b"")
            self.refuse_wide_bom(head)
            text = head.removeprefix(codecs.BOM_UTF8)
            offset = len(head) - len(text)
            pieces = itertools.chain((text,), chunks)
        else:
            pieces = self._transcode(chunks)
        for block in cut_blocks(pieces, size, breaks):
            yield offset, self.check(block, offset)
            offset += len(block)

    def encode_field(self, text: str, line: int) -> bytes:
        """UTF-8 of one field of a record that begins at `line`, which escapes may have given what a file's text cannot hold."""
        return self._without_nuls(self._encode(text, line), line)

    def _encode(self, text: str, line: int) -> bytes:
        """UTF-8 of decoded text: escapes of JSON and decoders such as utf-7 can make lone surrogates, which no UTF-8 holds."""
        if self._strict:
            try:
                return text.encode()
            except UnicodeEncodeError as error:
                line += text.count("\n", 0, error.start)
                raise CorpusError(f"{self._name}, line {line}: half of a surrogate pair, which is no character: {_go_on()}") from None
        _replacements.count = 0
        encoded = text.encode("utf-8", _COUNTING_REPLACE)
        self.replaced += _replacements.count
        return encoded

    def _without_nuls(self, text: bytes, line: int, offset: int | None = None) -> bytes:
        """Refuse NUL bytes or make them spaces: no text has them, and most files that do are not text. Wide encodings are refused always.

        `line` is the number of the text's first line, `offset` its first byte's place in the source where that is known.
        """
        found = text.find(b"\0")
        if found < 0:
            return text
        wide = guess_wide(text, offset) if self._is_utf8 and offset is not None else None
        if not self._strict and (wide is None or len(text) < _WIDE_BYTES):
            self.replaced += text.count(b"\0")
            return text.replace(b"\0", b" ")
        place = f"line {line + text.count(10, 0, found)}"
        if offset is not None:
            place += f", byte {offset + found}"
        if wide is not None:
            remedy = f"it looks like {wide[:6].upper()} without a mark: {argument('encoding', wide)}; "
        else:
            remedy = f"if it is UTF-16, add {argument('encoding', 'utf-16')}; " if self._is_utf8 else ""
        raise CorpusError(f"{self._name}, {place}: holds NUL bytes, so it is not {self._encoding} text: {remedy}{_go_on()}")

    def refuse_wide_bom(self, head: bytes) -> None:
        """Refuse UTF-16 and UTF-32 read as UTF-8, with errors="replace" too: nothing readable would be left."""
        for bom, encoding in _WIDE_BOMS:
            if head.startswith(bom):
                raise CorpusError(f"{self._name}, line 1, byte 0: begins with the mark of {encoding}: add {argument('encoding', encoding)}")

    def check(self, block: bytes, offset: int) -> bytes:
        """A block as valid UTF-8 without NULs.

        Raises
        ------
        CorpusError
            it is not, and errors are not replaced: the line and the byte.
        """
        block = self._without_nuls(block, self._lines + 1, offset)
        if self._is_utf8 and not block.isascii():
            try:
                _check_utf8(block)
            except UnicodeDecodeError as error:
                if self._strict:
                    line = self._lines + block.count(b"\n", 0, error.start) + 1
                    raise self._broken(error, line, offset + error.start) from None
                text = block.decode(errors="replace")
                self.replaced += text.count("\ufffd") - block.count("\ufffd".encode())
                block = text.encode()
        self._lines += _count_newlines(block)
        return block

    def _broken(self, error: UnicodeDecodeError, line: int, byte: int) -> CorpusError:
        found = f"{self._name}, line {line}, byte {byte}: not {self._encoding} (0x{error.object[error.start]:02x}: {error.reason})"
        return CorpusError(f"{found}: {self._encoding_advice(error)}; {_go_on()}")

    def _encoding_advice(self, error: UnicodeDecodeError) -> str:
        good = bad = 0
        if self._is_utf8:
            good, bad = utf8_lines(error.object)
            if good > bad or is_mostly_utf8(error.object):
                lines = "this line is" if bad == 1 else f"{bad:,} lines are"
                around = f" ({good:,} lines with such characters)" if good else ""
                return f"the text around it is UTF-8{around}, {lines} damaged: mend it"
        elif (word := _utf8_word(error.object)) is not None:
            return f"it is UTF-8 ({word!r}): leave {argument('encoding')} away"
        guesses = guess_encodings(error.object, error.start, but=self._encoding)
        if not guesses:
            return f"say what it is with {argument('encoding')}, such as {argument('encoding', 'cp1252')}"
        first, *others = guesses
        more = "".join(f", or {guess.encoding} ({guess.word!r})" for guess in others)
        mixed = f"{good:,} {'line is' if good == 1 else 'lines are'} UTF-8 and {bad:,} not; of these " if good else ""
        return f"{mixed}it may be {first.encoding} ({first.word!r}){more}: add {argument('encoding', first.encoding)}"

    def _refuse_nonsense(self, chunk: bytes) -> None:
        """What another encoding than the one that was named is meant for: most take nearly any bytes, without an error."""
        if not self._encoding.startswith("utf") and (word := _utf8_word(chunk)) is not None:
            raise CorpusError(f"{self._name} is not {self._encoding} but UTF-8 ({word!r}): leave {argument('encoding')} away")
        if self._strict and (guess := better_guess(chunk, self._encoding)) is not None:
            instead = f"it looks like {guess.encoding} ({guess.word!r}): add {argument('encoding', guess.encoding)}"
            raise CorpusError(f"{self._name}: {self._encoding} makes no words of it, and {instead}; {_go_on()}")

    def _transcode(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        decoder = codecs.getincrementaldecoder(self._encoding)("strict" if self._strict else _COUNTING_REPLACE)
        consumed = 0
        lines = 0
        starts = True
        for chunk in itertools.chain(chunks, (b"",)):
            if not consumed:
                self._refuse_nonsense(chunk)
            consumed += len(chunk)
            state = decoder.getstate()
            _replacements.count = 0
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeError as error:
                if isinstance(error, UnicodeDecodeError) and "BOM" not in error.reason:  # without a mark: UnicodeError before Python 3.13
                    byte = consumed - len(error.object) + error.start
                    decoder.setstate(state)  # again up to the error, for its line
                    before = decoder.decode(chunk[: max(0, byte - consumed + len(chunk))])
                    raise self._broken(error, lines + before.count("\n") + 1, byte) from None
                order = argument("encoding", f"{self._encoding}-le")
                hint = f": without its mark at the start, name the byte order: {order} or -be"
                wide = self._encoding in ("utf-16", "utf-32")
                raise CorpusError(f"{self._name} is not {self._encoding} ({error}){hint if wide else ''}") from None
            self.replaced += _replacements.count
            if starts and text:
                text, starts = text.removeprefix(_BOM), False
            yield self._encode(text, lines + 1)
            lines += text.count("\n")


def _utf8_word(chunk: bytes) -> str | None:
    """The first word outside ASCII of bytes that are UTF-8 beyond doubt; they may end within a character."""
    if chunk.isascii():
        return None
    try:
        text = codecs.utf_8_decode(chunk, "strict", False)[0]
    except UnicodeDecodeError:
        return None
    if sum(not character.isascii() for character in text) < _UTF8_CHARACTERS:
        return None
    return next(word for word in text.split() if not word.isascii())[:_SHOWN]


def _check_utf8(text: bytes) -> None:
    """Raise what ``text.decode()`` raises, strip by strip."""
    view = memoryview(text)
    position = 0
    while position < len(text):
        strip = view[position : position + _STRIP_BYTES]
        try:
            position += codecs.utf_8_decode(strip, "strict", position + len(strip) == len(text))[1]
        except UnicodeDecodeError as error:
            start, end = position + error.start, position + error.end
            raise UnicodeDecodeError("utf-8", text, start, end, error.reason) from None


def _count_newlines(text: bytes) -> int:
    """Three times as fast as ``text.count``, and free beside the hash."""
    array = np.frombuffer(text, np.uint8)
    return sum(int(np.count_nonzero(array[start : start + _STRIP_BYTES] == 10)) for start in range(0, len(text), _STRIP_BYTES))
