"""Faults of metrics, figures and slots (M, N, T)."""

from __future__ import annotations

from random import Random

from tests.mutations.of_cells import GUESTS
from tests.mutations.planter import (
    VALUES,
    NotHere,
    Planted,
    added,
    any_row,
    head,
    head_of,
    plants,
    put,
    with_rows,
    written,
)
from tests.planting import rows_where, sheet_of, value, where, with_cells, with_row
from workbook.book import recognize
from workbook.facts import Facts
from workbook.ledger import Ledger
from workbook.raw import RawBook, RawValue

LOST = ("T003", "L005", "L006", "L017", "N020", *VALUES)
"""What may follow where a metric can no longer be computed."""


def _metric(book: RawBook, name: str, **cells: RawValue) -> tuple[RawBook, int]:
    """A typed metric more."""
    row = {"编号": f"M9{len(sheet_of(book, '指标').rows)}", "名称": name, "单位": "件", "统计方式": "填报",
           "统计期": "本年", "表述": "精确", "备注": "按登记簿填报"}
    return with_row(book, "指标", row | cells)


def _code(book: RawBook, row: int) -> RawValue:
    return value(book, "指标", row, "编号")


def _said(book: RawBook, random: Random, name: str, text: str = "另有{}。") -> RawBook:
    return written(book, random, text.format(f"{{{{ {name} }}}}"))[0]


@plants("M001", *LOST)
def undefined(book: RawBook, random: Random) -> Planted:
    title = random.choice(("来源表", "来源列"))
    return put(book, random, "指标", title, None, 统计方式="求和")


@plants("M001", *LOST)
def ratio_without_base(book: RawBook, random: Random) -> Planted:
    return put(book, random, "指标", random.choice(("分子", "分母")), None, 统计方式="比率")


@plants("M002", *LOST)
def bad_condition(book: RawBook, random: Random) -> Planted:
    return put(book, random, "指标", "条件", random.choice(("事项：信访", "类型", "=信访")), 统计方式="求和", 条件=...)


@plants("M003", *LOST)
def condition_of_no_column(book: RawBook, random: Random) -> Planted:
    return put(book, random, "指标", "条件", random.choice(("事由=信访", "性质=重大")), 统计方式="求和", 条件=...)


@plants("M004", "L003", *LOST)
def ratio_of_itself(book: RawBook, random: Random) -> Planted:
    row = any_row(book, random, "指标", 统计方式="比率")
    return with_cells(book, "指标", row, {"分子": _code(book, row)}), where(book, "指标", row, "分子")


@plants("M005", *LOST)
def divided_by_zero(book: RawBook, random: Random) -> Planted:
    book, zero = _metric(book, "空基数", 填报值=0)
    return put(book, random, "指标", "分母", _code(book, zero), 统计方式="比率")


@plants("M006")
def wrong_table_total(book: RawBook, random: Random) -> Planted:
    rows = [row for title in ("行", "列") for row in rows_where(book, "统计表", **{title: "合计"})
            if isinstance(value(book, "统计表", row, "值"), int | float)]
    if not rows:
        raise NotHere("合计")
    row = random.choice(rows)
    old = value(book, "统计表", row, "值")
    assert isinstance(old, int | float)
    return with_cells(book, "统计表", row, {"值": old + random.choice((1, 10, -1))}), where(book, "统计表", row, "值")


@plants("M007", "L005")
def unusable_name(book: RawBook, random: Random) -> Planted:
    book, row = _metric(book, random.choice(("甲-乙", "救助（临时）", "来信/来访")), 填报值=5)
    return book, where(book, "指标", row, "名称")


@plants("M008", "L005", "T001")
def name_taken(book: RawBook, random: Random) -> Planted:
    other = value(book, "指标", any_row(book, random, "指标", 统计方式="求和"), "名称")
    book, row = _metric(book, str(random.choice(("自称", "上级", other))), 填报值=5)
    return book, where(book, "指标", row, "名称")


@plants("M009")
def typed_otherwise(book: RawBook, random: Random) -> Planted:
    return put(book, random, "指标", "填报值", 987654, 统计方式="求和", 备注=None, 父指标=None)


