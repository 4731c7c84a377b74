"""`taizhang dispatch`, `status`, `remind` as a coordinator types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts.cli import main
from tests.exchanged import EVENTS, METRICS, home_made, master, written
from workbook.exchange.folder import Exchange

CLEAN = "\n".join(line for line in EVENTS.splitlines() if "H4" not in line and "H5" not in line and "H6" not in line)
NUMBER = "11010119900307" + "7475"


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1764900000")  # 2025-12-05


def clean(folder: Path) -> str:
    return written(folder, master(CLEAN + "\n", METRICS))


def test_dispatch_says_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dispatch", clean(tmp_path), "-o", str(tmp_path / "往来"), "--due", "2025年12月12日", "--eml"]) == 0
    said = capsys.readouterr()
    assert "已下发 2 个股室" in said.out
    assert "2025-12-12 前交回" in said.out
    assert "牵头股室的 1 行留在主台账里填" in said.out
    assert "没有可用的邮箱：养老股" in said.err
    (only,) = Exchange.opened(tmp_path / "往来").dispatches()
    folder = tmp_path / "往来" / only.id
    assert sorted(one.name for one in (folder / "下发").iterdir()) == ["JZ.xlsx", "YL.xlsx"]
    assert sorted(one.name for one in (folder / "邮件").iterdir()) == ["JZ.eml", "YL.eml"]
    assert "12月12日" in (folder / "通知.txt").read_text("utf-8-sig")
    assert (tmp_path / "往来" / "收发登记簿.xlsx").exists()


def test_dispatch_again_says_that_nothing_is_new(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["dispatch", clean(tmp_path), "-o", str(tmp_path / "往来")]
    main(arguments)
    capsys.readouterr()
    assert main(arguments) == 0
    assert "没有再发一次" in capsys.readouterr().out


def test_rows_that_go_to_nobody_are_to_be_settled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dispatch", written(tmp_path), "-o", str(tmp_path / "往来"), "--json"]) == 1
    said = capsys.readouterr()
    document = json.loads(said.out)
    assert "3 行没有下发给任何股室" in said.err
    assert [(one["sheet"], one["key"], one["settle"]) for one in document["stays"]] == [
        ("活动", "H3", False), ("活动", "H4", True), ("活动", "H5", True), ("活动", "H6", True)]
    assert [(one["office"], one["rows"], one["shared"], one["new"]) for one in document["offices"]] == [
        ("救助股", 2, 1, True), ("养老股", 2, 1, True)]


def test_ids_written_into_the_master_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["dispatch", home_made(tmp_path), "-o", str(tmp_path / "往来")])
    assert "已补写进" in capsys.readouterr().out


def test_a_refusal_leaves_no_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, master(EVENTS.replace("救助政策宣讲", NUMBER), METRICS))
    assert main(["dispatch", path, "-o", str(tmp_path / "往来")]) == 2
    said = capsys.readouterr()
    assert "11010********7475" in said.err
    assert NUMBER not in said.err + said.out
    assert not (tmp_path / "往来").exists()


@pytest.mark.parametrize(("due", "code"), [("不是日期", 2), ("2025-02-30", 2), ("2025-12-12", 0)])
def test_the_due_date_is_a_date(tmp_path: Path, due: str, code: int) -> None:
    assert main(["dispatch", clean(tmp_path), "-o", str(tmp_path / "往来"), "--due", due]) == code


@pytest.mark.parametrize(("due", "code", "said"), [("2100-01-01", 2, "多半写错了"), ("1899-12-31", 2, "多半写错了"),
                                                   ("2035-01-01", 0, "还很远"), ("2025-13-01", 2, "不是一个日期")])
def test_a_due_date_in_an_unlikely_year_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str], due: str, code: int,
                                                said: str) -> None:
    assert main(["dispatch", clean(tmp_path), "-o", str(tmp_path / "往来"), "--due", due]) == code
    assert said in capsys.readouterr().err


def test_a_due_date_that_has_passed_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["dispatch", clean(tmp_path), "-o", str(tmp_path / "往来"), "--due", "2025-12-01"])
    assert "已经过了" in capsys.readouterr().err


def test_send_without_an_account_sends_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                               capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("TAIZHANG_SMTP_URL", raising=False)
    assert main(["dispatch", clean(tmp_path), "-o", str(tmp_path / "往来"), "--send"]) == 2
    assert "TAIZHANG_SMTP_URL" in capsys.readouterr().err
    assert not (tmp_path / "往来").exists()


def test_status_tells_where_everyone_stands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(tmp_path / "往来")
    main(["dispatch", clean(tmp_path), "-o", folder, "--due", "2025-12-01", "--quiet"])
    capsys.readouterr()
    assert main(["status", folder]) == 0
    said = capsys.readouterr().out
    assert "救助股" in said
    assert "逾期 4 个工作日" in said
    assert "2 个股室：未交回 2；逾期未交 2。" in said
    assert main(["status", folder, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [(one["code"], one["state"], one["overdue"]) for one in document["offices"]] == [
        ("JZ", "未交回", 4), ("YL", "未交回", 4)]
    assert "mail" not in document["offices"][0]


@pytest.mark.parametrize("command", ["status", "remind"])
def test_a_folder_without_dispatch_is_refused(tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, str(tmp_path / "没有")]) == 2
    assert "还没有下发过" in capsys.readouterr().err
    assert not (tmp_path / "没有").exists()


def test_remind_writes_to_those_who_have_not_returned(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from templates.docx_text import paragraphs

    folder = tmp_path / "往来"
    book = written(tmp_path, master(CLEAN + "\n", METRICS, """
## 任务

| 编号 | 任务名称 | 责任股室 | 完成时限 | 状态 |
|---|---|---|---|---|
| R1 | 办一件事 | 救助股 | 2025-11-28 | 进行中 |
| R2 | 办另一件 | 养老股 | 2025-12-10 | 进行中 |
"""))
    main(["dispatch", book, "-o", str(folder), "--due", "2025-12-01", "--quiet"])
    assert main(["remind", str(folder), "--book", book]) == 0
    letters = {one.name for one in (folder / "催报" / "2025-12-05").iterdir()}
    assert letters == {"JZ.eml", "YL.eml", "催报函.docx", "督办单-JZ.docx", "督办单-JZ.eml", "提示单-YL.docx",
                       "提示单-YL.eml"}
    main(["remind", str(folder)])
    events = [event for event in Exchange.opened(folder).events() if event["event"] == "reminded"]
    assert [(event["code"], event["day"]) for event in events] == [("JZ", "2025-12-05"), ("YL", "2025-12-05")]
    told = "".join(one.text for one in paragraphs((folder / "催报" / "2025-12-05" / "督办单-JZ.docx").read_bytes()))
    assert "救助股：" in told
    assert "已过完成时限" in told


def test_nobody_to_remind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from workbook.exchange.folder import Received

    folder = tmp_path / "往来"
    main(["dispatch", clean(tmp_path), "-o", str(folder), "--quiet"])
    exchange = Exchange.opened(folder)
    (only,) = exchange.dispatches()
    for number, one in enumerate(only.offices):
        exchange.record_received(Received(f"{number:016}", one.office, one.code, only.id, "x", "新收", "x", "x",
                                          "2025-12-05T09:00:00"))
    capsys.readouterr()
    assert main(["remind", str(folder)]) == 0
    assert "没有要催的" in capsys.readouterr().out
    assert not (folder / "催报").exists()
