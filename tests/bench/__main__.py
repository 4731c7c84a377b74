"""How much CPU and memory the program needs beside what others would need, as a Markdown table.

    uv run python -m tests.bench                 all but the large ledger, a few minutes
    uv run python -m tests.bench --large         with the large ledger (10k tasks, 200k events)
    uv run python -m tests.bench cold help       only these
    uv run python -m tests.bench --rounds 21     more rounds, steadier ratios
    uv run python -m tests.bench --markdown FILE write the table into a file too
    uv run python -m tests.bench rules           what each rule costs on M, dearest first; --large: on L; --small: on S
    uv run python -m tests.bench many            200 and 1,000 ledgers in one command; --large: 10,000 too
    uv run python -m tests.bench fleet           1,000 returns merged into one master; --large: 5,000 too
    uv run python -m tests.bench live            a click on 校验 in a running Calc; --small: on S alone

naive: pandas, openpyxl, docxtpl; peer: the quickest use of the usual libraries; limit: what
cannot be undercut (calamine and bytes, or a bare Python). Whole processes, their CPU by
os.wait4 (POSIX only), in alternation; each cell is a median in seconds and the peak memory,
each ratio the median of the ratios of single rounds. Goals are printed, never asserted:
figures of one machine and one hour do not make a test.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.bench.by_rule import table
from tests.bench.measure import Command, Summary, alternate, run

STACKS = ("naive", "peer", "limit", "ours")
HERE = Path(__file__).parent
INSIDE = (sys.executable, "-m", "tests.bench.inside")


@dataclass(frozen=True, slots=True)
class Case:
    """One row of the table: a command per stack, and what ours should stay below."""

    name: str
    work: str
    commands: Mapping[str, Command]
    goal: str
    large: bool = False
    codes: tuple[int, ...] = (0,)


def cases(folder: Path) -> Iterator[Case]:
    """Every case over the prepared files of `folder`."""
    template, out = str(folder / "template.docx"), str(folder / "out")
    yield Case("cold", "cold convert S → docx", _cold(folder), "≤ 0.20 naive, ≤ 0.5 peer")
    bare = (sys.executable, "-c", "pass")
    for name, argument, code in (("help", "--help", 0), ("usage", "convert", 2)):
        commands = {"limit": bare, "ours": (*_program(), argument)}
        yield Case(name, f"taizhang {argument}, exit code {code}", commands, "≤ 3.5 limit", codes=(0, code))
    macro = (sys.executable, "-I", "-c", "from addin import macros, sheet; sheet.engine()")
    yield Case("macro", "import path of a macro", {"limit": bare, "ours": macro}, "≤ 0.15 s")
    yield Case("batch", "batch, warm, per report",
               _inside("batch", STACKS, str(folder / "fleet"), out, template), "≤ 0.008 s")
    yield Case("paragraphs", "5,000 paragraphs, warm", _inside("paragraphs", STACKS, template), "≤ 0.120 s")
    for size in "SM":
        yield Case(f"write{size}", f"write {size}", _inside("write", ("naive", "peer", "ours"), size), "–")
    yield Case("readM", "read M", _inside("read", STACKS, str(folder / "M.xlsx")), "≤ 1.3 limit")
    yield Case("markM", "200 findings put into M, warm (naive: listed only)",
               _inside("mark", ("naive", "ours"), str(folder / "M.xlsx")), "≤ 0.1 s")
    yield from _merges(folder)
    yield from _checks(folder)
    yield Case("readL", "read L", _inside("read", STACKS, str(folder / "L.xlsx")), "≤ 1.3 limit", large=True)


def _merges(folder: Path) -> Iterator[Case]:
    """Returns of many offices into one master (tests.bench.merging): ours compares, checks and remembers besides."""
    for name, number, large in (("merge", 20, False), ("mergeL", 200, True)):
        place = folder / f"merge{number}"
        script = (sys.executable, "-m", "tests.bench.merging")
        ours = (*_program(), "merge", str(place / "台账.xlsx"), "--from", str(place / "退回的表"), "-o",
                str(place / "合并.xlsx"), "--quiet")
        commands = {"naive": (*script, "naive", str(place)), "peer": (*script, "peer", str(place)), "ours": ours}
        yield Case(name, f"merge {number} returns of 482 new rows", commands, "≤ 0.07 naive; ≤ 200 MB", large=large,
                   codes=(0, 1))


def _checks(folder: Path) -> Iterator[Case]:
    """Checking: small beside converting, large beside pandas with a quarter of the rules on one sheet."""
    convert = (*_program(), "convert", str(folder / "S.xlsx"), "-o", str(folder / "out" / "S.docx"), "--draft")
    yield Case("checkS", "cold check S (peer: our convert S)",
               {"peer": convert, "ours": (*_program(), "check", str(folder / "S.xlsx"))}, "≤ 1 peer", codes=(0, 1))
    untraced = (sys.executable, "-m", "tests.bench.untraced", *convert[len(_program()):])
    traced = (sys.executable, "-m", "scripts.cli", *convert[len(_program()):])
    yield Case("traced", "convert S (peer: the same without provenance)", {"peer": untraced, "ours": traced},
               "≤ 1.18 peer (15 % of the whole)", codes=(0, 1))
    yield Case("gateS", "errors only, S, warm", _inside("gate", ("ours",), "S"), "–")
    for size in "ML":
        pandas = {"peer": (*INSIDE, "check", "pandas", size, "frame", "rules"),
                  "limit": (*INSIDE, "check", "pandas", size, "rules")}
        work = f"check {size}, cells read (peer: pandas, 25 rules on 活动; limit: without making its DataFrame)"
        commands = {**pandas, "ours": (*INSIDE, "check", "ours", size)}
        yield Case(f"check{size}", work, commands, "≤ 1 peer, ≤ 700 MB", large=size == "L")
    whole = (*_program(), "check", str(folder / "L.xlsx"))
    yield Case("checkfileL", "taizhang check L.xlsx", {"ours": whole}, "≤ 700 MB", large=True, codes=(0, 1))


def _cold(folder: Path) -> dict[str, Command]:
    book, out = str(folder / "S.xlsx"), folder / "out"
    scripts = {name: (sys.executable, str(HERE / f"{name}.py"), book, str(out / f"{name}.docx"),
                      str(folder / "template.docx")) for name in STACKS[:-1]}
    return {**scripts, "ours": (*_program(), "convert", book, "-o", str(out / "ours.docx"))}


def _inside(work: str, stacks: tuple[str, ...], *arguments: str) -> dict[str, Command]:
    return {stack: (*INSIDE, work, stack, *arguments) for stack in stacks}


def _program() -> Command:
    """The installed command."""
    return (str(Path(sys.executable).with_name("taizhang")),)


def row(case: Case, measured: Mapping[str, Summary]) -> str:
    """One line of the table."""
    cells = [_cell(measured.get(stack)) for stack in STACKS]
    ratios = ", ".join(f"{ratio:.2f} {stack}" for stack, ratio in measured["ours"].ratios.items())
    return f"| {case.work} | {' | '.join(cells)} | {ratios} | {case.goal} |"


def _cell(one: Summary | None) -> str:
    return f"{one.cpu:.4f} s, {one.memory:.0f} MB" if one else "–"


def _keep_bytecode(folder: Path) -> None:
    """Let every stack find its modules compiled, as after the first run on a user's machine."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="CASE", help="only these cases")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--large", action="store_true", help="the large ledger too")
    parser.add_argument("--small", action="store_true", help="rules: the small ledger")
    parser.add_argument("--markdown", metavar="FILE", help="write the table into a file too")
    options = parser.parse_args()
    told = []
    with tempfile.TemporaryDirectory() as name:
        for line in _lines(options, parser, Path(name)):
            print(line, flush=True)
            told.append(f"{line}\n")
    if options.markdown:
        Path(options.markdown).write_text("".join(told), "utf-8")


