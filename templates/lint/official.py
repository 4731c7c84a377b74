"""The parts of an official document: title, numbers, addressees, attachments, signature, date (GB/T 9704-2012, 7)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from templates.lint.outline import Report
from templates.lint.registry import INFO, Spot, lint_rule, spot, whole
from templates.lint.roles import KINDS, Role

GONGWEN = "国标 GB/T 9704—2012"
RULES_OF_OFFICE = "条例 党政机关公文处理工作条例"
_TITLE_MARKS = re.compile(r"[，；：！？!?,;:]|。(?=.)")
_ABOUT = re.compile(rf"关于(?!.*的(?:{'|'.join(KINDS)})(?:（[^）]*）)?$).*(?:{'|'.join(KINDS)})(?:（[^）]*）)?$")
_NUMBER = re.compile(
    r"(?P<word>[^\s\d〔\[（(【]{1,16})(?P<left>[〔\[（(【])(?P<year>\d{4})(?P<right>[〕\]）)】])\s*"
    r"(?P<more>第?0*)(?P<n>\d+)号"
)
_WRITTEN_DATE = re.compile(r"\d{4}年(?:[1-9]|1[0-2])月(?:[1-9]|[12]\d|3[01])日")
_ASKS = re.compile(
    r"(?:妥否|当否|可否)[，,]?请[^。]{0,6}(?:批示|批复|指示)|请(?:予|给予)?(?:批准|批复|审批)|望[^。]{0,4}批准"
)
_NOTHING_MORE = re.compile(r"[（(]?此页无正文[）)]?")
_ATTACHMENT = re.compile(r"附\s*件?\s*(?P<colon>[：:])")


@lint_rule("G080", "标题里有标点", "标题里有“{value}”，公文标题除书名号、引号、括号外一般不用标点。",
           "请删掉或改写标题。", INFO, "惯例")
def marks_in_title(report: Report) -> Iterator[Spot]:
    """标题要一口气读完；逗号、冒号会让标题断成两截，也不便归档检索。"""
    for part in report.of(Role.TITLE):
        for match in _TITLE_MARKS.finditer(part.line.text.strip()):
            lead = len(part.line.text) - len(part.line.text.lstrip())
            yield spot(part, match.start() + lead, match.end() + lead)


@lint_rule("G081", "标题没有文种", "标题“{value}”没有写明是报告、总结还是别的文种。",
           "请在标题末尾写明文种，如“……的报告”。", authority=f"{RULES_OF_OFFICE}第九条")
def title_without_kind(report: Report) -> Iterator[Spot]:
    """公文标题由发文机关名称、事由和文种组成；没有文种，收文单位不知道该怎么办理。"""
    parts = report.of(Role.TITLE)
    if parts and not re.search(rf"(?:{'|'.join(KINDS)})(?:（[^）]*）)?[。！]?$", report.title):
        yield whole(parts[-1], report.title)


@lint_rule("G082", "“关于……”缺“的”", "标题“{value}”有“关于”，文种前面少了“的”。", "请写成“关于……的报告”。", INFO,
           f"{RULES_OF_OFFICE}第九条")
def about_without_of(report: Report) -> Iterator[Spot]:
    """“关于（事由）的（文种）”是标题的固定格式。"""
    parts = report.of(Role.TITLE)
    if parts and _ABOUT.search(report.title) and not report.title.endswith(("情况", "情况。")):
        yield whole(parts[-1], report.title)


@lint_rule("G083", "发文字号的写法", "发文字号“{value}”应写成“{given}”。",
           "请改用六角括号〔〕，序号不编虚位、不加“第”。", authority=f"{GONGWEN} 7.2.5")
def document_number(report: Report) -> Iterator[Spot]:
    """年份用六角括号〔〕括入，发文顺序号不加“第”字、不编虚位（1 不写作 01）。"""
    for part in report.of(Role.FRONT):
        match = _NUMBER.search(part.line.text)
        if match and (match["left"] + match["right"] != "〔〕" or match["more"]):
            right = f"{match['word']}〔{match['year']}〕{match['n']}号"
            yield spot(part, match.start(), match.end(), given=right)


@lint_rule("G084", "成文日期的写法", "成文日期“{value}”的写法不对。",
           "请用阿拉伯数字写全年月日，不补零，如 2024年1月9日。", authority=f"{GONGWEN} 7.3.5.4")
def written_date(report: Report) -> Iterator[Spot]:
    """成文日期用阿拉伯数字将年、月、日标全，年份标全称，月、日不编虚位。"""
    for part in report.of(Role.DATE):
        text = re.sub(r"[\s\u3000（）()]", "", part.line.text)
        if not _WRITTEN_DATE.fullmatch(text):
            yield whole(part)


@lint_rule("G085", "附件说明末尾有标点", "附件名称“{value}”后面有标点。", "请删掉末尾的标点。",
           authority=f"{GONGWEN} 7.3.4")
def attachment_stops(report: Report) -> Iterator[Spot]:
    """附件名称后面不加标点符号。"""
    for part in report.of(Role.ATTACHMENT):
        text = part.line.text.rstrip()
        if text[-1] in "。；;，,、.":
            yield spot(part, len(text) - 1, len(text), text.strip()[-16:])


@lint_rule("G086", "附件说明的写法", "附件说明“{value}”的写法不对。",
           "请写成“附件：1.名称”，用全角冒号，序号后用下脚点。", INFO, f"{GONGWEN} 7.3.4")
def attachment_form(report: Report) -> Iterator[Spot]:
    """附件说明写“附件”二字，后面是全角冒号和附件名称；两个以上用阿拉伯数字和下脚点编号。"""
    for part in report.of(Role.ATTACHMENT):
        text = part.line.text.strip()
        head = _ATTACHMENT.match(text)
        odd_head = head and (head["colon"] == ":" or not text.startswith("附件"))
        if odd_head or re.match(r"(?:附件：)?\d{1,2}[、．]", text):
            yield whole(part, text[:16])


@lint_rule("G087", "“此页无正文”", "不应用“此页无正文”来凑页。", "请调整行距、字距，让落款和正文同在一页。",
           authority=f"{GONGWEN} 7.3.5.5")
def page_without_body(report: Report) -> Iterator[Spot]:
    """落款和正文不在一页的文件容易被人换页；标准要求用调整行距、字距的办法解决。"""
    for part in report.worded:
        match = _NOTHING_MORE.search(part.line.text)
        if match:
            yield spot(part, match.start(), match.end())


@lint_rule("G088", "主送机关后面的冒号", "主送机关“{value}”后面应是全角冒号。", "请改成“：”。",
           authority=f"{GONGWEN} 7.3.2")
def addressee_colon(report: Report) -> Iterator[Spot]:
    """最后一个主送机关名称后面标全角冒号。"""
    for part in report.of(Role.ADDRESSEE):
        text = part.line.text.rstrip()
        if text.endswith(":"):
            yield spot(part, len(text) - 1, len(text), text.strip())


@lint_rule("G089", "报告里夹带请示", "“{value}”是请示的话，报告里不能夹带请示事项。", "请删掉，或另写一份请示。",
           authority=f"{RULES_OF_OFFICE}第十五条")
def request_in_report(report: Report) -> Iterator[Spot]:
    """报告不需要答复，夹在里面的请示事项没有人批；条例规定不得在报告等非请示性公文中夹带请示事项。"""
    if report.title.rstrip("。").endswith("报告") and "请示" not in report.title:
        for part in report.prose:
            for match in _ASKS.finditer(part.line.text):
                yield spot(part, match.start(), match.end())


@lint_rule("G090", "抄送机关末尾没有句号", "抄送机关末尾没有句号。", "请在最后一个抄送机关后面加句号。", INFO,
           f"{GONGWEN} 7.4.2")
def copy_stop(report: Report) -> Iterator[Spot]:
    """最后一个抄送机关名称后面标句号，表示到此为止。"""
    for part in report.of(Role.IMPRINT):
        text = part.line.text.rstrip()
        if re.match(r"\s*抄\s*送", text) and text[-1] != "。":
            yield spot(part, max(0, len(text) - 1), len(text))


@lint_rule("G091", "有署名没有成文日期", "有署名“{value}”，没有成文日期。", "请在署名下面写上成文日期。",
           authority=f"{GONGWEN} 7.3.5")
def signature_without_date(report: Report) -> Iterator[Spot]:
    """成文日期是公文生效的时间，也是计算报送期限的依据。"""
    last = next((part for part in reversed(report.worded) if part.role in (Role.BODY, Role.SIGNATURE)), None)
    if report.of(Role.DATE) or last is None or last is report.worded[0]:
        return
    if report.bureau and last.line.text.strip() == report.bureau:
        yield whole(last)


@lint_rule("G092", "标题断行不当", "标题在“{value}”前断行，词意断开了。", "请调整断行，每行词意完整。", INFO,
           f"{GONGWEN} 7.3.1")
def broken_title(report: Report) -> Iterator[Spot]:
    """标题分行要词意完整、排列对称；行首是“的”“和”或剩一两个字，读起来就断了。"""
    for part in report.of(Role.TITLE)[1:]:
        text = part.line.text.strip()
        if text[0] in "的和及与、》”" or len(text) < 3:
            yield whole(part)
