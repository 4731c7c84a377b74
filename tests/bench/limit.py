"""The least that can be done: calamine reads every cell, one string becomes document.xml. Counts nothing.

Run as a script: SOURCE TARGET.
"""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Sequence

from python_calamine import CalamineWorkbook

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
        'Target="word/document.xml"/></Relationships>'
    ),
}
TASKS, TEXT = "任务", "工作成效"


def convert(source: str, target: str) -> None:
    """One workbook to one document of bare paragraphs."""
    sheets = read(source)
    headers, *rows = sheets[TASKS][1:]
    at = headers.index(TEXT)
    write(target, [str(row[at]) for row in rows])


def read(source: str) -> dict[str, Sequence[Sequence[object]]]:
    """Every cell of every sheet."""
    book = CalamineWorkbook.from_path(source)
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def write(target: str, texts: list[str]) -> None:
    """A package of three parts."""
    escaped = (text.replace("&", "&amp;").replace("<", "&lt;") for text in texts)
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in escaped)
    document = f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in (PARTS | {"word/document.xml": document}).items():
            package.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{content}')


if __name__ == "__main__":
    convert(*sys.argv[1:3])
