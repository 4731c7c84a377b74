"""The files a bench works on: reference workbooks, a fleet, a docxtpl template.

Run as `python -m tests.bench.prepare FOLDER [large]`: in a process of its own, since a
process that is started inherits the peak memory of the one that starts it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.reference_ledgers import fleet, reference_ledger
from workbook.standard.making import workbook_bytes

FLEET = 21
TEMPLATE = (
    "{{ title }}", "{%p for chapter in chapters %}", "{{ chapter.title }}", "{%p for text in chapter.rows %}",
    "{{ text }}", "{%p endfor %}", "{%p endfor %}",
)


def prepare(folder: Path) -> None:
    """Write S.xlsx, M.xlsx, fleet/, template.docx and an empty out/."""
    for name in ("out", "fleet"):
        (folder / name).mkdir()
    for size in "SM":
        (folder / f"{size}.xlsx").write_bytes(workbook_bytes(reference_ledger(size)))
    for number, raw in enumerate(fleet(FLEET)):
        (folder / "fleet" / f"{number:03d}.xlsx").write_bytes(workbook_bytes(raw))
    docxtpl_template(folder / "template.docx")


def large_book(folder: Path) -> None:
    """Write L.xlsx, without the values of its metrics: what a file stores for them is not what is measured."""
    from workbook.book import recognize
    from workbook.standard.writer import write

    (folder / "L.xlsx").write_bytes(write(recognize(reference_ledger("L")), {}))


def docxtpl_template(path: Path) -> None:
    """A document that prints a title and every chapter with its rows."""
    from docx import Document

    document = Document()
    for line in TEMPLATE:
        document.add_paragraph(line)
    document.save(str(path))


if __name__ == "__main__":
    prepare(Path(sys.argv[1]))
    if "large" in sys.argv[2:]:
        large_book(Path(sys.argv[1]))
