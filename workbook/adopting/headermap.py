"""The map of a home-made ledger's headers: what a person decided of every sheet and column, read from TOML.

A map is a plain text file in Chinese; every mistake in it gets one sentence.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from workbook.book import fold_header
from workbook.findings import Refusal
from workbook.ledger import near
from workbook.raw import RawValue
from workbook.schema import BY_TITLE, EXCUSE_COLUMN, HEAD_BY_TITLE, HEAD_SHEET, ID_COLUMN, Sheet
from workbook.standard.xlsx_cells import LONGEST_HEADER

UNWANTED, EXTRA, CARRIED = "不要", "附加列", "原样附上"
HEAD_PART, SHEET_PART, OFFICE_PART, WORDS_PART = HEAD_SHEET, "工作表", "股室", "字典"
NAME, TARGET, HEADER, COLUMNS, FIXED, VALUES = "原表", "标准表", "表头行", "列", "固定值", "值"
FILE = "原文件"
OFFICE_NAME = ("股室", "名称")
"""Sheet and column that name the offices."""
_PARTS = (FILE, HEAD_PART, SHEET_PART, OFFICE_PART, WORDS_PART)
_SHEET_KEYS = (NAME, TARGET, HEADER, COLUMNS, FIXED, VALUES)
_WHERE = re.compile(r"\(at line (\d+), column \d+\)|\(at end of document\)")
_COLUMN_KEY = re.compile(r"([A-Za-z]{1,3})(?:\s+(.*))?", re.DOTALL)
_EXTRA = re.compile(rf"{EXTRA}\s*[：:]\s*(.+)", re.DOTALL)


class ColumnMap(NamedTuple):
    """One foreign column: `number` from 1, the header as the map names it, and one of three fates:
    a standard column (`title`), a column of the office's own (`extra`), or neither (不要)."""

    number: int
    header: str
    title: str = ""
    extra: str = ""

    @property
    def wanted(self) -> bool:
        return bool(self.title or self.extra)

    @property
    def target(self) -> str:
        """As the map says it."""
        return self.title or (f"{EXTRA}：{self.extra}" if self.extra else UNWANTED)


class SheetMap(NamedTuple):
    """One foreign table: `target` is a standard sheet, 不要 or 原样附上; `header` its first and last header row,
    zeros where the whole sheet is meant."""

    name: str
    target: str
    header: tuple[int, int] = (0, 0)
    columns: tuple[ColumnMap, ...] = ()
    fixed: Mapping[str, RawValue] = {}
    values: Mapping[str, Mapping[str, str]] = {}

    @property
    def sheet(self) -> Sheet | None:
        return BY_TITLE.get(self.target)


class HeaderMap(NamedTuple):
    """A whole map; `path` is what messages call it, `words` are new lines of 字典, `offices` of 股室."""

    path: str
    head: Mapping[str, RawValue]
    sheets: tuple[SheetMap, ...]
    offices: Mapping[str, str] = {}
    words: Mapping[str, tuple[str, ...]] = {}

    @property
    def missing(self) -> tuple[str, ...]:
        """The keys of 报告信息 that no ledger can do without and that are not filled."""
        return tuple(key.title for key in HEAD_BY_TITLE.values()
                     if key.required and self.head.get(key.title) in (None, ""))

    def require_head(self) -> None:
        """Raises Refusal where 报告信息 lacks what no ledger can do without."""
        if self.missing:
            raise Refusal(f"{self.path}：[{HEAD_SHEET}] 里还缺{'、'.join(f'“{key}”' for key in self.missing)}。"
                          "请填上再运行（也可以加 --kind、--office、--year）。")


