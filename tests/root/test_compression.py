import bz2
import gzip
import io
import lzma
import tracemalloc
from collections.abc import Callable

import pytest
import zstandard

from w2v.compression import detect_compression, unpack
from w2v.errors import CorpusError

TEXT = b"".join(b"line %d of some text\n" % i for i in range(20_000))
COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstandard.compress,
}
every_compression = pytest.mark.parametrize("compression", COMPRESSORS)


def unpacked(data: bytes, compression: str | None, size: int = 1 << 16) -> bytes:
    return b"".join(unpack(io.BytesIO(data), compression, "a.txt", size))


@every_compression
def test_round_trip(compression: str) -> None:
    data = COMPRESSORS[compression](TEXT)
    assert detect_compression(data[:10]) == compression
    assert unpacked(data, compression) == TEXT
    assert unpacked(data, compression, 10) == TEXT


@every_compression
def test_empty_content(compression: str) -> None:
    data = COMPRESSORS[compression](b"")
    assert detect_compression(data[:10]) == compression
    assert unpacked(data, compression) == b""


@every_compression
def test_several_members_are_one_text(compression: str) -> None:
    compress = COMPRESSORS[compression]
    assert unpacked(compress(b"one ") + compress(b"") + compress(TEXT) + compress(b"three"), compression) == b"one " + TEXT + b"three"


@every_compression
def test_chunks_have_the_size_asked_for(compression: str) -> None:
    sizes = [len(chunk) for chunk in unpack(io.BytesIO(COMPRESSORS[compression](TEXT)), compression, "a.txt", 50_000)]
    assert all(size >= 50_000 for size in sizes[:-1])


@every_compression
@pytest.mark.parametrize("kept", [0.1, 0.5, 0.99])
def test_cut_off_data_is_an_error(compression: str, kept: float) -> None:
    data = COMPRESSORS[compression](TEXT)
    with pytest.raises(CorpusError, match=r"^a\.txt is cut off: its \w+ data ends before its end mark"):
        unpacked(data[: int(len(data) * kept)], compression)


@every_compression
def test_every_missing_byte_is_noticed(compression: str) -> None:
    data = COMPRESSORS[compression](b"some text")
    for length in range(1, len(data)):
        with pytest.raises(CorpusError, match=r"^a\.txt is"):
            unpacked(data[:length], compression)


@every_compression
def test_cut_off_in_the_second_member(compression: str) -> None:
    compress = COMPRESSORS[compression]
    with pytest.raises(CorpusError, match="cut off"):
        unpacked(compress(b"one") + compress(TEXT)[:-1], compression)


@every_compression
def test_a_flipped_byte_is_an_error(compression: str) -> None:
    content = zstandard.ZstdCompressor(write_checksum=True).compress(TEXT) if compression == "zstd" else COMPRESSORS[compression](TEXT)
    data = bytearray(content)
    data[len(data) // 2] ^= 0xFF
    with pytest.raises(CorpusError, match=r"^a\.txt is (damaged|cut off)"):
        unpacked(bytes(data), compression)


@every_compression
def test_something_else_after_the_data_is_an_error(compression: str) -> None:
    with pytest.raises(CorpusError, match=r"^a\.txt is damaged"):
        unpacked(COMPRESSORS[compression](TEXT) + b"and something else", compression)


@pytest.mark.parametrize("compression", ["gzip", "xz"])
def test_padding_with_zeros_is_allowed(compression: str) -> None:
    data = COMPRESSORS[compression](b"text")
    assert unpacked(data + bytes(512) + data + bytes(2048), compression) == b"texttext"


def test_zstd_skippable_frames() -> None:
    skippable = b"\x5a\x2a\x4d\x18\x04\0\0\0note"
    data = skippable + zstandard.compress(b"text") + skippable
    assert detect_compression(data) == "zstd"
    assert unpacked(data, "zstd") == b"text"


def test_zstd_with_a_long_window() -> None:
    parameters = zstandard.ZstdCompressionParameters.from_level(1, window_log=28, enable_ldm=False)
    compressor = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    data = compressor.compress(b"text") + compressor.flush()
    assert unpacked(data, "zstd") == b"text"


@pytest.mark.medium
@every_compression
def test_memory_stays_flat_when_the_content_explodes(compression: str) -> None:
    n = 200 << 20
    zeros = {
        "gzip": lambda: gzip.compress(bytes(n), 1),
        "bzip2": lambda: bz2.compress(bytes(n // 4), 9) * 4,
        "xz": lambda: lzma.compress(bytes(n // 8), preset=0) * 8,
        "zstd": lambda: zstandard.compress(bytes(n)),
    }[compression]()
    tracemalloc.start()
    try:
        length = sum(len(chunk) for chunk in unpack(io.BytesIO(zeros), compression, "zeros", 1 << 16))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert length == n
    assert peak < 80 << 20


@pytest.mark.parametrize("head", [b"", b"plain text", b"BZh9 is no bzip2", b"\x1f\x8b", b"(\xb5/"])
def test_other_beginnings_are_not_compressed(head: bytes) -> None:
    assert detect_compression(head) is None


def test_errors_of_the_disk_pass() -> None:
    class Broken(io.RawIOBase):
        def read(self, n: int = -1) -> bytes:
            raise OSError(5, "Input/output error", "a.txt")

    with pytest.raises(OSError, match="Input/output error"):
        list(unpack(Broken(), "bzip2", "a.txt", 100))  # type: ignore[arg-type]
