"""Every wheel that an installation without internet needs, for computers of other kinds than this one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Sequence
from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from addin import VERSION
from workbook.findings import Refusal

PLATFORMS = {
    "win_amd64": ("x86_64-pc-windows-msvc", ("win_amd64",)),
    "linux_x86_64": ("x86_64-manylinux_2_28", ("manylinux2014_x86_64", *(
        f"manylinux_2_{number}_x86_64" for number in range(28, 4, -1)))),
}
"""What uv and pip call each target; Linux means glibc 2.28 and later."""
INSTALLER = "pip"
_MISSING = re.compile(r"(?:No matching distribution found for|Because) (\S+)(?=\s*$| was not found| has no wheels)",
                      re.MULTILINE)
_ROOT = Path(__file__).parents[2]


class Target(NamedTuple):
    """A kind of computer: a name of PLATFORMS, and a Python version like 3.12."""

    platform: str
    version: str

    def __str__(self) -> str:
        return f"{self.platform}、Python {self.version}"


def gathered(targets: Sequence[Target], folder: str = "") -> dict[str, bytes]:
    """The wheels for every target, by file name; `folder` has them where there is no internet.

    Raises Refusal where uv or pip is missing, where the program's own wheel cannot be made, and where a
    library has no wheel for a target.
    """
    with tempfile.TemporaryDirectory() as place:
        found, limits = Path(place, "wheels"), Path(place, "limits.txt")
        found.mkdir()
        limits.write_text("\n".join(_limits()), "utf-8")
        own = _own_wheel(found, folder)
        for target in targets:
            _download(target, _resolved(target, own, limits, folder), found, folder)
        return {path.name: path.read_bytes() for path in sorted(found.iterdir())}


def _own_wheel(found: Path, folder: str) -> Path:
    """Our own wheel: from the folder, else built from the source this runs from."""
    given = sorted(Path(folder).glob(f"taizhang-{VERSION}-*.whl")) if folder else []
    if given:
        return Path(shutil.copy2(given[0], found))
    if not (_ROOT / "pyproject.toml").is_file():
        raise Refusal(f"没有台账程序自己的安装文件 taizhang-{VERSION}-py3-none-any.whl。请用 --wheels 说明它"
                      "在哪个文件夹，或在源代码的文件夹里做安装包。")
    _run([_uv(), "build", "--wheel", "--quiet", "--out-dir", str(found), str(_ROOT)], "程序自己的安装文件没有做成")
    (found / ".gitignore").unlink(missing_ok=True)
    return next(found.glob("taizhang-*.whl"))


def _resolved(target: Target, own: Path, limits: Path, folder: str) -> list[str]:
    """The exact versions of all that is needed there, as uv resolves them for that system."""
    asked = limits.with_name("asked.txt")
    asked.write_text(f"taizhang @ {own.as_uri()}\n{INSTALLER}\n", "utf-8")
    command = [_uv(), "pip", "compile", str(asked), "--constraint", str(limits), "--quiet", "--no-header",
               "--no-annotate", "--no-config", "--only-binary", ":all:", "--python-version", target.version,
               "--python-platform", PLATFORMS[target.platform][0], *_sources(folder)]
    said = _run(command, f"{target} 的零件配不齐")
    lines = (line.split(";")[0].strip() for line in said.splitlines())
    return [line for line in lines if line and not line.startswith("taizhang")]


def _download(target: Target, wanted: Iterable[str], found: Path, folder: str) -> None:
    tags = [word for tag in PLATFORMS[target.platform][1] for word in ("--platform", tag)]
    command = [*_pip(), "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:",
               "--implementation", "cp", "--python-version", target.version, *tags, "--dest", str(found),
               *_sources(folder), *wanted]
    _run(command, f"{target} 的零件没有收齐")


def _sources(folder: str) -> list[str]:
    return ["--no-index", "--find-links", os.path.abspath(folder)] if folder else []


def _limits() -> list[str]:
    """The versions this program is tested with: those of its pyproject.toml, else those installed here."""
    place = _ROOT / "pyproject.toml"
    if place.is_file():
        return list(tomllib.loads(place.read_text("utf-8"))["tool"]["uv"]["constraint-dependencies"])
    return [f"{one.name}=={one.version}" for one in distributions() if one.name != "taizhang"]


def _uv() -> str:
    found = shutil.which("uv")
    if found is None:
        raise Refusal("做离线安装包要用 uv，本机没有。请先运行 pip install uv。")
    return found


def _pip() -> list[str]:
    """pip of this Python, else the one on the search path, else through uv."""
    if find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    found = shutil.which("pip") or shutil.which("pip3")
    return [found] if found else [_uv(), "tool", "run", "pip"]


def _run(command: Sequence[str], failure: str) -> str:
    """What a program prints; raises Refusal with what it missed."""
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False)
    if done.returncode == 0:
        return done.stdout
    missing = sorted(set(_MISSING.findall(done.stderr)))
    why = f"缺少 {'、'.join(missing)}" if missing else " ".join(done.stderr.split())[-300:]
    raise Refusal(f"{failure}，没有做安装包：{why}。请核对网络和版本，或用 --wheels 给出装着它们的文件夹。")
