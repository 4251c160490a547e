"""The routes: the page's files, and under ``/api`` the data, which needs the token."""

import importlib.resources
from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from w2v.errors import UnknownWordError, W2VError
from w2v.explorer.map_points import WordMap
from w2v.explorer.security import HOSTS, TOKEN_HEADER, App, is_token, with_headers
from w2v.explorer.word_queries import Answers

_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_MAX_WORDS = 100  # of one question
_MAX_N = 1000  # neighbors of a word

Handler = Callable[[Request], Any]


def create_app(name: str, answers: Answers, word_map: WordMap, facts: dict[str, Any], token: str) -> App:
    """The explorer as an ASGI application.

    Parameters
    ----------
    name : of the model, for people
    facts : what else ``/api/model`` tells, such as the number of words
    token : what requests for data must carry
    """

    def routed(path: str, handler: Handler, *, in_thread: bool = True) -> Route:
        async def endpoint(request: Request) -> Response:
            if not is_token(request.headers.get(TOKEN_HEADER), token):
                raise HTTPException(401, "this needs the token in the address that w2v explore printed")
            return JSONResponse(await run_in_threadpool(handler, request) if in_thread else handler(request))

        return Route(f"/api/{path}", endpoint, methods=["GET"])

    routes = [
        routed("model", lambda request: {"name": name, **facts}),
        routed("map", lambda request: word_map.content),
        routed("arranged", lambda request: word_map.arranged(), in_thread=False),  # one at a time
        routed("complete", lambda request: answers.complete(_text(request, "beginning"), _number(request, "n", 10))),
        routed("neighbors", lambda request: answers.neighbors(_words(request), _number(request, "n", 10), _restriction(request))),
        routed("analogy", lambda request: _analogy(answers, request)),
        routed("similarity", lambda request: answers.similarity(_text(request, "a"), _text(request, "b"))),
        *(_file_route(path, content, media_type) for path, content, media_type in _files()),
    ]
    return with_headers(
        Starlette(
            routes=routes,
            middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS, www_redirect=False)],
            exception_handlers={UnknownWordError: _unknown_word, W2VError: _wrong, HTTPException: _http_error},
        )
    )


def _files() -> list[tuple[str, bytes, str]]:
    """Path, content and media type of each file of the page; read once, so that no path can lead out of their folder."""
    folder = importlib.resources.files("w2v.explorer") / "page"
    found = []
    for file in folder.iterdir():
        media_type = _TYPES.get(file.name[file.name.rfind(".") :])
        if media_type is not None:
            found.append(("/" if file.name == "index.html" else f"/{file.name}", file.read_bytes(), media_type))
    return found


def _file_route(path: str, content: bytes, media_type: str) -> Route:
    async def endpoint(request: Request) -> Response:
        return Response(content, media_type=media_type)

    return Route(path, endpoint, methods=["GET"])


def _text(request: Request, name: str) -> str:
    value = request.query_params.get(name, "")
    if not value:
        raise HTTPException(400, f"{name} must be given")
    return value


def _words(request: Request) -> list[str]:
    words = request.query_params.getlist("word")
    if not (1 <= len(words) <= _MAX_WORDS and all(words)):
        raise HTTPException(400, f"word must be given from 1 to {_MAX_WORDS} times: received {len(words)}")
    return words


def _number(request: Request, name: str, default: int, largest: int = _MAX_N) -> int:
    value = request.query_params.get(name, str(default))
    if not (value.isascii() and value.isdigit() and len(value) < 10 and 1 <= int(value) <= largest):
        raise HTTPException(400, f"{name} must be an integer from 1 to {largest:,}: received {value[:40]!r}")
    return int(value)


def _restriction(request: Request) -> int | None:
    return _number(request, "restrict_vocab", 1, 10**9 - 1) if "restrict_vocab" in request.query_params else None


def _analogy(answers: Answers, request: Request) -> dict[str, Any]:
    a, b, c = (_text(request, name) for name in "abc")
    method = request.query_params.get("method", "3cosadd")
    return answers.analogy(a, b, c, _number(request, "n", 10), method, _restriction(request))


def _unknown_word(request: Request, error: Exception) -> Response:
    found = error if isinstance(error, UnknownWordError) else UnknownWordError("")
    return JSONResponse({"error": str(found), "word": found.word, "close_matches": found.close_matches}, 404)


def _wrong(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, 400)


def _http_error(request: Request, error: Exception) -> Response:
    status, message = (error.status_code, error.detail) if isinstance(error, HTTPException) else (500, "failed")
    return JSONResponse({"error": message}, status)
