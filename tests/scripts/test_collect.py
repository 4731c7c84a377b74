"""`taizhang collect`: a table for the coordinator, JSON for a script, an exit code for both."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts.cli import main
from tests.workbook.came_back import folder, sent
from tests.workbook.letters import letter, named, zipped
from tests.workbook.pretend_imap import PASSWORD, serving
from workbook.exchange import register
from workbook.exchange.folder import Exchange
from workbook.findings import Refusal

PERSON = "11010519491231002X"


@pytest.fixture
def exchange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Exchange:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "收件箱").mkdir()
    return folder(tmp_path)


def received(name: str, data: bytes) -> None:
    Path("收件箱", name).write_bytes(data)


def test_what_came_back_is_told_and_counted(exchange: Exchange, capsys: pytest.CaptureFixture[str]) -> None:
    received("1.eml", letter(named(sent(exchange, "BGS"), "办公室台账.xlsx")))
    received("2.zip", zipped([("救助股.xlsx", sent(exchange, "JZG"))], "gbk"))
    assert main(["collect", "收件箱", "--to", "往来"]) == 0
    told = capsys.readouterr().out
    assert "本次登记 2 件：新收 2。" in told
    assert "办公室台账.xlsx" in told
    assert "救助股.xlsx" in told
    assert main(["collect", "收件箱", "--to", "往来"]) == 0
    assert "本次登记 0 件：没有新的。另有 2 件以前登记过。" in capsys.readouterr().out


def test_what_was_set_aside_is_settled_by_hand(exchange: Exchange, capsys: pytest.CaptureFixture[str]) -> None:
    received("1.eml", letter(named(sent(exchange, "BGS"), f"{PERSON}.xlsx"), sender="x@qq.com", text=PERSON))
    assert main(["collect", "收件箱", "--to", "往来", "--json"]) == 1
    told = capsys.readouterr()
    assert PERSON not in told.out + told.err
    document = json.loads(told.out)
    assert (document["counts"], document["new"], document["to_settle"]) == ({"可疑": 1}, 1, 1)
    item, = document["items"]
    assert ("x@qq.com" in item["why"], item["office"], item["sender"]) == (True, "办公室", "x@qq.com")
    assert main(["collect", "收件箱", "--to", "往来"]) == 1
    assert f"{item['id']} 可疑" in capsys.readouterr().out
    assert main(["collect", "--to", "往来", "--accept", item["id"]]) == 0
    assert "已准收：办公室的" in capsys.readouterr().out
    assert main(["collect", "收件箱", "--to", "往来"]) == 0


def test_a_mailbox_on_a_server(exchange: Exchange, capsys: pytest.CaptureFixture[str],
                               monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as server:
        server.letters = {4: letter(named(sent(exchange, "BGS"), "甲.xlsx"))}
        monkeypatch.setenv("TAIZHANG_IMAP_URL", server.url)
        monkeypatch.setenv("TAIZHANG_MAIL_PASSWORD", PASSWORD)
        assert main(["collect", "imap", "--to", "往来"]) == 0
    told = capsys.readouterr()
    assert "新收 1" in told.out
    assert PASSWORD not in told.out + told.err


def test_one_bad_file_stops_no_other(exchange: Exchange, capsys: pytest.CaptureFixture[str]) -> None:
    received("1.xlsx", sent(exchange, "BGS")[:9000])
    received("2.xlsx", b"<html><script>")
    received("3.xlsx", sent(exchange, "BGS"))
    assert main(["collect", "收件箱", "--to", "往来", "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert [one["verdict"] for one in document["items"]] == ["损坏", "可疑", "新收"]


@pytest.mark.parametrize(("arguments", "why"), [
    (["collect", "--to", "往来"], "请写收哪里的文件"), (["collect", "没有", "--to", "往来"], "找不到"),
    (["collect", "收件箱", "--to", "别处"], "没有下发过"), (["collect", "收件箱"], "缺少参数：--to"),
    (["collect", "--to", "往来", "--accept", "ff"], "没有这个编号"),
    (["collect", "收件箱", "--to", "往来", "--since", "2025-11-05"], "只用于收服务器上的邮箱"),
    (["collect", "imap", "--to", "往来", "--since", "某天"], "不是一个日期"),
], ids=["没写来源", "来源不存在", "不是往来文件夹", "没写往来文件夹", "编号不对", "只用于邮箱", "不是日期"])
def test_what_cannot_be_done_is_one_sentence(exchange: Exchange, capsys: pytest.CaptureFixture[str],
                                             arguments: list[str], why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAIZHANG_IMAP_URL", "imaps://tz%40lx.example@mail.lx.example")
    assert main(arguments) == 2
    assert why in capsys.readouterr().err
    assert not Path("别处").exists()


def test_a_register_that_is_open_in_Excel(exchange: Exchange, capsys: pytest.CaptureFixture[str],
                                          monkeypatch: pytest.MonkeyPatch) -> None:
    def is_open(_: Exchange) -> None:
        raise Refusal("收发登记簿.xlsx：正在 Excel 或 WPS 里打开。请关闭它再试。")

    received("1.xlsx", sent(exchange, "BGS"))
    with monkeypatch.context() as patch:
        patch.setattr(register, "write_register", is_open)
        assert main(["collect", "收件箱", "--to", "往来"]) == 1
    assert "收发登记簿没有更新" in capsys.readouterr().err
    assert [one.verdict for one in exchange.received()] == ["新收"]
    assert main(["collect", "收件箱", "--to", "往来"]) == 0
