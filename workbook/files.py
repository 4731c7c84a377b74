"""Files on a clerk's disk: with `workbook.console` the one place that knows the operating system.

A file is read whole, once; it is written as a new file beside the old one that
then takes its place in one step, so that power cuts, full disks and kills at any
byte leave the old state or the new one. What goes wrong is one Chinese sentence.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import itertools
import ntpath
import os
import stat
import time
from collections.abc import Iterator

from workbook.findings import Refusal

WINDOWS = os.name == "nt"
LARGEST_FILE = 256 << 20
LONGEST_PLAIN_PATH = 240
KEPT_VERSIONS = (".bak", ".bak2", ".bak3")
_PATIENCE = (0.05, 0.1, 0.2, 0.4)

_NOT_WRITTEN = {
    errno.ENOSPC: "磁盘满了，没有写成，原来的文件没有动。请清理出空间再试。",
    errno.EROFS: "所在的磁盘或共享文件夹是只读的。请另存到能写的文件夹。",
    errno.EACCES: "正在 Excel 或 WPS 里打开，或者没有写入的权限。请关闭它再试。",
    errno.ENOENT: "所在的文件夹不存在。请先建好文件夹再试。",
    errno.EISDIR: "是文件夹，不是文件。请另给一个文件名。",
    errno.ENAMETOOLONG: "文件名或路径太长。请改短再试。",
    errno.EINVAL: "文件名里有不能用的字符。请改名再试。",
}
_NOT_READ = {
    errno.ENOENT: "找不到这个文件。请核对文件名和所在的文件夹。",
    errno.EACCES: "打不开，正被别的程序占用，或者没有读取的权限。请关闭占用它的程序再试。",
    errno.EISDIR: "是文件夹，不是文件。请给出里面的文件。",
    errno.ENAMETOOLONG: "文件名或路径太长。请改短再试。",
    errno.EINVAL: "文件名里有不能用的字符。请核对文件名。",
}
_SAME = {errno.EPERM: errno.EACCES, errno.ENOTDIR: errno.ENOENT, getattr(errno, "EDQUOT", errno.ENOSPC): errno.ENOSPC}
_WINDOWS_CODES = {
    19: errno.EROFS, 32: errno.EACCES, 33: errno.EACCES, 39: errno.ENOSPC, 112: errno.ENOSPC,
    123: errno.EINVAL, 206: errno.ENAMETOOLONG, 1224: errno.EACCES,
}


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """A file's content; raises Refusal where it is missing, no file, unreadable or too large."""
    name = os.fspath(path)
    try:
        place = long_path(name)
        _refuse_odd(name, os.stat(place))
        with open(place, "rb") as file:
            return file.read()
    except (OSError, ValueError) as error:
        raise Refusal(f"{name}：{_reason(error, _NOT_READ, '读不出来')}") from None


def write_atomic(path: str | os.PathLike[str], data: bytes, *, keep: bool = False, durable: bool = False) -> None:
    """Put `data` in the place of a file, in one step.

    `keep` saves the previous version as .bak (older ones as .bak2, .bak3) and does
    nothing where the file already holds these bytes; `durable` returns only when
    the disk has it. Raises Refusal, and the old file stands, where that cannot be.
    """
    name = os.fspath(path)
    try:
        target = long_path(os.path.realpath(name) if os.path.islink(name) else name)
        _refuse_if_open(name, target)
        if keep and _holds(target, data):
            return
        _write(target, data, keep=keep, durable=durable)
    except (OSError, ValueError) as error:
        raise Refusal(f"{name}：{_reason(error, _NOT_WRITTEN, '没有写成')}") from None


def long_path(path: str | os.PathLike[str]) -> str:
    r"""A path that Windows opens beyond 240 characters (\\?\ form); elsewhere the path itself."""
    text = os.fspath(path)
    if not WINDOWS:
        return text
    full = ntpath.abspath(text)
    if len(full) <= LONGEST_PLAIN_PATH or full.startswith("\\\\?\\"):
        return text
    return "\\\\?\\UNC\\" + full[2:] if full.startswith("\\\\") else "\\\\?\\" + full


