"""Wording edited in the report goes back into its cells; numbers never do."""

from __future__ import annotations

import io

import pytest

from templates.docx_text import Paragraph
from templates.provenance.pull import Change, Pulled, cells_of, pull
from templates.provenance.verify import verify
from tests.comparisons import LEDGER, printed, told
from tests.editing import composed
from workbook.findings import Cell
from workbook.patching.cells import with_cells
from workbook.standard.making import workbook_bytes
from workbook.text import parse

FIRST = "全年开展普法活动{{ 普法活动 }}，其中{{ 普法活动.其中 }}，参与群众{{ 参与群众 }}。"
SECOND = '截至{{ 统计止 }}，学习{{ 法规("进社区") }}等法律法规，按2020年的办法办理。'
THIRD = "{{ 机关全称 }}各项工作有序推进，群众反映良好。"


def pulled(**sides: dict[str, str]) -> Pulled:
    return pull(told(**sides))


def changes(made: Pulled) -> dict[str, str]:
    return {change.cell: change.after for change in made.changes}


def test_nothing_edited_nothing_pulled() -> None:
    assert pulled() == Pulled((), (), (), ())


@pytest.mark.parametrize(("before", "after", "cell", "text"), [
    ("全年开展", "全年扎实开展", "条目!D2", FIRST.replace("全年", "全年扎实")),
    ("，参与群众", "，覆盖群众", "条目!D2", FIRST.replace("参与群众{{", "覆盖群众{{")),
    ("等法律法规", "等法律和党内法规", "条目!D3", SECOND.replace("等法律法规", "等法律和党内法规")),
    ("群众反映良好。", "群众满意。", "条目!D4", THIRD.replace("群众反映良好", "群众满意")),
    ("群众反映良好。", "群众反映良好。队伍作风持续好转。", "条目!D4", THIRD + "队伍作风持续好转。"),
    ("普法宣传。全年", "法治宣传。全年", "条目!C2", "法治宣传"),
    ("一、工作情况", "一、主要工作情况", "章节!B2", "主要工作情况"),
], ids=["插字", "换字", "换词", "删改", "加一句", "小标题", "章节标题"])
def test_edited_wording_lands_in_its_cell(before: str, after: str, cell: str, text: str) -> None:
    made = pulled(report={before: after})
    assert changes(made) == {cell: text}
    assert not made.conflicts
    assert not made.unplaced


def test_a_changed_figure_inside_changed_wording_keeps_its_slot_and_is_told() -> None:
    made = pulled(report={"全年开展普法活动8场": "全年扎实开展普法活动9场"})
    assert changes(made) == {"条目!D2": FIRST.replace("全年", "全年扎实")}
    assert [(one.mark.phrase, one.report) for one in made.figures] == [("8场", "9场")]


@pytest.mark.parametrize("edit", [{"8场": "19场"}, {"8场": ""}, {"2025年12月31日": "2025年11月30日"}, {"《宪法》": ""}],
                         ids=["改数", "删数", "改日期", "删法规"])
def test_a_changed_figure_alone_is_never_pulled(edit: dict[str, str]) -> None:
    made = pulled(report=edit)
    assert not made.changes
    assert len(made.figures) == 1


def test_a_clause_deleted_with_its_figure_takes_its_slot_along() -> None:
    made = pulled(report={"，参与群众1800余人次": ""})
    assert changes(made) == {"条目!D2": FIRST.replace("，参与群众{{ 参与群众 }}", "")}
    assert [one.status.value for one in made.figures] == ["缺失"]


def test_a_number_typed_into_new_wording_is_named() -> None:
    made = pulled(report={"群众反映良好。": "群众反映良好，走访77户。"})
    assert [change.numbers for change in made.changes] == [("77户",)]


def test_a_figure_that_cannot_be_told_from_a_typed_number_is_a_conflict() -> None:
    made = pulled(report={"，参与群众1800余人次": "，带动各界人士2000人踊跃参加学习讨论"})
    assert not made.changes or "{{ 参与群众 }}" in made.changes[0].after
    assert all("2000" not in change.after for change in made.changes)


