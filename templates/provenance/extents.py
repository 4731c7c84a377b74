"""How far the text of each cell reaches in the report now, and what was changed outside of all of them.

What was typed beside a cell's text belongs to it, as far as the template's own words (一是, a heading's
number) stand where they stood.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from templates.provenance.alignment import matching
from templates.provenance.located import Located, Spot, is_figure
from templates.provenance.manifest import Mark
from templates.provenance.words import numbers

_ENUMERATORS = re.compile(
    r"[一二三四五六七八九十]{1,4}[是、]|第[一二三四五六七八九十]{1,4}，|[（(][一二三四五六七八九十\d]{1,4}[）)]|"
    r"(?<!\d)\d{1,6}[.．]|[①-⓪㉑-㊿]|附件：|\s"
)
SPLIT = "一段拆成了两段，请在台账里改"
JOINED = "两段并成了一段，请在台账里改"
ORDER = "换了位置，请在台账里改“序”或“章节”"
TEMPLATE = "不是台账里的字（模板或手写），请改模板，或在台账里加一行"


class Unplaced(NamedTuple):
    """A change of wording that no cell can take: what was printed, what stands there now, why and what to do."""

    before: str
    after: str
    reason: str


class Extents:
    """`spots[id]` is the reach of each text now; `unplaced` what lies outside."""

    def __init__(self, located: Located) -> None:
        self.located = located
        self.unplaced: list[Unplaced] = []
        self.texts = {mark.id: mark for mark in located.manifest.marks if not is_figure(mark)}
        self.spots = {id_: spot for id_ in self.texts if (spot := located.spots.get(id_))}
        self._own = _by_paragraph({mark.id: located.spots[mark.id] for mark in located.manifest.marks
                                   if is_figure(mark) and not mark.place and mark.id in located.spots})
        self._phrases = {mark.id: mark.phrase for mark in located.manifest.marks}
        self._gaps = _gaps(located.manifest.paragraphs, self.texts.values())
        self._order()
        self._bare = Counter(self._unmarked())
        here = _by_paragraph({id_: spot for id_, spot in self.spots.items() if id_ not in located.split})
        broken = set().union(*located.split.values())
        for number in range(len(located.now)):
            if number in here and number not in broken:
                self._paragraph(number, [id_ for id_, _ in here[number]])
            elif number not in broken:
                self._template(number)
        self._gone()

    def _unmarked(self) -> list[str]:
        marked = {mark.paragraph for mark in self.texts.values()}
        return [text for number, text in enumerate(self.located.manifest.paragraphs) if number not in marked]

    def _paragraph(self, number: int, ids: list[str]) -> None:
        """Give what was typed between two texts to one of them, or list it."""
        for left, right in pairwise((None, *ids, None)):
            start = self.spots[left].end if left else 0
            end = self.spots[right].start if right else len(self.located.now[number].text)
            if start > end:
                continue
            now = self._printed(number, start, end)
            if not any(now == was for was in self._expected(left, right)) and not self._attributed(left, right, now):
                was = " ".join(filter(None, self._expected(left, right)))
                if _ENUMERATORS.sub("", now) != _ENUMERATORS.sub("", was):
                    self.unplaced.append(Unplaced(was, now, TEMPLATE))

    def _expected(self, left: str | None, right: str | None) -> list[str]:
        """What the printed report had between these two, or else after the one and before the other."""
        if (left, right) in self._gaps:
            return [self._gaps[left, right]]
        after = [text for (one, _), text in self._gaps.items() if left and one == left]
        before = [text for (_, other), text in self._gaps.items() if right and other == right]
        return [one + other for one in after or [""] for other in before or [""]] + [*after, *before, ""]

    def _attributed(self, left: str | None, right: str | None, now: str) -> bool:
        for was in sorted(self._expected(left, right), key=len, reverse=True):
            if left and now.endswith(was):
                spot = self.spots[left]
                self.spots[left] = spot._replace(end=spot.end + len(now) - len(was))
                return True
            if right and now.startswith(was):
                spot = self.spots[right]
                self.spots[right] = spot._replace(start=spot.start - len(now) + len(was))
                return True
        return False

    def _printed(self, number: int, start: int, end: int) -> str:
        """A stretch of a paragraph now, the template's figures in it as they were printed."""
        text, at = "", start
        for id_, spot in self._own.get(number, []):
            if at <= spot.start and spot.end <= end:
                text += self.located.now[number].text[at:spot.start] + self._phrases[id_]
                at = spot.end
        return text + self.located.now[number].text[at:end]

    def _template(self, number: int) -> None:
        """A paragraph without any cell's text: as the template printed it, or typed by hand."""
        now = self._printed(number, 0, len(self.located.now[number].text)).strip()
        if self._bare[now]:
            self._bare[now] -= 1
            return
        was = self._before(number)
        self._bare[was] -= bool(was)
        if _ENUMERATORS.sub("", self.located.beyond(now.replace(was, "", 1))):
            self.unplaced.append(Unplaced(was, now, TEMPLATE))

    def _before(self, number: int) -> str:
        """The printed paragraph without cell texts that this one was."""
        alignment = self.located.alignment
        found = Counter(alignment.old.paragraph[was] for was in
                        alignment.back[alignment.new.first[number]:alignment.new.first[number + 1]] if was >= 0)
        text = self.located.manifest.paragraphs[found.most_common(1)[0][0]] if found else ""
        return text if self._bare[text] > 0 else ""

    def _gone(self) -> None:
        for text, left in self._bare.items():
            for _ in range(left if text.strip() and not _is_number(text) else 0):
                self.unplaced.append(Unplaced(text, "", TEMPLATE))

    def _order(self) -> None:
        """Texts that stand elsewhere now, or share a paragraph they did not share."""
        old = [mark for mark in self.texts.values() if mark.id in self.spots]
        new = sorted(old, key=lambda mark: self.spots[mark.id][:2])
        blocks = matching([mark.id for mark in old], [mark.id for mark in new])
        kept = {mark.id for block in blocks for mark in old[block.a:block.a + block.size]}
        self._list(ORDER, [mark for mark in new if mark.id not in kept])
        followed = {(a.id, b.id): a.paragraph == b.paragraph for a, b in pairwise(old)}
        for a, b in pairwise(new):
            together = self.spots[a.id].paragraph == self.spots[b.id].paragraph
            if followed.get((a.id, b.id), together) != together:
                self._list(JOINED if together else SPLIT, [b])

    def _list(self, reason: str, marks: Iterable[Mark]) -> None:
        self.unplaced += [Unplaced(mark.phrase, self.located.text(self.spots[mark.id]), reason) for mark in marks]


def _gaps(paragraphs: Sequence[str], texts: Iterable[Mark]) -> dict[tuple[str | None, str | None], str]:
    """What was printed between two texts of a paragraph, by their ids; None at its edges."""
    inside: dict[int, list[Mark]] = {}
    for mark in texts:
        inside.setdefault(mark.paragraph, []).append(mark)
    gaps: dict[tuple[str | None, str | None], str] = {}
    for number, marks in inside.items():
        marks.sort(key=lambda mark: mark.start)
        for left, right in pairwise((None, *marks, None)):
            start, end = left.end if left else 0, right.start if right else len(paragraphs[number])
            gaps[left.id if left else None, right.id if right else None] = paragraphs[number][start:end]
    return gaps


def _by_paragraph(spots: dict[str, Spot]) -> dict[int, list[tuple[str, Spot]]]:
    found: dict[int, list[tuple[str, Spot]]] = {}
    for id_, spot in sorted(spots.items(), key=lambda item: item[1]):
        found.setdefault(spot.paragraph, []).append((id_, spot))
    return found


def _is_number(text: str) -> bool:
    found = numbers(text)
    return len(found) == 1 and found[0].text == text
