"""Wording faults are found where they are planted, and nowhere in a clean ledger."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledgers import ledger as small_ledger
from tests.reference_ledgers import reference_ledger
from workbook.book import recognize
from workbook.facts import Facts
from workbook.findings import Cell, Finding, Severity
from workbook.ledger import Ledger
from workbook.raw import RawBook, RawSheet, RawValue
from workbook.rules.every import RULES
from workbook.rules.registry import run_rules
from workbook.text import parse

_WORDING = [rule for code, rule in RULES.items() if code.startswith("W")]
_EXAMPLE = Path(__file__).parents[2] / "templates" / "example.ledger.md"

_PLANTS = {
    "W004": "健全制度；二是加强培训，", "W005": "一是健全制度；三是加强培训，",
    "W006": "抓好四个方面：一是学；二是做；三是改，", "W011": "落实《办法的要求，", "W012": '推行"一站式"服务，',
    "W013": "健全制度,加强培训，", "W014": "印发办法(试行)，", "W015": "参学率达到全员％，",
    "W016": "开通１２３４５热线，", "W017": "学习《甲》、《乙》，", "W018": "健全制度，，", "W019": "健全 制度，",
    "W020": "完成1O件，", "W030": "受人员限限制，", "W031": "健全制度制度，", "W032": "开展法制宣传，",
    "W033": "截止2025年底，", "W034": "做好其它工作，", "W035": "部份乡镇较慢，", "W036": "抓好以《甲》的宣传、提升，",
    "W043": "依照《旧办法》，", "W044": "成立青阳县民政局专班，", "W046": "走访98765户，",
}
_COMPANIONS = {
    "W004": {"W003"}, "W005": {"W003"}, "W006": {"W003"}, "W015": {"W016"}, "W020": {"W046"}, "W030": {"W031"},
}
"""What else a planted sentence may rightly be told of."""


def _with_rows(sheet: RawSheet, rows: list[list[RawValue]]) -> RawSheet:
    return RawSheet(sheet.name, rows, sheet.visible, sheet.merges)


@cache
def _clean() -> RawBook:
    book = reference_ledger("S")
    laws = next(sheet for sheet in book.sheets if sheet.name == "法规")
    row: list[RawValue] = [{"正式名称": "旧办法", "状态": "已废止"}.get(str(header)) for header in laws.rows[0]]
    more = _with_rows(laws, [*laws.rows, row])
    return book._replace(sheets=tuple(more if sheet is laws else sheet for sheet in book.sheets))


def _texts() -> list[tuple[str, int, int]]:
    """Every cell of a printed row's text: sheet, row and column from 0."""
    wanted = {"任务": "工作成效", "条目": "正文", "问题": "表现"}
    return [(sheet.name, row, sheet.rows[0].index(wanted[sheet.name])) for sheet in _clean().sheets
            if sheet.name in wanted for row in range(1, len(sheet.rows))]


def _planted(place: tuple[str, int, int], words: str) -> tuple[RawBook, Cell]:
    """The clean ledger with some words before the last sentence of one text."""
    name, row, column = place
    chosen = next(sheet for sheet in _clean().sheets if sheet.name == name)
    rows = [list(one) for one in chosen.rows]
    rows[row][column] = f"围绕中心，{words}{rows[row][column]}"
    sheets = tuple(_with_rows(one, rows) if one is chosen else one for one in _clean().sheets)
    return _clean()._replace(sheets=sheets), Cell(name, row + 1, column + 1)


def _said(book: RawBook) -> list[Finding]:
    ledger = Ledger(recognize(book))
    return run_rules(ledger, Facts(ledger), _WORDING)


def _of_text(text: str, *tables: str) -> list[str]:
    made = small_ledger(f"## 条目\n| 编号 | 章节 | 正文 |\n|---|---|---|\n| T1 | 1 | {text} |\n", *tables,
                        head="| 行政区划 | 临溪县 |")
    return [one.code for one in run_rules(made, Facts(made), _WORDING)]


def test_干净的台账没有一条() -> None:
    assert _said(_clean()) == []


def test_随附的示例没有一条() -> None:
    assert _said(parse(_EXAMPLE.read_text("utf-8"), "示例.md")) == []


@pytest.mark.parametrize("code", sorted(_PLANTS))
@settings(max_examples=5, deadline=None)
@given(choice=st.integers(0, 10_000))
def test_错在哪一格就报哪一格(code: str, choice: int) -> None:
    places = _texts()
    book, cell = _planted(places[choice % len(places)], _PLANTS[code])
    found = _said(book)
    assert {one.cell for one in found} == {cell}, [(one.code, one.where, one.message) for one in found]
    codes = {one.code for one in found}
    assert code in codes
    assert codes <= {code} | _COMPANIONS.get(code, set())


