import errno
import gzip
import itertools
import json
import os
import random
import re
import threading
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_tokens import verbatim_lines, word_lines

from w2v.config import CorpusConfig
from w2v.corpus import encoding_passes, inputs
from w2v.corpus.encoded_corpus import EncodedCorpus
from w2v.corpus.encoding import encode
from w2v.corpus.reading import file_ranges, sources
from w2v.corpus.tokens.scanner import LONGEST_TOKEN
from w2v.errors import CorpusError, OutputError
from w2v.npy import NpyWriter
from w2v.vocabulary import rank_words

repeatable = settings(deadline=None, derandomize=True)  # the first example compiles

_LETTERS = "abcdeé'’- \n\n,京Σ"


def sentences(corpus: EncodedCorpus) -> list[list[str]]:
    words, offsets = corpus.vocabulary.words, corpus.sentence_offsets.tolist()
    ids = corpus.tokens.tolist()
    return [[words[i] for i in ids[start:stop]] for start, stop in itertools.pairwise(offsets)]


def expected(lines: list[list[str]], min_count: int, most: int | None = None) -> tuple[list[tuple[str, int]], list[list[str]]]:
    """Ranked words with counts, and the sentences that are left."""
    counts = Counter(token for line in lines for token in line)
    kept = [word for word, count in counts.items() if count >= min_count]
    ranked = [kept[i] for i in rank_words(kept, [counts[word] for word in kept])][:most]
    in_vocabulary = set(ranked).__contains__
    left = [list(filter(in_vocabulary, line)) for line in lines]
    return [(word, counts[word]) for word in ranked], [line for line in left if line]


def check(corpus: EncodedCorpus, lines: list[list[str]]) -> None:
    config = corpus.config
    words, left = expected(lines, config.min_count, config.max_vocabulary)
    assert list(zip(corpus.vocabulary.words, corpus.vocabulary.counts.tolist(), strict=True)) == words
    assert sentences(corpus) == left
    read = [token for line in lines for token in line]
    assert corpus.manifest["tokens_read"] == len(read)
    assert corpus.manifest["distinct_words"] == len(set(read))
    assert corpus.manifest["sample_tokens"] == read[:5]


def small_pieces(patch: pytest.MonkeyPatch, size: int) -> None:
    """Blocks of streams and ranges of files of about `size` bytes."""
    patch.setattr(sources, "BLOCK_BYTES", size)
    patch.setattr(file_ranges, "RANGE_BYTES", size)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("texts")


@pytest.mark.medium
@repeatable
@given(
    text=st.text(st.sampled_from(_LETTERS), min_size=1, max_size=300),
    tokenizer=st.sampled_from(["words", "characters", "whitespace", "items"]),
    min_count=st.integers(1, 3),
    most=st.one_of(st.none(), st.integers(1, 5)),
    threads=st.integers(1, 3),
    block_bytes=st.sampled_from([1, 7, 50, 1 << 20]),
)
def test_a_corpus_is_what_plain_python_makes_of_the_text(
    folder: Path, text: str, tokenizer: str, min_count: int, most: int | None, threads: int, block_bytes: int
) -> None:
    path = folder / "text.txt"
    path.write_bytes(text.encode())
    separator = "," if tokenizer == "items" else None
    config = CorpusConfig(tokenizer=tokenizer, separator=separator, min_count=min_count, max_vocabulary=most)
    if tokenizer in ("whitespace", "items"):
        lines = verbatim_lines(text, separator)
    else:
        lines = word_lines(text, singles=tokenizer == "characters")
    with pytest.MonkeyPatch.context() as patch:
        small_pieces(patch, block_bytes)
        patch.setattr("w2v.corpus.text_checks.SpacingCheck._refuse", lambda self, counted, found: None)
        patch.setattr(encoding_passes, "_CHUNK", 16)
        if not expected(lines, min_count, most)[0]:
            with pytest.raises(CorpusError, match="empty"):
                encode(path, config=config, threads=threads)
            return
        check(encode(path, config=config, threads=threads), lines)


def natural_text(n_lines: int, seed: int = 1) -> str:
    """Lines of words with a long tail, some not ASCII."""
    source = random.Random(seed)
    words = [f"{'é' if i % 7 == 0 else ''}w{i}{'x' * (i % 13)}" for i in range(5000)]
    weights = [1 / (i + 1) for i in range(5000)]
    return "\n".join(" ".join(source.choices(words, weights, k=source.randrange(30))) for _ in range(n_lines))


@pytest.mark.long
def test_neither_threads_nor_blocks_change_a_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = natural_text(3000)
    path = tmp_path / "text.txt"
    path.write_text(text, encoding="utf-8")
    files: set[tuple[bytes, ...]] = set()
    for threads, block_bytes in ((1, 1 << 20), (1, 300), (2, 3000), (3, 500), (8, 20_000)):
        small_pieces(monkeypatch, block_bytes)
        corpus = encode(path, tmp_path / f"{threads}-{block_bytes}", CorpusConfig(min_count=2), threads=threads)
        files.add(tuple((corpus.path / name).read_bytes() for name in ("tokens.npy", "sentence_offsets.npy", "vocabulary.tsv")))
    assert len(files) == 1
    check(corpus, word_lines(text))


