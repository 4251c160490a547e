"""What `clean="html"` does: tags, comments, scripts and styles go, entities become their characters."""

import html
import re
from collections.abc import Iterable, Iterator

_LONGEST = 1 << 16  # characters of a comment, a script or a style; what does not end within them is text
_LONGEST_TAG = 1 << 12
_MARKUP = re.compile(
    rf"<!--.{{0,{_LONGEST}}}?-->|<(script|style)\b[^<>]{{0,{_LONGEST_TAG}}}>.{{0,{_LONGEST}}}?</\1\s*>|"
    rf"</?([a-zA-Z][\w:.-]*)(?:\s*/?|[\s/][^<>=]{{0,{_LONGEST_TAG}}}=[^<>]{{0,{_LONGEST_TAG}}})>|"  # not a<b and c>d
    rf"<![a-zA-Z][^<>]{{0,{_LONGEST_TAG}}}>",
    re.DOTALL | re.IGNORECASE,
)
_UNENDED = re.compile("<(?:script|style)[^<>]*>", re.IGNORECASE)
_OPENED = re.compile(r"<(?:!--|/?[a-z!])|&[#\w]*\Z", re.IGNORECASE)
_BLANKS = " \n\t\r"
_ESCAPED_TWICE = re.compile(r"&amp;(?=(?:#[0-9]+|#x[0-9a-f]+|[a-z][a-z0-9]+);)", re.IGNORECASE)
# Tags that stand inside words and sentences: w<b>or</b>d is a word. All others separate.
_INLINE = re.compile(
    "a|abbr|b|bdi|bdo|big|cite|code|del|dfn|em|font|i|ins|kbd|mark|nobr|q|s|samp|small|span|strike|strong|sub|sup|tt|u|var|wbr",
    re.IGNORECASE,
)


def clean_html(text: str) -> str:
    """The text that a browser shows; ``&amp;#39;``, which was escaped twice, is an apostrophe too."""
    if "<" in text:
        text = _MARKUP.sub(lambda found: "" if _INLINE.fullmatch(found[2] or "") else " ", text)
    if "&" in text:
        text = html.unescape(_ESCAPED_TWICE.sub("&", text))
    return text.replace("\0", " ")


def clean_parts(parts: Iterable[str]) -> Iterator[str]:
    """`clean_html` of a text that comes in parts: markup may begin in one and end in a later one, and so may a word around it.

    Yields
    ------
    Parts that end behind a blank, but for the last one and for runs without a blank of more than 64 KiB.
    """
    rest = word = ""
    for part in parts:
        text = rest + part
        cut = _open_markup(text)
        rest, cleaned = text[cut:], word + clean_html(text[:cut])
        end = 1 + max(map(cleaned.rfind, _BLANKS))
        end = end if len(cleaned) - end < _LONGEST else len(cleaned)
        word = cleaned[end:]
        yield cleaned[:end]
    yield word + clean_html(rest)


def _open_markup(text: str) -> int:
    """Where markup begins that may go on behind the text; its length where there is none."""
    start = 0
    while found := _OPENED.search(text, start):
        whole = _MARKUP.match(text, found.start())
        if whole is not None and _UNENDED.fullmatch(whole[0]) is None:
            start = whole.end()
        elif len(text) - found.start() <= 2 * _LONGEST:
            return found.start()
        else:
            start = found.end()
    return len(text)
