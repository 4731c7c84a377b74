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
    path = _free(wanted.folder, f"{wanted.office}{year}年台账")
    write_atomic(path, _bytes(wanted, year), durable=True)
    app.books.open(str(path))
    return f"已建好并打开：{path}\n先看“填写说明”，再填“报告信息”。"


def _bytes(wanted: Wanted, year: int) -> bytes:
    from workbook.book import recognize
    from workbook.identity import with_ids
    from workbook.standard.cached import cached_values
    from workbook.standard.writer import write

    book = recognize(with_ids(starter(wanted.kind, wanted.office, year)))
    return write(book, cached_values(book))


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


def _free(folder: Path, stem: str) -> Path:
    """The first name that no file has."""
    names = chain((stem,), (f"{stem}（{number}）" for number in count(2)))
    return next(path for name in names if not (path := folder / f"{name}.xlsx").exists())
