"""Findings on the terminal: by sheet and rule, errors first, each with its row as Excel shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from scripts.check_one import Checked
from scripts.terminal import Screen, clean, table
from workbook.findings import Finding, Severity
from workbook.surroundings import Around, Sighting

SHOWN = 3
"""How many of one rule on one sheet are shown in full, unless all are asked for."""
NAMED = 10
_ORDER = list(Severity)
_WHOLE = "整本台账"


class View(NamedTuple):
    """How findings are shown; `titles` names a rule by its code."""

    screen: Screen
    titles: dict[str, str]
    everything: bool = False


def lines(checked: Checked, view: View) -> Iterator[str]:
    """Everything about one file, for a clerk to work through."""
    yield from _opening(checked, view.screen)
    told = [one for one in checked.sightings if one.finding.open and (view.everything or not _minor(one))]
    sheets = list(dict.fromkeys(_sheet(one) for one in told))
    for sheet in sheets:
        yield from _sheet_lines(sheet, [one for one in told if _sheet(one) == sheet], view)
    if not view.everything:
        yield from _notes([one.finding for one in checked.sightings if one.finding.open and _minor(one)], view)
    yield from _acknowledged([one.finding for one in checked.sightings if not one.finding.open], view)
    yield ""
    yield counted(checked)


def counted(checked: Checked) -> str:
    """How much of what was found in a file."""
    more = f"，已确认 {checked.acknowledged}" if checked.acknowledged else ""
    counts = "，".join(f"{one.label} {checked.tally(one)}" for one in _ORDER)
    return f"{checked.file}：{counts}{more}。"


def what_next(checked: Checked) -> str:
    """What to do now, in one sentence."""
    if checked.tally(Severity.ERROR):
        return "先改错误：有错误就出不了正式稿。改好保存，再校验一次。"
    if checked.tally(Severity.WARNING):
        return "没有错误，可以出报告。提醒请逐条核对；核对过不用改的，用 --acknowledge 写明理由，下次不再算。"
    return "可以出报告了：taizhang convert。"


def at_a_glance(rows: Iterable[tuple[str, ...]], screen: Screen) -> Iterator[str]:
    """A folder at a glance: a line for each file, from its `counts`."""
    yield ""
    for cells in (("", *(one.label for one in _ORDER), "已确认"), *rows):
        numbers = "  ".join(screen.fit(" " * (6 - screen.width(cell)) + cell, 6) for cell in cells[1:])
        name = screen.cut_front(cells[0], screen.columns - 34)
        yield f"{screen.fit(name, screen.columns - 34)}  {numbers}".rstrip()


def counts(one: Checked) -> tuple[str, ...]:
    """A file and how much was found in it, or that it could not be checked."""
    if one.refusal or one.crash:
        return one.file, "不能用" if one.refusal else "出错"
    return one.file, *(str(one.tally(each)) for each in _ORDER), str(one.acknowledged)


def one_line(finding: Finding) -> str:
    """A finding on a line of its own."""
    where = f"{finding.where}　" if finding.where else ""
    return clean(f"{finding.severity.label} {finding.code}　{where}{finding.message}{finding.hint}")


def _opening(checked: Checked, screen: Screen) -> Iterator[str]:
    yield screen.paint(checked.file, "bold")
    if checked.plate:
        yield from screen.wrap(clean(str(checked.plate)), "  ", "  ")
    if checked.changes is not None:
        yield ""
        yield f"改好了 {len(checked.changes)} 处，写在 {checked.mended}：" if checked.changes else "没有能自动改的。"
    for change in checked.changes or ():
        before = f"“{change.before}”" if change.before else "空白"
        text = f"{change.cell}　{before} → “{change.after}”　{change.why}"
        yield from screen.wrap(clean(text), "  ", "    ")


def _minor(one: Sighting) -> bool:
    return one.finding.severity is Severity.INFO


def _sheet(one: Sighting) -> str:
    return one.finding.cell.sheet if one.finding.cell else one.finding.sheet or _WHOLE


def _sheet_lines(sheet: str, told: list[Sighting], view: View) -> Iterator[str]:
    counts = "，".join(f"{one.label} {count}" for one in _ORDER
                      if (count := sum(each.finding.severity is one for each in told)))
    yield ""
    yield view.screen.paint(f"■ {clean(sheet)}　{counts}", "bold")
    ordered = sorted(told, key=lambda one: (_ORDER.index(one.finding.severity), one.finding.code))
    for _, group in groupby(ordered, key=lambda one: one.finding.code):
        yield from _rule_lines(list(group), view)


def _rule_lines(group: list[Sighting], view: View) -> Iterator[str]:
    """One rule on one sheet: what to do once, then its first places, then where the others are."""
    first, screen = group[0].finding, view.screen
    hints = {one.finding.hint for one in group}
    count = f"{len(group)} 处" if len(group) > 1 else ""
    label = screen.paint(f"{first.severity.label} {first.code}", first.severity.value)
    yield ""
    yield "  " + "　".join(filter(None, (label, view.titles.get(first.code), count)))
    shown = group if view.everything else group[:SHOWN]
    for one in shown:
        place = f"{one.finding.cell.a1}　" if one.finding.cell else ""
        hint = one.finding.hint if len(hints) > 1 else ""
        yield from screen.wrap(clean(place + one.finding.message + hint), "    ", "    " + " " * screen.width(place))
    if len(hints) == 1 and first.hint:
        yield from screen.wrap(clean(f"怎么改：{first.hint}"), "    ", "            ")
    yield from _tables([one.around for one in shown if one.around], screen)
    if len(group) > len(shown):
        yield from screen.wrap(_others([one.finding for one in group[len(shown):]]), "    ", "    ")


def _others(rest: list[Finding]) -> str:
    places = "、".join(dict.fromkeys(one.cell.a1 for one in rest[:NAMED] if one.cell))
    return f"还有 {len(rest)} 处：{places}{'……' if len(rest) > NAMED else ''}（加 --all 全部列出）"


def _tables(rows: Iterable[Around], screen: Screen) -> Iterator[str]:
    """The faulty rows under their headers; rows with the same columns share one."""
    for _, group in groupby(rows, key=lambda one: (one.header_row, one.letters, one.at)):
        yield from _table(list(dict.fromkeys(group)), screen)


def _table(rows: list[Around], screen: Screen) -> Iterator[str]:
    first = rows[0]
    numbers = ["", *([str(first.header_row)] if first.header_row else []),
               *(str(one.row) for one in rows if one.values)]
    headers = [first.headers] if first.header_row else []
    marked = [_marked(one) for one in rows if one.values]
    edge = max(map(len, numbers))
    fitted = table(screen, [tuple(map(clean, row)) for row in (first.letters, *headers, *marked)],
                   screen.columns - edge - 8)
    for at, (number, cells) in enumerate(zip(numbers, fitted, strict=True)):
        faulty = at > len(headers) or (not marked and at > 0)
        shown = [screen.paint(cell, "fault") if faulty and place == first.at else
                 screen.paint(cell, "dim") if at == 0 else cell for place, cell in enumerate(cells)]
        yield f"      {screen.paint(number.rjust(edge), 'dim')}  {'  '.join(shown).rstrip()}"


def _marked(one: Around) -> tuple[str, ...]:
    return tuple(f"【{value or '空'}】" if at == one.at else value for at, value in enumerate(one.values))


def _notes(minor: list[Finding], view: View) -> Iterator[str]:
    """What is only said for information: a line for each rule."""
    if not minor:
        return
    yield ""
    yield view.screen.paint(f"■ 说明　{len(minor)} 处，不用改", "bold")
    ordered = sorted(minor, key=lambda one: one.code)
    for code, group in groupby(ordered, key=lambda one: one.code):
        found = list(group)
        where = "、".join(dict.fromkeys(one.where for one in found[:SHOWN] if one.where))
        more = f" 等 {len(found)} 处" if len(found) > SHOWN else ""
        said = found[0].message if len(found) == 1 else view.titles.get(code) or found[0].message
        yield from view.screen.wrap(clean(f"{code}　{said}　{where}{more}"), "  ", "        ")


def _acknowledged(settled: list[Finding], view: View) -> Iterator[str]:
    if not settled:
        return
    yield ""
    yield view.screen.paint(f"■ 已确认　{len(settled)} 处，不再算作错误和提醒", "bold")
    shown = settled if view.everything else settled[:NAMED]
    for one in shown:
        yield from view.screen.wrap(clean(f"{one.code}　{one.where}　理由：{one.acknowledged}"), "  ", "        ")
    if len(settled) > len(shown):
        yield f"  还有 {len(settled) - len(shown)} 处（加 --all 全部列出）"
