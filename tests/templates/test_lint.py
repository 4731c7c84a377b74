"""Lint as a whole: the seeds' real defects are found, clean reports are left alone, every rule stands on its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import templates
from templates.lint.lint import LINT, lint, lint_text
from templates.lint.outline import Office, outline
from templates.lint.reading import plain_text
from templates.lint.registry import LintRule
from templates.lint.roles import Role
from templates.report import compose, render
from tests.report_files import docx
from workbook.book import recognize
from workbook.faults import FAULTS
from workbook.laws import Law, national_table, table_with
from workbook.ledger import Ledger
from workbook.text import parse

_EXAMPLE = Path(templates.__file__).parent / "example.ledger.md"

SELF_CHECK = """民政局2023年关于“谁执法谁普法”自查工作情况的报告

自工作开展以来，各项工作取得了良好成效。
一、工作开展情况
（一）加强组织领导，夯实工作责任。一是成立XX县民政局领导小组。二是法律顾问参与重要行政规范性合法性审查19件。
（二）狠抓学法用法，提升法治能力。年度任务参学率和合格率均达到100％。
（三）加大宣传力度。持续开展打击整治养老诈编专项行动，严格按照《社会团体登记管理条例》、《民办非企业单位登记管理暂行条例》办理。
二、存在的主要问题及下一步改措施
（一）队伍建设相对薄弱。一方面由于受人员限限制等原因，还要兼顾其它工作。另一方面日常法制工作有待提高，存在部份未成年无法落户的问题。
改进措施：加强力量。"""
"""The slips of a real report of a county bureau, shortened."""

ANNUAL = """新民字〔2024〕2号

新绛县民政局 2023年法治政府建设情况的报告

现将工作开展情况报告如下。

一、2023年度主要举措和成效

（一）始终坚持党的领导。深入学习贯彻法治思想；认真落实清理制度，对不适应要求的规范性文件，

及时予以修改或废止。二是制定和严守决策程序。

（三）多措并举，注重宣教。一是突出抓好以《中华人民共和国宪法》的宣传学习、全面提升意识。二是学习《中华人民共和国社会救助暂行办法》。

二、2023 年度存在的不足

落实“谁执法谁普法”责任，推动“谁执法谁普法”见效，落实“谁执法、谁普法”普法责任制制度。**一是**力量不足。

新绛县民政局

