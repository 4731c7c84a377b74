"""A file as a Text: .txt and .md line by line, .docx paragraph by paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from templates.lint.markup import read_markdown, read_plain
from templates.lint.text import Line, Place, Text
from workbook.files import read_bytes
from workbook.findings import Refusal
from workbook.reading.sniff import Unusable

ENDINGS = (".docx", ".txt", ".md")
LARGEST = 4 << 20
LONGEST_LINE = 50_000
"""A report's paragraph has some thousand characters; what is longer is no report and would take minutes."""
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f]")
_RULE = re.compile(r"[\s:|-]*-{2,}[\s:|-]*")
_OLD = {".doc": "Word 97–2003 文档", ".wps": "WPS 文档", ".rtf": "RTF 文档", ".pdf": "PDF 文件", ".odt": "ODT 文档"}


def read_report(path: str) -> Text:
    """Read one report. Raises Refusal where the file cannot be read, is no report or is too large."""
    ending = Path(path).suffix.lower()
    if ending in _OLD:
        raise Refusal(f"{path}：{_OLD[ending]}不能直接检查。请另存为 .docx 或 .txt 再试。")
    if ending not in ENDINGS:
        raise Refusal(f"{path}：只能检查 .docx、.txt、.md 的报告。")
    data = read_bytes(path)
    if ending == ".docx":
        return _bounded(path, _word(path, data))
    if len(data) > LARGEST:
        raise _too_large(path)
    return _bounded(path, plain_text(path, _decoded(path, data), markdown=ending == ".md"))


def _bounded(path: str, text: Text) -> Text:
    lengths = [len(line.text) for line in text.lines]
    if max(lengths, default=0) > LONGEST_LINE or sum(lengths) > LARGEST:
        raise _too_large(path)
    return text


def _too_large(path: str) -> Refusal:
    return Refusal(f"{path}：内容大得不正常，不像一份报告，没有读。请核对是不是选错了文件。")


def _word(path: str, data: bytes) -> Text:
    from templates.lint.wordfile import read_word

    try:
        return read_word(path, data)
    except Unusable as why:
        raise Refusal(f"{path}：{why}") from None


def _decoded(path: str, data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark):].decode(encoding, "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _NO_TEXT.search(text):
            return text
    raise Refusal(f"{path}：不是文字文件，读不出来。请核对是不是选错了文件。")


def plain_text(name: str, text: str, *, markdown: bool = False) -> Text:
    """A text line by line; Markdown marks are left out, and noted where the text is no Markdown."""
    raw = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = _markdown(raw) if markdown else (read_plain(_line(number, line)) for number, line in enumerate(raw, 1))
    return Text(name, tuple(lines))


def _line(number: int, text: str) -> Line:
    """A line; one with tabs inside is a row of a table."""
    return Line(number, text, Place.TABLE if "\t" in text.strip() else Place.BODY)


def _markdown(raw: list[str]) -> Iterator[Line]:
    """The lines of a Markdown file; code is left out, table rows are cells."""
    fenced = False
    for number, line in enumerate(raw, 1):
        fence = line.lstrip().startswith(("```", "~~~"))
        fenced ^= fence
        if fence or fenced or _RULE.fullmatch(line):
            yield Line(number, "")
        elif line.lstrip().startswith("|"):
            yield from _cells(number, line)
        else:
            yield read_markdown(_line(number, line))


def _cells(number: int, line: str) -> Iterator[Line]:
    at = 0
    for cell in line.split("|"):
        if cell.strip():
            start = at + len(cell) - len(cell.lstrip())
            text = cell.strip()
            yield Line(number, text, Place.TABLE, tuple(range(start + 1, start + len(text) + 1)))
        at += len(cell) + 1
