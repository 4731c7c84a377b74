"""Who does the work: processes of this machine, or Dask past it; either way an executor of concurrent.futures."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import NamedTuple

from scripts.batch.guarded import stop_helpers

MOST_JOBS = 16


class Crew(NamedTuple):
    """An executor and how many tasks it works on at a time."""

    executor: Executor
    hands: int


@contextmanager
def processes(jobs: int) -> Iterator[Crew]:
    """`jobs` threads, each with a process that does its work (`guarded`)."""
    pool = ThreadPoolExecutor(jobs, "taizhang")
    try:
        yield Crew(pool, jobs)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        stop_helpers()


def sensible_jobs() -> int:
    """How many processes to use where nobody says: the processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return min(MOST_JOBS, len(affinity(0)) if affinity else os.cpu_count() or 1)
