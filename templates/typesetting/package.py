"""A reference.docx opened for typesetting, and the package written from it.

Every part but the text and the title goes into the finished document unchanged.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple
from xml.parsers import expat

from templates.provenance.carriers import Trace, with_manifest
from templates.typesetting import gongwen
from templates.typesetting.stylesheet import Pen, Section, W, read_section, read_styles
from templates.typesetting.wordml import attribute, escape
from workbook.findings import Refusal

LIMIT = 50_000_000  # bytes of all parts unpacked; a reference.docx has some 50,000
_LOCAL, _CENTRAL, _END = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I"), struct.Struct("<4s4HIIH")
_DEFLATED, _UTF8, _VERSION, _LEVEL, _QUICK = 8, 0x800, 20, 6, 1
"""The parts of one report are compressed quickly: level 6 takes twice the time to save a tenth."""
_SMALL = 2048
_DAY, _MODE = 33, 0o600 << 16
"""1 January 1980; readable and writable by its owner."""

CONTENT_TYPES, RELATIONSHIPS, CORE = "[Content_Types].xml", "_rels/.rels", "docProps/core.xml"
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
CORE_RELATIONSHIP = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"

NAMESPACES = {
    "w": W,
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
}


class Reference(NamedTuple):
    """An opened reference.docx: its parts by name, its styles by name, its one section."""

    parts: Mapping[str, bytes]
    main: str
    core: str
    styles: Mapping[str, Pen]
    section: Section
    ids: Mapping[str, str]

    def style(self, name: str) -> str:
        """The id of a style, ready for an attribute."""
        return self.ids[name]

    def pen(self, name: str) -> Pen:
        return self.styles[name]


@cache
def standard_reference() -> bytes:
    """The reference.docx that comes with the program."""
    return Path(__file__).with_name("reference.docx").read_bytes()


@lru_cache(maxsize=8)
def open_reference(reference: bytes) -> Reference:
    """Open a reference.docx; raises Refusal where it is no .docx of Word's usual form or lacks a style."""
    try:
        return _open(reference)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise Refusal("样式文件不是可用的 Word 文档（.docx），请用 Word 另存为 .docx 后再试。") from error
    except (expat.ExpatError, KeyError, ValueError) as error:
        raise Refusal("样式文件已损坏，请用 Word 打开并另存为 .docx，或改用程序自带的 reference.docx。") from error


def _open(reference: bytes) -> Reference:
    with zipfile.ZipFile(io.BytesIO(reference)) as package:
        if sum(entry.file_size for entry in package.infolist()) > LIMIT:
            raise Refusal("样式文件解压后过大，请删去其中的图片等内容，或改用程序自带的 reference.docx。")
        parts = {entry.filename: package.read(entry) for entry in package.infolist() if not entry.is_dir()}
    main = _part_of_type(parts, MAIN_TYPE)
    styles = read_styles(parts[_related(parts, main, "/styles")])
    section = read_section(parts[main])
    _require(styles, section)
    core = _part_of_type(parts, CORE_TYPE)
    if not core:
        core, parts = CORE, _with_core(parts)
    return Reference(parts, main, core, styles, section, {name: attribute(pen.id) for name, pen in styles.items()})


def _part_of_type(parts: Mapping[str, bytes], content_type: str) -> str:
    """The name of the only part of a type, or empty."""
    for override in re.findall(rb"<Override\b[^>]*>", parts[CONTENT_TYPES]):
        if f'"{content_type}"'.encode() in override:
            return _attribute(override, "PartName").lstrip("/")
    return ""


def _attribute(tag: bytes, name: str) -> str:
    found = re.search(rf'\b{name}\s*=\s*"([^"]*)"'.encode(), tag)
    return found[1].decode() if found else ""


def _related(parts: Mapping[str, bytes], main: str, kind: str) -> str:
    """The name of the part that the main part calls its `kind`."""
    folder, _, name = main.rpartition("/")
    for relationship in re.findall(rb"<Relationship\b[^>]*>", parts[f"{folder}/_rels/{name}.rels"]):
        if _attribute(relationship, "Type").endswith(kind):
            target = _attribute(relationship, "Target")
            return target[1:] if target.startswith("/") else f"{folder}/{target}"
    raise KeyError(kind)


