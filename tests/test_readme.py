"""Every command in the READMEs runs, in their order, in an empty folder."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from scripts.cli import main

ROOT = Path(__file__).parents[1]
_BLOCK = re.compile(r"^ *```sh\n(.*?)^ *```", re.MULTILINE | re.DOTALL)


def commands(page: str) -> list[list[str]]:
    """The `taizhang` commands of a page, without what installs and starts them."""
    lines = [line.strip() for block in _BLOCK.findall((ROOT / page).read_text("utf-8")) for line in block.splitlines()]
    found = [line.partition("uv run taizhang ")[2] for line in lines if "uv run taizhang " in line]
    return [shlex.split(line) for line in found]


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_readme_commands_run(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TAIZHANG_SOFFICE", "没有")
    assert len(commands(page)) >= 5
    for arguments in commands(page):
        settled = "--draft" not in arguments and arguments[:2] != ["check", "台账.xlsx"]  # a blank ledger has gaps
        assert main(arguments) == (0 if settled else 1), arguments


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", ".ci/run"])
def test_the_test_command_is_the_same_everywhere(page: str) -> None:
    assert "pip install uv && uv run pytest" in (ROOT / page).read_text("utf-8")
