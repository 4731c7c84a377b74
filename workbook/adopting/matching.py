"""Which foreign column is which standard column, which table which sheet: by words, units and values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from workbook.adopting.blocks import JOINT, Block, ForeignColumn, without_unit
from workbook.adopting.synonyms import HEADERS, UNITS
from workbook.book import fold, fold_header
from workbook.restoring.balance import BLANK
from workbook.restoring.columns import fits, telling
from workbook.rowkinds import TOTAL_WORDS
from workbook.schema import SHEETS, Column, Sheet, Type

EXACT, ALIAS, SYNONYM, PART, LIKE = 100, 95, 90, 60, 40
SURE = 80
"""From here on the words say it; below, a person should look."""
MISFIT = 45
_SERIAL = frozenset({"序号", "序", "号", "No", "No.", "编号"})
_GENERAL = frozenset({"编号", "备注", "序"})
_NAMED, _CALLED = 4, 2


class Match(NamedTuple):
    """A foreign column and the standard column proposed for it (empty: none), how sure, what else it could be."""

    column: ForeignColumn
    title: str
    score: int
    others: tuple[str, ...]

    @property
    def sure(self) -> bool:
        return self.score >= SURE


class Proposal(NamedTuple):
    """A block and the sheet proposed for it (None: none fits), column by column."""

    block: Block
    sheet: Sheet | None
    matches: tuple[Match, ...]
    rivals: tuple[str, ...] = ()


def propose(block: Block) -> Proposal:
    """The sheet whose columns suit a block best, with its columns; several that suit alike are rivals."""
    options = [(likeness(sheet, block, matches := match(sheet, block.columns)), sheet, matches) for sheet in SHEETS]
    best = max(options, key=lambda one: one[0])
    if best[0] <= 0:
        return Proposal(block, None, tuple(Match(column, "", 0, ()) for column in block.columns))
    rivals = tuple(sheet.title for score, sheet, _ in options if score == best[0] and sheet is not best[1])
    return Proposal(block, best[1], best[2], rivals)


def match(sheet: Sheet, columns: Sequence[ForeignColumn]) -> tuple[Match, ...]:
    """Every foreign column with its standard column; the best pair first, no standard column twice."""
    targets = [column for column in sheet.columns if not column.computed]
    scores = {(one.number, column.title): score_of(one, column) for one in columns for column in targets}
    order = {column.title: at for at, column in enumerate(targets)}
    pairs = sorted((pair for pair, score in scores.items() if score >= PART),
                   key=lambda pair: (-scores[pair], pair[0], order[pair[1]]))
    chosen: dict[int, str] = {}
    for number, title in pairs:
        if number not in chosen and title not in chosen.values() and not _empty_serial(number, title, columns):
            chosen[number] = title
    return tuple(_as_match(one, chosen.get(one.number, ""), scores, order) for one in columns)


def likeness(sheet: Sheet, block: Block, matches: Iterable[Match]) -> int:
    """How well a sheet suits a block: required columns weigh most, doubtful ones little; 0: too little matches."""
    found = {one.title: one.sure for one in matches if one.title and one.title not in _GENERAL}
    required = {column.title for column in sheet.columns if column.required}
    sure = {title for title, is_sure in found.items() if is_sure}
    name = fold(block.sheet.name)
    names = {fold(one) for one in (sheet.title, *sheet.aliases)}
    called = _NAMED if name in names else _CALLED if any(one in name for one in names) else 0
    if len(found) < 2 or not sure or not required & found.keys():
        return 0
    return 3 * len(required & sure) + len(sure) + len(required & found.keys()) + called


def score_of(one: ForeignColumn, column: Column) -> int:
    """How well a foreign header and its values suit a standard column, 0 to 100."""
    score = _by_words(one.header, column)
    if score and column.type is not Type.CHOICE and not fits(column, one.values):
        score -= MISFIT
    elif score == PART and telling(column, one.values):
        score += 5
    return max(score, 0)


def _by_words(header: str, column: Column) -> int:
    """A header of one row by its words, else by what it is like; of several rows by all of them or the last."""
    parts = [fold_header(part) for part in header.split(JOINT)]
    if len(parts) > 1 and parts[-1] in TOTAL_WORDS:
        parts.pop()
    if len(parts) > 1:
        return max(_by_word("".join(parts), column), _by_word(parts[-1], column))
    name, unit = without_unit(parts[0])
    alike = not unit or _same_unit(unit, column)
    return _by_word(parts[0], column) or (_by_likeness(name, _words(column)) if alike else 0)


def _by_word(text: str, column: Column) -> int:
    """What a header says word for word, with its unit or without."""
    words = _words(column)
    name, unit = without_unit(text)
    if text in words:
        return words[text]
    return words[name] - 2 if unit and name in words and _same_unit(unit, column) else 0


def _by_likeness(name: str, words: dict[str, int]) -> int:
    """A header that holds a word of the column, or is part of one."""
    if len(name) < 2:
        return 0
    if any(len(word) > 1 and (word in name) for word, score in words.items() if score >= ALIAS):
        return PART
    return LIKE if any(len(word) > 1 and (name in word or word in name) for word in words) else 0


@cache
def _words(column: Column) -> dict[str, int]:
    """Every word for a column, as compared, with what it is worth."""
    found: dict[str, int] = {}
    for score, names in ((EXACT, (column.title,)), (ALIAS, column.aliases), (SYNONYM, HEADERS.get(column.title, ()))):
        for name in names:
            found.setdefault(fold_header(name), score)
    return found


def _same_unit(unit: str, column: Column) -> bool:
    """Whether a unit counts what the column counts; brackets behind a text or a date are a remark, no unit."""
    mine = column.unit or ("%" if column.type is Type.PERCENT else "")
    if not column.numeric:
        return True
    return unit == mine or any(unit in group and (mine in group or not mine) for group in UNITS)


def _empty_serial(number: int, title: str, columns: Sequence[ForeignColumn]) -> bool:
    """A column of running numbers that has no numbers is no key."""
    one = next(column for column in columns if column.number == number)
    return title == "编号" and all(value in BLANK for value in one.values)


def is_serial(one: ForeignColumn) -> bool:
    """Whether a column only counts the rows: 1, 2, 3 … under 序号."""
    return fold_header(one.header) in {fold_header(word) for word in _SERIAL}


def _as_match(one: ForeignColumn, title: str, scores: dict[tuple[int, str], int], order: dict[str, int]) -> Match:
    mine = sorted((other for other in order if other != title and scores[one.number, other] >= LIKE),
                  key=lambda other: (-scores[one.number, other], order[other]))
    return Match(one, title, scores.get((one.number, title), 0), tuple(mine[:3]))
