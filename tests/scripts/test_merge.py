"""`taizhang merge` from workbook to workbook: what offices did to theirs, what becomes of it in the master."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from scripts.cli import main
from tests.returning import Office, Sheet, rows_of
from tests.workbook.patched import differing, unpacked

NEW = {"开始日期": "2025-07-01", "活动名称": "暑期活动", "类型": "主题宣传"}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def fates(told: dict[str, Any], sheet: str = "活动") -> dict[str, str]:
    return {row["key"]: row["fate"] for row in told["rows"] if row["sheet"] == sheet}


def comes_out(told: dict[str, Any]) -> bool:
    """Whether the balance does, for every office and in total."""
    names = ("merged", "unchanged", "conflict", "sent_back")
    each = [*told["offices"].values(), told["balance"]]
    added = {name: sum(one[name] for one in told["offices"].values()) for name in ("returned", *names)}
    return (all(one["returned"] == sum(one[name] for name in names) for one in each) and added == told["balance"]
            and added["returned"] == len(told["rows"]))


def test_edits_additions_and_deletions_go_in(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.returned("JZG", 活动=lambda sheet: (sheet.put("H1", 地点="会堂"), sheet.delete("H2"),
                                              sheet.append(编号="H9", 承办股室="救助股", **NEW)))
    told = office.merged_json(capsys)
    assert fates(told) == {"H1": "合入", "H2": "合入", "H9": "合入"}
    assert comes_out(told)
    rows = office.rows("活动")
    assert list(rows) == ["H1", "H3", "H4", "H9"]
    assert (rows["H1"]["地点"], rows["H1"]["内部备忘"], rows["H9"]["活动名称"]) == ("会堂", "甲", "暑期活动")
    assert office.merge() == 0


def test_a_damaged_folder_beside_is_said_and_does_not_stop_the_merge(
        office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.returned("JZG", 活动=lambda sheet: sheet.put("H1", 地点="会堂"))
    for name, journal in (("坏的", b"not json\n"), ("缺的", b'{"event":"dispatch"}\n')):
        (office.folder / name).mkdir()
        (office.folder / name / "journal.ndjson").write_bytes(journal)
    assert office.merge() == 0
    said = capsys.readouterr().err
    assert said.count("旁边的往来文件夹读不了，没有用它") == 2
    assert office.rows("活动")["H1"]["地点"] == "会堂"


def test_a_result_too_large_to_be_read_again_is_said(
        office: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    office.returned("JZG", 活动=lambda sheet: sheet.put("H1", 地点="会堂"))
    assert office.merge() == 0
    assert "以后读不了" not in capsys.readouterr().err
    monkeypatch.setattr("templates.merging.beyond_reading", lambda package: 300 << 20)
    office.merge()
    assert "解开后有 300 MB，本程序一次最多读 256 MB，这本台账以后读不了" in capsys.readouterr().err


def test_the_same_file_gives_the_same_master(office: Office) -> None:
    """Nothing came back changed: the result is the master byte for byte, and so is a merge of it."""
    office.returned("JZG")
    assert office.merge() == 0
    assert (office.folder / "合并.xlsx").read_bytes() == office.master.read_bytes()


def test_only_what_changed_is_rewritten(office: Office) -> None:
    office.returned("JZG", 活动=lambda sheet: sheet.put("H1", 地点="会堂"))
    office.merge()
    before, after = office.master.read_bytes(), (office.folder / "合并.xlsx").read_bytes()
    sheets = {name for name in differing(before, after) if "worksheets/" in name}
    assert len(sheets) == 2, "活动 and _元"
    assert unpacked(before).keys() == unpacked(after).keys()


def test_merging_again_changes_nothing(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.returned("JZG", 活动=lambda sheet: (sheet.put("H1", 地点="会堂"), sheet.delete("H2"),
                                              sheet.append(承办股室="救助股", **NEW)))
    office.merge()
    first = (office.folder / "合并.xlsx").read_bytes()
    for _ in range(2):
        told = office.merged_json(capsys, office.folder / "合并.xlsx")
        assert (office.folder / "合并.xlsx").read_bytes() == first
        assert comes_out(told)


@pytest.mark.parametrize("order", [("JZG", "YLG"), ("YLG", "JZG")], ids="、".join)
def test_one_run_or_several_in_any_order(office: Office, order: tuple[str, str]) -> None:
    """The shared metric that both fill differently stays as it was, whoever comes first."""
    office.returned("JZG", 指标=lambda sheet: sheet.put("M1", 填报值=8), 活动=lambda sheet: sheet.put("H1", 地点="一"))
    office.returned("YLG", 指标=lambda sheet: sheet.put("M1", 填报值=9), 活动=lambda sheet: sheet.put("H3", 地点="二"))
    assert office.merge(out="一次.xlsx") == 1
    book = office.master
    for code in order:
        place = office.folder / f"只有{code}"
        place.mkdir()
        (office.returns / f"{code}.xlsx").rename(place / f"{code}.xlsx")
        office.merge(book, "分次.xlsx", place)
        book = office.folder / "分次.xlsx"
    for sheet in ("活动", "指标"):
        assert office.rows(sheet, "分次.xlsx") == office.rows(sheet, "一次.xlsx")
    assert office.rows("指标", "分次.xlsx")["M1"]["填报值"] == "5"


def test_both_changed_a_cell_and_a_person_settles_it(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.returned("JZG", 活动=lambda sheet: sheet.put("H1", 地点="会堂", 备注="已办"))
    book = openpyxl.load_workbook(office.master)
    Sheet(book["活动"]).put("H1", 地点="礼堂")
    book.save(office.master)
    told = office.merged_json(capsys)
    conflict, = told["conflicts"]
    assert (conflict["base"], conflict["ours"], conflict["theirs"][0]["value"]) == ("县广场", "礼堂", "会堂")
    row = office.rows("活动")["H1"]
    assert (row["地点"], row["备注"]) == ("礼堂", "已办"), "only the cell waits, the rest of the row is in"
    answer(office.folder / "合并.xlsx", "用救助股的")
    assert office.merge(office.folder / "合并.xlsx") == 0
    assert office.rows("活动")["H1"]["地点"] == "会堂"
    settled = office.merged_json(capsys, office.folder / "合并.xlsx")["settled"]
    assert [one["chosen"] for one in settled] == ["用救助股的"], "the choice is kept"


def test_a_value_of_ones_own_settles_too(office: Office) -> None:
    office.returned("JZG", 指标=lambda sheet: sheet.put("M1", 填报值=8))
    office.returned("YLG", 指标=lambda sheet: sheet.put("M1", 填报值=9))
    assert office.merge() == 1
    answer(office.folder / "合并.xlsx", 17)
    assert office.merge(office.folder / "合并.xlsx") == 0
    assert office.rows("指标")["M1"]["填报值"] == "17"


def test_the_same_new_event_from_two_offices_waits(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.returned("JZG", 活动=lambda sheet: sheet.append(承办股室="救助股", **NEW))
    office.returned("YLG", 活动=lambda sheet: sheet.append(承办股室="养老股", **NEW | {"开始日期": "2025年7月1日"}))
    told = office.merged_json(capsys)
    assert len(told["conflicts"]) == 2
    assert len(office.rows("活动")) == 4
    book = openpyxl.load_workbook(office.folder / "合并.xlsx")
    for row in (3, 4):
        mine = book["冲突裁决"].cell(row, 7).value.startswith("救助股")
        book["冲突裁决"].cell(row, 10).value = "收下" if mine else "不收"
    book.save(office.folder / "合并.xlsx")
    assert office.merge(office.folder / "合并.xlsx") == 0
    assert [row["承办股室"] for row in office.rows("活动").values()].count("救助股") == 3


def test_copies_and_taken_numbers(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    """An edited copy is a new row under the next 编号, an exact one goes back."""
    office.returned("JZG", 活动=lambda sheet: (sheet.copy("H1"), sheet.copy("H2", 活动名称="又一场"),
                                              sheet.append(编号="H3", 承办股室="救助股", **NEW)))
    told = office.merged_json(capsys)
    assert [row["fate"] for row in told["rows"] if row["key"] == "H1"] == ["未变", "退回"]
    assert {row["活动名称"] for row in office.rows("活动").values()} >= {"又一场", "暑期活动", "入户走访", "进村宣讲"}
    assert sum("编号已有" in one["message"] for one in told["findings"]) == 2
    assert comes_out(told)


def test_rows_hidden_filtered_moved_and_far_below_the_table(office: Office) -> None:
    def edit(sheet: Sheet) -> None:
        sheet.put("H1", 地点="藏起来的")
        sheet.sheet.row_dimensions[sheet.row("H1")].hidden = True
        sheet.append(below=60, 编号="H9", 承办股室="救助股", **NEW)
        sheet.sheet.auto_filter.ref = "A2:C9"

    office.returned("JZG", 活动=edit)
    assert office.merge() == 0
    rows = office.rows("活动")
    assert (rows["H1"]["地点"], rows["H9"]["活动名称"]) == ("藏起来的", "暑期活动")


def test_spelling_is_no_change(office: Office) -> None:
    """Full-width digits, a date as text, spaces and invisible characters: the master's text stays."""
    office.returned("JZG", 活动=lambda sheet: sheet.put("H1", 开始日期="2025年3月1日", 地点=" 县广场\u200b", **{
        "参与（人次）": "２０"}))
    assert office.merge() == 0
    assert (office.folder / "合并.xlsx").read_bytes() == office.master.read_bytes()


