"""Slots that are more than a name: evaluated by Jinja2's sandbox, expressions only.

The result keeps the sources of every name it mentions.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import StrictUndefined, TemplateError
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

from workbook.facts import plain
from workbook.findings import Cell
from workbook.slots import FUNCTIONS, YEARS, BadSlot, Slot
from workbook.spans import Origin, Source, Span, Spans
from workbook.tracked import MARK, Marks, Text
from workbook.tracked_numbers import FILTERS, Number

if TYPE_CHECKING:
    from workbook.fill import Filler

MAX_RESULT = 4000
MAX_POWER = 64


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja2's sandbox without results that outgrow memory."""

    intercepted_binops = frozenset(("*", "**", "%"))

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.filters.update(FILTERS)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if isinstance(left, str | list | tuple) or (operator == "*" and isinstance(right, str | list | tuple)):
            raise TemplateError("文字不能做乘法")
        if operator == "**" and abs(right) > MAX_POWER:
            raise TemplateError("乘方太大")
        return super().call_binop(context, operator, left, right)


class SlotValue(Text):
    """A metric inside an expression: prints its phrase, 值 is the exact number."""

    def __init__(self, marks: Marks, filler: Filler, name: str, cell: Cell | None) -> None:
        super().__init__(marks, filler.slot(Slot(name, name), cell))
        self._filler, self._name, self._cell = filler, name, cell

    @property
    def 值(self) -> Number:
        number = exact(self._marks, self._filler, self._name)
        if number is None:
            self._filler.lack(f"指标 {self._name}")
            raise TemplateError(f"{self._name}没有数")
        return number

    def __getattr__(self, attribute: str) -> Text:
        if attribute not in ("数", "单位", "上年", "其中"):
            raise AttributeError(attribute)
        body = f"{self._name}.{attribute}"
        return Text(self._marks, self._filler.slot(Slot(body, self._name, attribute), self._cell))


def exact(marks: Marks, filler: Filler, name: str) -> Number | None:
    """The exact number of a metric with its cells; None where it has no value."""
    metric = filler.facts.find(name)
    figure = filler.facts.figure(metric) if metric else None
    if figure is None or figure.amount.value is None:
        return None
    value = figure.amount.value
    return Number(marks, value, (filler.source(figure, f"{name}.值"),), f"{figure.metric.name}{plain(value)}")


@cache
def _environment() -> Sandbox:
    sandbox = Sandbox(undefined=StrictUndefined)
    sandbox.globals.clear()
    return sandbox


def evaluate(filler: Filler, slot: Slot, cell: Cell | None) -> Spans:
    """The spans of an expression; a fault becomes a finding at `cell`."""
    marks = Marks()
    try:
        names = find_undeclared_variables(_environment().parse("{{" + slot.body + "}}"))
        unknown = [name for name in sorted(names) if not _known(filler, name)]
        if unknown:
            return filler._unknown(slot, unknown[0], cell)
        values = {name: _value(marks, filler, name, cell) for name in names}
        result = _environment().compile_expression(slot.body, undefined_to_none=False)(**values)
        text = _print(result)
    except (TemplateError, ArithmeticError, TypeError, ValueError, AttributeError, IndexError) as error:
        return filler._bad(BadSlot(slot.body, _reason(error)), cell)
    if not MARK.search(text):
        return (Span(text, _union(filler, sorted(names), slot, text, cell)),)
    words = Source(Origin.TEXT, (cell,)) if cell else None
    return tuple(_in_expression(span, slot, cell) for span in marks.spans(text, words))


def _in_expression(span: Span, slot: Slot, cell: Cell | None) -> Span:
    """A figure that an expression computed also comes from the cell that says how."""
    source = span.source
    if source is None or source.origin is not Origin.FIGURE:
        return span
    cells = tuple(dict.fromkeys((cell, *source.cells) if cell else source.cells))
    return span._replace(source=source._replace(cells=cells, slot=slot.body))


def _known(filler: Filler, name: str) -> bool:
    return filler.facts.find(name) is not None or name in filler.ledger.head or name in (*FUNCTIONS, *YEARS)


def _value(marks: Marks, filler: Filler, name: str, cell: Cell | None) -> object:
    if name in FUNCTIONS:
        return lambda *given: Text(marks, filler.slot(Slot(name, name, "", tuple(map(str, given))), cell))
    if filler.facts.find(name) is not None:
        return SlotValue(marks, filler, name, cell)
    return Text(marks, filler.slot(Slot(name, name), cell))


def _print(result: object) -> str:
    if isinstance(result, bool):
        return "是" if result else "否"
    text = plain(Decimal(str(result))) if isinstance(result, Decimal | int | float) else str(result)
    if len(text) > MAX_RESULT:
        raise TemplateError("算出来的文字太长")
    return text


def _union(filler: Filler, names: list[str], slot: Slot, text: str, cell: Cell | None) -> Source:
    cells: dict[Cell, None] = {cell: None} if cell else {}
    rows: dict[Cell, None] = {}
    for name in names:
        for span in () if name in ("法规", "均达到") else filler.slot(Slot(name, name), cell):
            if span.source:
                cells |= dict.fromkeys(span.source.cells)
                rows |= dict.fromkeys(span.source.rows)
    return Source(Origin.FIGURE, tuple(cells), tuple(rows), slot.body, text, slot.body)


def _reason(error: Exception) -> str:
    if isinstance(error, ZeroDivisionError):
        return "除数是 0"
    if isinstance(error, ArithmeticError):
        return "算不出"
    if isinstance(error, TemplateError) and error.message and any("一" <= c <= "鿿" for c in error.message):
        return error.message
    if isinstance(error, TypeError):
        return "文字和数不能一起运算，运算要用 .值"
    return "看不懂这个式子"
