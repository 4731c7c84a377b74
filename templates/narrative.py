"""report.md.j2 -> blocks: Jinja2 renders, cell texts pass through as opaque marks."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from templates.blocks import Block, Grid, Paragraph, Role
from templates.chapters import ChapterPrinter, heading_number, vanishes
from templates.kinds import Kind
from templates.markdown import CaptionNode, HeadingNode, Node, ParagraphNode, TableNode, parse_markdown
from templates.outline import Chapter, Outline
from workbook.fill import Filler
from workbook.findings import Refusal
from workbook.schema import HEAD_KEYS
from workbook.slots import FUNCTIONS, YEARS, Slot
from workbook.spans import Span, Spans, computed, embolden, split_lines
from workbook.tracked import MARK, Marks, Text

TIME_LIMIT = 20.0
OUTPUT_LIMIT = 5_000_000
_COMMENT = re.compile(r"\{#.*?#\}\n?", re.DOTALL)
_NAME = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_TAG = re.compile(r"\{[{%#]|[}%#]\}")
_BOLD = re.compile(r"(\*\*)")
_TYPED_IN_CHINESE = r"[｛｝％，“”‘’（）：；]"


class Chapters:
    """正文 or one chapter in a template: prints as a mark."""

    def __init__(self, marks: Marks, chapters: tuple[Chapter, ...]) -> None:
        self._marks, self._chapters = marks, chapters

    def __str__(self) -> str:
        return self._marks.add(self._chapters)

    def __bool__(self) -> bool:
        return bool(self._chapters)


class Scope:
    """The names a template may use; only those it names are filled."""

    def __init__(self, filler: Filler, outline: Outline, marks: Marks) -> None:
        self._filler, self._outline, self._marks = filler, outline, marks
        self._keys = {key.title for key in HEAD_KEYS} | set(filler.ledger.head.entries) | set(YEARS)

    def values(self, names: Iterable[str]) -> dict[str, Any]:
        """The values of those of `names` that exist."""
        return {name: self[name] for name in names if self.knows(name)}

    def knows(self, name: str) -> bool:
        """Whether a template may use this name."""
        return (name in ("正文", "章节", "指标") or name in self._keys or name in FUNCTIONS
                or self._filler.facts.find(name) is not None)

    def __getitem__(self, name: str) -> Any:
        if name == "正文":
            return Chapters(self._marks, self._outline.chapters)
        if name == "章节":
            return {code: Chapters(self._marks, (chapter,)) for code, chapter in self._outline.by_code.items()}
        if name == "指标":
            return _Metrics(self)
        if name in FUNCTIONS:
            return lambda *names: self._slot(Slot(name, name, "", tuple(map(str, names))))
        if name in self._keys:
            return self._key(name)
        return self.metric(name)

    def _key(self, name: str) -> Text:
        entry = self._filler.ledger.head.entries.get(name)
        if name in YEARS or (entry and entry.text and "{" not in entry.text and "｛" not in entry.text):
            return self._slot(Slot(name, name))
        return Text(self._marks, self._filler.fill(entry.text, entry.cell) if entry and entry.text else ())

    def metric(self, name: str) -> _Metric:
        if self._filler.facts.find(name) is None:
            raise KeyError(name)
        return _Metric(self, name)

    def number(self, name: str) -> Any:
        """The exact number of a metric, which knows its cells; None where it has no value."""
        from workbook.expressions import exact

        return exact(self._marks, self._filler, name)

    def _slot(self, slot: Slot) -> Text:
        return Text(self._marks, self._filler.slot(slot, None))


class _Metrics:
    """指标["合法性审查"] or 指标.M06."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def __getitem__(self, name: str) -> _Metric:
        return self._scope.metric(name)


class _Metric:
    """A metric in a template: prints its phrase; 值 is the exact number for conditions."""

    def __init__(self, scope: Scope, name: str) -> None:
        self._scope, self._name = scope, name

    def __str__(self) -> str:
        return str(self._scope._slot(Slot(self._name, self._name)))

    def __getitem__(self, attribute: str | slice | int) -> Any:
        if not isinstance(attribute, str):
            return self._scope._slot(Slot(self._name, self._name))[attribute]
        if attribute == "值":
            return self._scope.number(self._name)
        if attribute in ("数", "单位", "上年", "其中"):
            return self._scope._slot(Slot(f"{self._name}.{attribute}", self._name, attribute))
        raise KeyError(attribute)


def narrate(kind: Kind, filler: Filler, outline: Outline, printer: ChapterPrinter) -> list[Block]:
    """The blocks between the front and the tail of a report.

    Raises Refusal naming the template's file and line where the template is at fault.
    """
    marks = Marks()
    source = kind.narrative.read_text("utf-8-sig")
    text = _render(kind.narrative, source, Scope(filler, outline, marks))
    return _Assembler(marks, printer).blocks(parse_markdown(text))


def _render(path: Path, source: str, scope: Scope) -> str:
    plain = _COMMENT.sub("", source)
    names = [name for name in _NAME.findall(plain) if scope.knows(name)]
    if not _TAG.search(_NAME.sub("", plain)) and len(names) == len(_NAME.findall(plain)):
        return _NAME.sub(lambda match: str(scope[match[1]]), plain)
    return _render_logic(path, source, scope)


