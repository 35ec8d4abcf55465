"""Files to text: encodings, Markdown marks, Word's XML; what cannot be read is named and why."""

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from corpus import Report, UnreadableReport, UnsupportedFormat, read_report
from corpus.docx_numbering import format_number

TEXT = "工作总结\n\n全年收缴会费二百四十万元，比上年增长百分之六。\n"


def read(path: Path) -> Report:
    return read_report(path, file=path.name)


def saved(folder: Path, document: Any) -> Report:  # noqa: ANN401 - python-docx has no type for it
    path = folder / "报告.docx"
    document.save(path)
    return read(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_text_is_read_in_its_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "总结.txt"
    path.write_bytes(TEXT.replace("\n", "\r\n").encode(encoding))
    report = read(path)
    assert report.source == TEXT
    assert report.title == "工作总结"


def test_a_damaged_byte_does_not_cost_the_file(tmp_path: Path) -> None:
    path = tmp_path / "总结.txt"
    path.write_bytes((TEXT * 40).encode()[:-2])
    assert read(path).source.endswith("六\ufffd")


@pytest.mark.parametrize(
    "data",
    [b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 20, bytes(range(1, 32)) * 30, b"\xff\x80\x81" * 300],
)
def test_a_binary_file_named_txt_is_refused_with_cause_and_remedy(
    tmp_path: Path, data: bytes
) -> None:
    path = tmp_path / "图片.txt"
    path.write_bytes(data)
    with pytest.raises(UnreadableReport, match=r"图片\.txt：.*。请.*UTF-8") as error:
        read(path)
    assert error.value.file == "图片.txt"


@pytest.mark.parametrize("name", ["空.txt", "空.md"])
def test_an_empty_file_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(" \n　\n\u200b", encoding="utf-8")
    with pytest.raises(UnreadableReport, match="没有文字"):
        read(path)


def test_an_unknown_type_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(b"")
    with pytest.raises(UnsupportedFormat, match=r"表\.xlsx：不支持 \.xlsx.*\.docx、\.md、\.txt"):
        read(path)


def test_characters_that_nobody_sees_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "总结.txt"
    path.write_text("工作\u200b总结\n全年收\ufeff缴会费二百四十万元。\n", encoding="utf-8")
    assert read(path).source == "工作总结\n全年收缴会费二百四十万元。\n"


def test_markdown_gives_its_rendered_text(tmp_path: Path) -> None:
    path = tmp_path / "总结.md"
    path.write_text(
        "# 工作**总结**\n\n## 会费\n\n全年[收缴](http://example.org)*会费*二百四十万元。\n"
        "第二行也在同一段里。\n\n- 基层留成六成\n- 上解四成\n\n3. 第三件事已经办好。\n\n"
        "| 区县 | 会员 |\n|---|---|\n| 柳溪 | 1200 |\n\n"
        "## 支出\n\n主要用于服务职工，账目已经公开。\n",
        encoding="utf-8",
    )
    report = read(path)
    assert report.title == "工作总结"
    assert [(s.level, s.heading) for s in report.sections] == [(1, "会费"), (1, "支出")]
    assert [(p.kind, p.text) for p in report.paragraphs] == [
        ("body", "全年收缴会费二百四十万元。"),
        ("body", "第二行也在同一段里。"),
        ("list", "基层留成六成"),
        ("list", "上解四成"),
        ("list", "3. 第三件事已经办好。"),
        ("table", "| 区县 | 会员 |\n| --- | --- |\n| 柳溪 | 1200 |"),
        ("body", "主要用于服务职工，账目已经公开。"),
    ]


def test_a_paragraph_over_a_line_of_dashes_is_no_heading(tmp_path: Path) -> None:
    path = tmp_path / "总结.md"
    path.write_text(
        "# 总结\n\n全年工作已经完成。\n---\n明年继续努力，再上台阶。\n", encoding="utf-8"
    )
    assert read(path).sections == ()


def test_word_headings_nest_by_style_and_outline_level(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("柳溪县工作报告", style="Title")
    document.add_heading("过去一年", level=1)
    document.add_heading("工业", level=2)
    document.add_paragraph("全年工业产值二百亿元，比上年增长百分之六。")
    stated = document.add_paragraph("农业")
    level = OxmlElement("w:outlineLvl")
    level.set(qn("w:val"), "1")
    stated._p.get_or_add_pPr().append(level)  # noqa: SLF001 - python-docx has no call for it
    document.add_paragraph("粮食总产二十万吨。")
    report = saved(tmp_path, document)
    assert report.title == "柳溪县工作报告"
    assert [(s.level, s.heading) for s in report.sections] == [
        (1, "过去一年"),
        (2, "工业"),
        (2, "农业"),
    ]


def test_word_headings_of_one_style_nest_by_their_numbers(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("柳溪县工作报告", style="Title")
    for heading in ("一、回顾", "（一）工业", "（二）农业", "二、安排"):
        document.add_heading(heading, level=1)
        document.add_paragraph("全年工作扎实推进，各项任务都已经完成。")
    assert [s.level for s in saved(tmp_path, document).sections] == [1, 2, 2, 1]


def test_bold_and_centred_lines_are_headings_in_word(tmp_path: Path) -> None:
    document = Document()
    title = document.add_paragraph("柳溪县工作报告")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph("全年工作扎实推进，各项任务都已经完成。")
    document.add_paragraph().add_run("成效").bold = True
    document.add_paragraph("全年工作扎实推进，各项任务都已经完成。")
    document.add_paragraph("打算").alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph("明年工作继续推进，各项任务都要落实。")
    assert [s.heading for s in saved(tmp_path, document).sections] == ["成效", "打算"]


def test_word_text_is_read_as_after_all_changes(tmp_path: Path) -> None:
    document = Document()
    paragraph = document.add_paragraph("全年")
    runs = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'
    paragraph._p.append(  # noqa: SLF001 - python-docx has no call for it
        parse_xml(f'<w:ins {nsdecls("w")} w:id="1">{runs.format("新建")}</w:ins>')
    )
    deleted = '<w:r><w:delText xml:space="preserve">撤销</w:delText></w:r>'
    paragraph._p.append(  # noqa: SLF001
        parse_xml(f'<w:del {nsdecls("w")} w:id="2">{deleted}</w:del>')
    )
    paragraph.add_run("工会十二家。")
    assert saved(tmp_path, document).source == "全年新建工会十二家。"


def test_word_tables_are_read_row_by_row_in_their_place(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("各区县会员数见下表，合计比上年多一成。")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        [*table.rows[0].cells, *table.rows[1].cells], ("区县", "会员", "柳溪", "1200"), strict=True
    ):
        cell.text = text
    document.add_paragraph("会员最多的是柳溪，增长最快的也是柳溪。")
    report = saved(tmp_path, document)
    assert [(p.kind, p.text) for p in report.paragraphs] == [
        ("body", "各区县会员数见下表，合计比上年多一成。"),
        ("table", "| 区县 | 会员 |\n| --- | --- |\n| 柳溪 | 1200 |"),
        ("body", "会员最多的是柳溪，增长最快的也是柳溪。"),
    ]


def test_automatic_numbers_of_word_are_read(tmp_path: Path) -> None:
    document = Document()
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for level, kind, text in (
            (0, "chineseCounting", "%1、"),
            (1, "chineseCountingThousand", "（%2）"),
            (2, "bullet", "●"),
        )
    )
    root = document.part.numbering_part.element
    root.insert(
        0,
        parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="99">{levels}</w:abstractNum>'),
    )
    root.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="99"><w:abstractNumId w:val="99"/></w:num>')
    )
    document.add_paragraph("柳溪县工作报告", style="Title")
    rows = (("回顾", 0), ("工业", 1), ("", None), ("农业", 1), ("", None), ("安排", 0), ("修路", 2))
    for text, level in rows:
        paragraph = document.add_paragraph(text or "全年工作扎实推进，各项任务都已经完成。")
        if level is not None:
            properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()  # noqa: SLF001
            properties.get_or_add_ilvl().val = level
            properties.get_or_add_numId().val = 99
    report = saved(tmp_path, document)
    assert [(s.level, s.heading) for s in report.sections] == [
        (1, "一、回顾"),
        (2, "（一）工业"),
        (2, "（二）农业"),
        (1, "二、安排"),
    ]
    assert (report.paragraphs[-1].kind, report.paragraphs[-1].text) == ("list", "修路")


def test_a_broken_word_file_is_refused_with_a_remedy(tmp_path: Path) -> None:
    whole = BytesIO()
    Document().save(whole)
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as package:
        package.writestr("readme.txt", "no Word file")
    cases = {
        "文本": b"hello",
        "截断": whole.getvalue()[:2000],
        "压缩包": archive.getvalue(),
        "空": b"",
    }
    for name, data in cases.items():
        path = tmp_path / f"{name}.docx"
        path.write_bytes(data)
        with pytest.raises(UnreadableReport, match=f"{name}.docx：.*请"):
            read(path)


def test_a_word_file_that_unpacks_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "炸弹.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for number in range(3):
            package.writestr(f"word/{number}.xml", bytes(80 << 20))
    with pytest.raises(UnreadableReport, match="解压后超过 200 MB"):
        read(path)


@pytest.mark.parametrize(
    ("count", "kind", "shown"),
    [
        (1, "chineseCounting", "一"),
        (10, "chineseCountingThousand", "十"),
        (12, "japaneseCounting", "十二"),
        (25, "chineseCounting", "二十五"),
        (3, "decimalEnclosedCircle", "③"),
        (2, "lowerLetter", "b"),
        (2, "upperLetter", "B"),
        (9, "upperRoman", "IX"),
        (14, "lowerRoman", "xiv"),
        (7, "decimal", "7"),
    ],
)
def test_list_numbers_are_shown_as_word_shows_them(count: int, kind: str, shown: str) -> None:
    assert format_number(count, kind) == shown
