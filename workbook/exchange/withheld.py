"""What must never travel: a ledger that holds personal data or marks of secrecy is not sent at all."""

from __future__ import annotations

import re

from workbook.acknowledged import acknowledged
from workbook.facts import Facts
from workbook.findings import Finding, Refusal
from workbook.identity import ID_LENGTH
from workbook.ledger import Ledger
from workbook.schema import ID_COLUMN

FAMILY = "P"
_TOLD = 10
_ROW_ID = re.compile(rf"[A-Z][0-9A-Z]{{{ID_LENGTH - 1}}}")


def forbidden(ledger: Ledger) -> list[Finding]:
    """The open findings about personal data and secrecy, in any cell, note or sheet and in the file's name.

    The ledger is to be read with its notes and all its sheets. Values stand masked.
    """
    from workbook.rules.every import RULES
    from workbook.rules.registry import run_rules

    chosen = [one for code, one in RULES.items() if code.startswith(FAMILY)]
    found = acknowledged(ledger, run_rules(ledger, Facts(ledger), chosen))
    return [one for one in found if one.open and not _is_row_id(ledger, one)]


def _is_row_id(ledger: Ledger, one: Finding) -> bool:
    """Whether it is about an id of our own making, in which any letters may come together (QQ…)."""
    sheet = ledger.book.raw.sheet(one.cell.sheet) if one.cell and one.column == ID_COLUMN else None
    if sheet is None or one.cell is None or (one.cell.row, one.cell.column) in sheet.notes:
        return False
    return bool(_ROW_ID.fullmatch(str(sheet.rows[one.cell.row - 1][one.cell.column - 1])))


def require_harmless(ledger: Ledger, done: str) -> None:
    """Raises Refusal, naming the cells, where something in the ledger must not travel; `done` is what was to happen."""
    found = forbidden(ledger)
    if not found:
        return
    told = "；".join(f"{one.where or '文件名'}：{one.message.rstrip('。')}" for one in found[:_TOLD])
    more = f"；还有 {len(found) - _TOLD} 处" if len(found) > _TOLD else ""
    raise Refusal(f"{ledger.path}：有 {len(found)} 处个人信息或密级标志，不能{done}。{told}{more}。"
                  f"请删掉后再试；核对过确实可以带的，用 taizhang check --acknowledge 写明理由"
                  f"（身份证号和密级标志不行）。")
