"""What stands once: the signature, the list of annexes, titles of chapters, addresses of offices, the order of rows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbook.faults import found
from workbook.findings import Finding, Severity
from workbook.readings import compiled
from workbook.rules.passages import printed_rows
from workbook.rules.registry import Inspection, rule
from workbook.schema import CHAPTERS, ITEMS, OFFICES, PROBLEMS, TASKS

_W = Severity.WARNING
_MAIL = r"(?a:[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"


@rule("W050", "署名不是本机关", "署名是“{value}”，机关全称是“{given}”，落款和报告不是一个机关。",
      "请核对；联合行文的，把本机关也写上。", _W)
def signed_by_another(inspection: Inspection) -> Iterator[Finding]:
    """借用别的单位的底稿，最容易漏改的就是落款。"""
    head = inspection.ledger.head
    entry, names = head.entries.get("署名"), [head.text("机关全称"), head.text("机关简称")]
    if entry is None or "{{" in entry.text or "｛｛" in entry.text or not (entry.text and names[0]):
        return
    if not any(name and name in entry.text for name in names) and entry.text not in names[0]:
        yield found("W050", entry.cell, column="署名", value=entry.text, given=names[0])


@rule("W051", "附件说明末尾有标点", "附件名称“{value}”末尾有标点，附件名称后面不加标点。", "请删掉末尾的标点。", _W,
      "国标 GB/T 9704—2012 7.3.4")
def annex_ends_in_stop(inspection: Inspection) -> Iterator[Finding]:
    """附件名称后面不加标点符号（GB/T 9704—2012，7.3.4）。"""
    entry = inspection.ledger.head.entries.get("附件")
    for line in entry.text.splitlines() if entry else ():
        if entry and line.strip() and line.strip()[-1] in "。；，、;,.":
            yield found("W051", entry.cell, column="附件", value=line.strip()[-12:])


@rule("L019", "同级章节标题重复", "标题“{value}”和第{given}行的一样，同一层有两个同名的章节。",
      "请核对；是复制来的就改过来。", _W)
def chapter_title_repeats(inspection: Inspection) -> Iterator[Finding]:
    """复制一行再改编号，忘了改标题，目录里就有两个一样的标题。"""
    records = inspection.ledger[CHAPTERS.title]
    codes, titles = records.folded("编号"), records.folded("标题")
    first: dict[tuple[str, str], int] = {}
    for index in records.facts:
        if titles[index]:
            same = first.setdefault((codes[index].rpartition(".")[0], titles[index]), index)
            if same != index:
                yield records.finding("L019", index, "标题", given=str(records.table.numbers[same]))


@rule("L020", "邮箱的写法不对", "“{value}”不是一个邮箱地址，台账发不过去。", "请写成 abc@example.com 的样子。", _W)
def mail_cannot_be_sent(inspection: Inspection) -> Iterator[Finding]:
    """下发和催办按邮箱发，少一个 @ 就退回来。"""
    records = inspection.ledger[OFFICES.title]
    texts = records.texts("邮箱")
    for index in records.facts:
        if texts[index] and not all(compiled(_MAIL).fullmatch(one) for one in re.split(r"[、，；;,\s]+", texts[index])):
            yield records.finding("L020", index, "邮箱")


@rule("O004", "同一章里的序重复", "第 {value} 的位置在“{given}”一章里已经有一行，先后只好按表里的次序。",
      "请改成不同的序，插在中间可以用 1.5。", Severity.INFO)
def place_is_taken(inspection: Inspection) -> Iterator[Finding]:
    """复制一行忘了改序，印出来的先后就不是想要的。"""
    taken: set[tuple[str, object]] = set()
    for sheet in (TASKS.title, ITEMS.title, PROBLEMS.title):
        records = inspection.ledger[sheet]
        chapters, places = records.folded("章节"), records.numbers("序")
        for index in printed_rows(inspection.ledger, sheet) if records.has("序") else ():
            place = places[index]
            if place and (chapters[index], place.value) in taken:
                yield records.finding("O004", index, "序", given=chapters[index])
            elif place:
                taken.add((chapters[index], place.value))
