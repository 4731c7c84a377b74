"""What is too much to hold: bytes that lie on the disk until they are asked for, and things told anew each time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import IO, NamedTuple, TypeVar, overload

from workbook.findings import Refusal

T = TypeVar("T")
IN_MEMORY = 8 << 20
"""Bytes that a spool holds before it goes to the disk."""
_PIECE = 1 << 20


class Spool:
    """A temporary file, gone with the last place in it."""

    def __init__(self) -> None:
        import tempfile

        temporary = tempfile.SpooledTemporaryFile
        self.file: IO[bytes] = temporary(IN_MEMORY)

    def keep(self, data: bytes) -> Kept:
        """Put bytes away; raises Refusal where the disk has no room for them."""
        try:
            at = self.file.seek(0, 2)
            self.file.write(data)
        except OSError:
            raise no_room() from None
        return Kept(self, at, len(data))

    def whole(self) -> Kept:
        """All that was written to its file."""
        return Kept(self, 0, self.file.seek(0, 2))


def no_room() -> Refusal:
    """What to say where a temporary file cannot be written."""
    return Refusal("放临时文件的磁盘写不进去（可能满了）。请腾出空间，或把环境变量 TMPDIR（Windows 上是 TEMP）"
                   "设成别的文件夹。")


class Kept(NamedTuple):
    """Bytes in a spool."""

    spool: Spool
    at: int
    length: int

    def read(self) -> bytes:
        return b"".join(self.pieces())

    def pieces(self) -> Iterator[bytes]:
        """The bytes, one part after the other."""
        for at in range(self.at, self.at + self.length, _PIECE):
            self.spool.file.seek(at)
            yield self.spool.file.read(min(_PIECE, self.at + self.length - at))


class Streamed(Sequence[T]):
    """So many things that are nowhere held: they are told anew whenever somebody goes through them."""

    def __init__(self, count: int, tell: Callable[[], Iterator[T]]) -> None:
        self._count, self._tell = count, tell

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[T]:
        return self._tell()

    @overload
    def __getitem__(self, at: int) -> T: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[T, ...]: ...

    def __getitem__(self, at: int | slice) -> T | tuple[T, ...]:
        if isinstance(at, slice):
            return tuple(self)[at]
        place = at + self._count if at < 0 else at
        if not 0 <= place < self._count:
            raise IndexError(at)
        return next(islice(self, place, None))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(other) == len(self) and all(
            one == two for one, two in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]
