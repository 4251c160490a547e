import gc
import hashlib
import io
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from w2v.config import CorpusConfig
from w2v.corpus.encoded_corpus import (
    KIND,
    VERSION,
    EncodedCorpus,
    _are_ids,
    file_paths,
    is_encoded_corpus,
    map_ids,
    rank_tokens,
    write_ids,
    write_vocabulary_and_manifest,
)
from w2v.corpus.encoding import encode
from w2v.errors import ConfigError, CorpusError, FormatError, OutputError
from w2v.storage import write_manifest

repeatable = settings(deadline=None, derandomize=True)  # the first example compiles

ONE = CorpusConfig(min_count=1)


@pytest.fixture
def corpus(tmp_path: Path) -> EncodedCorpus:
    (tmp_path / "text.txt").write_bytes(b"a b a\n\nc a\n")
    return encode(tmp_path / "text.txt", tmp_path / "corpus", ONE)


def repacked(corpus: EncodedCorpus) -> None:
    """Write the manifest anew, so that sizes and hashes fit what the files hold now."""
    content = {key: value for key, value in corpus.manifest.items() if key not in ("kind", "format_version", "files", "sha256")}
    write_manifest(corpus.path, KIND, VERSION, content)


class TestOpening:
    def test_gives_what_encode_gave(self, corpus: EncodedCorpus) -> None:
        opened = EncodedCorpus.open(corpus.path, verify=True)
        assert opened.tokens.tolist() == corpus.tokens.tolist() == [0, 1, 0, 2, 0]
        assert opened.sentence_offsets.tolist() == corpus.sentence_offsets.tolist() == [0, 3, 5]
        assert (opened.tokens.dtype, opened.sentence_offsets.dtype) == (np.int32, np.int64)
        assert (opened.n_tokens, opened.n_sentences) == (5, 2)
        assert opened.vocabulary == corpus.vocabulary
        assert opened.config == corpus.config == ONE
        assert opened.manifest == corpus.manifest

    def test_arrays_are_mapped_and_read_only(self, corpus: EncodedCorpus) -> None:
        for array in (corpus.tokens, corpus.sentence_offsets):
            assert type(array) is np.ndarray
            assert isinstance(array.base, np.memmap)
            assert not array.flags.writeable

    def test_files_are_plain_npy(self, corpus: EncodedCorpus) -> None:
        tokens = np.load(corpus.path / "tokens.npy", allow_pickle=False)
        assert tokens.tolist() == corpus.tokens.tolist()
        assert np.load(corpus.path / "sentence_offsets.npy", allow_pickle=False).tolist() == [0, 3, 5]
        assert (corpus.path / "tokens.npy").stat().st_size == 128 + 4 * 5

    def test_the_manifest_tells_where_it_came_from(self, corpus: EncodedCorpus) -> None:
        text = corpus.path.parent / "text.txt"
        told = corpus.manifest
        assert told["sources"] == [{"path": str(text), "size": 11, "sha256": hashlib.sha256(text.read_bytes()).hexdigest()}]
        assert told["vocabulary_sha256"] == corpus.vocabulary.hash() == told["files"]["vocabulary.tsv"]["sha256"]
        assert (told["n_words"], told["distinct_words"], told["tokens_read"]) == (3, 3, 5)
        assert (told["n_tokens"], told["n_sentences"], told["replaced"]) == (5, 2, 0)
        assert told["sample_tokens"] == ["a", "b", "a", "c", "a"]

    def test_what_is_not_one_is_refused(self, corpus: EncodedCorpus) -> None:
        assert is_encoded_corpus(corpus.path)
        assert not is_encoded_corpus(corpus.path.parent)
        assert not is_encoded_corpus(corpus.path.parent / "text.txt")
        with pytest.raises(FormatError, match="manifest"):
            EncodedCorpus.open(corpus.path.parent)
        with pytest.raises(CorpusError, match="encoded corpus already"):
            encode(corpus.path)
        with pytest.raises(CorpusError, match="received EncodedCorpus"):
            encode(corpus)


