"""Next year's ledger: what is open goes along, what is counted becomes a base, nothing counts twice."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledgers import ledger
from workbook.book import recognize
from workbook.exchange.seal import DISPATCH_KEY
from workbook.facts import Facts
from workbook.findings import Refusal
from workbook.identity import LEDGER_KEY, with_ids
from workbook.ledger import Ledger
from workbook.raw import RawBook, RawSheet
from workbook.rollover.head import Plan
from workbook.rollover.notes import Fate
from workbook.rollover.rollover import PREVIOUS_KEY, Rolled, rollover
from workbook.rollover.rows import FROM
from workbook.schema import ID_COLUMN
from workbook.text import dump, parse

PLAN = "| 规划期名称 | “八五” |\n| 规划期止 | {end} |"
METRICS = """
    ## 指标

    | 编号 | 名称 | 单位 | 统计方式 | 来源表 | 来源列 | 条件 | 统计期 | 基数 | 基数截止 | 填报值 | 分子 | 分母 |
    |---|---|---|---|---|---|---|---|---|---|---|---|---|
    | M01 | 场次 | 场 | 计数 | 活动 | | | 本年 | | | | | |
    | M02 | 规划期场次 | 场 | 计数 | 活动 | | | 规划期 | 40 | 2023-12-31 | | | |
    | M03 | 累计参与 | 人次 | 求和 | 活动 | 参与（人次） | | 截至 | 1000余 | 2023-12-31 | | | |
    | M04 | 听众 | 人次 | 填报 | | | | | | | 1.1万余 | | |
    | M05 | 场均 | 人次 | 比率 | | | | | | | | M04 | M01 |
"""
EVENTS = """
    ## 活动

    | 编号 | 开始日期 | 活动名称 | 类型 | 承办股室 | 场次 | 参与（人次） | 关联任务 |
    |---|---|---|---|---|---|---|---|
    | H1 | 2023-05-01 | 早已算过的 | 讲座 | 办公室 | | 70 | |
    | H2 | 2024-05-01 | 去年的 | 讲座 | 办公室 | 2 | 80 | |
    | H3 | 2025-05-01 | 今年的 | 讲座 | 办公室 | 3 | 90 | R1 |
    | H4 | 2026-01-08 | 提前登记的 | 讲座 | 办公室 | | 60 | R1 |
"""
TASKS = """
    ## 任务

    | 编号 | 任务名称 | 责任股室 | 完成时限 | 状态 | 完成日期 | 工作成效 | 章节 |
    |---|---|---|---|---|---|---|---|
    | R1 | 办完的 | 办公室 | 2025-06-30 | 已完成 | 2025-06-01 | 办完了。 | 1 |
    | R2 | 办着的 | 办公室 | 2025-11-30 | 进行中 | | 正在办。 | 1 |
    | R3 | 没办的 | 办公室 | 2026-11-30 | 未开始 | | | |
    | R4 | 不办的 | 办公室 | 2025-11-30 | 已取消 | | | |
    | R5 | 年后办完的 | 办公室 | 2025-12-31 | 已完成 | 2026-01-10 | 迟些办完了。 | 1 |
"""
OFFICES = """
    ## 股室

    | 代码 | 名称 | 角色 |
    |---|---|---|
    | 01 | 办公室 | 牵头 |
    | 02 | 老科 | 停用 |
