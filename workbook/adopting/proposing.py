"""A map proposed for a home-made ledger: every table, every column, what is missing and what is doubtful."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from workbook.adopting.blocks import Block, ForeignColumn, blocks, filled
from workbook.adopting.drafts import ColumnDraft, Draft, SheetDraft
from workbook.adopting.headdata import completed
from workbook.adopting.headermap import CARRIED, OFFICE_NAME, UNWANTED, ColumnMap, HeaderMap, SheetMap, free_name
from workbook.adopting.matching import Match, Proposal, is_serial, propose
from workbook.adopting.synonyms import OFFICE_ENDINGS, VALUES
from workbook.book import fold, fold_header
from workbook.faults import safe
from workbook.findings import Refusal, column_letters
from workbook.raw import RawBook, RawSheet, RawValue
from workbook.restoring.balance import cells_of, key_of, shown
from workbook.restoring.sheets import sort_sheets
from workbook.rowkinds import TOTAL_WORDS, is_ditto
from workbook.schema import HEAD_BY_TITLE, ID_COLUMN, META_SHEET, REQUIRED_SHEETS, Column, Sheet, Type

EXAMPLES = 2
EXAMPLE_LENGTH = 24
MOST_VALUES = 30
LONGEST_NAME = 100
_TITLE = re.compile(r"^(?P<office>[\u4e00-\u9fff]{2,24}?(?:局|委员会|办公室|街道办事处|镇|乡|中心|法院|检察院))?"
                    r"(?P<rest>.*?)(?P<year>20\d{2})年")
_WHO = re.compile(r"(?:填报|承办|责任|报送)?(?:股室|科室|部门|单位):(?P<name>[^:;；，。]{2,12}?)"
                  r"(?=填报|联系|日期|时间|$)")
_SEPARATORS = re.compile(r"[、;；]")


def draft_map(raw: RawBook, path: str, head: Mapping[str, RawValue]) -> Draft:
    """Propose a map for a file; `head` is what is known of 报告信息.

    Raises Refusal for a file that is a standard ledger already, or that holds nothing.
    """
    refuse_standard(raw)
    sheets = [one for sheet in raw.sheets for one in _drafts(sheet)]
    if not sheets:
        raise Refusal(f"{raw.path}：里面是空的，没有可以转的内容。请核对是不是选错了文件。")
    sheets = list(_without_repeated_serials(sheets))
    known, seen = _head(raw, head)
    offices, words = _collected(sheets)
    return Draft(HeaderMap(path, known, tuple(one.map for one in sheets), offices, words), tuple(sheets), seen)


def refuse_standard(raw: RawBook) -> None:
    """Raises Refusal for a file that is a standard ledger: nothing is to be adopted."""
    ours = sort_sheets(raw).ours
    ids = any(ID_COLUMN in row for sheet in raw.sheets for row in sheet.rows[:3])
    if raw.sheet(META_SHEET) is not None or ids or all(title in ours for title in REQUIRED_SHEETS):
        raise Refusal(f"{raw.path}：已经是标准台账，不用转。弄坏了的用 taizhang repair，旧版的用 taizhang upgrade。")


def is_office(text: str) -> bool:
    """Whether a text may be the name of an office: 办公室, 社会救助股."""
    return 2 <= len(text) <= 12 and text.endswith(OFFICE_ENDINGS)


def _drafts(sheet: RawSheet) -> Iterator[SheetDraft]:
    if not cells_of(sheet):
        return
    made = [_draft(propose(block)) for block in blocks(sheet)]
    if not any(one.map.sheet for one in made):
        yield SheetDraft(SheetMap(sheet.name, CARRIED))
        return
    yield from made


def _draft(found: Proposal) -> SheetDraft:
    block, sheet = found.block, found.sheet
    if sheet is None:
        return SheetDraft(SheetMap(block.sheet.name, UNWANTED, (block.top, block.bottom)))
    taken: set[str] = set()
    rows = _full_rows(block)
    columns = tuple(_column(one, sheet, taken, rows) for one in found.matches)
    have = {one.map.title for one in columns}
    gaps = tuple(column.title for column in sheet.columns if column.required and column.title not in have)
    fixed, source = _fixed(block, sheet, gaps)
    values = {one.map.title: told for one, match in zip(columns, found.matches, strict=True)
              if one.map.title and (told := _values(match.column, sheet.column(one.map.title)))}
    mapped = SheetMap(block.sheet.name, sheet.title, (block.top, block.bottom), tuple(one.map for one in columns),
                      fixed, values)
    return SheetDraft(mapped, columns, tuple(gap for gap in gaps if not fixed.get(gap)), found.rivals, source, block)


def _column(match: Match, sheet: Sheet, taken: set[str], rows: Sequence[int]) -> ColumnDraft:
    one = match.column
    extra = "" if match.title else _extra_name(one, sheet, taken)
    held = [one.values[row] for row in rows if filled(one.values[row])]
    examples = tuple(dict.fromkeys(shown(value, EXAMPLE_LENGTH) for value in held))
    return ColumnDraft(ColumnMap(one.number, one.label, match.title, extra), match.sure, match.others,
                       examples[:EXAMPLES])


def _full_rows(block: Block) -> list[int]:
    """The rows below the header, from 0, that hold more than one cell: no banners."""
    count = block.last - block.bottom
    return [row for row in range(count) if sum(filled(column.values[row]) for column in block.columns) > 1]


def _extra_name(one: ForeignColumn, sheet: Sheet, taken: set[str]) -> str:
    """A header for a column that the schema has not: its own, changed where that is in use."""
    letter = column_letters(one.number)
    own = "".join(mark if mark.isprintable() else " " for mark in one.label[:LONGEST_NAME]).strip() or f"{letter}列"
    for name in (own, f"原{own}", f"{own} {letter}列", f"原{letter}列"):
        if free_name(name, sheet) and fold_header(name) not in taken:
            taken.add(fold_header(name))
            return name
    raise AssertionError(f"no name for column {letter}")


def _fixed(block: Block, sheet: Sheet, gaps: Sequence[str]) -> tuple[dict[str, RawValue], str]:
    """What may stand in every row of columns that nothing gives; an office, by the sheet's name or its title rows."""
    said = [fold(value) for row in block.titles for value in block.sheet.rows[row - 1] if isinstance(value, str)]
    who = [match["name"] for text in said if (match := _WHO.search(text)) and is_office(match["name"])]
    named = [block.sheet.name] if is_office(block.sheet.name) else []
    office = next(iter((*named, *who)), "")
    fixed: dict[str, RawValue] = dict.fromkeys(gaps, "")
    offices = [title for title in gaps if sheet.column(title).refers == OFFICE_NAME]
    if not office or not offices:
        return fixed, ""
    return fixed | dict.fromkeys(offices, office), "工作表名称" if named else "表头上面的一行"


