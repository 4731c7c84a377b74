"""The lists the other sheets choose from (法规, 股室, 字典) and the hidden row numbers."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.book import fold
from workbook.conditions import split_values
from workbook.faults import found
from workbook.findings import Finding, Severity
from workbook.ledger import Ledger, Records, near
from workbook.readings import compiled
from workbook.rules.metric_links import condition_values, dictionary_values
from workbook.rules.registry import Inspection, rule, rule_of
from workbook.schema import DICTIONARY, EVENTS, ID_COLUMN, LAWS, OFFICES, SHEETS, TASKS

_FILE_NAME = r"[A-Za-z0-9][A-Za-z0-9_-]*"
_ARTICLE = r"(?:第[零〇一二三四五六七八九十百千\d]+[编章节条款项].*|等)$"
_LIST_MARKS = "、；;＝="


@rule_of("L013", "法规不在法规表里")
def law_is_unlisted(inspection: Inspection) -> Iterator[Finding]:
    """法规名称以法规表为准；表里没有的，写错了也看不出来。"""
    known, names = _known_laws(inspection.ledger)
    for sheet, title in ((TASKS.title, "依据法规"), (EVENTS.title, "涉及法规")) if known else ():
        records = inspection.ledger[sheet]
        texts = records.texts(title)
        unlisted = {text: value for text in set(texts) if text for value in _unlisted(text, known)}
        for index in records.facts if unlisted else ():
            if texts[index] in unlisted:
                value = unlisted[texts[index]]
                yield records.finding("L013", index, title, value=value, near=near(value, names))


def _known_laws(ledger: Ledger) -> tuple[set[str], list[str]]:
    """Every folded name of a law, and the official and short names as typed."""
    records = ledger[LAWS.title]
    official, short, wrong = (records.texts(title) for title in ("正式名称", "简称", "误名"))
    names = [name for index in records.facts for name in (official[index], short[index]) if name]
    others = [name for index in records.facts for name in split_values(wrong[index])]
    return {fold(name).strip("《》") for name in (*names, *others)}, names


def _unlisted(text: str, known: set[str]) -> list[str]:
    return [value for value in bare_names(text) if value not in known]


def bare_names(text: str) -> list[str]:
    """The laws that a cell lists, folded, without 《》 and articles."""
    values = (compiled(_ARTICLE).sub("", fold(value)).strip("《》") for value in split_values(text))
    return [value for value in values if value]


@rule("L014", "股室代码不能做文件名", "股室代码“{value}”要做下发文件的名称，只能用字母和数字。",
      "请改成拼音首字母的样子，如 BGS。", Severity.WARNING)
def office_code_is_no_file_name(inspection: Inspection) -> Iterator[Finding]:
    """下发给各股室的台账以代码为文件名，汉字和符号在邮件里容易变成乱码。"""
    records = inspection.ledger[OFFICES.title]
    codes = records.texts("代码")
    for index in records.facts:
        if codes[index] and not compiled(_FILE_NAME).fullmatch(codes[index]):
            yield records.finding("L014", index, "代码")


@rule("L015", "字典里的值重复", "“{given}”的“{value}”前面已经有了，下拉框里会出现两次。", "请删掉这一行。",
      Severity.WARNING)
def dictionary_value_repeats(inspection: Inspection) -> Iterator[Finding]:
    """同一个值出现两次，填的人会以为是两回事。"""
    records = inspection.ledger[DICTIONARY.title]
    groups, values = records.folded("类别"), records.folded("值")
    seen: set[tuple[str, str]] = set()
    for index in records.facts:
        pair = groups[index], values[index]
        if all(pair) and pair in seen:
            yield records.finding("L015", index, "值", given=records.texts("类别")[index])
        seen.add(pair)


@rule("L016", "字典里的值含有分隔符号", "“{value}”里有“{given}”，这个符号是用来隔开几个值的，选了它会被当成别的值。",
      "请改成不含、；＝的写法。", Severity.WARNING)
def dictionary_value_holds_a_mark(inspection: Inspection) -> Iterator[Finding]:
    """格子里用、隔开几个值，条件里用；和＝，值里再有这些符号就分不清了。"""
    records = inspection.ledger[DICTIONARY.title]
    values = records.texts("值")
    for index in records.facts:
        mark = next((mark for mark in _LIST_MARKS if mark in values[index]), "")
        if mark:
            yield records.finding("L016", index, "值", given=mark)


@rule("L017", "字典里的值没有用到", "“{given}”有几个值没有一行用到，也没有指标按它统计：{value}。",
      "用不着的可以删掉，要留着就不用管。", Severity.INFO)
def dictionary_value_is_unused(inspection: Inspection) -> Iterator[Finding]:
    """下拉框里用不着的值多了，填的人容易选错。"""
    records = inspection.ledger[DICTIONARY.title]
    for sheet in SHEETS:
        for column in sheet.columns:
            rows = dictionary_values(inspection.ledger, column.dictionary) if column.dictionary else []
            used = _used_values(inspection, sheet.title, column.title) if rows else set()
            unused = [(index, value) for index, value in rows if fold(value) not in used]
            if unused and len(unused) < len(rows):
                values = "、".join(value for _, value in unused)
                yield records.finding("L017", unused[0][0], "值", value=values, given=column.dictionary)


def _used_values(inspection: Inspection, sheet: str, title: str) -> set[str]:
    """Folded values that a row holds or a metric asks for."""
    records: Records = inspection.ledger[sheet]
    used = {value for values in records.different_sets(title) for value in values}
    for metric in inspection.facts.metrics:
        if metric.source == sheet:
            used |= {fold(value) for value in condition_values(metric, title)}
    return used


@rule("L018", "复制来的行", "这一行是从第{given}行复制来的，内部编号相同，汇总时会被当成同一行。",
      "请删掉多余的一行；确是两件事的，把新行重新填一遍。", Severity.WARNING)
def row_is_a_copy(inspection: Inspection) -> Iterator[Finding]:
    """每行有一个看不见的编号，各股室交回来的台账靠它认行；复制的行会互相覆盖。"""
    for sheet in SHEETS:
        records = inspection.ledger[sheet.title]
        first: dict[str, int] = {}
        repeated = records.has(ID_COLUMN) and len(set(records.different_texts(ID_COLUMN))) < len(records)
        for index in records.facts if repeated else ():
            value = records.texts(ID_COLUMN)[index]
            if value and value in first:
                row = str(records.table.numbers[first[value]])
                yield _copy(records, index, row)
            elif value:
                first[value] = index


def _copy(records: Records, index: int, row: str) -> Finding:
    """Told at the first column of the row: the one with the number is hidden."""
    title = records.table.headers[0].title
    return found("L018", records.cell(index, title), column=title, key=records.key(index), given=row)
