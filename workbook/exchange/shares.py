"""Who gets which rows: every row goes to one office, to all of them, or is named with the reason why it stays."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from workbook.book import fold
from workbook.exchange.sides import OFFICE_COLUMNS, SHARED_SHEETS
from workbook.findings import Cell, Refusal
from workbook.ledger import Ledger, Records, near, shown
from workbook.schema import ID_COLUMN, OFFICES

FILLS, LEADS, RETIRED = "填报", "牵头", "停用"
EVERYWHERE = ("章节", "法规", "字典")
"""Record sheets that travel whole."""
_NOT_IN_FILES = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]|[. ]$|^[. ~]')
_DEVICES = re.compile(r"(?:CON|PRN|AUX|NUL|COM[0-9¹²³]|LPT[0-9¹²³])(?:\..*)?", re.IGNORECASE)
_LONGEST_CODE = 40


class Office(NamedTuple):
    """One line of 股室; `at` is its row index there."""

    name: str
    code: str
    role: str
    mail: str
    clerk: str
    at: int


class Share(NamedTuple):
    """What one office gets: row indexes by sheet; `shared` counts those of them that every office gets."""

    office: Office
    rows: Mapping[str, tuple[int, ...]]
    shared: int = 0

    @property
    def own(self) -> int:
        """The rows that are its own."""
        return sum(len(self.rows[sheet]) for sheet in OFFICE_COLUMNS if sheet in self.rows) - self.shared


class Stays(NamedTuple):
    """A row that goes to nobody, and why; `settle`: somebody should do something about it."""

    cell: Cell
    key: str
    why: str
    settle: bool

    def __str__(self) -> str:
        return f"{self.cell}{f'（{self.key}）' if self.key else ''}：{self.why}"


def offices_of(ledger: Ledger) -> list[Office]:
    """Every office of 股室.

    Raises Refusal where two share a name or a code, or where one that fills in has no usable code.
    """
    records = ledger[OFFICES.title]
    names, codes, roles, mails, clerks = (
        [text.strip() for text in records.texts(title)] for title in ("名称", "代码", "角色", "邮箱", "填报人"))
    found = [Office(names[at], codes[at], roles[at], mails[at], clerks[at], at) for at in records.facts]
    named = [one for one in found if one.name]
    _check_unique(records, named, "名称", lambda one: fold(one.name))
    _check_unique(records, [one for one in named if one.role == FILLS], "代码", lambda one: fold(one.code).lower())
    for one in named:
        if one.role == FILLS:
            _check_code(records, one)
    return named


def shares(ledger: Ledger, offices: Sequence[Office]) -> tuple[list[Share], list[Stays]]:
    """What each office that fills in gets, and every row that goes to nobody."""
    records = {sheet: ledger[sheet] for sheet in OFFICE_COLUMNS if sheet in ledger.book.tables}
    owners = {sheet: one.folded(OFFICE_COLUMNS[sheet]) for sheet, one in records.items()}
    filling = [one for one in offices if one.role == FILLS]
    made = [_share(ledger, one, records, owners) for one in filling]
    known = {fold(one.name): one.role for one in offices}
    stays = [stay for sheet, one in records.items() for stay in _staying(one, owners[sheet], known)]
    return made, stays


def _share(ledger: Ledger, office: Office, records: Mapping[str, Records], owners: Mapping[str, Sequence[str]]
           ) -> Share:
    rows = {sheet: tuple(ledger[sheet].facts) for sheet in EVERYWHERE}
    rows[OFFICES.title] = (office.at,)
    name, shared = fold(office.name), 0
    for sheet, one in records.items():
        wanted = (name, "") if sheet in SHARED_SHEETS else (name,)
        rows[sheet] = tuple(index for index in one.facts if owners[sheet][index] in wanted)
        shared += sum(not owners[sheet][index] for index in rows[sheet])
    return Share(office, rows, shared)


def _staying(records: Records, owners: Sequence[str], roles: Mapping[str, str]) -> list[Stays]:
    title = OFFICE_COLUMNS[records.sheet.title]
    stays = []
    for index in records.facts:
        why, settle = _why(records, owners[index], title, roles)
        if why:
            stays.append(Stays(records.cell(index, title), records.key(index), why, settle))
    return stays


def _why(records: Records, owner: str, title: str, roles: Mapping[str, str]) -> tuple[str, bool]:
    """Why a row of this owner goes to nobody, or nothing where it does."""
    if not owner:
        return ("", False) if records.sheet.title in SHARED_SHEETS else (f"“{title}”没有填，没有下发。请补填。", True)
    if owner not in roles:
        return f"“{title}”写的“{owner}”不在“股室”表里，没有下发。请核对。{near(owner, roles)}", True
    if roles[owner] == LEADS:
        return f"{owner}是牵头股室，留在主台账里填。", False
    if roles[owner] == RETIRED:
        return f"{owner}已停用，没有下发。请改给别的股室。", True
    return ("", False) if roles[owner] == FILLS else (f"{owner}的“角色”没有填，没有下发。请在“股室”表填上。", True)


def chosen(made: Sequence[Share], names: Collection[str]) -> list[Share]:
    """The shares of the offices named (by 名称 or 代码), all where none is; Refusal for a name that fits none."""
    if not names:
        return list(made)
    by_name = {fold(key).lower(): one for one in made for key in (one.office.code, one.office.name)}
    wrong = [name for name in names if fold(name).lower() not in by_name]
    if wrong:
        have = "、".join(one.office.name for one in made)
        raise Refusal(f"“股室”表里没有角色是“{FILLS}”的“{'、'.join(wrong)}”（有：{have or '无'}）。请核对 --office。")
    wanted = {by_name[fold(name).lower()].office.code for name in names}
    return [one for one in made if one.office.code in wanted]


def repeated_ids(ledger: Ledger) -> list[Cell]:
    """The rows of the sheets that travel whose `_id` another row before them has."""
    cells = []
    for sheet in OFFICE_COLUMNS:
        records, seen = ledger[sheet], set[str]()
        for index, name in enumerate(records.texts(ID_COLUMN)):
            if name and name in seen:
                cells.append(records.cell(index, records.sheet.key))
            seen.add(name)
    return cells


def _check_unique(records: Records, offices: Sequence[Office], title: str, key: Callable[[Office], str]) -> None:
    seen: dict[str, Office] = {}
    for one in offices:
        other = seen.setdefault(key(one), one)
        if other is not one:
            raise Refusal(f"{records.cell(one.at, title)}：“{title}”和 {records.cell(other.at, title).a1} 一样，"
                          f"分不清下发给谁。请改成不同的。")


def _check_code(records: Records, one: Office) -> None:
    cell, code = records.cell(one.at, "代码"), shown(records.raw("代码")[one.at])
    if not one.code:
        raise Refusal(f"{cell}：{one.name}没有代码，下发的文件要用它做文件名。请补填。")
    if _NOT_IN_FILES.search(one.code) or _DEVICES.fullmatch(one.code) or len(one.code) > _LONGEST_CODE:
        raise Refusal(f"{cell}：代码“{code}”不能做文件名。请只用字母、数字和汉字，不超过 {_LONGEST_CODE} 个字。")