@plants("M010")
def omitted_zero(book: RawBook, random: Random) -> Planted:
    book, row = _metric(book, "零星事项", 填报值=0, 零值写法="省略")
    return _said(book, random, "零星事项"), where(book, "指标", row, "零值写法")


@plants("M011")
def nearly(book: RawBook, random: Random) -> Planted:
    book, row = _metric(book, "零星事项", 填报值=121, 表述="近", 取整=100)
    return _said(book, random, "零星事项"), where(book, "指标", row, "名称")


@plants("M012")
def below_the_step(book: RawBook, random: Random) -> Planted:
    book, row = _metric(book, "零星事项", 填报值=7, 表述="余", 取整=10)
    return _said(book, random, "零星事项"), where(book, "指标", row, "名称")


@plants("M013")
def stale(book: RawBook, random: Random) -> Planted:
    row = any_row(book, random, "指标", 统计方式="求和", 统计期="本年")
    changed = with_cells(book, "指标", row, {random.choice(("本年值", "报告值")): 123456})
    title = str(sheet_of(changed, "指标").rows[0][-1])
    return changed, where(changed, "指标", row, title)


@plants("M014", *LOST)
def no_source_column(book: RawBook, random: Random) -> Planted:
    return put(book, random, "指标", "来源列", random.choice(("参加（人）", "件数", "总量")), 统计方式="求和")


@plants("M015", "S002", *LOST)
def renamed_quantity(book: RawBook, random: Random) -> Planted:
    rows = sheet_of(book, "活动").rows
    changed = with_rows(book, "活动", [["参与（人）" if one == GUESTS else one for one in rows[0]], *rows[1:]])
    return changed, {where(book, "指标", row, "来源列") for row in rows_where(book, "指标", 来源列=GUESTS)}


@plants("M016")
def money_by_ten_thousand(book: RawBook, random: Random) -> Planted:
    return put(book, random, "指标", "单位", random.choice(("万元", "千元")), 来源列="金额（元）")


@plants("M017")
def unit_made_greater(book: RawBook, random: Random) -> Planted:
    return put(book, random, "指标", "单位", "件次", 单位="件", 来源列="数量", 父指标=None)


@plants("L003", *LOST)
def ratio_of_one(book: RawBook, random: Random) -> Planted:
    row = any_row(book, random, "指标", 统计方式="比率")
    changed = with_cells(book, "指标", row, {"分子": value(book, "指标", row, "分母")})
    return changed, where(book, "指标", row, "分子")


@plants("L004", "L005", "N002", "N008")
def parents_in_a_circle(book: RawBook, random: Random) -> Planted:
    book, one = _metric(book, "甲类事项", 填报值=5)
    book, two = _metric(book, "乙类事项", 填报值=5, 父指标=_code(book, one))
    return with_cells(book, "指标", one, {"父指标": _code(book, two)}), where(book, "指标", one, "父指标")


@plants("L005")
def unused(book: RawBook, random: Random) -> Planted:
    book, row = _metric(book, "无人引用的数", 填报值=random.randrange(3, 90))
    return book, where(book, "指标", row, "名称")


@plants("L006", *LOST)
def condition_misspelt(book: RawBook, random: Random) -> Planted:
    row = any_row(book, random, "指标", 统计方式="求和", 来源表="办件")
    old = str(value(book, "指标", row, "条件"))
    first = old.split("；")[0].split("、")[0]
    new = old.replace(first, first + "类", 1)
    return with_cells(book, "指标", row, {"条件": new}), where(book, "指标", row, "条件")


@plants("N001", "M009", *VALUES)
def parts_and_whole(book: RawBook, random: Random) -> Planted:
    return put(book, random, "指标", "填报值", 99, 统计方式="合计", 穷尽="是")


@plants("N002", "L005")
def part_too_great(book: RawBook, random: Random) -> Planted:
    book, whole = _metric(book, "总的件数", 填报值=10)
    book, part = _metric(book, "其中一类", 填报值=random.randrange(11, 40), 父指标=_code(book, whole))
    return book, where(book, "指标", part, "父指标")


