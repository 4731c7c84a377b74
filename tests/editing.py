"""People at a printed report: edits of its XML as Word leaves them, each telling which figures it changed."""

from __future__ import annotations

import copy
import io
import random
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from templates.provenance.manifest import Manifest, Mark
from templates.provenance.settling import seams, settled
from workbook.spans import Origin

if TYPE_CHECKING:
    from templates.provenance.verify import Verification
    from templates.report import Report

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
EXACT = "exact"
SPELLED = "一二两三四五六七八九十"
WORDS = ("进一步", "切实", "扎实", "有力", "持续")


class NoPlace(Exception):
    """A draft has no paragraph left for an edit of this kind."""


@dataclass
class Draft:
    """A report's docx while it is edited; `changed` are the ids of figures that read otherwise now."""

    data: bytes
    manifest: Manifest
    dice: random.Random
    changed: set[str] = field(default_factory=set)
    typed: list[str] = field(default_factory=list)
    used: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        from lxml import etree

        with zipfile.ZipFile(io.BytesIO(self.data)) as package:
            self.parts = {name: package.read(name) for name in package.namelist()}
        self.root = etree.fromstring(self.parts["word/document.xml"])
        self.figures = [mark for mark in self.manifest.marks if mark.origin != Origin.TEXT and mark.phrase]
        settle(self)

    def saved(self) -> bytes:
        from lxml import etree

        own = [one for one in self.root.iter(f"{W}bookmarkStart") if one.get(f"{W}name", "").startswith(EXACT)]
        numbers = {one.get(f"{W}id") for one in own}
        for one in [*own, *(end for end in self.root.iter(f"{W}bookmarkEnd") if end.get(f"{W}id") in numbers)]:
            one.getparent().remove(one)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
            for name, content in self.parts.items():
                package.writestr(name, etree.tostring(self.root) if name == "word/document.xml" else content)
        return packed.getvalue()

    def free(self, *, count: int = 1, numeric: bool = False, inside: bool = False) -> list[Mark]:
        """Figures in paragraphs that no edit has touched yet, each in a paragraph of its own."""
        marks = [mark for mark in self.figures if mark.paragraph not in self.used
                 and (not numeric or mark.phrase[0].isdigit()) and (not inside or mark.place)]
        self.dice.shuffle(marks)
        chosen: list[Mark] = []
        for mark in marks:
            if len(chosen) < count and mark.paragraph not in self.used:
                self.used.add(mark.paragraph)
                chosen.append(mark)
        if len(chosen) < count:
            raise NoPlace
        return chosen

    def start(self, mark: Mark) -> Any:
        """Where a mark begins, to the character: the report's own bookmark may reach further."""
        return next(one for one in self.root.iter(f"{W}bookmarkStart") if one.get(f"{W}name") == EXACT + mark.id)

    def end(self, mark: Mark) -> Any:
        number = self.start(mark).get(f"{W}id")
        return next(one for one in self.root.iter(f"{W}bookmarkEnd") if one.get(f"{W}id") == number)

    def runs(self, mark: Mark) -> list[Any]:
        """The runs between a mark's bookmark ends."""
        found, one, end = [], self.start(mark).getnext(), self.end(mark)
        while one is not None and one is not end:
            found += [one] if one.tag == f"{W}r" else []
            one = one.getnext()
        return found

    def paragraph(self, mark: Mark) -> Any:
        return self.start(mark).getparent()

    def inside(self, mark: Mark) -> set[str]:
        """The figures of a mark's paragraph."""
        return {one.id for one in self.figures if one.paragraph == mark.paragraph}

    def unmark(self, mark: Mark) -> None:
        for start in [one for one in self.root.iter(f"{W}bookmarkStart") if one.get(f"{W}name") == mark.id]:
            end = next(one for one in self.root.iter(f"{W}bookmarkEnd") if one.get(f"{W}id") == start.get(f"{W}id"))
            end.getparent().remove(end)
            start.getparent().remove(start)


