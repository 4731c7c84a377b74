"""A batch through Dask: a scheduler and two workers of this machine, one of them killed in the middle."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.cli import main
from scripts.ledgers import workbook_bytes
from tests.conformance.programs import missing
from tests.reference_ledgers import fleet
from workbook.text import parse

pytestmark = pytest.mark.conformance
FILES, BAD = 60, 7
PATIENCE = 150.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """台账/: copies of two ledgers under many names, one of them no ledger at all."""
    place = tmp_path_factory.mktemp("批处理")
    source = place / "台账"
    small = (Path(__file__).parents[1] / "golden" / "phrases.ledger.md").read_text("utf-8")
    kinds = [workbook_bytes(raw) for raw in fleet(1)] + [workbook_bytes(parse(small, "例"))]
    for number in range(FILES):
        target = source / f"{number % 4}局" / f"{number:02d}.xlsx"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(b"no ledger" if number == BAD else kinds[number % 2])
    return place


class Cluster:
    """`dask scheduler` and its workers, each a process that was started here and is ended by its id."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.address = f"tcp://127.0.0.1:{_free_port()}"
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        with open(self.folder / f"{words[0]}{len(self.running)}.log", "wb") as log:
            process = subprocess.Popen([sys.executable, "-m", "dask", *words], stdout=log, stderr=log, cwd=self.folder)
        self.running.append(process)
        return process

    def worker(self) -> subprocess.Popen[bytes]:
        return self.start("worker", self.address, "--nthreads", "1", "--no-dashboard", "--no-nanny",
                          "--host", "127.0.0.1", "--local-directory", str(self.folder))

    def stop(self) -> None:
        for process in reversed(self.running):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    try:
        import distributed  # noqa: F401
    except ImportError:
        missing("Dask（taizhang[dask]）")
    made = Cluster(tmp_path)
    try:
        made.start("scheduler", "--host", "127.0.0.1", "--port", made.address.rpartition(":")[2], "--no-dashboard")
        _until(lambda: _answers(made.address), "scheduler")
        yield made
    finally:
        made.stop()


def test_a_killed_worker_loses_nothing_and_doubles_nothing(
        folder: Path, cluster: Cluster, capfd: pytest.CaptureFixture[str]) -> None:
    first, _ = cluster.worker(), cluster.worker()
    there, here = folder / "经 Dask", folder / "本机"
    run = subprocess.Popen([sys.executable, "-m", "scripts.cli", "convert", str(folder / "台账"), "-o", str(there),
                            "--draft", "--quiet", "--scheduler", cluster.address], stderr=subprocess.PIPE, text=True)
    _until(lambda: len(_entries(there)) >= FILES // 4 or run.poll() is not None, "the first results")
    first.kill()
    killed_at = len(_entries(there))
    _, said = run.communicate(timeout=3 * PATIENCE)
    assert run.returncode == 2, said
    assert FILES // 4 <= killed_at < FILES, said
    assert len(said.strip().splitlines()) == 1
    assert main(["convert", str(folder / "台账"), "-o", str(here), "--draft", "--quiet", "-j", "2"]) == 2
    assert len(_entries(there)) == FILES
    assert _comparable(there) == _comparable(here)
    assert {path.relative_to(there): path.read_bytes() for path in there.rglob("*.docx")} == {
        path.relative_to(here): path.read_bytes() for path in here.rglob("*.docx")}
    assert not list(there.rglob("~taizhang*"))


def test_a_scheduler_without_workers_and_none_at_all(
        folder: Path, cluster: Cluster, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts.batch.cluster.PATIENCE", 2)
    again = ["convert", str(folder / "台账"), "-o", str(folder / "没有"), "--quiet", "--scheduler"]
    assert main([*again, cluster.address]) == 2
    assert "一个 worker 也没有" in capsys.readouterr().err
    assert main([*again, f"tcp://127.0.0.1:{_free_port()}"]) == 2
    assert "连不上" in capsys.readouterr().err


def _entries(folder: Path) -> list[dict[str, Any]]:
    """The record's lines on files so far."""
    record = folder / "批处理记录.ndjson"
    if not record.exists():
        return []
    lines = record.read_text("utf-8").rpartition("\n")[0].splitlines()
    return [one for one in map(json.loads, lines) if "file" in one]


def _comparable(folder: Path) -> list[dict[str, Any]]:
    """The record without what differs from run to run."""
    return sorted(({key: value for key, value in one.items() if key != "seconds"} for one in _entries(folder)),
                  key=lambda one: str(one["file"]))


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _answers(address: str) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", int(address.rpartition(":")[2]))) == 0


def _until(there: Any, what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not there():
        assert time.monotonic() < deadline, f"{what}: not within {PATIENCE:g} s"
        time.sleep(0.1)
