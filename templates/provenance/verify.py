"""A report that people edited, held against the ledger that people edited: what still matches.

Three readings of every mark: as it was printed (the manifest), as the report reads now, and
as the ledger would print it now.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from templates.docx_text import Paragraph
from templates.provenance.counterparts import added, counterparts
from templates.provenance.extents import Unplaced
from templates.provenance.located import Located, is_figure
from templates.provenance.manifest import Manifest, Mark
from templates.provenance.sentences import sentence_at
from templates.provenance.status import Status
from templates.provenance.wording import Wording, wordings
from templates.provenance.words import numbers, same
from workbook.normalize import tidy
from workbook.spans import Origin

_ENUMERATOR = re.compile(r"\d{1,3}[.．、]|[（(]\d{1,3}[）)]")
_ARABIC = re.compile("[0-9０-９]")


class Verdict(NamedTuple):
    """One mark: how the report reads now and what the ledger gives now, empty where it is gone there."""

    mark: Mark
    status: Status
    report: str
    ledger: str
    note: str = ""
    context: str = ""


class Unbacked(NamedTuple):
    """A number of the report that is new and comes from no cell; `note`: spelled out in Chinese."""

    text: str
    context: str
    note: bool = False


class Verification(NamedTuple):
    """Everything that was compared; `added` is what the ledger would print beyond the report."""

    figures: tuple[Verdict, ...]
    texts: tuple[Wording, ...]
    untraced: tuple[Unbacked, ...]
    unplaced: tuple[Unplaced, ...]
    added: tuple[Mark, ...]

    @property
    def differs(self) -> bool:
        """Whether anything is left to settle."""
        return bool(self.changed or self.unplaced or self.added or any(not one.note for one in self.untraced)
                    or any(text.status != Status.SAME for text in self.texts))

    @property
    def changed(self) -> list[Verdict]:
        return [one for one in self.figures if one.status is not Status.SAME]


def verify(then: Manifest, report: Sequence[Paragraph], now: Manifest, *, known: Sequence[str] = ()) -> Verification:
    """Compare a report's manifest, its text now and the manifest the ledger gives now.

    `known` are printed texts that no manifest names (版头, 版记).
    """
    located = Located(then, report, known)
    pairs = counterparts(then, now)
    figures = tuple(_verdict(mark, pairs.get(mark.id), located) for mark in then.marks if is_figure(mark))
    texts, unplaced = wordings(located, pairs)
    return Verification(figures, tuple(texts), tuple(_unbacked(located)), tuple(unplaced),
                        tuple(added(now, pairs)))


def _verdict(mark: Mark, ledger: Mark | None, located: Located) -> Verdict:
    spot = located.spots.get(mark.id)
    report = located.text(located.whole(mark)) if spot else ""
    held = spot is not None and (located.untouched(mark) or _reads(mark, located.was(mark), report))
    given = ledger is not None and same(mark.phrase, ledger.phrase)
    shown = mark.phrase if held else report
    status, note = _status(mark, ledger, located, report, held, given)
    context = sentence_at(located.text_at(spot), spot.start, spot.end) if spot else mark.context
    return Verdict(mark, status, shown, ledger.phrase if ledger else "", note, context)


def _status(mark: Mark, ledger: Mark | None, located: Located, report: str, held: bool,
            given: bool) -> tuple[Status, str]:
    if held and given:
        moved = ledger is not None and ledger.value != mark.value
        return Status.SAME, f"台账的值由{mark.value}变为{ledger.value}，印出来一样" if moved and ledger else ""
    if not report:
        return (Status.MISSING, "") if ledger else (Status.SAME, "两边都删了")
    if held:
        return Status.LEDGER, "" if ledger else "已删"
    if given:
        return Status.REPORT, ""
    if ledger is not None and _reads(ledger, located.was(mark).replace(mark.phrase, ledger.phrase, 1), report):
        return Status.SAME, "两边改成了一样的"
    return Status.BOTH, "" if ledger else "已删"


def _reads(mark: Mark, was: str, now: str) -> bool:
    """Whether `now` says what `was` said; words beside a number or around a name do not matter."""
    if same(was, now):
        return True
    then, there = numbers(was), numbers(now)
    alike = len(then) == len(there) and all(same(a.text, b.text) for a, b in zip(then, there, strict=True))
    if then:
        return alike and (mark.origin in (Origin.FIGURE, Origin.DATE) or tidy(mark.phrase) in tidy(now))
    return bool(mark.phrase) and tidy(mark.phrase) in tidy(now)


def _unbacked(located: Located) -> Iterator[Unbacked]:
    """Numbers that stand neither at a mark nor where the printed report had the same number."""
    taken: dict[int, list[tuple[int, int]]] = {}
    for mark in located.manifest.marks:
        if is_figure(mark) and mark.id in located.spots:
            spot = located.whole(mark)
            taken.setdefault(spot.paragraph, []).append((spot.start, spot.end))
    backed, counts = _marked_words(located), cache(lambda line: bool(numbers(located.beyond(line))))
    new = located.alignment.new
    for index, word in enumerate(new.words):
        number, was = new.paragraph[index], located.alignment.back[index]
        if not word.number or (was >= 0 and was not in backed):
            continue
        line = located.now[number].text
        if any(word.start < end and start < word.end for start, end in taken.get(number, ())):
            continue
        if (not _ENUMERATOR.match(line) or word.start > 1) and counts(line):
            yield Unbacked(word.text, sentence_at(line, word.start, word.end), not _ARABIC.search(word.text))


def _marked_words(located: Located) -> set[int]:
    """The words of the printed report that stood at a figure."""
    old = located.alignment.old
    return {index for mark in located.manifest.marks if is_figure(mark)
            for index in range(*old.covering(mark.paragraph, mark.start, mark.end))}
