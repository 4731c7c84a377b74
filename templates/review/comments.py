"""The docx for review: the report with a Word comment on every figure, typed numbers on yellow, 核对稿 above each page.

The text stands where it stands in the report itself: comments, highlights and a
line in the upper margin move nothing (ECMA-376 Part 1: 17.13.4 comments,
17.10 headers).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Sequence
from io import BytesIO

from templates.blocks import Block, Document, Grid
from templates.provenance.carriers import Trace
from templates.report import Report, render
from templates.review.marks import Reviewed, explained, reviewed
from templates.typesetting.package import CONTENT_TYPES, NAMESPACES, packed
from templates.typesetting.wordml import escape
from templates.untraced import Untraced, lines_of, untraced_numbers
from workbook.spans import Bookmark, Origin, Span, Spans

AUTHOR, INITIALS = "台账", "台"
STAMP = "核对稿　内部资料　不作印发"
TYPED = "_rv"
"""Names of the bookmarks that hold typed numbers until they are highlighted."""
FIRST_NUMBER = 1_000_000
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_RELATIONS = NAMESPACES["r"]
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_BEGIN = r'<w:bookmarkStart w:id="(\d+)" w:name="([^"]*)"/>'
_RUN = "<w:r>(?:(?!</w:r>).)*</w:r>"
_MARKED = re.compile(rf'{_BEGIN}({_RUN})((?:<w:bookmarkEnd w:id="\d+"/>)*?<w:bookmarkEnd w:id="\1"/>)')
_FORM = "</w:rPr>"
_PAGES = ("default", "even", "first")
_SINGLE = '<w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/><w:ind w:firstLine="0"/>'


def review_docx(report: Report, trace: Trace | None = None) -> bytes:
    """The docx of one composed and marked report; the same report gives the same bytes."""
    typed = untraced_numbers(report.document)
    marks = [one for one in reviewed(report.document, report.facts) if one.is_figure or _missing(one)]
    marked = report._replace(document=_with_typed(report.document, typed))
    data = render(marked, "docx", trace=trace) if trace else render(marked, "docx")
    with zipfile.ZipFile(BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    return packed(_commented(parts, marks))


def _missing(one: Reviewed) -> bool:
    return one.source.origin is Origin.MISSING


def _with_typed(document: Document, typed: Sequence[Untraced]) -> Document:
    """The document with a bookmark of its own around every typed number."""
    places: dict[int, list[tuple[int, int]]] = {}
    for one in typed:
        places.setdefault(one.line, []).append((one.start, one.start + len(one.text)))
    numbers = _Bookmarks()
    count = 0
    blocks: list[Block] = []
    for block in document.blocks:
        cut = [numbers.cut(line, places.get(count + at, ())) for at, line in enumerate(lines_of(block))]
        blocks.append(_put_back(block, cut, len(block.heading) if not isinstance(block, Grid) else 0))
        count += len(cut)
    return document._replace(blocks=tuple(blocks))


def _put_back(block: Block, lines: list[list[Spans]], heading: int) -> Block:
    """The block with each of its spans as the pieces it was cut into."""
    if isinstance(block, Grid):
        cells = iter([sum(pieces, ()) for pieces in lines])
        return block._replace(rows=tuple(tuple(next(cells) for _ in row) for row in block.rows))
    pieces = lines[0]
    return block._replace(heading=sum(pieces[:heading], ()), spans=sum(pieces[heading:], ()))


class _Bookmarks:
    """Gives out the bookmarks of typed numbers."""

    def __init__(self) -> None:
        self.given = 0

    def cut(self, spans: Spans, places: Sequence[tuple[int, int]]) -> list[Spans]:
        """Each span as a tuple of pieces, a piece for each typed number in it."""
        cut, at = [], 0
        for span in spans:
            end = at + len(span.text)
            inside = [(start - at, stop - at) for start, stop in places if at <= start and stop <= end]
            typed = span.source is None or span.source.origin is Origin.TEXT
            cut.append(self._pieces(span, inside) if inside and typed else (span,))
            at = end
        return cut

    def _pieces(self, span: Span, inside: Sequence[tuple[int, int]]) -> Spans:
        pieces, done = [], 0
        for start, stop in inside:
            if start > done:
                pieces.append(_plain(span, span.text[done:start]))
            bookmark = Bookmark(FIRST_NUMBER + self.given, f"{TYPED}{self.given}")
            self.given += 1
            pieces.append(_plain(span, span.text[start:stop])._replace(opens=(bookmark,), closes=(bookmark,)))
            done = stop
        if done < len(span.text):
            pieces.append(_plain(span, span.text[done:]))
        first, last = pieces[0], pieces[-1]
        pieces[0] = first._replace(opens=(*span.opens, *first.opens))
        pieces[-1] = pieces[-1]._replace(closes=(*last.closes, *span.closes))
        return tuple(pieces)


def _plain(span: Span, text: str) -> Span:
    return span._replace(text=text, opens=(), closes=())


def _commented(parts: dict[str, bytes], marks: Sequence[Reviewed]) -> dict[str, bytes]:
    main = "word/document.xml"
    numbers = {one.id: number for number, one in enumerate(marks)}
    missing = {one.id for one in marks if _missing(one)}
    text = _MARKED.sub(_noted(numbers, missing), parts[main].decode())
    relations, types = "word/_rels/document.xml.rels", CONTENT_TYPES
    return parts | {
        main: _headed(text).encode(), "word/comments.xml": _comments(marks), "word/headerReview.xml": _header(),
        relations: parts[relations].replace(b"</Relationships>", _related().encode() + b"</Relationships>"),
        types: parts[types].replace(b"</Types>", _typed().encode() + b"</Types>"),
    }


def _noted(numbers: dict[str, int], missing: set[str]) -> Callable[[re.Match[str]], str]:
    """What becomes of a run in a bookmark: a figure gets its comment, a typed number or a gap its colour."""

    def note(match: re.Match[str]) -> str:
        name, run, ends = match[2], match[3], match[4]
        if name.startswith(TYPED):
            return _coloured(run, "yellow") + ends.replace(f'<w:bookmarkEnd w:id="{match[1]}"/>', "")
        if name not in numbers:
            return match[0]
        number = numbers[name]
        run = _coloured(run, "magenta") if name in missing else run
        return (f'<w:commentRangeStart w:id="{number}"/><w:bookmarkStart w:id="{match[1]}" w:name="{name}"/>{run}{ends}'
                f'<w:commentRangeEnd w:id="{number}"/><w:r><w:commentReference w:id="{number}"/></w:r>')

    return note


def _coloured(run: str, colour: str) -> str:
    return run.replace(_FORM, f'<w:highlight w:val="{colour}"/>{_FORM}', 1)


def _headed(text: str) -> str:
    """The text with our header on every page, in place of a header of the reference.docx."""
    before, section, after = text.rpartition("<w:sectPr")
    opened, close, inside = after.partition(">")
    inside = re.sub(r"<w:headerReference\b[^>]*/>", "", inside)
    ours = "".join(f'<w:headerReference w:type="{kind}" r:id="taizhangHeader"/>' for kind in _PAGES)
    return f"{before}{section}{opened}{close}{ours}{inside}"


def _header() -> bytes:
    font = '<w:rFonts w:hint="eastAsia" w:eastAsia="黑体"/><w:color w:val="B8141F"/><w:sz w:val="21"/>'
    return (f'{_HEAD}<w:hdr xmlns:w="{NAMESPACES["w"]}"><w:p><w:pPr>{_SINGLE}<w:jc w:val="center"/></w:pPr>'
            f"<w:r><w:rPr>{font}</w:rPr><w:t>{STAMP}</w:t></w:r></w:p></w:hdr>").encode()


def _comments(marks: Sequence[Reviewed]) -> bytes:
    body = "".join(_comment(number, one) for number, one in enumerate(marks))
    return f'{_HEAD}<w:comments xmlns:w="{NAMESPACES["w"]}">{body}</w:comments>'.encode()


def _comment(number: int, one: Reviewed) -> str:
    """One comment: no date, so that the same ledger gives the same bytes."""
    text = f'<w:t xml:space="preserve">{escape(explained(one))}</w:t>'
    return (f'<w:comment w:id="{number}" w:author="{AUTHOR}" w:initials="{INITIALS}">'
            f'<w:p><w:pPr>{_SINGLE}<w:jc w:val="left"/></w:pPr><w:r><w:annotationRef/></w:r>'
            f'<w:r><w:rPr><w:rFonts w:hint="eastAsia"/><w:sz w:val="20"/></w:rPr>{text}</w:r></w:p></w:comment>')


def _related() -> str:
    parts = (("taizhangComments", "comments", "comments.xml"), ("taizhangHeader", "header", "headerReview.xml"))
    return "".join(f'<Relationship Id="{name}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
                   for name, kind, target in parts)


def _typed() -> str:
    parts = (("comments.xml", "comments"), ("headerReview.xml", "header"))
    return "".join(f'<Override PartName="/word/{name}" ContentType="{_TYPE}.{kind}+xml"/>' for name, kind in parts)