"""


def rolled(*tables: str, head: str = "", year: int = 2026, plan: Plan | None = None) -> Rolled:
    return rollover(ledger(*tables, head=head).book.raw, year, plan=plan)


def opened(raw: RawBook) -> Ledger:
    """The new ledger as a file of it is read again, through the text form."""
    return Ledger(recognize(parse(dump(recognize(with_ids(raw))), "新.md")))


def column(book: Ledger, sheet: str, title: str) -> list[str]:
    return book[sheet].texts(title)


def cells(book: Ledger, title: str) -> dict[str, str]:
    return dict(zip(column(book, "指标", "编号"), column(book, "指标", title), strict=True))


def lines(made: Rolled, fate: Fate) -> list[str]:
    return [f"{note.sheet}{note.key} {note.text}" for note in made.notes if note.fate is fate]


def test_规划期没有结束_基数接着算() -> None:
    new = opened(rolled(METRICS, EVENTS, head=PLAN.format(end="2030-12-31")).raw)
    assert cells(new, "基数") == {"M01": "", "M02": "45", "M03": "1170余", "M04": "", "M05": ""}
    assert cells(new, "基数截止") == {"M01": "", "M02": "2025-12-31", "M03": "2025-12-31", "M04": "", "M05": ""}
    assert new.head.text("规划期名称") == "“八五”"


def test_规划期到期_规划期的基数清空_截至的不动() -> None:
    made = rolled(METRICS, EVENTS, head=PLAN.format(end="2025-12-31"), plan=Plan("“九五”", end=dt.date(2030, 12, 31)))
    new = opened(made.raw)
    assert (cells(new, "基数")["M02"], cells(new, "基数截止")["M02"], cells(new, "基数")["M03"]) == ("", "", "1170余")
    plan = [new.head.text(key) for key in ("规划期名称", "规划期起", "规划期止")]
    assert plan == ["“九五”", "2026-01-01", "2030-12-31"]
    assert any("M02" in line and "重新起算" in line for line in lines(made, Fate.RESET))


@pytest.mark.parametrize(("end", "plan", "why"), [
    ("2025-12-31", None, "请加 --plan 写明新规划期的名称"),
    ("2025-12-31", Plan(" "), "请加 --plan"),
    ("2025-12-31", Plan("“九五”", dt.date(2025, 6, 1)), "要晚于原来的规划期"),
    ("2025-12-31", Plan("“九五”", end=dt.date(2025, 6, 1)), "也不能晚于它自己的止日"),
    ("2026-12-31", Plan("“九五”"), "还没有进入新的规划期"),
])
def test_规划期的名称_该给的要给_不该给的不收(end: str, plan: Plan | None, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        rolled(METRICS, head=PLAN.format(end=end), plan=plan)


def test_发给股室的一份不能结转() -> None:
    raw = ledger(METRICS).book.raw
    meta = RawSheet("_元", [["项目", "内容"], [DISPATCH_KEY, "D1"], ["股室", "办公室"]])
    with pytest.raises(Refusal, match="发给办公室填报的一份"):
        rollover(raw._replace(sheets=(*raw.sheets, meta)), 2026)


def test_规划期止空着_不猜_照旧并提醒() -> None:
    made = rolled(METRICS, EVENTS)
    assert cells(opened(made.raw), "基数")["M02"] == "45"
    assert any("规划期止空着" in line for line in lines(made, Fate.LOOK))


@pytest.mark.parametrize("year", [2024, 2025, 2027])
def test_只能结转到下一年(year: int) -> None:
    with pytest.raises(Refusal, match="只能结转到2026年"):
        rolled(year=year)


def test_上年值就是今年的报告值_约数还是约数_填报值清空() -> None:
    old = ledger(METRICS, EVENTS)
    new = opened(rolled(METRICS, EVENTS).raw)
    assert cells(new, "填报值")["M04"] == ""
    assert cells(new, "上年值") == {"M01": "3", "M02": "45", "M03": "1170余", "M04": "11000余",
                                 "M05": "3666.66666666667余"}
    facts, before = Facts(new), Facts(old)
    for now, then in zip(facts.metrics, before.metrics, strict=True):
        printed, figure = facts.last_year(now), before.figure(then)
        assert printed is not None
        assert figure is not None
        assert printed.phrase == figure.printed.phrase


@pytest.mark.parametrize(("typed", "stored"), [("98.5%", "0.985"), ("150%", "150%"), ("90%以上", "90%以上")])
def test_百分比的上年值_读回来还是那个数(typed: str, stored: str) -> None:
    new = opened(rolled(f"""
        ## 指标

        | 编号 | 名称 | 单位 | 统计方式 | 填报值 |
        |---|---|---|---|---|
        | M01 | 满意度 | % | 填报 | {typed} |
    """).raw)
    assert cells(new, "上年值")["M01"] == stored
    assert not [one for one in (*new.findings, *Facts(new).findings) if one.code == "C016"]


def test_活动表空了_自己加的列还在_照着它统计的指标不报错() -> None:
    own = EVENTS.replace("关联任务 |", "环保袋（个） |").replace("| R1 |", "| 3 |").replace("2026-01-08", "2025-01-08")
    new = opened(rolled(own, METRICS.replace("参与（人次） |", "环保袋（个） |")).raw)
    assert len(new["活动"]) == 0
    assert new["活动"].has("环保袋（个）")
    assert not [one for one in Facts(new).findings if one.code == "M014"]


def test_没办完的任务和统计止以后的行带过去_内部编号不变_说明从哪来() -> None:
    old = Ledger(recognize(with_ids(ledger(TASKS, EVENTS, OFFICES).book.raw)))
    new = opened(rollover(old.book.raw, 2026).raw)
    assert column(new, "任务", "编号") == ["R2", "R3", "R5"]
    assert column(new, "任务", FROM) == ["2025年台账 R2", "2025年台账 R3", "2025年台账 R5"]
    ids = dict(zip(column(old, "任务", "编号"), column(old, "任务", ID_COLUMN), strict=True))
    assert column(new, "任务", ID_COLUMN) == [ids[key] for key in ("R2", "R3", "R5")]
    assert column(new, "活动", "编号") == ["H4"]


def test_上一年的成效不印第二遍_年后才办完的还要印() -> None:
    new = opened(rolled(TASKS, OFFICES).raw)
    assert column(new, "任务", "工作成效") == ["", "", "迟些办完了。"]


def test_带过去的活动不指向留下的任务() -> None:
    made = rolled(TASKS, EVENTS, OFFICES)
    assert column(opened(made.raw), "活动", "关联任务") == [""]
    assert "活动H4 关联任务“R1”没有带入，这一格已清空。" in lines(made, Fate.LOOK)


def test_再结转一次_来处还是第一年的() -> None:
    once = opened(rolled(TASKS, OFFICES).raw).book.raw
    assert column(opened(rollover(once, 2027).raw), "任务", FROM) == ["2025年台账 R2", "2025年台账 R3"]


def test_已整改的问题留下_别的带过去() -> None:
    new = opened(rolled("""
        ## 问题

        | 编号 | 章节 | 表现 | 整改状态 |
        |---|---|---|---|
        | W1 | 1 | 人手不够。 | 整改中 |
        | W2 | 1 | 档案不齐。 | 已整改 |
        | W3 | 1 | 宣传不深。 | |
    """).raw)
    assert column(new, "问题", "编号") == ["W1", "W3"]


def test_基数里有没办完的任务_要提醒会再算一次() -> None:
    made = rolled(TASKS, """
        ## 指标

        | 编号 | 名称 | 单位 | 统计方式 | 来源表 | 条件 | 统计期 |
        |---|---|---|---|---|---|---|
        | M01 | 累计任务 | 项 | 计数 | 任务 | | 截至 |
        | M02 | 累计办结 | 项 | 计数 | 任务 | 状态=已完成 | 截至 |
    """)
    assert [line for line in lines(made, Fate.LOOK) if "再算一次" in line] == [
        "指标M01 “累计任务”的基数里有 1 项结转的任务，办结后会再算一次，请核对条件。"]


def test_报告信息_年度和统计期往后推_文号和日期清空_自己加的项目还在() -> None:
    new = opened(rolled(head="| 成文日期 | 2026-01-20 |\n| 发文顺序号 | 3 |\n| 联系人 | 张三 |\n| 自定 | 甲 |").raw)
    known = ("报告年度", "统计起", "统计止", "成文日期", "发文顺序号", "联系人", "自定")
    assert [new.head.text(key) for key in known] == ["2026", "2026-01-01", "2026-12-31", "", "", "张三", "甲"]


def test_二月底还是二月底() -> None:
    base = ledger().book.raw
    head = [["统计止", dt.date(2024, 2, 29)] if row[0] == "统计止" else row for row in base.sheets[0].rows]
    head = [["报告年度", 2024] if row[0] == "报告年度" else row for row in head]
    head = [["统计起", dt.date(2023, 3, 1)] if row[0] == "统计起" else row for row in head]
    moved = opened(rollover(RawBook("旧", (base.sheets[0]._replace(rows=head), *base.sheets[1:])), 2025).raw)
    assert (moved.head.text("统计起"), moved.head.text("统计止")) == ("2024-03-01", "2025-02-28")


def test_台账编号是新的_并记着上一年的() -> None:
    old = recognize(with_ids(ledger().book.raw))
    new = recognize(with_ids(rollover(old.raw, 2026).raw))
    assert new.meta[PREVIOUS_KEY] == old.meta[LEDGER_KEY] != new.meta[LEDGER_KEY]


def test_表里的数由指标来就带_手填的留下() -> None:
    made = rolled(METRICS, """
        ## 统计表

        | 章节 | 表题 | 行 | 列 | 值 |
        |---|---|---|---|---|
        | 1 | 活动情况 | 全局 | 场次 | {{ 场次 }} |
        | 1 | 活动情况 | 合计 | 场次 | 3 |
        | 1 | 资金情况 | 全局 | 金额 | 300 |
    """)
    assert column(opened(made.raw), "统计表", "表题") == ["活动情况", "活动情况"]
    assert any("资金情况" in line for line in lines(made, Fate.LEFT))


def test_写着旧年份的句子要看一眼() -> None:
    made = rolled(head="| 引言 | 2025年以来，我局认真履职。 |")
    assert lines(made, Fate.LOOK)[-1] == "报告信息引言 引言的内容里写着“2025年”，请看要不要改。"


def test_原台账有错_数就靠不住_要说() -> None:
    made = rolled(METRICS, EVENTS.replace("| 90 |", "| 说不清 |"))
    assert made.to_settle
    assert "原台账还有" in lines(made, Fate.SETTLE)[0]


def test_法规股室字典章节全部带过去_停用的也在_样例不带() -> None:
    new = opened(rolled(OFFICES, """
        ## 法规

        | 正式名称 | 简称 |
        |---|---|
        | 中华人民共和国民法典 | 民法典 |
    """).raw)
    assert column(new, "股室", "名称") == ["办公室", "老科"]
    assert column(new, "法规", "简称") == ["民法典"]
    assert column(new, "章节", "标题") == ["工作情况"]


COUNTED = (("计数", "", "截至"), ("求和", "参与（人次）", "截至"), ("计数", "", "规划期"),
           ("求和", "参与（人次）", "规划期"))
DAYS = st.dates(dt.date(2019, 1, 1), dt.date(2025, 12, 31))
ROWS = st.lists(st.tuples(DAYS, st.integers(1, 5), st.integers(0, 9999)), max_size=8)
BASES = st.tuples(st.integers(0, 500), st.none() | DAYS)


def of_rows(rows: list[tuple[dt.date, int, int]], base: tuple[int, dt.date | None]) -> Ledger:
    until = base[1] or ""
    metrics = "".join(
        f"| M{number} | 数{number} | | {method} | 活动 | {title} | {period} | {base[0]} | {until} |\n"
        for number, (method, title, period) in enumerate(COUNTED))
    events = "".join(f"| {day} | 甲 | 讲座 | 办公室 | {times} | {people} |\n" for day, times, people in rows)
    return ledger(
        f"## 指标\n\n| 编号 | 名称 | 单位 | 统计方式 | 来源表 | 来源列 | 统计期 | 基数 | 基数截止 |\n"
        f"|---|---|---|---|---|---|---|---|---|\n{metrics}\n",
        f"## 活动\n\n| 开始日期 | 活动名称 | 类型 | 承办股室 | 场次 | 参与（人次） |\n"
        f"|---|---|---|---|---|---|\n{events}\n",
    )


def values(book: Ledger) -> list[Decimal | None]:
    facts = Facts(book)
    return [facts.amount(metric).value for metric in facts.metrics]


@settings(deadline=None, max_examples=50)
@given(rows=ROWS, base=BASES)
def test_新台账还没有行的时候_累计数等于旧台账的(rows: list[tuple[dt.date, int, int]],
                                base: tuple[int, dt.date | None]) -> None:
    old = of_rows(rows, base)
    assert values(opened(rollover(old.book.raw, 2026).raw)) == values(old)


@settings(deadline=None, max_examples=50)
@given(rows=ROWS, base=BASES, later=st.lists(st.tuples(st.dates(dt.date(2025, 1, 1), dt.date(2026, 12, 31)),
                                                      st.integers(1, 5), st.integers(0, 9999)), max_size=5))
def test_两本分着记_等于一本记到底(rows: list[tuple[dt.date, int, int]], base: tuple[int, dt.date | None],
                         later: list[tuple[dt.date, int, int]]) -> None:
    """Rows of 2026 typed into the old ledger count next year, once; a base never counts a row again."""
    rolled_raw = rollover(of_rows(rows + later, base).book.raw, 2026).raw
    one = of_rows(rows + later, base).book.raw
    head = [["统计止", dt.date(2026, 12, 31)] if row[0] == "统计止" else row for row in one.sheets[0].rows]
    to_the_end = Ledger(recognize(RawBook("一本", (one.sheets[0]._replace(rows=head), *one.sheets[1:]))))
    assert values(opened(rolled_raw)) == values(to_the_end)
