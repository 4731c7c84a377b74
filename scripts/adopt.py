"""`taizhang adopt`: a map is proposed, a person looks at it, and the home-made ledger becomes a standard one."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.common import print_json, tell
from scripts.restored import as_document, balance, list_lines, require_new_workbook
from workbook.findings import Refusal

if TYPE_CHECKING:
    from workbook.adopting.drafts import Draft, SheetDraft
    from workbook.adopting.headermap import HeaderMap
    from workbook.raw import RawBook, RawValue
    from workbook.restoring.settling import Restored


def run(options: Namespace) -> int:
    """Propose a map, or adopt by one; 1 where a person should look at something."""
    require_new_workbook(options)
    path = Path(options.map or Path(options.output).with_suffix(".对照.toml"))
    raw, told = _read(options.book)
    if options.map and path.exists():
        return _adopt(options, raw, _map(path), path)
    text, draft = _propose(options, raw, path, told)
    if not options.yes:
        return _show(options, draft, path)
    from workbook.adopting.headermap import parse_map

    return _adopt(options, raw, parse_map(text, str(path)), path, draft.doubts)


def _read(path: str) -> tuple[RawBook, tuple[str, ...]]:
    """What is adopted, and what to look at because of how it was read."""
    from workbook.adopting.separated import separated
    from workbook.files import read_bytes
    from workbook.reading.reader import read_content

    data = read_bytes(path)
    found = separated(data, path)
    if found is None:
        return read_content(data, path, formulas=True, notes=True), ()
    return found[0], (f"这是文本表格，文字按 {found[1].upper()} 编码读，请核对没有乱码。",)


def _map(path: Path) -> HeaderMap:
    from workbook.adopting.headermap import parse_map
    from workbook.adopting.mapfile import decode
    from workbook.files import read_bytes

    return parse_map(decode(read_bytes(path), str(path)), str(path))


def _given(options: Namespace) -> dict[str, RawValue]:
    told = {"报告类型": options.kind, "机关全称": options.office, "报告年度": options.year}
    return {key: value for key, value in told.items() if value is not None}


def _propose(options: Namespace, raw: RawBook, path: Path, told: tuple[str, ...]) -> tuple[str, Draft]:
    """The map's text, written beside the output, and the draft behind it; a map that somebody changed stays."""
    from workbook.adopting.mapfile import as_toml
    from workbook.adopting.proposing import draft_map
    from workbook.files import read_bytes, write_atomic

    draft = draft_map(raw, str(path), _given(options))._replace(told=told)
    text = as_toml(draft, Path(options.book).name, _command(options, path))
    if path.exists() and read_bytes(path) != text.encode():
        raise Refusal(f"{path}：已经有对照表。看过、改好了的，加 --map {_word(path)} 再运行；要重新提，先移走它。")
    write_atomic(path, text.encode())
    return text, draft


def _command(options: Namespace, path: Path) -> str:
    return f"taizhang adopt {_word(options.book)} -o {_word(options.output)} --map {_word(path)}"


def _word(path: str | Path) -> str:
    """A path as typed at a prompt."""
    return f'"{path}"' if " " in str(path) else str(path)


def _show(options: Namespace, draft: Draft, path: Path) -> int:
    """What is proposed and what to do next; nothing is settled before a person has looked."""
    if options.json:
        from workbook.faults import safe

        print_json({"file": options.book, "output": None, "map": str(path), "missing": list(draft.map.missing),
                    "doubts": [safe(one) for one in draft.doubts], "sheets": [_as_json(one) for one in draft.sheets]})
    tell(f"对照表提好了：{path}", options)
    for one in draft.sheets:
        tell(f"  {_summary(one)}", options)
    if draft.doubts:
        tell(f"要您定的 {len(draft.doubts)} 处：", options)
        list_lines(draft.doubts, options)
    if draft.map.missing:
        tell(f"[报告信息] 里要补填：{'、'.join(draft.map.missing)}。", options)
    tell(f"请打开看一遍、改好，再运行：{_command(options, path)}", options)
    return 1


def _summary(one: SheetDraft) -> str:
    told = one.map
    if told.sheet is None:
        return f"“{told.name}” → {told.target}"
    placed = sum(bool(column.title) for column in told.columns)
    extra = sum(bool(column.extra) for column in told.columns)
    rows = "、".join(map(str, dict.fromkeys(told.header)))
    return f"“{told.name}”（表头第 {rows} 行）→ “{told.target}”：对上 {placed} 列，附加列 {extra} 列"


def _as_json(one: SheetDraft) -> dict[str, object]:
    from workbook.findings import column_letters

    columns = [{"column": column_letters(column.map.number), "header": column.map.header, "target": column.map.target,
                "sure": column.sure, "others": list(column.others)} for column in one.columns]
    return {"sheet": one.map.name, "target": one.map.target, "header": list(dict.fromkeys(one.map.header)),
            "columns": columns, "gaps": list(one.gaps)}


def _adopt(options: Namespace, raw: RawBook, told: HeaderMap, path: Path, doubts: tuple[str, ...] = ()) -> int:
    from templates.starter import starter
    from workbook.adopting.adopt import adopt
    from workbook.adopting.headdata import completed, year_of
    from workbook.adopting.proposing import refuse_standard
    from workbook.files import write_atomic
    from workbook.standard.making import workbook_bytes

    refuse_standard(raw)
    told = told._replace(head=completed(told.head, _given(options), str(path)))
    told.require_head()
    base = starter(str(told.head["报告类型"]), str(told.head["机关全称"]), year_of(told.head, str(path)))
    made = adopt(raw, told, base, workbook_bytes)
    write_atomic(options.output, made.data, keep=True, durable=True)
    return _report(options, made, path, doubts)


def _report(options: Namespace, made: Restored, path: Path, doubts: tuple[str, ...]) -> int:
    from workbook.adopting.adopt import ASIDE_SHEET
    from workbook.faults import safe
    from workbook.restoring.balance import shown

    if options.json:
        print_json(as_document(options, made) | {"map": str(path), "doubts": [safe(one) for one in doubts]})
    tell(f"已转换：{options.output}（对照表 {path}）。{balance(made)}", options)
    list_lines((change.text for change in made.changes), options)
    if doubts:
        tell(f"对照表没有人看过，这 {len(doubts)} 处请核对：", options)
        list_lines(doubts, options)
    open_asides = [one for one in made.asides if one.settle]
    if made.asides:
        tell(f"没有当作记录的内容都在工作表“{ASIDE_SHEET}”里，{len(made.asides)} 条"
             f"{f'，其中 {len(open_asides)} 条要您看：' if open_asides else '。'}", options)
    list_lines((f"{one.cell}　{shown(one.value)}　{one.why}。" for one in open_asides), options)
    tell(f"接着校验：taizhang check {_word(options.output)}。写成文字的日期和数，用 taizhang check --fix 改。", options)
    return int(made.to_settle or bool(doubts))