def test_a_day_that_came_as_text_stands_as_a_day(office: Office) -> None:
    """Formulas count days and no texts; all else stays as written, and merging again changes nothing."""
    def edit(sheet: Sheet) -> None:
        sheet.put("H1", 开始日期="2025年4月3日")
        sheet.append(编号="H9", 承办股室="救助股", **NEW | {"开始日期": "2025.12.1", "备注": "2025年5月1日"})

    office.returned("JZG", 活动=edit)
    assert office.merge() == 0
    merged = office.folder / "合并.xlsx"
    sheet = Sheet(openpyxl.load_workbook(merged)["活动"])
    assert [sheet.sheet.cell(sheet.row(key), sheet.columns["开始日期"]).value for key in ("H1", "H9")] == [
        dt.datetime(2025, 4, 3), dt.datetime(2025, 12, 1)]
    assert sheet.sheet.cell(sheet.row("H9"), sheet.columns["备注"]).value == "2025年5月1日"
    before = merged.read_bytes()
    assert office.merge(merged) == 0
    assert merged.read_bytes() == before


def test_lost_ids_are_found_by_number(office: Office) -> None:
    office.returned("JZG", 活动=lambda sheet: sheet.put("H1", _id=None, 地点="会堂"))
    assert office.merge() == 0
    assert list(office.rows("活动")) == ["H1", "H2", "H3", "H4"]
    assert office.rows("活动")["H1"]["地点"] == "会堂"


