"""Other programs load what we write, and we load what they write: `make test-peers`, in an environment of its own."""

import functools
import itertools
import json
import random
import shutil
import subprocess
import sys
import unicodedata
import urllib.parse
import urllib.request
from pathlib import Path

import numpy as np
import pytest

import w2v
from w2v.formats.rows.fasttext_bin import load_subwords

pytestmark = pytest.mark.peers

WORDS = ["the", "king", "北京", "case", "root", "it's", "naïve", "straße", "φως", "🦆", "a b", "mark", "x" * 120]
TEXT = "The KING, unknownword; it's 北京! (Case-root)"
TOKENS = ["the", "king", "it's", "北京", "case", "root"]  # the known ones of the text


@pytest.fixture(name="vectors")
def made_vectors():
    matrix = np.random.default_rng(1).standard_normal((len(WORDS), 8)).astype(np.float32)
    return w2v.WordVectors(w2v.Vocabulary(WORDS, range(len(WORDS), 0, -1)), matrix, tokenizer=w2v.CorpusConfig())


def corpus(folder):
    """A text of English and Chinese words, each often enough for every program, one sentence a line."""
    chance = random.Random(1)
    words = ["der", "die", "king", "naïve", "Straße", "don't", "北京", "大學", "妄想", "女友", "的", *(f"w{i}" for i in range(600))]
    lines = [" ".join(chance.choices(words, k=12)) for _ in range(2000)]
    (folder / "text.txt").write_text("\n".join(lines) + "\n", "utf-8")
    return folder / "text.txt"


@pytest.mark.parametrize("name", ["v.vec", "v.vec.gz"])
def test_spacy_makes_a_pipeline_of_our_text(tmp_path, name):
    spacy = pytest.importorskip("spacy")
    words = [word for word in WORDS if " " not in word] + ["a\u00a0b", "\u2028", "new_york"]
    matrix = np.random.default_rng(1).standard_normal((len(words), 8)).astype(np.float32)
    matrix[0, :4] = 1e-42, 3.4e38, -0.0, 16777217
    vectors = w2v.WordVectors(w2v.Vocabulary(words, [1] * len(words)), matrix)
    w2v.save(vectors, tmp_path / name)
    _run(sys.executable, "-m", "spacy", "init", "vectors", "en", tmp_path / name, tmp_path / "v.spacy")
    nlp = spacy.load(tmp_path / "v.spacy")
    assert len(nlp.vocab.vectors.keys()) == len(words)
    assert all(nlp.vocab.get_vector(word).tobytes() == vectors[word].tobytes() for word in words)
    assert not nlp("KING")[0].has_vector
    (tmp_path / "v.spacy" / "vocab" / "vectors.cfg").write_text('{"mode": "default", "attr": 66}')  # LOWER, as docs/formats.md says
    assert np.array_equal(spacy.load(tmp_path / "v.spacy")("KING")[0].vector, vectors["king"])


def test_model2vec_encodes_texts_with_our_vectors(tmp_path, vectors):
    model2vec = pytest.importorskip("model2vec")
    w2v.save(vectors, tmp_path / "v.model2vec")
    model = model2vec.StaticModel.from_pretrained(tmp_path / "v.model2vec")
    mean = np.mean([vectors[word] for word in TOKENS], axis=0)
    assert np.allclose(model.encode([TEXT])[0], mean, atol=1e-6)
    assert np.array_equal(model.encode_as_sequence("KING"), [vectors["king"]])
    assert not model.encode(["unknownword"]).any()
    model.save_pretrained(tmp_path / "again")
    again = w2v.load(tmp_path / "again")
    assert again.words == vectors.words
    assert np.array_equal(again.matrix, vectors.matrix)


def test_sentence_transformers_encodes_texts_with_our_vectors(tmp_path, vectors):
    sentence_transformers = pytest.importorskip("sentence_transformers", reason="needs torch")
    w2v.save(vectors, tmp_path / "v.model2vec")
    model = sentence_transformers.SentenceTransformer(str(tmp_path / "v.model2vec"), device="cpu")
    assert np.allclose(model.encode(["king"])[0], vectors["king"])
    assert np.allclose(model.encode(["The KING"])[0], (vectors["the"] + vectors["king"]) / 2, atol=1e-6)


@pytest.mark.parametrize(
    "options", [{}, {"tokenizer": "characters"}, {"tokenizer": "whitespace"}, {"tokenizer": "items", "separator": ","}]
)
def test_tokenizers_splits_as_we_do(options):
    tokenizers = pytest.importorskip("tokenizers")
    from w2v.corpus.tokens.tokenizers import make_tokenizer
    from w2v.formats.folders.hf_tokenizer import write_tokenizer

    config = w2v.CorpusConfig(**options)
    theirs, ours = tokenizers.Tokenizer.from_buffer(write_tokenizer(["a"], config)), make_tokenizer(config)
    chance = random.Random(1)
    usual = "aAbZß İıΣσς'’\u200c\u200d\u0301_0٣½中国の한국어ไทย\u0e33\u200b\u00ad.,- \t\n\u3000\u2028ⅣǅÉé🦆2２Ａ\x1c\x85\xa0"
    every = [chr(code) for code in range(0x30000) if unicodedata.category(chr(code)) not in ("Cn", "Cs")]
    for _ in range(5000):
        text = "".join(chance.choice(usual if chance.random() < 0.8 else every) for _ in range(chance.randint(1, 12)))
        if any(unicodedata.category(before)[0] == "M" and letter == "Σ" for before, letter in itertools.pairwise(text)):
            continue  # the documented difference
        normal = theirs.normalizer.normalize_str(text) if theirs.normalizer else text
        assert [piece for piece, _ in theirs.pre_tokenizer.pre_tokenize_str(normal)] == ours.split(text), ascii(text)


