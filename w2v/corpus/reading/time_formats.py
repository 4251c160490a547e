"""What to write as `time_format` for a time that can mean several things, or nothing."""

import re

_MONTHS = r"(?P<b>\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)"
_PARTS = re.compile(
    rf"""(?P<a>\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\b) | {_MONTHS}
    | (?P<clock>\b\d{{1,2}}:\d\d(?P<S>:\d\d(?P<f>[.,]\d+)?)?)(?P<p>\ ?[ap]m\b)?
    | (?P<z>(?<=[\d\ ])[+-]\d\d:?\d\d$) | (?P<Y>\d{{4}}) | (?P<j>\d{{3}}) | (?P<short>\d{{1,2}})""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_OTHER_WORDS = re.compile("[^A-Z\\W]|[A-Z]{6}")  # letters that are neither those of a zone, such as EST, nor T
# What the short numbers of a date may be, most usual first: by how many there are, and whether there are a year and a month's name.
_ORDERS = {
    (3, False, False): ("mdy", "dmy", "ymd"), (2, True, False): ("md", "dm"), (2, False, True): ("dy",), (2, False, False): ("md", "dm"),
    (1, True, False): ("m",), (1, True, True): ("d",), (1, False, True): ("d",),
}  # fmt: skip


def suggest_formats(text: str) -> list[str]:
    """Formats by which `text` can be read; empty where it does not look like a time.

    >>> suggest_formats("12/1/10 8:26 pm"), suggest_formats("Dec 31 08:26:00"), suggest_formats("soon")
    (['%m/%d/%y %I:%M %p', '%d/%m/%y %I:%M %p', '%y/%m/%d %I:%M %p'], ['%b %d %H:%M:%S'], [])
    """
    found = list(_PARTS.finditer(text))
    if re.search(r"\d{5}", text) or _OTHER_WORDS.search(_PARTS.sub("", text)):
        return []
    short = [part["short"] for part in found if part["short"]]
    orders = _ORDERS.get((len(short), any(part["Y"] for part in found), any(part["b"] for part in found)), ("",) if not short else ())
    formats = []
    for order in orders[:1] if found and found[0]["Y"] else orders:
        if found and all(int(number) <= {"m": 12, "d": 31, "y": 99}[letter] for number, letter in zip(short, order, strict=True)):
            letters = iter(order)
            formats.append(_PARTS.sub(lambda part, letters=letters: _directive(part, letters), text.replace("%", "%%")))  # type: ignore[misc]
    return formats


def _directive(part: re.Match[str], letters: object) -> str:
    if part["short"]:
        return f"%{next(letters)}"  # type: ignore[call-overload]
    if part["clock"]:
        fraction = part["f"][0] + "%f" if part["f"] else ""
        half = part["p"][:-2] + "%p" if part["p"] else ""
        return f"{'%I' if half else '%H'}:%M{':%S' if part['S'] else ''}{fraction}{half}"
    return next(f"%{name}" for name in ("a", "b", "z", "Y", "j") if part[name])