@plants("N003", "L005", *VALUES)
def year_above_all(book: RawBook, random: Random) -> Planted:
    rows = rows_where(book, "指标", 统计方式="求和", 来源表="办件", 统计期="本年")
    cells = dict(zip((str(one) for one in sheet_of(book, "指标").rows[0]),
                     sheet_of(book, "指标").rows[random.choice(rows) - 1], strict=False))
    whole = cells | {"编号": "M999", "名称": "历年累计数", "统计期": "截至", "基数": "-100000", "父指标": None,
                     "上年值": None, "目标值": None, "表述": "精确", "取整": None, "数字样式": None}
    return added(book, "指标", "基数", **whole)


@plants("N004", "L005")
def above_a_hundred(book: RawBook, random: Random) -> Planted:
    book, row = _metric(book, "办结比例", 单位="%", 填报值="102%", 数字样式="百分比")
    return book, where(book, "指标", row, "填报值")


@plants("N005")
def unequal_in_words(book: RawBook, random: Random) -> Planted:
    book, _ = _metric(book, "甲率", 单位="%", 填报值="100%", 数字样式="百分比")
    book, _ = _metric(book, "乙率", 单位="%", 填报值="96%", 数字样式="百分比")
    return written(book, random, "两项指标均达到{{ 甲率 }}、{{ 乙率 }}。")


@plants("N006")
def unequal_by_function(book: RawBook, random: Random) -> Planted:
    book, _ = _metric(book, "甲率", 单位="%", 填报值="100%", 数字样式="百分比")
    book, _ = _metric(book, "乙率", 单位="%", 填报值="96%", 数字样式="百分比")
    return written(book, random, '两项指标{{ 均达到("甲率", "乙率") }}。')


@plants("N007", "L005")
def wrong_average(book: RawBook, random: Random) -> Planted:
    book, top = _metric(book, "总的钱数", 单位="元", 填报值=9000)
    book, bottom = _metric(book, "总的人数", 单位="人", 填报值=30)
    parts = {"分子": _code(book, top), "分母": _code(book, bottom)}
    book, row = _metric(book, "人均钱数", 单位="元", 填报值=350, 备注=None, **parts)
    return book, where(book, "指标", row, "填报值")


_SUM = {"统计方式": "求和", "来源表": "办件", "来源列": "数量", "备注": None, "单位": None}


@plants("N008", "L005", "N002")
def part_of_another_period(book: RawBook, random: Random) -> Planted:
    book, whole = _metric(book, "总的件数", **_SUM)
    book, part = _metric(book, "其中一类", **_SUM, 统计期="规划期", 父指标=_code(book, whole))
    return book, where(book, "指标", part, "统计期")


@plants("N009", "L005", "N003")
def ratio_of_two_periods(book: RawBook, random: Random) -> Planted:
    book, top = _metric(book, "本年的数", **_SUM)
    book, bottom = _metric(book, "历年的数", **_SUM, 统计期="截至")
    parts = {"分子": _code(book, top), "分母": _code(book, bottom)}
    book, row = _metric(book, "占比", 统计方式="比率", 单位="%", 数字样式="百分比", **parts)
    return book, where(book, "指标", row, "分母")


@plants("N010", "N012", *VALUES)
def negative(book: RawBook, random: Random) -> Planted:
    sheet, title = random.choice((("活动", GUESTS), ("办件", "数量")))
    return put(book, random, sheet, title, -random.randrange(1, 90), **{title: ...})


@plants("N011", *VALUES)
def no_session(book: RawBook, random: Random) -> Planted:
    return put(book, random, "活动", "场次", 0, 备注=None)


@plants("N012")
def more_homes(book: RawBook, random: Random) -> Planted:
    row = any_row(book, random, "办件", 户数=..., 人数=...)
    changed = with_cells(book, "办件", row, {"户数": 99999})
    return changed, where(book, "办件", row, "人数")


