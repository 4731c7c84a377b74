"""From a .docx to a PDF, through LibreOffice, wherever it is installed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from workbook.files import read_bytes, scratch_folder, write_atomic
from workbook.findings import Refusal

MISSING = (
    "没有找到 LibreOffice，不能直接输出 PDF：请管理员安装 LibreOffice（免费，离线安装包即可），"
    "或先输出 .docx，再用 Word、WPS 另存为 PDF。"
)
REGISTRY = r"SOFTWARE\LibreOffice\UNO\InstallPath"
NO_WINDOW = 0x08000000 if sys.platform == "win32" else 0


def find_office() -> str | None:
    """The path of LibreOffice's soffice: TAIZHANG_SOFFICE, else the search path, else the usual places."""
    named = os.environ.get("TAIZHANG_SOFFICE")
    if named:
        return named if Path(named).is_file() else None
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((str(path) for path in _usual_places() if path.is_file()), None)


def _usual_places() -> Iterator[Path]:
    if sys.platform == "win32":
        for folder in _windows_folders():
            yield folder / "soffice.com"  # unlike soffice.exe it waits and says what went wrong
            yield folder / "soffice.exe"
    elif sys.platform == "darwin":
        for root in (Path("/Applications"), Path.home() / "Applications"):
            yield root / "LibreOffice.app/Contents/MacOS/soffice"
    else:
        yield Path("/usr/lib/libreoffice/program/soffice")
        yield from sorted(Path("/opt").glob("libreoffice*/program/soffice"), reverse=True)


def _windows_folders() -> Iterator[Path]:
    if sys.platform == "win32":
        import winreg

        for hive in (winreg.HKEY_LOCAL_MACHINE, winreg.HKEY_CURRENT_USER):
            for view in (winreg.KEY_WOW64_64KEY, winreg.KEY_WOW64_32KEY):
                try:
                    with winreg.OpenKey(hive, REGISTRY, 0, winreg.KEY_READ | view) as key:
                        yield Path(winreg.QueryValue(key, None))
                except OSError:
                    continue
    for variable in ("ProgramFiles", "ProgramW6432", "ProgramFiles(x86)"):
        if root := os.environ.get(variable):
            yield Path(root) / "LibreOffice" / "program"


def to_pdf(docx: bytes, *, timeout: float = 120) -> bytes:
    """The PDF of a .docx; raises Refusal where LibreOffice is missing, fails or takes over `timeout` seconds.

    It runs with a profile of its own that is thrown away, so an open LibreOffice is not disturbed.
    """
    office = find_office()
    if office is None:
        raise Refusal(MISSING)
    with scratch_folder() as folder:
        source, target = Path(folder, "report.docx"), Path(folder, "report.pdf")
        write_atomic(source, docx)
        _run(_command(office, Path(folder)), timeout)
        if not target.is_file():
            raise Refusal("LibreOffice 没有生成 PDF：请先输出 .docx，用 Word、WPS 打开后另存为 PDF。")
        return read_bytes(target)


def _command(office: str, folder: Path) -> list[str]:
    profile = (folder / "profile").resolve().as_uri()
    switches = ["--headless", "--norestore", "--nolockcheck", "--nodefault", f"-env:UserInstallation={profile}"]
    return [office, *switches, "--convert-to", "pdf", "--outdir", str(folder), str(folder / "report.docx")]


def _run(command: list[str], timeout: float) -> None:
    """Run to the end or, past the time, stop the program and all it started."""
    quiet = subprocess.DEVNULL
    try:
        process = subprocess.Popen(
            command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True, creationflags=NO_WINDOW
        )
    except OSError as error:
        raise Refusal(f"LibreOffice 不能启动（{error.strerror}）：请重新安装 LibreOffice，或先输出 .docx。") from error
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired:
        raise Refusal(f"LibreOffice 超过 {timeout:g} 秒没有完成：请稍后再试，或先输出 .docx。") from None
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True, check=False)
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
