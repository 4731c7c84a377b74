"""Where a long title breaks: 词意完整，排列对称，长短适宜 (GB/T 9704 7.3.1).

The lines are made by narrowing the paragraph, never by a break inside the title: so a title stays one
text. Hence each line takes what fits, and the first is the longest (倒梯形) or all are alike.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import accumulate

from templates.typesetting.stylesheet import narrow

# Words that the end of a line must not cut, and where it may cut a long one if need be. Longer ones stand first.
WORDS = """
法治·政府·建设 法治·政府 法治·建设 依法·治县 依法·治市 依法·行政 行政·执法 行政·复议 谁执法·谁普法 普法·责任制
人民·政府 委员会 办公室 管理局 街道·办事处 市场·监督·管理 应急·管理 医疗·保障 社会·保障 社会·救助 人力·资源
自然·资源 生态·环境 农业·农村 卫生·健康 乡村·振兴 审批·服务 文化·旅游 住房·城乡 退役·军人 综合·执法 主要·负责人
第一·责任人 重点·领域 重大·事项 贯彻·实施 贯彻·落实 专项·检查 专项·行动 工作·情况 工作·总结 工作·报告
工作·安排 自查·报告 情况·报告 下一步 上半年 下半年 责任制 责任人 负责人 年度 领导 干部 党政 职责 责任 任务 台账
民政 司法 财政 教育 公安 信访 统计 审计 法治 政府 建设 执法 普法 行政 工作 情况 报告 总结 自查 落实 履行 推进
开展 贯彻 实施 执行 加强 规范 完善 方案 计划 通知 意见 请示 批复 通报 学法 用法 宣传 培训 检查 督察 评估 整改
系统 全县 全市 全面 县委 乡镇 中国 共产党 中华 人民 共和国 未成年人 保护法
"""
YEAR = "[〇零一二三四五六七八九]{4}年"
_AGENCIES = ("政府", "委员会", "公室", *"局厅委部院会镇乡处")
_NEVER_FIRST, _NEVER_LAST = ("的", "了", "等"), ("关于", "和", "与", "及", "对", "在", "为", "第")

MAXIMUM_LINES = 5
SLACK = 0.45  # of a character: fonts differ in the width of their digits
LARGEST_SLACK = 0.95  # more would pull the next line's first character up


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, list[int]]]:
    """What never parts at a line end, the words, and the lengths of the parts of long words."""
    cluster = r"[（《〈“‘【〔]*(?:[!-~]+|.)[）》〉”’】〕，。、；：！？…—]*"
    parts = {word.replace("·", ""): [len(part) for part in word.split("·")] for word in WORDS.split()}
    return re.compile(cluster, re.DOTALL), re.compile("|".join([YEAR, *parts])), parts


def squares(text: str) -> float:
    """Width in Chinese characters: digits and Latin letters count half."""
    return len(text) - narrow(text) / 2


def lines(title: str, capacity: float) -> tuple[str, ...]:
    """The lines of a title, at most `capacity` Chinese characters each; one if it fits on one."""
    if squares(title) + SLACK <= capacity:
        return (title,)
    candidates = {wrap(title, width) for width in _widths(title, capacity)}
    fewest = min(map(len, candidates), default=0)
    sensible = [one for one in candidates if len(one) <= min(fewest + 1, MAXIMUM_LINES)]
    return min(sensible, key=lambda one: (_cost(one, fewest), one), default=(title,))


def width_of(wrapped: tuple[str, ...]) -> float:
    """The width, in Chinese characters, at which a title wraps into these lines."""
    return max(map(squares, wrapped)) + SLACK


def roomy_width(wrapped: tuple[str, ...]) -> float:
    """The same with room for a font with wider digits, where that pulls no character up."""
    widest = max(map(squares, wrapped))
    return widest + (LARGEST_SLACK if wrap("".join(wrapped), widest + LARGEST_SLACK) == wrapped else SLACK)


def wrap(title: str, width: float) -> tuple[str, ...]:
    """What an office program makes of a title at a width: every line as full as it gets."""
    wrapped: list[str] = []
    line, filled = "", 0.0
    for cluster, takes in _clusters(title):
        if line and filled + takes > width:
            wrapped.append(line)
            line, filled = "", 0.0
        line += cluster
        filled += takes
    return (*wrapped, line) if line else tuple(wrapped)


@lru_cache(maxsize=16)
def _clusters(title: str) -> list[tuple[str, float]]:
    """What never parts at a line end, each with its width."""
    return [(cluster, squares(cluster)) for cluster in _patterns()[0].findall(title)]


def _widths(title: str, capacity: float) -> list[float]:
    halves = range(8, int(2 * (capacity - SLACK)) + 1)
    return [half / 2 for half in halves if half / 2 * MAXIMUM_LINES >= squares(title)]


def _cost(wrapped: tuple[str, ...], fewest: int) -> float:
    widths = [squares(line) for line in wrapped]
    uneven = (max(widths) - widths[-1]) / max(widths)
    short = 5 if widths[-1] < 4 else 0
    cuts = _cuts("".join(wrapped))
    places = [len("".join(wrapped[: count + 1])) for count in range(len(wrapped) - 1)]
    return sum(cuts.get(place, 0) + _edge(wrapped, index) for index, place in enumerate(places)) + (
        3 * uneven + short + 3 * (len(wrapped) - fewest)
    )


@lru_cache(maxsize=16)
def _cuts(title: str) -> dict[int, float]:
    """What it costs to break before each character: inside a word most, between words least."""
    _, words, parts = _patterns()
    cuts = dict.fromkeys(range(1, len(title)), 3.0)
    for found in words.finditer(title):
        cuts |= dict.fromkeys(range(found.start() + 1, found.end()), 12.0)
        joints = accumulate(parts.get(found[0], [])[:-1], initial=found.start())
        cuts |= dict.fromkeys(joints, 3.5) | {found.start(): 1.0, found.end(): 1.0}
    return cuts


def _edge(wrapped: tuple[str, ...], index: int) -> float:
    """What a line's end and the next one's beginning say about the place between them."""
    line, following = wrapped[index], wrapped[index + 1]
    if following.startswith(_NEVER_FIRST) or line.endswith(_NEVER_LAST):
        return 6
    if line[-1].isdigit() or (following[0] == "年" and len(following) > 1):
        return 8
    if following.startswith("关于") or line.endswith(("年", "年度", "的")):
        return -1
    return -1 if line.endswith(_AGENCIES) else 0
