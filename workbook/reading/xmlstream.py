"""XML parts read as a stream, with the parser of the standard library; document type declarations are refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NoReturn
from xml.parsers import expat

from workbook.reading.package import Package, broken
from workbook.reading.sniff import ASK_AGAIN, Unusable

Attributes = dict[str, str]
DEEPEST = 1_000
_ENCODINGS = frozenset({"UTF-8", "UTF-16", "UTF-16BE", "UTF-16LE", "US-ASCII", "ISO-8859-1"})


def parse(
    pieces: Iterable[bytes],
    part: str,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Call `start`, `end` and `text` as the document goes by; names come without their prefix.

    Raises Unusable where the part is not well formed, declares a document type or nests without end.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.XmlDeclHandler = lambda _version, encoding, _standalone: _check_encoding(encoding, part)
    parser.StartDoctypeDeclHandler = lambda *_: forbid(part)
    parser.StartElementHandler = lambda name, attributes: start(name.rpartition(":")[2], attributes)
    if end is not None:
        close = end
        parser.EndElementHandler = lambda name: close(name.rpartition(":")[2])
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        for piece in pieces:
            if not shallow(piece):
                raise Unusable(f"部件 {part} 的内容一层套一层，多得不正常，没有读。{ASK_AGAIN}")
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise broken(part) from None


def shallow(text: bytes) -> bool:
    """Whether in these bytes no thousand elements begin one in the other."""
    return _closes_often(text) or all(run.count(b"<") - run.count(b"/>") <= DEEPEST for run in text.split(b"</"))


def _closes_often(text: bytes) -> bool:
    """Whether some element ends wherever a thousand could have begun (each takes three bytes, <a>)."""
    at, room = 0, 3 * DEEPEST
    while len(text) - at >= room:
        at = text.rfind(b"</", at, at + room) + 2
        if at < 2:
            return False
    return True


def elements(package: Package, part: str, wanted: frozenset[str]) -> list[tuple[str, Attributes]]:
    """The elements of these names in a part, in document order."""
    return elements_of(package.pieces(part), part, wanted)


def elements_of(pieces: Iterable[bytes], part: str, wanted: frozenset[str]) -> list[tuple[str, Attributes]]:
    """The same from the bytes of the part."""
    found: list[tuple[str, Attributes]] = []

    def start(name: str, attributes: Attributes) -> None:
        if name in wanted:
            found.append((name, attributes))

    parse(pieces, part, start)
    return found


def small_number(text: str, otherwise: int) -> int:
    """A count or index out of an attribute, at most nine digits."""
    return int(text) if text.isdecimal() and len(text) < 10 else otherwise


def _check_encoding(encoding: str | None, part: str) -> None:
    if encoding and encoding.upper() not in _ENCODINGS:
        raise broken(part)


def forbid(part: str) -> NoReturn:
    """Refuse a document type: nothing in a workbook needs one, and it can read files or fill the memory."""
    raise Unusable(f"部件 {part} 带有文档类型声明（DTD），正常的 Office 文件没有，可能是恶意文件，没有读。{ASK_AGAIN}")
