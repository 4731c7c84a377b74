"""The public copy: what prints is the same, and nothing else is in the package."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from pathlib import Path

import docx
import pytest
from docx.shared import Inches

from scripts.cli import main
from templates.provenance.carriers import manifest_in
from templates.publication.pictures import bare_picture
from templates.publication.public import public_copy
from tests.traced import EXACT, LEDGER, PEOPLE, write_book
from workbook.findings import Refusal

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
ALLOWED = re.compile(r"\[Content_Types\]\.xml|_rels/\.rels|docProps/core\.xml|word/(?:_rels/)?"
                     r"(?:document|styles|settings|fontTable|numbering|footer\d|header\d)\.xml(?:\.rels)?"
                     r"|word/theme/theme1\.xml|word/media/image1\.png")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    book = write_book(tmp_path)
    assert main(["convert", str(book), "-o", str(tmp_path / "报告.docx"), "--quiet"]) == 0
    assert main(["convert", str(book), "-o", str(tmp_path / "公开.docx"), "--public", "--quiet"]) == 0
    assert main(["publish", str(tmp_path / "报告.docx"), "-o", str(tmp_path / "另存.docx"), "--quiet"]) == 0
    return tmp_path


def parts(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name).decode("utf-8", "replace") for name in package.namelist()}


def lines(path: Path) -> list[str]:
    return ["".join(text.text or "" for text in paragraph.iter(f"{{{W}}}t"))
            for paragraph in docx.Document(str(path)).element.iter(f"{{{W}}}p")]


@pytest.mark.parametrize("name", ["公开.docx", "另存.docx"])
def test_nothing_of_the_ledger_is_in_any_part(folder: Path, name: str) -> None:
    manifest = manifest_in((folder / "报告.docx").read_bytes())
    assert manifest
    secrets = {manifest.ledger_id, manifest.ledger_digest, EXACT, "taizhang:trace", "_tz", "台账.xlsx", *PEOPLE,
               *(mark.id for mark in manifest.marks), *(one for mark in manifest.marks for one in mark.row_ids if one),
               *(cell for mark in manifest.marks for cell in mark.cells)}
    hidden = parts(folder / name)
    assert all(ALLOWED.fullmatch(part) for part in hidden), list(hidden)
    assert [(part, one) for part, text in hidden.items() for one in secrets if one in text] == []
    assert not re.search(r"(?:指标|活动|办件|任务|报告信息)![A-Z]*\d", "".join(hidden.values()))
    assert not re.search(r"bookmark|rsid|comment|w:author|dc:creator|lastModifiedBy", "".join(hidden.values()))
    assert manifest_in((folder / name).read_bytes()) is None


@pytest.mark.parametrize("name", ["公开.docx", "另存.docx"])
def test_the_text_is_the_same(folder: Path, name: str) -> None:
    assert lines(folder / name) == lines(folder / "报告.docx")


def test_both_ways_give_the_same_document(folder: Path) -> None:
    assert (folder / "公开.docx").read_bytes() == (folder / "另存.docx").read_bytes()


def test_the_title_is_the_only_property(folder: Path) -> None:
    core = parts(folder / "公开.docx")["docProps/core.xml"]
    assert re.findall(r"<dc:title>(.*?)</dc:title>", core) == ["临溪县民政局2025年工作情况的报告"]
    assert docx.Document(str(folder / "公开.docx")).core_properties.author == ""


def test_publishing_again_changes_nothing(folder: Path) -> None:
    once = (folder / "公开.docx").read_bytes()
    assert public_copy(once) == once


def edited(inside: str, *, settings: str = "", more: dict[str, str] | None = None) -> bytes:
    """A docx whose body is the given WordprocessingML, with what Word leaves in a document that people worked on."""
    made = docx.Document()
    made.core_properties.author, made.core_properties.last_modified_by = "司马长风", "诸葛青山"
    made.core_properties.title = "关于工作的报告"
    packed = io.BytesIO()
    made.save(packed)
    out = io.BytesIO()
    space = f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(out, "w") as target:
        for one in source.namelist():
            content = source.read(one)
            if one == "word/document.xml":
                content = f"<w:document {space}><w:body>{inside}<w:sectPr/></w:body></w:document>".encode()
            if one == "word/settings.xml" and settings:
                content = f"<w:settings {space}>{settings}</w:settings>".encode()
            target.writestr(one, content)
        for name, content in (more or {}).items():
            target.writestr(name, content)
    return out.getvalue()


def body_of(data: bytes) -> str:
    return zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()


def run(text: str, form: str = "") -> str:
    return f'<w:r w:rsidR="00AB12CD"><w:rPr>{form}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def text_of(data: bytes) -> list[str]:
    return [p.text for p in docx.Document(io.BytesIO(data)).paragraphs]


HIDDEN = {
    "批注": '<w:p><w:commentRangeStart w:id="1"/>{t}<w:commentRangeEnd w:id="1"/>'
            '<w:r><w:commentReference w:id="1"/></w:r></w:p>',
    "书签": '<w:p><w:bookmarkStart w:id="1" w:name="王局长看"/>{t}<w:bookmarkEnd w:id="1"/></w:p>',
    "隐藏文字": "<w:p>{t}<w:r><w:rPr><w:vanish/></w:rPr><w:t>内部数据5123</w:t></w:r></w:p>",
    "内容控件": '<w:sdt><w:sdtPr><w:alias w:val="秘钥5123"/><w:tag w:val="指标!H12"/></w:sdtPr>'
               "<w:sdtContent><w:p>{t}</w:p></w:sdtContent></w:sdt>",
    "智能标记": '<w:p><w:smartTag w:uri="urn:5123" w:element="person">{t}</w:smartTag></w:p>',
    "权限": '<w:p><w:permStart w:id="3" w:ed="司马长风"/>{t}<w:permEnd w:id="3"/></w:p>',
    "属性域": '<w:p>{t}<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
             '<w:r><w:instrText>DOCPROPERTY 秘钥5123</w:instrText></w:r>'
             '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>',
    "路径域": r'<w:p><w:fldSimple w:instr="INCLUDETEXT C:\\Users\\司马长风\\5123.docx">{t}</w:fldSimple></w:p>',
}


@pytest.mark.parametrize("inside", HIDDEN.values(), ids=HIDDEN)
def test_what_does_not_print_goes_and_the_text_stays(inside: str) -> None:
    made = public_copy(edited(inside.format(t=run("办了5件。"))))
    assert "".join(text_of(made)) == "办了5件。"
    everything = "".join(parts_of(made).values())
    assert not re.search("5123|司马|诸葛|王局长|comment|rsid|bookmark", everything)


def parts_of(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name).decode("utf-8", "replace") for name in package.namelist()}


def test_page_numbers_and_references_still_work() -> None:
    fields = ('<w:p><w:bookmarkStart w:id="1" w:name="_Ref5"/>' + run("表一") + '<w:bookmarkEnd w:id="1"/></w:p><w:p>'
              '<w:fldSimple w:instr=" PAGE "><w:r><w:t>3</w:t></w:r></w:fldSimple>'
              '<w:fldSimple w:instr=" REF _Ref5 \\h "><w:r><w:t>表一</w:t></w:r></w:fldSimple></w:p>')
    made = body_of(public_copy(edited(fields)))
    assert " PAGE " in made
    assert made.count("_Ref5") == 2


REVISED = {
    "插入": ("<w:p>{a}<w:ins w:id='1' w:author='司马长风' w:date='2026-01-01T00:00:00Z'>{b}</w:ins></w:p>", ["甲乙"]),
    "删除": ("<w:p>{a}<w:del w:id='1' w:author='司马长风'><w:r><w:delText>乙</w:delText></w:r></w:del></w:p>", ["甲"]),
    "移动": ("<w:p>{a}<w:moveFrom w:id='1' w:author='甲'>{b}</w:moveFrom></w:p>"
            "<w:p><w:moveTo w:id='2' w:author='甲'>{b}</w:moveTo></w:p>", ["甲", "乙"]),
    "格式": ("<w:p><w:r><w:rPr><w:b/><w:rPrChange w:id='1' w:author='司马长风'><w:rPr/></w:rPrChange></w:rPr>"
            "<w:t>甲</w:t></w:r></w:p>", ["甲"]),
    "合并段落": ("<w:p><w:pPr><w:rPr><w:del w:id='1' w:author='司马长风'/></w:rPr></w:pPr>{a}</w:p><w:p>{b}</w:p>",
              ["甲乙"]),
    "删去一行": ("<w:tbl><w:tblPr/><w:tblGrid/><w:tr><w:trPr><w:del w:id='1' w:author='司马长风'/></w:trPr>"
              "<w:tc><w:p>{a}</w:p></w:tc></w:tr><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl><w:p>{b}</w:p>", ["乙"]),
}


@pytest.mark.parametrize(("inside", "accepted"), REVISED.values(), ids=REVISED)
def test_tracked_changes_wait_for_a_person(inside: str, accepted: list[str]) -> None:
    data = edited(inside.format(a=run("甲"), b=run("乙")))
    with pytest.raises(Refusal, match=r"还有 \d 处修订没有定"):
        public_copy(data)
    made = public_copy(data, accept_changes=True)
    assert text_of(made) == accepted
    assert not re.search("司马|author|w:ins|w:del|Change", body_of(made))


def test_the_number_of_changes_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = tmp_path / "报告.docx", tmp_path / "公开.docx"
    path.write_bytes(edited(f"<w:p><w:ins w:id='1'>{run('甲')}</w:ins><w:ins w:id='2'>{run('乙')}</w:ins></w:p>"))
    assert main(["publish", str(path), "-o", str(out)]) == 2
    assert "报告.docx：报告里还有 2 处修订没有定" in capsys.readouterr().err
    assert not out.exists()
    assert main(["publish", str(path), "-o", str(out), "--accept-changes"]) == 0
    assert text_of(out.read_bytes()) == ["甲乙"]


def test_settings_lose_template_path_and_revision_ids() -> None:
    settings = ('<w:attachedTemplate r:id="rId9"/><w:rsids><w:rsid w:val="00AB12CD"/></w:rsids><w:trackRevisions/>'
                '<w:docVars><w:docVar w:name="甲" w:val="5123"/></w:docVars><w:evenAndOddHeaders/>')
    rels = ('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="rId9" '
            'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
            r'Target="file:///C:\Users\司马长风\模板.dotm" TargetMode="External"/></Relationships>')
    made = parts_of(public_copy(edited(f"<w:p>{run('甲')}</w:p>", settings=settings,
                                       more={"word/_rels/settings.xml.rels": rels})))
    assert "evenAndOddHeaders" in made["word/settings.xml"]
    assert not re.search("司马|5123|rsid|trackRevisions|attachedTemplate", "".join(made.values()))


@pytest.mark.parametrize(("text", "said"), [
    ("电话13812345678。", "个人号码：“电话138****5678。”"), ("秘密★1年", "密级标志“秘密★”"),
], ids=["手机号", "密级标志"])
def test_what_must_never_travel_is_refused(text: str, said: str) -> None:
    with pytest.raises(Refusal, match=re.escape(said)):
        public_copy(edited(f"<w:p>{run(text)}</w:p>"))


@pytest.mark.parametrize("secret", ["| 密级 | 秘密★1年 |", "| 备注 | 找张三13812345678 |"], ids=["密级", "手机号"])
def test_a_ledger_with_secrets_gives_no_public_copy(tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                                    secret: str) -> None:
    book = write_book(tmp_path, LEDGER.replace("| 联系人 |", f"{secret}\n| 联系人 |"))
    assert main(["convert", str(book), "-o", str(tmp_path / "公开.docx"), "--public"]) == 2
    said = capsys.readouterr().err
    assert "没有生成公开用的副本" in said
    assert "13812345678" not in said
    assert not (tmp_path / "公开.docx").exists()


def test_embedded_objects_are_refused() -> None:
    data = edited(f'<w:p><w:r><w:object r:id="rId77"/></w:r>{run("甲")}</w:p>')
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/oleObject"
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for one in source.namelist():
            content = source.read(one)
            if one == "word/_rels/document.xml.rels":
                more = f'<Relationship Id="rId77" Type="{kind}" Target="embeddings/a.bin"/></Relationships>'
                content = content.replace(b"</Relationships>", more.encode())
            target.writestr(one, content)
    with pytest.raises(Refusal, match="嵌着对象"):
        public_copy(out.getvalue())


def test_pictures_lose_their_comments_and_stay_pictures() -> None:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    picture = (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
               + chunk(b"tEXt", b"Author\0SIMA") + chunk(b"IDAT", zlib.compress(b"\0\1\2\3")) + chunk(b"IEND", b""))
    made, packed = docx.Document(), io.BytesIO()
    made.add_picture(io.BytesIO(picture), Inches(1))
    made.save(packed)
    with zipfile.ZipFile(io.BytesIO(public_copy(packed.getvalue()))) as package:
        kept = package.read("word/media/image1.png")
    assert b"SIMA" not in kept
    assert len(kept) == len(picture) - 12 - len(b"Author\0SIMA")
    jpeg = b"\xff\xd8\xff\xe1\x00\x08Exif\0\0\xff\xe0\x00\x04ab\xff\xda\x00\x02data\xff\xd9"
    assert bare_picture(jpeg) == b"\xff\xd8\xff\xe0\x00\x04ab\xff\xda\x00\x02data\xff\xd9"
    assert bare_picture(b"\xff\xd8\xff") == b"\xff\xd8\xff"


@pytest.mark.parametrize(("content", "why"), [(b"", "是空文件"), (b"no zip", "不是 Word 文档"),
                                              (b"PK\x03\x04broken", "文件不完整")])
def test_what_is_no_docx_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes,
                                         why: str) -> None:
    (tmp_path / "报告.docx").write_bytes(content)
    assert main(["publish", str(tmp_path / "报告.docx"), "-o", str(tmp_path / "公开.docx")]) == 2
    said = capsys.readouterr().err
    assert f"报告.docx：{why}" in said
    assert len(said.strip().splitlines()) == 1


def test_only_docx_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["publish", "报告.docx", "-o", str(tmp_path / "公开.pdf")]) == 2
    assert "扩展名改成 .docx" in capsys.readouterr().err
