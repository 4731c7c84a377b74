"""已知问题: what was looked at stays listed and counts no more, until its cell changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.acknowledging import changes
from templates.check import check, check_ledger
from templates.report import compose
from tests.ledgers import HEAD, ONE_CHAPTER
from workbook.acknowledged import HEADERS, acknowledged, cannot_stand, value_digest
from workbook.book import recognize
from workbook.findings import Cell, Finding, Refusal
from workbook.ledger import Ledger
from workbook.raw import RawBook
from workbook.reading.reader import read
from workbook.rules.every import RULES
from workbook.standard.making import workbook_bytes
from workbook.text import parse

TASK = "| {key} | 推行首问负责 | 办公室 | {due} | 进行中 | {id} |\n"
TASKS = "\n## 任务\n\n| 编号 | 任务名称 | 责任股室 | 完成时限 | 状态 | _id |\n|---|---|---|---|---|---|\n"
LATE, LATER, ROW = "2025-05-27", "2025-06-30", "R7K2M0Q9XA"


def known(*lines: tuple[str, ...]) -> str:
    rows = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    return f"\n## 已知问题\n\n| {' | '.join(HEADERS)} |\n|---|---|---|---|---|\n{rows}"


def book(*tables: str, due: str = LATE, before: str = "") -> RawBook:
    """One task that is overdue, below the rows in `before`."""
    rows = TASKS + before + TASK.format(key="R01", due=due, id=ROW)
    return parse(HEAD + ONE_CHAPTER + rows + "".join(tables), "试.md")


def agreed(reason: str = "县里已同意延期。", due: str = LATE) -> str:
    return known(("D008", ROW, "完成时限", value_digest(ROW, due), reason))


def told(raw: RawBook, code: str) -> list[Finding]:
    return [one for one in check(raw) if one.code == code]


def test_a_finding_names_its_row_and_its_value() -> None:
    one, = told(book(), "D008")
    assert (one.row_id, one.column, one.digest) == (ROW, "完成时限", value_digest(ROW, LATE))
    assert one.open


def test_an_acknowledged_finding_stays_listed_with_its_reason() -> None:
    one, = told(book(agreed()), "D008")
    assert one.acknowledged == "县里已同意延期。"
    assert not one.open
    assert not told(book(agreed()), "K006")


def test_it_is_back_when_the_cell_changes_and_the_line_says_so() -> None:
    raw = book(agreed(), due=LATER)
    one, = told(raw, "D008")
    assert one.open
    line, = told(raw, "K005")
    assert line.where == "已知问题!A2"
    assert "任务!D2" in line.message


def test_it_follows_its_row() -> None:
    raw = book(agreed(), before=TASK.format(key="R00", due="2026-12-31", id="XAAAAAAAAA"))
    one, = told(raw, "D008")
    assert (one.where, one.open) == ("任务!D3", False)


def test_another_row_with_the_same_value_is_not_meant() -> None:
    found = told(book(agreed(), before=TASK.format(key="R00", due=LATE, id="XAAAAAAAAA")), "D008")
    assert [one.open for one in found] == [True, False]


def test_a_row_of_the_head_goes_by_its_key() -> None:
    line = ("R002", "报告信息/公开属性", "公开属性", value_digest("报告信息/公开属性", "不予公开"), "另有规定。")
    raw = parse(f"{HEAD}| 公开属性 | 不予公开 |\n{ONE_CHAPTER}{known(line)}", "试.md")
    one, = told(raw, "R002")
    assert one.acknowledged == "另有规定。"


def test_an_acknowledged_error_blocks_no_report() -> None:
    tables = ("\n## 指标\n\n| 编号 | 名称 | 统计方式 | 填报值 | 单位 | _id |\n|---|---|---|---|---|---|\n"
              "| M01 | 信访 | 填报 | 3 | 件 | XAAAAAAAAA |\n| M02 | 信访 | 填报 | 4 | 件 | XBBBBBBBBB |\n")
    one, = told(book(tables), "N014")
    assert one.blocks
    line = known((one.code, one.row_id, one.column, one.digest, "两处口径不同。"))
    again, = told(book(tables, line), "N014")
    assert not again.blocks


def test_a_composed_report_is_judged_by_the_same_findings() -> None:
    one = Ledger(recognize(book(agreed())))
    assert check_ledger(one, compose(one)) == check(book(agreed()))


def test_acknowledgements_apply_to_any_part_of_the_findings() -> None:
    one = Ledger(recognize(book(agreed())))
    bare = [each._replace(row_id="", digest="", acknowledged="") for each in check_ledger(one) if each.code == "D008"]
    assert [each.open for each in acknowledged(one, bare)] == [False]


@pytest.mark.parametrize("code", ["P001", "P002", "P003", "P007", "P008", "C001", "C002", "M002", "T001", "S013",
                                  "X001", "L001", "O001", "K005"])
def test_some_findings_cannot_be_let_stand(code: str) -> None:
    assert cannot_stand(code)
    line, = told(book(known((code, ROW, "完成时限", value_digest(ROW, LATE), "没有关系。"))), "K004")
    assert line.where == "已知问题!A2"


def test_an_identity_number_stays_a_warning_whatever_is_written() -> None:
    person = TASK.format(key="R00", due="2026-12-31", id="XAAAAAAAAA").replace("办公室", "11010519491231002X")
    one, = (one for one in check(book(before=person)) if one.code == "P001")
    line = known((one.code, one.row_id, one.column, one.digest, "本人同意。"))
    again, = told(book(line, before=person), "P001")
    assert again.open


def test_most_warnings_can_be_let_stand() -> None:
    assert {code for code in RULES if cannot_stand(code)} < set(RULES)
    assert not any(cannot_stand(code) for code in ("D008", "N001", "Q001", "R001", "W001", "P004", "C013"))


def test_a_reason_that_names_a_person_is_masked() -> None:
    one, = told(book(agreed("本人 11010519491231002X 同意。")), "D008")
    assert "11010519491231002X" not in one.acknowledged


@pytest.mark.parametrize("blank", ["", "   "])
def test_a_line_without_a_reason_counts_for_nothing(blank: str) -> None:
    raw = book(agreed(blank))
    assert told(raw, "D008")[0].open
    assert told(raw, "K001")


def test_the_sheet_travels_through_excel(tmp_path: Path) -> None:
    (tmp_path / "台账.xlsx").write_bytes(workbook_bytes(book(agreed())))
    one, = told(read(tmp_path / "台账.xlsx"), "D008")
    assert not one.open


@given(st.text(), st.text(min_size=1), st.text())
def test_a_digest_is_a_short_word_of_row_and_value(row: str, value: str, other: str) -> None:
    made = value_digest(row, value)
    assert (len(made), made[0].isalpha(), made.isalnum()) == (12, True, True)
    assert made == value_digest(row, value)
    assert made != value_digest(row + "甲", value)
    assert (made == value_digest(row, other)) == ("".join(value.split()) == "".join(other.split())) \
        or not (value + other).isascii()


def test_a_digest_does_not_mind_width_and_spaces() -> None:
    assert value_digest("甲", "１２ 件") == value_digest("甲", "12件")


class Test写进已知问题:
    """`changes`: the cells that acknowledge a finding"""

    def test_a_line_below_the_last_one(self) -> None:
        made = changes(book(known(("D999", "甲", "乙", "丙", "丁"))), ["D008@任务!D2"], "已同意。")
        values = ("D008", ROW, "完成时限", value_digest(ROW, LATE), "已同意。")
        assert made == {Cell("已知问题", 3, column): value for column, value in enumerate(values, 1)}

    def test_what_is_written_is_read(self) -> None:
        made = changes(book(known()), ["d008@任务!d2"], "已同意。")
        line = tuple(str(made[Cell("已知问题", 2, column)]) for column in range(1, 6))
        assert not told(book(known(line)), "D008")[0].open

    def test_a_line_that_no_longer_fits_is_written_anew(self) -> None:
        made = changes(book(agreed(), due=LATER), ["D008@任务!D2"], "又同意了。")
        assert {cell.row for cell in made} == {2}
        assert made[Cell("已知问题", 2, 4)] == value_digest(ROW, LATER)

    def test_a_row_without_an_id_gets_one(self) -> None:
        new = TASK.format(key="R02", due=LATE, id="")
        raw = book(known(), before=new)
        made = changes(raw, ["D008@任务!D2", "D008@任务!D3"], "已同意。")
        given_id = made[Cell("任务", 2, 6)]
        assert isinstance(given_id, str)
        assert made[Cell("已知问题", 2, 2)] == given_id
        assert made[Cell("已知问题", 3, 2)] == ROW

    @pytest.mark.parametrize(("wanted", "said"), [
        ("D008", "请写成 D008@任务!J3 的样子"), ("D008@任务!C2", "D008 报在：任务!D2"), ("D003@任务!D2", "没有报 D003"),
        ("P001@任务!D2", "P001 不能确认"), ("C001@任务!D2", "C001 不能确认"),
    ])
    def test_what_cannot_be_meant_is_refused(self, wanted: str, said: str) -> None:
        with pytest.raises(Refusal, match=said):
            changes(book(known()), [wanted], "已同意。")

    def test_without_the_sheet_its_headers_come_along(self) -> None:
        made = changes(book(), ["D008@任务!D2"], "已同意。")
        assert [made[Cell("已知问题", 1, column)] for column in range(1, 6)] == list(HEADERS)
        assert made[Cell("已知问题", 2, 1)] == "D008"

    def test_a_sheet_of_that_name_with_something_else_is_left_alone(self) -> None:
        with pytest.raises(Refusal, match="“已知问题”表的表头不对"):
            changes(book("\n## 已知问题\n\n| 甲 |\n|---|\n| 乙 |\n"), ["D008@任务!D2"], "已同意。")
