"""What the tokenizer's rules drop of a text, noticed while it is read: characters, emoji, HTML; and what to say of it."""

import re
import threading
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.config import CorpusConfig
from w2v.corpus.tokens.scanner import LINE_END, TOKEN_END
from w2v.vocabulary import Vocabulary

_SHORT = 1 << 14  # bytes that are looked at as a whole
_SAMPLE = 512  # bytes
_SAMPLES = 4  # of a longer piece: a tenth of a millisecond, where reading takes ten
_ALL_OF = 16  # pieces; of those behind, one in 8
_MARKUP = re.compile(
    rb"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});|</?[A-Za-z][A-Za-z0-9]{0,15}(?:[\s/][^<>\n]{0,200})?>"
)
_LEAST_MARKUP = 0.01  # of the lines
_ENDS = bytes([TOKEN_END, LINE_END])
_DOTTED = "i\u0307"  # what becomes of İ where the language is not said


class DroppedText:
    """Counts by samples of the text, all of it where it is short. For several threads at once.

    Parameters
    ----------
    scan : (n,) uint8 of text, is it ASCII -> canonical bytes, and how many
    """

    def __init__(self, scan: Callable[[npt.NDArray[np.uint8], bool], Any]) -> None:
        self._scan, self._lock = scan, threading.Lock()
        self._counts = np.zeros(4, np.int64)  # characters but white space, those kept, lines, lines with HTML
        self._n_emoji = 0
        self._example = (1 << 62, "")

    def add(self, number: int, text: npt.NDArray[np.uint8], n_emoji: int) -> None:
        """Look at a piece, by its number among all."""
        counts, example = None, b""
        if number < _ALL_OF or number % 8 == 0:
            counts, example = self._count(_samples(text))
        with self._lock:
            self._n_emoji += n_emoji
            if counts is not None:
                self._counts += counts
            if example and number < self._example[0]:
                self._example = number, example.decode()

    def _count(self, sample: bytes) -> tuple[tuple[int, int, int, int], bytes]:
        characters = len("".join(sample.decode().split()))
        array, n = self._scan(np.frombuffer(sample, np.uint8), sample.isascii())[:2]
        kept = len(array[:n].tobytes().translate(None, delete=_ENDS).decode())
        lines = [line for line in sample.split(b"\n") if line]
        with_markup = [line for line in lines if _MARKUP.search(line)] if b"&" in sample or b"<" in sample else []
        example = _MARKUP.search(with_markup[0]) if with_markup else None
        counts = characters, min(kept, characters), len(lines), len(with_markup)
        return counts, example[0] if example else b""

    def warn(self) -> None:
        """Say in Python what the command line prints of HTML."""
        if html := describe_html(self.facts()):
            warnings.warn(f'{html}: clean="html" makes text of them', stacklevel=2)

    def facts(self) -> dict[str, Any]:
        """For the manifest: the same for any number of threads."""
        characters, kept, lines, with_markup = self._counts.tolist()
        found: dict[str, Any] = {"characters": characters, "kept": kept, "emoji": self._n_emoji}
        if with_markup:
            found["html"] = {"lines": lines, "with": with_markup, "example": self._example[1]}
        return found


def _samples(text: npt.NDArray[np.uint8]) -> bytes:
    if len(text) <= _SHORT:
        return text.tobytes()
    step = len(text) // _SAMPLES
    parts = (text[start : start + _SAMPLE].tobytes() for start in range(0, step * _SAMPLES, step))
    return b"\n".join(part.decode(errors="ignore").encode() for part in parts)


def describe_dropped_text(manifest: Mapping[str, Any], config: CorpusConfig, vocabulary: Vocabulary) -> list[str]:
    """Lines for people: what was kept of a text, and which options keep more; none where tokens are taken as they are."""
    found = manifest.get("text")
    if not found or not found["characters"]:
        return []
    lines = [f"kept {100 * found['kept'] / found['characters']:.0f} % of the characters that are not white space"]
    if found["emoji"] and config.keep is None:
        lines.append(f"emoji dropped: {found['emoji']:,} (keep='emoji' makes them tokens)")
    if config.clean is None and (html := describe_html(found)):
        lines.append(f"{html}: clean='html' makes text of them")
    if config.language is None and _DOTTED.encode() in vocabulary.text():  # its words are not made for this
        n_dotted = sum(_DOTTED in word for word in vocabulary.words)
        lines.append(f"words with a dotted capital I (İ): {n_dotted:,}; if the text is Turkish, language='tr'")
    return lines


def describe_html(found: Mapping[str, Any]) -> str:
    """How much HTML `DroppedText.facts` has noticed, empty where next to none."""
    html = found.get("html")
    if not html or html["with"] < _LEAST_MARKUP * html["lines"]:
        return ""
    share = max(1, round(100 * html["with"] / html["lines"]))
    kind = "entities" if html["example"].startswith("&") else "tags or entities"
    return f"HTML {kind} in {share} % of the lines, such as {html['example'][:40]}"