def _lines(options: argparse.Namespace, parser: argparse.ArgumentParser, folder: Path) -> Iterator[str]:
    """The table that was asked for, line by line."""
    _keep_bytecode(folder)
    if options.names == ["live"]:
        from tests.bench.live import lines

        yield from lines("S" if options.small else "SM")
    elif options.names == ["rules"]:
        yield table("L" if options.large else "S" if options.small else "M")
    elif options.names == ["fleet"]:
        from tests.bench import fleet

        yield from fleet.lines(folder, large=options.large)
    elif options.names == ["many"]:
        from tests.bench import many

        yield from many.lines(large=options.large)
    else:
        yield from _compared(options, parser, folder)


def _compared(options: argparse.Namespace, parser: argparse.ArgumentParser, folder: Path) -> Iterator[str]:
    wanted = [case for case in cases(folder)
              if (case.name in options.names if options.names else options.large or not case.large)]
    if unknown := set(options.names) - {case.name for case in wanted}:
        parser.error(f"{', '.join(sorted(unknown))}: only {', '.join(case.name for case in cases(folder))}")
    if any(str(folder) in word for case in wanted for command in case.commands.values() for word in command):
        large = ["large"] if any(case.large for case in wanted) else []
        run((sys.executable, "-m", "tests.bench.prepare", str(folder), *large))
    for number in {20 for one in wanted if one.name == "merge"} | {200 for one in wanted if one.name == "mergeL"}:
        run((sys.executable, "-m", "tests.bench.merging", "prepare", str(folder / f"merge{number}"), str(number)))
    yield "| work | naive | peer | limit | ours | ratio | goal |\n|---|---|---|---|---|---|---|"
    for case in wanted:
        yield row(case, alternate(case.commands, 3 if case.large else options.rounds, case.codes))


if __name__ == "__main__":
    main()
