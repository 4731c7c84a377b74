"""Adopting: a map is proposed, a person edits it, the home-made ledger becomes a standard one and loses nothing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from any_book import values
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.foreign import DAY, EVENTS, Rows, foreign, office_ledger
from workbook import schema
from workbook.adopting.adopt import ASIDE_SHEET, adopt
from workbook.adopting.blocks import blocks
from workbook.adopting.drafts import Draft
from workbook.adopting.headermap import HeaderMap, parse_map
from workbook.adopting.mapfile import as_toml, decode, quoted
from workbook.adopting.proposing import draft_map
from workbook.adopting.synonyms import HEADERS, UNITS, VALUES
from workbook.book import Book, fold_header, recognize
from workbook.findings import Refusal
from workbook.raw import Merge, RawBook, RawSheet, RawValue
from workbook.reading.reader import read_content
from workbook.restoring.balance import Fate, cells_of
from workbook.restoring.settling import Restored, reread
from workbook.standard.making import workbook_bytes
from workbook.text import parse

GOLDEN = Path(__file__).with_name("adopting.expected.toml")
EXAMPLE = Path(__file__).parents[2] / "templates" / "example.ledger.md"
HEAD: dict[str, RawValue] = {"报告类型": "通用报告", "机关全称": "临溪县民政局", "报告年度": 2025}
BASE = RawBook("空", (RawSheet("章节", [["编号", "标题"], ["1", "工作情况"]]),
                      RawSheet("活动", [["编号", "活动名称"], ["示例1", "示例"]]),
                      RawSheet("字典", [["类别", "值"], ["活动.类型", "宣传活动"]])))
PLAIN = ("序号", "时间", "地点", "内容", "参加人数(人)", "备注")
ONE: Rows = (PLAIN, (1, DAY, "广场", "宣传", 20, "无"))


def drafted(raw: RawBook) -> Draft:
    return draft_map(raw, "台账.对照.toml", HEAD)


def as_file(draft: Draft) -> str:
    return as_toml(draft, "自己的台账.xlsx", "taizhang adopt 自己的台账.xlsx -o 台账.xlsx --map 台账.对照.toml")


def edited(raw: RawBook, *changes: tuple[str, str]) -> HeaderMap:
    """The proposed map after a person's changes of its text."""
    text = as_file(drafted(raw))
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return parse_map(text, "台账.对照.toml")


def adopted(raw: RawBook, *changes: tuple[str, str]) -> tuple[Restored, Book]:
    made = adopt(raw, edited(raw, *changes), BASE, workbook_bytes)
    return made, recognize(reread(made.data))


def targets(raw: RawBook, sheet: int = 0) -> dict[str, str]:
    return {one.header: one.target for one in drafted(raw).map.sheets[sheet].columns}


def column(book: Book, table: str, title: str) -> list[RawValue]:
    return [None if value == "" else value for value in book.tables[table].values(title)]


def aside(made: Restored) -> dict[str, str]:
    return {str(one.cell): one.why for one in made.asides if not one.remark}


@cache
def office() -> RawBook:
    return read_content(office_ledger(), "自己的台账.xlsx", formulas=True, notes=True)


@cache
def office_adopted() -> tuple[Restored, Book]:
    return adopted(office())


# the map

def test_the_proposed_map_is_the_golden_one() -> None:
    assert as_file(drafted(office())) == GOLDEN.read_text("utf-8")


def test_the_map_says_what_the_proposal_said() -> None:
    draft = drafted(office())
    again = parse_map(as_file(draft), draft.map.path)
    assert again.sheets == draft.map.sheets
    assert (again.offices, again.words) == (draft.map.offices, draft.map.words)
    assert {key: value for key, value in again.head.items() if value != ""} == {
        key: value for key, value in draft.map.head.items() if value != ""}


def test_examples_show_no_persons_number_in_full() -> None:
    number = "11010119900307" + "8515"  # check digit as in GB 11643
    raw = foreign({"活动": (PLAIN, (1, DAY, "广场", f"宣传{number}", 13912345678, "电话13812345678"))})
    text = as_file(drafted(raw))
    assert "138****5678" in text
    assert not any(held in text for held in (number, "13812345678", "13912345678"))


def test_a_header_with_a_persons_number_is_masked_and_still_known() -> None:
    raw = foreign({"活动": ((*PLAIN, "联系人13812345678"), (1, DAY, "广场", "宣传", 20, "无", "张三"))})
    assert '"G 联系人138****5678" = "附加列：联系人138****5678"' in as_file(drafted(raw))
    assert column(adopted(raw)[1], "活动", "联系人138****5678") == ["张三"]


