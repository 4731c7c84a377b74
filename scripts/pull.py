"""`taizhang pull`: wording that was edited in Word goes back into the cells it came from."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING

from scripts.common import print_json, tell
from scripts.comparing import compare
from scripts.verify import clipped, difference, verdict_json
from workbook.findings import Refusal

if TYPE_CHECKING:
    from templates.provenance.pull import Change, Pulled


def run(options: Namespace) -> int:
    """Write what is clear, tell what is not, and return 1 where anything is left to settle."""
    from templates.provenance.pull import pull

    if not options.output and not options.dry_run:
        raise Refusal("请用 -o 说明改好的台账写到哪里，如：-o 新台账.xlsx；只看不写，加 --dry-run。")
    pulled = pull(compare(options).checked)
    if not options.dry_run:
        _write(options, pulled)
    if options.json:
        print_json({"report": options.report, "ledger": options.book,
                    "output": "" if options.dry_run else options.output, **_as_json(pulled)})
    for line in _lines(pulled):
        tell(line, options)
    tell(_summary(pulled, options), options)
    return int(bool(pulled.conflicts or pulled.unplaced))


def _write(options: Namespace, pulled: Pulled) -> None:
    from templates.provenance.pull import cells_of
    from workbook.files import read_bytes, write_atomic
    from workbook.patching.cells import with_cells
    from workbook.patching.figures import with_figures

    data = read_bytes(options.book)
    cells = cells_of(pulled.changes)
    done = with_figures(with_cells(data, cells, path=options.book), path=options.book) if cells else data
    write_atomic(options.output, done, keep=True, durable=True)


def _as_json(pulled: Pulled) -> dict[str, object]:
    return {
        "changes": [one._asdict() for one in pulled.changes],
        "conflicts": [one._asdict() for one in pulled.conflicts],
        "figures": [verdict_json(one) for one in pulled.figures],
        "unplaced": [one._asdict() for one in pulled.unplaced],
    }


def _lines(pulled: Pulled) -> Iterator[str]:
    for change in pulled.changes:
        yield f"改 {change.cell}{_typed(change)}"
        yield f"    原来　{change.before}"
        yield f"    现在　{change.after}"
    for conflict in pulled.conflicts:
        yield f"冲突 {conflict.cell} {conflict.column}　{conflict.reason}。这一格没有动。"
        yield from (f"    {name}　{text}" for name, text in
                    (("原来", conflict.base), ("台账", conflict.ours), ("报告", conflict.theirs)))
    for one in pulled.figures:
        now = f"报告里是“{one.report}”" if one.report else "报告里没有了"
        cells = "、".join(one.mark.cells[:3])
        yield f"数 {one.mark.phrase}　{now}；数不收回，请改台账（{cells}）　{clipped(one.context, one.report)}"
    for left in pulled.unplaced:
        yield f"收不回　{difference(left.before, left.after)}　{left.reason}。"


def _typed(change: Change) -> str:
    return f"　其中的数 {'、'.join(change.numbers)} 是手写的，没有出处" if change.numbers else ""


def _summary(pulled: Pulled, options: Namespace) -> str:
    done = "可以收回" if options.dry_run else "收回"
    target = "" if options.dry_run else f"，已写成 {options.output}"
    return (f"{options.report}：{done} {len(pulled.changes)} 格，冲突 {len(pulled.conflicts)} 格，"
            f"收不回 {len(pulled.unplaced)} 处，改过的数 {len(pulled.figures)} 个没有收{target}。")
