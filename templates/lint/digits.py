"""How numbers, dates and units are written (GB/T 15835-2011; GB 3100-1993)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from templates.lint.outline import Report
from templates.lint.registry import INFO, Spot, lint_rule, spot
from templates.lint.roles import Role
from workbook.wording.days import impossible_days as impossible
from workbook.wording.hits import Detect, each, without_titles

DIGITS = "国标 GB/T 15835—2011"
_UNITS = "人次|件次|场次|个|件|人|名|次|场|份|条|张|户|家|天|年|项|起|处|所|辆|万|元|岁"
_RATES = (
    "(?:合格|知晓|满意|覆盖|参学|参训|参与|回复|办结|受理|答复|公开|审查|出庭|应诉|到会|普及|及时|入驻|公示|备案|持证"
    "|通过|执行|履约|结案|采纳|签订|履职|登记)率"
)
_OVER = re.compile(rf"{_RATES}(?:均|都)?(?:为|达到|达|是|提高到|提升至|保持在)?(?P<n>\d{{1,4}}(?:\.\d+)?)[%％]")
_PAIR = "|".join(f"{one}、{other}" for one, other in zip("一二三四五六七八", "二三四五六七八九", strict=True))

mixed_scales = each(
    r"(?<!\d)(?:\d++(?:\.\d++)?[万亿]\d++[千百十](?!分)|\d++千\d++百?|\d++百[零\d]\d*+)|[一二三四五六七八九]千\d++"
)
approximate = each(
    rf"(?<![\d.、第])(?:[1-9]、[1-9])(?=(?:{_UNITS})(?![月日]))|(?<!第)(?:{_PAIR}|两、三)(?=[十百千万]?(?:{_UNITS})(?!级))"
)
zero_years = each(
    r"(?<![一二三四五六七八九十\d])[一二]零[零一二三四五六七八九]{2}(?=年)|[二2][OoＯ][OoＯ\d一二][\d一二三四五六七八九](?=年)"
)
short_years = each(r"(?<![\d年])(?<![\d.])\d{2}年(?=\d{1,2}月)|[’'‘]\d{2}年")
padded_days = each(r"\d{4}年(?:0\d月\d{1,2}日|\d{1,2}月0\d日)|(?<!\d)0\d月\d{1,2}日")
wide_commas = each(r"(?<=\d)，(?=\d{3}(?!\d)(?:[，\d]|人|件|元|份|次|户|名|万))")
hyphen_ranges = each(
    r"(?<![\d\-－—A-Za-z])(?:\d{4}|\d{1,2}[年月日]|\d+(?:\.\d+)?[%万]?)-\d+(?:\.\d+)?[年月日时点%万元人岁]"
)
odd_units = each(r"(?<=\d)(?:市斤|公分|英尺|英寸|马力|华里|公升|市尺|平米|立米|KM|Km|KG|Kg)(?![A-Za-z])")
twice_about = each(
    r"(?:近|约|大约|将近|超过|逾)\d+(?:\.\d+)?(?:[余多]|[万千百亿][余多]?)?[万千百亿]?"
    r"(?:人次|件次|场次|[个件人名次场份条张户家元])(?:左右|以上|上下)"
    r"|(?:近|约|大约|将近|超过|逾)\d+(?:\.\d+)?(?:[余多]|[万千百亿][余多])"
    r"|(?<!\d)\d++[余多][万千百亿]?[个件人名次场份条张户家元]?(?:左右|上下|以上)"
)
_GROUPED = re.compile(r"(?<![\d,.])\d{1,3}(?:,\d{3})+(?![\d,])")
_UNGROUPED = re.compile(rf"(?<![\d,.\-—－A-Za-z〔第])\d{{4,}}(?:\.\d+)?(?=余?(?:{_UNITS})(?![月日]))(?!年)")
fewer_times = each(r"(?:减少|降低|下降|缩短|压缩|缩小)(?:了|到)?\d+(?:\.\d+)?倍")


def _told(report: Report, detect: Detect, *but: Role) -> Iterator[Spot]:
    for part in report.worded:
        for hit in detect(part.line.text) if part.role not in but else ():
            yield spot(part, hit.start, hit.end)


@lint_rule("G020", "数字里汉字和阿拉伯数字混用", "“{value}”里数字一半是阿拉伯数字、一半是汉字。",
           "请写成 15000 或 1.5万；只有“万”“亿”可以和阿拉伯数字连用。", authority=f"{DIGITS} 5.3")
def mixed_digits(report: Report) -> Iterator[Spot]:
    """一个数里“万”“亿”以外的部分不能同时用两种数字；“1万5千”不好核对，也不能计算。"""
    return _told(report, mixed_scales)


@lint_rule("G021", "相邻数字表示的概数写法不对", "“{value}”表示概数，两个数字之间不用顿号，也不用阿拉伯数字。",
           "请写成“三四人”的样子。", authority=f"{DIGITS} 5.2.1")
def approximate_digits(report: Report) -> Iterator[Spot]:
    """相邻两个数连用表示概数，用汉字、中间不加顿号；加了顿号，读者会以为是两个数。"""
    return _told(report, approximate, Role.TABLE)


@lint_rule("G022", "年份里的零", "“{value}”里的零写得不对，汉字年份用“〇”。", "请写成阿拉伯数字的年份，或改用“〇”。",
           authority=f"{DIGITS} 5.2")
def zero_in_years(report: Report) -> Iterator[Spot]:
    """编号和年份里的零，汉字形式是“〇”；写成“零”或字母 O 不合标准，也搜不到。"""
    return _told(report, zero_years)


@lint_rule("G023", "年份简写成两位", "“{value}”把年份简写成两位数。", "请写全四位年份。", authority=f"{DIGITS} 5.1")
def two_digit_years(report: Report) -> Iterator[Spot]:
    """公历年份用四位数字；简写后，存档多年就分不清是哪一年。"""
    return _told(report, short_years)


@lint_rule("G024", "日期补了零", "“{value}”的月、日前面补了零。", "请去掉补的零，如 2024年1月9日。", INFO,
           "国标 GB/T 9704—2012 7.3.5.4")
def padded_dates(report: Report) -> Iterator[Spot]:
    """公文日期的月、日不编虚位，1 不写作 01。"""
    return _told(report, padded_days, Role.TABLE, Role.FRONT, Role.DATE)


@lint_rule("G025", "没有这一天", "日历上没有“{value}”。", "请核对日期。")
def impossible_days(report: Report) -> Iterator[Spot]:
    """写出 2月30日、13月，说明日期抄错了，事情发生在哪天就没有了依据。"""
    for part in report.worded:
        for hit in impossible(part.line.text):
            yield spot(part, hit.start, hit.end)


@lint_rule("G026", "数字中间用了全角逗号", "“{value}”是夹在数字中间的全角逗号，会被读成两个数。",
           "请删掉，或改成半角的千分撇。", authority=f"{DIGITS} 5.1.1")
def wide_commas_in_numbers(report: Report) -> Iterator[Spot]:
    """多位数分节用半角的千分撇或千分空；全角逗号会把一个数断成两个。"""
    return _told(report, wide_commas, Role.TABLE)


@lint_rule("G027", "起止之间用了短横", "“{value}”用短横（-）连接起止，容易看成减号。",
           "请改成一字线（—）或浪纹线（～）。", INFO, "国标 GB/T 15834—2011 4.13")
def hyphens_in_ranges(report: Report) -> Iterator[Spot]:
    """标示时间、数量起止用一字线或浪纹线；短横只用于编号、型号。"""
    return _told(report, lambda prose: hyphen_ranges(without_titles(prose)), Role.FRONT, Role.TABLE)


@lint_rule("G028", "不是法定计量单位", "“{value}”不是法定计量单位的写法。",
           "请改用法定单位，如千克、千米、厘米、平方米。", authority="国标 GB/T 9704—2012 9、GB 3100")
def odd_unit_names(report: Report) -> Iterator[Spot]:
    """公文中计量单位执行国家标准；旧单位、错写的符号会让数量无从核对。"""
    return _told(report, odd_units)


@lint_rule("G029", "约数说了两遍", "“{value}”里表示约数的词用了两次。",
           "请留一个：近40次、40多次、40次左右、40次以上。")
def approximate_twice(report: Report) -> Iterator[Spot]:
    """“近”“约”和“余”“多”“左右”“以上”意思相同或相反，叠在一起数目就说不清了。"""
    return _told(report, twice_about)


@lint_rule("G030", "减少用了倍", "“{value}”：减少、降低不能用倍数。", "请改成百分之几或几分之几。")
def fewer_by_times(report: Report) -> Iterator[Spot]:
    """减少一倍就是零，再多就成了负数。"""
    return _told(report, fewer_times)


@lint_rule("G031", "比率超过百分之百", "“{value}”超过了100%。", "请核对分子和分母。")
def over_hundred(report: Report) -> Iterator[Spot]:
    """合格率、办结率一类的比率不会超过 100%，超过的是算错或抄错。"""
    for part in report.worded:
        for match in _OVER.finditer(part.line.text):
            if float(match["n"]) > 100:
                yield spot(part, match.start(), match.end())


@lint_rule("G032", "千分撇有的用、有的不用", "“{value}”和别处的“{given}”写法不一样。", "请统一：都用千分撇，或都不用。",
           INFO, f"{DIGITS} 5.1.1")
def uneven_grouping(report: Report) -> Iterator[Spot]:
    """一份报告里四位以上的数有的分节、有的不分节，像是几处抄来的。表格里的数不算。"""
    grouped = [(part, one) for part in report.prose for one in _GROUPED.finditer(part.line.text)]
    plain = [(part, one) for part in report.prose for one in _UNGROUPED.finditer(part.line.text)]
    rare, usual = (grouped, plain) if len(grouped) <= len(plain) else (plain, grouped)
    for part, match in rare if usual else ():
        yield spot(part, match.start(), match.end(), given=usual[0][1][0])
