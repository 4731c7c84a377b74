"""A sheet of ours that lists things and takes answers: written anew each time, whatever else the file holds stays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from workbook.findings import Refusal, column_letters
from workbook.patching.grid import Found
from workbook.patching.listing import add_sheet, remove_sheet
from workbook.patching.marking import solid
from workbook.patching.package_edit import edit, refused
from workbook.patching.style_part import main_vocabulary, styles_of
from workbook.patching.styles import Styles
from workbook.patching.values import blank_cell, text_cell
from workbook.patching.xmlbytes import quoted
from workbook.reading.sniff import Unusable
from workbook.standard import look

HEADER_ROW = 2
_LONGEST_LIST = 255
_ANSWER = "FFFFF2CC"


class Listing(NamedTuple):
    """What the sheet shows: `answer` is the column (from 0) to fill in, `offers` what each row of it offers.

    `hidden` is the last column, which carries what a program needs.
    """

    title: str
    legend: str
    headers: tuple[str, ...]
    widths: tuple[float, ...]
    rows: Sequence[Sequence[str]]
    answer: int
    offers: Sequence[Sequence[str]]


def with_listing(data: bytes, listing: Listing, *, path: str = "") -> bytes:
    """The workbook with this sheet last, in the place of one of that name; without it where there is nothing to list.

    Raises Refusal for what is no .xlsx or .xlsm.
    """
    try:
        return _listed(_without(data, listing.title, path), listing, path) if listing.rows else _without(
            data, listing.title, path)
    except (Unusable, Refusal) as why:
        raise refused(path, why) from None


def _without(data: bytes, title: str, path: str) -> bytes:
    book = edit(data, path)
    entry = next((sheet for sheet in book.sheets() if sheet.name == title), None)
    if entry is None:
        return data
    remove_sheet(book, entry)
    return book.result()


def _listed(data: bytes, listing: Listing, path: str) -> bytes:
    book = edit(data, path)
    styles = styles_of(book)
    content = _content(listing, styles, main_vocabulary(book))
    add_sheet(book, listing.title, content, ())
    styles.finish()
    return book.result()


def _content(listing: Listing, styles: Styles, vocabulary: bytes) -> bytes:
    legend, header, body, answer = _looks(styles)
    last = column_letters(len(listing.headers))
    rows = [_row(1, [(1, legend, listing.legend)], 20),
            _row(HEADER_ROW, [(at, header, text) for at, text in enumerate(listing.headers, 1)], 22)]
    for number, texts in enumerate(listing.rows, HEADER_ROW + 1):
        cells = [(at, answer if at == listing.answer + 1 else body, text) for at, text in enumerate(texts, 1)]
        lines = max(look.lines(text, width) for text, width in zip(texts, listing.widths, strict=True) if width)
        rows.append(_row(number, cells, look.height(lines) * 0.75))
    return b"".join((
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="', vocabulary,
        b'"><sheetPr><tabColor rgb="FFC00000"/><pageSetUpPr fitToPage="1"/></sheetPr><dimension ref="A1:',
        f"{last}{HEADER_ROW + len(listing.rows)}".encode(),
        b'"/><sheetViews><sheetView showGridLines="0" workbookViewId="0"><pane ySplit="2" topLeftCell="A3" '
        b'activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft"/></sheetView></sheetViews>'
        b'<sheetFormatPr defaultRowHeight="16.5"/>', _columns(listing), b"<sheetData>", *rows, b"</sheetData>",
        _offers(listing), b'<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
        b'<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'))


def _columns(listing: Listing) -> bytes:
    shown = "".join(f'<col min="{at}" max="{at}" width="{(width or 2) + look.CELL_PADDING}" customWidth="1"'
                    f'{"" if width else " hidden=" + chr(34) + "1" + chr(34)}/>'
                    for at, width in enumerate(listing.widths, 1))
    return f"<cols>{shown}</cols>".encode()


def _row(number: int, cells: Sequence[tuple[int, int, str]], points: float) -> bytes:
    made = []
    for column, style, text in cells:
        place = Found(number, column, None, style)
        made.append(text_cell(b"", place, style, text) if text else blank_cell(b"", place, style))
    return f'<row r="{number}" ht="{points:g}" customHeight="1">'.encode() + b"".join(made) + b"</row>"


def _offers(listing: Listing) -> bytes:
    letter, made = column_letters(listing.answer + 1), []
    for number, words in enumerate(listing.offers, HEADER_ROW + 1):
        told = ",".join(words)
        if words and len(told) <= _LONGEST_LIST and not any("," in word or '"' in word for word in words):
            made.append(f'<dataValidation type="list" allowBlank="1" sqref="{letter}{number}"><formula1>'.encode()
                        + quoted(f'"{told}"').replace(b"&quot;", b'"') + b"</formula1></dataValidation>")
    return b'<dataValidations count="%d">' % len(made) + b"".join(made) + b"</dataValidations>" if made else b""


def _looks(styles: Styles) -> tuple[int, int, int, int]:
    line = look.LINE.lstrip("#")
    sides = "".join(f'<{side} style="thin"><color rgb="FF{line}"/></{side}>'
                    for side in ("left", "right", "top", "bottom"))
    border = styles.add("borders", styles.own(f"<border>{sides}<diagonal/></border>".encode()))
    navy, pale = (styles.add("fills", solid(styles, colour)) for colour in (look.NAVY.lstrip("#"), _ANSWER[2:]))
    plain, loud = _font(styles, look.INK), _font(styles, "#FFFFFF", bold=True)
    wrapped = 'vertical="center" wrapText="1"'
    return (_xf(styles, _font(styles, look.NAVY, bold=True), 0, 0, 'vertical="center"'),
            _xf(styles, loud, navy, border, 'horizontal="center" vertical="center"'),
            _xf(styles, plain, 0, border, wrapped), _xf(styles, plain, pale, border, wrapped))


def _font(styles: Styles, colour: str, *, bold: bool = False) -> int:
    font = (f'<font>{"<b/>" * bold}<sz val="{look.BODY_SIZE}"/><color rgb="FF{colour.lstrip("#")}"/>'
            f'<name val="{look.FONT}"/><family val="2"/><charset val="134"/></font>')
    return styles.add("fonts", styles.own(font.encode()))


def _xf(styles: Styles, font: int, fill: int, border: int, alignment: str) -> int:
    xf = (f'<xf numFmtId="49" fontId="{font}" fillId="{fill}" borderId="{border}" xfId="0" applyNumberFormat="1" '
          f'applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"><alignment {alignment}/></xf>')
    return styles.add("cellXfs", styles.own(xf.encode()))
