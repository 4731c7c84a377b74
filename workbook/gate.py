"""The gate before the rules: is this a ledger, of whom, and does this program know its form?

What stands in the way is said in one sentence, once; its fifty consequences are not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from workbook import schema
from workbook.findings import Refusal
from workbook.raw import RawBook, RawSheet

if TYPE_CHECKING:
    from workbook.book import Book
    from workbook.ledger import Ledger

VERSION_KEY = "架构版本"
SHEETS_NAMED = 6
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
    why = _other_version(book.raw) or _damaged(book)
    if why:
        raise Refusal(why)
    return book


def why_no_ledger(raw: RawBook, recognized: Collection[str], missing: Sequence[str]) -> str:
    """The sentence about a workbook that lacks required sheets; `recognized` are the titles it has."""
    if newer := _other_version(raw):
        return newer
    names = _quoted(missing)
    if not recognized:
        have = "、".join(sheet.name for sheet in raw.sheets[:SHEETS_NAMED]) or "无"
        more = "等" if len(raw.sheets) > SHEETS_NAMED else ""
        return (f"{raw.path}：不是标准台账，没有工作表{names}（现有工作表：{have}{more}）。"
                f"自己做的台账请用 taizhang adopt 转成标准台账，或用 taizhang new 新建一本。")
    present = [title for title in missing if raw.sheet(title)]
    if present:
        return _headers_gone(raw, present)
    return f"{_named(raw)}缺少工作表{names}，无法出报告。请用 taizhang repair 补上这张表后再试。"


def who(raw: RawBook) -> str:
    """`临溪县民政局2025年` as far as 报告信息 can be read, else nothing."""
    sheet = raw.sheet(schema.HEAD_SHEET)
    office, year = (_beside(sheet.rows, key) if sheet else "" for key in ("机关全称", "报告年度"))
    return f"{office}{year}年" if office and year else office


def _other_version(raw: RawBook) -> str:
    meta = raw.sheet(schema.META_SHEET)
    version = _beside(meta.rows, VERSION_KEY) if meta else ""
    if version in ("", schema.SCHEMA_VERSION):
        return ""
    if not version.isdecimal():
        return f"{_named(raw)}架构版本“{version}”认不出来。请用 taizhang repair 修复后再试。"
    if int(version) > int(schema.SCHEMA_VERSION):
        return f"{_named(raw)}架构版本是 {version}，比本程序的 {schema.SCHEMA_VERSION} 新。请先更新程序。"
    return (f"{_named(raw)}架构版本是 {version}，比本程序的 {schema.SCHEMA_VERSION} 旧。"
            f"请先用 taizhang upgrade 升级台账。")


def _damaged(book: Book) -> str:
    """Sheets of ours whose header row is gone, or lacks what no report can do without."""
    gone = [sheet.name for sheet in book.others if sheet.name.strip() in schema.BY_TITLE and _holds_rows(sheet)]
    if gone:
        return _headers_gone(book.raw, gone)
    for table in (book.head, *book.tables.values()):
        lost = [title for title in _NEEDED.get(table.sheet.title, ()) if not table.has(title)]
        if lost:
            return f"{_named(book.raw)}工作表“{table.name}”没有{_quoted(lost)}列。请用 taizhang repair 修复表头后再试。"
    return ""


def _headers_gone(raw: RawBook, names: Sequence[str]) -> str:
    return f"{_named(raw)}工作表{_quoted(names)}的表头认不出来，可能被改动了。请用 taizhang repair 修复表头后再试。"


def _holds_rows(sheet: RawSheet) -> bool:
    return sum(any(value not in (None, "") for value in row) for row in sheet.rows) > 1


def _named(raw: RawBook) -> str:
    whose = who(raw)
    return f"{raw.path}：{f'（{whose}）' if whose else ''}"


def _quoted(names: Iterable[str]) -> str:
    return "、".join(f"“{name}”" for name in names)


def _beside(rows: Sequence[Sequence[object]], key: str) -> str:
    """The first value to the right of a key, wherever it stands."""
    for row in rows:
        cells = [str(value).strip() for value in row if value is not None]
        if key in cells:
            return next(filter(None, cells[cells.index(key) + 1:]), "")
    return ""
