"""Lint rules of the faults that cell rules know too: the same detectors, over lines instead of cells."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise

from templates.lint.headings import Heading
from templates.lint.outline import Part, Report
from templates.lint.registry import Spot, lint_rule_of, spot, whole
from templates.lint.roles import Role
from templates.lint.sections import sections
from workbook.wording import marks, words
from workbook.wording.enumerators import FAMILIES, Mark, announced, items_in, jumps
from workbook.wording.enumerators import marks as marks_of
from workbook.wording.hits import SLOT, UNTITLED, Detect, Hit, around
from workbook.wording.law_names import needs_marks, repealed_titles, titled, untitled, wrong_titles
from workbook.wording.places import LEVELS, last_year_in_text, last_year_in_title, other_counties

_SPACED_OUT = frozenset({Role.TITLE, Role.SIGNATURE, Role.TABLE, Role.ATTACHMENT, Role.FRONT, Role.IMPRINT, Role.DATE})
_BLOT = re.compile(UNTITLED)
_AT_LINE_START = ("（一）", "（1）", "1.")
_NAMED = 16
_LONGEST_BYWORD = len("中华人民共和国民法典")
"""宪法, 刑法 and 民法典 are called so everywhere."""
_PLAIN: tuple[tuple[str, Detect, int, frozenset[Role]], ...] = (
    ("W011", marks.unpaired, 6, frozenset()),
    ("W012", marks.straight_quotes, 6, frozenset()),
    ("W013", marks.half_width_marks, 6, frozenset({Role.FRONT})),
    ("W014", marks.half_width_parentheses, 6, frozenset({Role.REMARK, Role.TABLE})),
    ("W015", marks.wide_percent, 6, frozenset()),
    ("W016", marks.wide_digits, 6, frozenset()),
    ("W017", marks.comma_between_titles, 6, frozenset()),
    ("W018", marks.doubled_marks, 6, frozenset()),
    ("W019", marks.spaces_inside, 6, _SPACED_OUT),
    ("W020", marks.look_alikes, 6, frozenset()),
    ("W030", words.doubled_characters, 4, frozenset()),
    ("W031", words.doubled_words, 4, frozenset({Role.TABLE})),
    ("W032", words.legal_system, 6, frozenset()),
    ("W033", words.up_to, 6, frozenset()),
    ("W034", words.others, 6, frozenset()),
    ("W035", words.wrong_words, 4, frozenset()),
    ("W036", words.with_no_as, 0, frozenset()),
)
"""(code, detector, characters of context in the message, roles left alone)."""


def _plain(code: str, detect: Detect, context: int, but: frozenset[Role]) -> None:
    def look(report: Report) -> Iterator[Spot]:
        for part in report.worded:
            text = part.line.text
            for hit in detect(text) if part.role not in but else ():
                value = around(text, text, hit, context)
                yield spot(part, hit.start, hit.end, value, given=hit.given, right=hit.right)

    lint_rule_of(code)(look)


for _one in _PLAIN:
    _plain(*_one)


def _numbered(look: Callable[[list[Mark], str], Iterator[Hit]], report: Report) -> Iterator[Spot]:
    """What a detector of enumerators finds in each section, family by family."""
    for section in sections(report):
        for family in FAMILIES:
            found = marks_of(family, section.prose)
            if family in _AT_LINE_START:
                found = [one for one in found if one.start and section.prose[one.start - 1] != "\n"]
            for hit in look(found, family):
                part, at = section.place(hit.start)
                yield spot(part, at, at + hit.end - hit.start, hit.right, given=hit.given)


@lint_rule_of("W004")
def starts_at_two(report: Report) -> Iterator[Spot]:
    """One section, one family: its first enumerator is not the first."""
    def late(found: list[Mark], family: str) -> Iterator[Hit]:
        if found and found[0].number > 1 and family not in _AT_LINE_START:
            yield Hit(found[0].start, found[0].end, family, found[0].text)

    return _numbered(late, report)


@lint_rule_of("W005")
def enumerators_jump(report: Report) -> Iterator[Spot]:
    """Enumerators of one family in one section."""
    return _numbered(lambda found, _: jumps(found), report)


@lint_rule_of("W006")
def announced_count(report: Report) -> Iterator[Spot]:
    """抓好四个方面：一是…, counted to the section's end."""
    for section in sections(report):
        promise = announced(section.prose)
        items = items_in(section.prose[promise.end:]) if promise else 0
        if promise and items and items != promise.number:
            part, at = section.place(promise.start)
            yield spot(part, at, at + len(promise.said), str(items), given=promise.said)


@lint_rule_of("W009")
def title_ends_in_stop(report: Report) -> Iterator[Spot]:
    """The report's own title."""
    for part in report.of(Role.TITLE)[-1:]:
        text = part.line.text.rstrip()
        if text[-1] in "。；，、;,":
            yield spot(part, len(text) - 1, len(text), text[-_NAMED:])


