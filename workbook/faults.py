"""The register of faults: code, severity, wording and authority, once each.

Codes are permanent; a retired one is never used again. Wording follows one
grammar: what was given, why it matters, what to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from workbook.findings import Cell, Finding, Severity

_E, _W, _I = Severity.ERROR, Severity.WARNING, Severity.INFO


class Fault(NamedTuple):
    """One kind of fault; `{blanks}` in message and hint are filled at the place."""

    code: str
    severity: Severity
    message: str
    hint: str
    authority: str = "常识"


SHORTEST_NUMBER = 11
_IDS = ("id", "row_id", "received", "digest", "dispatch", "run")
"""Digests of our own making, in which any digits may come together."""
FAULTS: dict[str, Fault] = {}


def register(code: str, severity: Severity, message: str, hint: str, authority: str = "常识") -> None:
    """Add one fault; a code used twice is our mistake."""
    if code in FAULTS:
        raise ValueError(f"fault {code} is registered twice")
    FAULTS[code] = Fault(code, severity, message, hint, authority)


def safe(text: str) -> str:
    """The text without any person's number in full."""
    if len(text) < SHORTEST_NUMBER or not any(map(str.isdigit, text)):
        return text
    from workbook.personal import mask

    return mask(text)


def safe_document(value: object) -> object:
    """A JSON document whose texts hold no person's number in full; keys, numbers and ids stay."""
    if isinstance(value, str):
        return safe(value)
    if isinstance(value, Mapping):
        return {key: one if key in _IDS else safe_document(one) for key, one in value.items()}
    return [safe_document(one) for one in value] if isinstance(value, (list, tuple)) else value


def found(code: str, cell: Cell | None = None, *, sheet: str = "", column: str = "", key: str = "",
          value: str = "", **blanks: str) -> Finding:
    """The finding of `code` at one place; numbers of persons stand masked in it."""
    fault = FAULTS[code]
    column, key, value = safe(column), safe(key), safe(value)
    blanks = {name: safe(text) for name, text in blanks.items()}
    blanks = {"value": value, "column": column, "sheet": cell.sheet if cell else sheet, "key": key} | blanks
    return Finding(code, fault.severity, _worded(fault.message, blanks), _worded(fault.hint, blanks),
                   fault.authority, cell, sheet, column, key, value)


def _worded(template: str, blanks: Mapping[str, str]) -> str:
    return template.format(**blanks) if "{" in template or "}" in template else template


