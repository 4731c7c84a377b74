"""What must never travel, put into every place of a workbook where a person may have written it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

IDENTITY = "11010119900307" + "7475"
ROUNDED = 110101199003070000
MOBILE = "138" + "12345678"


def _luhn(digits: str) -> str:
    """The digits with their check digit (ISO/IEC 7812-1, annex B)."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[::-2])
    return digits + str(-(sum(map(int, digits[-2::-2])) + sum(doubled)) % 10)


CARD = _luhn("622202020013245")
PERSONAL: Mapping[str, str] = {
    "身份证号": IDENTITY, "手机号": f"电话{MOBILE}", "银行卡号": f"卡号{CARD}",
    "姓名和信访": "信访人张小明反映问题", "姓名和低保": "低保户李四光已纳入", "姓名和未成年": "未成年人王小虎已帮教",
    "姓名和病情": "赵大勇患精神分裂症",
}
SECRETS = ("秘密★1年", "机密★", "绝 密 ☆")
FINE = ("做好保密工作", "宪法宣传周", "0951-5550101", "临政办发〔2025〕12号", "投入138123456.78元", "机密文件管理培训",
        "统一社会信用代码91110000100000" + "0000", "12345政务服务热线")
"""What looks like it and is none."""
_BOX = ('<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:absoluteAnchor><xdr:pos x="0" y="0"/>'
        '<xdr:ext cx="9" cy="9"/><xdr:sp><xdr:txBody><a:bodyPr/><a:p><a:r><a:t>{}</a:t></a:r></a:p></xdr:txBody>'
        "</xdr:sp><xdr:clientData/></xdr:absoluteAnchor></xdr:wsDr>")
_THREAD = ('<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
           '<threadedComment ref="B3" dT="2025-12-01T09:00:00" personId="{{0}}" id="{{1}}"><text>{}</text>'
           "</threadedComment></ThreadedComments>")
_RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/drawing"
_THREAD_KIND = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"


def _cell(book: openpyxl.Workbook, text: str) -> None:
    sheet = book["活动"]
    sheet.cell(_first_row(sheet), _column(sheet, "备注")).value = text


def _number_cell(book: openpyxl.Workbook, text: str) -> None:
    sheet = book["活动"]
    sheet.cell(_first_row(sheet), _column(sheet, "备注")).value = int(text)


def _extra_column(book: openpyxl.Workbook, text: str) -> None:
    sheet = book["活动"]
    top, at = _first_row(sheet) - 1, sheet.max_column + 1
    sheet.cell(top, at).value = "领导批示"
    sheet.cell(top + 1, at).value = text


def _note(book: openpyxl.Workbook, text: str) -> None:
    book["任务"].cell(3, 3).comment = Comment(text, "甲")


def _sheet(state: str) -> Callable[[openpyxl.Workbook, str], None]:
    def put(book: openpyxl.Workbook, text: str) -> None:
        sheet = book.create_sheet("底稿")
        sheet.append(["内容"])
        sheet.append([text])
        sheet.sheet_state = state
    return put


def _header(book: openpyxl.Workbook, text: str) -> None:
    book["活动"].oddHeader.left.text = text


def _property(book: openpyxl.Workbook, text: str) -> None:
    book.properties.description = text


def _defined_name(book: openpyxl.Workbook, text: str) -> None:
    book.defined_names["联系"] = DefinedName("联系", attr_text=f'"{text}"')


def _prompt(book: openpyxl.Workbook, text: str) -> None:
    rule = DataValidation(type="whole", operator="greaterThan", formula1="0")
    rule.prompt, rule.showInputMessage = text, True
    book["报告信息"].add_data_validation(rule)
    rule.add("F99")


IN_CELLS: Mapping[str, Callable[[openpyxl.Workbook, str], None]] = {
    "单元格": _cell, "附加列": _extra_column, "批注": _note, "隐藏的表": _sheet("hidden"),
    "深度隐藏的表": _sheet("veryHidden"),
}
ELSEWHERE = {"页眉": _header, "文档属性": _property, "名称": _defined_name, "输入提示": _prompt}
IN_PARTS = {"文本框": (_BOX, "drawings/drawing77.xml", _KIND),
            "会话批注": (_THREAD, "threadedComments/tc77.xml", _THREAD_KIND)}
PLACES = (*IN_CELLS, *ELSEWHERE, *IN_PARTS)


def plant(source: Path, target: Path, place: str, text: str) -> Path:
    """A copy of a workbook with a text in one place of it."""
    put = (IN_CELLS | ELSEWHERE).get(place)
    if put is None:
        target.write_bytes(_with_part(source.read_bytes(), *IN_PARTS[place], text))
        return target
    book = openpyxl.load_workbook(source)
    put(book, text)
    book.save(target)
    return target


def plant_number(source: Path, target: Path, number: int) -> Path:
    """A copy with a number of more digits than Excel keeps."""
    book = openpyxl.load_workbook(source)
    _number_cell(book, str(number))
    book.save(target)
    return target


def _with_part(data: bytes, form: str, part: str, kind: str, text: str) -> bytes:
    """A package with one more part, to which the first sheet that has no relations leads."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        names = source.namelist()
        sheet = next(name for name in names if re.match(r"xl/worksheets/sheet\d+\.xml", name)
                     and f"xl/worksheets/_rels/{name.rpartition('/')[2]}.rels" not in names)
        for name in names:
            made.writestr(name, source.read(name))
        link = f'<Relationship Id="rId77" Type="{kind}" Target="../{part}"/>'
        made.writestr(f"xl/worksheets/_rels/{sheet.rpartition('/')[2]}.rels", _RELATIONS.format(link))
        made.writestr(f"xl/{part}", form.format(text))
    return out.getvalue()


def _first_row(sheet: object) -> int:
    """Where the records begin: below the row that says 编号."""
    return next(row + 1 for row in range(1, 7) if sheet.cell(row, 1).value == "编号")  # type: ignore[attr-defined]


def _column(sheet: object, title: str) -> int:
    top = _first_row(sheet) - 1
    return next(at for at in range(1, 40) if sheet.cell(top, at).value == title)  # type: ignore[attr-defined]


def holding(folder: Path, number: str) -> list[str]:
    """Every file below a folder whose name or bytes, inside zips too, hold a number."""
    needles = [number.encode(encoding) for encoding in ("utf-8", "utf-16-le")]
    return [str(path.relative_to(folder)) for path in sorted(folder.rglob("*")) if path.is_file()
            and (any(one in data for data in _layers(path.read_bytes()) for one in needles) or number in path.name)]


def _layers(data: bytes) -> list[bytes]:
    if not data.startswith(b"PK\x03\x04"):
        return [data]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        inside = [(name.encode(), *_layers(archive.read(name))) for name in archive.namelist()]
    return [data, *(layer for layers in inside for layer in layers)]
