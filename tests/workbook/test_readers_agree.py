"""Laws: what is written is read, by every reader alike, and no damage goes further than a refusal."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
from html import escape
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odd_files import only_thorough, parts, rows_of, sheet_xml, styles_xml, zipped
from openpyxl import load_workbook

from workbook.findings import Refusal
from workbook.raw import ErrorValue, RawValue

Cells = dict[tuple[int, int], RawValue]
texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="￾￿"), min_size=1, max_size=12)
spans = st.integers(1, 10**9).map(lambda ms: dt.timedelta(milliseconds=ms))
moments = st.datetimes(dt.datetime(1904, 1, 2), dt.datetime(2999, 12, 31)).map(
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000))
times = st.times().map(lambda time: time.replace(microsecond=time.microsecond // 1000 * 1000))
errors = st.sampled_from(("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")).map(ErrorValue)
numbers = st.one_of(st.integers(-2**53, 2**53), st.floats(-1e15, 1e15).map(lambda value: float(f"{value:.16G}")))
values = st.one_of(st.none(), texts, numbers, st.booleans(), st.dates(dt.date(1904, 1, 2), dt.date(2999, 1, 1)),
                   moments, times, spans, errors)
grids = st.lists(st.lists(values, min_size=1, max_size=5), min_size=1, max_size=5)


def written(grid: list[list[RawValue]], date_1904: bool) -> bytes:
    buffer = io.BytesIO()
    target = xlsxwriter.Workbook(buffer, {"in_memory": True, "date_1904": date_1904})
    formats = {kind: target.add_format({"num_format": code}) for kind, code in (
        (dt.date, "yyyy/m/d"), (dt.datetime, "yyyy-mm-dd hh:mm:ss.000"), (dt.time, "hh:mm:ss"),
        (dt.timedelta, "[h]:mm:ss"))}
    sheet = target.add_worksheet("甲")
    for number, line in enumerate(grid):
        for column, value in enumerate(line):
            if isinstance(value, str):
                sheet.write_string(number, column, value)
            elif isinstance(value, ErrorValue):
                sheet.write_formula(number, column, "=1", None, value.code)
            elif type(value) in formats:
                sheet.write_datetime(number, column, value, formats[type(value)])
            elif value is not None:
                sheet.write(number, column, value)
    target.close()
    return buffer.getvalue()


def expected(value: RawValue) -> RawValue:
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date()
    return int(value) if isinstance(value, float) and value.is_integer() else value


def filled(rows: list[list[RawValue]]) -> Cells:
    return {(number, column): expected(value) for number, line in enumerate(rows) for column, value in enumerate(line)
            if value is not None}


def as_openpyxl_tells(cell: Any) -> RawValue:
    value = cell.value
    if cell.data_type == "e":
        return ErrorValue(value)
    if isinstance(value, str):
        return value.replace("\r\n", "\n")
    return expected(value)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(grid=grids, date_1904=st.booleans())
def test_what_is_written_is_read_and_every_reader_agrees(
    grid: list[list[RawValue]], date_1904: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = written(grid, date_1904)
    fast = rows_of(data, tmp_path)
    assert filled(fast) == filled(grid)
    with monkeypatch.context() as patch:
        only_thorough(patch)
        assert rows_of(data, tmp_path) == fast


NUMBERS = ("General", "0.00", '#,##0.00"元"', '0"days"', "\\d0", "0*d", "[Red]0.00", "[$￥-804]0", "@", "0.0E+00",
           'G/通用格式"人"', "0;yyyy", "aaaa", "# ?/?", "_-* #,##0", '[=1]"男";[=2]"女"')
MOMENTS = ("yyyy-mm-dd", 'yyyy"年"m"月"d"日"', '[$-804]yyyy"年"m"月";@', '[DBNum1][$-804]m"月"d"日"', "yyyymmdd",
           "[$-F800]dddd\\,\\ mmmm\\ dd", '上午/下午h"时"', "AM/PM", "yyyy;0", "mm:ss.0")
SPANS = ("[h]:mm", "[mm]:ss", "[s]", '[h]"小时"', "[H]:MM:SS")


def test_number_formats_mean_the_same_to_both_readers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = (*NUMBERS, *MOMENTS, *SPANS)
    places = range(200, 200 + len(codes))
    rows = "".join(f'<row r="{n}"><c r="A{n}" s="{n - 1}"><v>45747.5</v></c></row>' for n in range(1, len(codes) + 1))
    data = zipped(parts(styles=styles_xml(*places, codes=dict(zip(places, map(escape, codes), strict=True))),
                        sheet=sheet_xml(rows)))
    fast = rows_of(data, tmp_path)
    only_thorough(monkeypatch)
    assert rows_of(data, tmp_path) == fast
    moment, span = dt.datetime(2025, 3, 31, 12), dt.timedelta(days=45747.5)
    assert [line[0] for line in fast] == [45747.5] * len(NUMBERS) + [moment] * len(MOMENTS) + [span] * len(SPANS)


plain = st.one_of(st.none(), st.text("台账 ab<&\n", min_size=1, max_size=6), numbers, st.booleans(), errors, moments,
                  st.dates(dt.date(1904, 1, 2), dt.date(2999, 1, 1)))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(grid=st.lists(st.lists(plain, min_size=1, max_size=5), min_size=1, max_size=5), date_1904=st.booleans())
def test_openpyxl_reads_the_same(grid: list[list[RawValue]], date_1904: bool, tmp_path: Path) -> None:
    data = written(grid, date_1904)
    sheet = load_workbook(io.BytesIO(data), data_only=True).worksheets[0]
    theirs = {(cell.row - 1, cell.column - 1): as_openpyxl_tells(cell)
              for line in sheet.iter_rows() for cell in line if cell.value is not None}
    assert filled(rows_of(data, tmp_path)) == theirs


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_is_damaged_ends_in_rows_or_a_sentence(tmp_path: Path, data: st.DataObject) -> None:
    names = parts(styles=styles_xml(0, 14), sheet=ODD_SHEET)
    name = data.draw(st.sampled_from(sorted(names)))
    text = str(names[name])
    at = data.draw(st.integers(0, len(text)))
    taken = data.draw(st.integers(0, 12))
    new = data.draw(st.sampled_from(("", "0", "9" * 20, "-1", "XFD1048576", '"', "<", "e", "s", "<c/>", "\0", "&a;")))
    with contextlib.suppress(Refusal):
        rows_of(zipped(names | {name: text[:at] + new + text[at + taken:]}), tmp_path)


ODD_SHEET = sheet_xml(
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>45747</v></c><c r="C1" t="e"><v>#N/A</v></c></row>'
    '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c></row>', '<dimension ref="A1:C2"/>',
    '<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>')
