"""One file: done here and now, told as a batch tells it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence

from scripts.batch.result import Order, Result, Voice
from scripts.batch.speaking import Speaker


def is_batch(orders: Sequence[Order], options: Namespace) -> bool:
    """Whether a run is a batch: several files, or what only a batch can do."""
    return len(orders) > 1 or bool(options.manifest or options.resume or options.scheduler)


def alone(result: Result, voice: Voice, key: str) -> int:
    """Print what became of the only file; its exit code."""
    speaker = Speaker(voice, key)
    speaker.begin(None)
    speaker.tell(result)
    speaker.end({})
    return result.code
