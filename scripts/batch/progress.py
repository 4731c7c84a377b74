"""How far a batch is, on stderr: a bar where a person watches, now and then a plain line otherwise."""

from __future__ import annotations

import sys
import time
from typing import TextIO

from workbook.console import takes_colour

STEPS = 20
"""How often a long run says how far it is, where no terminal shows it; and at least every SECONDS."""
SECONDS = 30.0
_BAR, _REDRAWN = 24, 0.1


class Progress:
    """Counts files; `deed` is what is done with them."""

    def __init__(self, total: int, deed: str, *, quiet: bool, stream: TextIO | None = None) -> None:
        self.total, self.deed, self.quiet = total, deed, quiet
        self.stream = stream or sys.stderr
        self.bar = not quiet and self.stream.isatty()
        self.done, self.shown, self.started = 0, False, time.monotonic()
        self.told = self.started
        self._step = max(1, total // STEPS)

    def add(self) -> None:
        """One more file is done."""
        self.done += 1
        now = time.monotonic()
        if self.bar:
            if not self.shown or now - self.told >= _REDRAWN or self.done == self.total:
                self._draw(now)
        elif not self.quiet and (self.done % self._step == 0 or self.done == self.total or now - self.told > SECONDS):
            self.told = now
            print(self.line(now), file=self.stream, flush=True)

    def hide(self) -> None:
        """Take the bar away before something else is printed."""
        if self.shown:
            self.stream.write("\r\x1b[K" if takes_colour(self.stream) else f"\r{' ' * 78}\r")
            self.stream.flush()
            self.shown = False

    def line(self, now: float) -> str:
        """已转换 120/1000，每秒 35.2 个，还要 25 秒."""
        seconds = now - self.started
        text = f"{self.deed} {self.done}/{self.total}"
        if seconds < 1 or self.done == self.total:
            return text
        rate = self.done / seconds
        return f"{text}，每秒 {rate:.1f} 个，还要 {duration((self.total - self.done) / rate)}"

    def _draw(self, now: float) -> None:
        self.told, self.shown = now, self.done < self.total
        filled = _BAR * self.done // max(1, self.total)
        text = f"\r{'■' * filled}{'□' * (_BAR - filled)} {self.line(now)}"
        self.stream.write(text + ("\x1b[K" if takes_colour(self.stream) else " " * 8))
        if self.done == self.total:
            self.stream.write("\n")
        self.stream.flush()


def duration(seconds: float) -> str:
    """65 -> 1 分 5 秒."""
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    if hours:
        return f"{hours} 小时 {minutes} 分"
    return f"{minutes} 分 {whole % 60} 秒" if minutes else f"{whole} 秒"
