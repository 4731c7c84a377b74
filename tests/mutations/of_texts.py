"""Faults of what the report prints: order, marks, words, names (W)."""

from __future__ import annotations

from random import Random

from tests.mutations.planter import NotHere, Planted, head, head_of, plants, written
from tests.planting import rows_where, sheet_of, value, where, with_cells, with_row
from workbook.raw import RawBook


def _chapter(book: RawBook, **cells: str) -> RawBook:
    return with_row(book, "章节", {"编号": "8", "标题": "补充情况", **cells})[0]


def _item(book: RawBook, text: str, **cells: str) -> tuple[RawBook, int]:
    return with_row(book, "条目", {"编号": f"T9{len(sheet_of(book, '条目').rows)}", "章节": "8", "正文": text, **cells})


def _at(book: RawBook, row: int, title: str = "正文") -> str:
    return where(book, "条目", row, title)


def _titled(book: RawBook, random: Random, change: str) -> Planted:
    row = random.choice([row for row in rows_where(book, "章节", 标题=...) if "{{" not in str(
        value(book, "章节", row, "标题"))])
    old = str(value(book, "章节", row, "标题"))
    return with_cells(book, "章节", row, {"标题": change.format(old)}), where(book, "章节", row, "标题")


def _within(book: RawBook, random: Random, old: str, new: str) -> Planted:
    """A word of a random printed text replaced by another."""
    places = []
    for sheet, title in (("任务", "工作成效"), ("条目", "正文"), ("问题", "表现")):
        if any(one.name == sheet for one in book.sheets):
            places += [(sheet, row, title) for row in rows_where(book, sheet, 入报告="是", **{title: ...})
                       if old in str(value(book, sheet, row, title))]
    if not places:
        raise NotHere(old)
    sheet, row, title = random.choice(places)
    text = str(value(book, sheet, row, title))
    return with_cells(book, sheet, row, {title: text.replace(old, new, 1)}), where(book, sheet, row, title)


@plants("W001")
def numbered_title(book: RawBook, random: Random) -> Planted:
    return _titled(book, random, random.choice(("二、{}", "（三）{}", "1.{}", "第二章{}")))


@plants("W002")
def typed_enumerator(book: RawBook, random: Random) -> Planted:
    book = _chapter(book, 列举词="一是", 列举排版="连写")
    book, _ = _item(book, "抓好学习。")
    book, row = _item(book, random.choice(("二是抓好宣传。", "（二）抓好宣传。", "2.抓好宣传。")))
    return book, _at(book, row)


@plants("W002")
def typed_behind_a_title(book: RawBook, random: Random) -> Planted:
    book = _chapter(book, 列举词="一是", 列举排版="连写")
    book, _ = _item(book, "抓好学习。")
    book, row = _item(book, "二是抓好宣传。", 小标题="广泛宣传")
    return book, _at(book, row)


@plants("W003")
def nested(book: RawBook, random: Random) -> Planted:
    book = _chapter(book, 列举词="一是", 列举排版="连写")
    book, _ = _item(book, "抓好学习。")
    book, row = _item(book, "分类宣传：一是进村，二是进校。")
    return book, _at(book, row)


@plants("W004")
def second_without_first(book: RawBook, random: Random) -> Planted:
    book = _chapter(book)
    mark = random.choice(("二是", "第二，", "（二）"))
    book, row = _item(book, random.choice((f"建立制度；{mark}开展培训。", f"{mark}开展培训。")))
    return book, _at(book, row)


@plants("W005")
def jumps(book: RawBook, random: Random) -> Planted:
    book = _chapter(book)
    one, three = random.choice((("一是", "三是"), ("（一）", "（三）"), ("第一，", "第三，")))
    book, row = _item(book, f"工作如下：{one}建立制度；{three}开展培训。")
    return book, _at(book, row)


@plants("W006")
def miscounted(book: RawBook, random: Random) -> Planted:
    book = _chapter(book)
    number = random.choice("二四五")
    book, row = _item(book, f"抓好以下{number}个方面：一是建立制度；二是开展培训；三是加强检查。")
    return book, _at(book, row)


@plants("W007")
def unstopped(book: RawBook, random: Random) -> Planted:
    book = _chapter(book, 列举词="一是", 列举排版="连写")
    book, _ = _item(book, "抓好学习。")
    book, row = _item(book, "抓好宣传")
    return book, _at(book, row)


@plants("W008", "R003")
def endless(book: RawBook, random: Random) -> Planted:
    book = _chapter(book)
    words = ("组织学习", "入户走访", "排查隐患", "发放资料", "回访群众", "整理台账")
    clauses = (f"{random.choice(words)}到第{number}号片区，" for number in range(100, 205))
    book, row = _item(book, "".join(clauses) + "办结。")
    return book, _at(book, row)