def test_what_a_person_should_decide_is_said() -> None:
    assert drafted(office()).doubts == (
        "“普法活动”H列“发放资料·环保袋（个）”没有对应的标准列，准备作附加列。",
        "“普法活动”I列“经费（万元）”没有对应的标准列，准备作附加列。",
        "“重点任务”G列“分管领导”没有对应的标准列，准备作附加列。",
        "“重点任务”“状态”里的“弄好一半”不在可选的值里，没有对应，准备照原样写。",
        "“通讯录”看不出对应哪张标准表，准备原样附上。",
    )


@pytest.mark.parametrize(("header", "value", "target"), [
    ("参加人数(人)", 20, "参与（人次）"), ("参训人次", 20, "参与（人次）"), ("金额（万元）", 1, "附加列：金额（万元）"),
    ("宣传册（份）", 5, "宣传资料（份）"), ("横幅（万条）", 5, "附加列：横幅（万条）"), ("备 注", "x", "备注"),
    ("承办股室*", "办公室", "承办股室"), ("环保袋（个）", 3, "附加列：环保袋（个）"), ("活动类别", "讲座", "类型"),
    ("参加人数", "全体干部和部分群众代表", "附加列：原参加人数"),
])
def test_a_header_goes_to_the_column_that_counts_the_same(header: str, value: RawValue, target: str) -> None:
    raw = foreign({"活动": (("时间", "内容", "地点", header), (DAY, "宣传", "广场", value))})
    assert targets(raw)[header] == target


def test_a_header_that_only_holds_a_known_word_is_proposed_with_a_doubt() -> None:
    raw = foreign({"活动": (("时间", "内容", "具体地点在哪"), (DAY, "宣传", "广场"))})
    assert targets(raw)["具体地点在哪"] == "地点"
    assert "“活动”C列“具体地点在哪”按“地点”放，把握不大。" in drafted(raw).doubts


def test_a_group_header_with_a_total_below_is_the_total() -> None:
    raw = foreign({"活动": (("时间", "内容", "参加人数", None, None), (None, None, "干部", "群众", "小计"),
                          (DAY, "宣传", 3, 4, 7))}, {"活动": ("A1:A2", "B1:B2", "C1:E1")})
    assert targets(raw) == {"时间": "开始日期", "内容": "活动名称", "参加人数·干部": "附加列：参加人数·干部",
                            "参加人数·群众": "附加列：参加人数·群众", "参加人数·小计": "参与（人次）"}


def test_a_header_of_two_rows_is_known_without_merged_cells_too() -> None:
    raw = foreign({"活动": (("时间", "内容", "发放资料", None, "备注"), (None, None, "宣传册（份）", "海报（张）"),
                          (DAY, "宣传", 3, 4, "无"))})
    assert targets(raw) == {"时间": "开始日期", "内容": "活动名称", "发放资料·宣传册（份）": "宣传资料（份）",
                            "发放资料·海报（张）": "海报（张）", "备注": "备注"}


@pytest.mark.parametrize(("headers", "sheet"), [
    (("序号", "日期", "事项", "件数", "计量单位", "办理结果", "经办科室"), "办件"),
    (("序号", "重点工作", "责任部门", "完成时限", "完成情况"), "任务"),
    (("序号", "存在问题", "原因分析", "整改措施", "整改时限"), "问题"),
    (("法规名称", "简称", "发布机关", "施行日期"), "法规"),
    (PLAIN, "活动"),
])
def test_a_table_is_known_by_its_headers(headers: tuple[str, ...], sheet: str) -> None:
    assert drafted(foreign({"Sheet1": (headers, ())})).map.sheets[0].target == sheet


def test_running_numbers_that_begin_anew_are_no_keys() -> None:
    raw = foreign({"1月": ONE, "2月": ONE})
    assert [one.columns[0].target for one in drafted(raw).map.sheets] == ["附加列：原序号"] * 2
    assert targets(foreign({"1月": ONE}))["序号"] == "编号"


def test_a_sheet_named_after_an_office_gives_the_office() -> None:
    fixed = drafted(foreign({"社会救助股": ONE})).map.sheets[0].fixed
    assert fixed == {"类型": "", "承办股室": "社会救助股"}


def test_several_tables_on_a_sheet_are_found() -> None:
    raw = foreign({"台账": (*ONE, (), ("二、办件",), ("日期", "事项", "件数", "单位", "经办科室"),
                          (DAY, "信访", 2, "件", "办公室"))})
    assert [(one.target, one.header) for one in drafted(raw).map.sheets] == [("活动", (1, 1)), ("办件", (5, 5))]
    made, book = adopted(raw)
    assert column(book, "办件", "数量") == [2]
    assert aside(made)["台账!A4"] == "下一张表的标题，没有当作记录"


