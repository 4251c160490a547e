"""t-SNE beside the server: minutes of work in a process of its own, which neither slows the page nor delays the end."""

import multiprocessing
import signal
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.errors import import_extra
from w2v.vectors.nearest import Matrix
from w2v.vectors.projection import Points, project


@dataclass
class State:
    """How far the arrangement is.

    Attributes
    ----------
    progress : 0 to 1
    points : (n, 2) float64 when it is done
    moving : (n, 2) float32, where they are before that
    error : why it never will be
    """

    progress: float = 0.0
    points: Points | None = None
    moving: npt.NDArray[np.float32] | None = None
    error: str | None = None


class Arrangement:
    """Starts at once; its state is asked for. Not to be shared by threads.

    Parameters
    ----------
    matrix : (n, dim) float32

    Raises
    ------
    MissingExtraError
        openTSNE is not installed.
    """

    def __init__(self, matrix: Matrix, seed: int) -> None:
        import_extra("openTSNE", "explore", "t-SNE (or take --method pca)")
        context = multiprocessing.get_context("spawn")  # a fork would copy the locks of BLAS and numba threads
        self._receiver, sender = context.Pipe(duplex=False)
        # Memory of both, so that nothing waits in a pipe for a page that nobody looks at.
        self._moving = context.RawArray("f", 2 * len(matrix))
        self._process = context.Process(target=_arrange, args=(np.array(matrix), seed, sender, self._moving), daemon=True)
        # Ctrl-C reaches the whole group of processes. The new one inherits that SIGINT is blocked, and is ended by `close`.
        resource_tracker.ensure_running()  # `start` would do it, and unblock SIGINT on the way
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        sender.close()  # so that the pipe ends with the process
        self._state = State()

    def state(self) -> State:
        """What the process has reported until now."""
        state = self._state
        try:
            while state.points is None and state.error is None and self._receiver.poll():
                state.progress, state.points = self._receiver.recv()
        except EOFError:
            self._process.join()
            state.error = f"t-SNE ended with exit code {self._process.exitcode}; the map shows principal components"
        state.moving = np.array(self._moving, np.float32).reshape(-1, 2) if state.progress > 0 and state.points is None else None
        return state

    def close(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.join()
        self._receiver.close()


def _arrange(matrix: Matrix, seed: int, sender: Connection, moving: Any) -> None:
    shown = np.frombuffer(moving, np.float32).reshape(-1, 2)

    def show(points: Points) -> None:
        shown[:] = points

    points = project(matrix, "tsne", seed=seed, on_progress=lambda share: sender.send((share, None)), on_points=show)
    sender.send((1.0, points))
