"""The same files in odd surroundings: another language, no home, closed output, names that are no text, any clock."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from scripts.cli import main
from tests.faults.jobs import JOBS, fresh, surroundings

ROOT = Path(__file__).parents[2]
ASCII = {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
"""Python then takes every file name and every stream for ASCII."""
JOB = ("dispatch", "collect", "merge", "convert")
SURROUNDINGS: Mapping[str, Mapping[str, str]] = {
    "LANG=C": {"LANG": "C", "LC_ALL": "C"}, "只有 ASCII": ASCII, "cp936 管道": {"PYTHONIOENCODING": "cp936"},
    "没有 HOME": {"HOME": "/没有", "XDG_CACHE_HOME": "/没有", "XDG_CONFIG_HOME": "/没有"},
    "只读的 HOME": {"HOME": "/proc", "XDG_CACHE_HOME": "/proc", "XDG_CONFIG_HOME": "/proc"},
    "没有临时文件夹": {"TMPDIR": "/没有"}, "基里巴斯": {"TZ": "Pacific/Kiritimati"},
    "洛杉矶": {"TZ": "America/Los_Angeles"},
    "随机": {"PYTHONHASHSEED": "77", "USER": "别人", "LOGNAME": "别人"},
}
posix = pytest.mark.skipif(os.name == "nt", reason="只有 POSIX 这样")


def run(here: Path, *arguments: str | bytes, **more: str) -> subprocess.CompletedProcess[bytes]:
    """The program as a process of its own, in a folder."""
    env = os.environ | {"PYTHONPATH": str(ROOT)} | more
    return subprocess.run([sys.executable, "-m", "scripts.cli", *arguments], cwd=here, env=env, capture_output=True,
                          check=False)


def shell(here: Path, line: str) -> subprocess.CompletedProcess[bytes]:
    """The same through a shell; `@` in the line is the program."""
    program = line.replace("@", f"'{sys.executable}' -m scripts.cli")
    return subprocess.run(["sh", "-c", program], cwd=here, env=os.environ | {"PYTHONPATH": str(ROOT)},
                          capture_output=True, check=False)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = fresh(tmp_path)
    surroundings(monkeypatch, folder)
    return folder


@cache
def chinese() -> str:
    """A folder with the locale zh_CN.GB18030, made from what the system knows of it; "" where it knows nothing."""
    place = Path(mkdtemp(prefix="locales-"))
    if shutil.which("localedef"):
        subprocess.run(["localedef", "-i", "zh_CN", "-f", "GB18030", place / "zh_CN.GB18030"], capture_output=True,
                       check=False)
    return str(place) if (place / "zh_CN.GB18030").is_dir() else ""


def made(folder: Path) -> dict[str, bytes]:
    """What stands in a folder."""
    return {os.fsdecode(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def written(here: Path, **more: str) -> dict[str, bytes]:
    """What load and convert write, each in every form that is the same each time."""
    (here / "出").mkdir()
    for arguments in (("load", "台账.md", "-o", "出/台账.xlsx"),
                      *(("convert", "台账.xlsx", "-o", f"出/报告.{form}") for form in ("docx", "html", "md", "txt"))):
        done = run(here, *arguments, **more)
        assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    return made(here / "出")


@pytest.mark.conformance
@pytest.mark.parametrize("name", SURROUNDINGS)
def test_load_and_convert_give_the_same_bytes_anywhere_and_any_time(here: Path, tmp_path: Path, name: str) -> None:
    one = written(here, SOURCE_DATE_EPOCH="")
    other = written(fresh(tmp_path / "别处"), SOURCE_DATE_EPOCH="86400", **SURROUNDINGS[name])
    assert {os.fsencode(key): value for key, value in one.items()} == {os.fsencode(k): v for k, v in other.items()}


@pytest.mark.parametrize("name", [
    "只有 ASCII", *(pytest.param(one, marks=pytest.mark.conformance) for one in SURROUNDINGS if one != "只有 ASCII")])
def test_every_job_is_done_in_odd_surroundings(here: Path, name: str) -> None:
    for job in JOB if name != "只有 ASCII" else ("convert", "merge"):
        arguments = JOBS.get(job, ("check", "台账.xlsx", "--json"))
        done = run(here, *arguments, **SURROUNDINGS[name])
        assert done.returncode in (0, 1), (job, done.stderr.decode("utf-8", "replace"))
        assert b"Traceback" not in done.stderr


@pytest.mark.conformance
@posix
def test_chinese_names_in_the_code_page_of_old_systems(here: Path) -> None:
    if not chinese():
        if os.environ.get("TAIZHANG_REQUIRE_ALL"):
            pytest.fail("没有 localedef 和 zh_CN、GB18030 的定义（Debian：locales）")
        pytest.skip("这里做不出 zh_CN.GB18030")
    more = {"LOCPATH": chinese(), "LC_ALL": "zh_CN.GB18030"}
    name = "台账.xlsx".encode("gb18030")
    os.rename(here / "台账.xlsx", os.fsencode(here) + b"/" + name)
    done = run(here, b"check", name, **more)
    assert (done.returncode, done.stdout.decode("gb18030").splitlines()[0]) == (0, "台账.xlsx")
    assert run(here, b"convert", name, b"-o", b"a.docx", **more).returncode == 0
    assert '"ledger_file":"台账.xlsx"' in (here / "a.docx.trace.json").read_text("utf-8")


@posix
@pytest.mark.parametrize(("line", "code", "said"), [
    ("@ check 台账.xlsx > /dev/full", 2, "结果印不出来"), ("@ check 台账.xlsx >&-", 0, ""),
    ("@ convert 没有.xlsx -o 出.docx 2> /dev/full", 2, ""), ("@ convert 台账.xlsx -o 出.docx >&- 2>&-", 0, ""),
], ids=["输出的磁盘满了", "输出关着", "说不出话", "都关着"])
def test_output_that_takes_nothing(here: Path, line: str, code: int, said: str) -> None:
    if "/dev/full" in line and not os.path.exists("/dev/full"):
        pytest.skip("没有 /dev/full")
    done = shell(here, line)
    told = done.stderr.decode()
    assert (done.returncode, "Traceback" in told) == (code, False), told
    assert said in told


@posix
def test_a_name_that_is_no_text(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = os.fsdecode(b"\xff\xfe" + "台账.xlsx".encode())
    (here / "夹").mkdir()
    shutil.copy(here / "台账.xlsx", here / "夹" / name)
    for arguments in (("check", "夹", "--html", "清单.html", "--json"), ("convert", "夹", "-o", "报告", "--json"),
                      ("dispatch", f"夹/{name}", "-o", "新往来", "--json"),
                      ("rollup", "夹", "-o", "汇总.xlsx", "--json"),
                      ("collect", "夹", "--to", "往来", "--json")):
        assert main(list(arguments)) in (0, 1), (arguments, capsys.readouterr().err)


@posix
def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    (tmp_path / "没了").mkdir()
    gone = shell(tmp_path, "cd 没了; rmdir ../没了; @ demo")
    assert gone.returncode == 2
    assert "建不了文件夹" in gone.stderr.decode()


@pytest.mark.parametrize("name", ["空 格 & 100% =笑脸😀=.xlsx", *(
    pytest.param(one, marks=pytest.mark.conformance) for one in ("'单引号'.xlsx", "长" * 60 + ".xlsx"))])
def test_names_that_people_give(here: Path, name: str) -> None:
    deep = here.joinpath(*(["很长的文件夹名称" * 3] * 4))
    deep.mkdir(parents=True)
    shutil.copy(here / "台账.xlsx", deep / name)
    assert len(str(deep / name)) > 110
    assert main(["convert", str(deep / name), "-o", str(deep / f"{name}.docx"), "--quiet"]) == 0
    exchange = str(deep / "往来")
    assert main(["dispatch", str(deep / name), "-o", exchange, "--quiet"]) == 0
    assert main(["merge", str(deep / name), "--from", exchange, "-o", str(deep / f"合{name}"),
                 "--quiet"]) == 0


@posix
def test_what_a_careful_administrator_allows_is_kept(here: Path) -> None:
    before = os.umask(0o077)
    try:
        assert main(["dispatch", "台账.xlsx", "-o", "新往来", "--quiet"]) == 0
    finally:
        os.umask(before)
    assert [path for path in (here / "新往来").rglob("*") if path.stat().st_mode & 0o077] == []


@pytest.mark.parametrize("moment", ["0", "2145916800"], ids=["1970", "2038"])
def test_a_clock_that_is_wrong(here: Path, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", moment)
    for job in ("dispatch", "collect", "merge"):
        assert main([*JOBS[job], "--quiet"]) == 0
    assert main(["status", "新往来"]) == 0
    assert main(["remind", "往来", "--quiet"]) == 0
