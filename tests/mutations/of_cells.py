"""Faults of sheets, headers, rows and single cells (S, C)."""

from __future__ import annotations

import datetime as dt
from random import Random

from tests.mutations.planter import VALUES, NotHere, Planted, added, any_row, head, plants, put, with_rows, with_sheet
from tests.planting import rows_where, sheet_of, value, where, with_cells
from workbook.raw import ErrorValue, Merge, RawBook, RawSheet

GUESTS = "参与（人次）"


@plants("S001", "L005")
def missing_sheet(book: RawBook, random: Random) -> Planted:
    return with_sheet(book, "统计表", None), "统计表"


@plants("S002")
def copied_sheet(book: RawBook, random: Random) -> Planted:
    name = random.choice(("活动", "办件", "任务"))
    return with_sheet(book, "", RawSheet(f"{name} (2)", sheet_of(book, name).rows)), name


def _headed(book: RawBook, sheet: str, old: str, new: str | None) -> RawBook:
    rows = sheet_of(book, sheet).rows
    return with_rows(book, sheet, [[new if one == old else one for one in rows[0]], *rows[1:]])


@plants("S003", "M003", "L017", *VALUES)
def missing_column(book: RawBook, random: Random) -> Planted:
    sheet, title = random.choice((("办件", "单位"), ("活动", "承办股室"), ("股室", "代码")))
    return _headed(book, sheet, title, None), sheet


@plants("S004")
def doubled_header(book: RawBook, random: Random) -> Planted:
    rows = sheet_of(book, "活动").rows
    changed = with_rows(book, "活动", [[*rows[0], random.choice(("备注", "主题", "类型"))], *rows[1:]])
    return changed, f"活动!{'A' if len(rows[0]) >= 26 else ''}{chr(65 + len(rows[0]) % 26)}1"


@plants("S005")
def renamed_sheet(book: RawBook, random: Random) -> Planted:
    old = sheet_of(book, "办件")
    return with_sheet(book, "办件", RawSheet(random.choice(("办理情况表", "Sheet7", "2025")), old.rows)), "办件"


@plants("S006")
def aliased_header(book: RawBook, random: Random) -> Planted:
    old, new = random.choice((("责任股室", "责任科室"), ("完成时限", "完成期限"), ("任务名称", "重点任务")))
    return _headed(book, "任务", old, new), "任务"


@plants("S007")
def total_row(book: RawBook, random: Random) -> Planted:
    return added(book, "办件", "编号", 编号=random.choice(("合计", "小计", "总计", "合 计")))


@plants("S008")
def banner_row(book: RawBook, random: Random) -> Planted:
    words = ("一季度", "上半年", "3月份", "一、宣传活动", "注：以上不含协办", "填表人：某某", "单位：场")
    return added(book, random.choice(("活动", "任务")), "编号", 编号=random.choice(words))


@plants("S008")
def header_again(book: RawBook, random: Random) -> Planted:
    sheet = random.choice(("活动", "办件", "任务"))
    rows = sheet_of(book, sheet).rows
    at = random.randrange(3, len(rows))
    return with_rows(book, sheet, [*rows[:at], list(rows[0]), *rows[at:]]), f"{sheet}!A{at + 1}"


@plants("S009")
def example_row(book: RawBook, random: Random) -> Planted:
    return added(book, "任务", "编号", 编号="示例", 任务名称="举例", 责任股室="办公室", 状态="已完成")


@plants("S010")
def ditto(book: RawBook, random: Random) -> Planted:
    row = random.choice(rows_where(book, "办件", 承办股室=...)[1:])
    mark = random.choice(("同上", "〃"))
    above = value(book, "办件", row - 1, "承办股室")
    changed = with_cells(book, "办件", row, {"承办股室": mark})
    return with_cells(changed, "办件", row - 1, {"承办股室": above}), where(book, "办件", row, "承办股室")


@plants("S011")
def merged_rows(book: RawBook, random: Random) -> Planted:
    rows = rows_where(book, "活动", 承办股室=...)
    pairs = [row for row in rows if value(book, "活动", row, "承办股室") == value(book, "活动", row - 1, "承办股室")]
    row = random.choice(pairs)
    sheet = sheet_of(with_cells(book, "活动", row, {"承办股室": None}), "活动")
    column = sheet.rows[0].index("承办股室") + 1
    merged = RawSheet("活动", sheet.rows, sheet.visible, (Merge(row - 1, column, row, column),))
    return with_sheet(book, "活动", merged), where(book, "活动", row, "承办股室")


