"""The process that works for a Helper. Run as a file: pickled calls come in at stdin, answers leave at stdout.

A call is a function with its arguments; it is acknowledged before it is begun, so that
a process that dies is blamed only for what it had begun.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import sys
from collections.abc import Callable
from itertools import count
from typing import Any, BinaryIO

TAKEN, DONE, FAULT, MEMORY = b"T", b"D", b"F", b"M"
_COLLECTED_EVERY = 8
SIZE = struct.Struct("<cQ")


def send(stream: BinaryIO, kind: bytes, data: bytes = b"") -> None:
    """One message."""
    stream.write(SIZE.pack(kind, len(data)) + data)
    stream.flush()


def receive(stream: BinaryIO) -> tuple[bytes, bytes]:
    """The next message; raises EOFError where there is none, or half of one."""
    kind, size = SIZE.unpack(_exactly(stream, SIZE.size))
    return kind, _exactly(stream, size)


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def main() -> None:
    """Answer calls until stdin ends, as it does when the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, who lets us finish
    calls, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    _, hello = receive(calls)
    sys.path[:], memory = pickle.loads(hello)
    prepare(memory)
    for number in count():
        try:
            _, call = receive(calls)
        except EOFError:
            return
        function, arguments = pickle.loads(call)
        send(answers, TAKEN)
        send(answers, *_answer(function, arguments))
        if number % _COLLECTED_EVERY == 0:
            _collect()


def prepare(memory: int) -> None:
    """Set the limit of memory in bytes, and look rarely for garbage: a unit of work makes little."""
    import gc

    from workbook.apart.limits import limit_memory

    gc.set_threshold(100_000)
    if memory:
        limit_memory(memory)


def _collect() -> None:
    """Free what only holds itself, while nobody waits; what was loaded stays and is looked through no more."""
    import gc

    gc.collect()
    if not gc.get_freeze_count():
        gc.freeze()


def _answer(function: Callable[..., object], arguments: tuple[object, ...]) -> tuple[bytes, bytes]:
    try:
        return DONE, pickle.dumps(function(*arguments), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return MEMORY, b""
    except BaseException as error:
        return FAULT, pickle.dumps(_told(error))


def _told(error: BaseException) -> tuple[str, str]:
    """The class of an error, and what it says."""
    place: Any = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = f"（{os.path.basename(place.tb_frame.f_code.co_filename)}:{place.tb_lineno}）" if place else ""
    return type(error).__name__, f"{where}{error}"


if __name__ == "__main__":
    main()
