"""Reference ledgers of the standard schema: the same size and seed give the same cells, and every cell is clean."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from random import Random

from tests import reference_words as words
from tests.reference_metrics import Row, metric_rows
from workbook.raw import RawBook, RawSheet, RawValue
from workbook.schema import BY_TITLE, HEAD_COLUMNS, HEAD_SHEET

YEAR = 2025
FIRST_DAY, LAST_DAY, PLAN_START = dt.date(YEAR, 1, 1), dt.date(YEAR, 12, 31), dt.date(2021, 1, 1)
OLDEST, NEWEST = dt.date(2020, 6, 1), dt.date(YEAR + 1, 2, 15)
OWN_QUANTITY = "环保袋（个）"


@dataclass(frozen=True, slots=True)
class Size:
    """How many rows the sheets that grow have."""

    tasks: int
    events: int
    metrics: int
    cases: int


SIZES = {
    "S": Size(60, 300, 60, 100), "M": Size(1000, 10_000, 500, 2000), "L": Size(10_000, 200_000, 2000, 20_000),
}


def reference_ledger(size: str, *, seed: int = 1, office: str = "云麓县民政局") -> RawBook:
    """The ledger S, M or L of one office, as raw cells."""
    rows, random = SIZES[size], Random(seed)
    metrics = metric_rows(rows.metrics, random)
    say = _Sayings(random, metrics)
    return RawBook(f"{office}{YEAR}年台账.xlsx", (
        _head(office),
        _sheet("章节", _chapters()),
        _sheet("任务", _tasks(rows.tasks, random, say)),
        _sheet("条目", _items(say)),
        _sheet("问题", _problems(random, say)),
        _sheet("活动", _events(rows.events, random), OWN_QUANTITY),
        _sheet("办件", _cases(rows.cases, random)),
        _sheet("指标", metrics),
        _sheet("统计表", _statistics(metrics)),
        _sheet("法规", _laws()),
        _sheet("股室", _offices(random)),
        _sheet("字典", _dictionary()),
    ))


def fleet(number: int) -> Iterator[RawBook]:
    """`number` S ledgers that differ in every row, one office each."""
    for index, office in zip(range(number), office_names(), strict=False):
        yield reference_ledger("S", seed=100 + index, office=office)


def office_names() -> Iterator[str]:
    """Ten thousand invented offices."""
    for second in words.COUNTY_SECOND:
        for first in words.COUNTY_FIRST:
            yield from (f"{first}{second}县{bureau}" for bureau in words.BUREAUS)


def _sheet(title: str, rows: Iterable[Mapping[str, RawValue]], *own: str) -> RawSheet:
    headers = [column.title for column in BY_TITLE[title].columns if not column.computed] + list(own)
    cells: list[list[RawValue]] = [list(headers)]
    cells += ([row.get(header) for header in headers] for row in rows)
    return RawSheet(title, cells)


def _head(office: str) -> RawSheet:
    county, bureau = office.split("县", 1)
    pairs: dict[str, RawValue] = {
        "报告类型": "法治政府建设年度报告", "报告年度": YEAR, "统计起": FIRST_DAY, "统计止": LAST_DAY,
        "规划期名称": "“八五”", "规划期起": PLAN_START, "规划期止": LAST_DAY, "行政区划": f"{county}县",
        "机关全称": office, "机关简称": bureau, "自称": "我局", "系统名称": f"{bureau[:-1]}系统",
        "上级": "县委、县政府", "指导单位": "县司法局", "联系人": words.PEOPLE[0], "联系电话": "0000-5550100",
        "主送机关": "{{ 上级 }}", "附件": "{{ 报告年度 }}年主要指标一览", "署名": "{{ 机关全称 }}",
        "成文日期": dt.date(YEAR + 1, 1, 20), "印章": "有", "发文机关标志": f"{office}文件", "机关代字": "云字",
        "发文年份": YEAR + 1, "发文顺序号": 3, "签发人": words.PEOPLE[1], "抄送机关": "县司法局", "印发机关": office,
        "印发日期": dt.date(YEAR + 1, 1, 21), "公开属性": "主动公开",
    }
    return RawSheet(HEAD_SHEET, [list(HEAD_COLUMNS), *([key, value] for key, value in pairs.items())])


def _chapters() -> Iterator[Row]:
    titles = ("编号", "标题", "标题形式", "引语", "列举词", "列举排版")
    return (dict(zip(titles, row, strict=True)) for row in words.CHAPTERS)


class _Sayings:
    """Sentences that print the metrics one after the other."""

    def __init__(self, random: Random, metrics: Sequence[Row]) -> None:
        self._random = random
        self._metrics = cycle(metrics)

    def next(self) -> str:
        """One metric in a half-sentence: by name, by code, with last year's value, or with its parts."""
        metric = next(self._metrics)
        name, code, chance = metric["名称"], metric["编号"], self._random.random()
        if metric["统计方式"] == "合计":
            return f"{name}共{{{{ {name} }}}}，其中{{{{ {code}.其中 }}}}"
        if "上年值" in metric and chance < 0.5:
            return f"{name}{{{{ {name} }}}}，上年为{{{{ {name}.上年 }}}}"
        return f"{name}{{{{ {name if chance < 0.7 else code} }}}}"

    def sentence(self, number: int) -> str:
        """A row's text with `number` of them."""
        figures = "，".join(self.next() for _ in range(number))
        return f"{self._random.choice(words.OPENINGS)}，{figures}，{self._random.choice(words.ENDINGS)}。"


