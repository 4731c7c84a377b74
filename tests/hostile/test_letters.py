"""Every hostile letter gets its lines in the register and no others; nothing is lost, started, fetched or misplaced."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.hostile.letters import LETTERS, Sent
from tests.hostile.running import run
from tests.hostile.test_books import bounded
from tests.workbook.came_back import folder, sent, taken
from workbook.exchange.collecting import Collected
from workbook.exchange.folder import VERDICTS

KEPT = re.compile(r"收回/[0-9a-f]{16}\.(?:xlsx|xls|zip|eml|bin)")
STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\ufeff\ud800-\udfff]")


def cases() -> list[object]:
    return [pytest.param(one, id=name, marks=pytest.mark.conformance if one.heavy else ())
            for name, one in LETTERS.items()]


def safely_told(line: Collected) -> None:
    """A line of the register is one line of a known verdict, and steers nothing."""
    told = line.received
    assert told.verdict in VERDICTS
    assert not STEERING.search(told.name + told.source + line.why + line.sender), line
    assert told.name
    assert not told.stored or KEPT.fullmatch(told.stored)


@pytest.mark.parametrize("letter", cases())
def test_it_gets_its_lines_and_no_others(letter: Sent, tmp_path: Path) -> None:
    exchange, inbox = folder(tmp_path), tmp_path / "收件箱"
    inbox.mkdir()
    source = inbox / letter.file
    source.write_bytes(letter.make(sent(exchange, "BGS")))
    before = source.read_bytes()
    lines = taken(exchange, inbox)
    assert tuple(one.received.verdict for one in lines) == letter.verdicts, [one.why for one in lines[:3]]
    for line in lines:
        safely_told(line)
    assert source.read_bytes() == before
    assert {one.name for one in tmp_path.iterdir()} == {"往来", "收件箱"}
    assert [one.name for one in inbox.iterdir()] == [letter.file]
    assert not any("逃" in one.name for place in (tmp_path.parent, exchange.path) for one in place.iterdir())
    assert [one.new for one in taken(exchange, inbox)] == [False] * len(lines)


@pytest.mark.conformance
def test_all_of_them_together_in_bounds(tmp_path: Path) -> None:
    exchange, inbox = folder(tmp_path), tmp_path / "收件箱"
    expected = 0
    for number, letter in enumerate(one for one in LETTERS.values() if not one.heavy):
        place = inbox / f"{number:03d}"
        place.mkdir(parents=True)
        (place / letter.file).write_bytes(letter.make(sent(exchange, "BGS")))
        expected += len(letter.verdicts)
    ended = run(tmp_path, "collect", "收件箱", "--to", "往来", "--quiet")
    bounded(ended)
    assert ended.code == 1
    assert len(exchange.received()) == expected
    assert all(one.startswith("往来/") for one in ended.left)


@pytest.mark.conformance
@pytest.mark.parametrize("letter", [pytest.param(one, id=name) for name, one in LETTERS.items() if one.heavy])
def test_a_heavy_one_in_bounds(letter: Sent, tmp_path: Path) -> None:
    exchange = folder(tmp_path)
    (tmp_path / letter.file).write_bytes(letter.make(sent(exchange, "BGS")))
    bounded(run(tmp_path, "collect", letter.file, "--to", "往来"))
    assert len(exchange.received()) == len(letter.verdicts)
