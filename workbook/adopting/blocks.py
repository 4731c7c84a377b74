"""The tables of a home-made sheet: header rows found by their words, merged and two-row headers put together."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from workbook.adopting.synonyms import HEADERS
from workbook.book import LONGEST_HEADER, fold, fold_header
from workbook.faults import safe
from workbook.raw import Merge, RawSheet, RawValue
from workbook.restoring.balance import BLANK
from workbook.restoring.tables import cell_at
from workbook.schema import SHEETS

SEARCH_ROWS = 40
FEWEST_WORDS = 2
FEWEST_BELOW = 3
MOSTLY = 0.5
JOINT = "·"
_UNIT_MARKS = "("


class ForeignColumn(NamedTuple):
    """One column of a block: `number` from 1, its header as one line, its values below the header."""

    number: int
    header: str
    values: tuple[RawValue, ...]

    @property
    def label(self) -> str:
        """The header as a map names it: no person's number in full."""
        return safe(self.header.encode("utf-8", "replace").decode())


class Block(NamedTuple):
    """One table of a sheet; rows count from 1: header rows, the last row, the rows above that are titles."""

    sheet: RawSheet
    top: int
    bottom: int
    last: int
    columns: tuple[ForeignColumn, ...]

    @property
    def titles(self) -> range:
        """The rows right above the header that hold no more than a title or who filled it in."""
        first = self.top
        while first > 1 and _is_title(self.sheet.rows[first - 2]):
            first -= 1
        return range(first, self.top)


def blocks(sheet: RawSheet) -> list[Block]:
    """Every table of a sheet, by header rows; none where no row reads like a header."""
    spans: list[tuple[int, int]] = []
    below = 0
    for row in range(1, len(sheet.rows) + 1):
        if row > below and _reads_like_header(sheet, row, later=bool(spans)) and not _repeats(sheet, row, spans):
            top, bottom = _header_rows(sheet, row)
            spans.append((max(top, below + 1), min(bottom, len(sheet.rows))))
            below = spans[-1][1]
    return [block_at(sheet, top, bottom, _end(spans, at, sheet)) for at, (top, bottom) in enumerate(spans)]


def block_at(sheet: RawSheet, top: int, bottom: int, last: int) -> Block:
    """The table whose header stands in these rows."""
    texts = header_texts(sheet, top, bottom)
    width = max(map(len, sheet.rows), default=0)
    columns = []
    for number in range(1, width + 1):
        values = tuple(cell_at(sheet.rows, row, number) for row in range(bottom + 1, last + 1))
        if texts.get(number) or any(filled(value) for value in values):
            columns.append(ForeignColumn(number, texts.get(number, ""), values))
    return Block(sheet, top, bottom, last, tuple(columns))


def header_texts(sheet: RawSheet, top: int, bottom: int) -> dict[int, str]:
    """Column -> its header; the parts of a header over several rows stand one after another, each once."""
    held = {(row, at): value for row in range(top, bottom + 1) for at, value in _texts_at(sheet, row).items()}
    typed = set(held)
    for merge in sheet.merges:
        if top <= merge.top <= bottom:
            value = held.get((merge.top, merge.left))
            places = ((row, at) for row in range(merge.top, min(merge.bottom, bottom) + 1)
                      for at in range(merge.left, merge.right + 1))
            held |= {place: value for place in places if value is not None}
    for row, at in sorted(typed):
        above, left = (row - 1, at), (row - 1, at - 1)
        if above not in held and left in held and (row, at - 1) in typed:
            held[above] = held[left]
    texts: dict[int, list[str]] = {}
    for (_, at), value in sorted(held.items(), key=lambda one: one[0]):
        part = " ".join(str(value).split())
        if part not in texts.setdefault(at, []):
            texts[at].append(part)
    return {at: JOINT.join(parts) for at, parts in texts.items()}


def without_unit(text: str) -> tuple[str, str]:
    """A folded header and the unit in its last brackets: 参加人数(人) -> 参加人数, 人."""
    folded = fold_header(text)
    if not folded.endswith(")") or _UNIT_MARKS not in folded[1:]:
        return folded, ""
    name, _, unit = folded.rpartition(_UNIT_MARKS)
    return (name, unit[:-1]) if name else (folded, "")


