"""Where the ends of a bookmark may stand without moving a character on paper.

LibreOffice cuts a line of text at every bookmark and forgets the character spacing
at the cut, so that the text behind it moves and lines break elsewhere. Between
Chinese characters and digits it cuts anyway, and at the ends of a paragraph there is
nothing to move: there the ends of bookmarks stand (behind the last full stop only at
the beginning of the next paragraph, else it no longer hangs in the margin). So the bookmark of 5100余人次
is around 5100, that of a text without digits reaches out to the next such place;
`restored` finds the phrase again from what the manifest says was printed there.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from itertools import pairwise

from templates.provenance.manifest import Mark
from workbook.spans import Bookmark, Origin, Span, Spans, new

_NUMBER = re.compile("[0-9]+%?")
_DIGITS = re.compile(r"[\d.,%]*")
Placed = tuple[Bookmark, int, int]


def seams(text: str) -> list[int]:
    """The places of a paragraph where a bookmark may begin or end, its own ends included."""
    places = {0, len(text)}
    for match in _NUMBER.finditer(text):
        first, last = match.span()
        if first and _chinese(text[first - 1]):
            places.add(first)
        if last < len(text) and _chinese(text[last]):
            places.add(last)
    return sorted(places)


def _chinese(character: str) -> bool:
    """Whether a character is set as Chinese beside a digit: 汉字 and full-width marks, not “”……— of either script."""
    return "\u3001" <= character <= "\u3029" or "\u3400" <= character <= "\u9fff" or "\uff01" <= character <= "\uff60"


def settled(places: Sequence[int], mark: Mark) -> tuple[int, int]:
    """The seams for the bookmark of a mark: those inside a figure where it holds two, else the nearest around it."""
    first, last = bisect_left(places, mark.start), bisect_right(places, mark.end) - 1
    if last > first and mark.origin != Origin.TEXT:
        return places[first], places[last]
    return places[bisect_right(places, mark.start) - 1], places[bisect_left(places, mark.end)]


def placed(spans: Sequence[Span], bookmarks: Sequence[Placed], late: frozenset[Bookmark] = frozenset()) -> Spans:
    """The spans of a paragraph, cut where these bookmarks begin and end; those that are `late` end elsewhere."""
    opens: dict[int, list[Bookmark]] = {}
    closes: dict[int, list[Bookmark]] = {}
    for bookmark, start, end in bookmarks:
        opens.setdefault(start, []).append(bookmark)
        closes.setdefault(end, []).extend(() if bookmark in late else (bookmark,))
    cuts, done, at = sorted({*opens, *closes}), [], 0
    for span in spans:
        last = at + len(span.text)
        first, behind = bisect_right(cuts, at), bisect_left(cuts, last)
        if at < last and first < behind:
            done += _cut(span, at, (at, *cuts[first:behind], last), opens, closes)
        elif at in opens or last in closes:
            done += _cut(span, at, (at, last), opens, closes) if at < last else []
        elif at < last:
            done.append(span)
        at = last
    return tuple(done)


def _cut(span: Span, at: int, places: Sequence[int], opens: Mapping[int, list[Bookmark]],
         closes: Mapping[int, list[Bookmark]]) -> list[Span]:
    """A span that begins at `at`, cut at `places`, with the bookmarks there."""
    text, source, bold, _, _ = span
    return [new(Span, (text[begin - at:end - at], source, bold, tuple(opens.get(begin, ())),
                       tuple(closes.get(end, ())))) for begin, end in pairwise(places)]


def restored(mark: Mark, printed: str, now: str, first: int, last: int) -> tuple[int, int] | None:
    """Where a mark stands in the paragraph `now`, whose bookmark reaches from `first` to `last`.

    `printed` is the mark's paragraph as it was. None where what the bookmark held beside the phrase has changed.
    """
    at = max(0, first - max(0, mark.phrase.find(now[first:last])))
    if first < last and now.startswith(mark.phrase, at):
        return at, at + len(mark.phrase)
    begin, stop = settled(seams(printed), mark)
    if not (now.startswith(printed[begin:mark.start], first) and now.endswith(printed[mark.end:stop], first, last)):
        return None
    before, behind = printed[mark.start:begin], printed[stop:mark.end]
    first += max(0, mark.start - begin)
    last -= max(0, stop - mark.end)
    if before and now.endswith(before, 0, first):
        first -= len(before)
    typed = _DIGITS.match(now, last)
    over = typed.end() if typed and behind else last
    return (first, over + len(behind)) if now.startswith(behind, over) else (first, last)