def _render_logic(path: Path, source: str, scope: Scope) -> str:
    """A template that says more than names: Jinja2 renders it, loaded only then."""
    from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
    from jinja2.meta import find_undeclared_variables

    from workbook.expressions import Sandbox

    environment = Sandbox(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    try:
        names = find_undeclared_variables(environment.parse(source))
        template = environment.from_string(source)
        return _limited(template.generate(scope.values(sorted(names))), path)
    except TemplateSyntaxError as error:
        raise Refusal(_syntax_fault(path, source, error.lineno or 1)) from None
    except UndefinedError as error:
        raise Refusal(f"{path} 第{_line(error)}行：用了没有的名称（{error.message}）。"
                      "请改成报告信息的项目或指标名称。") from None
    except TemplateError as error:
        raise Refusal(f"{path} 第{_line(error)}行：{error.message}。请改模板。") from None
    except (TypeError, ValueError, KeyError, ArithmeticError) as error:
        raise Refusal(f"{path} 第{_line(error)}行：式子算不出（{error}）。请改模板。") from None


def _limited(chunks: Iterator[str], path: Path) -> str:
    parts, size, end = [], 0, time.monotonic() + TIME_LIMIT
    for chunk in chunks:
        parts.append(chunk)
        size += len(chunk)
        if size > OUTPUT_LIMIT or time.monotonic() > end:
            raise Refusal(f"{path}：模板印出的内容太长或太慢，已停止。请检查模板里的循环。")
    return "".join(parts)


def _syntax_fault(path: Path, source: str, line_number: int) -> str:
    line = source.split("\n")[line_number - 1]
    typed = re.search(_TYPED_IN_CHINESE, "".join(re.findall(r"\{[{%].*?(?:[%}]\}|$)", line)))
    hint = f"花括号里的“{typed[0]}”是全角字符，请改成半角" if typed else "请检查花括号和式子"
    return f"{path} 第{line_number}行：写法不对，{hint}。"


def _line(error: BaseException) -> int:
    """The template line an error came from: Jinja2 names its frames <template>."""
    lines, traceback = [1], error.__traceback__
    while traceback:
        if traceback.tb_frame.f_code.co_filename == "<template>":
            lines.append(traceback.tb_lineno)
        traceback = traceback.tb_next
    return lines[-1]


class _Assembler:
    """Nodes -> blocks; counts headings, whoever wrote them."""

    def __init__(self, marks: Marks, printer: ChapterPrinter) -> None:
        self.marks = marks
        self.printer = printer
        self.counts = [0, 0, 0, 0]
        self.run_in: tuple[int, Spans] | None = None

    def blocks(self, nodes: list[Node]) -> list[Block]:
        blocks: list[Block] = []
        for node in nodes:
            blocks += self._node(node)
        return blocks + self._pending()

    def _node(self, node: Node) -> list[Block]:
        match node:
            case HeadingNode():
                return self._heading(node)
            case CaptionNode():
                return [*self._pending(), Paragraph(Role.TABLE_TITLE, self._spans(node.text))]
            case TableNode():
                rows = tuple(tuple(self._spans(cell) for cell in row) for row in node.rows)
                return [*self._pending(), Grid(rows)]
            case ParagraphNode():
                return self._paragraph(node.text)

    def _heading(self, node: HeadingNode) -> list[Block]:
        pending = self._pending()
        spans = (computed(self._number(node.level)), *self._spans(node.text))
        if node.run_in:
            self.run_in = (node.level, spans)
            return pending
        return [*pending, Paragraph(Role.HEADING, spans, node.level)]

    def _number(self, level: int) -> str:
        self.counts[level - 1] += 1
        self.counts[level:] = [0] * (len(self.counts) - level)
        return heading_number(level, self.counts[level - 1])

    def _pending(self) -> list[Block]:
        if self.run_in is None:
            return []
        (level, spans), self.run_in = self.run_in, None
        return [Paragraph(Role.HEADING, spans, level)]

    def _paragraph(self, text: str) -> list[Block]:
        value = self.marks.value(text) if MARK.fullmatch(text) else ()
        if value and isinstance(value[0], Chapter):
            return [*self._pending(), *self._chapters(value)]
        lines = split_lines(self._spans(text))
        blocks: list[Block] = [Paragraph(Role.BODY, line) for line in lines]
        if self.run_in and lines:
            (level, heading), self.run_in = self.run_in, None
            blocks[0] = Paragraph(Role.BODY, lines[0], level, heading)
        return blocks

    def _chapters(self, chapters: tuple[Chapter, ...]) -> list[Block]:
        blocks: list[Block] = []
        for chapter in chapters:
            if not vanishes(chapter):
                self._number(chapter.level)
                blocks += self.printer.chapter(chapter, self.counts[chapter.level - 1])
        return blocks

    def _spans(self, text: str) -> Spans:
        spans: list[Span] = []
        bold = False
        for part in _BOLD.split(text):
            if part == "**":
                bold = not bold
                continue
            found = self._marked(part)
            spans += embolden(found) if bold else found
        return tuple(spans)

    def _marked(self, text: str) -> Spans:
        """The spans of a text; a chapter inside a sentence is its title."""
        spans: list[Span] = []
        for one in self.marks.spans(text):
            spans += one.title if isinstance(one, Chapter) else (one,)
        return tuple(spans)