@plants("S012")
def doubled_key(book: RawBook, random: Random) -> Planted:
    key = random.choice(("机关简称", "上级", "标题"))
    return added(book, "报告信息", "内容", 项目=key, 内容="另一个写法")


@plants("S013", "S007")
def wrong_total(book: RawBook, random: Random) -> Planted:
    return added(book, "办件", "数量", 编号="合计", 数量=random.randrange(1, 40) * 1000 + 7)


@plants("C001", "N018")
def required_blank(book: RawBook, random: Random) -> Planted:
    sheet, title = random.choice((("活动", "活动名称"), ("活动", "承办股室"), ("办件", "承办股室"),
                                  ("任务", "责任股室"), ("章节", "标题"), ("法规", "正式名称")))
    if sheet == "法规":
        return added(book, sheet, title, 类别="法律", 状态="现行")
    return put(book, random, sheet, title, None, **{title: ...})


@plants("C002", "Q012", *VALUES)
def no_date(book: RawBook, random: Random) -> Planted:
    sheet, title = random.choice((("活动", "开始日期"), ("办件", "日期"), ("任务", "计划开始")))
    return put(book, random, sheet, title, random.choice(("待定", "3月5日、6日", "年底前")), **{title: ...})


@plants("C003", "Q012", *VALUES)
def no_day(book: RawBook, random: Random) -> Planted:
    sheet, title = random.choice((("活动", "开始日期"), ("办件", "日期")))
    year = random.choice((2023, 2025))
    day = random.choice((f"{year}-02-30", f"{year}年4月31日", f"{year}-13-05", f"{year}.2.29"))
    return put(book, random, sheet, title, day)


@plants("C004", *VALUES)
def no_number(book: RawBook, random: Random) -> Planted:
    sheet, title = random.choice((("活动", GUESTS), ("办件", "数量"), ("活动", "场次")))
    return put(book, random, sheet, title, random.choice(("若干", "见附件", "较多")), **{title: ...})


@plants("C005", "T003", *VALUES)
def not_in_dictionary(book: RawBook, random: Random) -> Planted:
    sheet, title = random.choice((("活动", "类型"), ("活动", "主题"), ("办件", "事项"), ("活动", "节点")))
    return put(book, random, sheet, title, random.choice(("进小区", "法宣", "其他类")), **{title: ...})


@plants("C006", "D004", "D005", "D006", "D007", *VALUES)
def no_choice(book: RawBook, random: Random) -> Planted:
    sheet, title, new = random.choice((("任务", "状态", "办完了"), ("活动", "范围", "全县"), ("任务", "入报告", "随便"),
                                       ("指标", "表述", "大概")))
    return put(book, random, sheet, title, new, **{title: ...})


@plants("C006")
def head_choice(book: RawBook, random: Random) -> Planted:
    return head(book, *random.choice((("公开属性", "公开"), ("印章", "已盖"), ("紧急程度", "很急"))))


@plants("C007")
def error_value(book: RawBook, random: Random) -> Planted:
    sheet, title = random.choice((("活动", "地点"), ("任务", "备注"), ("办件", "备注")))
    row = random.randrange(2, len(sheet_of(book, sheet).rows) + 1)
    error = ErrorValue(random.choice(("#REF!", "#N/A", "#VALUE!")))
    changed = with_cells(book, sheet, row, {title: error})
    return changed, where(book, sheet, row, title)


@plants("C008", "Q012", *VALUES)
def coarse_date(book: RawBook, random: Random) -> Planted:
    sheet, title = random.choice((("活动", "开始日期"), ("办件", "日期")))
    return put(book, random, sheet, title, random.choice(("2019年3月", "2019年上半年", "2019年")))


@plants("C009", "Q012", *VALUES)
def two_days(book: RawBook, random: Random) -> Planted:
    sheet, title = random.choice((("活动", "开始日期"), ("办件", "日期"), ("活动", "节点")))
    return put(book, random, sheet, title, random.choice((5.2, 3.1, 6.2)), **{title: ...})


