"""dispatch: each row goes to one office or is named; sealed, resumable, and nothing that must not travel."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchanged import EVENTS, METRICS, OFFICES, home_made, master, written
from tests.ledgers import ledger
from tests.workbook.test_exchange_folder import Killed, broken_at
from workbook.book import Book, recognize
from workbook.exchange import dispatching, seal
from workbook.exchange.dispatching import Dispatched, dispatch, prepare
from workbook.exchange.folder import Exchange
from workbook.exchange.shares import offices_of, shares
from workbook.exchange.sides import OFFICE_COLUMNS
from workbook.findings import Refusal
from workbook.ledger import Ledger
from workbook.reading.reader import read, read_content

NUMBER = "11010119900307" + "7475"


def sent(path: str, folder: Path, due: str = "2025-12-05", offices: tuple[str, ...] = ()
         ) -> tuple[Exchange, Dispatched]:
    exchange = Exchange.opened(folder)
    with exchange.lock():
        return exchange, dispatch(exchange, prepare(path), due, offices)


def book_for(exchange: Exchange, done: Dispatched, office: str) -> Book:
    data = exchange.read(next(one.file for _, one, share in done.standing if share.office.name == office))
    return recognize(read_content(data, office))


def names(book: Book, sheet: str, title: str) -> list[object]:
    return list(book.tables[sheet].values(title))


def table(title: str, headers: str, rows: list[str]) -> str:
    return "\n".join((f"\n## {title}\n", f"| {headers} |", "|---|---|---|---|---|", *rows))


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Exchange, Dispatched]:
    folder = tmp_path_factory.mktemp("下发")
    return sent(written(folder), folder / "往来")


class TestWhoGetsWhat:
    def test_every_office_that_fills_in_gets_its_rows(self, once: tuple[Exchange, Dispatched]) -> None:
        exchange, done = once
        assert [share.office.name for _, _, share in done.standing] == ["救助股", "养老股"]
        assert names(book_for(exchange, done, "救助股"), "活动", "活动名称") == ["救助政策宣讲"]
        assert names(book_for(exchange, done, "养老股"), "活动", "活动名称") == ["养老政策宣讲"]

    def test_a_metric_without_office_goes_to_all(self, once: tuple[Exchange, Dispatched]) -> None:
        exchange, done = once
        assert names(book_for(exchange, done, "救助股"), "指标", "名称") == ["共用指标", "救助指标"]
        assert names(book_for(exchange, done, "养老股"), "指标", "名称") == ["共用指标", "养老指标"]

    def test_of_the_offices_only_its_own_line_travels(self, once: tuple[Exchange, Dispatched]) -> None:
        exchange, done = once
        assert names(book_for(exchange, done, "养老股"), "股室", "名称") == ["养老股"]

    def test_the_outline_travels_whole(self, once: tuple[Exchange, Dispatched]) -> None:
        exchange, done = once
        assert names(book_for(exchange, done, "养老股"), "章节", "标题") == ["工作情况"]

    def test_what_goes_to_nobody_is_named_with_its_cell(self, tmp_path: Path) -> None:
        stays = {one.key: one for one in prepare(written(tmp_path)).stays}
        assert set(stays) == {"H3", "H4", "H5", "H6"}
        assert "没有填" in stays["H4"].why
        assert "已停用" in stays["H5"].why
        assert "不在“股室”表里" in stays["H6"].why
        assert [key for key, one in stays.items() if not one.settle] == ["H3"]
        assert str(stays["H4"]).startswith("活动!P6")

    @given(owners=st.lists(st.sampled_from(["救助股", "养老股", "综合股", "旧股", "不明股", "", " 救助股　"]),
                           max_size=12),
           metrics=st.lists(st.sampled_from(["救助股", "", "综合股"]), max_size=5))
    @settings(max_examples=60, deadline=None)
    def test_each_row_goes_to_exactly_one_office_or_is_named(self, owners: list[str], metrics: list[str]) -> None:
        events = [f"| H{at} | 2025-03-01 | 事 | 宣传 | {one} |" for at, one in enumerate(owners)]
        shared = [f"| M{at} | 数{at} | 填报 | 本年 | {one} |" for at, one in enumerate(metrics)]
        found = ledger(OFFICES, table("活动", "编号 | 开始日期 | 活动名称 | 类型 | 承办股室", events),
                       table("指标", "编号 | 名称 | 统计方式 | 统计期 | 责任股室", shared))
        made, stays = shares(found, offices_of(found))
        told = Counter((one.cell.sheet, one.cell.row) for one in stays)
        for sheet in ("活动", "指标"):
            records = found[sheet]
            given_to = Counter(index for share in made for index in share.rows.get(sheet, ()))
            for index in records.facts:
                blank = not records.folded(OFFICE_COLUMNS[sheet])[index]
                wanted = len(made) if sheet == "指标" and blank else 1
                named = told[sheet, records.table.numbers[index]]
                assert (given_to[index], named) in {(wanted, 0), (0, 1)}

    @pytest.mark.parametrize(("lines", "said"), [
        ("| A | 甲股 | 填报 |\n| B | 甲股 | 填报 |", "“名称”和 B2 一样"),
        ("| A | 甲股 | 填报 |\n| a | 乙股 | 填报 |", "“代码”和 A2 一样"),
        ("|  | 甲股 | 填报 |", "没有代码"),
        ("| ../A | 甲股 | 填报 |", "不能做文件名"),
        ("| NUL | 甲股 | 填报 |", "不能做文件名"),
    ])
    def test_offices_that_cannot_be_told_apart_are_refused(self, lines: str, said: str) -> None:
        with pytest.raises(Refusal, match=said):
            offices_of(ledger(f"\n## 股室\n\n| 代码 | 名称 | 角色 |\n|---|---|---|\n{lines}\n"))

    def test_a_ledger_in_which_nobody_fills_in_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(Refusal, match="不知道下发给谁"):
            prepare(written(tmp_path, master(EVENTS, offices=OFFICES.replace("填报 |", "牵头 |"))))

    def test_only_the_offices_named(self, tmp_path: Path) -> None:
        _, done = sent(written(tmp_path), tmp_path / "往来", offices=("jz",))
        assert [share.office.code for _, _, share in done.standing] == ["JZ"]
        assert [one.code for one in done.new.offices] == ["JZ"]

    def test_a_name_that_fits_no_office_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(Refusal, match="核对 --office"):
            sent(written(tmp_path), tmp_path / "往来", offices=("财务股",))
        assert not (tmp_path / "往来" / "journal.ndjson").exists()


class TestTheWorkbook:
    def test_three_carriers_say_who_it_is(self, once: tuple[Exchange, Dispatched]) -> None:
        exchange, done = once
        for one, file, _ in done.standing:
            data = exchange.read(file.file)
            found = seal.carriers(data, recognize(read_content(data, "x")).meta)
            assert len(set(found)) == 1
            assert found[0] == seal.Identity(one.ledger_id, one.id, file.code, found[0].rows, file.seal)
            assert seal.judged(found, exchange.key()) == seal.Judged(found[0], True, True)
            assert hashlib.sha256(data).hexdigest() == file.digest

    def test_meta_says_where_it_comes_from(self, once: tuple[Exchange, Dispatched]) -> None:
        exchange, done = once
        meta = book_for(exchange, done, "救助股").meta
        assert (meta["下发编号"], meta["股室"], meta["股室代码"]) == (done.new.id, "救助股", "JZ")
        assert meta["截止日期"] == "2025-12-05"
        assert meta["架构版本"]
        assert meta["保存时间"] == done.new.made
        assert len(meta["基准摘要"]) == 64

    def test_rows_have_the_ids_of_the_master(self, tmp_path: Path) -> None:
        path = written(tmp_path)
        exchange, done = sent(path, tmp_path / "往来")
        mine = recognize(read(path))
        ids = dict(zip(names(mine, "活动", "编号"), names(mine, "活动", "_id"), strict=True))
        assert names(book_for(exchange, done, "救助股"), "活动", "_id") == [ids["H1"]]

    def test_the_cover_comes_first_and_counts(self, once: tuple[Exchange, Dispatched]) -> None:
        exchange, done = once
        raw = read_content(exchange.read(done.standing[1][1].file), "x")
        cover = raw.sheets[0]
        said = [str(value) for row in cover.rows for value in row if value is not None]
        assert cover.name == "下发封面"
        assert any("非涉密使用" in one for one in said)
        assert any("2025-12-05" in one for one in said)
        counts = {row[1]: (row[3], row[4]) for row in cover.rows if row[1] in OFFICE_COLUMNS}
        assert counts == dict.fromkeys(OFFICE_COLUMNS, (0, 0)) | {"活动": (1, 1), "指标": (0, 2)}
        assert "本股室已填 1/应填 1" in raw.sheet("活动").rows[0]
        assert "本股室已填 0/应填 2" in raw.sheet("指标").rows[0]

    def test_one_sheet_alone_is_chosen(self, once: tuple[Exchange, Dispatched]) -> None:
        """Two chosen sheets are a group in Excel: what is typed on one would land on both."""
        exchange, done = once
        with zipfile.ZipFile(io.BytesIO(exchange.read(done.standing[0][1].file))) as package:
            sheets = [package.read(name) for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
        assert sum(b'tabSelected="1"' in sheet for sheet in sheets) == 1

    def test_no_macro_and_no_link(self, once: tuple[Exchange, Dispatched]) -> None:
        exchange, done = once
        with zipfile.ZipFile(io.BytesIO(exchange.read(done.standing[0][1].file))) as package:
            assert not [name for name in package.namelist() if "vba" in name.lower() or "external" in name.lower()]

    def test_formulas_of_the_clerk_travel_as_values_and_are_named(self, tmp_path: Path) -> None:
        from openpyxl import load_workbook

        path = written(tmp_path, master(EVENTS.replace("参与（人次） |", "参与（人次） | 算的 |").replace(
            "|---|---|---|---|---|---|", "|---|---|---|---|---|---|---|").replace("| 30 |", "| 30 | 7 |"), METRICS))
        book = load_workbook(path)
        sheet = book["活动"]
        at = next(cell.column for cell in sheet[2] if cell.value == "算的")
        for formula, kind in (("=1+6", "公式"), ("=[1]表!A1", "引用别的文件的公式"), ("=cmd|'/c calc'!A0", "DDE 公式")):
            sheet.cell(3, at).value = formula
            book.save(path)
            order = prepare(path)
            exchange, done = sent(path, tmp_path / kind)
            assert [(cell.row, cell.column, told) for cell, told in done.formulas] == [(3, at, kind)]
            with zipfile.ZipFile(io.BytesIO(exchange.read(done.standing[0][1].file))) as package:
                text = b"".join(map(package.read, package.namelist()))
            assert b"cmd|" not in text
            assert b"[1]" not in text
            assert order.stays

    def test_ditto_and_merges_are_written_out(self, tmp_path: Path) -> None:
        rows = EVENTS.replace("| H2 | 2025-03-02 | 养老政策宣讲 | 主题宣传 | 养老股 | 40 |",
                              "| H2 | 2025-03-02 | 再宣讲 | 同上 | 同上 | 40 |")
        exchange, done = sent(written(tmp_path, master(rows, METRICS)), tmp_path / "往来")
        assert names(book_for(exchange, done, "救助股"), "活动", "类型") == ["主题宣传", "主题宣传"]

    def test_text_that_looks_like_a_formula_stays_text(self, tmp_path: Path) -> None:
        rows = EVENTS.replace("救助政策宣讲", "=HYPERLINK(1)")
        exchange, done = sent(written(tmp_path, master(rows, METRICS)), tmp_path / "往来")
        data = exchange.read(done.standing[0][1].file)
        assert names(recognize(read_content(data, "x")), "活动", "活动名称") == ["=HYPERLINK(1)"]
        assert (3, 4) not in read_content(data, "x", formulas=True).formulas.get("活动", {})

    def test_the_same_clock_and_key_give_the_same_bytes(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "1764900000")
        path = written(tmp_path)
        (tmp_path / "乙").mkdir()
        first, done = sent(path, tmp_path / "甲")
        (tmp_path / "乙" / "封签.key").write_bytes((tmp_path / "甲" / "封签.key").read_bytes())
        second, again = sent(path, tmp_path / "乙")
        assert done.new == again.new
        files = [one.file for one in done.new.offices]
        assert list(map(first.read, files)) == list(map(second.read, files))


class TestTheSeal:
    KEY, OTHER = b"k" * 32, b"o" * 32
    TRUE = seal.sealed(KEY, "台账", "批次", "代|码\"%", "0" * 16)

    def test_a_line_comes_back(self) -> None:
        assert seal.identity_from(self.TRUE.text) == self.TRUE
        assert '"' not in self.TRUE.text

    @given(parts=st.tuples(*[st.text(max_size=20)] * 5))
    def test_any_identity_comes_back(self, parts: tuple[str, str, str, str, str]) -> None:
        one = seal.Identity(*parts)
        assert seal.identity_from(one.text.strip()) == one or any(part != part.strip() for part in parts)

    @pytest.mark.parametrize("field", seal.Identity._fields)
    def test_no_part_can_be_changed(self, field: str) -> None:
        assert seal.borne_out(self.KEY, self.TRUE)
        assert not seal.borne_out(self.KEY, self.TRUE._replace(**{field: getattr(self.TRUE, field) + "x"}))
        assert not seal.borne_out(self.OTHER, self.TRUE)

    def test_parts_cannot_change_places(self) -> None:
        assert seal.sealed(self.KEY, "ab", "c", "d", "e").seal != seal.sealed(self.KEY, "a", "bc", "d", "e").seal

    def test_the_majority_wins_and_the_disagreement_is_told(self) -> None:
        forged = self.TRUE._replace(code="YL")
        assert seal.judged((self.TRUE, forged, self.TRUE), self.KEY) == seal.Judged(self.TRUE, False, True)
        assert seal.judged((forged, forged, self.TRUE), self.KEY) == seal.Judged(forged, False, False)

    def test_two_that_differ_are_settled_by_the_seal_alone(self) -> None:
        forged = self.TRUE._replace(code="YL")
        assert seal.judged((forged, self.TRUE, None), self.KEY) == seal.Judged(self.TRUE, False, True)
        assert seal.judged((forged, forged._replace(code="X"), None), self.KEY) == seal.Judged(None, False, False)

    def test_one_that_is_left_is_enough(self) -> None:
        assert seal.judged((None, None, self.TRUE), self.KEY) == seal.Judged(self.TRUE, False, True)
        assert seal.judged((None, None, None), self.KEY) == seal.Judged(None, False, False)

    @pytest.mark.parametrize("text", ["", "taizhang1", "taizhang1|a|b", "别的|a|b|c|d|e", "#REF!"])
    def test_other_lines_are_no_identity(self, text: str) -> None:
        assert seal.identity_from(text) is None

    def test_bytes_that_are_no_package_carry_nothing(self) -> None:
        assert seal.carriers(b"PK\x03\x04", {}) == (None, None, None)

    def test_a_resaved_book_still_says_who_it_is(self, once: tuple[Exchange, Dispatched], tmp_path: Path) -> None:
        from openpyxl import load_workbook

        exchange, done = once
        load_workbook(io.BytesIO(exchange.read(done.standing[0][1].file))).save(tmp_path / "回.xlsx")
        data = (tmp_path / "回.xlsx").read_bytes()
        found = seal.carriers(data, recognize(read_content(data, "x")).meta)
        assert seal.judged(found, exchange.key()).sealed
        assert found[1] == found[2] == found[0]


class TestWhatMustNotTravel:
    @pytest.mark.parametrize("tables", [
        (EVENTS.replace("救助政策宣讲", f"救助{NUMBER}宣讲"), METRICS),
        (EVENTS.replace("H3 | 2025-03-03 | 机关学法", f"H3 | 2025-03-03 | {NUMBER}"), METRICS),
        (EVENTS, METRICS, f"\n## 附表甲\n\n| 姓名 | 证号 |\n|---|---|\n| 某 | {NUMBER} |\n"),
    ])
    def test_an_identity_number_anywhere_stops_it(self, tmp_path: Path, tables: tuple[str, ...]) -> None:
        path = written(tmp_path, master(*tables))
        with pytest.raises(Refusal) as refused:
            sent(path, tmp_path / "往来")
        assert "11010********7475" in str(refused.value)
        assert NUMBER not in str(refused.value)
        assert not (tmp_path / "往来" / "journal.ndjson").exists()

    def test_a_number_in_a_note_or_a_hidden_sheet_stops_it(self, tmp_path: Path) -> None:
        from openpyxl import load_workbook
        from openpyxl.comments import Comment

        for hide in (True, False):
            path = written(tmp_path)
            book = load_workbook(path)
            if hide:
                sheet = book.create_sheet("草稿")
                sheet["C3"], sheet.sheet_state = NUMBER, "veryHidden"
            else:
                book["活动"]["D3"].comment = Comment(f"本人 {NUMBER}", "某")
            book.save(path)
            with pytest.raises(Refusal, match="草稿!C3" if hide else "活动!D3"):
                prepare(path)

    @pytest.mark.parametrize(("head", "name"), [
        ("| 密级 | 秘密 |", "主台账.xlsx"), ("| 附注 | 机密★5年 |", "主台账.xlsx"), ("", "秘密★主台账.xlsx")])
    def test_marks_of_secrecy_stop_it(self, tmp_path: Path, head: str, name: str) -> None:
        with pytest.raises(Refusal, match="密级"):
            prepare(written(tmp_path, master(EVENTS, METRICS, head=head), name))

    @pytest.mark.parametrize(("value", "refused"), [("QQM1ABCDEF", False), (NUMBER, True), ("QQ123456789", True)])
    def test_an_id_of_ours_is_no_account(self, tmp_path: Path, value: str, refused: bool) -> None:
        from openpyxl import load_workbook

        path = written(tmp_path)
        book = load_workbook(path)
        sheet = book["活动"]
        sheet.cell(3, next(cell.column for cell in sheet[2] if cell.value == "_id")).value = value
        book.save(path)
        try:
            prepare(path)
        except Refusal:
            assert refused
        else:
            assert not refused

    def test_secrecy_work_is_no_secret(self, tmp_path: Path) -> None:
        assert prepare(written(tmp_path, master(EVENTS.replace("救助政策宣讲", "保密工作和宪法宣传"), METRICS))).shares

    def test_nothing_of_a_master_that_was_refused_is_left(self, tmp_path: Path) -> None:
        path = written(tmp_path, master(EVENTS.replace("救助政策宣讲", NUMBER), METRICS))
        with suppress(Refusal):
            sent(path, tmp_path / "往来")
        left = [one for one in (tmp_path / "往来").rglob("*") if one.is_file() and one.name != ".taizhang.lock"]
        assert left == []


class TestTheMaster:
    def test_rows_without_ids_get_them_in_the_master(self, tmp_path: Path) -> None:
        path = home_made(tmp_path)
        before = Path(path).read_bytes()
        exchange, done = sent(path, tmp_path / "往来")
        ids = names(recognize(read(path)), "活动", "_id")
        assert done.ids_written
        assert all(ids)
        assert names(book_for(exchange, done, "救助股"), "活动", "_id") == ids[:1]
        assert Path(f"{path}.bak").read_bytes() == before

    def test_a_master_with_ids_is_left_alone(self, tmp_path: Path) -> None:
        path = written(tmp_path)
        before = Path(path).read_bytes()
        assert sent(path, tmp_path / "往来")[1].ids_written == 0
        assert Path(path).read_bytes() == before

    def test_ids_stay_though_the_text_changes_afterwards(self, tmp_path: Path) -> None:
        from openpyxl import load_workbook

        path = home_made(tmp_path)
        sent(path, tmp_path / "往来")
        ids = names(recognize(read(path)), "活动", "_id")
        book = load_workbook(path)
        book["活动"]["C2"] = "改过的名称"
        book.save(path)
        assert names(recognize(read(path)), "活动", "_id") == ids

    @pytest.mark.skipif(os.name == "nt", reason="Windows 由系统自己锁住打开的文件")
    def test_a_master_open_in_excel_stops_it_where_ids_are_missing(self, tmp_path: Path) -> None:
        path = home_made(tmp_path)
        (tmp_path / "~$自制台账.xlsx").write_bytes(b"")
        with pytest.raises(Refusal, match="正在 Excel 或 WPS 里打开"):
            sent(path, tmp_path / "往来")
        assert not Exchange.opened(tmp_path / "往来").dispatches()

    def test_rows_copied_with_their_id_stop_it(self, tmp_path: Path) -> None:
        from openpyxl import load_workbook

        path = written(tmp_path)
        book = load_workbook(path)
        sheet = book["活动"]
        sheet.append([None] * sheet.max_column)
        at = next(cell.column for cell in sheet[2] if cell.value == "_id")
        sheet.cell(4, at).value = sheet.cell(3, at).value
        book.save(path)
        with pytest.raises(Refusal, match="连内部编号一起复制"):
            prepare(path)

    def test_a_master_changed_meanwhile_stops_it(self, tmp_path: Path) -> None:
        path = written(tmp_path)
        order = prepare(path)
        Path(path).write_bytes(Path(path).read_bytes() + b"\0")
        with pytest.raises(Refusal, match="刚刚被改过"):
            dispatch(Exchange.opened(tmp_path / "往来"), order)


class TestAgain:
    def test_the_same_again_sends_nothing_new(self, tmp_path: Path) -> None:
        path = written(tmp_path)
        exchange, first = sent(path, tmp_path / "往来")
        before = {one: one.read_bytes() for one in (tmp_path / "往来").rglob("*.xlsx")}
        _, again = sent(path, tmp_path / "往来")
        assert again.new is None
        assert {one.id for one, _, _ in again.standing} == {first.new.id}
        assert exchange.dispatches() == (first.new,)
        assert {one: one.read_bytes() for one in (tmp_path / "往来").rglob("*.xlsx")} == before

    def test_only_the_office_whose_rows_changed_gets_a_new_one(self, tmp_path: Path) -> None:
        _, first = sent(written(tmp_path), tmp_path / "往来")
        path = written(tmp_path, master(EVENTS.replace("养老政策宣讲", "养老新政宣讲"), METRICS))
        _, again = sent(path, tmp_path / "往来")
        assert [one.office for one in again.new.offices] == ["养老股"]
        assert again.new.id != first.new.id
        assert {share.office.name: one.id for one, _, share in again.standing} == {
            "救助股": first.new.id, "养老股": again.new.id}

    def test_a_grown_dictionary_sends_nothing_new(self, tmp_path: Path) -> None:
        sent(written(tmp_path), tmp_path / "往来")
        more = "\n## 字典\n\n| 类别 | 值 |\n|---|---|\n| 活动.类型 | 主题宣传 |\n"
        assert sent(written(tmp_path, master(EVENTS, METRICS, more)), tmp_path / "往来")[1].new is None

    def test_another_due_date_is_another_dispatch(self, tmp_path: Path) -> None:
        path = written(tmp_path)
        sent(path, tmp_path / "往来")
        assert len(sent(path, tmp_path / "往来", due="2025-12-08")[1].new.offices) == 2

    def test_back_to_what_was_sent_before_is_still_a_new_dispatch(self, tmp_path: Path) -> None:
        path = written(tmp_path)
        ids = [sent(path, tmp_path / "往来", due=due)[1].new.id for due in ("2025-12-05", "2025-12-08", "2025-12-05")]
        assert len(set(ids)) == 3


class TestBrokenAnywhere:
    @pytest.mark.parametrize("fault", [Killed, lambda: OSError(28, "No space left on device")])
    def test_whatever_call_fails_the_next_run_completes(
            self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Callable[[], BaseException]) -> None:
        monkeypatch.setattr(dispatching, "_workbook", lambda order, one, identity, *more: identity.text.encode())
        start = Path(home_made(tmp_path)).read_bytes()
        for number in range(1, 80):
            place = tmp_path / str(number)
            place.mkdir()
            path = place / "主台账.xlsx"
            path.write_bytes(start)
            with broken_at(monkeypatch, number, fault) as calls, suppress(Killed, Refusal):
                sent(str(path), place / "往来")
            exchange, _ = sent(str(path), place / "往来")
            self._check(exchange, path)
            if calls[0] < number:
                break
        assert 10 < number < 79

    def _check(self, exchange: Exchange, path: Path) -> None:
        (only,) = exchange.dispatches()
        assert [one.code for one in only.offices] == ["JZ", "YL"]
        for one in only.offices:
            data = exchange.read(one.file)
            assert hashlib.sha256(data).hexdigest() == one.digest
            assert seal.borne_out(exchange.key(), seal.identity_from(data.decode()))
        assert all(names(recognize(read(path)), "活动", "_id"))
        assert [one.name for one in exchange.path.iterdir() if one.is_dir()] == [only.id]

    def test_a_run_killed_yesterday_is_completed_under_its_own_id(
            self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(dispatching, "_workbook", lambda order, one, identity, *more: identity.text.encode())
        path = written(tmp_path)
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "1764900000")
        monkeypatch.setattr(Exchange, "record_dispatch", lambda *_, **__: (_ for _ in ()).throw(Killed()))
        with pytest.raises(Killed):
            sent(path, tmp_path / "往来")
        monkeypatch.undo()
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "1764990000")
        _, done = sent(path, tmp_path / "往来")
        assert done.new.id.startswith("20251205-")


def test_the_ledger_of_an_office_is_a_ledger(once: tuple[Exchange, Dispatched]) -> None:
    exchange, done = once
    assert Ledger(book_for(exchange, done, "救助股")).head.text("机关全称") == "临溪县民政局"
