"""Word files as nobody should send them, each made from a sound report, and what must become of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from tests.hostile.books import sound as workbook
from tests.hostile.drafting import (
    DOCUMENT,
    MACROS,
    RELATIONS,
    SETTINGS,
    TYPES,
    edited,
    encrypted,
    field,
    flipped,
    forged,
    macro_enabled,
    mark,
    old_word,
    packed,
    parts,
    related,
    sound,
    source,
    typed,
    without,
)

READ = ""
_TRACKED, _OBJECT, _BROKEN, _FORGED = "修订没有定", "嵌着对象", "文件已损坏", "溯源信息已损坏"
_BIG, _NO_DOCX = "大得不正常", "不是 Word 文档"
_BY = 'w:id="9{0}" w:author="甲" w:date="2025-01-01T00:00:00Z"'
_DTD = '<!DOCTYPE w [<!ENTITY a "哈"><!ENTITY x SYSTEM "file:///etc/passwd">]>'


class Report(NamedTuple):
    """A file, and what every command says of it: READ, or part of the sentence that refuses it.

    `but` are the commands that say something else; `heavy` what takes longer.
    """

    make: Callable[[], bytes]
    said: str = READ
    but: Mapping[str, str] = {}
    heavy: bool = False


def _run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def _p(inside: str) -> str:
    return f"<w:p>{inside}</w:p>"


def _bookmarks(count: int) -> str:
    return "".join(f'<w:bookmarkStart w:id="{n}" w:name="书签{n}"/>' for n in range(7000, 7000 + count))


def _ends(count: int) -> str:
    return "".join(f'<w:bookmarkEnd w:id="{n}"/>' for n in range(7000, 7000 + count))


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_TORN = {"trace": READ, "publish": "可用的 Word 文档"}
_LINKED = {"publish": "别处的图片"}
_CUT = {"publish": _TRACKED}
_NO_TRACE = dict.fromkeys(("trace", "verify", "pull"), "没有溯源信息")
_COMPARED = ("verify", "pull")
_TRACES = ("trace", "verify", "pull")


def _for(said: str, *commands: str) -> dict[str, str]:
    return dict.fromkeys(commands, said)


PACKAGES: dict[str, Report] = {
    "完好": Report(sound),
    "下载了一半": Report(lambda: sound()[:len(sound()) // 2], "文件不完整"),
    "空文件": Report(lambda: b"", "是空文件"),
    "坏了一个字节": Report(flipped, _BROKEN, {"trace": READ}),
    "正文重名": Report(lambda: packed(parts(), (DOCUMENT, b"<w/>")), "重名"),
    "正文只差大小写": Report(lambda: packed(parts(), (DOCUMENT.upper(), b"<w/>")), "重名"),
    "部件名走出文件夹": Report(lambda: packed(parts(), ("../../逃.xml", b"x")), "名称不正常"),
    "缺正文": Report(without(DOCUMENT), "正文", _TORN | _for(_BROKEN, *_COMPARED)),
    "缺内容类型": Report(without(TYPES), READ, _for("可用的 Word 文档", "publish")),
    "缺关系": Report(without("_rels/.rels"), READ, _for(_BROKEN, "verify", "pull")),
    "内容类型写错": Report(edited(TYPES, "wordprocessingml.document.main+xml", "spreadsheetml.sheet.main+xml")),
    "带宏改名": Report(macro_enabled),
    "宏加在外面": Report(lambda: packed(parts(), ("word/vbaProject.bin", MACROS))),
    "Excel 改名": Report(workbook, "Word 正文", {"trace": "溯源信息", "publish": "可用的 Word 文档"}),
    "有打开密码": Report(encrypted, "有打开密码"),
    "旧版 Word 改名": Report(old_word, "旧格式"),
    "RTF 改名": Report(lambda: rb"{\rtf1\ansi {\object\objocx}}", _NO_DOCX),
    "网页改名": Report(lambda: "<html><script>x</script>关于".encode(), _NO_DOCX),
    "Word 2003 的 XML": Report(lambda: b'<?xml version="1.0"?><w:wordDocument xmlns:w="x"/>', _NO_DOCX),
    "邮件改名": Report(lambda: b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n", _NO_DOCX),
    "程序改名": Report(lambda: b"MZ" + bytes(600), _NO_DOCX),
    "PDF 改名": Report(lambda: b"%PDF-1.7\n", _NO_DOCX),
    "压缩炸弹": Report(lambda: packed({**parts(), DOCUMENT: (b" " * (1 << 20) for _ in range(512))}), _BIG, heavy=True),
    "图片里的炸弹": Report(lambda: packed({**parts(), "word/media/a.png": (bytes(1 << 20) for _ in range(200))}), _BIG,
                      heavy=True),
    "一万一千个部件": Report(lambda: packed(parts(), *[(f"word/{n}.xml", b"") for n in range(11_000)]), "多得不正常",
                       heavy=True),
}
TEXTS: dict[str, Report] = {
    "实体": Report(edited(DOCUMENT, "<w:document", _DTD + "<w:document"), "类型声明", {"trace": READ}),
    "UTF-16 里的实体": Report(lambda: packed({**parts(), DOCUMENT: (
        _XML.replace("UTF-8", "UTF-16") + _DTD + "<w/>").encode("utf-16")}), "类型声明", {"trace": READ}),
    "关系里的实体": Report(edited(RELATIONS, "<Relationships", _DTD + "<Relationships"), READ, _for("声明", "publish")),
    "溯源里的实体": Report(edited("customXml/item1.xml", "<trace", _DTD + "<trace")),
    "套二十万层": Report(typed("<w:x>" * 200_000 + "</w:x>" * 200_000), "一层套一层", _TORN),
    "段里套段": Report(typed("<w:p><w:r></w:r>" * 5000 + "</w:p>" * 5000), "长得不正常", _TORN),
    "没有写完": Report(edited(DOCUMENT, "</w:body>", ""), _BROKEN, _TORN),
    "不许的字符": Report(typed(_p(_run("坏\x0b字"))), _BROKEN, _TORN),
    "夹着 GBK": Report(lambda: packed({**parts(), DOCUMENT: parts()[DOCUMENT].replace(
        "工作".encode(), "工作".encode("gbk"), 1)}), _BROKEN, _TORN),
    "四万字一段": Report(typed(_p(_run("甲，乙。" * 10_000)))),
    "六万字一段": Report(typed(_p(_run("12件，" * 15_000))), READ, _for(_BIG, "lint")),
    "一段三万个字块": Report(typed(_p("".join(_run(str(n % 10)) for n in range(30_000)))), heavy=True),
    "二万段": Report(typed("".join(_p(_run(f"开展活动{n}次。")) for n in range(20_000))), heavy=True),
    "双向与零宽字符": Report(typed(_p(_run("合计\u202e321\u202c件\u200b\ufeff，增长\u206630\u2069%")))),
    "全角与组合字符": Report(typed(_p(_run("１２３件e\u0301́́́" + "\u0301" * 5000)))),
    "公式样的文字": Report(typed(_p(_run("=cmd|' /C calc'!A0 {{ 7*7 }} {% for i in x %}")))),
    "隐藏的文字": Report(typed("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>藏99件</w:t></w:r></w:p>")),
}
OUTSIDE: dict[str, Report] = {
    "远程模板": Report(edited(SETTINGS, "</w:settings>", "</w:settings>",
        ("word/_rels/settings.xml.rels", f'{_XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
         f'relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
         f'relationships/attachedTemplate" Target="http://127.0.0.1:9/a.dotm" TargetMode="External"/></Relationships>'
         .encode()))),
    "远程图片": Report(related("image", "http://127.0.0.1:9/a.png", _p('<w:r><w:pict><v:shape xmlns:v="urn:v">'
        '<v:imagedata rx:id="rIdX"/></v:shape></w:pict></w:r>')), READ, _LINKED),
    "共享文件夹里的图片": Report(related("image", "file://///127.0.0.1/x/a.png", _p(
        '<w:r><w:drawing><a:blip xmlns:a="urn:a" rx:link="rIdX"/></w:drawing></w:r>')), READ, _LINKED),
    "插入别的文件": Report(related("aFChunk", "afchunk.html", '<w:altChunk rx:id="rIdX"/>',
                          ("word/afchunk.html", b"<script>x</script>"), mode=""), READ, _for(_OBJECT, "publish")),
    "远程的插入文件": Report(related("aFChunk", "http://127.0.0.1:9/a.html", '<w:altChunk rx:id="rIdX"/>'), READ,
                      _for(_OBJECT, "publish")),
    "子文档": Report(related("subDocument", "file:///c:/x.docx", '<w:subDoc rx:id="rIdX"/>'), READ,
                  _for(_OBJECT, "publish")),
    "嵌着对象": Report(related("oleObject", "embeddings/a.bin", _p('<w:r><w:object><o:OLEObject xmlns:o="urn:o" '
        'Type="Embed" rx:id="rIdX"/></w:object></w:r>'), ("word/embeddings/a.bin", MACROS), mode=""), READ,
                   _for(_OBJECT, "publish")),
    "远程对象": Report(related("oleObject", "mhtml:http://127.0.0.1:9/a!x", _p('<w:r><w:object><o:OLEObject '
        'xmlns:o="urn:o" Type="Link" rx:id="rIdX"/></w:object></w:r>')), READ, _for(_OBJECT, "publish")),
    "控件": Report(related("control", "activeX/activeX1.xml", _p('<w:r><w:control rx:id="rIdX"/></w:r>'),
                       ("word/activeX/activeX1.xml", b"<x/>"), mode=""), READ, _for(_OBJECT, "publish")),
    "远程框架": Report(related("frame", "http://127.0.0.1:9/f.html", "")),
    "脚本链接": Report(related("hyperlink", "javascript:alert(1)", _p('<w:hyperlink rx:id="rIdX">' + _run("点")
                                                                   + "</w:hyperlink>"))),
    "共享文件夹的链接": Report(related("hyperlink", "file:////127.0.0.1/x", _p('<w:hyperlink rx:id="rIdX">' + _run("点")
                                                                   + "</w:hyperlink>"))),
    "DDE 域": Report(typed(field(r"DDEAUTO c:\\windows\\system32\\cmd.exe '/k calc'"))),
    "域名拆开的 DDE": Report(typed("<w:p>" + "".join(f"<w:r>{one}</w:r>" for one in (
        '<w:fldChar w:fldCharType="begin"/>', "<w:instrText>DD</w:instrText>", "<w:instrText>E x</w:instrText>",
        '<w:fldChar w:fldCharType="end"/>')) + "</w:p>")),
    "简单域里的 DDE": Report(typed(_p('<w:fldSimple w:instr=" DDE x y ">' + _run("显") + "</w:fldSimple>"))),
    "INCLUDEPICTURE 域": Report(typed(field(r"INCLUDEPICTURE http://127.0.0.1:9/a.png \d"))),
    "INCLUDETEXT 域": Report(typed(field("INCLUDETEXT /etc/passwd"))),
    "套三百层的域": Report(typed("<w:p>" + '<w:r><w:fldChar w:fldCharType="begin"/></w:r>' * 300
                             + "<w:r><w:instrText>DDE x</w:instrText></w:r>"
                             + '<w:r><w:fldChar w:fldCharType="end"/></w:r>' * 300 + "</w:p>")),
    "没有结束的域": Report(typed(_p('<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DDE x'
                             "</w:instrText></w:r>"))),
}
REVISED: dict[str, Report] = {
    "修订里的修订": Report(typed(_p(f"<w:ins {_BY.format(1)}><w:del {_BY.format(2)}><w:r><w:delText>9件</w:delText>"
                             f"</w:r></w:del>{_run('8件')}</w:ins>")), READ, _CUT),
    "删掉段落标记": Report(typed(f"<w:p><w:pPr><w:rPr><w:del {_BY.format(3)}/></w:rPr></w:pPr>{_run('甲')}</w:p>" * 50
                             + _p(_run("乙"))), READ, _CUT),
    "删掉的表格行": Report(typed(f"<w:tbl><w:tr><w:trPr><w:del {_BY.format(4)}/></w:trPr><w:tc>{_p(_run('1'))}</w:tc>"
                             "</w:tr></w:tbl>"), READ, _CUT),
    "移动没有去处": Report(typed(_p(f"<w:moveFrom {_BY.format(5)}>{_run('走')}</w:moveFrom>")), READ, _CUT),
    "正文外的修订": Report(edited(DOCUMENT, "<w:body>", f"<w:body><w:ins {_BY.format(6)}/>"), READ, _CUT),
    "格式修订": Report(typed(f"<w:p><w:pPr><w:pPrChange {_BY.format(7)}><w:pPr/></w:pPrChange></w:pPr></w:p>"), READ,
                   _CUT),
    "批注交叉": Report(typed(_p('<w:commentRangeStart w:id="1"/>' + _run("甲") + '<w:commentRangeStart w:id="2"/>'),
                             _p('<w:commentRangeEnd w:id="1"/>' + _run("乙") + '<w:commentRangeEnd w:id="9"/>'))),
    "批注部件坏了": Report(lambda: packed(parts(), ("word/comments.xml", b"<w:comments")), READ, {"lint": _BROKEN}),
    "书签重名": Report(typed(*['<w:p><w:bookmarkStart w:id="5" w:name="_tz1"/>' + _run("1件")
                           + '<w:bookmarkEnd w:id="5"/></w:p>'] * 3)),
    "书签交叉": Report(typed(_p('<w:bookmarkStart w:id="61" w:name="a"/><w:bookmarkStart w:id="62" w:name="b"/>'
                           + _run("1") + '<w:bookmarkEnd w:id="61"/>' + _run("2")), _p('<w:bookmarkEnd w:id="62"/>'))),
    "书签先收后开": Report(typed(_p(
        '<w:bookmarkEnd w:id="63"/>' + _run("1") + '<w:bookmarkStart w:id="63" w:name="a"/>'))),
    "两千个书签盖住两千段": Report(typed(_p(_bookmarks(2000)), *[_p(_run("字"))] * 2000, _p(_ends(2000))), "长得不正常",
                         {"lint": "长得不正常", "trace": READ, "publish": READ}, heavy=True),
}
FORGED: dict[str, Report] = {
    "没有溯源": Report(without("customXml/item1.xml", "docProps/custom.xml"), READ, _NO_TRACE),
    "溯源不是 JSON": Report(forged(lambda told: "{"), READ, _for(_FORGED, *_TRACES)),
    "溯源套一万层": Report(forged(lambda told: "[" * 10_000), READ, _for(_FORGED, *_TRACES)),
    "溯源是别的 JSON": Report(forged(lambda told: '{"version": 1}'), READ, _for(_FORGED, *_TRACES)),
    "溯源是更新的版本": Report(forged(lambda told: told.update(version=99)), READ, _for("更新版本", *_TRACES)),
    "版本是文字": Report(forged(lambda told: told.update(version="1")), READ, _for(_FORGED, *_TRACES)),
    "统计期乱写": Report(forged(lambda told: told.update(period="昨天..明天")), READ, _for(_FORGED, *_TRACES)),
    "类型乱写": Report(forged(lambda told: told.update(kind="../../x")), READ, _for("--template", *_COMPARED)),
    "版式乱写": Report(forged(lambda told: told.update(layout="../x"))),
    "别的台账": Report(forged(lambda told: told.update(ledger_id="ABCDEFGHJK")), READ,
                   _for("不是从这本台账", *_COMPARED)),
    "段落号越界": Report(forged(lambda told: mark(told, 1, 10**9)), READ, _for(_FORGED, *_TRACES)),
    "段落号负数": Report(forged(lambda told: mark(told, 1, -1)), READ, _for(_FORGED, *_TRACES)),
    "位置越界": Report(forged(lambda told: mark(told, 3, 10**9)), READ, _for(_FORGED, *_TRACES)),
    "位置不是数": Report(forged(lambda told: mark(told, 2, None)), READ, _for(_FORGED, *_TRACES)),
    "指着没有的格": Report(forged(lambda told: source(told, 3, ["没有!ZZZ99999999", "任务!A0", "x"]))),
    "每处指着没有的格": Report(forged(lambda told: [one.__setitem__(5, "没有!XFE0") for one in told["marks"]])),
    "行数没有尽头": Report(forged(lambda told: source(told, 4, ["活动!1-99999999999"])), READ, _for(_FORGED, *_TRACES)),
    "行数很多": Report(forged(lambda told: source(told, 4, ["活动!1-1048576"])), READ, heavy=True),
    "行号是负的": Report(forged(lambda told: source(told, 4, ["活动!-5--1"])), READ, _for(_FORGED, *_TRACES)),
    "每个数同一个号": Report(forged(lambda told: [one.__setitem__(0, "_tz1") for one in told["marks"]])),
    "名称里有控制符": Report(forged(lambda told: told.update(ledger_file="甲\n\x1b[2J\u202e.xlsx", title="\x07"))),
    "属性里的溯源坏了": Report(lambda: packed({**parts(), "customXml/item1.xml": b"<x/>", "docProps/custom.xml": (
        b'<Properties><property name="taizhang.trace.001"><vt:lpwstr>!!</vt:lpwstr></property></Properties>')}), READ,
        _for(_FORGED, *_TRACES)),
}
REPORTS: dict[str, Report] = {**PACKAGES, **TEXTS, **OUTSIDE, **REVISED, **FORGED}
