"""Every command of `taizhang`: what it says of itself, what it takes, which function runs it.

Nothing is imported here but argparse, so that help and usage errors are quick.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable

FORMATS = ("docx", "pdf", "html", "md", "txt")
LAYOUTS = ("公文", "普通")


class Command:
    """One command; `runs` is module:function, loaded when it is run. No NamedTuple: `typing` takes long to load."""

    def __init__(self, summary: str, runs: str, configure: Callable[[ArgumentParser], None],
                 examples: tuple[str, ...]) -> None:
        self.summary, self.runs, self.configure, self.examples = summary, runs, configure, examples


def _voice(parser: ArgumentParser) -> None:
    parser.add_argument("--quiet", action="store_true", help="只说错误")


def _letters(parser: ArgumentParser, drafts: str) -> None:
    """Letters as drafts, or sent; `drafts` says what --eml does."""
    parser.add_argument("--eml", action="store_true", help=drafts)
    parser.add_argument("--send", action="store_true",
                        help="直接发邮件：TAIZHANG_SMTP_URL、TAIZHANG_MAIL_PASSWORD；断了再运行一次接着发，发过的不再发")
    parser.add_argument("--again", nargs="+", action="extend", default=[], metavar="名称",
                        help="和 --send 一起用：这几个股室（名称或代码）没有收到，发过也再发一次")
    parser.add_argument("--arrived", nargs="+", action="extend", default=[], metavar="名称",
                        help="和 --send 一起用：发到一半断了的，问过这几个股室，已经收到")


def _documents(parser: ArgumentParser) -> None:
    _voice(parser)
    parser.add_argument("--json", action="store_true", help="结果印成一个 JSON 文档")
    parser.add_argument("--ndjson", action="store_true", help="每个文件一行 JSON")


def _batch(parser: ArgumentParser, *, resumable: bool = True) -> None:
    """What every command takes that works on many files."""
    group = parser.add_argument_group("许多文件")
    group.add_argument("-j", "--jobs", type=int, default=0, metavar="N", help="同时用几个进程，默认看有几个处理器")
    group.add_argument("--timeout", type=float, default=300.0, metavar="秒",
                       help="一个文件最多做几秒，默认 300；0 不限")
    group.add_argument("--memory", type=int, default=2048, metavar="MB",
                       help="一个进程最多用多少内存，默认 2048；0 不限")
    group.add_argument("--manifest", metavar="记录.ndjson", help="每个文件的结果随做随记")
    parser.set_defaults(resume=False)
    if resumable:
        group.add_argument("--resume", action="store_true", help="接着上次做：做过、没有变、结果还在的跳过")
    group.add_argument("--scheduler", metavar="tcp://主机:端口",
                       help="交给 Dask 的几台机器做（pip install taizhang[dask]），各台机器用同样的路径共用文件夹")


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
    _documents(parser)
    _batch(parser)


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
    parser.add_argument("--classified", action="store_true",
                        help="台账填了密级、有“秘密★”一类标志也出报告；只在可以办理涉密内容的计算机上用")
    _documents(parser)
    _batch(parser)


def _lint(parser: ArgumentParser) -> None:
    parser.add_argument("reports", nargs="+", metavar="FILE", help="报告（.docx、.txt、.md），或装着报告的文件夹")
    parser.add_argument("--laws", metavar="BOOK.xlsx", help="本单位的台账：其中的“法规”表补充自带的法规名称表")
    _documents(parser)
    _batch(parser)


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


def _merge(parser: ArgumentParser) -> None:
    parser.add_argument("book", metavar="BOOK", help="主台账（xlsx、xlsm），或上一次合并的结果")
    parser.add_argument("--from", dest="source", required=True, metavar="DIR",
                        help="往来文件夹，或装着退回的表的文件夹")
    parser.add_argument("-o", "--output", required=True, metavar="OUT.xlsx", help="合并的结果写到哪里")
    parser.add_argument("--json", action="store_true", help="结果印成一个 JSON 文档：每一行的去处、冲突、平衡")
    parser.add_argument("-j", "--jobs", type=int, default=0, metavar="N",
                        help="退回的表很多时，同时用几个进程读，默认看有几个处理器")
    _letters(parser, "和 --send 一起用：退回信发了也出邮件草稿（不写 --send，本来就出草稿）")
    _voice(parser)


def _restore(parser: ArgumentParser) -> None:
    parser.add_argument("book", metavar="BOOK", help="台账文件（xlsx、xlsm、xls、ods）")
    parser.add_argument("-o", "--output", required=True, metavar="OUT.xlsx", help="写成哪个文件；原件不动")
    parser.add_argument("--json", action="store_true", help="结果印成一个 JSON 文档，每一格去了哪里都在里面")
    _voice(parser)


def _adopt(parser: ArgumentParser) -> None:
    parser.add_argument("book", metavar="FOREIGN", help="自己做的台账（xlsx、xlsm、xls、ods）")
    parser.add_argument("-o", "--output", required=True, metavar="BOOK.xlsx", help="写成哪个标准台账；原件不动")
    parser.add_argument("--map", metavar="MAP.toml",
                        help="对照表：哪一列放到哪里。还没有就先提一份，写到这里；默认 BOOK.对照.toml")
    parser.add_argument("--yes", action="store_true", help="对照表不看了，照程序提的直接转")
    parser.add_argument("--kind", metavar="报告类型", help="如：法治政府建设年度报告")
    parser.add_argument("--office", metavar="机关全称", help="如：临溪县民政局")
    parser.add_argument("--year", type=int, metavar="YYYY", help="报告年度")
    parser.add_argument("--json", action="store_true", help="结果印成一个 JSON 文档，每一格去了哪里都在里面")
    _voice(parser)


def _rollover(parser: ArgumentParser) -> None:
    parser.add_argument("book", metavar="BOOK", help="今年的台账")
    parser.add_argument("--year", required=True, type=int, metavar="YYYY", help="结转到哪一年，要是下一年")
    parser.add_argument("-o", "--output", required=True, metavar="OUT.xlsx", help="下一年的台账写到哪里；原来的不动")
    parser.add_argument("--plan", metavar="规划期名称", help="规划期到期了，新规划期叫什么；规划期的数重新起算")
    parser.add_argument("--plan-start", metavar="DATE", help="新规划期起，默认原规划期止的第二天")
    parser.add_argument("--plan-end", metavar="DATE", help="新规划期止")
    parser.add_argument("--json", action="store_true", help="结果印成一个 JSON 文档")
    _voice(parser)


def _addin(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="做什么", dest="action", required=True)
    about = "生成加载项 taizhang.xlam，不需要 Excel"
    build = actions.add_parser("build", help=about, description=about)
    build.add_argument("-o", "--output", metavar="OUT", help="默认 taizhang.xlam；加 --oxt 时默认 taizhang.oxt")
    build.add_argument("--oxt", action="store_true", help="改为生成 LibreOffice 的扩展，菜单和宏是同一套")
    build.add_argument("--python", metavar="PATH", help="运行台账程序的 python 的完整路径；默认是安装时的位置")
    _voice(build)
    about = "做离线安装包：拿到不联网的电脑上安装，不要管理员权限"
    _bundle(actions.add_parser("bundle", help=about, description=about))
    for name, about in (("install", "装到本机：加载项、桌面图标；再运行一次就是修复"),
                        ("uninstall", "卸掉装上的，别的不动"),
                        ("doctor", "环境检查：逐项说明本机能不能用，不行的怎么办")):
        action = actions.add_parser(name, help=about, description=about)
        if name == "doctor":
            action.add_argument("--json", action="store_true", help="结果印成一个 JSON 文档")
        _voice(action)


def _bundle(parser: ArgumentParser) -> None:
    parser.add_argument("-o", "--output", required=True, metavar="DIR", help="写到哪里：一个新文件夹，或 .zip 文件")
    parser.add_argument("--platform", nargs="+", choices=("win_amd64", "linux_x86_64"), metavar="SYSTEM",
                        default=["win_amd64", "linux_x86_64"], help="给哪种电脑：win_amd64、linux_x86_64；默认两种都带")
    parser.add_argument("--python", metavar="FILE", help="带上 Python 安装程序，如 python-3.12.8-amd64.exe")
    parser.add_argument("--python-version", nargs="+", default=[], metavar="3.12",
                        help="那些电脑上是哪几版 Python；默认和 --python 的一样，没有 --python 就和本机一样")
    parser.add_argument("--wheels", metavar="DIR", help="零件都在这个文件夹里，做安装包时也不联网")
    _voice(parser)


def _desk(parser: ArgumentParser) -> None:
    parser.add_argument("work", choices=("check", "report"), metavar="做什么", help="check 校验，report 生成报告")
    parser.add_argument("files", nargs="*", metavar="BOOK", help="台账，或装着台账的文件夹；不写就弹出窗口来选")


def _dispatch(parser: ArgumentParser) -> None:
    parser.add_argument("book", metavar="BOOK.xlsx", help="主台账")
    parser.add_argument("-o", "--output", required=True, metavar="DIR", help="往来文件夹，如：往来")
    parser.add_argument("--due", metavar="DATE", help="截止日期，如 2025-12-05")
    parser.add_argument("--office", nargs="+", metavar="名称", help="只下发给这几个股室（名称或代码）")
    _letters(parser, "每个股室生成一封邮件草稿（Outlook、Foxmail 双击打开）")
    parser.add_argument("--json", action="store_true", help="结果印成一个 JSON 文档")
    _voice(parser)


def _collect(parser: ArgumentParser) -> None:
    parser.add_argument("sources", nargs="*", metavar="SOURCE",
                        help="收哪里的：文件、文件夹、邮件（.eml、.msg）、邮箱（mbox、Maildir）、压缩包（.zip）；"
                             "写 imap 收服务器上的邮箱：TAIZHANG_IMAP_URL、TAIZHANG_MAIL_PASSWORD")
    parser.add_argument("--to", required=True, metavar="DIR", help="往来文件夹，如：往来")
    parser.add_argument("--since", metavar="DATE", help="和 imap 一起用：只收这一天以来的信，如 2025-11-05")
    parser.add_argument("--accept", nargs="+", action="extend", default=[], metavar="ID",
                        help="搁置的台账核实过了，准收；编号看 collect 列出的")
    parser.add_argument("--json", action="store_true", help="结果印成一个 JSON 文档")
    _voice(parser)


def _status(parser: ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR", help="往来文件夹")
    parser.add_argument("--json", action="store_true", help="结果印成一个 JSON 文档")
    _voice(parser)


def _rollup(parser: ArgumentParser) -> None:
    parser.add_argument("books", nargs="+", metavar="BOOK", help="各单位的台账，或装着台账的文件夹")
    parser.add_argument("-o", "--output", required=True, metavar="OUT", help="汇总写到哪里：.xlsx 或 .parquet")
    parser.add_argument("--decided", metavar="OUT.xlsx", help="上次的汇总，“待定重复”里的“决定”已经填好")
    parser.add_argument("--json", action="store_true", help="结果印成一个 JSON 文档")
    _voice(parser)
    _batch(parser, resumable=False)


def _remind(parser: ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR", help="往来文件夹")
    parser.add_argument("--book", metavar="BOOK", help="台账：再出逾期任务的督办单、快到期任务的提示单")
    parser.add_argument("--within", type=int, default=10, metavar="N", help="几个工作日内到期的任务出提示单，默认 10")
    _letters(parser, "和 --send 一起用：发了也出邮件草稿（不写 --send，本来就出草稿）")
    parser.add_argument("--json", action="store_true", help="结果印成一个 JSON 文档")
    _voice(parser)


def _confirm(parser: ArgumentParser) -> None:
    parser.add_argument("book", metavar="BOOK", help="台账")
    parser.add_argument("-o", "--output", required=True, metavar="DIR", help="确认单和确认记录放在哪个文件夹")
    parser.add_argument("--signed", action="append", default=[], metavar="股室",
                        help="这个股室已经签回，按上次印的记作已确认；写名称或代码，可以写几次")
    parser.add_argument("--template", metavar="PATH", help="报告用的是自己的模板文件夹")
    parser.add_argument("--json", action="store_true", help="结果印成一个 JSON 文档")
    _voice(parser)


def _sbom(parser: ArgumentParser) -> None:
    parser.add_argument("-o", "--output", metavar="OUT.json", help="写成文件；默认印到屏幕")
    parser.add_argument("--list", action="store_true", help="只印软件、版本、许可证，一行一个")
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
                        "taizhang convert 各局台账/ -o 各局报告/ --format docx -j 2",
                        "taizhang convert 各局台账/ -o 各局报告/ --resume    中断了接着做，只做没做过的、变了的")),
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
    "adopt": Command("自己做的台账转成标准台账：先提对照表，人看过再转，一格不少", "scripts.adopt:run", _adopt,
                     ("taizhang adopt 自己的台账.xlsx -o 台账.xlsx    先提对照表：台账.对照.toml",
                      "taizhang adopt 自己的台账.xlsx -o 台账.xlsx --map 台账.对照.toml    看过、改好以后",
                      "taizhang adopt 自己的台账.xls -o 台账.xlsx --kind 通用报告 --office 临溪县民政局 --year 2025")),
    "merge": Command("退回的表合并进主台账：逐行逐格比，冲突留给人裁决，一行不少", "scripts.merge:run", _merge,
                     ("taizhang merge 台账.xlsx --from 往来 -o 合并.xlsx",
                      "taizhang merge 合并.xlsx --from 往来 -o 合并.xlsx    在“冲突裁决”里填好以后，或又收到新的",
                      "taizhang merge 台账.xlsx --from 往来 -o 合并.xlsx --send    有错误的表，退回信直接发邮件",
                      "taizhang merge 台账.xlsx --from 退回的表/ -o 合并.xlsx --json")),
    "repair": Command("修复弄坏的台账：换成干净的模板，数据一格不少", "scripts.restore:repair", _restore,
                      ("taizhang repair 台账.xlsx -o 修好的台账.xlsx",
                       "taizhang repair 台账.xlsx -o 修好的台账.xlsx --json    每一格去了哪里")),
    "upgrade": Command("旧版的台账升级到现在的版本", "scripts.restore:upgrade", _restore,
                       ("taizhang upgrade 旧台账.xlsx -o 新台账.xlsx",)),
    "rollover": Command("下一年的台账：没办完的任务、基数、上年值带过去，办完的留下", "scripts.rollover:run", _rollover,
                        ("taizhang rollover 2024年台账.xlsx --year 2025 -o 2025年台账.xlsx",
                         "taizhang rollover 2025年台账.xlsx --year 2026 -o 2026年台账.xlsx --plan “九五”普法")),
    "addin": Command("Excel 和 WPS 里的“台账”选项卡（加载项）", "scripts.addin:run", _addin,
                     ("taizhang addin install    装加载项和桌面图标；出了问题再运行一次",
                       "taizhang addin doctor    环境检查", "taizhang addin build -o taizhang.xlam")),
    "desk": Command("桌面图标“校验台账”“生成报告”做的事：结果写在台账旁边并打开", "scripts.desk:run", _desk,
                    ("taizhang desk check 台账.xlsx", "taizhang desk report 甲局.xlsx 乙局.xlsx")),
    "dispatch": Command("把台账拆成每个股室一本下发，每行有编号，收回来认得", "scripts.exchange_dispatch:run",
                        _dispatch,
                        ("taizhang dispatch 台账.xlsx -o 往来 --due 2025-12-05",
                         "taizhang dispatch 台账.xlsx -o 往来 --due 2025-12-05 --eml    再出邮件草稿",
                         "taizhang dispatch 台账.xlsx -o 往来 --send    直接发邮件",
                         "taizhang dispatch 台账.xlsx -o 往来 --office 办公室")),
    "status": Command("下发以后：谁还没交、谁交了、谁逾期", "scripts.exchange_status:run", _status,
                      ("taizhang status 往来",)),
    "remind": Command("催报：给还没交的股室写催报函和邮件草稿，按工作日算逾期", "scripts.exchange_remind:run", _remind,
                      ("taizhang remind 往来", "taizhang remind 往来 --book 台账.xlsx    再出督办单、提示单",
                       "taizhang remind 往来 --send    直接发邮件，一个股室一天只发一次")),
    "collect": Command("收退回的台账：邮件、文件夹、压缩包里的，逐件登记，原件留底", "scripts.collect:run", _collect,
                       ("taizhang collect 收件箱/ --to 往来", "taizhang collect 邮件.eml 退回.zip --to 往来 --json",
                        "taizhang collect imap --to 往来    只读，不改邮箱里的任何东西",
                        "taizhang collect --to 往来 --accept 3f2a9c0d1e4b5a67    核实过的，准收")),
    "rollup": Command("各单位的台账汇总成一张表：分单位、合计、去重后", "scripts.rollup:run", _rollup,
                      ("taizhang rollup 各局台账/ -o 汇总.xlsx",
                       "taizhang rollup 各局台账/ -o 新汇总.xlsx --decided 汇总.xlsx    “决定”填好以后",
                       "taizhang rollup 甲局.xlsx 乙局.xlsx -o 汇总.parquet")),
    "confirm": Command("数据确认单：每个股室一张，逐个数核对、签名", "scripts.confirm:run", _confirm,
                       ("taizhang confirm 台账.xlsx -o 确认单",
                        "taizhang confirm 台账.xlsx -o 确认单 --signed 办公室    办公室签回了")),
    "sbom": Command("用到的软件和许可证（CycloneDX 清单），给管软件资产的人；不联网", "scripts.sbom:run", _sbom,
                    ("taizhang sbom -o 软件清单.json", "taizhang sbom --list    只看许可证")),
}
