"""A real Chromium without a window, driven over the Chrome DevTools Protocol on a pipe, without a network."""

from __future__ import annotations

import base64
import json
import os
import select
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.conformance.programs import require

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
PATIENCE = 60.0
_FLAGS = (
    "--headless=new", "--remote-debugging-pipe", "--no-first-run", "--no-default-browser-check", "--disable-gpu",
    "--disable-extensions", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--hide-scrollbars", "--proxy-server=127.0.0.1:9", "--password-store=basic",
)
_KEYS = {"Enter": 13, "Escape": 27, "ArrowDown": 40, "ArrowUp": 38, "ArrowLeft": 37, "ArrowRight": 39, "Tab": 9}


class Browser:
    """One page of one browser. `errors` are what its console and its network complained about since it was opened."""

    def __init__(self, to_browser: int, from_browser: int) -> None:
        self._to, self._from = to_browser, from_browser
        self._waiting = b""
        self._number = 0
        self._script = True
        self._events: list[dict[str, Any]] = []
        self.errors: list[str] = []
        self.requests: list[str] = []
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._call(f"{domain}.enable")

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command; raises AssertionError where the browser refuses it."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if hasattr(self, "_session") and not method.startswith("Target."):
            message["sessionId"] = self._session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._to, data):]
        end = time.monotonic() + PATIENCE
        while True:
            answer = self._next(end)
            if answer.get("id") == self._number:
                assert "error" not in answer, f"{method}: {answer['error']}"
                result: dict[str, Any] = answer["result"]
                return result

    def _next(self, end: float) -> dict[str, Any]:
        while b"\0" not in self._waiting:
            ready, _, _ = select.select([self._from], [], [], max(0.0, end - time.monotonic()))
            assert ready, "浏览器没有回答"
            piece = os.read(self._from, 1 << 20)
            assert piece, "浏览器自己退出了"
            self._waiting += piece
        message, _, self._waiting = self._waiting.partition(b"\0")
        answer: dict[str, Any] = json.loads(message)
        if "method" in answer:
            self._events.append(answer)
            self._note(answer["method"], answer.get("params", {}))
        return answer

    def _note(self, method: str, given: dict[str, Any]) -> None:
        if method == "Runtime.exceptionThrown":
            details = given["exceptionDetails"]
            self.errors.append(details.get("exception", {}).get("description") or details["text"])
        elif method == "Runtime.consoleAPICalled" and given["type"] in ("error", "warning", "assert"):
            self.errors.append(" ".join(str(one.get("value", one.get("description"))) for one in given["args"]))
        elif method == "Log.entryAdded" and given["entry"]["level"] in ("error", "warning"):
            self.errors.append(given["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            self.requests.append(given["request"]["url"])

    def open(self, path: Path, *, script: bool = True) -> None:
        """Load a file from disk and wait until it is there."""
        self.errors.clear()
        self.requests.clear()
        self._events.clear()
        self._script = script
        self._call("Emulation.setScriptExecutionDisabled", value=not script)
        self._call("Page.navigate", url=path.resolve().as_uri())
        self._until("Page.loadEventFired")

    def _until(self, method: str) -> None:
        end = time.monotonic() + PATIENCE
        while not any(event["method"] == method for event in self._events):
            self._next(end)

    def size(self, width: int, height: int) -> None:
        """The window's inner size in CSS pixels."""
        self._call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def value(self, expression: str) -> Any:
        """What a JavaScript expression, or a promise, comes to; fails where it throws."""
        done = self._call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in done, done["exceptionDetails"]["exception"]["description"]
        return done["result"].get("value")

    def settle(self) -> None:
        """Wait until what was asked for is painted."""
        if not self._script:
            self._call("Page.captureScreenshot", format="png")
            return
        self.value("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))")

    def click(self, selector: str, *, at: int = 0) -> None:
        """A real click in the middle of the element's first line, brought into view; nothing may cover it."""
        element = f"document.querySelectorAll({json.dumps(selector)})[{at}]"
        assert self.value(f"!!{element}"), f"页面上没有 {selector}"
        self.value(f"""(() => {{
            const box = {element}.getClientRects()[0];
            if (!box || box.top < 60 || box.bottom > innerHeight) {element}.scrollIntoView({{ block: "center" }});
        }})()""")
        self.settle()
        x, y, hit = self.value(f"""(() => {{
            const element = {element}, box = element.getClientRects()[0];
            const x = box.left + Math.min(box.width, innerWidth - box.left) / 2, y = box.top + box.height / 2;
            const hit = document.elementFromPoint(x, y);
            return [x, y, element.contains(hit) ? "" : `${{hit && hit.outerHTML.slice(0, 80)}}`];
        }})()""")
        assert not hit, f"{selector} 被别的东西盖住了：{hit}"
        self.click_at(x, y)

    def click_at(self, x: float, y: float) -> None:
        for kind in ("mousePressed", "mouseReleased"):
            self._call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
        self.settle()

    def press(self, key: str) -> None:
        """One key: a character, or Enter, Escape, an arrow, Tab."""
        code = _KEYS.get(key, ord(key[0].upper()))
        text = "\r" if key == "Enter" else key if len(key) == 1 else ""
        for kind in ("keyDown" if text else "rawKeyDown", "keyUp"):
            extra = {"text": text} if text and kind == "keyDown" else {}
            self._call("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, **extra)
        self.settle()

    def type(self, text: str) -> None:
        """Text into the element that has the focus."""
        self._call("Input.insertText", text=text)

    def screenshot(self, path: Path) -> Path:
        """What the window shows, as PNG."""
        path.write_bytes(base64.b64decode(self._call("Page.captureScreenshot", format="png")["data"]))
        return path

    def pdf(self, path: Path) -> Path:
        """What the page prints."""
        made = self._call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        path.write_bytes(base64.b64decode(made["data"]))
        return path


@contextmanager
def browser(width: int = 1366, height: int = 768) -> Iterator[Browser]:
    """A browser with an empty profile of its own, which is ended by its process id and leaves nothing behind."""
    program = _program()
    with TemporaryDirectory(prefix="browser", ignore_cleanup_errors=True) as profile:
        (its_input, to_browser), (from_browser, its_output) = os.pipe(), os.pipe()
        command = ["sh", "-c", 'exec "$@" 3<&0 4>&1 0</dev/null 1>/dev/null', "sh", program, *_FLAGS,
                   f"--user-data-dir={profile}", *(("--no-sandbox",) if _is_root() else ())]
        process = subprocess.Popen(command, stdin=its_input, stdout=its_output, stderr=subprocess.DEVNULL)
        os.close(its_input)
        os.close(its_output)
        try:
            opened = Browser(to_browser, from_browser)
            opened.size(width, height)
            yield opened
        finally:
            os.close(to_browser)
            os.close(from_browser)
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _program() -> str:
    import shutil

    return next((found for name in NAMES if (found := shutil.which(name))), None) or require(NAMES[0])


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
