"""自动修正 in the open workbook: the same mends as `check --fix`, shown first, written only on yes."""

from __future__ import annotations

from collections.abc import Mapping

from addin.busy import passing
from addin.sheet import OpenBook
from workbook.book import Book, recognize
from workbook.findings import Cell, Refusal
from workbook.gate import admit
from workbook.mending import Change, Mending, mend_book
from workbook.no_ledger import VERSION_KEY
from workbook.raw import RawBook, RawValue
from workbook.schema import METRICS

SHOWN = 12
NOTHING = "没有能自动改的地方。其余的问题请点“校验”，照提示改。"
READ_ONLY = "台账是只读打开的，改了也存不进去。请另存一份，再点“自动修正”。"


def mend(book: OpenBook) -> str:
    """Mend the open workbook, not its file; formulas stay as they are.

    Raises Refusal where it is read-only or a sheet is protected; then nothing is changed.
    """
    if book.read_only:
        raise Refusal(READ_ONLY)
    raw = book.raw()
    book.tell("正在找能自动改的地方……")
    mending = mend_book(admit(recognize(raw)).raw)
    values = mending.values | _told_anew(recognize(mending.book))
    computed = book.formulas(values)
    changes = [one for one in mending.changes if one.cell not in computed]
    if not changes:
        return NOTHING
    if book.ask(f"可以自动改 {len(changes)} 处：\n{_list(changes)}\n现在改吗？", "台账 自动修正") != "yes":
        return "没有改动。"
    _write(book, raw, mending, {cell: value for cell, value in values.items() if cell not in computed})
    return f"已改 {len(changes)} 处，还没有保存。\n{_list(changes)}"


def _told_anew(mended: Book) -> dict[Cell, RawValue]:
    """What the computed cells of 指标 hold after the mends; those with a formula Excel computes itself."""
    from workbook.patching.figures import stale_figures

    if VERSION_KEY not in mended.meta:
        return {}
    sheet = mended.tables[METRICS.title].name if METRICS.title in mended.tables else ""
    return {Cell(sheet, *place): value for place, value in stale_figures(mended).items() if value is not None}


def _write(book: OpenBook, raw: RawBook, mending: Mending, values: Mapping[Cell, RawValue]) -> None:
    """Write all or nothing."""
    with book.still():
        try:
            for sheet, merge in mending.unmerge:
                book.unmerge(sheet, merge)
            book.put(values)
        except BaseException as why:
            _undo(book, raw, mending, values)
            if passing(why) or not isinstance(why, Exception):
                raise
            raise _protected(mending) from why


def _undo(book: OpenBook, raw: RawBook, mending: Mending, values: Mapping[Cell, RawValue]) -> None:
    """What was there before, sheet by sheet; a protected one has not been changed."""
    held = {sheet.name: sheet.rows for sheet in raw.sheets}
    for cell in values:
        row = held[cell.sheet][cell.row - 1]
        before = row[cell.column - 1] if cell.column <= len(row) else None
        try:
            book.put({cell: before})
        except Exception:
            continue
    for sheet, merge in mending.unmerge:
        book.merge(sheet, merge)


def _protected(mending: Mending) -> Refusal:
    names = "、".join(f"“{name}”" for name in dict.fromkeys(cell.sheet for cell in mending.values))
    return Refusal(f"工作表{names}里有受保护的，写不进去，一处也没有改。请先在“审阅”里撤销工作表保护，再试一次。")


def _list(changes: list[Change]) -> str:
    lines = [f"{one.cell}　{one.before or '（空）'} → {one.after}（{one.why}）" for one in changes[:SHOWN]]
    return "\n".join(lines + ([f"……共 {len(changes)} 处"] if len(changes) > SHOWN else []))