for _fault in (
    # structure: sheets, headers, rows
    ("S001", _W, "缺少工作表“{sheet}”，按空表处理。", "需要时从空白台账复制这张表。"),
    ("S002", _W, "工作表“{given}”像是“{sheet}”的副本，没有读取。", "把其中的行移到“{sheet}”，再删掉副本。"),
    ("S003", _W, "工作表“{sheet}”没有“{column}”列。", "按空白台账补上这一列的表头。"),
    ("S004", _W, "表头“{value}”出现了两次，只读了前一列。", "改掉或删掉其中一列。"),
    ("S005", _I, "工作表“{given}”按表头认作“{sheet}”。", "把工作表名称改回“{sheet}”。"),
    ("S006", _I, "表头“{value}”按“{column}”读取。", "不用改；改成“{column}”更清楚。"),
    ("S007", _W, "“{value}”是合计行，没有计入。", "台账里不要写合计，程序会自己算。"),
    ("S008", _I, "“{value}”是分段行，没有计入。", "台账里不用分段行，删掉即可。"),
    ("S009", _I, "示例行没有计入，也不会印进报告。", "照着填好后删掉示例行。"),
    ("S010", _W, "“{value}”按上一行的“{given}”读取。", "每行都写全，避免排序后错位。"),
    ("S011", _W, "合并单元格的各行都按“{value}”读取。", "取消合并，每行写全。"),
    ("S012", _W, "报告信息的“{value}”出现了两次，用的是前一处。", "删掉多余的一行。"),
    ("S013", _E, "合计行的“{column}”是{given}，各行相加是{value}。", "核对后删掉合计行。"),
    # cells
    ("C001", _E, "“{column}”没有填。", "请补填。"),
    ("C002", _E, "“{column}”填的是“{value}”，不是一个日期。", "请写成 2025-03-08 这样的日期。"),
    ("C003", _E, "“{column}”填的是“{value}”，日历上没有这一天。", "请核对后改正。"),
    ("C004", _E, "“{column}”填的是“{value}”，读不出数。", "请只写数字。"),
    ("C005", _W, "“{column}”填的是“{value}”，不在可选的值里。", "请从下拉框里选，或在“字典”里加上它。"),
    ("C006", _E, "“{column}”填的是“{value}”，只能是：{given}。", "请从下拉框里选。"),
    ("C007", _E, "“{column}”是错误值 {value}。", "请检查这一格的公式或内容。"),
    ("C008", _W, "“{column}”填的是“{value}”，精确到{given}，这里要具体到日。", "请写明是哪一天。"),
    ("C009", _W, "“{column}”填的是“{value}”，可能是{given}，程序不猜。", "请写成 5月20日 这样的写法。"),
    ("C010", _W, "“{column}”填的是“{value}”，是约数，相加后的数也是约数。", "有准确的数请改成准确的数。"),
    ("C011", _W, "“{column}”的单位是{given}，填的是“{value}”。", "请换算后只写数字。"),
    ("C012", _E, "“{column}”里有两个数：“{value}”。", "请分成两行，一行一个数。"),
    ("C013", _W, "“{value}”还是占位的字，没有替换。", "请换成真实的内容。"),
    ("C014", _W, "“{column}”填的是“{value}”，按 {given} 读取。", "请改成 {given}，省得误会。"),
    ("C015", _E, "“{column}”填的是“{value}”，应是整数。", "请核对后改正。"),
    ("C016", _W, "“{column}”填的是“{value}”，没有 % 号又大于 1。", "写成 {value}% 或小数。"),
    # links
    ("L001", _E, "“{column}”填的是“{value}”，“{sheet_to}”里没有。", "请核对，或在“{sheet_to}”里加上它。{near}"),
    ("L002", _E, "“{column}”的“{value}”重复了，前面第{given}行已经用过。", "请改成不同的编号。"),
    ("L013", _W, "“{value}”不在“法规”表里，报告印不出它的规范名称。", "请核对名称，或在“法规”表里加上它。{near}"),
    # metrics and slots
    ("M001", _E, "指标“{key}”的“{column}”没有填，算不出数。", "请按统计方式补填。"),
    ("M002", _E, "条件“{value}”看不懂：{given}。", "请写成 类型=党组学法、集体学法；范围=全系统 的样子。"),
    ("M003", _E, "条件里的“{value}”不是“{given}”的列。", "请改成表头上的列名。{near}"),
    ("M004", _E, "指标“{key}”引用了自己（{value}）。", "请改正分子、分母或父指标。"),
    ("M005", _E, "比率“{key}”的分母是 0，算不出。", "请核对分母指标的条件，或改用别的写法。"),
    ("M006", _E, "各部分之和是{given}，合计是{value}，对不上。", "请核对各部分和合计。"),
    ("M007", _I, "名称“{value}”不能直接写进 {{{{ }}}}，请用编号 {key}。", "不用改。"),
    ("M008", _E, "名称“{value}”和{given}重名。", "请改成不同的名称。"),
    ("M009", _E, "填报值是{given}，按来源表算出来是{value}，对不上。", "请核对；确实不同的，在备注写明理由。"),
    ("M010", _W, "零值写法是“省略”，只能用在 .其中 里。", "请改成要印的字。"),
    ("M011", _W, "实际值{value}不到印出来的{given}的九成，写“近”不妥。", "请改用“余”或“约”。"),
    ("M012", _W, "数值{value}小于取整的{given}，照原数印。", "请把取整改小。"),
    ("M013", _W, "文件里存的本年值是{given}，现在算出来是{value}。", "打开台账重新计算并保存。"),
    ("M014", _E, "“{column}”填的是“{value}”，不是“{given}”的数量列。", "请填表头上的列名。{near}"),
    ("T001", _E, "{{{{ {value} }}}} 没有这个名称。", "请核对名称。{near}"),
    ("T002", _E, "{{{{ {value} }}}} 写法不对：{given}。", "请照“填写说明”的写法改。"),
    ("T003", _E, "缺{value}，报告里印成【待补：{value}】。", "请补填后再出正式稿。"),
    ("T004", _W, "“{value}”按“{given}”读取。", "请改成英文的花括号。"),
    # outline
    ("O001", _E, "章节编号“{value}”不对。", "请写成 1、1.1、1.1.1 这样，最多四级。"),
    ("O002", _W, "章节“{value}”没有上级“{given}”。", "请补上上级章节。"),
    ("O003", _W, "这一章是连写，只有最后一条的“{column}”能印出来。", "请把列举排版改成逐段，或把这段话移到最后一条。"),
    # ours
    ("X001", _E, "规则 {value} 自己出错了（{given}），别的规则照常检查。", "请把这句话和文件发给维护人员。"),
    ("X002", _E, "检查这个文件时程序出错（{given}），没有检查完，别的文件照常检查。", "请把这句话和文件发给维护人员。"),
    # readiness: custom, never blocking
    ("R001", _W, "成文日期{value}晚于报送期限{given}。", "请核对成文日期。", "惯例"),
    ("R002", _W, "公开属性是“不予公开”，没有写理由。", "请在“不公开理由”里写明。", "法规"),
    ("R003", _W, "全文约{value}字，一般不超过{given}字。", "请精简。", "惯例"),
    ("R004", _W, "“{value}”没有填，{given}一般要写明。", "请在“报告信息”里补填。", "惯例"),
    ("R005", _W, "任务{value}在这份报告的统计止{given}以后才完成，成效还印在里面。", "请核对这些话该不该写进这一期。"),
    ("R006", _W, "主动公开的报告一般在{given}前公开，成文日期{value}已经晚了。", "请核对成文日期，并尽快公开。",
     "惯例"),
    # acknowledgements in 已知问题
    ("K001", _W, "对{value}的确认没有写理由，不算数。", "写明为什么可以不改，或删掉这一行。"),
    ("K002", _W, "“{value}”不是规则的代码，这一行不算数。", "用 taizhang rule 查代码后改正，或删掉这一行。"),
    ("K003", _W, "对{value}的确认找不到它说的那一行（{given}），不算数。", "那一行已经删掉的，把这一行也删掉。"),
    ("K004", _W, "{value}不能确认：{why}。", "请照它的提示改正，并删掉这一行。"),
    ("K005", _W, "对{value}的确认不再算数：{given}的内容已经改过。", "请重新核对；仍可不改的，再确认一次。"),
    ("K006", _I, "确认过的{value}（{given}）已经不再报了。", "不用改；可以删掉这一行。"),
):
    register(*_fault)
