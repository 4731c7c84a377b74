"""vbaProject.bin without Office: source only, no compiled cache anywhere (MS-OVBA 2.3.4.1)."""

from __future__ import annotations

import re
import struct
import zipfile
from pathlib import Path

from workbook.files import scratch_folder
from workbook.findings import Refusal

PROJECT = "Taizhang"
CODE_PAGE = 936
NO_CACHE = bytes.fromhex("cc61ffff000100")
_CODE_PAGE_RECORD, _NAME_RECORD, _VERSION_RECORD = 0x0003, 0x0004, 0x0009


def vba_project(module: str, source: str) -> bytes:
    """A project with one standard module beside the workbook's and the sheet's own; always the same bytes."""
    try:
        from pyopenvba import ExcelFile
    except ImportError:
        raise Refusal("生成加载项要用 pyopenvba，本机没有装。请用“pip install pyopenvba”装好再试。") from None

    with scratch_folder() as folder:
        blank = Path(folder, "blank.xlam")
        with ExcelFile.create_new(blank) as book:
            project = book.vba_project()
            project.code_page = CODE_PAGE
            project.delete_module("Module1")
            project.add_module(module, source)
            for each in project.modules:
                each.dirty = True
            book.save(blank)
        with zipfile.ZipFile(blank) as package:
            return _ours(package.read("xl/vbaProject.bin"))


def _ours(content: bytes) -> bytes:
    """The project under our name and code page, with the cache that says "compile from source"."""
    from pyopenvba.cfb import CFB
    from pyopenvba.vba import compress, decompress

    storage = CFB.from_bytes(content)
    directory = _named(decompress(storage.get_stream_in_storage("VBA", "dir")))
    storage.write_stream_in_storage("VBA", "dir", compress(directory))
    told = re.sub(rb'(?m)^Name="[^"]*"', f'Name="{PROJECT}"'.encode(), storage.get_stream("PROJECT"), count=1)
    storage.write_stream("PROJECT", told)
    storage.write_stream_in_storage("VBA", "_VBA_PROJECT", NO_CACHE)
    return bytes(storage.to_bytes())


def _named(directory: bytes) -> bytes:
    """PROJECTCODEPAGE and PROJECTNAME changed, every other record as it was (MS-OVBA 2.3.4.2.1)."""
    ours = {_CODE_PAGE_RECORD: struct.pack("<H", CODE_PAGE), _NAME_RECORD: PROJECT.encode()}
    done, place = bytearray(), 0
    while (kind := struct.unpack_from("<H", directory, place)[0]) != _VERSION_RECORD:
        size = struct.unpack_from("<I", directory, place + 2)[0]
        content = ours.get(kind, directory[place + 6:place + 6 + size])
        done += struct.pack("<HI", kind, len(content)) + content
        place += 6 + size
    return bytes(done) + directory[place:]
