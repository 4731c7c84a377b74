"""Fuzz one target for as long as you like, guided by coverage:

    uv run --with atheris python -m tests.fuzz reader -max_total_time=120

Targets: reader, mail, document, values, report. Options are libFuzzer's.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.fuzz.targets import TARGETS, seeds


def main() -> None:
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        sys.exit(__doc__)
    try:
        import atheris
    except ImportError:
        sys.exit("atheris is missing: uv run --with atheris python -m tests.fuzz ...")
    name = sys.argv.pop(1)
    corpus = Path(tempfile.mkdtemp())
    (corpus / "seed").write_bytes(seeds()[name])
    atheris.instrument_all()
    atheris.Setup([*sys.argv, str(corpus)], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
