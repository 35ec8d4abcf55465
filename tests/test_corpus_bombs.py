"""Files made to bring a reader down by a few bytes are refused at once, with cause and remedy."""

import struct
import zipfile
import zlib
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from printed_pages import line, page, pdf

from corpus import UnreadableReport, read_report
from corpus.docx import read_docx
from corpus.html import read_html
from corpus.pdf import read_pdf
from corpus.picture import read_picture

CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"


def docx(declaration: bytes) -> bytes:
    """A Word file whose document has a document type, and text from an entity of it."""
    whole, changed = BytesIO(), BytesIO()
    document = Document()
    document.add_paragraph("全年工作已经完成。ENTITY")
    document.save(whole)
    with zipfile.ZipFile(whole) as package, zipfile.ZipFile(changed, "w") as copy:
        for entry in package.infolist():
            data = package.read(entry)
            if entry.filename == "word/document.xml":
                data = data.replace(b"ENTITY", b"&x;").replace(b"?>", b"?>" + declaration, 1)
            copy.writestr(entry.filename, data)
    return changed.getvalue()


def objects(numbered: Sequence[bytes]) -> bytes:
    """A PDF file of these objects, the catalogue first."""
    data, places = BytesIO(b"%PDF-1.7\n"), []
    data.seek(0, 2)
    for number, content in enumerate(numbered, 1):
        places.append(data.tell())
        data.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = data.tell()
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    data.write(b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(places) + 1, table))
    data.write(b"trailer <</Size %d/Root 1 0 R>>\n" % (len(places) + 1))
    data.write(b"startxref\n%d\n%%%%EOF" % start)
    return data.getvalue()


def png(width: int, height: int) -> bytes:
    """A picture of so many pixels, most of them missing."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1 << 20))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        chunk(*part) for part in ((b"IHDR", head), (b"IDAT", pixels), (b"IEND", b""))
    )


LAUGHS = b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))


@pytest.mark.parametrize(
    "declaration",
    [
        pytest.param(b'<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>', id="a file"),
        pytest.param(b'<!DOCTYPE x [<!ENTITY a "ha">%s<!ENTITY x "&j;">]>' % LAUGHS, id="laughs"),
    ],
)
def test_entities_in_a_word_file_are_not_resolved(declaration: bytes) -> None:
    with pytest.raises(UnreadableReport, match=r"文件损坏.*请"):
        read_docx(docx(declaration), "报告.docx")


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        pytest.param(
            objects([CATALOG, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"]), "损坏", id="loop"
        ),
        pytest.param(
            objects(
                [
                    CATALOG,
                    b"<</Type/Pages/Count 100000/Kids[%s]>>" % (b"3 0 R " * 100_000),
                    PAGE,
                ]
            ),
            "共 100000 页",
            id="a hundred thousand pages",
        ),
        pytest.param(
            objects(
                [CATALOG]
                + [b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % (n + 3) for n in range(20_000)]
                + [PAGE]
            ),
            "损坏",
            id="deep tree",
        ),
        pytest.param(
            pdf([page([line("全年工作已经完成。", 90, 90)])], encrypt="secret"), "加密", id="locked"
        ),
    ],
)
def test_a_pdf_file_that_cannot_be_walked_through_is_refused(data: bytes, cause: str) -> None:
    with pytest.raises(UnreadableReport, match=f"{cause}.*请"):
        read_pdf(data, "报告.pdf")


def test_a_page_that_nests_two_hundred_thousand_tags_is_refused() -> None:
    data = b"<html><body><h1>A</h1>" + b"<div>" * 200_000 + b"<p>B</p>"
    with pytest.raises(UnreadableReport, match=r"嵌套过深.*请"):
        read_html(data, "网页.html")


def test_a_small_file_with_a_huge_picture_is_refused() -> None:
    with pytest.raises(UnreadableReport, match=r"像素太多.*请"):
        read_picture(png(50_000, 50_000), "页.png")


def test_a_word_file_of_three_million_breaks_is_refused_for_the_memory_it_takes(
    tmp_path: Path,
) -> None:
    data = BytesIO()
    with zipfile.ZipFile(BytesIO(docx(b""))) as package, zipfile.ZipFile(data, "w", 8) as copy:
        for entry in package.infolist():
            part = package.read(entry)
            if entry.filename == "word/document.xml":
                part = part.replace(b"<w:t>", b"<w:br/>" * 3_000_000 + b"<w:t>", 1)
                part = part.replace(b"&x;", b"")
            copy.writestr(entry.filename, part)
    (tmp_path / "报告.docx").write_bytes(data.getvalue())
    with pytest.raises(UnreadableReport, match=r"内存不足（最多可用 352 MB）.*YOUJU_MEMORY_MB"):
        read_report(tmp_path / "报告.docx", file="报告.docx")
