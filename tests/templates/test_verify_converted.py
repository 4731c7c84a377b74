"""The very file that convert writes, edited in its text: the figures typed over are flagged, no other one is."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from scripts.cli import main
from templates.docx_text import Paragraph, paragraphs
from templates.provenance.carriers import manifest_in
from templates.provenance.manifest import Manifest, Mark
from tests.editing import W, another
from workbook.spans import Origin

EXAMPLE = Path(__file__).parents[2] / "templates" / "example.ledger.md"
DRAFTS, EACH = 50, 5


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger and its report, made by the command line."""
    place = tmp_path_factory.mktemp("报告")
    assert main(["load", str(EXAMPLE), "-o", str(place / "台账.xlsx"), "--quiet"]) == 0
    assert main(["convert", str(place / "台账.xlsx"), "-o", str(place / "报告.docx"), "--quiet"]) == 0
    assert main(["convert", str(place / "台账.xlsx"), "-o", str(place / "公开.docx"), "--public", "--quiet"]) == 0
    return place


def typed(data: bytes, changes: dict[Mark, str]) -> bytes:
    """The docx with other words where some marks stand, typed run by run as a person would."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    root = etree.fromstring(parts["word/document.xml"])
    lines, read = list(root.iter(f"{W}p")), paragraphs(data)
    places = {mark: line_of(read, mark) for mark in changes}
    starts = {mark: read[at].text.index(mark.context) + mark.context.index(mark.phrase)
              for mark, at in places.items()}
    for mark in sorted(changes, key=lambda one: -starts[one]):
        type_at(lines[places[mark]], starts[mark], len(mark.phrase), changes[mark])
    parts["word/document.xml"] = etree.tostring(root)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return packed.getvalue()


def line_of(read: Sequence[Paragraph], mark: Mark) -> int:
    """The paragraph that holds a mark's sentence."""
    return next(at for at, one in enumerate(read) if mark.context in one.text)


def type_at(line: Any, start: int, length: int, words: str) -> None:
    at = 0
    for node in [one for one in line.iter(f"{W}t") if one.text]:
        size = len(node.text)
        first, last = max(start, at), min(start + length, at + size)
        if first < last:
            node.text = node.text[:first - at] + (words if first == start else "") + node.text[last - at:]
        at += size


def figures_of(manifest: Manifest) -> list[Mark]:
    """Figures that stand once in a sentence of their own, so that typing over them is one change."""
    figures = [mark for mark in manifest.marks if mark.origin == Origin.FIGURE and mark.phrase]
    return [mark for mark in figures
            if mark.context.count(mark.phrase) == 1 and len(mark.context) > len(mark.phrase) + 2
            and sum(mark.context in line for line in manifest.paragraphs) == 1]


def told(folder: Path, data: bytes, capsys: pytest.CaptureFixture[str]) -> set[str]:
    """The ids that verify says are not 一致."""
    (folder / "改过.docx").write_bytes(data)
    trace = str(folder / "报告.docx.trace.json")
    capsys.readouterr()
    main(["verify", str(folder / "改过.docx"), str(folder / "台账.xlsx"), "--trace", trace, "--json"])
    return {one["id"] for one in json.loads(capsys.readouterr().out)["figures"] if one["status"] != "一致"}


@pytest.mark.parametrize("name", ["报告.docx", "公开.docx"])
def test_every_figure_typed_over_is_flagged_and_no_other(folder: Path, name: str,
                                                         capsys: pytest.CaptureFixture[str]) -> None:
    manifest = manifest_in((folder / "报告.docx").read_bytes())
    assert manifest is not None
    data, known = (folder / name).read_bytes(), figures_of(manifest)
    dice = random.Random(name)
    changed, flagged, false = 0, 0, 0
    for _ in range(DRAFTS):
        chosen = {mark: another(mark.phrase, dice) for mark in dice.sample(known, EACH)}
        ids = {mark.id for mark in chosen}
        found = told(folder, typed(data, chosen), capsys)
        changed, flagged, false = changed + len(ids), flagged + len(found & ids), false + len(found - ids)
    print(f"{name}：改 {changed} 个数，查出 {flagged} 个，误报 {false} 个")
    assert changed == DRAFTS * EACH
    assert flagged >= (changed if name == "报告.docx" else 0.95 * changed)
    assert false == 0


def test_an_untouched_report_says_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(folder, (folder / "报告.docx").read_bytes(), capsys) == set()
