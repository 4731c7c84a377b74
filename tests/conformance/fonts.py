"""A private font set-up for the page tests: the fonts of GB/T 9704 stand in as free ones of the same metrics.

The Fandol fonts come from TAIZHANG_FONTS (default ~/.cache/taizhang/fonts; `.ci/fonts.sh DIR` fills it).
"""

from __future__ import annotations

from pathlib import Path

from tests.conformance.programs import folder, missing

STAND_INS = {
    "仿宋_GB2312": "FandolFang R",
    "楷体_GB2312": "FandolKai",
    "黑体": "FandolHei",
    "宋体": "FandolSong",
    "方正小标宋简体": "FandolSong",
}
FILES = ("FandolFang-Regular", "FandolKai-Regular", "FandolHei-Regular", "FandolSong-Regular", "FandolSong-Bold")


def _match(name: str, stand_in: str) -> str:
    bold = '<edit name="weight" mode="assign"><const>bold</const></edit>' if name == "方正小标宋简体" else ""
    return (
        f'<match target="pattern"><test name="family"><string>{name}</string></test>'
        f'<edit name="family" mode="assign" binding="strong"><string>{stand_in}</string></edit>{bold}</match>'
    )


def font_folder() -> Path:
    """The folder with the Fandol fonts; skips where they are missing."""
    place = folder("TAIZHANG_FONTS", "fonts")
    if not all((place / f"{name}.otf").is_file() for name in FILES):
        missing(f"Fandol 字体（运行 .ci/fonts.sh {place}）")
    return place


def write_font_config(target: Path) -> Path:
    """A fontconfig file, in folder `target`, in which only the Fandol fonts exist; for FONTCONFIG_FILE."""
    config = target / "fonts.conf"
    matches = "\n".join(_match(name, stand_in) for name, stand_in in STAND_INS.items())
    config.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n'
        f"<fontconfig><dir>{font_folder()}</dir><cachedir>{target / 'cache'}</cachedir>\n{matches}\n</fontconfig>\n",
        encoding="utf-8",
    )
    return config
