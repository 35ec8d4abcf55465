"""Pictures of pages are read like pages with text, and what is no page is refused with a remedy."""

import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont
from test_corpus_laws import check_laws, squashed

from corpus import UnreadableReport, ocr, read_report
from corpus.ocr_text import spaced, tidied
from corpus.pdf import read_pdf
from corpus.picture import read_picture
from corpus.source import Extraction
from corpus.structure import read_structure

ROOT = Path(__file__).parent.parent
DPI = 100
SIZE = 20
"""Pixels of a character."""

REPORT = [
    "    青岚县水利工作总结",
    "一、灌区改造",
    "　　全年整修渠道六十二公里，新建泵站",
    "九座，三万亩旱地用上了河水。",
    "二、防汛值守",
    "　　汛期二十四小时有人值班，没有一处",
    "堤防出险，转移群众一千二百余人。",
]
LEFT = [
    "　　东岭的茶园今年换了",
    "新苗，老茶农手把手教，",
    "三个月后成活了九成半。",
    "　　采茶季里，合作社办",
    "了五期夜校，山上山下的",
    "人都来听，坐满了祠堂。",
]
RIGHT = [
    "　　码头那边也没有闲着",
    "四条旧船修好后下了水，",
    "往来两岸只要一刻钟了。",
    "　　船工们说，往年冬天",
    "没有活干，如今每天三班",
    "还忙不过来，心里踏实。",
]


def find_font() -> tuple[str, int] | None:
    """A Chinese font: its file, and which one it is in the file."""
    program = shutil.which("fc-match")
    if program is None:
        return None
    command = [program, "--format", "%{file}\n%{index}\n%{lang}", "sans:lang=zh-cn"]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    file, index, languages = output.split("\n")
    return (file, int(index)) if "zh-cn" in languages.split("|") else None


FONT = find_font()
needs_font = pytest.mark.skipif(
    FONT is None, reason="no Chinese font here; get one with `apt-get install fonts-noto-cjk`"
)


def drawn(columns: Iterable[list[str]], *, width: int = 480) -> Image.Image:
    """A page in print: columns of lines, ``width`` pixels apart."""
    assert FONT is not None
    columns = list(columns)
    font = ImageFont.truetype(FONT[0], SIZE, index=FONT[1])
    rows = max(map(len, columns))
    image = Image.new("RGB", (80 + width * len(columns), 100 + 36 * rows), "white")
    draw = ImageDraw.Draw(image)
    for column, lines in enumerate(columns):
        for row, line in enumerate(lines):
            draw.text((50 + width * column, 50 + 36 * row), line, fill="black", font=font)
    return image