def test_several_files_are_read_in_order_and_lines_end_with_them(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"one two")
    (tmp_path / "b.txt.gz").write_bytes(gzip.compress(b"\xef\xbb\xbfThree,\r\none\r\n"))
    corpus = encode([tmp_path / "a.txt", tmp_path / "b.txt.gz"], config=CorpusConfig(min_count=1))
    check(corpus, [["one", "two"], ["three"], ["one"]])
    assert [Path(source["path"]).name for source in corpus.manifest["sources"]] == ["a.txt", "b.txt.gz"]
    assert corpus.manifest["replaced"] == 0


def test_a_token_torn_by_blocks_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_pieces(monkeypatch, 70_000)
    path = tmp_path / "text.txt"
    path.write_text(",".join(f"w{i}" for i in range(40_000)), encoding="ascii")  # no white space at all
    check(encode(path, config=CorpusConfig(min_count=1)), [[f"w{i}" for i in range(40_000)]])


def test_a_long_line_of_characters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_pieces(monkeypatch, 70_000)
    path = tmp_path / "text.txt"
    path.write_text("北京" * 100_000, encoding="utf-8")
    check(encode(path, config=CorpusConfig(tokenizer="characters")), [["北", "京"] * 100_000])


@pytest.mark.parametrize("block_bytes", [1 << 20, 70_000])
def test_a_token_that_is_too_long_is_named_by_its_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block_bytes: int) -> None:
    small_pieces(monkeypatch, block_bytes)
    path = tmp_path / "text.txt"
    path.write_bytes("é ".encode() * 1000 + b"word " + b"x" * (LONGEST_TOKEN + 1) + b" word\n")
    with pytest.raises(CorpusError, match=r"text\.txt, byte 3005: a token may have 65536 bytes"):
        encode(path)


