"""What a batch prints: text or JSON on stdout as results arrive, one whole document in the end."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from scripts.batch.progress import Progress
from scripts.batch.result import Result, Voice
from scripts.common import printed
from workbook.faults import safe_document


class Speaker:
    """Prints results; a JSON document is written piece by piece, so that no result is kept for it."""

    def __init__(self, voice: Voice, key: str) -> None:
        self.voice, self.key = voice, key
        self.told = 0
        self.progress: Progress | None = None

    def begin(self, progress: Progress | None) -> None:
        """Open the document; `progress` is what stands on the terminal between results."""
        self.progress = progress
        if self.voice.json:
            print(f'{{\n  "{self.key}": [', end="")

    def tell(self, result: Result) -> None:
        """Print what one file has to say."""
        if self.progress and (result.said or result.noted or result.document):
            self.progress.hide()
        if result.document and not self.voice.ndjson:
            from textwrap import indent

            print(f"{',' if self.told else ''}\n{indent(result.document, '    ')}", end="")
        elif result.document:
            print(result.document, flush=True)
        self.told += 1
        if result.said:
            print(printed(result.said))
        if result.noted:
            print(printed(result.noted), file=sys.stderr)

    def say(self, text: str) -> None:
        """A line for people."""
        if self.voice.speaks:
            print(printed(text))
        elif not self.voice.quiet:
            print(printed(text), file=sys.stderr)

    def end(self, more: Mapping[str, Any]) -> None:
        """Close the document with what else belongs into it."""
        if self.progress:
            self.progress.hide()
        if not self.voice.json:
            return
        import json
        from textwrap import indent

        print("\n  ]" if self.told else "]", end="")
        for name, value in more.items():
            text = indent(json.dumps(safe_document(value), ensure_ascii=self.voice.narrow, indent=2), "  ").lstrip()
            print(f',\n  "{name}": {text}', end="")
        print("\n}")
