"""Fonts, colours and widths of the standard workbook, in one table.

微软雅黑 stands on every Windows since Vista and therefore under Excel and WPS
alike; 等线 comes only with Office 2016.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

from workbook.schema import Level

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

FONT = "微软雅黑"
BODY_SIZE = 10
ROW_PIXELS = 22
"""The height Excel gives one line of FONT at BODY_SIZE."""
LINE_PIXELS = 19
HIGHEST_PIXELS = 545

INK, MUTED, FAINT = "#262626", "#7F7F7F", "#A6A6A6"
LINE, PAPER, BAND = "#D9DEE4", "#F2F4F7", "#EEF2F6"
NAVY, BLUE, SKY, TEAL, GOLD, RUST = "#1F4E79", "#2E75B6", "#9DC3E6", "#3A8F85", "#BF9000", "#C55A11"

DATE_FORMAT = "yyyy-mm-dd"
MOMENT_FORMAT = "yyyy-mm-dd hh:mm"
CLOCK_FORMAT = "hh:mm:ss"
SPAN_FORMAT = "[h]:mm:ss"
TEXT_FORMAT = "@"
GENERAL_FORMAT = "General"
PERCENT_FORMAT = "0%"
TENTH_FORMAT = "0.0%"
MONEY_FORMAT = "0.00"

DEFAULTS: dict[str, Any] = {"font_name": FONT, "font_size": BODY_SIZE, "font_scheme": "none"}

BODY: dict[str, Any] = {"font_color": INK, "valign": "vcenter", "border": 1, "border_color": LINE}
LEFT = BODY | {"align": "left", "text_wrap": True}
CENTRE = BODY | {"align": "center", "text_wrap": True}
RIGHT = BODY | {"align": "right", "indent": 1}
COMPUTED: dict[str, Any] = {"bg_color": PAPER, "font_color": "#595959"}
QUIET: dict[str, Any] = {"font_color": FAINT, "valign": "vcenter", "text_wrap": True}
BAND_TEXT: dict[str, Any] = {"bg_color": BAND, "font_color": "#595959", "valign": "vcenter"}
BAND_LINK = BAND_TEXT | {"font_color": BLUE, "underline": 1}
HEADER: dict[str, Any] = {"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True,
                          "border": 1, "border_color": "#FFFFFF"}
SECTION: dict[str, Any] = {"bold": True, "font_size": 12, "font_color": "#FFFFFF", "bg_color": NAVY,
                           "valign": "vcenter", "indent": 1}

EXAMPLE_ROW: dict[str, Any] = {"font_color": FAINT, "italic": True}
OVERDUE: dict[str, Any] = {"font_color": "#9C0006", "bg_color": "#FFD9D9"}
MISSING: dict[str, Any] = {"bg_color": "#FFF2CC"}
CONFLICT: dict[str, Any] = {"font_color": "#833C0B", "bg_color": "#FBE0CF"}

EXTRA_WIDTH = 14
HEAD_WIDTHS = (18, 92)
CELL_PADDING = 0.7
"""Excel's column widths count the padding of a cell; the schema's do not."""
HEADER_PIXELS = 40
BAND_PIXELS = 26

_TINTS = {Level.REQUIRED: 0.0, Level.USUAL: 0.55, Level.ALL: 0.82}


def tint(colour: str, share: float) -> str:
    """`colour` (#RRGGBB) mixed with that share of white."""
    parts = (int(colour[at:at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(part + (255 - part) * share):02X}" for part in parts)


def header(tab: str, level: Level) -> dict[str, Any]:
    """A header cell: the darker, the more it is needed."""
    ink = "#FFFFFF" if level is Level.REQUIRED else INK
    return HEADER | {"bg_color": tint(f"#{tab}", _TINTS[level]), "font_color": ink}


def computed_header() -> dict[str, Any]:
    """The header of a column the program fills."""
    return HEADER | {"bg_color": "#D9D9D9", "font_color": "#595959"}


class Looks:
    """The formats of one workbook under construction, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[str, Format] = {}

    def __call__(self, *parts: dict[str, Any], **more: Any) -> Format:
        """The format of these properties; later ones win."""
        properties: dict[str, Any] = {}
        for part in (*parts, more):
            properties |= part
        key = repr(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(properties)
        return self._made[key]


def display_width(text: str) -> int:
    """The width of a text in half-width characters."""
    return sum(2 if mark > "\u1100" else 1 for mark in text)


def lines(text: str, width: float) -> int:
    """How many lines a text takes in a column of that many half-width characters."""
    if 2 * len(text) <= width and "\n" not in text:
        return 1
    return sum(max(1, ceil(display_width(line) / (width - 1))) for line in text.split("\n"))


def height(lines: int) -> int:
    """The pixels of a row of so many lines."""
    return min(ROW_PIXELS + LINE_PIXELS * (lines - 1), HIGHEST_PIXELS)
