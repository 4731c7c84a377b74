"""What carries a manifest inside a docx: a custom XML part, and document properties for odt and doc.

Word and WPS keep both. LibreOffice keeps the properties through odt and doc but
drops the custom XML part there, so each is read where the other is gone. Properties
are cut to 255 characters, the most that Word's own dialog and .doc take.
"""

from __future__ import annotations

import re
import zlib
from binascii import a2b_base64, b2a_base64
from collections.abc import Mapping
from typing import NamedTuple

from templates.provenance.manifest import Manifest, from_json
from templates.typesetting.wordml import attribute, escape
from workbook.findings import Refusal

SPACE = "urn:taizhang:trace:1"
ITEM_ID = "{7A1D5B0E-3C52-4E0B-9C41-5D9F2B6E8A10}"
LARGEST = 64 << 20
CHUNK = 255
MOST_CHUNKS = 400  # some 75 kB packed: beyond that only the custom XML part carries the manifest
PROPERTY = "taizhang"
CONTENT_TYPES, ROOT, CUSTOM = "[Content_Types].xml", "_rels/.rels", "docProps/custom.xml"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
ITEM_TYPE = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_ITEM = re.compile(r"customXml/item\d+\.xml")
_TRACE = re.compile(r"<(?:\w+:)?trace\b[^>]*>(.*?)</(?:\w+:)?trace>", re.DOTALL)
_PROPERTIES = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
    'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
)


class Trace(NamedTuple):
    """A manifest ready to be carried: its JSON, and whose it is."""

    text: str
    ledger_id: str = ""
    digest: str = ""


def manifest_in(data: bytes) -> Manifest | None:
    """The manifest that a docx carries: of the custom XML part, else of the properties; None without any.

    Raises Refusal where it is damaged or of a newer version, and where `data` is no docx.
    """
    from templates.docx_package import open_docx
    from workbook.reading.sniff import Unusable

    try:
        package = open_docx(data)
        carriers = [one.filename for one in package.parts.values()
                    if one.filename == CUSTOM or _ITEM.fullmatch(one.filename)]
        text = manifest_text({name: package.read(name) for name in carriers})
    except Unusable as why:
        raise Refusal(str(why)) from None
    return from_json(text) if text else None


def with_manifest(parts: Mapping[str, bytes], main: str, trace: Trace) -> dict[str, bytes]:
    """The parts of a docx with a manifest in both carriers, in place of one that is there already."""
    item = f'{_HEAD}<trace xmlns="{SPACE}">{escape(trace.text)}</trace>'.encode()
    done, old = dict(parts), [name for name, content in parts.items() if _carries(name, content)]
    overrides = []
    if not old:
        number = next(n for n in range(1, 1000) if f"customXml/item{n}.xml" not in parts)
        _add_item(done, main, number)
        old, overrides = [f"customXml/item{number}.xml"], [(f"customXml/itemProps{number}.xml", ITEM_TYPE)]
    done |= dict.fromkeys(old, item)
    if CUSTOM not in parts:
        _relate(done, ROOT, "taizhangCustom", f"{RELATIONS}/custom-properties", CUSTOM)
        overrides.append((CUSTOM, CUSTOM_TYPE))
    done[CUSTOM] = _properties(parts.get(CUSTOM, b""), _named(trace))
    done[CONTENT_TYPES] = _typed(done[CONTENT_TYPES], overrides)
    return done


def _carries(name: str, content: bytes) -> bool:
    return _ITEM.fullmatch(name) is not None and b"taizhang:trace" in content


def _add_item(parts: dict[str, bytes], main: str, number: int) -> None:
    """What a new custom XML part needs around it."""
    parts[f"customXml/itemProps{number}.xml"] = _item_properties()
    parts[f"customXml/_rels/item{number}.xml.rels"] = _relationships(
        _relationship("rId1", f"{RELATIONS}/customXmlProps", f"itemProps{number}.xml"))
    folder, _, name = main.rpartition("/")
    _relate(parts, f"{folder}/_rels/{name}.rels", "taizhangTrace", f"{RELATIONS}/customXml",
            f"../customXml/item{number}.xml")


