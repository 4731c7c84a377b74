"""One table of buttons: what the ribbon shows, what the VBA lets through, what the command line does too."""

from __future__ import annotations

import re
import shlex
from argparse import Namespace
from inspect import signature
from pathlib import Path

import pytest
from lxml import etree

from addin import buttons, macros
from addin.build.ribbon import CALLBACK, FORMS, TAB, ribbon
from addin.build.source import module_source
from addin.buttons import BUTTONS, Button, working
from scripts.arguments import COMMANDS
from scripts.cli import build_parser

WITHOUT_TWIN = {"previous_finding", "next_finding", "help_page"}
GIVEN = {"new": "--kind 通用报告 --office 甲局 --year 2025", "check": "甲.xlsx", "convert": "甲.xlsx -o 甲.docx",
         "trace": "甲.xlsx", "dispatch": "甲.xlsx -o 往来", "merge": "甲.xlsx --from 往来 -o 合并.xlsx",
         "rollover": "甲.xlsx --year 2026 -o 乙.xlsx"}


def parts(shown: tuple[Button, ...] = BUTTONS) -> list[etree._Element]:
    return [etree.fromstring(ribbon(shown, namespace)) for namespace in FORMS.values()]


def drawn(root: etree._Element) -> list[dict[str, str]]:
    return [dict(one.attrib) for one in root.iter(f"{{{root.nsmap[None]}}}button")]


def test_both_forms_of_the_ribbon_show_the_whole_table() -> None:
    table = [(one.macro, one.label, one.icon, one.keytip, one.tip) for one in BUTTONS]
    for root in parts():
        assert [(b["tag"], b["label"], b["imageMso"], b["keytip"], b["supertip"]) for b in drawn(root)] == table


def test_the_two_forms_differ_in_their_namespace_alone() -> None:
    old, new = (ribbon(BUTTONS, namespace) for namespace in FORMS.values())
    assert old.replace(b"2006/01", b"2009/07") == new


def test_ids_keytips_labels_and_macros_are_unique() -> None:
    for root in parts():
        ids = [one.get("id") for one in root.iter() if one.get("id")]
        assert len(ids) == len(set(ids)) > len(BUTTONS)
        assert TAB in ids
    for field in ("macro", "label", "icon", "keytip"):
        values = [getattr(one, field) for one in BUTTONS]
        assert len(values) == len(set(values)), field


def test_keytips_are_what_excel_accepts() -> None:
    assert all(re.fullmatch("[A-Z][A-Z0-9]{0,2}", one.keytip) for one in BUTTONS)


def test_tips_fit_a_screentip() -> None:
    """customUI allows a supertip of 1024 characters and a label, a tag of 1024; a clerk reads one sentence."""
    assert all(one.tip.endswith("。") and len(one.tip) <= 40 and len(one.label) <= 6 for one in BUTTONS)


def test_every_button_calls_the_one_callback() -> None:
    assert {one["onAction"] for root in parts() for one in drawn(root)} == {CALLBACK}


def test_every_tag_is_let_through_by_the_vba_and_nothing_else() -> None:
    cases = re.findall(r"Case (\".*\")\r\n {12}TzAction = Tag", module_source(BUTTONS))
    assert [re.findall('"(.*?)"', one) for one in cases] == [[one.macro for one in BUTTONS]]


def test_every_button_but_navigation_and_help_names_a_command() -> None:
    assert {one.macro for one in BUTTONS if not one.twin} == WITHOUT_TWIN


@pytest.mark.parametrize("button", [one for one in working() if one.twin], ids=lambda one: one.label)
def test_the_command_twin_of_a_shown_button_is_understood(button: Button) -> None:
    command, *rest = button.twin.split()
    assert command in COMMANDS
    given = [command, *rest, *shlex.split(GIVEN.get(command, ""))]
    told = build_parser(given).parse_args(given)
    assert isinstance(told, Namespace)
    assert all(getattr(told, word.removeprefix("--"), None) is True for word in rest if word.startswith("--"))


def test_a_shown_button_is_a_macro_without_arguments() -> None:
    taken = [signature(getattr(macros, one.macro), follow_wrapped=False).parameters for one in working()]
    assert taken
    assert not any(taken)


def test_a_public_macro_has_a_button() -> None:
    own = {name for name, one in vars(macros).items() if getattr(one, "__module__", "") == macros.__name__
           and not name.startswith("_")}
    assert own == {one.macro for one in working()}


def test_a_button_without_its_macro_is_in_no_ribbon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "macros.py").write_text("def check(): ...\ndef _fix(): ...\nreport = 1\n", "utf-8")
    monkeypatch.setattr(buttons, "__file__", str(tmp_path / "buttons.py"))
    assert [one.label for one in working()] == ["校验"]
    for root in parts(working()):
        assert [one["tag"] for one in drawn(root)] == ["check"]
        assert [one.get("label") for one in root.iter(f"{{{root.nsmap[None]}}}group")] == ["核对"]


def test_no_macros_no_buttons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buttons, "__file__", str(tmp_path / "buttons.py"))
    assert working() == ()
