"""The gate: one sentence about what stands in the way, and not its consequences."""

from __future__ import annotations

import pytest

from templates.check import check
from tests.ledgers import HEAD, ONE_CHAPTER
from tests.planting import clean
from workbook.book import recognize
from workbook.findings import Refusal
from workbook.gate import admit, nameplate
from workbook.ledger import Ledger
from workbook.no_ledger import who
from workbook.raw import RawBook, RawSheet
from workbook.text import parse


def small(*tables: str) -> RawBook:
    return parse(HEAD + ONE_CHAPTER + "".join(tables), "台账.xlsx")


def of_version(version: object) -> RawBook:
    raw = small()
    meta = RawSheet("_元", [["项目", "内容"], ["架构版本", version]], visible=False)
    return raw._replace(sheets=(*raw.sheets, meta))


def with_rows(raw: RawBook, name: str, rows: list[list[object]]) -> RawBook:
    sheet = RawSheet(name, rows)  # type: ignore[arg-type]
    kept = (one for one in raw.sheets if one.name != name)
    return raw._replace(sheets=(*kept, sheet))


def refusal(raw: RawBook) -> str:
    with pytest.raises(Refusal) as why:
        check(raw)
    return str(why.value)


@pytest.mark.parametrize("version", ["1", 1, ""])
def test_our_version_and_none_are_admitted(version: object) -> None:
    raw = of_version(version)
    assert admit(recognize(raw)).raw is raw


@pytest.mark.parametrize(("version", "said"), [
    ("2", "比本程序的 1 新。请先更新程序。"), ("0", "比本程序的 1 旧。请先用 taizhang upgrade 升级台账。"),
    ("一版", "架构版本“一版”认不出来"),
])
def test_another_version_says_what_to_do_and_whose_it_is(version: str, said: str) -> None:
    told = refusal(of_version(version))
    assert told.startswith("台账.xlsx：（临溪县民政局2025年）")
    assert said in told


def test_a_newer_version_is_told_before_its_missing_sheets() -> None:
    raw = of_version("2")
    told = refusal(raw._replace(sheets=tuple(one for one in raw.sheets if one.name != "章节")))
    assert "请先更新程序" in told
    assert "缺少工作表" not in told


def test_a_foreign_workbook_names_its_sheets_and_the_way_in() -> None:
    raw = RawBook("工资.xlsx", tuple(RawSheet(f"{month}月", [["姓名", "工资"]]) for month in range(1, 9)))
    told = refusal(raw)
    assert told.startswith("工资.xlsx：不是标准台账")
    assert "（现有工作表：1月、2月、3月、4月、5月、6月等）" in told
    assert "taizhang adopt" in told


@pytest.mark.parametrize("lost", ["报告信息", "章节"])
def test_a_missing_sheet_is_named(lost: str) -> None:
    raw = small()
    told = refusal(raw._replace(sheets=tuple(one for one in raw.sheets if one.name != lost)))
    assert f"缺少工作表“{lost}”" in told
    assert "taizhang repair" in told


@pytest.mark.parametrize("name", ["报告信息", "章节", "任务"])
def test_a_sheet_without_its_headers_is_no_empty_sheet(name: str) -> None:
    rows: list[list[object]] = [["被改掉的", "表头", "甲"], ["1", "工作情况", "乙"], ["2", "其他", "丙"]]
    told = refusal(with_rows(small(), name, rows))
    assert f"工作表“{name}”的表头认不出来" in told
    assert "taizhang repair" in told
    assert "缺少工作表" not in told


def test_a_sheet_of_ours_that_is_blank_is_an_empty_one() -> None:
    assert check(with_rows(small(), "任务", [["任务台账"], []]))


def test_the_outline_needs_numbers_and_titles() -> None:
    raw = with_rows(small(), "章节", [["编号", "标题形式", "引语"], ["1", "行内", "甲"]])
    assert "工作表“章节”没有“标题”列" in refusal(raw)


def test_a_ledger_that_passes_says_who_it_is() -> None:
    plate = nameplate(Ledger(recognize(clean())))
    assert plate.office.endswith("局")
    assert str(plate).startswith(f"{plate.office}{plate.year}年“{plate.kind}”台账，架构版本 1；章节 ")
    assert dict(plate.rows)["活动"] > 100


def test_an_unreadable_head_is_nobody() -> None:
    assert who(RawBook("甲.xlsx", (RawSheet("报告信息", [["机关全称"], [None, "报告年度"]]),))) == ""
