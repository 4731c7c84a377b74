"""An office's own template folder: what it may use, and what its mistakes are called."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from templates.blocks import Paragraph
from templates.kinds import GENERAL, SETTINGS, kind_named, kinds, load_kind, plain_settings
from templates.markdown import CaptionNode, HeadingNode, ParagraphNode, TableNode, parse_markdown
from templates.plain import to_markdown, to_text
from templates.report import Report, compose
from tests.ledgers import ledger
from workbook.findings import Refusal
from workbook.spans import Origin

TABLES = (
    """
    ## 条目

    | 编号 | 章节 | 正文 |
    |---|---|---|
    | T1 | 1 | 办了**很多** # 事 \\| 三件。 |
    | T2 | 2 | 明年再办。 |
    """,
    """
    ## 办件

    | 编号 | 日期 | 事项 | 数量 | 单位 | 承办股室 |
    |---|---|---|---|---|---|
    | B1 | 2025-03-01 | 信访 | 12 | 件 | 办公室 |
    """,
    """
    ## 指标

    | 编号 | 名称 | 单位 | 统计方式 | 来源表 | 来源列 | 条件 |
    |---|---|---|---|---|---|---|
    | M1 | 信访 | 件 | 求和 | 办件 | 数量 | 事项=信访 |
    | M2 | 12345热线 | 件 | 求和 | 办件 | 数量 | 事项=热线 |
    """,
)
CHAPTERS = """
## 章节

