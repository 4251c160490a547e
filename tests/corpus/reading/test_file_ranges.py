"""Ranges of a file: together they are the file's text, whatever it holds, wherever they begin."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from w2v.config import CorpusConfig
from w2v.corpus.reading import file_ranges
from w2v.corpus.reading.blocks import WHITE_SPACE
from w2v.corpus.reading.file_ranges import PlainFile
from w2v.corpus.reading.sources import TextReader, find_sources
from w2v.corpus.reading.utf8 import BROKEN, NUL, ROOM, VALID, check_utf8
from w2v.errors import CorpusError

repeatable = settings(deadline=None, derandomize=True, max_examples=300)


def read_all(path: Path, errors: str = "strict", is_wikiextractor: bool = False, breaks: tuple[bytes, ...] = WHITE_SPACE) -> list[bytes]:
    file = PlainFile(
        path, path.name, path.stat().st_size, encoding="utf-8", errors=errors, breaks=breaks, first_cut=lambda text: 0,
        is_wikiextractor=is_wikiextractor,
    )  # fmt: skip
    buffer = np.empty(file_ranges.BUFFER_BYTES, np.uint8)
    try:
        return [file.read(number, buffer)[0].tobytes() for number in reversed(range(file.n_ranges))][::-1]
    finally:
        file.close()


@pytest.fixture
def tiny_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("RANGE_BYTES", 13), ("_USUAL_RUN", 5), ("LONGEST_RUN", 11), ("BUFFER_BYTES", 4 + 13 + 11 + ROOM)):
        monkeypatch.setattr(file_ranges, name, value)


TEXTS = st.text(st.sampled_from("ab \n\t.é京𝒳"), max_size=80)


@pytest.mark.medium
@pytest.mark.usefixtures("tiny_ranges")
@pytest.mark.parametrize("errors", ["strict", "replace"])
def test_ranges_make_the_file(tmp_path_factory: pytest.TempPathFactory, errors: str) -> None:
    path = tmp_path_factory.mktemp("ranges") / "text"

    @repeatable
    @given(TEXTS)
    @example("京" * 40)
    @example("a" * 13)
    @example("\ufeffab cd")
    def check(text: str) -> None:
        path.write_bytes(text.encode())
        parts = read_all(path, errors)
        expected = text.removeprefix("\ufeff")
        if expected and not expected.endswith("\n"):
            expected += "\n"
        assert b"".join(parts).decode() == expected
        for part in parts:
            part.decode()  # no character is torn

    check()


@pytest.mark.usefixtures("tiny_ranges")
def test_texts_end_at_breaks_where_there_are_some(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("one two three four five six seven eight nine ten\n")
    parts = read_all(tmp_path / "text")
    assert len(parts) == 4
    assert all(part.endswith((b" ", b"\n")) for part in parts)


@pytest.mark.medium
@pytest.mark.usefixtures("tiny_ranges")
@repeatable
@given(text=st.lists(st.sampled_from(["<doc id=1>", "</doc>", "a b", "<document>", "", "< doc"])))
def test_lines_of_wikiextractor_go_as_a_stream_drops_them(tmp_path_factory: pytest.TempPathFactory, text: list[str]) -> None:
    path = tmp_path_factory.mktemp("ranges") / "wiki"
    path.write_text("".join(f"{line}\n" for line in ["<doc id=0>", *text]))
    config = CorpusConfig()
    source = find_sources([path], config)
    assert source[0].kind == "wikiextractor"
    assert b"".join(read_all(path, is_wikiextractor=True)) == b"".join(block.text for block in TextReader(source, config))


@pytest.mark.usefixtures("tiny_ranges")
@pytest.mark.parametrize(
    "raw", [b"a b\nc d\ne f\n\xffg\n", b"one two three four\n\nfive six\0", b"abcdefghijklm\xe4\xba\n", b"\xff\xfea\0"]
)
def test_broken_text_is_refused_as_a_stream_refuses_it(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "text").write_bytes(raw)
    with pytest.raises(CorpusError) as expected:
        list(TextReader(find_sources([tmp_path / "text"], CorpusConfig()), CorpusConfig()))
    with pytest.raises(CorpusError) as caught:
        read_all(tmp_path / "text")
    assert str(caught.value) == str(expected.value).replace(f"{tmp_path}/", "")


@pytest.mark.usefixtures("tiny_ranges")
def test_broken_text_is_replaced_and_counted(tmp_path: Path) -> None:
    (tmp_path / "text").write_bytes(b"one \xff two\0three \xe4\xba four five six \xf0\x9f\n")
    assert b"".join(read_all(tmp_path / "text", "replace")).decode() == "one \ufffd two three \ufffd four five six \ufffd\n"


@pytest.mark.usefixtures("tiny_ranges")
def test_a_file_is_closed_when_all_of_it_was_read(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("one two three four five six\n")
    file = PlainFile(tmp_path / "text", "text", 28, encoding="utf-8", errors="strict", breaks=WHITE_SPACE, first_cut=len)
    buffer = np.empty(file_ranges.BUFFER_BYTES, np.uint8)
    for number in range(file.n_ranges):
        assert not file._file.closed
        file.read(number, buffer)
    assert file._file.closed
    assert file.read(1, buffer)[0].tobytes() == b"four five six\n"  # again, for a message
    assert file._file.closed


def test_a_file_that_shrinks_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("one two three")
    file = PlainFile(tmp_path / "text", "text", 99, encoding="utf-8", errors="strict", breaks=WHITE_SPACE, first_cut=len)
    with pytest.raises(CorpusError, match="text has become shorter while it was read: it ends at byte 13"):
        file.read(0, np.empty(file_ranges.BUFFER_BYTES, np.uint8))
    file.close()


@pytest.mark.medium
@repeatable
@given(st.binary(max_size=60) | st.text(max_size=40).map(str.encode), st.integers(0, 300))
@example(b"\xe0\x80\x80", 0)
@example(b"\xed\xa0\x80", 255)
@example(b"\xf0\x80\x80\x80", 0)
@example(b"\xf4\x90\x80\x80", 256)
@example(b"\xe4\xba", 254)
@example(b"a\0", 256)
def test_utf8_is_checked_as_python_checks_it(raw: bytes, n_before: int) -> None:
    raw = b"x" * n_before + raw
    text = np.frombuffer(raw + b"\x80" * ROOM, np.uint8)
    status, position, is_ascii = check_utf8(text, len(raw))
    nul = raw.find(b"\0") if b"\0" in raw else len(raw)
    try:
        raw.decode()
        broken = len(raw)
    except UnicodeDecodeError as error:
        broken = error.start
    expected = VALID if nul == broken == len(raw) else NUL if nul < broken else BROKEN
    assert (status, position) == (expected, min(nul, broken))
    assert is_ascii == raw[:position].isascii() or status != VALID


def test_a_mark_before_the_first_line_of_wikiextractor(tmp_path: Path) -> None:
    (tmp_path / "wiki").write_bytes(b"\xef\xbb\xbf<doc id=1>\na b\n</doc>\n")
    assert read_all(tmp_path / "wiki", is_wikiextractor=True) == [b"a b\n"]


def test_lines_are_counted_for_an_error_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "text").write_bytes(b"a \xff b\n")
    monkeypatch.delattr(PlainFile, "_count_lines")
    assert read_all(tmp_path / "text", "replace") == ["a \ufffd b\n".encode()]
