"""The terminal a clerk reads. It loads nothing else: every command begins here."""

from __future__ import annotations

import sys

_SAMPLE = "台账①—“”"


def prepare_console() -> None:
    """Make stdout and stderr print any text without an error.

    A stream keeps its encoding (a Windows console takes everything, a pipe there
    is read by programs that expect the code page) unless it cannot hold Chinese
    at all, then it becomes UTF-8; a character it lacks is printed as an escape.
    """
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:
            continue
        try:
            _SAMPLE.encode(stream.encoding or "ascii")
            reconfigure(errors="backslashreplace")
        except (UnicodeEncodeError, LookupError):
            reconfigure(encoding="utf-8", errors="backslashreplace")
