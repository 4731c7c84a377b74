"""What must be the same for work to be done already: a file's content, a command's settings, the program."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from workbook.files import long_path


class Content(NamedTuple):
    """A file's size and SHA-256; -1 and empty where it cannot be read or does not hold still."""

    size: int = -1
    sha256: str = ""


def content_of(path: str) -> Content:
    """What a file holds."""
    try:
        with open(long_path(path), "rb") as file:
            digest = hashlib.file_digest(file, "sha256")
            return Content(file.tell(), digest.hexdigest())
    except OSError:
        return Content()


def still(path: str) -> tuple[int, int]:
    """What changes when a file is written: time and size."""
    try:
        found = os.stat(long_path(path))
    except OSError:
        return -1, -1
    return found.st_mtime_ns, found.st_size


def settings_digest(*settings: object) -> str:
    """A digest of a command's settings; a Path among them stands for what the file, or the folder, holds."""
    return hashlib.sha256("\0".join(part for one in settings for part in _told(one)).encode()).hexdigest()[:16]


def _told(setting: object) -> Iterator[str]:
    if not isinstance(setting, Path):
        yield repr(setting)
        return
    files = sorted(one for one in setting.rglob("*") if one.is_file()) if setting.is_dir() else [setting]
    for file in files:
        yield f"{file.relative_to(setting)} {content_of(str(file)).sha256}"
