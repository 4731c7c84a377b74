"""A text cell with its slots filled: spans that know their cells.

What has no value prints as 【待补：…】 and is listed; the caller decides whether
a draft may carry it or a final is refused.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal

from workbook.book import fold
from workbook.conditions import Condition, ConditionError, parse_condition, split_values
from workbook.facts import Facts, Figure, plain
from workbook.faults import found
from workbook.findings import Cell, Finding
from workbook.ledger import Entry, Ledger, near
from workbook.metrics import Metric
from workbook.normalize import placeholder
from workbook.phrasing import Printed, all_reach
from workbook.schema import EVENTS, HEAD_BY_TITLE, LAWS, METRICS
from workbook.slots import FUNCTIONS, YEARS, BadSlot, Slot, has_braces, has_full_width_braces, parse_slots
from workbook.spans import Origin, Source, Span, Spans, computed, joined, new

ATTRIBUTES = ("数", "单位", "值", "上年", "其中")
FULL_NAME = "全称"
_MARK = Source(Origin.MARK)


class Filler:
    """Fills texts from one ledger; `findings` and `missing` grow as texts are filled.

    Where nothing is `traced`, the spans of texts know no place: enough to judge them.
    """

    def __init__(self, ledger: Ledger, facts: Facts, *, traced: bool = True) -> None:
        self.ledger = ledger
        self.facts = facts
        self.traced = traced
        self.findings: list[Finding] = []
        self.missing: list[str] = []
        self._sources: dict[int, Source] = {}
        self._clean: dict[Slot, Spans] = {}

    def fill(self, text: str, cell: Cell | None) -> Spans:
        """The spans of one text cell, or of a template's own text (no cell)."""
        if has_full_width_braces(text):
            self.findings.append(found("T004", cell, value="｛｛ ｝｝", given="{{ }}"))
        unfinished = placeholder(text)
        if unfinished:
            self.findings.append(found("C013", cell, value=unfinished))
        place = cell if self.traced else None
        source = Source(Origin.TEXT, (place,), (), "", "", "", place) if place else None
        if not has_braces(text):
            return (Span(text, source),) if text else ()
        spans: list[Span] = []
        for part in parse_slots(text):
            if isinstance(part, str):
                spans.append(Span(part, source))
            elif isinstance(part, BadSlot):
                spans += _placed(self._bad(part, cell), place)
            else:
                spans += _placed(self._once(part, cell), place)
        return tuple(spans)

    def _once(self, slot: Slot, cell: Cell | None) -> Spans:
        """The spans of one slot; of one in which nothing was noticed they are kept: they are the same in every cell."""
        if slot in self._clean:
            return self._clean[slot]
        noticed = len(self.findings), len(self.missing)
        spans = self.slot(slot, cell)
        if slot.name and (len(self.findings), len(self.missing)) == noticed:
            self._clean[slot] = spans
        return spans

    def slot(self, slot: Slot, cell: Cell | None) -> Spans:
        """The spans of one slot."""
        if slot.arguments is not None:
            function = _CALLED.get(slot.name)
            return function(self, slot.arguments, slot, cell) if function else self._unknown(slot, slot.name, cell)
        if not slot.name:
            from workbook.expressions import evaluate

            return evaluate(self, slot, cell)
        if not slot.attribute:
            entry = self._key(slot.name, slot)
            if entry is not None:
                return entry
        metric = self.facts.find(slot.name)
        if metric is None:
            return self._unknown(slot, slot.name, cell)
        return self._metric(metric, slot, cell)

    def _key(self, name: str, slot: Slot) -> Spans | None:
        head = self.ledger.head
        if name in YEARS:
            year, entry = head.year, head.entries.get("报告年度")
            if year is None or entry is None:
                return self.lack("报告信息 报告年度", slot)
            return (Span(str(year + YEARS[name]), Source(Origin.DATE, (entry.cell,), slot=name, value=str(year))),)
        if name not in head and name not in HEAD_BY_TITLE:
            return None
        entry = head.entries.get(name)
        return self._entry(entry, slot) if entry and entry.text else self.lack(f"报告信息 {name}", slot)

    def _entry(self, entry: Entry, slot: Slot) -> Spans:
        unfinished = placeholder(entry.text)
        if unfinished:
            self.findings.append(found("C013", entry.cell, column=entry.title, value=unfinished))
        if entry.value is None:
            return self.lack(f"报告信息 {entry.title}", slot)
        origin = Origin.DATE if isinstance(entry.value, dt.date) or entry.title == "报告年度" else Origin.NAME
        return (Span(entry.printed, Source(origin, (entry.cell,), slot=slot.body, value=entry.text)),)

    def _metric(self, metric: Metric, slot: Slot, cell: Cell | None) -> Spans:
        if slot.attribute and slot.attribute not in ATTRIBUTES:
            return self._bad(BadSlot(slot.body, f"没有“.{slot.attribute}”，可以用 .{'、.'.join(ATTRIBUTES)}"), cell)
        if slot.attribute == "上年":
            return self._last_year(metric, slot)
        if slot.attribute == "其中":
            return self._parts(metric, slot)
        figure = self.facts.figure(metric)
        if figure is None:
            return self.lack(f"指标 {metric.name}", slot)
        self._print_problems(figure)
        return (Span(_aspect(figure, slot.attribute), self.source(figure, slot.body)),)

    def source(self, figure: Figure, slot: str) -> Source:
        """Where a figure came from; its rows are located once, however often it is printed."""
        if figure.metric.row not in self._sources:
            self._sources[figure.metric.row] = figure_source(figure, slot)
        known = self._sources[figure.metric.row]
        return known if known.slot == slot else known._replace(slot=slot)

    def _print_problems(self, figure: Figure) -> None:
        records = self.ledger[METRICS.title]
        for problem in figure.printed.problems:
            self.findings.append(records.finding(problem.code, figure.metric.row, "名称", given=problem.given,
                                                 value=plain(figure.amount.value or Decimal(0))))
        if figure.printed.omitted:
            self.findings.append(records.finding("M010", figure.metric.row, "零值写法"))

    def _last_year(self, metric: Metric, slot: Slot) -> Spans:
        printed = self.facts.last_year(metric)
        if printed is None or metric.last_year is None:
            return self.lack(f"指标 {metric.name} 上年值", slot)
        cell = self.ledger[METRICS.title].cell(metric.row, "上年值")
        value = plain(metric.last_year.value)
        return (Span(printed.phrase, Source(Origin.FIGURE, (cell,), how="上年值", value=value, slot=slot.body)),)

    def _parts(self, metric: Metric, slot: Slot) -> Spans:
        parts = self.facts.children.get(metric.code, [])
        lacking = [part for part in parts if self.facts.figure(part) is None]
        if lacking or not parts:
            return self.lack(f"指标 {lacking[0].name if lacking else metric.name + ' 的各部分'}", slot)
        spans: list[Span] = []
        for figure in self.facts.parts(metric):
            if figure.printed.omitted:
                continue
            spans += [computed("、")] if spans else []
            name = self.ledger[METRICS.title].cell(figure.metric.row, "名称")
            spans.append(Span(figure.metric.name, Source(Origin.NAME, (name,), slot=slot.body)))
            spans.append(Span(figure.printed.phrase, self.source(figure, slot.body)))
        return tuple(spans)

    def _reach(self, names: Sequence[str], slot: Slot, cell: Cell | None) -> Spans:
        metrics = [self.facts.find(name) for name in names]
        for name, metric in zip(names, metrics, strict=True):
            if metric is None:
                return self._unknown(slot, name, cell)
        if len(metrics) < 2:
            return self._bad(BadSlot(slot.body, "均达到() 至少要两个指标"), cell)
        figures = []
        for metric in metrics:
            assert metric is not None
            figure = self.facts.figure(metric)
            if figure is None:
                return self.lack(f"指标 {metric.name}", slot)
            figures.append(figure)
        sources = [(figure.printed.phrase, self.source(figure, slot.body)) for figure in figures]
        return _cut(all_reach([figure.printed for figure in figures]), sources)

    def _laws(self, arguments: Sequence[str], slot: Slot, cell: Cell | None) -> Spans:
        try:
            condition, full = self._law_condition(arguments)
        except ConditionError as error:
            return self._bad(BadSlot(slot.body, str(error)), cell)
        used = self._used_laws(condition)
        spans = []
        for name, places in self._ordered_laws(used, full):
            spans.append(Span(f"《{name}》", Source(Origin.LAW, places, how="活动.涉及法规", slot=slot.body)))
        return tuple(spans) or self.lack(f"法规 {arguments[0]}", slot)

    def _law_condition(self, arguments: Sequence[str]) -> tuple[tuple[Condition, ...], bool]:
        if not arguments or len(arguments) > 2 or (len(arguments) == 2 and arguments[1] not in (FULL_NAME, "简称")):
            raise ConditionError('应写成 法规("类型") 或 法规("类型", "全称")')
        text = arguments[0]
        full = len(arguments) == 2 and arguments[1] == FULL_NAME
        if "=" in text or "＝" in text:
            conditions = parse_condition(text)
            known = {fold(title) for title in (*EVENTS.titles, *self.ledger[EVENTS.title].table.places)}
            unknown = next((c.column for c in conditions if fold(c.column) not in known), "")
            if unknown:
                raise ConditionError(f"活动没有“{unknown}”这一列")
            return conditions, full
        return (Condition("类型", tuple(split_values(text))),), full

    def _used_laws(self, conditions: tuple[Condition, ...]) -> dict[str, tuple[Cell, ...]]:
        """Folded law name -> the cells of 涉及法规 that name it, within 统计起–统计止."""
        records, window = self.ledger[EVENTS.title], self.facts.window
        used: dict[str, tuple[Cell, ...]] = {}
        if window.start is None or window.end is None:
            return used
        rows = self.facts.select(EVENTS.title, conditions)
        for index in self.facts.within(EVENTS.title, rows, (window.start, window.end)):
            for name in records.value_sets("涉及法规")[index]:
                bare = name.strip("《》")
                used[bare] = (*used.get(bare, ()), records.cell(index, "涉及法规"))
        return used

    def _ordered_laws(self, used: dict[str, tuple[Cell, ...]], full: bool) -> list[tuple[str, tuple[Cell, ...]]]:
        records = self.ledger[LAWS.title]
        laws: list[tuple[str, tuple[Cell, ...]]] = []
        left, names = dict(used), []
        for index in records.facts:
            official, short = records.texts("正式名称")[index], records.texts("简称")[index]
            names += [name for name in (official, short) if name]
            wrong = split_values(records.texts("误名")[index])
            own = {fold(name).strip("《》") for name in (official, short, *wrong)}
            places = tuple(cell for name in list(left) if name in own for cell in left.pop(name))
            if places:
                title = official if full or not short else short
                laws.append((title.strip("《》"), (records.cell(index, "正式名称"), *places)))
        for name, places in left.items():
            self.findings.append(found("L013", places[0], column="涉及法规", value=name, near=near(name, names)))
            laws.append((name, places))
        return laws

    def lack(self, what: str, slot: Slot | None = None) -> Spans:
        """【待补：what】, and what is missing is remembered."""
        if what not in self.missing:
            self.missing.append(what)
        return (Span(f"【待补：{what}】", Source(Origin.MISSING, slot=slot.body if slot else "", how=what)),)

    def _unknown(self, slot: Slot, name: str, cell: Cell | None) -> Spans:
        names = [*self.facts.by_name, *self.facts.by_code, *self.ledger.head.entries, *HEAD_BY_TITLE,
                 *FUNCTIONS, *YEARS]
        self.findings.append(found("T001", cell, value=slot.body, near=near(name, names)))
        return (Span(f"【待补：{slot.body}】", Source(Origin.MISSING, slot=slot.body)),)

    def _bad(self, bad: BadSlot, cell: Cell | None) -> Spans:
        self.findings.append(found("T002", cell, value=bad.body, given=bad.reason))
        return (Span(f"【待补：{bad.body}】", Source(Origin.MISSING, slot=bad.body)),)


