"""Rows and what they point at: chapters, metrics, tasks, offices."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.findings import Finding, Severity
from workbook.ledger import Ledger, Records
from workbook.rules.registry import Inspection, rule
from workbook.schema import CHAPTERS, EVENTS, EXCUSE_COLUMN, ITEMS, METRICS, OFFICES, PROBLEMS, STATISTICS, TASKS

_PRINTED = {TASKS.title: "工作成效", ITEMS.title: "正文", PROBLEMS.title: "表现"}
_SETTLED: dict[str, tuple[str, tuple[str, ...]]] = {
    TASKS.title: ("状态", ("已完成", "已取消")), PROBLEMS.title: ("整改状态", ("已整改",)), METRICS.title: ("", ()),
}


@rule("L007", "章节没有内容", "章节“{value}”没有要印的行，也没有写“空时”，报告里只剩一个标题。",
      "请补上内容；确实没有的，在“空时”里填“省略”或“无。”。", Severity.WARNING)
def chapter_prints_nothing(inspection: Inspection) -> Iterator[Finding]:
    """只有标题没有内容的一章，印出来像是漏了一页。"""
    records = inspection.ledger[CHAPTERS.title]
    filled = _filled_chapters(inspection.ledger)
    codes, titles = records.folded("编号"), records.texts("标题")
    for index in records.facts:
        code = codes[index]
        said = any(records.texts(title)[index] for title in ("引语", "空时", "结语"))
        if code and not said and code not in filled:
            yield records.finding("L007", index, "编号", value=f"{code} {titles[index]}")


def _filled_chapters(ledger: Ledger) -> set[str]:
    """Folded codes of the chapters that have printed rows, tables or chapters under them."""
    filled = {code for sheet in _PRINTED for code in _printed_codes(ledger[sheet])}
    filled |= set(ledger[STATISTICS.title].folded("章节"))
    codes = ledger[CHAPTERS.title].folded("编号")
    return filled | {code.rpartition(".")[0] for code in codes}


def _printed_codes(records: Records) -> set[str]:
    codes, texts = records.folded("章节"), records.texts(_PRINTED[records.sheet.title])
    flags = records.flags("入报告")
    return {codes[index] for index in records.facts if texts[index] and flags[index] is not False}


@rule("L008", "写了成效没有章节", "任务“{value}”写了工作成效，没有填章节，印不进报告。",
      "请填章节编号；不想写进报告的，在“入报告”里填“否”。", Severity.WARNING)
def text_without_chapter(inspection: Inspection) -> Iterator[Finding]:
    """没有章节的行不知道印在哪里，写好的话会丢。"""
    records = inspection.ledger[TASKS.title]
    texts, codes, flags = records.texts("工作成效"), records.texts("章节"), records.flags("入报告")
    excuses = records.texts(EXCUSE_COLUMN)
    for index in records.facts:
        if texts[index] and not codes[index] and flags[index] is not False and not excuses[index]:
            yield records.finding("L008", index, "章节", value=records.texts("任务名称")[index])


@rule("L009", "要入报告却没有成效", "任务“{value}”的“入报告”是“是”，工作成效却空着，报告里没有这一条。",
      "请补填工作成效，或把“入报告”改成“否”。", Severity.WARNING)
def wanted_without_text(inspection: Inspection) -> Iterator[Finding]:
    """说好要写进报告的任务，没有成效就什么也印不出来。"""
    records = inspection.ledger[TASKS.title]
    texts, flags = records.texts("工作成效"), records.flags("入报告")
    for index in records.facts:
        if flags[index] and not texts[index]:
            yield records.finding("L009", index, "工作成效", value=records.texts("任务名称")[index])


@rule("L010", "活动关联到已取消的任务", "活动“{value}”关联的任务{given}已取消，办了活动的任务一般没有取消。",
      "请核对关联任务的编号，或改任务的状态。", Severity.WARNING)
def event_of_a_cancelled_task(inspection: Inspection) -> Iterator[Finding]:
    """编号填错一位，活动就成了别的任务的佐证。"""
    tasks, records = inspection.ledger[TASKS.title], inspection.ledger[EVENTS.title]
    keys, states = tasks.folded("编号"), tasks.folded("状态")
    cancelled = {keys[index] for index in tasks.facts if keys[index] and states[index] == "已取消"}
    links = records.folded("关联任务")
    for index in records.facts if cancelled else ():
        if links[index] in cancelled:
            name, given = records.texts("活动名称")[index], records.texts("关联任务")[index]
            yield records.finding("L010", index, "关联任务", value=name, given=given)


@rule("L011", "停用的股室还有没办完的事", "“{value}”已停用，这一行还由它负责，没有人会填报。",
      "请改成接手的股室。", Severity.WARNING)
def closed_office_is_named(inspection: Inspection) -> Iterator[Finding]:
    """停用的股室收不到台账，没办完的事就没人跟了。"""
    offices = inspection.ledger[OFFICES.title]
    roles, names = offices.folded("角色"), offices.folded("名称")
    closed = {names[index] for index in offices.facts if roles[index] == "停用"}
    for sheet, (state, settled) in _SETTLED.items() if closed else ():
        records = inspection.ledger[sheet]
        states = records.folded(state) if state else []
        for index in records.facts:
            if records.folded("责任股室")[index] in closed and not (state and states[index] in settled):
                yield records.finding("L011", index, "责任股室")


@rule("L012", "填报股室没有填报人或邮箱", "“{value}”要填报，{column}却空着，台账发不出去，也没有人可催。",
      "请补填{column}。", Severity.WARNING)
def office_cannot_be_reached(inspection: Inspection) -> Iterator[Finding]:
    """下发和催办都按填报人和邮箱来，缺一样就只能打电话。"""
    records = inspection.ledger[OFFICES.title]
    roles, names = records.folded("角色"), records.texts("名称")
    for title in ("填报人", "邮箱"):
        values = records.texts(title)
        for index in records.facts:
            if roles[index] == "填报" and not values[index]:
                yield records.finding("L012", index, title, value=names[index])
