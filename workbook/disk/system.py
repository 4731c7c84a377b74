"""What differs between operating systems: paths, locks, processes, Ctrl-C, and what their errors mean."""

from __future__ import annotations

import contextlib
import errno
import ntpath
import os
import sys
import time
import zlib

WINDOWS = os.name == "nt"
LONGEST_PLAIN_PATH = 240
PATIENCE = (0.05, 0.1, 0.2, 0.4)
"""Seconds between tries, since virus scanners hold a new file for a moment."""
BINARY = getattr(os, "O_BINARY", 0)
_LOCKED_BYTE = 1 << 30
"""Far behind the text of a lock file, so that another process can read there who holds it."""
_SAME = {errno.EPERM: errno.EACCES, errno.ENOTDIR: errno.ENOENT, getattr(errno, "EDQUOT", errno.ENOSPC): errno.ENOSPC}
_WINDOWS_CODES = {
    19: errno.EROFS, 32: errno.EACCES, 33: errno.EACCES, 39: errno.ENOSPC, 112: errno.ENOSPC,
    123: errno.EINVAL, 206: errno.ENAMETOOLONG, 1224: errno.EACCES,
}


def code_of(error: OSError) -> int:
    """The errno of an error, one for each meaning, on every system."""
    code = _WINDOWS_CODES.get(getattr(error, "winerror", None) or 0, error.errno or 0)
    return _SAME.get(code, code)


def long_path(path: str | os.PathLike[str]) -> str:
    r"""A path that Windows opens beyond 240 characters (\\?\ form); elsewhere the path itself."""
    text = os.fspath(path)
    if not WINDOWS:
        return text
    full = ntpath.abspath(text)
    if len(full) <= LONGEST_PLAIN_PATH or full.startswith("\\\\?\\"):
        return text
    return "\\\\?\\UNC\\" + full[2:] if full.startswith("\\\\") else "\\\\?\\" + full


def replace(source: str, target: str) -> None:
    """os.replace; on Windows with patience."""
    for pause in PATIENCE if WINDOWS else ():
        try:
            os.replace(source, target)
        except PermissionError:
            time.sleep(pause)
        else:
            return
    os.replace(source, target)


def sync_folder(folder: str) -> None:
    """Make a new name itself last, where the disk can; Windows writes it with the file and opens no folder."""
    if WINDOWS:
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def machine() -> str:
    """What this computer calls itself."""
    return os.environ.get("COMPUTERNAME", "") if WINDOWS else os.uname().nodename


def machine_mark() -> str:
    """Eight characters for a file name that tell this computer from the others on a shared folder."""
    return f"{zlib.crc32(machine().encode('utf-8', 'surrogateescape')):08x}"


if sys.platform == "win32":
    import ctypes
    import msvcrt

    _SEEN_BY_ALL, _STILL_ACTIVE, _ACCESS_DENIED = 0x1000, 259, 5

    def seize(descriptor: int) -> None:
        """Lock an open file against every other process; raises OSError where one has it."""
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    def free(descriptor: int) -> None:
        """Give the lock back."""
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

    def alive(process: int) -> bool:
        """Whether a process of this computer runs."""
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.OpenProcess.restype = ctypes.c_void_p
        handle = kernel.OpenProcess(_SEEN_BY_ALL, False, process)
        if not handle:
            return ctypes.get_last_error() == _ACCESS_DENIED
        code = ctypes.c_ulong()
        kernel.GetExitCodeProcess(ctypes.c_void_p(handle), ctypes.byref(code))
        kernel.CloseHandle(ctypes.c_void_p(handle))
        return code.value == _STILL_ACTIVE
else:
    import fcntl

    def seize(descriptor: int) -> None:
        """Lock an open file against every other process; raises OSError where one has it."""
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def free(descriptor: int) -> None:
        """Give the lock back."""
        fcntl.flock(descriptor, fcntl.LOCK_UN)

    def alive(process: int) -> bool:
        """Whether a process of this computer runs."""
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return False
        except (PermissionError, OverflowError):
            return True
        return True