@cache
def known_words() -> frozenset[str]:
    """Every header that any column of the schema is known by, as compared, with and without its unit."""
    names = {name for sheet in SHEETS for column in sheet.columns for name in (column.title, *column.aliases)}
    names |= {name for words in HEADERS.values() for name in words} | {"姓名", "职务", "金额", "年度", "月份"}
    return frozenset({fold_header(name) for name in names} | {without_unit(name)[0] for name in names})


def _reads_like_header(sheet: RawSheet, row: int, *, later: bool) -> bool:
    if not later and row > SEARCH_ROWS:
        return False
    held = [value for value in sheet.rows[row - 1] if filled(value)]
    texts = {fold_header(value) for value in held if isinstance(value, str) and len(value) <= LONGEST_HEADER}
    known = sum(text in known_words() or without_unit(text)[0] in known_words() for text in texts)
    if later and (len(texts) < len(held) or known < FEWEST_BELOW):
        return False
    return known >= FEWEST_WORDS and known >= MOSTLY * len(held)


def _repeats(sheet: RawSheet, row: int, spans: list[tuple[int, int]]) -> bool:
    """Whether a row says the headers of the block above again, as at the top of a printed page."""
    if not spans:
        return False
    top, bottom = spans[-1]
    return any(_folded(sheet.rows[row - 1]) == _folded(sheet.rows[known - 1]) for known in range(top, bottom + 1))


def _folded(row: list[RawValue]) -> list[str]:
    texts = [fold_header(value) if isinstance(value, str) else "" for value in row]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _header_rows(sheet: RawSheet, row: int) -> tuple[int, int]:
    """First and last row of the header that `row` is part of, by its merged cells."""
    tall = [merge for merge in sheet.merges if merge.top <= row <= merge.bottom and merge.bottom > merge.top]
    top = min([row, *(merge.top for merge in tall)])
    bottom = max([row, *(merge.bottom for merge in tall)])
    wide = [merge for merge in sheet.merges if merge.top == merge.bottom == bottom and merge.right > merge.left]
    below = _parts_below(sheet, bottom + 1, wide) or (not tall and not wide and _parts_unmerged(sheet, bottom + 1))
    return top, bottom + 1 if below else bottom


def _parts_below(sheet: RawSheet, row: int, wide: list[Merge]) -> bool:
    """Whether a row holds the parts of the wide headers above it, and nothing else."""
    line = _texts_at(sheet, row)
    under = {at for merge in wide for at in range(merge.left, merge.right + 1)}
    return bool(line) and line.keys() <= under and all(isinstance(value, str) for value in line.values())


def _parts_unmerged(sheet: RawSheet, row: int) -> bool:
    """The same where the format keeps no merges: parts side by side, only the first of them under a header."""
    line, above = (_texts_at(sheet, number) for number in (row, row - 1))
    firsts, others = line.keys() & above.keys(), line.keys() - above.keys()
    sound = all(at + 1 in others for at in firsts) and all(at - 1 in line for at in others)
    return sound and bool(firsts) and all(isinstance(value, str) for value in line.values())


def _texts_at(sheet: RawSheet, row: int) -> dict[int, RawValue]:
    line = sheet.rows[row - 1] if 0 < row <= len(sheet.rows) else []
    return {at: value for at, value in enumerate(line, 1) if filled(value)}


def _end(spans: list[tuple[int, int]], at: int, sheet: RawSheet) -> int:
    return spans[at + 1][0] - 1 if at + 1 < len(spans) else len(sheet.rows)


def _is_title(row: list[RawValue]) -> bool:
    held = [value for value in row if filled(value)]
    return len(held) < 2 or (len(held) < 4 and all(isinstance(value, str) and ":" in fold(value) for value in held))


def filled(value: RawValue) -> bool:
    """Whether a cell says anything; white space does not."""
    return value not in BLANK and not (isinstance(value, str) and not value.strip())