def program(name):
    """A program of this environment."""
    found = shutil.which(str(Path(sys.executable).with_name(name))) or shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return functools.partial(_run, found)


def _run(found, *arguments):
    subprocess.run([found, *map(str, arguments)], check=True, capture_output=True, timeout=120)


def test_files_of_word2vec_c_load(tmp_path):
    word2vec, text = program("word2vec"), corpus(tmp_path)
    settings = ["-train", text, "-size", 10, "-cbow", 0, "-threads", 1, "-iter", 1, "-min-count", 1]
    word2vec(*settings, "-output", tmp_path / "v.txt", "-save-vocab", tmp_path / "v.vocab")
    word2vec(*settings, "-output", tmp_path / "v.bin", "-binary", 1)
    word2vec(*settings, "-output", tmp_path / "classes.txt", "-classes", 3)
    from_text, from_binary = w2v.load(tmp_path / "v.txt"), w2v.load(tmp_path / "v.bin")
    assert from_text.words == from_binary.words
    assert from_text.words[0] == "</s>"
    assert set(from_text.words) == {"</s>", *text.read_text("utf-8").split()}
    assert np.allclose(from_text.matrix, from_binary.matrix, atol=1e-6)
    assert w2v.Vocabulary.load_word2vec_c(tmp_path / "v.vocab").words == from_text.words
    for name in ("v.vocab", "classes.txt"):
        with pytest.raises(w2v.W2VError, match="which are no vectors"):
            w2v.load(tmp_path / name)


_TRAIN_FASTTEXT = """
import sys, fasttext
kind, text, goal = sys.argv[1:]
settings = dict(dim=100, minCount=1, epoch=1, thread=1, verbose=0)
if kind == "supervised":
    model = fasttext.train_supervised(text, **settings)
    model.save_model(goal)
    model.quantize(input=text, retrain=False)
    model.save_model(goal + ".ftz")
else:
    fasttext.train_unsupervised(text, kind, bucket=1000, minn=2, maxn=4, **settings).save_model(goal)
"""


def train_fasttext(*arguments):
    """In a process of its own: fastText 0.9.3 trains with memory that it has not cleared, and stops at NaN where that was used before."""
    for _ in range(5):
        done = subprocess.run([sys.executable, "-c", _TRAIN_FASTTEXT, *map(str, arguments)], capture_output=True, timeout=120)
        if done.returncode == 0:
            return
    pytest.skip(f"fastText trained nothing in five attempts: {done.stderr.decode()[-200:]}")


@pytest.mark.parametrize("method", ["skipgram", "cbow"])
def test_files_of_fasttext_load(tmp_path, method):
    fasttext = pytest.importorskip("fasttext")
    train_fasttext(method, corpus(tmp_path), tmp_path / "m.bin")
    model, subwords = fasttext.load_model(str(tmp_path / "m.bin")), load_subwords(tmp_path / "m.bin")
    words, counts = model.get_words(include_freq=True)
    assert list(subwords.vectors.words) == words
    assert subwords.vectors.counts.tolist() == counts.tolist()
    for word in (*words, "Wortvektoren", "北京大學", "ナルト", "naïveté", "🦆🦆", "x", "a b", "<", "é\u0301"):
        assert np.array_equal(subwords.vector(word), model.get_word_vector(word)), word


def test_a_classifier_and_a_quantized_model_of_fasttext_are_refused(tmp_path):
    pytest.importorskip("fasttext")
    lines = corpus(tmp_path).read_text("utf-8").splitlines()
    labelled = tmp_path / "labelled.txt"
    labelled.write_text("\n".join(f"__label__{number % 2} {line}" for number, line in enumerate(lines)), "utf-8")
    train_fasttext("supervised", labelled, tmp_path / "m.bin")
    for name in ("m.bin", "m.bin.ftz"):
        with pytest.raises(w2v.W2VError, match="it is a classifier"):
            w2v.load(tmp_path / name)


@pytest.mark.filterwarnings("ignore")
def test_tensorboard_opens_our_projector_folder(tmp_path, vectors):
    program_of = pytest.importorskip("tensorboard.program")
    w2v.save(vectors, tmp_path / "v.projector")
    board = program_of.TensorBoard()
    board.configure(argv=[None, "--logdir", str(tmp_path / "v.projector"), "--port", "0", "--host", "127.0.0.1"])
    url = board.launch()

    def get(page, **query):
        with urllib.request.urlopen(f"{url}data/plugin/projector/{page}?{urllib.parse.urlencode(query)}", timeout=30) as answer:
            return answer.read()

    (run,) = json.loads(get("runs"))
    (embedding,) = json.loads(get("info", run=run))["embeddings"]
    assert embedding["tensorShape"] == [len(WORDS), 8]
    numbers = np.frombuffer(get("tensor", run=run, name=embedding["tensorName"]), np.float32).reshape(-1, 8)
    assert np.array_equal(numbers, vectors.matrix)
    metadata = get("metadata", run=run, name=embedding["tensorName"]).decode().splitlines()
    assert metadata == ["word\tcount", *(f"{word}\t{count}" for word, count in zip(WORDS, vectors.counts.tolist(), strict=True))]
