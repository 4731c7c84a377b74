"""Every button of the ribbon, once: what a clerk reads, which macro it runs, which command does the same.

The ribbon, the whitelist in the add-in's VBA and the tests are made from this table.
A button whose macro does not exist yet is in no ribbon.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import NamedTuple


class Button(NamedTuple):
    """One button; `macro` is the function in addin/macros.py and the button's tag.

    `icon` is an imageMso name of Excel 2013 to 365; `keytip` is pressed after Alt and the tab's own;
    `twin` is the command of `taizhang` that does the same, "" where there is none (navigation, help);
    `needs_book` says that it works on the workbook in front, saved or not.
    """

    group: str
    macro: str
    label: str
    icon: str
    keytip: str
    tip: str
    twin: str = ""
    large: bool = True
    needs_book: bool = True


BUTTONS = (
    Button("台账", "new_ledger", "新建", "FileNew", "N", "建一本空白的标准台账。", "new", needs_book=False),
    Button("核对", "check", "校验", "DataValidation", "C", "一次找出所有问题，在台账里标出来，说明怎么改。", "check"),
    Button("核对", "previous_finding", "上一处问题", "ReviewPreviousComment", "P", "选中前一处有问题的格子。",
           large=False),
    Button("核对", "next_finding", "下一处问题", "ReviewNextComment", "X", "选中后一处有问题的格子。", large=False),
    Button("核对", "clear_marks", "清除标记", "DataValidationClearValidationCircles", "M",
           "去掉校验时加的颜色、批注和“校验结果”表，别的不动。", "check --unmark", large=False),
    Button("核对", "fix", "自动修正", "AutoCorrect", "F", "只改一看就知道怎么改的，逐处列出；拿不准的不改。",
           "check --fix"),
    Button("报告", "report", "生成报告", "FileSaveAs", "R", "由当前台账生成 Word 报告，写在台账旁边。", "convert"),
    Button("报告", "review", "核对稿", "ReviewShowAllComments", "V",
           "每个数都有批注，说明出自哪一格；内部用，不外发。", "convert --review"),
    Button("报告", "trace", "数字来源", "TracePrecedents", "T", "选中一个指标，看它怎么算、出自哪些行。", "trace"),
    Button("收发", "dispatch", "拆分下发", "SplitCells", "D", "按责任单位拆成几本下发，附邮件草稿。", "dispatch --eml"),
    Button("收发", "collect", "收回合并", "Consolidate", "L", "收回各单位填好的台账，合并到这一本。", "merge"),
    Button("收发", "rollover", "年度结转", "SheetMoveOrCopy", "Y", "由今年的台账建明年的台账。", "rollover"),
    Button("帮助", "help_page", "打开帮助", "Help", "H", "打开使用说明，不用联网。", large=False, needs_book=False),
    Button("帮助", "doctor", "环境检查", "FileCompatibilityChecker", "E", "检查本机能不能正常使用，有问题说明怎么办。",
           "addin doctor", large=False, needs_book=False),
)


def working() -> tuple[Button, ...]:
    """The buttons whose macro exists as a function of addin/macros.py, in their order; the file is not imported."""
    source = Path(__file__).with_name("macros.py")
    if not source.is_file():
        return ()
    functions = {node.name for node in ast.parse(source.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)}
    return tuple(button for button in BUTTONS if button.macro in functions)
