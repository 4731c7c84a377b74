"""The styles of a workbook under change; a workbook without any gets the fewest that Excel needs."""

from __future__ import annotations

import posixpath

from workbook.patching.package_edit import PackageEdit
from workbook.patching.styles import MINIMAL, Styles

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"


def styles_of(book: PackageEdit) -> Styles:
    """The workbook's styles."""
    if book.outline.styles:
        return Styles(book.part(book.outline.styles))
    place = posixpath.join(book.folder, "styles.xml")
    book.relate(book.main, "styles", place)
    book.declare(place, _TYPE)
    return Styles(book.part(place, MINIMAL % main_vocabulary(book)))


def main_vocabulary(book: PackageEdit) -> bytes:
    """The namespace of the workbook's own elements."""
    strict = "purl.oclc.org" in book.vocabulary
    kind = "purl.oclc.org/ooxml/" if strict else "schemas.openxmlformats.org/"
    return f"http://{kind}spreadsheetml/{'main' if strict else '2006/main'}".encode()
