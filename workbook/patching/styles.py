"""The cell styles of a workbook, to which others are added; none that is there changes ([ECMA-376] 18.8)."""

from __future__ import annotations

import re

from workbook.patching.references import whole
from workbook.patching.xmlbytes import Node, Part, attribute, quoted
from workbook.reading.serials import Kind, kind_of_format
from workbook.standard.look import GENERAL_FORMAT

ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles",
         "colors", "extLst")
MINIMAL = (b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="%s">'
           b'<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
           b'<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/>'
           b'</fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
           b'<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
           b'<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs></styleSheet>')
_FIRST = {"fonts": b"<font/>", "borders": b"<border/>",
          "fills": b'<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'}
_FIRST_OWN_FORMAT = 164


class Styles:
    """styles.xml under change; ids are those of the changed file."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self._top = part.children()
        self._lists = {node.name: node for node in self._top}
        self._members: dict[str, list[Node]] = {}
        self._added: dict[str, list[bytes]] = {}
        self._known: dict[tuple[str, bytes], int] = {}
        self._codes = {node.get("formatCode"): whole(node.get("numFmtId")) for node in self.members("numFmts")}

    def members(self, name: str) -> list[Node]:
        """The elements of one of the lists."""
        if name not in self._members:
            listed = self._lists.get(name)
            self._members[name] = self.part.children(listed) if listed else []
        return self._members[name]

    def raw(self, name: str, number: int) -> bytes:
        """An element of a list, as bytes; of a number that none has, the first."""
        members, added = self.members(name), self._added.get(name, [])
        if len(members) <= number < len(members) + len(added):
            return added[number - len(members)]
        if not members:
            return b"<" + self.part.prefix + b"xf/>"
        node = members[number if number < len(members) else 0]
        return self.part.data[node.start:node.end]

    def add(self, name: str, new: bytes) -> int:
        """Put an element into a list, once; its number."""
        if (name, new) not in self._known:
            added = self._added.setdefault(name, [])
            if not added and not self.members(name) and name in _FIRST:
                added += _parts_of(self.part.prefix, _FIRST[name], name)
            self._known[name, new] = len(self.members(name)) + len(added)
            added.append(new)
        return self._known[name, new]

    def changed(self, style: int, **values: str) -> int:
        """The style that differs from another by some attributes; that one itself where it does not."""
        new = old = self.raw("cellXfs", style)
        for name, value in values.items():
            new = with_attribute(new, name, value)
        return style if new == old else self.add("cellXfs", new)

    def formatted(self, style: int, code: str) -> int:
        """The style that differs from another by its number format; that one itself where it does not."""
        number = "0" if code == GENERAL_FORMAT else str(self.code_id(code))
        if (value_of(self.raw("cellXfs", style), "numFmtId").decode() or "0") == number:
            return style
        return self.changed(style, numFmtId=number, applyNumberFormat="1")

    def own(self, tag: bytes) -> bytes:
        """An element of this vocabulary with the prefix of the file."""
        return re.sub(rb"<(/?)(?=\w)", rb"<\1" + self.part.prefix, tag)

    def code_id(self, code: str) -> int:
        """The number of a number format, declared where it is not yet."""
        if code not in self._codes:
            number = max([_FIRST_OWN_FORMAT - 1, *self._codes.values()]) + 1
            self._codes[code] = number
            self.add("numFmts", b"<" + self.part.prefix + b'numFmt numFmtId="%d" formatCode="' % number
                     + quoted(code) + b'"/>')
        return self._codes[code]

    def kind(self, style: int) -> Kind:
        """What a style makes of a number."""
        number = value_of(self.raw("cellXfs", style), "numFmtId").decode() or "0"
        code = next((code for code, known in self._codes.items() if str(known) == number), None)
        return kind_of_format(whole(number), code)

    def finish(self) -> None:
        """Put what was added into the part."""
        for name, added in self._added.items():
            listed = self._lists.get(name)
            total = len(self.members(name)) + len(added)
            if listed is not None:
                self.part.append(listed, b"".join(added))
                if listed.get("count"):
                    self.part.set(listed, "count", str(total))
                continue
            tag = self.part.prefix + name.encode()
            new = b"<" + tag + b' count="%d">' % total + b"".join(added) + b"</" + tag + b">"
            self.part.insert(new, ORDER[ORDER.index(name) + 1:], self._top)


def with_attribute(element: bytes, name: str, value: str) -> bytes:
    """An element's bytes with an attribute of its start tag changed or added."""
    start = re.match(rb"<[^\s/>]+", element)
    end = element.find(b">")
    match = attribute(name).search(element, 0, end)
    if match:
        group = 1 if match[1] is not None else 2
        return element[:match.start(group)] + quoted(value) + element[match.end(group):]
    at = start.end() if start else 0
    return element[:at] + f" {name}=".encode() + b'"' + quoted(value) + b'"' + element[at:]


def value_of(element: bytes, name: str) -> bytes:
    """An attribute of an element's start tag, as bytes."""
    match = attribute(name).search(element, 0, element.find(b">"))
    return (match[1] or match[2] or b"") if match else b""


def _parts_of(prefix: bytes, first: bytes, name: str) -> list[bytes]:
    """The members that Excel expects at the beginning of a list."""
    tag = name.removesuffix("s").encode()
    pieces = first.split(b"<" + tag)[1:]
    return [re.sub(rb"<(/?)(?=\w)", rb"<\1" + prefix, b"<" + tag + piece) for piece in pieces]
