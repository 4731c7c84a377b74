"""What a rollover says of itself: one line for everything carried, reset, left behind or to be looked at."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Fate(StrEnum):
    """What became of something; only 要处理 asks for a person before the new ledger is used."""

    CARRIED = "带入"
    RESET = "重置"
    LEFT = "没有带"
    LOOK = "请核对"
    SETTLE = "要处理"


class Note(NamedTuple):
    """One line; `key` is the row's 编号 and `row_id` its id in both ledgers, where it is about a row."""

    fate: Fate
    sheet: str
    text: str
    key: str = ""
    row_id: str = ""

    def as_json(self) -> dict[str, str]:
        return {"sheet": self.sheet, "key": self.key, "row_id": self.row_id, "text": self.text}
