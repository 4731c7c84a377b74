"""新建: a blank standard workbook for the office whose ledger is in front, written as a file of its own and opened."""

from __future__ import annotations

from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from addin.sheet import OpenBook, front_book
from templates.kinds import GENERAL
from templates.starter import starter
from workbook.files import stamp, write_atomic
from workbook.findings import Refusal
from workbook.standard.making import workbook_bytes

if TYPE_CHECKING:
    import xlwings


class Wanted(NamedTuple):
    """Whose ledger, of which kind, and the folder it is written to."""

    office: str
    kind: str
    folder: Path


def fresh(app: xlwings.App) -> str:
    """Ask for which year, write the workbook and open it; nothing that exists is overwritten."""
    wanted, this = _like_front(app), stamp().year
    answer = app.alert(f"建哪一年的台账？\n“是”＝{this} 年，“否”＝{this - 1} 年，“取消”＝不建。\n"
                       f"文件写在：{wanted.folder}", "台账 新建", "yes_no_cancel")
    if answer not in ("yes", "no"):
        return ""
    year = this if answer == "yes" else this - 1
    path = free_name(wanted.folder, f"{wanted.office}{year}年台账")
    write_atomic(path, workbook_bytes(starter(wanted.kind, wanted.office, year)), durable=True)
    return f"已建好{opened(app, path)}：{path}\n先看“填写说明”，再填“报告信息”。"


def _like_front(app: xlwings.App) -> Wanted:
    """As the ledger in front, where there is one; else without a name, for the user's documents."""
    from workbook.book import recognize
    from workbook.ledger import Ledger

    documents = Path.home() / "Documents"
    else_where = Wanted("", GENERAL, documents if documents.is_dir() else Path.home())
    if not len(app.books):
        return else_where
    book = front_book(app)
    try:
        head = Ledger(recognize(book.raw())).head
    except Refusal:
        return else_where
    return Wanted(head.text("机关全称"), head.text("报告类型") or GENERAL, _beside(book) or else_where.folder)


def _beside(book: OpenBook) -> Path | None:
    return book.path.parent if book.path else None


def opened(app: xlwings.App, path: Path) -> str:
    """Open a new workbook, and how to say so: Excel opens none of whose name another is open."""
    try:
        app.books.open(str(path))
    except Exception:
        return "（没有自动打开，请自己打开）"
    return "并打开"


def free_name(folder: Path, stem: str, ending: str = ".xlsx") -> Path:
    """The first name that no file has."""
    names = chain((stem,), (f"{stem}（{number}）" for number in count(2)))
    return next(path for name in names if not (path := folder / f"{name}{ending}").exists())