@plants("W009", "W010")
def stopped_title(book: RawBook, random: Random) -> Planted:
    return _titled(book, random, random.choice(("{}。", "{}；", "{}，")))


@plants("W010")
def uneven_titles(book: RawBook, random: Random) -> Planted:
    row = rows_where(book, "章节", 编号=random.choice("123"))[0]
    return with_cells(book, "章节", row, {"标题末标点": "。"}), where(book, "章节", row, "标题末标点")


@plants("W011")
def unpaired(book: RawBook, random: Random) -> Planted:
    torn = ("推进“平安乡村建设。", "完善制度）。", "落实《工作方案要求。")
    return written(book, random, random.choice(torn), first=True)


@plants("W012")
def straight(book: RawBook, random: Random) -> Planted:
    return written(book, random, '推进"平安乡村"建设。')


@plants("W013")
def half_width(book: RawBook, random: Random) -> Planted:
    return written(book, random, f"建立制度{random.choice(',;:')}开展培训。")


@plants("W014")
def half_parentheses(book: RawBook, random: Random) -> Planted:
    return written(book, random, "开展村(社区)走访。")


@plants("W015", "W046", "W016")
def wide_percent(book: RawBook, random: Random) -> Planted:
    return written(book, random, "覆盖面超过九成，即90％。")


@plants("W016", "W046")
def wide_digits(book: RawBook, random: Random) -> Planted:
    return written(book, random, random.choice(("用好ＡＰＰ平台。", "推行第１号令。")))


@plants("W017", "L013")
def between_titles(book: RawBook, random: Random) -> Planted:
    return written(book, random, "推进“平安乡村”、“平安校园”建设。")


@plants("W018", "W021")
def doubled_marks(book: RawBook, random: Random) -> Planted:
    return written(book, random, random.choice(("建立制度，，开展培训。", "开展培训。。", "建立制度；。")))


@plants("W019")
def spaced(book: RawBook, random: Random) -> Planted:
    return written(book, random, "加强 队伍建设。")


@plants("W020")
def look_alike(book: RawBook, random: Random) -> Planted:
    return written(book, random, "抓好两件事：l是建立制度。", first=True)


@plants("W021", "W018")
def doubled_stop(book: RawBook, random: Random) -> Planted:
    book = _chapter(book)
    book, row = _item(book, "组织学习。", 小标题=random.choice(("抓好学习。。", "抓好学习，。")))
    return book, _at(book, row, "小标题")


@plants("W022")
def by_hand(book: RawBook, random: Random) -> Planted:
    book = _chapter(book)
    one, two = random.choice((("一是", "二是"), ("第一，", "第二，"), ("（一）", "（二）")))
    book, row = _item(book, f"{one}组织学习。")
    book, _ = _item(book, f"{two}开展宣传。")
    return book, _at(book, row)


@plants("W030")
def doubled_character(book: RawBook, random: Random) -> Planted:
    words = ("受人员限限制较多。", "完善工作制制度。", "局局党组定期研究。", "有力推推动工作。")
    return written(book, random, random.choice(words), first=True)


@plants("W031")
def doubled_word(book: RawBook, random: Random) -> Planted:
    return written(book, random, random.choice(("加强队伍建设建设。", "落实落实责任清单。")))


@plants("W032")
def legal_system(book: RawBook, random: Random) -> Planted:
    return written(book, random, random.choice(("加强法制宣传。", "推进法制建设。")))


@plants("W033")
def up_to(book: RawBook, random: Random) -> Planted:
    return written(book, random, random.choice(("截止目前，进展顺利。", "截止年底，全部办结。")), first=True)


@plants("W034")
def others(book: RawBook, random: Random) -> Planted:
    return written(book, random, "兼顾其它工作。")


@plants("W035")
def misspelt(book: RawBook, random: Random) -> Planted:
    words = ("布署年度工作。", "部份村组进展慢。", "签定责任书。", "健全台帐。", "做好防犯工作，防犯风险。")
    return written(book, random, random.choice(words))


@plants("W036", "L013", "W041", "W042")
def half_a_sentence(book: RawBook, random: Random) -> Planted:
    return written(book, random, "抓好以《工作要点》的学习、提升素质。")


@plants("W037")
def two_spellings(book: RawBook, random: Random) -> Planted:
    book = _chapter(book)
    book, _ = _item(book, "落实“谁主管谁负责”要求，坚持谁主管谁负责。")
    book, row = _item(book, "坚持“谁主管、谁负责”。")
    return book, _at(book, row)


