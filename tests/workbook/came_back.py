"""A 往来 folder from which two offices were sent a book, and what may become of such a book on its way back."""

from __future__ import annotations

import atexit
import io
import re
import shutil
import tempfile
import zipfile
from functools import cache
from pathlib import Path

from tests.ledgers import HEAD, ONE_CHAPTER
from workbook.book import recognize
from workbook.exchange.collecting import Collected, collect
from workbook.exchange.dispatching import dispatch, prepare
from workbook.exchange.folder import Exchange
from workbook.exchange.mail.opening import from_path
from workbook.exchange.register import write_register
from workbook.exchange.returned import returned
from workbook.identity import with_ids
from workbook.standard.cached import cached_values
from workbook.standard.writer import write
from workbook.text import parse

OFFICES = """
    ## 股室

    | 代码 | 名称 | 邮箱 | 角色 |
    |---|---|---|---|
    | BGS | 办公室 | bgs@lx.example | 填报 |
    | JZG | 救助股 | jzg@lx.example | 填报 |
"""
TASKS = """
    ## 任务

    | 编号 | 章节 | 任务名称 | 责任股室 | 完成时限 | 状态 |
    |---|---|---|---|---|---|
    | RW-1 | 1 | 修订办法 | 办公室 | 2025-06-30 | 进行中 |
    | RW-2 | 1 | 清理文件 | 救助股 | 2025-06-30 | 进行中 |
"""


@cache
def _made(office: str, due: tuple[str, ...]) -> Path:
    """A folder with a dispatch for each due date, made once."""
    place = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    tables = "\n".join(line.strip() for line in (OFFICES + TASKS).splitlines())
    text = HEAD.replace("临溪县民政局", office) + ONE_CHAPTER + tables
    book = recognize(with_ids(parse(text, "试.md")))
    (place / "台账.xlsx").write_bytes(write(book, cached_values(book)))
    exchange = Exchange.opened(place / "往来")
    for one in due:
        with exchange.lock():
            dispatch(exchange, prepare(str(place / "台账.xlsx")), one)
    return place


def folder(target: Path, office: str = "临溪县民政局", due: tuple[str, ...] = ("2025-12-05",)) -> Exchange:
    """A copy of such a 往来 folder, to be changed."""
    shutil.copytree(_made(office, due) / "往来", target / "往来")
    return Exchange.opened(target / "往来")


def sent(exchange: Exchange, code: str, at: int = 0) -> bytes:
    """The book an office was sent with one dispatch."""
    one = next(one for one in exchange.dispatches()[at].offices if one.code == code)
    return exchange.read(one.file)


def changed(data: bytes, part: str, old: str, new: str) -> bytes:
    """The same package with a text of the parts of a name (a pattern) replaced; what is not there is our mistake."""
    out, times = io.BytesIO(), 0
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if re.search(part, name):
                text, count = re.subn(old, new, content.decode())
                content, times = text.encode(), times + count
            target.writestr(name, content)
    assert times, (part, old)
    return out.getvalue()


def saved(data: bytes, when: str, note: str = "") -> bytes:
    """The same book as a program saves it at another time (ISO, UTC)."""
    told = rf"\g<1>{when}<"
    fresh = changed(data, r"docProps/core\.xml", r"(<dcterms:modified[^>]*>)[^<]*<", told)
    return changed(fresh, r"sharedStrings|sheet\d+\.xml", "修订办法|清理文件", note) if note else fresh


def taken(exchange: Exchange, *sources: Path) -> list[Collected]:
    """What collecting these says, without a process of its own."""
    with exchange.lock():
        lines = list(collect(exchange, (one for path in sources for one in from_path(path, exchange.path)), returned))
        write_register(exchange)
    return lines


def verdicts(exchange: Exchange, *sources: Path) -> list[str]:
    return [one.received.verdict for one in taken(exchange, *sources)]
