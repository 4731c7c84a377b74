"""install and uninstall: what is written is recorded, what was there is kept, and nothing else is ever removed."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, TypeVar

from addin import VERSION
from addin.install import extension
from addin.install.icons import icon_files, write_icon
from addin.install.machine import Machine, unblock
from addin.install.places import ADDIN, addin_folders, interpreter, mac_script, record
from workbook.files import write_atomic
from workbook.findings import Refusal

Result = TypeVar("Result")
BACKUP = ".taizhang-bak"
_STORE = ("\\windowsapps\\", "pythonsoftwarefoundation.python")
OPEN = "{path}：写不进去，Excel 或 WPS 正开着它。请关掉所有 Excel 和 WPS 窗口（任务管理器里也不要有），再运行一次。"


class Done(NamedTuple):
    """One file of an installation and what became of it: 写入, 更新, 没有变, 删除, 换回原来的, 没有装 (and why)."""

    path: Path
    what: str
    why: str = ""


def install(machine: Machine) -> list[Done]:
    """Put the add-in and the icons in place, or repair them; a second run changes nothing.

    Raises Refusal where this Python cannot be started from Excel, a folder takes no file, or Excel is running.
    """
    _require_startable(machine)
    done = [_put(machine, folder / ADDIN, _addin(machine)) for folder in addin_folders(machine)]
    script = mac_script(machine)
    if script:
        done.append(_put(machine, script, _applescript()))
    done += [_put_icon(machine, path) for path in icon_files(machine)]
    done += _put_extension(machine)
    kept = _recorded(machine)
    _remove_others(machine, [path for path in kept if path not in {one.path for one in done}])
    _write_record(machine, [one.path for one in done])
    return done


def uninstall(machine: Machine) -> list[Done]:
    """Take away exactly what install wrote, and put back what it had replaced.

    Raises Refusal where Excel is running; then the rest stays recorded, and the next run goes on.
    """
    paths = _recorded(machine)
    done: list[Done] = []
    while paths:
        if paths[-1] == extension.packed_file(machine):
            _remove_extension(machine)
        done += _remove(paths[-1])
        paths.pop()
        _write_record(machine, paths)
    _guarded(record(machine), lambda: record(machine).unlink(missing_ok=True))
    return done


def _addin(machine: Machine) -> bytes:
    from addin.build import addin

    return addin(interpreter(machine), windows=machine.windows)


def _applescript() -> bytes:
    import xlwings

    return (Path(xlwings.__file__).parent / f"xlwings-{xlwings.__version__}.applescript").read_bytes()


def _require_startable(machine: Machine) -> None:
    path = str(machine.python)
    if addin_folders(machine) and ("%" in path or '"' in path):
        raise Refusal(f"{path}：路径里有 % 或引号，Excel 启动不了它。请把程序装到别的文件夹再试。")
    if machine.windows and any(part in path.lower() for part in _STORE):
        raise Refusal(f"{path}：这是应用商店里的 Python，它写的文件 Excel 看不到。请卸载它，装 python.org 的 Python，"
                      "或用离线安装包。")


def _put(machine: Machine, path: Path, data: bytes) -> Done:
    """One file: written, unblocked; what was there before us is kept beside it."""
    def put() -> Done:
        path.parent.mkdir(parents=True, exist_ok=True)
        there = path.exists()
        if there and path.read_bytes() == data:
            unblock(path)
            return Done(path, "没有变")
        if there and path not in _recorded(machine):
            shutil.copy2(path, _backup(path))
        write_atomic(path, data, durable=True)
        unblock(path)
        return Done(path, "更新" if there else "写入")

    return _guarded(path, put)


def _put_icon(machine: Machine, path: Path) -> Done:
    def put() -> Done:
        before = path.read_bytes() if path.exists() else None
        if before is not None and path not in _recorded(machine):
            shutil.copy2(path, _backup(path))
        write_icon(machine, path, icon_files(machine)[path])
        return Done(path, "写入" if before is None else "没有变" if before == path.read_bytes() else "更新")

    return _guarded(path, put)


def _put_extension(machine: Machine) -> list[Done]:
    """The menu in LibreOffice, where it is; without it all the rest works, so what refuses it is told, not raised."""
    unopkg, path = extension.program(machine), extension.packed_file(machine)
    if unopkg is None:
        return []
    data = extension.contents(machine)
    if path.is_file() and path.read_bytes() == data and extension.holds(machine, data):
        return [Done(path, "没有变")]
    done = _put(machine, path, data)
    why = extension.add(machine, unopkg)
    return [Done(path, "没有装", f"LibreOffice 没有收下：{why}。{extension.AGAIN}") if why else done]


def _remove_extension(machine: Machine) -> None:
    why = extension.remove(machine)
    if why:
        raise Refusal(f"LibreOffice 里的“台账”菜单没有删掉：{why}。请关掉所有 LibreOffice 窗口，再运行一次。")


def _guarded(path: Path, work: Callable[[], Result]) -> Result:
    """What the disk refuses is one sentence."""
    try:
        return work()
    except PermissionError:
        raise Refusal(OPEN.format(path=path) if os.path.exists(path) else
                      f"{path.parent}：没有写入的权限。请管理员放开这个文件夹，或核对组策略。") from None
    except OSError as error:
        raise Refusal(f"{path}：写不进去（{error.strerror or error}）。请核对磁盘和网络文件夹后再试。") from None


def _backup(path: Path) -> Path:
    return path.with_name(path.name + BACKUP)


def _remove_others(machine: Machine, paths: list[Path]) -> None:
    """What an earlier version installed elsewhere goes."""
    for path in paths:
        list(_remove(path))


def _remove(path: Path) -> Iterator[Done]:
    def remove() -> list[Done]:
        there = path.exists()
        path.unlink(missing_ok=True)
        if _backup(path).exists():
            os.replace(_backup(path), path)
            return [Done(path, "换回原来的")]
        return [Done(path, "删除")] if there else []

    yield from _guarded(path, remove)


def _recorded(machine: Machine) -> list[Path]:
    """What was installed; raises Refusal where the record cannot be read: then nothing is guessed."""
    place = record(machine)
    if not place.is_file():
        return []
    try:
        return [Path(one) for one in json.loads(place.read_text("utf-8"))["files"]]
    except (ValueError, KeyError, TypeError):
        raise Refusal(f"{place}：安装记录坏了。请删掉它，再运行一次 taizhang addin install。") from None


def _write_record(machine: Machine, paths: list[Path]) -> None:
    told = json.dumps({"version": VERSION, "files": list(map(str, paths))}, ensure_ascii=False, indent=1)
    place = record(machine)
    _guarded(place, lambda: place.parent.mkdir(parents=True, exist_ok=True))
    write_atomic(place, told.encode(), durable=True)