def stamp() -> dt.datetime:
    """The moment written into a file: SOURCE_DATE_EPOCH (as UTC) or the local time, to the second."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if not given:
        return dt.datetime.now().replace(microsecond=0)
    try:
        return dt.datetime.fromtimestamp(int(given), dt.UTC).replace(tzinfo=None)
    except (ValueError, OverflowError, OSError):
        raise Refusal(f"环境变量 SOURCE_DATE_EPOCH 是“{given}”，不是秒数。请改正或去掉它。") from None


def _reason(error: OSError | ValueError, reasons: dict[int, str], else_: str) -> str:
    if isinstance(error, ValueError):
        return reasons[errno.EINVAL]
    code = _WINDOWS_CODES.get(getattr(error, "winerror", None) or 0, error.errno or 0)
    return reasons.get(_SAME.get(code, code)) or f"{else_}（{error.strerror or error}）。请换个位置再试。"


def _refuse_odd(name: str, found: os.stat_result) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, "")
    if not stat.S_ISREG(found.st_mode):
        raise Refusal(f"{name}：是设备或管道，不是文件。请给出磁盘上的文件。")
    if found.st_size > LARGEST_FILE:
        raise Refusal(f"{name}：有 {found.st_size >> 20} MB，太大了，没有读。请把台账拆小，或删掉里面的图片再试。")


def _refuse_if_open(name: str, target: str) -> None:
    """Refuse before anything is touched; an owner file (~$…) counts where nothing locks the book itself."""
    if os.path.isdir(target):
        raise IsADirectoryError(errno.EISDIR, "")
    if not os.path.exists(target):
        return
    if not os.stat(target).st_mode & stat.S_IWUSR:
        raise Refusal(f"{name}：是只读文件。请在属性里去掉“只读”，或另存为别的文件名。")
    os.close(os.open(target, os.O_RDWR))
    folder, base = os.path.split(target)
    for owner in (f"~${base}", f".~lock.{base}#"):
        if not WINDOWS and os.path.exists(os.path.join(folder, owner)):
            raise Refusal(f"{name}：正在 Excel 或 WPS 里打开。请关闭它再试；已经关闭的，请删掉旁边的“{owner}”。")


def _holds(target: str, data: bytes) -> bool:
    if not os.path.exists(target) or os.path.getsize(target) != len(data):
        return False
    with open(target, "rb") as file:
        return file.read() == data


def _write(target: str, data: bytes, *, keep: bool, durable: bool) -> None:
    new = _new_file(target, data, durable)
    try:
        if os.path.exists(target):
            os.chmod(new, stat.S_IMODE(os.stat(target).st_mode))
            if keep:
                _keep_previous(target)
        _replace(new, target)
    except BaseException:
        _discard(new)
        raise
    if durable:
        _sync_folder(os.path.dirname(target) or ".")


def _names_beside(target: str) -> Iterator[str]:
    folder = os.path.dirname(target)
    for number in itertools.count(1):
        yield os.path.join(folder, f"~taizhang-{os.getpid()}-{number}.tmp")


def _new_file(target: str, data: bytes, durable: bool) -> str:
    """A file beside the target that holds `data`; its name was free."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    for place in _names_beside(target):
        with contextlib.suppress(FileExistsError):
            descriptor = os.open(place, flags, 0o666)
            break
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            if durable:
                file.flush()
                os.fsync(file.fileno())
    except BaseException:
        _discard(place)
        raise
    return place


def _keep_previous(target: str) -> None:
    """The target's content under .bak; the older versions move up, the oldest goes."""
    copy = _linked(target)
    versions = [target + suffix for suffix in KEPT_VERSIONS]
    for newer, older in reversed(list(itertools.pairwise(versions))):
        if os.path.exists(newer):
            _replace(newer, older)
    _replace(copy, versions[0])


def _linked(target: str) -> str:
    """A second name for the target's content; a copy where the disk knows no links."""
    for place in _names_beside(target):
        try:
            os.link(target, place)
        except FileExistsError:
            continue
        except OSError:
            with open(target, "rb") as file:
                return _new_file(target, file.read(), durable=True)
        return place
    raise AssertionError("names never end")


def _replace(source: str, target: str) -> None:
    """os.replace; on Windows with patience, since virus scanners hold a new file for a moment."""
    for pause in _PATIENCE if WINDOWS else ():
        try:
            os.replace(source, target)
        except PermissionError:
            time.sleep(pause)
        else:
            return
    os.replace(source, target)


def _sync_folder(folder: str) -> None:
    """Make the new name itself last; Windows writes it with the file and opens no folder."""
    if WINDOWS:
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _discard(place: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(place)
