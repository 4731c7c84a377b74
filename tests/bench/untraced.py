"""`taizhang` without what carries the cells: no bookmarks, no manifest, no .trace.json. Takes the same arguments."""

from __future__ import annotations

import sys

import scripts.convert
from scripts.cli import main
from templates.report import Report, render
from workbook.files import write_atomic


def _write(order: scripts.convert.Order, report: Report) -> tuple[str, ...]:
    write_atomic(order.output, render(report, order.form))
    return ()


if __name__ == "__main__":
    scripts.convert._write = _write
    sys.exit(main())
