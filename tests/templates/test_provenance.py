"""Marks and what carries them: every figure, date, name and row text knows its cells, in the docx and beside it."""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
import zlib
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates.provenance.carriers import (
    LARGEST,
    MOST_CHUNKS,
    Trace,
    joined_chunks,
    manifest_in,
    properties,
    with_manifest,
)
from templates.provenance.manifest import Manifest, Mark, from_json, to_json
from templates.provenance.marking import Marked, marked
from templates.provenance.sentences import sentence_at
from templates.report import compose, render
from templates.typesetting.package import standard_reference
from templates.untraced import untraced_numbers
from tests.traced import LEDGER
from workbook.book import recognize
from workbook.findings import Refusal
from workbook.identity import content_digest, with_ids
from workbook.ledger import Ledger
from workbook.text import parse

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
NAMES_OF_DAYS = {"520", "12.4"}
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def made(text: str = LEDGER) -> Marked:
    return marked(compose(Ledger(recognize(with_ids(parse(text, "台账.md"))))), file="某处/台账.xlsx")


def docx_of(one: Marked) -> bytes:
    trace = Trace(to_json(one.manifest), one.manifest.ledger_id, one.manifest.ledger_digest)
    return render(one.report, "docx", trace=trace)


@pytest.fixture(scope="module")
def report() -> Marked:
    return made()


@pytest.fixture(scope="module")
def data(report: Marked) -> bytes:
    return docx_of(report)


def mark(report: Marked, phrase: str, origin: str = "数字") -> Mark:
    return next(one for one in report.manifest.marks if one.phrase == phrase and one.origin == origin)


@pytest.mark.parametrize(("phrase", "origin", "cells", "rows", "value", "how"), [
    ("5100余人次", "数字", ("指标!B2",), ("活动!2", "活动!3"), "5123", "活动 2 行之和"),
    ("42件", "数字", ("指标!B3", "指标!B4", "指标!B5"), ("办件!2", "办件!3"), "42", "来信、热线之和"),
    ("30件", "数字", ("指标!B5",), ("办件!3",), "30", "办件 1 行之和"),
    ("98.5%", "数字", ("指标!I6",), (), "0.985", "填报"),
    ("1.3", "数字", ("任务!I3", "指标!B3", "指标!B4", "指标!B5"), ("办件!2", "办件!3"), "1.3", "信访42 ÷ 33"),
    ("《民法典》", "法规", ("法规!A2", "活动!G2", "活动!G3"), (), "《民法典》", "活动.涉及法规"),
    ("2026年1月9日", "日期", ("报告信息!B12",), (), "2026-01-09", ""),
    ("临民字〔2026〕3号", "名称", ("报告信息!B14", "报告信息!B15", "报告信息!B16"), (), "临民字〔2026〕3号", ""),
    ("来信", "名称", ("指标!B4",), (), "来信", ""),
], ids=["约数", "合计", "其中", "填报", "式子", "法规", "日期", "文号", "部分的名称"])
def test_a_mark_names_its_cells(report: Marked, phrase: str, origin: str, cells: tuple[str, ...],
                                rows: tuple[str, ...], value: str, how: str) -> None:
    one = mark(report, phrase, origin)
    assert (one.cells, one.rows, one.value, one.how) == (cells, rows, value, how)


def test_a_row_text_is_one_mark_a_paragraph_around_its_figures(report: Marked) -> None:
    first, second = [one for one in report.manifest.marks if one.place == "任务!I3" and one.origin == "文字"]
    assert (first.phrase, second.phrase) == ("信访42件，其中来信12件、热线30件；户均1.3件，第一行。", "第二行。")
    assert first.column == "工作成效"
    assert first.value == second.value
    assert first.value.startswith("信访{{ 信访 }}，其中{{ 信访.其中 }}；")
    assert first.rows == ("任务!3",)
    assert [len(one) for one in first.row_ids] == [10]
    inside = [one for one in report.manifest.marks if one.paragraph == first.paragraph and one.place == first.place]
    assert all(first.start <= one.start <= one.end <= first.end for one in inside)