| 编号 | 标题 | 标题形式 |
|---|---|---|
| 1 | 工作情况 | 行内 |
| 2 | 下一步打算 |  |
"""


def made(tmp_path: Path, narrative: str, settings: str = 'name = "自己的模板"\n') -> Report:
    (tmp_path / "template.toml").write_text(settings, "utf-8")
    (tmp_path / "report.md.j2").write_text(narrative, "utf-8")
    return compose(ledger(*TABLES, chapters=CHAPTERS), kind=load_kind(tmp_path))


def printed(tmp_path: Path, narrative: str) -> list[str]:
    return to_text(made(tmp_path, narrative).document).splitlines()[1:]


def test_cell_texts_pass_through_untouched(tmp_path: Path) -> None:
    assert printed(tmp_path, "{{ 正文 }}") == [
        "一、工作情况。办了**很多** # 事 | 三件。", "二、下一步打算", "明年再办。"]


def test_headings_of_a_template_are_counted_with_the_chapters(tmp_path: Path) -> None:
    text = "# 基本情况\n\n全年办信访{{ 信访 }}。\n\n{{ 正文 }}\n\n# 附记 {行内}\n\n没有了。\n\n## 其一\n\n## 其二\n"
    assert printed(tmp_path, text) == [
        "一、基本情况", "全年办信访12件。", "二、工作情况。办了**很多** # 事 | 三件。", "三、下一步打算", "明年再办。",
        "四、附记没有了。", "（一）其一", "（二）其二"]


def test_one_chapter_can_be_printed_alone(tmp_path: Path) -> None:
    assert printed(tmp_path, "{{ 章节['2'] }}") == ["一、下一步打算", "明年再办。"]


def test_conditions_see_values_and_prints_keep_sources(tmp_path: Path) -> None:
    report = made(tmp_path, "{% if 信访.值 > 10 %}{{ 机关全称 }}办信访{{ 信访 }}，数是{{ 信访.数 }}。{% endif %}"
                            "{{ [机关全称, 指标['12345热线']] | join('、') }}")
    paragraph = report.document.blocks[1]
    assert isinstance(paragraph, Paragraph)
    assert paragraph.text == "临溪县民政局办信访12件，数是12。临溪县民政局、0件"
    origins = [span.source.origin for span in paragraph.spans if span.source]
    assert origins == [Origin.NAME, Origin.FIGURE, Origin.FIGURE, Origin.NAME, Origin.FIGURE]


def test_tables_and_bold(tmp_path: Path) -> None:
    text = "**重点**在此。\n\n[表题] 办件\n\n| 事项 | 数 |\n|---|---|\n| 信访 | {{ 信访 }} |\n"
    report = made(tmp_path, text)
    assert to_text(report.document).splitlines()[1:] == ["重点在此。", "办件", "事项\t数", "信访\t12件"]
    assert "**重点**在此。" in to_markdown(report.document)


@pytest.mark.parametrize("narrative", [
    "{{ 引言 }}\n\n{{ 正文 }}\n", "{# 说明 #}\n{{引言}}\n\n固定的话，{{ 机关全称 }}办信访{{ 信访 }}。\n\n{{ 正文 }}",
    "# 小结 {行内}\n\n{# 一 #}\n{# 二 #}\n**{{ 下年度 }}**年再办。\n\n{{ 引言 }}", "没有名称", "",
])
def test_a_template_of_names_prints_as_jinja_prints_it(tmp_path: Path, narrative: str) -> None:
    logic = narrative + "{% if false %}{% endif %}"
    (tmp_path / "一").mkdir()
    (tmp_path / "二").mkdir()
    assert printed(tmp_path / "一", narrative) == printed(tmp_path / "二", logic)


@pytest.mark.parametrize(("narrative", "said"), [
    ("第一行\n{{ 没有的名称 }}", "第2行：用了没有的名称"),
    ("{{ 信访", "第1行：写法不对"),
    ("第一行\n\n{% if 信访.值 ＞ 1 %}{% endif %}", "第3行：写法不对"),
    ("{{ “信访” }}", "“是全角字符"[1:]),
    ("{{ 信访.值 / 0 }}", "第1行：式子算不出"),
    ("{% for 甲 in range(99999) %}{% for 乙 in range(99999) %}字{% endfor %}{% endfor %}", "已停止"),
    ("{{ ''.__class__.__mro__ }}", "第1行"),
    ("{% include '/etc/passwd' %}", "第1行"),
], ids=["没有的名称", "没写完", "全角大于号", "中文引号", "除以零", "没完没了", "探内部", "读文件"])
def test_a_template_fault_names_file_and_line(tmp_path: Path, narrative: str, said: str) -> None:
    with pytest.raises(Refusal) as refusal:
        made(tmp_path, narrative)
    assert "report.md.j2" in str(refusal.value)
    assert said in str(refusal.value)


@pytest.mark.parametrize(("settings", "said"), [('name = "没写完', "读不懂"), (None, "不是模板文件夹")])
def test_a_broken_folder_is_refused(tmp_path: Path, settings: str | None, said: str) -> None:
    if settings is not None:
        (tmp_path / "template.toml").write_text(settings, "utf-8")
    with pytest.raises(Refusal, match=said):
        load_kind(tmp_path)


def test_every_shipped_kind_is_found_by_name_and_alias() -> None:
    names = [name for kind in kinds() for name in (kind.name, *kind.aliases)]
    assert len(names) == len(set(names))
    assert {"法治政府建设年度报告", "谁执法谁普法自查报告", GENERAL} <= set(names)
    assert all(kind_named(name) is kind for kind in kinds() for name in (kind.name, *kind.aliases))
    assert kind_named("没有这种报告").name == GENERAL


def test_markdown_nodes() -> None:
    text = "# 一 {行内}\n正文\n续\n\n[表题] 表\n| 甲 | 乙 |\n| --- | ---: |\n| 1 \\| 2 | 3 |\n"
    assert parse_markdown(text) == [
        HeadingNode(1, "一", True), ParagraphNode("正文续"), CaptionNode("表"),
        TableNode((("甲", "乙"), ("1 | 2", "3")))]


@pytest.mark.parametrize("folder", [kind.folder for kind in kinds()], ids=lambda folder: folder.name)
def test_settings_of_the_program_are_read_without_a_parser_of_toml(folder: Path) -> None:
    text = (folder / SETTINGS).read_text("utf-8-sig")
    assert plain_settings(text) == tomllib.loads(text)


@pytest.mark.parametrize("text", ["a = 1\na = 2", "a = true", "a = nan", "a = [1]", 'a = "甲" # 乙', 'a = "\\u4e00"',
                                  "a.b = 1", "[a]", 'a = [\n  "甲",\n]', "a = 2025-01-01", "甲 = 1", "a = {}", "a"])
def test_settings_that_json_spells_otherwise_are_left_to_that_parser(text: str) -> None:
    assert plain_settings(text) == {}