@plants("N013", *VALUES)
def half_a_case(book: RawBook, random: Random) -> Planted:
    return put(book, random, "办件", "数量", random.choice((7.5, 12.3)), 单位="件")


@plants("N014", "M008", "L005")
def two_values(book: RawBook, random: Random) -> Planted:
    book, _ = _metric(book, "在册人数", 单位="名", 填报值=12)
    book, row = _metric(book, "在册人数", 单位="名", 填报值=random.randrange(13, 40))
    return book, where(book, "指标", row, "填报值")


@plants("N015", *VALUES)
def too_many_sessions(book: RawBook, random: Random) -> Planted:
    return put(book, random, "活动", "场次", random.randrange(400, 3000), 备注=None)


@plants("N016", "N020")
def last_year_copied(book: RawBook, random: Random) -> Planted:
    facts = Facts(Ledger(recognize(book)))
    rows = sorted(rows_where(book, "指标", 上年值=...))
    for row in rows:
        now = facts.amount(facts.by_code[str(_code(book, row))]).value
        assert now is not None
        book = with_cells(book, "指标", row, {"上年值": float(now) if now % 1 else int(now)})
    return book, where(book, "指标", rows[0], "上年值")


@plants("N017", "C016")
def progress_beyond(book: RawBook, random: Random) -> Planted:
    return put(book, random, "任务", "进度", random.choice(("120%", "-5%")), 状态="进行中")


@plants("N018", "M017")
def unit_of_its_own(book: RawBook, random: Random) -> Planted:
    several = [row for row in rows_where(book, "办件", 单位=...)
               if len(rows_where(book, "办件", 事项=value(book, "办件", row, "事项"))) >= 4]
    row = random.choice(several)
    return with_cells(book, "办件", row, {"单位": "份"}), where(book, "办件", row, "单位")


@plants("N019", *VALUES)
def below_a_cent(book: RawBook, random: Random) -> Planted:
    row = any_row(book, random, "办件", **{"金额（元）": ...})
    old = value(book, "办件", row, "金额（元）")
    assert isinstance(old, int)
    return with_cells(book, "办件", row, {"金额（元）": old + 0.125}), where(book, "办件", row, "金额（元）")


@plants("N020")
def trend_reversed(book: RawBook, random: Random) -> Planted:
    less = random.random() < 0.5
    book, _ = _metric(book, "来信件数", 填报值=30, 上年值=40 if less else 20)
    trend = "有所增加" if less else "明显下降"
    return written(book, random, "办理来信{{ 来信件数 }}，比上年的{{ 来信件数.上年 }}" + trend + "。")


@plants("Q001", "N016", *VALUES)
def far_from_last_year(book: RawBook, random: Random) -> Planted:
    return put(book, random, "指标", "上年值", random.choice((900000, 8000000)), 上年值=..., 单位="件")


@plants("Q002")
def missed(book: RawBook, random: Random) -> Planted:
    return put(book, random, "指标", "目标值", 90000, 目标值=..., 统计方式="计数")


@plants("T001", "L005")
def misspelt_slot(book: RawBook, random: Random) -> Planted:
    return written(book, random, random.choice(("另有{{ 没有的指标 }}。", "共{{ M987 }}。")))


@plants("T002")
def broken_slot(book: RawBook, random: Random) -> Planted:
    return written(book, random, random.choice(("另有{{ 自称 }。", "另有自称 }}。", "{{ }}另有。")))


@plants("T003", "R004")
def head_missing(book: RawBook, random: Random) -> Planted:
    head_of(book, "自称")
    return head(book, "自称", None)[0], ""


@plants("T004")
def wide_braces(book: RawBook, random: Random) -> Planted:
    return written(book, random, "｛｛ 自称 ｝｝做到应办尽办。")


@plants("T005")
def unit_twice(book: RawBook, random: Random) -> Planted:
    book, _ = _metric(book, "来信件数", 填报值=32, 表述=random.choice(("精确", "余")), 取整=10)
    return written(book, random, random.choice(("办理来信{{ 来信件数 }}件。", "办理来信{{ 来信件数 }}余件。")))

