"""Files named .docx, .doc or .rtf, read as what they are; old ones through LibreOffice."""

import os
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from docx import Document

from corpus import UnreadableReport, doc, read_report
from corpus.doc import find_soffice, read_doc
from corpus.docx import read_docx
from corpus.word_file import read_word

needs_libreoffice = pytest.mark.skipif(
    find_soffice() is None, reason="LibreOffice is not installed, which reads .doc and .rtf"
)
DONE = "全年工作扎实推进，各项任务都已经完成。"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
PAGE = f"<html><body><h1>云汀市工作报告</h1><p>{DONE}</p><p>{DONE}</p></body></html>"


def rtf(text: str) -> bytes:
    """An RTF document with these paragraphs."""
    escaped = "".join(
        character if character.isascii() else f"\\u{ord(character) % 65536}?" for character in text
    )
    return b"{\\rtf1\\ansi " + escaped.replace("\n", "\\par ").encode() + b"}"


def directory(*names: str) -> bytes:
    """A container of Office programs with streams of these names."""
    return COMPOUND + b"".join(name.encode("utf-16-le") + bytes(64) for name in names)


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report as .docx."""
    document = Document()
    document.add_paragraph("云汀市总工会工作报告", style="Title")
    for heading in ("一、回顾", "二、安排"):
        document.add_heading(heading, level=1)
        document.add_paragraph(DONE)
        document.add_paragraph("夜校进厂", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        [*table.rows[0].cells, *table.rows[1].cells], ("区县", "会员", "柳溪", "1200"), strict=True
    ):
        cell.text = text
    document.add_paragraph(DONE)
    path = tmp_path_factory.mktemp("word") / "报告.docx"
    document.save(str(path))
    return path


@pytest.fixture(scope="module")
def old(new: Path) -> bytes:
    """The same report as .doc."""
    program = str(find_soffice())
    profile = f"-env:UserInstallation={(new.parent / 'profile').as_uri()}"
    converts = ("--convert-to", "doc:MS Word 97", "--outdir", str(new.parent), str(new))
    for _ in range(2):  # the first run makes the profile, and may do nothing else
        subprocess.run((program, "--headless", profile, *converts), check=False, timeout=120)
    return new.with_suffix(".doc").read_bytes()


@needs_libreoffice
def test_an_old_file_is_read_like_the_new_one(new: Path, old: bytes) -> None:
    expected = read_docx(new.read_bytes(), "报告.docx")
    found = read_word(old, "报告.doc")
    assert [(b.text, b.style.level, b.style.kind, b.style.listed) for b in found.blocks] == [
        (b.text, b.style.level, b.style.kind, b.style.listed) for b in expected.blocks
    ]


@needs_libreoffice
def test_rtf_is_read_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "总结.doc"
    path.write_bytes(rtf(f"云汀市工作总结\n{DONE}"))
    report = read_report(path, file=path.name)
    assert report.title == "云汀市工作总结"
    assert [paragraph.text for paragraph in report.paragraphs] == [DONE]


@needs_libreoffice
def test_what_libreoffice_cannot_read_is_refused_with_its_words(old: bytes) -> None:
    with pytest.raises(UnreadableReport, match=r"坏\.doc：LibreOffice 读不出（.+）.*请"):
        read_doc(old[:2000], "坏.doc")


@needs_libreoffice
def test_an_old_file_with_a_password_is_called_so(old: bytes) -> None:
    text = next(at for at in range(512, len(old), 512) if old[at : at + 2] == b"\xec\xa5")
    locked = bytearray(old)
    locked[text + 11] |= 1
    with pytest.raises(UnreadableReport, match="文件设有密码。请"):
        read_word(bytes(locked), "报告.doc")


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """What a server on this machine is asked for; the first entry is its address."""
    requests: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def handle(self) -> None:
            requests.append("asked")

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        requests.append(f"http://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield requests
        server.shutdown()
        thread.join()


@needs_libreoffice
def test_libreoffice_asks_no_other_machine(asked: list[str]) -> None:
    page = f'<html><body><p>图</p><img src="{asked[0]}/a.png"></body></html>'
    # It looks at the content, not at the name; unless told not to, it fetches the picture.
    assert read_doc(page.encode(), "报告.doc").source == "图"
    assert len(asked) == 1


def test_without_libreoffice_both_remedies_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doc, "_PLACES", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("YOUJU_SOFFICE", raising=False)
    with pytest.raises(UnreadableReport, match=r"请安装 LibreOffice，或.*另存为 \.docx"):
        read_word(directory("WordDocument"), "报告.doc")


def test_a_named_program_that_is_missing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YOUJU_SOFFICE", str(tmp_path / "soffice"))
    with pytest.raises(UnreadableReport, match=r"soffice.*无法启动.*请"):
        read_word(directory("WordDocument"), "报告.doc")


@pytest.mark.skipif(os.name != "posix", reason="the program is a script of the shell")
def test_a_program_that_does_not_end_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nexec sleep 60\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("YOUJU_SOFFICE", str(program))
    monkeypatch.setattr(doc, "_PATIENCE", 1.0)
    with pytest.raises(UnreadableReport, match="1 秒没有读完。请"):
        read_word(directory("WordDocument"), "报告.doc")


def test_a_new_file_under_an_old_name_is_read(new: Path) -> None:
    data = new.read_bytes()
    assert read_word(data, "报告.doc") == read_docx(data, "报告.docx")


@pytest.mark.parametrize(
    "data",
    [
        PAGE.encode(),
        b"\xef\xbb\xbf\n" + PAGE.encode(),
        f"<!-- Word -->\n<!DOCTYPE html>{PAGE}".encode(),
        f'<?xml version="1.0" encoding="utf-8"?>\n{PAGE}'.encode(),
        PAGE.replace("<body>", '<meta charset="gb2312"><body>').encode("gb18030"),
        (
            "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=B\n\n--B\n"
            "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
            f"{PAGE}\n--B--\n"
        ).encode(),
    ],
)
def test_a_web_page_under_the_name_of_a_word_file_is_read(data: bytes) -> None:
    found = read_word(data, "报告.doc").blocks
    assert [(block.text, block.style.level) for block in found][-2:] == [(DONE, None)] * 2


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (directory("EncryptedPackage", "EncryptionInfo"), "文件设有密码。请"),
        (directory("Workbook"), "内容是 Excel 表格.*请"),
        (directory("PowerPoint Document"), "内容是 PowerPoint 演示文稿.*请"),
        (b"%PDF-1.7", r"内容是 PDF.*请把扩展名改为 \.pdf"),
        (b"\x89PNG\r\n", "内容是图片.*请"),
        (b"MIME-Version: 1.0\nContent-Type: text/plain\n\nx", "网页存档里没有网页。请"),
        (DONE.encode(), r"不是 Word 文档。请.*另存为 \.docx"),
        (b"", "请"),
        (b"PK\x03\x04", "请"),
    ],
)
def test_what_is_no_word_file_is_called_by_its_name(data: bytes, reason: str) -> None:
    for name in ("报告.docx", "报告.doc"):
        with pytest.raises(UnreadableReport, match=f"{name}：.*{reason}"):
            read_word(data, name)
