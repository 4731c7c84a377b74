"""Many ledgers into one: sums that reconcile, ratios from summed parts, an event once for the county, in any order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from io import BytesIO
from itertools import pairwise, permutations
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from templates.unit_tables import table_cells
from tests.ledgers import HEAD, ONE_CHAPTER
from workbook.book import recognize
from workbook.exchange.seal import DISPATCH_KEY
from workbook.facts import Facts, Window
from workbook.findings import Refusal
from workbook.identity import with_ids
from workbook.ledger import Ledger
from workbook.raw import RawBook, RawSheet, RawValue
from workbook.rollup import decisions
from workbook.rollup.collecting import Entry, Status
from workbook.rollup.collecting import collect as collect_files
from workbook.rollup.events import Verdict
from workbook.rollup.long_form import TITLES, facts_of
from workbook.rollup.parquet import to_parquet
from workbook.rollup.rollup import Line, Rollup, roll_up
from workbook.rollup.sheets import to_xlsx
from workbook.rollup.units import Unit, unit_of
from workbook.text import parse

METRICS = """
## 指标

| 编号 | 名称 | 单位 | 统计方式 | 来源表 | 来源列 | 条件 | 分子 | 分母 | 父指标 | 填报值 | 数字样式 |
|---|---|---|---|---|---|---|---|---|---|---|---|
| M01 | 活动 | 场 | 计数 | 活动 | | | | | | | |
| M02 | 参与 | 人次 | 求和 | 活动 | 参与（人次） | | | | | | |
| M03 | 场均 | 人次 | 比率 | | | | M02 | M01 | | | |
| M04 | 全部 | 场 | 合计 | | | | | | | | |
| M05 | 讲座 | 场 | 计数 | 活动 | | 类型=讲座 | | | M04 | | |
| M06 | 其他 | 场 | 填报 | | | | | | M04 | 3 | |
"""
EVENT_HEADER = ("## 活动\n\n| 编号 | 开始日期 | 活动名称 | 类型 | 地点 | 角色 | 场次 | 承办股室 | 参与（人次） |\n"
                "|---|---|---|---|---|---|---|---|---|\n")
SHARED = "| H9 | 2025-12-04 | 国家宪法日宣传 | 宣传 | 人民广场 | {role} | | 办公室 | {people} |"


def text(office: str, *events: str, more: str = METRICS) -> str:
    rows = "".join(f"{event}\n" for event in events)
    return HEAD.replace("临溪县民政局", office) + ONE_CHAPTER + f"\n{EVENT_HEADER}{rows}\n{more}\n"


def unit(office: str, *events: str, more: str = METRICS) -> Unit:
    book = Ledger(recognize(with_ids(parse(text(office, *events, more=more), f"{office}.md"))))
    return unit_of(book, f"{office}.xlsx", office, table_cells)


def own(name: str, people: int, day: str = "2025-03-01") -> str:
    return f"| | {day} | {name} | 讲座 | | | | 办公室 | {people} |"


def three() -> list[Unit]:
    """Three ledgers that share one event; each has one of its own."""
    return [unit("甲局", SHARED.format(role="主办", people=100), own("甲局讲座", 10)),
            unit("乙局", SHARED.format(role="协办", people=120), own("乙局培训", 20)),
            unit("丙局", SHARED.format(role="协办", people=90), own("丙局答疑", 30))]


def line(made: Rollup, name: str) -> Line:
    [one] = [one for one in made.lines if one.family.name == name]
    return one


def sums(made: Rollup, name: str) -> tuple[dict[str, Decimal | None], Decimal | None, Decimal | None]:
    one = line(made, name)
    each = {office: measure.own and measure.own.value for office, measure in one.units.items()}
    return each, one.total and one.total.value, one.after and one.after.value


def test_三本台账同一件活动_各单位照旧_合计照加_去重后只算一次() -> None:
    made = roll_up(three())
    assert sums(made, "活动") == ({"丙局": 2, "乙局": 2, "甲局": 2}, 6, 4)
    assert sums(made, "参与") == ({"丙局": 120, "乙局": 140, "甲局": 110}, 370, 160)
    [group] = made.shared.groups
    assert (group.verdict, [event.unit for event in group.events]) == (Verdict.SAME, ["甲局", "丙局", "乙局"])


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_文件的先后不影响结果(order: tuple[int, ...]) -> None:
    units = three()
    assert to_xlsx(roll_up([units[at] for at in order]), ()) == to_xlsx(roll_up(units), ())


def test_二百本小台账的合计_和一行一行加的一样() -> None:
    """Of each unit one to three events; every tenth also has the county's, which 0局 hosts."""
    chance = Random(6)
    people = [[chance.randrange(1, 500) for _ in range(chance.randrange(1, 4))] for _ in range(200)]
    shared = {at: SHARED.format(role="协办" if at else "主办", people=1000 + at) for at in range(0, 200, 10)}
    units = [unit(f"{at}局", *(own(f"{at}局讲座{n}", one) for n, one in enumerate(each)),
                  *([shared[at]] if at in shared else [])) for at, each in enumerate(people)]
    made = roll_up(units)
    rows, heads = sum(map(len, people)), sum(map(sum, people))
    each, total, after = sums(made, "活动")
    assert each == {f"{at}局": len(one) + (at in shared) for at, one in enumerate(people)}
    assert (total, after) == (rows + 20, rows + 1)
    assert sums(made, "参与")[1:] == (heads + sum(1000 + at for at in shared), heads + 1000)
    assert sums(made, "场均")[2] == Decimal(heads + 1000) / Decimal(rows + 1)


