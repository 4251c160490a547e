"""Words of a vocabulary under other spellings of theirs: decomposed accents, ligatures, full-width letters, other apostrophes."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from w2v.corpus.tokens.characters import APOSTROPHES

_APOSTROPHES = re.compile(f"[{APOSTROPHES}\u02bb\u02bc\u02bd]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]")


def plain_spelling(text: str) -> str:
    """NFKC, without invisible characters, and with one kind of apostrophe.

    >>> plain_spelling("cafe\\u0301"), plain_spelling("ﬂour"), plain_spelling("Ｗ’s")
    ('café', 'flour', "W's")
    """
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", _APOSTROPHES.sub("'", text)))


class SpellingVariants:
    """Finds a word by its plain spelling; where several words share one, the most frequent.

    Parameters
    ----------
    words : by rank
    ranks : the same words
    """

    def __init__(self, words: Sequence[str], ranks: Mapping[str, int]) -> None:
        self._ranks = ranks
        self._words: dict[str, str] = {}
        spelled = [word for word in words if not word.isascii() or "`" in word]
        plain = plain_spelling("\n".join(spelled)).split("\n")  # all at once: a million words in half a second
        if len(plain) != len(spelled):  # a word holds a newline
            plain = list(map(plain_spelling, spelled))
        for word, spelling in zip(spelled, plain, strict=True):
            if spelling != word:
                self._words.setdefault(spelling, word)

    def find(self, text: str) -> str | None:
        """The word that `text` is another spelling of; None where there is none."""
        plain = plain_spelling(text)
        return plain if plain in self._ranks else self._words.get(plain)
