"""Edited reports that go through LibreOffice: saved as .odt or .doc and back, every changed figure still shows."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from templates.docx_text import paragraphs
from templates.provenance.carriers import manifest_in
from templates.provenance.located import Located
from templates.provenance.verify import verify
from tests.conformance.programs import missing, require
from tests.editing import EDITS, Draft, Printed, Rates, another, edited, printed
from workbook.spans import Origin

pytestmark = pytest.mark.conformance
EXAMPLE = Path(__file__).parents[2] / "templates" / "example.ledger.md"
DRAFTS, EDITS_EACH = 18, 6


@pytest.fixture(scope="module")
def report() -> Printed:
    return printed(EXAMPLE.read_text("utf-8"))


def converted(files: list[Path], form: str, folder: Path) -> list[Path]:
    """The files in another format, all by one run of LibreOffice."""
    profile = folder / "profile"
    subprocess.run([require("soffice"), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", form,
                    "--outdir", str(folder / form), *map(str, files)], check=True, capture_output=True, timeout=600)
    return [folder / form / f"{file.stem}.{form}" for file in files]


def there_and_back(drafts: list[Draft], form: str, folder: Path) -> list[bytes]:
    files = [folder / f"{number}.docx" for number in range(len(drafts))]
    for file, draft in zip(files, drafts, strict=True):
        file.write_bytes(draft.saved())
    return [file.read_bytes() for file in converted(converted(files, form, folder), "docx", folder)]


@pytest.mark.parametrize("form", ["odt", "doc"])
def test_edits_are_found_after_a_trip_through_another_format(report: Printed, form: str, tmp_path: Path) -> None:
    drafts = [report.draft(5000 + seed) for seed in range(DRAFTS)]
    made = [edited(draft, random.Random(seed).sample(list(EDITS), EDITS_EACH)) for seed, draft in enumerate(drafts)]
    found = Rates()
    for draft, edits, data in zip(drafts, made, there_and_back(drafts, form, tmp_path), strict=True):
        found.add(draft, edits, verify(report.manifest, paragraphs(data), report.manifest, known=report.known))
    print(form, found)
    assert found.edits >= 80
    assert (found.flagged, found.listed) == (found.changed, found.typed), str(found)
    assert found.false == 0, str(found)


@pytest.mark.parametrize("form", ["odt", "doc"])
def test_the_carriers_survive_the_trip(report: Printed, form: str, tmp_path: Path) -> None:
    data, = there_and_back([report.draft(1)], form, tmp_path)
    located = Located(report.manifest, paragraphs(data), report.known)
    assert manifest_in(data) == report.manifest
    assert located.bookmarked == {mark.id for mark in report.manifest.marks if mark.phrase}


KINDS = ("over", "before", "within", "after", "delete", "tracked", "split", "move")


def office_python() -> str:
    """A Python that has LibreOffice's bridge."""
    for name in (str(Path(require("soffice")).resolve().with_name("python")), "/usr/bin/python3", "python3"):
        place = shutil.which(name)
        if place and not subprocess.run([place, "-c", "import uno"], capture_output=True, check=False).returncode:
            return place
    return missing("带 UNO 的 Python（python3-uno）")


def planned(draft: Draft) -> list[list[str]]:
    """One edit of each kind, each in a paragraph of its own; `draft.changed` grows."""
    edits = []
    for kind in KINDS:
        if kind == "move":
            edits.append(planned_move(draft))
            continue
        mark, = draft.free(numeric=kind in ("before", "within", "after"))
        fresh = {"before": "1", "within": "7", "after": "5"}.get(kind, another(mark.phrase, draft.dice))
        draft.changed |= {mark.id} if kind != "split" else set()
        edits.append([kind, mark.id, fresh, ""])
    return edits


def planned_move(draft: Draft) -> list[str]:
    """The text of a row, to the end of another paragraph; a table's cell is no text to be known again."""
    texts = [one for one in draft.manifest.marks if one.origin == Origin.TEXT and len(one.phrase) > 30
             and one.paragraph not in draft.used]
    text = draft.dice.choice(texts)
    target = draft.dice.choice([one for one in texts if one.paragraph != text.paragraph])
    draft.used |= {text.paragraph, target.paragraph}
    return ["move", text.id, "", target.id]


def replaced_everywhere(draft: Draft) -> list[str]:
    mark, = draft.free(numeric=True)
    draft.changed |= {one.id for one in draft.figures if mark.phrase in one.phrase}
    return ["replace", "", mark.phrase, another(mark.phrase, draft.dice)]


def test_edits_inside_libreoffice_are_found(report: Printed, tmp_path: Path) -> None:
    python, jobs, drafts = office_python(), [], [report.draft(seed) for seed in range(9)]
    (tmp_path / "报告.docx").write_bytes(report.data)
    for number, draft in enumerate(drafts):
        edits = [replaced_everywhere(draft)] if number == 0 else planned(draft)
        jobs.append({"source": (tmp_path / "报告.docx").as_uri(), "target": (tmp_path / f"{number}.docx").as_uri(),
                     "edits": edits})
    (tmp_path / "jobs.json").write_text(json.dumps(jobs), "utf-8")
    pipe = f"taizhang{tmp_path.name[-12:]}{os.getpid()}"
    profile = (tmp_path / "profile").as_uri()
    office = subprocess.Popen([require("soffice"), f"-env:UserInstallation={profile}", "--headless", "--norestore",
                               f"--accept=pipe,name={pipe};urp;"], start_new_session=True, stderr=subprocess.DEVNULL)
    try:
        script = Path(__file__).with_name("uno_edits.py")
        subprocess.run([python, str(script), pipe, str(tmp_path / "jobs.json")], check=True, timeout=300)
        office.wait(60)
    finally:
        if office.poll() is None:
            os.killpg(office.pid, signal.SIGKILL)
    found = Rates()
    for number, draft in enumerate(drafts):
        now = paragraphs((tmp_path / f"{number}.docx").read_bytes())
        checked = verify(report.manifest, now, report.manifest, known=report.known)
        found.add(draft, len(jobs[number]["edits"]), checked)
        by = {one.mark.id: one for one in checked.figures}
        missed = draft.changed - {one.mark.id for one in checked.changed}
        assert not missed, [by[one] for one in missed]
        false = {one.mark.id for one in checked.changed} - draft.changed
        assert not false, [by[one] for one in false]
    print("UNO", found)
    assert found.changed >= 40
