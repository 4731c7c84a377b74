"""拆分下发, 收回合并, 年度结转: what `dispatch`, `collect` and `merge`, `rollover` do, from the open workbook.

They read the workbook's file, so they ask before it is saved; results are new files beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from addin.busy import passing
from addin.choosing import choose_folder
from addin.fresh import free_name, opened
from addin.reports import beside
from addin.sheet import OpenBook
from workbook.findings import Refusal

if TYPE_CHECKING:
    from workbook.exchange.dispatching import Dispatched, Prepared
    from workbook.exchange.folder import Exchange
    from workbook.rollover.rollover import Rolled

FOLDER, MERGED = "往来", "合并"
SHOWN = 8
NOT_SENT, NOT_MERGED, NOT_MADE = "没有下发，台账没有改动。", "没有合并，台账没有改动。", "没有结转。"
WHERE = "收回的表（邮件、附件、压缩包都行）放在哪个文件夹？"


def send_out(book: OpenBook) -> str:
    """Write a workbook, a draft and a notice for every office into the folder 往来 beside the workbook.

    Only on yes: rows get their ids and the workbook is saved. Raises Refusal where a sheet is
    protected, the workbook is read-only, or its ledger must not be sent.
    """
    from workbook.exchange.dispatching import dispatch, prepare
    from workbook.exchange.folder import Exchange
    from workbook.exchange.letters.dispatch_letters import mails, write_drafts, write_notices
    from workbook.exchange.register import try_register

    path = beside(book)
    exchange = Exchange.opened(path.parent / FOLDER)
    question = f"按“股室”表拆成每个股室一本，写到：\n{exchange.path}\n会补上内部编号，并保存这本台账。现在下发吗？"
    if book.ask(question, "台账 拆分下发") != "yes":
        return NOT_SENT
    order = prepare(str(_saved(book)))
    if order.ids:
        _put_ids(book, order)
        order = prepare(str(_saved(book)))
    with exchange.lock():
        done = dispatch(exchange, order)
        found = mails(done.standing)
        write_notices(exchange, order.sender, found)
        write_drafts(exchange, order.sender, found)
        said = try_register(exchange)
    return _sent(exchange, order, done, said)


def take_back(book: OpenBook) -> str:
    """Collect what came back, merge it into a new workbook beside this one, and open that.

    What was sent out from the folder 往来 beside the workbook is collected into it first; else the chosen
    folder is merged as it is. Raises Refusal where nothing can be merged.
    """
    from templates.merging import Order, merge
    from workbook.exchange.incoming import is_exchange

    path = beside(book)
    ours = path.parent / FOLDER
    source = choose_folder(book, WHERE, ours if ours.is_dir() else path.parent)
    question = "合并前要保存这本台账；合并的结果写成新文件，原来的不动。现在合并吗？"
    if source is None or book.ask(question, "台账 收回合并") != "yes":
        return NOT_MERGED
    warned, exchange = _collected(ours, source) if is_exchange(ours) else ([], source)
    book.tell("正在合并……")
    target = free_name(path.parent, f"{path.stem}.{MERGED}", path.suffix)
    told = merge(Order(str(_saved(book)), exchange, str(target)), warned.append)
    return "\n".join([f"已合并{opened(book.app, target)}：{target}", *warned, *_first(told.lines(str(target)))])


def next_year(book: OpenBook) -> str:
    """Write the next year's ledger beside the workbook, and open it; the workbook itself stays as it is.

    Raises Refusal where it is no whole ledger, or a plan period ends and its successor has no name yet.
    """
    from workbook.book import recognize
    from workbook.files import write_atomic
    from workbook.gate import admit
    from workbook.ledger import Ledger
    from workbook.rollover.rollover import rollover
    from workbook.standard.making import workbook_bytes

    path, raw = beside(book), book.raw()
    head = Ledger(admit(recognize(raw))).head
    year = (head.year or 0) + 1
    target = free_name(path.parent, f"{head.text('机关全称')}{year}年台账")
    made = rollover(raw, year, path=target.name)
    question = f"由这本台账建 {year} 年的台账，写到：\n{target}\n这本台账不动。现在结转吗？"
    if book.ask(question, "台账 年度结转") != "yes":
        return NOT_MADE
    write_atomic(target, workbook_bytes(made.raw), durable=True)
    return f"已结转{opened(book.app, target)}：{target}\n{_carried(made)}"


def _carried(made: Rolled) -> str:
    """How many lines of each fate, and those that a person should see."""
    from workbook.rollover.notes import Fate

    counts = Counter(one.fate for one in made.notes)
    told = [f"{one.fate}　{one.sheet} {one.key}　{one.text}" for one in made.notes
            if one.fate in (Fate.SETTLE, Fate.LOOK)]
    return "\n".join(["，".join(f"{fate} {count} 条" for fate, count in counts.items()) + "。", *_first(told)])


def _saved(book: OpenBook) -> Path:
    """Save the workbook where it stands, and say where; raises Refusal where it is read-only."""
    if book.read_only:
        raise Refusal(f"{book.name}：是只读打开的，保存不了。请另存一份，再试一次。")
    book.tell("正在保存台账……")
    book.book.save()
    return beside(book)


def _put_ids(book: OpenBook, order: Prepared) -> None:
    """Fill the missing ids into the open workbook: all or, where a sheet is protected, none."""
    sheets = "、".join(f"“{name}”" for name in dict.fromkeys(cell.sheet for cell in order.ids))
    with book.still():
        try:
            book.put(order.ids)
        except Exception as why:
            if passing(why):
                raise
            raise Refusal(f"工作表{sheets}里有受保护的，补不进内部编号，没有下发。"
                          "请先在“审阅”里撤销工作表保护，再试一次。") from why


def _sent(exchange: Exchange, order: Prepared, done: Dispatched, said: str) -> str:
    if done.new:
        count = len({one.code for one in done.new.offices})
        lines = [f"已下发 {count} 个股室：{exchange.path / done.new.id}",
                 "“下发”里是表，“邮件”里是邮件草稿，“通知.txt”可以贴到工作群。"]
    else:
        lines = [f"各股室的内容都没有变，没有再发一次。已经下发的在：{exchange.path}"]
    stays = [str(one) for one in order.stays if one.settle]
    if stays:
        lines += [f"{len(stays)} 行没有下发给任何股室：", *_first(stays)]
    return "\n".join([*lines, *filter(None, (said,))])


def _collected(folder: Path, source: Path) -> tuple[list[str], Path]:
    """Take what came into the folder 往来; what to say of it, and the folder to merge from."""
    from workbook.exchange.apart import apart
    from workbook.exchange.collecting import collect, dispatched
    from workbook.exchange.folder import Exchange
    from workbook.exchange.mail.opening import from_path
    from workbook.exchange.register import try_register

    exchange = Exchange.opened(folder)
    dispatched(exchange)
    if source.resolve() == folder.resolve():
        return [], folder
    with exchange.lock(), apart() as process:
        lines = list(collect(exchange, from_path(source, without=folder), process.look))
        said = try_register(exchange)
    aside = [f"搁置：{one.received.name}（{one.received.verdict}：{one.why}）" for one in lines if one.open]
    return [f"登记 {sum(one.new for one in lines)} 件。", *_first(aside), *filter(None, (said,))], folder


def _first(lines: Iterable[str]) -> list[str]:
    """The first lines of many."""
    said = list(lines)
    return said[:SHOWN] + ([f"……还有 {len(said) - SHOWN} 行。"] if len(said) > SHOWN else [])
