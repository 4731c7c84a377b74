"""Order in a text: typed numbers of titles, announced points, ends of titles and sentences, length."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from workbook.findings import Finding, Severity
from workbook.ledger import Records
from workbook.rules.passages import Passage, layouts, passages, texts
from workbook.rules.registry import Inspection, rule
from workbook.schema import CHAPTERS
from workbook.wording.enumerators import ANNOUNCING, ORDINAL, announced, items_in
from workbook.wording.hits import SLOT, compiled, hit_of

LONGEST = 1000
_TITLE_NUMBER = rf"^(?:第{ORDINAL}[章节部]|{ORDINAL}、|[（(]{ORDINAL}[）)]|\d{{1,2}}[.．、](?!\d)|[（(]\d{{1,2}}[）)])"
_NUMBERING = "第一二三四五六七八九十（("
_STOPS = "。！？；：…”’）》】〕!?;:)" + SLOT


@rule("W001", "章节标题里手写了序号", "标题“{value}”手写了序号，程序排序号时会印成两个。", "请删掉手写的序号。",
      Severity.WARNING, "惯例")
def typed_title_number(inspection: Inspection) -> Iterator[Finding]:
    """序号由程序按大纲排；标题里再写一个，就会印成“一、一、”，调整次序后更对不上。"""
    for passage in _titles(inspection):
        opens = passage.prose[0] in _NUMBERING or passage.prose[0].isdecimal()
        match = compiled(_TITLE_NUMBER).search(passage.prose) if opens else None
        if match:
            yield passage.finding("W001", passage.around(hit_of(match), 8))


def _titles(inspection: Inspection) -> Iterator[Passage]:
    return (one for one in passages(inspection.ledger) if one.sheet == CHAPTERS.title and one.column == "标题")


@rule("W006", "说的条数和写的条数不一样", "前面说“{given}”，后面写了{value}条。", "请改前面的数，或补齐各条。",
      Severity.WARNING, "常识")
def announced_count(inspection: Inspection) -> Iterator[Finding]:
    """说四个方面却只写三条，是最容易被看出来的疏漏。"""
    for passage in texts(inspection.ledger).holding(ANNOUNCING):
        promise = announced(passage.prose)
        if promise:
            items = _item_count(inspection, passage, passage.prose[promise.end:])
            if items and items != promise.number:
                yield passage.finding("W006", str(items), given=promise.said)


def _item_count(inspection: Inspection, passage: Passage, rest: str) -> int:
    """The items after the colon: those in the same text, else the rows of a chapter that enumerates them."""
    if rest.strip():
        return items_in(rest)
    layout = layouts(inspection.ledger).get(passage.chapter)
    if passage.column != "引语" or layout is None or not layout.mark:
        return 0
    return sum(one.is_body and one.chapter == passage.chapter for one in passages(inspection.ledger))


@rule("W007", "连写的一条没有句末标点", "这一条末尾是“{value}”，没有句号，连写时会和下一条粘在一起。",
      "请在末尾加上句号或分号。", Severity.WARNING, "国标 GB/T 15834—2011 4.1")
def no_final_stop(inspection: Inspection) -> Iterator[Finding]:
    """连写的各条首尾相接，缺了句末标点就成了一句话。"""
    known = layouts(inspection.ledger)
    for passage in passages(inspection.ledger):
        layout = known.get(passage.chapter) if passage.is_body else None
        if layout and layout.joined and passage.prose[-1] not in _STOPS:
            yield passage.finding("W007", passage.text[-8:])


@rule("W008", "一条写得太长", "这一条有{value}字，超过{given}字，读的人抓不住要点。", "请拆成几条或精简。",
      Severity.INFO, "惯例")
def too_long(inspection: Inspection) -> Iterator[Finding]:
    """一条上千字的文字通常是几件事并在一起，拆开才好编号、好核对。"""
    for passage in passages(inspection.ledger):
        if len(passage.text) > LONGEST:
            yield passage.finding("W008", str(len(passage.text)), given=str(LONGEST))


@rule("W009", "标题末尾有句号", "标题“{value}”末尾有标点，标题后面不用句号。", "请删掉末尾的标点。", Severity.WARNING,
      "惯例")
def title_ends_in_stop(inspection: Inspection) -> Iterator[Finding]:
    """公文标题末尾不用句号；章节标题的句号由“标题末标点”一列管，手写会印成两个。"""
    for passage in passages(inspection.ledger):
        of_report = passage.sheet == "报告信息" and passage.column == "标题"
        of_chapter = passage.sheet == CHAPTERS.title and passage.column == "标题"
        if (of_report or of_chapter) and passage.prose[-1] in "。；，、;,":
            yield passage.finding("W009", passage.text[-12:])


@rule("W010", "同级标题末尾标点不一致", "同一级标题有的带“{value}”、有的不带，这一个和别的不一样。",
      "请把同级标题末尾的标点统一起来（台账里是“标题末标点”一列）。", Severity.WARNING, "惯例")
def uneven_title_stops(inspection: Inspection) -> Iterator[Finding]:
    """同一级标题有的有句号、有的没有，版面不齐，像是拼起来的。"""
    records = inspection.ledger[CHAPTERS.title]
    forms, stops = records.folded("标题形式"), records.folded("标题末标点")
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index in records.facts:
        if forms[index] != "行内":
            groups[_parent(records, index), forms[index]].append(index)
    for rows in groups.values():
        stopped = [index for index in rows if stops[index] == "。"]
        if 0 < len(stopped) < len(rows):
            bare = [index for index in rows if index not in stopped]
            for index in stopped if len(stopped) <= len(bare) else bare:
                yield records.finding("W010", index, "标题末标点", value="。")


def _parent(records: Records, index: int) -> str:
    return records.folded("编号")[index].rpartition(".")[0]
