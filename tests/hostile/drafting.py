"""A sound report, and ways to make it wrong: parts, relationships, fields, the manifest that it carries."""

from __future__ import annotations

import io
import json
import re
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from html import escape, unescape
from pathlib import Path
from typing import Any

from tests.traced import write_book
from tests.workbook.odd_files import compound

DOCUMENT, RELATIONS, TYPES, SETTINGS = (
    "word/document.xml", "word/_rels/document.xml.rels", "[Content_Types].xml", "word/settings.xml")
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MACROS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@cache
def ledger() -> bytes:
    """The ledger behind the sound report."""
    with tempfile.TemporaryDirectory() as folder:
        return write_book(Path(folder)).read_bytes()


@cache
def sound() -> bytes:
    """A report as the program prints it, with its manifest."""
    from scripts.cli import main

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "台账.xlsx").write_bytes(ledger())
        main(["convert", f"{folder}/台账.xlsx", "-o", f"{folder}/报告.docx", "--draft", "--quiet"])
        return (Path(folder) / "报告.docx").read_bytes()


@cache
def parts() -> Mapping[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(sound())) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(files: Mapping[str, bytes | Iterable[bytes]], *more: tuple[str, bytes]) -> bytes:
    """A zip file; what is given in pieces is never held whole."""
    out = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in [*files.items(), *more]:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            with package.open(info, "w", force_zip64=True) as part:
                for piece in [content] if isinstance(content, bytes) else content:
                    part.write(piece)
    return out.getvalue()


def edited(part: str, old: str, new: str, *more: tuple[str, bytes]) -> Callable[[], bytes]:
    """The report with the first `old` of a part replaced, and more parts."""

    def make() -> bytes:
        text = parts()[part].decode()
        assert old in text, (part, old)
        return packed({**parts(), part: text.replace(old, new, 1).encode()}, *more)

    return make


def typed(*xml: str) -> Callable[[], bytes]:
    """More paragraphs behind the report's own."""
    return lambda: packed({**parts(), DOCUMENT: _with_body("".join(xml)).encode()})


def _with_body(xml: str) -> str:
    text = parts()[DOCUMENT].decode()
    at = text.rindex("<w:sectPr")
    return text[:at] + xml + text[at:]


def related(kind: str, target: str, xml: str = "", *more: tuple[str, bytes], mode: str = "External"
            ) -> Callable[[], bytes]:
    """The report with one more relationship of its text, rIdX, and a paragraph that uses it."""

    def make() -> bytes:
        known = parts()[RELATIONS].decode()
        outside = f' TargetMode="{mode}"' if mode else ""
        link = f'<Relationship Id="rIdX" Type="{_OFFICE}/{kind}" Target="{target}"{outside}/></Relationships>'
        body = _with_body(xml).replace("<w:document ", f'<w:document xmlns:rx="{_OFFICE}" ', 1)
        return packed({**parts(), RELATIONS: known.replace("</Relationships>", link).encode(),
                       DOCUMENT: body.encode()}, *more)

    return make


def field(code: str, shown: str = "显示") -> str:
    """A paragraph with a field."""
    def run(inside: str) -> str:
        return f"<w:r>{inside}</w:r>"

    return ("<w:p>" + run('<w:fldChar w:fldCharType="begin"/>') + run(f"<w:instrText>{escape(code)}</w:instrText>")
            + run('<w:fldChar w:fldCharType="separate"/>') + run(f"<w:t>{shown}</w:t>")
            + run('<w:fldChar w:fldCharType="end"/>') + "</w:p>")


def forged(change: Callable[[dict[str, Any]], object]) -> Callable[[], bytes]:
    """The report with its manifest changed."""

    def make() -> bytes:
        name = next(name for name in parts() if name.startswith("customXml/item1"))
        text = parts()[name].decode()
        found = re.search(r"(<trace\b[^>]*>)(.*)</trace>", text, re.DOTALL)
        assert found
        told = json.loads(unescape(found[2]))
        made = change(told)
        inside = made if isinstance(made, str) else json.dumps(told, ensure_ascii=False)
        return packed({**parts(), name: f"{text[:found.start()]}{found[1]}{escape(inside)}</trace>".encode()})

    return make


def mark(told: dict[str, Any], at: int, value: object) -> None:
    """Let the first mark of a forged manifest say something else: 1 its paragraph, 2 and 3 its ends, 5 its cell."""
    told["marks"][0][at] = value


def source(told: dict[str, Any], at: int, value: object) -> None:
    """Let every source say something else: 3 its cells, 4 its rows."""
    for one in told["sources"]:
        one[at] = value


def without(*names: str) -> Callable[[], bytes]:
    return lambda: packed({name: content for name, content in parts().items() if name not in names})


def macro_enabled() -> bytes:
    types = parts()[TYPES].decode().replace(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        "application/vnd.ms-word.document.macroEnabled.main+xml")
    return packed({**parts(), TYPES: types.encode()}, ("word/vbaProject.bin", MACROS))


def old_word() -> bytes:
    return compound(WordDocument=b"x")


def encrypted() -> bytes:
    return compound(EncryptedPackage=b"x", EncryptionInfo=b"x")


def flipped() -> bytes:
    """The report with one bit of its packed text turned."""
    data = bytearray(sound())
    data[data.index(DOCUMENT.encode()) + 200] ^= 1
    return bytes(data)
