"""Row ids in the master: a return finds its row by them, so they are written down before anything is sent."""

from __future__ import annotations

from workbook.findings import Cell, Refusal
from workbook.raw import RawBook, RawValue

_PATCHABLE = (".xlsx", ".xlsm")


def missing_ids(raw: RawBook, wanted: RawBook) -> dict[Cell, RawValue]:
    """The cells of the master that `wanted` (`workbook.identity.with_ids`) fills: ids, headers `_id`, lines of `_元`.

    A whole sheet `_元` more is not among them: without one, a ledger goes by its office, year and kind.
    """
    changes: dict[Cell, RawValue] = {}
    for before in raw.sheets:
        after = wanted.sheet(before.name)
        for number, row in enumerate(after.rows if after else (), 1):
            old = before.rows[number - 1] if number <= len(before.rows) else []
            if row != old:
                changes |= {Cell(before.name, number, column): value for column, value in enumerate(row, 1)
                            if value is not None and (column > len(old) or old[column - 1] != value)}
    return changes


def with_missing_ids(data: bytes, changes: dict[Cell, RawValue], path: str) -> bytes:
    """The master with these cells filled, every other part as it was.

    Raises Refusal for a file that cannot be changed in place.
    """
    from workbook.patching.cells import with_cells

    if not path.lower().endswith(_PATCHABLE):
        raise Refusal(f"{path}：行还没有内部编号，这种格式也写不进去，收回来就认不出行。"
                      f"请先用 taizhang repair {path} -o 台账.xlsx 转成标准台账，再下发。")
    return with_cells(data, changes, path=path)
