"""What a person wrote into the column 决定 of an earlier rollup, to be applied in the next one."""

from __future__ import annotations

from collections import defaultdict

from workbook.findings import Refusal
from workbook.ledger import shown
from workbook.raw import RawBook
from workbook.rollup.events import Decisions, Mark, Verdict

SHEET = "待定重复"
HEADERS = ("组", "判断", "决定", "机关全称", "编号", "开始日期", "活动名称", "地点", "角色", "参与（人次）",
           "去重后计入", "_id")
ANSWERS = {Verdict.SAME.value: True, Verdict.APART.value: False}


def read_decisions(raw: RawBook) -> Decisions:
    """The answers by the rows they are about.

    Raises Refusal where the file is no rollup, an answer is none of the two, or a group has both.
    """
    sheet = raw.sheet(SHEET)
    if sheet is None or not sheet.rows or tuple(map(shown, sheet.rows[0])) != HEADERS:
        raise Refusal(f"{raw.path}：没有工作表“{SHEET}”，不是 taizhang rollup 写的汇总。请换成汇总出来的那个文件。")
    members: dict[str, set[Mark]] = defaultdict(set)
    answers: dict[str, set[str]] = defaultdict(set)
    for row in sheet.rows[1:]:
        said = dict(zip(HEADERS, map(shown, row), strict=False))
        members[said["组"]].add((said["机关全称"], said.get("_id", "")))
        if said["决定"].strip():
            answers[said["组"]].add(said["决定"].strip())
    for group, given in answers.items():
        if len(given) > 1 or not given <= ANSWERS.keys():
            raise Refusal(f"{raw.path}：“{SHEET}”第 {group} 组的决定是“{'、'.join(sorted(given))}”，"
                          f"只能写{' 或 '.join(ANSWERS)}，一组写一样的。请改正。")
    return {frozenset(members[group]): ANSWERS[next(iter(given))] for group, given in answers.items()}