_CALLED: dict[str, Callable[[Filler, Sequence[str], Slot, Cell | None], Spans]] = {
    "法规": Filler._laws, "均达到": Filler._reach,
}
"""What a slot may call; not kept in each Filler, which would then hold itself and outlive its report."""


def figure_source(figure: Figure, slot: str) -> Source:
    """Where a printed figure came from."""
    amount = figure.amount
    return Source(Origin.FIGURE, amount.cells, amount.rows, amount.how, plain(amount.value or Decimal(0)), slot)


def _aspect(figure: Figure, attribute: str) -> str:
    printed: Printed = figure.printed
    if attribute == "值":
        return plain(figure.amount.value or Decimal(0))
    return {"数": printed.number, "单位": printed.unit}.get(attribute, printed.phrase)


def _placed(spans: Spans, cell: Cell | None) -> Spans:
    """The spans of a slot, as printed in the text of `cell`."""
    if cell is None:
        return spans
    return tuple([new(Span, (text, _at(source or _MARK, cell), bold, (), ())) for text, source, bold, _, _ in spans])


def _at(one: Source, cell: Cell) -> Source:
    return new(Source, (*one[:6], cell))


def _cut(text: str, figures: Sequence[tuple[str, Source]]) -> Spans:
    """Split a sentence at the printed figures, in order, so that each keeps its source; one printed for all has all."""
    spans: list[Span] = []
    for phrase, source in figures:
        before, found_phrase, after = text.partition(phrase)
        if found_phrase:
            spans += [computed(before)] if before else []
            spans.append(Span(phrase, source))
            text = after
        elif spans and spans[-1].source:
            spans[-1] = spans[-1]._replace(source=joined(source.value, (spans[-1].source, source)))
    return (*spans, computed(text)) if text else tuple(spans)
