"""Downloads that end whole and verified, or not at all: mirrors in turn, resumed where the server allows.

While a file arrives it is called NAME.part, beside NAME.part.json that says from where and which version of the server's file.
Only a file of the right size and checksums is renamed to NAME. Our own, since pooch neither resumes, nor stops at an announced size, nor
refuses a redirect away from https.
"""

import contextlib
import http.client
import json
import os
import re
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from w2v.datasets.checksums import file_difference, verify_file
from w2v.datasets.recipe import url_fault
from w2v.errors import ConfigError, DownloadError
from w2v.progress import progress_bar
from w2v.storage import flush_to_disk

_BLOCK = 1 << 18
_ATTEMPTS = 5
_HEADERS = {"User-Agent": "w2v (word vectors from text; corpus download)", "Accept-Encoding": "identity"}
_NETWORK_ERRORS = (OSError, http.client.HTTPException, ValueError)  # ValueError: a host name or header that cannot be


class _BrokenOffError(DownloadError):
    """A transfer that ended too early and may go on from where it is."""


def fetch(
    urls: Sequence[str],
    path: Path,
    *,
    size: int | None = None,
    checksums: Mapping[str, str] | None = None,
    timeout: float = 30.0,
    progress: bool = False,
) -> None:
    """Download a file from the first mirror that has it; a `path` that exists already is verified instead.

    Parameters
    ----------
    urls : mirrors, in the order to try them; proxies of the environment are respected
    size : bytes; None takes the server's word for it
    checksums : algorithm -> hexadecimal digits
    timeout : seconds without a byte after which a server counts as stalled
    progress : show a bar on stderr, if that is a terminal

    Raises
    ------
    ConfigError
        a URL from which the file may not be fetched, such as http without checksums.
    DownloadError
        no mirror gave the file that is meant; the message says why, for each.
    """
    checksums = checksums or {}
    for url in urls:
        fault = url_fault(url, size, checksums)
        if fault is not None:
            raise ConfigError(fault)
    if path.exists():
        verify_file(path, size, checksums)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = _Part(path)
    if part.is_complete() and file_difference(part.path, size, checksums) is None:
        part.finish()
        return
    failures = []
    for url in urls:
        try:
            resumed = part.resumable_from(url) is not None
            _transfer(url, part, size, timeout, progress)
            difference = file_difference(part.path, size, checksums)
            if difference is not None and resumed:  # the old part may be to blame
                part.discard()
                _transfer(url, part, size, timeout, progress)
                difference = file_difference(part.path, size, checksums)
        except DownloadError as error:
            failures.append(str(error))
            continue
        if difference is None:
            part.finish()
            return
        part.discard()
        failures.append(f"{url} gave another file than the one that is meant: {difference}")
    raise DownloadError(f"{'; '.join(failures)}; download it by hand to {path} and run again")


def fetch_text(url: str, *, limit: int = 1 << 20, timeout: float = 30.0) -> str:
    """A small text file, such as a list of checksums.

    Raises
    ------
    DownloadError
        it cannot be reached, or is longer than `limit` bytes.
    """
    content = bytearray()
    with _open(url, {}, timeout) as response:
        while block := _read(response, url, limit + 1 - len(content)):
            content += block
        if len(content) <= limit and response.length:
            raise DownloadError(f"{url} broke off after {len(content):,} bytes: run again")
    if len(content) > limit:
        raise DownloadError(f"{url} has more than {limit:,} bytes: it is not the list that was meant")
    return content.decode("utf-8", "replace")


def read_note(path: Path) -> dict[str, Any]:
    """The JSON object that we left beside a file; empty where there is none, or it is damaged."""
    try:
        note = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}


class _Part:
    """A download on its way."""

    def __init__(self, goal: Path) -> None:
        self.goal = goal
        self.path = goal.with_name(goal.name + ".part")
        self._state_path = goal.with_name(goal.name + ".part.json")

    def size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def is_complete(self) -> bool:
        """Whether all bytes have arrived (and the process died before the check)."""
        return self.size() > 0 and read_note(self._state_path).get("total") == self.size()

    def resumable_from(self, url: str) -> str | None:
        """The server's name of the version that we have a part of; None if there is nothing to go on from."""
        state = read_note(self._state_path)
        validator = state.get("validator")
        return validator if self.size() and state.get("url") == url and isinstance(validator, str) else None

    def begin(self, url: str, validator: str | None, total: int) -> None:
        """Start from nothing."""
        self.path.write_bytes(b"")
        self._state_path.write_text(json.dumps({"url": url, "validator": validator, "total": total}), encoding="utf-8")

    def discard(self) -> None:
        self._state_path.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)

    def finish(self) -> None:
        flush_to_disk(self.path)
        os.replace(self.path, self.goal)
        flush_to_disk(self.goal.parent)
        self._state_path.unlink(missing_ok=True)


