"""The text of letters and files, as far as it is looked at: words of a page, links to cloud disks, 密级 marks."""

from __future__ import annotations

import re
import zipfile
from html import unescape
from io import BytesIO

from workbook.exchange.mail.names import text_of
from workbook.personal import secrecy_marks
from workbook.reading.sniff import Unusable

MOST_TEXT = 64 << 20
_HIDDEN = re.compile(r"(?is)<(style|script|head)\b.*?</\1\s*>|<!--.*?-->")
_TAG = re.compile(r"<[^>]{0,5000}>")
_LINK = re.compile(r"(?i)href\s*=\s*[\"']?(https?://[^\s\"'>]{1,2000})")
_CLOUD = re.compile(
    r"(?i)https?://(?:[\w.-]*\.)?(?:mail\.qq\.com/[^\s]*ft(?:n|ns)|wx\.mail\.qq\.com/ftn|fs\.163\.com|dashi\.163\.com"
    r"|mail\.163\.com/large-attachment|u\.163\.com|pan\.baidu\.com|yun\.baidu\.com|cloud\.189\.cn|yun\.139\.com"
    r"|caiyun\.139\.com|mail\.10086\.cn/[^\s]*|share\.weiyun\.com|weiyun\.com|kdocs\.cn|docs\.qq\.com|shimo\.im"
    r"|ali(?:pan|yundrive)\.com|pan\.quark\.cn|pan\.xunlei\.com|jianguoyun\.com|lanzou\w?\.com|123pan\.com|1drv\.ms"
    r"|onedrive\.live\.com|[\w-]+\.sharepoint\.com|drive\.google\.com|dropbox\.com|wetransfer\.com|we\.tl)"
)
_CALLED_LARGE = re.compile("(?:超大|云)附件|文件中转站")
_ANY_LINK = re.compile(r"(?i)https?://[\w.-]{1,253}")
_END_OF_TEXT = re.compile(r"</(?:\w+:)?(?:si|is|p|c|comment|v)>")
_STARS = tuple(star.encode() for star in "★☆")
_ENCODINGS = ("utf-8", "utf-16-le", "gb18030")
_GRADES = tuple(grade.encode(one) for one in _ENCODINGS for grade in "绝机秘")
_TEXT_PART = re.compile(r"(?i)\.(?:xml|rels|html?|txt)\Z")


def _one_of(letters: str, encoding: str) -> bytes:
    return b"|".join(re.escape(one.encode(encoding)) for one in letters)


_STARRED = tuple(re.compile(_one_of("密", one) + b"(?:" + _one_of(" 　", one) + b")?(?:" + _one_of("★☆", one) + b")")
                 for one in _ENCODINGS)
"""What a mark in bytes ends with, by encoding; it begins with a literal, by which a pattern is found quickly."""


def from_html(text: str) -> str:
    """The words of a page and the links in it."""
    links = "\n".join(dict.fromkeys(_LINK.findall(text)))
    return f"{unescape(_TAG.sub(' ', _HIDDEN.sub(' ', text)))}\n{unescape(links)}"


def cloud_link(text: str) -> str:
    """The host of the first link to a cloud disk or a mailer's own store of large attachments, else nothing.

    Stores move; what a mailer calls a large attachment is one wherever its link leads.
    """
    match = _CLOUD.search(text) or (_ANY_LINK.search(text) if _CALLED_LARGE.search(text) else None)
    return match[0].partition("://")[2].partition("/")[0] if match else ""


def secrecy_mark(text: str) -> str:
    """The 密级 mark in a text (秘密★), else nothing; 保密 alone is none."""
    return next(iter(secrecy_marks(text)), "")


def secrecy_mark_in(data: bytes) -> str:
    """The 密级 mark in a file's bytes: in plain text, in the parts of a package, in an old Office file."""
    if any(data.endswith(_GRADES, 0, found.start()) for one in _STARRED for found in one.finditer(data)):
        return "密级标志"
    if data.startswith(b"PK\x03\x04"):
        return _in_parts(data)
    return secrecy_mark(text_of(data[:MOST_TEXT])) if _is_text(data) else ""


def _is_text(data: bytes) -> bool:
    return bool(data) and b"\0" not in data[:4096]


def _in_parts(data: bytes) -> str:
    """In the words of the XML parts, where a mark may be cut by tags."""
    from workbook.reading.package import Package

    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            infos = [one for one in archive.infolist() if _TEXT_PART.search(one.filename)]
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, EOFError):
        return ""
    package, room = Package(data, {str(at): info for at, info in enumerate(infos)}), MOST_TEXT
    for at, info in enumerate(infos):
        if info.file_size > room:
            continue
        room -= info.file_size
        try:
            part = package.read(str(at))
        except Unusable:
            continue
        if any(star in part for star in _STARS) and (found := secrecy_mark(_words(part))):
            return found
    return ""


def _words(part: bytes) -> str:
    return re.sub(r"<[^>]*>", "", _END_OF_TEXT.sub("\n", part.decode("utf-8", "replace")))
