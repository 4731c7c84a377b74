"""Files on a clerk's disk: the one place that reads and writes them; `workbook.disk` is what it stands on.

A file is read whole, once; it is written as a new file beside the old one that
then takes its place in one step, so that power cuts, full disks and kills at any
byte leave the old state or the new one. What a killed run left beside it the next
one clears away. What goes wrong is one Chinese sentence.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import os
import stat
from collections.abc import Iterator
from typing import TYPE_CHECKING

from workbook.disk import system
from workbook.disk.errors import NO_FOLDER, NO_NEW_FILE, NOT_READ, NOT_WRITTEN, explained
from workbook.disk.halves import PRIVATE, SHARED, clear, discard, linked, new_file, pieces_of, write_all
from workbook.disk.system import BINARY, long_path, replace, sync_folder
from workbook.findings import Refusal

if TYPE_CHECKING:
    from workbook.disk.spool import Kept

__all__ = [
    "append_line", "long_path", "make_folder", "read_bytes", "scratch_folder", "shown_name", "stamp", "write_atomic"]

LARGEST_FILE = 256 << 20
KEPT_VERSIONS = (".bak", ".bak2", ".bak3")
_LAST = 1 << 16
"""Bytes at the end of a file among which its last line is looked for first."""


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """A file's content; raises Refusal where it is missing, no file, unreadable or too large."""
    name = os.fspath(path)
    with explained(name, NOT_READ, "读不出来"):
        place = long_path(name)
        _refuse_odd(name, os.stat(place))
        with open(place, "rb") as file:
            return file.read()


def write_atomic(path: str | os.PathLike[str], data: bytes | Kept, *, keep: bool = False, durable: bool = False,
                 private: bool = False) -> None:
    """Put `data` in the place of a file, in one step.

    `keep` saves the previous version as .bak (older ones as .bak2, .bak3) and does
    nothing where the file already holds these bytes; `durable` returns only when
    the disk has it; `private` is for the owner alone. Raises Refusal, and the old
    file stands, where that cannot be.
    """
    name = os.fspath(path)
    with explained(name, NOT_WRITTEN, "没有写成"):
        target = long_path(os.path.realpath(name) if os.path.islink(name) else name)
        _refuse_if_open(name, target)
        clear(os.path.dirname(target) or ".")
        if keep and _holds(target, data):
            return
        with explained(name, NO_NEW_FILE, "没有写成"):
            new = new_file(target, data, durable=durable, mode=PRIVATE if private else SHARED)
        _put(new, target, keep=keep)
        if durable:
            sync_folder(os.path.dirname(target) or ".")


def append_line(path: str | os.PathLike[str], line: bytes) -> None:
    """Add a line to a file and return when the disk has it; what is torn behind the last whole line goes first.

    Raises Refusal where it cannot be written; the file then holds the lines it held.
    """
    name = os.fspath(path)
    with explained(name, NOT_WRITTEN, "没有写成"):
        descriptor = os.open(long_path(name), os.O_RDWR | os.O_CREAT | BINARY, SHARED)
        try:
            end = _whole_lines(descriptor)
            try:
                os.ftruncate(descriptor, end)
                os.lseek(descriptor, end, os.SEEK_SET)
                write_all(descriptor, line + b"\n")
                os.fsync(descriptor)
            except OSError:
                with contextlib.suppress(OSError):
                    os.ftruncate(descriptor, end)
                raise
        finally:
            os.close(descriptor)


def make_folder(path: str | os.PathLike[str]) -> None:
    """Make a folder and those above it, where they are missing; raises Refusal."""
    name = os.fspath(path)
    with explained(name, NO_FOLDER, "建不了文件夹"):
        os.makedirs(long_path(name), exist_ok=True)


@contextlib.contextmanager
def scratch_folder() -> Iterator[str]:
    """A folder for another program's files, gone afterwards; raises Refusal where there is no place for one."""
    import tempfile

    try:
        folder = tempfile.TemporaryDirectory(prefix="taizhang-", ignore_cleanup_errors=True)
    except OSError:
        raise Refusal("没有能写的临时文件夹。请把环境变量 TMPDIR（Windows 上是 TEMP）设成能写的文件夹。") from None
    with folder as place:
        yield place


def shown_name(path: str | os.PathLike[str]) -> str:
    """A path as text for a file: bytes that are none in this system's encoding are read as UTF-8, else stand as �."""
    text = os.fspath(path)
    try:
        text.encode()
    except UnicodeEncodeError:
        return os.fsencode(text).decode("utf-8", "replace")
    return text


def stamp() -> dt.datetime:
    """The moment written into a file: SOURCE_DATE_EPOCH (as UTC) or the local time, to the second."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if not given:
        return dt.datetime.now().replace(microsecond=0)
    try:
        return dt.datetime.fromtimestamp(int(given), dt.UTC).replace(tzinfo=None)
    except (ValueError, OverflowError, OSError):
        raise Refusal(f"环境变量 SOURCE_DATE_EPOCH 是“{given}”，不是秒数。请改正或去掉它。") from None


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
        if not system.WINDOWS and os.path.exists(os.path.join(folder, owner)):
            raise Refusal(f"{name}：正在 Excel 或 WPS 里打开。请关闭它再试；已经关闭的，请删掉旁边的“{owner}”。")


def _holds(target: str, data: bytes | Kept) -> bool:
    length = len(data) if isinstance(data, bytes) else data.length
    if not os.path.exists(target) or os.path.getsize(target) != length:
        return False
    with open(target, "rb") as file:
        return all(file.read(len(piece)) == piece for piece in pieces_of(data))


def _whole_lines(descriptor: int) -> int:
    """Where the last whole line of an open file ends."""
    end = os.lseek(descriptor, 0, os.SEEK_END)
    while end:
        start = max(0, end - _LAST)
        os.lseek(descriptor, start, os.SEEK_SET)
        at = os.read(descriptor, end - start).rfind(b"\n")
        if at >= 0:
            return start + at + 1
        end = start
    return 0


def _put(new: str, target: str, *, keep: bool) -> None:
    """A new file into the place of the target, which is kept."""
    try:
        if os.path.exists(target):
            os.chmod(new, stat.S_IMODE(os.stat(target).st_mode))
            if keep:
                _keep_previous(target)
        replace(new, target)
    except BaseException:
        discard(new)
        raise


def _keep_previous(target: str) -> None:
    """The target's content under .bak; the older versions move up into the first gap, or the oldest goes.

    Stopped anywhere and done again, it gives what it would have given at once.
    """
    versions = [target + suffix for suffix in KEPT_VERSIONS]
    if _same(target, versions[0]):
        return
    copy = linked(target)
    gap = next((at for at, version in enumerate(versions) if not os.path.exists(version)), len(versions) - 1)
    try:
        for at in range(gap, 0, -1):
            replace(versions[at - 1], versions[at])
        replace(copy, versions[0])
    except BaseException:
        discard(copy)
        raise


def _same(one: str, other: str) -> bool:
    """Whether two files hold the same."""
    if not os.path.exists(other) or os.path.getsize(one) != os.path.getsize(other):
        return False
    if os.path.samefile(one, other):
        return True
    with open(one, "rb") as file:
        return _holds(other, file.read())
