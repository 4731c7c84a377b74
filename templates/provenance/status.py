"""What became of a printed figure or text: the five words of `taizhang verify`."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """What became of a mark since it was printed."""

    SAME = "一致"
    REPORT = "报告已改"
    LEDGER = "台账已改"
    BOTH = "两边都改"
    MISSING = "缺失"
