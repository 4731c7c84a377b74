"""The map as a file that a person edits: TOML, every line with what helps to decide it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from workbook.adopting.drafts import ColumnDraft, Draft, SheetDraft
from workbook.adopting.headermap import (
    CARRIED,
    COLUMNS,
    EXTRA,
    FILE,
    FIXED,
    HEAD_PART,
    HEADER,
    NAME,
    OFFICE_PART,
    SHEET_PART,
    TARGET,
    UNWANTED,
    VALUES,
    WORDS_PART,
)
from workbook.findings import Refusal, column_letters
from workbook.raw import RawValue
from workbook.schema import BY_TITLE, HEAD_BY_TITLE

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def as_toml(draft: Draft, name: str, command: str) -> str:
    """The map's text; `name` is the foreign file, `command` what to run once it has been looked at."""
    parts = [_opening(name, command), _assign(FILE, name), "", *_head(draft), *_words(draft)]
    for one in draft.sheets:
        parts += _sheet(one)
    return "\n".join(parts).rstrip("\n") + "\n"


def decode(data: bytes, path: str) -> str:
    """A map as text: UTF-8, with a mark or without, or what Notepad called ANSI."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refusal(f"{path}：不是文本文件，不是对照表。")


def quoted(text: str) -> str:
    """A TOML basic string (TOML 1.0, Strings)."""
    kept = text.encode("utf-8", "replace").decode()
    return '"' + "".join(_ESCAPES.get(mark) or (mark if mark.isprintable() or mark == "\u3000" else _coded(mark))
                         for mark in kept) + '"'


def _coded(mark: str) -> str:
    return f"\\u{ord(mark):04x}" if ord(mark) < 0x10000 else f"\\U{ord(mark):08x}"


def _value(value: RawValue) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else quoted(str(value))


def _assign(key: str, value: RawValue, remark: str = "") -> str:
    told = "".join(mark if mark.isprintable() else " " for mark in remark.encode("utf-8", "replace").decode())
    return f"{quoted(key)} = {_value(value)}" + (f"  # {told}" if told else "")


def _opening(name: str, command: str) -> str:
    lines = (
        f"对照表：“{name}”的每张表、每一列放到标准台账的哪里。程序提的，请逐行看一遍，改等号右边的字。",
        f"改好后运行：{command}",
        "",
        f"{TARGET}可以写：{'、'.join(BY_TITLE)}；{CARRIED}（整张表照样带着）；{UNWANTED}（内容列进“转换说明”，不当记录）。",
        f"列的右边可以写：标准列的名称；{EXTRA}：名称（作为本单位自己的列带着）；{UNWANTED}。",
        "等号两边的文字都用英文双引号括起来，不要改等号左边的字。#后面是说明，不起作用。",
    )
    return "\n".join(f"# {line}".rstrip() for line in lines) + "\n"


def _head(draft: Draft) -> Iterator[str]:
    yield "# 这本台账的报告信息。空着的要填上才能转；日期写成 2025-01-01，不加引号。"
    yield f"[{quoted(HEAD_PART)}]"
    for title, value in draft.map.head.items():
        key = HEAD_BY_TITLE[title]
        seen = draft.seen.get(title)
        yield _assign(title, value, f"从“{seen}”看出来的，请核对" if seen else key.hint if value == "" else "")
    yield ""


def _words(draft: Draft) -> Iterator[str]:
    if draft.map.offices:
        yield "# 写进“股室”表的名称，从各行收来的；等号左边是代码，可以改。不是股室的删掉那一行。"
        yield f"[{quoted(OFFICE_PART)}]"
        yield from (_assign(code, name) for code, name in draft.map.offices.items())
        yield ""
    if draft.map.words:
        yield "# 写进“字典”表的值，从各行收来的；写错的、重复的删掉。"
        yield f"[{quoted(WORDS_PART)}]"
        yield from (f"{quoted(name)} = [{', '.join(map(quoted, texts))}]" for name, texts in draft.map.words.items())
        yield ""


def _sheet(one: SheetDraft) -> Iterator[str]:
    told = one.map
    yield f"[[{quoted(SHEET_PART)}]]"
    yield _assign(NAME, told.name)
    yield _assign(TARGET, told.target, _about_target(one))
    if told.header[0]:
        first, last = told.header
        rows = str(first) if first == last else f"{first}, {last}"
        yield f"{quoted(HEADER)} = [{rows}]"
    yield ""
    if told.sheet is None:
        return
    part = quoted(SHEET_PART)
    yield f"[{part}.{quoted(COLUMNS)}]"
    yield from map(_column, one.columns)
    yield ""
    yield from _fixed(one)
    for title, pairs in told.values.items():
        yield f"# “{title}”里不在可选值里的写法。可选：{'、'.join(told.sheet.column(title).choices)}；空着就照原样写。"
        yield f"[{part}.{quoted(VALUES)}.{quoted(title)}]"
        yield from (_assign(old, new) for old, new in pairs.items())
        yield ""


def _about_target(one: SheetDraft) -> str:
    if one.map.sheet is None:
        return "看不出对应哪张标准表"
    return f"也可能是：{'、'.join(one.rivals)}" if one.rivals else ""


def _column(one: ColumnDraft) -> str:
    told = one.map
    remarks = ["把握不大，请核对"] if told.title and not one.sure else []
    remarks += [f"例：{'；'.join(one.examples)}"] if one.examples else ["这一列没有内容"]
    remarks += [f"也可能是：{'、'.join(one.others)}"] if one.others else []
    return _assign(f"{column_letters(told.number)} {told.header}".rstrip(), told.target, "。".join(remarks))


def _fixed(one: SheetDraft) -> Iterator[str]:
    fixed: Mapping[str, RawValue] = one.map.fixed
    if not fixed:
        return
    yield "# 必填、但原表没有的列：各行都一样的写在这里，每一行都填上；空着就留给人补。"
    yield f"[{quoted(SHEET_PART)}.{quoted(FIXED)}]"
    yield from (_assign(title, value, f"从{one.fixed_from}看出来的，请核对" if value else "")
                for title, value in fixed.items())
    yield ""
