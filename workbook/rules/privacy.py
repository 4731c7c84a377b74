"""Personal data and state secrets: what must not travel in a workbook, in any cell of any sheet.

Every distinct value of a sheet is looked at once; cells are located only where
something was found. Whatever is said about such a value is said masked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

from workbook.book import HEADER_SEARCH_ROWS, LONGEST_HEADER, Table
from workbook.columns import Values
from workbook.faults import found
from workbook.findings import Cell, Finding, Severity
from workbook.ledger import Ledger, shown
from workbook.personal import GAP, Kind, Number, mask, masked, personal_numbers
from workbook.raw import RawSheet, RawValue
from workbook.readings import compiled
from workbook.rules.joined import Joined
from workbook.rules.names_of_people import HINTS, named_people, names_such_people, suspicious, whole_name
from workbook.rules.once import once_a_ledger
from workbook.rules.registry import Inspection, rule
from workbook.schema import ID_COLUMN, META_SHEET, OFFICES

__all__ = ["mask"]

_NUMBER = rf"(?:[\dOoIl〇]{GAP}){{10}}[\dOoIl〇]"
_LENGTH = 11
"""A number of a person has no fewer characters."""
_WAYS = ("@", "＠", "★", "☆", "微信", "QQ", "Qq", "qQ", "qq")
_APART = "|"
"""Keeps one value from going on in the next; no number, hint or way holds it."""
_UNUSED = ("校验结果", META_SHEET)
_LEAST = 10**10
"""Stored numbers with fewer digits are no personal number."""

_IN_NOTE = "（在批注里）"


class Place(NamedTuple):
    """A cell, or the note on it; row and column from 1."""

    sheet: RawSheet
    row: int
    column: int
    in_note: bool = False


@once_a_ledger
def suspects(ledger: Ledger) -> list[tuple[Place, str]]:
    """Every cell worth a look, with its text."""
    sheets = [sheet for sheet in ledger.book.raw.sheets if sheet.name not in _UNUSED]
    return [one for sheet in sheets for one in _in_sheet(sheet, _table(ledger, sheet))]


@once_a_ledger
def _numbered(ledger: Ledger) -> list[tuple[Place, list[Number]]]:
    """The suspects that hold a person's number, with what they hold."""
    return [(place, numbers) for place, text in suspects(ledger) if (numbers := personal_numbers(text))]


@once_a_ledger
def _numbered_elsewhere(ledger: Ledger) -> list[tuple[str, list[Number]]]:
    """The texts beside cells and notes that hold a person's number, by where they stand."""
    return [(where, numbers) for where, text in ledger.book.raw.elsewhere if (numbers := personal_numbers(text))]


def _in_sheet(sheet: RawSheet, table: Table | None) -> Iterator[tuple[Place, str]]:
    for (number, column), note in sheet.notes.items():
        text = _clerks_own(note)
        if _worth_a_look({text}):
            yield Place(sheet, number, column, in_note=True), text
    texts = _worth_a_look(_different(sheet, table))
    if not texts:
        return
    for number, row in enumerate(sheet.rows, 1):
        if not texts.keys().isdisjoint(row):
            for column, value in enumerate(row, 1):
                if value in texts:
                    yield Place(sheet, number, column), texts[value]


def _clerks_own(note: str) -> str:
    from workbook.patching.marking import without_marks

    return without_marks(note)


def _different(sheet: RawSheet, table: Table | None) -> set[RawValue]:
    """Every different value of a sheet; those of a column that was told apart already are not gone through again."""
    numbers = {header.number for header in table.headers} if table else set()
    if table is None or len(numbers) < max(map(len, sheet.rows), default=0):
        return set(chain.from_iterable(sheet.rows))
    values = set(chain.from_iterable(sheet.rows[:table.header_row]))
    columns = (table.column(header.title) for header in table.headers)
    return values.union(*(column.different for column in columns if not _harmless(column)))


def _harmless(column: Values) -> bool:
    """Whether a column holds keys alone that are too short for a person's number and name no way to reach one."""
    if not column.plain or max(map(len, map(str, column.different))) >= _LENGTH:
        return False
    return "qq" not in "|".join(map(str, column.different)).lower()


