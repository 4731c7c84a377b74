"""The terminal a clerk reads. It loads nothing else: every command begins here."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # as type checkers know it: `typing` itself takes longer to load than all the rest
if TYPE_CHECKING:
    from typing import TextIO

_SAMPLE = "台账①—“”"
_COLOURED_CONSOLES = ("WT_SESSION", "ANSICON", "ConEmuANSI", "TERM_PROGRAM")
"""What the consoles of Windows that know colours set; the old one prints their codes as they stand."""


def restart_in_utf8() -> None:
    """Begin again in UTF-8 where the system says that names of files are ASCII (LC_ALL=POSIX): ours are Chinese."""
    if os.name != "nt" and sys.getfilesystemencoding() == "ascii" and os.environ.get("PYTHONUTF8") != "1":
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], os.environ | {"PYTHONUTF8": "1"})


def prepare_console() -> None:
    """Make stdout and stderr print any text without an error.

    A stream keeps its encoding (a Windows console takes everything, a pipe there
    is read by programs that expect the code page) unless it cannot hold Chinese
    at all, then it becomes UTF-8; a character it lacks is printed as an escape.
    One that is closed takes what is printed and drops it.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  (as long as we live)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:
            continue
        try:
            _SAMPLE.encode(stream.encoding or "ascii")
            reconfigure(errors="backslashreplace")
        except (UnicodeEncodeError, LookupError):
            reconfigure(encoding="utf-8", errors="backslashreplace")


def columns(otherwise: int) -> int:
    """How many columns the terminal has, as `shutil` tells it, which loads three compressors for that."""
    said = os.environ.get("COLUMNS", "")
    if said.isdecimal() and int(said):
        return int(said)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno() if sys.__stdout__ else -1).columns or otherwise
    except (ValueError, OSError):
        return otherwise


def takes_colour(stream: TextIO) -> bool:
    """Whether a stream is a terminal that shows colours, and nobody asked for none (NO_COLOR, https://no-color.org)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not stream.isatty():
        return False
    return os.name != "nt" or any(os.environ.get(name) for name in _COLOURED_CONSOLES)