def test_a_header_repeated_on_each_page_is_no_record() -> None:
    made, book = adopted(foreign({"活动": (*ONE, PLAIN, (2, DAY, "社区", "讲座", 30, None))}))
    assert column(book, "活动", "活动名称") == ["宣传", "讲座"]
    assert aside(made)["活动!B3"] == "重复的表头，没有当作记录"


def test_synonyms_name_columns_that_there_are() -> None:
    titles = {column.title for sheet in schema.SHEETS for column in sheet.columns}
    choices = {choice for sheet in schema.SHEETS for column in sheet.columns for choice in column.choices}
    assert set(HEADERS) <= titles
    assert set(VALUES) <= choices
    assert not any("万" in unit for group in UNITS for unit in group)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
@settings(max_examples=60, deadline=None)
def test_every_text_survives_toml(text: str) -> None:
    import tomllib

    assert tomllib.loads(f"{quoted(text)} = {quoted(text)}") == {text: text}


# what became of the rows

def test_rows_arrive_typed_and_in_their_columns() -> None:
    _, book = office_adopted()
    assert column(book, "活动", "开始日期") == [DAY, "2025年4月15日", "5月20日"]
    assert column(book, "活动", "参与（人次）") == [120, 60, "80余人"]
    assert column(book, "活动", "承办股室") == ["政策法规股"] * 3
    assert column(book, "活动", "经费（万元）") == [0.5, None, None]
    assert column(book, "任务", "状态") == ["已完成", "进行中", "弄好一半"]
    assert [sheet.name for sheet in book.others] == ["通讯录", ASIDE_SHEET]


def test_totals_banners_blank_rows_and_remarks_are_named_and_no_records() -> None:
    made, _ = office_adopted()
    said = [change.text for change in made.changes]
    for kind, row in (("合计行", 8), ("分段行", 5), ("表末的说明", 11), ("空行", 9)):
        assert f"“普法活动”第 {row} 行是{kind}，没有当作记录。" in said
    assert aside(made)["普法活动!F8"] == "合计行，没有当作记录"
    assert not made.to_settle


def test_an_event_named_like_a_total_counts() -> None:
    rows = (PLAIN, (1, DAY, "广场", "合计赛", 20, None), ("一季度合计", None, None, None, 20))
    _, book = adopted(foreign({"活动": rows}))
    assert column(book, "活动", "活动名称") == ["合计赛"]


def test_the_new_ledgers_outline_serves_and_its_examples_do_not() -> None:
    _, book = office_adopted()
    assert column(book, "章节", "标题") == ["工作情况"]
    assert len(book.tables["活动"]) == 3
    assert column(book, "字典", "值") == ["宣传活动", "培训讲座"]
    assert column(book, "股室", "名称") == ["政策法规股", "办公室"]


def test_a_merged_text_fills_its_rows_and_a_merged_number_does_not() -> None:
    raw = foreign({"活动": (PLAIN, (1, DAY, "广场", "宣传", 20, None), (2, None, None, "讲座", None, None))},
                  {"活动": ("B2:B3", "C2:C3", "E2:E3")})
    made, book = adopted(raw)
    assert column(book, "活动", "开始日期") == [DAY, DAY]
    assert column(book, "活动", "地点") == ["广场", "广场"]
    assert column(book, "活动", "参与（人次）") == [20, None]
    said = [one.text for one in made.changes if one.settle]
    assert "活动!E2 合并了几行的数只写在第一行，请核对各行该是多少。" in said


def test_fixed_values_fill_blanks_only() -> None:
    raw = foreign({"活动": ((*PLAIN[:4], "类型"), (1, DAY, "广场", "宣传", "讲座"), (2, DAY, "社区", "讲座", None))})
    _, book = adopted(raw, ('"承办股室" = ""', '"承办股室" = "办公室"\n"类型" = "进社区"'))
    assert column(book, "活动", "类型") == ["讲座", "进社区"]
    assert column(book, "活动", "承办股室") == ["办公室", "办公室"]
    assert column(book, "字典", "值") == ["宣传活动", "讲座", "进社区"]
    assert list(zip(column(book, "股室", "代码"), column(book, "股室", "名称"), strict=True)) == [("01", "办公室")]


@pytest.mark.parametrize("number", [110101199003078000, 1e300, 12345678901234567890, 0.1 + 0.2, 5e-324, -0.0])
def test_numbers_as_long_as_excel_holds_arrive(number: float) -> None:
    made, book = adopted(foreign({"活动": (*ONE, (2, DAY, "广场", "讲座", 3, number)), "附": ((number,),)}))
    assert column(book, "活动", "备注")[1] == pytest.approx(number, rel=1e-14)
    assert made.counts()["移到附表"] == 4