def _transfer(url: str, part: _Part, size: int | None, timeout: float, progress: bool) -> None:
    """Fetch all bytes into `part`, going on after a break as long as each attempt gets further."""
    for attempt in range(1, _ATTEMPTS + 1):
        before = part.size()
        try:
            _attempt(url, part, size, timeout, progress)
            return
        except _BrokenOffError:
            if attempt == _ATTEMPTS or part.size() == before:
                raise


def _attempt(url: str, part: _Part, size: int | None, timeout: float, progress: bool) -> None:
    validator = part.resumable_from(url)
    offset = part.size() if validator is not None else 0
    headers = {"Range": f"bytes={offset}-", "If-Range": validator} if validator is not None else {}
    try:
        with _open(url, headers, timeout) as response:
            total = _total(response, url, offset, size)
            if not offset or response.status != http.client.PARTIAL_CONTENT:
                offset = 0
                part.begin(url, _validator(response), total)
            bar = progress_bar(part.goal.name, total, "B", initial=offset, scale=True, wanted=progress)
            with bar, open(part.path, "ab") as file:
                while offset < total:
                    block = _read(response, url, min(_BLOCK, total - offset))
                    if not block:
                        raise _BrokenOffError(f"{url} broke off after {offset:,} of {total:,} bytes")
                    file.write(block)
                    offset += len(block)
                    bar.update(len(block))
                if _read(response, url, 1):
                    part.discard()
                    raise DownloadError(f"{url} has more than {total:,} bytes")
    except _UselessPartError as error:
        part.discard()
        raise _BrokenOffError(str(error)) from error


class _UselessPartError(DownloadError):
    """The server does not go on from what we have."""


def _total(response: http.client.HTTPResponse, url: str, offset: int, size: int | None) -> int:
    """How many bytes the whole file has, by the response's headers, which must agree with `size`."""
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise DownloadError(f"{url} comes with Content-Encoding {response.headers['Content-Encoding']}: it must come as it is")
    if response.status == http.client.PARTIAL_CONTENT:
        span = response.headers.get("Content-Range", "")
        match = re.fullmatch(r"bytes ([0-9]+)-([0-9]+)/([0-9]+)", span)
        if match is None or int(match[1]) != offset or (response.length is not None and response.length != int(match[3]) - offset):
            raise _UselessPartError(f"{url} answered with the range {span!r} when asked for all from byte {offset:,}")
        announced: int | None = int(match[3])
    else:
        announced = response.length
    if announced is None and size is None:
        raise DownloadError(f"{url} does not say how many bytes it has")
    if announced is not None and size is not None and announced != size:
        fault = f"{url} has {announced:,} bytes instead of {size:,}"
        raise _UselessPartError(fault) if offset else DownloadError(fault)
    return size if announced is None else announced  # type: ignore[return-value]


def _validator(response: http.client.HTTPResponse) -> str | None:
    """What If-Range may be asked with: a strong ETag, or the date (the checksums judge in the end)."""
    tag = response.headers.get("ETag")
    return tag if tag is not None and not tag.startswith("W/") else response.headers.get("Last-Modified")


@contextlib.contextmanager
def _open(url: str, headers: Mapping[str, str], timeout: float) -> Iterator[http.client.HTTPResponse]:
    opener = urllib.request.OpenerDirector()  # not build_opener: it would open file:, data: and ftp: too
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
        _Redirects(),
    ):
        opener.add_handler(handler)
    try:
        request = urllib.request.Request(url, headers={**_HEADERS, **headers})  # noqa: S310 - the opener knows http and https only
        response = opener.open(request, timeout=timeout)
    except DownloadError:
        raise
    except urllib.error.HTTPError as error:
        error.close()
        kind = _UselessPartError if error.code == http.client.REQUESTED_RANGE_NOT_SATISFIABLE and headers else DownloadError
        raise kind(f"cannot reach {url}: HTTP {error.code} {error.reason}") from error
    except _NETWORK_ERRORS as error:
        raise DownloadError(f"cannot reach {url}: {_reason(error)}") from error
    with response:
        yield response


def _read(response: http.client.HTTPResponse, url: str, n: int) -> bytes:
    try:
        return response.read1(n) if n else b""
    except _NETWORK_ERRORS as error:
        raise _BrokenOffError(f"{url} broke off: {_reason(error)}") from error


def _reason(error: BaseException) -> str:
    if isinstance(error, urllib.error.URLError) and isinstance(error.reason, BaseException):
        error = error.reason
    if isinstance(error, TimeoutError):
        return "it does not answer"
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follow redirects to https only, or from http to http: that file's checksums are known."""

    def redirect_request(self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        old, new = urlsplit(req.full_url).scheme, urlsplit(newurl).scheme
        if new != "https" and (new, old) != ("http", "http"):
            raise DownloadError(f"{req.full_url} redirects to {newurl}: only https is followed")
        return super().redirect_request(req, fp, code, msg, headers, newurl)
