"""Pictures without what cameras and programs write beside the pixels: place, device, author, comments."""

from __future__ import annotations

import struct

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_TALK = (b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME")
_JPEG, _SCAN = b"\xff\xd8", 0xDA
_JPEG_TALK = frozenset((0xE1, 0xEC, 0xED, 0xFE))  # Exif and XMP, Ducky, Photoshop, comment


def bare_picture(content: bytes) -> bytes:
    """A PNG or JPEG without its talk, anything else as it is; a broken picture stays as it is."""
    try:
        if content.startswith(_PNG):
            return _bare_png(content)
        return _bare_jpeg(content) if content.startswith(_JPEG) else content
    except (struct.error, IndexError):
        return content


def _bare_png(content: bytes) -> bytes:
    kept, at = [_PNG], len(_PNG)
    while at < len(content):
        length, = struct.unpack_from(">I", content, at)
        end = at + 12 + length
        if content[at + 4:at + 8] not in _PNG_TALK:
            kept.append(content[at:end])
        at = end
    return b"".join(kept)


def _bare_jpeg(content: bytes) -> bytes:
    kept, at = [_JPEG], len(_JPEG)
    while content[at] == 0xFF and content[at + 1] != _SCAN:
        length, = struct.unpack_from(">H", content, at + 2)
        if content[at + 1] not in _JPEG_TALK:
            kept.append(content[at:at + 2 + length])
        at += 2 + length
    return b"".join((*kept, content[at:]))
