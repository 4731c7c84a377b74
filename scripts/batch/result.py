"""What a command asks of a worker for one file, and the plain values it gets back."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

from scripts.terminal import Screen
from workbook.faults import safe_document

FAILED = "failed"


class Voice(NamedTuple):
    """How results are told; `narrow`: JSON escapes what is no ASCII; `screen` is where text will be printed.

    `many`: it is one file of many, which must be named.
    """

    json: bool = False
    ndjson: bool = False
    quiet: bool = False
    narrow: bool = False
    screen: Screen | None = None
    everything: bool = False
    many: bool = False

    @property
    def speaks(self) -> bool:
        """Whether text for people goes to stdout."""
        return not (self.json or self.ndjson or self.quiet)

    @property
    def written(self) -> bool:
        """Whether a program reads stdout."""
        return self.json or self.ndjson

    def document(self, value: object) -> str:
        """A value as JSON, on one line for --ndjson; empty where no JSON is asked for."""
        import json

        value = safe_document(value) if self.written else None
        if self.ndjson:
            return json.dumps(value, ensure_ascii=self.narrow)
        return json.dumps(value, ensure_ascii=self.narrow, indent=2) if self.json else ""


def voice_of(options: Namespace, files: int = 1) -> Voice:
    """How this run's results are told."""
    from scripts.terminal import screen

    narrow = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    ndjson = getattr(options, "ndjson", False)
    return Voice(options.json and not ndjson, ndjson, options.quiet, narrow, screen(),
                 getattr(options, "all", False), files > 1)


class Result(NamedTuple):
    """What became of one file; small, plain and picklable.

    `said` goes to stdout, `noted` to stderr, `document` is its JSON; `code` is its exit code; `facts` are
    what the command itself needs when all are done; `seconds` of wall clock; `resumed`: done in an earlier run.
    """

    source: str
    status: str
    code: int = 0
    outputs: tuple[str, ...] = ()
    message: str = ""
    seconds: float = 0.0
    said: str = ""
    noted: str = ""
    document: str = ""
    facts: Any = None
    resumed: bool = False


class Order(Protocol):
    """One file to work on; picklable."""

    @property
    def source(self) -> str: ...

    @property
    def voice(self) -> Voice: ...


class Trade(NamedTuple):
    """What one command does with many files: `work` for each, `lost` what is said of one that could not be finished.

    `words` name each status in the summary, in its order; `deed` is what progress says; `key` holds the JSON list.
    `again` are statuses that --resume does anew; not `resumable`: there is one result for all files.
    """

    name: str
    deed: str
    measure: str
    key: str
    work: Callable[[Any], Result]
    lost: Callable[[Any, str], Result]
    words: Mapping[str, str]
    again: frozenset[str] = frozenset((FAILED,))
    resumable: bool = True
