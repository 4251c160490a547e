"""An HTTP server on 127.0.0.1 that serves well, or lies, truncates, drops, stalls and redirects, as each path is told to."""

from __future__ import annotations

import contextlib
import http.server
import threading
from collections.abc import Callable, Iterator

Behaviour = Callable[["Handler"], None]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self.close_connection = True
        self.server.requests.append((self.path, dict(self.headers)))
        self.server.routes[self.path](self)

    def answer(self, status: int, body: bytes, **headers: object) -> None:
        """Send a response; header names with underscores for hyphens."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()
        with contextlib.suppress(ConnectionError):
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.routes: dict[str, Behaviour] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.released = threading.Event()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"

    def serve(self, path: str, behaviour: Behaviour) -> str:
        self.routes[path] = behaviour
        return self.url(path)


@contextlib.contextmanager
def running_server() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.released.set()
            server.shutdown()
            thread.join()


def whole(body: bytes, *, etag: str | None = '"1"', ranges: bool = True) -> Behaviour:
    """The file, or the rest of it from the byte that was asked for, if its version is the one that was asked for."""

    def behave(handler: Handler) -> None:
        headers = {"ETag": etag} if etag else {}
        span = handler.headers.get("Range")
        if not ranges or span is None or handler.headers.get("If-Range") != etag:
            handler.answer(200, body, Content_Length=len(body), **headers)
            return
        start = int(span.removeprefix("bytes=").removesuffix("-"))
        if start >= len(body):
            handler.answer(416, b"", Content_Range=f"bytes */{len(body)}", Content_Length=0)
            return
        rest = body[start:]
        handler.answer(206, rest, Content_Length=len(rest), Content_Range=f"bytes {start}-{len(body) - 1}/{len(body)}", **headers)

    return behave


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """The first for the first request and so on; the last for all that follow."""
    left = list(behaviours)

    def behave(handler: Handler) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(handler)

    return behave


def drops(body: bytes, after: int, *, etag: str = '"1"') -> Behaviour:
    """Announces the whole file and breaks off."""
    return lambda handler: handler.answer(200, body[:after], Content_Length=len(body), ETag=etag)


def drops_again(body: bytes, step: int, *, etag: str = '"1"') -> Behaviour:
    """Resumes, and breaks off after some bytes each time."""

    def behave(handler: Handler) -> None:
        start = int(handler.headers.get("Range", "bytes=0-").removeprefix("bytes=").removesuffix("-"))
        headers = {"Content_Range": f"bytes {start}-{len(body) - 1}/{len(body)}"} if start else {}
        handler.answer(206 if start else 200, body[start : start + step], Content_Length=len(body) - start, ETag=etag, **headers)

    return behave


def stalls(body: bytes, after: int) -> Behaviour:
    """Sends a part and then nothing, with the connection open."""

    def behave(handler: Handler) -> None:
        handler.answer(200, body[:after], Content_Length=len(body))
        handler.server.released.wait(20)

    return behave


def never_answers(handler: Handler) -> None:
    handler.server.released.wait(20)


def endless(handler: Handler) -> None:
    """No length, and bytes for as long as somebody reads."""
    handler.answer(200, b"")
    with contextlib.suppress(OSError):
        while not handler.server.released.is_set():
            handler.wfile.write(b"x" * 65536)


def redirects(to: str) -> Behaviour:
    return lambda handler: handler.answer(302, b"", Location=to, Content_Length=0)


def fails(status: int) -> Behaviour:
    return lambda handler: handler.answer(status, b"no", Content_Length=2)
