"""Faults of the outline, personal data and readiness (O, P, R)."""

from __future__ import annotations

import datetime as dt
from random import Random

from tests.mutations.planter import NotHere, Planted, added, head, head_of, plants, with_sheet, written
from tests.planting import rows_where, sheet_of, value, where, with_cells, with_row
from workbook.raw import RawBook, RawSheet, RawValue

IDENTITY = "11010519491231002X"


@plants("O001", "L001", "L007", "C001", "O002", "W006")
def bad_number(book: RawBook, random: Random) -> Planted:
    return added(book, "章节", "编号", 编号=random.choice(("一", "8-1", "附", "1.2.3.4.5")), 标题="补充", 引语="如下。")


@plants("O002")
def no_parent(book: RawBook, random: Random) -> Planted:
    return added(book, "章节", "编号", 编号=random.choice(("7.1", "8.2")), 标题="补充", 引语="如下。")


@plants("O003")
def joined_reasons(book: RawBook, random: Random) -> Planted:
    if not any(one.name == "问题" for one in book.sheets):
        raise NotHere("问题")
    book, _ = with_row(book, "章节", {"编号": "8", "标题": "补充", "列举词": "一是", "列举排版": "连写"})
    few = {"编号": "W91", "章节": "8", "标题": "人手少", "表现": "人手少。", "原因": "编制少。"}
    book, row = with_row(book, "问题", few)
    book, _ = with_row(book, "问题", {"编号": "W92", "章节": "8", "标题": "经费少", "表现": "经费少。"})
    return book, where(book, "问题", row, "原因")


@plants("O004")
def place_taken(book: RawBook, random: Random) -> Planted:
    rows = rows_where(book, "条目", 章节="3", 入报告="是")
    changed = with_cells(book, "条目", rows[1], {"序": value(book, "条目", rows[0], "序")})
    return changed, where(book, "条目", rows[1], "序")


def _noted(book: RawBook, random: Random, text: RawValue) -> Planted:
    """A text in a remark, an own column, the head, a hidden sheet or a header."""
    place = random.choice(("备注", "own", "head", "hidden", "header"))
    if place == "hidden":
        sheet = RawSheet("底稿", [["说明", "内容"], ["某", text]], False)
        return with_sheet(book, "", sheet), "底稿!B2"
    if place == "head":
        return head(book, "签发人", text)
    sheet_name = random.choice(("活动", "办件", "任务"))
    row = random.randrange(2, len(sheet_of(book, sheet_name).rows) + 1)
    title = {"备注": "备注", "own": "经办记录"}.get(place, str(text))
    changed = with_cells(book, sheet_name, row, {title: "见右" if place == "header" else text})
    at = where(changed, sheet_name, row, title)
    return changed, at[:-len(str(row))] + "1" if place == "header" else at


@plants("P001")
def identity(book: RawBook, random: Random) -> Planted:
    spaced = f"{IDENTITY[:6]} {IDENTITY[6:14]} {IDENTITY[14:]}"
    wide = "".join(chr(ord(one) + 0xFEE0) for one in IDENTITY)
    letters = IDENTITY.replace("0", "O", 3)
    return _noted(book, random, random.choice((IDENTITY, f"证号{IDENTITY}", spaced, wide, letters, IDENTITY.lower())))


@plants("P001")
def identity_in_a_sheet_name(book: RawBook, random: Random) -> Planted:
    sheet = RawSheet(f"王某{IDENTITY}", [["说明"], ["无"]])
    return with_sheet(book, "", sheet), "王某11010********002X"


@plants("P002")
def rounded(book: RawBook, random: Random) -> Planted:
    return _noted(book, random, random.choice((110105194912310000, "110105194912310000")))


@plants("P003")
def old_identity(book: RawBook, random: Random) -> Planted:
    return _noted(book, random, random.choice(("110105491231002", "旧证110105491231002号")))


@plants("P004")
def mobile(book: RawBook, random: Random) -> Planted:
    return _noted(book, random, random.choice(("13812345678", "电话138 1234 5678", "+86 138-1234-5678", "138O1234567",
                                               "１３８１２３４５６７８")))


@plants("P005")
def card(book: RawBook, random: Random) -> Planted:
    return _noted(book, random, random.choice(("6222021234567890128", "卡号6222 0212 3456 7890 128")))


@plants("P006", "W046", "W007")
def person_named(book: RawBook, random: Random) -> Planted:
    words = ("走访低保户王建国，送去慰问金。", "帮助未成年人李小明返校。", "信访人张桂兰反映的问题已办结。")
    return written(book, random, random.choice(words), first=True)


@plants("P007")
def classified(book: RawBook, random: Random) -> Planted:
    return head(book, "密级", random.choice(("内部", "秘密", "机密")))


@plants("P008", "P007")
def secrecy_mark(book: RawBook, random: Random) -> Planted:
    return _noted(book, random, random.choice(("秘密★1年", "机密★")))


@plants("P009")
def own_mail(book: RawBook, random: Random) -> Planted:
    return _noted(book, random, random.choice(("wangfang1985@qq.com", "联系li.si@163.com")))


@plants("P010")
def mistyped(book: RawBook, random: Random) -> Planted:
    return _noted(book, random, random.choice(("身份证110105194912310021", "320102198507124418")))


@plants("P011")
def chat(book: RawBook, random: Random) -> Planted:
    return _noted(book, random, random.choice(("微信：wang_fang85", "QQ号：123456789", "微信wxid_abc12345")))


def _law_year(book: RawBook) -> int:
    if head_of(book, "报告类型") != "法治政府建设年度报告":
        raise NotHere("法治政府建设年度报告")
    return int(str(head_of(book, "报告年度"))) + 1


@plants("R001", "R006", "D014", "D018")
def reported_late(book: RawBook, random: Random) -> Planted:
    return head(book, "成文日期", dt.date(_law_year(book), 3, random.randrange(2, 30)))


@plants("R002")
def closed_without_reason(book: RawBook, random: Random) -> Planted:
    return head(book, "公开属性", "不予公开")


@plants("R004")
def head_blank(book: RawBook, random: Random) -> Planted:
    _law_year(book)
    return head(book, random.choice(("主送机关", "公开属性", "署名")), None)


@plants("R006", "R001", "D014", "D018")
def published_late(book: RawBook, random: Random) -> Planted:
    return head(book, "成文日期", dt.date(_law_year(book), 4, random.randrange(2, 30)))

