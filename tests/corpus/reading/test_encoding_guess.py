"""The encodings that are advised: by the words that the bytes give, long and short."""

import pytest

from w2v.corpus.reading.decoding import TextDecoder
from w2v.corpus.reading.encoding_guess import guess_encodings, guess_wide, utf8_lines
from w2v.errors import CorpusError

SHORT = {
    "cp1252": ["Bäcker", "Der Bäcker in der Straße", "café", "El niño comió mañana en el jardín"],
    "cp1251": ["Пекарь", "пекарь продаёт хлеб", "Мельник мелет муку, а пекарь печёт хлеб."],
    "koi8-r": ["Пекарь", "пекарь продаёт хлеб", "Мельник мелет муку, а пекарь печёт хлеб."],
    "shift_jis": ["パン屋", "パン屋はパンを売っています。", "東京は日本の首都です。人口が多い。"],
    "euc-jp": ["東京は日本の首都です。人口が多い。"],
    "euc-kr": ["제빵사는 빵을 판다", "한국의 수도는 서울이다. 인구가 많다."],
    "big5": ["麵包師傅賣麵包", "台北是一個很大的城市，那裡的人很多。"],
    "gb18030": ["北京", "面包师傅卖面包", "北京是中国的首都，那里的人很多。"],
    "cp1250": ["Pekař prodává chléb a mlynář mele mouku", "Zażółć gęślą jaźń", "Egy szép őszi nap volt, a pék kenyeret sütött"],
    "cp1254": ["Fırıncı ekmeği satıyor ve değirmenci öğütüyor", "İstanbul'da yaşıyorum çünkü şehir çok güzel"],
    "cp1253": ["Ο αρτοποιός πουλάει ψωμί και ο μυλωνάς αλέθει"],
    "cp1256": ["الخباز يبيع الخبز والطحان يطحن الدقيق"],
    "mac-roman": ["Der Bäcker in der Straße", "don’t"],
    "cp850": ["Der Bäcker in der Straße"],
}


def guesses(text: bytes) -> list[tuple[str, str]]:
    try:
        text.decode()
    except UnicodeDecodeError as error:
        return [tuple(guess) for guess in guess_encodings(text, error.start)]
    raise AssertionError("is UTF-8")


@pytest.mark.parametrize(("encoding", "text"), [(encoding, text) for encoding, texts in SHORT.items() for text in texts])
@pytest.mark.parametrize("before", ["", "plain text\n" * 5])
def test_the_first_guess(encoding: str, text: str, before: str) -> None:
    raw = (before + text + "\n").encode(encoding)
    first, word = guesses(raw)[0]
    assert first == encoding
    assert word
    assert word in text


@pytest.mark.parametrize(("encoding", "text"), [("cp1250", "Pekař"), ("cp1254", "ekmeği"), ("cp1255", "האופה מוכר"), ("euc-kr", "빵집")])
def test_one_of_the_guesses(encoding: str, text: str) -> None:
    assert (encoding, text.split()[0]) in guesses(text.encode(encoding))


def test_chinese_is_not_advised_for_german() -> None:
    assert all(encoding != "gb18030" for encoding, _ in guesses("Der Bäcker in der Straße\n".encode("cp1252")))


def test_nothing_is_advised_for_noise() -> None:
    assert guesses(b"\xff\x01\x80\x02\xfe\x03\n") == []


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_encodings_without_a_mark(encoding: str) -> None:
    raw = "The baker sells bread\nand flour\n".encode(encoding)
    assert guess_wide(raw, 0) == encoding
    assert guess_wide(raw[3:], 3) == encoding
    assert guess_wide(b"one\0two\nthree", 0) is None
    with pytest.raises(CorpusError, match=f'without a mark: encoding="{encoding}"'):
        list(TextDecoder("a", "utf-8", "strict").blocks([raw], 1 << 20, (b"\n",)))
    with pytest.raises(CorpusError, match=f'without a mark: encoding="{encoding}"'):  # nothing readable would be left
        list(TextDecoder("a", "utf-8", "replace").blocks([raw * 9], 1 << 20, (b"\n",)))


def test_one_damaged_line_is_said_as_such() -> None:
    raw = "Bäcker\n".encode() * 9 + "Bäcker\n".encode("cp1252") + "Bäcker\n".encode() * 9
    assert utf8_lines(raw) == (18, 1)
    message = r"line 10, byte .*the text around it is UTF-8 \(18 lines with such characters\), this line is damaged: mend it"
    with pytest.raises(CorpusError, match=message):
        list(TextDecoder("a", "utf-8", "strict").blocks([raw], 1 << 20, (b"\n",)))


@pytest.mark.parametrize("encoding", ["iso8859-1", "cp1252", "koi8-r", "gb18030", "ascii", "shift_jis"])
def test_utf8_is_not_read_as_something_else(encoding: str) -> None:
    raw = "Der Bäcker in der Straße, schöne Grüße\n".encode()
    with pytest.raises(CorpusError, match=r"UTF-8 \('Bäcker'\): leave encoding= away"):
        list(TextDecoder("a", encoding, "strict").blocks([raw], 1 << 20, (b"\n",)))


def test_a_damaged_end_and_a_mixed_file() -> None:
    cut = "面包师傅卖面包".encode()[:-1]
    with pytest.raises(CorpusError, match="the text around it is UTF-8, this line is damaged"):
        list(TextDecoder("a", "utf-8", "strict").blocks([cut], 1 << 20, (b"\n",)))
    mixed = "Bäcker\n".encode() + "Bäcker\nStraße\n".encode("cp1252")
    with pytest.raises(CorpusError, match=r"line 2, .*1 line is UTF-8 and 2 not; of these it may be cp1252 \('Bäcker'\)"):
        list(TextDecoder("a", "utf-8", "strict").blocks([mixed], 1 << 20, (b"\n",)))


@pytest.mark.parametrize(
    ("text", "written", "named"),
    [
        ("Der Bäcker in der Straße, schöne Grüße an Jürgen", "cp1252", "gb18030"),
        ("面包师傅卖面包，北京是中国的首都，那里的人很多", "gb18030", "cp1252"),
        ("Мельник мелет муку каждый день, а пекарь печёт хлеб", "cp1251", "iso8859-1"),
        ("Мельник мелет муку каждый день, муку мелет мельник", "koi8-r", "cp1251"),
    ],
)
def test_another_encoding_was_named(text: str, written: str, named: str) -> None:
    raw = f"plain\n{text}\n".encode(written)
    message = f'^a: {named} makes no words of it, and it looks like {written} .*: add encoding="{written}"; to go on'
    with pytest.raises(CorpusError, match=message):
        list(TextDecoder("a", named, "strict").blocks([raw], 1 << 20, (b"\n",)))
    assert list(TextDecoder("a", named, "replace").blocks([raw], 1 << 20, (b"\n",)))


@pytest.mark.parametrize(("encoding", "text"), [(encoding, text) for encoding, texts in SHORT.items() for text in texts])
def test_the_right_name_is_taken(encoding: str, text: str) -> None:
    raw = (text + "\n").encode(encoding)
    assert b"".join(part for _, part in TextDecoder("a", encoding, "strict").blocks([raw], 1 << 20, (b"\n",))) == (text + "\n").encode()


def test_one_word_that_comes_again_and_again_counts_once():
    rows = "".join(f"u{number};хлеб {number % 5};{number:02d}.12.2010 08:00\n" for number in range(60))
    table = f"пользователь;товар;время\n{rows}".encode("cp1251")
    assert guess_encodings(table, 0)[0].encoding == "cp1251"
