"""Faults of dates, links and likelihood (D, L, Q)."""

from __future__ import annotations

import datetime as dt
from random import Random

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
)
from tests.planting import row_values, rows_where, sheet_of, value, where, with_cells, with_row
from workbook.raw import RawBook

GUESTS = "参与（人次）"
DAY = dt.timedelta(days=1)


def _date(book: RawBook, key: str) -> dt.date:
    day = head_of(book, key)
    assert isinstance(day, dt.date)
    return day


def _moved(book: RawBook, random: Random, sheet: str, title: str, of: str, days: int, **wanted: object) -> Planted:
    """`title` set to some days after column `of` of the same row; told there."""
    row = any_row(book, random, sheet, **{of: ...}, **wanted)
    day = value(book, sheet, row, of)
    assert isinstance(day, dt.date)
    changed = with_cells(book, sheet, row, {title: day + days * DAY})
    return changed, where(book, sheet, row, title)


@plants("D001")
def ends_early(book: RawBook, random: Random) -> Planted:
    return _moved(book, random, "活动", "结束日期", "开始日期", -random.randrange(1, 25), 结束日期=None)


@plants("D002", "D025", "D008", *VALUES)
def due_early(book: RawBook, random: Random) -> Planted:
    return _moved(book, random, "任务", "完成时限", "计划开始", -random.randrange(1, 25))


@plants("D003", "D009", "D016", *VALUES)
def done_early(book: RawBook, random: Random) -> Planted:
    return _moved(book, random, "任务", "完成日期", "计划开始", -random.randrange(1, 25), 状态="已完成")


@plants("D004", *VALUES)
def done_without_day(book: RawBook, random: Random) -> Planted:
    return put(book, random, "任务", "完成日期", None, 状态="已完成")


@plants("D005", "D006", "D008", "L010", *VALUES)
def day_without_done(book: RawBook, random: Random) -> Planted:
    return put(book, random, "任务", "状态", "进行中", 状态="已完成", 完成日期=...)


@plants("D006", *VALUES)
def full_but_open(book: RawBook, random: Random) -> Planted:
    row = any_row(book, random, "任务", 状态="进行中")
    return with_cells(book, "任务", row, {"进度": 1}), where(book, "任务", row, "状态")


@plants("D007")
def done_not_full(book: RawBook, random: Random) -> Planted:
    return put(book, random, "任务", "进度", random.choice((0, 0.5, 0.9)), 状态="已完成")


def _office(book: RawBook, random: Random) -> str:
    return str(value(book, "股室", random.choice(rows_where(book, "股室", 角色="填报")), "名称"))


@plants("D008", *VALUES)
def overdue(book: RawBook, random: Random) -> Planted:
    end = _date(book, "统计止")
    return added(book, "任务", "完成时限", 编号="R99", 任务名称="清理旧档案", 责任股室=_office(book, random),
                 完成时限=end - random.randrange(20, 90) * DAY, 状态=random.choice(("进行中", "未开始")))


@plants("D009", "Q012", "D023", *VALUES)
def wrong_century(book: RawBook, random: Random) -> Planted:
    sheet, title = random.choice((("活动", "开始日期"), ("办件", "日期")))
    year = random.choice((1925, 2005, 2205, 2052))
    row = any_row(book, random, sheet, **{title: ...})
    return with_cells(book, sheet, row, {title: dt.date(year, 3, 5)}), where(book, sheet, row, title)


@plants("D010", "*")
def period_backwards(book: RawBook, random: Random) -> Planted:
    return head(book, "统计止", _date(book, "统计起") - DAY)


@plants("D011", "N003", *VALUES)
def plan_starts_late(book: RawBook, random: Random) -> Planted:
    return head(book, "规划期起", _date(book, "统计起") + 31 * DAY)


@plants("D012")
def plan_is_over(book: RawBook, random: Random) -> Planted:
    return head(book, "规划期止", _date(book, "统计止") - random.randrange(1, 300) * DAY)


@plants("D013", "D016", "D018", "R001")
def signed_early(book: RawBook, random: Random) -> Planted:
    return head(book, "成文日期", _date(book, "统计止") - random.randrange(1, 200) * DAY)


@plants("D014")
def printed_early(book: RawBook, random: Random) -> Planted:
    return head(book, "印发日期", _date(book, "成文日期") - random.randrange(1, 9) * DAY)


@plants("D015")
def not_mended(book: RawBook, random: Random) -> Planted:
    row = any_row(book, random, "问题", 备注=None)
    changed = with_cells(book, "问题", row, {"整改时限": _date(book, "统计止") - 40 * DAY, "整改状态": "整改中"})
    return changed, where(book, "问题", row, "整改时限")


