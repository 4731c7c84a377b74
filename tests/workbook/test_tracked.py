"""Numbers and texts in templates and cells keep the cells they came from, whatever is done with them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from templates.blocks import Grid, Paragraph
from templates.kinds import load_kind
from templates.report import compose, spans_of
from tests.ledgers import ledger, report
from workbook.spans import Origin, Span
from workbook.tracked import Marks
from workbook.tracked_numbers import Number

TABLES = (
    """
    ## 办件

    | 编号 | 日期 | 事项 | 数量 | 单位 | 承办股室 |
    |---|---|---|---|---|---|
    | B1 | 2025-03-01 | 信访 | 12 | 件 | 办公室 |
    | B2 | 2025-03-02 | 热线 | 30 | 件 | 办公室 |
    | B3 | 2025-03-03 | 信访 | 7 | 件 | 办公室 |
    """,
    """
    ## 指标

    | 编号 | 名称 | 单位 | 统计方式 | 来源表 | 来源列 | 条件 |
    |---|---|---|---|---|---|---|
    | M1 | 信访 | 件 | 求和 | 办件 | 数量 | 事项=信访 |
    | M2 | 热线 | 件 | 求和 | 办件 | 数量 | 事项=热线 |
    """,
)
ONE, TWO = ("办件!D2", "办件!D4"), ("办件!D3",)


def figures(made: object) -> list[Span]:
    return [span for block in made.document.blocks for span in spans_of(block)  # type: ignore[attr-defined]
            if span.source and span.source.origin is Origin.FIGURE]


def rows(span: Span) -> tuple[str, ...]:
    assert span.source
    return tuple(map(str, span.source.rows))


def from_template(folder: Path, narrative: str) -> list[Span]:
    (folder / "template.toml").write_text('name = "自己的模板"\n', "utf-8")
    (folder / "report.md.j2").write_text(narrative, "utf-8")
    return figures(compose(ledger(*TABLES), kind=load_kind(folder)))


@pytest.fixture(params=["模板", "格子"])
def printed(request: pytest.FixtureRequest, tmp_path: Path):  # type: ignore[no-untyped-def]
    """Print one expression from a template, and from a cell."""
    def from_cell(text: str) -> list[Span]:
        bars = text.replace("|", "\\|")
        return figures(report(*TABLES, head=f"| 引言 | {bars} |"))

    return (lambda text: from_template(tmp_path, text)) if request.param == "模板" else from_cell


EXPRESSIONS = {
    "和": ("{{ 信访.值 + 热线.值 }}", "49", (*ONE, *TWO), "信访19 + 热线30"),
    "差": ("{{ 热线.值 - 信访.值 }}", "11", (*TWO, *ONE), "热线30 − 信访19"),
    "比率": ("{{ 信访.值 / (信访.值 + 热线.值) * 100 }}", "38.7755102040816", (*ONE, *TWO),
             "（信访19 ÷ （信访19 + 热线30）） × 100"),
    "取整": ("{{ (信访.值 / 热线.值) | round(2) }}", "0.63", (*ONE, *TWO), "信访19 ÷ 热线30"),
    "去尾": ("{{ (信访.值 / 热线.值 * 100) | int }}", "63", (*ONE, *TWO), "（信访19 ÷ 热线30） × 100"),
    "格式": ("{{ '%.1f%%' | format(信访.值 / 热线.值 * 100) }}", "63.3", (*ONE, *TWO), "（信访19 ÷ 热线30） × 100"),
    "方法": ("{{ '{:.1f}'.format(信访.值 / 热线.值) }}", "0.6", (*ONE, *TWO), "信访19 ÷ 热线30"),
    "列表和": ("{{ [信访.值, 热线.值] | sum }}", "49", (*ONE, *TWO), "信访19 + 热线30"),
    "较大": ("{{ [信访.值, 热线.值] | max }}", "30", TWO, "办件 1 行之和"),
    "绝对值": ("{{ (信访.值 - 热线.值) | abs }}", "11", (*ONE, *TWO), "信访19 − 热线30"),
    "连接": ("{{ '共' ~ 信访.数 ~ '件' }}", "19", ONE, "办件 2 行之和"),
    "条件": ("{{ 信访 if 信访.值 > 10 else '少量' }}", "19件", ONE, "办件 2 行之和"),
}


@pytest.mark.parametrize(("text", "shown", "places", "how"), EXPRESSIONS.values(), ids=EXPRESSIONS)
def test_an_expression_keeps_its_rows(printed, text: str, shown: str,  # type: ignore[no-untyped-def]
                                      places: tuple[str, ...], how: str) -> None:
    one, = printed(text)
    assert (one.text, rows(one), one.source.how) == (shown, places, how)


def test_a_list_keeps_each_source_through_join_and_slice(printed) -> None:  # type: ignore[no-untyped-def]
    assert [rows(one) for one in printed("{{ [信访, 热线] | join('、') }}")] == [ONE, TWO]
    assert [(one.text, rows(one)) for one in printed("{{ 信访[:2] }}")] == [("19", ONE)]


def test_a_template_of_loops_tables_and_conditions(tmp_path: Path) -> None:
    text = ("{% set 全部 = 信访.值 + 热线.值 %}\n{% for 名 in ['信访', '热线'] %}\n"
            "{{ loop.index }}.{{ 名 }}{{ 指标[名] }}，占{{ '%.0f' | format(指标[名].值 / 全部 * 100) }}%；\n"
            "{% endfor %}\n{% if 全部 > 40 %}共{{ 全部 }}件。{% else %}不多。{% endif %}\n\n[表题] 办件\n\n"
            "| 事项 | 数 |\n|---|---|\n| 合计 | {{ 全部 }} |\n")
    shown = [(one.text, rows(one)) for one in from_template(tmp_path, text)]
    both = (*ONE, *TWO)
    assert shown == [("19件", ONE), ("39", both), ("30件", TWO), ("61", (*TWO, *ONE)), ("49", both), ("49", both)]


def test_text_filters_do_not_cut_a_figure(tmp_path: Path) -> None:
    shown = from_template(tmp_path, "{{ ('共' ~ 信访.数 ~ '件') | replace('1', '壹') | upper }}")
    assert [(one.text, rows(one)) for one in shown] == [("19", ONE)]


def test_private_characters_in_a_template_print_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "template.toml").write_text('name = "甲"\n', "utf-8")
    (tmp_path / "report.md.j2").write_text("古字\U000f1234在此{{ 信访 }}。", "utf-8")
    block = compose(ledger(*TABLES), kind=load_kind(tmp_path)).document.blocks[1]
    assert not isinstance(block, Grid)
    assert isinstance(block, Paragraph)
    assert block.text == "古字\U000f1234在此19件。"


def test_comparisons_and_arithmetic_agree_with_decimal() -> None:
    three = Number(Marks(), Decimal(3), (), "三")
    assert 2 < three <= 3
    assert three == 3.0
    assert three != "3"
    assert (7 - three)._value == 4
    assert (6 / three)._value == 2
    assert (three ** 2)._value == 9
    assert (three % 2)._value == 1
    assert list(range(three)) == [0, 1, 2]  # type: ignore[call-overload]
    with pytest.raises(TypeError):
        three + "件"
