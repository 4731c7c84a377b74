"""One function per button: the workbook in front is read as it is now, and the work is done elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from addin.pressing import on_app, on_book
from addin.sheet import OpenBook

if TYPE_CHECKING:
    import xlwings


@on_app
def new_ledger(app: xlwings.App) -> str:
    """Write a blank standard workbook for the office and open it."""
    from addin.fresh import fresh

    return fresh(app)


@on_book
def check(book: OpenBook) -> str:
    """Find every fault and show it where it is: colours, notes, the sheet 校验结果."""
    from addin.marks import mark
    from addin.telling import checked
    from templates.check import check as found_in

    raw = book.raw()
    book.tell("正在检查……")
    findings = [one for one in found_in(raw) if one.open]
    return checked(findings, mark(book, raw, findings), read_only=book.read_only)


@on_book
def next_finding(book: OpenBook) -> None:
    """Select the next faulty cell; what is wrong with it stands in the status bar."""
    from addin.marks import step

    book.tell(step(book, 1))


@on_book
def previous_finding(book: OpenBook) -> None:
    """Select the faulty cell before."""
    from addin.marks import step

    book.tell(step(book, -1))


@on_book
def fix(book: OpenBook) -> str:
    """Mend what has one mechanical remedy, after the clerk has seen the list."""
    from addin.mending import mend

    return mend(book)


@on_book
def report(book: OpenBook) -> str:
    """Write the report beside the workbook."""
    from addin.reports import write_report

    return write_report(book)


@on_book
def review(book: OpenBook) -> str:
    """Write what a reviewer gets beside the workbook: the report with comments, and the page."""
    from addin.reports import write_review

    return write_review(book)


@on_book
def trace(book: OpenBook) -> str:
    """Say where the metric, or the row, that is selected comes from or goes to, and select those rows."""
    from addin.origins import explain

    return explain(book)


@on_book
def clear_marks(book: OpenBook) -> str:
    """Take our colours, notes and 校验结果 out again."""
    from addin.marks import clear

    count = clear(book)
    return f"已清除 {count} 处标记。" if count else "没有要清除的标记。"


@on_book
def dispatch(book: OpenBook) -> str:
    """Split the ledger for the offices, into the folder 往来 beside it."""
    from addin.exchanging import send_out

    return send_out(book)


@on_book
def collect(book: OpenBook) -> str:
    """Collect what the offices sent back and merge it into a new workbook."""
    from addin.exchanging import take_back

    return take_back(book)


@on_book
def rollover(book: OpenBook) -> str:
    """Write and open the next year's ledger."""
    from addin.exchanging import next_year

    return next_year(book)


@on_app
def doctor(app: xlwings.App) -> str:
    """Say whether this computer can do everything, and what to do where not."""
    from addin.install.doctor import examine, summary
    from addin.install.findings import GOOD
    from addin.install.machine import this_machine

    checks = sorted(examine(this_machine()), key=lambda check: check.level == GOOD)
    return "\n".join([summary(checks), *map(str, checks)])


@on_app
def help_page(app: xlwings.App) -> str:
    """Explain the finding that is selected, else show the guide of the workbook, else the buttons."""
    from addin.telling import helped

    return helped(app)


def __getattr__(name: str) -> Callable[[], None]:
    """The button of an add-in file that is newer than this program: said so, by whatever name it asks."""
    if name.startswith("_"):
        raise AttributeError(name)
    from addin.pressing import NEWER

    return on_app(lambda app: NEWER)