def _require(styles: Mapping[str, Pen], section: Section) -> None:
    if not section.source or section.namespaces.get("w") != NAMESPACES["w"]:
        raise Refusal("样式文件里没有可用的页面设置，请用 Word 打开并另存为普通的 .docx。")
    names = [style.name for style in gongwen.STYLES] + [gongwen.TABLE]
    if missing := [name for name in names if name not in styles]:
        listed = "、".join(f"“{name}”" for name in missing[:3])
        more = f"等 {len(missing)} 个样式" if len(missing) > 3 else ""
        raise Refusal(f"样式文件缺少{listed}{more}，请从程序自带的 reference.docx 复制过去。")


def _with_core(parts: dict[str, bytes]) -> dict[str, bytes]:
    override = f'<Override PartName="/{CORE}" ContentType="{CORE_TYPE}"/></Types>'
    relationship = f'<Relationship Id="taizhangCore" Type="{CORE_RELATIONSHIP}" Target="{CORE}"/></Relationships>'
    return parts | {
        CONTENT_TYPES: parts[CONTENT_TYPES].replace(b"</Types>", override.encode()),
        RELATIONSHIPS: parts[RELATIONSHIPS].replace(b"</Relationships>", relationship.encode()),
    }


def write(reference: Reference, body: str, title: str, trace: Trace | None = None) -> bytes:
    """A docx of the reference's formats with this body and title: no author, no clock, no user.

    `trace` is a manifest to carry along.
    """
    own = {reference.main: _document(reference.section, body), reference.core: core_properties(title)}
    parts = {**reference.parts, **own}
    return packed(with_manifest(parts, reference.main, trace) if trace else parts, reference.parts)


def packed(parts: Mapping[str, bytes], known: Mapping[str, bytes] | None = None) -> bytes:
    """The parts as one package, always the same bytes for the same parts ([APPNOTE] 4.3).

    Those of `known`, and small ones, go into many packages and are compressed once.
    """
    out, records = io.BytesIO(), []
    for name, content in parts.items():
        of_many = len(content) < _SMALL or (known is not None and known.get(name) is content)
        deflated, crc = _deflated_once(content, _LEVEL) if of_many else _deflated(content, _QUICK)
        entry, flags = name.encode(), 0 if name.isascii() else _UTF8
        head = (flags, _DEFLATED, 0, _DAY, crc, len(deflated), len(content), len(entry), 0)
        records.append(_CENTRAL.pack(b"PK\x01\x02", _VERSION, _VERSION, *head, 0, 0, 0, _MODE, out.tell()) + entry)
        out.write(_LOCAL.pack(b"PK\x03\x04", _VERSION, *head) + entry + deflated)
    directory, at = b"".join(records), out.tell()
    out.write(directory + _END.pack(b"PK\x05\x06", 0, 0, len(records), len(records), len(directory), at, 0))
    return out.getvalue()


def _deflated(content: bytes, level: int) -> tuple[bytes, int]:
    """The content compressed, and its CRC-32."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush(), zlib.crc32(content)


_deflated_once = lru_cache(maxsize=64)(_deflated)


def _document(section: Section, body: str) -> bytes:
    spaces = {**section.namespaces, **NAMESPACES}
    declared = "".join(f' xmlns{":" if prefix else ""}{prefix}="{attribute(uri)}"' for prefix, uri in spaces.items())
    ignorable = f' mc:Ignorable="{attribute(section.ignorable)}"' if section.ignorable else ""
    head = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:document{declared}{ignorable}><w:body>'
    return b"".join((head.encode(), body.encode(), section.source, b"</w:body></w:document>"))


def core_properties(title: str) -> bytes:
    """docProps/core.xml with nothing but a title."""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title></cp:coreProperties>'
    ).encode()
