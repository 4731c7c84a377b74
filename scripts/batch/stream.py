"""Tasks in, answers out in their order, a bounded number on the way: memory does not grow with the batch."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait

from scripts.batch.crew import Crew
from scripts.batch.guarded import Answer, Task, guarded

AT_HAND = 2
"""Tasks given out for each hand, so that none waits for us."""
WAITING = 512
"""How many finished results may wait for a slow one before them."""
PATIENCE = 0.5
"""Seconds of waiting at a time: Windows hears Ctrl-C only between waits."""
Waiting = dict[int, Answer]


def answers(crew: Crew, tasks: Sequence[Task], arrived: Callable[[int, Answer], None],
            halting: Callable[[int], None]) -> Iterator[tuple[int, Answer]]:
    """Every task's number and answer, in turn; `arrived` hears of each as soon as it is there.

    Interrupted (KeyboardInterrupt), it hands out nothing more, tells `halting` how many are being worked
    on, hears those to their end and raises again; interrupted once more, it waits for nothing.
    """
    pending: dict[Future[Answer], int] = {}
    done: Waiting = {}
    left, next_out = deque(range(len(tasks))), 0
    try:
        while left or pending:
            while left and len(pending) < AT_HAND * crew.hands and left[0] - next_out < WAITING:
                number = left.popleft()
                pending[crew.executor.submit(guarded, tasks[number])] = number
            _take(pending, done, arrived)
            while next_out in done:
                yield next_out, done.pop(next_out)
                next_out += 1
    except KeyboardInterrupt:
        for future in [one for one in pending if one.cancel()]:
            del pending[future]
        halting(len(pending))
        while pending:
            _take(pending, done, arrived)
        raise


def _take(pending: dict[Future[Answer], int], done: Waiting, arrived: Callable[[int, Answer], None]) -> None:
    """Wait a moment for some tasks, and note their answers."""
    finished, _ = wait(pending, PATIENCE, return_when=FIRST_COMPLETED)
    for future in finished:
        number = pending.pop(future)
        done[number] = future.result()
        arrived(number, done[number])
