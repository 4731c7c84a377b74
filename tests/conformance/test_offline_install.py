"""The offline package built here and installed for real: no network, an empty home with Chinese and a space."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from addin.bundle import Order, bundle, write
from tests.conformance.programs import missing, require
from workbook.findings import Refusal

pytestmark = pytest.mark.conformance
pytest.importorskip("pyopenvba", reason="生成加载项要用 pyopenvba")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("包") / "离线 安装包"
    try:
        write(bundle(Order(("linux_x86_64",))), place)
    except Refusal as why:
        missing(f"零件的来源（{why}）")
    return place


def run(home: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run without any network, as a user whose home this is."""
    environment = {"HOME": str(home), "PATH": f"{Path(sys.base_prefix) / 'bin'}:/usr/bin:/bin", "LANG": "C.UTF-8"}
    alone = ["unshare", "--map-root-user", "--net"]
    if subprocess.run([*alone, "true"], check=False, capture_output=True).returncode:
        alone, environment["PIP_INDEX_URL"] = [], "http://127.0.0.1:9/"  # no namespaces here: nobody answers there
    return subprocess.run([*alone, *map(str, command)], env=environment, capture_output=True, text=True,
                          encoding="utf-8", check=False, cwd=home)


def test_installed_without_network_used_and_removed(package: Path, tmp_path: Path) -> None:
    require("unshare")
    home = tmp_path / "李 四"
    (home / "Desktop").mkdir(parents=True)
    done = run(home, "sh", package / "install.sh")
    assert done.returncode == 0, done.stderr
    assert "装好了" in done.stdout
    taizhang = home / ".local" / "bin" / "taizhang"
    assert run(home, taizhang, "demo", "试一试", "--quiet").returncode == 0
    assert (home / "试一试" / "示例报告.docx").is_file()
    assert run(home, taizhang, "addin", "doctor", "--quiet").stdout == ""
    assert {path.name for path in (home / "Desktop").iterdir()} == {"taizhang-check.desktop", "taizhang-report.desktop"}
    gone = run(home, "sh", home / ".local" / "share" / "taizhang" / "uninstall.sh")
    assert gone.returncode == 0
    assert not (home / ".local" / "share" / "taizhang").exists()
    assert list((home / "Desktop").iterdir()) == []
    assert (home / "试一试" / "示例报告.docx").is_file(), "the user's own files stay"


def test_a_package_that_was_changed_is_not_installed(package: Path, tmp_path: Path) -> None:
    wheel = next((package / "files" / "wheels").glob("lxml-*.whl"))
    before = wheel.read_bytes()
    os.truncate(wheel, 1000)
    done = run(tmp_path, "sh", package / "install.sh")
    wheel.write_bytes(before)
    assert done.returncode == 1
    assert "没有安装" in done.stderr
    assert not (tmp_path / ".local").exists()
