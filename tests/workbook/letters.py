"""Letters as offices and their mail programs send them, built byte by byte."""

from __future__ import annotations

import base64
import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Mapping, Sequence

from workbook.exchange.mail.opening import from_bytes
from workbook.exchange.mail.pieces import Piece

Tree = Mapping[str, "bytes | Tree"]
_NONE, _END = 0xFFFFFFFF, 0xFFFFFFFE


def word(text: str, charset: str = "utf-8") -> str:
    """An encoded word (RFC 2047)."""
    return f"=?{charset}?B?{base64.b64encode(text.encode(charset)).decode()}?="


def attachment(data: bytes, disposition: bytes, kind: bytes = b"application/octet-stream") -> bytes:
    """One part of a letter in base64; `disposition` stands after `attachment`."""
    return (b"Content-Type: " + kind + b"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment"
            + disposition + b"\r\n\r\n" + base64.encodebytes(data).replace(b"\n", b"\r\n"))


def named(data: bytes, name: str) -> bytes:
    """An attachment as most programs send it."""
    return attachment(data, f'; filename="{word(name)}"'.encode())


def letter(*parts: bytes, sender: str = "bgs@lx.example", subject: str = "台账", text: str = "请查收。",
           headers: bytes = b"") -> bytes:
    """A letter with a text and these parts."""
    head = (f"From: {word('办公室')} <{sender}>\r\nTo: tz@lx.example\r\nSubject: {word(subject)}\r\n"
            f"Date: Mon, 24 Nov 2025 10:00:00 +0800\r\nMIME-Version: 1.0\r\n").encode() + headers
    mark = b"b%08x" % zlib.crc32(b"".join(parts) + subject.encode())
    body = (b"Content-Type: text/plain; charset=gb18030\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
            + text.encode("gb18030"))
    if not parts:
        return head + body + b"\r\n"
    pieces = b"".join(b"--" + mark + b"\r\n" + one + b"\r\n" for one in (body, *parts))
    return head + b'Content-Type: multipart/mixed; boundary="' + mark + b'"\r\n\r\n' + pieces + b"--" + mark + b"--\r\n"


def enclosed(inner: bytes) -> bytes:
    """A letter as an attachment of another."""
    return b"Content-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\n" + inner


def mailbox(*letters: bytes) -> bytes:
    """A mailbox in one file (mboxrd)."""
    quoted = (one.replace(b"\r\n", b"\n").replace(b"\nFrom ", b"\n>From ") for one in letters)
    return b"".join(b"From bgs@lx.example Mon Nov 24 10:00:00 2025\n" + one + b"\n" for one in quoted)


def zipped(files: Sequence[tuple[str, bytes]], encoding: str = "utf-8") -> bytes:
    """A zip archive; in gbk the names are raw bytes, as Windows in China writes them."""
    out = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, data) in enumerate(files):
            archive.writestr(name if encoding == "utf-8" else f"{number:0{len(name.encode(encoding))}}", data)
    packed = out.getvalue()
    for number, (name, _) in enumerate(files if encoding != "utf-8" else ()):
        raw = name.encode(encoding)
        packed = packed.replace(f"{number:0{len(raw)}}".encode(), raw)
    return packed


