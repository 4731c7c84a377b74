"""Workbooks under Excel's own password: what it encrypts by itself where only structure or writing is protected.

Excel opens them without asking ([MS-OFFCRYPTO] 2.3.7.1 names the password); so do we.
"""

from __future__ import annotations

import io
import re

from workbook.reading.ole import Compound, open_compound
from workbook.reading.sniff import Container, Unusable
from workbook.reading.xls import is_encrypted

PASSWORD = "VelvetSweatshop"
MOST_ROUNDS = 1_000_000
"""Excel hashes a password 100,000 times over; a file may ask for more, but not for hours."""
_LARGEST_INFO = 1 << 16
_ROUNDS = re.compile(rb'spinCount="(\d{1,12})"')


def unlocked(data: bytes) -> bytes:
    """The workbook inside; `data` itself where it is not encrypted, or under a password of somebody's own."""
    if not data.startswith(Container.OLE.value):
        return data
    try:
        encrypted = _is_encrypted(open_compound(data))
    except Unusable:
        return data
    return _opened(data) if encrypted else data


def _is_encrypted(compound: Compound) -> bool:
    """Whether a workbook is encrypted in a way that can be tried within bounds."""
    if "EncryptedPackage" not in compound.entries:
        return "Workbook" in compound.entries and is_encrypted(compound.stream("Workbook"))
    if "EncryptionInfo" not in compound.entries or compound.entries["EncryptionInfo"].size > _LARGEST_INFO:
        return False
    info = compound.stream("EncryptionInfo")
    return b"<!" not in info and all(int(rounds) <= MOST_ROUNDS for rounds in _ROUNDS.findall(info))


def _opened(data: bytes) -> bytes:
    from msoffcrypto import OfficeFile

    inside = io.BytesIO()
    try:
        locked = OfficeFile(io.BytesIO(data))
        locked.load_key(password=PASSWORD, verify_password=True)
        locked.decrypt(inside)
    except Exception:  # another password; or damaged, and the library raises whatever it comes upon
        return data
    return inside.getvalue()
