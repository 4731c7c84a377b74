"""The figures of 看板: each a live formula and the value the program computes for it.

They count the rows that the metrics count. The cells that feed the charts stand
on the board itself, right of what is printed, where a clerk can look at them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from workbook.findings import column_letters
from workbook.rowkinds import EXAMPLE_MARK
from workbook.schema import EVENTS, METRICS, OFFICES, OPTIONS_SHEET, TASKS
from workbook.standard.board_tally import STATES, Aim, Tally, Value, plain
from workbook.standard.dropdowns import categories, options_of
from workbook.standard.layout import Layout
from workbook.standard.terms import END, START, counting, reference, times, within

BOARD = "看板"
FIRST = 6
"""The first row (from 1) of every chart's cells; their headers stand above."""
FEWEST_OFFICES, MOST_OFFICES = 6, 12
TYPES_SHOWN, TYPE_SLOTS, METRICS_SHOWN, MONTHS = 8, 30, 8, 12
_STATE, _OFFICE, _MONTH, _TOP, _TYPE, _METRIC = 15, 18, 24, 28, 31, 35
_TYPE_CATEGORY = "活动.类型"
_FAR = 1_000_000
_FIRST_TIE, _TIES = 1000, 100_000


@dataclass(frozen=True, slots=True)
class Live:
    """One cell: its formula and the value it has now; `day`: the value is a date's number."""

    formula: str
    value: Value
    day: bool = False


@dataclass(frozen=True, slots=True)
class Tile:
    """One total of the board, with a line that says what it counts."""

    label: str
    figure: Live
    note: Live | str
    percent: bool = False


@dataclass(frozen=True)
class Block:
    """The cells of one chart: `column` counts from 0, rows from FIRST down."""

    headers: tuple[str, ...]
    column: int
    rows: list[list[Live]]

    def area(self, place: int) -> list[str | int]:
        """One of its columns, as XlsxWriter's charts name a range."""
        return [BOARD, FIRST - 1, self.column + place, FIRST - 2 + len(self.rows), self.column + place]


