"""One round of mail: a ledger for thirty offices, and what they send back, in every way in which mail goes wrong."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Mapping
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from tests.conformance.mail_servers import HOME, PASSWORD, MailServers
from tests.returning import changed
from tests.workbook import came_back
from tests.workbook.letters import attachment, enclosed, letter, named, winmail, zipped
from tests.workbook.odd_files import compound
from workbook.exchange.mail.names import words

OFFICES = [f"O{at:02}" for at in range(1, 31)]
NEW, TYPES, SEALED = "新收", "[Content_Types].xml", r"sharedStrings|custom\.xml|xl/workbook\.xml"
PHOTO = b"\xff\xd8\xff\xe0JFIF"
GONE = "O30"
"""The office whose mailbox there is not."""
HEAD = """
## 报告信息

| 项目 | 内容 |
|---|---|
| 报告类型 | 通用报告 |
| 报告年度 | 2025 |
| 机关全称 | 临溪县民政局 |
| 联系人 | 温亦舟 |
| 联系电话 | 0000-5550101 |
| 统计起 | 2025-01-01 |
| 统计止 | 2025-12-31 |

## 章节

| 编号 | 标题 |
|---|---|
| 1 | 工作情况 |
"""


def address(code: str) -> str:
    return f"{code.lower()}@lx.example"


def name(code: str) -> str:
    return f"第{int(code[1:])}股"


def ledger() -> str:
    """The master as text: every office has one task."""
    tasks = [f"| R{code[1:]} | 1 | 办理第{int(code[1:])}件事 | {name(code)} | 2025-12-31 | 进行中 | |"
             for code in OFFICES]
    people = [f"| {code} | {name(code)} | 填报员{int(code[1:])} | {address(code)} | 填报 |" for code in OFFICES]
    lines = [HEAD, "## 任务", "", "| 编号 | 章节 | 任务名称 | 责任股室 | 完成时限 | 状态 | 备注 |", "|---" * 7 + "|",
             *tasks, "", "## 股室", "", "| 代码 | 名称 | 填报人 | 邮箱 | 角色 |", "|---" * 5 + "|",
             f"| ZH | 综合股 | 温亦舟 | {HOME} | 牵头 |", *people]
    return "\n".join(lines) + "\n"


class Office:
    """One office: it has read the letter that brought its workbook, and answers it."""

    def __init__(self, code: str, brought: bytes, folder: Path) -> None:
        read = message_from_bytes(brought, policy=default)
        assert isinstance(read, EmailMessage)
        (book,) = read.iter_attachments()
        self.code, self.letter, self.file = code, read, str(book.get_filename())
        self.sent: bytes = book.get_content()
        self.folder = folder

    def filled(self, note: str = "") -> bytes:
        """The workbook as it was filled in: one note."""
        source, target = self.folder / f"{self.code}-下发.xlsx", self.folder / f"{self.code}-填好.xlsx"
        source.write_bytes(self.sent)
        key = f"R{self.code[1:]}"
        told = note or f"{self.code} 已办"
        return changed(source, target, {"任务": lambda sheet: sheet.put(key, 备注=told)}).read_bytes()

    def answer(self, *parts: bytes, text: str = "填好了，请查收。", subject: str = "", headers: bytes = b"") -> bytes:
        """A letter from this office that answers the one it got."""
        headers = (f"Message-ID: <{self.code}.{len(parts)}.{len(text)}@lx.example>\r\n"
                   f"In-Reply-To: {self.letter['Message-ID']}\r\n").encode() + headers
        return letter(*parts, sender=address(self.code), text=text, headers=headers,
                      subject=subject or f"回复：{self.letter['Subject']}")


def answers(offices: Mapping[str, Office]) -> dict[str, list[tuple[bytes, list[str]]]]:
    """By office, its letters, each with what the register has to say of what is in it; some offices say nothing."""
    return {code: _answers(one, one.filled(), offices) for code, one in offices.items() if code <= "O26"}


def _answers(one: Office, book: bytes, offices: Mapping[str, Office]) -> list[tuple[bytes, list[str]]]:
    file, answer = one.file, one.answer
    raw, usual = f'; filename="{file}"', answer(named(book, file))
    newer, older = "2099-01-02T08:00:00Z", "2099-01-01T08:00:00Z"
    typed = f'application/octet-stream; name="{file}"'.encode("gbk")
    zip_file = zipped([(f"填好的/{file}", book)], "gbk")
    macro = zipped([("xl/vbaProject.bin", b"x"), (TYPES, b"<x/>")])
    found: dict[str, Callable[[], list[tuple[bytes, list[str]]]]] = {
        "O01": lambda: [(_by_another_program(one, book), [NEW])],
        "O02": lambda: [(usual, [NEW])],
        "O03": lambda: [(answer(attachment(book, raw.encode("gb18030"))), [NEW])],
        "O04": lambda: [(answer(attachment(book, b"", typed)), [NEW])],
        "O05": lambda: [(answer(named(winmail((file, book)), "winmail.dat")), [NEW])],
        "O06": lambda: [(answer(named(zip_file, "填好的.zip")), [NEW])],
        "O07": lambda: [(answer(enclosed(answer(enclosed(usual)))), [NEW])],
        "O08": lambda: [(answer(text="https://mail.qq.com/cgi-bin/ftnExs_download?k=1&t=exs_ftn"), ["仅云链接"])],
        "O09": lambda: [(answer(text="云附件 http://fs.163.com/fs/display/?p=X&file=1"), ["仅云链接"])],
        "O10": lambda: [(answer(text="链接: https://pan.baidu.com/s/1abc 提取码: 1234"), ["仅云链接"])],
        "O11": lambda: [(usual, [NEW]), (answer(named(book, file), text="再发一次。"), ["重复"])],
        "O12": lambda: [(answer(named(came_back.saved(one.filled("新的"), newer), file)), [NEW]),
                        (answer(named(came_back.saved(one.filled("旧的"), older), file)), ["旧版"])],
        "O13": lambda: [(answer(named(came_back.changed(one.sent, SEALED, r"\|O13\|", "|O14|"), file)), ["可疑"])],
        "O15": lambda: [(letter(named(book, file), sender="stranger@evil.example"), ["可疑"])],
        "O16": lambda: [(answer(text=""), ["无附件"])],
        "O17": lambda: [(answer(named(came_back.changed(one.sent, "sharedStrings", "办理第17", "秘密★"), file)),
                         ["疑似涉密"])],
        "O18": lambda: [(answer(text="我在休假。", headers=b"Auto-Submitted: auto-replied\r\n"), ["自动回复"])],
        "O19": lambda: [(answer(named(book, "报表.exe")), [NEW])],
        "O20": lambda: [(answer(named(book, file), named(PHOTO, "照片.jpg")), [NEW, "非本台账"])],
        "O21": lambda: [(answer(named(compound(EncryptedPackage=b"x"), file)), ["加密"])],
        "O22": lambda: [(answer(named(book[:len(book) // 2], file)), ["损坏"])],
        "O23": lambda: [(answer(named(macro, file)), ["可疑"])],
        "O24": lambda: [(answer(named(_other_ledger(one.folder), "别处的.xlsx")), ["非本台账"])],
        "O25": lambda: [(answer(named(offices["O27"].filled(), file)), ["他单位"])],
        "O26": lambda: [(answer(named(_wrong(one), file)), [NEW])],
    }
    return found[one.code]() if one.code in found else []


def _by_another_program(one: Office, book: bytes) -> bytes:
    """As the library of Python writes it: the name of the file by RFC 2231."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = address(one.code), HOME, "填好了"
    made.set_content("请查收")
    made.add_attachment(book, maintype="application", subtype="octet-stream", filename=one.file)
    assert b"filename*" in made.as_bytes()
    return made.as_bytes()


def _wrong(one: Office) -> bytes:
    source, target = one.folder / "O26-错.xlsx", one.folder / "O26-有错.xlsx"
    source.write_bytes(one.sent)
    return changed(source, target, {"任务": lambda sheet: sheet.put("R26", 完成时限="某天")}).read_bytes()


def _other_ledger(folder: Path) -> bytes:
    exchange = came_back.folder(folder / "别处", office="临溪县水利局")
    return came_back.sent(exchange, "BGS")


def hand_in(servers: MailServers, code: str, data: bytes) -> None:
    """Send a letter as its office does: through its own account, or, where the sender is a stranger, as one."""
    trusted = ssl.create_default_context(cafile=str(servers.authority.file))
    with smtplib.SMTP_SSL("127.0.0.1", servers.smtps_port, context=trusted) as server:
        server.login(address(code), PASSWORD)
        server.sendmail(address(code), [HOME], data)


def file_names(brought: bytes) -> set[str]:
    """What programs that know RFC 2231, or only RFC 2047, call the attachment."""
    read = message_from_bytes(brought)
    part = read.get_payload()[1]
    assert not isinstance(part, str)
    return {str(message_from_bytes(brought, policy=default).get_payload()[1].get_filename()),
            words(str(part.get_param("name")))}


