"""The offline package: what is in it, in which encodings, and that it is refused rather than incomplete."""

from __future__ import annotations

import hashlib
import io
import subprocess
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from addin import VERSION
from addin.bundle import UNZIP, Order, bundle, wheels, zipped
from addin.bundle.wheels import Target, gathered
from scripts.cli import main
from workbook.findings import Refusal

pytest.importorskip("pyopenvba", reason="生成加载项要用 pyopenvba")
BOTH = ("win_amd64", "linux_x86_64")
SCRIPTS = ("files/install.ps1", "files/uninstall.ps1")


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Target]:
    """The targets that wheels were asked for; one wheel stands in for all."""
    told: list[Target] = []

    def pretended(targets: list[Target], folder: str) -> dict[str, bytes]:
        told.extend(targets)
        return {"pip-26.2-py3-none-any.whl": b"pip"}

    monkeypatch.setattr("addin.bundle.gathered", pretended)
    return told


@pytest.fixture
def setup(tmp_path: Path) -> Path:
    path = tmp_path / "python-3.12.8-amd64.exe"
    path.write_bytes(b"MZ...")
    return path


def test_every_file_but_the_list_is_in_the_list(setup: Path) -> None:
    files = bundle(Order(BOTH, setup=str(setup)))
    sums = dict(reversed(line.split("  ", 1)) for line in files["SHA256SUMS"].decode().splitlines())
    assert sums == {name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name != "SHA256SUMS"}
    assert {"安装.cmd", "卸载.cmd", "install.sh", "uninstall.sh", "先读我.txt", "files/taizhang.xlam", *SCRIPTS,
            "files/python-3.12.8-amd64.exe", "files/wheels/pip-26.2-py3-none-any.whl"} == set(sums)


def test_each_system_gets_its_own_scripts_alone() -> None:
    assert not [name for name in bundle(Order(("linux_x86_64",))) if name.endswith((".ps1", ".cmd"))]
    assert not [name for name in bundle(Order(("win_amd64",))) if name.endswith(".sh")]


def test_the_installer_says_for_which_python_the_wheels_are(setup: Path, asked: list[Target]) -> None:
    bundle(Order(BOTH, ("3.11", "3.12"), str(setup)))
    assert asked == [Target(platform, version) for platform in BOTH for version in ("3.12", "3.11")]


@pytest.mark.parametrize(("name", "data", "why"), [
    ("python-3.12.8.exe", b"MZ", "64 位"), ("python-3.12.8-amd64.exe", b"<html>", "没有下载完整"),
    ("python-3.12.8-amd64.exe", None, "找不到"),
])
def test_what_is_no_python_installer_is_refused(tmp_path: Path, name: str, data: bytes | None, why: str) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(Refusal, match=why):
        bundle(Order(BOTH, setup=str(tmp_path / name)))


def test_powershell_5_reads_its_scripts_as_utf8() -> None:
    files = bundle(Order(BOTH))
    for name in (*SCRIPTS, "先读我.txt"):
        assert files[name].startswith(b"\xef\xbb\xbf"), name
        assert files[name].count(b"\n") == files[name].count(b"\r\n"), name
        assert b"@VERSION" not in files[name]


def test_powershell_parses_its_scripts() -> None:
    """By a grammar of PowerShell; a running one is not at hand."""
    tree_sitter = pytest.importorskip("tree_sitter", reason="要用 tree-sitter-powershell")
    grammar = pytest.importorskip("tree_sitter_powershell", reason="要用 tree-sitter-powershell")
    parser = tree_sitter.Parser(tree_sitter.Language(grammar.language()))
    files = bundle(Order(BOTH))
    for name in SCRIPTS:
        text = files[name].decode("utf-8-sig")
        assert not parser.parse(text.encode()).root_node.has_error, name
        assert parser.parse(text.replace("}", "", 1).encode()).root_node.has_error, "it can tell"
    told = files["安装.cmd"].decode("ascii").partition('-Command "')[2].partition('"')[0]
    assert not parser.parse(told.encode()).root_node.has_error


def test_powershell_installs_without_internet_and_for_this_user_alone() -> None:
    text = bundle(Order(BOTH, ("3.12",)))["files/install.ps1"].decode("utf-8-sig")
    for words in ("--no-index", "--find-links", "--without-pip", "Get-FileHash", "Unblock-File", "InstallAllUsers=0",
                  "$env:LOCALAPPDATA", f"'taizhang=={VERSION}'", "-m scripts.cli addin install", "$LASTEXITCODE"):
        assert words in text, words
    for words in ("Invoke-WebRequest", "http", "RunAs", "HKLM:\\Software\\Policies", "Set-ExecutionPolicy"):
        assert words not in text, words
    steps = ("Test-Package\r\n", "Get-ChildItem -LiteralPath $package", "addin install")
    assert [text.index(words) for words in steps] == sorted(text.index(words) for words in steps)