def _worth_a_look(values: set[RawValue]) -> dict[RawValue, str]:
    """The values that may hold what must not travel, as texts."""
    texts = [value for value in values if isinstance(value, str)]
    numbers = {value: shown(value) for value in values if isinstance(value, (int, float, Decimal)) and value >= _LEAST}
    long, joined = [text for text in texts if len(text) >= _LENGTH], Joined(texts, _APART)
    numbered = [long[place] for place in Joined(long, _APART).matching(compiled(_NUMBER))] if long else []
    hinted = filter(suspicious, (texts[place] for place in joined.holding(HINTS)))
    reached = (texts[place] for place in joined.holding(_WAYS))
    return numbers | {text: text for text in (*numbered, *hinted, *reached)}


def _table(ledger: Ledger, sheet: RawSheet) -> Table | None:
    tables = (ledger.book.head, *ledger.book.tables.values())
    return next((table for table in tables if table.raw is sheet), None)


def _header(table: Table | None, column: int) -> str:
    headers = table.headers if table else ()
    return next((header.title for header in headers if header.number == column), "")


def told_at(ledger: Ledger, code: str, place: Place, value: str) -> Finding:
    sheet, row, column, in_note = place
    table, key = _table(ledger, sheet), ""
    if table and table.sheet.key and row in table.numbers:
        key = mask(shown(table.values(table.sheet.key)[table.numbers.index(row)]))
    return found(code, Cell(sheet.name, row, column), column=mask(_header(table, column)), key=key,
                 value=value + _IN_NOTE * in_note)


def _numbers(inspection: Inspection, code: str, kind: Kind,
             fine: Callable[[Ledger, Place], bool] | None = None) -> Iterator[Finding]:
    for sheet in inspection.ledger.book.raw.sheets:
        for one in personal_numbers(sheet.name) if _worth_a_look({sheet.name}) else ():
            if one.kind is kind:
                yield found(code, sheet=mask(sheet.name), value=f"{masked(one)}（在工作表名里）")
    for where, numbers in _numbered_elsewhere(inspection.ledger):
        for one in numbers:
            if one.kind is kind:
                yield found(code, value=f"{masked(one)}（在{where}里）")
    for place, numbers in _numbered(inspection.ledger):
        for one in numbers:
            if one.kind is kind and not (fine and fine(inspection.ledger, place)):
                yield told_at(inspection.ledger, code, place, masked(one))


@rule("P001", "身份证号", "这一格有身份证号{value}，台账要在股室之间传，带着走会泄露个人信息。",
      "请删掉号码，确需区分时只留姓氏和编号。", Severity.WARNING, "法规")
def identity_number(inspection: Inspection) -> Iterator[Finding]:
    """身份证号是敏感个人信息，随台账下发、上报、公开就收不回来了。"""
    yield from _numbers(inspection, "P001", Kind.IDENTITY)


@rule("P010", "像是抄错的身份证号", "这一格的{value}像是身份证号，只是校验码不对，可能抄错了一位。",
      "请核对；是身份证号的就删掉，不外传。", Severity.WARNING, "法规")
def mistyped_identity_number(inspection: Inspection) -> Iterator[Finding]:
    """抄错一位的身份证号照样有地区码和生日，仍能认出是谁；按号码办的事也会办错。"""
    yield from _numbers(inspection, "P010", Kind.MISTYPED, _is_quantity)


@rule("P002", "被 Excel 截短的身份证号", "这一格像是身份证号{value}，后三位已被 Excel 改成 000，但仍能认出是谁。",
      "请删掉号码；确需保存的，放到不外传的表里并设成文本格式。", Severity.WARNING, "法规")
def rounded_identity_number(inspection: Inspection) -> Iterator[Finding]:
    """数字格只留 15 位，剩下的地区码和生日照样指向一个人，而号码本身已经不能用。"""
    yield from _numbers(inspection, "P002", Kind.ROUNDED)


@rule("P003", "15 位旧身份证号", "这一格像是 15 位的旧身份证号{value}，同样是个人信息。",
      "请核对；是身份证号的就删掉。", Severity.WARNING, "法规")
