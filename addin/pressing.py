"""From a button to its work and back: one clear message, whatever happens; a traceback never."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING

from addin import VERSION
from addin.busy import told
from addin.buttons import BUTTONS
from addin.sheet import OpenBook, front_app, front_book
from workbook.findings import Refusal

if TYPE_CHECKING:
    import xlwings

LONGEST = 900
"""A message box that is longer does not fit on a small screen."""
_HELPING = ("doctor", "help_page")
NEWER = "这个按钮比装着的程序新，程序里还没有它。请关掉 Excel，重新运行一次安装程序，或运行 taizhang addin install。"
CANCELLED = "已取消，台账没有改动。"


def on_app(work: Callable[[xlwings.App], str | None]) -> Callable[[], None]:
    """A macro that needs no workbook; what `work` returns is shown in a message box.

    An empty text is not shown; None leaves what `work` has put into the status bar.
    """

    @wraps(work)
    def press() -> None:
        try:
            app = front_app()
        except Refusal as why:
            raise SystemExit(str(why)) from None
        said = other_version(work.__name__) or _guarded(work, app)
        if said is not None:
            app.status_bar = False
        if said:
            app.alert(said if len(said) <= LONGEST else f"{said[:LONGEST]}……", _title(work.__name__))

    return press


def on_book(work: Callable[[OpenBook], str | None]) -> Callable[[], None]:
    """A macro that works on the workbook in front."""

    @wraps(work)
    def on_front(app: xlwings.App) -> str | None:
        return work(front_book(app))

    return on_app(on_front)


def other_version(macro: str) -> str:
    """What is said where the add-in file is of another version than the program; the helping buttons go on."""
    given = next((word.partition("=")[2] for word in sys.argv if word.startswith("--addin=")), VERSION)
    if given == VERSION or macro in _HELPING:
        return ""
    return (f"Excel 里的加载项是 {given} 版，程序是 {VERSION} 版，不能一起用，台账没有改动。"
            "请关掉 Excel，重新运行一次安装程序，或运行 taizhang addin install。")


def _guarded(work: Callable[[xlwings.App], str | None], app: xlwings.App) -> str | None:
    try:
        return work(app)
    except Refusal as why:
        return str(why)
    except KeyboardInterrupt:
        return CANCELLED
    except Exception as error:
        return told(error)


def _title(macro: str) -> str:
    label = next((button.label for button in BUTTONS if button.macro == macro), "")
    return f"台账 {label}".strip()
