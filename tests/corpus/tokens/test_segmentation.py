import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_tokens import word_lines

from w2v.config import CorpusConfig
from w2v.corpus.encoding import encode
from w2v.corpus.tokens.characters import UNSPACED_LETTER
from w2v.corpus.tokens.segmentation import fold_width, read_dictionary
from w2v.corpus.tokens.tokenizers import make_tokenizer
from w2v.errors import CorpusError, MissingExtraError

repeatable = settings(deadline=None, derandomize=True)  # the first example compiles

pytest.importorskip("rjieba", reason="rjieba is not installed")
CHINESE = CorpusConfig(tokenizer="chinese")


def folded(text: str) -> str:
    raw = text.encode()
    out = bytearray(len(raw))
    return out[: fold_width(raw, out)].decode()


@pytest.fixture(scope="module")
def chinese():
    return make_tokenizer(CHINESE)


def test_a_sentence_becomes_words(chinese) -> None:
    assert chinese.split("我爱北京天安门") == ["我", "爱", "北京", "天安门"]
    assert chinese.split("電視劇「妄想女友」。") == ["電視劇", "妄想", "女友"]


def test_what_is_not_chinese_stays_as_words_has_it(chinese) -> None:
    text = "don't café Москва 한국어 Ünïcode co-op ΟΔΟΣ"
    assert chinese.split(text) == word_lines(text)[0]
    assert chinese.split('חברת צה"ל 北京') == ["חברת", "צה״ל", "北京"]
    assert chinese.split("cafe\u0301 か\u3099 北京") == ["café", "が", "北京"]
    assert chinese.split(text.upper().encode("ascii", "ignore").decode()) == ["don't", "caf", "ncode", "co", "op"]


def test_chinese_and_other_words_come_apart(chinese) -> None:
    assert chinese.split("北京2008年的iPhone手机，说'你好'了‘再见’") == [
        "北京",
        "2008",
        "年",
        "的",
        "iphone",
        "手机",
        "说",
        "你好",
        "了",
        "再见",
    ]


def test_full_width_forms_are_folded(chinese) -> None:
    assert chinese.split("Ｐｙｔｈｏｎ　３") == ["python", "3"]
    assert folded("！～（Ａ）［ｚ］　，\x1f") == "!~(A)[z] , "
    unchanged = "\uff00\uff5f\uffe5ﾊｱ、。\u3001京"
    assert folded(unchanged) == unchanged


@repeatable
@given(st.text())
def test_folding_is_a_character_map(text: str) -> None:
    table = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x3000: 0x20, 0x1F: 0x20}
    assert folded(text) == text.translate(table)


_CHARACTERS = st.sampled_from("我爱北京天安门的一是在不了有和人這中大為上個國の한éabcАБ12 ,，。\n_②ｱ𠀀\u3000Ａ\x1f")


@repeatable
@given(st.text(_CHARACTERS, max_size=60))
def test_segmentation_only_splits_words_further(text: str) -> None:
    tokenizer = make_tokenizer(CHINESE)
    tokens = tokenizer.split(text)
    assert "".join(tokens) == "".join(token for line in word_lines(folded(text)) for token in line)
    tokenizer._interpreted = 1 << 40
    assert tokenizer.split(text) == tokens


@repeatable
@given(st.text(_CHARACTERS, max_size=40))
def test_letters_of_spaced_scripts_are_never_torn(text: str) -> None:
    spaced = UNSPACED_LETTER.sub(" ", text)
    assert make_tokenizer(CHINESE).split(spaced) == [token for line in word_lines(folded(spaced)) for token in line]


def test_a_long_line_is_segmented_in_pieces_without_a_difference(chinese) -> None:
    clause = "我爱北京天安门，"
    assert chinese.split(clause * 5000) == ["我", "爱", "北京", "天安门"] * 5000
    assert "".join(chinese.split("我爱北京天安门" * 20_000)) == "我爱北京天安门" * 20_000  # no punctuation at all


def test_a_dictionary_adds_words(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("\ufeff爱北京 100000\n\nＣ＋＋語言 99999\n天安\n", encoding="utf-8")
    tokenizer = make_tokenizer(CorpusConfig(tokenizer="chinese", dictionary=str(path)))
    assert tokenizer.split("我爱北京天安门") == ["我", "爱北京", "天安门"]
    assert make_tokenizer(CHINESE).split("我爱北京") == ["我", "爱", "北京"]  # the default one is untouched


def test_a_dictionary_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(CorpusError, match="byte 0: a dictionary must be UTF-8"):
        make_tokenizer(CorpusConfig(tokenizer="chinese", dictionary=str(path)))


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        ("面包师傅 n", ("面包师傅", None)),
        ("面包师傅 2000", ("面包师傅", 2000)),
        ("面包师傅 2000 nz", ("面包师傅", 2000)),
        ("面包师傅\t2000\tn", ("面包师傅", 2000)),
        ("Bread Shop认证 2000", ("Bread Shop认证", 2000)),
        ("  云计算 5  ", ("云计算", 5)),
        ("Ｃ＋＋", ("C++", None)),
        ("韩玉赏鉴 3 N", ("韩玉赏鉴 3 N", None)),
    ],
)
def test_a_line_of_a_dictionary_is_read_from_the_right(tmp_path: Path, line: str, entry: tuple[str, int | None]) -> None:
    (tmp_path / "words").write_text(f"\n{line}\n\n", encoding="utf-8")
    assert list(read_dictionary(tmp_path / "words")) == [entry]


def test_words_that_never_come_out_are_named(tmp_path: Path) -> None:
    (tmp_path / "words").write_text("面包师傅 n\nC++\nα粒子 10\nBread Shop认证 2000\niPhone手机\n", encoding="utf-8")
    config = CorpusConfig(tokenizer="chinese", dictionary=str(tmp_path / "words"), min_count=1)
    with pytest.warns(UserWarning, match=r"3 of 5 words never become one token: C\+\+, α粒子, Bread Shop认证\. ") as found:
        corpus = encode(texts=["面包师傅有iPhone手机"], config=config)
    assert len(found) == 1
    assert sorted(corpus.vocabulary.words) == ["iphone手机", "有", "面包师傅"]


def test_without_rjieba_the_pip_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "rjieba", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'w2v\[chinese\]'"):
        make_tokenizer(CHINESE)


def test_threads_may_share_a_tokenizer(chinese) -> None:
    text = "我爱北京天安门，" * 2000
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(chinese.canonical(text.encode())[1])) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1


@pytest.mark.parametrize(("encoding", "remedy"), [("gbk", "where it is GBK, iconv -f gb18030"), ("utf-16", "iconv -f utf-16 -t utf-8")])
def test_a_dictionary_in_another_encoding_says_how_to_make_it_utf8(tmp_path, encoding, remedy):
    (tmp_path / "words.txt").write_bytes("面包师傅 3 n\n".encode(encoding))
    with pytest.raises(CorpusError, match=f"a dictionary must be UTF-8 .*{remedy}"):
        list(read_dictionary(tmp_path / "words.txt"))


def test_an_empty_dictionary_is_noticed(tmp_path):
    (tmp_path / "words.txt").write_text("\n\n")
    (tmp_path / "a.txt").write_text("面包师傅在街上卖面包\n" * 5)
    with pytest.warns(UserWarning, match="words.txt is empty: it adds no words"):
        encode(tmp_path / "a.txt", config=CorpusConfig(tokenizer="chinese", dictionary=str(tmp_path / "words.txt"), min_count=1))