def parse_map(text: str, path: str) -> HeaderMap:
    """A map from its text.

    Raises Refusal: what is not TOML by line; unknown sheets, columns and keys with the nearest names.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refusal(_not_toml(path, text, str(error))) from None
    _known(document, _PARTS, path, "对照表")
    head = _table(document.get(HEAD_PART, {}), path, HEAD_PART)
    _known(head, HEAD_BY_TITLE, path, f"[{HEAD_PART}]")
    listed = document.get(SHEET_PART, [])
    if not isinstance(listed, list) or not listed:
        raise Refusal(f"{path}：没有 [[{SHEET_PART}]]，每张原表都要有一段。")
    sheets = tuple(_sheet(_table(one, path, SHEET_PART), path) for one in listed)
    named = _table(document.get(OFFICE_PART, {}), path, OFFICE_PART)
    offices = {name: _text(value, path, name) for name, value in named.items()}
    listed_words = _table(document.get(WORDS_PART, {}), path, WORDS_PART)
    words = {name: _texts(value, path, name) for name, value in listed_words.items()}
    return HeaderMap(path, {key: _cell(value, path, key) for key, value in head.items()}, sheets, offices, words)


def _not_toml(path: str, text: str, error: str) -> str:
    match = _WHERE.search(error)
    line = int(match[1]) if match and match[1] else len(text.splitlines())
    given = (text.splitlines() or [""])[min(line, len(text.splitlines()) or 1) - 1].strip()
    shown = given if len(given) <= 40 else given[:40] + "……"
    return (f"{path} 第 {line} 行“{shown}”读不懂：每行写成 \"名称\" = \"内容\"，"
            "名称和内容都用英文双引号括起来，同一个名称不能写两次。")


def _sheet(told: dict[str, Any], path: str) -> SheetMap:
    name = _text(told.get(NAME, ""), path, NAME)
    if not name:
        raise Refusal(f"{path}：有一段 [[{SHEET_PART}]] 没有写“{NAME}”。")
    where = f"“{name}”"
    _known(told, _SHEET_KEYS, path, f"{where}那一段")
    target = _text(told.get(TARGET, ""), path, TARGET)
    if target in (UNWANTED, CARRIED):
        some = HEADER in told and target == UNWANTED
        return SheetMap(name, target, _header(told[HEADER], path, where) if some else (0, 0))
    if target not in BY_TITLE:
        hint = near(target, BY_TITLE) or f"可以写：{'、'.join(BY_TITLE)}、{CARRIED}、{UNWANTED}。"
        raise Refusal(f"{path}：{where}的{TARGET}“{target}”不是标准表。{hint}")
    sheet = BY_TITLE[target]
    fixed = {key: _cell(value, path, key) for key, value in _table(told.get(FIXED, {}), path, FIXED).items()}
    values = {key: {old: _text(new, path, old) for old, new in _table(pairs, path, key).items()}
              for key, pairs in _table(told.get(VALUES, {}), path, VALUES).items()}
    for title in (*fixed, *values):
        _require_column(sheet, title, path, where)
    columns = _columns(_table(told.get(COLUMNS, {}), path, COLUMNS), sheet, path, where)
    return SheetMap(name, target, _header(told.get(HEADER), path, where), columns, fixed, values)


def _header(told: object, path: str, where: str) -> tuple[int, int]:
    rows = [told] if isinstance(told, int) else told
    sound = isinstance(rows, list) and rows and all(isinstance(row, int) and row > 0 for row in rows)
    if not sound or not isinstance(rows, list):
        raise Refusal(f"{path}：{where}的{HEADER}要写行号，如 [3] 或 [3, 4]。")
    return min(rows), max(rows)


def _columns(told: dict[str, Any], sheet: Sheet, path: str, where: str) -> tuple[ColumnMap, ...]:
    found = [_column(key, _text(value, path, key), sheet, path, where) for key, value in told.items()]
    for what in ("number", "title", "extra"):
        seen: dict[object, ColumnMap] = {}
        for one in found:
            held = getattr(one, what)
            held = fold_header(held) if isinstance(held, str) else held
            if held and held in seen:
                name = one.target if what != "number" else f"{COLUMNS} {one.header}"
                raise Refusal(f"{path}：{where}里“{name}”写了两次，只能有一列，请改掉一处。")
            seen[held] = one
    return tuple(found)


def _column(key: str, target: str, sheet: Sheet, path: str, where: str) -> ColumnMap:
    match = _COLUMN_KEY.fullmatch(key.strip())
    if match is None:
        raise Refusal(f"{path}：{where}的列“{key}”认不出来，要写成“B 时间”：先是列的字母，再是表头。")
    number, header = _number(match[1]), match[2] or ""
    extra = _EXTRA.fullmatch(target.strip())
    if target.strip() == UNWANTED:
        return ColumnMap(number, header)
    if target.strip() == EXTRA or extra:
        return ColumnMap(number, header, extra=_extra(extra[1] if extra else header, sheet, path, where))
    _require_column(sheet, target, path, where)
    return ColumnMap(number, header, title=target)


def _extra(name: str, sheet: Sheet, path: str, where: str) -> str:
    kept = " ".join(name.split())
    if not kept or len(kept) > LONGEST_HEADER:
        raise Refusal(f"{path}：{where}有一列{EXTRA}没有名称，或名称太长，请写成“{EXTRA}：名称”。")
    if not free_name(kept, sheet):
        raise Refusal(f"{path}：{where}的{EXTRA}不能叫“{kept}”，“{sheet.title}”表里已有这一列，请换个名称或直接写它。")
    return kept


def free_name(name: str, sheet: Sheet) -> bool:
    """Whether a column of the office's own can have this header in a standard sheet."""
    taken = {fold_header(one) for column in sheet.columns for one in (column.title, *column.aliases)}
    folded = fold_header(name)
    return bool(folded) and folded not in taken | {fold_header(ID_COLUMN), fold_header(EXCUSE_COLUMN)}


def _require_column(sheet: Sheet, title: str, path: str, where: str) -> None:
    titles = [column.title for column in sheet.columns if not column.computed]
    if title in titles:
        return
    if title in sheet.titles:
        raise Refusal(f"{path}：{where}写的“{title}”由程序计算，不能填。请写“{UNWANTED}”或“{EXTRA}：名称”。")
    hint = near(title, titles) or f"可以写：{'、'.join(titles)}。"
    raise Refusal(f"{path}：{where}写的“{title}”不是“{sheet.title}”表的列。{hint}")


def _number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _known(told: Mapping[str, Any], names: Iterable[str], path: str, where: str) -> None:
    for key in told:
        if key not in names:
            hint = near(key, names) or f"可以写：{'、'.join(names)}。"
            raise Refusal(f"{path}：{where}里不认识“{key}”。{hint}")


def _table(told: object, path: str, name: str) -> dict[str, Any]:
    if not isinstance(told, dict):
        raise Refusal(f"{path}：“{name}”下面要一行一行写成 \"名称\" = \"内容\"。")
    return told


def _text(told: object, path: str, name: str) -> str:
    if not isinstance(told, str):
        raise Refusal(f"{path}：“{name}”的内容要用英文双引号括起来。")
    return told


def _texts(told: object, path: str, name: str) -> tuple[str, ...]:
    if not isinstance(told, list):
        raise Refusal(f"{path}：“{name}”要写成 [\"甲\", \"乙\"]。")
    return tuple(_text(one, path, name) for one in told)


def _cell(told: object, path: str, name: str) -> RawValue:
    if isinstance(told, str | int | float | dt.date) and not isinstance(told, dt.datetime):
        return told
    raise Refusal(f"{path}：“{name}”只能写文字、数或日期。")


