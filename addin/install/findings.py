"""What one check of this computer says."""

from __future__ import annotations

from typing import NamedTuple

GOOD, NOTE, BAD = "好", "注意", "不行"


class Check(NamedTuple):
    """`level` is 好, 注意 or 不行; `todo` what to do about it, "" where nothing is to be done."""

    name: str
    level: str
    text: str
    todo: str = ""

    def __str__(self) -> str:
        return f"{self.level:<3}{self.text}{f'。{self.todo}' if self.todo else ''}"

    def as_json(self) -> dict[str, str]:
        return dict(self._asdict())