def test_cmd_gets_ascii_and_starts_the_script_beside_it() -> None:
    files = bundle(Order(BOTH))
    for name, script in (("安装.cmd", "install.ps1"), ("卸载.cmd", "uninstall.ps1")):
        text = files[name].decode("ascii")
        assert f'-ExecutionPolicy Bypass -File "%~dp0files\\{script}"' in text
        assert text.count("\n") == text.count("\r\n")
    numbers = files["安装.cmd"].decode("ascii").partition("[char[]](")[2].partition(")")[0]
    assert "".join(chr(int(one)) for one in numbers.split(",")) == UNZIP


@pytest.mark.parametrize("name", ["install.sh", "uninstall.sh"])
def test_sh_parses_its_scripts(name: str, tmp_path: Path) -> None:
    script = tmp_path / name
    script.write_bytes(bundle(Order(BOTH))[name])
    assert b"\r" not in script.read_bytes()
    assert subprocess.run(["sh", "-n", str(script)], check=False).returncode == 0


def test_the_same_inputs_give_the_same_zip() -> None:
    first, second = (zipped(bundle(Order(BOTH)), "台账") for _ in range(2))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert package.testzip() is None
        modes = {one.filename: one.external_attr >> 16 for one in package.infolist()}
        assert {one.flag_bits & 0x800 for one in package.infolist() if not one.filename.isascii()} == {0x800}
    assert modes["台账/install.sh"] & 0o111
    assert not modes["台账/先读我.txt"] & 0o111


def test_the_command_writes_a_folder_or_a_zip_and_overwrites_no_folder(tmp_path: Path) -> None:
    target = tmp_path / "安装包"
    assert main(["addin", "bundle", "-o", str(target), "--platform", "linux_x86_64"]) == 0
    assert (target / "install.sh").stat().st_mode & 0o111
    assert main(["addin", "bundle", "-o", str(target)]) == 2
    assert main(["addin", "bundle", "-o", str(tmp_path / "包.zip"), "--quiet"]) == 0
    assert zipfile.is_zipfile(tmp_path / "包.zip")


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """uv and pip that do what they are told here."""
    said: dict[str, Any] = {"ran": [], "compile": "lxml==6.1.3\n", "download": (0, "")}

    def run(command: list[str], **ignored: object) -> Any:
        said["ran"].append(command)
        if "compile" in command:
            return SimpleNamespace(returncode=0, stdout=said["compile"], stderr="")
        code, text = said["download"]
        return SimpleNamespace(returncode=code, stdout="", stderr=text)

    monkeypatch.setattr(wheels.subprocess, "run", run)
    monkeypatch.setattr(wheels, "_uv", lambda: "uv")
    return said


def test_a_library_without_a_wheel_for_a_target_is_named(programs: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / f"taizhang-{VERSION}-py3-none-any.whl").write_bytes(b"")
    programs["download"] = (1, "ERROR: No matching distribution found for lxml==6.1.3\n")
    with pytest.raises(Refusal, match=r"win_amd64、Python 3\.12 的零件没有收齐.*缺少 lxml==6\.1\.3"):
        gathered([Target("win_amd64", "3.12")], str(tmp_path))


def test_what_cannot_be_resolved_is_named_too(programs: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
                                              ) -> None:
    (tmp_path / f"taizhang-{VERSION}-py3-none-any.whl").write_bytes(b"")
    said = "Because lxml was not found in the provided package locations and taizhang depends on lxml, …"
    monkeypatch.setattr(wheels.subprocess, "run", lambda *a, **k: SimpleNamespace(returncode=1, stdout="", stderr=said))
    with pytest.raises(Refusal, match="配不齐，没有做安装包：缺少 lxml。"):
        gathered([Target("win_amd64", "3.12")], str(tmp_path))


def test_with_a_folder_of_wheels_no_index_is_asked(programs: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / f"taizhang-{VERSION}-py3-none-any.whl").write_bytes(b"")
    assert list(gathered([Target("win_amd64", "3.12")], str(tmp_path))) == [f"taizhang-{VERSION}-py3-none-any.whl"]
    assert all("--no-index" in command for command in programs["ran"])
    download = programs["ran"][-1]
    assert download[-1] == "lxml==6.1.3"
    assert download[download.index("--platform") + 1] == "win_amd64"
    assert "--only-binary=:all:" in download


def test_without_uv_or_our_own_wheel_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(wheels, "_ROOT", tmp_path)
    with pytest.raises(Refusal, match="--wheels"):
        gathered([Target("win_amd64", "3.12")], str(tmp_path))
    monkeypatch.setattr(wheels.shutil, "which", lambda name: None)
    with pytest.raises(Refusal, match="pip install uv"):
        wheels._uv()
