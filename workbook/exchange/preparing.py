"""A return made ready for the merge: beside what was sent, with its own errors, and what of it does not take part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from workbook.book import Table, fold
from workbook.exchange.faults import faults_of_rows
from workbook.exchange.incoming import Bases, Opened
from workbook.exchange.master import Master
from workbook.exchange.matching import Matcher
from workbook.exchange.outcome import Return
from workbook.exchange.packing import packed
from workbook.exchange.sides import OFFICE_COLUMNS, SHARED_SHEETS, Side, side_of
from workbook.exchange.standing import Stored
from workbook.exchange.taking import Taking, taken
from workbook.findings import Finding
from workbook.ledger import Ledger, column_of, shown
from workbook.schema import ID_COLUMN

_MISSING_LINK = "L001"
_NOT_MERGED = ("章节", "法规", "字典", "股室", "统计表")
_MOST_NOTES = 20


class Note(NamedTuple):
    """Something a person should know of a return."""

    office: str
    text: str


class Prepared(NamedTuple):
    """A return beside its base; with `errors` it is not merged."""

    opened: Opened
    stored: Stored
    notes: list[Note]
    errors: list[Finding]

    @property
    def office(self) -> str:
        return self.stored.office


def prepare(one: Opened, master: Master, bases: Bases) -> Prepared:
    """Put a return beside what its office was sent, and look for errors in what it changed."""
    sent = bases.sent(one.arrived.dispatch, one.arrived.code)
    base = side_of(sent) if sent else _slice(master, one.arrived.office)
    back = Return(one.arrived.office, base, one.side, guessed=sent is None)
    matches = Matcher(master.id, back.office, master.held, master.reader).match(back.base, back.theirs)
    taking = taken(back, matches, master.reader)
    stored = Stored(one.arrived.file, one.arrived.dispatch, one.arrived.age, packed(back), taking)
    notes = [Note(back.office, text) for text in (*_about_base(one, sent), *_absent(one, base),
                                                  *_elsewhere(one.ledger, sent or master.ledger))]
    return Prepared(one, stored, notes, list(_own_errors(one, taking, master)))


def _slice(master: Master, office: str) -> Side:
    """The rows of the master that an office would be sent."""
    owner = fold(office)
    return {sheet: tuple(row for row in rows if row.office == owner or (not row.office and sheet in SHARED_SHEETS))
            for sheet, rows in master.side.items()}


def _about_base(one: Opened, sent: Ledger | None) -> Iterator[str]:
    if sent is None:
        yield "找不到下发给它的原表，拿主台账里它的行来比：主台账下发后改过的格会按退回的算，缺的行要人裁决。"
    if one.unread:
        yield f"有 {one.unread} 行里的公式没有存下结果，这些格按没有改动处理。请让填报人用 Excel 打开、保存后再交。"


def _absent(one: Opened, base: Side) -> Iterator[str]:
    """Sheets and columns that were sent and are not in the return: no deletion."""
    for sheet, rows in base.items():
        if rows and sheet not in one.side:
            yield f"退回的表里没有“{sheet}”，这张表按没有改动处理。"
        elif rows:
            told = {header.title for header in one.ledger.book.tables[sheet].headers}
            gone = sorted({title for row in rows for title in row.values} - told)
            if gone:
                yield f"退回的“{sheet}”里没有列：{'、'.join(gone)}，这几列按没有改动处理。"


def _elsewhere(ledger: Ledger, before: Ledger) -> Iterator[str]:
    """What was changed on sheets that offices do not fill."""
    pairs = [(ledger.book.head, before.book.head)]
    pairs += [(ledger.book.tables[title], before.book.tables[title]) for title in _NOT_MERGED
              if title in ledger.book.tables and title in before.book.tables]
    told = [f"“{table.name}”第 {number} 行（{text}）不由股室改，没有合入。" for table, other in pairs
            for number, text in _new_lines(table, other)]
    yield from told[:_MOST_NOTES]
    if len(told) > _MOST_NOTES:
        yield f"还有 {len(told) - _MOST_NOTES} 行也是这样。"


def _new_lines(table: Table, other: Table) -> list[tuple[int, str]]:
    known = {line for _, line in _lines(other)}
    told = ((number, line) for number, line in _lines(table) if line not in known)
    return [(number, "｜".join(text for _, text in sorted(line))) for number, line in told]


def _lines(table: Table) -> Iterator[tuple[int, frozenset[tuple[str, str]]]]:
    for index, number in enumerate(table.numbers):
        cells = ((header.title, shown(value)) for header, value in table.row_values(index)
                 if not (header.column and header.column.computed) and header.title != ID_COLUMN)
        yield number, frozenset((title, text) for title, text in cells if text)


def _own_errors(one: Opened, taking: Taking, master: Master) -> Iterator[Finding]:
    """The errors in rows that the office changed or added, but those that only its slice of the ledger makes."""
    touched = {(offer.theirs.sheet, offer.theirs.number) for offer in taking.offers if offer.theirs}
    touched |= {(part.sheet, number) for part in taking.fresh for number in part.short.numbers}
    names = {table.name: title for title, table in one.ledger.book.tables.items() if title in OFFICE_COLUMNS}
    for found in faults_of_rows(one.ledger) if touched else ():
        sheet = names.get(found.cell.sheet, "") if found.cell else ""
        if found.cell and (sheet, found.cell.row) in touched and (
                found.code != _MISSING_LINK or _dangles(found, sheet, one.ledger, master.ledger)):
            yield found


def _dangles(found: Finding, sheet: str, ledger: Ledger, master: Ledger) -> bool:
    """Whether it names a row that neither the return nor the master has."""
    column = column_of(ledger[sheet], found.column)
    if column is None or column.refers is None:
        return False
    title, key = column.refers
    return fold(found.value) not in master[title].folded(key)
