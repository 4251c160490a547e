"""``tokenizer.json`` of Hugging Face's tokenizers: words to rows, and our way of splitting text as regular expressions.

`words` and `characters`
    The classes of `w2v.corpus.tokens.characters`, code point by code point, are written out, so that both split alike: an expression takes
    what is a token, others drop invisible characters, make the apostrophe one and lower the case.
`whitespace`, `items`
    What white space or the separator separates, as it stands.
`chinese`
    The rules of `words`: a segmenter is no regular expression, so that the text has to come with spaces between its words.

The only known difference: a capital sigma that is a word by itself becomes a final one behind a combining mark. Vectors without a
known tokenizer get `whitespace`.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from w2v.config import CorpusConfig
from w2v.corpus.tokens import characters

UNKNOWN = "[UNK]"


def write_tokenizer(words: Sequence[str], config: CorpusConfig | None) -> bytes:
    """The file for words in the order of their rows; behind them comes the row of all unknown words."""
    unknown = unknown_word(words)
    normalizers, pattern = _rules(config)
    content: dict[str, Any] = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": {"type": "Sequence", "normalizers": normalizers} if normalizers else None,
        "pre_tokenizer": {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Removed", "invert": True},
        "post_processor": None,
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": {word: row for row, word in enumerate([*words, unknown])}, "unk_token": unknown},
    }
    return json.dumps(content, ensure_ascii=False).encode()


def unknown_word(words: Iterable[str]) -> str:
    """``[UNK]``, or something longer where that is a word."""
    known = set(words)
    unknown = UNKNOWN
    while unknown in known:
        unknown = f"[{unknown}]"
    return unknown


def _rules(config: CorpusConfig | None) -> tuple[list[dict[str, Any]], str]:
    """Normalizers, and what a token looks like behind them."""
    if config is None or config.tokenizer in ("whitespace", "items"):
        return [], _verbatim(None if config is None else config.separator)
    classes = characters.word_characters().classes

    def ranges_of(*kinds: int) -> str:
        return _ranges(np.flatnonzero(np.isin(classes, kinds)).tolist())

    letter, single = ranges_of(characters.WORD, characters.UPPER), ranges_of(characters.SINGLE)
    mark, internal, ignored = ranges_of(characters.MARK), ranges_of(characters.INTERNAL), ranges_of(characters.IGNORED)
    alone = ""
    if config.tokenizer == "characters":
        alone = f"[{single}][{mark}]*|"
    else:
        letter += single
    part = f"[{letter}{mark}]"
    sigma = f"(?<={part}|{part}[{internal}])Σ(?!{part}|[{internal}]{part})"
    normalizers = [
        _replace({"Regex": f"[{ignored}]"}, ""),
        _replace({"String": "’"}, "'"),
        _replace({"Regex": sigma}, "ς"),
        {"type": "Lowercase"},
    ]
    return normalizers, f"{alone}[{letter}]{part}*(?:[{internal}]{part}+)*"


def _verbatim(separator: str | None) -> str:
    blank = _ranges(np.flatnonzero(characters.verbatim_characters().classes == characters.SEPARATOR).tolist())
    newline = _ranges([ord("\n")])
    if separator is None:
        return f"[^{blank}{newline}]+"
    border = _ranges([ord(separator)])
    return f"[^{border}{blank}{newline}](?:[^{border}{newline}]*[^{border}{blank}{newline}])?"


def _replace(pattern: dict[str, str], content: str) -> dict[str, Any]:
    return {"type": "Replace", "pattern": pattern, "content": content}


def _ranges(codes: list[int]) -> str:
    r"""Code points in order, as they stand between the brackets of a regular expression.

    >>> _ranges([0x41, 0x42, 0x43, 0x3A3])
    '\\x{41}-\\x{43}\\x{3A3}'
    """
    codes = [code for code in codes if not 0xD800 <= code <= 0xDFFF]
    starts = [code for before, code in zip([None, *codes], codes, strict=False) if before is None or before + 1 != code]
    ends = [code for code, after in zip(codes, [*codes[1:], None], strict=True) if after is None or code + 1 != after]
    return "".join(f"\\x{{{low:X}}}" + (f"-\\x{{{high:X}}}" if high > low else "") for low, high in zip(starts, ends, strict=True))
