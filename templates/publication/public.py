"""`--public` and `publish`: one docx in, the copy that may leave the office out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from templates.docx_package import open_docx
from workbook.findings import Refusal
from workbook.reading.sniff import Unusable

if TYPE_CHECKING:
    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT_PART = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes)\d*\.xml$")
_NO_DOCX = "不是可用的 Word 文档（.docx）。请用 Word 或 WPS 打开并另存为 .docx 后再试。"


def public_copy(data: bytes, *, title: str = "", accept_changes: bool = False) -> bytes:
    """A docx that prints the same and holds nothing else: no properties but the title, no bookmarks, comments,
    hidden text, authors.

    `title` empty: the document's own. Raises Refusal where tracked changes wait for a decision (unless
    `accept_changes`), where the text holds personal numbers or a 密级标志, where objects are embedded.
    """
    from lxml import etree

    from templates.publication.package import printed_parts
    from templates.typesetting.package import packed

    try:
        parts = docx_parts(data)
        settled = _settled(parts, accept_changes=accept_changes)
        _refuse_secrets(settled)
        return packed(printed_parts(settled, title or title_of(settled)))
    except (etree.XMLSyntaxError, KeyError) as error:
        raise Refusal(_NO_DOCX) from error


def docx_parts(data: bytes) -> dict[str, bytes]:
    """Part name -> content; raises Refusal where `data` is no docx or unpacks too large."""
    try:
        package = open_docx(data)
        parts = {one.filename: package.read(one.filename) for one in package.parts.values() if not one.is_dir()}
    except Unusable as why:
        raise Refusal(str(why)) from None
    if "word/document.xml" not in parts:
        raise Refusal(_NO_DOCX)
    return parts


def title_of(parts: Mapping[str, bytes]) -> str:
    """The title in the properties, else the first paragraph in a style named 标题 or Title, else nothing."""
    from templates.publication.package import parse

    core = parts.get("docProps/core.xml")
    titles = [one.text for one in parse(core).iter("{http://purl.org/dc/elements/1.1/}title")] if core else []
    return next((str(one).strip() for one in titles if one and str(one).strip()), "")


def _settled(parts: dict[str, bytes], *, accept_changes: bool) -> dict[str, bytes]:
    """The parts without tracked changes."""
    from lxml import etree

    from templates.publication.package import parse
    from templates.publication.revisions import accept_revisions, revisions

    trees = {name: parse(content) for name, content in parts.items() if _TEXT_PART.match(name)}
    changed = {name: root for name, root in trees.items() if revisions(root)}
    count = sum(len(revisions(root)) for root in changed.values())
    if count and not accept_changes:
        raise Refusal(f"报告里还有 {count} 处修订没有定。请在 Word 里逐处接受或拒绝，"
                      "或者确认全部接受，加 --accept-changes。")
    for root in changed.values():
        accept_revisions(root)
    return parts | {name: bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
                    for name, root in changed.items()}


def _refuse_secrets(parts: Mapping[str, bytes]) -> None:
    """What must never travel: personal numbers and 密级标志 in the text."""
    from templates.publication.package import parse
    from workbook.personal import mask, personal_numbers, secrecy_marks

    for name, content in parts.items():
        for paragraph in parse(content).iter(f"{W}p") if _TEXT_PART.match(name) else ():
            text = _text(paragraph)
            secret = secrecy_marks(text)
            if secret:
                raise Refusal(f"报告里有密级标志“{secret[0]}”，不能公开。请核对来源，并按保密规定处理。")
            if any(True for _ in personal_numbers(text)):
                raise Refusal(f"报告里有个人号码：“{mask(text)[:60]}”，不能公开。请删掉号码再发布。")


def _text(paragraph: _Element) -> str:
    return "".join(str(one.text or "") for one in paragraph.iter(f"{W}t"))
