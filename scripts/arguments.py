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
    parser.add_argument("--all", action="store_true", help="全部列出，不折叠")
    parser.add_argument("--html", metavar="OUT.html", help="清单写成一个网页文件，可以筛选、打印，不用联网")
    parser.add_argument("--mark", metavar="OUT.xlsx", help="在台账的副本里标出来：格子涂色、加批注、加“校验结果”表")
    parser.add_argument("--unmark", action="store_true", help="去掉台账里的标注，写到 -o")
    parser.add_argument("--fix", action="store_true", help="只改一看就知道怎么改的，逐处列出，写到 -o")
    parser.add_argument("--acknowledge", action="append", default=[], metavar="CODE@表!格",
                        help="核对过、不用改的，记进“已知问题”，写到 -o；可以写几次")
    parser.add_argument("--reason", metavar="理由", help="为什么可以不改")
    parser.add_argument("-o", "--output", metavar="OUT.xlsx", help="改好的台账写到哪里；几个台账时写文件夹")
    parser.add_argument("--strict", action="store_true", help="有提醒也返回 1")
    parser.add_argument("-j", "--jobs", type=int, default=1, metavar="N", help="同时用几个进程，默认 1")
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
    parser.add_argument("--review", action="store_true",
                        help="再写 报告.核对稿.docx（每个数有批注）和 报告.核对.html（和台账对着看）；内部用，不外发")
    parser.add_argument("--public", action="store_true", help="公开用的副本：不带出处、批注、作者；溯源文件放在台账旁")
    parser.add_argument("-j", "--jobs", type=int, default=1, metavar="N", help="同时用几个进程，默认 1")
    _documents(parser)


def _lint(parser: ArgumentParser) -> None:
    parser.add_argument("reports", nargs="+", metavar="FILE", help="报告（.docx、.txt、.md），或装着报告的文件夹")
    parser.add_argument("--laws", metavar="BOOK.xlsx", help="本单位的台账：其中的“法规”表补充自带的法规名称表")
    parser.add_argument("-j", "--jobs", type=int, default=1, metavar="N", help="同时用几个进程，默认 1")
    _documents(parser)


def _trace(parser: ArgumentParser) -> None:
    parser.add_argument("report", metavar="REPORT.docx", help="报告，或它旁的 .trace.json；也可以是台账，说明每个指标")
    parser.add_argument("--figure", metavar="TEXT", help="只看这个数：印出来的字，或它的编号")
    parser.add_argument("--all", action="store_true", help="日期、名称、文字也列出来，行号全部列出，不折叠")
    parser.add_argument("--json", action="store_true", help="结果印成一个 JSON 文档")
    _voice(parser)


def _publish(parser: ArgumentParser) -> None:
    parser.add_argument("report", metavar="REPORT.docx", help="报告，在 Word 或 WPS 里改过的也可以")
    parser.add_argument("-o", "--output", required=True, metavar="OUT.docx", help="公开用的副本")
    parser.add_argument("--accept-changes", action="store_true", help="报告里的修订全部接受")
    _voice(parser)


def _comparing(parser: ArgumentParser) -> None:
    parser.add_argument("report", metavar="REPORT.docx", help="改过的报告，公开用的副本也可以")
    parser.add_argument("book", metavar="BOOK.xlsx", help="它的台账")
    parser.add_argument("--trace", metavar="REPORT.docx.trace.json",
                        help="报告里没有出处时用；默认找报告旁边、台账旁边的")
    parser.add_argument("--template", metavar="PATH", help="报告是用自己的模板文件夹出的")
    parser.add_argument("--force", action="store_true", help="台账编号不一样也比")
    parser.add_argument("--json", action="store_true", help="结果印成一个 JSON 文档")
    _voice(parser)


def _pull(parser: ArgumentParser) -> None:
    _comparing(parser)
    parser.add_argument("-o", "--output", metavar="OUT.xlsx", help="收回文字后的台账写到哪里；原来的台账不动")
    parser.add_argument("--dry-run", action="store_true", help="只列出来，不写文件")


