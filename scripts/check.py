"""`taizhang check`: every fault of a ledger, each with its cell and what to do."""

from __future__ import annotations

import sys
import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.batch.result import Result, Trade, Voice, voice_of
from scripts.check_one import Checked, Order, check_one, crashed, put
from scripts.check_page import part_of, titles, write_page
from scripts.common import inputs, tell
from scripts.terminal import Screen
from workbook.findings import Refusal

if TYPE_CHECKING:
    from templates.findings_page import Part

Found = list[tuple[Path, Path]]


def run(options: Namespace) -> int:
    """Check every input; the highest exit code counts."""
    _refuse_odd(options)
    found = inputs(options.books)
    if options.unmark:
        return _unmark(found, options)
    if options.acknowledge:
        return _acknowledge(found, options)
    return _check(_orders(found, options), options)


def _refuse_odd(options: Namespace) -> None:
    """Options that make sense only together."""
    if options.output and not (options.fix or options.unmark or options.acknowledge):
        raise Refusal("-o 要和 --fix、--unmark 或 --acknowledge 一起用；网页清单用 --html，在台账里标出来用 --mark。")
    if (options.fix or options.unmark or options.acknowledge) and not options.output:
        raise Refusal("请用 -o 说明改好的台账写到哪里，如：-o 新台账.xlsx。")
    if bool(options.acknowledge) != bool(options.reason):
        raise Refusal("--acknowledge 要和 --reason 一起用，如：--acknowledge D008@任务!J3 --reason 县里已同意延期。")
    if options.unmark and (options.fix or options.mark or options.acknowledge):
        raise Refusal("--unmark 只去掉标注，不能和 --fix、--mark、--acknowledge 一起用。")


def _orders(found: Found, options: Namespace) -> list[Order]:
    mended = _targets(found, options.output, "-o") if options.fix else repeat("")
    marked = _targets(found, options.mark, "--mark") if options.mark else repeat("")
    voice = voice_of(options)
    return [Order(str(source), out, copy, voice, bool(options.html), options.strict)
            for (source, _), out, copy in zip(found, mended, marked, strict=False)]


def _targets(found: Found, out: str, option: str) -> list[str]:
    """Where each file's result goes: the file that was named, or its own name in the folder that was named.

    Raises Refusal where a folder would put a result over a file that was given.
    """
    target = Path(out)
    folder = target.is_dir() or out.endswith(("/", "\\")) or not target.suffix
    if len(found) > 1 and not folder:
        raise Refusal(f"有 {len(found)} 个台账，{option} 要写文件夹，不能写“{out}”。")
    if not folder:
        return [out]
    places = [target / relative for _, relative in found]
    given = {source.resolve() for source, _ in found}
    for place in places:
        if place.resolve() in given:
            raise Refusal(f"{option} {out} 会盖掉原来的台账“{place}”。请另写一个文件夹。")
        if places.count(place) > 1:
            raise Refusal(f"有两个台账都叫“{place.name}”，会写成同一个文件。请分两次做。")
    return list(map(str, places))


def _check(orders: list[Order], options: Namespace) -> int:
    from scripts.batch.alone import alone, is_batch

    if is_batch(orders, options):
        return _check_many(orders, options)
    result = check(orders[0])
    code = alone(result, orders[0].voice, TRADE.key)
    if options.html:
        _write_page([result.facts[1]], options)
    return code


def _check_many(orders: list[Order], options: Namespace) -> int:
    from scripts.batch.run import Batch

    if options.resume and options.html:
        raise Refusal("--html 要有每一本的结果，不能和 --resume 一起用。请去掉其中一个。")
    batch = Batch(TRADE, orders, options, settings=[bool(options.fix), bool(options.mark), options.strict])
    rows, parts = [], []
    for result in batch.results():
        rows.append(result.facts[0] if result.facts else (result.source, TRADE.words[result.status]))
        parts += [result.facts[1]] if options.html else []
    if options.html:
        _write_page(parts, options)
    return batch.finish(_table(rows, options))


def check(order: Order) -> Result:
    """One ledger checked, with everything that is printed of it."""
    started = time.perf_counter()
    return _told(check_one(order), order, time.perf_counter() - started)


def _lost(order: Order, why: str) -> Result:
    return _told(crashed(order, why), order, 0.0)


TRADE = Trade("check", "已检查", "本", "files", check, _lost,
              {"ok": "可以出报告", "errors": "有错误", "unusable": "不能用", "failed": "没检查完"},
              frozenset(("unusable", "failed")))


def _row(one: Checked) -> tuple[str, ...]:
    from scripts import check_text

    return check_text.counts(one)


def _said(one: Checked, voice: Voice) -> Iterator[str]:
    if one.refusal or voice.written:
        return
    from scripts import check_text

    if voice.quiet:
        yield from (f"{one.file}：{check_text.one_line(finding)}" for finding in one.findings if finding.blocks)
        return
    yield from check_text.lines(one, check_text.View(voice.screen or Screen(), titles(), voice.everything))
    if one.marked:
        yield f"已在台账里标出来：{one.marked}。改好后去掉标注：taizhang check --unmark。"
    yield check_text.what_next(one)


def _told(one: Checked, order: Order, seconds: float) -> Result:
    voice = order.voice
    message = one.refusal or (one.findings[0].message if one.crash else "")
    return Result(one.file, one.status, one.code(strict=order.strict), tuple(filter(None, (one.mended, one.marked))),
                  message, seconds, "\n".join(_said(one, voice)), one.refusal,
                  voice.document(one.as_json()) if voice.written else "",
                  (_row(one), part_of(one) if order.page else None))


def _table(rows: Sequence[tuple[str, ...]], options: Namespace) -> list[str]:
    """A folder at a glance, for a person who did not ask for silence."""
    from scripts import check_text

    voice = voice_of(options)
    return list(check_text.at_a_glance(rows, voice.screen or Screen())) if voice.speaks else []


def _write_page(parts: Sequence[Part], options: Namespace) -> None:
    write_page(parts, options.html)
    tell(f"清单已写成网页：{options.html}，双击打开，可以筛选、打印。", options)


def _unmark(found: Found, options: Namespace) -> int:
    """Take our marks out of a ledger; nothing is checked."""
    from workbook.files import read_bytes
    from workbook.patching.marks import unmarked

    for (source, _), target in zip(found, _targets(found, options.output, "-o"), strict=True):
        put(target, unmarked(read_bytes(source), path=str(source)))
        tell(f"已去掉标注：{target}", options)
    return 0


def _acknowledge(found: Found, options: Namespace) -> int:
    """Write what was looked at into 已知问题, then check the result."""
    from scripts.acknowledging import acknowledge

    if len(found) > 1:
        raise Refusal("确认要一本一本地做：--acknowledge 只能对一个台账。")
    source = str(found[0][0])
    target, = _targets(found, options.output, "-o")
    put(target, acknowledge(source, options.acknowledge, options.reason))
    tell(f"已写进“已知问题”：{target}", options)
    return _check([Order(target, voice=voice_of(options), page=bool(options.html), strict=options.strict)], options)


if __name__ == "__main__":
    from scripts.cli import main

    sys.exit(main(["check", *sys.argv[1:]]))
