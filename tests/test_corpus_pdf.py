"""PDF files: text where it stands, and what becomes of files that hold none."""

import re
import subprocess
import sys
import textwrap
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest
from printed_pages import FONT, HEIGHT, WIDTH, centred, draw, grid, line, page, pdf, set_text
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from test_corpus_laws import check_laws

from corpus import Doubt, UnreadableReport, explain, ocr
from corpus.page import Line, Page
from corpus.pdf import read_pdf
from corpus.report_file import read_in_process
from corpus.source import Extraction
from corpus.structure import read_structure

A = (
    "过去一年，青岚县把稳就业摆在突出位置，全年开展技能培训286场，培训职工4.7万人次，"
    "8613人取得职业技能等级证书，困难职工家庭至少有一人稳定就业。"
)
B = (
    "县里新建十二座户外驿站，环卫工人、快递骑手进门就能喝上热水、给手机充电；驿站夜里也开着灯，"
    "雨雪天延长两个小时，周边商户轮流值守，一年下来没有断过一天。"
)
C = (
    "围绕港区扩建和环湖大道改造，工会组织三千多名建设者开展劳动竞赛，提出合理化建议九百三十条，"
    "采纳六百一十条，测算创造效益一千三百万元，工期提前四十一天。"
)
TITLE = centred("青岚县总工会2024年工作报告", 80, size=22, bold=True)
CORPUS = Path(__file__).parent.parent / "corpus"


def read(data: bytes) -> Extraction:
    extraction = read_pdf(data, "报告.pdf")
    check_laws(extraction.source, read_structure(extraction))
    return extraction


def texts(extraction: Extraction, kind: str | None = None) -> list[str]:
    return [block.text for block in extraction.blocks if block.style.kind == kind]


def body(*, number: int = 1, top: float = 130) -> Page:
    return page([TITLE, *set_text([A, B], 90, top, columns=34)], number=number)


def test_text_comes_with_its_pages_places_sizes_and_weight() -> None:
    second = page(set_text([C], 90, 90, columns=34), number=2)
    extraction = read(pdf([body(), second]))
    assert texts(extraction) == [TITLE.text, A, B, C]
    title, first, *_, last = extraction.blocks
    assert (title.style.size, title.style.centred, title.all_bold) == (22, True, True)
    assert (first.style.size, first.style.bold, first.style.indented) == (12, 0, True)
    assert [span.page for span in last.spans] == [2] * len(last.spans)
    expected = body().lines[1].box
    assert first.spans[0].box == pytest.approx(expected, abs=2)
    assert all(a.end <= b.start for block in extraction.blocks for a, b in pairwise(block.spans))
    assert extraction.doubts == ()


def test_a_file_is_read_as_a_report(tmp_path: Path) -> None:
    path = tmp_path / "汇报.PDF"
    headings = [line("一、过去一年", 114, 130, size=14, bold=True)]
    path.write_bytes(pdf([page([TITLE, *headings, *set_text([A, B, C], 90, 160, columns=34)])]))
    report = read_in_process(path, file=path.name)
    check_laws(report.source, report)
    assert report.title == TITLE.text
    assert [section.heading for section in report.sections] == ["一、过去一年"]
    assert [p.text for p in report.paragraphs] == [A, B, C]


def test_a_page_of_three_columns_with_a_picture_and_a_table() -> None:
    columns = [set_text([A, B, C], left, 130, columns=12, size=10.5) for left in (70, 220)]
    picture, caption = (370.0, 130.0, 496.0, 220.0), centred("驿站一角", 226, size=9, middle=433)
    right = set_text([B, C], 370, 250, columns=12, size=10.5)
    xs, ys = [90.0, 200.0, 310.0], [680.0, 704.0, 728.0]
    rows = [["区县", "会员"], ["汀南区", "23.8"]]
    table = [
        line(text, x + 8, y + 6)
        for y, row in zip(ys, rows, strict=False)
        for x, text in zip(xs, row, strict=False)
    ]
    headline = centred("云汀工运这一年", 90, size=22)
    lines = [headline, *columns[0], *columns[1], caption, *right, *table]
    extraction = read(pdf([page(lines, pictures=[picture], rules=grid(xs, ys))]))
    assert texts(extraction) == [headline.text, A, B, C, A, B, C, B, C]
    assert texts(extraction, "caption") == [caption.text]
    assert texts(extraction, "table") == ["| 区县 | 会员 |\n| --- | --- |\n| 汀南区 | 23.8 |"]