class Figures:
    """The formulas over one written workbook, with the values of its tally."""

    def __init__(self, tally: Tally, layouts: Mapping[str, Layout]) -> None:
        self.tally, self.layouts = tally, layouts
        self.tasks = counting(layouts[TASKS.title])
        self.events = self._dated(START, END)

    def tiles(self) -> list[Tile]:
        tally = self.tally
        met = f"SUMPRODUCT({_asked()}*ISNUMBER({_metric('报告值')})*({_metric('报告值')}>={_metric('目标值')}))"
        reached = f"{sum(aim.reached for aim in tally.aims)} / {len(tally.aims)}"
        named = f'=SUMPRODUCT({self.tasks}*({_task("任务名称")}<>""))'
        return [
            Tile("任务", Live(named, tally.all_tasks()), self._progress()),
            Tile("任务完成率", self._rate(), "已取消的不算", percent=True),
            Tile("逾期未完成", self._overdue(), "完成时限早于今天，还没办完"),
            Tile("活动场次", self._spanned(times(self.events), tally.times), "统计期内"),
            Tile("参与人次", self._spanned(f"SUMPRODUCT({self.events},{_event('参与（人次）')})", tally.taking_part()),
                 "统计期内各场活动相加"),
            Tile("指标达标", Live(f'={met}&" / "&SUMPRODUCT({_asked()})', reached), "达到目标值的 / 有目标值的"),
        ]

    def _progress(self) -> Live:
        said = [f'{state} "&{_at(_STATE + 1, row)}' for row, state in enumerate(STATES[:3])]
        value = " · ".join(f"{state} {self.tally.state(state)}" for state in STATES[:3])
        return Live('="' + '&" · '.join(said), value)

    def _rate(self) -> Live:
        done, *others = (self.tally.state(state) for state in STATES[:3])
        cells = _down(_STATE + 1, 3)
        value = done / (done + sum(others)) if done + sum(others) else ""
        return Live(f'=IFERROR({_at(_STATE + 1, 0)}/SUM({cells}),"")', value)

    def _overdue(self) -> Live:
        limit, state = _task("完成时限"), _task("状态")
        still = f'({state}<>"{STATES[0]}")*({state}<>"{STATES[3]}")'
        return Live(f"=SUMPRODUCT({self.tasks}*{still}*ISNUMBER({limit})*({limit}<TODAY()))", self.tally.overdue())

    def _dated(self, first: str, last: str) -> str:
        layout = self.layouts[EVENTS.title]
        return f"{counting(layout)}*{within(layout, first, last)}"

    def _spanned(self, expression: str, value: Value) -> Live:
        return Live(f'=IF(COUNT({START},{END})<2,"",{expression})', value if self.tally.spanned else "")

    def blocks(self) -> dict[str, Block]:
        """The cells behind the charts, by what they show."""
        types = self._types()
        return {
            "状态": Block(("任务状态", "项"), _STATE, [self._state(state) for state in STATES]),
            "股室": Block(("股室", *STATES), _OFFICE, self._offices()),
            "月份": Block(("起", "月份", "场次"), _MONTH, [self._month(row) for row in range(MONTHS)]),
            "类型": Block(("类型", "场次"), _TOP, _top(types)),
            "各类型": Block(("各类型", "场次", "排序用"), _TYPE, types),
            "指标": Block(("行", "指标", "报告值", "目标值", "完成"), _METRIC, self._metrics()),
        }

    def _state(self, state: str) -> list[Live]:
        count = Live(f'=SUMPRODUCT({self.tasks}*({_task("状态")}="{state}"))', self.tally.state(state))
        return [Live(f'="{state}"', state), count]

    def _offices(self) -> list[list[Live]]:
        values = self.tally.ledger[OFFICES.title].table.values("名称")
        names = ["" if value is None else str(value) for value in values]
        shown = min(max(len(names), FEWEST_OFFICES), MOST_OFFICES)
        rows = [self._office(row, name) for row, name in enumerate((names + [""] * shown)[:shown])]
        return [*rows, self._others(rows)]

    def _office(self, row: int, name: str) -> list[Live]:
        label = _at(_OFFICE, row)
        mine = f"{self.tasks}*({_task('责任股室')}={label})"
        counts = [Live(f'=IF({label}="","",SUMPRODUCT({mine}*({_task("状态")}="{state}")))',
                       self.tally.by_office[name, state] if name else "") for state in STATES]
        return [Live(f'=IFERROR(INDEX({reference(OFFICES.title, "名称")},{row + 1})&"","")', name), *counts]

    def _others(self, rows: list[list[Live]]) -> list[Live]:
        last, counts = len(rows), []
        for place, state in enumerate(STATES, 1):
            rest = self.tally.state(state) - sum(int(row[place].value or 0) for row in rows)
            formula = f"=MAX(0,{_at(_STATE + 1, place - 1)}-SUM({_down(_OFFICE + place, last)}))"
            counts.append(Live(formula, max(0, rest)))
        found = f"SUM({_at(_OFFICE + 1, last)}:{_at(_OFFICE + len(STATES), last)})"
        return [Live(f'=IF({found}>0,"其他","")', "其他" if any(count.value for count in counts) else ""), *counts]

    def _month(self, row: int) -> list[Live]:
        first = _at(_MONTH, row)
        day = _month_start(self.tally.start, row) if self.tally.start else None
        shown = day if day and self.tally.end and day <= self.tally.end else None
        begin = f"DATE(YEAR({START}),MONTH({START})+{row},1)"
        rows = self._dated(f"MAX({START},{first})", f"MIN({END},EDATE({first},1)-1)")
        return [
            Live(f'=IF(COUNT({START},{END})<2,"",IF({begin}>{END},"",{begin}))', _serial(shown) if shown else "", True),
            Live(f'=IF({first}="","",MONTH({first})&"月")', f"{shown.month}月" if shown else ""),
            Live(f'=IF({first}="","",{times(rows)})', self.tally.by_month[shown.year, shown.month] if shown else ""),
        ]

    def _types(self) -> list[list[Live]]:
        options = [word for _, word in options_of(self.tally.ledger.book, _TYPE_CATEGORY)]
        slots = max(TYPE_SLOTS, len(options) + 5)
        return [self._type(row, word) for row, word in enumerate((options + [""] * slots)[:slots])]

    def _type(self, row: int, word: str) -> list[Live]:
        label, count = _at(_TYPE, row), _at(_TYPE + 1, row)
        source = f"'{OPTIONS_SHEET}'!${column_letters(2 * categories().index(_TYPE_CATEGORY) + 2)}${row + 2}"
        rows = f'{self.events}*ISNUMBER(FIND("、"&{label}&"、","、"&{_event("类型")}&"、"))'
        value = self.tally.of_type(word) if word and self.tally.spanned else ""
        key = value + (_FIRST_TIE - row) / _TIES if isinstance(value, int) else ""
        return [
            Live(f"={source}", word),
            Live(f'=IF(OR({label}="",COUNT({START},{END})<2),"",{times(rows)})', value),
            Live(f'=IF({count}="","",{count}+({_FIRST_TIE}-{row})/{_TIES})', key),
        ]

    def _metrics(self) -> list[list[Live]]:
        aims = self.tally.aims
        return [_aim(row, aims[row] if row < len(aims) else None) for row in range(METRICS_SHOWN)]


