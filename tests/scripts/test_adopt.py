"""`taizhang adopt` as its users meet it: a map to look at, then a workbook."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from scripts.cli import main
from tests.foreign import DAY, excel, office_ledger

ROOT = Path(__file__).parents[2]
GIVEN = ["--kind", "通用报告", "--office", "临溪县民政局", "--year", "2025"]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "自己的台账.xlsx").write_bytes(office_ledger())
    return tmp_path


def adopt(*options: str, source: str = "自己的台账.xlsx") -> int:
    return main(["adopt", source, "-o", "台账.xlsx", *options])


def test_without_a_map_one_is_proposed_and_no_workbook_written(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert adopt() == 1
    said = capsys.readouterr().out
    assert sorted(path.name for path in here.iterdir()) == ["台账.对照.toml", "自己的台账.xlsx"]
    assert "“普法活动”（表头第 3、4 行）→ “活动”：对上 8 列，附加列 2 列" in said
    assert "[报告信息] 里要补填：报告类型。" in said
    assert "taizhang adopt 自己的台账.xlsx -o 台账.xlsx --map 台账.对照.toml" in said


def test_with_the_map_the_workbook_is_written_and_checks(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert adopt("--quiet") == 1
    assert adopt("--map", "台账.对照.toml", "--kind", "通用报告") == 0
    said = capsys.readouterr().out
    assert "移到附表" in said
    assert "一格不少" in said
    assert "“普法活动”第 8 行是合计行，没有当作记录。" in said
    assert main(["check", "台账.xlsx", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)["files"][0]["findings"]
    assert [one["value"] for one in found if one["severity"] == "error"] == ["弄好一半"]


def test_what_is_missing_is_said_before_anything_is_written(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    adopt("--quiet")
    assert adopt("--map", "台账.对照.toml") == 2
    assert "[报告信息] 里还缺“报告类型”。请填上再运行" in capsys.readouterr().err
    assert not (here / "台账.xlsx").exists()


def test_what_is_given_must_agree_with_the_map(capsys: pytest.CaptureFixture[str]) -> None:
    adopt("--quiet", *GIVEN)
    assert adopt("--map", "台账.对照.toml", "--year", "2024") == 2
    assert "报告年度 是“2025”，--year 给的是“2024”。请改掉一个。" in capsys.readouterr().err


def test_a_map_that_a_person_may_have_edited_is_never_overwritten(
        here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "台账.对照.toml").write_text("改过", "utf-8")
    for more in ((), ("--yes",)):
        assert adopt(*more) == 2
        assert "已经有对照表。看过、改好了的，加 --map 台账.对照.toml 再运行" in capsys.readouterr().err
    assert (here / "台账.对照.toml").read_text("utf-8") == "改过"


def test_yes_takes_the_proposal_and_says_that_nobody_looked(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert adopt("--yes", *GIVEN, "--map", "我的.toml") == 1
    assert "对照表没有人看过，这 5 处请核对：" in capsys.readouterr().out
    assert {"我的.toml", "台账.xlsx"} <= {path.name for path in here.iterdir()}


def test_yes_is_done_where_nothing_was_in_doubt(here: Path) -> None:
    rows = (("序号", "时间", "活动名称", "类型", "承办股室"), (1, DAY, "宣传", "讲座", "办公室"))
    (here / "清楚.xlsx").write_bytes(excel({"活动": rows}))
    assert adopt("--yes", *GIVEN, "--quiet", source="清楚.xlsx") == 0


def test_the_same_file_gives_the_same_map_and_workbook(here: Path) -> None:
    made = []
    for _ in range(2):
        adopt("--yes", *GIVEN, "--quiet")
        made.append(((here / "台账.对照.toml").read_bytes(), (here / "台账.xlsx").read_bytes()))
        (here / "台账.对照.toml").unlink()
    assert made[0] == made[1]


def test_json_of_the_proposal_and_of_the_result(capsys: pytest.CaptureFixture[str]) -> None:
    assert adopt("--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["output"], told["map"], told["missing"]) == (None, "台账.对照.toml", ["报告类型"])
    assert told["sheets"][0]["columns"][1] == {"column": "B", "header": "时间", "target": "开始日期", "sure": True,
                                               "others": ["结束日期", "节点"]}
    assert adopt("--map", "台账.对照.toml", "--kind", "通用报告", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    counts = told["balance"]
    assert counts["写入"] + counts["重建"] + counts["移到附表"] == counts["cells"] == len(told["cells"])
    assert {"from": "普法活动!B6", "fate": "写入", "to": "活动!B3"} in told["cells"]
    assert {"sheet": "普法活动", "cell": "A8", "value": "合计", "reason": "合计行，没有当作记录",
            "settle": False} in told["aside"]


def test_a_persons_number_is_masked_on_the_screen(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = (("时间", "活动名称", "类型", "承办股室"), (DAY, "宣传", "讲座", "办公室", "13812345678"))
    (here / "电话.xlsx").write_bytes(excel({"活动": rows}))
    adopt("--quiet", *GIVEN, source="电话.xlsx")
    text = (here / "台账.对照.toml").read_text("utf-8")
    (here / "台账.对照.toml").write_text(re.sub(r'"E" = .*\n', "", text), "utf-8")
    assert adopt("--map", "台账.对照.toml", source="电话.xlsx") == 1
    said = capsys.readouterr().out
    assert "活动!E2　138****5678　对照表里没有写这一列。" in said


@pytest.mark.parametrize(("arguments", "said"), [
    (["自己的台账.xlsx", "-o", "自己的台账.xlsx"], "请另给一个文件名"),
    (["自己的台账.xlsx", "-o", "台账.ods"], "要写成 .xlsx 文件"),
    (["没有.xlsx", "-o", "台账.xlsx"], "没有.xlsx"),
])
def test_unusable_input_is_one_sentence(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["adopt", *arguments]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1


def test_a_year_in_words_is_refused(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    adopt("--quiet", *GIVEN)
    text = (here / "台账.对照.toml").read_text("utf-8")
    (here / "台账.对照.toml").write_text(text.replace('"报告年度" = 2025', '"报告年度" = "二〇二五"'), "utf-8")
    assert adopt("--map", "台账.对照.toml") == 2
    assert "报告年度写的是“二〇二五”，请写四位数字，如 2025。" in capsys.readouterr().err


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_commands_of_the_readme_run(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    commands = [shlex.split(one) for one in re.findall(r"`taizhang (adopt [^`]*台账\.xlsx[^`]*)`", text)]
    assert [main([*one, "--quiet"]) for one in commands] == [1, 0]
