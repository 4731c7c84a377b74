"""The two desktop icons: a workbook dropped on one is checked or becomes its report, without a console.

Results stand beside the workbook and are opened; what a clerk must know comes in one message.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from workbook.findings import Finding, Refusal, Severity

TITLES = {"check": "校验台账", "report": "生成报告"}
HINT = "请把台账（Excel 文件）拖到“{title}”这个图标上，一次可以拖几本。"
MARKED, LISTED, LISTED_MANY, DRAFT = ".标注", ".问题清单.html", "校验清单.html", ".草稿"
SHOWN = 8


class Done(NamedTuple):
    """What is said, what is opened, and the exit code."""

    said: str
    opened: tuple[Path, ...] = ()
    code: int = 0


def run(options: Namespace) -> int:
    """Do it, tell it, open what came of it; a chooser asks where no file was given."""
    done = _guarded(options.work, options.files)
    if done.said:
        _tell(done.said, TITLES[options.work])
    return done.code


def _guarded(work: str, files: Sequence[str]) -> Done:
    """A fault is a sentence too; nothing is opened then."""
    from workbook.desktop import open_file

    try:
        done = _done(work, files or _chosen(work))
    except Refusal as why:
        return Done(str(why), code=2)
    except Exception as error:
        return Done(f"程序出错，不是您的问题：{type(error).__name__}：{error}。请把这句话和文件发给维护人员。", code=3)
    unopened = [str(path) for path in done.opened if not open_file(path)]
    return done._replace(said=f"{done.said}\n请打开：{'、'.join(unopened)}") if unopened else done


def _chosen(work: str) -> list[str]:
    """The files a clerk points at; raises Refusal with a hint where this desktop cannot ask."""
    from workbook.desktop import choose_files

    chosen = choose_files(f"{TITLES[work]}：请选台账")
    if chosen is None:
        raise Refusal(HINT.format(title=TITLES[work]))
    return chosen


def _done(work: str, files: Sequence[str]) -> Done:
    from scripts.common import inputs

    found = [path.absolute() for path, _ in inputs(files)] if files else []
    if not found:
        return Done("")
    return {"check": check, "report": report}[work](found)


def check(books: Sequence[Path]) -> Done:
    """Marked copies beside the workbooks and one page of all findings, which is opened."""
    from scripts.check_one import Order, check_one
    from scripts.check_page import part_of, write_page

    checked = [check_one(Order(str(book), marked=_copy(book), page=True)) for book in books]
    lines = [one.refusal or f"{Path(one.file).name}：{_counts(one.findings)}" for one in checked]
    opened: tuple[Path, ...] = ()
    if any(not one.refusal for one in checked):
        page = books[0].with_name(f"{books[0].stem}{LISTED}" if len(books) == 1 else LISTED_MANY)
        write_page([part_of(one) for one in checked], str(page))
        opened = (page,)
        copies = [Path(one.marked).name for one in checked if one.marked]
        lines.append(f"清单：{page}")
        if copies:
            lines.append(f"标出来的副本：{'、'.join(copies)}。改还是在原来的台账里改。")
    return Done("\n".join(_clipped(lines)), opened, max(one.code(strict=False) for one in checked))


def _copy(book: Path) -> str:
    """Where the marked copy goes; only the newer formats can be marked."""
    return str(book.with_stem(f"{book.stem}{MARKED}")) if book.suffix.lower() in (".xlsx", ".xlsm") else ""


def report(books: Sequence[Path]) -> Done:
    """A report beside each workbook, a draft where something is missing; each is opened."""
    from scripts.convert import Order, outcome_of

    lines, opened, codes = [], [], []
    for book in books:
        final = book.with_suffix(".docx")
        done = outcome_of(Order(str(book), str(final), "docx", keep=True))
        if done.status == "refused":
            draft = final.with_stem(f"{final.stem}{DRAFT}")
            done = outcome_of(Order(str(book), str(draft), "docx", draft=True, keep=True))
        lines += _about(done.message, done.output, done.status, done.missing, done.findings)
        opened += [Path(done.output)] if done.output and not done.message else []
        codes.append(done.code)
    return Done("\n".join(_clipped(lines)), tuple(opened), max(codes))


def _about(message: str, output: str, status: str, missing: Iterable[str], findings: Iterable[Finding]) -> list[str]:
    if message:
        return [message]
    if status == "ok":
        return [f"报告：{output}"]
    gaps = [*missing, *(f"{one.where}：{one.message}" for one in findings if one.blocks)]
    return [f"还不能出正式稿，先出了草稿：{output}", *gaps]


def _counts(findings: Iterable[Finding]) -> str:
    levels = [one.severity for one in findings if one.open]
    errors, warnings = levels.count(Severity.ERROR), levels.count(Severity.WARNING)
    return f"错误 {errors} 处，提醒 {warnings} 处" if errors or warnings else "没有问题"


def _clipped(lines: Sequence[str]) -> list[str]:
    return [*lines[:SHOWN], f"……共 {len(lines)} 条。"] if len(lines) > SHOWN else list(lines)


def _tell(text: str, title: str) -> None:
    """On the terminal it was started from; where there is none, in a message box."""
    if sys.stdout is not None and sys.stdout.isatty():
        print(text)
        return
    from workbook.desktop import show

    show(text, title)


if __name__ == "__main__":
    from scripts.cli import main

    sys.exit(main(["desk", *sys.argv[1:]]))