def test_比率用加起来的分子分母_不是平均() -> None:
    made = roll_up(three())
    each, total, after = sums(made, "场均")
    assert each == {"丙局": 60, "乙局": 70, "甲局": 55}
    assert (total, after) == (Decimal(370) / 6, Decimal(40))


def test_合计等于各部分之和_填报的也加() -> None:
    made = roll_up(three())
    assert sums(made, "全部")[1:] == (12, 12)
    assert sums(made, "讲座")[1] == 3
    assert sums(made, "其他")[1] == 9


def test_同名同日地点不同_是各办各的() -> None:
    made = roll_up([unit("甲局", "| | 2025-12-04 | 国家宪法日宣传 | 宣传 | 东门 | | | 办公室 | 1 |"),
                    unit("乙局", "| | 2025-12-04 | 国家宪法日宣传 | 宣传 | 西门 | | | 办公室 | 1 |")])
    assert (made.shared.groups, sums(made, "活动")[1:]) == ((), (2, 2))


def of(region: str, office: str, role: str = "主办", name: str = "国家宪法日宣传", place: str = "人民广场") -> Unit:
    """A ledger of one 行政区划 with one event of Constitution Day."""
    made = unit(office, f"| H9 | 2025-12-04 | {name} | 宣传 | {place} | {role} | | 办公室 | 50 |")
    return made._replace(region=region, events=tuple(event._replace(region=region) for event in made.events))


def test_两个县都主办的_名称地点一样也可能是两件_等人定() -> None:
    units = [of("甲县", "甲县民政局"), of("乙县", "乙县民政局"), of("甲县", "甲县司法局", "协办")]
    made = roll_up(units)
    [group] = made.shared.groups
    assert (group.verdict, len(group.events), sums(made, "活动")[1:]) == (Verdict.OPEN, 3, (3, 3))
    decided = roll_up(units, {frozenset(event.mark for event in group.events): True})
    assert (decided.undecided, sums(decided, "活动")[1:]) == (0, (3, 1))


@pytest.mark.parametrize("regions", [("甲县", "甲县"), ("甲县", ""), ("云州市", "云州市甲县")], ids="、".join)
def test_一个县里的_和没有写区划的_照旧算一件(regions: tuple[str, str]) -> None:
    made = roll_up([of(regions[0], "甲局"), of(regions[1], "乙局")])
    assert ([group.verdict for group in made.shared.groups], sums(made, "活动")[1:]) == ([Verdict.SAME], (2, 1))


def test_一个县主办_别的县协办_算一件() -> None:
    made = roll_up([of("甲县", "甲局"), of("乙县", "乙局", "协办"), of("丙县", "丙局", "协办", place="")])
    assert ([group.verdict for group in made.shared.groups], sums(made, "活动")[1:]) == ([Verdict.SAME], (3, 1))


def test_两个县同名又都没有写地点_或者只是名称相近_是各办各的() -> None:
    units = [of("甲县", "甲局", place=""), of("乙县", "乙局", place=""), of("丙县", "丙局", name="宪法日宣传周")]
    made = roll_up(units)
    assert (made.shared.groups, sums(made, "活动")[1:]) == ((), (3, 3))


def likely(decided: decisions.Decisions | None = None) -> Rollup:
    return roll_up([unit("甲局", "| H1 | 2025-12-04 | 国家宪法日集中宣传活动 | 宣传 | 广场 | | | 办公室 | 50 |"),
                    unit("乙局", "| H1 | 2025-12-04 | 国家宪法日宣传活动 | 宣传 | 广场 | | | 办公室 | 60 |")], decided)


