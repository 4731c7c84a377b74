"""A batch: every file has its result, whatever one of them does; what was done is recorded and not done again."""

from __future__ import annotations

import gc
import io
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from scripts.batch.progress import Progress, duration
from scripts.batch.result import Voice
from scripts.batch.run import Batch, Interrupted
from tests.batch_work import TRADE, Order, options
from workbook.findings import Refusal


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "来").mkdir()
    return tmp_path


def files(folder: Path, *texts: str) -> None:
    """来/0.txt, 来/1.txt … with these texts."""
    for number, text in enumerate(texts):
        (folder / "来" / f"{number}.txt").write_text(text, "utf-8")


def run(folder: Path, settings: object = "", **more: object) -> Batch:
    """One batch over 来/ into 去/, finished."""
    given = options(**more)
    voice = Voice(json=bool(given.json), ndjson=bool(given.ndjson), quiet=bool(given.quiet))
    orders = [Order(str(path), str(folder / "去" / path.name), voice) for path in sorted((folder / "来").glob("*.txt"))]
    batch = Batch(TRADE, orders, given, settings=[settings], record=str(folder / "去" / "记录.ndjson"))
    batch.states = {Path(one.source).stem: one.status for one in batch.results()}  # type: ignore[attr-defined]
    batch.exit = batch.finish()  # type: ignore[attr-defined]
    return batch


def lines(folder: Path) -> list[dict[str, Any]]:
    return list(map(json.loads, (folder / "去" / "记录.ndjson").read_text("utf-8").splitlines()))


def recorded(folder: Path) -> dict[str, dict[str, Any]]:
    """The record's lines on files, by the file's name without its ending."""
    return {Path(one["file"]).stem: one for one in lines(folder) if "file" in one}


class Test坏文件只误自己:
    @pytest.mark.parametrize("jobs", [1, 2])
    @pytest.mark.parametrize(("text", "why"), [
        ("死", "处理它的进程中途停了（退出码 9）"), ("出错", "ZeroDivisionError：（batch_work.py:"),
        ("吃内存", "内存超过")])
    def test_the_right_file_is_blamed_and_no_other(self, folder: Path, text: str, why: str, jobs: int) -> None:
        files(folder, "甲", "乙", text, "丁", "戊")
        assert run(folder, jobs=jobs).states == {  # type: ignore[attr-defined]
            "0": "ok", "1": "ok", "2": "failed", "3": "ok", "4": "ok"}
        assert why in recorded(folder)["2"]["message"]

    def test_so_is_one_that_never_ends_and_its_half_file_goes(self, folder: Path) -> None:
        files(folder, "甲", "慢", "丙")
        (folder / "去").mkdir()
        assert run(folder, timeout=4.0).states == {"0": "ok", "1": "failed", "2": "ok"}  # type: ignore[attr-defined]
        assert "超过 4 秒没有做完，已停止" in recorded(folder)["1"]["message"]
        assert sorted(path.name for path in (folder / "去").iterdir()) == ["0.txt", "2.txt", "记录.ndjson"]

    def test_one_whose_process_was_killed_from_outside_is_done_after_all(self, folder: Path) -> None:
        files(folder, "甲", "死一次", "丙")
        assert set(run(folder).states.values()) == {"ok"}  # type: ignore[attr-defined]

    def test_the_memory_of_a_process_is_limited(self, folder: Path) -> None:
        if sys.platform == "darwin":
            pytest.skip("macOS 不能限定内存")
        from workbook.apart.helper import Helper, Limits, Lost

        helper = Helper(Limits(memory=400))
        try:
            assert len(helper.call(bytearray, 1 << 20)) == 1 << 20
            with pytest.raises(Lost, match="内存超过 400 MB"):
                helper.call(bytearray, 1 << 29)
            assert helper.call(len, "又好了") == 3
        finally:
            helper.stop()

    def test_a_process_that_cannot_start_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from workbook.apart import helper

        monkeypatch.setattr(helper, "_CHILD", Path("没有这个.py"))
        with pytest.raises(helper.Lost, match="起不来"):
            helper.Helper().call(len, "")


class Test记录:
    def test_accounts_for_every_file_once(self, folder: Path) -> None:
        files(folder, *map(str, range(7)), "出错")
        batch = run(folder)
        head, *entries, end = lines(folder)
        assert (head["command"], head["version"]) == ("copy", 1)
        assert sorted(one["file"] for one in entries) == [f"../来/{number}.txt" for number in range(8)]
        assert {one["output"] for one in entries} == {"", *(f"{number}.txt" for number in range(7))}
        assert entries[0].keys() == {"file", "size", "sha256", "output", "beside", "status", "code", "message",
                                     "seconds"}
        assert {name: end["summary"][name] for name in ("files", "ok", "failed", "resumed")} == {
            "files": 8, "ok": 7, "failed": 1, "resumed": 0}
        assert batch.exit == 3  # type: ignore[attr-defined]

    def test_is_written_as_results_arrive(self, folder: Path) -> None:
        files(folder, "甲", "乙", "等")
        orders = [Order(str(folder / "来" / f"{n}.txt"), str(folder / "去" / f"{n}.txt")) for n in range(3)]
        batch = Batch(TRADE, orders, options(jobs=1), settings=[], record=str(folder / "去" / "记录.ndjson"))
        for number, _ in enumerate(batch.results()):
            assert len(lines(folder)) >= number + 2
        batch.finish()

    def test_an_earlier_one_is_kept(self, folder: Path) -> None:
        files(folder, "甲", "乙")
        run(folder)
        run(folder)
        assert (folder / "去" / "记录.ndjson.bak").exists()


