"""The .oxt for LibreOffice: menu and toolbar from the table of buttons, our half that runs within it, settings."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from addin import VERSION
from addin.buttons import Button

IDENTIFIER, PROTOCOL = "cn.taizhang.addin", "cn.taizhang.addin:"
HANDLER = f"{IDENTIFIER}.Handler"
OLDEST = "7.4"
_OFFICE = Path(__file__).parents[1] / "office"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SHEETS = "com.sun.star.sheet.SpreadsheetDocument"
_ICONS = "private:graphicrepository/cmd"
_TYPES = {"Addons.xcu": "application/vnd.sun.star.configuration-data",
          "CalcWindowState.xcu": "application/vnd.sun.star.configuration-data",
          "ProtocolHandler.xcu": "application/vnd.sun.star.configuration-data",
          "component.py": "application/vnd.sun.star.uno-component;type=Python"}


def extension(python: Mapping[str, str], texts: Mapping[str, str], buttons: Sequence[Button]) -> bytes:
    """The file, always the same bytes; `python` is the interpreter on "windows" and on "other" systems."""
    from templates.typesetting.package import packed

    version = VERSION
    told = {"python": dict(python), "version": version, "texts": dict(texts),
            "buttons": {button.macro: button.label for button in buttons}}
    inside = {f"pythonpath/taizhang_inside/{one.name}": one.read_bytes().replace(b"\r\n", b"\n")
              for one in sorted((_OFFICE / "inside").glob("*.py"))}
    return packed({
        "META-INF/manifest.xml": _manifest(),
        "description.xml": _description(version),
        "Addons.xcu": _addons(buttons),
        "CalcWindowState.xcu": _toolbar(),
        "ProtocolHandler.xcu": _handler(),
        "component.py": (_OFFICE / "component.py").read_bytes().replace(b"\r\n", b"\n"),
        "settings.json": json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode(),
        **inside,
    })


def _manifest() -> bytes:
    entries = "".join(f'<manifest:file-entry manifest:full-path="{part}" manifest:media-type="{kind}"/>'
                      for part, kind in _TYPES.items())
    return (f'{_HEAD}<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">{entries}'
            "</manifest:manifest>").encode()


def _description(version: str) -> bytes:
    return (f'{_HEAD}<description xmlns="http://openoffice.org/extensions/description/2006" '
            f'xmlns:l="http://libreoffice.org/extensions/description/2011"><identifier value="{IDENTIFIER}"/>'
            f'<version value="{version}"/><display-name><name lang="zh-CN">台账</name></display-name><dependencies>'
            f'<l:LibreOffice-minimal-version value="{OLDEST}" l:name="LibreOffice {OLDEST}"/></dependencies>'
            "</description>").encode()


def _addons(buttons: Sequence[Button]) -> bytes:
    entries = [_entry(number, button) for number, button in enumerate(buttons)]
    menu = _node(f"{IDENTIFIER}.menu", _text("Title", "台账") + _value("Context", _SHEETS)
                 + f'<node oor:name="Submenu">{"".join(entries)}</node>')
    bar = "".join(_entry(number, button, f'{_value("Context", _SHEETS)}') for number, button in enumerate(buttons))
    images = "".join(_image(button) for button in buttons)
    return (f'{_HEAD}<oor:component-data oor:name="Addons" oor:package="org.openoffice.Office" {_NAMESPACES}>'
            f'<node oor:name="AddonUI"><node oor:name="OfficeMenuBar">{menu}</node>'
            f'<node oor:name="OfficeToolBar">{_node(f"{IDENTIFIER}.bar", bar)}</node>'
            f'<node oor:name="Images">{images}</node></node></oor:component-data>').encode()


_NAMESPACES = ('xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"')


def _entry(number: int, button: Button, more: str = "") -> str:
    return _node(f"m{number:02}", _value("URL", PROTOCOL + button.macro) + _text("Title", button.label)
                 + _value("Target", "_self") + more)


def _image(button: Button) -> str:
    icon = OFFICE_ICONS[button.macro]
    pictures = _value("ImageSmallURL", f"{_ICONS}/sc_{icon}.png") + _value("ImageBigURL", f"{_ICONS}/lc_{icon}.png")
    return _node(f"{IDENTIFIER}.{button.macro}", _value("URL", PROTOCOL + button.macro)
                 + f'<node oor:name="UserDefinedImages">{pictures}</node>')


OFFICE_ICONS = {
    "new_ledger": "newdoc", "check": "validation", "previous_finding": "previousannotation",
    "next_finding": "nextannotation", "clear_marks": "cleararrows", "fix": "autocorrectdlg", "report": "exportto",
    "review": "showannotations", "trace": "showprecedents", "dispatch": "splitcell", "collect": "dataconsolidate",
    "rollover": "duplicatesheet", "help_page": "helpindex", "doctor": "optionstreedialog",
}
"""Pictures of LibreOffice's own; none is packed."""


def _handler() -> bytes:
    protocol = _node(HANDLER, f'<prop oor:name="Protocols" oor:type="oor:string-list"><value>{PROTOCOL}*</value>'
                              "</prop>")
    return (f'{_HEAD}<oor:component-data oor:name="ProtocolHandler" oor:package="org.openoffice.Office" {_NAMESPACES}>'
            f'<node oor:name="HandlerSet">{protocol}</node></oor:component-data>').encode()


def _toolbar() -> bytes:
    """The toolbar has a name, and a line of its own below the others."""
    placed = (_text("UIName", "台账") + '<prop oor:name="Docked" oor:type="xs:boolean"><value>true</value></prop>'
              '<prop oor:name="DockingArea" oor:type="xs:int"><value>0</value></prop>' + _value("DockPos", "0,3"))
    state = _node(f"private:resource/toolbar/addon_{IDENTIFIER}.bar", placed)
    return (f'{_HEAD}<oor:component-data oor:name="CalcWindowState" oor:package="org.openoffice.Office.UI" '
            f'{_NAMESPACES}>'
            f'<node oor:name="UIElements"><node oor:name="States">{state}</node></node></oor:component-data>').encode()


def _node(name: str, content: str) -> str:
    return f'<node oor:name={quoteattr(name)} oor:op="replace">{content}</node>'


def _value(name: str, text: str) -> str:
    return f'<prop oor:name="{name}" oor:type="xs:string"><value>{escape(text)}</value></prop>'


def _text(name: str, text: str) -> str:
    return (f'<prop oor:name="{name}" oor:type="xs:string"><value>{escape(text)}</value>'
            f'<value xml:lang="zh-CN">{escape(text)}</value></prop>')
