"""Punctuation and characters of a text (GB/T 15834-2011, GB/T 15835-2011)."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.wording.hits import HAN, SLOT, Hit, compiled, each, signed

_AFTER_HAN = rf"(?<=[{HAN}”》）％%{SLOT}])"
_BEFORE_HAN = rf"(?=[{HAN}“《（{SLOT}\n]|$)"
_PAIRS = {"《": "》", "“": "”", "‘": "’", "（": "）", "【": "】", "〔": "〕", "「": "」"}
_CLOSERS = {right: left for left, right in _PAIRS.items()}
_BRACKETS = "[《》“”‘’（）【】〔〕「」]"
_NUMBER_BEFORE = r"(?:^|[^\d（A-Za-z一二三四五六七八九十])[\dA-Za-z一二三四五六七八九十]{1,2}）"
_WIDE = (*map(chr, range(ord("０"), ord("９") + 1)), *map(chr, range(ord("Ａ"), ord("Ｚ") + 1)),
         *map(chr, range(ord("ａ"), ord("ｚ") + 1)))

straight_quotes = each(rf"[\"＂][^\"＂\n]*[\"＂]|[\"＂]|'[^'\n]*[{HAN}][^'\n]*'|(?<=[{HAN}])'|'(?=[{HAN}])", "\"＂'")
half_width_marks = each(rf"{_AFTER_HAN}[,;:?!]{_BEFORE_HAN}|(?<=[{HAN}”》）])\.(?=[{HAN}“《]|\s*$)", ",;:?!.")
half_width_parentheses = each(rf"\((?=[{HAN}《“])|(?<=[{HAN}》”])\)|(?<=[{HAN}])\((?=[^()\n]*[{HAN}])", "()")
wide_percent = each("％", "％")
wide_digits = each("[０-９Ａ-Ｚａ-ｚ]+", _WIDE)
comma_between_titles = each("》、《|”、“", ("》、《", "”、“"))
doubled_marks = each(r"。[。，、；：]|，[，。、；：]|、[、，。；：]|；[；，。、：]|：[：，。、；]|！。|？。|，{2,}",
                     (*(one + other for one in "。，、；：" for other in "。，、；："), "！。", "？。"))
spaces_inside = each(
    rf"(?<=[{HAN}，。；：、])(?<!公室|政府|委会|县委|市委|区委|党委)[ \t\u3000]+(?=[{HAN}“《])"
    rf"|(?<=[{HAN}])[ \t\u3000]+(?=[，。；：、])", " \t\u3000"
)
look_alikes = each(
    rf"(?:(?<=[。；：，\n])|^)[ー－\-—l1I]是(?=[{HAN}])|(?<=\d)[OolI](?=[\d年月日个件次人名场份%])|(?<=第)[ー－\-]",
    ("O", "o", "l", "I", "1是", "—是", *"ー－-")
)


@signed("《》“”‘’（）()【】〔〕「」")
def unpaired(prose: str) -> Iterator[Hit]:
    """The first bracket, quotation mark or title mark without its other half."""
    at = _unpaired(prose.replace("(", "（").replace(")", "）"))
    if at is not None:
        yield Hit(at, at + 1, prose[at])


def _unpaired(prose: str) -> int | None:
    listed = {match.end() - 1 for match in compiled(_NUMBER_BEFORE).finditer(prose)}
    open_at: list[tuple[str, int]] = []
    for match in compiled(_BRACKETS).finditer(prose):
        mark, at = match[0], match.start()
        if mark in _PAIRS:
            open_at.append((mark, at))
        elif open_at and open_at[-1][0] == _CLOSERS[mark]:
            open_at.pop()
        elif at not in listed:
            return open_at[-1][1] if any(one == _CLOSERS[mark] for one, _ in open_at) else at
    return open_at[0][1] if open_at else None