@plants("C010", *VALUES)
def about(book: RawBook, random: Random) -> Planted:
    return put(book, random, "活动", GUESTS, random.choice(("约150", "150余", "近200")), **{GUESTS: ...})


@plants("C011", *VALUES)
def other_unit(book: RawBook, random: Random) -> Planted:
    return put(book, random, "活动", GUESTS, random.choice(("150份", "150场", "12张")), **{GUESTS: ...})


@plants("C012", "T003", *VALUES)
def two_numbers(book: RawBook, random: Random) -> Planted:
    new = random.choice(("33户57人", "12件、8件", "120 30"))
    return put(book, random, "办件", "数量", new, 数量=...)


@plants("C013", "W048")
def placeholder_left(book: RawBook, random: Random) -> Planted:
    if random.random() < 0.3:
        return head(book, *random.choice((("行政区划", "XX县"), ("签发人", "×××"))))
    sheet, title = random.choice((("活动", "地点"), ("任务", "备注"), ("办件", "备注")))
    row = random.randrange(2, len(sheet_of(book, sheet).rows) + 1)
    left = random.choice(("XX村", "××社区", "（待核实）", "【此处补充】", "张**"))
    changed = with_cells(book, sheet, row, {title: left})
    return changed, where(book, sheet, row, title)


@plants("C014", *VALUES)
def read_otherwise(book: RawBook, random: Random) -> Planted:
    row = any_row(book, random, "活动", 开始日期=..., 结束日期=None)
    day = value(book, "活动", row, "开始日期")
    assert isinstance(day, dt.date)
    if day.day > 27:
        raise NotHere("月末")
    span = f"{day.year}年{day.month}月{day.day}日至{day.day + 1}日"
    return with_cells(book, "活动", row, {"开始日期": span}), where(book, "活动", row, "开始日期")


@plants("C015", "N013", *VALUES)
def half_a_session(book: RawBook, random: Random) -> Planted:
    return put(book, random, "活动", "场次", 1.5)


@plants("C016", "N004", *VALUES)
def no_percent_sign(book: RawBook, random: Random) -> Planted:
    return put(book, random, "指标", "目标值", random.choice((96, 98.5)), 单位="%", 目标值=...)


@plants("C017")
def date_as_text(book: RawBook, random: Random) -> Planted:
    sheet, title = random.choice((("活动", "开始日期"), ("办件", "日期"), ("任务", "完成时限")))
    row = any_row(book, random, sheet, **{title: ...})
    day = value(book, sheet, row, title)
    assert isinstance(day, dt.date)
    form = random.choice(("{0}年{1}月{2}日", "{0}.{1}.{2}", "{0}/{1}/{2}"))
    new = form.format(day.year, day.month, day.day)
    return with_cells(book, sheet, row, {title: new}), where(book, sheet, row, title)


@plants("C018")
def number_as_text(book: RawBook, random: Random) -> Planted:
    sheet, title = random.choice((("活动", GUESTS), ("办件", "数量"), ("活动", "场次")))
    row = any_row(book, random, sheet, **{title: ...})
    return with_cells(book, sheet, row, {title: str(value(book, sheet, row, title))}), where(book, sheet, row, title)


@plants("C019")
def listed_otherwise(book: RawBook, random: Random) -> Planted:
    sheet, title = random.choice((("活动", "类型"), ("任务", "状态"), ("办件", "承办股室")))
    row = any_row(book, random, sheet, **{title: ...})
    old = str(value(book, sheet, row, title))
    return with_cells(book, sheet, row, {title: f"{old[:2]} {old[2:]}"}), where(book, sheet, row, title)


@plants("C020")
def untidy(book: RawBook, random: Random) -> Planted:
    sheet, title = random.choice((("活动", "活动名称"), ("任务", "任务名称")))
    row = any_row(book, random, sheet, **{title: ...})
    old = str(value(book, sheet, row, title))
    new = random.choice((f"{old[:3]}\u200b{old[3:]}", f"{old}  ", f"\u00a0{old}"))
    return with_cells(book, sheet, row, {title: new}), where(book, sheet, row, title)


@plants("C021")
def no_number_of_row(book: RawBook, random: Random) -> Planted:
    row = random.choice(rows_where(book, "办件", 编号=...)[1:])
    return with_cells(book, "办件", row, {"编号": None}), where(book, "办件", row, "编号")

