"""Words: doubled, wrong, mixed up, or one term written two ways."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbook.wording.hits import HAN, SLOT, Hit, compiled, each, hit_of, signed, without_titles
from workbook.wording.tables import (
    ACROSS_WORDS,
    DOUBLED,
    DOUBLED_BEFORE,
    DOUBLED_WORDS,
    RIGHT_LEGAL_SYSTEM,
    WRONG_CORES,
    WRONG_WORDS,
)

_DOUBLED = f"([{''.join(DOUBLED)}])\\1"
DOUBLED_WORD = rf"([{HAN}]{{2,6}})\1"
"""A match never reaches over the end of a line."""
_SENTENCE, _SHORTEST_SENTENCE = r"[^。！？；\n]+[。！？；\n]?", 8
_LEGAL_SYSTEM = rf"法制(?!{'|'.join(RIGHT_LEGAL_SYSTEM)}|[{ACROSS_WORDS}])"
_WHO = rf"谁(?P<a>[{HAN}]{{1,3}}?)[、，,]?谁(?P<b>[{HAN}]{{2}})"
_TERM = rf"“([{HAN}0-9+、，,·]{{3,15}})”"
_NO_TERM_MARKS = str.maketrans("", "", "、，,·")
TERM_SIGNS = ("谁", "“")
"""What stands in every text that holds a term."""

up_to = each(rf"截止(?:到|至)?(?=[\d{SLOT}]|目前|今|年底|年末|当前|上?月底|去年|上年|本年)|截至(?=日期|时间)",
             ("截止", "截至"))
others = each("其它", ("其它",))
with_no_as = each(r"(?:抓好|抓住|做好|突出)以(?:《[^》\n]+》)+的[^为，。；、\n]*[、，。；]", ("以《",))


@signed(one * 2 for one in DOUBLED)
def doubled_characters(prose: str) -> Iterator[Hit]:
    """A character typed twice (限限制), where no two words meet in it."""
    return (hit_of(match) for match in compiled(_DOUBLED).finditer(prose) if _is_slip(prose, match))


def _is_slip(prose: str, match: re.Match[str]) -> bool:
    before, after = prose[match.start() - 1:match.start()], prose[match.end():match.end() + 1]
    if _pair(prose[match.end():match.end() + 2]) or _pair(prose[max(0, match.start() - 2):match.start()]):
        return False
    if match[1] in "局县委镇" and (not before or before in "。，；：、\n"):
        return True
    words_before, words_after = DOUBLED[match[1]]
    fits_before = words_before == "*" or (before != "" and before in words_before)
    fits_after = words_after == "*" or (after != "" and after in words_after)
    return not (fits_before and fits_after)


def _pair(text: str) -> bool:
    """Whether the neighbours are doubled too (实实在在)."""
    return len(text) == 2 and text[0] == text[1]


def doubled_words(prose: str) -> Iterator[Hit]:
    """A word typed twice; `given` is the word."""
    for match in compiled(DOUBLED_WORD).finditer(prose):
        word = match[1]
        names_a_thing = prose[match.end():].startswith(DOUBLED_BEFORE)
        if word not in DOUBLED_WORDS and word[0] not in "一每逐越" and len(set(word)) > 1 and not names_a_thing:
            yield hit_of(match, word)


def said_twice(text: str) -> Iterator[Hit]:
    """A sentence that stands there twice, one behind the other; `given` is how it begins."""
    before, at = "", 0
    if text.count("。") + text.count("；") < 2:
        return
    for sentence in compiled(_SENTENCE).findall(text):
        if sentence == before and len(sentence) >= _SHORTEST_SENTENCE:
            yield Hit(at, at + len(sentence), sentence[:_SHORTEST_SENTENCE])
        before, at = sentence, at + len(sentence)


@signed(("法制",))
def legal_system(prose: str) -> Iterator[Hit]:
    """法制 where 法治 is meant."""
    return (hit_of(match) for match in compiled(_LEGAL_SYSTEM).finditer(without_titles(prose)))


@signed(WRONG_CORES)
def wrong_words(prose: str) -> Iterator[Hit]:
    """Wrong forms with their `right` ones, the first of each."""
    for core, (pattern, right) in zip(WRONG_CORES, WRONG_WORDS, strict=True):
        match = re.search(pattern, without_titles(prose)) if core in prose else None
        if match:
            yield hit_of(match, right=right)


def terms(prose: str) -> Iterator[tuple[str, Hit]]:
    """Terms that may have two spellings (谁执法谁普法 and whatever stands in quotes): (term without marks, hit)."""
    for match in compiled(_WHO).finditer(prose):
        yield _bare(match[0]), hit_of(match)
    for match in compiled(_TERM).finditer(prose):
        if "谁" not in match[1]:
            yield _bare(match[1]), Hit(match.start(1), match.end(1), match[1])


def _bare(spelling: str) -> str:
    return spelling.translate(_NO_TERM_MARKS)