def test_an_empty_vocabulary(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(b"a b a c a")
    with pytest.raises(CorpusError, match=r"^vocabulary is empty: the most frequent word occurs 3 times, min_count is 5$"):
        encode(path, tmp_path / "out")
    path.write_bytes(b"a")
    with pytest.raises(CorpusError, match=r"occurs 1 time, min_count is 5$"):
        encode(path, tmp_path / "out")
    for empty in (b"", b" \n ...\n"):
        path.write_bytes(empty)
        with pytest.raises(CorpusError, match=r"empty: no token"):
            encode(path, tmp_path / "out")
    assert sorted(os.listdir(tmp_path)) == ["text.txt"]


class TestUnspacedText:
    MESSAGE = (
        "this text has no spaces between words: use tokenizer='chinese', tokenizer='characters', or tokenizer='whitespace' if it is "
        "already segmented"
    )

    def encode(self, path: Path, text: str, **options: object) -> EncodedCorpus:
        path.write_text(text, encoding="utf-8")
        return encode(path, config=CorpusConfig(min_count=1, **options))

    @pytest.mark.parametrize("text", ["我爱北京天安门。", "これはペンです", "สวัสดีชาวโลก", "a few words, 然后是很长很长的中文"])
    def test_is_refused_by_words(self, tmp_path: Path, text: str) -> None:
        with pytest.raises(CorpusError, match=self.MESSAGE):
            self.encode(tmp_path / "text.txt", text * 50)

    def test_is_taken_by_other_tokenizers(self, tmp_path: Path) -> None:
        assert self.encode(tmp_path / "text.txt", "我爱", tokenizer="characters").n_tokens == 2
        assert self.encode(tmp_path / "text.txt", "我 爱", tokenizer="whitespace").n_tokens == 2

    def test_in_small_doses_passes(self, tmp_path: Path) -> None:
        text = "The capital of China is Beijing (北京), and of Japan it is Tokyo (東京).\n"
        assert self.encode(tmp_path / "text.txt", text * 1000).n_sentences == 1000

    def test_after_an_english_preface_is_noticed(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        small_pieces(monkeypatch, 1000)
        with pytest.raises(CorpusError, match=self.MESSAGE):
            self.encode(tmp_path / "text.txt", "This is the preface of a book. " * 50 + "我爱北京天安门，" * 500)

    def test_is_noticed_early(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        small_pieces(monkeypatch, 1000)
        monkeypatch.setattr(NpyWriter, "write_at", lambda self, array, place: written.append(len(array)))
        written: list[int] = []
        with pytest.raises(CorpusError, match=self.MESSAGE):
            self.encode(tmp_path / "text.txt", "我爱北京天安门，\n" * 10_000)
        assert len(written) < 125  # of 250 pieces; how many are written before it is noticed depends on the turns of the threads


class TestTrouble:
    """Nothing half-written stays, and what was there before stays."""

    @pytest.fixture
    def text(self, tmp_path: Path) -> Path:
        path = tmp_path / "text.txt"
        path.write_text(natural_text(500), encoding="utf-8")
        return path

    @pytest.mark.parametrize("fails_at", range(5))  # the ids twice, the ends of sentences, two headers
    @pytest.mark.medium
    def test_a_full_disk(self, text: Path, monkeypatch: pytest.MonkeyPatch, fails_at: int) -> None:
        before = encode(text, text.parent / "out").manifest
        writes = itertools.count()
        write = NpyWriter._write

        def full(self: NpyWriter, data: memoryview, position: int) -> None:
            if next(writes) == fails_at:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            write(self, data, position)

        monkeypatch.setattr(NpyWriter, "_write", full)
        with pytest.raises(OSError, match="space"):
            encode(text, text.parent / "out", overwrite=True)
        monkeypatch.undo()
        assert sorted(os.listdir(text.parent)) == ["out", "text.txt"]
        assert EncodedCorpus.open(text.parent / "out", verify=True).manifest == before

    @pytest.mark.parametrize("threads", [1, 3])
    def test_an_interrupt(self, text: Path, monkeypatch: pytest.MonkeyPatch, threads: int) -> None:
        def interrupted(self: inputs.TextInput):
            yield inputs.TextPiece(0, sources.Block(b"some text\n", "text", 0))
            raise KeyboardInterrupt

        monkeypatch.setattr(inputs.TextInput, "__iter__", interrupted)
        with pytest.raises(KeyboardInterrupt):
            encode(text, text.parent / "out", threads=threads)
        assert os.listdir(text.parent) == ["text.txt"]
        assert not [thread for thread in threading.enumerate() if thread.name.startswith("w2v-encode")]

    def test_broken_text_late_in_a_file(self, text: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        small_pieces(monkeypatch, 1000)
        with open(text, "ab") as file:
            file.write(b"\xff")
        with pytest.raises(CorpusError, match=r"text\.txt, line 500, byte"):
            encode(text, text.parent / "out")
        assert os.listdir(text.parent) == ["text.txt"]

    def test_an_output_that_exists(self, text: Path) -> None:
        first = encode(text, text.parent / "out")
        with pytest.raises(OutputError, match="overwrite"):
            encode(text, text.parent / "out")
        text.write_bytes(b"b " * 9)
        assert encode(text, text.parent / "out", overwrite=True).vocabulary.words == ("b",)
        assert len(first.vocabulary) > 1


@pytest.mark.parametrize("threads", [1, 3])
def test_lists_in_files_are_as_lists_from_python(tmp_path: Path, threads: int) -> None:
    sentences = [["New York", "is", "Big"], [], ["don't", "is"]] * 50
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps({"words": words}) + "\n" for words in sentences), encoding="utf-8")
    config = CorpusConfig(text_field="words", min_count=1)
    by_file, by_lists = encode(path, tmp_path / "f", config, threads=threads), encode(sentences, tmp_path / "l", CorpusConfig(min_count=1))
    assert by_file.vocabulary == by_lists.vocabulary
    for name in ("tokens.npy", "sentence_offsets.npy", "vocabulary.tsv"):
        assert (tmp_path / "f" / name).read_bytes() == (tmp_path / "l" / name).read_bytes()


def test_baskets_of_a_csv(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('milk,"beer, dark"\nmilk,bread\n', encoding="utf-8")
    corpus = encode(path, None, CorpusConfig(tokenizer="items", separator=","))
    assert sorted(corpus.vocabulary.words) == ["beer, dark", "bread", "milk"]
    assert corpus.n_sentences == 2


@pytest.mark.parametrize(
    ("text", "mark"),
    [("1,2,3\n2,3\n", ","), ("a;b\nc;d;e\n\n", ";"), ("a|b\n" * 9 + "c\n", "|"), ("1, 2, 3\n2, 3\n", ","), ("a, b c\nd e, f\n", ",")],
)
def test_items_without_their_separator(text: str, mark: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(text)
    lines = text.split("\n")[: -1 - text.count("\n\n")]
    message = f'in these lines .{re.escape(mark)}. stands between them: add separator="{re.escape(mark)}"'
    with pytest.raises(CorpusError, match=message):
        encode(tmp_path / "a.txt", None, CorpusConfig(tokenizer="items"))
    with pytest.raises(CorpusError, match="add separator="):
        encode(texts=lines, tokenizer="items")
    assert encode(tmp_path / "a.txt", None, CorpusConfig(tokenizer="items", separator="\t")).n_tokens == len(lines)
    assert encode(texts=["a,b c", "d e", "f,g"], tokenizer="items").n_tokens == 5