def test_名称相近的列出来等人定_定之前都算() -> None:
    made = likely()
    [group] = made.shared.groups
    assert (group.verdict, made.undecided, sums(made, "活动")[1:]) == (Verdict.OPEN, 1, (2, 2))


@pytest.mark.parametrize(("answer", "after", "verdict"), [(True, 1, Verdict.SAME), (False, 2, Verdict.APART)])
def test_定了以后照办(answer: bool, after: int, verdict: Verdict) -> None:
    marks = frozenset(event.mark for event in likely().shared.groups[0].events)
    made = likely({marks: answer})
    assert (made.shared.groups[0].verdict, made.undecided, sums(made, "活动")[1:]) == (verdict, 0, (2, after))


def test_看着一样的也可以定为不是同一件() -> None:
    marks = frozenset(event.mark for event in roll_up(three()).shared.groups[0].events)
    made = roll_up(three(), {marks: False})
    assert sums(made, "活动")[1:] == (6, 6)


def test_决定写在汇总表里_再汇总时读回来() -> None:
    data = BytesIO(to_xlsx(likely(), ()))
    book = load_workbook(data)
    sheet = book[decisions.SHEET]
    sheet["C2"] = "同一件"
    rows: list[list[RawValue]] = [[cell.value for cell in row] for row in sheet.iter_rows()]  # type: ignore[misc]
    decided = decisions.read_decisions(RawBook("汇总.xlsx", (RawSheet(decisions.SHEET, rows),)))
    assert sums(likely(decided), "活动")[1:] == (2, 1)


@pytest.mark.parametrize("answers", [("同一件", "不是同一件"), ("好像是", None)])
def test_决定写得不对_不猜(answers: tuple[str, str | None]) -> None:
    rows: list[list[RawValue]] = [list(decisions.HEADERS)]
    rows += [[1, "待定", answer, office, "", "", "", "", "", "", "", "R"]
             for answer, office in zip(answers, "甲乙", strict=True)]
    with pytest.raises(Refusal, match="第 1 组的决定"):
        decisions.read_decisions(RawBook("汇总.xlsx", (RawSheet(decisions.SHEET, rows),)))


def test_协办的活动找不到主办_列出来_照样算() -> None:
    made = roll_up([unit("甲局", SHARED.format(role="协办", people=5)), unit("乙局", own("别的事", 1))])
    assert [group.verdict for group in made.shared.groups] == [Verdict.NO_HOST]
    assert sums(made, "活动")[1:] == (2, 2)


def test_一个单位一天两行_别家也登了一行_只留主办的两行() -> None:
    twice = SHARED.format(role="主办", people=5)
    made = roll_up([unit("甲局", twice, twice.replace("H9", "H8")), unit("乙局", SHARED.format(role="协办", people=5))])
    assert sums(made, "活动")[1:] == (3, 2)


def test_同名同单位口径不同_分开列_不相加() -> None:
    other = METRICS.replace("| 讲座 | 场 | 计数 | 活动 | | 类型=讲座 |", "| 讲座 | 场 | 计数 | 活动 | | 类型=培训 |")
    made = roll_up([unit("甲局", own("甲", 1)), unit("乙局", own("乙", 1), more=other)])
    named = {name: sorted(list(one.units) for one in lines) for name, _, lines in made.differences}
    assert named == {"讲座": [["乙局"], ["甲局"]], "全部": [["乙局"], ["甲局"]]}


def test_条件的先后和全半角不同_是同一口径() -> None:
    one = METRICS.replace("类型=讲座", "类型=讲座、培训；角色=主办")
    other = METRICS.replace("类型=讲座", "角色＝主办；类型=培训、讲座")
    made = roll_up([unit("甲局", own("甲", 1), more=one), unit("乙局", own("乙", 1), more=other)])
    assert made.differences == []


TABLE = """
## 统计表

| 章节 | 表题 | 行 | 列 | 值 | 单位 |
|---|---|---|---|---|---|
| 1 | 资金情况 | 低保 | 金额 | {one} | 元 |
| 1 | 资金情况 | 特困 | 金额 | {{{{ 参与 }}}} | 元 |
| 1 | 资金情况 | 合计 | 金额 | | 元 |
| 1 | 资金情况 | 低保 | 占比 | 50% | 元 |
"""