class Test接着做:
    def again(self, folder: Path, **more: object) -> set[str]:
        """What a second run did anew."""
        before = len(lines(folder))
        run(folder, resume=True, **more)
        return {Path(one["file"]).stem for one in lines(folder)[before:] if "file" in one}

    def test_nothing_is_done_twice(self, folder: Path) -> None:
        files(folder, "甲", "乙", "丙")
        run(folder)
        assert self.again(folder) == set()
        assert lines(folder)[-1]["summary"]["resumed"] == 3

    def test_what_changed_what_is_gone_what_failed_and_what_is_new_is_done(self, folder: Path) -> None:
        files(folder, "不变", "要变", "结果要没", "出错")
        run(folder)
        files(folder, "不变", "变了", "结果要没", "好了", "新来")
        (folder / "去" / "2.txt").unlink()
        assert self.again(folder) == {"1", "2", "3", "4"}
        assert (folder / "去" / "1.txt").read_text("utf-8") == "变了"

    def test_other_settings_begin_anew(self, folder: Path) -> None:
        files(folder, "甲", "乙")
        run(folder, "普通")
        assert self.again(folder, settings="公文") == {"0", "1"}

    def test_a_template_that_changed_begins_anew(self, folder: Path) -> None:
        files(folder, "甲", "乙")
        template = folder / "模板"
        template.mkdir()
        (template / "report.md.j2").write_text("一")
        run(folder, template)
        assert self.again(folder, settings=template) == set()
        (template / "report.md.j2").write_text("二")
        assert self.again(folder, settings=template) == {"0", "1"}

    def test_half_a_line_counts_nothing(self, folder: Path) -> None:
        files(folder, "甲", "乙", "丙")
        run(folder)
        record = folder / "去" / "记录.ndjson"
        whole = record.read_bytes().splitlines(keepends=True)
        record.write_bytes(b"".join(whole[:2]) + whole[2][:40])
        run(folder, resume=True)
        assert lines(folder)[-1]["summary"]["resumed"] == 1
        assert self.again(folder) == set()

    def test_the_record_of_another_command_is_refused(self, folder: Path) -> None:
        files(folder, "甲", "乙")
        (folder / "去").mkdir()
        (folder / "去" / "记录.ndjson").write_text('{"command": "check", "version": 1, "settings": ""}\n')
        with pytest.raises(Refusal, match="不是 taizhang copy 的批处理记录"):
            run(folder, resume=True)

    def test_a_file_that_changes_while_it_is_read_is_done_again(self, folder: Path) -> None:
        from scripts.batch.identity import Content
        from scripts.batch.manifest import Manifest
        from scripts.batch.result import Result

        files(folder, "甲")
        source, path = str(folder / "来" / "0.txt"), str(folder / "记录.ndjson")
        record = Manifest(path, TRADE, "", resume=False)
        record.add(Result(source, "ok"), Content())
        record.close({})
        assert Manifest(path, TRADE, "", resume=True).done(source) is None

    def test_a_second_run_into_the_same_record_waits_for_the_first(self, folder: Path) -> None:
        from scripts.batch.manifest import Manifest

        files(folder, "甲")
        run(folder)
        path = folder / "去" / "记录.ndjson"
        before = path.read_bytes()
        first = Manifest(str(path), TRADE, "", resume=True)
        for resume in (False, True):
            with pytest.raises(Refusal, match=r"记录.ndjson：另一个 taizhang 正在做这一批.*--manifest"):
                run(folder, resume=resume)
        assert path.read_bytes().startswith(before)
        first.close({})
        assert run(folder).exit == 0  # type: ignore[attr-defined]


