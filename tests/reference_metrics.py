"""The metrics of a reference ledger: every 统计方式, every 统计期, conditions of every shape."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain, count, cycle
from random import Random

from tests import reference_words as words
from workbook.raw import RawValue

Row = dict[str, RawValue]
PERIODS = ("本年", "规划期", "截至")
PREFIXES = {"本年": "", "规划期": "规划期", "截至": "累计"}
BASED_UNTIL = dt.date(2023, 12, 31)
QUANTITIES = ("参与（人次）", "宣传资料（份）", "咨询（人次）", "宣传品（件）", "横幅（条）", "环保袋（个）")
WORDINGS = ("精确", "余", "约", "精确", "多", "近", "逾", "以上")
AVERAGES = (("场均参与", 2, 1, "人次/场"), ("规划期场均参与", 6, 5, "人次/场"), ("任务平均进度", 10, 4, "%"),
            ("批均补助", 9, 3, "元/批"))
"""Name, position of the sum and of the count among the wholes (from 1), unit."""
_STEMS = str.maketrans("0123456789", "甲乙丙丁戊己庚辛壬癸")
_IN_A_ROUND, _DERIVED = 13, 7


@dataclass(frozen=True, slots=True)
class Picked:
    """The rows a metric looks at: a 条件 and what it is called."""

    condition: str
    label: str


@dataclass
class _Sheet:
    """The rows of 指标 so far; names never repeat."""

    random: Random
    width: int
    rows: list[Row] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    def add(self, name: str, method: str, **cells: RawValue) -> Row:
        row: Row = {"编号": f"M{len(self.rows) + 1:0{self.width}d}", "名称": self._free(name), "统计方式": method}
        row |= cells
        row["责任股室"] = self.random.choice(words.SECTIONS)[1]
        self.rows.append(row)
        return row

    def _free(self, name: str) -> str:
        others = (f"{name}{str(number).translate(_STEMS)}类" for number in count(1))
        free = next(one for one in chain((name,), others) if one not in self.names)
        self.names.add(free)
        return free


def metric_rows(number: int, random: Random) -> list[Row]:
    """`number` (at least 40) rows of sheet 指标, the same for the same random."""
    sheet = _Sheet(random, max(2, len(str(number))))
    _add_wholes(sheet)
    counted = cycle(_COUNTED)
    periods = cycle(period for period in PERIODS for _ in _COUNTED)
    while len(sheet.rows) < number:
        for _ in range(min(_IN_A_ROUND, number - len(sheet.rows))):
            next(counted)(sheet, next(periods))
        if number - len(sheet.rows) >= _DERIVED:
            _add_total(sheet)
            _add_ratios(sheet)
            _add_typed(sheet)
    return sheet.rows


def _add_wholes(sheet: _Sheet) -> None:
    """Metrics over all rows: what shares and averages are divided by."""
    for period in PERIODS[:2]:
        name = PREFIXES[period]
        sheet.add(f"{name}活动场次", "计数", 来源表="活动", 单位="场", 统计期=period)
        sheet.add(f"{name}参与群众", "求和", 来源表="活动", 来源列="参与（人次）", 单位="人次",
                  统计期=period, 表述="余", 取整="100")
        sheet.add(f"{name}办件批次", "计数", 来源表="办件", 单位="批", 统计期=period)
        sheet.add(f"{name}工作任务", "计数", 来源表="任务", 单位="项", 统计期=period, 数字样式="汉字")
    sheet.add("补助资金", "求和", 来源表="办件", 来源列="金额（元）", 单位="元", 数字样式="万", 小数位=2)
    sheet.add("任务进度之和", "求和", 来源表="任务", 来源列="进度")


def _event_rows(random: Random) -> Picked:
    one, other = random.sample(words.TYPES, 2)
    theme, section = random.choice(words.THEMES), random.choice(words.SECTIONS)[1]
    law = random.choice(words.LAWS)
    return random.choice((
        Picked(f"类型={one}", one),
        Picked(f"类型={one}、{other}", f"{one}和{other}"),
        Picked(f"类型={one}、{other}；主题={theme}", f"{one}和{other}{theme}"),
        Picked(f"主题={theme}；形式={random.choice(words.FORMS)}、入户", f"{theme}设点入户"),
        Picked(f"节点={random.choice(words.DAYS)}", "重要节点"),
        Picked(f"承办股室={section}；范围=全系统", f"{section}全系统"),
        Picked(f"角色=主办；对象={random.choice(words.AUDIENCES)}、学生", "主办群众"),
        Picked(f"联合单位={random.choice(words.PARTNERS)}", "部门联合"),
        Picked(f"涉及法规={law[1] or law[0]}；类型={one}", f"{law[1] or law[0]}{one}"),
    ))


def _case_rows(random: Random) -> Picked:
    matter, other = (one[0] for one in random.sample(words.MATTERS, 2))
    section = random.choice(words.SECTIONS)[1]
    return random.choice((
        Picked(f"事项={matter}；结果=已办结、不予受理", f"办完{matter}"),
        Picked(f"事项={matter}、{other}", f"{matter}和{other}"),
        Picked("结果=“调解成功；已回访”", "回访办件"),
        Picked(f"承办股室={section}；事项={matter}", f"{section}{matter}"),
    ))


def _task_rows(random: Random) -> Picked:
    section, law = random.choice(words.SECTIONS)[1], random.choice(words.LAWS)
    return random.choice((
        Picked("状态=已完成", "办结任务"),
        Picked("状态=进行中、未开始", "在办任务"),
        Picked(f"责任股室={section}；状态=已完成", f"{section}办结任务"),
        Picked(f"依据法规={law[1] or law[0]}", f"依据{law[1] or law[0]}任务"),
    ))


def _over(sheet: _Sheet, period: str) -> Row:
    """统计期 and, for most that reach back, what earlier ledgers carried in."""
    row: Row = {"统计期": period}
    if period != "本年" and sheet.random.random() < 0.7:
        row["基数"] = sheet.random.randrange(20, 4000)
        if sheet.random.random() < 0.5:
            row["基数截止"] = BASED_UNTIL
    return row


def _say(sheet: _Sheet, step: int) -> Row:
    """表述 and 取整, and now and then last year's value and this year's aim."""
    wording = sheet.random.choice(WORDINGS)
    row: Row = {"表述": wording, "取整": "1" if wording == "精确" else str(step)}
    if sheet.random.random() < 0.4:
        row["上年值"], row["目标值"] = sheet.random.randrange(10, 900), sheet.random.randrange(10, 900)
    return row


def _count_events(sheet: _Sheet, period: str) -> None:
    picked = _event_rows(sheet.random)
    sheet.add(f"{PREFIXES[period]}{picked.label}场次", "计数", 来源表="活动", 条件=picked.condition, 单位="场",
              **_over(sheet, period), **_say(sheet, 10))


def _sum_events(sheet: _Sheet, period: str) -> None:
    picked, column = _event_rows(sheet.random), sheet.random.choice(QUANTITIES)
    kind, unit = column.rstrip("）").split("（")
    sheet.add(f"{PREFIXES[period]}{picked.label}{kind}", "求和", 来源表="活动", 来源列=column, 条件=picked.condition,
              单位=unit, **_over(sheet, period), **_say(sheet, 10))


def _count_cases(sheet: _Sheet, period: str) -> None:
    picked = _case_rows(sheet.random)
    sheet.add(f"{PREFIXES[period]}{picked.label}批次", "计数", 来源表="办件", 条件=picked.condition, 单位="批",
              **_over(sheet, period))


def _sum_cases(sheet: _Sheet, period: str) -> None:
    matter, unit = sheet.random.choice(words.MATTERS)
    sheet.add(f"{PREFIXES[period]}{matter}", "求和", 来源表="办件", 来源列="数量", 条件=f"事项={matter}", 单位=unit,
              **_over(sheet, period), **_say(sheet, 1))


def _sum_money(sheet: _Sheet, period: str) -> None:
    matter, section = sheet.random.choice(words.PAID_MATTERS), sheet.random.choice(words.SECTIONS)[1]
    sheet.add(f"{PREFIXES[period]}{section}{matter}资金", "求和", 来源表="办件", 来源列="金额（元）",
              条件=f"事项={matter}；承办股室={section}", 单位="元", **_over(sheet, period))


def _count_tasks(sheet: _Sheet, period: str) -> None:
    picked = _task_rows(sheet.random)
    sheet.add(f"{PREFIXES[period]}{picked.label}", "计数", 来源表="任务", 条件=picked.condition, 单位="项",
              **_over(sheet, period))


def _sum_tasks(sheet: _Sheet, period: str) -> None:
    picked = _task_rows(sheet.random)
    sheet.add(f"{PREFIXES[period]}{picked.label}进度之和", "求和", 来源表="任务", 来源列="进度", 条件=picked.condition,
              统计期=period)


_COUNTED: Sequence[Callable[[_Sheet, str], None]] = (
    _count_events, _sum_events, _count_cases, _sum_cases, _count_tasks, _sum_tasks, _sum_money,
)


def _add_total(sheet: _Sheet) -> None:
    """A 合计 of three parts; every other time the last is typed."""
    period, typed = sheet.random.choice(PERIODS), sheet.random.random() < 0.5
    total = sheet.add(f"{PREFIXES[period]}执法和审查", "合计", 单位="件", 统计期=period, 穷尽="是")["编号"]
    matters = sheet.random.sample([matter for matter, unit in words.MATTERS if unit == "件"], 2 if typed else 3)
    for matter in matters:
        sheet.add(f"{PREFIXES[period]}{matter}", "求和", 来源表="办件", 来源列="数量", 条件=f"事项={matter}",
                  单位="件", 父指标=total, **_over(sheet, period))
    if typed:
        sheet.add(f"{PREFIXES[period]}其他事项", "填报", 单位="件", 填报值=sheet.random.randrange(1, 90), 父指标=total)


def _add_ratios(sheet: _Sheet) -> None:
    """A share of a whole, and an average."""
    wholes = {(row["来源表"], row.get("来源列"), row["统计期"]): row for row in sheet.rows[:8]}
    parts = [row for row in sheet.rows[10:] if row["统计方式"] in ("计数", "求和") and "基数" not in row
             and (row["来源表"], row.get("来源列"), row["统计期"]) in wholes]
    part = sheet.random.choice(parts[-20:])
    whole = wholes[part["来源表"], part.get("来源列"), part["统计期"]]
    sheet.add(f"{part['名称']}占比", "比率", 分子=part["编号"], 分母=whole["编号"], 数字样式="百分比", 小数位=1)
    name, top, bottom, unit = sheet.random.choice(AVERAGES)
    sheet.add(name, "比率", 分子=sheet.rows[top - 1]["编号"], 分母=sheet.rows[bottom - 1]["编号"], 单位=unit, 小数位=1)


def _add_typed(sheet: _Sheet) -> None:
    if sheet.random.random() < 0.5:
        sheet.add("群众满意度", "填报", 单位="%", 填报值=sheet.random.randrange(850, 1000) / 1000, 上年值=0.9)
    else:
        sheet.add("法治讲堂听众", "填报", 单位="人次", 填报值=sheet.random.randrange(2000, 30000), 表述="余",
                  取整="1000", 数字样式="千")