def test_a_renamed_sheet_a_renamed_header_and_an_own_column(office: Office) -> None:
    def edit(sheet: Sheet) -> None:
        sheet.sheet.title = "普法活动"
        sheet.sheet.cell(sheet.top, sheet.columns["承办股室"]).value = "责任股室"
        widest = max(sheet.columns.values()) + 1
        sheet.sheet.cell(sheet.top, widest).value = "环保袋（个）"
        sheet.sheet.cell(sheet.row("H1"), widest).value = 30

    office.returned("JZG", 活动=edit)
    assert office.merge() == 0
    assert office.rows("活动")["H1"]["环保袋（个）"] == "30"


def test_a_missing_sheet_or_column_is_no_deletion(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.returned("JZG", 活动=lambda sheet: sheet.sheet.delete_cols(sheet.columns["地点"]))
    path = office.returned("YLG", "b.xlsx")
    book = openpyxl.load_workbook(path)
    del book["活动"]
    book.save(path)
    told = office.merged_json(capsys)
    assert {row["活动名称"]: row["地点"] for row in office.rows("活动").values()}["春季宣传"] == "县广场"
    assert len(office.rows("活动")) == 4
    messages = "".join(one["message"] for one in told["findings"])
    assert "没有列：地点" in messages
    assert "没有“活动”" in messages


def test_rows_of_others_and_totals_go_back(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    foreign = rows_of(office.sent / "YLG.xlsx", "活动")["H3"]["_id"]
    office.returned("JZG", 活动=lambda sheet: (sheet.append(编号="H3", _id=foreign, 承办股室="养老股", **NEW),
                                              sheet.append(编号="合计", **{"参与（人次）": 50})))
    told = office.merged_json(capsys)
    assert {row["key"]: row["reason"] for row in told["rows"] if row["fate"] == "退回"} == {
        "H3": "没有下发给本单位", "合计": "不是事项（合计、分段或示例）"}
    assert office.rows("活动")["H3"]["活动名称"] == "入户走访"


def test_a_row_given_to_another_office_waits(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.returned("JZG", 活动=lambda sheet: (sheet.put("H1", 承办股室="养老股"),
                                              sheet.append(编号="H9", 承办股室="养老股", **NEW)))
    told = office.merged_json(capsys)
    assert {one["reason"] for one in told["conflicts"]} == {"改了“承办股室”", "新增的行写的是别的股室"}
    assert office.rows("活动")["H1"]["承办股室"] == "救助股"


def test_a_return_with_errors_goes_back_with_a_letter(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.returned("JZG", 活动=lambda sheet: sheet.put("H1", 开始日期="某天", 地点="会堂"))
    office.returned("YLG", 活动=lambda sheet: sheet.put("H3", 地点="礼堂"))
    told = office.merged_json(capsys)
    assert {row["reason"] for row in told["rows"] if row["office"] == "救助股"} == {"校验有错误"}
    assert comes_out(told)
    rows = office.rows("活动")
    assert (rows["H1"]["地点"], rows["H3"]["地点"]) == ("县广场", "礼堂")
    letters = office.folder / "退回"
    assert sorted(one.name for one in letters.iterdir()) == ["JZG.eml", "JZG.txt", "JZG.xlsx"]
    assert "校验结果" in openpyxl.load_workbook(letters / "JZG.xlsx").sheetnames
    assert "“开始日期”填的是“某天”" in (letters / "JZG.txt").read_text("utf-8-sig")
    assert b"\r\nReply-To: office@example.cn\r\n" in (letters / "JZG.eml").read_bytes()


def test_what_only_the_slice_makes_wrong_is_no_error_of_the_office(office: Office) -> None:
    """The task named stands in the master, not in what the office was sent."""
    office.returned("JZG", 活动=lambda sheet: sheet.put("H1", 关联任务="R2"))
    assert office.merge() == 0
    assert office.rows("活动")["H1"]["关联任务"] == "R2"


def test_an_older_save_is_refused_whole(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    for name, day, place in (("新.xlsx", 9, "新地点"), ("旧.xlsx", 8, "旧地点")):
        path = office.returned("JZG", name, 活动=lambda sheet, place=place: sheet.put("H1", 地点=place))
        saved_at(path, dt.datetime(2027, 1, day))
    told = office.merged_json(capsys)
    assert office.rows("活动")["H1"]["地点"] == "新地点"
    assert any("旧" in one["message"] and "H1（地点）" in one["message"] for one in told["findings"])
    assert comes_out(told)


def test_edits_on_other_sheets_are_named(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    path = office.returned("JZG")
    book = openpyxl.load_workbook(path)
    book["字典"].append(["活动.类型", "新类型"])
    book.save(path)
    told = office.merged_json(capsys)
    assert any("新类型" in one["message"] for one in told["findings"])


def test_what_is_no_return_is_named_and_hinders_nobody(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    (office.returns / "乱.xlsx").write_bytes(b"nothing of the kind")
    office.returned("JZG", 活动=lambda sheet: sheet.put("H1", 地点="会堂"))
    told = office.merged_json(capsys)
    assert any("乱.xlsx" in one["message"] for one in told["findings"])
    assert office.rows("活动")["H1"]["地点"] == "会堂"


def test_a_plain_folder_far_from_what_was_sent(office: Office, tmp_path: Path,
                                               capsys: pytest.CaptureFixture[str]) -> None:
    """Without its base a return is compared with the master; missing rows are asked about, nothing is deleted."""
    far = tmp_path / "别处" / "更远" / "里面"
    far.mkdir(parents=True)
    office.returned("JZG", 活动=lambda sheet: (sheet.put("H1", 地点="会堂"), sheet.delete("H2"))).rename(far / "a.xlsx")
    elsewhere = tmp_path / "别处" / "主"
    elsewhere.mkdir()
    (elsewhere / "台账.xlsx").write_bytes(office.master.read_bytes())
    told = office.merged_json(capsys, elsewhere / "台账.xlsx", source=far)
    assert [one["key"] for one in told["conflicts"]] == ["H2"]
    assert office.rows("活动")["H1"]["地点"] == "会堂"
    assert any("找不到下发给它的原表" in one["message"] for one in told["findings"])


def test_several_processes_make_the_same(office: Office, capsys: pytest.CaptureFixture[str],
                                         monkeypatch: pytest.MonkeyPatch) -> None:
    """One return is good, one has errors, one file is none; the helpers look at them in processes of their own."""
    monkeypatch.setattr("templates.merging.gathering.WORTH_HELP", 2)
    office.returned("JZG", 活动=lambda sheet: (sheet.put("H1", 地点="会堂"),
                                              sheet.append(编号="H9", 承办股室="救助股", **NEW)))
    office.returned("YLG", 活动=lambda sheet: sheet.put("H3", 开始日期="不知道"))
    (office.returns / "坏.xlsx").write_bytes(b"PK\x03\x04broken")
    made = []
    for jobs in ("1", "2"):
        out = office.folder / f"合并{jobs}.xlsx"
        assert main(["merge", str(office.master), "--from", str(office.returns), "-o", str(out), "--json",
                     "-j", jobs]) == 1
        made.append((json.loads(capsys.readouterr().out), out.read_bytes()))
    assert made[0] == made[1]
    assert [one["office"] for one in made[0][0]["sent_back"]] == ["养老股"]


def test_a_new_row_copied_with_its_id_into_another_offices_book_waits(office: Office,
                                                                      capsys: pytest.CaptureFixture[str]) -> None:
    """A task has no name that would tell: only its id says that both are one."""
    for code, name in (("JZG", "救助股"), ("YLG", "养老股")):
        office.returned(code, 任务=lambda sheet, name=name: sheet.append(
            编号="R9", 章节="1", 任务名称="同一件事", 责任股室=name, 完成时限="2025-12-31", 状态="进行中",
            _id="XCOPIED001"))
    told = office.merged_json(capsys)
    assert [one["fate"] for one in told["rows"] if one["key"] == "R9"] == ["冲突", "冲突"]
    assert "R9" not in office.rows("任务")


class TestExchangeFolder:
    def collected(self, office: Office) -> None:
        assert main(["collect", str(office.returns), "--to", str(office.exchange), "--quiet"]) in (0, 1)

    def test_what_was_collected_is_merged_once(self, office: Office, capsys: pytest.CaptureFixture[str]) -> None:
        office.returned("JZG", 活动=lambda sheet: sheet.put("H1", 地点="会堂"))
        self.collected(office)
        told = office.merged_json(capsys, source=office.exchange)
        assert told["balance"]["merged"] == 1
        assert office.rows("活动")["H1"]["地点"] == "会堂"
        events = [json.loads(line) for line in (office.exchange / "journal.ndjson").read_text("utf-8").splitlines()]
        assert [event["event"] for event in events if event["event"].startswith("merge")] == ["merged", "merge"]
        first = (office.folder / "合并.xlsx").read_bytes()
        assert office.merge(office.folder / "合并.xlsx", source=office.exchange) == 0
        assert (office.folder / "合并.xlsx").read_bytes() == first

    def test_a_second_return_takes_the_place_of_the_first(self, office: Office) -> None:
        office.returned("JZG", "1.xlsx", 活动=lambda sheet: sheet.put("H1", 地点="一", 备注="留着"))
        self.collected(office)
        office.merge(source=office.exchange)
        office.returned("JZG", "2.xlsx", 活动=lambda sheet: sheet.put("H1", 地点="二", 备注="留着"))
        saved_at(office.returns / "2.xlsx", later=True)
        self.collected(office)
        assert office.merge(office.folder / "合并.xlsx", source=office.exchange) == 0
        assert (office.rows("活动")["H1"]["地点"], office.rows("活动")["H1"]["备注"]) == ("二", "留着")

    def test_what_the_coordinator_changed_since_stays(self, office: Office) -> None:
        office.returned("JZG", 活动=lambda sheet: (sheet.put("H1", 地点="会堂"),
                                                  sheet.append(承办股室="救助股", **NEW)))
        self.collected(office)
        office.merge(source=office.exchange)
        book = openpyxl.load_workbook(office.folder / "合并.xlsx")
        Sheet(book["活动"]).put("H1", 地点="最后定的地点")
        Sheet(book["活动"]).delete("H2")
        book.save(office.folder / "合并.xlsx")
        assert office.merge(office.folder / "合并.xlsx", source=office.exchange) == 0
        rows = office.rows("活动")
        assert rows["H1"]["地点"] == "最后定的地点"
        assert "H2" not in rows
        assert len(rows) == 4


def test_unusable_input_is_one_sentence(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["merge", str(office.master), "--from", str(office.folder / "没有"), "-o", "x.xlsx"]) == 2
    assert "找不到" in capsys.readouterr().err
    assert main(["merge", str(office.master), "--from", str(office.returns), "-o", "x.docx"]) == 2


def answer(path: Path, value: object) -> None:
    """Fill in 裁决 of every conflict, as a person does."""
    book = openpyxl.load_workbook(path)
    for row in range(3, book["冲突裁决"].max_row + 1):
        book["冲突裁决"].cell(row, 10).value = value
    book.save(path)


def saved_at(path: Path, when: Any = None, *, later: bool = False) -> None:
    """A workbook whose modified property says so; `later`: after all others."""
    import io
    import re
    import zipfile

    when = dt.datetime(2030, 1, 1) if later else when
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + f"{when.isoformat()}Z".encode(), data)
            new.writestr(name, data)
    path.write_bytes(out.getvalue())


def test_rows_come_into_a_sheet_that_has_none(tmp_path: Path) -> None:
    """The first year: the Excel table of the sheet reaches down to them."""
    office = Office(tmp_path)
    new = {"日期": "2025-03-01", "事项": "合同审查", "数量": 1, "单位": "件", "承办股室": "救助股"}

    def fill(sheet: Sheet) -> None:
        for at in range(1, 41):
            sheet.append(编号=f"B{at}", **new)

    office.returned("JZG", 办件=fill)
    office.merge()
    assert list(office.rows("办件")) == [f"B{at}" for at in range(1, 41)]
    sheet = openpyxl.load_workbook(tmp_path / "合并.xlsx")["办件"]
    table, = sheet.tables.values()
    assert int("".join(filter(str.isdigit, table.ref.split(":")[1]))) == Sheet(sheet).row("B40")