def settle(draft: Draft) -> None:
    """The bookmarks where a converted report has them; those to the character stay under other names meanwhile."""
    for one in draft.root.iter(f"{W}bookmarkStart"):
        one.set(f"{W}name", EXACT + one.get(f"{W}name"))
    for number, mark in enumerate((mark for mark in draft.manifest.marks if mark.phrase), 50000):
        paragraph, start = draft.paragraph(mark), draft.start(mark)
        shift = sum(len(said(run)) for run in start.itersiblings(f"{W}r", preceding=True)) - mark.start
        begin, stop = settled(seams(draft.manifest.paragraphs[mark.paragraph]), mark)
        first = run_at(paragraph, begin + shift, ends=False)
        opened = paragraph.makeelement(f"{W}bookmarkStart", {f"{W}id": str(number), f"{W}name": mark.id})
        closed = paragraph.makeelement(f"{W}bookmarkEnd", {f"{W}id": str(number)})
        first.addprevious(opened)
        run_at(paragraph, stop + shift, ends=True).addnext(closed)


def run_at(paragraph: Any, place: int, *, ends: bool) -> Any:
    """The run that ends, or begins, at a place of a paragraph; one that spans it is cut there."""
    at = 0
    for run in [one for one in paragraph.iterchildren(f"{W}r") if said(one)]:
        text = said(run)
        if at < place < at + len(text):
            rest = copy.deepcopy(run)
            put(run, text[:place - at])
            put(rest, text[place - at:])
            run.addnext(rest)
            return run if ends else rest
        if place == (at + len(text) if ends else at):
            return run
        at += len(text)
    raise AssertionError(place)


def put(run: Any, text: str) -> None:
    """Text into a run, in place of what it held."""
    node = run.find(f"{W}t")
    node.text = text
    node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def said(run: Any) -> str:
    return "".join(node.text or "" for node in run.iter(f"{W}t"))


def another(phrase: str, dice: random.Random) -> str:
    """A phrase that says something else: another number, another name."""
    found = list(re.finditer(r"\d+", phrase))
    if found:
        one = dice.choice(found)
        fresh = str(int(one[0]) + dice.choice((1, 2, 10, 37)))
        return phrase[:one.start()] + fresh + phrase[one.end():]
    if phrase[0] in SPELLED:
        return dice.choice([digit for digit in "三五六七八九" if digit != phrase[0]]) + phrase[1:]
    at = dice.randrange(len(phrase) - 1) if len(phrase) > 1 else 0
    return f"{phrase[:at]}某{phrase[at + 1:]}"


def type_over(draft: Draft, *, keep: bool = True) -> None:
    """Another number typed over a figure; Word may drop the bookmark with it."""
    mark, = draft.free()
    first, *rest = draft.runs(mark)
    put(first, another(mark.phrase, draft.dice))
    for run in rest:
        run.getparent().remove(run)
    if not keep:
        draft.unmark(mark)
    draft.changed.add(mark.id)


def insert_before(draft: Draft, text: str) -> None:
    """A digit or 约数词 typed before a figure, outside its bookmark."""
    mark, = draft.free(numeric=True)
    run = copy.deepcopy(draft.runs(mark)[0])
    put(run, text)
    draft.start(mark).addprevious(run)
    draft.changed.add(mark.id)


def insert_within(draft: Draft) -> None:
    """A digit typed into a figure."""
    mark, = draft.free(numeric=True)
    run = draft.runs(mark)[0]
    put(run, said(run)[0] + draft.dice.choice("1579") + said(run)[1:])
    draft.changed.add(mark.id)


def insert_after(draft: Draft) -> None:
    """以上 typed behind a figure with a unit, outside its bookmark."""
    marks = [mark for mark in draft.figures if re.fullmatch(r"\d+[件次场人份名]", mark.phrase)
             and mark.paragraph not in draft.used]
    if not marks:
        raise NoPlace
    mark = draft.dice.choice(marks)
    draft.used.add(mark.paragraph)
    run = copy.deepcopy(draft.runs(mark)[0])
    put(run, "以上")
    draft.end(mark).addnext(run)
    draft.changed.add(mark.id)


def delete_figure(draft: Draft, *, keep: bool) -> None:
    """A figure deleted, its bookmark left behind collapsed or gone."""
    mark, = draft.free()
    for run in draft.runs(mark):
        run.getparent().remove(run)
    if not keep:
        draft.unmark(mark)
    draft.changed.add(mark.id)


def delete_paragraph(draft: Draft) -> None:
    """A whole paragraph deleted."""
    mark, = draft.free()
    if in_table(draft, mark):
        raise NoPlace
    draft.changed |= draft.inside(mark)
    paragraph = draft.paragraph(mark)
    paragraph.getparent().remove(paragraph)