def test_marks_stand_where_they_say(report: Marked) -> None:
    for one in report.manifest.marks:
        assert report.manifest.paragraphs[one.paragraph][one.start:one.end] == one.phrase
        assert one.phrase in one.context
        assert one.context in report.manifest.paragraphs[one.paragraph]


def test_the_manifest_names_the_ledger(report: Marked) -> None:
    manifest, ledger = report.manifest, report.report.facts.ledger
    assert manifest.ledger_id == ledger.book.meta["台账编号"]
    assert manifest.ledger_digest == content_digest(ledger.book)
    assert (manifest.ledger_file, manifest.period) == ("台账.xlsx", "2025-01-01..2025-12-31")
    assert (manifest.title, manifest.kind, manifest.layout) == ("临溪县民政局2025年工作情况的报告", "通用报告", "公文")


def test_ids_are_names_of_bookmarks_and_each_stands_once(report: Marked) -> None:
    names = [one.id for one in report.manifest.marks]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"_[A-Za-z0-9_]{1,39}", name) for name in names)


def test_ids_stay_when_other_sentences_rows_and_numbers_change(report: Marked) -> None:
    first = "| R0 | 1 | 先办的 | 办公室 | 某某 | 2025-06-30 | 已完成 | 2025-06-20 | 先办了事。 |"
    other = made(LEDGER.replace("全年参与", "一年来，按照{{ 上级 }}要求，参与").replace("| 123 |", "| 456 |")
                 .replace("| R1 |", f"{first}\n| R1 |"))
    before = {one.id: (one.slot, one.origin) for one in report.manifest.marks}
    after = {one.id: (one.slot, one.origin) for one in other.manifest.marks}
    assert before.items() <= after.items()
    assert len(after) > len(before)


def bookmarks(data: bytes) -> dict[str, str]:
    """Name -> text between start and end, read in document order."""
    root = docx.Document(io.BytesIO(data)).element
    still: dict[str, str] = {}
    texts: dict[str, str] = {}
    for element in root.iter():
        if element.tag == f"{W}bookmarkStart":
            still[element.get(f"{W}id")] = element.get(f"{W}name")
            texts[element.get(f"{W}name")] = ""
        elif element.tag == f"{W}bookmarkEnd":
            del still[element.get(f"{W}id")]
        elif element.tag == f"{W}t":
            for name in still.values():
                texts[name] += element.text or ""
    assert not still
    return texts


def test_every_mark_is_a_bookmark_around_its_phrase(report: Marked, data: bytes) -> None:
    assert bookmarks(data) == {one.id: one.phrase for one in report.manifest.marks}


def test_numbers_of_bookmarks_are_unique(data: bytes) -> None:
    text = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()
    numbers = re.findall(r'<w:bookmarkStart w:id="(\d+)"', text)
    assert len(numbers) == len(set(numbers))
    assert sorted(numbers) == sorted(re.findall(r'<w:bookmarkEnd w:id="(\d+)"', text))


def test_the_paragraphs_of_the_manifest_are_those_of_the_docx(report: Marked, data: bytes) -> None:
    printed = iter("".join(text.text or "" for text in one.iter(f"{W}t"))
                   for one in docx.Document(io.BytesIO(data)).element.iter(f"{W}p"))
    assert all(any(text in paragraph for paragraph in printed) for text in report.manifest.paragraphs)


def test_bookmarks_change_nothing_but_themselves(report: Marked, data: bytes) -> None:
    def body(content: bytes) -> str:
        return zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()

    bare = compose(report.report.facts.ledger)
    assert re.sub(r"<w:bookmark(?:Start|End)[^>]*/>", "", body(data)) == body(render(bare, "docx"))


def test_same_ledger_same_bytes(data: bytes) -> None:
    assert docx_of(made()) == data