def _tasks(number: int, random: Random, say: _Sayings) -> Iterator[Row]:
    for index in range(1, number + 1):
        due, state = FIRST_DAY + dt.timedelta(random.randrange(30, 365)), random.choice(words.STATES)
        done = due + dt.timedelta(random.randrange(-25, 40)) if state == "已完成" else None
        action, law = random.choice(words.ACTIONS), random.choice(words.LAWS)
        yield {
            "编号": f"R{index:05d}", "章节": words.TASK_CHAPTERS[index % len(words.TASK_CHAPTERS)], "序": index,
            "任务名称": action, "任务内容": f"{action}，{random.choice(words.OPENINGS)}", "依据法规": law[1] or law[0],
            "责任股室": random.choice(words.SECTIONS)[1], "责任人": random.choice(words.PEOPLE), "计划开始": FIRST_DAY,
            "完成时限": due, "状态": state, "完成日期": done, "进度": 1 if done else random.randrange(0, 100) / 100,
            "小标题": action, "工作成效": say.sentence(2),
        }


def _items(say: _Sayings) -> Iterator[Row]:
    for index, (title, text) in enumerate(words.PLANS, 1):
        yield {"编号": f"T{index:03d}", "章节": "5", "序": index, "小标题": title, "正文": text, "责任股室": "综合股"}
    for index, chapter in enumerate(words.TASK_CHAPTERS, 6):
        yield {"编号": f"T{index:03d}", "章节": chapter, "序": 0.5, "正文": f"{say.next()}。", "责任股室": "法规股"}


def _problems(random: Random, say: _Sayings) -> Iterator[Row]:
    for index, (title, shown, cause, remedy) in enumerate(words.PROBLEMS, 1):
        yield {
            "编号": f"W{index:03d}", "章节": "4", "序": index, "标题": title, "表现": f"{shown}目前{say.next()}。",
            "原因": cause, "改进措施": remedy, "责任股室": random.choice(words.SECTIONS)[1],
            "整改时限": dt.date(YEAR + 1, 6, 30), "整改状态": "整改中",
        }


def _day(random: Random, index: int) -> dt.date:
    """Seven of ten days in the year; the first two rows stand on its edges."""
    if index <= 2:
        return (FIRST_DAY, LAST_DAY)[index - 1]
    if random.random() < 0.7:
        return FIRST_DAY + dt.timedelta(random.randrange(365))
    return OLDEST + dt.timedelta(random.randrange((NEWEST - OLDEST).days))


