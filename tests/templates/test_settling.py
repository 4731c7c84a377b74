"""Bookmarks that move nothing on paper: where they stand, and how each phrase is found again."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates.docx_text import paragraphs
from templates.provenance.carriers import Trace
from templates.provenance.manifest import Manifest, Mark, to_json
from templates.provenance.marking import marked
from templates.provenance.settling import placed, restored, seams, settled
from templates.report import compose, render
from tests.traced import LEDGER
from workbook.book import recognize
from workbook.identity import with_ids
from workbook.ledger import Ledger
from workbook.spans import Bookmark, Span, text_of
from workbook.text import parse

EXAMPLE = Path(__file__).parents[2] / "templates" / "example.ledger.md"
LEDGERS = {"样例": LEDGER, "示例台账": EXAMPLE.read_text("utf-8")}


def printed(text: str) -> tuple[Manifest, bytes]:
    one = marked(compose(Ledger(recognize(with_ids(parse(text, "台账.md"))))), unseen=True)
    return one.manifest, render(one.report, "docx", trace=Trace(to_json(one.manifest)))


def mark(text: str, phrase: str, origin: str = "数字") -> Mark:
    start = text.index(phrase)
    return Mark("_tz1", 0, start, start + len(phrase), phrase, phrase, origin)


@pytest.mark.parametrize("text", LEDGERS.values(), ids=LEDGERS)
def test_every_phrase_is_found_from_its_bookmark(text: str) -> None:
    manifest, data = printed(text)
    found: dict[str, list[str]] = {}
    ids = {one.id: one for one in manifest.marks}
    for paragraph in paragraphs(data):
        for name, start, end in paragraph.bookmarks:
            one = ids[name]
            place = restored(one, manifest.paragraphs[one.paragraph], paragraph.text, start, end)
            if place and start < end:
                found.setdefault(name, []).append(paragraph.text[slice(*place)])
    assert found == {one.id: [one.phrase] for one in manifest.marks}


@pytest.mark.parametrize("text", LEDGERS.values(), ids=LEDGERS)
def test_bookmarks_begin_and_end_only_at_seams(text: str) -> None:
    manifest, _ = printed(text)
    for one in manifest.marks:
        places = seams(manifest.paragraphs[one.paragraph])
        assert set(settled(places, one)) <= set(places)


@pytest.mark.parametrize(("phrase", "origin", "held"), [
    ("5100余人次", "数字", "5100"), ("98.5%", "数字", "98.5%"), ("2026年1月9日", "日期", "2026年1月9"),
    ("《民法典》", "法规", "学习《民法典》，参学率"), ("两名", "数字", "日，两名。"),
    ("参学率98.5%，共5100余人次", "文字", "学习《民法典》，参学率98.5%，共5100余人次，"),
], ids=["数", "百分数", "日期", "法规", "汉字数", "一行的文字"])
def test_where_a_bookmark_stands(phrase: str, origin: str, held: str) -> None:
    line = "学习《民法典》，参学率98.5%，共5100余人次，2026年1月9日，两名。"
    start, end = settled(seams(line), mark(line, phrase, origin))
    assert line[start:end] == held


@pytest.mark.parametrize(("now", "held", "shown"), [
    ("参与5300余人次。", "5300", "5300余人次"), ("参与5100多人次。", "5100", "5100"),
    ("参与51000余人次。", "5100", "51000余人次"), ("活动参与5100余人次了。", "5100", "5100余人次"),
], ids=["改了数", "改了约数词", "在后面补了一位", "前后加了字"])
def test_an_edited_figure_is_found(now: str, held: str, shown: str) -> None:
    was = "参与5100余人次。"
    start = now.index(held)
    place = restored(mark(was, "5100余人次"), was, now, start, start + len(held))
    assert place
    assert now[slice(*place)] == shown


def test_a_text_whose_neighbours_changed_is_looked_for_by_its_words() -> None:
    was = "一是办了事。二是学了法。"
    one = mark(was, "学了法。", "文字")
    assert restored(one, was, was, 0, len(was)) == (one.start, one.end)
    now = "一是办了大事。二是学了法。"
    assert restored(one, was, now, 0, len(now)) is None


@given(st.text("甲乙12，%", min_size=1, max_size=20), st.data())
def test_placing_keeps_text_and_formats(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    spans = (Span(text[:at], bold=True), Span(text[at:]))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    done = placed(spans, [(Bookmark(1, "_tz1"), start, end)])
    assert text_of(done) == text
    assert "".join(span.text for span in done if span.bold) == text[:at]
    inside, held = False, ""
    for span in done:
        inside = inside or bool(span.opens)
        held += span.text if inside else ""
        inside = inside and not span.closes
    assert held == text[start:end]
