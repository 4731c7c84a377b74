"""Text on a terminal: columns, line breaks, what is left out, colours."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.terminal import Screen, clean, screen, table
from workbook.console import takes_colour

WORDS = st.text(st.sampled_from("台账报告，。、”）《abc 12-"), max_size=60)


class Terminal(io.StringIO):
    encoding = "utf-8"  # type: ignore[assignment]

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("text", "wide", "columns"), [
    ("abc", False, 3), ("台账", False, 4), ("“台账”", False, 6), ("“台账”", True, 8),
    ("e\u0301", False, 1), ("１", False, 2),
])
def test_columns_of_a_text(text: str, wide: bool, columns: int) -> None:
    assert Screen(wide=wide).width(text) == columns


@given(WORDS, st.integers(4, 40))
def test_a_fitted_text_is_exactly_so_wide(text: str, columns: int) -> None:
    fitted = Screen().fit(text, columns)
    assert Screen().width(fitted) == columns
    assert fitted.rstrip() == text.rstrip() or "…" in fitted


def test_a_marked_cell_stays_marked_when_it_is_cut() -> None:
    assert Screen().fit("【很长很长的内容】", 10).rstrip() == "【很长…】"


def test_the_end_of_a_path_says_more_than_its_beginning() -> None:
    assert Screen().cut_front("/很长的/文件夹/台账.xlsx", 12) == "…/台账.xlsx"


@given(WORDS)
def test_wrapping_loses_nothing_and_fits(text: str) -> None:
    where = Screen(40)
    lines = list(where.wrap(text, "  ", "    "))
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(where.width(line) <= 40 or " " not in line.strip() for line in lines)


def test_no_line_begins_with_a_closing_mark() -> None:
    lines = list(Screen(40).wrap("一二三四五六七八九十" * 2 + "，" + "一二三四五六七八九十", "", ""))
    assert all(line[0] not in "，。、" for line in lines)


def test_cells_of_a_table_stand_under_each_other() -> None:
    rows = table(Screen(), [("A", "J"), ("编号", "完成时限"), ("R01", "【明年】")], 40)
    assert {tuple(map(Screen().width, row)) for row in rows} == {(4, 8)}


def test_a_table_never_needs_more_room_than_there_is() -> None:
    rows = table(Screen(), [tuple("甲" * 30 for _ in range(6))], 70)
    assert sum(map(Screen().width, rows[0])) + 10 <= 70


def test_what_steers_a_terminal_is_left_out() -> None:
    assert clean("甲\x1b[31m乙\x07\u202e丙\r\n丁") == "甲[31m乙丙  丁"


def test_colour_only_on_a_terminal_that_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.name", "posix")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert takes_colour(Terminal())
    assert not takes_colour(io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not takes_colour(Terminal())


def test_an_old_windows_console_gets_no_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "WT_SESSION", "ANSICON", "ConEmuANSI", "TERM_PROGRAM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("workbook.console.os.name", "nt")
    coloured = [takes_colour(Terminal())]
    monkeypatch.setenv("WT_SESSION", "1")
    coloured.append(takes_colour(Terminal()))
    monkeypatch.setattr("workbook.console.os.name", "posix")
    assert coloured == [False, True]


def test_code_page_936_draws_quotes_two_columns_wide() -> None:
    class Pipe(io.StringIO):
        encoding = "cp936"  # type: ignore[assignment]

    assert screen(Pipe()).wide
    assert not screen(Terminal()).wide


def test_every_mark_of_ours_exists_in_code_page_936() -> None:
    "■【】…→　“”、—".encode("cp936")