def _some(random: Random, values: Sequence[str], share: float = 0.3) -> str:
    """One value, or for a `share` two of them joined by 、."""
    return "、".join(random.sample(values, 2)) if random.random() < share else random.choice(values)


def _maybe(random: Random, share: float, most: int) -> int | None:
    return random.randrange(most) if random.random() < share else None


def _events(number: int, random: Random) -> Iterator[Row]:
    laws = [law[1] or law[0] for law in words.LAWS]
    for index in range(1, number + 1):
        day, kind, theme = _day(random, index), _some(random, words.TYPES, 0.15), _some(random, words.THEMES)
        yield {
            "编号": f"H{index:06d}", "开始日期": day, "结束日期": day + dt.timedelta(1) if index % 9 == 0 else None,
            "活动名称": f"{random.choice(words.PLACES)}{theme}{kind}", "类型": kind, "主题": theme,
            "节点": random.choice(words.DAYS) if random.random() < 0.15 else None, "形式": _some(random, words.FORMS),
            "地点": random.choice(words.PLACES), "对象": _some(random, words.AUDIENCES), "场次": _maybe(random, 0.4, 6),
            "角色": random.choice(("主办", "协办")) if random.random() < 0.5 else None, "涉及法规": _some(random, laws),
            "范围": random.choice(words.RANGES), "承办股室": random.choice(words.SECTIONS)[1],
            "联合单位": _some(random, words.PARTNERS) if random.random() < 0.4 else None,
            "参与（人次）": random.randrange(8, 420), "咨询（人次）": _maybe(random, 0.3, 60),
            "宣传资料（份）": _maybe(random, 0.7, 1500), "宣传品（件）": _maybe(random, 0.3, 300),
            "横幅（条）": _maybe(random, 0.2, 8), "海报（张）": _maybe(random, 0.1, 30),
            OWN_QUANTITY: _maybe(random, 0.2, 200),
        }


def _cases(number: int, random: Random) -> Iterator[Row]:
    for index in range(1, number + 1):
        matter, unit = random.choice(words.MATTERS)
        paid = random.randrange(10_000, 9_000_000) / 100 if matter in words.PAID_MATTERS else None
        homes = random.randrange(1, 60) if paid else None
        yield {
            "编号": f"B{index:05d}", "日期": _day(random, index), "事项": matter, "数量": random.randrange(1, 40),
            "单位": unit, "结果": random.choice(words.RESULTS), "金额（元）": paid, "户数": homes,
            "人数": homes and homes * 2, "承办股室": random.choice(words.SECTIONS)[1],
        }


def _statistics(metrics: Sequence[Row]) -> Iterator[Row]:
    """One table: the wholes of the year and of the plan side by side."""
    for index, row in enumerate(("活动场次", "参与群众", "办件批次")):
        for column, at in (("本年", index), ("规划期", index + 4)):
            yield {"章节": "2", "表题": "主要工作量", "行": row, "列": column,
                   "值": f"{{{{ {metrics[at]['编号']}.值 }}}}"}


def _laws() -> Iterator[Row]:
    for name, short, kind, issuer in words.LAWS:
        yield {"正式名称": name, "简称": short or None, "类别": kind, "发布机关": issuer, "状态": "现行"}


def _offices(random: Random) -> Iterator[Row]:
    for code, name, role in words.SECTIONS:
        yield {"代码": code, "名称": name, "负责人": random.choice(words.PEOPLE), "填报人": words.PEOPLE[0],
               "邮箱": f"{code.lower()}@office.example.invalid", "电话": "0000-5550100", "角色": role}


def _dictionary() -> Iterator[Row]:
    matters = [matter for matter, _ in words.MATTERS]
    feeds: dict[str, Sequence[str]] = {
        "活动.类型": words.TYPES, "活动.主题": words.THEMES, "活动.节点": words.DAYS, "办件.事项": matters,
    }
    for category, values in feeds.items():
        for value in values:
            yield {"类别": category, "值": value}
