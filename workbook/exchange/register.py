"""收发登记簿: the journal of a 往来 folder as a clerk reads it, a line for every book sent and every thing received."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from workbook.exchange.folder import REGISTER, Exchange
from workbook.exchange.posting import DOUBTFUL, MAILED, MAILING, UNMAILED, letter_id
from workbook.faults import safe
from workbook.files import make_folder, write_atomic
from workbook.findings import Refusal
from workbook.standard import look
from workbook.standard.writer import CREATED
from workbook.standard.xlsx_cells import LONGEST_TEXT, shown_text

if TYPE_CHECKING:
    from xlsxwriter import Workbook

_SENT = (("时间", 18), ("下发编号", 20), ("代码", 10), ("股室", 20), ("截止日期", 12), ("文件", 44), ("发送", 34))
_RECEIVED = (("时间", 16), ("股室", 14), ("登记", 10), ("收到的名称", 28), ("来源", 26), ("下发编号", 17),
             ("保存时间", 16), ("编号", 18), ("原件", 26), ("说明", 40), ("处理", 22))
_LETTERS = (("时间", 18), ("信件", 10), ("代码", 10), ("股室", 20), ("收件人", 40), ("结果", 44))
_LET_IN = ("可疑", "他单位")
_LEAST_ROWS = 1


def write_register(exchange: Exchange) -> None:
    """Write 收发登记簿.xlsx anew from the journal; raises Refusal where it is open in Excel."""
    make_folder(exchange.path)
    write_atomic(exchange.path / REGISTER, register_bytes(exchange), keep=True, durable=True)


def try_register(exchange: Exchange) -> str:
    """The same; where it is open in Excel, what to say of it: the journal has everything."""
    try:
        write_register(exchange)
    except Refusal as why:
        return f"收发登记簿没有更新，往来记录都在，再运行一次会补上。{why}"
    return ""


def register_bytes(exchange: Exchange) -> bytes:
    """The register as xlsx bytes; the same journal gives the same bytes."""
    from xlsxwriter import Workbook

    target, events = BytesIO(), exchange.events()
    made = Workbook(target, {"in_memory": True, "default_format_properties": look.DEFAULTS})
    made.set_properties({"created": CREATED, "author": "", "title": "收发登记簿"})
    looks = look.Looks(made)
    _sheet(made, looks, "下发", _SENT, list(_sent(exchange, events)))
    _sheet(made, looks, "收回", _RECEIVED, list(_came_back(exchange, events)))
    _sheet(made, looks, "发信", _LETTERS, list(_letters(events)))
    made.close()
    return target.getvalue()


def moment(text: str) -> str:
    """An ISO moment as a clerk reads it: 2025-03-08 09:30."""
    try:
        return f"{dt.datetime.fromisoformat(text):%Y-%m-%d %H:%M}"
    except ValueError:
        return text


def _sent(exchange: Exchange, events: Sequence[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    mailed = {str(event.get("letter")): event for event in events if event["event"] == MAILED}
    for dispatch in exchange.dispatches():
        for one in dispatch.offices:
            mail = mailed.get(letter_id(dispatch.id, one.code))
            how = f"{moment(str(mail['at']))} 已发邮件 {mail['to']}" if mail else ""
            yield moment(dispatch.made), dispatch.id, one.code, one.office, dispatch.due, one.file, how


def _letters(events: Iterable[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    """Every letter that was begun, by what became of it."""
    begun: dict[str, dict[str, Any]] = {}
    for event in events:
        if event["event"] == MAILING:
            yield from _letter(begun.pop(event["letter"], None), DOUBTFUL)
            begun[event["letter"]] = event
        elif event["event"] in (MAILED, UNMAILED) and "letter" in event:
            begun.pop(event["letter"], None)
            yield from _letter(event, f"没有发出去：{event['why']}" if event["event"] == UNMAILED else "已发")
    for event in begun.values():
        yield from _letter(event, DOUBTFUL)


def _letter(event: dict[str, Any] | None, became: str) -> Iterator[tuple[str, ...]]:
    if event is not None:
        yield moment(str(event["at"])), event["kind"], event["code"], event["office"], event["to"], became


def _came_back(exchange: Exchange, events: Sequence[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    fates = dict(_fates(events))
    whys = [str(event.get("why", "")) for event in events if event["event"] == "received"]
    for one, why in zip(exchange.received(), whys, strict=True):
        done = fates.get(one.id, "") if one.verdict != "重复" else ""
        verdict = f"{one.verdict}（已准收）" if one.accepted and one.verdict in _LET_IN else one.verdict
        yield (moment(one.received), one.office, verdict, one.name, one.source, one.dispatch, moment(one.saved),
               one.id, one.stored, why, done)


def _fates(events: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """What became of an original, by its id; the last word counts."""
    for event in events:
        when = moment(str(event.get("at", "")))
        if event["event"] == "merged":
            yield str(event["received"]), f"{when} 已合并"
        elif event["event"] == "sent_back":
            yield str(event["received"]), f"{when} 已退回"
        elif event["event"] == "accepted":
            yield str(event["received"]), f"{when} 准予收下"


def _sheet(made: Workbook, looks: look.Looks, title: str, columns: Sequence[tuple[str, int]],
           rows: Sequence[Sequence[str]]) -> None:
    sheet = made.add_worksheet(title)
    sheet.hide_gridlines(2)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    for at, (name, width) in enumerate(columns):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, name, looks(look.HEADER, bg_color=look.NAVY, font_color="#FFFFFF"))
    shown = looks(look.LEFT, num_format=look.TEXT_FORMAT)
    for number, row in enumerate(rows, 1):
        deepest = max(look.lines(value, width) for value, (_, width) in zip(row, columns, strict=True))
        sheet.set_row_pixels(number, look.height(deepest))
        for at, value in enumerate(row):
            sheet.write_string(number, at, safe(shown_text(value))[:LONGEST_TEXT], shown)
    sheet.autofilter(0, 0, max(len(rows), _LEAST_ROWS), len(columns) - 1)