@plants("D016")
def later_than_report(book: RawBook, random: Random) -> Planted:
    row = any_row(book, random, "办件", 日期=...)
    cells = row_values(book, "办件", row) | {"编号": "B999", "日期": _date(book, "成文日期") + 20 * DAY, "备注": "补登"}
    return added(book, "办件", "日期", **cells)


@plants("D017", "R001", "R006", "W045")
def other_year(book: RawBook, random: Random) -> Planted:
    return head(book, "报告年度", _date(book, "统计止").year + random.choice((-1, 1)))


@plants("D018")
def numbered_otherwise(book: RawBook, random: Random) -> Planted:
    return head(book, "发文年份", _date(book, "成文日期").year - 1)


@plants("D019")
def years_long(book: RawBook, random: Random) -> Planted:
    return _moved(book, random, "活动", "结束日期", "开始日期", 400, 结束日期=None)


@plants("D020", "D011", "N003", *VALUES)
def covers_years(book: RawBook, random: Random) -> Planted:
    start = _date(book, "统计起")
    return head(book, "统计起", start.replace(year=start.year - 1))


@plants("D021", *VALUES)
def base_covers_all(book: RawBook, random: Random) -> Planted:
    return put(book, random, "指标", "基数截止", _date(book, "统计止"), 基数=...)


@plants("D027", "L005", *VALUES)
def base_without_a_day(book: RawBook, random: Random) -> Planted:
    days = (str(value(book, "活动", row, "开始日期")) for row in rows_where(book, "活动"))
    if min(days) >= str(_date(book, "统计起")):
        raise NotHere("上年的活动")
    return added(book, "指标", "基数", 编号="M970", 名称="历年活动", 单位="场", 统计方式="计数", 来源表="活动",
                 统计期="截至", 基数=random.randint(200, 900))


@plants("D022", "Q012", "D009", *VALUES)
def last_year_typed(book: RawBook, random: Random) -> Planted:
    sheet, title = random.choice((("活动", "开始日期"), ("办件", "日期")))
    inside = [row for row in rows_where(book, sheet, 备注=None) if _inside(book, sheet, title, row)]
    row = random.choice(inside)
    day = value(book, sheet, row, title)
    assert isinstance(day, dt.date)
    changed = with_cells(book, sheet, row, {title: day.replace(year=day.year - 1)})
    return changed, where(book, sheet, row, title)


def _inside(book: RawBook, sheet: str, title: str, row: int) -> bool:
    """Whether a row and its neighbours lie in the period, and another year is none but last year."""
    if not 2 < row < len(sheet_of(book, sheet).rows):
        return False
    days = [value(book, sheet, one, title) for one in (row - 1, row, row + 1)]
    start, end = _date(book, "统计起"), _date(book, "统计止")
    return all(isinstance(day, dt.date) and start <= day <= end and day.day < 29 for day in days)


@plants("D023", *VALUES)
def wrong_day_name(book: RawBook, random: Random) -> Planted:
    rows = [row for row in rows_where(book, "活动", 节点=...)
            if isinstance(day := value(book, "活动", row, "开始日期"), dt.date) and 3 <= day.month <= 9]
    row = random.choice(rows)
    return with_cells(book, "活动", row, {"节点": "国家宪法日"}), where(book, "活动", row, "节点")


@plants("D024", "D008")
def progress_unstarted(book: RawBook, random: Random) -> Planted:
    return put(book, random, "任务", "进度", 0.3, 状态="未开始")


@plants("D025")
def done_late(book: RawBook, random: Random) -> Planted:
    row = any_row(book, random, "任务", 状态="已完成", 备注=None, 完成日期=...)
    day = value(book, "任务", row, "完成日期")
    assert isinstance(day, dt.date)
    changed = with_cells(book, "任务", row, {"完成时限": day - DAY})
    return changed, where(book, "任务", row, "完成日期")


@plants("D026", "D002", "D003", "D008", "D025")
def generations(book: RawBook, random: Random) -> Planted:
    return put(book, random, "任务", "计划开始", dt.date(1925, 3, 4), 计划开始=...)


@plants("L001", "L012", *VALUES)
def dangling(book: RawBook, random: Random) -> Planted:
    sheet, title, new = random.choice((("活动", "承办股室", "法规科"), ("活动", "关联任务", "R999"),
                                       ("任务", "目标指标", "M999"), ("办件", "承办股室", "测试股")))
    return put(book, random, sheet, title, new, **{title: ...})


