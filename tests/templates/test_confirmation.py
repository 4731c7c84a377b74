"""数据确认单: which office is asked for which figure, what it is told, and when it must look again."""

from __future__ import annotations

import pytest

from templates.blocks import Grid, Paragraph
from templates.confirmation.figures import NOBODY, Asked, asked_of
from templates.confirmation.record import Record, State, from_json, gone, issued, signed, state_of, to_json
from templates.confirmation.sheet import sheet
from templates.kinds import kind_named
from templates.report import compose
from tests.ledgers import ledger
from workbook.book import recognize
from workbook.findings import Refusal
from workbook.identity import with_ids
from workbook.ledger import Ledger
from workbook.spans import text_of

OFFICES = """
    ## 股室

    | 代码 | 名称 | 角色 |
    |---|---|---|
    | 01 | 办公室 | 填报 |
    | 02 | 法规股 | 牵头 |
"""
METRICS = """
    ## 指标

    | 编号 | 名称 | 单位 | 统计方式 | 来源表 | 条件 | 上年值 | 填报值 | 责任股室 | 数字样式 |
    |---|---|---|---|---|---|---|---|---|---|
    | M01 | 讲座 | 场 | 计数 | 活动 | 类型=讲座 | 2 | | 办公室 | |
    | M02 | 培训 | 期 | 计数 | 活动 | 类型=培训 | | | | |
    | M03 | 满意度 | | 填报 | | | 98% | 96.5% | | 百分比 |
"""
EVENTS = """
    ## 活动

    | 编号 | 开始日期 | 活动名称 | 类型 | 承办股室 |
    |---|---|---|---|---|
    | H1 | 2025-03-01 | 甲 | 讲座 | 办公室 |
    | H2 | 2025-04-01 | 乙 | 讲座 | 办公室 |
    | H3 | 2025-05-01 | 丙 | 讲座 | 办公室 |
    | H4 | 2025-05-02 | 丁 | 培训 | 办公室 |
"""
ITEMS = """
    ## 条目

    | 编号 | 章节 | 正文 | 责任股室 |
    |---|---|---|---|
    | T1 | 1 | 办了{{ 讲座 }}讲座。又办了{{ 培训 }}培训。 | 办公室 |
    | T2 | 1 | 群众满意度{{ 满意度 }}。 | |
"""


def asked(events: str = EVENTS, items: str = ITEMS, offices: str = OFFICES) -> tuple[Asked, ...]:
    raw = ledger(METRICS, events, items, offices).book.raw
    return asked_of(compose(Ledger(recognize(with_ids(raw))), kind=kind_named("通用报告")))


def test_指标写了责任股室归它_没写的归写这句话的股室_再没有归牵头股室() -> None:
    assert [(one.phrase, one.office) for one in asked()] == [("3场", "办公室"), ("1期", "办公室"), ("96.5%", "法规股")]
    assert asked(offices="")[2].office == NOBODY


def test_说明在哪句话_是哪几行_和上年比怎样() -> None:
    first, second, third = asked()
    assert (first.sentence, first.source) == ("办了3场讲座。", "活动 3 行计数：活动第2—4行")
    assert (first.last_year, first.change) == ("2场", "增加1（50%）")
    assert (second.sentence, second.last_year, second.change) == ("又办了1期培训。", "", "")
    assert (third.change, third.source.partition("：")[0]) == ("减少1.5个百分点", "填报")


def test_单独印的单位不是数_不用确认() -> None:
    figures = asked(items=ITEMS.replace("{{ 讲座 }}", "{{ 讲座.数 }}多{{ 讲座.单位 }}"))
    assert [one.phrase for one in figures] == ["3", "1期", "96.5%"]


def test_长句子只取数的前后() -> None:
    long = ITEMS.replace("办了{{", f"{'一' * 80}办了{{{{")
    assert len(asked(items=long)[0].sentence) < 60
    assert "3场" in asked(items=long)[0].sentence


def test_一张单子_有数_有出处_有签名的地方() -> None:
    document = sheet("工作报告", "办公室", [(asked()[0], State.OPEN, ""), (asked()[1], State.CHANGED, "2期")])
    [grid] = [block for block in document.blocks if isinstance(block, Grid)]
    rows = [[text_of(cell) for cell in row] for row in grid.rows]
    assert rows[1] == ["1", "3场", "办了3场讲座。", "活动 3 行计数：活动第2—4行", "2场，增加1（50%）", "□"]
    assert rows[2][-1] == "待重新确认（原2期）"
    said = "".join(block.text for block in document.blocks if isinstance(block, Paragraph))
    assert "《工作报告》里有 2 个数由你股室负责" in said
    assert "其中 1 个数上次送核以后改过" in said
    assert "填报人（签名）" in said


def states(record: Record, figures: tuple[Asked, ...]) -> list[str]:
    return [str(state_of(record, one)[0]) for one in figures]


MORE = EVENTS + "    | H5 | 2025-06-01 | 戊 | 讲座 | 办公室 |\n"


def test_送核以后数改了_待重新确认_只是那一个() -> None:
    record = issued(Record("甲", {}), asked())
    assert states(record, asked()) == ["待确认"] * 3
    assert states(record, asked(MORE)) == ["待重新确认", "待确认", "待确认"]
    assert state_of(record, asked(MORE)[0]) == (State.CHANGED, "3场")


def test_数没变_背后的行换了_也要重新确认() -> None:
    record = issued(Record("甲", {}), asked())
    swapped = EVENTS.replace("| H3 | 2025-05-01 | 丙 |", "| H9 | 2025-07-01 | 己 |")
    assert states(record, asked(swapped))[0] == "待重新确认"


def test_再印一次不算确认_签回了才算() -> None:
    record = issued(issued(Record("甲", {}), asked()), asked(MORE))
    assert states(record, asked(MORE))[0] == "待重新确认"
    assert states(signed(record, "办公室"), asked(MORE)) == ["已确认", "已确认", "待确认"]


def test_签的是印过的那张_印过以后又改的不算签过() -> None:
    record = signed(issued(Record("甲", {}), asked()), "办公室")
    assert states(record, asked(MORE))[0] == "待重新确认"


def test_没有出过单子的股室不能记作已签() -> None:
    with pytest.raises(Refusal, match="还没有给“财务股”出过确认单"):
        signed(issued(Record("甲", {}), asked()), "财务股")


def test_句子挪了地方_行加在前面_还认得是那个数() -> None:
    record = signed(issued(Record("甲", {}), asked()), "办公室")
    moved = ITEMS.replace("    | T1", "    | T0 | 1 | 加一句话。 | |\n    | T1")
    assert states(record, asked(items=moved))[:2] == ["已确认", "已确认"]


def test_确认过的数不印了_要说() -> None:
    record = signed(issued(Record("甲", {}), asked()), "办公室")
    left = asked(items=ITEMS.replace("又办了{{ 培训 }}培训。", ""))
    assert [one.base_phrase for one in gone(record, left)] == ["1期"]


def test_记录写下去读回来一样_坏了的说一句话() -> None:
    record = issued(Record("甲", {}), asked())
    assert from_json(to_json(record), "记录") == record
    for broken in ("", "[]", "{}", '{"version": 1, "ledger": "甲", "figures": {"a": {}}}'):
        with pytest.raises(Refusal, match="已损坏"):
            from_json(broken, "记录")
    with pytest.raises(Refusal, match="更新版本"):
        from_json('{"version": 99}', "记录")