class TestWriting:
    def test_sentences_without_ids_are_left_out(self, tmp_path: Path) -> None:
        pieces = [([], [0]), ([0, 1], [0, 0, 1]), ([2], []), ([], [0, 0]), ([3, 4], [2, 2])]
        arrays = ((np.array(ids, np.int32), np.array(ends, np.int64)) for ids, ends in pieces)
        assert write_ids(tmp_path, arrays) == (5, 3)
        tokens, offsets = map_ids(tmp_path, 5, 3)
        assert (tokens.tolist(), offsets.tolist()) == ([0, 1, 2, 3, 4], [0, 1, 3, 5])

    @pytest.mark.parametrize("chunk", [1, 2, 3, 100])
    def test_other_ids_for_a_corpus(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
        monkeypatch.setattr("w2v.corpus.encoded_corpus._CHUNK", chunk)
        tokens, offsets = np.array([0, 1, 2, 1, 1, 0], np.int32), np.array([0, 2, 3, 5, 6], np.int64)
        n_tokens, n_sentences = write_ids(tmp_path, rank_tokens(tokens, offsets, np.array([0, -1, 1], np.int32)))
        ids, ends = map_ids(tmp_path, n_tokens, n_sentences)
        assert (ids.tolist(), ends.tolist()) == ([0, 1, 0], [0, 1, 2, 3])

    def test_a_manifest_of_another_corpus_gives_facts_only(self, corpus: EncodedCorpus, tmp_path: Path) -> None:
        copy = tmp_path / "copy"
        copy.mkdir()
        write_ids(copy, rank_tokens(corpus.tokens, corpus.sentence_offsets, np.arange(3, dtype=np.int32)))
        other = CorpusConfig(min_count=1, max_vocabulary=3)
        write_vocabulary_and_manifest(copy, other, corpus.vocabulary, {**corpus.manifest, "unicode": "1.1", "vocabulary_sha256": "no"})
        opened = EncodedCorpus.open(copy, verify=True)
        assert opened.config == other
        assert opened.manifest["unicode"] == "1.1"  # the text was read with it
        assert opened.manifest["sample_tokens"] == corpus.manifest["sample_tokens"]
        assert opened.manifest["vocabulary_sha256"] == corpus.vocabulary.hash()
        assert (copy / "manifest.json").read_bytes().count(b"manifest_sha256") == 1


def test_five_sample_tokens_are_kept() -> None:
    lines = [["a", "b"], [], ["c", "d", "e", "f"]]
    assert encode(lines, config=ONE).manifest["sample_tokens"] == ["a", "b", "c", "d", "e"]


class FileName:
    """A path that is neither a string nor a `Path`, as `os.DirEntry` is."""

    def __init__(self, path: Path) -> None:
        self._path = str(path)

    def __fspath__(self) -> str:
        return self._path


class TestAnyPath:
    def test_is_read_written_and_opened(self, tmp_path: Path) -> None:
        for name, text in (("a.txt", b"a b a\n"), ("b.txt", b"c a\n")):
            (tmp_path / name).write_bytes(text)
        out = FileName(tmp_path / "out")
        for source in (FileName(tmp_path / "a.txt"), [FileName(tmp_path / "a.txt"), tmp_path / "b.txt"]):
            corpus = encode(source, out, ONE, overwrite=True)
            assert corpus.vocabulary.words[0] == "a"
            assert all(Path(entry["path"]).parent == tmp_path for entry in corpus.manifest["sources"])
        assert EncodedCorpus.open(out, verify=True).n_tokens == corpus.n_tokens
        assert is_encoded_corpus(out)
        with pytest.raises(CorpusError, match="encoded corpus already"):
            encode(out)

    def test_stdin(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"a b\n")))
        assert encode(FileName(Path("-")), config=ONE).manifest["sources"][0]["path"] == "-"

    def test_names_files(self, tmp_path: Path) -> None:
        assert file_paths("a.txt") == file_paths(FileName(Path("a.txt"))) == file_paths(["a.txt"]) == [Path("a.txt")]
        assert file_paths((Path("a"), FileName(Path("b")), "-")) == [Path("a"), Path("b"), Path("-")]

    @pytest.mark.parametrize("source", [[], (), [["a"]], ["a", ["b"]], iter(["a"]), {"a"}, None, 7, b"a", [b"a"]])
    def test_everything_else_names_none(self, source: object) -> None:
        assert file_paths(source) is None


