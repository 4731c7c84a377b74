"""Work that goes wrong in every way a worker can, told by the words in a file; for the tests of batches."""

from __future__ import annotations

import os
import signal
import time
from argparse import Namespace
from pathlib import Path
from typing import NamedTuple

from scripts.batch.result import Result, Trade, Voice


class Order(NamedTuple):
    """A text file to copy, and what to do with it: what it says."""

    source: str
    output: str = ""
    voice: Voice = Voice()


def copy(order: Order) -> Result:
    """Do what the file says, then copy it."""
    words = Path(order.source).read_text("utf-8").split()
    if words[0] == "死":
        os._exit(9)
    if words[0] == "死一次" and not Path(f"{order.source}.死过").exists():
        Path(f"{order.source}.死过").touch()
        os.kill(os.getpid(), signal.SIGTERM)
    if words[0] == "出错":
        raise ZeroDivisionError("乘以零")
    if words[0] == "吃内存":
        return copy(order._replace(source=str(bytearray(1 << 40))))
    if words[0] == "慢":
        half = Path(order.output).with_name(f"~taizhang-0badcafe-{os.getpid()}-1.tmp")
        half.write_text("一半")
        time.sleep(60)
    if words[0] == "等":
        time.sleep(0.3)
    Path(order.output).parent.mkdir(parents=True, exist_ok=True)
    Path(order.output).write_text(" ".join(words), "utf-8")
    return _result(order, "ok", outputs=(order.output,), said=f"做了 {order.source}" if order.voice.speaks else "")


def lost(order: Order, why: str) -> Result:
    return _result(order, "failed", message=f"{order.source}：{why}", noted=f"{order.source}：{why}", code=3)


def _result(order: Order, status: str, **more: object) -> Result:
    return Result(order.source, status, document=order.voice.document({"file": order.source, "status": status}),
                  **more)  # type: ignore[arg-type]


TRADE = Trade("copy", "已抄", "份", "copies", copy, lost, {"ok": "抄好", "failed": "没抄成"})


def options(**more: object) -> Namespace:
    """The options of a batch."""
    usual = {"jobs": 2, "timeout": 30.0, "memory": 0, "manifest": None, "resume": False, "scheduler": None,
             "json": False, "ndjson": False, "quiet": False}
    return Namespace(**usual | more)
