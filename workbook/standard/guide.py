"""填写说明: the first sheet a clerk sees – who fills what, how numbers get into the text, what colours mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbook.book import HEAD
from workbook.schema import HEAD_SHEET, SHEETS, Level
from workbook.standard import look
from workbook.standard.xlsx_cells import storable

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    from workbook.standard.look import Looks

GUIDE = "填写说明"
SECRECY = "非涉密使用：本台账不得填写国家秘密、个人身份证号。"
BY_EVERY_OFFICE = ("任务", "条目", "问题", "活动", "办件")
FLOW = (
    ("1  定框架", "牵头股室填“报告信息”“章节”“指标”和“股室”“字典”“法规”：报告写给谁、分几章、要哪些数。"),
    ("2  记台账", "各股室平时把任务、活动、办件、问题一行一件记下来。日期、类型、股室从下拉框里选，数量只写数字。"),
    ("3  写成效", "“任务”的“工作成效”、“条目”的“正文”、“问题”的“表现”会印进报告；数字不要手打，写指标名称（见下）。"),
    ("4  校验", "用命令 taizhang check 台账.xlsx，一次列出所有问题，照着提示逐处改。"),
    ("5  出报告", "用命令 taizhang convert 台账.xlsx -o 报告.docx，得到按公文格式排好的 Word 文件。"),
)
SLOTS = (
    ("{{ 合法性审查 }}", "印出这个指标的数和单位，如：19件。指标在“指标”表里建，名称就是这里写的名称。"),
    ("{{ M01 }}", "按指标编号写也可以，印出来一样。"),
    ("{{ 合法性审查.上年 }}", "上年的数；.数 只印数字，.单位 只印单位，.其中 印各部分（行政许可44件、其他10件）。"),
    ('{{ 法规("业务培训") }}', "这类活动涉及的法规，按“法规”表的顺序印成《…》《…》。"),
    ('{{ 均达到("参学率", "合格率") }}', "两个比率相等印“均达到100%”，不等印“分别为98%和100%”。"),
    ("{{ 机关全称 }}", "“报告信息”里的每一项都可以这样用；还有 {{ 下年度 }}、{{ 上年度 }}。"),
)
HABITS = (
    "一行一件事，每格写全：不合并单元格，不写“同上”，不写合计行和“一季度”这样的分段行，合计由程序算。",
    "日期写成 2025-03-08；一格里有几个值用“、”隔开；没有的就空着，不写“无”“/”。",
    "多数列平时用不着，已经收起：点表格左上角的 2 展开全部列，点 1 收起。",
    "表格下面接着填就行；“活动”“办件”可以在右边加列，表头写成“种类（单位）”，如：环保袋（个）。",
    "标着“示例”的行是样子，不计数、不印进报告，照着填好后删掉。",
)
LEGEND: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("必填列", look.header("2E75B6", Level.REQUIRED), "这一行只要填了，就要填这一格。"),
    ("常用列", look.header("2E75B6", Level.USUAL), "一般都填。"),
    ("选填列", look.header("2E75B6", Level.ALL), "平时收起，用到再填。"),
    ("自动计算", look.computed_header(), "由公式和程序算，不用填。"),
    ("缺必填", look.MISSING, "这一格还没有填。"),
    ("逾期", look.OVERDUE, "时限已过，还没有办完。"),
    ("前后矛盾", look.CONFLICT, "日期先后颠倒、已完成却没有完成日期、编号重复。"),
    ("示例", look.EXAMPLE_ROW, "样子，不计数。"),
)
_WIDTHS = (2, 30, 58, 11, 40)
_PAPER: dict[str, Any] = {"valign": "vcenter", "text_wrap": True, "bottom": 1, "bottom_color": look.LINE}


def write_guide(book: Workbook, looks: Looks, title: str) -> Worksheet:
    """Add the sheet 填写说明; `title` names the ledger."""
    sheet = book.add_worksheet(GUIDE)
    sheet.hide_gridlines(2)
    sheet.set_tab_color(look.NAVY)
    for at, width in enumerate(_WIDTHS):
        sheet.set_column(at, at, width)
    _print_set_up(sheet)
    _Guide(sheet, looks).write(title)
    return sheet


def _print_set_up(sheet: Worksheet) -> None:
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()
    sheet.set_margins(0.5, 0.5, 0.5, 0.6)


class _Guide:
    """Writes downwards, keeping the next row."""

    def __init__(self, sheet: Worksheet, looks: Looks) -> None:
        self.sheet, self.looks, self.row = sheet, looks, 0
        self.name = looks(_PAPER, bold=True, font_color=look.INK)
        self.text = looks(_PAPER, font_color="#404040")
        self.link = looks(_PAPER, font_color=look.BLUE, underline=1, bold=True)

    def write(self, title: str) -> None:
        self._line(title, looks_like={"font_size": 20, "bold": True, "font_color": look.NAVY}, height=44)
        self._line(SECRECY, looks_like={"bold": True, "font_color": "#C00000"}, height=24)
        self._section("怎样填、怎样出报告", FLOW)
        self._section("数字怎样写进正文", SLOTS)
        self._sheets()
        self._legend()
        self._heading("填写约定")
        for habit in HABITS:
            self._across(f"·  {habit}", 1)
            self.row += 1

    def _line(self, text: str, looks_like: dict[str, Any], height: int) -> None:
        self.sheet.set_row_pixels(self.row, height)
        self.sheet.write_string(self.row, 1, storable(text), self.looks({"valign": "vcenter"}, looks_like))
        self.row += 1

    def _heading(self, text: str) -> None:
        self.sheet.set_row_pixels(self.row, 10)
        self.row += 1
        shown = self.looks(look.SECTION)
        self.sheet.set_row_pixels(self.row, 28)
        for at in range(1, len(_WIDTHS)):
            self.sheet.write_blank(self.row, at, None, shown)
        self.sheet.write_string(self.row, 1, text, shown)
        self.row += 1

    def _section(self, heading: str, pairs: tuple[tuple[str, str], ...]) -> None:
        self._heading(heading)
        for name, text in pairs:
            self._pair(name, text, self.name)

    def _pair(self, name: str, text: str, shown: Any) -> None:
        self.sheet.write_string(self.row, 1, name, shown)
        self._across(text, 2)
        self.row += 1

    def _across(self, text: str, first: int) -> None:
        """A sentence over several columns; merged cells do not grow by themselves."""
        self.sheet.merge_range(self.row, first, self.row, len(_WIDTHS) - 1, text, self.text)
        self._grow(text, sum(_WIDTHS[first:]))

    def _grow(self, text: str, width: int) -> None:
        self.sheet.set_row_pixels(self.row, look.height(look.lines(text, width)) + 4)

    def _sheets(self) -> None:
        self._heading("各张工作表")
        head = self.looks(_PAPER, bold=True, font_color=look.MUTED, bg_color=look.BAND)
        for at, text in enumerate(("工作表（点名称跳转）", "填什么", "谁填", "必填列"), 1):
            self.sheet.write_string(self.row, at, text, head)
        self.row += 1
        self._sheet_line("看板", "完成进度、活动和指标一眼看清，自动更新。", "不用填", "")
        for sheet in (HEAD, *SHEETS):
            who = "各股室" if sheet.title in BY_EVERY_OFFICE else "牵头股室"
            required = "、".join(column.title for column in sheet.columns if column.required)
            if sheet.title == HEAD_SHEET:
                required = "标深色的几项"
            self._sheet_line(sheet.title, sheet.purpose, who, required)

    def _sheet_line(self, title: str, purpose: str, who: str, required: str) -> None:
        self.sheet.write_url(self.row, 1, f"internal:'{title}'!A1", self.link, title)
        for at, text in enumerate((purpose, who, required), 2):
            self.sheet.write_string(self.row, at, text, self.text)
        self._grow(purpose, _WIDTHS[2])
        self.row += 1

    def _legend(self) -> None:
        self._heading("颜色")
        for name, shown, text in LEGEND:
            self._pair(name, text, self.looks(_PAPER, {"align": "center"}, shown))