def saved(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    data = BytesIO()
    image.save(data, kind, **options)
    return data.getvalue()


def read(image: Image.Image, kind: str = "PNG", **options: object) -> Extraction:
    """What a picture says, which obeys the laws."""
    extraction = read_picture(saved(image, kind, **options), "页.png")
    source = extraction.source
    for block in extraction.blocks:
        assert squashed("".join(source[s.start : s.end] for s in block.spans)) == squashed(
            block.text
        )
    check_laws(source, read_structure(extraction))
    return extraction


def texts(extraction: Extraction) -> list[str]:
    return [squashed(block.text) for block in extraction.blocks]


EXPECTED = [
    "青岚县水利工作总结",
    "一、灌区改造",
    "全年整修渠道六十二公里，新建泵站九座，三万亩旱地用上了河水。",
    "二、防汛值守",
    "汛期二十四小时有人值班，没有一处堤防出险，转移群众一千二百余人。",
]


@pytest.mark.parametrize(
    ("recognised", "printed"),
    [
        ("各位代表:", "各位代表："),
        ("全年增长5.2%,其中工业增长6.1%;", "全年增长5.2%，其中工业增长6.1%；"),
        ("8:30开门,17:30关门", "8:30开门，17:30关门"),
        ("共1,234.5亿元", "共1,234.5亿元"),
        ("(一)稳就业。", "（一）稳就业。"),
        ("预算(草案）和R&D(GDP)投入", "预算（草案）和R&D（GDP）投入"),
        ("Youju (open), v1.0: done!", "Youju (open), v1.0: done!"),
        ("推进“ 双随机 ”监管， 取得成效", "推进“双随机”监管，取得成效"),
        ("1. 修路", "1.修路"),
        ("一—粮食再获丰收", "——粮食再获丰收"),
        ("—粮食再获丰收", "——粮食再获丰收"),
        ("二○二五年一月", "二〇二五年一月"),
        ("二O二O年", "二〇二〇年"),
        ("二二五年一月", "二〇二五年一月"),
        ("二〇二二年一月", "二〇二二年一月"),
        ("增长二二五倍", "增长二二五倍"),
        ("", ""),
    ],
)
def test_what_recognisers_confuse_is_put_right(recognised: str, printed: str) -> None:
    assert tidied(recognised) == printed


@given(st.text(alphabet="市县三年12.．,:;?!()（），。“”《》 ‘’—GDP%", max_size=20))
def test_tidying_leaves_words_and_figures_alone(text: str) -> None:
    assert list(filter(str.isalnum, tidied(text))) == list(filter(str.isalnum, text))


@given(st.text(alphabet="abcXYZ 0123456789,.:;?!()-%", max_size=20))
def test_tidying_leaves_what_is_not_chinese_alone(text: str) -> None:
    assert tidied(text) == text.strip()


@pytest.mark.parametrize(
    ("text", "places", "printed"),
    [
        ("记者江砚秋陆知遥", [0, 5, 12, 17, 22, 30, 35, 41], "记者 江砚秋 陆知遥"),
        ("省长 江砚秋", [0, 5, 16, 21, 26], "省长 江砚秋"),
        ("总则", [0, 20], "总则"),  # spaced, as a heading may be
        ("总则目录", [0, 20, 41, 61], "总则目录"),
        ("东岭，西岭，各三里", [0, 5, 9, 17, 22, 26, 34, 39, 44], "东岭，西岭，各三里"),
        ("增长5%", [0, 5, 12, 15], "增长5%"),
        ("", [], ""),
    ],
)
def test_white_space_between_words_is_put_back(
    text: str, places: list[float], printed: str
) -> None:
    assert spaced(text, places) == printed


def test_without_the_extra_the_message_says_how_to_install_it() -> None:
    script = """
import sys
sys.modules.update(dict.fromkeys(["PIL", "cv2", "onnxruntime", "rapidocr"]))
from corpus import UnreadableReport
from corpus.picture import read_picture
try:
    read_picture(b"", "页.png")
except UnreadableReport as error:
    print(error)
"""
    command = [sys.executable, "-X", "utf8", "-c", script]
    output = subprocess.run(command, check=True, cwd=ROOT, capture_output=True).stdout.decode()
    assert output.startswith("页.png：")
    assert 'pip install "youju[ocr]"' in output


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no picture at all",
        saved(Image.new("RGB", (300, 300)))[:-40],
        saved(Image.effect_noise((300, 300), 50), "JPEG")[:2000],
        saved(Image.new("RGB", (300, 300)), "GIF"),
    ],
    ids=["empty", "text", "half a PNG", "half a JPEG", "another format"],
)
def test_a_broken_picture_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableReport, match=r"页\.png：图片损坏.*请.*另存为"):
        read_picture(data, "页.png")


def test_a_picture_that_would_fill_the_memory_is_refused() -> None:
    bomb = saved(Image.new("1", (20_000, 20_000)))
    assert len(bomb) < 100_000
    with pytest.raises(UnreadableReport, match=r"像素太多.*请缩小"):
        read_picture(bomb, "页.png")


@pytest.mark.parametrize("size", [(1, 1), (1, 4000), (4000, 12), (300, 300)])
def test_a_picture_without_text_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(UnreadableReport, match=r"没有认出文字.*请"):
        read_picture(saved(Image.new("RGB", size, "white")), "页.png")


@needs_font
def test_no_connection_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the models come with the package")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    ocr._engine.cache_clear()  # noqa: SLF001 - so that the models are loaded now
    assert texts(read(drawn([REPORT]))) == EXPECTED


@needs_font
@pytest.mark.parametrize(
    ("kind", "options"), [("PNG", {}), ("JPEG", {"quality": 60}), ("WEBP", {"quality": 80})]
)
def test_headings_and_joined_paragraphs_are_found_in_every_format(
    kind: str, options: dict[str, int]
) -> None:
    extraction = read(drawn([REPORT]), kind, **options)
    assert texts(extraction) == EXPECTED
    assert [(doubt.code, doubt.quote) for doubt in extraction.doubts] == [
        ("recognised-page", "第1页")
    ]
    structure = read_structure(extraction)
    assert [section.heading for section in structure.sections] == [EXPECTED[1], EXPECTED[3]]


@needs_font
@pytest.mark.parametrize(
    ("stated", "width"),
    [
        pytest.param(60, 560 / 60, id="of a sheet"),
        pytest.param(300, 560 / 352 * 210 / 25.4, id="of no sheet, so that A4 is assumed"),
    ],
)
def test_every_line_has_its_place_in_points(stated: float, width: float) -> None:
    image = drawn([REPORT])
    assert image.size == (560, 352)
    point = width * 72 / image.width
    *_, last = read(image, dpi=(stated, stated)).blocks[-1].spans
    assert last.page == 1
    assert last.box is not None
    expected = (50, 50 + 36 * 6, 50 + 16 * SIZE, 50 + 36 * 6 + SIZE)
    # How much white fonts have above and below is not known.
    assert last.box == pytest.approx([point * x for x in expected], abs=point * SIZE / 2)


