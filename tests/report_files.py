"""Reports for tests: lines of text as a plain text, or as a docx whose looks are told in words."""

from __future__ import annotations

import io
import zipfile
from html import escape

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_LOOKS = {
    "纸张": "210×297", "页边距": "37、35、28、26", "标题": "方正小标宋简体 22", "一级": "黑体 16",
    "二级": "楷体_GB2312 16", "正文": "仿宋_GB2312 16", "页码": "— 14", "修订": "", "批注": "",
}
"""What a docx of GB/T 9704-2012 looks like; 页边距 are 上、下、左、右."""


def looks(words: str) -> dict[str, str]:
    """`正文=宋体 12；修订=甲` over the looks of the standard."""
    return _LOOKS | dict(word.split("=", 1) for word in words.split("；") if "=" in word)


def docx(text: str, words: str = "") -> bytes:
    """A docx with one paragraph a line; the first is the title, 一、 and （一） set headings."""
    look = looks(words)
    body = "".join(_paragraph(number, line, look) for number, line in enumerate(text.split("\n")))
    if look["修订"]:
        body += "<w:p><w:del><w:r><w:delText>旧话</w:delText></w:r></w:del>" \
            f"<w:ins><w:r><w:t>{look['修订']}</w:t></w:r></w:ins></w:p>"
    document = f"<w:document {_W}><w:body>{body}{_section(look)}</w:body></w:document>"
    parts = {"[Content_Types].xml": _TYPES, "word/document.xml": document}
    if look["页码"]:
        dash, size = look["页码"].split(" ")
        parts["word/footer1.xml"] = f"<w:ftr {_W}><w:p>{_run(dash, '宋体', size)}" \
            f"<w:r><w:instrText> PAGE </w:instrText></w:r></w:p></w:ftr>"
    if look["批注"]:
        parts["word/comments.xml"] = f'<w:comments {_W}><w:comment w:id="0"/></w:comments>'
    return package(parts)


def package(parts: dict[str, str]) -> bytes:
    """A zip file of these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _paragraph(number: int, line: str, look: dict[str, str]) -> str:
    role = "标题" if number == 0 else "一级" if line[1:2] == "、" else "二级" if line[:1] == "（" else "正文"
    return f"<w:p>{_run(line, *look[role].split(' '))}</w:p>"


def _run(text: str, font: str, size: str) -> str:
    looks = f'<w:rPr><w:rFonts w:eastAsia="{font}"/><w:sz w:val="{int(float(size) * 2)}"/></w:rPr>'
    return f'<w:r>{looks}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _section(look: dict[str, str]) -> str:
    def twips(millimetres: str) -> int:
        return round(float(millimetres) * 56.6929)

    width, height = look["纸张"].split("×")
    sides = zip(("top", "bottom", "left", "right"), look["页边距"].split("、"), strict=True)
    margins = " ".join(f'w:{side}="{twips(size)}"' for side, size in sides)
    return f'<w:sectPr><w:pgSz w:w="{twips(width)}" w:h="{twips(height)}"/><w:pgMar {margins}/></w:sectPr>'
