"""Every sheet and every column of the standard workbook, once.

This table drives the blank workbook, header recognition, Excel's validations,
the reading of cells, the text form and the filling guide. Nothing else in the
program lists sheets or columns.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

SCHEMA_VERSION = "1"


class Type(StrEnum):
    """How a cell is read and checked."""

    TEXT = "文本"
    LONG = "长文"
    DATE = "日期"
    INTEGER = "整数"
    NUMBER = "数值"
    PERCENT = "百分比"
    CHOICE = "枚举"
    REFERENCE = "引用"
    YES_NO = "是否"


class Level(StrEnum):
    """How much a clerk needs to see of a column."""

    REQUIRED = "必填"
    USUAL = "常用"
    ALL = "全部"


class Column(NamedTuple):
    """One column: `title` is its header, `aliases` other headers it is known by.

    `choices` are fixed; `dictionary` is the 类别 of sheet 字典 that feeds the
    dropdown; `refers` is the sheet and column whose values it may hold.
    `width` is in characters of Excel's default font.
    """

    title: str
    type: Type = Type.TEXT
    required: bool = False
    level: Level = Level.ALL
    aliases: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    dictionary: str = ""
    refers: tuple[str, str] | None = None
    many: bool = False
    width: float = 12
    hint: str = ""
    default: str = ""
    computed: bool = False
    slots: bool = False
    unit: str = ""

    @property
    def numeric(self) -> bool:
        return self.type in (Type.INTEGER, Type.NUMBER, Type.PERCENT)


class Sheet(NamedTuple):
    """One record sheet; `key` is the column a clerk names a row by.

    `open_quantities`: an office may add columns headed 种类（单位）.
    """

    title: str
    columns: tuple[Column, ...]
    key: str = ""
    name_column: str = ""
    date_columns: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    required: bool = False
    open_quantities: bool = False
    excusable: bool = False
    tab: str = "7F7F7F"
    purpose: str = ""

    def column(self, title: str) -> Column:
        """The column of that title; KeyError where the schema has none."""
        for column in self.columns:
            if column.title == title:
                return column
        raise KeyError(f"{self.title} has no column {title}")

    @property
    def titles(self) -> tuple[str, ...]:
        return tuple(column.title for column in self.columns)


class HeadKey(NamedTuple):
    """One key of sheet 报告信息."""

    title: str
    type: Type = Type.TEXT
    required: bool = False
    group: str = ""
    choices: tuple[str, ...] = ()
    hint: str = ""
    slots: bool = False


HEAD_SHEET = "报告信息"
HEAD_COLUMNS = ("项目", "内容")
META_SHEET = "_元"
ID_COLUMN = "_id"
EXCUSE_COLUMN = "不用原因"
OPTIONS_SHEET = "_选项"
KNOWN_ISSUES = "已知问题"
COVER_SHEET = "下发封面"
GENERATED_SHEETS = ("填写说明", "看板", "校验结果", "冲突裁决", OPTIONS_SHEET, COVER_SHEET)
"""Sheets the program writes anew each time; never read as facts."""
NO_FACT_SHEETS = (*GENERATED_SHEETS, KNOWN_ISSUES, META_SHEET)
"""Sheets that are never taken for a record sheet; 已知问题 and _元 travel with the ledger."""

HEAD_KEYS: tuple[HeadKey, ...] = (
    HeadKey("报告类型", required=True, group="报告", hint="决定用哪套模板，如：法治政府建设年度报告。"),
    HeadKey("报告年度", Type.INTEGER, required=True, group="报告", hint="四位数字，如 2025。"),
    HeadKey("统计起", Type.DATE, required=True, group="报告", hint="本年数从这一天算起（含）。"),
    HeadKey("统计止", Type.DATE, required=True, group="报告", hint="本年数算到这一天（含）。"),
    HeadKey("规划期名称", group="报告", hint="如：“八五”普法。"),
    HeadKey("规划期起", Type.DATE, group="报告", hint="统计期为“规划期”的指标从这一天累计。"),
    HeadKey("规划期止", Type.DATE, group="报告"),
    HeadKey("行政区划", group="机关", hint="如：临溪县。"),
    HeadKey("机关全称", required=True, group="机关", hint="如：临溪县民政局。"),
    HeadKey("机关简称", group="机关", hint="如：民政局。"),
    HeadKey("自称", group="机关", choices=("我局", "我委", "我镇", "我乡", "我办", "我街道", "我单位")),
    HeadKey("系统名称", group="机关", hint="如：民政系统。"),
    HeadKey("上级", group="机关", hint="如：县委、县政府。"),
    HeadKey("指导单位", group="机关", hint="如：县司法局。"),
    HeadKey("联系人", group="机关"),
    HeadKey("联系电话", group="机关", hint="办公电话。"),
    HeadKey("标题", group="正文", slots=True, hint="空着就用模板的标题。"),
    HeadKey("引言", Type.LONG, group="正文", slots=True),
    HeadKey("题前", Type.LONG, group="正文", slots=True, hint="标题上面的行（索引号、发布机构等），一行一段。"),
    HeadKey("主送机关", group="公文", slots=True),
    HeadKey("附件", Type.LONG, group="公文", slots=True, hint="一行一个附件名称，不写序号。"),
    HeadKey("署名", group="公文", slots=True),
    HeadKey("成文日期", Type.DATE, group="公文"),
    HeadKey("印章", group="公文", choices=("有", "无")),
    HeadKey("附注", group="公文", slots=True, hint="不写括号。"),
    HeadKey("发文机关标志", group="公文", hint="填了就排成带红头的公文，如：临溪县民政局文件。"),
    HeadKey("机关代字", group="公文", hint="如：临民字。"),
    HeadKey("发文年份", Type.INTEGER, group="公文"),
    HeadKey("发文顺序号", Type.INTEGER, group="公文"),
    HeadKey("签发人", group="公文"),
    HeadKey("份号", group="公文", hint="六位数字，保留前面的 0。"),
    HeadKey("密级", group="公文"),
    HeadKey("紧急程度", group="公文", choices=("特急", "加急")),
    HeadKey("抄送机关", group="公文"),
    HeadKey("印发机关", group="公文"),
    HeadKey("印发日期", Type.DATE, group="公文"),
    HeadKey("公开属性", group="公开", choices=("主动公开", "依申请公开", "不予公开")),
    HeadKey("不公开理由", group="公开"),
)

HEAD_BY_TITLE = {key.title: key for key in HEAD_KEYS}

_R, _U = Level.REQUIRED, Level.USUAL
_OFFICE = ("股室", "名称")
_CHAPTER = ("章节", "编号")

CHAPTERS = Sheet(
    "章节",
    (
        Column("编号", required=True, level=_R, width=8, hint="1、1.1、1.2、2……最多四级。"),
        Column("标题", Type.LONG, required=True, level=_R, width=46, slots=True, hint="不写序号，序号由程序排。"),
        Column("标题形式", Type.CHOICE, level=_U, choices=("独段", "行内"), default="独段", width=10,
               hint="独段：标题自成一段；行内：标题后面接正文。"),
        Column("标题末标点", Type.CHOICE, choices=("。", "无"), width=10, hint="空着：行内加“。”，独段不加。"),
        Column("引语", Type.LONG, level=_U, width=40, slots=True, hint="本章开头的话。"),
        Column("列举词", Type.CHOICE, level=_U, choices=("一是", "第一", "1.", "（1）", "①", "（一）", "无"),
               default="无", width=9, hint="各条前面的序次语，由程序排。"),
        Column("列举排版", Type.CHOICE, level=_U, choices=("连写", "逐段"), default="连写", width=9,
               hint="连写：各条排在一段里；逐段：一条一段。"),
        Column("列举加粗", Type.YES_NO, default="否", width=9),
        Column("空时", width=10, slots=True, hint="本章没有内容时：省略整章，或印一句话（如：无。）。"),
        Column("结语", Type.LONG, width=40, slots=True, hint="本章最后另起一段的话。"),
        Column("编号覆盖", width=10, hint="照原样印这个序号，一般不用。"),
    ),
    key="编号", name_column="标题", aliases=("大纲", "报告章节", "提纲"), required=True, tab="1F4E79",
    purpose="报告的提纲：有哪些章、各章怎么排。",
)

TASKS = Sheet(
    "任务",
    (
        Column("编号", level=_U, width=8, aliases=("序号", "任务编号"), hint="如 R01，不要重复。"),
        Column("章节", Type.REFERENCE, level=_U, refers=_CHAPTER, width=8, hint="写进报告的哪一章，填章节编号。"),
        Column("序", Type.NUMBER, width=6, hint="在本章里的先后，可用 1.5 插在中间。"),
        Column("任务名称", Type.LONG, required=True, level=_R, width=28, aliases=("任务", "工作任务", "重点任务")),
        Column("任务内容", Type.LONG, width=30),
        Column("依据法规", width=20, many=True),
        Column("责任股室", Type.REFERENCE, required=True, level=_R, refers=_OFFICE, width=16,
               aliases=("责任科室", "责任单位", "牵头股室", "承办股室")),
        Column("责任人", width=10),
        Column("计划开始", Type.DATE, width=12),
        Column("完成时限", Type.DATE, required=True, level=_R, width=12, aliases=("时限", "完成期限")),
        Column("目标指标", Type.REFERENCE, refers=("指标", "编号"), width=10),
        Column("状态", Type.CHOICE, required=True, level=_R, choices=("未开始", "进行中", "已完成", "已取消"), width=9,
               aliases=("完成情况", "办理状态")),
        Column("完成日期", Type.DATE, level=_U, width=12, aliases=("实际完成日期", "完成时间")),
        Column("进度", Type.PERCENT, width=8),
        Column("小标题", width=20, slots=True),
        Column("工作成效", Type.LONG, level=_U, width=56, slots=True, aliases=("成效", "工作开展情况"),
               hint="报告里印的就是这一格；数字用 {{ 指标名称 }}。"),
        Column("入报告", Type.YES_NO, level=_U, width=8, hint="空着：工作成效填了就入报告。"),
        Column("佐证材料", Type.LONG, width=20),
        Column("备注", Type.LONG, width=20),
    ),
    key="编号", name_column="任务名称", date_columns=("完成日期", "完成时限"), aliases=("任务台账", "工作任务"),
    excusable=True, tab="2E75B6", purpose="今年要办的事：谁办、何时办完、办得怎样。",
)

ITEMS = Sheet(
    "条目",
    (
        Column("编号", level=_U, width=8, aliases=("序号",)),
        Column("章节", Type.REFERENCE, required=True, level=_R, refers=_CHAPTER, width=8),
        Column("序", Type.NUMBER, level=_U, width=6),
        Column("小标题", level=_U, width=24, slots=True),
        Column("正文", Type.LONG, required=True, level=_R, width=70, slots=True, aliases=("内容",)),
        Column("责任股室", Type.REFERENCE, refers=_OFFICE, width=16, level=_U),
        Column("入报告", Type.YES_NO, default="是", width=8, level=_U),
        Column("备注", Type.LONG, width=20),
    ),
    key="编号", name_column="小标题", excusable=True, tab="2E75B6",
    purpose="不是任务、但要写进报告的话：履职情况、下年安排、意见建议。",
)

PROBLEMS = Sheet(
    "问题",
    (
        Column("编号", level=_U, width=8, aliases=("序号",)),
        Column("章节", Type.REFERENCE, required=True, level=_R, refers=_CHAPTER, width=8),
        Column("序", Type.NUMBER, width=6),
        Column("标题", level=_U, width=24, slots=True),
        Column("表现", Type.LONG, required=True, level=_R, width=56, slots=True, aliases=("问题表现", "存在问题")),
        Column("原因", Type.LONG, width=40, slots=True),
        Column("改进措施", Type.LONG, level=_U, width=56, slots=True, aliases=("整改措施",)),
        Column("责任股室", Type.REFERENCE, level=_U, refers=_OFFICE, width=16),
        Column("整改时限", Type.DATE, level=_U, width=12),
        Column("整改状态", Type.CHOICE, choices=("未整改", "整改中", "已整改"), width=10),
        Column("入报告", Type.YES_NO, default="是", width=8, level=_U),
        Column("备注", Type.LONG, width=20),
    ),
    key="编号", name_column="标题", aliases=("存在问题", "问题清单"), excusable=True, tab="C55A11",
    purpose="存在的问题和怎么改。",
)

EVENTS = Sheet(
    "活动",
    (
        Column("编号", width=8, aliases=("序号", "活动编号")),
        Column("开始日期", Type.DATE, required=True, level=_R, width=12, aliases=("日期", "活动日期", "时间")),
        Column("结束日期", Type.DATE, width=12),
        Column("活动名称", Type.LONG, required=True, level=_R, width=34, aliases=("名称", "活动")),
        Column("类型", Type.CHOICE, required=True, level=_R, dictionary="活动.类型", many=True, width=16,
               aliases=("活动类型",)),
        Column("主题", Type.CHOICE, level=_U, dictionary="活动.主题", many=True, width=14),
        Column("节点", Type.CHOICE, dictionary="活动.节点", many=True, width=16,
               hint="国家宪法日、民法典宣传月等；写 12.4 会读成国家宪法日。"),
        Column("形式", width=16, many=True),
        Column("地点", width=16),
        Column("对象", width=14, many=True),
        Column("角色", Type.CHOICE, choices=("主办", "协办"), default="主办", width=8),
        Column("场次", Type.INTEGER, level=_U, default="1", width=7, hint="空着按 1 场算。"),
        Column("涉及法规", width=24, many=True, hint="写简称，几部用“、”隔开。"),
        Column("范围", Type.CHOICE, choices=("本局", "全系统"), width=9),
        Column("联合单位", width=16, many=True),
        Column("承办股室", Type.REFERENCE, required=True, level=_R, refers=_OFFICE, width=16,
               aliases=("责任股室", "主办股室", "承办科室")),
        Column("关联任务", Type.REFERENCE, refers=("任务", "编号"), width=10),
        Column("佐证材料", Type.LONG, width=18),
        Column("备注", Type.LONG, width=18),
        Column("参与（人次）", Type.NUMBER, level=_U, width=9, unit="人次", aliases=("参加人数", "参与人次")),
        Column("咨询（人次）", Type.NUMBER, width=9, unit="人次"),
        Column("宣传资料（份）", Type.NUMBER, level=_U, width=9, unit="份"),
        Column("宣传品（件）", Type.NUMBER, width=9, unit="件"),
        Column("横幅（条）", Type.NUMBER, width=9, unit="条"),
        Column("海报（张）", Type.NUMBER, width=9, unit="张"),
        Column("视频（个）", Type.NUMBER, width=9, unit="个"),
    ),
    key="编号", name_column="活动名称", date_columns=("开始日期",), aliases=("活动台账", "普法活动"),
    open_quantities=True, excusable=True, tab="548235", purpose="办了哪些活动：何时、何事、多少人、发了多少资料。",
)

CASES = Sheet(
    "办件",
    (
        Column("编号", width=8, level=_U, aliases=("序号",)),
        Column("日期", Type.DATE, required=True, level=_R, width=12, aliases=("办理日期", "时间")),
        Column("事项", Type.CHOICE, required=True, level=_R, dictionary="办件.事项", width=20, aliases=("事项名称",)),
        Column("数量", Type.NUMBER, required=True, level=_R, width=9),
        Column("单位", required=True, level=_R, width=7),
        Column("结果", level=_U, width=16),
        Column("金额（元）", Type.NUMBER, width=12, unit="元"),
        Column("户数", Type.NUMBER, width=8, unit="户"),
        Column("人数", Type.NUMBER, width=8, unit="人"),
        Column("承办股室", Type.REFERENCE, required=True, level=_R, refers=_OFFICE, width=16, aliases=("责任股室",)),
        Column("备注", Type.LONG, width=24, level=_U),
    ),
    key="编号", name_column="事项", date_columns=("日期",), aliases=("办件台账",), open_quantities=True,
    excusable=True, tab="548235", purpose="按件计数的业务：合法性审查、合同审查、信访……",
)

METRICS = Sheet(
    "指标",
    (
        Column("编号", required=True, level=_R, width=8, hint="M01、M02……不要改动已有的。"),
        Column("名称", required=True, level=_R, width=20, aliases=("指标名称",),
               hint="正文里写 {{ 名称 }} 就印出这个数。"),
        Column("单位", level=_U, width=7),
        Column("统计方式", Type.CHOICE, required=True, level=_R, width=9,
               choices=("计数", "求和", "比率", "合计", "填报")),
        Column("来源表", Type.CHOICE, level=_U, choices=("活动", "办件", "任务"), width=8),
        Column("来源列", level=_U, width=14),
        Column("条件", Type.LONG, level=_U, width=30, hint="如：类型=党组学法、集体学法；范围=全系统"),
        Column("分子", Type.REFERENCE, refers=("指标", "编号"), width=8),
        Column("分母", Type.REFERENCE, refers=("指标", "编号"), width=8),
        Column("父指标", Type.REFERENCE, refers=("指标", "编号"), width=8),
        Column("穷尽", Type.YES_NO, width=7, hint="是：各部分之和必须等于合计。"),
        Column("统计期", Type.CHOICE, level=_U, choices=("本年", "规划期", "截至"), default="本年", width=9),
        Column("基数", Type.NUMBER, width=9, hint="以前各年台账累计的数。"),
        Column("基数截止", Type.DATE, width=12, hint="基数已经算到这一天；这天及以前的行不再计。"),
        Column("填报值", Type.NUMBER, level=_U, width=10),
        Column("上年值", Type.NUMBER, width=10),
        Column("目标值", Type.NUMBER, width=10),
        Column("表述", Type.CHOICE, level=_U, default="精确", width=8,
               choices=("精确", "余", "近", "约", "多", "逾", "以上")),
        Column("取整", Type.INTEGER, choices=("1", "10", "100", "1000", "10000"), default="1", width=8),
        Column("数字样式", Type.CHOICE, choices=("数字", "千", "万", "百分比", "汉字"), default="数字", width=9),
        Column("小数位", Type.INTEGER, width=8),
        Column("舍入", Type.CHOICE, choices=("四舍五入", "去尾"), default="四舍五入", width=9),
        Column("零值写法", width=10, hint="等于 0 时照这样印；“省略”只用在 .其中 里。"),
        Column("责任股室", Type.REFERENCE, level=_U, refers=_OFFICE, width=16),
        Column("备注", Type.LONG, width=24),
        Column("本年值", Type.NUMBER, level=_U, width=10, computed=True),
        Column("报告值", Type.NUMBER, level=_U, width=10, computed=True),
        Column("报告表述", level=_U, width=14, computed=True),
    ),
    key="编号", name_column="名称", aliases=("指标台账",), tab="7030A0",
    purpose="报告里的每个数：从哪张表、按什么条件、怎么数出来、怎么写。",
)

STATISTICS = Sheet(
    "统计表",
    (
        Column("章节", Type.REFERENCE, required=True, level=_R, refers=_CHAPTER, width=8),
        Column("表题", required=True, level=_R, width=30, slots=True),
        Column("行", required=True, level=_R, width=20),
        Column("列", required=True, level=_R, width=20),
        Column("值", Type.NUMBER, required=True, level=_R, width=14, slots=True, hint="数，或 {{ 指标名称 }}。"),
        Column("单位", level=_U, width=8),
    ),
    key="表题", aliases=("附表",), tab="7030A0", purpose="要在正文后附的表，一格一行。",
)

LAWS = Sheet(
    "法规",
    (
        Column("正式名称", required=True, level=_R, width=36, aliases=("法规名称",)),
        Column("简称", level=_U, width=20),
        Column("误名", level=_U, width=28, many=True),
        Column("类别", Type.CHOICE, level=_U, width=12,
               choices=("宪法", "法律", "行政法规", "地方性法规", "部门规章", "政府规章", "规范性文件",
                        "党内法规", "司法解释")),
        Column("发布机关", level=_U, width=26),
        Column("施行日期", Type.DATE, level=_U, width=12),
        Column("修订日期", Type.DATE, width=12, level=_U),
        Column("状态", Type.CHOICE, level=_U, choices=("现行", "已修订", "已废止"), width=9),
    ),
    key="正式名称", name_column="简称", aliases=("法律法规",), tab="BF9000",
    purpose="报告里提到的法律法规，名称以这里为准。",
)

OFFICES = Sheet(
    "股室",
    (
        Column("代码", required=True, level=_R, width=8),
        Column("名称", required=True, level=_R, width=24, aliases=("股室名称", "科室名称", "股室")),
        Column("负责人", level=_U, width=10),
        Column("填报人", level=_U, width=10),
        Column("邮箱", level=_U, width=28),
        Column("电话", level=_U, width=16),
        Column("角色", Type.CHOICE, level=_U, choices=("牵头", "填报", "停用"), width=8),
    ),
    key="代码", name_column="名称", aliases=("科室", "责任单位"), tab="BF9000", purpose="本局有哪些股室，谁填报。",
)

DICTIONARY = Sheet(
    "字典",
    (
        Column("类别", required=True, level=_R, width=14, hint="如 活动.类型。"),
        Column("值", required=True, level=_R, width=28, hint="不能含 、；＝。"),
        Column("说明", level=_U, width=30),
    ),
    key="值", aliases=("数据字典",), tab="BF9000", purpose="下拉框里有哪些选项，可以加。",
)

SHEETS: tuple[Sheet, ...] = (
    CHAPTERS, TASKS, ITEMS, PROBLEMS, EVENTS, CASES, METRICS, STATISTICS, LAWS, OFFICES, DICTIONARY,
)
BY_TITLE = {sheet.title: sheet for sheet in SHEETS}
REQUIRED_SHEETS = (HEAD_SHEET, CHAPTERS.title)
SOURCE_SHEETS = (EVENTS.title, CASES.title, TASKS.title)
"""Sheets whose rows metrics count."""