def in_table(draft: Draft, mark: Mark) -> bool:
    return draft.paragraph(mark).getparent().tag == f"{W}tc"


def move_paragraph(draft: Draft, *, marked: bool = True) -> None:
    """A paragraph moved elsewhere, with its bookmarks or pasted as plain text."""
    mark, target = draft.free(count=2)
    if in_table(draft, mark) or in_table(draft, target):
        raise NoPlace
    paragraph = draft.paragraph(mark)
    if not marked:
        for one in [*paragraph.iter(f"{W}bookmarkStart"), *paragraph.iter(f"{W}bookmarkEnd")]:
            one.getparent().remove(one)
    draft.paragraph(target).addnext(paragraph)


def move_row(draft: Draft) -> None:
    """The text of a cell cut out and pasted at the end of another paragraph, bookmarks and all."""
    mark, target = draft.free(count=2, inside=True)
    text = next(one for one in draft.manifest.marks if one.origin == Origin.TEXT and one.place == mark.place
                and one.paragraph == mark.paragraph)
    if in_table(draft, mark) or in_table(draft, target):
        raise NoPlace
    moved, one, end = [], draft.start(text), draft.end(text)
    while one is not end:
        moved.append(one)
        one = one.getnext()
    draft.paragraph(target).extend([*moved, end])


def replace_all(draft: Draft) -> None:
    """One figure's words replaced everywhere."""
    mark, = draft.free(numeric=True)
    fresh = another(mark.phrase, draft.dice)
    places = Counter(one.get(f"{W}name") for one in draft.root.iter(f"{W}bookmarkStart"))
    marks = [one for one in draft.figures if mark.phrase in one.phrase]
    if any(places[EXACT + one.id] != 1 for one in marks):
        raise NoPlace
    for one in marks:
        first, *rest = draft.runs(one)
        put(first, one.phrase.replace(mark.phrase, fresh))
        for run in rest:
            run.getparent().remove(run)
        draft.changed.add(one.id)
        draft.used.add(one.paragraph)