def test_both_sides_edited_differently_is_a_conflict_and_the_cell_stays() -> None:
    made = pulled(report={"群众反映良好": "群众满意"}, ledger={"群众反映良好": "群众点赞"})
    assert not made.changes
    conflict, = made.conflicts
    assert (conflict.cell, conflict.base) == ("条目!D4", THIRD)
    assert conflict.ours == THIRD.replace("群众反映良好", "群众点赞")
    assert conflict.theirs == THIRD.replace("群众反映良好", "群众满意")


def test_both_sides_edited_alike_is_settled() -> None:
    assert pulled(report={"群众反映良好": "群众满意"}, ledger={"群众反映良好": "群众满意"}) == Pulled((), (), (), ())


def test_an_edit_of_the_ledger_alone_is_left_alone() -> None:
    made = pulled(ledger={"群众反映良好": "群众点赞"})
    assert not made.changes
    assert not made.conflicts


def test_the_cell_is_found_where_its_row_went() -> None:
    row = next(line for line in LEDGER.splitlines() if line.startswith("| T1"))
    made = pulled(report={"群众反映良好": "群众满意"}, ledger={row + "\n": "", "| T2": f"{row}\n| T2"})
    assert changes(made) == {"条目!D4": THIRD.replace("群众反映良好", "群众满意")}


@pytest.mark.parametrize(("before", "after", "reason"), [
    ("，其中进社区", "，\n其中进社区", "拆成了两段"),
    ("工作情况的报告", "工作总结的报告", "模板"),
    ("群众反映良好。", "群众反映良好。\n以上报告，请审阅。", "模板"),
    ("三是临溪县民政局各项工作有序推进，群众反映良好。", "", "整段从报告里删了"),
], ids=["拆段", "模板的字", "手写一段", "删行"])
def test_what_no_cell_can_take_is_listed(before: str, after: str, reason: str) -> None:
    made = pulled(report={before: after})
    assert not made.changes
    told_why = [one.reason for one in made.unplaced] + [one.reason for one in made.conflicts]
    assert any(reason in one for one in told_why), told_why


def test_a_slot_in_other_spacing_is_no_edit() -> None:
    assert pulled(ledger={"{{ 机关全称 }}各项": "{{机关全称}}各项"}) == Pulled((), (), (), ())


def test_words_inside_what_a_slot_prints_are_not_pulled() -> None:
    made = pulled(report={"其中进社区5场、进校园3场": "其中进社区5场，进校园3场"})
    assert not made.changes
    assert any("由台账算出" in one.reason for one in made.conflicts)


def test_a_text_of_several_paragraphs_goes_back_with_its_line_breaks() -> None:
    from templates.provenance.marking import manifest_of

    text = LEDGER.replace(THIRD, "各项工作有序推进。<br>群众反映良好。")
    then = manifest_of(composed(text))
    lines = [Paragraph(line.replace("反映良好", "满意")) for line in then.paragraphs]
    made = pull(verify(then, lines, then))
    assert changes(made) == {"条目!D4": "各项工作有序推进。\n群众满意。"}


def test_changes_go_into_the_workbook_and_nothing_else_does() -> None:
    import openpyxl

    data = workbook_bytes(parse(LEDGER, "台账.md"))
    cells = cells_of((Change("条目!D4", THIRD, "新的文字。"),))
    assert cells == {Cell("条目", 4, 4): "新的文字。"}
    before, after = (openpyxl.load_workbook(io.BytesIO(one)) for one in (data, with_cells(data, cells)))
    moved = {f"{sheet.title}!{cell.coordinate}" for sheet in before for row in sheet.iter_rows() for cell in row
             if cell.value != after[sheet.title][cell.coordinate].value}
    assert moved == {"条目!D4"}


def test_pulled_wording_prints_what_the_report_said() -> None:
    then = printed()
    edited = {"全年开展": "全年扎实开展", "群众反映良好": "群众满意"}
    made = pulled(report=edited)
    text = LEDGER
    for change in made.changes:
        text = text.replace(change.before, change.after)
    again = verify(then, [Paragraph(_read(line, edited)) for line in then.paragraphs],
                   _manifest(text))
    assert not again.differs


def _read(line: str, edited: dict[str, str]) -> str:
    for before, after in edited.items():
        line = line.replace(before, after)
    return line


def _manifest(text: str):  # type: ignore[no-untyped-def]
    from templates.provenance.marking import manifest_of

    return manifest_of(composed(text))