class TestDamage:
    def test_a_changed_vocabulary_is_noticed_at_once(self, corpus: EncodedCorpus) -> None:
        path = corpus.path / "vocabulary.tsv"
        path.write_bytes(path.read_bytes().replace(b"b", b"d"))
        with pytest.raises(FormatError, match=r"vocabulary\.tsv differ"):
            EncodedCorpus.open(corpus.path)

    @pytest.mark.parametrize("name", ["tokens.npy", "sentence_offsets.npy"])
    def test_a_changed_array_is_noticed_by_verify(self, corpus: EncodedCorpus, name: str) -> None:
        path = corpus.path / name
        raw = bytearray(path.read_bytes())
        raw[-4] ^= 1
        path.write_bytes(raw)
        EncodedCorpus.open(corpus.path)
        with pytest.raises(FormatError, match=f"{name} differ"):
            EncodedCorpus.open(corpus.path, verify=True)

    @pytest.mark.parametrize("name", ["tokens.npy", "sentence_offsets.npy", "vocabulary.tsv"])
    def test_a_cut_or_missing_file_is_noticed_at_once(self, corpus: EncodedCorpus, name: str) -> None:
        path = corpus.path / name
        path.write_bytes(path.read_bytes()[:-1])
        with pytest.raises(FormatError, match=name):
            EncodedCorpus.open(corpus.path)
        path.unlink()
        with pytest.raises(FormatError, match=f"{name} is missing"):
            EncodedCorpus.open(corpus.path)
        repacked(corpus)
        with pytest.raises(FormatError, match=f"does not list {name}"):
            EncodedCorpus.open(corpus.path)

    @pytest.mark.parametrize("bad", [-1, 3, 1 << 30])
    def test_ids_outside_the_vocabulary_are_noticed_by_verify(self, corpus: EncodedCorpus, bad: int) -> None:
        np.save(corpus.path / "tokens.npy", np.array([0, 1, bad, 2, 0], np.int32))
        repacked(corpus)
        with pytest.raises(FormatError, match=r"tokens\.npy is damaged: it has ids outside the vocabulary of 3 words"):
            EncodedCorpus.open(corpus.path, verify=True)

    @pytest.mark.parametrize("bad", [[0, 3, 4], [1, 3, 5], [0, 0, 5], [0, 6, 5]])
    def test_offsets_that_do_not_rise_are_noticed_by_verify(self, corpus: EncodedCorpus, bad: list[int]) -> None:
        np.save(corpus.path / "sentence_offsets.npy", np.array(bad, np.int64))
        repacked(corpus)
        with pytest.raises(FormatError, match=r"sentence_offsets\.npy is damaged: offsets must rise from 0 to 5"):
            EncodedCorpus.open(corpus.path, verify=True)

    @pytest.mark.parametrize(
        "array",
        [
            np.zeros(5, np.int64), np.zeros(5, ">i4"), np.zeros(5, np.float32), np.zeros(6, np.int32), np.zeros(0, np.int32),
            np.zeros((5, 1), np.int32, order="F"), np.int32(5),
        ],
    )  # fmt: skip
    def test_another_array_is_noticed_by_its_header(self, corpus: EncodedCorpus, array: np.ndarray) -> None:
        np.save(corpus.path / "tokens.npy", array)
        repacked(corpus)
        with pytest.raises(FormatError, match=r"tokens\.npy is damaged: it must be a .npy file with header .*'<i4'.*\(5,\)"):
            EncodedCorpus.open(corpus.path)

    @pytest.mark.parametrize(
        "change",
        [
            lambda raw: b"", lambda raw: b"x" * len(raw), lambda raw: raw[:10], lambda raw: raw.replace(b"'shape': (5,)", b"'shape': (5,("),
            lambda raw: raw.replace(b"<i4", b"|O8"), lambda raw: raw.replace(b"\x01\x00v", b"\x03\x00v"), lambda raw: raw[:-4],
            lambda raw: raw + b"1234",
        ],
    )  # fmt: skip
    def test_a_file_that_lies_is_refused(self, corpus: EncodedCorpus, change) -> None:
        path = corpus.path / "tokens.npy"
        path.write_bytes(change(path.read_bytes()))
        repacked(corpus)
        with pytest.raises(FormatError, match=r"tokens\.npy"):
            EncodedCorpus.open(corpus.path)

    @pytest.mark.parametrize(
        "content",
        [{"n_tokens": "many"}, {"config": {"dim": 5}}, {"config": None}, {"n_sentences": None}, {"n_tokens": -1}, {"n_tokens": "5"}],
    )
    def test_a_manifest_without_what_is_needed_is_refused(self, corpus: EncodedCorpus, content: dict) -> None:
        corpus.manifest.update(content)
        repacked(corpus)
        with pytest.raises(FormatError):
            EncodedCorpus.open(corpus.path)

    def test_a_newer_one_is_refused(self, corpus: EncodedCorpus) -> None:
        write_manifest(corpus.path, KIND, VERSION + 1, {})
        with pytest.raises(FormatError, match="upgrade"):
            EncodedCorpus.open(corpus.path)


@repeatable
@given(st.lists(st.integers(-(2**31), 2**31 - 1)), st.integers(0, 2**31 - 1))
def test_ids_are_checked_against_the_vocabulary(ids: list[int], n_words: int) -> None:
    assert _are_ids(np.array(ids, np.int32), n_words) == all(0 <= id_ < n_words for id_ in ids)


