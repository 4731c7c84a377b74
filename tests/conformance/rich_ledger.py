"""A standard ledger that its owner has made rich: own sheets, formats, rules, notes, rows hidden or made high."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from tests.conformance.rich_book import furnish, with_parts
from tests.workbook.patched import unpacked
from workbook.book import recognize
from workbook.findings import column_letters
from workbook.reading.reader import read_content
from workbook.standard.cached import cached_values
from workbook.standard.layout import FIRST_ROW
from workbook.standard.writer import write

OWN = "自用"
EXTRA, MEMO = "参与（人次）", "内部备忘"


def rich_ledger(data: bytes) -> bytes:
    """The ledger with all of it; 活动 has a high first row, a hidden third one and a format of its own in EXTRA."""
    book = recognize(read_content(data, "台账.xlsx"))
    dress = _Rich()
    parts = unpacked(with_parts(write(book, cached_values(book), dress=dress)))
    events = part_of(parts, "活动")
    text = parts[events].decode()
    for number, shown in ((FIRST_ROW, 'ht="61.5" customHeight="1"'), (FIRST_ROW + 2, 'hidden="1"')):
        text = text.replace(f'<row r="{number}"', f'<row r="{number}" {shown}')
    text = re.sub(rf'(<c r="{dress.letter}(?:3|4|5|6)" s=)"\d+"', rf'\1"{dress.style}"', text)
    return _zipped(parts | {events: text.encode()})


class _Rich:
    letter, style = "", 0

    def front(self, made: Any, looks: Any, layouts: Any) -> Any:
        return furnish(made, OWN)

    def finish(self, made: Any, looks: Any, layouts: Any) -> None:
        extra = layouts["活动"].by_title[EXTRA].at
        shown = made.add_format({"num_format": '#,##0"人次"', "bg_color": "#E2EFDA", "italic": True})
        self.letter, self.style = column_letters(extra + 1), shown._get_xf_index()
        sheet, own = made.get_worksheet_by_name("活动"), made.get_worksheet_by_name(OWN)
        sheet.write_comment(FIRST_ROW, 3, "第二行的批注", {"author": "王"})
        sheet.conditional_format(2, extra, 40, extra, {"type": "3_color_scale"})
        own.write_formula("H2", "=SUM(活动[参与（人次）])", None, 140)
        made.define_name("人次合计", f"={OWN}!$H$2")


def part_of(parts: dict[str, bytes], sheet: str) -> str:
    """The part of a sheet; the writer numbers its parts in the order of the sheets."""
    names = re.findall(r'<sheet name="([^"]+)"', parts["xl/workbook.xml"].decode())
    return f"xl/worksheets/sheet{names.index(sheet) + 1}.xml"


def _zipped(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
