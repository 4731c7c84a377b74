"""Does a map fit a file: every sheet named, every header where the map says it is."""

from __future__ import annotations

from itertools import pairwise

from workbook.adopting.blocks import Block, block_at
from workbook.adopting.headermap import NAME, HeaderMap, SheetMap
from workbook.book import fold_header
from workbook.findings import Refusal, column_letters
from workbook.ledger import near
from workbook.raw import RawBook, RawSheet
from workbook.restoring.balance import cells_of

Parts = dict[str, list[tuple[SheetMap, Block | None]]]
"""Sheet -> its parts of the map from top to bottom, each with its table (None: the whole sheet)."""


def fitted(told: HeaderMap, old: RawBook) -> Parts:
    """The tables that the map speaks of.

    Raises Refusal where the map names what the file has not, or leaves out a sheet.
    """
    names = [sheet.name for sheet in old.sheets]
    unknown = [part.name for part in told.sheets if part.name not in names]
    if unknown and not any(part.name in names for part in told.sheets):
        raise Refusal(f"{told.path}：是另一个文件的对照表，里面的工作表 {old.path} 都没有。请核对是不是选错了文件。")
    if unknown:
        hint = near(unknown[0], names) or f"文件里的工作表：{'、'.join(names)}。"
        raise Refusal(f"{told.path}：{NAME}“{unknown[0]}”在 {old.path} 里没有。{hint}")
    parts: Parts = {}
    for sheet in old.sheets:
        mine = [part for part in told.sheets if part.name == sheet.name]
        if mine:
            parts[sheet.name] = _parts(mine, sheet, told.path, old.path)
        elif cells_of(sheet):
            raise Refusal(f"{told.path}：没有写工作表“{sheet.name}”。请照别的表加一段，不转的写“不要”或“原样附上”。")
    return parts


def _parts(mine: list[SheetMap], sheet: RawSheet, path: str, file: str) -> list[tuple[SheetMap, Block | None]]:
    if len(mine) == 1 and not mine[0].header[0]:
        return [(mine[0], None)]
    ordered = sorted(mine, key=lambda part: part.header)
    ends = [part.header[0] - 1 for part in ordered[1:]]
    clash = any(one.header[1] >= other.header[0] for one, other in pairwise(ordered))
    if clash or not ordered[0].header[0] or ordered[-1].header[1] > len(sheet.rows):
        raise Refusal(f"{path}：“{sheet.name}”的表头行不对：超出了表，或和另一段重叠。请照原表改正。")
    tables = [block_at(sheet, *part.header, last)
              for part, last in zip(ordered, [*ends, len(sheet.rows)], strict=True)]
    for part, block in zip(ordered, tables, strict=True):
        _require_headers(part, block, path, file)
    return list(zip(ordered, tables, strict=True))


def _require_headers(part: SheetMap, block: Block, path: str, file: str) -> None:
    labels = {column.number: column.label for column in block.columns}
    for one in part.columns:
        found = labels.get(one.number, "")
        if one.header and fold_header(found) != fold_header(one.header):
            raise Refusal(
                f"{path}：“{part.name}”{column_letters(one.number)} 列的表头，对照表里是“{one.header}”，{file} 里是"
                f"“{found}”。请核对是不是另一个文件的对照表；原表改过的，移走对照表重新提一份。")
