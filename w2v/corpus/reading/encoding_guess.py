"""Which encoding bytes may have that are no UTF-8: each one that is in use is tried, and judged by the words that it gives.

Bytes alone decide little: nearly every file can be decoded as cp1252, and most German ones as gb18030 too. What tells is whether the
result looks like a language: its letters, their case and frequency, and in East Asia its common characters. It is for a message that shows
the first word in each guess, so that a reader of the language decides.
"""

import functools
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

_SAMPLE = 1 << 15  # bytes
_LONGEST_WORD = 12  # characters of a word that is shown
_GOOD_FOR_BROKEN = 4  # characters of UTF-8 for each broken one, in a damaged text
_NONSENSE, _CERTAIN = 0.3, 0.7  # scores of an encoding that was named, and of another one that is meant
_ENOUGH_BYTES, _ENOUGH_WORDS, _ENOUGH_LETTERS = 40, 5, 10  # words and letters that differ and are not ASCII, to be sure
_LIKE = {
    "iso8859-1": "cp1252", "iso8859-15": "cp1252", "iso8859-9": "cp1254", "gbk": "gb18030", "gb2312": "gb18030", "cp949": "euc-kr",
    "cp932": "shift_jis", "euc_jp": "euc-jp", "euc_kr": "euc-kr", "koi8-u": "koi8-r", "iso8859-7": "cp1253",
}  # fmt: skip
_FEW = 3  # guesses
_FAR_EAST = "\u2e80"
_SURE = 0.75
_LEAST_SCORE = 0.4
_OF_BEST = 0.7  # of the best score, for another guess

_QUOTES = "’‘“”„«»‹›–—…•€£¿¡\u00a0、。，！？：；（）「」『』《》・"
_WORDS = re.compile(r"[^\s!-&(-/:-@\[-`{-~]+")  # the apostrophe belongs to words, other punctuation of ASCII to none; digits make none
_INSIDE = "'’-"  # may stand between two letters

_WESTERN = ("äöüß", "àâæçèéêëîïôœùûüÿ", "áéíñóúüç", "àáâãçéêíóôõúü", "àèéìíîòóù", "åäöæøéü", "áéíóúýþæöð", "ëïéèöüáó", "àçèéíïòóúü")
_CENTRAL = ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţ", "čćđšž")
_BALTIC = ("āčēģīķļņšūž", "ąčęėįšųūž", "äöõüšž")
_CYRILLIC, _CYRILLIC_OFTEN = "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґўјљњћќџѕђѓ", "оеаинтсрвлкмдпуя"
_GREEK, _GREEK_OFTEN = "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ", "αοιετνσςρηίπκμλ"
_HEBREW, _HEBREW_OFTEN = "אבגדהוזחטיךכלםמןנסעףפץצקרשת", "יוהלאמרתבנשם"
_ARABIC, _ARABIC_OFTEN = "ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءآأإؤئپچژگیک", "اليمونترهبدسع"
_THAI, _THAI_OFTEN = "".join(map(chr, range(0x0E01, 0x0E4F))), "านรอกเงมยลวดทสตะปบคหแจพชขใไโ่้็์ัีิุู"
_KANA = "".join(map(chr, (*range(0x3041, 0x3097), *range(0x30A1, 0x30FB)))) + "ー"
_SIMPLIFIED = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同"
    "现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很"
    "最重并物手应向头文体政美相见被利什二等产或新己制身果加西月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各"
)
_TRADITIONAL = (
    "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事成方多經麼去法學如都同"
    "現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日軍者意無力它與長把機十民第公此已工使情明性知全三又關點正業外將兩高間由問很"
    "最重並物手應向頭文體政美相見被利什二等產或新己制身果加西月話合回特代內信表化老給世位次度門任常先海通教兒原東聲提立及比員解水名真論處走義各"
)
_KOREAN = (
    "이다는에의을를은가고하도지로한기사서인어대아나자리시일해그있정과수들라여제보주전부장거원스상마게만등무면으성동구신모오경우니조국공유것했말소용년"
    "내선되계진비안생데위러적간화연분세문관방물실교합외중반때당회학각음식였습까잘더없"
)


class Guess(NamedTuple):
    """An encoding, and the first word that is no UTF-8 as it has it."""

    encoding: str
    word: str


