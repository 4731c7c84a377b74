"""Units and sizes: a metric against its column, the rows of one kind of case against each other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from operator import itemgetter

from workbook.book import fold
from workbook.findings import Finding, Severity
from workbook.ledger import Records
from workbook.metrics import Metric
from workbook.rules.registry import Inspection, rule
from workbook.schema import CASES, METRICS, SOURCE_SHEETS

_W = Severity.WARNING
_AMOUNT, _MONEY = "数量", "金额（元）"
_ALIKE = {"场次": "场", "场(次)": "场", "次数": "次"}
_SCALES = {"元": 0, "千元": 3, "万元": 4, "亿元": 8}
_LEAST_ROWS, _RARE = 4, 3
_FAR = 1000


@rule("M015", "来源列在来源表里没有", "“{value}”这一列在工作表“{given}”里没有，加出来总是0。",
      "请核对来源列；表头改过名的，把表头改回来。", _W)
def column_is_absent(look: Inspection) -> Iterator[Finding]:
    """表头上“人次”改成“人”，程序就找不到这一列，指标不报错，只会是零。"""
    for metric in _sums(look):
        records = look.ledger[metric.source]
        if len(records.facts) and not records.has(_title(records, metric.column)):
            yield look.ledger[METRICS.title].finding("M015", metric.row, "来源列", given=metric.source)


@rule("M016", "金额的单位差了几级", "指标的单位是“{value}”，来源列按“{given}”填，印出来会差一千倍、一万倍。",
      "请把单位改成“{given}”，要按万元印的，数字样式选“万”。")
def money_in_another_scale(look: Inspection) -> Iterator[Finding]:
    """元和万元混了，印出来的钱差一万倍。"""
    for metric, unit in _summed_units(look):
        if metric.unit in _SCALES and unit in _SCALES and metric.unit != unit:
            yield look.ledger[METRICS.title].finding("M016", metric.row, "单位", given=unit)


@rule("M017", "指标的单位和来源的不一样", "指标的单位是“{value}”，相加的各行是“{given}”，读的人会问是不是一回事。",
      "是一回事的不用改；不是的请核对条件和单位。", Severity.INFO)
def another_unit(look: Inspection) -> Iterator[Finding]:
    """件和件次、人和人次不是一回事，照着抄的单位会把数说大。"""
    for metric, unit in _summed_units(look):
        both_money = metric.unit in _SCALES and unit in _SCALES
        if metric.unit and _alike(metric.unit) != _alike(unit) and not both_money:
            yield look.ledger[METRICS.title].finding("M017", metric.row, "单位", given=unit)


def _sums(look: Inspection) -> Iterator[Metric]:
    return (one for one in look.facts.metrics if one.method == "求和" and one.usable and one.source in SOURCE_SHEETS)


def _title(records: Records, column: str) -> str:
    """A column's title as the schema or the file has it."""
    if column in records.sheet.titles:
        return column
    titles = (*records.sheet.titles, *(header.title for header in records.table.headers))
    return next((title for title in titles if fold(title) == fold(column)), column)


def _summed_units(look: Inspection) -> Iterator[tuple[Metric, str]]:
    """Metrics with the one unit of all that they sum."""
    cases = look.ledger[CASES.title]
    said = [(unit, cases.having("单位", [other == unit for other in cases.different_texts("单位")]))
            for unit in dict.fromkeys(cases.different_texts("单位"))] if any(map(_is_amount, _sums(look))) else []
    for metric in _sums(look):
        records = look.ledger[metric.source]
        if _is_amount(metric):
            rows = look.facts.rows(metric.source).meeting(metric.conditions)
            units = {unit for unit, its in said if rows & its}
        else:
            units = {_column_unit(records, _title(records, metric.column))}
        if len(units) == 1 and "" not in units:
            yield metric, units.pop()


def _is_amount(metric: Metric) -> bool:
    """Whether a metric sums the column whose unit every row says for itself."""
    return metric.source == CASES.title and metric.column == _AMOUNT


def _column_unit(records: Records, title: str) -> str:
    return next((one.column.unit for one in records.table.headers if one.title == title and one.column), "")


def _alike(unit: str) -> str:
    return _ALIKE.get(fold(unit), fold(unit))


@rule("N018", "同一事项的单位不一样", "“{key}”的单位是“{value}”，别的“{matter}”都是“{given}”，加在一起就混了。",
      "请核对单位。", _W)
def unit_of_its_own(look: Inspection) -> Iterator[Finding]:
    """件和份、人和人次相加，合计既不是件也不是份。"""
    records = look.ledger[CASES.title]
    units, matters = records.texts("单位"), records.texts("事项")
    for matter, rows in _by_matter(records).items():
        counts = Counter(_alike(units[index]) for index in rows if units[index])
        usual, count = max(counts.items(), key=itemgetter(1))
        odd = [index for index in rows if units[index] and _alike(units[index]) != usual]
        if count >= max(_RARE, _RARE * len(odd)):
            for index in odd:
                yield records.finding("N018", index, "单位", matter=matters[index] or matter, given=usual)


def _by_matter(records: Records) -> dict[str, list[int]]:
    """The counting rows of each 事项 that has a unit anywhere."""
    matters, units = records.folded("事项"), records.texts("单位")
    rows: dict[str, list[int]] = defaultdict(list)
    for index in records.facts:
        rows[matters[index]].append(index)
    return {matter: some for matter, some in rows.items() if matter and any(units[index] for index in some)}


@rule("N019", "金额细过分", "金额是{value}，小数超过两位，没有比分更小的钱。", "请核对后改正。", _W)
def finer_than_a_cent(look: Inspection) -> Iterator[Finding]:
    """三位小数的金额多半是除出来的，加起来和账对不上。"""
    records = look.ledger[CASES.title]
    if records.has(_MONEY):
        fine = (one and one.value * 100 % 1 and not one.inexact for one in records.different_numbers(_MONEY))
        for index in records.rows_where(_MONEY, fine):
            yield records.finding("N019", index, _MONEY)


@rule("Q013", "金额和同类的差一千倍", "“{matter}”这一笔是{value}元，同类的一般是{given}元左右，像是元和万元填混了。",
      "请核对单位和小数点。", _W)
def money_far_from_usual(look: Inspection) -> Iterator[Finding]:
    """把 586.23 万元填成 586.23，全年的合计就少了几百万，看表看不出来。"""
    records = look.ledger[CASES.title]
    if not records.has(_MONEY):
        return
    numbers, matters = records.numbers(_MONEY), records.texts("事项")
    for rows in _by_matter(records).values():
        paid = {index: number.value for index in rows if (number := numbers[index]) and number.value > 0}
        usual = sorted(paid.values())[len(paid) // 2] if len(paid) >= _LEAST_ROWS else Decimal(0)
        for index, value in paid.items():
            if usual and (value > _FAR * usual or value * _FAR < usual):
                yield records.finding("Q013", index, _MONEY, matter=matters[index], given=f"{usual:f}")
