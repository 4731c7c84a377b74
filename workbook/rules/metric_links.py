"""Metrics and what they are tied to: names, ratios, parents, conditions, their use in the report."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from workbook.book import fold
from workbook.conditions import Condition, split_values
from workbook.facts import Facts
from workbook.findings import Finding, Severity
from workbook.ledger import Ledger, Records, column_of, near
from workbook.metrics import Metric
from workbook.readings import compiled
from workbook.rules.registry import Inspection, rule, rule_of
from workbook.schema import DICTIONARY, HEAD_BY_TITLE, METRICS, SHEETS, TASKS
from workbook.slots import FUNCTIONS, YEARS

_IDENTIFIER = r"\w+"
_SLOT = r"(?s:\{\{(.*?)\}\})"
_QUOTED = r"""["'“‘]([^"'“”‘’]*)["'”’]"""
_BRACES = str.maketrans("｛｝", "{}")


@rule_of("M007", "指标名称不能直接写进花括号")
def name_is_no_identifier(inspection: Inspection) -> Iterator[Finding]:
    """名称里有标点或空格时，花括号里写名称会认不出来，只能写编号。"""
    records = inspection.ledger[METRICS.title]
    for metric in inspection.facts.metrics:
        if metric.name and metric.code and not compiled(_IDENTIFIER).fullmatch(metric.identifier):
            yield records.finding("M007", metric.row, "名称")


@rule_of("M008", "指标名称重名")
def name_is_taken(inspection: Inspection) -> Iterator[Finding]:
    """一个名称指两样东西，花括号里写它，印出来的可能是另一样。"""
    records = inspection.ledger[METRICS.title]
    taken = _reserved(inspection.ledger)
    codes = {metric.code: metric for metric in inspection.facts.metrics if metric.code}
    for metric in inspection.facts.metrics:
        name = fold(metric.name)
        other = codes.get(name)
        given = taken.get(name) or (f"指标编号{name}" if other and other is not metric else "")
        if name and given:
            yield records.finding("M008", metric.row, "名称", given=given)
        taken.setdefault(name, f"第{records.table.numbers[metric.row]}行的指标")


def _reserved(ledger: Ledger) -> dict[str, str]:
    """Folded names that a slot already knows -> what they are, in the clerk's words."""
    names = {fold(name): f"函数“{name}”" for name in FUNCTIONS}
    return names | {fold(key): f"报告信息的“{key}”" for key in (*YEARS, *HEAD_BY_TITLE, *ledger.head.entries)}


@rule("L003", "分子和分母是同一个指标", "比率“{key}”的分子和分母都是“{value}”，算出来总是100%。",
      "请改成两个不同的指标。")
def ratio_of_itself(inspection: Inspection) -> Iterator[Finding]:
    """分子填成分母，比率就成了没有意义的100%，印进报告是错的。"""
    records = inspection.ledger[METRICS.title]
    for metric in inspection.facts.metrics:
        if metric.method == "比率" and metric.numerator and metric.numerator == metric.denominator:
            yield records.finding("L003", metric.row, "分子")


@rule("L004", "父指标绕回自己", "指标“{key}”的父指标顺着找上去又回到它自己（{value}），分不清谁是谁的一部分。",
      "请改正其中一个父指标，最上面的那个留空。")
def parents_in_a_circle(inspection: Inspection) -> Iterator[Finding]:
    """父指标说明谁是谁的一部分；绕成圈，合计算不出，“其中”也列不对。"""
    records, by_code = inspection.ledger[METRICS.title], inspection.facts.by_code
    told: set[str] = set()
    for metric in inspection.facts.metrics:
        circle = _circle(metric, by_code)
        summed = all(by_code[code].method == "合计" for code in circle)
        if circle and not summed and not told.intersection(circle):
            told.update(circle)
            yield records.finding("L004", metric.row, "父指标", value=" → ".join([*circle, circle[0]]))


def _circle(metric: Metric, by_code: dict[str, Metric]) -> list[str]:
    """The codes from a metric up its parents and back to itself; empty where they end."""
    path = [metric.code]
    parent = by_code.get(metric.parent)
    while parent and parent.code not in path:
        path.append(parent.code)
        parent = by_code.get(parent.parent)
    return path if parent and metric.code and parent.code == metric.code else []


