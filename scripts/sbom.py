"""`taizhang sbom`: what software runs here and under which licences, for whoever must account for it; offline."""

from __future__ import annotations

import re
import uuid
from argparse import Namespace
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import NamedTuple

from scripts.common import print_json, tell

PROGRAM, SPEC = "taizhang", "1.6"
_NAME = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\])?")
_EXTRA = re.compile(r"extra\s*==\s*['\"]([^'\"]+)['\"]")
_SPDX = re.compile(r"[A-Za-z0-9.+-]+(?:\s+(?:AND|OR|WITH)\s+[A-Za-z0-9.+-]+)*\Z")
_SPOKEN = {
    "mit license": "MIT", "bsd license": "BSD-3-Clause", "bsd": "BSD-3-Clause", "bsd 3-clause": "BSD-3-Clause",
    "apache software license": "Apache-2.0", "apache 2.0": "Apache-2.0", "apache license 2.0": "Apache-2.0",
    "python software foundation license": "PSF-2.0", "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "isc license (iscl)": "ISC",
}
"""Licences as older packages name them, by their SPDX identifier."""
_UNIQUE = uuid.UUID("3f0c1bb2-6d0c-5f0e-9a43-7b5d2f9b7c11")


class Component(NamedTuple):
    """One installed package; `licence` is an SPDX expression, or the package's own words where it has none."""

    name: str
    version: str
    licence: str
    needs: tuple[str, ...]

    @property
    def url(self) -> str:
        """Its package URL (purl-spec)."""
        return f"pkg:pypi/{self.name}@{self.version}"


def run(options: Namespace) -> int:
    """Print or write the bill of materials, or the list of licences."""
    found = components()
    if options.list:
        width = max(len(one.name) for one in found)
        print("\n".join(f"{one.name:{width}}  {one.version:14}  {one.licence}" for one in found))
        return 0
    if options.output:
        import json

        from workbook.files import write_atomic

        write_atomic(options.output, json.dumps(document(found), ensure_ascii=False, indent=2).encode())
        tell(f"已写成：{options.output}，{len(found)} 个软件。", options)
        return 0
    print_json(document(found))
    return 0


def components() -> list[Component]:
    """The program and every package that it needs and that is installed, those of its extras too, by name."""
    found: dict[str, Component] = {}
    waiting = [(PROGRAM, frozenset({"*"}))]
    while waiting:
        name, extras = waiting.pop()
        try:
            package = distribution(name)
        except PackageNotFoundError:
            continue
        needs = list(_needs(package, extras))
        if folded(name) not in found or len(needs) > len(found[folded(name)].needs):
            known = tuple(sorted({folded(need) for need, _ in needs if _installed(need)}))
            found[folded(name)] = Component(folded(name), package.version, licence_of(package), known)
            waiting += needs
    return [found[name] for name in sorted(found)]


def licence_of(package: Distribution) -> str:
    """What the package says of its licence (PEP 639, else its classifiers, else its own words)."""
    told = package.metadata
    if expression := told.get_all("License-Expression"):
        return str(expression[0])
    named = [one.rpartition(" :: ")[2] for one in told.get_all("Classifier") or [] if one.startswith("License ::")]
    words = "".join(told.get_all("License") or [""]).strip().split("\n")[0]
    if _SPDX.match(words) and words.lower() not in _SPOKEN and words != "UNKNOWN":
        return words
    return " OR ".join(sorted({_spoken(one) for one in named})) or _spoken(words) or "没有说明"


def document(found: list[Component]) -> dict[str, object]:
    """The bill as CycloneDX (ECMA-424); the same software gives the same document."""
    by_name = {one.name: one for one in found}
    program = by_name[PROGRAM]
    told = "\n".join(one.url for one in found)
    return {
        "bomFormat": "CycloneDX", "specVersion": SPEC, "serialNumber": f"urn:uuid:{uuid.uuid5(_UNIQUE, told)}",
        "version": 1, "metadata": {"component": _entry(program, "application")},
        "components": [_entry(one, "library") for one in found if one is not program],
        "dependencies": [{"ref": one.url, "dependsOn": [by_name[need].url for need in one.needs if need in by_name]}
                         for one in found],
    }


def folded(name: str) -> str:
    """A package's name as registries compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _entry(one: Component, kind: str) -> dict[str, object]:
    if _SPDX.match(one.licence):
        licences: list[object] = [{"expression": one.licence}]
    else:
        licences = [{"license": {"name": one.licence}}]
    return {"type": kind, "bom-ref": one.url, "name": one.name, "version": one.version, "purl": one.url,
            "licenses": licences}


def _needs(package: Distribution, extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """(name, extras asked for) of every package it needs; * stands for all its extras."""
    for line in package.requires or ():
        match, marker = _NAME.match(line), _EXTRA.search(line)
        if match and (marker is None or "*" in extras or marker[1] in extras):
            yield match[1], frozenset(folded(one.strip()) for one in (match[2] or "").split(",") if one.strip())


def _installed(name: str) -> bool:
    try:
        return bool(distribution(name))
    except PackageNotFoundError:
        return False


def _spoken(words: str) -> str:
    return _SPOKEN.get(words.lower(), words)
