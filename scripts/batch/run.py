"""The run of a batch: results in order, each recorded as it arrives; at the end a summary to read."""

from __future__ import annotations

import os
import time
from argparse import Namespace
from collections import Counter, deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from typing import Any

from scripts.batch.crew import Crew, processes, sensible_jobs
from scripts.batch.guarded import Answer, Task, version
from scripts.batch.identity import settings_digest
from scripts.batch.manifest import Entry, Manifest
from scripts.batch.progress import Progress, duration
from scripts.batch.result import Order, Result, Trade
from scripts.batch.speaking import Speaker
from scripts.batch.stream import answers
from scripts.common import warn
from workbook.apart.helper import Limits
from workbook.findings import Refusal

NAMED = 20
"""How many failed files the summary names; the record has all."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C in a batch; its text says how far it came and how to go on."""


class Batch:
    """One run of one command over many files; iterate over it for the results, then call `finish`."""

    def __init__(self, trade: Trade, orders: Sequence[Order], options: Namespace, *, settings: Sequence[object],
                 record: str = "") -> None:
        self.trade, self.orders, self.options = trade, orders, options
        path = options.manifest or record
        if options.resume and not path:
            raise Refusal("--resume 要知道上次做到哪里：请用 --manifest 写上次的批处理记录。")
        digest = settings_digest(version(), trade.name, *settings)
        self.manifest = Manifest(path, trade, digest, resume=options.resume) if path else None
        self.speaker = Speaker(orders[0].voice, trade.key)
        self.counts: Counter[str] = Counter()
        self.failed: list[tuple[str, str]] = []
        self.skipped = 0
        self.code = 0
        self.started = time.monotonic()

    def run(self) -> int:
        """Work through all files, keep none of the results, and return the exit code."""
        deque(self.results(), maxlen=0)
        return self.finish()

    def results(self) -> Iterator[Result]:
        """The result of every file in the order of the files, printed and recorded."""
        known = {number: entry for number, order in enumerate(self.orders) if (entry := self._known(order))}
        todo = [number for number in range(len(self.orders)) if number not in known]
        self.skipped = len(known)
        progress = Progress(len(todo), self.trade.deed, quiet=self.options.quiet)
        self.speaker.begin(progress)
        try:
            yield from self._merged(known, todo, progress)
        except KeyboardInterrupt:
            raise self._interrupted(progress) from None
        except BaseException:
            if self.manifest:
                self.manifest.release()
            raise

    def _known(self, order: Order) -> Entry | None:
        return self.manifest.done(order.source) if self.manifest else None

    def _merged(self, known: dict[int, Entry], todo: Sequence[int], progress: Progress) -> Iterator[Result]:
        with closing(self._fresh(todo, progress)) as fresh:  # its processes end here, where Ctrl-C is heard
            for number, order in enumerate(self.orders):
                entry = known.get(number)
                result = self._counted(self._recalled(order, entry)) if entry else next(fresh)
                if not entry or self.options.json or self.options.ndjson:
                    self.speaker.tell(result)
                yield result

    def _fresh(self, todo: Sequence[int], progress: Progress) -> Generator[Result, None, None]:
        if not todo:
            return
        limits = Limits(self.options.timeout, self.options.memory)
        tasks = [Task(self.trade.work, self.orders[number], limits, os.getcwd(), version()) for number in todo]

        def arrived(at: int, answer: Answer) -> None:
            progress.add()
            result = self._counted(self._result(self.orders[todo[at]], answer))
            if self.manifest:
                self.manifest.add(result, answer.content)

        def halting(count: int) -> None:
            progress.hide()
            warn(f"正在停下：等手上的 {count} {self.trade.measure}做完。不想等就再按一次 Ctrl-C。")

        with self._crew(len(todo)) as crew:
            for at, answer in answers(crew, tasks, arrived, halting):
                yield self._result(self.orders[todo[at]], answer)

    def _crew(self, files: int) -> AbstractContextManager[Crew]:
        if self.options.scheduler:
            from scripts.batch.cluster import cluster

            return cluster(self.options.scheduler)
        return processes(max(1, min(self.options.jobs or sensible_jobs(), files)))

    def _result(self, order: Order, answer: Answer) -> Result:
        return answer.result or self.trade.lost(order, answer.why)

    def _recalled(self, order: Order, entry: Entry) -> Result:
        """What an earlier run recorded of a file."""
        output = os.path.join(self.manifest.folder, entry.output) if self.manifest and entry.output else ""
        document = {"file": order.source, "output": output, "status": entry.status, "message": entry.message,
                    "seconds": entry.seconds, "resumed": True}
        return Result(order.source, entry.status, entry.code, (output,) if output else (), entry.message,
                      document=order.voice.document(document), resumed=True)

    def _counted(self, result: Result) -> Result:
        self.counts[result.status] += 1
        self.code = max(self.code, result.code)
        if result.status in self.trade.again:
            self.failed.append((result.source, result.message))
        return result

    def finish(self, before: Iterable[str] = (), **more: object) -> int:
        """Close the record, print the summary behind `before`, return the exit code; `more` goes into the JSON."""
        summary = self.close()
        self.speaker.end({"summary": summary} | more)
        for line in (*self._lines(), *before, self._total()):
            self.speaker.say(line)
        return self.code

    def close(self) -> dict[str, Any]:
        """Close the record, print nothing; the run for a program."""
        summary = self.summary()
        if self.manifest:
            self.manifest.close(summary)
        return summary

    def summary(self) -> dict[str, Any]:
        """The run for a program."""
        seconds = time.monotonic() - self.started
        fresh = sum(self.counts.values()) - self.skipped
        return {"files": len(self.orders), **{status: self.counts[status] for status in self.trade.words},
                "resumed": self.skipped, "seconds": round(seconds, 3),
                "per_second": round(fresh / max(seconds, 1e-3), 1),
                "manifest": self.manifest.path if self.manifest else ""}

    def _total(self) -> str:
        parts = "，".join(f"{word} {self.counts[status]}" for status, word in self.trade.words.items()
                         if self.counts[status])
        return f"共 {len(self.orders)} {self.trade.measure}：{parts}。"

    def _lines(self) -> Iterator[str]:
        """What a person reads of the run before the total."""
        seconds, measure = time.monotonic() - self.started, self.trade.measure
        if self.failed and len(self.orders) > NAMED:
            yield "没有做成的："
            yield from (f"  {message or source}" for source, message in self.failed[:NAMED])
        if len(self.failed) > NAMED:
            yield f"  ……还有 {len(self.failed) - NAMED} {measure}。"
        if self.skipped:
            yield f"其中 {self.skipped} {measure}上次做过、没有变，这次没有再做。"
        if seconds >= 1 and self.skipped < len(self.orders):
            yield f"用时 {duration(seconds)}，每秒 {(len(self.orders) - self.skipped) / seconds:.1f} {measure}。"
        if self.manifest:
            yield f"每个文件的结果记在：{self.manifest.path}"

    def _interrupted(self, progress: Progress) -> Interrupted:
        """Close what is open; what was finished is recorded."""
        progress.hide()
        done = self.skipped + progress.done
        if self.manifest:
            self.manifest.close(self.summary() | {"interrupted": True})
        self.speaker.end({"summary": self.summary() | {"interrupted": True}})
        how = "再运行一次同样的命令即可。"
        if self.trade.resumable:
            how = ("接着做：再运行一次同样的命令，加上 --resume。" if self.manifest
                   else "再运行一次同样的命令即可；加上 --manifest 记录.ndjson，中断了可以接着做。")
        total = f"{done}/{len(self.orders)} {self.trade.measure}"
        return Interrupted(f"已中断，做完 {total}，没有留下写到一半的文件。{how}")