@plants("L002", *VALUES)
def repeated_key(book: RawBook, random: Random) -> Planted:
    sheet = random.choice(("活动", "办件"))
    one, other = sorted(random.sample(rows_where(book, sheet, 编号=...), 2))
    changed = with_cells(book, sheet, other, {"编号": value(book, sheet, one, "编号")})
    return changed, where(book, sheet, other, "编号")


@plants("L007")
def empty_chapter(book: RawBook, random: Random) -> Planted:
    return added(book, "章节", "编号", 编号="9", 标题="其他需要说明的事项")


@plants("L008", "L005", "L007", "W006")
def text_without_chapter(book: RawBook, random: Random) -> Planted:
    return put(book, random, "任务", "章节", None, 工作成效=..., 入报告="是")


@plants("L009", "L005", "L007", "W006", "Q009")
def wanted_without_text(book: RawBook, random: Random) -> Planted:
    return put(book, random, "任务", "工作成效", None, 工作成效=..., 入报告="是")


@plants("L010", "Q009")
def event_of_cancelled(book: RawBook, random: Random) -> Planted:
    task = value(book, "任务", any_row(book, random, "任务", 状态="已取消"), "编号")
    return put(book, random, "活动", "关联任务", task, 关联任务=...)


@plants("L011")
def closed_office(book: RawBook, random: Random) -> Planted:
    book, _ = with_row(book, "股室", {"代码": "TY", "名称": "撤并股", "负责人": "丁一", "角色": "停用"})
    return added(book, "任务", "责任股室", 编号="R98", 任务名称="旧事项移交", 责任股室="撤并股", 状态="进行中",
                 完成时限=_date(book, "统计止") + 90 * DAY, 备注="跨年")


@plants("L012")
def unreachable(book: RawBook, random: Random) -> Planted:
    return put(book, random, "股室", random.choice(("填报人", "邮箱")), None, 角色="填报")


@plants("L013")
def unlisted_law(book: RawBook, random: Random) -> Planted:
    return put(book, random, "活动", "涉及法规", random.choice(("基层治理若干措施", "平安建设促进办法")), 涉及法规=...)


@plants("L014")
def bad_code(book: RawBook, random: Random) -> Planted:
    return put(book, random, "股室", "代码", random.choice(("办", "B/G", "一组")))


@plants("L015", "L017")
def repeated_value(book: RawBook, random: Random) -> Planted:
    row = any_row(book, random, "字典", 值=...)
    return added(book, "字典", "值", 类别=value(book, "字典", row, "类别"), 值=value(book, "字典", row, "值"))


@plants("L016", "L017")
def value_with_mark(book: RawBook, random: Random) -> Planted:
    return added(book, "字典", "值", 类别="活动.主题", 值=random.choice(("反诈、禁毒", "食品；药品", "A=B")))


@plants("L017")
def unused_value(book: RawBook, random: Random) -> Planted:
    return added(book, "字典", "值", 类别=random.choice(("活动.类型", "活动.主题", "办件.事项")), 值="暂未开展的一类")


@plants("L018")
def copied_row(book: RawBook, random: Random) -> Planted:
    one, other = sorted(random.sample(rows_where(book, "办件", 编号=...), 2))
    changed = with_cells(book, "办件", one, {"_id": "b7k2m9"})
    return with_cells(changed, "办件", other, {"_id": "b7k2m9"}), f"办件!A{other}"


@plants("L019")
def same_title(book: RawBook, random: Random) -> Planted:
    one, other = (rows_where(book, "章节", 编号=code)[0] for code in ("1", "3"))
    changed = with_cells(book, "章节", other, {"标题": value(book, "章节", one, "标题")})
    return changed, where(book, "章节", other, "标题")


@plants("L020")
def bad_mail(book: RawBook, random: Random) -> Planted:
    return put(book, random, "股室", "邮箱", random.choice(("zfg.example.invalid", "zfg@", "无邮箱")), 邮箱=...)


def _event(book: RawBook, random: Random, **cells: object) -> dict[str, object]:
    row = any_row(book, random, "活动", 备注=None, 地点=..., 承办股室=..., 角色=None, **{GUESTS: ...})
    return row_values(book, "活动", row) | {"编号": "H999"} | cells


@plants("Q003", *VALUES)
def event_twice(book: RawBook, random: Random) -> Planted:
    return added(book, "活动", "活动名称", **_event(book, random))  # type: ignore[arg-type]


