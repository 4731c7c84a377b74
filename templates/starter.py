"""A blank ledger of one kind: its outline, its dictionary, and rows marked 示例."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from templates.kinds import Kind, kind_named, load_kind
from workbook import schema
from workbook.findings import Refusal
from workbook.raw import RawBook, RawSheet, RawValue
from workbook.text import parse

FIRST_YEAR, LAST_YEAR = 1990, 2100


def starter(kind_name: str, office: str, year: int, *, template: str = "") -> RawBook:
    """The raw cells of a new ledger.

    Raises Refusal for a year out of reach or a folder that is no template.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refusal(f"--year 不能是 {year}，请写四位年份，如 2025。")
    kind = load_kind(Path(template)) if template else kind_named(kind_name)
    rows = parse(kind.starter.read_text("utf-8-sig"), str(kind.starter)).sheets if kind.starter.is_file() else ()
    head = RawSheet(schema.HEAD_SHEET, [list(schema.HEAD_COLUMNS), *_head(kind, kind_name, office, year)])
    sheets = (head, *(sheet for sheet in rows if sheet.name != schema.HEAD_SHEET))
    return RawBook(f"{office}{year}", sheets if any(s.name == "章节" for s in sheets) else (*sheets, _no_chapters()))


def _head(kind: Kind, kind_name: str, office: str, year: int) -> list[list[RawValue]]:
    known: dict[str, RawValue] = {
        "报告类型": kind_name, "报告年度": year, "机关全称": office,
        "统计起": date(year, 1, 1), "统计止": date(year, 12, 31),
        "引言": kind.introduction or None, "主送机关": "、".join(kind.recipients) or None,
        "抄送机关": "，".join(kind.copies_to) or None, "公开属性": kind.openness or None,
    }
    return [[key.title, known.get(key.title)] for key in schema.HEAD_KEYS]


def _no_chapters() -> RawSheet:
    return RawSheet(schema.CHAPTERS.title, [list(schema.CHAPTERS.titles)])