def _values(one: ForeignColumn, column: Column) -> dict[str, str]:
    """Texts of a column of choices that are none of them, each with the choice it may stand for."""
    choices = {fold(choice): choice for choice in column.choices}
    if not choices or column.type is not Type.CHOICE:
        return {}
    texts = dict.fromkeys(value.strip() for value in one.values if isinstance(value, str) and value.strip())
    odd = [text for text in texts if fold(text) not in choices and safe(text) == text and text.isprintable()
           and fold(text) not in TOTAL_WORDS and not is_ditto(text)]
    return {text: _choice(text, column) for text in odd} if len(odd) <= MOST_VALUES else {}


def _choice(text: str, column: Column) -> str:
    folded = fold(text)
    return next((choice for choice in column.choices if folded in map(fold, VALUES.get(choice, ()))), "")


def _without_repeated_serials(drafts: Sequence[SheetDraft]) -> Iterator[SheetDraft]:
    """Running numbers that begin anew in each table are no keys: they travel as a column of their own."""
    held: dict[str, list[tuple[str, str]]] = {}
    for one in drafts:
        held.setdefault(one.map.target, []).extend(key_of(value) for value in one.under("编号"))
    repeated = {target for target, keys in held.items() if len(set(keys)) < len(keys)}
    for one in drafts:
        columns = [_as_extra(column) if one.map.target in repeated and column.map.title == "编号"
                   and is_serial(ForeignColumn(column.map.number, column.map.header, ())) else column
                   for column in one.columns]
        yield one._replace(columns=tuple(columns), map=one.map._replace(columns=tuple(c.map for c in columns)))


def _as_extra(one: ColumnDraft) -> ColumnDraft:
    return one._replace(map=one.map._replace(title="", extra="原序号"), sure=True)


def _head(raw: RawBook, given: Mapping[str, RawValue]) -> tuple[dict[str, RawValue], dict[str, str]]:
    """报告信息 as far as it is given or stands in a title; and the titles it was read from."""
    head: dict[str, RawValue] = {key.title: given.get(key.title, "") for key in HEAD_BY_TITLE.values() if key.required}
    seen: dict[str, str] = {}
    titles = [value for sheet in raw.sheets for row in sheet.rows[:3] for value in row if isinstance(value, str)]
    for text in titles:
        match = _TITLE.match(fold(text))
        for key, value in (("机关全称", match["office"]), ("报告年度", int(match["year"]))) if match else ():
            if value and head[key] == "":
                head[key], seen[key] = value, shown(text)
    return completed(head, {}, ""), seen


def _collected(drafts: Sequence[SheetDraft]) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Names for 股室 (by a running code) and values for 字典 that the rows hold, where no table brings them."""
    targets = {one.map.target for one in drafts}
    offices: dict[str, None] = {}
    words: dict[str, dict[str, None]] = {}
    for one in drafts:
        for column in one.map.sheet.columns if one.map.sheet else ():
            texts = _texts((*one.under(column.title), one.map.fixed.get(column.title)))
            if column.refers == OFFICE_NAME and "股室" not in targets:
                offices |= dict.fromkeys(texts)
            elif column.dictionary and "字典" not in targets:
                words.setdefault(column.dictionary, {}).update(dict.fromkeys(texts))
    listed = {name: tuple(values) for name, values in words.items() if 0 < len(values) <= MOST_VALUES}
    few = offices if len(offices) <= MOST_VALUES else {}
    return {f"{at:02}": name for at, name in enumerate(few, 1)}, listed


def _texts(values: Iterable[RawValue]) -> list[str]:
    parts = (part.strip() for value in values if isinstance(value, str) and not is_ditto(value)
             for part in _SEPARATORS.split(value))
    return [part for part in parts if part and len(part) <= EXAMPLE_LENGTH and part.isprintable()
            and safe(part) == part and "=" not in fold(part)]