def test_统计表按格相加_合计行一起对上_比率不加() -> None:
    made = roll_up([unit("甲局", own("甲", 7), more=METRICS + TABLE.format(one="1.5")),
                    unit("乙局", own("乙", 8), more=METRICS + TABLE.format(one="2.5"))])
    totals = {(one.row, one.column): one.total for one in made.tables}
    assert totals == {("低保", "金额"): 4, ("特困", "金额"): 15, ("合计", "金额"): 19,
                      ("低保", "占比"): None, ("合计", "占比"): None}


def cells(data: bytes, sheet: str, *, values: bool) -> list[list[object]]:
    page = load_workbook(BytesIO(data), data_only=values)[sheet]
    return [[cell.value for cell in row] for row in page.iter_rows()]


def test_汇总表里合计是公式_存着的值也对() -> None:
    data = to_xlsx(roll_up(three()), ())
    header, first, *_ = cells(data, "汇总", values=True)
    assert header[5:] == ["丙局", "乙局", "甲局", "合计", "重复剔除", "去重后", "说明"]
    assert first[5:11] == [2, 2, 2, 6, 2, 4]
    formulas = cells(data, "汇总", values=False)
    assert formulas[1][8:11] == ["=SUM(F2:H2)", 2, "=I2-J2"]
    ratio = next(row for row in formulas if row[0] == "场均")
    at = formulas.index(ratio) + 1
    assert ratio[8] == f'=IF(N(I{at + 2})=0,"",I{at + 1}/I{at + 2})'


def test_几个区划的_另有一张按区划加_合计对得上() -> None:
    units = [unit._replace(region=region) for unit, region in zip(three(), ("甲县", "乙县", "甲县"), strict=True)]
    data = to_xlsx(roll_up(units), ())
    header, first, *rest = cells(data, "按区划", values=True)
    assert (header[5:], first[5:]) == (["乙县", "甲县", "合计"], [2, 4, 6])
    ratio = next(row for row in rest if row[0] == "场均")
    assert ratio[5:] == [70, 57.5, pytest.approx(370 / 6)]
    assert "按区划" not in load_workbook(BytesIO(to_xlsx(roll_up(three()), ()))).sheetnames


