"""Which figures no longer match, after the report and the ledger were edited."""

from __future__ import annotations

from pathlib import Path

import pytest

from templates.docx_text import Paragraph, Range
from templates.provenance.located import Located
from templates.provenance.manifest import Manifest, Mark
from templates.provenance.marking import manifest_of
from templates.provenance.verify import verify
from tests.comparisons import LEDGER, printed, statuses, told, verdict
from tests.editing import composed

EXAMPLE = Path(__file__).parents[2] / "templates" / "example.ledger.md"
VISIT = "| A2 | 2025-05-01 | 进校园宣讲 | 进校园 | 3 | 650 |"


def test_nothing_edited_nothing_to_settle() -> None:
    checked = told()
    assert not checked.differs
    assert {one.status.value for one in checked.figures} == {"一致"}


@pytest.mark.parametrize(("before", "after", "phrase", "reads"), [
    ("8场", "9场", "8场", "9场"),
    ("8场", "18场", "8场", "18场"),
    ("8场", "8场次", "8场", "8场次"),
    ("8场", "近8场", "8场", "近8场"),
    ("8场", "8场以上", "8场", "8场以上"),
    ("1800余人次", "1800人次", "1800余人次", "1800人次"),
    ("1800余人次", "1850余人次", "1800余人次", "1850余人次"),
    ("2025年12月31日", "2025年11月30日", "2025年12月31日", "2025年11月30日"),
    ("《民法典》", "《民法总则》", "《民法典》", "《民法总则》"),
], ids=lambda value: str(value))
def test_a_figure_typed_over_is_报告已改(before: str, after: str, phrase: str, reads: str) -> None:
    found = statuses(told(report={before: after}))
    assert set(found) == {phrase}
    assert found[phrase] == ("报告已改", reads, phrase)


@pytest.mark.parametrize("after", ["８场", "八场"])
def test_the_same_number_written_otherwise_is_一致(after: str) -> None:
    assert not statuses(told(report={"8场": after}))


def test_a_row_of_the_ledger_changed_is_台账已改() -> None:
    assert statuses(told(ledger={VISIT: VISIT.replace("| 3 |", "| 4 |")})) == {
        "8场": ("台账已改", "8场", "9场"), "3场": ("台账已改", "3场", "4场")}


def test_both_changed_differently_is_两边都改() -> None:
    found = statuses(told(report={"进校园3场": "进校园7场"}, ledger={VISIT: VISIT.replace("| 3 |", "| 4 |")}))
    assert found["3场"] == ("两边都改", "7场", "4场")


def test_both_changed_to_the_same_is_settled() -> None:
    checked = told(report={"进校园3场": "进校园4场", "8场": "9场"}, ledger={VISIT: VISIT.replace("| 3 |", "| 4 |")})
    assert not statuses(checked)
    assert verdict(checked, "3场").note == "两边改成了一样的"


def test_a_figure_deleted_in_the_report_is_缺失() -> None:
    assert statuses(told(report={"，参与群众1800余人次": ""})) == {"1800余人次": ("缺失", "", "1800余人次")}


def test_a_row_deleted_in_the_ledger_says_已删() -> None:
    row = next(line for line in LEDGER.splitlines() if line.startswith("| T2"))
    checked = told(ledger={row + "\n": ""})
    assert set(statuses(checked)) == {"2025年12月31日", "《宪法》", "《民法典》"}
    assert {one.note for one in checked.changed} == {"已删"}
    assert {one.ledger for one in checked.changed} == {""}


def test_a_rounded_phrase_stays_一致_and_says_that_the_value_moved() -> None:
    checked = told(ledger={VISIT: VISIT.replace("650", "651")})
    assert not checked.differs
    assert verdict(checked, "1800余人次").note == "台账的值由1862变为1863，印出来一样"


def test_a_sentence_that_moved_is_一致() -> None:
    moved = "二是学法用法。截至2025年12月31日，学习《宪法》《民法典》等法律法规，按2020年的办法办理。"
    assert not statuses(told(report={moved: "", "群众反映良好。": "群众反映良好。\n" + moved}))


def test_a_number_replaced_everywhere_flags_every_place() -> None:
    found = statuses(told(report={"场": "次"}))
    assert set(found) == {"8场", "5场", "3场"}


