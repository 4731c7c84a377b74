"""What each line of a report is: title, heading, body, signature, date … (GB/T 9704-2012, clause 7)."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cached_property

from templates.lint.headings import Heading, heading_of
from templates.lint.roles import Role, after_date, tail_roles, title_roles
from templates.lint.text import Line, Place, Sheet, Text
from workbook.dates import read_date
from workbook.laws import LawTable, national_table

_BUREAU = re.compile(
    r"(?:中共)?(\S{2,12}?(?:自治县|县|市|区|旗)\S{0,12}?(?:局|委员会|政府|办公室|委|厅|院|中心))(?=\s*(?:关于|20\d\d))"
)


@dataclass(frozen=True, slots=True)
class Part:
    """A line and what it is."""

    line: Line
    role: Role
    heading: Heading | None = None

    @property
    def body(self) -> str:
        """What a reader reads as running text: behind the heading."""
        return self.line.text[self.heading.end:] if self.heading else self.line.text

    @property
    def stands_alone(self) -> bool:
        """Whether a heading has its line to itself."""
        return self.heading is not None and not self.body.strip("。 \t\u3000")


@dataclass(frozen=True)
class Office:
    """What is known of the office that reports: its laws, its county, its full name (blank: the title says it)."""

    laws: LawTable
    county: str = ""
    bureau: str = ""


@dataclass(frozen=True)
class Report:
    """A report as the rules look at it."""

    parts: tuple[Part, ...]
    office: Office
    sheet: Sheet | None = None
    markdown: bool = False

    def of(self, *roles: Role) -> list[Part]:
        return [part for part in self.parts if part.role in roles]

    @cached_property
    def prose(self) -> list[Part]:
        """Headings and body, in their order."""
        return self.of(Role.HEADING, Role.BODY)

    @cached_property
    def worded(self) -> list[Part]:
        """Every line with words."""
        return [part for part in self.parts if part.role is not Role.BLANK]

    @cached_property
    def title(self) -> str:
        return "".join(part.line.text.strip() for part in self.of(Role.TITLE))

    @cached_property
    def year(self) -> int | None:
        """The year that the title names; None where it names none or several."""
        years = set(re.findall(r"(?<!\d)(20\d\d)年", self.title))
        return int(years.pop()) if len(years) == 1 else None

    @cached_property
    def date(self) -> tuple[Part, dt.date] | None:
        """The last 成文日期 that is a day."""
        for part in reversed(self.of(Role.DATE)):
            day = read_date(part.line.text.strip(" 　（）()"), year=None).value
            if day:
                return part, day
        return None

    @cached_property
    def bureau(self) -> str:
        """The office's full name: given, or what the title begins with."""
        named = _BUREAU.match(self.title)
        return self.office.bureau or (named[1] if named else "")

    @cached_property
    def county(self) -> str:
        """The office's county: given, or what its name begins with."""
        named = re.match(r"\S{2,8}?(?:自治县|县|市|区|旗)", self.bureau)
        return self.office.county or (named[0] if named else "")


def outline(text: Text, office: Office | None = None) -> Report:
    """The roles of a report's lines."""
    roles: dict[int, Role] = {}
    lines = [at for at, line in enumerate(text.lines) if line.text.strip() and line.place is Place.BODY]
    roles |= title_roles(text.lines, lines)
    roles |= tail_roles(text.lines, [at for at in lines if at not in roles])
    parts = tuple(_part(line, roles.get(at)) for at, line in enumerate(text.lines))
    return Report(parts, office or Office(national_table()), text.sheet, text.name.lower().endswith(".md"))


def _part(line: Line, role: Role | None) -> Part:
    if not line.text.strip():
        return Part(line, Role.BLANK)
    if line.place is Place.TABLE:
        return Part(line, Role.TABLE)
    if line.place is Place.BOX:
        return Part(line, after_date(line.text.strip()) or Role.BODY)
    heading = heading_of(line.text) if role is None and line.place is Place.BODY else None
    return Part(line, Role.HEADING if heading else role or Role.BODY, heading)
