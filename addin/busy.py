"""What Excel says when something went wrong, in one sentence a clerk can act on."""

from __future__ import annotations

import os

BUSY = "Excel 正忙：有对话框开着，或者正在编辑单元格。请先关掉对话框或按回车结束编辑，再点一次。"
_BUSY_CODES = frozenset((-2147418111, -2147417846, -2146777998))
"""RPC_E_CALL_REJECTED, RPC_E_SERVERCALL_RETRYLATER, VBA_E_IGNORE (0x800AC472: a cell is being edited)."""


def passing(error: BaseException) -> bool:
    """Whether it would have gone well a moment later: Excel was busy; nothing is the matter with the sheet."""
    return getattr(error, "hresult", None) in _BUSY_CODES or isinstance(error, MemoryError)


def told(error: Exception) -> str:
    """One sentence about an error that is no Refusal."""
    if passing(error) and not isinstance(error, MemoryError):
        return BUSY
    where = error.__traceback__
    while where and where.tb_next:
        where = where.tb_next
    place = f"{os.path.basename(where.tb_frame.f_code.co_filename)}:{where.tb_lineno}" if where else ""
    return f"程序出错，不是您的问题：{type(error).__name__}（{place}）：{error}。请把这句话和文件发给维护人员。"
