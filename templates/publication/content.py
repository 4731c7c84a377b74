"""The XML of one part without what does not print: bookmarks, comments, revisions' traces, hidden text, fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from templates.publication.fields import unlink_fields
from workbook.findings import Refusal

if TYPE_CHECKING:
    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
GONE = frozenset(W + name for name in (
    "commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef", "proofErr", "permStart", "permEnd",
    "rsids", "rsid", "attachedTemplate", "docVars", "mailMerge", "trackRevisions", "attachedSchema", "saveThroughXslt",
    "smartTagType", "dataBinding", "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd",
    "customXmlInsRangeStart", "customXmlInsRangeEnd", "customXmlDelRangeStart", "customXmlDelRangeEnd", "smartTagPr",
    "customXmlPr", "sdtPr", "sdtEndPr", "docPartObj", "printerSettings", "doNotTrackMoves", "doNotTrackFormatting",
))
UNWRAPPED = frozenset(W + name for name in ("smartTag", "customXml", "sdt", "sdtContent"))
_DOC_ID = re.compile(r"\}(?:docId|persistentDocumentId|chartTrackingRefBased)$")
_REVISION = re.compile(r"^(?:\{.*\})?(?:rsid\w*|paraId|textId)$")
_PATH = re.compile(r"[A-Za-z]:\\|\\\\|/(?:home|Users|tmp)/|file:", re.IGNORECASE)
_OBJECTS = frozenset(("oleObject", "package", "control", "aFChunk", "subDocument"))
_EXTERNAL_DATA = "{http://schemas.openxmlformats.org/drawingml/2006/chart}externalData"


def clean(root: _Element, dropped: Mapping[str, str]) -> None:
    """Clean one part in place; `dropped` are the relationships it loses: id -> kind.

    Raises Refusal where it needs an embedded object.
    """
    for element in list(_elements(root)):
        if element.tag == _EXTERNAL_DATA or _hidden(element):
            _remove(element)
    for element in list(_elements(root)):
        _refuse_objects(element, dropped)
        if element.tag in GONE or _DOC_ID.search(str(element.tag)):
            _remove(element)
        else:
            _clean_attributes(element)
    for element in list(_elements(root)):
        if element.tag in UNWRAPPED or (element.tag == f"{W}hyperlink" and element.get(f"{R}id") in dropped):
            unwrap(element)
    unlink_fields(root)
    _drop_bookmarks(root)
    _drop_empty_runs(root)
    _merge_runs(root)


def _elements(root: _Element) -> Iterator[_Element]:
    return root.iter("{*}*")


def _remove(element: _Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def unwrap(element: _Element) -> None:
    """Put the children of an element in its place."""
    parent = element.getparent()
    if parent is None:
        return
    at = parent.index(element)
    parent[at:at + 1] = list(element)


def is_on(element: _Element | None) -> bool:
    """Whether a toggle (w:vanish …) is there and not switched off."""
    return element is not None and element.get(f"{W}val", "true") not in ("0", "false", "off")


def _hidden(element: _Element) -> bool:
    """A run of hidden text."""
    return element.tag == f"{W}r" and is_on(element.find(f"{W}rPr/{W}vanish"))


def _refuse_objects(element: _Element, dropped: Mapping[str, str]) -> None:
    for name in ("id", "embed", "link", "pict"):
        kind = dropped.get(element.get(R + name, ""))
        if kind in _OBJECTS:
            raise Refusal("报告里嵌着对象（如 Excel 表），会带出里面的数据。请在 Word 里把它转成图片或表格再发布。")
        if kind == "image":
            raise Refusal("报告里有链接到别处的图片，别人打开时看不到，还会去取。请在 Word 里把图片存进文档再发布。")


def _clean_attributes(element: _Element) -> None:
    for name, value in list(element.attrib.items()):
        if _tells(str(name), str(value)):
            del element.attrib[name]


def _tells(name: str, value: str) -> bool:
    """Whether an attribute says who edited, when, or where on a disk a picture lay."""
    local = name.rpartition("}")[2]
    if local in ("author", "initials", "date"):
        return name.startswith(W)
    return bool(_REVISION.match(name)) or (local in ("descr", "title", "alt", "href") and bool(_PATH.search(value)))


def _drop_bookmarks(root: _Element) -> None:
    """All but those that a printed reference (REF, TOC, an internal link) points to."""
    said = " ".join(str(one.text or "") for one in root.iter(f"{W}instrText"))
    said += " ".join(one.get(f"{W}instr", "") for one in root.iter(f"{W}fldSimple"))
    needed = {*re.findall(r"[\w.]+", said), *(one.get(f"{W}anchor") for one in root.iter(f"{W}hyperlink"))}
    kept = {one.get(f"{W}id") for one in root.iter(f"{W}bookmarkStart")
            if one.get(f"{W}name") in needed or one.get(f"{W}name", "").startswith("_Toc")}
    for element in list(root.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")):
        if element.get(f"{W}id") not in kept:
            _remove(element)


def _drop_empty_runs(root: _Element) -> None:
    """Runs that nothing is left in but their formats."""
    for run in list(root.iter(f"{W}r")):
        if all(child.tag == f"{W}rPr" for child in run):
            _remove(run)


def _merge_runs(root: _Element) -> None:
    """Neighbouring runs of one format become one: where they parted, a figure began."""
    for run in list(root.iter(f"{W}r")):
        before = run.getprevious()
        if before is None or before.tag != run.tag or not (_only_text(run) and _only_text(before)):
            continue
        if _form(run) == _form(before):
            text = before.findall(f"{W}t")[-1]
            text.text = "".join(str(one.text or "") for one in (text, *run.findall(f"{W}t")))
            text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            _remove(run)


def _only_text(run: _Element) -> bool:
    kinds = [str(child.tag).removeprefix(W) for child in run]
    return kinds in (["rPr", "t"], ["t"])


def _form(run: _Element) -> bytes:
    from lxml import etree

    form = run.find(f"{W}rPr")
    return b"" if form is None else bytes(etree.tostring(form, with_tail=False))
