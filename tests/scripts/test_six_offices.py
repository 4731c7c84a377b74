"""Six offices through the command line, two rounds: every row's fate and the master as the truth table has them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest

from scripts.cli import main
from tests import six_offices as county
from tests.returning import Edit, Sheet, changed, rows_of

TRUTH = Path(__file__).parents[1] / "golden" / "six_offices.md"
FATES = {"合入": "merged", "未变": "unchanged", "冲突": "conflict", "退回": "sent_back"}


class Situation(NamedTuple):
    """One row of one return and what must become of it."""

    office: str
    sheet: str
    key: str
    what: str
    fate: str
    reason: str
    after: str


def truth(title: str) -> list[Situation]:
    section = TRUTH.read_text("utf-8").split(f"## {title}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [Situation(*(cell.strip() for cell in line.strip("|").split("|"))) for line in lines]


class Bureau:
    """The master, its 往来 folder, and one round after the other."""

    def __init__(self, folder: Path, capsys: Any) -> None:
        self.capsys = capsys
        self.folder, self.exchange, self.rounds = folder, folder / "往来", 0
        (folder / "台账.md").write_text(county.ledger(), "utf-8")
        self.master = folder / "台账.xlsx"
        assert main(["load", str(folder / "台账.md"), "-o", str(self.master), "--quiet"]) == 0

    def dispatch(self) -> Path:
        before = set(self.exchange.glob("*/下发"))
        assert main(["dispatch", str(self.master), "-o", str(self.exchange), "--quiet"]) == 0
        sent, = set(self.exchange.glob("*/下发")) - before
        return sent

    def edit_master(self, **edits: Edit) -> None:
        changed(self.master, self.master, edits)

    def merge(self, sent: Path, returns: Mapping[str, Mapping[str, Edit]]) -> dict[str, Any]:
        """Returns come by folder; what the merge says of them."""
        self.rounds += 1
        inbox = self.folder / f"收件{self.rounds}"
        inbox.mkdir()
        for office, edits in returns.items():
            name = f"{county.CODES[office]}.xlsx"
            source = next(one for one in (sent / name, *self.exchange.glob(f"*/下发/{name}")) if one.is_file())
            changed(source, inbox / f"{office}.xlsx", edits)
        return self.merge_inbox(inbox)

    def merge_inbox(self, inbox: Path) -> dict[str, Any]:
        main(["collect", str(inbox), "--to", str(self.exchange), "--quiet"])
        self.capsys.readouterr()
        out = self.folder / f"合并{self.rounds}.xlsx"
        main(["merge", str(self.master), "--from", str(self.exchange), "-o", str(out), "--json"])
        self.master = out
        told: dict[str, Any] = json.loads(self.capsys.readouterr().out)
        return told


@pytest.fixture
def bureau(tmp_path: Path, capsys: Any) -> Bureau:
    return Bureau(tmp_path, capsys)


def first_round(bureau: Bureau) -> dict[str, Any]:
    sent = bureau.dispatch()
    book = openpyxl.load_workbook(sent / "YL.xlsx")
    sheet = Sheet(book["活动"])
    stranger = sheet.sheet.cell(sheet.row("C01"), sheet.columns["_id"]).value
    bureau.edit_master(活动=county.master_after)
    return bureau.merge(without_tasks(sent, bureau.folder), county.first_returns(stranger))


def without_tasks(sent: Path, folder: Path) -> Path:
    """What was sent, with the sheet 任务 gone from the copy of 救助股."""
    copies = folder / "副本"
    copies.mkdir()
    for path in sent.glob("*.xlsx"):
        book = openpyxl.load_workbook(path)
        if path.stem == "JZ":
            del book["任务"]
        book.save(copies / path.name)
    return copies


def compared(told: dict[str, Any], wanted: list[Situation]) -> list[str]:
    """Every difference between what was said and the truth."""
    said: dict[tuple[str, str, str], list[tuple[str, str]]] = defaultdict(list)
    for row in told["rows"]:
        said[row["office"], row["sheet"], row["key"]].append((row["fate"], row["reason"]))
    wrong = []
    for one in wanted:
        held = said[one.office, one.sheet, one.key]
        match = next((each for each in held if each[0] == one.fate and one.reason in each[1]), None)
        if match:
            held.remove(match)
        else:
            wanted_fate = f"{one.fate} {one.reason}"
            wrong.append(f"{one.office} {one.sheet} {one.key}（{one.what}）：应为 {wanted_fate}，说的是 {held}")
    return wrong + [f"没有料到：{place} {held}" for place, rest in said.items() for held in rest]


def master_wrong(path: Path, wanted: list[Situation]) -> list[str]:
    tables = {sheet: rows_of(path, sheet) for sheet in ("任务", "活动", "指标")}
    wrong = []
    for one in wanted:
        row = tables[one.sheet].get(one.key)
        column, _, value = one.after.partition("=")
        if one.after == "无" and row is not None:
            wrong.append(f"{one.sheet} {one.key}（{one.what}）：不该在，是 {row}")
        elif column not in ("", "无") and (row is None or row.get(column, "") != value):
            wrong.append(f"{one.sheet} {one.key}（{one.what}）：{column} 应为 {value}，是 {row and row.get(column)}")
    return wrong


def balanced(told: dict[str, Any]) -> bool:
    counts = [*told["offices"].values(), told["balance"]]
    return all(one["returned"] == sum(one[name] for name in FATES.values()) for one in counts) and all(
        told["balance"][name] == sum(one[name] for one in told["offices"].values()) for name in told["balance"])


def test_the_first_round(bureau: Bureau) -> None:
    told, wanted = first_round(bureau), truth("第一轮")
    assert compared(told, wanted) == []
    assert master_wrong(bureau.master, wanted) == []
    assert balanced(told)
    assert told["balance"]["returned"] == len(wanted)


def test_the_first_round_once_more_changes_nothing(bureau: Bureau) -> None:
    first = first_round(bureau)
    before = bureau.master.read_bytes()
    empty = bureau.folder / "空"
    empty.mkdir()
    bureau.rounds += 1
    again = bureau.merge_inbox(empty)
    assert bureau.master.read_bytes() == before
    assert again["rows"] == first["rows"]


def test_the_second_round(bureau: Bureau) -> None:
    """Decided, edited and sent out again; returns of both rounds come in."""
    first_round(bureau)
    late = bureau.folder / "收件1" / "救助股.xlsx"
    decide(bureau.master, {("B01", "地点"): "用救助股的", ("M1", "填报值"): "用养老股的", ("F91", "（整行）"): "收下",
                           ("D91", "（整行）"): "不收"})
    bureau.rounds += 1
    told = bureau.merge_inbox(bureau.folder / "收件1")
    assert {(one["key"], one["chosen"]) for one in told["settled"]} == {
        ("B01", "用救助股的"), ("M1", "用养老股的"), ("F91", "收下"), ("D91", "不收")}
    rows = rows_of(bureau.master, "活动")
    assert (rows["B01"]["地点"], "F91" in rows, "D91" in rows) == ("退回的", True, False)
    assert rows_of(bureau.master, "指标")["M1"]["填报值"] == "10"
    sent = bureau.dispatch()
    bureau.edit_master(活动=county.master_between)
    told = bureau.merge(sent, county.SECOND_RETURNS)
    wanted = truth("第二轮")
    assert [one for one in compared(told, wanted) if not one.startswith("没有料到")] == []
    assert master_wrong(bureau.master, wanted) == []
    assert balanced(told)
    before = bureau.master.read_bytes()
    told = bureau.merge_inbox(saved_again(late, bureau.folder / "迟到"))
    relief = [(one["fate"], "旧" in one["reason"]) for one in told["rows"] if one["office"] == "救助股"]
    assert ("退回", True) in relief
    assert ("退回", False) not in relief
    assert bureau.master.read_bytes() == before


def saved_again(path: Path, folder: Path) -> Path:
    """A folder with the same return, saved once more."""
    folder.mkdir()
    openpyxl.load_workbook(path).save(folder / path.name)
    return folder


def decide(path: Path, words: Mapping[tuple[str, str], str]) -> None:
    """Write decisions, by 编号 and 列, into the sheet 冲突裁决."""
    book = openpyxl.load_workbook(path)
    sheet = book["冲突裁决"]
    top = next(row for row in range(1, 6) if "裁决" in [cell.value for cell in sheet[row]])
    at = {cell.value: cell.column for cell in sheet[top]}
    for row in range(top + 1, sheet.max_row + 1):
        place = sheet.cell(row, at["编号"]).value, sheet.cell(row, at["列"]).value
        if place in words:
            sheet.cell(row, at["裁决"]).value = words[place]
    book.save(path)
