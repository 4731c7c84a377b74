"""Files: read whole, written in one step or not at all, refused in a sentence that says what to do."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from workbook import files
from workbook.disk import halves, system
from workbook.files import read_bytes, write_atomic
from workbook.findings import Refusal

OLD, NEW = "旧的内容".encode(), "新的内容".encode()


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(OLD)
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def refused(path: Path | str, data: bytes = NEW, **options: bool) -> str:
    with pytest.raises(Refusal) as refusal:
        write_atomic(path, data, **options)
    assert str(refusal.value).startswith(f"{path}：")
    return str(refusal.value)


def failing(number: int, winerror: int | None = None) -> OSError:
    error = OSError(number, os.strerror(number))
    if winerror is not None:
        error.winerror = winerror  # type: ignore[attr-defined]
    return error


# --- reading


def test_a_file_is_read_whole(book: Path) -> None:
    assert read_bytes(book) == OLD
    assert read_bytes(str(book)) == OLD


@pytest.mark.parametrize(("name", "said"), [
    ("没有.xlsx", "找不到这个文件"),
    ("台账.xlsx/里面.xlsx", "找不到这个文件"),
    ("文件夹", "是文件夹，不是文件"),
    ("长" * 300, "太长"),
    ("零\0.xlsx", "不能用的字符"),
])
def test_what_cannot_be_read_is_refused(name: str, said: str, book: Path) -> None:
    (book.parent / "文件夹").mkdir()
    with pytest.raises(Refusal, match=said) as refusal:
        read_bytes(f"{book.parent}/{name}")
    assert str(refusal.value).startswith(f"{book.parent}/{name}：")


@pytest.mark.parametrize(("error", "said"), [
    (failing(errno.EACCES), "没有读取的权限"),
    (failing(errno.EPERM), "没有读取的权限"),
    (failing(errno.EINVAL, winerror=32), "正被别的程序占用"),
    (failing(errno.EIO), "读不出来（"),
], ids=["没有权限", "不许", "Windows 上被占用", "磁盘错误"])
def test_what_the_system_will_not_give_is_refused(
    error: OSError, said: str, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise error
    monkeypatch.setattr("builtins.open", fail)
    with pytest.raises(Refusal, match=said):
        read_bytes(book)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="这里没有命名管道")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "管道")
    with pytest.raises(Refusal, match="是设备或管道"):
        read_bytes(tmp_path / "管道")


def test_a_huge_file_is_not_taken_into_memory(book: Path) -> None:
    with book.open("r+b") as file:
        file.truncate(files.LARGEST_FILE + 1)
    with pytest.raises(Refusal, match="256 MB，太大了"):
        read_bytes(book)


# --- writing


@pytest.mark.parametrize("durable", [False, True])
def test_a_file_is_replaced_and_nothing_is_left_beside_it(durable: bool, book: Path) -> None:
    write_atomic(book, NEW, durable=durable)
    assert book.read_bytes() == NEW
    assert names(book.parent) == ["台账.xlsx"]


def test_a_new_file_is_made(tmp_path: Path) -> None:
    write_atomic(tmp_path / "新.docx", NEW)
    assert (tmp_path / "新.docx").read_bytes() == NEW
    assert names(tmp_path) == ["新.docx"]


def test_a_file_in_the_present_folder_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_atomic("新.docx", NEW, durable=True)
    assert names(tmp_path) == ["新.docx"]


def test_three_versions_are_kept_and_the_fourth_goes(book: Path) -> None:
    for number in range(1, 6):
        write_atomic(book, str(number).encode(), keep=True, durable=True)
    kept = {name: (book.parent / name).read_bytes() for name in names(book.parent)}
    assert kept == {"台账.xlsx": b"5", "台账.xlsx.bak": b"4", "台账.xlsx.bak2": b"3", "台账.xlsx.bak3": b"2"}


def test_the_same_content_makes_no_new_version(book: Path) -> None:
    write_atomic(book, NEW, keep=True)
    write_atomic(book, NEW, keep=True)
    assert names(book.parent) == ["台账.xlsx", "台账.xlsx.bak"]
    assert (book.parent / "台账.xlsx.bak").read_bytes() == OLD


def test_a_version_is_kept_where_the_disk_knows_no_links(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise failing(errno.EPERM)
    monkeypatch.setattr(os, "link", fail)
    write_atomic(book, NEW, keep=True)
    assert (book.read_bytes(), (book.parent / "台账.xlsx.bak").read_bytes()) == (NEW, OLD)
    assert names(book.parent) == ["台账.xlsx", "台账.xlsx.bak"]


@pytest.mark.skipif(os.name == "nt", reason="Windows 没有这些权限位")
def test_the_rights_of_a_file_stay(book: Path) -> None:
    book.chmod(0o640)
    write_atomic(book, NEW, keep=True)
    assert stat.S_IMODE(book.stat().st_mode) == 0o640


@pytest.mark.skipif(os.name == "nt", reason="Windows 上一般不许建链接")
def test_a_link_stays_a_link(book: Path) -> None:
    link = book.parent / "桌面.xlsx"
    link.symlink_to(book)
    write_atomic(link, NEW)
    assert link.is_symlink()
    assert book.read_bytes() == NEW


def test_a_name_that_is_taken_is_not_touched(book: Path) -> None:
    taken = book.parent / f"~taizhang-{system.machine_mark()}-{os.getpid()}-1.tmp"
    taken.write_bytes(b"x")
    write_atomic(book, NEW, keep=True)
    assert taken.read_bytes() == b"x"
    assert book.read_bytes() == NEW


@pytest.mark.parametrize(("left", "goes"), [
    (f"~taizhang-{system.machine_mark()}-{2**31 - 9}-1.tmp", True),
    (f"~taizhang-{system.machine_mark()}-{os.getpid()}-7.tmp", False),
    ("~taizhang-00000000-77-1.tmp", False),
    ("~taizhang-台账.tmp", False), ("~$别的.xlsx", False),
], ids=["被断开的运行留下的", "正在写的", "别的电脑正在写的", "名称相近的", "Excel 的"])
def test_what_a_killed_run_left_beside_goes_with_the_next_write(left: str, goes: bool, book: Path) -> None:
    (book.parent / left).write_bytes(b"x")
    halves.clear.cache_clear()
    write_atomic(book, NEW)
    assert (book.parent / left).exists() is not goes


def test_what_another_computer_left_long_ago_goes_too(book: Path) -> None:
    left = book.parent / "~taizhang-00000000-77-1.tmp"
    left.write_bytes(b"x")
    os.utime(left, (0, 0))
    halves.clear.cache_clear()
    write_atomic(book, NEW)
    assert not left.exists()


def test_a_process_is_alive_or_not() -> None:
    assert system.alive(os.getpid())
    assert not system.alive(2**31 - 9)


@pytest.mark.parametrize("owner", ["~$台账.xlsx", ".~lock.台账.xlsx#"])
def test_a_book_that_is_open_is_left_alone(owner: str, book: Path) -> None:
    (book.parent / owner).write_bytes(b"")
    said = refused(book)
    assert "正在 Excel 或 WPS 里打开" in said
    assert owner in said
    assert book.read_bytes() == OLD


@pytest.mark.parametrize(("prepare", "said"), [
    (lambda path: path.chmod(0o444), "是只读文件"),
    (lambda path: (path.unlink(), path.mkdir()), "是文件夹，不是文件"),
])
def test_what_must_not_be_replaced_is_refused(prepare: object, said: str, book: Path) -> None:
    assert callable(prepare)
    prepare(book)
    assert said in refused(book)
    book.chmod(0o755)


@pytest.mark.parametrize(("name", "said"), [
    ("没有的文件夹/台账.xlsx", "所在的文件夹不存在"), ("台账.xlsx/里面.xlsx", "所在的文件夹不存在"),
    ("长" * 300, "太长"), ("零\0.xlsx", "不能用的字符"),
])
def test_a_place_that_cannot_be_written_is_refused(name: str, said: str, book: Path) -> None:
    assert said in refused(f"{book.parent}/{name}")


@pytest.mark.parametrize(("error", "said"), [
    (failing(errno.ENOSPC), "磁盘满了"),
    (failing(errno.EDQUOT), "磁盘满了"),
    (failing(errno.EROFS), "是只读的"),
    (failing(errno.EACCES), "正在 Excel 或 WPS 里打开"),
    (failing(errno.EACCES, winerror=32), "正在 Excel 或 WPS 里打开"),
    (failing(errno.EINVAL, winerror=112), "磁盘满了"),
    (failing(errno.ENOENT, winerror=206), "太长"),
    (failing(errno.EIO), "没有写成（"),
], ids=["磁盘满", "配额满", "只读共享", "没有权限", "Windows 打开着", "Windows 磁盘满", "Windows 路径长", "磁盘错误"])
@pytest.mark.parametrize("step", ["open", "fsync", "replace", "chmod"])
def test_whatever_step_fails_the_old_file_stands(
    step: str, error: OSError, said: str, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = getattr(os, step)

    def fail(*arguments: object, **options: object) -> object:
        if step == "open" and arguments[0] == str(book):
            return original(*arguments, **options)
        raise error
    monkeypatch.setattr(os, step, fail)
    if step in ("open", "fsync"):
        said = said.replace("正在 Excel 或 WPS 里打开", "没有写入的权限")
    assert said in refused(book, durable=True)
    monkeypatch.undo()
    assert book.read_bytes() == OLD
    assert names(book.parent) == ["台账.xlsx"]


def test_a_failed_write_moves_no_version(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_atomic(book, NEW, keep=True)

    def fail(_descriptor: int) -> None:
        raise failing(errno.ENOSPC)
    monkeypatch.setattr(os, "fsync", fail)
    refused(book, b"3", keep=True, durable=True)
    assert (book.read_bytes(), (book.parent / "台账.xlsx.bak").read_bytes()) == (NEW, OLD)


@pytest.mark.parametrize("step", ["replace", "link", "chmod", "fsync"])
def test_a_kill_between_write_and_replace_leaves_the_old_file(step: str, book: Path) -> None:
    script = (f"import os; os.{step} = lambda *a, **k: os._exit(9)\n"
              "from workbook.files import write_atomic\n"
              f"write_atomic({str(book)!r}, b'new', keep=True, durable=True)")
    killed = subprocess.run([sys.executable, "-c", script], check=False, cwd=Path(files.__file__).parents[1])
    assert killed.returncode == 9
    assert book.read_bytes() == OLD
    write_atomic(book, NEW, keep=True)
    assert book.read_bytes() == NEW


# --- Windows, simulated


def test_windows_gets_time_while_a_scanner_holds_the_file(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "WINDOWS", True)
    monkeypatch.setattr(system, "PATIENCE", (0.0, 0.0))
    tries, original = [], os.replace

    def busy(source: str, target: str) -> None:
        tries.append(source)
        if len(tries) < 3:
            raise PermissionError(errno.EACCES, "busy")
        original(source, target)
    monkeypatch.setattr(os, "replace", busy)
    monkeypatch.setattr(files, "long_path", str)
    write_atomic(book, NEW, durable=True)
    assert book.read_bytes() == NEW
    assert len(tries) == 3


def test_a_stale_owner_file_does_not_stop_windows(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "WINDOWS", True)
    monkeypatch.setattr(files, "long_path", str)
    (book.parent / "~$台账.xlsx").write_bytes(b"")
    write_atomic(book, NEW)
    assert book.read_bytes() == NEW