@lint_rule_of("W010")
def uneven_stops(report: Report) -> Iterator[Spot]:
    """Headings of one level under one parent that stand alone: the rarer form is told."""
    groups: dict[tuple[int, int], list[Part]] = defaultdict(list)
    parents: dict[int, int] = {}
    for part, after in pairwise(report.worded):
        if part.heading:
            parents[part.heading.level] = part.line.number
            above = max((parents[one] for one in parents if one < part.heading.level), default=0)
            if part.stands_alone and part.heading.level < 3 and not _is_item(part.heading, after):
                groups[part.heading.level, above].append(part)
    for group in groups.values():
        stopped = [part for part in group if part.line.text.rstrip().endswith("。")]
        if 0 < len(stopped) < len(group):
            bare = [part for part in group if part not in stopped]
            for part in stopped if len(stopped) < len(bare) else bare:
                yield whole(part, "。")


def _is_item(heading: Heading, after: Part) -> bool:
    """Whether the next of its kind follows at once: then it is a sentence in a list, no heading."""
    return after.heading is not None and after.heading.level == heading.level


@lint_rule_of("W037")
def two_spellings(report: Report) -> Iterator[Spot]:
    """One term, its marks left out, in two spellings."""
    places: dict[str, list[tuple[Part, Hit]]] = defaultdict(list)
    for part in report.worded:
        for term, hit in words.terms(part.line.text):
            places[term].append((part, hit))
    for found in places.values():
        counts = Counter(hit.given for _, hit in found)
        usual = max(counts, key=lambda one: (counts[one], -len(one)))
        for part, hit in found:
            if hit.given != usual:
                yield spot(part, hit.start, hit.end, given=usual)


@lint_rule_of("W040")
def wrong_law_name(report: Report) -> Iterator[Spot]:
    """Names in 《》 against the table of laws."""
    for part in report.worded:
        for hit in wrong_titles(part.line.text, report.office.laws):
            yield spot(part, hit.start, hit.end, given=hit.right)


@lint_rule_of("W041")
def untitled_law(report: Report) -> Iterator[Spot]:
    """Names of the table of laws outside 《》 and “”."""
    names = [name for law in report.office.laws.laws for name in law.names if needs_marks(name)]
    whole_text = "\n".join(part.line.text for part in report.worded)
    names = [name for name in dict.fromkeys(names) if name in whole_text]
    for part in report.prose:
        prose = _BLOT.sub(lambda match: SLOT * len(match[0]), part.line.text)
        for hit in untitled(prose, names):
            yield spot(part, hit.start, hit.end)


@lint_rule_of("W042")
def two_law_names(report: Report) -> Iterator[Spot]:
    """In one paragraph, the short name first and the full one later: the usual order is the other way round."""
    table = report.office.laws
    for part in report.prose:
        first: dict[str, str] = {}
        for hit in titled(part.line.text):
            law = table.named(hit.given)
            if law and len(law.official) > _LONGEST_BYWORD and law.official.startswith("中华人民共和国"):
                before = first.setdefault(law.official, hit.given)
                if hit.given == law.official != before:
                    yield spot(part, hit.start, hit.end, given=before)


@lint_rule_of("W043")
def repealed_law(report: Report) -> Iterator[Spot]:
    """Names in 《》 of laws that the table says are repealed."""
    for part in report.prose:
        for hit in repealed_titles(part.line.text, report.office.laws):
            yield spot(part, hit.start, hit.end)


@lint_rule_of("W044")
def another_county(report: Report) -> Iterator[Spot]:
    """The county and the office are given, or read from the title."""
    for part in report.prose:
        for hit in other_counties(part.line.text, report.county, report.bureau):
            yield spot(part, hit.start, hit.end, given=report.county)


@lint_rule_of("W045")
def last_year(report: Report) -> Iterator[Spot]:
    """The year is the title's."""
    for part in report.prose if report.year else ():
        heading = part.heading is not None and part.stands_alone
        look = last_year_in_title if heading else last_year_in_text
        for hit in look(part.line.text, report.year or 0):
            yield spot(part, hit.start, hit.end, given=str(report.year))


@lint_rule_of("W048")
def title_without_county(report: Report) -> Iterator[Spot]:
    """A title that begins with an office that could be any county's."""
    own = report.county or "行政区划名称"
    for part in report.of(Role.TITLE)[:1]:
        office = re.match(r"(?:\S{2,10}?局|\S{0,8}(?:政府|委员会|办公室|委))(?=关于|20\d\d|\s)", part.line.text.strip())
        if office and not re.search(rf"{'|'.join(LEVELS)}|[省州镇乡]|街道|[Xx×]{{2,}}", office[0]):
            yield whole(part, given=own)
