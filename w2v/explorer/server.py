"""The socket on the loopback, and uvicorn on it."""

import errno
import socket
from collections.abc import Callable
from typing import Any, NoReturn

from w2v.errors import ConfigError, import_extra
from w2v.explorer.security import App

_ADDRESS = "127.0.0.1"


def listening_socket(port: int) -> socket.socket:
    """A socket that listens on the loopback.

    Parameters
    ----------
    port : 0 takes one that is free

    Raises
    ------
    ConfigError
        the port is taken, or only an administrator may use it.
    """
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port is free at once when its server ends
    try:
        listener.bind((_ADDRESS, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        why = "taken" if error.errno == errno.EADDRINUSE else "for administrators only"
        raise ConfigError(f"port must be free: {port} on {_ADDRESS} is {why}; choose another, or leave out --port") from None
    return listener


def url(listener: socket.socket, token: str) -> str:
    """The address to open; the token behind the # stays in the browser."""
    host, port = listener.getsockname()
    return f"http://{host}:{port}/#{token}"


def serve(app: App, listener: socket.socket, on_ready: Callable[[], None]) -> NoReturn:
    """Answer requests until SIGINT (Ctrl-C); `on_ready` is called when requests are answered and SIGINT ends it.

    Raises
    ------
    KeyboardInterrupt
        when it ended by SIGINT, also where that is ignored by this process, as in the background of a script.
    MissingExtraError
        uvicorn is not installed.
    """
    uvicorn = import_extra("uvicorn", "explore", "the explorer")
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        limit_concurrency=64,
        timeout_graceful_shutdown=1,  # seconds: an answer that takes longer is not waited for
    )
    server: Any = uvicorn.Server(config)
    start = server.startup

    async def start_and_report(sockets: list[socket.socket] | None = None) -> None:
        await start(sockets)
        on_ready()

    server.startup = start_and_report
    server.run(sockets=[listener])
    raise KeyboardInterrupt  # uvicorn raises the signal again, to no effect where it was ignored when the process began
