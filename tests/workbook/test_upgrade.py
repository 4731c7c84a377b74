"""Upgrade: a ledger from before schema versions becomes one of today's; a newer one is left to a newer program."""

from __future__ import annotations

import pytest

from workbook import schema
from workbook.book import recognize
from workbook.findings import Refusal
from workbook.identity import LEDGER_KEY, VERSION_KEY
from workbook.raw import RawBook, RawSheet, RawValue
from workbook.restoring.balance import cells_of
from workbook.restoring.settling import reread
from workbook.restoring.upgrade import STEPS, upgrade
from workbook.standard.making import workbook_bytes

HEAD: list[list[RawValue]] = [
    ["项目", "内容"], ["报告种类", "通用报告"], ["年度", 2025], ["单位名称", "临溪县民政局"], ["自定项目", "照旧"]]
EVENTS: list[list[RawValue]] = [["序号", "时间", "名称", "活动类型", "承办科室", "领导批示"],
                                ["H1", "2025-03-01", "进社区宣讲", "进社区", "办公室", "已阅"]]
OLD = RawBook("旧.xlsx", (RawSheet("基本信息", [*HEAD, ["统计起", "2025-01-01"]]),
                          RawSheet("大纲", [["编号", "标题"], ["1", "工作情况"]]), RawSheet("活动台账", EVENTS)))


def meta(version: RawValue) -> RawSheet:
    return RawSheet("_元", [["项目", "内容"], ["架构版本", version]])


def test_the_steps_lead_from_no_version_to_todays() -> None:
    version = "0"
    for step in STEPS:
        assert step.before == version
        version = step.after
    assert version == schema.SCHEMA_VERSION


def test_old_names_become_todays_and_what_is_missing_is_added() -> None:
    made = upgrade(OLD, workbook_bytes)
    assert made is not None
    new = recognize(reread(made.data))
    head = dict(zip(new.head.values("项目"), new.head.values("内容"), strict=True))
    assert (head["报告类型"], head["报告年度"], head["机关全称"], head["自定项目"]) == (
        "通用报告", 2025, "临溪县民政局", "照旧")
    events = new.tables["活动"]
    titles = ("编号", "开始日期", "活动名称", "类型", "承办股室", "领导批示")
    assert [events.value(0, title) for title in titles] == EVENTS[1]
    assert events.value(0, "_id")
    assert (new.meta[VERSION_KEY], bool(new.meta[LEDGER_KEY]), set(new.tables)) == ("1", True, set(schema.BY_TITLE))


def test_every_change_is_told_and_every_cell_accounted_for() -> None:
    made = upgrade(OLD, workbook_bytes)
    assert made is not None
    said = " ".join(change.text for change in made.changes)
    for word in ("“单位名称”改为“机关全称”", "活动台账!B1 的表头“时间”改回“开始日期”", "工作表“大纲”是“章节”",
                 "没有工作表“任务”", "“活动台账”补了列“_id”", "架构版本 0 升到 1"):
        assert word in said
    assert sorted(one.cell for one in made.entries) == sorted(cell for s in OLD.sheets for cell in cells_of(s))
    assert not made.asides


def test_an_upgraded_ledger_is_of_todays_version() -> None:
    made = upgrade(OLD, workbook_bytes)
    assert made is not None
    assert upgrade(reread(made.data), workbook_bytes) is None


def test_a_version_of_zero_that_is_written_down_is_brought_forward_too() -> None:
    made = upgrade(RawBook("旧.xlsx", (*OLD.sheets, meta("0"))), workbook_bytes)
    assert made is not None
    assert recognize(reread(made.data)).meta[VERSION_KEY] == "1"


@pytest.mark.parametrize(("version", "said"), [("2", "请先更新程序"), ("二", "认不出来")])
def test_a_version_no_step_starts_from_is_refused(version: str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        upgrade(RawBook("新.xlsx", (*OLD.sheets, meta(version))), workbook_bytes)


def test_a_file_of_something_else_is_refused() -> None:
    with pytest.raises(Refusal, match="看不出是标准台账"):
        upgrade(RawBook("工资.xlsx", (RawSheet("Sheet1", [["姓名", "工资"], ["甲", 1]]),)), workbook_bytes)