@rule("L005", "指标没有用到", "指标“{value}”没有写进报告，也不参与别的指标，统计了却看不到。",
      "要用就在正文里写它的名称或编号；不用就不用管。", Severity.INFO)
def metric_is_unused(inspection: Inspection) -> Iterator[Finding]:
    """指标没有写进正文，往往是正文里漏写了一句。"""
    records, used = inspection.ledger[METRICS.title], _used_names(inspection.ledger)
    for metric in inspection.facts.metrics:
        used |= {metric.numerator, metric.denominator}
    for metric in inspection.facts.metrics:
        if metric.name and not metric.parent and not used & {metric.code, fold(metric.name)}:
            yield records.finding("L005", metric.row, "名称")


def _used_names(ledger: Ledger) -> set[str]:
    """The folded words of every slot, and the metrics that tasks aim at."""
    used = set(ledger[TASKS.title].different_folded("目标指标"))
    for body in {body for text in _slot_texts(ledger) for body in compiled(_SLOT).findall(_half_width(text))}:
        used |= {fold(quoted) for quoted in compiled(_QUOTED).findall(body)}
        used |= {fold(word) for word in compiled(_IDENTIFIER).findall(unicodedata.normalize("NFKC", body))}
    return used


def _half_width(text: str) -> str:
    """The text with half-width braces."""
    return text.translate(_BRACES) if "｛" in text or "｝" in text else text


def _slot_texts(ledger: Ledger) -> Iterator[str]:
    """Every text that holds a brace."""
    yield from (entry.text for entry in ledger.head.entries.values() if "{" in entry.text or "｛" in entry.text)
    for sheet in SHEETS:
        records = ledger[sheet.title]
        for column in sheet.columns:
            if column.slots and records.has(column.title):
                yield from (text for text in records.different_texts(column.title) if "{" in text or "｛" in text)


@rule("L006", "条件里的值从没出现过", "条件里的“{value}”不在“{given}”的可选值里，也没有一行是它，数出来总是0。",
      "请核对这个值的写法。{near}", Severity.WARNING)
def condition_meets_nothing(inspection: Inspection) -> Iterator[Finding]:
    """条件里错一个字，指标不会报错，只会少算。"""
    records = inspection.ledger[METRICS.title]
    for metric in inspection.facts.metrics:
        for condition in metric.conditions if metric.usable else ():
            for value in _strangers(inspection, metric.source, condition):
                title = f"{metric.source}.{condition.column}"
                names = _possible(inspection.ledger, metric.source, condition.column)
                yield records.finding("L006", metric.row, "条件", value=value, given=title, near=near(value, names))


def _strangers(inspection: Inspection, source: str, condition: Condition) -> list[str]:
    """The values of a condition that are neither offered nor found in any row."""
    possible = {fold(value) for value in _possible(inspection.ledger, source, condition.column)}
    unknown = [value for value in condition.values if fold(value) not in possible]
    return [value for value in unknown if possible and not _occurs(inspection.facts, source, condition.column, value)]


def _possible(ledger: Ledger, source: str, title: str) -> list[str]:
    """What a column may hold: its choices, or the values of its dictionary."""
    column = column_of(ledger[source], title)
    if column is None or not column.dictionary:
        return list(column.choices) if column else []
    return [value for _, value in dictionary_values(ledger, column.dictionary)]


def _occurs(facts: Facts, source: str, title: str, value: str) -> bool:
    return bool(facts.select(source, (Condition(title, (value,)),)))


def dictionary_values(ledger: Ledger, category: str) -> list[tuple[int, str]]:
    """(row, 值) of one 类别 of sheet 字典."""
    records: Records = ledger[DICTIONARY.title]
    wanted, values = records.folded("类别"), records.texts("值")
    return [(index, values[index]) for index in records.facts if wanted[index] == fold(category) and values[index]]


def condition_values(metric: Metric, title: str) -> list[str]:
    """Every value that a metric's conditions ask of one column."""
    return [value for condition in metric.conditions if fold(condition.column) == fold(title)
            for given in condition.values for value in split_values(given)]
