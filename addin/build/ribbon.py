"""The ribbon tab 台账 in both forms of customUI: Office 2010 and later, and Office 2007 (MS-CUSTOMUI)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from xml.sax.saxutils import quoteattr

from addin.buttons import Button

CALLBACK = "TzOnAction"
TAB, TAB_KEYTIP = "tzTab", "TZ"
FORMS = {
    "customUI/customUI.xml": "http://schemas.microsoft.com/office/2006/01/customui",
    "customUI/customUI14.xml": "http://schemas.microsoft.com/office/2009/07/customui",
}


def ribbon(buttons: Sequence[Button], namespace: str) -> bytes:
    """One customUI part: a group for each run of buttons of the same group, ids from the macros' names."""
    groups = [_group(number, name, tuple(members))
              for number, (name, members) in enumerate(groupby(buttons, lambda button: button.group), 1)]
    tab = _open("tab", id=TAB, label="台账", insertAfterMso="TabData", keytip=TAB_KEYTIP)
    lines = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>', _open("customUI", xmlns=namespace),
        "<ribbon><tabs>", tab, *groups, "</tab>", "</tabs></ribbon>", "</customUI>",
    )
    return "\n".join(lines).encode()


def _group(number: int, name: str, members: Sequence[Button]) -> str:
    return "\n".join((_open("group", id=f"tzGroup{number}", label=name), *map(_button, members), "</group>"))


def _button(button: Button) -> str:
    size = "large" if button.large else "normal"
    return _open("button", end="/>", id=f"tz_{button.macro}", label=button.label, size=size, imageMso=button.icon,
                 keytip=button.keytip, screentip=button.label, supertip=button.tip, onAction=CALLBACK, tag=button.macro)


def _open(element: str, *, end: str = ">", **attributes: str) -> str:
    return f"<{element}{''.join(f' {name}={quoteattr(value)}' for name, value in attributes.items())}{end}"