def test_重复的太多_先列等人定的_列不下的不列(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbook.rollup.sheets.MOST_LISTED", 3)
    same = SHARED.format(role="", people=1)
    alike = "| H1 | 2025-12-05 | 国家宪法日集中宣传 | 宣传 | 广场 | | | 办公室 | 50 |"
    made = roll_up([unit("甲局", same, alike), unit("乙局", same, alike.replace("集中", ""))])
    assert [group.verdict for group in made.shared.groups] == [Verdict.SAME, Verdict.OPEN]
    rows = cells(to_xlsx(made, ()), "待定重复", values=True)
    assert [row[1] for row in rows[1:]] == ["待定", "待定"]


def test_来源写着每个文件的指纹和去向() -> None:
    units = three()
    rows = cells(to_xlsx(roll_up(units), [Entry("甲.xlsx", Status.TAKEN, unit=units[0])]), "来源", values=True)
    assert rows[1][:5] == ["甲.xlsx", "已汇总", "甲局", "2025", "2025-01-01至2025-12-31"]


def collect(folder: Path, **files: str) -> list[Entry]:
    from workbook.standard.making import workbook_bytes

    paths = []
    for name, content in files.items():
        path = folder / f"{name}.xlsx"
        path.write_bytes(workbook_bytes(parse(content, name)) if content.startswith("\n#") else content.encode())
        paths.append((path, path.name))
    return collect_files(paths, table_cells)


def fates(entries: Iterable[Entry]) -> dict[str, str]:
    return {entry.file: entry.status.value for entry in entries}


def test_一本坏了不耽误别的(tmp_path: Path) -> None:
    entries = collect(tmp_path, 甲=text("甲局", own("甲", 1)), 坏="不是表格")
    assert fates(entries) == {"甲.xlsx": "已汇总", "坏.xlsx": "没有汇总"}


def test_同一单位交了两份_一样的只算一次_不一样的都不算(tmp_path: Path) -> None:
    same = text("甲局", own("甲", 1))
    assert sorted(fates(collect(tmp_path, 一=same, 二=same)).values()) == ["已汇总", "重复"]
    entries = collect(tmp_path, 一=same, 二=text("甲局", own("甲", 2)))
    assert fates(entries) == {"一.xlsx": "待定", "二.xlsx": "待定"}
    assert all("请只留一份" in entry.reason for entry in entries)


@pytest.mark.parametrize(("event", "why"), [
    (own("慰问困难群众 11010119900307803X", 1), "个人信息"),
    (own("传达机密★文件", 1), "密级"),
])
def test_个人信息和密级不带走_说明在哪一格(tmp_path: Path, event: str, why: str) -> None:
    entries = {entry.file: entry for entry in collect(tmp_path, 甲=text("甲局", event), 乙=text("乙局", own("乙", 1)))}
    assert (entries["甲.xlsx"].status, entries["乙.xlsx"].status) == (Status.UNUSABLE, Status.TAKEN)
    assert why in entries["甲.xlsx"].reason
    assert "活动!" in entries["甲.xlsx"].reason
    assert "19900307" not in entries["甲.xlsx"].reason


def test_发给股室的一份不算一个单位(tmp_path: Path) -> None:
    part = text("甲局", own("甲", 1)) + f"\n## _元\n\n| 项目 | 内容 |\n|---|---|\n| {DISPATCH_KEY} | D1 |\n"
    [entry] = collect(tmp_path, 甲=part)
    assert (entry.status, "总台账" in entry.reason) == (Status.UNUSABLE, True)


def test_密级填了_不收(tmp_path: Path) -> None:
    secret = text("甲局", own("甲", 1)).replace("| 报告年度", "| 密级 | 秘密 |\n| 报告年度", 1)
    [entry] = collect(tmp_path, 甲=secret)
    assert entry.status is Status.UNUSABLE
    assert "密级" in entry.reason


def test_文件名里有个人号码_不收_也不说出来(tmp_path: Path) -> None:
    [entry] = collect(tmp_path, 甲局11010519491231002X=text("甲局", own("甲", 1)))
    assert entry.status is Status.UNUSABLE
    assert "19491231" not in entry.file + entry.reason


def test_parquet_首尾是魔数_列名是规定的() -> None:
    data = to_parquet(TITLES, list(facts_of(roll_up(three()))), numeric=("值", "分子", "分母"))
    assert data[:4] == data[-4:] == b"PAR1"
    assert all(title.encode() in data for title in TITLES)


COUNTS = st.lists(st.tuples(st.dates(dt.date(2025, 1, 1), dt.date(2025, 12, 31)), st.integers(1, 4),
                            st.integers(0, 500)), max_size=12)


@settings(deadline=None, max_examples=50)
@given(COUNTS)
def test_四个季度加起来等于全年_比率重新算(rows: list[tuple[dt.date, int, int]]) -> None:
    events = [f"| | {day} | 甲 | 讲座 | | | {times} | 办公室 | {people} |" for day, times, people in rows]
    book = Ledger(recognize(parse(text("甲局", *events), "甲.md")))
    year = Facts(book)
    starts = [dt.date(2025, month, 1) for month in (1, 4, 7, 10)] + [dt.date(2026, 1, 1)]
    quarters = [Facts(book, Window(start, end - dt.timedelta(days=1), None))
                for start, end in pairwise(starts)]

    def value(facts: Facts, name: str) -> Decimal | None:
        metric = facts.find(name)
        return facts.amount(metric).value if metric else None

    for name in ("活动", "参与", "讲座"):
        assert sum(value(quarter, name) or 0 for quarter in quarters) == value(year, name)
    if rows:
        top, bottom = (sum(value(one, name) or 0 for one in quarters) for name in ("参与", "活动"))
        assert value(year, "场均") == Decimal(top) / Decimal(bottom)


def test_累计的指标取最后一个季度的() -> None:
    """A value as of a day is not added up: the year's is that of the last quarter."""
    more = """
## 指标

| 编号 | 名称 | 单位 | 统计方式 | 来源表 | 统计期 |
|---|---|---|---|---|---|
| M01 | 累计场次 | 场 | 计数 | 活动 | 截至 |
"""
    events = [own(f"第{month}场", month, f"2025-{month:02d}-09") for month in (1, 2, 5, 8, 11, 12)]
    book = Ledger(recognize(parse(text("甲局", *events, more=more), "甲.md")))
    ends = [dt.date(2025, 3, 31), dt.date(2025, 6, 30), dt.date(2025, 9, 30), dt.date(2025, 12, 31)]
    quarters = [Facts(book, Window(dt.date(2025, end.month - 2, 1), end, None)) for end in ends]
    assert [one.amount(one.metrics[0]).value for one in quarters] == [2, 3, 4, 6]
    year = Facts(book)
    assert year.amount(year.metrics[0]).value == 6
