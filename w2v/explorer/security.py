"""What keeps other programs, other sites and hostile words out of the page.

The server listens on the loopback only, and refuses a Host other than its own (a site that rebinds its name to 127.0.0.1 sends its own
name). Data needs the token of this run in a header: no other site can make a browser send that, and unlike a cookie it goes to
no other port of this machine. The browser finds it behind the # of the address, which is never sent, logged or handed on as a referrer.
"""

import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

TOKEN_HEADER = "x-w2v-token"  # noqa: S105 - the name of a header
HOSTS = ("127.0.0.1", "localhost")

# Scripts, styles and icon from here only, nothing inline, no eval; "trusted-types 'none'" makes innerHTML and its like throw.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


def with_headers(app: App) -> App:
    """`app` with `HEADERS` on every answer, errors too."""
    fields = [(name.encode(), value.encode()) for name, value in HEADERS.items()]

    async def protected(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *fields]}
            await send(message)

        await app(scope, receive, send_with_headers)

    return protected


def is_token(given: str | None, token: str) -> bool:
    """Whether the header holds the token, in a time that does not tell how much of it is right."""
    return given is not None and hmac.compare_digest(given.encode(), token.encode())
