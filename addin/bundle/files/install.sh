#!/bin/sh
# 台账：装到本用户，不联网，不要管理员权限。用法：sh install.sh
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
place="${XDG_DATA_HOME:-$HOME/.local/share}/taizhang"
venv="$place/venv"

stop() {
    printf '%s\n' "$1" >&2
    exit 1
}

usable() {
    case " @VERSIONS@ " in
        *" $("$1" -I -c 'import sys; print(*sys.version_info[:2], sep=".")' 2>/dev/null) "*) return 0 ;;
    esac
    return 1
}

python=''
for name in @PYTHONS@ python3; do
    if found=$(command -v "$name") && usable "$found"; then
        python=$found
        break
    fi
done

cd "$here"
sha256sum --check --quiet SHA256SUMS || stop '安装包不完整，或和打包时不一样，没有安装。请重新拷一份安装包再试。'
[ -n "$python" ] || stop '这台电脑没有 Python @VERSIONS@。请先装好其中一个（系统软件源里的 python3 就行）再试。'

"$python" -I -m venv --without-pip --clear "$venv" || stop "写不进 $venv。请核对磁盘空间和权限后再试。"
for pip in "$here"/files/wheels/pip-*.whl; do
    "$venv/bin/python" -I "$pip/pip" --isolated --disable-pip-version-check install --quiet --no-index \
        --find-links "$here/files/wheels" 'taizhang==@VERSION@' || stop '零件没有装齐，没有装成。请把上面的话发给做安装包的人。'
done
cp "$here/uninstall.sh" "$place/uninstall.sh"
mkdir -p "$HOME/.local/bin"
ln -sfn "$venv/bin/taizhang" "$HOME/.local/bin/taizhang"
"$venv/bin/python" -I -m scripts.cli addin install || stop '程序装好了，桌面图标没有装上。请照上面的话处理后，再运行一次。'
printf '命令：%s\n以后要卸载，运行：sh "%s"\n' "$HOME/.local/bin/taizhang" "$place/uninstall.sh"
