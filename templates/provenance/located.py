"""Where each mark of a manifest stands in the report as it is now: by its bookmark, else by its sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from templates.docx_text import Paragraph
from templates.provenance.alignment import Alignment
from templates.provenance.manifest import Manifest, Mark
from templates.provenance.settling import restored
from templates.provenance.words import grown, near, numeric, same, tokens
from templates.typesetting import gongwen
from workbook.spans import Origin

_FORMAL = frozenset((gongwen.COPY_NUMBER, gongwen.SECRECY, gongwen.MARKER, gongwen.NUMBER, gongwen.NUMBER_UPWARD,
                     gongwen.COPIES, gongwen.ISSUER))
_EDGES = "：:，。★　 \t"
_SIDE = 2
_ROOM = 12
"""How many words may have been typed between two that were side by side."""


class Spot(NamedTuple):
    """A range of a paragraph of the report as it is now."""

    paragraph: int
    start: int
    end: int

    def overlaps(self, other: Spot) -> bool:
        return self.paragraph == other.paragraph and self.start < other.end and other.start < self.end


class Located:
    """A printed report held against its manifest; a mark that stands nowhere any more has no spot.

    `known` are texts of 版头 and 版记, which no manifest names. `split` are the texts
    that now run over several paragraphs, and which; their spot is the first piece.
    """

    def __init__(self, manifest: Manifest, now: Sequence[Paragraph], known: Sequence[str] = ()) -> None:
        self.manifest = manifest
        self.now = now
        self.known = sorted(filter(None, known), key=len, reverse=True)
        self.alignment = Alignment(manifest.paragraphs, [self._comparable(paragraph) for paragraph in now])
        self.split: dict[str, set[int]] = {}
        named = _bookmarks(now)
        self.spots = {mark.id: spot for mark in manifest.marks if (spot := self._by_bookmark(mark, named))}
        self.bookmarked = frozenset(self.spots)
        self._taken: dict[int, list[Spot]] = {}
        for mark in manifest.marks:
            if is_figure(mark) and mark.id in self.spots:
                self._taken.setdefault(self.spots[mark.id].paragraph, []).append(self.spots[mark.id])
        for mark in manifest.marks:
            if mark.id not in self.spots and (spot := self._by_words(mark)):
                self.spots[mark.id] = spot

    def _comparable(self, paragraph: Paragraph) -> str:
        """A paragraph as compared: of 版头 and 版记 only what a manifest names, the rest blanked out."""
        text = paragraph.text
        for one in self.known if paragraph.style in _FORMAL or not self.beyond(text) else ():
            if text not in self.manifest.paragraphs:
                text = text.replace(one, "\0" * len(one))
        return text

    def beyond(self, line: str) -> str:
        """What a line holds beyond the texts that the ledger prints in 版头 and 版记."""
        for text in self.known:
            line = line.replace(text, "")
        return line.strip(_EDGES)

    def text(self, spot: Spot) -> str:
        """What a spot holds."""
        return self.now[spot.paragraph].text[spot.start:spot.end]

    def whole(self, mark: Mark) -> Spot:
        """A mark's spot with the digits, 约数词 and units that were typed against it."""
        spot, line = self.spots[mark.id], self.manifest.paragraphs[mark.paragraph]
        if not numeric(mark.phrase):
            return spot
        was, now = _neighbours(line, mark.start, mark.end), _neighbours(self.text_at(spot), spot.start, spot.end)
        start, end = grown(self.text_at(spot), spot.start, spot.end)
        return spot._replace(start=start if was[0] else min(start, now[0] or start),
                             end=end if was[1] else max(end, now[1]))

    def untouched(self, mark: Mark) -> bool:
        """Whether a mark reads as printed, behind the same characters and with nothing typed against its end."""
        spot, line = self.spots[mark.id], self.manifest.paragraphs[mark.paragraph]
        before = self.text_at(spot)[max(0, spot.start - _SIDE):spot.start]
        return (self.text(spot) == mark.phrase and before == line[max(0, mark.start - _SIDE):mark.start]
                and self.whole(mark).end == spot.end)

    def text_at(self, spot: Spot) -> str:
        """The paragraph of a spot."""
        return self.now[spot.paragraph].text

    def was(self, mark: Mark) -> str:
        """What stood at a mark when it was printed, taken in the same way."""
        line = self.manifest.paragraphs[mark.paragraph]
        start, end = grown(line, mark.start, mark.end) if numeric(mark.phrase) else (mark.start, mark.end)
        return line[start:end]

    def _by_bookmark(self, mark: Mark, named: dict[str, list[Spot]]) -> Spot | None:
        """The phrase at a mark's bookmark; of several (a copy keeps the name) the one that reads as printed.

        The text of a cell that no longer reads as printed is left to its words: its bookmark may reach further.
        """
        pieces = named.get(mark.id, [])
        spots = [spot for piece in pieces if (spot := self._restored(mark, piece))]
        printed = next((spot for spot in spots if same(self.text(spot), mark.phrase)), None)
        if printed or not spots or (len(pieces) > 1 and not is_figure(mark)):
            return printed
        return self._narrowed(mark, spots[0])

    def _narrowed(self, mark: Mark, spot: Spot) -> Spot:
        """A number's spot without the words that were typed into its bookmark around it."""
        found = [token for token in tokens(self.text(spot)) if token.number]
        if not found or not is_figure(mark) or [token.text for token in tokens(mark.phrase)] != [mark.phrase]:
            return spot
        return spot._replace(start=spot.start + found[0].start, end=spot.start + found[-1].end)

    def _restored(self, mark: Mark, piece: Spot) -> Spot | None:
        found = restored(mark, self.manifest.paragraphs[mark.paragraph], self.text_at(piece), piece.start, piece.end)
        return piece._replace(start=found[0], end=found[1]) if found and found[0] < found[1] else None

    def _by_words(self, mark: Mark) -> Spot | None:
        if mark.start >= mark.end:
            return None
        first, last = self.alignment.old.covering(mark.paragraph, mark.start, mark.end)
        if not is_figure(mark):
            return self._text_by_words(mark, first, last)
        spot = self._unchanged(mark, first, last) or self._changed(mark, first, last)
        taken = self._taken.get(spot.paragraph, ()) if spot else ()
        return None if spot is None or any(spot.overlaps(other) for other in taken) else spot

    def _unchanged(self, mark: Mark, first: int, last: int) -> Spot | None:
        """Every word of the mark stands as it was, in the same order."""
        to, new = self.alignment.to[first:last], self.alignment.new
        if not to or any(one < 0 or one != to[0] + step for step, one in enumerate(to)):
            return None
        if new.paragraph[to[0]] != new.paragraph[to[-1]]:
            return None
        start = new.words[to[0]].start + mark.start - self.alignment.old.words[first].start
        return Spot(new.paragraph[to[0]], start, start + mark.end - mark.start)

    def _changed(self, mark: Mark, first: int, last: int) -> Spot | None:
        """What stands between the nearest words that are still there."""
        window = self._window(first, last)
        if window is None or not window[1]:
            return None
        if not numeric(mark.phrase):
            return self._phrase(mark, window[1])
        chosen = self._number(first, last, *window)
        return None if chosen is None else self._spot((chosen,))

    def _window(self, first: int, last: int) -> tuple[range, range] | None:
        """The words then, and now, around a mark; its own sentence tells where neighbours moved away."""
        to, old, new = self.alignment.to, self.alignment.old, self.alignment.new
        left = next((i for i in range(first - 1, -1, -1) if to[i] >= 0), -1)
        right = next((i for i in range(last, len(to)) if to[i] >= 0), len(to))
        begin = to[left] + 1 if left >= 0 else 0
        stop = to[right] if right < len(to) else len(new.words)
        if begin <= stop <= begin + 3 * (right - left - 1) + _ROOM:
            return range(left + 1, right), range(begin, stop)
        unit = old.units[old.unit_of[first]]
        if left >= unit.first:
            return range(left + 1, min(right, unit.last)), range(begin, new.units[new.unit_of[to[left]]].last)
        if right < unit.last:
            return range(max(left + 1, unit.first), right), range(new.units[new.unit_of[to[right]]].first, stop)
        return None

    def _number(self, first: int, last: int, old: range, new: range) -> int | None:
        """The number now that stands for the mark's: by order, else by unit."""
        words = self.alignment.new.words
        was = [index for index in old if self.alignment.old.words[index].number]
        now = [index for index in new if words[index].number and self.alignment.back[index] < 0]
        at = next((place for place, index in enumerate(was) if first <= index < last), None)
        if at is None or not now:
            return None
        if len(was) == len(now):
            return now[at]
        unit = _unit(self.alignment.old.words[was[at]].text)
        return next((index for index in now if _unit(words[index].text) == unit), now[min(at, len(now) - 1)])

    def _phrase(self, mark: Mark, words: range) -> Spot:
        """Where the phrase still stands about these words, else all of them."""
        spot, length = self._spot(words), len(mark.phrase)
        at = self.text_at(spot).find(mark.phrase, max(0, spot.start - length), spot.end + length)
        there = spot._replace(start=at, end=at + length)
        return there if at >= 0 and there.overlaps(spot) else spot

    def _text_by_words(self, mark: Mark, first: int, last: int) -> Spot | None:
        """From the first to the last word of a cell's text that is still there."""
        found = [one for one in self.alignment.to[first:last] if one >= 0]
        if 3 * len(found) < last - first or not found:
            return None
        self._note_split(mark, {self.alignment.new.paragraph[one] for one in found})
        return self._spot(range(min(found), max(found) + 1))

    def _note_split(self, mark: Mark, paragraphs: set[int]) -> None:
        if len(paragraphs) > 1:
            self.split[mark.id] = paragraphs

    def _spot(self, words: Sequence[int]) -> Spot:
        """The range of words that follow each other, as far as their first paragraph goes."""
        new = self.alignment.new
        inside = [index for index in words if new.paragraph[index] == new.paragraph[words[0]]]
        return Spot(new.paragraph[words[0]], new.words[inside[0]].start, new.words[inside[-1]].end)


def is_figure(mark: Mark) -> bool:
    """Whether a mark is a figure, date, name or law: all but the text of a cell."""
    return mark.origin != Origin.TEXT


def _bookmarks(now: Sequence[Paragraph]) -> dict[str, list[Spot]]:
    """The bookmarks that hold anything, by name."""
    named: dict[str, list[Spot]] = {}
    for number, paragraph in enumerate(now):
        for one in paragraph.bookmarks:
            if one.start < one.end:
                named.setdefault(one.name, []).append(Spot(number, one.start, one.end))
    return named


def _neighbours(line: str, start: int, end: int) -> tuple[int, int]:
    """Where the number before a range begins and the one behind it ends, where they touch it; else 0."""
    around = tokens(line)[slice(*near(line, start, end))]
    touching = [token for token in around if token.number and (token.end == start or token.start == end)]
    return (next((token.start for token in touching if token.end == start), 0),
            next((token.end for token in touching if token.start == end), 0))


def _unit(text: str) -> str:
    return text.lstrip("0123456789０１２３４５６７８９.,，")