def test_a_part_that_appears_shifts_no_other_part() -> None:
    metric = "| M03 | 进校园 | 场 | 计数 | 活动 |  | 类型=进校园 | M01 |  |  |  |"
    checked = told(ledger={metric: f"| M09 | 进机关 | 场 | 计数 | 活动 |  | 类型=进校园 | M01 |  |  |  |\n{metric}"})
    assert set(statuses(checked)) == {"8场"}
    assert {mark.phrase for mark in checked.added} == {"进机关", "3场"}


def test_a_law_less_leaves_the_others_alone() -> None:
    found = statuses(told(ledger={"宪法、民法典": "民法典"}))
    assert found == {"《宪法》": ("台账已改", "《宪法》", "")}


def test_new_numbers_are_listed_with_their_sentence() -> None:
    checked = told(report={"群众反映良好。": "群众反映良好。另走访慰问77户。"})
    assert [(one.text, one.context) for one in checked.untraced] == [("77户", "另走访慰问77户。")]
    assert checked.differs


def test_a_typed_number_that_was_printed_is_no_news() -> None:
    assert not told().untraced
    assert [one.text for one in told(report={"2020年": "2021年"}).untraced] == ["2021年"]


def test_a_spelled_number_is_only_a_note() -> None:
    checked = told(report={"群众反映良好。": "群众反映良好，走访十三户。"})
    assert [(one.text, one.note) for one in checked.untraced] == [("十三户", True)]


def test_a_new_row_of_the_ledger_is_told() -> None:
    row = next(line for line in LEDGER.splitlines() if line.startswith("| T3"))
    checked = told(ledger={row: f"{row}\n| T4 | 1 | 新事 | 新办成一件事。 |"})
    assert not statuses(checked)
    assert [mark.phrase for mark in checked.added] == ["新事", "新办成一件事。"]


def test_a_copy_without_bookmarks_is_not_mistaken_for_the_original() -> None:
    then = printed()
    mark = next(one for one in then.marks if one.phrase == "8场")
    text = then.paragraphs[mark.paragraph]
    lines = [*then.paragraphs[:2], text.replace("8场", "9场"), text]
    bookmarks = tuple((one.id, one.start, one.end) for one in then.marks if one.paragraph == mark.paragraph)
    now = [Paragraph(line) for line in lines]
    now[2] = now[2]._replace(bookmarks=tuple(Range(*one) for one in bookmarks))
    assert set(statuses(verify(then, now, then))) == {"8场"}


def test_a_bookmark_left_empty_is_gone() -> None:
    then = printed()
    mark = next(one for one in then.marks if one.phrase == "8场")
    line = then.paragraphs[2].replace("8场", "9场")
    now = [Paragraph(one) for one in then.paragraphs]
    now[2] = Paragraph(line, bookmarks=(Range(mark.id, mark.start, mark.start),))
    located = Located(then, now)
    assert mark.id not in located.bookmarked
    assert located.text(located.spots[mark.id]) == "9场"


def test_one_event_row_flags_exactly_the_figures_that_depend_on_it() -> None:
    text = EXAMPLE.read_text("utf-8")
    events = text.split("## 活动\n", 1)[1].split("\n## ", 1)[0].strip().splitlines()
    then = manifest_of(composed(text))
    lines = [Paragraph(one) for one in then.paragraphs]
    seen = 0
    for number in range(3, len(events), 9):
        now = manifest_of(composed(text.replace(events[number] + "\n", "", 1)))
        checked = verify(then, lines, now)
        moved = {one.mark.id for one in checked.figures if one.status.value != "一致" or one.note}
        depending = {mark.id for mark in then.marks if f"活动!{number}" in mark.rows or _names(mark, number)}
        assert moved <= depending
        assert {id_ for id_ in depending if id_ in {mark.id for mark in then.figures}} == moved - law_ids(then)
        seen += bool(moved)
    assert seen >= 5


def _names(mark: Mark, number: int) -> bool:
    """Whether a law is printed because of this row."""
    return any(cell.partition("!")[2].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == str(number) for cell in mark.cells
               if cell.startswith("活动!"))


def law_ids(manifest: Manifest) -> set[str]:
    return {mark.id for mark in manifest.marks if mark.origin == "法规"}
