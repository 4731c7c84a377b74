"""What a file is, told by its content; its name only tells Excel's own lock files.

Offices rename what they have: web pages named .xls, Word files named .xlsx,
half a download. Each is named for what it is, with what to do about it.
"""

from __future__ import annotations

import os
import re
from enum import Enum


class Unusable(Exception):
    """Why a file cannot be read, without its name: what it is or what is damaged, and what to do."""


class Container(Enum):
    """The two boxes a workbook comes in."""

    ZIP = b"PK\x03\x04"
    OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


SAVE_AS = "请在 Excel 或 WPS 里打开，另存为 .xlsx 再试。"
UNPACK = "请先解压，再用里面的 .xlsx。"
ASK_AGAIN = "请向发件人再要一份。"
CHECK_FILE = "请核对是不是选错了文件。"
HEAD = 4096

_SIGNATURES = (
    (rb"PK\x05\x06", "空的压缩包", ASK_AGAIN),
    (rb"%PDF", "PDF 文件", "请用填报的 .xlsx 原件。"),
    (rb"\x89PNG|\xff\xd8\xff|GIF8|BM.{4}\x00{4}|II\*\x00|MM\x00\*|RIFF.{4}WEBP", "图片", "请用填报的 .xlsx 原件。"),
    (rb"Rar!\x1a|7z\xbc\xaf\x27\x1c|\x1f\x8b|BZh|\xfd7zXZ", "压缩包", UNPACK),
    (rb"MZ", "程序", "不要打开它，请先问发件人。"),
    (rb"\{\\rtf", "Word 文档（RTF）", CHECK_FILE),
    (rb"\x09[\x00\x02\x04]\x06\x00", "很早的 Excel 文件（4.0 以前）", SAVE_AS),
    (rb".{0,16}(?:E-SafeNet|%TSD-Header)", "本单位加密软件加密过的文件", "请先在加密软件里解密，再试。"),
    (rb"\x00{64}", "一串零，内容已经丢失", ASK_AGAIN),
)
_TEXTS = (
    (r"urn:schemas-microsoft-com:office:spreadsheet", "Excel 2003 的 XML 表格", SAVE_AS),
    (r"schemas\.microsoft\.com/office/(?:word/2003|2006/xmlPackage)|<w:wordDocument", "Word 的 XML 文档", CHECK_FILE),
    (r"(?i)\A\s*(?:<!--.*?-->\s*)?<(?:!doctype html|html|head|body|table|meta|div|style)\b", "网页改名的表格", SAVE_AS),
    (r"(?im)^MIME-Version:", "单个文件的网页或邮件", SAVE_AS),
    (r"(?i)<(?:html|table)\b", "网页改名的表格", SAVE_AS),
    (r"\A\s*<\?xml|\A\s*<\w", "XML 文件", CHECK_FILE),
    (r"\A\s*[\[{]\s*[\"{\[\]}]", "JSON 文件", CHECK_FILE),
)
_PLAIN = "文本或 CSV"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def container(data: bytes, name: str) -> Container:
    """The box a file is; raises Unusable, saying what it is, where it is neither."""
    if os.path.basename(name.replace("\\", "/")).startswith("~$") and len(data) < HEAD:
        raise Unusable("是 Excel 打开表格时留下的临时文件，不是台账。不用处理它，关闭 Excel 后会消失。")
    if not data:
        raise Unusable("是空文件，里面什么也没有。" + ASK_AGAIN)
    for kind in Container:
        if data.startswith(kind.value):
            return kind
    raise not_a_workbook(*_other(data))


def is_plain_text(data: bytes) -> bool:
    """Whether a file is text of no other kind: perhaps a table in CSV."""
    return not data.startswith(tuple(kind.value for kind in Container)) and _other(data)[0] == _PLAIN


def what_it_is(data: bytes) -> str:
    """What a file is that begins as neither of the two boxes."""
    return _other(data)[0]


def not_a_workbook(what: str, advice: str) -> Unusable:
    space = " " if what[0].isascii() else ""
    return Unusable(f"不是 Excel 工作簿（是{space}{what}）。{advice}")


def _other(data: bytes) -> tuple[str, str]:
    for signature, what, advice in _SIGNATURES:
        if re.match(signature, data, re.DOTALL):
            return what, advice
    text = _head_text(data)
    if text is None:
        return "认不出的文件", CHECK_FILE
    for pattern, what, advice in _TEXTS:
        if re.search(pattern, text):
            return what, advice
    return _PLAIN, SAVE_AS


def _head_text(data: bytes) -> str | None:
    """The beginning as text where it is text: by byte order mark, as UTF-8 or as GB18030."""
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8")):
        if data.startswith(mark):
            return data[len(mark):HEAD].decode(encoding, "ignore")
    for encoding in ("utf-8", "gb18030"):
        for cut in range(4):
            try:
                text = data[:HEAD - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return None if _CONTROL.search(text) else text
    return None