class Test说出来:
    def test_results_come_in_the_order_of_the_files(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        files(folder, "等", "乙", "丙", "丁")
        run(folder)
        told = [line[-5] for line in capsys.readouterr().out.splitlines() if line.startswith("做了")]
        assert told == ["0", "1", "2", "3"]

    def test_the_summary_for_a_person(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        files(folder, "甲", "出错", "丙")
        run(folder)
        *_, where, total = capsys.readouterr().out.splitlines()
        assert where.startswith("每个文件的结果记在：")
        assert total == "共 3 份：抄好 2，没抄成 1。"

    def test_one_json_document_with_the_summary(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        files(folder, "甲", "出错")
        run(folder, json=True)
        told = json.loads(capsys.readouterr().out)
        assert [one["status"] for one in told["copies"]] == ["ok", "failed"]
        assert (told["summary"]["ok"], told["summary"]["failed"]) == (1, 1)

    def test_a_line_of_json_a_file_those_of_an_earlier_run_too(
            self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        files(folder, "甲", "乙")
        run(folder)
        capsys.readouterr()
        run(folder, resume=True, ndjson=True)
        told = list(map(json.loads, capsys.readouterr().out.splitlines()))
        assert [(Path(one["file"]).name, one["status"], one["resumed"]) for one in told] == [
            ("0.txt", "ok", True), ("1.txt", "ok", True)]


class Test进度:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def test_plain_lines_twenty_at_most(self) -> None:
        out = io.StringIO()
        progress = Progress(1000, "已转换", quiet=False, stream=out)
        for _ in range(1000):
            progress.add()
        told = out.getvalue().splitlines()
        assert (len(told), told[0].split("，")[0], told[-1]) == (20, "已转换 50/1000", "已转换 1000/1000")

    def test_the_rate_and_the_remaining_time(self) -> None:
        progress = Progress(1000, "已转换", quiet=False, stream=io.StringIO())
        progress.done = 200
        assert progress.line(progress.started + 4) == "已转换 200/1000，每秒 50.0 个，还要 16 秒"

    def test_a_bar_on_a_terminal_gives_way_to_text(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.delenv("NO_COLOR", raising=False)
        out = self.Terminal()
        progress = Progress(2, "已转换", quiet=False, stream=out)
        progress.add()
        assert out.getvalue().startswith("\r■■■■■■■■■■■■□□□□□□□□□□□□ 已转换 1/2")
        progress.hide()
        assert out.getvalue().endswith("\r\x1b[K")

    def test_quiet_is_quiet(self) -> None:
        out = self.Terminal()
        Progress(1, "已转换", quiet=True, stream=out).add()
        assert out.getvalue() == ""

    @pytest.mark.parametrize(("seconds", "told"), [(9.4, "9 秒"), (65, "1 分 5 秒"), (7380, "2 小时 3 分")])
    def test_durations(self, seconds: float, told: str) -> None:
        assert duration(seconds) == told


class Test中断:
    def test_says_how_far_it_came_and_how_to_go_on(self, folder: Path) -> None:
        files(folder, "甲", "乙", *("等" for _ in range(20)))
        with pytest.raises(Interrupted, match=r"已中断，做完 \d+/22 份，没有留下写到一半的文件。接着做：.*--resume"):
            self.interrupted(folder)
        done, summary = recorded(folder), lines(folder)[-1]["summary"]
        assert (summary["interrupted"], summary["ok"]) == (True, len(done))
        assert {path.name for path in (folder / "去").glob("*.txt")} == {one["output"] for one in done.values()}
        assert 0 < len(done) < 22
        run(folder, resume=True)
        assert lines(folder)[-1]["summary"]["resumed"] == len(done)

    def interrupted(self, folder: Path) -> None:
        """No garbage is looked for meanwhile: what is raised in a callback of the collector is lost."""
        gc.disable()
        try:
            self.interrupted_once(folder)
        finally:
            gc.enable()

    def interrupted_once(self, folder: Path) -> None:
        orders = [Order(str(path), str(folder / "去" / path.name)) for path in (folder / "来").glob("*.txt")]
        batch = Batch(TRADE, orders, options(), settings=[""], record=str(folder / "去" / "记录.ndjson"))
        for number, _ in enumerate(batch.results()):
            if number == 0:  # once: a second one would hit whatever runs by then
                raise_in_wait()


def raise_in_wait() -> None:
    """Press Ctrl-C in a moment."""
    import _thread
    import threading

    threading.Timer(0.05, _thread.interrupt_main).start()


def test_without_dask_one_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    from scripts.batch.cluster import cluster

    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(Refusal, match=r"pip install taizhang\[dask\]"), cluster("tcp://127.0.0.1:8786"):
        pass


@pytest.mark.parametrize("address", ["127.0.0.1:8786", "tcp://127.0.0.1", "http://a:1", "tcp://a:端口", ""])
def test_an_odd_address_is_refused(address: str) -> None:
    from scripts.batch.cluster import cluster

    with pytest.raises(Refusal, match="请写 tcp://主机:端口"), cluster(address):
        pass


def test_windows_limits_memory_by_a_job() -> None:
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION is 144 bytes on 64 bits, ProcessMemoryLimit at 112; 112 and 96 on 32."""
    from workbook.apart.limits import extended_limits

    for pointer, size, at in ((8, 144, 112), (4, 112, 96)):
        limits = extended_limits(1 << 20, pointer)
        assert len(limits) == size
        assert int.from_bytes(limits[16:20], "little") == 0x100
        assert int.from_bytes(limits[at:at + pointer], "little") == 1 << 20


def test_helpers_end_with_the_program() -> None:
    program = ("from workbook.apart.helper import Helper; import os\n"
               "helper = Helper(); print(helper.call(os.getpid), flush=True); os._exit(0)")
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    deadline = time.monotonic() + 20
    while Path(f"/proc/{said.strip()}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{said.strip()}").exists()
