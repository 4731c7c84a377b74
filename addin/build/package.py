"""The .xlam package: one sheet of settings and texts, both ribbons, the VBA project (ECMA-376, MS-OFFMACRO2)."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

SHEET = "taizhang"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TYPES = {
    "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    "xl/workbook.xml": "application/vnd.ms-excel.addin.macroEnabled.main+xml",
    "xl/worksheets/sheet1.xml": f"{_SPREADSHEET}.worksheet+xml",
    "xl/styles.xml": f"{_SPREADSHEET}.styles+xml",
}
_DEFAULTS = {
    "rels": "application/vnd.openxmlformats-package.relationships+xml",
    "xml": "application/xml",
    "bin": "application/vnd.ms-office.vbaProject",
}
_ROOT_RELATIONS = {
    "xl/workbook.xml": f"{_OFFICE}/officeDocument",
    "docProps/core.xml": f"{_PACKAGE}/relationships/metadata/core-properties",
    "customUI/customUI.xml": "http://schemas.microsoft.com/office/2006/relationships/ui/extensibility",
    "customUI/customUI14.xml": "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility",
}
_BOOK_RELATIONS = {
    "worksheets/sheet1.xml": f"{_OFFICE}/worksheet",
    "styles.xml": f"{_OFFICE}/styles",
    "vbaProject.bin": "http://schemas.microsoft.com/office/2006/relationships/vbaProject",
}
_BOOK = (
    f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr codeName="ThisWorkbook"/>'
    f'<bookViews><workbookView/></bookViews><sheets><sheet name="{SHEET}" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def addin_package(entries: Mapping[str, str], ribbons: Mapping[str, bytes], project: bytes) -> bytes:
    """The file; `entries` are the rows of the sheet (A name, B text), `ribbons` the customUI parts by name."""
    from templates.typesetting.package import core_properties, packed

    return packed({
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(_ROOT_RELATIONS),
        "docProps/core.xml": core_properties("台账"),
        **ribbons,
        "xl/workbook.xml": _BOOK.encode(),
        "xl/_rels/workbook.xml.rels": _relations(_BOOK_RELATIONS),
        "xl/styles.xml": _STYLES.encode(),
        "xl/worksheets/sheet1.xml": _sheet(entries),
        "xl/vbaProject.bin": project,
    })


def _content_types() -> bytes:
    defaults = "".join(f'<Default Extension="{end}" ContentType="{kind}"/>' for end, kind in _DEFAULTS.items())
    parts = "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in _TYPES.items())
    return f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">{defaults}{parts}</Types>'.encode()


def _relations(targets: Mapping[str, str]) -> bytes:
    listed = "".join(f'<Relationship Id="rId{number}" Type="{kind}" Target={quoteattr(target)}/>'
                     for number, (target, kind) in enumerate(targets.items(), 1))
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'.encode()


def _sheet(entries: Mapping[str, str]) -> bytes:
    rows = "".join(f'<row r="{number}">{_text(f"A{number}", name)}{_text(f"B{number}", text)}</row>'
                   for number, (name, text) in enumerate(entries.items(), 1))
    return (f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetPr codeName="Sheet1"/><sheetData>{rows}</sheetData></worksheet>'
            ).encode()


def _text(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