def test_running_heads_and_page_numbers_are_set_apart() -> None:
    pages = [
        page(
            [
                centred("青岚县总工会", 45, size=9),
                *set_text([text], 90, 90, columns=34),
                centred(f"第{number}页", 790, size=9),
            ],
            number=number,
        )
        for number, text in enumerate((A, B, C), 1)
    ]
    extraction = read(pdf(pages))
    assert texts(extraction) == [A, B, C]
    assert len(texts(extraction, "furniture")) == 6


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_rotated_page_is_read_upright_with_places_as_shown(rotation: int) -> None:
    document, stream = pypdfium2.PdfDocument(pdf([body()])), BytesIO()
    document[0].set_rotation(rotation)
    document.save(stream)
    document.close()
    extraction = read(stream.getvalue())
    assert texts(extraction) == [TITLE.text, A, B]
    left, top, right, bottom = extraction.blocks[1].spans[0].box or (0, 0, 0, 0)
    upright = rotation == 180
    assert (right - left > bottom - top) == upright
    width, height = (WIDTH, HEIGHT) if upright else (HEIGHT, WIDTH)
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height


def test_note_marks_are_raised_and_notes_are_notes() -> None:
    text = set_text([A, B], 90, 90, columns=34)
    end = text[-1].box
    mark = Line("1", (end[2], end[1] + 1, end[2] + 4, end[1] + 7), 6)
    note = line("1 数据由县统计局提供。", 90, 740, size=9)
    extraction = read(pdf([page([*text, mark, note], rules=[(90, 734, 230, 734)])]))
    assert texts(extraction) == [A, f"{B}¹"]
    assert texts(extraction, "note") == [note.text]


def test_white_between_groups_of_characters_is_a_space_and_spread_lines_have_none() -> None:
    stream = BytesIO()
    canvas = Canvas(stream, pagesize=(WIDTH, HEIGHT))
    for number, (text, spread) in enumerate((("劳动竞赛比技能", 4), ("热水送到身边", 0))):
        drawn = canvas.beginText(90, 700 - 40 * number)
        drawn.setFont(FONT, 14)
        drawn.setCharSpace(spread)
        drawn.textOut(text)
        canvas.drawText(drawn)
    canvas.setFont(FONT, 14)
    canvas.drawString(90, 620, "劳动竞赛")
    canvas.drawString(90 + 4 * 14 + 5, 620, "擂台搬上码头")
    canvas.save()
    assert texts(read(stream.getvalue())) == [
        "劳动竞赛比技能",
        "热水送到身边",
        "劳动竞赛 擂台搬上码头",
    ]


def test_hidden_text_is_left_out() -> None:
    stream = BytesIO()
    canvas = Canvas(stream, pagesize=(WIDTH, HEIGHT))
    draw(canvas, body())
    draw(canvas, page([line("只给机器看的字", 90, 500)]), mode=3)
    canvas.save()
    assert texts(read(stream.getvalue())) == [TITLE.text, A, B]


def scan(pages: int = 1, *, layered: bool = False) -> bytes:
    """Pages that are pictures of text, with the text below as others recognised it, or without."""
    stream, height = BytesIO(), 240.0
    canvas = Canvas(stream, pagesize=(WIDTH, height))
    document = pypdfium2.PdfDocument(pdf([body()]))
    image = document[0].render(scale=2, crop=(0, HEIGHT - height, 0, 0)).to_pil()
    document.close()
    for _ in range(pages):
        if layered:
            draw(canvas, replace(body(), height=height), mode=3)
        canvas.drawImage(ImageReader(image), 0, 0, WIDTH, height)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def test_a_scan_with_a_text_layer_is_read_and_marked_as_recognised() -> None:
    extraction = read(scan(layered=True))
    assert texts(extraction) == [TITLE.text, A, B]
    assert extraction.doubts == (Doubt("recognised-page", "第1页"),)


WITHOUT_OCR = textwrap.dedent(
    """
    import sys

    sys.modules["rapidocr"] = None  # as if it were not installed
    from corpus import UnreadableReport
    from corpus.pdf import read_pdf

    try:
        found = read_pdf(open(sys.argv[1], "rb").read(), "扫描.pdf")
        print(len(found.blocks), *[(doubt.code, doubt.quote) for doubt in found.doubts])
    except UnreadableReport as error:
        print(error)
    """
)