def _aim(row: int, aim: Aim | None) -> list[Live]:
    place, value, target = (_at(_METRIC + column, row) for column in (0, 2, 3))
    header = f"ROW({METRICS.title}[[#Headers],[目标值]])"
    nth = f"SUMPRODUCT(SMALL({_FAR}*(1-{_asked()})+ROW({_metric('目标值')})-{header},{row + 1}))"
    formulas = [f'=IFERROR(IF({nth}<{_FAR},{nth},""),"")',
                *(f'=IF({place}="","",INDEX({_metric(title)},{place}))' for title in ("名称", "报告值", "目标值")),
                f'=IFERROR({value}/{target},"")']
    values: list[Value] = [""] * len(formulas)
    if aim is not None:
        ratio: Value = float(aim.value / aim.target) if aim.value is not None and aim.target else ""
        values = [aim.row, aim.name, "" if aim.value is None else plain(aim.value), plain(aim.target), ratio]
    return [Live(formula, one) for formula, one in zip(formulas, values, strict=True)]


def _top(types: list[list[Live]]) -> list[list[Live]]:
    """The types with most events, most first; ties in the order of 字典."""
    labels, counts, keys = (_down(_TYPE + place, len(types)) for place in range(3))
    held = [row for row in types if row[1].value]
    ranked = [[row[0].value, row[1].value] for row in sorted(held, key=lambda row: -float(row[2].value))]
    ranked += [["", ""]] * TYPES_SHOWN
    rows = []
    for place, values in enumerate(ranked[:TYPES_SHOWN], 1):
        best = f"MATCH(LARGE({keys},{place}),{keys},0)"
        rows.append([Live(f'=IFERROR(IF(INDEX({counts},{best})=0,"",INDEX({column},{best})),"")', value)
                     for column, value in zip((labels, counts), values, strict=True)])
    return rows


def _asked() -> str:
    """The metrics with a number as their aim."""
    codes = f'(LEFT({_metric("编号")},{len(EXAMPLE_MARK)})<>"{EXAMPLE_MARK}")'
    return f"ISNUMBER({_metric('目标值')})*{codes}"


def _task(title: str) -> str:
    return reference(TASKS.title, title)


def _event(title: str) -> str:
    return reference(EVENTS.title, title)


def _metric(title: str) -> str:
    return reference(METRICS.title, title)


def _at(column: int, row: int) -> str:
    return f"${column_letters(column + 1)}${FIRST + row}"


def _down(column: int, rows: int) -> str:
    return f"{_at(column, 0)}:{_at(column, rows - 1)}"


def _month_start(start: dt.date, months: int) -> dt.date:
    years, month = divmod(start.month - 1 + months, 12)
    return dt.date(start.year + years, month + 1, 1)


def _serial(day: dt.date) -> int:
    """Excel's number of a day after February 1900."""
    return (day - dt.date(1899, 12, 30)).days
