"""What the lines above and below the running text are: title, addressee, signature, date … (GB/T 9704-2012, 7)."""

from __future__ import annotations

import re
from enum import Enum

from templates.lint.headings import LONGEST, heading_of
from templates.lint.text import Line

KINDS = (
    "报告", "总结", "汇报", "情况", "意见", "通知", "方案", "请示", "函", "计划", "要点", "纪要", "决定", "公告",
    "通报", "规划", "自查",
)
_TITLE_END = re.compile(rf"(?:{'|'.join(KINDS)})(?:（[^（）]{{1,12}}）)?$")
_LONGEST_TITLE_LINE, _LONGEST_NAME = 45, 30
_FRONT = re.compile(
    r"(?:索引号|发布机构|发文机关|发文机构|发布日期|发文日期|成文日期|主题分类|主题词|文\s*号|发文字号|密级|份号|签发人|来源|时间|日期|公开属性|有效性)"
    r"\s*[：:]|\[?\s*[一-鿿]{2,6}\s*(?:[：:]|\])|\S{1,16}[〔\[（(【]\d{4}[〕\]）)】]\s*第?\d+号|\d{6}$|(?:绝密|机密|秘密|特急|加急|平急)|\S{2,20}文件$"
)
_DATE = re.compile(
    r"[（(]?\s*(?:\d{2,4}|[一二三四五六七八九十〇零○OＯ0]{2,4})\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月\s*"
    r"[\d一二三四五六七八九十]{1,3}\s*日\s*[）)]?|[（(]?\d{4}[-./]\d{1,2}[-./]\d{1,2}[）)]?"
)
_ADDRESSEE = re.compile(r"\S.{0,80}(?:委|府|局|办|厅|部|院|会|室|公司|单位|中心|人大|同志)(?:[）)])?[：:]")
_ATTACHED = re.compile(r"附\s*件?\s*[：:]\s*\S")
_ATTACHED_MORE = re.compile(r"\s*\d{1,2}[.．、]")
_APPENDIX = re.compile(r"附\s*件\s*\d{0,2}\s*[：:]?|附[表图]\s*\d{0,2}")
_IMPRINT = re.compile(r"(?:抄\s*送|主\s*送|分\s*送)\s*[：:]|\S.*印发\s*$")
_REMARK = re.compile(r"[（(][^（）()]{2,40}[）)]")


class Role(Enum):
    """What a line is for."""

    BLANK = "空行"
    FRONT = "题前"
    TITLE = "标题"
    ADDRESSEE = "主送机关"
    HEADING = "小标题"
    BODY = "正文"
    ATTACHMENT = "附件说明"
    SIGNATURE = "署名"
    DATE = "成文日期"
    REMARK = "附注"
    IMPRINT = "版记"
    TABLE = "表格"
    APPENDIX = "附件"


def title_roles(lines: tuple[Line, ...], places: list[int]) -> dict[int, Role]:
    """The lines above the title, the title and the 主送机关 below it."""
    roles: dict[int, Role] = {}
    rest = list(places)
    while rest and len(roles) < 15 and _FRONT.match(lines[rest[0]].text.strip()):
        roles[rest.pop(0)] = Role.FRONT
    taken = _title_lines(lines, rest)
    roles |= dict.fromkeys(taken, Role.TITLE)
    below = rest[len(taken):][:3] if taken else []
    while below and (role := _below_title(lines[below[0]].text.strip())):
        roles[below.pop(0)] = role
    if below and _ADDRESSEE.fullmatch(lines[below[0]].text.strip()):
        roles[below[0]] = Role.ADDRESSEE
    return roles


def _below_title(text: str) -> Role | None:
    if _DATE.fullmatch(text):
        return Role.DATE
    return Role.REMARK if _REMARK.fullmatch(text) else None


def _title_lines(lines: tuple[Line, ...], places: list[int]) -> list[int]:
    """One to three short lines that end in the name of a kind of document; else the first short line."""
    joined = ""
    for count, at in enumerate(places[:3], 1):
        text = lines[at].text.strip()
        if len(text) > _LONGEST_TITLE_LINE or heading_of(text) or text[-1] in "：:；":
            break
        joined += text
        goes_on = count < len(places) and lines[places[count]].text.lstrip().startswith("的")
        if _TITLE_END.search(joined.rstrip("。！")) and not goes_on:
            return places[:count]
    if places and _may_be_title(lines[places[0]]):
        return places[:1]
    return []


def _may_be_title(line: Line) -> bool:
    text = line.text.strip()
    short = len(text) <= _LONGEST_TITLE_LINE and text[-1] not in "。！？：；，:;,"
    return line.level == 1 or (short and not heading_of(text))


def tail_roles(lines: tuple[Line, ...], places: list[int]) -> dict[int, Role]:
    """附件说明, 署名, 成文日期, 附注, 版记 and 附件, from the last date on."""
    dated = [order for order, at in enumerate(places) if _DATE.fullmatch(lines[at].text.strip())]
    last = dated[-1] if dated and dated[-1] > 0 else None
    roles: dict[int, Role] = {}
    if last is not None:
        roles[places[last]] = Role.DATE
        roles |= _names_before(lines, places[max(0, last - 3):last])
    for at in places[last + 1:] if last is not None else ():
        role = after_date(lines[at].text.strip())
        if role:
            roles[at] = role
    return roles | _attachments(lines, places, roles)


def _names_before(lines: tuple[Line, ...], places: list[int]) -> dict[int, Role]:
    roles: dict[int, Role] = {}
    for at in reversed(places):
        text = lines[at].text.strip()
        if len(text) > _LONGEST_NAME or text[-1] in "。；：！？，、" or heading_of(text) or _ATTACHED.match(text):
            break
        roles[at] = Role.SIGNATURE
    return roles


def after_date(text: str) -> Role | None:
    if _IMPRINT.match(text):
        return Role.IMPRINT
    if _APPENDIX.fullmatch(text):
        return Role.APPENDIX
    return Role.REMARK if _REMARK.fullmatch(text) else None


def _attachments(lines: tuple[Line, ...], places: list[int], known: dict[int, Role]) -> dict[int, Role]:
    roles: dict[int, Role] = {}
    inside = False
    for at in places:
        text = lines[at].text.strip()
        begins = bool(_ATTACHED.match(text)) and len(text) <= 2 * LONGEST
        inside = at not in known and (begins or (inside and bool(_ATTACHED_MORE.match(text))))
        if inside:
            roles[at] = Role.ATTACHMENT
    return roles
