"""The text form: what dump writes, what parse reads, and that they are each other's inverse."""

from __future__ import annotations

import datetime as dt
from textwrap import dedent

import pytest
from any_book import raw_books, told
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbook.book import Book, Table, recognize
from workbook.findings import Refusal
from workbook.raw import RawBook, RawSheet, RawValue
from workbook.text import dump, parse


@given(raw_books())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_the_text_holds_every_cell_and_is_written_the_same_again(raw: RawBook) -> None:
    book = recognize(raw)
    text = dump(book)
    again = recognize(parse(text, raw.path))
    assert cells(again) == cells(book)
    assert strangers(again) == strangers(book)
    assert again.meta == book.meta
    assert dump(again) == text


def test_a_ledger_as_text() -> None:
    book = recognize(RawBook("台账.xlsx", (
        RawSheet("_元", [["项目", "内容"], ["台账编号", "K7"]], visible=False),
        RawSheet("章节", [["报告提纲"], ["编号", None, "标题", "说明|2"], ["1", None, "甲"], [],
                         ["2", None, "乙", "注"]]),
        RawSheet("报告信息", [["项目", "内容"], ["报告年度", 2023], ["统计起", dt.date(2023, 1, 1)], ["附注", "2023"]]),
        RawSheet("指标", [["编号", "本年值", "名称", "目标值", "_id"], ["M01", 3, "办件", 5, "A1"], [None, 0, None]]),
        RawSheet("看板", [["完成", 3]]),
        RawSheet("草稿", [[None], [None, 7]]),
        RawSheet("已知问题", [["规则", "_id"], ["C013", "A1"]]),
    )))
    assert dump(book) == dedent("""\
        ## 章节

        | 编号 | 标题 | 说明\\|2 |
        |---|---|---|
        | 1 | 甲 |  |
        | 2 | 乙 | 注 |

        ## 报告信息

        | 项目 | 内容 |
        |---|---|
        | 报告年度 | 2023 |
        | 统计起 | 2023-01-01 |
        | 附注 | 2023 |

        ## 指标

        | 编号 | 名称 | 目标值 | _id |
        |---|---|---|---|
        | M01 | 办件 | 5 | A1 |

        ## 草稿

        |  |  |
        |---|---|
        |  | =7 |

        ## 已知问题

        | 规则 | _id |
        |---|---|
        | C013 | A1 |

        ## _元

        | 项目 | 内容 |
        |---|---|
        | 台账编号 | K7 |
        """)


def test_what_a_cell_of_the_head_is_depends_on_its_key() -> None:
    text = table("报告信息", "项目 | 内容", "报告年度 | 2023", "份号 | 000001", "统计止 | 2023-12-31",
                 "备案日 | 2023-12-31")
    assert [row[1] for row in sheet(text).rows[1:]] == [2023, "000001", dt.date(2023, 12, 31), "2023-12-31"]


@pytest.mark.parametrize(("name", "header", "cell", "value"), [
    pytest.param("活动", "开始日期", "2023-01-05", dt.date(2023, 1, 5), id="按列名"),
    pytest.param("活动台账", "活动日期*", "2023-01-05", dt.date(2023, 1, 5), id="按别名"),
    pytest.param("活动", "环保袋（个）", "12", 12, id="自加的数量列"),
    pytest.param("活动", "天气", "12", "12", id="自加的其他列"),
    pytest.param("任务", "进度", "60%", 0.6, id="百分比列"),
    pytest.param("任务", "编号", "1.10", "1.10", id="编号是文字"),
    pytest.param("指标", "填报值", "1.1万", "1.1万", id="数量短语"),
    pytest.param("指标", "本年值", "19", 19, id="算出来的列也读"),
    pytest.param("_元", "内容", "1", "1", id="元数据是文字"),
])
def test_what_a_cell_is_depends_on_its_column(name: str, header: str, cell: str, value: RawValue) -> None:
    assert sheet(table(name, f"名 | {header}", f"甲 | {cell}")).rows[1] == ["甲", value]


def test_a_sheet_under_another_name_is_typed_by_its_headers() -> None:
    headers = "开始日期 | 活动名称 | 类型 | 承办股室"
    assert sheet(table("普法2023", headers, "2023-01-05 | 甲 | 乙 | 丙")).rows[1][0] == dt.date(2023, 1, 5)


HAND_WRITTEN = {
    "对齐的列": "## 章节\n\n|  编号   |   标题 |\n| :----: | -----: |\n|   1    | 甲     |\n",
    "缺末尾的竖线": "## 章节\n\n| 编号 | 标题\n|---|---\n| 1 | 甲\n",
    "Windows换行": "## 章节\r\n\r\n| 编号 | 标题 |\r\n|---|---|\r\n| 1 | 甲 |\r\n",
    "文件头标记": "\ufeff## 章节\n| 编号 | 标题 |\n|---|---|\n| 1 | 甲 |",
    "没有空格的表名": "##章节\n\n| 编号 | 标题 |\n|---|---|\n| 1 | 甲 |\n",
    "表外的文字": "# 台账\n\n一段话，有 a | b。\n\n## 说明\n\n没有表。\n\n"
                  "## 章节\n\n提纲：\n\n| 编号 | 标题 |\n|---|---|\n| 1 | 甲 |\n\n完。\n",
    "行首有全角空格": "## 章节\n\n　| 编号 | 标题 |　\n　|---|---|　\n　| 1 | 甲 |　\n　\n完。",
}


