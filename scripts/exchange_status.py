"""`taizhang status`: who has the workbook, who has returned it, who is late."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from scripts.common import print_json, printed, warn
from workbook.findings import Refusal

if TYPE_CHECKING:
    from workbook.exchange.folder import Exchange
    from workbook.exchange.progress import Progress

_HEADERS = ("股室", "代码", "状态", "截止日期", "交回", "逾期", "最近往来", "下发编号")


def run(options: Namespace) -> int:
    """Print where every office stands; 0 whatever that is."""
    from workbook.exchange.progress import progress, uncertain_years
    from workbook.files import stamp

    exchange, today = dispatched(options.folder), stamp().date()
    found = progress(exchange, today)
    years = uncertain_years(found, today)
    if options.json:
        print_json({"folder": str(exchange.path), "today": today.isoformat(), "weekends_only": years,
                    "offices": [one.as_json() for one in found]})
    elif not options.quiet:
        print(printed("\n".join(_table(found))))
        print(summary(found))
        say_uncertain(years)
    return 0


def dispatched(folder: str) -> Exchange:
    """The 往来 folder; raises Refusal where nothing was ever sent from it."""
    from workbook.exchange.folder import Exchange

    exchange = Exchange.opened(folder)
    if not exchange.dispatches():
        raise Refusal(f"{folder}：这里还没有下发过。请核对文件夹，或先用 taizhang dispatch 下发。")
    return exchange


def summary(found: list[Progress]) -> str:
    """`7 个股室：已合并 2，已交回 1，未交回 4（逾期 3）。`"""
    counts: dict[str, int] = {}
    for one in found:
        counts[one.state.value] = counts.get(one.state.value, 0) + 1
    late = sum(one.late and one.waiting for one in found)
    told = "，".join(f"{state} {count}" for state, count in counts.items())
    return f"{len(found)} 个股室：{told}{f'；逾期未交 {late}' if late else ''}。"


def say_uncertain(years: list[int]) -> None:
    """Say of which years the holidays are not known."""
    if years:
        warn(f"{'、'.join(map(str, years))}年的放假安排程序里没有，逾期的工作日只扣了周末。")


def lateness(one: Progress) -> str:
    """`逾期 3 个工作日`, `迟交 1 个工作日`, or nothing."""
    if not one.late:
        return ""
    word = "逾期" if one.waiting or not one.returned else "迟交"
    return f"{word} {one.overdue} 个工作日" if one.overdue else word


def _table(found: list[Progress]) -> list[str]:
    from workbook.exchange.register import moment
    from workbook.standard.look import display_width

    rows = [_HEADERS, *((one.office, one.code, one.state.value, one.due or "未定", moment(one.returned) or "—",
                         lateness(one) or "—", moment(one.contact), one.dispatch) for one in found)]
    widths = [max(map(display_width, column)) for column in zip(*rows, strict=True)]
    padded = ([cell + " " * (width - display_width(cell)) for cell, width in zip(row, widths, strict=True)]
              for row in rows)
    return ["  ".join(row).rstrip() for row in padded]
