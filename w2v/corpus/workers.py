"""`Workers`: threads that take items from one row, side by side; what they make of them comes in the items' order."""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any, Self, TypeVar

_AHEAD = 2  # items a thread that may be begun while the first of them is not done: bounds what has to wait for that one
_T = TypeVar("_T")
_R = TypeVar("_R")


class Workers:
    """A number of threads; a context manager."""

    def __init__(self, threads: int) -> None:
        self._threads, self._pool = threads, ThreadPoolExecutor(threads, "w2v-encode")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._pool.shutdown()

    def map(self, work: Callable[[_T], _R], items: Iterable[_T], *, slow_items: bool = False) -> list[_R]:
        """The results for all items, in their order.

        A thread that is free takes the next item itself, so that the calling thread has nothing to do, however many there are.

        Parameters
        ----------
        slow_items : an item may be long in coming, as from a pipe: the calling thread fetches them, a few ahead, because Ctrl-C stops
            that thread only

        Raises
        ------
        Exception
            the first one in the order of the items, when no thread works any more.
        """
        row = _Row(items, _AHEAD * self._threads, slow_items)
        tasks = [self._pool.submit(row.work, work) for _ in range(self._threads)]
        try:
            if slow_items:
                row.fetch_all()
            wait(tasks)
        finally:
            row.stop()
            wait(tasks)
        return row.results()


class _Row:
    """Items on their way through several threads.

    Parameters
    ----------
    most : items that may be on their way at once
    is_fed : `fetch_all` fetches them; else who takes one fetches it
    """

    def __init__(self, items: Iterable[Any], most: int, is_fed: bool) -> None:
        self._items, self._most, self._is_fed = iter(items), most, is_fed
        self._changed = threading.Condition()
        self._fetched: deque[Any] = deque()
        self._done: dict[int, Any] = {}
        self._errors: dict[int, BaseException] = {}
        self._n_fetched = self._n_taken = 0
        self._n_done = 0  # all items before this number are
        self._is_complete = self._is_stopped = False

    def fetch_all(self) -> None:
        while self._fetch():
            with self._changed:
                self._changed.notify()
                self._changed.wait_for(lambda: self._is_stopped or self._has_room())
        with self._changed:
            self._changed.notify_all()

    def work(self, work: Callable[[Any], Any]) -> None:
        """Take items until there are no more."""
        while (taken := self._take()) is not None:
            number, item = taken
            try:
                result = work(item)
            except BaseException as error:  # all of them: the calling thread raises the first, see `results`
                self._errors[number] = error
                self.stop()
            else:
                with self._changed:
                    self._done[number] = result
                    while self._n_done in self._done:
                        self._n_done += 1
                    self._changed.notify_all()

    def stop(self) -> None:
        """Let nobody take another item."""
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()

    def results(self) -> list[Any]:
        if self._errors:
            raise self._errors[min(self._errors)]
        return [self._done[number] for number in range(self._n_done)]

    def _take(self) -> tuple[int, Any] | None:
        with self._changed:
            self._changed.wait_for(self._can_take)
            if not self._is_fed and not self._is_complete and not self._is_stopped:
                self._fetch()
            if self._is_stopped or not self._fetched:
                return None
            self._n_taken += 1
            return self._n_taken - 1, self._fetched.popleft()

    def _can_take(self) -> bool:
        return bool(self._fetched) or self._is_complete or self._is_stopped or (not self._is_fed and self._has_room())

    def _fetch(self) -> bool:
        """Fetch an item, if there is one."""
        try:
            self._fetched.append(next(self._items))
        except StopIteration:
            self._is_complete = True
        except BaseException as error:  # Ctrl-C too: its turn comes behind the items before it
            self._errors[self._n_fetched] = error
            self._is_complete = True
        else:
            self._n_fetched += 1
        return not self._is_complete

    def _has_room(self) -> bool:
        return self._n_fetched - self._n_done < self._most
