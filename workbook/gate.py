"""The gate before the rules: is this a ledger, of whom, and does this program know its form?"""

from __future__ import annotations

from typing import NamedTuple

from workbook import schema
from workbook.book import Book
from workbook.findings import Refusal
from workbook.ledger import Ledger
from workbook.no_ledger import VERSION_KEY, headers_gone, named, other_version, quoted
from workbook.raw import RawSheet

_NEEDED = {schema.HEAD_SHEET: schema.HEAD_COLUMNS, "章节": ("编号", "标题")}
"""What no report can do without; other headers that are missing are findings."""


class Nameplate(NamedTuple):
    """Who a ledger is; `rows` counts what each record sheet holds."""

    office: str
    year: str
    kind: str
    version: str
    rows: tuple[tuple[str, int], ...]

    def as_json(self) -> dict[str, object]:
        return {"office": self.office, "year": self.year, "kind": self.kind, "version": self.version,
                "rows": dict(self.rows)}

    def __str__(self) -> str:
        rows = "，".join(f"{title} {count} 行" for title, count in self.rows if count)
        year = f"{self.year}年" if self.year else ""
        return f"{self.office}{year}“{self.kind}”台账，架构版本 {self.version}；{rows or '还没有填'}。"


def nameplate(ledger: Ledger) -> Nameplate:
    """Who a recognized ledger is."""
    head, book = ledger.head, ledger.book
    version = book.meta.get(VERSION_KEY) or schema.SCHEMA_VERSION
    rows = tuple((title, len(book.tables[title])) for title in schema.BY_TITLE if title in book.tables)
    return Nameplate(head.text("机关全称"), head.text("报告年度"), head.text("报告类型"), version, rows)


def admit(book: Book) -> Book:
    """The same workbook, if this program can work with it.

    Raises Refusal where its schema version is another one or where the headers of a sheet are gone.
    """
    why = other_version(book.raw) or _damaged(book)
    if why:
        raise Refusal(why)
    return book


def _damaged(book: Book) -> str:
    """Sheets of ours whose header row is gone, or lacks what no report can do without."""
    gone = [sheet.name for sheet in book.others if sheet.name.strip() in schema.BY_TITLE and _holds_rows(sheet)]
    if gone:
        return headers_gone(book.raw, gone)
    for table in (book.head, *book.tables.values()):
        lost = [title for title in _NEEDED.get(table.sheet.title, ()) if not table.has(title)]
        if lost:
            return f"{named(book.raw)}工作表“{table.name}”没有{quoted(lost)}列。请用 taizhang repair 修复表头后再试。"
    return ""


def _holds_rows(sheet: RawSheet) -> bool:
    return sum(any(value not in (None, "") for value in row) for row in sheet.rows) > 1
