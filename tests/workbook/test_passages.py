"""What lets a rule pass over a text unread: the signs of its detector, the words of all texts at once."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.rules.passages import Passage, Texts
from workbook.wording import marks, words
from workbook.wording.enumerators import ANNOUNCING, FAMILIES, SIGNS, announced, opens_with
from workbook.wording.enumerators import marks as enumerators
from workbook.wording.hits import Detector, compiled
from workbook.wording.places import county_signs, other_counties
from workbook.wording.tables import WRONG_WORDS

DETECTORS = {name: one for room in (marks, words) for name, one in vars(room).items() if isinstance(one, Detector)}
PIECES = (
    *"，。；：、,.;:!?！？“”‘’\"'＂（）()《》〔〕【】「」 \t\u3000\n％%０Ａｂ1234OolI—ー－-一二三十两第其①②⑳是点\ue000",
    "法制", "法治", "截止", "截至", "目前", "其它", "以《", "做好", "限限", "工作工作", "谁执法谁普法", "四个方面",
    "各项工作", "汉字", "在青山县政府", "青山县民政局", "开展", "推动", "青山县", "部份", "宜传",
    *(wrong for wrong, _ in WRONG_WORDS if "(" not in wrong),
)
WORDS = [piece for piece in PIECES if piece != "\n"]
"""What is looked for never holds the line end that keeps texts apart."""
PROSE = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


def _texts(proses: list[str]) -> Texts:
    return Texts(tuple(Passage(prose, prose, "条目", "正文", row=row) for row, prose in enumerate(proses)))


@pytest.mark.parametrize("name", DETECTORS)
@settings(max_examples=300, deadline=None)
@given(PROSE)
def test_every_text_with_a_hit_holds_a_sign(name: str, prose: str) -> None:
    detect = DETECTORS[name]
    assert detect.signs
    assert not list(detect(prose)) or any(sign in prose for sign in detect.signs)


@settings(max_examples=300, deadline=None)
@given(PROSE)
def test_every_text_with_an_enumerator_a_promise_or_a_county_holds_its_sign(prose: str) -> None:
    for family in FAMILIES:
        assert not enumerators(family, prose) or any(sign in prose for sign in SIGNS[family])
    assert not announced(prose) or any(sign in prose for sign in ANNOUNCING)
    assert not list(words.terms(prose)) or any(sign in prose for sign in words.TERM_SIGNS)
    own = "云麓县", "云麓县民政局"
    assert not list(other_counties(prose, *own)) or any(sign in prose for sign in county_signs(*own))


@settings(max_examples=300, deadline=None)
@given(PROSE)
def test_a_text_opens_with_what_its_pattern_finds_at_its_beginning(prose: str) -> None:
    for family, pattern in FAMILIES.items():
        match, mark = re.match(pattern, prose), opens_with(family, prose)
        assert (mark.text if mark else None) == (match[0] if match else None)


@settings(deadline=None)
@given(st.lists(PROSE, max_size=8), st.lists(st.sampled_from(WORDS), max_size=4))
def test_the_texts_that_hold_a_word_are_those_that_a_look_at_each_finds(proses: list[str], sought: list[str]) -> None:
    texts = _texts(proses)
    assert [one.row for one in texts.holding(sought)] == [
        row for row, prose in enumerate(proses) if any(word in prose for word in sought)]
    assert texts.said(sought) == [word for word in sought if any(word in prose for prose in proses) or (word == "\n"
                                  and len(proses) > 1)]
    assert [one.row for one in texts.matching(compiled(words.DOUBLED_WORD))] == [
        row for row, prose in enumerate(proses) if re.search(words.DOUBLED_WORD, prose)]


@settings(deadline=None)
@given(st.lists(PROSE, max_size=8))
def test_the_hits_over_all_texts_are_those_of_each(proses: list[str]) -> None:
    texts = _texts(proses)
    for detect in DETECTORS.values():
        each = [(row, hit) for row, prose in enumerate(proses) for hit in detect(prose)]
        assert [(one.row, hit) for one, hit in texts.hits(detect)] == each
        firsts = [next((pair for pair in each if pair[0] == row), None) for row in range(len(proses))]
        assert [(one.row, hit) for one, hit in texts.first_hits(detect)] == [pair for pair in firsts if pair]