@settings(max_examples=10, deadline=None)
@given(choice=st.integers(0, 10_000), number=st.integers(10_000, 99_999))
def test_手写的数报出原样的数(choice: int, number: int) -> None:
    book, cell = _planted(_texts()[choice % len(_texts())], f"发放资料{number}份，")
    found = [one for one in _said(book) if one.code in ("W046", "W047")]
    assert [(one.cell, one.value) for one in found] == [(cell, f"{number}份")]


@pytest.mark.parametrize("text", [
    "为了了解情况，进行了了解，现在在建项目较多，引进进口设备，促进进一步发展。",
    "转变工作作风，实行行政审批，更新管理理念，银行行长到会。",
    "踏踏实实、实实在在、扎扎实实开展工作，人人参与、常常走访、渐渐见效。",
    "社工工作、员工工资、员工工会、施工工地一并检查。",
    "召开开班仪式，公开开展活动，增加加班补助，科普普及到村，前提提出要求。",
    "中华人民共和国国家安全法宣传，应对对象复杂，以及及时办理，所有有关部门参与与否。",
    "引导社会组织组织志愿者，人大代表代表群众发言，一户一户走访。",
    "维护国家法制统一，县法制办做好法制审核，健全学法制度。", "报名截止日期已过，截至2025年底完成。",
    "发放帐篷、蚊帐，工人材料齐全，恢复盖章，自己经常检查，毕竟争取到了，违规犯罪较少。",
    "与青阳县民政局共建，配合县民政局、联合县民政局开展检查，临溪县民政局牵头。",
    "依照第十条第（一）项、第（三）项办理。", "每周星期二是接待日。",
    "2025年12月4日9:30开始，“12.4”活动、520登记、第3次会议、24小时值守、5G网络、12345热线。",
    "（民发〔2024〕12号）于2024年12月印发，比2024年增长。", "做到1）早发现；2）早处置。",
    "在县委、县政府的领导下，经临溪县人民政府同意，报县政府备案。", "每月1次、每季度2次，每年不少于3次。",
    "学习《关于〈办法〉的通知》，开展“法律进‘一老一小’家庭”活动。", "使用 Excel 填报，共 3 类。",
])
def test_没有毛病的话不报(text: str) -> None:
    assert _of_text(text) == []


@pytest.mark.parametrize(("text", "code"), [
    ("开工作作了安排。", "W030"), ("责任制制度健全。", "W030"), ("加加强学习。", "W030"), ("群众的的要求。", "W030"),
    ("完成了了任务。", "W030"), ("服务群众众。", "W030"), ("严格执法法。", "W030"), ("重要重要工作。", "W031"),
    ("做好“谁执法谁普法”工作；谁执法、谁普法落实。", "W037"), ("坚持“一站式服务。", "W011"),
    ("坚持一站式”服务。", "W011"), ("（（试行）。", "W011"), ("2024年以来，工作有序。", "W045"),
    ("调处纠纷1,280件。", "W046"), ("办结率98.5%。", "W046"), ("发放5.3万余份。", "W046"),
    ("在青阳县委、县政府的领导下，工作有序。", "W044"), ("截至2024年底，任务完成。", "W045"),
])
def test_有毛病的话报这一条(text: str, code: str) -> None:
    assert code in _of_text(text)


def test_手写的数等于指标就提议写成指标() -> None:
    metrics = ("## 指标\n| 编号 | 名称 | 单位 | 统计方式 | 填报值 |\n|---|---|---|---|---|\n"
               "| M01 | 走访 | 户 | 填报 | 35 |\n")
    assert _of_text("走访35户。", metrics) == ["W047"]
    assert _of_text("走访36户。", metrics) == ["W046"]
    assert _of_text("走访{{ 走访 }}。", metrics) == []


def test_措辞从不拦住报告() -> None:
    from workbook.faults import FAULTS

    assert all(FAULTS[rule.code].severity is not Severity.ERROR for rule in _WORDING)


def test_每条规则都说明为什么() -> None:
    assert all(rule.why.endswith("。") or rule.why.endswith("）。") for rule in _WORDING)


def test_措辞的提示不外露号码() -> None:
    text = "证号,11010519491231002X,已核 对。"
    made = small_ledger(f"## 条目\n| 编号 | 章节 | 正文 |\n|---|---|---|\n| T1 | 1 | {text} |\n")
    found = run_rules(made, Facts(made), _WORDING)
    assert found
    assert all("11010519491231002X" not in repr(one) for one in found)
