"""The lists of the review page as HTML: figures, rows, untraced numbers, findings, coverage; no script needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from templates.coverage import Backing, Coverage
from templates.review.marks import Reviewed, places
from templates.rowfates import Fate, RowFate
from templates.untraced import Untraced
from workbook.findings import Finding, Severity
from workbook.personal import mask
from workbook.spans import Origin

SEVERITIES = {Severity.ERROR: "错误", Severity.WARNING: "提醒", Severity.INFO: "说明"}
NOTHING = '<p class="none">没有。</p>'


def table(headers: Sequence[str], rows: Iterable[str], kind: str = "") -> str:
    """A table of ready rows; 没有。 where there are none."""
    body = "".join(rows)
    top = "".join(f'<th scope="col">{header}</th>' for header in headers)
    return f'<table class="list {kind}"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>' if body else NOTHING


def figures(marks: Sequence[Reviewed]) -> str:
    """What a reviewer ticks off and signs: every figure with its number in the report."""
    summed = {id(one.source.rows): one.source.rows for one in marks}
    where = {key: places(cells, most=6) for key, cells in summed.items()}
    lines = (_figure(one, where[id(one.source.rows)]) for one in marks)
    return table(("序", "印出来的", "数值", "怎么来的", "单元格", "去年", "核对"), lines, "figures")


def _figure(one: Reviewed, rows: str) -> str:
    source = one.source
    how = f"缺{source.how or source.slot}" if source.origin is Origin.MISSING else source.how or str(source.origin)
    exact = source.value if one.is_figure and source.value != one.phrase else ""
    found = "；".join(filter(None, (places(source.cells, most=6), rows)))
    value, how, where, last = (escape(mask(text)) for text in (exact, how, found, one.last))
    return (f'<tr id="f{one.number}" data-m="{one.number}" class="{KINDS[source.origin]}"><td class="n">{one.number}'
            f'</td><td><a href="#{one.id}">{escape(one.phrase)}</a></td><td class="n">{value}</td><td>{how}</td>'
            f'<td class="at">{where}</td><td class="n">{last}</td><td class="tick"></td></tr>')


KINDS = {Origin.FIGURE: "figure", Origin.DATE: "day", Origin.NAME: "name", Origin.LAW: "law",
         Origin.MISSING: "missing"}


def rows(coverage: Coverage) -> str:
    """The rows that nothing uses, then those left out for a reason."""
    unused, excluded = coverage.rows(Fate.UNUSED), coverage.rows(Fate.EXCLUDED)
    return (f"<h3>未用 {len(unused)} 行</h3>{_fates(unused, '可能的原因')}"
            f"<h3>说明不用 {len(excluded)} 行</h3>{_fates(excluded, '原因')}")


def _fates(found: Iterable[RowFate], why: str) -> str:
    return table(("行", "编号", "名称", why), (
        f'<tr><td class="at">{escape(one.sheet)}!{one.row}</td><td>{escape(mask(one.key))}</td>'
        f"<td>{escape(mask(one.name))}</td><td>{escape(mask(one.reason))}</td></tr>" for one in found
    ))


def untraced(found: Sequence[Untraced]) -> str:
    """Digits typed into a text, with the words around them."""
    return table(("数", "上下文"), (
        f'<tr data-u="{number}"><td class="n"><a href="#u{number}">{escape(one.text)}</a></td>'
        f"<td>{_in_context(one)}</td></tr>" for number, one in enumerate(found, 1)
    ))


def _in_context(one: Untraced) -> str:
    before, number, after = one.context.partition(one.text)
    return f"{escape(before)}<mark>{escape(number)}</mark>{escape(after)}"


def findings(found: Iterable[Finding]) -> str:
    """Findings by severity, errors first."""
    found = list(found)
    groups = [(severity, [one for one in found if one.severity is severity]) for severity in Severity]
    return "".join(
        f'<h3 class="{severity}">{SEVERITIES[severity]} {len(group)} 条</h3><ul class="findings">'
        f'{"".join(map(_finding, group))}</ul>' for severity, group in groups if group
    ) or NOTHING


def _finding(one: Finding) -> str:
    place = f' data-sheet="{escape(one.cell.sheet)}" data-row="{one.cell.row}"' if one.cell else ""
    where = f'<button type="button" class="at"{place}>{escape(one.where)}</button>' if one.cell else escape(one.where)
    return f"<li><code>{one.code}</code> {where} {escape(mask(one.message))}<em>{escape(mask(one.hint))}</em></li>"


def covered(coverage: Coverage) -> str:
    """The summary, the rows by sheet, and every sentence that is not a row's."""
    by_sheet = table(("工作表", *Fate), (
        f"<tr><td>{escape(one.sheet)}</td>{''.join(f'<td class=n>{one.count(fate)}</td>' for fate in Fate)}</tr>"
        for one in coverage.sheets
    ))
    others = [one for one in coverage.sentences if one.backing is not Backing.LEDGER]
    listed = table(("出自", "句子"), (
        f'<tr><td>{one.backing}</td><td><a href="#b{one.block}">{escape(one.text)}</a></td></tr>' for one in others
    ))
    return (f'<p class="summary">{escape(coverage.summary)}</p><h3>各表的行</h3>{by_sheet}'
            f"<h3>不是台账里写的句子 {len(others)} 句</h3>"
            f"<p>模板：提纲和模板里的话；程序：由程序排出的日期等。</p>{listed}")
