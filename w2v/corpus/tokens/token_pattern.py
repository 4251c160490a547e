"""Tokens by a regular expression of the caller: `token_pattern`, by Python's `re`, line by line.

``python -m w2v.corpus.tokens.token_pattern CONFIG`` is one of the processes that do it for a corpus (`text_processes.py`): `re` holds
the interpreter's lock, and an expression that never comes to an end can only be stopped from outside.
"""

import functools
import re
import subprocess
import sys
import unicodedata
import warnings
from collections.abc import Callable

from w2v.corpus.tokens.text_processes import TextProcesses, serve
from w2v.errors import ConfigError

_TOKEN_END, _LINE_END = b"\xff", b"\xfe"  # as scanner.py has them
_TURKISH = str.maketrans({"I": "ı", "İ": "i"})
# What makes nested repeats run away: many of one character, and one that nothing expects. A cubic expression is noticed too.
_TRIED = "aA0 -.,'éж京"
_TRIED_LENGTH = 1500
_TRIED_SECONDS = 5.0
_LONGEST_SECONDS = 100.0  # for a piece of a corpus, which takes a tenth of one
_TRY = "import re, sys\nfor c in sys.argv[2]: re.findall(sys.argv[1], c * int(sys.argv[3]) + chr(0))"


def make_matcher(pattern: str, tokenizer: str, language: str | None) -> Callable[[str], bytes]:
    """A function from text to canonical bytes (`scanner.py`).

    Parameters
    ----------
    pattern : its matches are the tokens, or its group where it has one; not across the end of a line
    tokenizer : words puts tokens into lower case and composes them (NFC), whitespace leaves them as they stand
    """
    with warnings.catch_warnings(action="ignore"):  # re's own, on sets that may mean something else one day
        find = re.compile(pattern).findall
    lower = None if tokenizer == "whitespace" else functools.partial(_lower, turkish=language is not None)

    def match(text: str) -> bytes:
        lines = ["\n".join(filter(None, find(line))) for line in text.replace("\0", " ").split("\n")]
        if lower is not None:
            lines = lower("\0".join(lines)).split("\0")
        ended = [line.encode().replace(b"\n", _TOKEN_END) + _TOKEN_END * bool(line) for line in lines]
        return _LINE_END.join(ended)  # the last line has no end: a text may be cut in a long one

    return match


def pattern_processes(n: int, pattern: str, tokenizer: str, language: str | None) -> TextProcesses:
    """The same from UTF-8, by `n` processes.

    Raises
    ------
    ConfigError
        a pattern that does not come to an end.
    """
    require_an_end(pattern)
    return TextProcesses(n, [__name__, pattern, tokenizer, language or ""], "token_pattern", _LONGEST_SECONDS)


def _lower(text: str, turkish: bool) -> str:
    return unicodedata.normalize("NFC", (text.translate(_TURKISH) if turkish else text).lower())


@functools.cache
def require_an_end(pattern: str) -> None:
    """Try a pattern on texts that make nested repeats run away, in a process that can be stopped.

    Raises
    ------
    ConfigError
        it did not come to an end.
    """
    characters = _TRIED + "".join(sorted({character for character in pattern if character.isprintable()} - set(_TRIED)))[:60]
    command = [sys.executable, "-I", "-S", "-W", "ignore", "-c", _TRY, pattern, characters, str(_TRIED_LENGTH)]
    try:
        subprocess.run(command, timeout=_TRIED_SECONDS, check=False, capture_output=True)  # noqa: S603 - our own words
    except subprocess.TimeoutExpired:
        raise ConfigError(
            f"token_pattern {pattern!r} does not come to an end: a repeat inside a repeat, such as (a+)+, takes for ever on some texts"
        ) from None


if __name__ == "__main__":
    _match = make_matcher(sys.argv[1], sys.argv[2], sys.argv[3] or None)
    serve(lambda text: _match(text.decode()))
