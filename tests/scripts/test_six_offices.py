"""Six offices and a coordinator at work at the same time: what becomes of every row, by a table written beforehand."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from scripts.cli import main
from tests.returning import Sheet, rows_of

PAGES = Path(__file__).with_name("six_offices")
NOTHING, GONE = "照旧", "没有"
KEY, ID = "编号", "_id"
Line = dict[str, str]


def tables(page: str) -> list[list[Line]]:
    """The tables of a page, line by line."""
    found: list[list[Line]] = []
    titles: list[str] = []
    for line in (PAGES / page).read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if not cells:
            titles = []
        elif not titles:
            titles = cells
            found.append([])
        elif set(line) - set("|- "):
            found[-1].append(dict(zip(titles, cells, strict=True)))
    return found


TRUTH, MORE, DECIDED = tables("truth.md")
OFFICES = tuple(dict.fromkeys(line["股室"] for line in TRUTH))


def cells_of(text: str) -> dict[str, Any]:
    """地点=会堂；备注= -> what is put into a row; numbers as numbers, a blank as nothing."""
    pairs = [part.split("=", 1) for part in text.split("；") if "=" in part]
    return {title: int(value) if value.isascii() and value.isdecimal() else value or None for title, value in pairs}


def act(sheet: Sheet, key: str, deed: str) -> None:
    """Do to a row what its line says."""
    word, _, rest = deed.partition(" ")
    if deed == NOTHING:
        return
    if word == "删":
        sheet.delete(key)
    elif word == "新增":
        sheet.append(**{KEY: key}, **cells_of(rest))
    elif word == "复制":
        sheet.copy(key, **cells_of(rest))
    elif word == "换位":
        sheet.swap(key, rest)
    else:
        values = cells_of(rest) | {ID: None} if word == "丢号" else cells_of(deed)
        for title in values:
            if title not in sheet.columns:
                sheet.add_column(title)
        sheet.put(key, **values)


def worked(source: Path, target: Path, deeds: list[Line], column: str) -> None:
    """The workbook after everything in this column was done to it."""
    book = openpyxl.load_workbook(source)
    sheets = {line["表"]: Sheet(book[line["表"]]) for line in deeds}
    for line in sorted(deeds, key=lambda line: line[column].startswith("删")):
        act(sheets[line["表"]], line[KEY], line[column])
    book.save(target)


class Story:
    """The folder in which it all happens."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        self.master, self.exchange, self.merged = folder / "台账.xlsx", folder / "往来", folder / "合并.xlsx"
        self.run("load", PAGES / "ledger.md", "-o", self.master)
        self.run("dispatch", self.master, "-o", self.exchange, "--due", "2026-12-18")
        self.sent = next(self.exchange.glob("*/下发"))

    def run(self, *arguments: object) -> int:
        return main([*map(str, arguments), "--quiet"])

    def told(self, *arguments: object) -> dict[str, Any]:
        self.capsys.readouterr()
        main([*map(str, arguments), "--json"])
        said: dict[str, Any] = json.loads(self.capsys.readouterr().out)
        return said

    def return_(self, office: str, deeds: list[Line], name: str) -> None:
        place = self.folder / name
        place.mkdir(exist_ok=True)
        worked(self.sent / f"{office}.xlsx", place / f"{office}.xlsx", deeds, "股室做的")
        self.run("collect", place, "--to", self.exchange)

    def merge(self, book: Path) -> dict[str, Any]:
        return self.told("merge", book, "--from", self.exchange, "-o", self.merged)


@pytest.fixture
def story(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Story:
    story = Story(tmp_path, capsys)
    worked(story.master, story.master, TRUTH, "协调人做的")
    for office in OFFICES:
        story.return_(office, [line for line in TRUTH if line["股室"] == office], "第一次")
    return story


def expected_fates() -> Iterator[tuple[str, str, str, str]]:
    for line in (*TRUTH, *MORE):
        yield line["股室"], line["表"], line[KEY], line["命运"]


def wrong_cells(lines: list[Line], book: Path) -> list[str]:
    """Where the master is not as the lines say."""
    held = {sheet: rows_of(book, sheet) for sheet in {line["表"] for line in lines}}
    found = []
    for line in lines:
        row, name = held[line["表"]].get(line[KEY]), f"{line['表']} {line[KEY]}"
        if line["合并后"] == GONE or row is None:
            found += [f"{name}：{row}"] if (row is None) != (line["合并后"] == GONE) else []
            continue
        for title, _, value in (part.partition("=") for part in line["合并后"].split("；")):
            if row.get(title, "") != value:
                found.append(f"{name} {title}：{row.get(title)}，应是 {value}")
    return found


def test_every_row_meets_its_fate(story: Story) -> None:
    told = story.merge(story.master)
    codes = {row["名称"]: row["代码"] for row in codes_of(story.master)}
    fates = [(codes[row["office"]], row["sheet"], row["key"], row["fate"]) for row in told["rows"]]
    assert sorted((Counter(fates) - Counter(expected_fates())).elements()) == []
    assert sorted((Counter(expected_fates()) - Counter(fates)).elements()) == []
    for line in (*TRUTH, *MORE):
        reasons = [row["reason"] for row in told["rows"] if row["fate"] == line["命运"] and (
            codes[row["office"]], row["sheet"], row["key"]) == (line["股室"], line["表"], line[KEY])]
        assert any(line["原因"] in reason for reason in reasons), line
    assert wrong_cells(TRUTH, story.merged) == []
    names = [row["活动名称"] for row in rows_of(story.merged, "活动").values()]
    assert names.count("夏令营普法") == names.count("防诈骗宣传（二）") == 1


def codes_of(book: Path) -> list[dict[str, str]]:
    sheet = openpyxl.load_workbook(book)["股室"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    top = next(at for at, row in enumerate(rows) if "代码" in row)
    return [{str(title): str(value) for title, value in zip(rows[top], row, strict=True)} for row in rows[top + 1:]
            if row[0]]


def test_decisions_and_a_mended_return_settle_everything(story: Story) -> None:
    story.merge(story.master)
    mended = [line | {"股室做的": line["股室做的"].replace("某天", "2025-07-11")} for line in TRUTH
              if line["股室"] == "FGG"]
    story.return_("FGG", mended, "第二次")
    decide(story.merged)
    told = story.merge(story.merged)
    assert told["conflicts"] == []
    assert wrong_cells(DECIDED, story.merged) == []
    settled = {(line["表"], line[KEY]) for line in DECIDED}
    assert wrong_cells([line for line in TRUTH if (line["表"], line[KEY]) not in settled], story.merged) == []
    before = story.merged.read_bytes()
    story.merge(story.merged)
    assert story.merged.read_bytes() == before


def decide(path: Path) -> None:
    """Fill in 裁决 as a person does, by sheet, 编号 and column."""
    book = openpyxl.load_workbook(path)
    sheet = book["冲突裁决"]
    titles = {cell.value: cell.column for row in sheet.iter_rows(max_row=3) for cell in row if cell.value}
    wanted = {(line["表"], line[KEY], line["列"]): line["裁决"] for line in DECIDED if line["裁决"]}
    for row in range(1, sheet.max_row + 1):
        key = tuple(str(sheet.cell(row, titles[title]).value or "") for title in ("表", KEY, "列"))
        if key in wanted:
            word = wanted.pop(key)
            sheet.cell(row, titles["裁决"]).value = int(word) if word.isdecimal() else word
    assert wanted == {}
    book.save(path)