def guess_encodings(text: bytes, position: int, *, but: str = "") -> list[Guess]:
    """The few encodings that make most sense of a text, the best first; none where nothing does.

    Parameters
    ----------
    text : begins and ends between two characters
    position : of the first byte that is not as it should be
    but : the encoding that it has not
    """
    start = max(text.rfind(b"\n", 0, position) + 1, position - _SAMPLE // 2)
    sample = text[start : start + _SAMPLE]
    begin = max(text.rfind(mark, start, position) + 1 for mark in (b"\n", b" ", b"\t", b",", b";", b'"', b">", b"|")) or start
    rest = re.split(rb'[\s,;"<|]', text[begin : begin + 4 * _LONGEST_WORD], maxsplit=1)[0]
    found: list[tuple[float, Guess]] = []
    for encoding, score_text in _scores().items():
        score = 0.0 if encoding == but else score_text(sample.decode(encoding, "replace"))
        if score >= _LEAST_SCORE:
            found.append((score, Guess(encoding, rest.decode(encoding, "ignore")[:_LONGEST_WORD])))
    found.sort(key=lambda entry: -entry[0])  # of equal ones the more usual encoding stays first
    chosen: list[Guess] = []
    for score, guess in found:
        if score >= _OF_BEST * found[0][0] and guess.word not in {other.word for other in chosen}:
            chosen.append(guess)
    return chosen[:_FEW]


def better_guess(text: bytes, encoding: str) -> Guess | None:
    """What a text is beyond doubt, where another encoding was named for it and makes nonsense of it; None as a rule.

    Parameters
    ----------
    text : begins between two characters
    encoding : normalized
    """
    known = _LIKE.get(encoding, encoding)
    if text.isascii() or known not in _scores() or known.startswith("utf"):
        return None
    position = next(place for place, byte in enumerate(text) if byte > 0x7F)
    start = max(text.rfind(b"\n", 0, position) + 1, position - _SAMPLE // 2)
    sample = text[start : start + _SAMPLE]
    if _scores()[known](sample.decode(known, "replace")) > _NONSENSE:
        return None
    best, score = max(((other, score_text(sample.decode(other, "replace"))) for other, score_text in _scores().items()), key=lambda x: x[1])
    words = set(_affected_words(sample.decode(best, "replace")))
    letters = {letter for letter in "".join(words) if not letter.isascii()}
    if score < _CERTAIN or len(sample) < _ENOUGH_BYTES or (len(words) < _ENOUGH_WORDS and len(letters) < _ENOUGH_LETTERS):
        return None
    return next((guess for guess in guess_encodings(text, position) if guess.encoding == best), None)


def guess_wide(text: bytes, offset: int) -> str | None:
    """UTF-16 or UTF-32 without its mark, by the places of the zeros; None for other bytes.

    Parameters
    ----------
    text : with NUL bytes
    offset : where it begins in its file
    """
    text = text[-offset % 4 :][:_SAMPLE]
    n = len(text) // 4
    zeros = [text[place : 4 * n : 4].count(0) for place in range(4)]
    if n and min(zeros[2:]) == n and zeros[0] < n:
        return "utf-32-le"
    if n and min(zeros[:2]) == n and zeros[3] < n:
        return "utf-32-be"
    even, odd = zeros[0] + zeros[2], zeros[1] + zeros[3]
    if text and max(even, odd) > 4 * min(even, odd):
        encoding = "utf-16-le" if odd > even else "utf-16-be"
        decoded = text[: len(text) // 2 * 2].decode(encoding, "replace")
        letters = sum(character.isspace() or (character < _FAR_EAST and character.isprintable()) for character in decoded)
        if 2 * letters > len(decoded) or _scores()[encoding](decoded) > _SURE:
            return encoding
    return None


def is_mostly_utf8(text: bytes) -> bool:
    """Whether characters outside ASCII are UTF-8 but for a few broken ones, which is no chance."""
    characters = [character for character in text.decode(errors="replace") if not character.isascii()]
    broken = characters.count("\ufffd")
    return len(characters) - broken >= _GOOD_FOR_BROKEN * max(1, broken)


def utf8_lines(text: bytes) -> tuple[int, int]:
    """How many lines hold characters outside ASCII and are UTF-8, and how many are not."""
    good = bad = 0
    for line in text.split(b"\n"):
        if not line.isascii():
            try:
                line.decode()
                good += 1
            except UnicodeDecodeError:
                bad += 1
    return good, bad


@functools.cache
def _scores() -> dict[str, Callable[[str], float]]:
    """How much sense a text decoded so makes, 0 to 1; of equal scores the first one counts: the more usual before the others."""
    latin = {
        "cp1252": _WESTERN, "cp1250": _CENTRAL, "cp1254": ("çğıöşüâîû",), "iso8859-2": _CENTRAL, "cp1257": _BALTIC,
        "mac-roman": _WESTERN, "cp850": _WESTERN,
    }  # fmt: skip
    cyrillic = (_CYRILLIC, _CYRILLIC_OFTEN)
    alphabets = {
        "cp1251": cyrillic, "koi8-r": cyrillic, "cp866": cyrillic, "cp1253": (_GREEK, _GREEK_OFTEN), "cp1255": (_HEBREW, _HEBREW_OFTEN),
        "cp1256": (_ARABIC, _ARABIC_OFTEN), "iso8859-5": cyrillic, "cp874": (_THAI, _THAI_OFTEN),
    }  # fmt: skip
    # Rows of double-byte sets that hold what is in common use: GB 2312's and JIS's first levels, KS X 1001's Hangul, Big5's first level.
    simplified, traditional = _rows("gb2312", 0xB0, 0xD7), _rows("big5", 0xA4, 0xC6)
    korean, japanese = _rows("euc-kr", 0xB0, 0xC8), _rows("euc-jp", 0xB0, 0xCF) | set(_KANA)
    wide = (simplified | traditional | korean | japanese, _SIMPLIFIED + _TRADITIONAL + _KOREAN + _KANA)
    chinese = simplified | _rows("gb2312", 0xA1, 0xA9)  # other alphabets, too
    asian = {
        "gb18030": (chinese, _SIMPLIFIED), "big5": (traditional, _TRADITIONAL), "euc-kr": (korean, _KOREAN),
        "shift_jis": (japanese, _KANA), "euc-jp": (japanese, _KANA), "utf-16-le": wide, "utf-16-be": wide,
    }  # fmt: skip
    by_letters = {name: functools.partial(_score_latin, languages=languages) for name, languages in latin.items()}
    by_alphabet = {name: functools.partial(_score_alphabet, letters=letters, often=often) for name, (letters, often) in alphabets.items()}
    by_character = {name: functools.partial(_score_asian, common=common, often=often) for name, (common, often) in asian.items()}
    return {**by_letters, **by_alphabet, **by_character}


def _rows(encoding: str, first: int, last: int) -> set[str]:
    pairs = (bytes((lead, trail)) for lead in range(first, last + 1) for trail in (*range(0x40, 0x7F), *range(0xA1, 0xFF)))
    return {pair.decode(encoding, "ignore") for pair in pairs} - {""}


def _affected_words(text: str) -> list[str]:
    """Words with characters outside ASCII, without quotes and dashes at their edges."""
    words = (word.strip(_QUOTES + "'") for word in _WORDS.findall(text))
    return [word for word in words if not word.isascii()]


def _weigh(word: str, letters: str) -> float:
    """1 for a word of these letters, in lower case but for the first one; less where all are capitals, as wrong pages make them."""
    plain = "".join(character for character in word if character not in _INSIDE)
    lower = plain.replace("İ", "i").lower()
    if not all(character in letters or "a" <= character <= "z" for character in lower):
        return 0.0
    if "ς" in lower[:-1]:  # Greek has it at the end of words only
        return 0.0
    if plain[1:] == lower[1:]:
        return 1.0
    return 0.4 if plain == plain.upper() else 0.0


def _score_latin(text: str, languages: Sequence[str]) -> float:
    """By the language that has most of the words; letters of several never come together."""
    words = _affected_words(text)
    if not words:  # quotes and dashes only, which say which code page it is, too
        marks = [character for character in text if not character.isascii()]
        return 0.65 * sum(character in _QUOTES for character in marks) / max(1, len(marks))
    good = max(sum(_weigh(word, letters) for word in words) for letters in languages) / len(words)
    together = "".join(words)
    plain = sum(character.isascii() for character in together) / len(together)
    return good * min(1.0, plain / 0.4)


def _score_alphabet(text: str, letters: str, often: str) -> float:
    words = list(dict.fromkeys(_affected_words(text)))  # a cell that comes again and again says no more than once
    good = [word for word in words if not any(c.isascii() and c.isalpha() for c in word)]
    weights = [_weigh(word, letters) for word in good]
    together = "".join(word for word, weight in zip(good, weights, strict=True) if weight).lower()
    share = sum(character in often for character in together) / max(1, len(together))
    return sum(weights) / max(1, len(words)) * (0.3 + 0.7 * share)


def _score_asian(text: str, common: set[str], often: str) -> float:
    characters = [character for character in text if not character.isascii() and character not in _QUOTES]
    share = sum(character in common for character in characters) / max(1, len(characters))
    top = sum(character in often for character in characters) / max(1, len(characters))
    return share * (0.6 + 0.4 * min(1.0, top / 0.25))
