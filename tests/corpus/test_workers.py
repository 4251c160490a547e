"""`Workers`: results in the order of the items, whoever works and however long."""

import threading
import time
from collections.abc import Iterator

import pytest

from w2v.corpus.workers import Workers


@pytest.mark.parametrize("slow_items", [False, True])
@pytest.mark.parametrize("threads", [1, 3])
def test_results_come_in_the_order_of_the_items(threads: int, slow_items: bool) -> None:
    with Workers(threads) as workers:
        for n in (0, 1, 2, 200):
            assert workers.map(lambda number: (time.sleep(0.001 * (number % 3 == 0)), number * 2)[1], range(n), slow_items=slow_items) == [
                *range(0, 2 * n, 2)
            ]


@pytest.mark.parametrize("slow_items", [False, True])
def test_the_first_error_in_the_order_of_the_items_is_raised(slow_items: bool) -> None:
    later_has_failed = threading.Event()
    worked: list[int] = []

    def work(number: int) -> None:
        worked.append(number)
        if number == 3:
            later_has_failed.wait(10)
            raise KeyError(3)
        if number == 4:
            later_has_failed.set()
            raise KeyError(4)

    with Workers(3) as workers, pytest.raises(KeyError, match="3"):
        workers.map(work, range(1000), slow_items=slow_items)
    assert len(worked) < 20  # nobody goes on behind an error


@pytest.mark.parametrize("slow_items", [False, True])
def test_an_error_among_the_items_comes_behind_what_was_before_it(slow_items: bool) -> None:
    def items() -> Iterator[int]:
        yield 0
        yield 1
        raise KeyError("items")

    def work(number: int) -> None:
        time.sleep(0.01)
        if number == 1:
            raise KeyError("work")

    with Workers(2) as workers:
        with pytest.raises(KeyError, match="work"):
            workers.map(work, items(), slow_items=slow_items)
        with pytest.raises(KeyError, match="items"):
            workers.map(lambda number: None, items(), slow_items=slow_items)


@pytest.mark.parametrize("slow_items", [False, True])
def test_what_waits_for_a_slow_item_is_bounded(slow_items: bool) -> None:
    begun: list[int] = []
    others_wait = threading.Event()

    def work(number: int) -> None:
        begun.append(number)
        if number == 0:
            others_wait.wait(0.3)

    with Workers(2) as workers:
        workers.map(work, range(4), slow_items=slow_items)  # fewer than may be ahead: nobody waits
        begun.clear()
        task = threading.Thread(target=workers.map, args=(work, range(100)), kwargs={"slow_items": slow_items})
        task.start()
        time.sleep(0.1)
        assert len(begun) <= 4
        others_wait.set()
        task.join()
    assert sorted(begun) == [*range(100)]


def test_an_interrupt_of_the_calling_thread_ends_all() -> None:
    worked: list[int] = []

    def items() -> Iterator[int]:
        yield 0
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Workers(2) as workers:
        workers.map(worked.append, items(), slow_items=True)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("w2v-encode")]


def test_slow_items_are_fetched_by_the_calling_thread() -> None:
    fetched_by: set[threading.Thread] = set()

    def items() -> Iterator[int]:
        for number in range(20):
            fetched_by.add(threading.current_thread())
            yield number

    with Workers(2) as workers:
        workers.map(lambda number: None, items(), slow_items=True)
        assert fetched_by == {threading.current_thread()}
        fetched_by.clear()
        workers.map(lambda number: None, items())
        assert threading.current_thread() not in fetched_by
