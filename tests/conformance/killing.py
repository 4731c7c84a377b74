"""Runs the command line and kills it at one event of the journal: python killing.py received 3 before collect …"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping

from scripts.cli import main
from workbook.exchange import journal


def run(kind: str, count: int, when: str, *command: str) -> int:
    """The command, killed before or after the n-th event of a kind is written."""
    write, seen = journal.append, 0

    def append(path: str, event: Mapping[str, object]) -> None:
        nonlocal seen
        seen += event["event"] == kind
        last = event["event"] == kind and seen == count
        if not (last and when == "before"):
            write(path, event)
        if last:
            os.kill(os.getpid(), signal.SIGKILL)

    journal.append = append
    return main(command)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1], int(sys.argv[2]), *sys.argv[3:]))
