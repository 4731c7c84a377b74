"""An Outlook message file (.msg, [MS-OXMSG]) becomes a Message."""

from __future__ import annotations

import re
from typing import NamedTuple

from workbook.exchange.mail.addresses import address_in
from workbook.exchange.mail.mime import MOST_PARTS, automatic
from workbook.exchange.mail.names import text_of
from workbook.exchange.mail.pieces import Enclosure, Envelope, Message
from workbook.exchange.mail.texts import from_html
from workbook.reading.ole import Compound, Storage, open_compound, storage_of
from workbook.reading.sniff import ASK_AGAIN, Unusable

MARK = "__properties_version1.0"
_ATTACHMENT = "__attach_version1.0_"
_LARGEST_SMALL_BOX = 32 << 20
_SUBJECT, _CLASS, _HEADERS, _BODY, _HTML = "0037", "001A", "007D", "1000", "1013"
_SENDERS = ("5D01", "5D02", "0C1F", "0065")
_NAMES = ("3707", "3704", "3001")
_DATA, _CONTENT_ID = "3701", "3712"
_UNICODE, _NARROW, _BINARY, _OBJECT = "001F", "001E", "0102", "000D"
_REPORTS = ((re.compile(r"(?i)\AREPORT\..*\.NDR\Z"), "退信", "没有送到"),
            (re.compile(r"(?i)\AREPORT\..*\.DR\Z"), "自动回复", "投递通知"),
            (re.compile(r"(?i)\AREPORT\..*\.IPN"), "自动回复", "已读回执"),
            (re.compile(r"(?i)OofTemplate"), "自动回复", ""))


def is_msg(compound: Compound) -> bool:
    """Whether an OLE2 file is an Outlook message."""
    return MARK in compound.entries and "Workbook" not in compound.entries


def read_msg(data: bytes) -> Message:
    """The message an Outlook file holds; raises Unusable where it cannot be taken apart."""
    compound = open_compound(data)
    if compound.entries["Root Entry"].size > _LARGEST_SMALL_BOX:
        raise Unusable(f"邮件大得不正常，没有打开。{ASK_AGAIN}")
    return _message(_Folder(compound, storage_of(compound)))


class _Folder(NamedTuple):
    """One storage of the file, asked for its properties."""

    compound: Compound
    storage: Storage

    def binary(self, tag: str) -> bytes | None:
        entry = self.storage.streams.get(f"__substg1.0_{tag}{_BINARY}")
        return self.compound.content(entry) if entry else None

    def text(self, *tags: str) -> str:
        """The first of these properties that holds a text."""
        for tag in tags:
            wide, narrow = (self.storage.streams.get(f"__substg1.0_{tag}{kind}") for kind in (_UNICODE, _NARROW))
            if wide:
                found = self.compound.content(wide).decode("utf-16-le", "replace")
            else:
                found = text_of(self.compound.content(narrow)) if narrow else ""
            if found.strip("\0 "):
                return found.strip("\0")
        return ""

    def inside(self, name: str) -> _Folder | None:
        found = self.storage.storages.get(name)
        return _Folder(self.compound, found) if found else None


def _message(folder: _Folder) -> Message:
    html = text_of(folder.binary(_HTML) or b"")
    text = folder.text(_BODY) + "\n" + (from_html(html) if html else "")
    envelope = _envelope(folder)
    names = sorted(name for name in folder.storage.storages if name.startswith(_ATTACHMENT))
    if len(names) > MOST_PARTS:
        raise Unusable(f"邮件里有 {len(names)} 个附件，多得不正常，没有打开。{ASK_AGAIN}")
    if envelope.notice and envelope.said:
        return Message(envelope, text, ())
    enclosures = [one for name in names if (one := _enclosure(folder, name, html))]
    return Message(envelope, text, tuple(enclosures))


def _enclosure(folder: _Folder, name: str, html: str) -> Enclosure | None:
    """One attachment; None for a picture that the body shows."""
    attached = folder.inside(name)
    if attached is None:
        return None
    shown = attached.text(_CONTENT_ID)
    if shown and f"cid:{shown}" in html:
        return None
    inner = attached.inside(f"__substg1.0_{_DATA}{_OBJECT}")
    if inner and MARK in inner.storage.streams:
        return Enclosure(attached.text(*_NAMES), b"", _message(inner))
    return Enclosure(attached.text(*_NAMES), attached.binary(_DATA) or b"")


def _envelope(folder: _Folder) -> Envelope:
    headers = folder.text(_HEADERS)
    candidates = [folder.text(tag) for tag in _SENDERS] + re.findall(r"(?im)^From:(.*(?:\r?\n[ \t].*)*)", headers)
    sender = next(filter(None, map(address_in, candidates)), "")
    subject = folder.text(_SUBJECT)
    told = folder.text(_CLASS)
    for pattern, notice, said in _REPORTS:
        if pattern.search(told):
            return Envelope(sender, subject, notice=notice, said=said)
    mark = re.search(r"(?im)^Auto-Submitted:\s*([\w-]+)", headers)
    return Envelope(sender, subject, notice=automatic(sender, subject, mark[1].lower() if mark else ""))
