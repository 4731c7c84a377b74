"""Filling in: what the workbook offers, refuses, questions, lights up and explains."""

from __future__ import annotations

from typing import Any

import pytest
from written import book_of, made, opened, rule_of, rules_at

from tests.hand_counted import hand_counted
from workbook import schema
from workbook.schema import SHEETS
from workbook.standard.layout import FIRST_ROW, HEADER_ROW, PREPARED_ROWS, lay_out
from workbook.standard.writer import write


@pytest.fixture(scope="module")
def book() -> Any:
    return opened(made())


@pytest.fixture(scope="module")
def values() -> Any:
    return opened(made(), values=True)


@pytest.mark.parametrize("title", schema.BY_TITLE)
def test_headers_refuse_typing_and_say_what_they_are_for(book: Any, title: str) -> None:
    for cell in book[title][HEADER_ROW]:
        [rule] = rules_at(book[title], cell.coordinate)
        assert (rule.type, rule.formula1, rule.errorStyle, rule.allowBlank) == ("custom", "FALSE", None, False)
        assert rule.error.startswith("表头不能改")
        assert rule.prompt


@pytest.mark.parametrize("title", schema.BY_TITLE)
def test_validations_reach_far_below_the_table(book: Any, title: str) -> None:
    for rule in book[title].data_validations.dataValidation:
        for area in rule.sqref.ranges:
            assert area.min_row == HEADER_ROW or area.max_row >= PREPARED_ROWS
        assert len(rule.prompt or "") <= 255
        assert len(rule.promptTitle or "") <= 32


def test_choices_that_steer_the_report_are_enforced(book: Any) -> None:
    rule = rule_of(book["任务"], "状态")
    assert (rule.type, rule.formula1, rule.errorStyle) == ("list", '"未开始,进行中,已完成,已取消"', None)
    assert rule.error == "只能选：未开始、进行中、已完成、已取消。"
    assert rule_of(book["任务"], "入报告").formula1 == '"是,否"'


def test_a_dropdown_of_the_dictionary_can_be_written_past(book: Any) -> None:
    rule = rule_of(book["活动"], "类型")
    assert (rule.formula1, rule.showErrorMessage) == ("选项_活动类型", False)
    assert "几个值用“、”隔开" in rule.prompt
    single = rule_of(book["办件"], "事项")
    assert (single.formula1, single.errorStyle) == ("选项_办件事项", "warning")


def test_an_office_not_listed_is_questioned_not_refused(book: Any) -> None:
    rule = rule_of(book["活动"], "承办股室")
    assert (rule.formula1, rule.errorStyle) == ("名单_股室名称", "warning")
    assert "“股室”表里还没有它" in rule.error


def test_numbers_in_words_are_never_questioned(book: Any) -> None:
    rule = rule_of(book["活动"], "参与（人次）")
    assert rule is None or (rule.type, rule.showErrorMessage) != ("decimal", True)


def test_dates_whole_numbers_and_percents_are_questioned(book: Any) -> None:
    kinds = {title: rule_of(book["任务"], title) for title in ("完成时限", "进度")}
    kinds["场次"] = rule_of(book["活动"], "场次")
    assert [rule.type for rule in kinds.values()] == ["date", "decimal", "whole"]
    assert {rule.errorStyle for rule in kinds.values()} == {"warning"}
    assert "2025-03-08" in kinds["完成时限"].prompt


def test_required_cells_say_so(book: Any) -> None:
    assert rule_of(book["任务"], "完成时限").prompt.startswith("必填。")


def test_computed_cells_refuse_typing(book: Any) -> None:
    assert rule_of(book["指标"], "报告值").formula1 == "FALSE"


def test_text_columns_keep_what_is_typed(book: Any) -> None:
    expected = {
        ("章节", "编号"): "@", ("任务", "章节"): "@", ("活动", "节点"): "@", ("任务", "完成时限"): "yyyy-mm-dd",
        ("任务", "进度"): "0%", ("指标", "取整"): "General", ("办件", "金额（元）"): "0.00",
        ("任务", "工作成效"): "General",
    }
    layout = lay_out(hand_counted())
    for (sheet, title), form in expected.items():
        assert book[sheet].column_dimensions[layout[sheet].by_title[title].letter].number_format == form, title


def test_the_number_of_a_copy_keeps_its_zeros(book: Any) -> None:
    row = next(row for row in range(FIRST_ROW, 60) if book["报告信息"].cell(row, 1).value == "份号")
    assert book["报告信息"].cell(row, 2).number_format == "@"


def test_options_follow_字典_unsorted(values: Any, book: Any) -> None:
    assert [values["_选项"][f"B{row}"].value for row in range(2, 6)] == ["进校园", "宣讲", "竞赛", None]
    assert [values["_选项"][f"A{row}"].value for row in range(2, 6)] == [1, 4, 5, None]
    assert book.defined_names["选项_活动类型"].attr_text.startswith("'_选项'!$B$2:INDEX(")


def test_periods_have_names(book: Any) -> None:
    for name in ("统计起", "统计止", "规划期起"):
        sheet, cell = book.defined_names[name].attr_text.split("!")
        assert book[sheet][cell.replace("$", "")].offset(0, -1).value == name


@pytest.mark.parametrize(("title", "said"), [
    ("任务", '$L3<>"已取消",ISNUMBER($J3),$J3<TODAY()'),
    ("任务", "$M3<$I3"),
    ("任务", 'AND($L3="已完成",$M3="")'),
    ("任务", 'AND($D3="",COUNTA($A3:$S3)>0)'),
    ("活动", "$C3<$B3"),
    ("问题", 'AND($J3<>"已整改"'),
    ("章节", "MATCH($A3,$A$3:$A$2000,0)<ROW()-2"),
    ("活动", 'LEFT($A3,2)="示例"'),
])
def test_faults_light_up_while_typing(book: Any, title: str, said: str) -> None:
    marks = book[title].conditional_formatting
    formulas = [rule.formula[0] for area in marks for rule in area.rules]
    assert any(said in formula for formula in formulas)
    assert all(part.max_row >= PREPARED_ROWS for area in marks for part in area.sqref.ranges)


def test_examples_are_grey_whatever_else_they_are(book: Any) -> None:
    rules = [rule for area in book["任务"].conditional_formatting for rule in area.rules]
    first = min(rules, key=lambda rule: rule.priority)
    assert "示例" in first.formula[0]
    assert first.stopIfTrue
    assert first.dxf.font.i


def test_the_guide_names_every_sheet_and_forbids_secrets(book: Any) -> None:
    guide = book["填写说明"]
    texts = [cell.value for row in guide.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert "非涉密使用：本台账不得填写国家秘密、个人身份证号。" in texts
    linked = {cell.value: cell.hyperlink.location for row in guide.iter_rows() for cell in row if cell.hyperlink}
    assert linked == {title: f"'{title}'!A1" for title in ("看板", "报告信息", *schema.BY_TITLE)}
    assert {sheet.purpose for sheet in SHEETS} <= set(texts)


def test_a_new_workbook_opens_at_the_guide_and_a_filled_one_at_the_board() -> None:
    assert opened(write(book_of(), {}, starters=True)).active.title == "填写说明"
    assert opened(write(book_of(), {})).active.title == "看板"