def test_a_value_the_map_rewords_is_kept_in_its_own_words_beside() -> None:
    made, _ = office_adopted()
    entry = next(one for one in made.entries if str(one.cell) == "重点任务!E3")
    assert (entry.fate, entry.to, entry.why) == (Fate.WRITTEN, "任务!L3", "照对照表写成“已完成”")
    assert ("重点任务!E3", "已完结") in [(str(one.cell), one.value) for one in made.asides if one.remark]


def test_an_unwanted_column_is_listed_cell_by_cell_and_needs_nobody() -> None:
    made, book = adopted(foreign({"活动": ONE}), ('"C 地点" = "地点"', '"C 地点" = "不要"'))
    assert aside(made)["活动!C2"] == "对照表里写了“不要”"
    assert column(book, "活动", "地点") == [None]
    assert [change.text for change in made.changes if change.settle] == [
        "“活动”的必填列“类型”有 1 行空着，要补填。", "“活动”的必填列“承办股室”有 1 行空着，要补填。"]


def test_a_column_that_the_map_leaves_out_needs_a_person() -> None:
    made, _ = adopted(foreign({"活动": ONE}), ('"C 地点" = "地点"', "#"))
    assert [str(one.cell) for one in made.asides if one.settle] == ["活动!C1", "活动!C2"]


def test_days_counted_from_1904_are_the_same_days() -> None:
    raw = foreign({"活动": (PLAIN, (1, 44285, "广场", "宣传", 20, None))})
    _, book = adopted(RawBook(raw.path, raw.sheets, epoch1904=True))
    assert column(book, "活动", "开始日期") == [dt.date(2025, 3, 31)]


# a map that does not do

@pytest.mark.parametrize(("old", "new", "said"), [
    ('"B 时间" = "开始日期"', "B 时间 = 开始日期", "行“B 时间 = 开始日期"),
    ('"B 时间" = "开始日期"', '"B 时间" = "开始日"', "写的“开始日”不是“活动”表的列。是不是“开始日期”"),
    ('"B 时间" = "开始日期"', '"B 时间" = "附加列：备注"', "附加列不能叫“备注”"),
    ('"B 时间" = "开始日期"', '"B 时间" = "地点"', "“地点”写了两次"),
    ('"B 时间" = "开始日期"', '"二 时间" = "开始日期"', "列“二 时间”认不出来"),
    ('"B 时间" = "开始日期"', '"B 时间" = 3', "要用英文双引号括起来"),
    ('"B 时间" = "开始日期"', '"B 日子" = "开始日期"', "B 列的表头，对照表里是“日子”，自己的台账.xlsx 里是“时间”"),
    ('"标准表" = "活动"', '"标准表" = "活动表"', "“活动表”不是标准表。是不是“活动”"),
    ('"标准表" = "活动"', '"标准" = "活动"', "不认识“标准”。是不是“标准表”"),
    ('"原表" = "活动"', '"原表" = "任务"', "是另一个文件的对照表"),
    ('"表头行" = [1]', '"表头行" = [9]', "表头行不对"),
    ('"表头行" = [1]', '"表头行" = "一"', "表头行要写行号"),
    ('"报告类型" = "通用报告"', '"报告类型" = ""', "还缺“报告类型”。请填上再运行"),
    ('"类型" = ""', '"类形" = ""', "写的“类形”不是“活动”表的列。是不是“类型”"),
])
def test_a_mistake_in_the_map_is_one_sentence(old: str, new: str, said: str) -> None:
    raw = foreign({"活动": ONE})
    with pytest.raises(Refusal) as refused:
        adopted(raw, (old, new))
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_sheet_that_the_map_leaves_out_is_refused() -> None:
    told = edited(foreign({"活动": ONE}))
    with pytest.raises(Refusal, match="没有写工作表“附件”"):
        adopt(foreign({"活动": ONE, "附件": [["甲"]]}), told, BASE, workbook_bytes)


def test_a_computed_column_takes_no_values() -> None:
    raw = foreign({"指标": (("编号", "指标名称", "统计方式", "备注"), ("M01", "甲", "填报", 3))})
    with pytest.raises(Refusal, match="“本年值”由程序计算"):
        adopted(raw, ('"D 备注" = "备注"', '"D 备注" = "本年值"'))