def without_ocr(path: Path) -> str:
    command = (sys.executable, "-X", "utf8", "-c", WITHOUT_OCR, str(path))
    done = subprocess.run(
        command, check=True, capture_output=True, cwd=CORPUS.parent, timeout=60, encoding="utf-8"
    )
    return done.stdout.strip()


def test_a_scan_without_text_recognition_names_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "扫描.pdf"
    path.write_bytes(scan(2))
    message = without_ocr(path)
    assert message.startswith("扫描.pdf：各页都是扫描的图片，没有文字。")
    assert ocr.INSTALL in message


def test_a_scanned_page_among_others_is_in_doubt_without_text_recognition(tmp_path: Path) -> None:
    path = tmp_path / "混合.pdf"
    text, scanned = (pypdfium2.PdfDocument(data) for data in (pdf([body()]), scan()))
    text.import_pages(scanned)
    text.save(path)
    text.close()
    scanned.close()
    assert without_ocr(path) == "3 ('scanned-page', '第2页')"


@pytest.mark.skipif(not ocr.available(), reason='needs the extra "ocr"')
def test_a_scan_is_recognised() -> None:
    extraction = read(scan())
    assert extraction.doubts == (Doubt("recognised-page", "第1页"),)
    assert TITLE.text in "".join(extraction.source.split())
    assert any("户外驿站" in block.text for block in extraction.blocks)


def test_an_encrypted_file_is_called_so() -> None:
    with pytest.raises(UnreadableReport, match=r"已加密，需要密码.+请.+去掉加密"):
        read_pdf(pdf([body()], encrypt="secret"), "报告.pdf")


BROKEN = {
    "nothing": b"",
    "no PDF file": b"PK\x03\x04" + bytes(200),
    "a head only": b"%PDF-1.7\n",
    "cut off before the first page": pdf([body()])[:60],
    "a tree of pages that is its own child": (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Count 2/Kids[2 0 R 2 0 R]>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF"
    ),
    "no pages": (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF"
    ),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_refused_with_a_remedy(data: bytes) -> None:
    with pytest.raises(UnreadableReport, match="文件损坏，或者不是 PDF 文件。请"):
        read_pdf(data, "报告.pdf")


def test_a_page_that_is_missing_is_in_doubt_and_the_others_are_read() -> None:
    data = pdf([body(), page(set_text([C], 90, 90, columns=34), number=2)])
    kids = re.search(rb"/Kids \[ (\d+) 0 R (\d+) 0 R \]", data)
    assert kids is not None
    broken = data.replace(kids[0], b"/Kids [ %s 0 R 99 0 R ]" % kids[1])
    extraction = read(broken)
    assert texts(extraction) == [TITLE.text, A, B]
    assert extraction.doubts == (Doubt("broken-page", "第2页"),)


def test_more_pages_than_a_report_has_are_refused() -> None:
    with pytest.raises(UnreadableReport, match="共 3001 页，超过 3000 页。请拆成"):
        read_pdf(pdf([page([])] * 3001), "报告.pdf")


def test_a_page_with_more_characters_than_fit_is_refused() -> None:
    stream = BytesIO()
    canvas = Canvas(stream, pagesize=(WIDTH, HEIGHT))
    for number in range(101):
        canvas.drawString(10, 10 + number * 8, "x" * 1000)
    canvas.save()
    with pytest.raises(UnreadableReport, match="第1页有超过 100000 个字符"):
        read_pdf(stream.getvalue(), "报告.pdf")


def test_blank_pages_hold_no_text(tmp_path: Path) -> None:
    path = tmp_path / "空白.pdf"
    path.write_bytes(pdf([page([]), page([], number=2)]))
    with pytest.raises(UnreadableReport, match="没有文字。请"):
        read_in_process(path, file=path.name)


def test_every_doubt_about_a_page_is_explained() -> None:
    codes = set(re.findall(r'"([a-z]+-page)"', (CORPUS / "pdf.py").read_text("utf-8")))
    assert codes == {"scanned-page", "recognised-page", "broken-page"}
    assert [code for code in codes if "其他存疑" in explain(code).zh] == []