@pytest.mark.parametrize("text", HAND_WRITTEN.values(), ids=HAND_WRITTEN.keys())
def test_text_written_by_hand(text: str) -> None:
    assert parse(text, "甲.md").sheets == (RawSheet("章节", [["编号", "标题"], ["1", "甲"]]),)


def test_cells_missing_at_the_end_are_blank_and_a_full_width_bar_is_text() -> None:
    assert sheet("## 章节\n| 编号 | 标题 |\n|---|---|\n| 1 |\n| 2 | 甲｜乙 |\n|\n").rows[1:] == [
        ["1", None], ["2", "甲｜乙"], [None, None]]


@pytest.mark.parametrize("name", [" 草稿 ", "草稿　", "#1", "甲|乙", "=1", "a\\"])
def test_the_name_of_a_sheet_survives(name: str) -> None:
    book = recognize(RawBook("甲", (RawSheet("报告信息", [["项目", "内容"]]), RawSheet("章节", [["编号", "标题"]]),
                                   RawSheet(name, [["x"]]))))
    assert [each.name for each in parse(dump(book), "甲").sheets] == ["报告信息", "章节", name]


def test_the_meta_sheet_stays_hidden() -> None:
    assert not sheet(table("_元", "项目 | 内容", "架构版本 | 1")).visible


NO_RULE = "第3行，表头下面不是与它同样格数的分隔行"
TAKEN = "第5行，“章节”前面已经有一张表"
BROKEN = [
    pytest.param("", "没有找到台账的表", id="空文件"),
    pytest.param("# 报告\n\n一段话。", "没有找到台账的表", id="没有表"),
    pytest.param("| 编号 |\n|---|\n", "第1行，表格上面没有“## 表名”", id="没有表名"),
    pytest.param("## 章节\n\n| 编号 | 标题 |\n| 1 | 甲 |\n", NO_RULE, id="没有分隔行"),
    pytest.param("## 章节\n\n| 编号 | 标题 |\n|---|\n", NO_RULE, id="分隔行格数不同"),
    pytest.param("## 章节\n\n| 编号 |", NO_RULE, id="只有表头"),
    pytest.param("## 章节\n\n|\n|\n", NO_RULE, id="只有竖线"),
    pytest.param("## 章节\n| 编号 |\n|---|\n| 1 | 甲 |\n", "第4行，这一行有2格，表头只有1格", id="多出一格"),
    pytest.param("## 章节\n| 编号 | 标题 |\n|---|---|\n| 1 | 甲\n乙 |\n",
                 "第5行，表格里的这一行没有以 | 开头", id="断开的行"),
    pytest.param("## 章节\n编号 | 标题\n---|---\n1 | 甲\n", "第3行，表格没有以 | 开头", id="没有行首竖线"),
    pytest.param("## 章节\n| 编号 |\n|---|\n\n| 编号 |\n|---|\n", TAKEN, id="一个表名两张表"),
    pytest.param("## 章节\n| 编号 |\n|---|\n## 章节\n| 编号 |\n|---|\n", TAKEN, id="表名重复"),
]


@pytest.mark.parametrize(("text", "said"), BROKEN)
def test_a_broken_text_is_refused_by_line(text: str, said: str) -> None:
    with pytest.raises(Refusal) as refusal:
        parse(text, "甲.md")
    assert str(refusal.value).startswith(f"甲.md：{said}")
    assert "请" in str(refusal.value)


@given(st.text(st.sampled_from("#| -\\\n编号标题1"), max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        (found,) = parse(f"## 章节\n{text}", "甲.md").sheets
    except Refusal:
        return
    assert len({len(row) for row in found.rows}) == 1


def test_a_markdown_reader_sees_the_same_rows() -> None:
    markdown_it = pytest.importorskip("markdown_it")
    chapters = RawSheet("章节", [["编号", "标题"], ["1", "甲|乙\\"], ["a\\|b", " 空 "], ["---", "\\"],
                                 [None, "一\n二"]])
    text = dump(recognize(RawBook("甲", (RawSheet("报告信息", [["项目", "内容"]]), chapters))))
    html = markdown_it.MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    shown = [line.removeprefix("<td>").removesuffix("</td>") for line in html.split("\n") if line.startswith("<td>")]
    assert shown == ["1", "甲|乙\\", "a\\|b", "\\ 空\\", "---", "\\", "", "一<br>二"]


def table(name: str, *rows: str) -> str:
    top, *below = (f"| {row} |\n" for row in rows)
    return f"## {name}\n\n{top}|{'---|' * (rows[0].count('|') + 1)}\n{''.join(below)}"


def sheet(text: str) -> RawSheet:
    (only,) = parse(text, "甲.md").sheets
    return only


def cells(book: Book) -> dict[str, list[dict[str, tuple[type, RawValue]]]]:
    """Every row of every table by header, computed columns and empty rows apart."""
    return {each.name: rows(each) for each in (book.head, *book.tables.values())}


def rows(table: Table) -> list[dict[str, tuple[type, RawValue]]]:
    found = []
    for index in range(len(table)):
        row = {header.text: told(value) for header, value in table.row_values(index)
               if not (header.column and header.column.computed)}
        if any(value not in (None, "") for _, value in row.values()):
            found.append(row)
    return found


def strangers(book: Book) -> dict[str, dict[tuple[int, int], tuple[type, RawValue]]]:
    """Every cell of the sheets that are no part of the ledger, by its place."""
    filled = {other.name: {(down, across): told(value) for down, row in enumerate(other.rows)
                           for across, value in enumerate(row) if value is not None} for other in book.others}
    return {name: places for name, places in filled.items() if places}