def winmail(*files: tuple[str, bytes], codepage: int = 936) -> bytes:
    """A winmail.dat: titles in the code page, the long names as properties ([MS-OXTNEF])."""
    body = _attribute(1, 0x00069007, struct.pack("<II", codepage, 0))
    for name, data in files:
        wide = name.encode("utf-16-le") + b"\0\0"
        long_name = struct.pack("<IHHII", 1, 0x001F, 0x3707, 1, len(wide)) + wide.ljust(-(-len(wide) // 4) * 4, b"\0")
        body += (_attribute(2, 0x00069002, bytes(14)) + _attribute(2, 0x00018010, b"~1.XLS\0")
                 + _attribute(2, 0x0006800F, data) + _attribute(2, 0x00069005, long_name))
    return struct.pack("<IH", 0x223E9F78, 1) + body


def _attribute(level: int, kind: int, content: bytes) -> bytes:
    return struct.pack("<BII", level, kind, len(content)) + content + struct.pack("<H", sum(content) & 0xFFFF)


def outlook(*files: tuple[str, bytes] | Tree, sender: str = "bgs@lx.example", subject: str = "台账",
            text: str = "请查收。", kind: str = "IPM.Note") -> bytes:
    """An Outlook message file ([MS-OXMSG]); a Tree among the files is a message in it."""
    return _compound(message_tree(*files, sender=sender, subject=subject, text=text, kind=kind))


def message_tree(*files: tuple[str, bytes] | Tree, sender: str = "bgs@lx.example", subject: str = "台账",
                 text: str = "请查收。", kind: str = "IPM.Note") -> Tree:
    """The folders and streams of such a file."""
    tree: dict[str, bytes | Tree] = {"__properties_version1.0": bytes(32)}
    for tag, value in (("5D01", sender), ("0037", subject), ("1000", text), ("001A", kind)):
        tree[f"__substg1.0_{tag}001F"] = value.encode("utf-16-le")
    for number, one in enumerate(files):
        tree[f"__attach_version1.0_#{number:08X}"] = _attached(one)
    return tree


def _attached(one: tuple[str, bytes] | Tree) -> Tree:
    if isinstance(one, tuple):
        name, data = one
        return {"__properties_version1.0": bytes(8), "__substg1.0_3707001F": name.encode("utf-16-le"),
                "__substg1.0_37010102": data}
    return {"__properties_version1.0": bytes(8), "__substg1.0_3701000D": one}


def _compound(tree: Tree) -> bytes:
    """An OLE2 file with sectors of 512 bytes; siblings hang in a row on the first."""
    entries: list[list[object]] = [["Root Entry", 5, _NONE, _NONE, 0, 0]]
    small, links, body, chains = b"", [], b"", []  # type: bytes, list[int], bytes, list[int]

    def add(children: Tree) -> int:
        nonlocal small, body
        previous, first = 0, _NONE
        for name, content in children.items():
            at = len(entries)
            entry: list[object] = [name, 1, _NONE, _NONE, 0, 0]
            entries.append(entry)
            if previous:
                entries[previous][2] = at
            else:
                first = at
            previous = at
            if not isinstance(content, bytes):
                entry[3] = add(content)
            elif len(content) < 4096:
                count = -(-len(content) // 64)
                entry[1], entry[4], entry[5] = 2, len(links) if count else _END, len(content)
                links.extend([*range(len(links) + 1, len(links) + count), _END] if count else [])
                small += content.ljust(count * 64, b"\0")
            else:
                entry[1], entry[4], entry[5] = 2, len(chains), len(content)
                body += _sectors(content, chains)
        return first

    entries[0][3] = add(tree)
    entries[0][4], entries[0][5] = len(chains), len(small)
    body += _sectors(small, chains)
    start = len(chains)
    table = struct.pack(f"<{len(links)}I", *links)
    body += _sectors(table.ljust(-(-len(table) // 512) * 512, b"\xff"), chains)
    directory = len(chains)
    body += _sectors(b"".join(map(_entry, entries)), chains)
    first, tables = len(chains), -(-(len(chains) + 1) // 127)
    chains += [0xFFFFFFFD] * tables
    chains += [_NONE] * (tables * 128 - len(chains))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, tables, directory, 0, 4096, start, -(-len(table) // 512), _END, 0)
    header += struct.pack("<109I", *range(first, first + tables), *[_NONE] * (109 - tables))
    return header + body + struct.pack(f"<{len(chains)}I", *chains)


def _sectors(content: bytes, chains: list[int]) -> bytes:
    start, count = len(chains), -(-len(content) // 512)
    chains += [*range(start + 1, start + count), _END]
    return content.ljust(count * 512, b"\0")


def _entry(entry: list[object]) -> bytes:
    name, kind, right, child, start, size = entry
    text = str(name).encode("utf-16-le") + b"\0\0"
    links = struct.pack("<III", _NONE, right, child)
    return text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1) + links + bytes(36) + struct.pack(
        "<IIxxxx", start, size)


def pieces(data: bytes, name: str = "来件") -> list[Piece]:
    """What it is made of."""
    return list(from_bytes(data, name, name))


def told(data: bytes) -> list[tuple[str, str]]:
    """(verdict, name) of each piece."""
    return [(one.verdict, one.name) for one in pieces(data)]
