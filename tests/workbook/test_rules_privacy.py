"""What must not travel is found in any cell, and never repeated in full."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reference_ledgers import reference_ledger
from workbook.book import recognize
from workbook.facts import Facts
from workbook.faults import found
from workbook.findings import Cell, Finding
from workbook.ledger import Ledger
from workbook.personal import personal_numbers
from workbook.raw import RawBook, RawSheet, RawValue
from workbook.rules.every import RULES
from workbook.rules.privacy import mask, suspects
from workbook.rules.registry import run_rules

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
_PRIVACY = [rule for code, rule in RULES.items() if code.startswith("P")]
_BIRTHDAYS = st.dates(dt.date(1920, 1, 1), dt.date(2024, 12, 31))
_PROVINCES = ("11", "14", "23", "37", "46", "52", "65")


def _with_check(seventeen: str) -> str:
    return seventeen + "10X98765432"[sum(int(d) * w for d, w in zip(seventeen, _WEIGHTS, strict=True)) % 11]


_IDENTITIES = st.builds(
    lambda province, rest, day, serial: _with_check(f"{province}{rest:04d}{day:%Y%m%d}{serial:03d}"),
    st.sampled_from(_PROVINCES), st.integers(0, 9999), _BIRTHDAYS, st.integers(0, 999),
)
_WRITTEN: dict[str, Callable[[str], str]] = {
    "原样": str, "小写": str.lower, "全角": lambda one: one.translate(_WIDE),
    "分段": lambda one: f"{one[:6]} {one[6:14]} {one[14:]}", "横线": lambda one: f"{one[:6]}-{one[6:14]}-{one[14:]}",
    "在句中": lambda one: f"户主证号为{one}，已核对。", "紧跟数字后": lambda one: f"第3户 {one} 1人",
    "两个连写": lambda one: f"{one}{one}", "夹不可见字符": lambda one: "\u200b".join(one),
}


def _with_rows(sheet: RawSheet, rows: list[list[RawValue]]) -> RawSheet:
    return RawSheet(sheet.name, rows, sheet.visible, sheet.merges)


@cache
def _clean() -> RawBook:
    book = reference_ledger("S")
    hidden = RawSheet("底稿", [["甲", "乙"], ["一", "二"]], visible=False)
    return book._replace(sheets=(*book.sheets, hidden))


def _planted(sheet: int, row: int, column: int, value: RawValue) -> tuple[RawBook, Cell]:
    """The clean ledger with one more value, in a cell below a header or to the right of the table."""
    book = _clean()
    chosen = book.sheets[sheet % len(book.sheets)]
    rows = [list(one) for one in chosen.rows]
    at = 1 + row % (len(rows) - 1)
    width = len(rows[0]) + 2
    place = column % width if chosen.name != "报告信息" else 1 + column % 2
    rows[at] += [None] * (place + 1 - len(rows[at]))
    rows[at][place] = value
    sheets = tuple(_with_rows(one, rows) if one is chosen else one for one in book.sheets)
    return book._replace(sheets=sheets), Cell(chosen.name, at + 1, place + 1)


def _said(book: RawBook) -> list[Finding]:
    ledger = Ledger(recognize(book))
    return run_rules(ledger, Facts(ledger), _PRIVACY)


_ANY = st.integers(0, 10_000)


@settings(max_examples=80, deadline=None)
@given(identity=_IDENTITIES, how=st.sampled_from(sorted(_WRITTEN)), sheet=_ANY, row=_ANY, column=_ANY)
def test_身份证号在任何一格都查得出并且不外露(
    identity: str, how: str, sheet: int, row: int, column: int,
) -> None:
    book, cell = _planted(sheet, row, column, _WRITTEN[how](identity))
    found = _said(book)
    assert {(one.code, one.cell) for one in found} == {("P001", cell)}
    for one in found:
        assert identity not in repr(one)
        assert one.value == f"{identity[:5]}********{identity[-4:]}"


@settings(max_examples=20, deadline=None)
@given(identity=_IDENTITIES, column=_ANY, row=_ANY, stored=st.sampled_from((int, float)))
def test_存成数字的身份证号被截成000也查得出(identity: str, column: int, row: int, stored: type) -> None:
    book, cell = _planted(5, row, column, stored(identity[:15] + "000"))
    codes = {(one.code, one.cell) for one in _said(book)}
    assert codes <= {("P001", cell), ("P002", cell)}
    assert codes


@given(identity=_IDENTITIES, wrong=st.integers(1, 9))
def test_校验位不对的不是身份证号(identity: str, wrong: int) -> None:
    last = "0123456789X"[("0123456789X".index(identity[-1]) + wrong) % 11]
    other = identity[:-1] + last
    assert other.endswith("000") or not [one for one in personal_numbers(other) if one.kind.name == "IDENTITY"]


@settings(max_examples=20, deadline=None)
@given(head=st.sampled_from(("139", "188", "150", "176")), rest=st.integers(0, 99_999_999), row=_ANY,
       around=st.sampled_from(("{}", "联系{}。", "+86 {}", "电话：{}（本人）")))
def test_手机号在备注里查得出并且不外露(head: str, rest: int, row: int, around: str) -> None:
    number = f"{head}{rest:08d}"
    book, cell = _planted(2, row, 18, around.format(number))
    found = _said(book)
    assert ("P004", cell) in {(one.code, one.cell) for one in found}
    assert all(number not in repr(one) for one in found)


def test_干净的台账没有一条() -> None:
    assert _said(_clean()) == []


@pytest.mark.parametrize(("text", "shown"), [
    ("证号11010519491231002X，电话13812345678", "证号11010********002X，电话138****5678"),
    ("卡号6222 0202 0011 2233 446", "卡号6222********3446"), ("流水号6222020200112233441", "流水号6222020200112233441"),
    ("临民字〔2025〕2号", "临民字〔2025〕2号"), ("0000-5550101", "0000-5550101"),
    ("金额1236140900.00元", "金额1236140900.00元"), ("统计期2025-01-01至2025-12-31", "统计期2025-01-01至2025-12-31"),
    ("H000001", "H000001"), ("", ""),
])
def test_遮盖(text: str, shown: str) -> None:
    assert mask(text) == shown


@given(st.text())
def test_遮盖两次和一次一样(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@pytest.mark.parametrize("text", [
    "慰问低保户王小明，送去米面。", "信访人：李建国（男，52岁）", "为困境儿童陈小雨办理入学", "张小红患有尘肺病",
    "患者刘志强的病情", "接待赵大山信访事项1件", "低保对象周秀英家庭困难",
])
def test_敏感情形旁的姓名(text: str) -> None:
    book, cell = _planted(2, 3, 18, text)
    assert [(one.code, one.cell) for one in _said(book)] == [("P006", cell)]


@pytest.mark.parametrize("text", [
    "未成年人保护", "低保户申请复核", "信访人员稳定", "困境儿童关爱服务", "低保对象高龄津贴", "患者安全", "孤儿王某",
    "信访工作", "特困人员程序简化", "未成年人周边环境整治", "低保家庭许可事项", "保密工作", "宪法宣传", "信访事项办结",
    "未成年人何种情形", "低保户余某",
])
def test_说的不是某一个人(text: str) -> None:
    book, _ = _planted(2, 3, 18, text)
    assert _said(book) == []


def test_名单栏里的姓名() -> None:
    rows: list[list[RawValue]] = [["序号", "低保对象姓名", "户数"], [1, "王小明", 3], [2, "王某", 1], [3, "见附件", 1]]
    book = _clean()._replace(sheets=(*_clean().sheets, RawSheet("明细", rows, visible=False)))
    assert [(one.code, one.where, one.value) for one in _said(book)] == [("P006", "明细!B2", "低保对象姓名：王**")]


def test_no_finding_of_any_rule_shows_a_number_in_full() -> None:
    number = "11010519491231002X"
    made = found("C002", Cell("活动", 3, 2), column="开始日期", key=number, value=f"见{number}", given=number)
    assert number not in repr(made)
    assert "11010********002X" in made.value


CELLS = st.sampled_from((
    None, 1, 13812345678, 13812345678.0, True, "H1", "H000002", "qq123456", "加微信wxid_1", "甲@x.cn", "★", "|", "5678",
    "11010519491231002X", "138 1234 5678", "慰问低保户王小明", "低保户申请复核", "1381234"))


@settings(deadline=None)
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=6), st.booleans())
def test_every_cell_is_looked_at_as_if_it_stood_alone(rows: list[list[RawValue]], known: bool) -> None:
    """In a sheet whose columns are known, and in one that nobody knows."""
    title = "法规" if known else "明细"
    sheet = RawSheet(title, [["正式名称", "简称", "误名"], *rows])
    chapters = RawSheet("章节", [["编号", "标题"], ["1", "甲"]])
    head = RawSheet("报告信息", [["项目", "内容"], ["报告类型", "通用报告"]])
    ledger = Ledger(recognize(RawBook("试.xlsx", (head, chapters, sheet))))
    found = {(place.row, place.column) for place, _ in suspects(ledger) if place.sheet is sheet}
    alone = {(at, column) for at, row in enumerate(rows, 2) for column, value in enumerate(row, 1)
             if _is_suspect(value)}
    assert found == alone


def _is_suspect(value: RawValue) -> bool:
    return re.search(r"\d{11}|\d{17}X|138 1234 5678|@|★|微信|qq|低保户王", str(value)) is not None
