"""A person's name beside what must not be known of that person. Precision first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from workbook.readings import compiled

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱林何郭罗梁宋郑谢韩唐冯董程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪"
    "田姜范石姚谭廖邹熊陆郝孔崔康毛邱秦江史顾侯邵孟龙段雷汤尹黎武乔贺赖龚庞樊殷牛倪翁葛柴祁俞梅岳齐莫庄"
)
_SURNAMED = frozenset(_SURNAMES)
_COMPOUND = "欧阳|司马|上官|诸葛|皇甫|尉迟|慕容"
_NAME = rf"(?:(?:{_COMPOUND})[一-鿿]{{1,2}}|[{_SURNAMES}][一-鿿]{{1,2}})"
_STATE = (
    "未成年人|未成年|低保户|低保对象|低保人员|低保家庭|特困人员|特困供养人员|困境儿童|留守儿童|孤儿|信访人|上访人|来访人"
    "|信访人员|患者|病人"
)
_AFTER = (
    r"(?=[，,。；;、：:（(）)\s]|$|同志|等\d|等人|因(?!素)|患[有上]?|反映|来信|来访|病情|身份证|家庭(?!$)"
    r"|办理|申请|申领|送[去上医]|入学|落户|一家|本人|夫[妇妻]|到[访我本县市省上]|来[电函我]|[上再]访|投诉|咨询|要求|提出|称"
    r"|已|被|享受|纳入|领取|多次|再次|一案|返校|复学|就医|住院|求助|送去|家[中里送]|名下|户[，。、；]|现年|年龄|[男女][，,、]"
    r"|女士|先生|老人|大[爷妈娘]|奶奶|爷爷|阿姨|小朋友|同学|每[月年]|无[力法人]|丧[失偶]|生活"
    r"|的(?:儿子|女儿|父亲|母亲|病情|信访|低保))"
)
_LINKS = ("：", ":", "“", "（", "(", "为", "是")
_STATE_FIRST = (rf"(?:{_STATE})(?:姓名)?[{''.join(_LINKS)}\s]?(?P<name>{_NAME}){_AFTER}")
_STOPS, _LEADING = "，,。；;、：:（(“为对给将与和及", "帮助|走访|慰问|救助|接待|群众|村民|居民|学生"
_NAME_FIRST = (
    rf"(?:^|[{_STOPS}\s]|{_LEADING})(?P<name>{_NAME})"
    rf"(?:同学|同志|家)?(?:[（(，,、]|系|为|是|属|等[一二两三四五六七八九十\d]*[名户位个]?)?(?:{_STATE}|患(?![者处难儿])|因病|的?病情|信访(?:事项|件|案|问题)"
    rf"|的信访|反映(?=[^，。；]*信访)|申请低保|的?低保(?:待遇|申请|金))"
)
_STATES, _LEADS = tuple(_STATE.split("|")), tuple(_LEADING.split("|"))
_LONGEST_LEAD = 9
"""Of the characters before a name: 特困供养人员姓名：."""
HINTS = ("未成年", "低保", "特困", "困境", "留守儿童", "孤儿", "信访", "上访", "来访人", "患", "病")
"""What every text that names a person in such a state holds."""
_NAMING = ("姓名", "名字", "名单", "人")
_NAMES_HEADER = (
    r"(?:未成年|低保|特困|困境|留守|孤儿|信访|上访|来访|患者|病人|救助对象)[^，。]{0,4}(?:姓名|名字|名单|人)$"
)
_NO_NAME = (
    "某|[×XＸ*]|^(?:陈述|陈旧|周[边围期岁转末年刊报长日一二三四五六]|张贴|张榜|许可|许多|程序|程度|康复|曾经|曾获|何种|何时|林业|林区|顾虑|段落|江河|石油"
    "|田地|夏季|史料|武装|余款|余额|余人|余名|余件|余户|毛利|贺信|唐突|黄金|龙头|雷同|钟点|董事|孔子|宋体|汤药|石材|梅雨|齐全|齐抓)"
    "|^(?:和|与)|(?:人员|对象|工作|家庭|户|等|的|在|被|已|及|和|与|向|对)$"
)


class Named(NamedTuple):
    """A name and the words it stands in, the name masked: 低保户王**."""

    text: str
    masked: str


def suspicious(text: str) -> bool:
    """Whether a text may name a person in such a state at all."""
    return _may_name(text) and any(compiled(pattern).search(text) for pattern in (_STATE_FIRST, _NAME_FIRST))


def _may_name(text: str) -> bool:
    """Whether a surname stands where a pattern wants one; most texts tell without the patterns, dear to compile."""
    last = max(map(text.rfind, HINTS))
    return last >= 0 and any(_begins_a_name(text[max(0, at - _LONGEST_LEAD):at], before_hint=at < last)
                             for at in _surnames(text))


def _surnames(text: str) -> Iterator[int]:
    """Where a surname may begin."""
    compounds = _COMPOUND.split("|")
    if not _SURNAMED.isdisjoint(text):
        yield from (at for at, character in enumerate(text) if character in _SURNAMED)
    yield from (at for name in compounds if name in text for at in range(len(text)) if text.startswith(name, at))


def _begins_a_name(before: str, *, before_hint: bool) -> bool:
    """Whether a name may follow: after a state, or after a stop where the state comes later."""
    if before_hint and (not before or before[-1] in _STOPS or before[-1].isspace() or before.endswith(_LEADS)):
        return True
    unlinked = before[:-1] if before.endswith(_LINKS) or before[-1:].isspace() else before
    return unlinked.removesuffix("姓名").endswith(_STATES)


def named_people(text: str) -> Iterator[Named]:
    """Every name of a text that stands beside such a state."""
    seen: set[str] = set()
    for pattern in (_STATE_FIRST, _NAME_FIRST) if _may_name(text) else ():
        for match in compiled(pattern).finditer(text):
            name = match["name"]
            if name in seen or compiled(_NO_NAME).search(name):
                continue
            seen.add(name)
            yield Named(name, match[0].replace(name, name[0] + "*" * (len(name) - 1)).strip("，,。；;、：: "))


def names_such_people(header: str) -> bool:
    """Whether a column's header says that it lists the names of such people (低保对象姓名)."""
    return header.endswith(_NAMING) and compiled(_NAMES_HEADER).search(header) is not None


def whole_name(text: str) -> str | None:
    """王** where a cell holds nothing but a name."""
    text = text.strip()
    named = compiled(_NAME).fullmatch(text) and not compiled(_NO_NAME).search(text)
    return text[0] + "*" * (len(text) - 1) if named else None
