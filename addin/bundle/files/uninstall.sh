#!/bin/sh
# 台账：卸掉本用户装的程序和桌面图标；台账和报告都不动。用法：sh uninstall.sh
set -eu
place="${XDG_DATA_HOME:-$HOME/.local/share}/taizhang"
venv="$place/venv"
link="$HOME/.local/bin/taizhang"

if [ -x "$venv/bin/python" ]; then
    "$venv/bin/python" -I -m scripts.cli addin uninstall || exit 1
fi
if [ "$(readlink "$link" 2>/dev/null)" = "$venv/bin/taizhang" ]; then
    rm -f "$link"
fi
rm -rf "$venv"
rm -f "$place/uninstall.sh"
rmdir "$place" 2>/dev/null || true
printf '%s\n' '台账程序已经卸掉。'
