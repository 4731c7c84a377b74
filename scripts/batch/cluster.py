"""The same work through Dask, on as many machines as its scheduler has workers. Loaded only for --scheduler.

Each worker gives its task to a process of its own (`guarded`), so a bad file takes no worker along;
of a worker that dies Dask gives the tasks to the others, and doing one twice writes the same bytes.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from scripts.batch.crew import Crew
from scripts.common import warn
from workbook.findings import Refusal

PATIENCE = 30
"""Seconds to wait for the scheduler, and for its first worker."""


@contextmanager
def cluster(address: str) -> Iterator[Crew]:
    """The workers of a scheduler as a crew. Raises Refusal where there is none to work with."""
    client = _client(address)
    try:
        yield Crew(client.get_executor(pure=False), _hands(client, address))
    finally:
        client.close(timeout=PATIENCE)


def _client(address: str) -> Any:
    """Raises Refusal."""
    _refuse_odd(address)
    try:
        from distributed import Client  # type: ignore[attr-defined,unused-ignore]
    except ImportError:
        raise Refusal("--scheduler 要用 Dask，这台机器上没有装。请装上：pip install taizhang[dask]；"
                      "只用这台机器就去掉 --scheduler，用 -j。") from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            connect: Any = Client
            client = connect(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, TimeoutError):
        raise Refusal(f"--scheduler {address}：连不上。请核对地址，看 dask scheduler 是不是开着、"
                      "防火墙放没放行这个端口。") from None
    except Exception as error:
        raise Refusal(f"--scheduler {address}：说不上话（{type(error).__name__}），多半是两边 Dask 的版本不一样。"
                      "请装成一样的版本。") from None
    if any("mismatch" in str(one.message).lower() for one in said):
        warn(f"--scheduler {address}：这台机器、调度器和 worker 上 Python 或 Dask 的版本不一样；"
             "要是出错，请先装成一样的。")
    return client


def _refuse_odd(address: str) -> None:
    try:
        parts = urlsplit(address)
        sound = parts.scheme in ("tcp", "tls") and parts.hostname and parts.port
    except ValueError:
        sound = False
    if not sound:
        raise Refusal(f"--scheduler 不能是“{address}”，请写 tcp://主机:端口，如 tcp://192.168.1.10:8786。")


def _hands(client: Any, address: str) -> int:
    """How many tasks the workers take at a time. Raises Refusal where there are none."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        raise Refusal(f"--scheduler {address}：调度器上一个 worker 也没有。请在各台机器上运行 dask worker {address}，"
                      "并看防火墙放没放行。") from None
    return int(sum(client.nthreads().values()))
