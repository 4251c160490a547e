import codecs
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from w2v.config import CorpusConfig
from w2v.corpus.reading.blocks import WHITE_SPACE
from w2v.corpus.reading.decoding import TextDecoder
from w2v.errors import ConfigError, CorpusError

SIZES = (4, 16, 1 << 20)


def decode(data: bytes, encoding: str = "utf-8", errors: str = "strict", size: int = 1 << 20) -> tuple[bytes, int]:
    decoder = TextDecoder("a.txt", CorpusConfig(encoding=encoding).encoding, errors)
    chunks = [data[i : i + size] for i in range(0, len(data), size)]
    text = b"".join(text for _, text in decoder.blocks(chunks, size, WHITE_SPACE))
    return text, decoder.replaced


def with_newline(text: str) -> bytes:
    return (text if not text or text.endswith("\n") else text + "\n").encode()


def fails(data: bytes, message: str, encoding: str = "utf-8", sizes: tuple[int, ...] = SIZES) -> None:
    for size in sizes:
        with pytest.raises(CorpusError, match=message):
            decode(data, encoding, size=size)


TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0\ufeff"))


@given(TEXTS, st.integers(4, 64))
def test_utf8_passes_as_it_is(text: str, size: int) -> None:
    assert decode(text.encode(), size=size) == (with_newline(text), 0)


@pytest.mark.medium
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "gb18030"])
@given(text=TEXTS, size=st.integers(4, 64))
def test_encodings_that_hold_everything(encoding: str, text: str, size: int) -> None:
    assert decode(text.encode(encoding), encoding, size=size) == (with_newline(text), 0)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("latin-1", "déjà vu\n"),
        ("cp1252", "“smart” – quotes\n"),
        ("gbk", "我爱北京\n"),
        ("big5", "我愛北京\n"),
        ("shift_jis", "私は東京\n"),
        ("iso2022_jp", "私は東京\n"),
        ("koi8-r", "Москва\n"),
        ("ascii", "plain\n"),
    ],
)
@pytest.mark.parametrize("size", SIZES)
def test_other_encodings(encoding: str, text: str, size: int) -> None:
    assert decode((text * 3).encode(encoding), encoding, size=size) == ((text * 3).encode(), 0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "gb18030"])
@pytest.mark.parametrize("size", SIZES)
def test_one_mark_at_the_beginning_is_dropped(encoding: str, size: int) -> None:
    assert decode("\ufefftext \ufeff\n".encode(encoding), encoding, size=size) == ("text \ufeff\n".encode(), 0)


def test_a_mark_and_nothing_else_is_an_empty_file() -> None:
    assert decode(codecs.BOM_UTF8) == (b"", 0)
    assert decode(codecs.BOM_UTF16, "utf-16") == (b"", 0)
    assert decode(b"") == (b"", 0)
    assert decode(b"", "utf-16") == (b"", 0)


def test_carriage_returns_stay() -> None:
    assert decode(b"one\r\ntwo\r\n") == (b"one\r\ntwo\r\n", 0)


def test_offsets_count_the_mark() -> None:
    decoder = TextDecoder("a.txt", "utf-8", "strict")
    data = codecs.BOM_UTF8 + b"one two three"
    blocks = list(decoder.blocks([data], 5, WHITE_SPACE))
    assert [data[offset : offset + len(text)] for offset, text in blocks] == [b"one ", b"two ", b"three"]


def test_broken_utf8_names_line_byte_and_remedies() -> None:
    data = "first line\nsecond 北京\n".encode() + "第三行".encode("gbk") + b"\n"
    byte = len("first line\nsecond 北京\n".encode())
    message = (
        rf"^a\.txt, line 3, byte {byte}: not utf-8 \(0xb5: invalid start byte\): "
        r"(1 line is UTF-8 and 1 not; of these )?it may be gb18030 \('第三行'\).*: "
        r"add encoding=\"gb18030\"; to go on anyway, errors=\"replace\"$"
    )
    fails(data, message)