def test_json_keeps_everything(report: Marked) -> None:
    assert from_json(to_json(report.manifest)) == report.manifest


@pytest.mark.parametrize(("text", "said"), [
    ("{", "已损坏"), ("[]", "已损坏"), ("{}", "已损坏"), ('{"version": 99}', "更新版本"),
    ('{"version": "一"}', "已损坏"), ("[" * 100_000, "已损坏"),
])
def test_a_damaged_or_newer_manifest_is_refused_in_chinese(text: str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        from_json(text)


def test_a_mark_outside_the_paragraphs_is_damage(report: Marked) -> None:
    document = json.loads(to_json(report.manifest))
    document["marks"][0][1] = 10_000
    with pytest.raises(Refusal, match="已损坏"):
        from_json(json.dumps(document))


def without(data: bytes, *prefixes: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(packed, "w") as target:
        for one in source.infolist():
            if not one.filename.startswith(prefixes):
                target.writestr(one, source.read(one.filename))
    return packed.getvalue()


def test_either_carrier_is_enough(report: Marked, data: bytes) -> None:
    assert manifest_in(data) == report.manifest
    assert manifest_in(without(data, "customXml/")) == report.manifest
    assert manifest_in(without(data, "docProps/custom.xml")) == report.manifest
    assert manifest_in(without(data, "customXml/", "docProps/custom.xml")) is None


def test_properties_are_short_and_say_whose_report_it_is(report: Marked, data: bytes) -> None:
    known = properties(zipfile.ZipFile(io.BytesIO(data)).read("docProps/custom.xml"))
    assert known["taizhang.ledger"] == report.manifest.ledger_id
    assert known["taizhang.digest"] == report.manifest.ledger_digest
    assert all(len(value) <= 255 for value in known.values())
    assert from_json(joined_chunks(known)) == report.manifest


def test_damaged_properties_are_refused(data: bytes) -> None:
    known = properties(zipfile.ZipFile(io.BytesIO(data)).read("docProps/custom.xml"))
    del known["taizhang.trace.001"]
    with pytest.raises(Refusal, match="已损坏"):
        from_json(joined_chunks(known))


def test_no_docx_is_one_sentence() -> None:
    with pytest.raises(Refusal, match="不是 Word 文档"):
        manifest_in(b"PK only")


def reference_parts() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(standard_reference())) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_parts_of_an_office_stay_beside_the_manifest() -> None:
    office = b"<Properties><property pid='2' name=\"KSO\"><vt:lpwstr>12</vt:lpwstr></property></Properties>"
    parts = reference_parts() | {"customXml/item1.xml": b"<office/>", "docProps/custom.xml": office.replace(b"'", b'"')}
    made_from = with_manifest(parts, "word/document.xml", Trace("{}", "K1", "甲"))
    assert made_from["customXml/item1.xml"] == b"<office/>"
    assert b"{}" in made_from["customXml/item2.xml"]
    known = properties(made_from["docProps/custom.xml"])
    assert (known["KSO"], known["taizhang.ledger"]) == ("12", "K1")


def test_a_reference_made_from_a_report_loses_the_old_manifest() -> None:
    once = with_manifest(reference_parts(), "word/document.xml", Trace("{}", "K1", "甲"))
    assert with_manifest(once, "word/document.xml", Trace("[]", "K2", "乙")) == with_manifest(
        reference_parts(), "word/document.xml", Trace("[]", "K2", "乙"))


def test_a_very_large_manifest_rests_in_the_custom_xml_part_alone(report: Marked) -> None:
    import random

    text = "".join(random.Random(1).choices("甲乙丙丁0123456789ABCDEF", k=MOST_CHUNKS * 600))
    large = report.manifest._replace(paragraphs=(*report.manifest.paragraphs, text))
    data = docx_of(Marked(report.report, large))
    assert manifest_in(data) == large
    assert manifest_in(without(data, "customXml/")) is None


def test_the_imprint_marks_its_date(report: Marked) -> None:
    last = report.manifest.marks[-1]
    assert (last.phrase, last.cells) == ("2026年1月9日", ("报告信息!B12",))
    assert last.paragraph == len(report.manifest.paragraphs) - 1


def test_a_draft_marks_what_is_missing() -> None:
    draft = made(LEDGER.replace("全年参与", "在{{ 指导单位 }}指导下，全年参与"))
    assert mark(draft, "【待补：报告信息 指导单位】", "待补").slot == "指导单位"


def test_equal_ratios_printed_once_have_the_cells_of_both() -> None:
    more = "| M6 | 合格率 | % | 填报 |  |  |  |  | 98.5% |  |  | 百分比 |\n"
    text = LEDGER.replace("参学率{{ 参学率 }}", '{{ 均达到("参学率", "合格率") }}')
    text = text.replace("\n## 法规", f"{more}\n## 法规")
    assert mark(made(text), "98.5%").cells == ("指标!I6", "指标!I7")


def test_sheets_without_row_ids_are_traced_by_their_cells() -> None:
    bare = marked(compose(Ledger(recognize(parse(LEDGER, "台账.md")))))
    one = next(one for one in bare.manifest.marks if one.phrase == "5100余人次")
    assert (one.rows, one.row_ids) == (("活动!2", "活动!3"), ("", ""))
    assert from_json(to_json(bare.manifest)) == bare.manifest


@given(st.text(alphabet="甲乙。！？；”5\n", max_size=40), st.data())
def test_a_sentence_holds_what_it_is_asked_for(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    sentence = sentence_at(text, start, end)
    assert text[start:end] in sentence
    assert sentence in text


def test_sentences_end_behind_their_closing_quote() -> None:
    text = "他说“好。”办了5件；完了"
    assert [sentence_at(text, text.index(word), text.index(word) + 1) for word in "好5完"] == [
        "他说“好。”", "办了5件；", "完了"]


@given(st.lists(st.tuples(st.sampled_from(["活动", "办件"]), st.integers(1, 30)), unique=True, max_size=12))
def test_rows_come_back_from_json_in_their_order(places: list[tuple[str, int]]) -> None:
    rows = tuple(f"{sheet}!{row}" for sheet, row in places)
    one = Mark("_tz1", 0, 0, 1, "五", "五", "数字", (), rows, row_ids=tuple("" for _ in rows), context="五")
    manifest = Manifest(paragraphs=("五",), marks=(one,))
    assert from_json(to_json(manifest)) == manifest


@pytest.mark.skipif(not SEEDS.is_dir(), reason="两份真实报告不随项目分发")
@pytest.mark.parametrize("name", ["S0", "S1"])
def test_every_number_of_the_real_reports_is_traced(name: str) -> None:
    text = (SEEDS / f"{name}.ledger.md").read_text("utf-8")
    one = made(text)
    assert {number.text for number in untraced_numbers(one.report.document)} <= NAMES_OF_DAYS
    assert all(figure.cells for figure in one.manifest.figures)
    covered: dict[int, set[int]] = {}
    for figure in one.manifest.marks:
        if figure.origin != "文字":
            covered.setdefault(figure.paragraph, set()).update(range(figure.start, figure.end))
    for number, paragraph in enumerate(one.manifest.paragraphs):
        for match in re.finditer(r"\d+(?:\.\d+)*", paragraph):
            computed = re.match(r"\d+[.．]|（\d+）", paragraph) if match.start() < 2 else None
            assert match[0] in NAMES_OF_DAYS or computed or match.start() in covered.get(number, ()), (match[0],
                                                                                                      paragraph)
    assert manifest_in(docx_of(one)) == one.manifest


def test_properties_that_unpack_without_end_are_damaged() -> None:
    bomb = base64.b64encode(zlib.compress(b" " * (LARGEST + 1), 9)).decode()
    assert joined_chunks({"taizhang.trace.001": bomb}) == "{"
