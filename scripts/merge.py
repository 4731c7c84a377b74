"""`taizhang merge`: returns go into the master; every row has one fate, and what two sides want waits for a person."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from scripts.common import print_json, warn


def run(options: Namespace) -> int:
    """Merge a folder of returns; 1 where a row waits or was sent back."""
    from templates.merging import Order, merge

    told = merge(Order(options.book, Path(options.source), options.output), warn)
    if options.json:
        print_json(told.as_json())
    elif not options.quiet:
        print("\n".join(told.lines(options.output)))
    return int(told.to_settle)


if __name__ == "__main__":
    from scripts.cli import main

    sys.exit(main(["merge", *sys.argv[1:]]))
