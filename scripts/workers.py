"""Many files on several processes: one that dies takes its own file with it and no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Order = TypeVar("Order")
Result = TypeVar("Result")


def in_turn(work: Callable[[Order], Result], orders: Sequence[Order], jobs: int,
            died: Callable[[Order], Result]) -> Iterator[Result]:
    """The result of every order, in their order; `died` makes the result of one whose process stopped.

    `work`, the orders and the results are pickled: workers are started afresh (as on Windows).
    """
    if jobs <= 1 or len(orders) < 2:
        yield from map(work, orders)
        return
    done = 0
    while done < len(orders):
        for result in _until_broken(work, orders[done:], jobs):
            done += 1
            yield result
        for order in orders[done:done + jobs]:  # one of these was at work when a process died
            done += 1
            yield next(_until_broken(work, [order], 1), None) or died(order)


def _until_broken(work: Callable[[Order], Result], orders: Sequence[Order], jobs: int) -> Iterator[Result]:
    """Results in turn, up to the first order that a dead process left without one."""
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    pool = ProcessPoolExecutor(min(jobs, len(orders)), mp_context=get_context("spawn"))
    try:
        for future in [pool.submit(work, order) for order in orders]:
            try:
                result = future.result()
            except BrokenProcessPool:
                return
            yield result
    finally:
        pool.shutdown(cancel_futures=True)
