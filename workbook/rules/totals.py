"""Figures against each other: parts and wholes, typed and computed, this year and all years."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from workbook.book import fold
from workbook.findings import Finding, Severity
from workbook.ledger import Records
from workbook.metrics import PERCENT_UNITS, Metric
from workbook.raw import RawValue
from workbook.rules.agreement import agrees, derived, exact_value, spoken
from workbook.rules.registry import Inspection, rule, rule_of
from workbook.schema import METRICS

_W = Severity.WARNING
_GROWTH = ("增", "降", "同比", "涨", "倍", "超额")
"""Names of ratios that may well be above 100 %."""
_COPIED, _COPIED_SHARE = 3, Decimal("0.8")
_ROUNDING = Decimal("1e-9")


@rule("N001", "各部分之和不等于合计", "“{key}”的各部分之和是{given}，合计是{value}，穷尽填了“是”却对不上。",
      "请核对各部分和合计，漏了一部分的请补上。")
def parts_do_not_add_up(look: Inspection) -> Iterator[Finding]:
    """合计465件、各项相加464件，这样的报告一经公开就会被挑出来。"""
    for whole in look.facts.metrics:
        parts = look.facts.children.get(whole.code, [])
        if not whole.exhaustive or not parts or whole.unit in PERCENT_UNITS:
            continue
        values = [exact_value(look, part) for part in parts]
        known = [value for value in values if value is not None]
        said = _said(look, whole)
        if said is not None and len(known) == len(parts) and sum(known) != said:
            title = "填报值" if whole.typed else "名称"
            yield _at(look, "N001", whole, title, said, given=spoken(sum(known, Decimal(0))))


@rule("N002", "部分大于总数", "“{key}”是{value}，比它所属的“{whole}”的{given}还多，部分不会大于总数。",
      "请核对两个指标的条件或填报值。")
def part_exceeds_the_whole(look: Inspection) -> Iterator[Finding]:
    """“共办理10件，其中行政许可12件”，一眼就能看出是错的。"""
    for part in look.facts.metrics:
        whole = look.facts.by_code.get(part.parent) if part.parent else None
        if whole is None or whole.exhaustive or whole.method == "合计" or fold(whole.unit) != fold(part.unit):
            continue
        some, all_of_it = exact_value(look, part), exact_value(look, whole)
        if some is not None and all_of_it is not None and some > all_of_it and whole.period == part.period:
            yield _at(look, "N002", part, "父指标", some, whole=whole.name, given=spoken(all_of_it))


@rule("N003", "本年数大于累计数", "“{key}”累计是{value}，比同一件事的本年数“{other}”的{given}还少。",
      "请核对基数、基数截止和规划期起。")
def year_exceeds_all_years(look: Inspection) -> Iterator[Finding]:
    """累计数包含本年数，反而更少就一定算错了，多半是基数没有填或填错。"""
    families: dict[object, list[Metric]] = {}
    for metric in look.facts.metrics:
        if metric.method in ("计数", "求和") and metric.usable:
            clauses = frozenset((fold(one.column), frozenset(map(fold, one.values))) for one in metric.conditions)
            families.setdefault((metric.method, metric.source, fold(metric.column), clauses), []).append(metric)
    for family in families.values():
        years = [metric for metric in family if metric.period == "本年"]
        for longer in (metric for metric in family if metric.period != "本年"):
            yield from _compared(look, years[:1], longer)


@rule("N004", "比率超过100%", "“{key}”是{value}，超过100%，多半是分子、分母填反了或口径不一致。",
      "请核对分子和分母。", _W)
def ratio_exceeds_one(look: Inspection) -> Iterator[Finding]:
    """办结率、合格率不会超过100%，印出来说明分子和分母不是一个口径。"""
    for metric in look.facts.metrics:
        percent = metric.unit in PERCENT_UNITS or metric.style.numerals == "百分比"
        value = look.facts.amount(metric).value
        if not percent or value is None or value <= 1 or any(word in metric.name for word in _GROWTH):
            continue
        if metric.method == "比率":
            yield _at(look, "N004", metric, "分子", value)
        elif metric.method == "填报" and "%" in look.ledger[METRICS.title].folded("填报值")[metric.row]:
            yield _at(look, "N004", metric, "填报值", value)
    yield from _others_above_one(look)


def _others_above_one(look: Inspection) -> Iterator[Finding]:
    """上年值 and 目标值 that are no growth either."""
    records = look.ledger[METRICS.title]
    for metric in look.facts.metrics:
        shares = metric.unit in PERCENT_UNITS and not any(word in metric.name for word in _GROWTH)
        for title, given in (("上年值", metric.last_year), ("目标值", metric.target)) if shares else ():
            if given and given.value > 1 and "%" in records.folded(title)[metric.row]:
                yield _at(look, "N004", metric, title, given.value)


@rule("N007", "填报的平均数和分子、分母不符", "“{key}”填报的是{given}，按{how}算是{value}，对不上。",
      "请核对三个数；确实不同的，在备注写明理由。")
def average_is_not_the_quotient(look: Inspection) -> Iterator[Finding]:
    """人均数、比率和它的两个原数一起印在报告里，除一下就知道对不对。"""
    for metric in look.facts.metrics:
        pair = [look.facts.by_code.get(code) for code in (metric.numerator, metric.denominator)]
        if metric.method != "填报" or metric.typed is None or pair[0] is None or pair[1] is None:
            continue
        top, bottom = exact_value(look, pair[0]), exact_value(look, pair[1])
        if top is None or not bottom or agrees(metric.typed, top / bottom) or _remark(look, metric):
            continue
        how = f"{pair[0].name}{spoken(top)}÷{pair[1].name}{spoken(bottom)}"
        yield _at(look, "N007", metric, "填报值", top / bottom, how=how, given=_typed_text(look, metric))


@rule("N008", "部分和合计的统计期不同", "“{key}”的统计期是{value}，它所属的“{whole}”是{given}，相加就混了两段时间。",
      "请把两个指标的统计期改成一样。", _W)
def part_of_another_period(look: Inspection) -> Iterator[Finding]:
    """本年的数和累计的数加在一起，合计既不是本年也不是累计。"""
    for part in look.facts.metrics:
        whole = look.facts.by_code.get(part.parent) if part.parent else None
        if whole and "填报" not in (whole.method, part.method) and whole.period != part.period:
            yield look.ledger[METRICS.title].finding("N008", part.row, "统计期", value=part.period,
                                                     whole=whole.name, given=whole.period)


@rule("N009", "分子和分母的统计期不同", "“{key}”的分子按{value}统计，分母按{given}统计，比率没有意义。",
      "请把分子、分母两个指标的统计期改成一样。", _W)
def ratio_of_two_periods(look: Inspection) -> Iterator[Finding]:
    """本年的分子除以累计的分母，比率一定偏低，反过来就会超过100%。"""
    for metric in look.facts.metrics:
        top, bottom = (look.facts.by_code.get(code) for code in (metric.numerator, metric.denominator))
        if metric.method != "比率" or top is None or bottom is None or "填报" in (top.method, bottom.method):
            continue
        if top.period != bottom.period:
            yield look.ledger[METRICS.title].finding("N009", metric.row, "分母", value=top.period,
                                                     given=bottom.period)


@rule("N014", "同一个数填了两个值", "“{key}”这里填的是{value}，前面第{row}行同名的指标填的是{given}。",
      "请核对，只留正确的一行。")
def one_quantity_with_two_values(look: Inspection) -> Iterator[Finding]:
    """同一个数在报告前后两处不一样，读报告的人不知道信哪个。"""
    records, first = look.ledger[METRICS.title], dict[tuple[str, str], Metric]()
    for metric in look.facts.metrics:
        if metric.method != "填报" or metric.typed is None:
            continue
        other = first.setdefault((fold(metric.name), metric.period), metric)
        if other.typed and other.typed.value != metric.typed.value:
            yield _at(look, "N014", metric, "填报值", metric.typed.value, given=_typed_text(look, other),
                      row=str(records.table.numbers[other.row]))


@rule("N016", "上年值和今年的数一样", "{count}个指标的上年值和今年的数一样，像是把今年的数抄进了上年值。",
      "请照上年的报告核对上年值。", _W)
def last_year_is_copied(look: Inspection) -> Iterator[Finding]:
    """上年值抄成今年的数，“比上年”的话就全错了。"""
    given = [metric for metric in look.facts.metrics if metric.last_year and metric.last_year.value not in (0, 1)]
    same = [metric for metric in given if metric.last_year
            and metric.last_year.value == look.facts.amount(metric).value]
    if len(same) >= _COPIED and len(same) >= _COPIED_SHARE * len(given):
        yield look.ledger[METRICS.title].finding("N016", same[0].row, "上年值", count=str(len(same)))


@rule_of("M009", "填报值和算出来的不一样")
def typed_is_not_the_computed(look: Inspection) -> Iterator[Finding]:
    """台账里能算出来的数又手填了一遍，两处不一样，报告印哪个都有人问。"""
    for metric in look.facts.metrics:
        adds_up = metric.exhaustive and metric.code in look.facts.children
        counted = None if metric.typed is None or adds_up else derived(look, metric)
        value = exact_value(look, counted) if counted else None
        if metric.typed and value is not None and not agrees(metric.typed, value) and not _remark(look, metric):
            yield _at(look, "M009", metric, "填报值", value, given=_typed_text(look, metric))


@rule_of("M013", "文件里存的数过时了")
def stored_value_is_stale(look: Inspection) -> Iterator[Finding]:
    """看台账的人看到的是存着的数，报告印的是现算的数，两处不一样就对不上。"""
    records = look.ledger[METRICS.title]
    for title, this_year in (("本年值", True), ("报告值", False)):
        stored = records.table.values(title)
        for metric in look.facts.metrics:
            if (seen := _number(stored[metric.row])) is None:
                continue
            value = look.facts.amount(metric, this_year=this_year).value
            if value is not None and abs(seen - value) > _ROUNDING * max(Decimal(1), abs(value)):
                yield _at(look, "M013", metric, title, value, given=spoken(seen))


def _compared(look: Inspection, years: list[Metric], longer: Metric) -> Iterator[Finding]:
    for shorter in years:
        less, more = exact_value(look, shorter), exact_value(look, longer)
        if less is not None and more is not None and less > more:
            title = "基数" if longer.base is not None else "名称"
            yield _at(look, "N003", longer, title, more, other=shorter.name, given=spoken(less))


def _said(look: Inspection, whole: Metric) -> Decimal | None:
    """What a whole says of itself; None where it is only the sum of its parts, or inexact."""
    if whole.method in ("合计", "填报"):
        return whole.typed.value if whole.typed and not whole.typed.inexact else None
    return exact_value(look, whole)


def _at(look: Inspection, code: str, metric: Metric, title: str, value: Decimal, **blanks: str) -> Finding:
    """A finding at a metric's cell, named by the metric."""
    records: Records = look.ledger[METRICS.title]
    percent = metric.unit in PERCENT_UNITS or metric.style.numerals == "百分比"
    return records.finding(code, metric.row, title, value=spoken(value, percent=percent), **blanks)


def _typed_text(look: Inspection, metric: Metric) -> str:
    return look.ledger[METRICS.title].texts("填报值")[metric.row]


def _remark(look: Inspection, metric: Metric) -> str:
    return look.ledger[METRICS.title].texts("备注")[metric.row]


def _number(raw: RawValue) -> Decimal | None:
    """A stored number; a text or a blank is none."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
        return None
    return Decimal(repr(raw)) if isinstance(raw, float) else Decimal(raw)
