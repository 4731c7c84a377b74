"""One ledger checked, mended and marked: what a worker process takes, and the plain values it gives back."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from scripts.batch.result import Voice
from workbook.faults import found
from workbook.findings import Finding, Refusal, Severity

if TYPE_CHECKING:
    from workbook.gate import Nameplate
    from workbook.mending import Change
    from workbook.surroundings import Sighting


class Order(NamedTuple):
    """One file to check; `mended` and `marked` are where to write what was asked for.

    `page`: the findings are wanted for a page. `strict`: a warning is to be settled too.
    """

    source: str
    mended: str = ""
    marked: str = ""
    voice: Voice = Voice()
    page: bool = False
    strict: bool = False

    @property
    def bare(self) -> bool:
        """Whether nobody will look at the rows around the findings."""
        return not (self.page or self.voice.speaks)

    @property
    def output(self) -> str:
        return self.mended or self.marked


class Checked(NamedTuple):
    """What was found in one file; `refusal` where it is no ledger, `crash` where our program failed on it."""

    file: str
    plate: Nameplate | None = None
    sightings: tuple[Sighting, ...] = ()
    refusal: str = ""
    crash: bool = False
    changes: tuple[Change, ...] | None = None
    mended: str = ""
    marked: str = ""

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(one.finding for one in self.sightings)

    def tally(self, severity: Severity) -> int:
        """How many of this severity are to be settled; those acknowledged are not."""
        return sum(one.finding.severity is severity and one.finding.open for one in self.sightings)

    @property
    def acknowledged(self) -> int:
        return sum(not one.finding.open for one in self.sightings)

    def as_json(self) -> dict[str, object]:
        document: dict[str, object] = {
            "file": self.file, "findings": [one.as_json() for one in self.findings],
            "errors": self.tally(Severity.ERROR), "warnings": self.tally(Severity.WARNING),
            "acknowledged": self.acknowledged, "ledger": self.plate.as_json() if self.plate else None,
        }
        if self.changes is not None:
            document |= {"changes": [one.as_json() for one in self.changes], "mended": self.mended}
        return document | {name: text for name, text in (("marked", self.marked), ("refused", self.refusal)) if text}

    @property
    def status(self) -> str:
        """In one word: unusable, failed, errors or ok."""
        if self.refusal or self.crash:
            return "unusable" if self.refusal else "failed"
        return "errors" if self.tally(Severity.ERROR) else "ok"

    def code(self, *, strict: bool) -> int:
        if self.refusal or self.crash:
            return 2 if self.refusal else 3
        return int(bool(self.tally(Severity.ERROR) or (strict and self.tally(Severity.WARNING))))


def check_one(order: Order) -> Checked:
    """Check one file; what the user got wrong is a refusal, not an exception."""
    try:
        return _check(order)
    except Refusal as refusal:
        return Checked(order.source, refusal=str(refusal))


def crashed(order: Order, why: str = "进程中途停了，可能是内存不够") -> Checked:
    """What is said of a file on which our program failed."""
    from workbook.surroundings import Sighting

    return Checked(order.source, sightings=(Sighting(found("X002", given=why)),), crash=True)


def _check(order: Order) -> Checked:
    from templates.check import check_ledger
    from workbook.book import recognize
    from workbook.gate import admit, nameplate
    from workbook.ledger import Ledger
    from workbook.reading.reader import read
    from workbook.schema import GENERATED_SHEETS
    from workbook.surroundings import Sighting, sightings

    changes, book = None, admit(recognize(read(order.source, notes=True, skip=GENERATED_SHEETS)))
    if order.mended:
        changes = _mend(order)
        book = recognize(read(order.mended, notes=True, skip=GENERATED_SHEETS))
    ledger = Ledger(book)
    findings = check_ledger(ledger)
    if order.marked:
        _mark(order, [one for one in findings if one.open])
    seen = tuple(map(Sighting, findings)) if order.bare else sightings(ledger, findings)
    return Checked(order.source, nameplate(ledger), seen, changes=changes, mended=order.mended, marked=order.marked)


def _mend(order: Order) -> tuple[Change, ...]:
    from workbook.files import read_bytes
    from workbook.mending import mend

    mended = mend(read_bytes(order.source), order.source)
    put(order.mended, mended.data)
    return mended.changes


def _mark(order: Order, findings: list[Finding]) -> None:
    from workbook.files import read_bytes
    from workbook.patching.marks import marked

    put(order.marked, marked(read_bytes(order.mended or order.source), findings, path=order.source))


def put(path: str, data: bytes) -> None:
    """Write a ledger in one step, the file before it kept as .bak."""
    from pathlib import Path

    from workbook.files import make_folder, write_atomic

    make_folder(Path(path).parent)
    write_atomic(path, data, keep=True, durable=True)
