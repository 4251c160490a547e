"""The hashing trick: words to ids without a vocabulary."""

import hashlib
import re
from collections.abc import Callable, Iterable

from w2v.checks import integer
from w2v.errors import ConfigError

FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
_HAN = "[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]"
_PUNCTUATION = "[\u3001\u3002\u2026\uff01\uff0c\uff1a\uff1b\uff1f]"
_LONGEST_WORD = 4  # characters, in Chinese text that is segmented: few words are longer
_LONGEST_TEXT = 2  # where nothing tells that it is: one word, most likely


def one_hot(
    text: str,
    n: int,
    filters: str = FILTERS,
    lower: bool = True,
    split: str = " ",
    analyzer: Callable[[str], Iterable[str]] | None = None,
) -> list[int]:
    """Words as ids from 1 to n - 1 by a hash, so that no vocabulary is needed and words may collide.

    ``md5(word) mod (n - 1) + 1``: the values of Keras 2's ``hashing_trick(text, n, hash_function="md5")``, the same in every process.
    The name is Keras's too: what comes out are ids, not vectors of 0 and 1.

    Parameters
    ----------
    text : one text
    n : how many rows the embedding layer has, at least 2; row 0 is for padding
    filters : characters that count as `split`
    lower : put the text into lower case first
    split : what separates words
    analyzer : a function that makes words of the text, as it stands, instead of the three options above

    Raises
    ------
    ConfigError
        `n` is below 2, or the text is Chinese whose words are not separated, and there is no `analyzer`.

    Examples
    --------
    >>> one_hot("Well done! Good work, well done", 50)
    [15, 31, 17, 40, 15, 31]
    """
    n = integer("n", n, 2)
    if not isinstance(text, str):
        raise ConfigError(f"text must be one text: received {type(text).__name__}; for a list, call one_hot for each")
    words = _split(text, filters, lower, split) if analyzer is None else list(analyzer(text))
    return [int(hashlib.md5(word.encode(), usedforsecurity=False).hexdigest(), 16) % (n - 1) + 1 for word in words]


def _split(text: str, filters: str, lower: bool, split: str) -> list[str]:
    if not split:
        raise ConfigError("split must be a text that is not empty: for a character a word, give analyzer=list")
    _require_segmented(text, split)
    if lower:
        text = text.lower()
    splits = str.maketrans(dict.fromkeys(filters, split))
    return [word for word in text.translate(splits).split(split) if word]


def _require_segmented(text: str, split: str) -> None:
    """Refuse Chinese sentences that would count as words."""
    runs = re.findall(f"{_HAN}(?:{_HAN}|{_PUNCTUATION})*", text)
    is_segmented = re.search(f"{_HAN}{re.escape(split)}{_HAN}", text) is not None
    longest = max(runs, key=len, default="")
    if len(longest) > (_LONGEST_WORD if is_segmented else _LONGEST_TEXT):
        remedy = 'analyzer=w2v.make_tokenizer(w2v.CorpusConfig(tokenizer="chinese")).split'
        raise ConfigError(f"Chinese words must be separated by {split!r}: found {longest[:20]!r}; segment the text first, or give {remedy}")
