import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import w2v.corpus.reading.blocks as blocks_module
from w2v.corpus.reading.blocks import LONGEST_RUN, WHITE_SPACE, cut_blocks, drop_doc_lines

# Text with every width of UTF-8, few breaks, and the beginnings of <doc> lines.
TEXTS = st.text(st.sampled_from("aé中😀 \n\t。，<"), max_size=200)


def chunked(data: bytes, size: int) -> list[bytes]:
    return [data[i : i + size] for i in range(0, len(data), size)]


@given(TEXTS, st.integers(1, 40), st.integers(1, 40))
def test_blocks_are_the_stream_with_a_final_newline(text: str, chunk: int, size: int) -> None:
    data = text.encode()
    blocks = list(cut_blocks(chunked(data, chunk), size))
    assert b"".join(blocks) == data + (b"" if not data or data.endswith(b"\n") else b"\n")
    assert all(blocks)
    for block in blocks:  # short runs are never torn
        assert block.endswith(WHITE_SPACE)


@given(TEXTS, st.integers(1, 40), st.integers(8, 40), st.integers(4, 8))
def test_runs_without_breaks_are_cut_between_code_points(text: str, chunk: int, size: int, run: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks_module, "LONGEST_RUN", run)
        blocks = [block.decode() for block in cut_blocks(chunked(text.encode(), chunk), size)]
    assert "".join(blocks).removesuffix("\n") == text.removesuffix("\n")


def test_block_sizes() -> None:
    data = b"word " * 100_000
    size = 1 << 17
    sizes = [len(block) for block in cut_blocks(chunked(data, size), size)]
    assert len(sizes) == 4
    assert all(size - LONGEST_RUN < n < 2 * size for n in sizes[:-1])


def test_the_last_break_counts_and_any_white_space_is_one() -> None:
    assert next(cut_blocks([b"a b\tc\rd\ne f\tgh" + b"x" * 14], 14)) == b"a b\tc\rd\ne f\t"
    assert next(cut_blocks([b"aa\rbb" + b"c" * 5], 5)) == b"aa\r"


def test_breaks_of_the_caller() -> None:
    blocks = list(cut_blocks([b"new york,san francisco,rome"], 16, (b"\n", b",")))
    assert blocks == [b"new york,san francisco,", b"rome\n"]


def test_chinese_on_one_line_is_cut_after_punctuation() -> None:
    line = ("我爱北京天安门" * 5 + "。") * 3000
    blocks = list(cut_blocks([line.encode()], 2 * LONGEST_RUN))
    assert len(blocks) > 1
    assert all(block.decode().endswith("。") for block in blocks[:-1])
    assert b"".join(blocks).decode() == line + "\n"


@pytest.mark.parametrize("character", ["é", "中", "😀"])
def test_a_run_without_any_mark_is_cut_between_code_points(character: str) -> None:
    line = character * (3 * LONGEST_RUN // len(character.encode()))
    for lead in ("", "a", "ab", "abc"):
        blocks = list(cut_blocks([(lead + line).encode()], LONGEST_RUN))
        assert len(blocks) > 2
        assert "".join(block.decode() for block in blocks) == lead + line + "\n"


def drop(text: str, size: int) -> str:
    blocks = []
    offset = 0
    for block in cut_blocks(chunked(text.encode(), size), size):
        blocks.append((offset, block))
        offset += len(block)
    return b"".join(text for _, text in drop_doc_lines(blocks)).decode()


WIKI = """<doc id="1" url="https://x.org/wiki?curid=1" title="One">
One

Text of one.
</doc>
<doc id="2" url="https://x.org/wiki?curid=2" title="Two">
Two
<docile> is no tag, <doc id="3"> inside a line neither.
</doc>
"""


@pytest.mark.parametrize("size", [1, 7, 20, 50, 1000])
def test_doc_lines_are_dropped(size: int) -> None:
    lines = [line for line in drop(WIKI, size).split("\n") if line]
    assert lines == ["One", "Text of one.", "Two", '<docile> is no tag, <doc id="3"> inside a line neither.']


@given(st.lists(st.sampled_from(["a b c", "", '<doc id="1" title="x y z">', "</doc>", "<doc", "中文"])), st.integers(1, 60))
def test_dropping_is_the_same_for_all_block_sizes(lines: list[str], size: int) -> None:
    text = "\n".join(lines)
    kept = [line for line in text.split("\n") if line and not re.match(r"<doc |</doc>", line)]
    assert [line for line in drop(text, size).split("\n") if line] == kept


def test_offsets_of_what_is_left() -> None:
    blocks = [(0, b"<doc id=1 "), (10, b"title=x>\nabc "), (23, b"def\n</doc>\n")]
    assert list(drop_doc_lines(blocks)) == [(18, b"\nabc "), (23, b"def\n")]
