#!/bin/sh
# The free Fandol fonts (仿宋 楷体 黑体 宋体) for the conformance tests of the pages,
# taken out of Debian's package without installing it. Needs: apt-get, dpkg-deb.
# Usage: fonts.sh DIR
set -eu
target=${1:?usage: fonts.sh DIR}
wanted='FandolFang-Regular FandolKai-Regular FandolHei-Regular FandolSong-Regular FandolSong-Bold'

complete() {
    for font in $wanted; do
        [ -s "$target/$font.otf" ] || return 1
    done
}

complete && exit 0
mkdir -p "$target"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
chmod 755 "$scratch"
cd "$scratch"
apt-get download -q texlive-lang-chinese || {
    sudo=''
    [ "$(id -u)" = 0 ] || sudo=sudo
    $sudo apt-get update -q
    apt-get download -q texlive-lang-chinese
}
dpkg-deb --fsys-tarfile texlive-lang-chinese_*.deb |
    tar -x --wildcards --no-anchored 'Fandol*.otf'
cd - >/dev/null
for font in $wanted; do
    find "$scratch" -type f -name "$font.otf" -exec mv {} "$target/$font.otf" \;
done
complete || { echo "fonts.sh: texlive-lang-chinese holds no Fandol fonts" >&2; exit 1; }
