"""The findings as one HTML file: works from disk, filters, prints, needs no network.

Everything stands in the page itself; the script only hides and steps, so that the
list reads without it. A content security policy admits this script and no other.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import count, groupby
from pathlib import Path
from typing import NamedTuple

from workbook.findings import Finding, Severity
from workbook.surroundings import Around, Sighting

SETTLED = "已确认"
WHOLE = "整本台账"
_CLASSES = {one.label: one.value for one in Severity} | {SETTLED: "settled"}
_FOLDER = Path(__file__).parent
_ORDER = list(Severity)
_SCHEMES = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; script-src"


class Part(NamedTuple):
    """One file of the page: `who` introduces the ledger, `refusal` says why it could not be checked."""

    file: str
    who: str
    refusal: str
    sightings: Sequence[Sighting]


def to_page(parts: Sequence[Part], titles: Mapping[str, str]) -> str:
    """A single-file page of the findings of one or more ledgers; `titles` names a rule by its code."""
    style, script = ((_FOLDER / f"findings_page.{form}").read_text("utf-8") for form in ("css", "js"))
    numbers = count(1)
    body = "\n".join(_part(place, part, titles, numbers) for place, part in enumerate(parts, 1))
    title = f"校验清单：{Path(parts[0].file).name}" if len(parts) == 1 else f"校验清单：{len(parts)} 本台账"
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_SCHEMES} \'sha256-{_digest(script)}\'">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        f'<header class="top"><h1>{escape(title)}</h1>\n{_tiles(parts)}\n{_controls(parts, titles)}</header>\n'
        f"<main>\n{_contents(parts)}{body}\n"
        '<p id="none" hidden>没有符合筛选条件的。</p>\n</main>\n'
        f"<script>{script}</script>\n</body>\n</html>\n"
    )


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def level(one: Finding) -> str:
    """The word a finding is listed under."""
    return one.severity.label if one.open else SETTLED


def _sheet(one: Finding) -> str:
    return one.cell.sheet if one.cell else one.sheet or WHOLE


def _all(parts: Iterable[Part]) -> Iterator[Sighting]:
    for part in parts:
        yield from part.sightings


def _tally(sightings: Iterable[Sighting]) -> dict[str, int]:
    counts = dict.fromkeys(_CLASSES, 0)
    for one in sightings:
        counts[level(one.finding)] += 1
    return counts


def _tiles(parts: Sequence[Part]) -> str:
    tiles = "".join(f'<li class="{_CLASSES[name]}"><b>{number}</b>{name}</li>'
                    for name, number in _tally(_all(parts)).items())
    return f'<ul class="tiles">{tiles}</ul>'


def _controls(parts: Sequence[Part], titles: Mapping[str, str]) -> str:
    found = [(level(one.finding), _sheet(one.finding), one.finding.code, one.office) for one in _all(parts)]
    rules = {code: f"{code} {titles.get(code, '')}".strip() for code in sorted({code for _, _, code, _ in found})}
    selects = (
        _select("level", "级别", {name: name for name in _CLASSES if any(name == one[0] for one in found)}),
        _select("sheet", "工作表", {name: name for name in dict.fromkeys(one[1] for one in found)}),
        _select("rule", "规则", rules),
        _select("office", "责任股室", {name: name for name in sorted({one[3] for one in found if one[3]})}),
    )
    return (f'<form id="filters" hidden>{"".join(selects)}'
            '<label>文字<input id="text" type="search" placeholder="单元格、编号、内容…"></label>'
            '<button type="reset">清除</button><span id="shown" aria-live="polite"></span>'
            '<span class="keys"><kbd>/</kbd> 筛选 <kbd>j</kbd> 下一处 <kbd>k</kbd> 上一处</span></form>\n')


def _select(name: str, label: str, options: Mapping[str, str]) -> str:
    if len(options) < 2:
        return ""
    choices = "".join(f'<option value="{escape(value)}">{escape(text)}</option>' for value, text in options.items())
    return f'<label>{label}<select id="{name}"><option value="">全部</option>{choices}</select></label>'


def _contents(parts: Sequence[Part]) -> str:
    """The files at a glance, where there are several."""
    if len(parts) < 2:
        return ""
    rows = "".join(
        f'<tr><td><a href="#file{place}">{escape(part.file)}</a></td>'
        + ('<td colspan="4" class="error">不能用</td>' if part.refusal else
           "".join(f"<td>{number}</td>" for number in _tally(part.sightings).values())) + "</tr>"
        for place, part in enumerate(parts, 1)
    )
    heads = "".join(f"<th>{name}</th>" for name in ("台账", *_CLASSES))
    return f'<table class="files"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>\n'


def _part(place: int, part: Part, titles: Mapping[str, str], numbers: Iterator[int]) -> str:
    about = f'<p class="refusal">{escape(part.refusal)}</p>' if part.refusal else f"<p>{escape(part.who)}</p>"
    if not part.sightings and not part.refusal:
        about += '<p class="fine">没有发现问题。</p>'
    sheets = list(dict.fromkeys(_sheet(one.finding) for one in part.sightings))
    body = "".join(_sheet_section(name, [one for one in part.sightings if _sheet(one.finding) == name], titles, numbers)
                   for name in sheets)
    return f'<section class="file" id="file{place}"><h2>{escape(part.file)}</h2>{about}\n{body}</section>'


def _sheet_section(name: str, told: Sequence[Sighting], titles: Mapping[str, str], numbers: Iterator[int]) -> str:
    ordered = sorted(told, key=lambda one: (not one.finding.open, _ORDER.index(one.finding.severity),
                                            one.finding.code))
    groups = groupby(ordered, key=lambda one: (level(one.finding), one.finding.code))
    body = "".join(_rule_group(name, code, list(group), titles, numbers) for (name, code), group in groups)
    return f'<section class="sheet"><h3>{escape(name)}</h3>\n{body}</section>\n'


def _rule_group(name: str, code: str, group: Sequence[Sighting], titles: Mapping[str, str],
                numbers: Iterator[int]) -> str:
    hints = {one.finding.hint for one in group}
    shared = hints.pop() if len(hints) == 1 else ""
    advice = f'<p class="hint">怎么改：{escape(shared)}</p>' if shared else ""
    items = "\n".join(_item(one, next(numbers), "" if shared else one.finding.hint) for one in group)
    return (f'<details class="{_CLASSES[name]}" open><summary><b class="badge">{name}</b> <code>{code}</code> '
            f'{escape(titles.get(code, ""))} <span class="count">{len(group)} 处</span></summary>{advice}\n'
            f"{items}\n</details>\n")


def _item(seen: Sighting, number: int, hint: str) -> str:
    one = seen.finding
    data = "".join(f' data-{key}="{escape(value)}"' for key, value in (
        ("level", level(one)), ("sheet", _sheet(one)), ("rule", one.code), ("office", seen.office)) if value)
    where = one.cell.a1 if one.cell else _sheet(one)
    office = f' <span class="office">{escape(seen.office)}</span>' if seen.office else ""
    reason = f'<p class="reason">已确认：{escape(one.acknowledged)}</p>' if one.acknowledged else ""
    advice = f' <span class="hint">{escape(hint)}</span>' if hint else ""
    return (f'<article id="f{number}" tabindex="-1"{data}><p><a class="cell" href="#f{number}">{escape(where)}</a> '
            f"{escape(one.message)}{advice}{office}</p>{reason}{_table(seen.around)}</article>")


def _table(around: Around | None) -> str:
    """The header and the row as Excel shows them."""
    if around is None:
        return ""
    letters = "".join(f"<th>{letter}</th>" for letter in around.letters)
    rows = [(around.header_row, "head", around.headers)] if around.header_row else []
    rows += [(around.row, "row", around.values)] if around.values else []
    body = "".join(
        f'<tr class="{kind}"><th>{number}</th>{_cells(values, around.at if number == around.row else -1)}</tr>'
        for number, kind, values in rows)
    return f'<table class="row"><thead><tr><th></th>{letters}</tr></thead><tbody>{body}</tbody></table>'


def _cells(values: Sequence[str], faulty: int) -> str:
    return "".join(f"<td{' class=here' if at == faulty else ''}>{escape(value)}</td>"
                   for at, value in enumerate(values))