def _restore(parser: ArgumentParser) -> None:
    parser.add_argument("book", metavar="BOOK", help="台账文件（xlsx、xlsm、xls、ods）")
    parser.add_argument("-o", "--output", required=True, metavar="OUT.xlsx", help="写成哪个文件；原件不动")
    parser.add_argument("--json", action="store_true", help="结果印成一个 JSON 文档，每一格去了哪里都在里面")
    _voice(parser)


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
                     ("taizhang check 台账.xlsx", "taizhang check 台账.xlsx --html 清单.html",
                      "taizhang check 台账.xlsx --mark 标注.xlsx    在台账的副本里标出来",
                      "taizhang check 台账.xlsx --fix -o 新台账.xlsx",
                      "taizhang check 台账.xlsx --acknowledge D008@任务!J3 --reason 县里已同意延期 -o 新台账.xlsx",
                      "taizhang check 各局台账/ -j 2 --json    几个台账一起查，退出码取最大的",
                      "taizhang check 台账.xlsx --strict    有提醒也算没有通过")),
    "rule": Command("规则手册：每条规则说什么、为什么、怎么改", "scripts.rules:run", _rule,
                    ("taizhang rule            所有规则，按类排列",
                     "taizhang rule D003       一条规则：说什么、为什么、怎么改、例子")),
    "convert": Command("台账变成报告（docx、pdf、html、md、txt）", "scripts.convert:run", _convert,
                       ("taizhang convert 台账.xlsx -o 报告.docx",
                        "taizhang convert 台账.xlsx -o 报告.pdf --layout 公文",
                        "taizhang convert 台账.xlsx -o 一季度.docx --period 2025Q1",
                        "taizhang convert 台账.xlsx -o 报告.docx --review    再出核对稿和核对页",
                        "taizhang convert 台账.xlsx -o 公开.docx --public    公开用的副本，不带出处",
                        "taizhang convert 各局台账/ -o 各局报告/ --format docx -j 2")),
    "trace": Command("报告里每个数出自哪一格、怎么算的", "scripts.trace:run", _trace,
                     ("taizhang trace 报告.docx", "taizhang trace 报告.docx --figure 19件    只看这个数",
                      "taizhang trace 台账.xlsx    每个指标怎么算的")),
    "verify": Command("报告和台账各自改过以后，核对哪些数、哪些字对不上", "scripts.verify:run", _comparing,
                      ("taizhang verify 报告.docx 台账.xlsx", "taizhang verify 公开.docx 台账.xlsx --json")),
    "pull": Command("在 Word 里改过的文字收回台账；数不收，有冲突的不动", "scripts.pull:run", _pull,
                    ("taizhang pull 报告.docx 台账.xlsx --dry-run    只列出来，不写文件",
                     "taizhang pull 报告.docx 台账.xlsx -o 新台账.xlsx")),
    "publish": Command("报告去掉出处、批注、作者，变成公开用的副本", "scripts.publish:run", _publish,
                       ("taizhang publish 报告.docx -o 公开.docx",
                        "taizhang publish 报告.docx -o 公开.docx --accept-changes    修订全部接受")),
    "lint": Command("检查任何一份报告的文字和格式：指出在第几行、为什么、怎么改，不改文件", "scripts.lint:run", _lint,
                    ("taizhang lint 报告.docx", "taizhang lint 报告.txt --laws 台账.xlsx",
                     "taizhang lint 各局报告/ --json -j 2")),
    "repair": Command("修复弄坏的台账：换成干净的模板，数据一格不少", "scripts.restore:repair", _restore,
                      ("taizhang repair 台账.xlsx -o 修好的台账.xlsx",
                       "taizhang repair 台账.xlsx -o 修好的台账.xlsx --json    每一格去了哪里")),
    "upgrade": Command("旧版的台账升级到现在的版本", "scripts.restore:upgrade", _restore,
                       ("taizhang upgrade 旧台账.xlsx -o 新台账.xlsx",)),
}
