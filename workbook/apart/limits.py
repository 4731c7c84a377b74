"""A limit on the memory of this process, as each system sets one."""

from __future__ import annotations

import sys

_JOB_EXTENDED_LIMITS, _PROCESS_MEMORY = 9, 0x100


def limit_memory(size: int) -> None:
    """Let this process have so many bytes and no more: beyond them Python raises MemoryError, other code dies.

    Where the system knows no such limit (macOS) nothing happens.
    """
    if sys.platform == "win32":
        _limit_by_job(size)
        return
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_AS)
    soft = size if most == resource.RLIM_INFINITY else min(size, most)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (soft, most))
    except (ValueError, OSError):
        return


def _limit_by_job(size: int) -> None:
    """Put this process into a job object of its own; jobs nest since Windows 8."""
    import ctypes

    kernel = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore]
    kernel.CreateJobObjectW.restype = kernel.GetCurrentProcess.restype = ctypes.c_void_p
    job, limits = ctypes.c_void_p(kernel.CreateJobObjectW(None, None)), extended_limits(size)
    kernel.SetInformationJobObject(job, _JOB_EXTENDED_LIMITS, limits, len(limits))
    kernel.AssignProcessToJobObject(job, ctypes.c_void_p(kernel.GetCurrentProcess()))


def extended_limits(size: int, pointer: int = 0) -> bytes:
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION with only ProcessMemoryLimit; `pointer`: bytes of a SIZE_T, 4 or 8.

    Two times, flags, two working sets, count, affinity, two classes; six counters of I/O; four sizes.
    """
    import struct

    word = {4: "I", 8: "Q"}[pointer or struct.calcsize("P")]
    basic = struct.pack(f"@qqI{word}{word}I{word}II", 0, 0, _PROCESS_MEMORY, 0, 0, 0, 0, 0, 0)
    aligned = basic + bytes(-len(basic) % 8)
    return aligned + bytes(6 * 8) + struct.pack(f"={word * 4}", size, 0, 0, 0)