@pytest.mark.parametrize("broken", [b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe4\xb8", b"\x80"])
def test_all_kinds_of_broken_utf8(broken: bytes) -> None:
    for tail in (b"", b" and more\n", b"x" * 100):
        fails(b"one\ntwo " + broken + tail, r"^a\.txt, line 2, byte 8: not utf-8")


def test_broken_bytes_are_found_behind_the_first_strip() -> None:
    data = "é".encode() + b"line\n" * 100_000
    fails(data + b"\xff\n", rf"line 100001, byte {len(data)}: not utf-8", sizes=(1 << 20,))


def test_marks_of_wide_encodings_are_named() -> None:
    fails("text".encode("utf-16"), r"^a\.txt, line 1, byte 0: begins with the mark of utf-16: add encoding=\"utf-16\"$")
    fails("text".encode("utf-32"), r"^a\.txt, line 1, byte 0: begins with the mark of utf-32: add encoding=\"utf-32\"$")
    with pytest.raises(CorpusError, match='add encoding="utf-16"'):
        decode("text".encode("utf-16"), errors="replace")


def test_utf16_without_a_mark() -> None:
    fails("text".encode("utf-16-le"), r"^a\.txt is not utf-16 .*encoding=\"utf-16-le\" or -be$", "utf-16")
    raw = b"one\n" + "two".encode("utf-16-le")
    fails(raw, r"^a\.txt, line 2, byte 5: holds NUL bytes.*it looks like UTF-16 without a mark: encoding=\"utf-16-le\";")


def test_nul_bytes() -> None:
    message = r"^a\.txt, line 2, byte 6: holds NUL bytes, so it is not utf-8.*: if it is UTF-16, add encoding=\"utf-16\"; to go on anyway"
    fails(b"one\ntw\0o\n\0", message)
    fails("é\nb\0".encode("latin-1"), r"^a\.txt, line 2, byte 4: holds NUL bytes, so it is not iso8859-1 text: to go on anyway", "latin-1")
    for size in SIZES:
        assert decode(b"one\ntw\0o\n\0", errors="replace", size=size) == (b"one\ntw o\n \n", 2)


@pytest.mark.parametrize(
    ("encoding", "data", "line", "byte"),
    [
        ("gb18030", "一二\n三四".encode("gb18030") + b"\xff\xff x", 2, 9),
        ("gb18030", "一二\n三四".encode("gb18030") + b"\x81", 2, 9),
        ("shift_jis", "東京\n".encode("shift_jis") + b"\x81\x20", 2, 5),
        ("utf-16", "一二\n三".encode("utf-16") + b"\x00\xd8\x20\x00", 2, 10),
        ("utf-16-le", "一二\n三".encode("utf-16-le") + b"x", 2, 8),
        ("cp1252", b"abc\nde\x81f", 2, 6),
        ("ascii", b"\n\nabc\xe9", 3, 5),
    ],
)
def test_other_encodings_name_line_and_byte(encoding: str, data: bytes, line: int, byte: int) -> None:
    name = re.escape(CorpusConfig(encoding=encoding).encoding)
    fails(data, rf"^a\.txt, line {line}, byte {byte}: not {name} \(0x.*encoding.*; to go on", encoding, (4, 5, 6, 7, 1 << 20))


@given(st.binary(max_size=100), st.integers(4, 32))
def test_replacing_in_utf8_is_pythons(data: bytes, size: int) -> None:
    data = data.replace(b"\xff\xfe", b"").replace(b"\xfe\xff", b"")
    expected = data.removeprefix(codecs.BOM_UTF8).replace(b"\0", b" ").decode(errors="replace")
    text, replaced = decode(data, errors="replace", size=size)
    assert text == with_newline(expected)
    genuine = len(re.findall("\ufffd".encode(), data))
    assert replaced == expected.count("\ufffd") - genuine + data.count(b"\0")


@pytest.mark.parametrize("size", SIZES)
def test_replacing_in_other_encodings_counts_only_what_was_broken(size: int) -> None:
    data = "一\ufffd".encode("gb18030") + b"\xff" + "二\n".encode("gb18030")
    assert decode(data, "gb18030", "replace", size) == ("一\ufffd\ufffd二\n".encode(), 1)
    assert decode("a\ufffd".encode("utf-16-le") + b"\x00\xdc", "utf-16-le", "replace", size) == ("a\ufffd\ufffd\n".encode(), 1)


def test_lone_surrogates_of_utf7() -> None:
    data = b"one\ntwo +2AA-\n"
    fails(data, r"^a\.txt, line 2: half of a surrogate pair", "utf-7", (1 << 20,))
    assert decode(data, "utf-7", "replace") == ("one\ntwo \ufffd\n".encode(), 1)
    assert decode(b"+2ADYAA- +2AA-", "utf-7", "replace") == ("\ufffd\ufffd \ufffd\n".encode(), 3)


@pytest.mark.parametrize("encoding", ["rot13", "hex", "base64", "zip", "undefined", "no-such-encoding", "a\0b"])
def test_codecs_that_are_not_for_text_are_refused(encoding: str) -> None:
    with pytest.raises(ConfigError, match="encoding must be a text encoding"):
        CorpusConfig(encoding=encoding)


@pytest.mark.parametrize("before", range(4))
def test_characters_across_the_strips_of_a_check(before: int) -> None:
    text = "x" * before + "é中😀" * 30_000 + "\n"
    assert decode(text.encode()) == (text.encode(), 0)
    broken = text.encode() + b"ok \xe4\xb8\n"
    fails(broken, rf"a\.txt, line 2, byte {len(text.encode()) + 3}: not utf-8", sizes=(1 << 20,))