@plants("Q004", *VALUES)
def event_of_two(book: RawBook, random: Random) -> Planted:
    cells = _event(book, random)
    others = [name for row in rows_where(book, "股室", 角色=...)
              if (name := value(book, "股室", row, "名称")) != cells["承办股室"]]
    guests = random.choice((cells[GUESTS], None))
    cells |= {"承办股室": random.choice(others), GUESTS: guests}
    return added(book, "活动", "活动名称", **cells)  # type: ignore[arg-type]


@plants("Q005", "Q006", *VALUES)
def many_a_day(book: RawBook, random: Random) -> Planted:
    cells = _event(book, random, 节点=None)
    day = _date(book, "统计起") + random.randrange(40, 80) * DAY
    first = len(sheet_of(book, "活动").rows) + 1
    for number in range(16):
        book, _ = with_row(book, "活动", cells | {"编号": f"H9{number:02}", "活动名称": f"走村入户第{number}组",
                                                "开始日期": day, "结束日期": None})  # type: ignore[arg-type]
    return book, where(book, "活动", first, "开始日期")


@plants("Q006", "Q008", *VALUES)
def all_round(book: RawBook, random: Random) -> Planted:
    offices = [name for row in rows_where(book, "股室", 名称=...) if len(rows_where(
        book, "活动", 承办股室=(name := value(book, "股室", row, "名称")), **{GUESTS: ...})) >= 8]
    if not offices:
        raise NotHere("八场")
    rows = rows_where(book, "活动", 承办股室=random.choice(offices), **{GUESTS: ...})
    for row in rows:
        book = with_cells(book, "活动", row, {GUESTS: random.randrange(1, 5) * 100})
    return book, where(book, "活动", rows[0], GUESTS)


@plants("Q007", *VALUES)
def huge_crowd(book: RawBook, random: Random) -> Planted:
    return put(book, random, "活动", GUESTS, random.randrange(200_000, 9_000_000), **{GUESTS: ..., "地点": ...})


@plants("Q008", *VALUES)
def asked_more(book: RawBook, random: Random) -> Planted:
    return put(book, random, "活动", "咨询（人次）", 9000 + random.randrange(99), **{GUESTS: ..., "咨询（人次）": ...})


@plants("Q009", *VALUES)
def done_silently(book: RawBook, random: Random) -> Planted:
    end = _date(book, "统计止")
    return added(book, "任务", "工作成效", 编号="R97", 任务名称="档案整理", 责任股室=_office(book, random),
                 状态="已完成", 完成时限=end, 完成日期=end - 30 * DAY)


@plants("Q010", "D002", "D003", "D025", *VALUES)
def all_on_one_day(book: RawBook, random: Random) -> Planted:
    rows = rows_where(book, "任务", 状态="已完成")
    if len(rows) < 8:
        raise NotHere("八项")
    for row in rows:
        book = with_cells(book, "任务", row, {"完成日期": _date(book, "统计止") - 5 * DAY})
    return book, where(book, "任务", rows[0], "完成日期")


@plants("Q011", "L005", "W006")
def copied_text(book: RawBook, random: Random) -> Planted:
    one, other = sorted(random.sample(rows_where(book, "任务", 工作成效=..., 入报告="是"), 2))
    changed = with_cells(book, "任务", other, {"工作成效": value(book, "任务", one, "工作成效")})
    return changed, where(book, "任务", other, "工作成效")


@plants("Q012", "T003", *VALUES)
def empty_quarter(book: RawBook, random: Random) -> Planted:
    first = 3 * random.randrange(3) + 1
    rows = sheet_of(book, "活动").rows
    year = _date(book, "统计止").year
    kept = [row for row in rows if not (isinstance(row[1], dt.date) and row[1].year == year
                                        and first <= row[1].month < first + 3)]
    return with_rows(book, "活动", kept), "活动"


@plants("Q013", *VALUES)
def money_slipped(book: RawBook, random: Random) -> Planted:
    matters = [one for one in ("低保金发放", "执法案件", "预警劝阻") if len(rows_where(book, "办件", 事项=one)) >= 4]
    rows = rows_where(book, "办件", 事项=random.choice(matters), **{"金额（元）": ...})
    row = random.choice(rows)
    old = value(book, "办件", row, "金额（元）")
    assert isinstance(old, int)
    changed = with_cells(book, "办件", row, {"金额（元）": random.choice((old / 10_000, old * 10_000))})
    return changed, where(book, "办件", row, "金额（元）")


@plants("Q014", *VALUES)
def case_twice(book: RawBook, random: Random) -> Planted:
    rows = [row for row in rows_where(book, "办件", 数量=...) if int(str(value(book, "办件", row, "数量"))) >= 5]
    cells = row_values(book, "办件", random.choice(rows)) | {"编号": "B999"}
    return added(book, "办件", "数量", **cells)