@plants("W040", "W042", "W043")
def wrong_law(book: RawBook, random: Random) -> Planted:
    return written(book, random, random.choice(("落实《中华人民共和国社会救助暂行办法》。", "学习《村委会组织法》。")))


@plants("W040", "L013")
def wrong_law_in_a_list(book: RawBook, random: Random) -> Planted:
    row = random.choice(rows_where(book, "活动", 涉及法规=...))
    wrong = "中华人民共和国社会救助暂行办法"
    return with_cells(book, "活动", row, {"涉及法规": wrong}), where(book, "活动", row, "涉及法规")


@plants("W041")
def law_without_marks(book: RawBook, random: Random) -> Planted:
    laws = ("执行社会救助暂行办法。", "贯彻信访工作条例。", "依照民法典，办理登记。")
    return written(book, random, random.choice(laws))


@plants("W042", "W040")
def two_names_of_a_law(book: RawBook, random: Random) -> Planted:
    book = _chapter(book)
    book, _ = _item(book, "学习《禁毒法》。")
    book, _ = _item(book, "宣传《禁毒法》。")
    book, row = _item(book, "落实《中华人民共和国禁毒法》。")
    return book, _at(book, row)


@plants("W043", "W042")
def repealed(book: RawBook, random: Random) -> Planted:
    return written(book, random, random.choice(("执行《婚姻法》。", "落实《中华人民共和国合同法》。")))


@plants("W043", "L013", "T003", "L017")
def repealed_in_a_list(book: RawBook, random: Random) -> Planted:
    row = random.choice(rows_where(book, "任务", 依据法规=...))
    return with_cells(book, "任务", row, {"依据法规": "婚姻法"}), where(book, "任务", row, "依据法规")


@plants("W044")
def another_county(book: RawBook, random: Random) -> Planted:
    bureau = str(head_of(book, "机关全称"))
    tail = bureau[3:]
    return written(book, random, f"清源县{tail}按季通报。", first=True)


@plants("W044", "W048", "W050")
def another_bureau(book: RawBook, random: Random) -> Planted:
    bureau = str(head_of(book, "机关全称"))
    if len(bureau) > 8:
        raise NotHere("镇")
    return head(book, "机关全称", f"清源{bureau[2:]}")


@plants("W045")
def last_year(book: RawBook, random: Random) -> Planted:
    year = int(str(head_of(book, "报告年度"))) - 1
    return written(book, random, f"{year}年以来，各项工作有序推进。", first=True)


@plants("W052")
def impossible_day(book: RawBook, random: Random) -> Planted:
    days = ("2月30日集中开展。", "9月31日以前办结。", "13月1日正式施行。")
    return written(book, random, random.choice(days), first=True)


@plants("W053")
def said_twice(book: RawBook, random: Random) -> Planted:
    said = random.choice(("各项工作都有专人负责。", "检查中没有发现问题。"))
    return written(book, random, said + said)


@plants("W054")
def another_plan(book: RawBook, random: Random) -> Planted:
    if "五" not in str(head_of(book, "规划期名称")):
        raise NotHere("规划期名称")
    return written(book, random, random.choice(("扎实推进“六五”普法。", "四五普法工作有序开展。")), first=True)


@plants("W055")
def heading_number_inside(book: RawBook, random: Random) -> Planted:
    book = _chapter(book)
    book, row = _item(book, "主要做法有三条。（一）建立制度。（二）开展培训。（三）加强检查。")
    return book, _at(book, row)


@plants("W046")
def typed_number(book: RawBook, random: Random) -> Planted:
    return written(book, random, random.choice(("走访群众7431户。", "整改问题983个。", "满意率达到83.7%。")))


@plants("W047", "L005")
def number_of_a_metric(book: RawBook, random: Random) -> Planted:
    book, _ = with_row(book, "指标", {"编号": "M998", "名称": "走访户数", "单位": "户", "统计方式": "填报",
                                    "统计期": "本年", "填报值": 7431, "备注": "按走访记录填报"})
    return written(book, random, "走访群众7431户。")


@plants("W048")
def title_of_nobody(book: RawBook, random: Random) -> Planted:
    return head(book, "标题", "{{ 报告年度 }}年工作情况报告")


@plants("W049")
def number_in_words(book: RawBook, random: Random) -> Planted:
    return written(book, random, random.choice(("发放资料三千余份。", "走访群众二百余户。")))


@plants("W050")
def signed_by_another(book: RawBook, random: Random) -> Planted:
    return head(book, "署名", random.choice(("清源县司法局", "某某镇人民政府办公室")))


@plants("W051")
def annex_with_stop(book: RawBook, random: Random) -> Planted:
    return head(book, "附件", random.choice(("主要指标完成情况表。", "任务清单；", "1.任务清单。")))

