"""The table of national laws: what it holds, and how a name in a text is told right, wrong or near."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.laws import REPEALED, STATE, Law, LawTable, fold_title, national_laws, national_table, table_with
from workbook.wording.law_names import repealed_titles, untitled, wrong_titles

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_COMMON = (
    "宪法", "民法典", "行政处罚法", "行政复议法", "行政诉讼法", "行政许可法", "未成年人保护法", "慈善法",
    "治安管理处罚法",
    "反有组织犯罪法", "反电信网络诈骗法", "道路交通安全法", "禁毒法", "居民身份证法", "出境入境管理法",
    "社会救助暂行办法", "婚姻登记条例", "殡葬管理条例", "地名管理条例", "信访工作条例", "政府信息公开条例",
    "重大行政决策程序暂行条例", "优化营商环境条例", "法治政府建设实施纲要（2021－2025年）",
    "关于实行国家机关“谁执法谁普法”普法责任制的意见",
)


def test_the_table_holds_what_county_offices_cite() -> None:
    assert len([law for law in national_laws() if not law.repealed]) >= 150
    assert [name for name in _COMMON if national_table().named(name) is None] == []


def test_a_name_stands_once_and_no_wrong_name_is_a_right_one() -> None:
    names = [law.official for law in national_laws()]
    assert len(names) == len(set(names))
    right = national_table().right
    assert [name for law in national_laws() for name in law.wrong if fold_title(name) in right] == []


def test_what_is_dated_or_repealed_names_its_source_and_its_day() -> None:
    for law in national_laws():
        said = law.in_force or law.revised or law.status
        assert bool(law.source) >= bool(said), law.official
        assert not said or _DAY.fullmatch(law.checked), law.official
        assert all(not day or _DAY.fullmatch(day) for day in (law.in_force, law.revised)), law.official
        assert law.status in ("", REPEALED), law.official


@pytest.mark.parametrize(("name", "meant"), [
    ("中华人民共和国社会救助暂行办法", "社会救助暂行办法"),
    ("未成年保护法", "中华人民共和国未成年人保护法"),
    ("中华人民共和国未成年保护法", "中华人民共和国未成年人保护法"),
    ("老年人权益保护法", "中华人民共和国老年人权益保障法"),
    ("治安管理处罚罚法", "中华人民共和国治安管理处罚法"),
])
def test_a_wrong_name_says_which_law_is_meant(name: str, meant: str) -> None:
    law = national_table().meant(name)
    assert law is not None
    assert law.official == meant


@pytest.mark.parametrize("name", [
    "社会救助暂行办法", "中华人民共和国未成年人保护法", "法治政府建设实施纲要（2021—2025年）",
    "法治政府建设实施纲要(2021-2025年)", "法治政府建设实施纲要", "关于实行国家机关谁执法谁普法普法责任制的意见",
    "海南省社会救助办法", "临溪县普法办法", "法治政府建设实施纲要（2015－2020年）",
])
def test_right_local_and_older_names_are_left_alone(name: str) -> None:
    assert national_table().meant(name) is None


@given(st.sampled_from(national_laws()))
def test_every_name_of_a_law_is_right(law: Law) -> None:
    for name in law.names:
        assert national_table().named(name) is not None
        assert national_table().meant(name) is None


def test_an_office_adds_its_own_laws_and_its_word_comes_first() -> None:
    own = Law("临溪县犬只管理办法", ("养犬办法",), ("临溪县养犬条例",))
    table = table_with([own, Law("信访条例", status="现行")])
    assert table.meant("临溪县养犬条例") == own
    assert table.named("信访条例") == Law("信访条例", status="现行")
    assert table.named("信访工作条例") is not None
    assert table_with([]) is national_table()


def test_hits_stand_on_the_name_without_its_marks() -> None:
    prose = "学习《未成年保护法》《信访条例》和信访工作条例。"
    (wrong,) = wrong_titles(prose, national_table())
    assert (prose[wrong.start:wrong.end], wrong.right) == ("未成年保护法", f"{STATE}未成年人保护法")
    (old,) = repealed_titles(prose, national_table())
    assert prose[old.start:old.end] == "信访条例"
    (bare,) = untitled(prose.replace("《信访条例》", ""), ["信访工作条例"])
    assert bare.given == "信访工作条例"


def test_a_short_name_is_never_near_another() -> None:
    table = LawTable((Law("水法"), Law("种子法")))
    assert table.meant("子法") is None
    assert table.meant("水水法") is None
