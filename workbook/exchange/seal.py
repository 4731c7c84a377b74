"""Whose workbook is it: the identity that a dispatched book carries three times, under a keyed seal.

`_元`, a defined name and a custom property hold the same line, because programs drop
now one, now another. The majority wins. The key never leaves the 往来 folder, so that
nobody outside can make a book that its seal bears out (HMAC, RFC 2104).
"""

from __future__ import annotations

import hashlib
import hmac
import posixpath
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import unquote

from workbook.reading.outline import relations
from workbook.reading.package import Package, open_package
from workbook.reading.sniff import Unusable
from workbook.reading.xmlstream import parse

DISPATCH_KEY, OFFICE_KEY, CODE_KEY = "下发编号", "股室", "股室代码"
BASE_KEY, SAVED_KEY, SAVER_KEY, SEAL_KEY, DUE_KEY = "基准摘要", "保存时间", "保存程序", "下发标识", "截止日期"
"""What `_元` of a dispatched book says beside 架构版本 and 台账编号."""
NAME, PROPERTY = "下发标识", "taizhang-dispatch"
"""The defined name and the custom property."""
_FIRST_WORD = "taizhang1"
_SEAL_LENGTH, _ROWS_LENGTH = 32, 16
_KEPT_APART = (("%", "%25"), ("|", "%7C"), ('"', "%22"), ("\n", "%0A"), ("\r", "%0D"))


class Identity(NamedTuple):
    """Who a dispatched book is: `rows` is the digest of the row ids it was sent with."""

    ledger: str
    dispatch: str
    code: str
    rows: str
    seal: str

    @property
    def text(self) -> str:
        """The line that the three carriers hold."""
        return "|".join((_FIRST_WORD, *map(_quoted, self)))


class Judged(NamedTuple):
    """What a book's carriers say together: `agree` that all three say it, `sealed` that the seal bears it out."""

    identity: Identity | None
    agree: bool
    sealed: bool


def rows_digest(ids: Iterable[str]) -> str:
    """The digest of the row ids of a sent book, whatever their order."""
    return hashlib.sha256("\n".join(sorted(ids)).encode("utf-8", "surrogatepass")).hexdigest()[:_ROWS_LENGTH]


def sealed(key: bytes, ledger: str, dispatch: str, code: str, rows: str) -> Identity:
    """The identity of a book that is sent, with its seal."""
    return Identity(ledger, dispatch, code, rows, _seal(key, ledger, dispatch, code, rows))


def borne_out(key: bytes, identity: Identity) -> bool:
    """Whether the seal was made with this key for just this."""
    return hmac.compare_digest(_seal(key, *identity[:-1]).encode(), identity.seal.encode("utf-8", "replace"))


def identity_from(text: str) -> Identity | None:
    """The identity a carrier's line holds; None where it is no such line."""
    first, *parts = text.strip().split("|")
    if first != _FIRST_WORD or len(parts) != len(Identity._fields):
        return None
    return Identity(*map(unquote, parts))


def carriers(data: bytes, meta: Mapping[str, str]) -> tuple[Identity | None, Identity | None, Identity | None]:
    """What `_元` (as `Book.meta`), the defined name and the custom property of an .xlsx say.

    A carrier that is gone or unreadable says None.
    """
    try:
        package = open_package(data)
        top = relations(package, "_rels/.rels", "").values()
        name = _defined_name(package, [one.target for one in top if one.kind == "officeDocument"])
        prop = _property(package, [one.target for one in top if one.kind == "custom-properties"])
    except Unusable:
        name = prop = ""
    said, named, kept = (identity_from(text) for text in (meta.get(SEAL_KEY, ""), name, prop))
    return said, named, kept


def judged(found: Iterable[Identity | None], key: bytes) -> Judged:
    """The identity that most carriers hold; where as many hold another one, that which the seal bears out."""
    said = list(found)
    counts = Counter(one for one in said if one is not None)
    if not counts:
        return Judged(None, False, False)
    most = max(counts.values())
    ranked = sorted((one for one in counts if counts[one] == most), key=lambda one: (not borne_out(key, one), one))
    chosen = ranked[0]
    if len(ranked) > 1 and not borne_out(key, chosen):
        return Judged(None, False, False)
    return Judged(chosen, counts[chosen] == len(said), borne_out(key, chosen))


def _seal(key: bytes, *parts: str) -> str:
    told = "\0".join((_FIRST_WORD, *parts)).encode("utf-8", "surrogatepass")
    return hmac.new(key, told, hashlib.sha256).hexdigest()[:_SEAL_LENGTH]


def _quoted(part: str) -> str:
    for mark, instead in _KEPT_APART:
        part = part.replace(mark, instead)
    return part


def _defined_name(package: Package, mains: list[str]) -> str:
    texts = _texts(package, mains[-1], "definedName") if mains else []
    found = next((text for named, text in texts if named == NAME), "")
    return found.strip().removeprefix("=").strip('"')


def _property(package: Package, parts: list[str]) -> str:
    usual = posixpath.join("docProps", "custom.xml")
    place = parts[-1] if parts else usual
    texts = _texts(package, place, "property") if package.has(place) else []
    return next((text for named, text in texts if named == PROPERTY), "")


def _texts(package: Package, part: str, wanted: str) -> list[tuple[str, str]]:
    """(name, text inside) of every element of one kind."""
    found: list[tuple[str, str]] = []
    inside = [False]

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if name == wanted:
            inside[0] = True
            found.append((attributes.get("name", ""), ""))

    def end(name: str) -> None:
        inside[0] = inside[0] and name != wanted

    def text(piece: str) -> None:
        if inside[0]:
            found[-1] = (found[-1][0], found[-1][1] + piece)

    parse(package.pieces(part), part, start, end, text)
    return found
