"""Home-made ledgers as offices keep them, as Excel files in memory."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

from workbook.raw import RawBook
from workbook.reading.reader import read_content

Rows = Sequence[Sequence[Any]]
DAY = dt.date(2025, 3, 15)

EVENTS: Rows = (
    ["临溪县民政局2025年普法宣传活动台账"],
    ["填报单位：政策法规股", None, None, None, "填报日期：2025年12月30日"],
    ["序号", "时间", "地点", "内容", "类别", "参加人数(人)", "发放资料", None, "经费（万元）", "备注"],
    [None, None, None, None, None, None, "宣传册（份）", "环保袋（个）"],
    ["一季度"],
    [1, DAY, "县文化广场", "消费者权益日宣传", "宣传活动", 120, 300, 50, 0.5, "联系人 13812345678"],
    [2, "2025年4月15日", "文昌社区", "国家安全教育日进社区", "宣传活动", 60, 100],
    ["合计", None, None, None, None, 180, 400, 50, 0.5],
    [],
    [3, "5月20日", None, "民法典宣传月讲座", "培训讲座", "80余人"],
    ["填表人：张三"],
)
EVENT_MERGES = ("A1:J1", *(f"{letter}3:{letter}4" for letter in "ABCDEFIJ"), "G3:H3", "A5:J5")
TASKS: Rows = (
    ["重点工作任务清单"],
    ["序号", "重点工作", "责任部门", "完成时限", "完成情况", "进展情况", "分管领导"],
    [1, "制定普法责任清单", "政策法规股", dt.date(2025, 6, 30), "已完结", "印发清单", "李某"],
    [2, "开展法治培训", None, dt.date(2025, 12, 31), "正在推进", "已办2期", "王某"],
    [3, "修订制度", "办公室", dt.date(2025, 12, 31), "弄好一半", None, "王某"],
)
PHONES: Rows = (["张三", "13812345678"], ["李四", "0000-5550101"])


def excel(sheets: dict[str, Rows], merges: dict[str, Sequence[str]] | None = None) -> bytes:
    """An .xlsx of these sheets."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for area in (merges or {}).get(name, ()):
            sheet.merge_cells(area)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def office_ledger() -> bytes:
    """A ledger with all that offices do: titles, a header of two rows, totals, banners, other sheets."""
    return excel({"普法活动": EVENTS, "重点任务": TASKS, "通讯录": PHONES, "空表": ()},
                 {"普法活动": EVENT_MERGES, "重点任务": ("C3:C4",)})


def foreign(sheets: dict[str, Rows], merges: dict[str, Sequence[str]] | None = None) -> RawBook:
    """The same as read from a file."""
    return read_content(excel(sheets, merges), "自己的台账.xlsx", formulas=True, notes=True)
