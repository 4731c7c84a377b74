"""A clerk's desktop where neither a console nor Excel is in between: a message, a chooser, a file opened.

Windows: its own message box and file chooser. Linux: zenity or kdialog, else a page in
the browser. macOS: osascript. What is shown is plain text and never read as markup.
"""

from __future__ import annotations

import html
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_BOX = 0x40 | 0x10000 | 0x40000
"""MB_ICONINFORMATION, MB_SETFOREGROUND, MB_TOPMOST."""
_NAMES = "台账（*.xlsx、*.xlsm、*.xls、*.et、*.ods）"
_PATTERNS = ("*.xlsx", "*.xlsm", "*.xls", "*.et", "*.ods")


def show(text: str, title: str) -> None:
    """Show a message and wait until it is read; on stderr where there is no desktop at all."""
    if sys.platform == "win32":
        _windows_box(text, title)
    elif sys.platform == "darwin":
        said = f"display dialog {_quoted(text)} with title {_quoted(title)}"
        _asked("osascript", "-e", f"{said} buttons {{{_quoted('好')}}}")
    elif not _linux_box(text, title):
        print(f"{title}\n{text}", file=sys.stderr)


def open_file(path: str | os.PathLike[str]) -> bool:
    """Open a file with the program it belongs to; whether one was found."""
    name = os.path.abspath(path)
    if sys.platform == "win32":
        try:
            os.startfile(name)
        except OSError:
            return False
        return True
    program = shutil.which("open" if sys.platform == "darwin" else "xdg-open")
    if program is None:
        return False
    subprocess.Popen([program, name], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                     start_new_session=True)
    return True


def choose_files(title: str) -> list[str] | None:
    """Ledgers that the clerk chooses, none where they cancel; None where this desktop has no chooser."""
    if sys.platform.startswith("linux") and (program := _linux_program()):
        if program.endswith("zenity"):
            said = _asked(program, "--file-selection", "--multiple", "--separator=\n", f"--title={title}",
                          f"--file-filter={_NAMES} | {' '.join(_PATTERNS)}")
        else:
            said = _asked(program, "--multiple", "--separate-output", "--title", title, "--getopenfilename", ".",
                          f"{' '.join(_PATTERNS)}|{_NAMES}")
        return said.splitlines()
    root = _tk()
    if root is None:
        return None
    from tkinter import filedialog

    return list(filedialog.askopenfilenames(parent=root, title=title, filetypes=[(_NAMES, _PATTERNS)]))


def choose_folder(title: str, start: str | os.PathLike[str]) -> str | None:
    """A folder that the clerk chooses, "" where they cancel; None where this desktop has no chooser."""
    if sys.platform.startswith("linux") and (program := _linux_program()):
        if program.endswith("zenity"):
            return _asked(program, "--file-selection", "--directory", f"--filename={os.fspath(start)}{os.sep}",
                          f"--title={title}")
        return _asked(program, "--title", title, "--getexistingdirectory", os.fspath(start))
    root = _tk()
    if root is None:
        return None
    from tkinter import filedialog

    return str(filedialog.askdirectory(parent=root, title=title, initialdir=os.fspath(start)) or "")


def page(text: str, title: str) -> str:
    """A message as a web page."""
    lines = "".join(f"<p>{html.escape(line)}</p>" for line in text.splitlines())
    return (f'<!DOCTYPE html><html lang="zh-CN"><meta charset="utf-8"><title>{html.escape(title)}</title>'
            f'<body style="font:18px sans-serif;max-width:40em;margin:2em auto"><h1>{html.escape(title)}</h1>{lines}')


def _windows_box(text: str, title: str) -> None:
    import ctypes

    ctypes.windll.user32.MessageBoxW(None, text, title, _BOX)  # type: ignore[attr-defined]


def _linux_box(text: str, title: str) -> bool:
    if not _has_display():
        return False
    program = _linux_program()
    if program and program.endswith("zenity"):
        _asked(program, "--info", "--no-markup", "--width=480", f"--title={title}", f"--text={text}")
        return True
    if program:
        _asked(program, "--title", title, "--msgbox", html.escape(text))
        return True
    folder = tempfile.mkdtemp(prefix="taizhang-")
    place = Path(folder, "message.html")
    place.write_text(page(text, title), "utf-8")
    return open_file(place)


def _linux_program() -> str:
    """zenity or kdialog, where a desktop is there to show it."""
    return (shutil.which("zenity") or shutil.which("kdialog") or "") if _has_display() else ""


def _has_display() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _asked(*command: str) -> str:
    """What a chooser answers, without the line's end; "" where it was cancelled."""
    done = subprocess.run(_told(command), capture_output=True, text=True, encoding="utf-8", check=False)
    return done.stdout.rstrip("\n") if done.returncode == 0 else ""


def _told(command: Sequence[str]) -> list[str]:
    return [word.replace("\0", "") for word in command]


def _quoted(text: str) -> str:
    """A string of AppleScript."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _tk() -> Any:
    """A hidden window to hang a chooser on; None where this Python has no tkinter, or there is no screen."""
    try:
        import tkinter

        root = tkinter.Tk()
    except Exception:  # ImportError, or TclError of a module that is not there
        return None
    root.withdraw()
    root.attributes("-topmost", True)
    return root