def old_identity_number(inspection: Inspection) -> Iterator[Finding]:
    """老档案里还有 15 位号码，含地区码和生日，泄露的后果和 18 位一样。"""
    yield from _numbers(inspection, "P003", Kind.OLD, _is_quantity)


@rule("P004", "手机号码", "这一格有手机号码{value}，会随台账传出去。", "请删掉，或换成办公电话。", Severity.WARNING,
      "法规")
def mobile_number(inspection: Inspection) -> Iterator[Finding]:
    """群众和干部的手机号码属于个人信息；报告和往来用办公电话就够了。"""
    yield from _numbers(inspection, "P004", Kind.MOBILE, _is_quantity_or_office)


@rule("P005", "银行卡号", "这一格有银行卡号{value}，会随台账传出去。", "请删掉号码。", Severity.WARNING, "法规")
def card_number(inspection: Inspection) -> Iterator[Finding]:
    """救助金、补贴的收款卡号是敏感个人信息，报告用不到。"""
    yield from _numbers(inspection, "P005", Kind.CARD)


def _column(ledger: Ledger, place: Place) -> tuple[str, str, bool]:
    """Sheet title, column title, and whether the schema holds numbers there."""
    sheet, row, number, in_note = place
    table = _table(ledger, sheet)
    header = next((one for one in table.headers if one.number == number), None) if table else None
    if in_note or table is None or header is None or row <= table.header_row:
        return "", "", False
    return table.sheet.title, header.title, bool(header.column and header.column.numeric)


def _is_quantity(ledger: Ledger, place: Place) -> bool:
    _, title, numeric = _column(ledger, place)
    return numeric or title == ID_COLUMN


def _is_quantity_or_office(ledger: Ledger, place: Place) -> bool:
    return _is_quantity(ledger, place) or _column(ledger, place)[:2] == (OFFICES.title, "电话")


@rule("P006", "敏感情形旁边写了姓名", "“{value}”把姓名和未成年、低保、信访或病情写在一起，能认出具体的人。",
      "请隐去姓名，写成“王某”或“一名群众”。", Severity.WARNING, "法规")
def named_person(inspection: Inspection) -> Iterator[Finding]:
    """未成年人、救助对象、信访人和病人的姓名连同处境一起传开，会伤到本人。"""
    staff = _staff(inspection.ledger)
    for place, text in suspects(inspection.ledger):
        for name in named_people(text):
            if name.text not in staff:
                yield told_at(inspection.ledger, "P006", place, mask(name.masked))
    for where, text in inspection.ledger.book.raw.elsewhere:
        for name in named_people(text) if suspicious(text) else ():
            if name.text not in staff:
                yield found("P006", value=f"{mask(name.masked)}（在{where}里）")
    yield from _listed_people(inspection.ledger)


def _listed_people(ledger: Ledger) -> Iterator[Finding]:
    """The cells under a header such as 低保对象姓名."""
    for sheet in ledger.book.raw.sheets:
        for top, row in enumerate(sheet.rows[:HEADER_SEARCH_ROWS], 1):
            for column, header in enumerate(row, 1):
                if isinstance(header, str) and len(header) <= LONGEST_HEADER and names_such_people(header):
                    yield from _names_below(ledger, sheet, top, column, header)


def _names_below(ledger: Ledger, sheet: RawSheet, top: int, column: int, header: str) -> Iterator[Finding]:
    for number, row in enumerate(sheet.rows[top:], top + 1):
        value = row[column - 1] if column <= len(row) else None
        name = whole_name(value) if isinstance(value, str) else None
        if name:
            yield told_at(ledger, "P006", Place(sheet, number, column), f"{header}：{name}")


def _staff(ledger: Ledger) -> set[str]:
    """The people who do the work: their names stand in the ledger by duty."""
    names = {ledger.head.text(key) for key in ("联系人", "签发人")}
    for sheet, columns in (("股室", ("负责人", "填报人")), ("任务", ("责任人",))):
        for column in columns:
            names.update(ledger[sheet].texts(column))
    return names
