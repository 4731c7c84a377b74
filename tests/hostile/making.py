"""Letters that are wrong in one way each, made byte by byte around a return."""

from __future__ import annotations

import base64
import binascii
import io
import struct
import zipfile
from collections.abc import Callable

from msoffcrypto.format.ooxml import OOXMLFile

from tests.workbook.came_back import changed
from tests.workbook.letters import attachment, letter, message_tree, named, outlook, winmail, zipped

NAME = "台账.xlsx"
XLS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CARRIERS = r"sharedStrings|sheet\d+\.xml|workbook\.xml|custom\.xml"


def mail(book: bytes, **more: str | bytes) -> bytes:
    """A letter with a return as offices send it."""
    return letter(named(book, NAME), **more)  # type: ignore[arg-type]


def other(data: bytes, name: str = NAME) -> bytes:
    """A letter with something else attached."""
    return letter(named(data, name))


def recoded(book: bytes, code: str) -> bytes:
    """The return with the office's code overwritten wherever it stands."""
    return changed(book, _CARRIERS, "BGS", code)


def raw(*lines: bytes, body: bytes = b"") -> bytes:
    """A letter of these header lines."""
    head = (b"From: bgs@lx.example", b"To: tz@lx.example", b"MIME-Version: 1.0", *lines)
    return b"\r\n".join(head) + b"\r\n\r\n" + body


def mixed(body: bytes, boundary: bytes = b"b") -> bytes:
    return raw(b'Content-Type: multipart/mixed; boundary="' + boundary + b'"', body=body)


def called(book: bytes, disposition: bytes) -> bytes:
    return letter(attachment(book, b"; filename=" + disposition))


def encoded(encoding: bytes, content: bytes) -> bytes:
    return letter(b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: " + encoding
                  + b'\r\nContent-Disposition: attachment; filename="a.xlsx"\r\n\r\n' + content)


def quoted(book: bytes) -> bytes:
    return binascii.b2a_qp(book, istext=False)


def uuencoded(book: bytes) -> bytes:
    lines = b"".join(binascii.b2a_uu(book[at:at + 45]) for at in range(0, len(book), 45))
    return b"begin 644 a.xlsx\n" + lines + b"`\nend\n"


def deep(inner: bytes, times: int) -> bytes:
    for _ in range(times):
        inner = raw(b"Content-Type: message/rfc822", body=inner)
    return inner


def alternatives(times: int) -> bytes:
    opened = b"".join(b"--%d\r\nContent-Type: multipart/mixed; boundary=%d\r\n\r\n" % (at, at + 1)
                      for at in range(times))
    return mixed(opened, b"0")


def protected(book: bytes, password: str) -> bytes:
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(book)).encrypt(password, out)
    return out.getvalue()


def swollen(*names: str) -> bytes:
    """Files of 1 GB of zeros each, in kilobytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in names:
            with archive.open(name, "w", force_zip64=True) as file:
                for _ in range(1024):
                    file.write(bytes(1 << 20))
    return out.getvalue()


def overlapping(times: int) -> bytes:
    """One file of 4 MB that the directory lists over and over, each time under another name."""
    packed = zipped([("0000.txt", b"0123456789abcdef" * (1 << 18))])
    at = packed.index(b"PK\x01\x02")
    entry, end = packed[at:packed.index(b"PK\x05\x06")], packed[packed.index(b"PK\x05\x06"):]
    listed = b"".join(entry.replace(b"0000.txt", b"%04d.txt" % number) for number in range(times))
    return packed[:at] + listed + end[:8] + struct.pack("<HHI", times, times, len(listed)) + end[16:]


def zip_with(change: Callable[[zipfile.ZipInfo], None], content: bytes = b"x") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("a.txt")
        change(info)
        archive.writestr(info, content)
    return out.getvalue()


def locked_zip(book: bytes) -> bytes:
    packed = bytearray(zipped([(NAME, book)]))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.rindex(mark) + offset if mark[2] == 1 else offset] |= 1
    return bytes(packed)


def lying_zip(book: bytes) -> bytes:
    """The directory says that the file is short."""
    packed = bytearray(zipped([("a.txt", b"y" * 100_000)]))
    at = packed.rindex(b"PK\x01\x02")
    packed[at + 24:at + 28] = struct.pack("<I", 10)
    return bytes(packed)


def linked(info: zipfile.ZipInfo) -> None:
    info.create_system, info.external_attr = 3, 0o120777 << 16


def matryoshka(book: bytes, times: int) -> bytes:
    for _ in range(times):
        book = zipped([("里.zip", book)])
    return book


def torn_winmail(book: bytes) -> bytes:
    return letter(attachment(winmail((NAME, book))[:-900], b'; filename="winmail.dat"', b"application/ms-tnef"))


def cyclic(book: bytes) -> bytes:
    """An Outlook message whose directory leads in circles."""
    data = bytearray(outlook((NAME, book)))
    at = data.index("__attach".encode("utf-16-le"))
    data[at + 76:at + 80] = struct.pack("<I", 0)
    data[at + 68:at + 76] = struct.pack("<II", 1, 1)
    return bytes(data)


def nested_outlook(book: bytes, times: int) -> bytes:
    tree = message_tree((NAME, book))
    for _ in range(times):
        tree = message_tree(tree)
    return outlook(tree)


def under(book: bytes, name: str) -> bytes:
    """An attachment whose name is an encoded word of any bytes."""
    coded = base64.b64encode(name.encode("utf-8", "surrogatepass"))
    return attachment(book, b'; filename="=?utf-8?B?' + coded + b'?="')


def with_part(book: bytes, part: str) -> bytes:
    """The return with one more part."""
    out = io.BytesIO(book)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(part, XLS + bytes(504))
    return out.getvalue()