class TestSentences:
    """Token lists from Python."""

    TOKENS = st.text(st.characters(codec="utf-8", exclude_characters="\n"), min_size=1)

    @pytest.mark.medium
    @repeatable
    @given(st.lists(st.lists(TOKENS), min_size=1).filter(any))
    def test_tokens_are_taken_as_they_are(self, lines: list[list[str]]) -> None:
        corpus = encode(iter(lines), config=ONE)
        words, offsets = corpus.vocabulary.words, corpus.sentence_offsets
        assert [words[i] for i in corpus.tokens] == [token for line in lines for token in line]
        assert np.diff(offsets).tolist() == [len(line) for line in lines if line]

    def test_more_than_one_piece(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("w2v.corpus.texts_input._SENTENCES_BYTES", 100)
        lines = [[f"item {i % 50}", f"item {i * i % 50}"] for i in range(1000)]
        corpus = encode((tuple(line) for line in lines), threads=3)
        assert [corpus.vocabulary.words[i] for i in corpus.tokens] == [token for line in lines for token in line]

    def test_where_it_came_from_is_a_hash_of_the_tokens(self) -> None:
        first, same, other = ([["a", "b"], ["c"]], [("a", "b"), ["c"]], [["a"], ["b", "c"]])
        told = [encode(lines, config=ONE).manifest["sources"] for lines in (first, same, other)]
        assert told[0] == told[1] != told[2]
        assert told[0][0]["iterable"] is True

    @pytest.mark.parametrize(
        ("sentence", "message"),
        [
            ("the cat", "a sentence must be a list of tokens: received the string 'the cat' as sentence 1"),
            (b"the cat", "a sentence must be a list of tokens: received the bytes"),
            (7, "a sentence must be a list of tokens: received the int '7' as sentence 1"),
            (["a", ""], "a token must be a string, not empty, without newlines and lone surrogates: received '' in sentence 1"),
            (["a", 3], "received 3 in sentence 1"),
            ([None], "received None in sentence 1"),
            (["a", "b\nc"], r"received 'b\\nc' in sentence 1"),
            (["\ud800"], r"received '\\ud800' in sentence 1"),
            ([["a"]], r"received \['a'\] in sentence 1"),
        ],
    )
    def test_what_is_no_token_list_is_refused_by_name(self, tmp_path: Path, sentence: object, message: str) -> None:
        with pytest.raises(CorpusError, match=message):
            encode((line for line in (["x"], sentence)), tmp_path / "out")
        assert not list(tmp_path.iterdir())

    def test_strings_that_are_no_paths_are_refused_as_sentences(self) -> None:
        with pytest.raises(CorpusError, match="a sentence must be a list of tokens: received the string 'the cat sat'"):
            encode(["the cat sat", "on the mat"])
        with pytest.raises(CorpusError, match=r"no_such_file\.txt does not exist"):
            encode(["no_such_file.txt"])

    def test_a_token_that_is_too_long_is_named_by_its_sentence(self) -> None:
        with pytest.raises(CorpusError, match=r"sentence 2 \(the first is 0\): a token may have 65536 bytes"):
            encode([["a"], [], ["b", "x" * 70_000]])

    def test_no_sentences(self) -> None:
        with pytest.raises(CorpusError, match="the corpus is empty"):
            encode(iter(()))
        with pytest.raises(CorpusError, match="the corpus is empty"):
            encode([[], []])

    def test_an_error_of_the_iterable_comes_through(self, tmp_path: Path) -> None:
        def broken():
            yield ["a"]
            raise LookupError("gone")

        with pytest.raises(LookupError, match="gone"):
            encode(broken(), tmp_path / "out")
        assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("source", [7, None, b"text.txt"])
def test_what_is_no_source_is_refused(source: object) -> None:
    with pytest.raises(CorpusError, match="a corpus must be a path, several paths or an iterable of token lists"):
        encode(source)


@pytest.mark.parametrize("threads", [0, -1, True, 1.5, 10_000])
def test_threads_must_be_a_number_of_them(threads: object) -> None:
    with pytest.raises(ConfigError, match="threads must be an integer from 1 to 1024"):
        encode([["a"]], threads=threads)


def test_without_an_output_the_directory_lives_as_long_as_the_corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    corpus = encode([["a", "b"]], config=ONE)
    assert corpus.path is None
    assert len(list(tmp_path.iterdir())) == 1
    tokens = corpus.tokens
    del corpus
    gc.collect()
    assert not list(tmp_path.iterdir())
    assert tokens.tolist() == [0, 1]  # the mapping outlives the name


def test_only_an_encoded_corpus_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_bytes(b"dear")
    with pytest.raises(OutputError, match="not overwritten"):
        encode([["a"]], tmp_path / "mine", ONE, overwrite=True)
    assert (tmp_path / "mine" / "letter.txt").read_bytes() == b"dear"


def test_the_manifest_is_json(corpus: EncodedCorpus) -> None:
    assert json.loads((corpus.path / "manifest.json").read_bytes())["kind"] == KIND
