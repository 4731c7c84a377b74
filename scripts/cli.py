"""`taizhang`: arguments -> one function -> exit code.

Only argparse is loaded before a command is known, so that help is quick.
Exit codes: 0 done; 1 something to settle; 2 unusable input or usage; 3 our fault.
"""

from __future__ import annotations

import argparse
import errno
import gc
import os
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress

from scripts.arguments import COMMANDS
from workbook.console import columns, prepare_console, restart_in_utf8

OK, TO_SETTLE, UNUSABLE, OUR_FAULT, INTERRUPTED = 0, 1, 2, 3, 130
PROGRAM = "taizhang"
COLLECT_AFTER = 100_000
PLAIN_COLUMNS = 80
argparse._ = str  # type: ignore[attr-defined]  # else it asks the system's catalogues, heading by heading
_NO_ROOM_TO_PRINT = (errno.ENOSPC, errno.EIO, errno.EBADF, errno.EFBIG)

_ENGLISH = (
    (r"the following arguments are required: (.+)", r"缺少参数：\1"),
    (r"unrecognized arguments: (.+)", r"不认识的参数：\1"),
    (r"argument (\S+): invalid choice: (.+?) \(choose from (.+)\)", r"参数 \1 不能是 \2，可以是：\3"),
    (r"argument (.+): expected one argument", r"参数 \1 后面要有一个值"),
    (r"argument (.+): expected at least one argument", r"参数 \1 后面要有值"),
    (r"argument (.+): invalid int value: (.+)", r"参数 \1 要是整数，不能是 \2"),
    (r"argument (.+): not allowed with argument (.+)", r"参数 \1 和 \2 不能一起用"),
)
_HEADINGS = (("usage: ", "用法："), ("positional arguments:", "参数："), ("options:", "选项："))


class Layout(argparse.RawDescriptionHelpFormatter):
    """Help as wide as the terminal."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=columns(PLAIN_COLUMNS) - 2)


class Parser(argparse.ArgumentParser):
    """argparse that speaks to a clerk."""

    def __init__(self, **settings: object) -> None:
        settings.setdefault("formatter_class", Layout)
        super().__init__(add_help=False, allow_abbrev=False, **settings)  # type: ignore[arg-type]
        self.add_argument("-h", "--help", action="help", help="显示这段说明")

    def format_help(self) -> str:
        return _translate(super().format_help())

    def format_usage(self) -> str:
        return _translate(super().format_usage())

    def error(self, message: str) -> None:  # type: ignore[override]
        for pattern, chinese in _ENGLISH:
            message = re.sub(f"^{pattern}$", chinese, message)
        self.exit(UNUSABLE, f"{message}。用 {self.prog} --help 看用法。\n")


def _translate(text: str) -> str:
    for english, chinese in _HEADINGS:
        text = text.replace(english, chinese)
    return text


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; without arguments, those of the process, which then ends."""
    _speak_utf8(restart=arguments is None)
    code = _answered(list(sys.argv[1:] if arguments is None else arguments))
    if arguments is None:
        _stop_listening()
    return code


def _answered(given: Sequence[str]) -> int:
    try:
        options = build_parser(given).parse_args(given)
        run: Callable[[argparse.Namespace], int] = options.run
        code = run(options)
        if sys.stdout is not None:  # pythonw.exe has no console
            sys.stdout.flush()
        return code
    except BrokenPipeError:
        return _nobody_reads()
    except KeyboardInterrupt as stop:
        return _said(str(stop) or "已中断，没有留下写到一半的文件；再运行一次同样的命令即可。", INTERRUPTED)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else UNUSABLE
    except Exception as error:
        return _explain(error)


def _stop_listening() -> None:
    """Everything is done and said: Ctrl-C while Python puts itself away would make a finished command look killed."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _nobody_reads() -> int:
    """The program behind a pipe has read enough (taizhang check … | head): nothing more to say, nothing went wrong."""
    _silence(sys.stdout.fileno)
    return OK


def _silence(descriptor: Callable[[], int]) -> None:
    """What is still to be written to a stream that takes nothing is dropped, or Python ends with a code of its own."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor())


def _explain(error: Exception) -> int:
    from scripts.common import printed
    from workbook.findings import Refusal

    if isinstance(error, Refusal):
        return _said(printed(str(error)), UNUSABLE)
    if isinstance(error, OSError) and error.filename is None and error.errno in _NO_ROOM_TO_PRINT:
        return _not_printed(error)
    if os.environ.get("TAIZHANG_DEBUG"):
        raise error
    where = error.__traceback__
    while where and where.tb_next:
        where = where.tb_next
    place = f"{os.path.basename(where.tb_frame.f_code.co_filename)}:{where.tb_lineno}" if where else ""
    fault = f"{type(error).__name__}（{place}）：{error}"
    return _said(f"程序出错，不是您的问题：{printed(fault)}。请把这句话和文件发给维护人员。", OUR_FAULT)


def _not_printed(error: OSError) -> int:
    """What is printed goes nowhere (taizhang check … > a full disk)."""
    _silence(sys.stdout.fileno)
    return _said(f"结果印不出来，接收输出的文件或设备写不进去（{error.strerror}）。请换个地方接收。", UNUSABLE)


def _said(text: str, code: int) -> int:
    """A sentence on stderr, if that takes any, and the exit code."""
    try:
        print(text, file=sys.stderr, flush=True)
    except (OSError, ValueError):
        _silence(sys.stderr.fileno)
    return code


def _speak_utf8(*, restart: bool) -> None:
    if restart:
        restart_in_utf8()
    prepare_console()


def build_parser(given: Sequence[str]) -> Parser:
    """The parser; only the command that is named builds its options."""
    parser = Parser(prog=PROGRAM, description="台账变报告：校验台账、生成公文、收发合并，不需要 Excel。",
                    epilog="先试试：taizhang demo    看一条命令的用法：taizhang convert --help")
    parser.add_argument("--version", action="store_true", help="显示版本")
    parser.set_defaults(run=lambda options: _version() if options.version else _help(parser))
    commands = parser.add_subparsers(metavar="命令", prog=PROGRAM, parser_class=Parser)
    named = next((word for word in given if not word.startswith("-")), "")
    for name, command in COMMANDS.items():
        sub = commands.add_parser(name, help=command.summary, description=command.summary)
        if name == named:
            command.configure(sub)
            sub.epilog = "\n".join(("例：", *(f"  {example}" for example in command.examples)))
            sub.set_defaults(run=lambda options, runs=command.runs: _run(runs, options))
    return parser


def _run(place: str, options: argparse.Namespace) -> int:
    from importlib import import_module

    module, _, function = place.partition(":")
    gc.set_threshold(COLLECT_AFTER)  # one command makes little garbage; looking for it often costs a tenth of its time
    run: Callable[[argparse.Namespace], int] = getattr(import_module(module), function)
    return run(options)


def _help(parser: Parser) -> int:
    parser.print_help()
    return OK


def _version() -> int:
    from importlib.metadata import version

    print(f"{PROGRAM} {version(PROGRAM)}")
    return OK


if __name__ == "__main__":
    sys.exit(main())
