"""What is left over from another report: another county's name, last year's number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from workbook.wording.hits import HAN, Hit, compiled, hit_of

LEVELS = ("自治县", "县", "区", "市", "旗")
_GENERIC = frozenset("全我本各该外邻市区跨省每两几多个数百强州到在向由经请和与同为对以从使让被把按据合及、入出于往建成")
_VERBS = (
    "配合", "联合", "会同", "协助", "协调", "邀请", "提请", "报请", "按照", "根据", "通过", "围绕", "依托", "结合",
    "对照", "组织", "推动", "推进", "服务", "支持", "建议", "示范", "试点", "重点", "先进", "文明", "平安", "法治",
    "上级", "相关", "有关", "周边", "相邻", "毗邻", "其他", "指导", "参加", "争取", "协同", "联系", "函请", "商请",
    "督促", "报送", "报告", "上报", "提交", "汇同", "牵头", "负责", "推荐", "反馈", "移送", "抄送", "确定", "委托",
    "脱贫", "贫困", "百强", "邻近", "周围", "外地", "对口", "结对", "属地",
)
"""Words that stand before 县民政局 and are no name of a county."""
_IN_COUNTY = r"[一-鿿]{2,6}?(?:自治县|县|区|市|旗)"
_ORGANS = "委|人民政府|政府|境内|全域"
_DOING = "落实|开展|举办|组织|坚持|全面|深入|积极|扎实|严格|认真|加强|建立|制定|印发"
_URGING = ("推动", "推进", "促进", "助力", "维护", "立足")
_LEADING = "由在经以为立是有从至把被让请"
"""Words that stand close before a county's name and are no part of it."""
_BESIDE = ("与", "和", "同", "赴", "到", "向", "邻", "及", "往", "对", "、")
_COMPARE = frozenset("较比去上")


def county_signs(own: str, bureau: str) -> list[str]:
    """The words one of which stands in every text in which `other_counties` finds one."""
    return [sign for signs in _patterns(own, bureau).values() for sign in signs]


def other_counties(prose: str, own: str, bureau: str) -> Iterator[Hit]:
    """Names of other counties where one's own should stand; `own` is 新绛县, `bureau` 新绛县民政局."""
    county, level = _levelled(own, bureau)
    told = (pattern for pattern, signs in _patterns(own, bureau).items() if any(sign in prose for sign in signs))
    for match in (one for pattern in told for one in re.finditer(pattern, prose)):
        if _is_foreign(prose, match, county.removesuffix(level)):
            start = match.start() + (len(match["name"]) == 3 and match["name"][0] in _LEADING)
            yield Hit(start, match.end(), prose[start:match.end()])


@lru_cache(maxsize=64)
def _patterns(own: str, bureau: str) -> dict[str, tuple[str, ...]]:
    """Where another county's name stands: pattern -> the words one of which every match of it needs."""
    own, level = _levelled(own, bureau)
    if not level:
        return {}
    rest = bureau[len(own):]
    return {
        rf"(?P<name>[{HAN}]{{2,3}}){level}(?={re.escape(rest)})": (level + rest,),
        rf"(?<=[在由经])(?P<name>[{HAN}]{{2,3}}){level}(?={_ORGANS})": _behind(level, _ORGANS),
        rf"(?:^|(?<=[。；，：\n]))(?P<name>[{HAN}]{{2}}){level}(?={_DOING})": _behind(level, _DOING),
        rf"(?<={'|'.join(_URGING)})(?P<name>[{HAN}]{{2}}){level}(?![级域城区乡直内建创际])": tuple(_URGING),
    }


def _behind(level: str, words: str) -> tuple[str, ...]:
    return tuple(level + word for word in words.split("|"))


def _levelled(own: str, bureau: str) -> tuple[str, str]:
    """The county and what it ends in (县, 区 …); the latter is empty where the bureau is none of the county."""
    own = _county(own)
    level = next((end for end in LEVELS if own.endswith(end)), "")
    return own, level if bureau.startswith(own) and len(bureau) > len(own) else ""


def _county(own: str) -> str:
    """The county that a place is in, or the place itself: 平川县 of 平川县柳林镇."""
    match = compiled(_IN_COUNTY).match(own) if own.endswith(("镇", "乡", "街道")) else None
    return match[0] if match else own


def _is_foreign(prose: str, match: re.Match[str], own: str) -> bool:
    name = match["name"]
    generic = name[-1] in _GENERIC or name.endswith(_VERBS)
    beside = prose[:match.start("name")].removesuffix("\n").endswith(_BESIDE) or name[0] in "与和同赴到向邻及往对"
    return not (name.endswith(own) or generic or beside)


def last_year_in_text(prose: str, year: int) -> Iterator[Hit]:
    """Last year's number where a sentence of this year's report begins with it."""
    follows = "以来|度|全年|我|全[县市区局镇乡系]|共|本[局县]|，|,"
    return _last_year(rf"(?:^|(?<=[。；，：\n自]))(?:{year - 1})年(?:{follows})|截[至止]{year - 1}年", prose)


def last_year_in_title(prose: str, year: int) -> Iterator[Hit]:
    """Last year's number in a title."""
    return _last_year(rf"{year - 1}年(?!.*(?:整改|以来|对比))", prose)


def _last_year(pattern: str, prose: str) -> Iterator[Hit]:
    match = re.search(pattern, prose)
    if match and _COMPARE.isdisjoint(prose[max(0, match.start() - 4):match.start()]):
        yield hit_of(match)
