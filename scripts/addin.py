"""`taizhang addin`: the ribbon tab for Excel and WPS."""

from __future__ import annotations

from argparse import Namespace
from importlib import import_module

from scripts.common import tell
from workbook.files import write_atomic


def run(options: Namespace) -> int:
    """Do what `options.action` names; the add-in's own modules are loaded only now."""
    return {"build": _build}[options.action](options)


def _build(options: Namespace) -> int:
    content: bytes = import_module("addin.build").addin(options.python)
    write_atomic(options.output, content)
    tell(f"加载项：{options.output}。它不装在台账里，台账还是不带宏的 .xlsx。", options)
    return 0
