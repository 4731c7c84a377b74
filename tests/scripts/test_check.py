"""`taizhang check` as its users meet it: what it prints, writes and returns."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.cli import main
from tests.ledgers import HEAD, ONE_CHAPTER
from workbook.acknowledged import value_digest
from workbook.reading.reader import read

TASKS = ("\n## 任务\n\n| 编号 | 任务名称 | 责任股室 | 完成时限 | 状态 | 备注 | _id |\n"
         "|---|---|---|---|---|---|---|\n{rows}"
         "\n## 股室\n\n| 代码 | 名称 |\n|---|---|\n| BGS | 办公室 |\n| ZHG | 综合股 |\n")
LATE = "| R{n:02} | 推行首问负责 | 办公室 | 2025-05-{n:02} | 进行中 | {note} | R7K2M0Q{n:03} |\n"
MORE_HEAD = "| 署名 | 临溪县民政局 |\n| 成文日期 | 2026-01-10 |\n"
ITEMS = "\n## 条目\n\n| 章节 | 正文 |\n|---|---|\n| 1 | 办了事。 |\n"
FINE = "| R01 | 推行首问负责 | 办公室 | 2026-12-31 | 进行中 |  | R7K2M0Q001 |\n"
WRONG = "| R01 | 推行首问负责 | 综合股 | 明年 | 进行中 |  | R7K2M0Q001 |\n"
KNOWN = "\n## 已知问题\n\n| 规则 | _id | 列 | 值摘要 | 理由 |\n|---|---|---|---|---|\n{rows}"
Capture = pytest.CaptureFixture[str]


def late(count: int, note: str = "") -> str:
    return "".join(LATE.format(n=number, note=note) for number in range(1, count + 1))


def ledger(folder: Path, rows: str, more: str = "", name: str = "台账.xlsx") -> Path:
    """A workbook with these tasks."""
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / "台账.md"
    source.write_text(HEAD + MORE_HEAD + ONE_CHAPTER + TASKS.format(rows=rows) + ITEMS + more, "utf-8")
    assert main(["load", str(source), "-o", str(folder / name), "--quiet"]) == 0
    source.unlink()
    return folder / name


def checked(capsys: Capture, *arguments: object) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(["check", *map(str, arguments)])
    said = capsys.readouterr()
    return code, said.out, said.err


def documents(capsys: Capture, *arguments: object) -> list[dict[str, object]]:
    _, out, _ = checked(capsys, *arguments, "--json")
    files = json.loads(out)["files"]
    assert isinstance(files, list)
    return files


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


class Test屏幕上的清单:
    def test_says_first_whose_ledger_it_is(self, tmp_path: Path, capsys: Capture) -> None:
        made = ledger(tmp_path, FINE)
        _, out, _ = checked(capsys, made)
        assert out.splitlines()[0] == str(made)
        assert "".join("".join(out.splitlines()[1:3]).split()) == (
            "临溪县民政局2025年“通用报告”台账，架构版本1；章节1行，任务1行，条目1行，股室2行。")

    @pytest.mark.usefixtures("narrow")
    def test_a_finding_stands_with_its_row_as_excel_shows_it(self, tmp_path: Path, capsys: Capture) -> None:
        _, out, _ = checked(capsys, ledger(tmp_path, WRONG))
        at = out.index("■ 任务")
        assert out[at:].startswith("■ 任务　错误 1\n\n  错误 C002　不是日期\n"
                                   "    J3　“完成时限”填的是“明年”，不是一个日期。\n    怎么改：")
        letters, header, row = (line.split() for line in out[at:].splitlines()[5:8])
        assert letters[letters.index("J") - 1] == "I"
        assert header[0] == "2"
        assert "完成时限" in header
        assert row[:2] == ["3", "R01"]
        assert "【明年】" in row

    @pytest.mark.usefixtures("narrow")
    def test_no_line_is_wider_than_the_terminal(self, tmp_path: Path, capsys: Capture,
                                                monkeypatch: pytest.MonkeyPatch) -> None:
        from scripts.terminal import Screen

        monkeypatch.chdir(tmp_path)
        ledger(tmp_path, late(9) + WRONG.replace("推行首问负责", "很长的任务名称" * 9))
        _, out, _ = checked(capsys, "台账.xlsx", "--all")
        assert max(map(Screen().width, out.splitlines())) <= 80

    def test_many_of_one_kind_are_folded_unless_all_are_asked_for(self, tmp_path: Path, capsys: Capture) -> None:
        made = ledger(tmp_path, late(9))
        _, out, _ = checked(capsys, made)
        assert "提醒 D008　逾期未完成而没有说明　9 处" in out
        assert "还有 6 处：J6、J7、J8、J9、J10、J11（加 --all 全部列出）" in out
        _, everything, _ = checked(capsys, made, "--all")
        assert "还有" not in everything
        assert all(f"    J{row}　完成时限" in everything for row in range(3, 12))

    def test_remarks_take_one_line_for_each_rule(self, tmp_path: Path, capsys: Capture) -> None:
        _, out, _ = checked(capsys, ledger(tmp_path, late(2, "示例") + FINE.replace("R01", "R03")))
        remarks = out[out.index("■ 说明"):].splitlines()
        assert remarks[0] == "■ 说明　2 处，不用改"
        assert re.fullmatch("  S009　.*　任务!A3、任务!A4", remarks[1])
        assert "S009" not in out[:out.index("■ 说明")]

    def test_no_number_of_a_person_is_printed(self, tmp_path: Path, capsys: Capture) -> None:
        made = ledger(tmp_path, late(1, "张三 11010519491231002X，手机13812345678"))
        page = tmp_path / "清单.html"
        for arguments in ([], ["--all"], ["--json"], ["--quiet"], ["--html", page]):
            _, out, err = checked(capsys, made, *arguments)
            assert "11010519491231002X" not in out + err
            assert "13812345678" not in out + err
        assert "11010********002X" in page.read_text("utf-8")
        assert not re.search("11010519491231002X|13812345678", page.read_text("utf-8"))

    def test_a_cell_cannot_steer_the_terminal(self, tmp_path: Path, capsys: Capture) -> None:
        made = ledger(tmp_path, WRONG.replace("明年", "明\u202e年\x1b[2J"))
        _, out, _ = checked(capsys, made)
        assert "\x1b" not in out
        assert "\u202e" not in out

    def test_quiet_says_only_errors(self, tmp_path: Path, capsys: Capture) -> None:
        made = ledger(tmp_path, WRONG + late(2).replace("R01", "R09"))
        code, out, err = checked(capsys, made, "--quiet")
        assert (code, err) == (1, "")
        line, = out.splitlines()
        assert line.startswith(f"{made}：错误 C002　任务!J3　")
        assert checked(capsys, ledger(tmp_path, late(2)), "--quiet") == (0, "", "")

    def test_ends_with_what_to_do_next(self, tmp_path: Path, capsys: Capture) -> None:
        for rows, ending in ((WRONG, "先改错误"), (late(1), "没有错误，可以出报告")):
            _, out, _ = checked(capsys, ledger(tmp_path, rows))
            assert out.splitlines()[-1].startswith(ending)


class Test退出码和JSON:
    def test_warnings_block_only_under_strict(self, tmp_path: Path, capsys: Capture) -> None:
        made = ledger(tmp_path, late(1))
        assert checked(capsys, made)[0] == 0
        assert checked(capsys, made, "--strict")[0] == 1

    def test_the_keys_other_offices_rely_on(self, tmp_path: Path, capsys: Capture) -> None:
        one, = documents(capsys, ledger(tmp_path, WRONG))
        assert {"file", "findings", "errors", "warnings"} <= one.keys()
        assert one["errors"] == 1
        finding = one["findings"][0]  # type: ignore[index]
        assert finding | {"message": "", "hint": ""} == {
            "code": "C002", "severity": "error", "sheet": "任务", "cell": "J3", "column": "完成时限", "row": 3,
            "key": "R01", "value": "明年", "message": "", "hint": "", "authority": "常识", "acknowledged": "",
            "row_id": "R7K2M0Q001", "digest": value_digest("R7K2M0Q001", "明年"),
        }

    def test_it_says_who_the_ledger_is(self, tmp_path: Path, capsys: Capture) -> None:
        one, = documents(capsys, ledger(tmp_path, FINE))
        assert one["ledger"] == {"office": "临溪县民政局", "year": "2025", "kind": "通用报告", "version": "1",
                                 "rows": {"章节": 1, "任务": 1, "条目": 1, "问题": 0, "活动": 0, "办件": 0, "指标": 0,
                                          "统计表": 0, "法规": 0, "股室": 2, "字典": 0}}

    def test_a_refused_file_is_one_sentence_and_exit_2(self, tmp_path: Path, capsys: Capture) -> None:
        bad = tmp_path / "坏.xlsx"
        bad.write_bytes(b"PK\x03\x04 not a workbook")
        code, out, err = checked(capsys, bad)
        assert (code, out) == (2, "")
        assert len(err.splitlines()) == 1
        one, = documents(capsys, bad)
        assert str(one["refused"]) in err


class Test几个台账:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        ledger(tmp_path / "各局" / "甲局", WRONG)
        ledger(tmp_path / "各局" / "乙局", late(2))
        (tmp_path / "各局" / "坏.xlsx").write_bytes(b"")
        return tmp_path / "各局"

    @pytest.mark.parametrize("jobs", ["1", "2"])
    def test_one_bad_file_stops_nothing_and_the_highest_code_counts(self, folder: Path, capsys: Capture,
                                                                    jobs: str) -> None:
        code, out, err = checked(capsys, folder, "-j", jobs)
        assert code == 2
        assert "坏.xlsx" in err
        assert out.splitlines()[-1] == "共 3 本：可以出报告 1，有错误 1，不能用 1。"
        rows = {Path(line.split()[0]).parent.name: line.split()[1:] for line in out.splitlines()[-4:-1]}
        assert rows == {"甲局": ["1", "0", "0", "0"], "乙局": ["0", "2", "0", "0"], "各局": ["不能用"]}

    def test_progress_goes_to_stderr_in_plain_lines(self, folder: Path, capsys: Capture) -> None:
        _, _, err = checked(capsys, folder)
        assert [line.split("，")[0] for line in err.splitlines() if line.startswith("已检查")] == [
            "已检查 1/3", "已检查 2/3", "已检查 3/3"]
        assert "已检查" not in checked(capsys, folder, "--quiet")[2]

    def test_one_page_for_all(self, folder: Path, capsys: Capture, tmp_path: Path) -> None:
        checked(capsys, folder, "--html", tmp_path / "清单.html")
        text = (tmp_path / "清单.html").read_text("utf-8")
        assert text.count('<section class="file"') == 3
        assert "校验清单：3 本台账" in text

    def test_lines_of_json_for_a_batch(self, folder: Path, capsys: Capture) -> None:
        _, out, _ = checked(capsys, folder, "--ndjson")
        assert [Path(json.loads(line)["file"]).parent.name for line in out.splitlines()] == ["乙局", "各局", "甲局"]


class Test确认:
    def test_writes_the_line_and_the_finding_counts_no_more(self, tmp_path: Path, capsys: Capture) -> None:
        made, out = ledger(tmp_path, late(2), KNOWN.format(rows="")), tmp_path / "新.xlsx"
        both = ("--acknowledge", "D008@任务!J3", "--acknowledge", "D008@任务!J4")
        code, said, _ = checked(capsys, made, *both, "--reason", "县里已同意延期", "-o", out, "--strict")
        assert code == 0
        assert "■ 已确认　2 处" in said
        assert "D008　任务!J3　理由：县里已同意延期" in said
        one, = documents(capsys, out)
        assert (one["warnings"], one["acknowledged"]) == (0, 2)

    def test_a_book_without_the_sheet_gets_it_and_keeps_the_rest(self, tmp_path: Path, capsys: Capture) -> None:
        made, out = ledger(tmp_path, late(1)), tmp_path / "新.xlsx"
        checked(capsys, made, "--acknowledge", "D008@任务!J3", "--reason", "县里已同意延期", "-o", out, "--quiet")
        before, after = read(made), read(out)
        known = after.sheet("已知问题")
        assert known
        assert known.rows[0] == ["规则", "_id", "列", "值摘要", "理由"]
        assert known.rows[1][::4] == ["D008", "县里已同意延期"]
        assert [one for one in after.sheets if one.name != "已知问题"] == list(before.sheets)

    def test_a_changed_cell_brings_it_back(self, tmp_path: Path, capsys: Capture) -> None:
        line = "| D008 | R7K2M0Q001 | 完成时限 | v00000000000 | 县里已同意延期 |\n"
        one, = documents(capsys, ledger(tmp_path, late(1), KNOWN.format(rows=line)))
        assert sorted(each["code"] for each in one["findings"]) == ["D008", "K005"]  # type: ignore[attr-defined]
        assert one["warnings"] == 2


class Test选项不相配:
    @pytest.mark.parametrize(("arguments", "said"), [
        (["--fix"], "请用 -o 说明"), (["--unmark"], "请用 -o 说明"), (["-o", "新.xlsx"], "-o 要和 --fix"),
        (["--acknowledge", "D008@任务!J3", "-o", "新.xlsx"], "--acknowledge 要和 --reason 一起用"),
        (["--unmark", "--mark", "甲.xlsx", "-o", "乙.xlsx"], "--unmark 只去掉标注"),
        (["--acknowledge", "D008", "--reason", "已同意", "-o", "新.xlsx"], "请写成 D008@任务!J3 的样子"),
    ], ids=["fix", "unmark", "o", "acknowledge", "unmark和mark", "写法"])
    def test_is_one_sentence(self, tmp_path: Path, capsys: Capture, arguments: list[str], said: str) -> None:
        made = ledger(tmp_path, FINE, KNOWN.format(rows=""))
        code, out, err = checked(capsys, made, *arguments)
        assert (code, out) == (2, "")
        assert said in err

    def test_several_ledgers_need_a_folder(self, tmp_path: Path, capsys: Capture) -> None:
        one, other = ledger(tmp_path / "甲", FINE), ledger(tmp_path / "乙", FINE)
        code, _, err = checked(capsys, one, other, "--mark", tmp_path / "标注.xlsx")
        assert code == 2
        assert "--mark 要写文件夹" in err

    def test_a_folder_never_puts_a_result_over_its_source(self, tmp_path: Path, capsys: Capture) -> None:
        made = ledger(tmp_path, FINE)
        before = made.read_bytes()
        code, _, err = checked(capsys, made, "--mark", tmp_path)
        assert code == 2
        assert "会盖掉原来的台账" in err
        assert made.read_bytes() == before


class Test改和标注:
    def test_fix_lists_every_change_and_checks_what_was_mended(self, tmp_path: Path, capsys: Capture) -> None:
        made, out = ledger(tmp_path, FINE.replace("2026-12-31", "2026年12月31日")), tmp_path / "改.xlsx"
        before = made.read_bytes()
        one, = documents(capsys, made, "--fix", "-o", out)
        assert made.read_bytes() == before
        change = next(each for each in one["changes"] if each["cell"] == "J3")  # type: ignore[attr-defined]
        assert (change["before"], change["after"]) == ("2026年12月31日", "2026-12-31")
        assert one["mended"] == str(out)
        assert str(read(out).sheet("任务").rows[2][9]).startswith("2026-12-31")  # type: ignore[union-attr]

    def test_fix_prints_before_and_after(self, tmp_path: Path, capsys: Capture) -> None:
        made = ledger(tmp_path, FINE.replace("2026-12-31", "2026年12月31日"))
        _, said, _ = checked(capsys, made, "--fix", "-o", tmp_path / "改.xlsx")
        assert "任务!J3　“2026年12月31日” → “2026-12-31”" in said
        assert "改好了 1 处" in said

    def test_marks_come_and_go(self, tmp_path: Path, capsys: Capture) -> None:
        made, marked, clean = ledger(tmp_path, WRONG), tmp_path / "标注.xlsx", tmp_path / "去掉.xlsx"
        code, said, _ = checked(capsys, made, "--mark", marked)
        assert code == 1
        assert f"已在台账里标出来：{marked}" in said
        assert read(marked).sheet("校验结果")
        assert checked(capsys, marked, "--unmark", "-o", clean)[0] == 0
        assert read(clean).sheet("校验结果") == read(made).sheet("校验结果")

    def test_what_is_acknowledged_is_not_marked(self, tmp_path: Path, capsys: Capture) -> None:
        made, agreed, marked = ledger(tmp_path, late(2)), tmp_path / "新.xlsx", tmp_path / "标注.xlsx"
        checked(capsys, made, "--acknowledge", "D008@任务!J3", "--reason", "已同意", "-o", agreed)
        checked(capsys, agreed, "--mark", marked)
        results = read(marked).sheet("校验结果")
        assert results
        cells = [str(value) for row in results.rows for value in row]
        assert ("J4" in cells, "J3" in cells) == (True, False)

    def test_nothing_is_mended_in_what_is_refused(self, tmp_path: Path, capsys: Capture) -> None:
        import openpyxl

        made, out = ledger(tmp_path, FINE), tmp_path / "改.xlsx"
        book = openpyxl.load_workbook(made)
        book["_元"]["B2"] = "9"
        book.save(made)
        code, _, err = checked(capsys, made, "--fix", "-o", out)
        assert code == 2
        assert "请先更新程序" in err
        assert not out.exists()

    def test_the_source_is_marked_only_where_it_is_named_and_is_kept(self, tmp_path: Path, capsys: Capture) -> None:
        made = ledger(tmp_path, WRONG)
        before = made.read_bytes()
        checked(capsys, made, "--mark", made)
        assert made.read_bytes() != before
        assert made.with_name("台账.xlsx.bak").read_bytes() == before


def test_check_loads_neither_page_nor_patching_unless_asked(tmp_path: Path) -> None:
    made = ledger(tmp_path, WRONG)
    program = ("import sys; from scripts.cli import main; code = main(sys.argv[1:]);"
               "late = {'json', 'lxml', 'openpyxl', 'pandas', 'xlsxwriter', 'templates.findings_page',"
               " 'workbook.mending', 'concurrent.futures', 'multiprocessing'};"
               "print(sorted((late & set(sys.modules)) | {name for name in sys.modules if 'patching' in name}));"
               "sys.exit(code)")
    done = subprocess.run([sys.executable, "-c", program, "check", str(made), "--quiet"],
                          capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.stdout.splitlines()[-1] == "[]"