@needs_font
@pytest.mark.parametrize("mode", ["1", "LA", "P", "I;16", "CMYK"])
def test_pictures_of_every_kind_of_pixel_are_read(mode: str) -> None:
    image = drawn([REPORT[:1]])
    converted = (
        image.convert("I").point(lambda grey: grey * 257).convert("I;16")
        if mode == "I;16"
        else image.convert(mode)
    )
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert texts(read(converted, kind)) == EXPECTED[:1]


@needs_font
def test_what_is_transparent_is_shown_on_white() -> None:
    ink = drawn([REPORT[:1]]).convert("L")
    image = Image.new("RGBA", ink.size, "black")
    image.putalpha(ink.point(lambda grey: 255 - grey))
    assert texts(read(image)) == EXPECTED[:1]


@needs_font
def test_a_photograph_is_read_the_way_it_was_held() -> None:
    held = Image.Exif()
    held[0x0112] = 6  # to be shown turned clockwise
    image = drawn([REPORT]).transpose(Image.Transpose.ROTATE_90)
    extraction = read(image, "JPEG", exif=held)
    assert texts(extraction) == EXPECTED
    boxes = [span.box for block in extraction.blocks for span in block.spans]
    tops = [box[1] for box in boxes if box]
    assert len(tops) == len(REPORT)
    assert tops == sorted(tops)


@needs_font
@pytest.mark.parametrize(
    "turn",
    [
        pytest.param(lambda image: image.transpose(Image.Transpose.ROTATE_90), id="left side"),
        pytest.param(lambda image: image.transpose(Image.Transpose.ROTATE_180), id="upside down"),
        pytest.param(lambda image: image.transpose(Image.Transpose.ROTATE_270), id="right side"),
        pytest.param(
            lambda image: image.rotate(1, Image.Resampling.BICUBIC, fillcolor="white"), id="askew"
        ),
    ],
)
def test_a_page_that_was_laid_on_the_scanner_badly_is_read(
    turn: Callable[[Image.Image], Image.Image],
) -> None:
    assert texts(read(turn(drawn([REPORT])))) == EXPECTED


@needs_font
def test_places_on_a_page_upside_down_are_those_of_the_page_as_it_is_shown() -> None:
    image = drawn([REPORT]).transpose(Image.Transpose.ROTATE_180)
    boxes = [span.box for block in read(image).blocks for span in block.spans]
    tops = [box[1] for box in boxes if box]
    assert len(tops) == len(REPORT)
    assert tops == sorted(tops, reverse=True)


@needs_font
def test_a_heading_keeps_the_white_space_between_its_clauses() -> None:
    image = drawn([["码头夜校　开到船上　老船工领证", *REPORT[2:4], *REPORT[5:]]])
    assert read(image).blocks[0].text == "码头夜校 开到船上 老船工领证"


@needs_font
def test_columns_are_read_one_after_the_other() -> None:
    extraction = read(drawn([LEFT, RIGHT], width=300))
    assert "".join(texts(extraction)) == squashed("".join(LEFT + RIGHT))
    assert len(extraction.blocks) == 4


@needs_font
def test_a_table_with_rules_is_read_as_one() -> None:
    image = drawn([["  指标      数量", "  泵站      九座", "  渠道      62公里"]])
    draw = ImageDraw.Draw(image)
    for y in range(46, 46 + 4 * 36, 36):
        draw.line([(45, y), (345, y)], fill="black")
    for x in (45, 135, 345):
        draw.line([(x, 45), (x, 45 + 3 * 36)], fill="black")
    blocks = read(image).blocks
    assert [block.style.kind for block in blocks] == ["table", "table"]
    assert "| 渠道 | 62公里 |" in blocks[1].text


@needs_font
def test_a_long_screenshot_is_read_to_its_end() -> None:
    lines = [line for number in range(1, 22) for line in (f"{number}. 第{number}座泵站完工。", "")]
    image = drawn([lines], width=260)
    assert image.height > 4 * image.width
    found = texts(read(image))
    assert found == [squashed(line) for line in lines if line]


@needs_font
def test_a_scanned_pdf_file_is_read_over_the_end_of_the_page() -> None:
    pages = [drawn([REPORT[:3]]), drawn([REPORT[3:]])]
    data = saved(pages[0], "PDF", save_all=True, append_images=pages[1:], resolution=DPI)
    extraction = read_pdf(data, "扫描.pdf")
    check_laws(extraction.source, read_structure(extraction))
    assert "".join(texts(extraction)) == squashed("".join(REPORT))
    assert [doubt.quote for doubt in extraction.doubts] == ["第1页", "第2页"]


@needs_font
def test_a_picture_is_read_in_a_process_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "水利.png"
    drawn([REPORT]).save(path)
    report = read_report(path, file="水利.png")
    assert report.title == EXPECTED[0]
    assert report.organisation == "青岚县"
    assert [section.heading for section in report.sections] == [EXPECTED[1], EXPECTED[3]]
    assert [doubt.code for doubt in report.doubts] == ["recognised-page"]
    check_laws(report.source, report)
