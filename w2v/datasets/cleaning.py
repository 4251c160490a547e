"""Steps that turn an unpacked file into text to train on, by the names that recipes call them.

A step takes a binary stream and gives blocks of UTF-8 text, whole lines each.
"""

import collections
import concurrent.futures
import multiprocessing
import re
import signal
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree.ElementTree import ParseError

from w2v.datasets.archives import Stream
from w2v.errors import CorpusError, import_extra
from w2v.machine import usable_cores

_BLOCK = 1 << 20
_BATCH_PAGES = 64
_SHORTEST_ARTICLE = 200  # characters; below are redirects, lists of namesakes and stubs

# What gensim leaves of the markup: bold and italics, headings, bullets.
_LEFTOVERS = re.compile(r"'{2,}|={2,}|^[*#:;]+", re.MULTILINE)


def as_it_is(stream: Stream) -> Iterator[bytes]:
    """The text itself; its blocks are not whole lines."""
    while block := stream.read(_BLOCK):
        yield block


def gensim_wikicorpus(stream: Stream) -> Iterator[bytes]:
    """Articles of a MediaWiki dump as gensim's `WikiCorpus` makes them, without its processes.

    Words of 2 to 15 letters in lower case, an article a line; articles under 50 words are left out.
    """
    wikicorpus = _wikicorpus()
    for _, markup, page in _pages(stream, wikicorpus):
        words, _, _ = wikicorpus.process_article((markup, "", page))
        if len(words) >= wikicorpus.ARTICLE_MIN_WORDS:
            yield " ".join(words).encode() + b"\n"


def gensim_wikitext(stream: Stream) -> Iterator[bytes]:
    """Articles of a MediaWiki dump without markup, an article a line; letters, digits and punctuation stay.

    For any language: gensim's own words would cut what is written without spaces at 15 characters. The markup is removed
    in as many processes as there are cores, since gensim manages some 3 MB/s in each.
    """
    pages = (markup for _, markup, _ in _pages(stream, _wikicorpus()) if markup)
    cores = usable_cores()
    # Started afresh, not forked: this process has threads (progress bar).
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(cores, context, signal.signal, (signal.SIGINT, signal.SIG_IGN)) as pool:
        waiting: collections.deque[concurrent.futures.Future[bytes]] = collections.deque()
        try:
            while batch := [markup for _, markup in zip(range(_BATCH_PAGES), pages, strict=False)]:
                waiting.append(pool.submit(_without_markup, batch))
                if len(waiting) > 2 * cores:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _without_markup(pages: list[str]) -> bytes:
    filter_wiki: Callable[[str], str] = _wikicorpus().filter_wiki
    articles = (" ".join(_LEFTOVERS.sub("", filter_wiki(markup)).split()) for markup in pages)
    return "".join(article + "\n" for article in articles if len(article) >= _SHORTEST_ARTICLE).encode()


def _wikicorpus() -> Any:
    return import_extra("gensim.corpora.wikicorpus", "validate", "cleaning Wikipedia text")


def _pages(stream: Stream, wikicorpus: Any) -> Iterator[tuple[str, str, str]]:
    """Title, markup and number of each page in the namespace of articles."""
    try:
        yield from wikicorpus.extract_pages(stream, filter_namespaces=("0",))
    except (ParseError, ValueError, AttributeError) as error:  # other XML; an element that every page has is missing
        raise CorpusError(f"a Wikipedia dump must be whole MediaWiki XML: {error}") from error


# The rules by which text8 was made (Matt Mahoney's wikifil.pl, http://mattmahoney.net/dc/textdata.html), in their order.
_TEXT8_RULES = [
    (re.compile(pattern, re.IGNORECASE if ignore_case else 0), replacement)
    for pattern, replacement, ignore_case in (
        (rb"&amp;", b"&", False),
        (rb"&lt;", b"<", False),
        (rb"&gt;", b">", False),
        (rb"<ref[^<]*</ref>", b"", False),
        (rb"<[^>]*>", b"", False),
        (rb"\[http:[^] ]*", b"[", False),  # external links: their text stays
        (rb"\|thumb|\|left|\|right|\|\d+px", b"", True),
        (rb"\[\[image:[^\[\]]*\|", b"", True),  # the caption stays
        (rb"\[\[category:([^|\]]*)[^]]*\]\]", rb"[[\1]]", True),
        (rb"\[\[[a-z-]*:[^\]]*\]\]", b"", False),  # the article in other languages
        (rb"\[\[[^|\]]*\|", b"[[", False),  # internal links: their text stays
        (rb"\{\{[^}]*\}\}", b"", False),
        (rb"\{[^}]*\}", b"", False),
        (rb"[\[\]]", b"", False),
        (rb"&[^;]*;", b" ", False),
    )
]
_DIGITS = {b"%d" % digit: b" %s " % name for digit, name in enumerate(b"zero one two three four five six seven eight nine".split())}
_DIGIT = re.compile(rb"\d")
_NOT_LETTERS = re.compile(rb"[^a-z]+")


def text8_form(stream: Stream) -> Iterator[bytes]:
    """Articles of a MediaWiki dump as lower-case words of a to z, digits spelled, an article a line."""
    rest = b""
    while block := stream.read(_BLOCK):
        *pages, rest = (rest + block).split(b"</text>")
        yield b"".join(map(_text8_line, pages))
    yield _text8_line(rest)  # enwik9 ends inside an article


def _text8_line(page: bytes) -> bytes:
    _, tag, text = page.rpartition(b"<text ")
    text = text.partition(b">")[2]
    if not tag or b"#redirect" in text.lower():
        return b""
    for pattern, replacement in _TEXT8_RULES:
        text = pattern.sub(replacement, text)
    text = _DIGIT.sub(lambda digit: _DIGITS[digit[0]], text.lower())
    words = _NOT_LETTERS.sub(b" ", text).strip()
    return words + b"\n" if words else b""


CLEANERS: dict[str, Callable[[Stream], Iterator[bytes]]] = {
    "gensim-wikicorpus": gensim_wikicorpus,
    "gensim-wikitext": gensim_wikitext,
    "text8-form": text8_form,
}


def require(step: str) -> None:
    """Check before a long download that the packages of a step are there.

    Raises
    ------
    MissingExtraError
        with the pip command.
    """
    if step.startswith("gensim-"):
        _wikicorpus()
