"""What stands around a finding: its row under the headers, as Excel shows it, safe to show."""

from __future__ import annotations

from tests.ledgers import ledger
from workbook.faults import found
from workbook.findings import Cell
from workbook.surroundings import LONGEST, Around, Sighting, sightings

TASKS = """
## 任务

| 编号 | 章节 | 任务名称 | 责任股室 | 完成时限 | 状态 | 备注 | _id |
|---|---|---|---|---|---|---|---|
| R01 | 1 | 甲 | 办公室 | 2025-05-27 | 进行中 | 张三 11010519491231002X | R7K2M0Q9XA |
"""


def at(row: int, column: int, *tables: str, sheet: str = "任务") -> Sighting:
    one, = sightings(ledger(*(tables or (TASKS,))), [found("C001", Cell(sheet, row, column), column="甲")])
    return one


def around(row: int, column: int, *tables: str, sheet: str = "任务") -> Around:
    seen = at(row, column, *tables, sheet=sheet).around
    assert seen
    return seen


def test_the_key_of_the_row_and_the_neighbours_of_the_cell() -> None:
    assert around(2, 5) == Around(
        1, 2, ("A", "C", "D", "E", "F", "G"), ("编号", "任务名称", "责任股室", "完成时限", "状态", "备注"),
        ("R01", "甲", "办公室", "2025-05-27", "进行中", "张三 11010********002X"), 3)


def test_the_row_id_is_no_neighbour() -> None:
    assert "H" not in around(2, 7).letters


def test_the_office_of_the_row() -> None:
    assert at(2, 5).office == "办公室"
    assert at(2, 2, sheet="报告信息").office == ""


def test_a_fault_in_a_header_shows_the_header_alone() -> None:
    seen = around(1, 5)
    assert (seen.header_row, seen.values, seen.headers[seen.at]) == (1, (), "完成时限")


def test_a_cell_beyond_the_headers_is_shown_too() -> None:
    seen = around(2, 12)
    assert (seen.letters[seen.at], seen.headers[seen.at], seen.values[seen.at]) == ("L", "", "")


def test_long_and_broken_texts_are_one_short_line() -> None:
    text = "一行<br>两行" + "很长" * 60
    seen = around(2, 7, TASKS.replace("张三 11010519491231002X", text))
    assert seen.values[seen.at].startswith("一行 两行很长")
    assert len(seen.values[seen.at]) == LONGEST


def test_masking_comes_before_cutting() -> None:
    text = "很长" * 21 + "11010519491231002X"
    seen = around(2, 7, TASKS.replace("张三 11010519491231002X", text))
    assert "110105" not in seen.values[seen.at]


def test_a_sheet_that_is_none_of_ours() -> None:
    other = "\n## 附表甲\n\n| 姓名 | 事 |\n|---|---|\n| 张三 | 乙 |\n"
    assert around(2, 1, other, sheet="附表甲") == Around(1, 2, ("A", "B"), ("姓名", "事"), ("张三", "乙"), 0)


def test_what_has_no_cell_has_no_surroundings() -> None:
    one, = sightings(ledger(TASKS), [found("S001", sheet="活动")])
    assert (one.around, one.office) == (None, "")