2024年1月9日"""


def said(text: str, name: str = "试.txt", office: Office | None = None) -> list[tuple[str, int, int, str]]:
    return [(one.code, one.line, one.column, one.text) for one in lint_text(plain_text(name, text), office)]


def test_the_real_slips_of_a_self_check_report_and_nothing_else() -> None:
    assert said(SELF_CHECK) == [
        ("W048", 1, 1, "民政局2023年关于“谁执法谁普法”自查工作情况的报告"), ("G060", 5, 22, "XX县"),
        ("W035", 5, 45, "规范性"), ("W015", 6, 35, "％"), ("W035", 7, 21, "诈编"), ("W017", 7, 43, "》、《"),
        ("W035", 8, 14, "改措施"), ("W030", 9, 21, "限限"), ("W034", 9, 32, "其它"), ("W032", 9, 43, "法制"),
        ("W035", 9, 54, "部份"), ("W035", 9, 56, "未成年"),
    ]


def test_the_real_slips_of_an_annual_report_and_nothing_else() -> None:
    assert said(ANNUAL) == [
        ("G068", 3, 7, " "), ("G061", 9, 45, "，"), ("W004", 11, 11, "二是"), ("G001", 13, 1, "（三）"),
        ("W036", 13, 18, "抓好以《中华人民共和国宪法》的宣传学习、"),
        ("W040", 13, 50, "中华人民共和国社会救助暂行办法"), ("G068", 15, 7, " "), ("W037", 17, 30, "谁执法、谁普法"),
        ("W030", 17, 42, "制制"), ("G072", 17, 46, "**"),
    ]


def test_the_shipped_example_is_clean_in_every_form(tmp_path: Path) -> None:
    report = compose(Ledger(recognize(parse(_EXAMPLE.read_text("utf-8"), "示例.md"))))
    for form in ("txt", "md", "docx"):
        path = tmp_path / f"报告.{form}"
        path.write_bytes(render(report, form))
        assert [(one.code, one.line, one.text) for one in lint(str(path))] == []


TRICKY = """临溪县民政局关于2023年工作情况的报告
县委、县政府：
一、主要做法
（一）说一是一、说二是二，星期二是接待日，周三是学习日。
1—12月办件1.5万余人次，同比增长200%，“12·4”国家宪法日、“3·15”期间开展活动，12345热线24小时畅通。
按照“双随机、一公开”要求检查50家，发现问题12家，整改率100%；调解纠纷100件，其中婚姻家庭60件，调解成功98件。
（二）第二、三季度抓一、二年级学生法治教育；依据《关于印发〈工作要点〉的通知》（临民发〔2023〕7号）推进。
宪法宣传周发放宣传资料300份，民法典宣传月发放宣传资料500份；机构编制制度健全，实实在在为民服务。
二、存在问题
机关工作人员学法制度化不够，办事流程还不够清楚，等等。
联系人：张三，电话：0898-12345678
附件：1.任务清单
2.统计表
临溪县民政局
2024年1月9日
（此件公开发布）
抄送：县司法局。
临溪县民政局办公室　2024年1月9日印发
"""
"""Right sentences that look like slips."""


def test_right_sentences_that_look_like_slips_are_left_alone() -> None:
    assert said(TRICKY) == []


def test_there_are_rules_of_every_authority() -> None:
    assert len(LINT) >= 60
    assert {FAULTS[code].authority.split(" ")[0] for code in LINT} == {"国标", "条例", "法规", "惯例", "常识"}


def test_an_office_brings_its_laws_and_its_name() -> None:
    text = "关于2023年法治政府建设情况的报告\n学习《临溪县养犬条例》，由青阳县民政局牵头办理。\n"
    assert said(text) == []
    laws = table_with([Law("临溪县犬只管理办法", wrong=("临溪县养犬条例",))])
    found = said(text, office=Office(laws, "临溪县", "临溪县民政局"))
    assert [(code, hit) for code, _, _, hit in found] == [("W040", "临溪县养犬条例"), ("W044", "青阳县")]


def test_the_parts_of_a_report_are_told_apart() -> None:
    text = "索引号：001\n临民字〔2024〕2号\n临溪县民政局\n关于2023年工作情况的报告\n县政府：\n" \
        "全年平稳。\n附件：1.清单\n2.统计表\n临溪县民政局\n2024年1月9日\n（此件公开发布）\n抄送：县司法局。\n附件1\n清单\n"
    roles = [part.role for part in outline(plain_text("试.txt", text)).parts if part.role is not Role.BLANK]
    assert roles == [Role.FRONT, Role.FRONT, Role.TITLE, Role.TITLE, Role.ADDRESSEE, Role.BODY, Role.ATTACHMENT,
                     Role.ATTACHMENT, Role.SIGNATURE, Role.DATE, Role.REMARK, Role.IMPRINT, Role.APPENDIX, Role.BODY]


def test_a_personal_number_is_masked_in_what_is_told() -> None:
    (one,) = lint_text(plain_text("试.txt", "工作情况的报告\n联系人电话13912345678，，请来电。\n"))
    assert "13912345678" not in f"{one.message}{one.text}{one.sentence}"


def test_a_rule_that_crashes_is_told_and_the_others_still_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(report: object):  # type: ignore[no-untyped-def]
        yield from ()
        raise ZeroDivisionError("乘以零")

    monkeypatch.setitem(LINT, "A000", LintRule("A000", "会出错的规则", "试", crash))
    found = lint_text(plain_text("试.txt", "工作情况的报告\n健全制度，，加强培训。\n"))
    assert [one.code for one in found] == ["X001", "W018"]
    assert "ZeroDivisionError" in found[0].message


_WORDS = st.text(alphabet="一二是（）、。，《》“”0123年月日县局关于的报告 \t#*|[]{}XＸ％\n:：", max_size=80)


@given(_WORDS, st.sampled_from(["试.txt", "试.md"]))
@settings(max_examples=150, deadline=None)
def test_no_text_makes_a_rule_crash_and_every_place_is_in_the_text(text: str, name: str) -> None:
    lines = text.split("\n")
    for one in lint_text(plain_text(name, text, markdown=name.endswith(".md")), Office(national_table())):
        assert one.code != "X001", one.message
        assert 1 <= one.line <= len(lines)
        assert 1 <= one.column <= len(lines[one.line - 1]) + 1


def test_a_plain_docx_of_the_standard_look_is_clean(tmp_path: Path) -> None:
    path = tmp_path / "报告.docx"
    path.write_bytes(docx("临溪县民政局关于2023年工作情况的报告\n一、主要举措\n（一）加强领导\n全年工作按计划完成，群众满意。"))
    assert lint(str(path)) == []


@pytest.mark.parametrize("piece", ["1", "1,", "《", "“", "a"])
def test_a_line_that_never_ends_is_looked_at_once(piece: str, tmp_path: Path) -> None:
    """Each of these took a rule the square of the length: a long report, minutes."""
    path = tmp_path / "报告.txt"
    path.write_text("关于2025年度工作情况的报告\n" + piece * 20_000, "utf-8")
    assert lint(str(path)) is not None
