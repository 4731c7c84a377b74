"""A fleet of returns merged into one master: CPU and memory of whole processes, and whether memory stays flat.

1,000 returns of 482 new rows; --large: 5,000 of 160, since a sheet of Excel ends at 1,048,576 rows. naive and peer as
in `tests.bench.merging`; the naive script holds every cell as an object, so it gets a tenth of the returns and its
time is multiplied. Every command runs once: minutes each.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.measure import Usage, run

GOAL = "≤ 10 s, ≤ 200 MB, flat"
_TENTH = 10


def lines(folder: Path, *, large: bool) -> Iterator[str]:
    """The table, line by line."""
    yield "| merge | naive (a tenth × 10) | peer | ours | ratio | ms a return | goal |\n|---|---|---|---|---|---|---|"
    for number, rows in ((1000, 482), *([(5000, 160)] if large else [])):
        yield _row(folder, number, rows)


def _row(folder: Path, number: int, rows: int) -> str:
    place, tenth = folder / f"fleet{number}", folder / f"fleet{number // _TENTH}of{number}"
    for target, count in ((place, number), (tenth, number // _TENTH)):
        run((sys.executable, "-m", "tests.bench.merging", "prepare", str(target), str(count), "new", str(rows)))
    used = run((sys.executable, "-m", "tests.bench.merging", "naive", str(tenth)))
    naive = Usage(used.cpu * _TENTH, used.memory)
    peer = run((sys.executable, "-m", "tests.bench.merging", "peer", str(place)))
    ours = run((str(Path(sys.executable).with_name("taizhang")), "merge", str(place / "台账.xlsx"), "--from",
                str(place / "退回的表"), "-o", str(place / "合并.xlsx"), "--quiet", "-j", "1"), (0, 1))
    told = " | ".join(f"{one.cpu:.1f} s, {one.memory:.0f} MB" for one in (naive, peer, ours))
    return (f"| {number:,} returns of {rows} new rows | {told} | {ours.cpu / naive.cpu:.2f} naive, "
            f"{ours.cpu / peer.cpu:.2f} peer | {ours.cpu / number * 1000:.0f} | {GOAL} |")
