"""`taizhang check`: every fault of a ledger, each with its cell and what to do."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path

from scripts.check_one import Checked, Order, check_guarded, check_one, crashed, put
from scripts.common import inputs, print_json, print_line, tell, warn
from scripts.workers import in_turn
from workbook.findings import Refusal

STEPS = 20
"""How often a long run says how far it is, where no terminal shows it."""
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
    bare = not options.html and (options.json or options.ndjson or options.quiet)
    return [Order(str(source), out, copy, bare)
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
    checked = []
    for one in _results(orders, options):
        checked.append(one)
        _show(one, options)
    if options.html:
        _write_page(checked, options)
    if options.json:
        print_json({"files": [one.as_json() for one in checked]})
    if len(checked) > 1:
        _summarize(checked, options)
    return max(one.code(strict=options.strict) for one in checked)


def _results(orders: list[Order], options: Namespace) -> Iterator[Checked]:
    if len(orders) == 1:
        yield check_one(orders[0])
        return
    for number, one in enumerate(in_turn(check_guarded, orders, options.jobs, crashed), 1):
        _progress(number, len(orders), options)
        yield one


def _progress(number: int, total: int, options: Namespace) -> None:
    """How far a long run is; on a terminal the findings themselves show it, where they are printed."""
    if options.quiet:
        return
    if sys.stderr.isatty():
        if options.json:
            print(f"\r已检查 {number}/{total}", end="" if number < total else "\n", file=sys.stderr, flush=True)
    elif number % max(1, total // STEPS) == 0 or number == total:
        warn(f"已检查 {number}/{total}")


def _show(one: Checked, options: Namespace) -> None:
    """One file's result as soon as it is there."""
    if options.ndjson:
        print_line(one.as_json())
    if one.refusal:
        warn(one.refusal)
    elif not (options.json or options.ndjson):
        _print_findings(one, options)


def _print_findings(one: Checked, options: Namespace) -> None:
    from scripts import check_text
    from scripts.terminal import screen

    if options.quiet:
        for finding in one.findings:
            if finding.blocks:
                print(f"{one.file}：{check_text.one_line(finding)}")
        return
    view = check_text.View(screen(), _titles(), options.all)
    for line in check_text.lines(one, view):
        print(line)
    if one.marked:
        print(f"已在台账里标出来：{one.marked}。改好后去掉标注：taizhang check --unmark。")
    print(check_text.what_next(one))


def _titles() -> dict[str, str]:
    from workbook.faults import FAULTS
    from workbook.rules.every import explained

    return {code: explained(code)[0] for code in FAULTS}


def _summarize(checked: list[Checked], options: Namespace) -> None:
    from scripts import check_text
    from scripts.terminal import screen

    for line in check_text.summary(checked, screen()):
        tell(line, options)


def _write_page(checked: list[Checked], options: Namespace) -> None:
    from templates.findings_page import Part, to_page
    from workbook.files import write_atomic

    parts = [Part(one.file, str(one.plate or ""), one.refusal, one.sightings) for one in checked]
    write_atomic(options.html, to_page(parts, _titles()).encode())
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
    return _check([Order(target)], options)


if __name__ == "__main__":
    from scripts.cli import main

    sys.exit(main(["check", *sys.argv[1:]]))