def test_a_map_saved_by_notepad_is_read() -> None:
    text = '"原表" = "活动"'
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        assert decode(text.encode(encoding), "对照.toml") == text
    with pytest.raises(Refusal, match="不是文本文件"):
        decode(b"\xff\xff\xff", "对照.toml")


def test_a_standard_ledger_is_not_adopted_and_an_empty_file_neither() -> None:
    with pytest.raises(Refusal, match="已经是标准台账，不用转"):
        drafted(office_adopted()[1].raw)
    with pytest.raises(Refusal, match="里面是空的"):
        drafted(foreign({"空": ()}))


# the laws

EXPORTED = {
    "活动": {"开始日期": "时间", "活动名称": "内容", "类型": "活动类别", "地点": "活动地点", "承办股室": "责任部门",
             "参与（人次）": "参加人数（人）", "宣传资料（份）": "发放资料（份）", "涉及法规": "宣传法规"},
    "任务": {"任务名称": "重点工作", "责任股室": "牵头科室", "完成时限": "办结时限", "状态": "进展状态",
             "工作成效": "取得成效"},
    "办件": {"日期": "受理日期", "事项": "业务类型", "数量": "件数", "单位": "计量单位", "承办股室": "经办科室"},
}


def test_an_exported_ledger_under_other_headers_comes_back_row_by_row() -> None:
    whole = {sheet.name: sheet for sheet in parse(EXAMPLE.read_text("utf-8"), EXAMPLE.name).sheets}
    renamed = {f"{name}汇总": [[names.get(str(title), title) for title in whole[name].rows[0]], *whole[name].rows[1:9]]
               for name, names in EXPORTED.items()}
    _, book = adopted(foreign(renamed))
    for name in EXPORTED:
        for at, title in enumerate(map(str, whole[name].rows[0])):
            assert column(book, name, title) == [row[at] for row in whole[name].rows[1:9]], (name, title)


WORDS = ("序号", "时间", "内容", "地点", "参加人数(人)", "备注", "事项", "件数", "状态", "合计", "示例", "一季度",
         "注：", " ")
LARGEST = 2 ** 53


def as_read(value: RawValue) -> RawValue:
    """A value as the reader gives it: whole numbers as int, none longer than Excel holds, whole seconds."""
    if isinstance(value, dt.datetime | dt.time):
        return value.replace(microsecond=0)
    if isinstance(value, dt.timedelta):
        return dt.timedelta(value.days, value.seconds)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return max(-LARGEST, min(int(value), LARGEST)) if value == int(value) else float(value)
    return value


cells = st.one_of(st.none(), st.sampled_from(WORDS), values.map(as_read))


@st.composite
def foreign_books(draw: st.DrawFn) -> RawBook:
    """Any tables under headers of the field, among them none, several on a sheet, merged cells."""
    sheets = []
    for name in draw(st.lists(st.sampled_from(("1月", "活动", "办公室", "看板", "转换说明")), min_size=1, unique=True,
                              max_size=3)):
        rows: list[list[RawValue]] = [["台账"]] if draw(st.booleans()) else []
        for _ in range(draw(st.integers(0, 2))):
            rows.append(list(draw(st.lists(st.sampled_from(WORDS), min_size=2, max_size=6))))
            rows += draw(st.lists(st.lists(cells, max_size=7), max_size=4))
        spans = draw(st.lists(st.tuples(*[st.integers(1, 4)] * 4), max_size=2))
        merges = tuple(Merge(a, b, a + c - 1, b + d - 1) for a, b, c, d in spans)
        sheets.append(RawSheet(name, [list(row) for row in rows], merges=merges))
    return RawBook("乱.xlsx", tuple(sheets))


@settings(max_examples=12, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(foreign_books(), st.data())
def test_no_cell_is_lost_or_doubled(old: RawBook, data: st.DataObject) -> None:
    held = [cell for sheet in old.sheets for cell in cells_of(sheet)]
    if not held:
        return
    text = as_file(drafted(old))
    if data.draw(st.booleans()):
        text = text.replace('"备注"  #', '"不要"  #')
    made = adopt(old, parse_map(text, "对照.toml"), BASE, workbook_bytes)
    assert sorted(entry.cell for entry in made.entries) == sorted(held)
    assert sum(made.counts()[fate.value] for fate in Fate) == len(held)


def test_headers_are_told_from_rows() -> None:
    sheet = RawSheet("活动", [list(row) for row in EVENTS], merges=(Merge(3, 7, 3, 8),))
    found = blocks(sheet)
    assert [(one.top, one.bottom, one.last) for one in found] == [(3, 4, 11)]
    assert {fold_header(one.header) for one in found[0].columns} >= {"时间", "发放资料·宣传册(份)"}