def manifest_text(parts: Mapping[str, bytes]) -> str:
    """The JSON of the manifest that these parts carry, empty where there is none; damaged properties give "{"."""
    for name, content in parts.items():
        found = _TRACE.search(_decoded(content)) if _carries(name, content) else None
        if found:
            from html import unescape

            return unescape(found[1])
    return joined_chunks(properties(parts.get(CUSTOM, b"")))


def properties(custom: bytes) -> dict[str, str]:
    """Name -> text of custom properties."""
    from html import unescape

    text = _decoded(custom)
    return {unescape(name): unescape(value) for name, value in
            re.findall(r'<property\b[^>]*\bname="([^"]*)"[^>]*>\s*<vt:\w+>([^<]*)</vt:\w+>', text)}


def joined_chunks(known: Mapping[str, str]) -> str:
    """The manifest behind properties taizhang.trace.001 …; empty without any, "{" where they are damaged."""
    chunks = [value for name, value in sorted(known.items()) if name.startswith(f"{PROPERTY}.trace.")]
    if not chunks:
        return ""
    unpacking = zlib.decompressobj()
    try:
        text = unpacking.decompress(a2b_base64("".join(chunks), strict_mode=True), LARGEST).decode()
    except (ValueError, zlib.error):
        return "{"
    return text if unpacking.eof else "{"


def _named(trace: Trace) -> dict[str, str]:
    known = {f"{PROPERTY}.ledger": trace.ledger_id, f"{PROPERTY}.digest": trace.digest}
    return {**known, **_chunks(trace.text)}


def _decoded(content: bytes) -> str:
    return content.decode("utf-8-sig", "replace")


def _chunks(trace: str) -> dict[str, str]:
    packed = b2a_base64(zlib.compress(trace.encode(), 1), newline=False).decode()
    cut = [packed[at:at + CHUNK] for at in range(0, len(packed), CHUNK)]
    if len(cut) > MOST_CHUNKS:
        return {}
    return {f"{PROPERTY}.trace.{number:03d}": chunk for number, chunk in enumerate(cut, 1)}


def _properties(existing: bytes, added: Mapping[str, str]) -> bytes:
    """Custom properties with ours behind those a reference.docx has."""
    old = existing.decode("utf-8", "replace")
    kept = [one for one in re.findall(r"<property\b.*?</property>", old, re.DOTALL) if f'name="{PROPERTY}.' not in one]
    first = max((int(pid) for one in kept for pid in re.findall(r'\bpid="(\d+)"', one)), default=1) + 1
    new = [_property(pid, name, value) for pid, (name, value) in enumerate(added.items(), first)]
    return f"{_HEAD}{_PROPERTIES}{''.join((*kept, *new))}</Properties>".encode()


def _property(pid: int, name: str, value: str) -> str:
    return (f'<property fmtid="{FORMAT_ID}" pid="{pid}" name="{attribute(name)}">'
            f"<vt:lpwstr>{escape(value)}</vt:lpwstr></property>")


def _item_properties() -> bytes:
    space = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
    return (f'{_HEAD}<ds:datastoreItem ds:itemID="{ITEM_ID}" xmlns:ds="{space}"><ds:schemaRefs>'
            f'<ds:schemaRef ds:uri="{SPACE}"/></ds:schemaRefs></ds:datastoreItem>').encode()


def _relationship(name: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>'


def _relationships(inside: str) -> bytes:
    return f'{_HEAD}<Relationships xmlns="{PACKAGE}">{inside}</Relationships>'.encode()


def _relate(parts: dict[str, bytes], name: str, identity: str, kind: str, target: str) -> None:
    known = parts[name].decode()
    parts[name] = known.replace("</Relationships>", f"{_relationship(identity, kind, target)}</Relationships>").encode()


def _typed(types: bytes, overrides: list[tuple[str, str]]) -> bytes:
    added = "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in overrides)
    return types.decode().replace("</Types>", f"{added}</Types>").encode()