def split_runs(draft: Draft) -> None:
    """Every run of a paragraph cut in two, as spell checking does."""
    mark, = draft.free()
    for run in list(draft.paragraph(mark).iter(f"{W}r")):
        text = said(run)
        if len(text) > 1:
            rest = copy.deepcopy(run)
            put(run, text[:len(text) // 2])
            put(rest, text[len(text) // 2:])
            run.addnext(rest)


def tracked(draft: Draft, *, figure: bool) -> None:
    """A tracked change: a figure replaced, or words inserted; read as accepted."""
    mark, = draft.free()
    run = draft.runs(mark)[0]
    inserted = run.makeelement(f"{W}ins", {f"{W}id": "9001", f"{W}author": "某人"})
    fresh = copy.deepcopy(run)
    inserted.append(fresh)
    if not figure:
        put(fresh, draft.dice.choice(WORDS))
        draft.paragraph(mark).append(inserted)
        return
    put(fresh, another(said(run), draft.dice))
    deleted = run.makeelement(f"{W}del", {f"{W}id": "9000", f"{W}author": "某人"})
    run.addprevious(deleted)
    deleted.append(run)
    for node in run.iter(f"{W}t"):
        node.tag = f"{W}delText"
    deleted.addnext(inserted)
    draft.changed.add(mark.id)


def reword(draft: Draft) -> None:
    """Words changed, no number."""
    mark, = draft.free()
    figures = [run for one in draft.figures if one.paragraph == mark.paragraph for run in draft.runs(one)]
    runs = [run for run in draft.paragraph(mark).iter(f"{W}r") if run not in figures and len(said(run)) > 8]
    if not runs:
        raise NoPlace
    run = draft.dice.choice(runs)
    at = draft.dice.randrange(2, len(said(run)) - 4)
    put(run, said(run)[:at] + draft.dice.choice(WORDS) + said(run)[at + draft.dice.choice((0, 2)):])


def type_sentence(draft: Draft) -> None:
    """A new sentence with a number that no cell backs."""
    mark, = draft.free()
    run = copy.deepcopy(draft.runs(mark)[0])
    number = str(draft.dice.randrange(2000, 9000))
    put(run, f"此外开展走访慰问{number}户。")
    draft.paragraph(mark).append(run)
    draft.typed.append(number)


def cut_paragraph(draft: Draft) -> None:
    """A paragraph cut in two behind a figure, as by Enter."""
    mark, = draft.free(inside=True)
    paragraph = draft.paragraph(mark)
    rest = paragraph.makeelement(f"{W}p", {})
    one = draft.end(mark).getnext()
    while one is not None:
        one, moved = one.getnext(), one
        rest.append(moved)
    paragraph.addnext(rest)


def copy_paragraph(draft: Draft) -> None:
    """A paragraph copied; the copy keeps the bookmarks' names, as python-docx leaves them."""
    mark, = draft.free()
    if in_table(draft, mark):
        raise NoPlace
    draft.paragraph(mark).addnext(copy.deepcopy(draft.paragraph(mark)))


EDITS: dict[str, Callable[[Draft], None]] = {
    "改数": type_over,
    "改数，书签丢了": partial(type_over, keep=False),
    "前面加数字": partial(insert_before, text="1"),
    "前面加约": partial(insert_before, text="约"),
    "中间加数字": insert_within,
    "后面加以上": insert_after,
    "删数": partial(delete_figure, keep=True),
    "删数，书签丢了": partial(delete_figure, keep=False),
    "删段": delete_paragraph,
    "移段": move_paragraph,
    "移段，书签丢了": partial(move_paragraph, marked=False),
    "移一行": move_row,
    "全部替换": replace_all,
    "拆开字符": split_runs,
    "修订改数": partial(tracked, figure=True),
    "修订加字": partial(tracked, figure=False),
    "改字": reword,
    "加一句": type_sentence,
    "分段": cut_paragraph,
    "复制一段": copy_paragraph,
}


@dataclass(frozen=True)
class Printed:
    """A report as it left the program: its docx, its manifest, and what 版头 and 版记 print besides."""

    data: bytes
    manifest: Manifest
    known: tuple[str, ...]

    def draft(self, seed: int) -> Draft:
        return Draft(self.data, self.manifest, random.Random(seed))


def printed(text: str) -> Printed:
    """A text ledger, printed."""
    from scripts.comparing import formal_texts
    from templates.provenance.carriers import Trace
    from templates.provenance.manifest import to_json
    from templates.provenance.marking import marked
    from templates.report import render

    made = marked(composed(text), file="台账.xlsx")
    trace = Trace(to_json(made.manifest), made.manifest.ledger_id, made.manifest.ledger_digest)
    return Printed(render(made.report, "docx", trace=trace), made.manifest, tuple(formal_texts(made.report)))


def composed(text: str) -> Report:
    """The report of a text ledger whose rows have ids."""
    from templates.report import compose
    from workbook.book import recognize
    from workbook.identity import with_ids
    from workbook.ledger import Ledger
    from workbook.text import parse

    return compose(Ledger(recognize(with_ids(parse(text, "台账.md")))))


def edited(draft: Draft, names: Sequence[str]) -> int:
    """Apply edits by name; one that finds no place for itself is left out. How many were made."""
    done = 0
    for name in names:
        try:
            EDITS[name](draft)
            done += 1
        except NoPlace:
            continue
    return done


@dataclass
class Rates:
    """Changed figures flagged, unchanged ones flagged, numbers typed in and found."""

    edits: int = 0
    changed: int = 0
    flagged: int = 0
    unchanged: int = 0
    false: int = 0
    typed: int = 0
    listed: int = 0

    def add(self, draft: Draft, edits: int, checked: Verification) -> None:
        found = {one.mark.id for one in checked.changed}
        figures = {one.mark.id for one in checked.figures}
        self.edits += edits
        self.changed += len(draft.changed)
        self.flagged += len(draft.changed & found)
        self.unchanged += len(figures - draft.changed)
        self.false += len(found - draft.changed)
        self.typed += len(draft.typed)
        self.listed += sum(any(number in one.text for one in checked.untraced) for number in draft.typed)

    def __str__(self) -> str:
        return (f"{self.edits} 处修改：改过的数 {self.changed} 个，查出 {self.flagged} 个；"
                f"没改的数 {self.unchanged} 个，误报 {self.false} 个；新写的数 {self.typed} 个，列出 {self.listed} 个")
