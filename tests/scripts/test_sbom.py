"""What runs is known, pinned, and under licences that an office may use."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from scripts.cli import main
from scripts.sbom import components, document, folded

ROOT = Path(__file__).parents[2]
ALLOWED = {"MIT", "MIT-0", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "PSF-2.0", "ISC", "0BSD", "Zlib", "CC0-1.0",
           "MPL-2.0", "Unlicense"}
"""Licences that let an office use, copy and pass on the program."""
_VALIDATOR = "cyclonedx-python-lib[json-validation]==11.12.0"
_VALIDATE = ("import sys; from cyclonedx.validation.json import JsonStrictValidator as V; "
             "from cyclonedx.schema import SchemaVersion as S; "
             "print(V(S.V1_6).validate_str(open(sys.argv[1], encoding='utf-8').read()) or 'valid')")


def test_every_licence_is_allowed() -> None:
    refused = {one.name: one.licence for one in components()
               if not any(set(re.split(r" AND ", choice)) <= ALLOWED for choice in one.licence.split(" OR "))}
    assert refused == {}


def test_every_package_is_pinned_as_installed() -> None:
    pinned = dict(line.split("==") for line in
                  tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["uv"]["constraint-dependencies"])
    wanted = {folded(name): version.partition(";")[0].strip() for name, version in pinned.items()}
    told = {one.name: one.version for one in components() if one.name != "taizhang"}
    assert {name: version for name, version in told.items() if wanted.get(name) != version} == {}


def test_what_is_needed_is_listed_and_what_only_tests_need_is_not() -> None:
    names = {one.name for one in components()}
    assert {"taizhang", "openpyxl", "lxml", "python-calamine", "numpy", "six"} <= names
    assert not {"pytest", "mypy", "hypothesis", "ruff"} & names


def test_the_bill_says_who_needs_whom(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sbom", "-o", str(tmp_path / "清单.json"), "--quiet"]) == 0
    bill = json.loads((tmp_path / "清单.json").read_text("utf-8"))
    assert (bill["bomFormat"], bill["metadata"]["component"]["name"]) == ("CycloneDX", "taizhang")
    known = {one["bom-ref"] for one in (*bill["components"], bill["metadata"]["component"])}
    assert {one["ref"] for one in bill["dependencies"]} == known
    assert {need for one in bill["dependencies"] for need in one["dependsOn"]} <= known
    assert main(["sbom"]) == 0
    assert json.loads(capsys.readouterr().out) == bill == document(components())


def test_the_licences_are_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sbom", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(components())
    assert any(re.fullmatch(r"openpyxl +[\d.]+ +MIT", line) for line in lines)


@pytest.mark.conformance
def test_the_bill_is_cyclonedx(tmp_path: Path) -> None:
    """By the schema of the standard, where the validator can be fetched."""
    main(["sbom", "-o", str(tmp_path / "清单.json"), "--quiet"])
    if not shutil.which("uv"):
        pytest.skip("没有 uv，取不到 CycloneDX 的校验程序")
    done = subprocess.run(["uv", "run", "--no-project", "--with", _VALIDATOR, "python", "-c", _VALIDATE,
                           str(tmp_path / "清单.json")], capture_output=True, text=True, check=False, cwd=tmp_path)
    if done.returncode:
        pytest.skip(f"取不到 CycloneDX 的校验程序：{done.stderr.strip()[-200:]}")
    assert done.stdout.strip() == "valid"
