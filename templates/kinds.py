"""Report kinds: one folder each, found by the Chinese names in its template.toml.

A new kind is a new folder, never a change of code.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from workbook.book import fold
from workbook.findings import Refusal

GENERAL = "通用报告"
SETTINGS, NARRATIVE, REFERENCE, STARTER = "template.toml", "report.md.j2", "reference.docx", "starter.ledger.md"
_ODD = set('"\\\x7f').union(map(chr, range(32)))
_HERE = Path(__file__).parent


class Kind(NamedTuple):
    """One report kind. `folder` holds its files; `trusted` is False for an office's own."""

    name: str
    folder: Path
    aliases: tuple[str, ...] = ()
    title: str = ""
    introduction: str = ""
    needs: tuple[str, ...] = ()
    deadline: str = ""
    publication: str = ""
    recipients: tuple[str, ...] = ()
    copies_to: tuple[str, ...] = ()
    openness: str = ""
    length: int = 0

    @property
    def narrative(self) -> Path:
        return self.folder / NARRATIVE

    @property
    def starter(self) -> Path:
        """The starter outline and rows, a ledger in the text form."""
        return self.folder / STARTER

    def reference(self) -> bytes | None:
        """The kind's own reference.docx, where it has one."""
        path = self.folder / REFERENCE
        return path.read_bytes() if path.is_file() else None


@cache
def kinds() -> tuple[Kind, ...]:
    """The kinds shipped with the program, by folder name."""
    return tuple(load_kind(path.parent) for path in sorted(_HERE.glob(f"*/{SETTINGS}")))


def kind_named(name: str) -> Kind:
    """The kind of that name or alias, else the general one."""
    wanted = fold(name)
    for kind in kinds():
        if wanted in {fold(one) for one in (kind.name, *kind.aliases)}:
            return kind
    return next(kind for kind in kinds() if kind.name == GENERAL)


def load_kind(folder: Path) -> Kind:
    """Read one template folder.

    Raises Refusal where it is no template folder or its settings cannot be read.
    """
    path = folder / SETTINGS
    try:
        text = path.read_text("utf-8-sig")
        settings = plain_settings(text) or _toml(text)
    except FileNotFoundError:
        raise Refusal(f"{folder}：不是模板文件夹，里面没有 {SETTINGS}。") from None
    except ValueError as error:  # no UTF-8, no TOML
        raise Refusal(f"{path}：读不懂（{error}）。请照自带的模板改正。") from None
    if not (folder / NARRATIVE).is_file():
        raise Refusal(f"{folder}：模板文件夹里没有 {NARRATIVE}。")
    return _kind(folder, settings)


def plain_settings(text: str) -> dict[str, Any]:
    """Settings written as those of the program are: a text, a number or a list of texts a line; nothing where not."""
    settings: dict[str, Any] = {}
    for line in text.splitlines():
        name, equals, written = line.partition(" = ")
        if line.strip() and not line.startswith("#"):
            value = _plain_value(written)
            if value is None or name in settings or not (equals and name.isascii() and name.isidentifier()):
                return {}
            settings[name] = value
    return settings


def _plain_value(written: str) -> str | int | list[str] | None:
    if written[:1] == "[" and written[-1:] == "]":
        texts = [_plain_text(one) for one in written[1:-1].split(", ")] if written != "[]" else []
        return None if None in texts else [one or "" for one in texts]
    if written.isascii() and written.isdecimal() and str(int(written)) == written:
        return int(written)
    return _plain_text(written)


def _plain_text(written: str) -> str | None:
    """A text in quotes that holds none, and nothing that stands for something else."""
    inside = written[1:-1]
    return inside if written == f'"{inside}"' and not set(inside) & _ODD else None


def _toml(text: str) -> dict[str, Any]:
    """Any settings, by a parser that takes longer to load than to read with."""
    import tomllib

    return tomllib.loads(text)


def _kind(folder: Path, settings: Mapping[str, Any]) -> Kind:
    def text(key: str) -> str:
        return str(settings.get(key, ""))

    def texts(key: str) -> tuple[str, ...]:
        value = settings.get(key, [])
        return tuple(map(str, value if isinstance(value, list) else [value]))

    length = settings.get("length", 0)
    return Kind(
        text("name") or folder.name, folder, texts("aliases"), text("title"), text("introduction"), texts("needs"),
        text("deadline"), text("publication"), texts("recipients"), texts("copies_to"), text("openness"),
        length if isinstance(length, int) else 0,
    )
