"""A package that installs the program on a computer without internet: wheels, the add-in, scripts, checksums.

The same inputs give the same bytes. Nothing is left where something is missing.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from addin import VERSION
from addin.bundle.wheels import Target, gathered
from workbook.files import read_bytes, write_atomic
from workbook.findings import Refusal

_FILES = Path(__file__).with_name("files")
_SETUP = re.compile(r"python-(3\.\d+)\.\d+-amd64\.exe")
_MODE_PROGRAM, _MODE_FILE = 0o100755, 0o100644
_EPOCH = (1980, 1, 1, 0, 0, 0)
UNZIP = "请先把整个安装包解压到一个文件夹，再双击里面的“安装.cmd”。"


class Order(NamedTuple):
    """What a bundle is to hold; `setup` is a Python installer, `wheels` a folder to take all wheels from."""

    platforms: tuple[str, ...]
    versions: tuple[str, ...] = ()
    setup: str = ""
    wheels: str = ""


def bundle(order: Order) -> dict[str, bytes]:
    """Every file of the package by its name; raises Refusal where a wheel for a target is missing."""
    setup = _setup(order)
    versions = _versions(order)
    targets = [Target(platform, version) for platform in order.platforms for version in versions]
    files = {f"files/wheels/{name}": data for name, data in gathered(targets, order.wheels).items()}
    files |= {f"files/{name}": data for name, data in setup.items()}
    files |= _scripts(order, versions, bool(setup)) | {"files/taizhang.xlam": _addin()}
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items()))
    return dict(sorted((files | {"SHA256SUMS": sums.encode()}).items()))


def write(files: Mapping[str, bytes], target: Path) -> None:
    """Write the package as a folder that must not exist yet, or as one .zip file."""
    if target.suffix.lower() == ".zip":
        write_atomic(target, zipped(files, target.stem))
        return
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Refusal(f"{target}：已经有了，里面不是空的。请换个名称，或先移走它。")
    for name, data in files.items():
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(place, data)
        if name.endswith(".sh"):
            place.chmod(0o755)


def zipped(files: Mapping[str, bytes], folder: str) -> bytes:
    """One zip, always the same bytes; wheels are packed already."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as package:
        for name, data in files.items():
            entry = zipfile.ZipInfo(f"{folder}/{name}", _EPOCH)
            entry.create_system = 3
            entry.external_attr = (_MODE_PROGRAM if name.endswith(".sh") else _MODE_FILE) << 16
            entry.compress_type = zipfile.ZIP_STORED if name.endswith((".whl", ".exe")) else zipfile.ZIP_DEFLATED
            package.writestr(entry, data)
    return held.getvalue()


def _setup(order: Order) -> dict[str, bytes]:
    """The Python installer under its own name, by which its version is known."""
    if not order.setup:
        return {}
    path = Path(order.setup)
    if not _SETUP.fullmatch(path.name):
        raise Refusal(f"{path}：不像 python.org 的 64 位安装程序，文件名要像 python-3.12.8-amd64.exe。")
    data = read_bytes(path)
    if data[:2] != b"MZ":
        raise Refusal(f"{path}：不是 Windows 程序，可能没有下载完整。请重新下载再试。")
    return {path.name: data}


def _versions(order: Order) -> tuple[str, ...]:
    """The Pythons the package is for: those that were named, and that of the installer."""
    import sys

    own = _SETUP.fullmatch(Path(order.setup).name) if order.setup else None
    given = [*([own[1]] if own else []), *order.versions] or [f"{sys.version_info[0]}.{sys.version_info[1]}"]
    return tuple(dict.fromkeys(given))


def _scripts(order: Order, versions: Sequence[str], setup: bool) -> dict[str, bytes]:
    """The scripts in the encoding that each program reads: PowerShell 5.1 wants a BOM, cmd takes ASCII alone."""
    words = {"@VERSION@": VERSION, "@VERSIONS@": " ".join(versions),
             "@PYTHONS@": " ".join(f"python{one}" for one in versions),
             "@PYTHON@": "没有的话，安装程序会先装上安装包里带的 Python。" if setup else "安装包里没有带，要先装好。"}
    made = {"先读我.txt": _windows_text("readme.txt", words)}
    if any(one.startswith("win") for one in order.platforms):
        made |= {f"files/{name}": _windows_text(name, words) for name in ("install.ps1", "uninstall.ps1")}
        made |= {"安装.cmd": _command("install.ps1"), "卸载.cmd": _command("uninstall.ps1")}
    if any(not one.startswith("win") for one in order.platforms):
        made |= {name: _filled(name, words).encode() for name in ("install.sh", "uninstall.sh")}
    return made


def _filled(name: str, words: Mapping[str, str]) -> str:
    text = (_FILES / name).read_text("utf-8").replace("\r\n", "\n")
    for word, value in words.items():
        text = text.replace(word, value)
    return text


def _windows_text(name: str, words: Mapping[str, str]) -> bytes:
    return _filled(name, words).replace("\n", "\r\n").encode("utf-8-sig")


def _command(script: str) -> bytes:
    told = {"@SCRIPT@": script, "@UNZIP@": ",".join(str(ord(one)) for one in UNZIP)}
    return _filled("start.cmd", told).replace("\n", "\r\n").encode("ascii")


def _addin() -> bytes:
    from addin.build import addin

    return addin()
