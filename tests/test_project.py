"""What must hold of the project as a whole."""

from __future__ import annotations

import re
import subprocess
from graphlib import TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("workbook", "templates", "addin", "scripts")
HEAVY = ("pandas", "openpyxl", "docx", "xlsxwriter", "lxml", "xlwings", "numpy")
_TOP_IMPORT = re.compile(rf"^(?:import|from) ({'|'.join(HEAVY)})\b", re.MULTILINE)
_WRITING = re.compile(r"\.(?:write_bytes|write_text|mkdir|unlink|rename)\("
                      r"|\bos\.(?:replace|rename|remove|unlink|makedirs|mkdir)\("
                      r"|\bopen\([^)]*[\"'](?:[wax]b?|r\+b?)[\"']")
MAY_WRITE = {
    "workbook/files.py", "templates/typesetting/reference.py", "workbook/console.py", "workbook/desktop.py",
    "scripts/batch/manifest.py", "scripts/batch/guarded.py",
}
"""The one place that writes; what only our own build runs; what goes to nobody; the growing record of a batch."""
MAY_BE_HEAVY = {"templates/typesetting/reference.py", "workbook/standard/made_book.py"}


def tracked() -> list[Path]:
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if names.returncode:
        pytest.skip("不是 git 检出的文件夹")
    return [ROOT / name for name in names.stdout.splitlines() if (ROOT / name).is_file()]


def test_the_four_packages_are_ours_alone() -> None:
    owners = packages_distributions()
    assert {room: set(owners.get(room, ["taizhang"])) for room in ROOMS} == {room: {"taizhang"} for room in ROOMS}


def test_no_import_goes_in_a_circle() -> None:
    """Those within functions count; those for the type checker alone do not."""
    graph = grimp.build_graph(*ROOMS, exclude_type_checking_imports=True, cache_dir=None)
    TopologicalSorter({name: graph.find_modules_directly_imported_by(name) for name in graph.modules}).prepare()


def test_no_heavy_library_at_the_top_of_a_module() -> None:
    heavy = {
        f"{path.relative_to(ROOT).as_posix()}: {match[1]}"
        for room in ROOMS for path in (ROOT / room).rglob("*.py")
        for match in _TOP_IMPORT.finditer(path.read_text("utf-8"))
        if path.relative_to(ROOT).as_posix() not in MAY_BE_HEAVY
    }
    assert not heavy


def test_no_tracked_file_names_a_registry_host() -> None:
    hosts = re.compile(r"py[p]i\.org|python[h]osted\.org|npm[j]s\.org|deb\.de[b]ian\.org")
    texts = {path: path.read_bytes().decode("utf-8", "replace") for path in tracked()}
    assert [str(path) for path, text in texts.items() if hosts.search(text)] == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [str(path) for room in ROOMS for path in (ROOT / room).rglob("*.py")
              if not path.read_text("utf-8").lstrip("r").startswith('"""')]
    assert silent == []


def test_writing_has_one_place() -> None:
    """Whatever else writes is not safe against kills and full disks: use workbook.files."""
    paths = [path for room in ("workbook", "templates", "scripts") for path in (ROOT / room).rglob("*.py")]
    found = {f"{name}: {match[0]}" for path in paths
             if (name := path.relative_to(ROOT).as_posix()) not in MAY_WRITE and not name.startswith("workbook/disk/")
             for match in _WRITING.finditer(path.read_text("utf-8"))}
    assert found == set()
