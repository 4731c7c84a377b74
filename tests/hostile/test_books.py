"""Every hostile workbook ends as its line says: read in full and right, or refused in one sentence; nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.books import BOOKS, Hostile, sound
from tests.hostile.running import LARGEST, LONGEST, Ended, run


def cases() -> list[object]:
    return [pytest.param(name, one, id=name, marks=() if one.quick else pytest.mark.conformance)
            for name, one in BOOKS.items()]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the sound ledger says, as text."""
    folder = tmp_path_factory.mktemp("完好")
    (folder / "台账.xlsx").write_bytes(sound())
    return run(folder, "dump", "台账.xlsx").out


def bounded(ended: Ended) -> None:
    assert ended.code in (0, 1, 2), ended
    assert ended.seconds < LONGEST
    assert ended.memory <= LARGEST
    assert "Traceback" not in ended.error
    assert "root:" not in ended.out + ended.error


@pytest.mark.parametrize(("name", "hostile"), cases())
def test_it_is_read_in_full_or_refused_in_a_sentence(name: str, hostile: Hostile, plain: str, tmp_path: Path) -> None:
    folder = tmp_path / "台账"
    folder.mkdir()
    (folder / "台账.xlsx").write_bytes(hostile.make())
    ended = run(folder, "dump", "台账.xlsx")
    bounded(ended)
    assert ended.left == frozenset()
    if hostile.refused is None:
        assert ended.code == 0, ended.error
        assert ended.out == plain.replace(*hostile.changed)
    else:
        assert ended.code == 2, ended.out[:500]
        assert hostile.refused in ended.error
        assert ended.error.startswith("台账.xlsx：")
        assert ended.error.count("\n") == 1
        assert ended.out == ""


@pytest.mark.conformance
@pytest.mark.parametrize("name", [name for name, one in BOOKS.items() if one.refused is None])
@pytest.mark.parametrize("command", ["check", "convert"])
def test_what_is_read_goes_through_the_commands(command: str, name: str, tmp_path: Path) -> None:
    folder = tmp_path / "台账"
    folder.mkdir()
    (folder / "台账.xlsx").write_bytes(BOOKS[name].make())
    more = ("--draft", "-o", "报告.docx") if command == "convert" else ()
    ended = run(folder, command, "台账.xlsx", *more)
    bounded(ended)
    assert ended.code in (0, 1), ended.error
    assert ended.left <= {"报告.docx", "报告.docx.trace.json"}


@pytest.mark.conformance
@pytest.mark.parametrize("name", [name for name, one in BOOKS.items() if one.refused])
def test_what_is_refused_is_refused_by_check_too(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "台账"
    folder.mkdir()
    (folder / "台账.xlsx").write_bytes(BOOKS[name].make())
    ended = run(folder, "check", "台账.xlsx")
    bounded(ended)
    assert ended.code == 2
    assert (BOOKS[name].refused or "") in ended.error
