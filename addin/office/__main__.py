"""Started by the office's menu as its child: `python -m addin.office MACRO`."""

from __future__ import annotations

import json
import sys

from addin import VERSION
from addin.buttons import working
from addin.office.channel import Channel
from addin.office.engine import App, install


def main(macro: str) -> None:
    """Say our version, then run one macro; nothing but its questions goes to standard output."""
    out, sys.stdout = sys.stdout.buffer, sys.stderr
    out.write(json.dumps({"version": VERSION}).encode() + b"\n")
    out.flush()
    if macro not in {button.macro for button in working()}:
        return
    install(App(Channel(sys.stdin.buffer, out)))
    from addin import macros

    getattr(macros, macro)()


if __name__ == "__main__":
    main(sys.argv[1])
