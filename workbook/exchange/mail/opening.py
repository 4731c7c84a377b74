"""From what a coordinator has (files, folders, mailboxes, archives) to single pieces: by content, within bounds."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from typing import NamedTuple

from workbook.exchange.mail import mbox, mime, msg, tnef
from workbook.exchange.mail.archives import Archive, open_archive
from workbook.exchange.mail.names import line_of, shown
from workbook.exchange.mail.pieces import BOUNCED, Message, Piece, named
from workbook.exchange.mail.texts import cloud_link
from workbook.files import read_bytes
from workbook.findings import Refusal
from workbook.reading.ole import open_compound
from workbook.reading.package import Package, open_package
from workbook.reading.sniff import ASK_AGAIN, Container, Unusable

DEEPEST = 8
MOST_PIECES, MOST_BYTES = 5_000, 512 << 20
MOST_ARCHIVES = 2
"""How many archives may stand one in another."""
_OFFICE = ("[content_types].xml", "mimetype", "meta-inf/container.xml", "ofd.xml", "index/document.iwa")
_LEFT_BY_PROGRAMS = (".", "~$")
_TOO_DEEP = "套了太多层，没有打开。请拆开后再收。"


class _Way(NamedTuple):
    """How something was reached: names, senders and texts of what it is in, and the place that names it."""

    route: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    date: str = ""
    origin: str = ""
    in_message: bool = False
    message_id: str = ""
    archives: int = 0


class _Full(Unusable):
    """A source unpacks to more than anyone sends: nothing more of it is opened."""


class _Room:
    """What one file or letter may still unpack."""

    def __init__(self) -> None:
        self.pieces, self.bytes = MOST_PIECES, MOST_BYTES

    def take(self, size: int) -> None:
        self.pieces -= 1
        self.bytes -= size
        if self.pieces < 0 or self.bytes < 0:
            raise _Full("里面的内容多得不正常，可能是压缩炸弹，余下的没有打开。请向发件人核实。")


def from_path(path: str | os.PathLike[str], without: str | os.PathLike[str] = "") -> Iterator[Piece]:
    """The pieces of a file or folder, in the order of names, but nothing of the folder `without`.

    A file that cannot be read is one piece, 损坏. Raises Refusal where there is nothing of this name.
    """
    source, own = os.fspath(path), os.path.realpath(without) if without else ""
    if not os.path.lexists(source):
        raise Refusal(f"{source}：找不到这个文件或文件夹。请核对名称。")
    if not os.path.isdir(source):
        yield from _from_file(source, os.path.basename(source))
        return
    for folder, folders, files in os.walk(source):
        if {"cur", "new"} <= set(folders) and "tmp" in folders:
            folders.remove("tmp")  # a Maildir's letters on the way
        folders[:] = sorted(name for name in folders if not _hidden(folder, name)
                            and os.path.realpath(os.path.join(folder, name)) != own)
        for name in sorted(files):
            if not name.startswith(_LEFT_BY_PROGRAMS):
                yield from _from_file(os.path.join(folder, name), name)


def from_bytes(data: bytes, name: str, origin: str) -> Iterator[Piece]:
    """The pieces of what is in memory; `origin` names the place it came from."""
    yield from _opened(name, data, _Way(origin=origin), _Room())


def _hidden(folder: str, name: str) -> bool:
    """A hidden folder, unless it is one of a Maildir++ mailbox."""
    return name.startswith(".") and not os.path.isdir(os.path.join(folder, name, "cur"))


def _from_file(path: str, name: str) -> Iterator[Piece]:
    origin = os.path.realpath(path)
    try:
        data = read_bytes(path)
    except Refusal as why:
        said = str(why).removeprefix(f"{path}：")
        yield Piece(shown(name), b"", verdict="损坏", why=said, origin=named(origin, said))
        return
    yield from from_bytes(data, name, origin)


def _opened(name: str, data: bytes, way: _Way, room: _Room, letter: Message | None = None) -> Iterator[Piece]:
    """What these bytes, or this message, are made of.

    Opening one thing never stops the others: where it fails it ends in a piece that says why.
    """
    pieces = 0
    try:
        room.take(len(data) or len(letter.text if letter else ""))
        inside = _letter(name, data, letter, way, room) if letter else _taken_apart(name, data, way, room)
        for piece in inside:
            pieces += 1
            yield piece
    except Unusable as why:
        if isinstance(why, _Full) and way.route:
            raise
        yield _piece(name, data, way._replace(origin=named(way.origin, str(pieces))), _verdict(why), str(why))


def _verdict(why: Unusable) -> str:
    return "可疑" if any(word in str(why) for word in ("不正常", "太多层")) else "损坏"


def _taken_apart(name: str, data: bytes, way: _Way, room: _Room) -> Iterator[Piece]:
    if mbox.is_mbox(data):
        for number, one in enumerate(mbox.messages(data), 1):
            yield from _opened(f"第 {number} 封邮件", one, _inside(name, way, str(number)), _own(room, way))
    elif mime.is_message(data):
        yield from _letter(name, data, mime.read_message(data), way, room)
    elif tnef.is_tnef(data):
        yield from _wrapped(name, data, way, room)
    elif data.startswith(Container.OLE.value) and (letter := _outlook(data)):
        yield from _letter(name, data, letter, way, room)
    elif _is_archive(data):
        yield from _unzipped(name, data, open_archive(data), way, room)
    else:
        yield _piece(name, data, way)


def _own(room: _Room, way: _Way) -> _Room:
    """Each letter of a mailbox that was given has its own room: mailboxes grow; a mailbox in a letter shares."""
    return room if way.route else _Room()


def _piece(name: str, data: bytes, way: _Way, verdict: str = "", why: str = "") -> Piece:
    origin = way.origin if way.in_message else named(way.origin, hashlib.sha256(data).hexdigest())
    return Piece(shown(name), data, way.route, way.senders, way.texts, way.date, verdict, why, origin,
                 way.message_id)


def _inside(name: str, way: _Way, place: str) -> _Way:
    """One step further in; `place` names the step."""
    if len(way.route) >= DEEPEST:
        raise Unusable(_TOO_DEEP)
    return way._replace(route=(*way.route, shown(name)), origin=named(way.origin, place))


def _letter(name: str, data: bytes, letter: Message, way: _Way, room: _Room) -> Iterator[Piece]:
    """A message: its attachments, or itself where nothing is attached, or only what came back undelivered."""
    envelope = letter.envelope
    if not way.in_message:
        way = way._replace(origin=hashlib.sha256(data).hexdigest(), in_message=True, message_id=envelope.id)
    title = f"《{line_of(envelope.subject)}》" if envelope.subject.strip() else name
    way = way._replace(senders=(*way.senders, envelope.sender), date=envelope.date,
                       texts=(*way.texts, envelope.subject, letter.text))
    if not letter.enclosures or envelope.notice == BOUNCED:
        yield _piece(title, data or letter.text.encode("utf-8", "replace"), way, *_bare(letter))
        return
    for number, one in enumerate(letter.enclosures):
        yield from _opened(one.name, one.data, _inside(title, way, str(number)), room, one.message)


def _bare(letter: Message) -> tuple[str, str]:
    """What a message without attachments is, and what it says."""
    notice, said = letter.envelope.notice, line_of(letter.envelope.said)
    if notice:
        return notice, said or line_of(letter.envelope.subject)
    host = cloud_link(letter.text)
    if host:
        return "仅云链接", f"附件在 {host} 上。请下载后放进文件夹再收，或请对方改发普通附件。"
    if mime.is_torn(letter.text):
        return "损坏", "邮件的结构坏了，里面的附件取不出来。" + ASK_AGAIN
    return "无附件", ""


def _wrapped(name: str, data: bytes, way: _Way, room: _Room) -> Iterator[Piece]:
    found = tnef.enclosures(data)
    if not found:
        yield _piece(name, data, way, "无附件", "winmail.dat 里没有附件。")
    for number, one in enumerate(found):
        yield from _opened(one.name, one.data, _inside(name, way, str(number)), room)


def _outlook(data: bytes) -> Message | None:
    """The message in an OLE2 file, if it is one; a file too damaged to say is left to the reader of workbooks."""
    try:
        compound = open_compound(data)
    except Unusable:
        return None
    return msg.read_msg(data) if msg.is_msg(compound) else None


def _unzipped(name: str, data: bytes, archive: Archive, way: _Way, room: _Room) -> Iterator[Piece]:
    """The files of an archive; what cannot be unpacked is told in a line of the archive itself."""
    lost: list[tuple[str, str, str]] = []
    way = way._replace(archives=way.archives + 1)
    for number, entry in enumerate(archive.entries):
        inside = _inside(name, way, f"{number}\0{entry.name}" if way.in_message else entry.name)
        if entry.locked:
            lost.append(("加密", entry.name, "有密码，请解开后放进文件夹再收。"))
            continue
        if entry.size > room.bytes:
            room.take(entry.size)
        try:
            content = archive.read(number)
        except Unusable as why:
            lost.append((_verdict(why), entry.name, str(why).replace(f"部件 {number} ", "")))
            continue
        if inside.archives >= MOST_ARCHIVES and _is_archive(content):
            lost.append(("可疑", entry.name, "压缩包" + _TOO_DEEP))
            continue
        yield from _opened(entry.name, content, inside, room)
    if lost or not archive.entries:
        yield _piece(name, data, way, *_lost(lost))


def _lost(lost: list[tuple[str, str, str]]) -> tuple[str, str]:
    """The worst that happened in an archive, and the first file it happened to."""
    if not lost:
        return "损坏", "压缩包是空的。请向发件人再要一份。"
    verdict, name, why = max(lost, key=lambda one: ("加密", "损坏", "可疑").index(one[0]))
    more = f"等 {len(lost)} 个文件" if len(lost) > 1 else ""
    return verdict, f"压缩包里的“{shown(name)}”{more}打不开：{why}"


def _is_archive(data: bytes) -> bool:
    return data.startswith((Container.ZIP.value, b"PK\x05\x06")) and not _is_document(data)


def _is_document(data: bytes) -> bool:
    """Whether a zip file is the package of a workbook or document, sound or not, and no archive of files."""
    try:
        package: Package = open_package(data)
    except Unusable:
        return b"[Content_Types].xml" in data
    return any(package.has(part) for part in _OFFICE)
