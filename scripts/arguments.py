"""Every command of `taizhang`: what it says of itself, what it takes, which function runs it.

Nothing is imported here but argparse, so that help and usage errors are quick.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from typing import NamedTuple

FORMATS = ("docx", "pdf", "html", "md", "txt")
LAYOUTS = ("公文", "普通")


class Command(NamedTuple):
    """One command; `runs` is module:function, loaded when the command is run."""

    summary: str
    runs: str
    configure: Callable[[ArgumentParser], None]
    examples: tuple[str, ...]


def _voice(parser: ArgumentParser) -> None:
    parser.add_argument("--quiet", action="store_true", help="只说错误")


def _documents(parser: ArgumentParser) -> None:
    _voice(parser)
    parser.add_argument("--json", action="store_true", help="结果印成一个 JSON 文档")
    parser.add_argument("--ndjson", action="store_true", help="每个文件一行 JSON")


def _demo(parser: ArgumentParser) -> None:
    parser.add_argument("folder", nargs="?", default="台账示例", metavar="DIR", help="写到哪个文件夹，默认 台账示例")
    _voice(parser)


def _new(parser: ArgumentParser) -> None:
    parser.add_argument("--kind", required=True, metavar="报告类型",
                        help="自带：法治政府建设年度报告、谁执法谁普法自查报告、通用报告；别的名称按通用报告")
    parser.add_argument("--office", required=True, metavar="机关全称", help="如：临溪县民政局")
    parser.add_argument("--year", required=True, type=int, metavar="YYYY", help="报告年度")
    parser.add_argument("-o", "--output", metavar="BOOK.xlsx", help="默认：机关全称加年度")
    parser.add_argument("--template", metavar="PATH", help="自己的模板文件夹")
    _voice(parser)


def _load(parser: ArgumentParser) -> None:
    parser.add_argument("ledger", metavar="LEDGER.md", help="文字台账")
    parser.add_argument("-o", "--output", required=True, metavar="BOOK.xlsx", help="写成哪个 Excel 台账")
    _voice(parser)


def _dump(parser: ArgumentParser) -> None:
    parser.add_argument("book", metavar="BOOK.xlsx", help="Excel 台账")
    parser.add_argument("-o", "--output", metavar="LEDGER.md", help="默认印到屏幕")
    _voice(parser)


def _check(parser: ArgumentParser) -> None:
    parser.add_argument("books", nargs="+", metavar="BOOK", help="台账文件，或装着台账的文件夹")
    parser.add_argument("--strict", action="store_true", help="有提醒也返回 1")
    _documents(parser)


def _rule(parser: ArgumentParser) -> None:
    parser.add_argument("code", nargs="?", metavar="CODE", help="规则代码，如 D003；不写就列出全部")
    parser.add_argument("--json", action="store_true", help="结果印成一个 JSON 文档")


def _convert(parser: ArgumentParser) -> None:
    parser.add_argument("books", nargs="+", metavar="BOOK", help="台账文件，或装着台账的文件夹")
    parser.add_argument("-o", "--output", required=True, metavar="OUT", help="报告文件（按扩展名定格式）或文件夹")
    parser.add_argument("--format", choices=FORMATS, help="输出到文件夹时的格式，默认 docx")
    parser.add_argument("--template", metavar="PATH", help="自己的模板文件夹")
    parser.add_argument("--layout", choices=LAYOUTS, help="版式；默认：填了发文机关标志用公文，否则普通")
    parser.add_argument("--period", metavar="PERIOD", help="统计期：2025Q1、2025H1、2025-03、2025-01-01..2025-06-30")
    parser.add_argument("--draft", action="store_true", help="缺的内容印成【待补：…】，先出草稿")
    parser.add_argument("-j", "--jobs", type=int, default=1, metavar="N", help="同时用几个进程，默认 1")
    _documents(parser)


COMMANDS = {
    "demo": Command("用自带的示例走一遍：台账、报告、网页", "scripts.demo:run", _demo,
                    ("taizhang demo", "taizhang demo 试一试")),
    "new": Command("建一本空白的标准台账", "scripts.ledgers:new", _new,
                   ("taizhang new --kind 法治政府建设年度报告 --office 临溪县民政局 --year 2025 -o 台账.xlsx",)),
    "load": Command("文字台账（.md）变成 Excel 台账", "scripts.ledgers:load", _load,
                    ("taizhang load 台账.md -o 台账.xlsx",)),
    "dump": Command("Excel 台账变成文字台账（.md）", "scripts.ledgers:dump", _dump,
                    ("taizhang dump 台账.xlsx -o 台账.md", "taizhang dump 台账.xlsx")),
    "check": Command("校验台账：一次列出所有问题，说明在哪一格、怎么改", "scripts.check:run", _check,
                     ("taizhang check 台账.xlsx", "taizhang check 各局台账/ --json",
                      "taizhang check 台账.xlsx --strict    有提醒也算没有通过")),
    "rule": Command("规则手册：每条规则说什么、为什么、怎么改", "scripts.rules:run", _rule,
                    ("taizhang rule            所有规则，按类排列",
                     "taizhang rule D003       一条规则：说什么、为什么、怎么改、例子")),
    "convert": Command("台账变成报告（docx、pdf、html、md、txt）", "scripts.convert:run", _convert,
                       ("taizhang convert 台账.xlsx -o 报告.docx",
                        "taizhang convert 台账.xlsx -o 报告.pdf --layout 公文",
                        "taizhang convert 台账.xlsx -o 一季度.docx --period 2025Q1",
                        "taizhang convert 各局台账/ -o 各局报告/ --format docx -j 2")),
}
