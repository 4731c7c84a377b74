"""The 往来 folder: its journal survives what tears it, one process at a time, the key stays."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbook.exchange import journal
from workbook.exchange.folder import Dispatch, Exchange, Received, Sent
from workbook.exchange.register import write_register
from workbook.findings import Refusal

ROOT = Path(__file__).parents[2]
SENT = Sent("办公室", "BGS", "甲/下发/BGS.xlsx", "d" * 64, "s" * 32, "c" * 16)
DISPATCH = Dispatch("20250301-abc123", "2025-03-01T09:00:00", "2025-03-10", "YYA7RMWFKS", (SENT,))
RECEIVED = Received("0" * 16, "办公室", "BGS", DISPATCH.id, "收回/0.xlsx", "可疑", "回复.xlsx", "目录",
                    "2025-03-08T10:00:00")


class Killed(BaseException):
    """The power goes."""


@contextmanager
def broken_at(patch: pytest.MonkeyPatch, number: int, fault: Callable[[], BaseException]) -> Iterator[list[int]]:
    """The `number`-th call (from 1) that opens for writing, syncs or renames fails; the list counts them."""
    calls = [0]

    def counted(name: str) -> None:
        real = getattr(os, name)

        def call(*arguments: object, **options: object) -> object:
            calls[0] += 1
            if calls[0] == number:
                raise fault()
            return real(*arguments, **options)

        patch.setattr(os, name, call)

    with patch.context() as context:
        patch = context
        for name in ("replace", "open", "fsync"):
            counted(name)
        yield calls


def test_opening_creates_nothing(tmp_path: Path) -> None:
    exchange = Exchange.opened(tmp_path / "往来")
    assert (exchange.dispatches(), exchange.received(), exchange.events()) == ((), (), [])
    assert not (tmp_path / "往来").exists()


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "往来").write_text("")
    with pytest.raises(Refusal, match="是文件，不是往来文件夹"):
        Exchange.opened(tmp_path / "往来")


def test_what_is_recorded_comes_back(tmp_path: Path) -> None:
    exchange = Exchange.opened(tmp_path / "往来")
    exchange.record_dispatch(DISPATCH, sender={"office": "临溪县民政局"})
    exchange.record_received(RECEIVED)
    assert exchange.dispatches() == (DISPATCH,)
    assert exchange.received() == (RECEIVED,)
    exchange.record({"event": "accepted", "received": RECEIVED.id})
    assert exchange.received() == (RECEIVED._replace(accepted=True),)


def test_numbers_of_persons_never_enter_the_journal(tmp_path: Path) -> None:
    exchange, number = Exchange.opened(tmp_path), "11010119900307" + "7475"
    exchange.record_received(RECEIVED._replace(name=f"{number}.xlsx", source=f"附件 {number}"))
    write_register(exchange)
    assert "11010********7475" in (tmp_path / "journal.ndjson").read_text("utf-8")
    assert all(number.encode() not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


@given(cut=st.integers(min_value=0, max_value=200))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_torn_line_is_passed_over_and_cut_off(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "journal.ndjson"
    path.unlink(missing_ok=True)
    for number in range(3):
        journal.append(str(path), {"event": "试", "number": number, "text": "行" * 5})
    whole = path.read_bytes()
    path.write_bytes(whole[:len(whole) - min(cut, len(whole))])
    left = [event["number"] for event in journal.events(str(path))]
    assert left == list(range(path.read_bytes().count(b"\n")))
    journal.append(str(path), {"event": "后"})
    assert [event["event"] for event in journal.events(str(path))] == ["试"] * len(left) + ["后"]
    assert path.read_bytes().endswith(b"\n")


def test_a_damaged_line_is_named_not_skipped(tmp_path: Path) -> None:
    path = tmp_path / "journal.ndjson"
    path.write_bytes(b'{"event":"a"}\n{"event":\n{"event":"b"}\n')
    with pytest.raises(Refusal, match="第 2 行读不懂"):
        Exchange.opened(tmp_path).dispatches()


@pytest.mark.parametrize("fault", [Killed, lambda: OSError(28, "No space left on device")])
def test_a_journal_broken_at_any_call_holds_what_it_held_or_the_line(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Callable[[], BaseException]) -> None:
    exchange = Exchange.opened(tmp_path)
    exchange.record({"event": "一"})
    number, done = 0, False
    while not done:
        number += 1
        held = exchange.events()
        with broken_at(monkeypatch, number, fault) as calls:
            with suppress(Killed, Refusal):
                exchange.record({"event": "二", "number": number})
            done = calls[0] < number
        assert [one["event"] for one in exchange.events()[:len(held)]] == [one["event"] for one in held]
        assert len(exchange.events()) - len(held) in (0, 1)
    assert number > 2


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    exchange = Exchange.opened(tmp_path / "往来")
    key = exchange.key()
    assert key == exchange.key()
    assert len(key) == 32
    assert Exchange.opened(tmp_path / "别处").key() != key
    if os.name != "nt":
        assert (tmp_path / "往来" / "封签.key").stat().st_mode & 0o077 == 0


def test_a_broken_key_is_never_replaced_by_a_new_one(tmp_path: Path) -> None:
    exchange = Exchange.opened(tmp_path)
    exchange.key()
    (tmp_path / "封签.key").write_text("坏了", "utf-8")
    with pytest.raises(Refusal, match="封签密钥坏了"):
        exchange.key()


@pytest.mark.parametrize("fault", [Killed, lambda: OSError(28, "No space left on device")])
def test_a_key_broken_at_any_call_is_whole_or_not_there(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Callable[[], BaseException]) -> None:
    for number in range(1, 10):
        exchange = Exchange.opened(tmp_path / str(number))
        with broken_at(monkeypatch, number, fault) as calls, suppress(Killed, Refusal):
            exchange.key()
        assert len(exchange.key()) == 32
        if calls[0] < number:
            break
    assert number > 3


def test_an_original_is_kept_once_byte_for_byte(tmp_path: Path) -> None:
    exchange = Exchange.opened(tmp_path)
    first, second = exchange.store(b"abc", ".XLSX"), exchange.store(b"abc", ".xlsx")
    assert first == second
    assert exchange.read(first[1]) == b"abc"
    assert first[1] == f"收回/{first[0]}.xlsx"


@pytest.mark.parametrize("ext", ["/../../x", "..\\x", "", ".x y", ".‮xcod", ".abcdefghijk"])
def test_no_path_comes_from_the_input(tmp_path: Path, ext: str) -> None:
    name, relative = Exchange.opened(tmp_path).store(b"abc", ext)
    assert relative == f"收回/{name}.bin"


def test_a_half_written_original_is_written_again(tmp_path: Path) -> None:
    exchange = Exchange.opened(tmp_path)
    _, relative = exchange.store(b"abc", ".eml")
    (tmp_path / relative).write_bytes(b"a")
    exchange.store(b"abc", ".eml")
    assert exchange.read(relative) == b"abc"


def test_a_journal_that_names_a_file_outside_is_refused(tmp_path: Path) -> None:
    (tmp_path / "秘密").write_text("x")
    exchange = Exchange.opened(tmp_path / "往来")
    exchange.record({"event": "试"})
    with pytest.raises(Refusal, match="文件夹外面"):
        exchange.read("../秘密")


def test_the_second_says_who_holds_the_lock(tmp_path: Path) -> None:
    exchange = Exchange.opened(tmp_path)
    with exchange.lock(), pytest.raises(Refusal, match=f"进程 {os.getpid()}.*正在使用"), exchange.lock():
        pass
    with exchange.lock():
        pass


def test_a_lock_left_by_a_killed_process_locks_nothing(tmp_path: Path) -> None:
    program = ("import sys; sys.path.insert(0, sys.argv[1]); from workbook.exchange.folder import Exchange; import os\n"
               "with Exchange.opened(sys.argv[2]).lock():\n    print('in', flush=True); os._exit(9)")
    run = subprocess.run([sys.executable, "-c", program, str(ROOT), str(tmp_path)], capture_output=True, text=True,
                         check=False)
    assert run.stdout.strip() == "in", run.stderr
    assert (tmp_path / ".taizhang.lock").read_bytes()
    with Exchange.opened(tmp_path).lock():
        pass


def test_the_register_tells_every_line(tmp_path: Path) -> None:
    from workbook.reading.reader import read

    exchange = Exchange.opened(tmp_path)
    exchange.record_dispatch(DISPATCH)
    exchange.record_received(RECEIVED)
    exchange.record({"event": "merged", "received": RECEIVED.id, "office": "办公室", "counts": {}})
    write_register(exchange)
    before = (tmp_path / "收发登记簿.xlsx").read_bytes()
    sheets = {sheet.name: sheet.rows for sheet in read(tmp_path / "收发登记簿.xlsx").sheets}
    assert [row[3] for row in sheets["下发"]] == ["股室", "办公室"]
    came = dict(zip(sheets["收回"][0], sheets["收回"][1], strict=True))
    assert (came["股室"], came["登记"], came["收到的名称"]) == ("办公室", "可疑", "回复.xlsx")
    assert str(came["处理"]).endswith("已合并")
    write_register(exchange)
    assert (tmp_path / "收发登记簿.xlsx").read_bytes() == before


def test_a_register_open_in_excel_is_not_replaced(tmp_path: Path) -> None:
    exchange = Exchange.opened(tmp_path)
    exchange.record_dispatch(DISPATCH)
    write_register(exchange)
    exchange.record_received(RECEIVED)
    (tmp_path / "~$收发登记簿.xlsx").write_bytes(b"")
    if os.name != "nt":
        with pytest.raises(Refusal, match="正在 Excel 或 WPS 里打开"):
            write_register(exchange)


def test_every_line_is_json_that_other_programs_read(tmp_path: Path) -> None:
    exchange = Exchange.opened(tmp_path)
    exchange.record({"event": "试", "text": "换\n行 \u2028 \ud800"})
    lines = (tmp_path / "journal.ndjson").read_bytes().splitlines()
    assert len(lines) == 1
    assert json.loads(lines[0])["event"] == "试"
