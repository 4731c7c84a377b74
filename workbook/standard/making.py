"""From the cells of a ledger to its standard workbook: ids assigned, metrics computed."""

from __future__ import annotations

from workbook.raw import RawBook


def workbook_bytes(raw: RawBook) -> bytes:
    """The standard workbook of raw ledger cells; raises Refusal where they are no ledger."""
    from workbook.book import recognize
    from workbook.identity import with_ids
    from workbook.standard.cached import cached_values
    from workbook.standard.writer import write

    book = recognize(with_ids(raw))
    return write(book, cached_values(book))
