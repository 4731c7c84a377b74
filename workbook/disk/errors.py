"""What the disk refuses, said in one Chinese sentence that names the file and what to do."""

from __future__ import annotations

import errno
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from workbook.disk.system import code_of
from workbook.findings import Refusal

NOT_WRITTEN = {
    errno.ENOSPC: "磁盘满了，没有写成，原来的文件没有动。请清理出空间再试。",
    errno.EROFS: "所在的磁盘或共享文件夹是只读的。请另存到能写的文件夹。",
    errno.EACCES: "正在 Excel 或 WPS 里打开，或者没有写入的权限。请关闭它再试。",
    errno.ENOENT: "所在的文件夹不存在。请先建好文件夹再试。",
    errno.EISDIR: "是文件夹，不是文件。请另给一个文件名。",
    errno.ENAMETOOLONG: "文件名或路径太长。请改短再试。",
    errno.EINVAL: "文件名里有不能用的字符。请改名再试。",
}
NO_NEW_FILE = NOT_WRITTEN | {errno.EACCES: "所在的文件夹没有写入的权限。请另存到能写的文件夹，或请管理员开通。"}
NO_FOLDER = NO_NEW_FILE | {
    errno.ENOSPC: "磁盘满了，建不了文件夹。请清理出空间再试。",
    errno.EACCES: "没有写入的权限，建不了文件夹。请换个能写的位置，或请管理员开通。",
    errno.ENOENT: "所在的文件夹已经不在了，或路径中间有一段是文件，建不了文件夹。请换个位置。",
    errno.EEXIST: "已经有同名的文件，建不了文件夹。请换个名称。",
}
NOT_READ = {
    errno.ENOENT: "找不到这个文件。请核对文件名和所在的文件夹。",
    errno.EACCES: "打不开，正被别的程序占用，或者没有读取的权限。请关闭占用它的程序再试。",
    errno.EISDIR: "是文件夹，不是文件。请给出里面的文件。",
    errno.ENAMETOOLONG: "文件名或路径太长。请改短再试。",
    errno.EINVAL: "文件名里有不能用的字符。请核对文件名。",
}


@contextmanager
def explained(name: str, reasons: Mapping[int, str], else_: str) -> Iterator[None]:
    """Turn an OSError or ValueError (a name with a NUL) into a Refusal; `else_` is what did not happen."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise Refusal(f"{name}：{_reason(error, reasons, else_)}") from None


def _reason(error: OSError | ValueError, reasons: Mapping[int, str], else_: str) -> str:
    if isinstance(error, ValueError):
        return reasons[errno.EINVAL]
    return reasons.get(code_of(error)) or f"{else_}（{error.strerror or error}）。请换个位置再试。"
