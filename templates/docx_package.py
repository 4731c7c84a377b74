"""A .docx opened for reading, within bounds; what is none is called what it is."""

from __future__ import annotations

from workbook.reading.ole import open_compound
from workbook.reading.package import MOST_RATIO, SUSPECT_PART, Package, open_package
from workbook.reading.sniff import ASK_AGAIN, CHECK_FILE, Container, Unusable, what_it_is

SAVE_AS = "请在 Word 或 WPS 里打开，另存为 .docx 再试。"
LARGEST_XML, LARGEST = 64 << 20, 300 << 20
"""Bytes of all XML parts, and of all parts, unpacked; the report of the largest ledger has a tenth of the first."""
_WORDS = {"网页改名的表格": "网页", "文本或 CSV": "纯文本"}


def open_docx(data: bytes) -> Package:
    """The package; raises Unusable where it is torn, plays tricks, is far too large, or no Word document at all."""
    if data.startswith(Container.OLE.value):
        raise Unusable(f"{_old(data)}，读不了。{SAVE_AS}")
    if not data:
        raise Unusable(f"是空文件，里面什么也没有。{ASK_AGAIN}")
    if not data.startswith(Container.ZIP.value):
        what = what_it_is(data)
        raise Unusable(f"不是 Word 文档（.docx），是{_WORDS.get(what, what)}。{SAVE_AS}")
    package = open_package(data)
    _check_sizes(package)
    if not any(name.startswith("word/") or name == "_rels/.rels" for name in package.parts):
        raise Unusable(f"里面没有 Word 正文。{CHECK_FILE}")
    return package


def _check_sizes(package: Package) -> None:
    sizes = {name: info.file_size for name, info in package.parts.items()}
    text = sum(size for name, size in sizes.items() if name.startswith("word/") and name.endswith(".xml"))
    swollen = any(info.file_size > SUSPECT_PART and info.file_size > MOST_RATIO * info.compress_size
                  for info in package.parts.values())
    if swollen or text > LARGEST_XML or sum(sizes.values()) > LARGEST:
        raise Unusable(f"内容解开后有 {sum(sizes.values()) >> 20} MB，大得不正常，没有读。{CHECK_FILE}")


def _old(data: bytes) -> str:
    """What an OLE2 file is that stands where a .docx should."""
    try:
        names = open_compound(data).entries
    except Unusable:
        names = {}
    if "EncryptedPackage" in names:
        return "有打开密码"
    return "是旧格式的文档（.doc 或 .wps）" if "WordDocument" in names else "是旧格式（.doc、.wps）或加了密码的文档"
