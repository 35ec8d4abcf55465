"""Word files: what their XML says of headings, numbers, notes, boxes and tables."""

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from test_corpus_laws import check_laws

from corpus import Report, UnreadableReport, read_report
from corpus.docx import read_docx
from corpus.number_formats import format_number
from corpus.source import Block, Extraction
from corpus.structure import read_structure

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = (
    f'xmlns:w="{MAIN}" xmlns:r="{RELATIONSHIPS}" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
DONE = "全年工作扎实推进，各项任务都已经完成。"


def word_file(body: str, **parts: str) -> bytes:
    """A Word file with this body, and with parts (``styles``, ``footnotes``) beside it."""
    links = "".join(
        f'<Relationship Id="r{name}" Type="{RELATIONSHIPS}/{name}" Target="{name}.xml"/>'
        for name in parts
    )
    packaged = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    )
    main = (
        f'<Relationship Id="r" Type="{RELATIONSHIPS}/officeDocument" Target="word/document.xml"/>'
    )
    files = {
        "_rels/.rels": f"{packaged}{main}</Relationships>",
        "word/_rels/document.xml.rels": f"{packaged}{links}</Relationships>",
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>",
    }
    files |= {
        f"word/{name}.xml": f"<w:{name} {NAMESPACES}>{content}</w:{name}>"
        for name, content in parts.items()
    }
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(content: str, properties: str = "") -> str:
    runs = content if content.startswith("<") or not content else run(content)
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def in_list(number: int, level: int | None = 0) -> str:
    depth = "" if level is None else f'<w:ilvl w:val="{level}"/>'
    return f'<w:numPr>{depth}<w:numId w:val="{number}"/></w:numPr>'


def level(depth: int, shape: str, kind: str = "decimal", more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>{more}'
        f'<w:lvlText w:val="{shape}"/></w:lvl>'
    )


def abstract(number: int, *levels: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{number}">{"".join(levels)}</w:abstractNum>'


def instance(number: int, of: int, changes: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{of}"/>{changes}</w:num>'


def style(name: str, properties: str, *, based_on: str = "", kind: str = "paragraph") -> str:
    base = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    return (
        f'<w:style w:type="{kind}" w:styleId="{name}"><w:name w:val="{name}"/>{base}'
        f"{properties}</w:style>"
    )


def styled(name: str) -> str:
    return f'<w:pStyle w:val="{name}"/>'


def cell(content: str, properties: str = "") -> str:
    inside = content if content.startswith("<") else paragraph(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inside}</w:tc>"


def row(*cells: str, head: bool = False) -> str:
    inside = "".join(item if item.startswith("<") else cell(item) for item in cells)
    return f"<w:tr><w:trPr>{'<w:tblHeader/>' if head else ''}</w:trPr>{inside}</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def extracted(body: str, **parts: str) -> Extraction:
    extraction = read_docx(word_file(body, **parts), "报告.docx")
    check_laws(extraction.source, read_structure(extraction))
    return extraction


def blocks(body: str, **parts: str) -> tuple[Block, ...]:
    return extracted(body, **parts).blocks


def texts(body: str, **parts: str) -> list[str]:
    return [block.text for block in blocks(body, **parts)]


def kinds(body: str, **parts: str) -> list[tuple[str | None, str]]:
    return [(block.style.kind, block.text) for block in blocks(body, **parts)]


def saved(folder: Path, document: Any) -> Report:  # noqa: ANN401 - python-docx has no type for it
    path = folder / "报告.docx"
    document.save(path)
    return read_report(path, file=path.name)


# Headings


def test_word_headings_nest_by_style_and_outline_level(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("柳溪县工作报告", style="Title")
    document.add_heading("过去一年", level=1)
    document.add_heading("工业", level=2)
    document.add_paragraph("全年工业产值二百亿元，比上年增长百分之六。")
    stated = document.add_paragraph("农业")
    outline = OxmlElement("w:outlineLvl")
    outline.set(qn("w:val"), "1")
    stated._p.get_or_add_pPr().append(outline)  # noqa: SLF001 - python-docx has no call for it
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
        document.add_paragraph(DONE)
    assert [s.level for s in saved(tmp_path, document).sections] == [1, 2, 2, 1]


def test_bold_and_centred_lines_are_headings_in_word(tmp_path: Path) -> None:
    document = Document()
    title = document.add_paragraph("柳溪县工作报告")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph(DONE)
    document.add_paragraph().add_run("成效").bold = True
    document.add_paragraph(DONE)
    document.add_paragraph("打算").alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph("明年工作继续推进，各项任务都要落实。")
    assert [s.heading for s in saved(tmp_path, document).sections] == ["成效", "打算"]


@pytest.mark.parametrize(
    ("name", "depth"),
    [("heading 2", 2), ("标题 3", 3), ("二级标题", 2), ("标题一", 1), ("正文", None)],
)
def test_a_style_says_by_its_name_how_deep_a_heading_nests(name: str, depth: int | None) -> None:
    found = blocks(paragraph("工业", styled(name)), styles=style(name, ""))
    assert found[0].style.level == depth


def test_a_heading_in_two_lines_is_one() -> None:
    heading = "<w:r><w:t>第一章</w:t><w:br/><w:t>总体要求</w:t></w:r>"
    title = "<w:r><w:t>云汀市总工会</w:t><w:br/><w:t>工作报告</w:t></w:r>"
    found = texts(
        paragraph(title, styled("Title")) + paragraph(heading, styled("heading 1")),
        styles=style("Title", "") + style("heading 1", ""),
    )
    assert found == ["云汀市总工会工作报告", "第一章 总体要求"]


def test_each_line_of_a_paragraph_is_bold_by_itself() -> None:
    body = paragraph(run("一、回顾", "<w:b/>") + "<w:r><w:br/></w:r>" + run("全年"))
    assert [block.style.bold for block in blocks(body)] == [4, 0]


def test_captions_and_contents_are_known_by_their_styles() -> None:
    body = "".join(
        paragraph(text, styled(name))
        for text, name in (
            ("目录", "TOC 标题"),
            ("一、回顾\t1", "toc 1"),
            ("图1 云汀新港", "caption"),
            ("表1 各县会员", "表题"),
            (DONE, "Body"),
        )
    )
    names = ("TOC 标题", "toc 1", "caption", "Body")
    styles = "".join(style(name, "") for name in names) + style("表题", "", based_on="caption")
    assert [kind for kind, _ in kinds(body, styles=styles)] == [
        "contents",
        "contents",
        "caption",
        "caption",
        None,
    ]


# What a style gives to a paragraph and its runs


def test_sizes_and_bold_come_from_runs_then_styles_then_defaults() -> None:
    styles = (
        '<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="21"/></w:rPr></w:rPrDefault>'
        "</w:docDefaults>"
        + style("Large", '<w:rPr><w:sz w:val="44"/><w:b/></w:rPr>')
        + style("Larger", "", based_on="Large")
        + style("Strong", '<w:rPr><w:b/><w:sz w:val="30"/></w:rPr>', kind="character")
    )
    strong = '<w:rStyle w:val="Strong"/>'
    found = blocks(
        paragraph("默认")
        + paragraph("样式", styled("Larger"))
        + paragraph(run("字符", strong))
        + paragraph(run("直接", f'{strong}<w:b w:val="0"/><w:sz w:val="32"/>'))
        + paragraph(run("双重", strong), styled("Large")),
        styles=styles,
    )
    assert [block.style.size for block in found] == [10.5, 22, 15, 16, 15]
    # Emphasised in a style that is bold already, text stands out by not being bold.
    assert [block.style.bold for block in found] == [0, 2, 2, 0, 0]


def test_the_size_of_most_of_the_text_counts() -> None:
    body = paragraph(run("全", '<w:sz w:val="72"/>') + run("年工作扎实", '<w:sz w:val="32"/>'))
    assert blocks(body)[0].style.size == 16


def test_an_indented_first_line_begins_a_paragraph() -> None:
    styles = '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/>'
    styles += '<w:pPr><w:ind w:firstLineChars="200"/></w:pPr></w:style>'
    found = blocks(
        paragraph("缩进")
        + paragraph("顶格", '<w:ind w:firstLine="0" w:firstLineChars="0"/>')
        + paragraph("悬挂", '<w:ind w:left="420" w:hanging="420"/>')
        + paragraph("缩进", '<w:ind w:firstLine="640"/>'),
        styles=styles,
    )
    assert [block.style.indented for block in found] == [True, False, False, True]


# Text as Word shows it


def test_text_is_read_as_after_all_changes() -> None:
    changed = (
        run("全年")
        + f'<w:ins w:id="1">{run("新建")}</w:ins>'
        + '<w:del w:id="2"><w:r><w:delText>撤销</w:delText></w:r></w:del>'
        + f'<w:moveFrom w:id="3">{run("搬走")}</w:moveFrom>'
        + run("工会十二家。")
    )
    assert texts(paragraph(changed)) == ["全年新建工会十二家。"]


def test_a_paragraph_whose_end_was_deleted_runs_on_into_the_next() -> None:
    mark = '<w:rPr><w:del w:id="1"/></w:rPr>'
    assert texts(paragraph("全年收缴会费", mark) + paragraph("二百四十万元。")) == [
        "全年收缴会费二百四十万元。"
    ]


def test_hidden_text_and_prompts_are_left_out() -> None:
    prompt = (
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
        f"{run('单击此处输入文字')}</w:sdtContent></w:sdt>"
    )
    control = f"<w:sdt><w:sdtContent>{run('扎实')}</w:sdtContent></w:sdt>"
    body = paragraph(run("工作") + run("内部", "<w:vanish/>") + prompt + control + run("推进"))
    assert texts(body) == ["工作扎实推进"]


def test_fields_show_their_results() -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{}</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>{}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    simple = f'<w:fldSimple w:instr=" REF a ">{run("表1")}</w:fldSimple>'
    body = paragraph(run("图") + field.format(" SEQ 图 ", run("3")) + run("见") + simple)
    assert texts(body) == ["图3见表1"]


@pytest.mark.parametrize(
    ("instruction", "shown"),
    [
        (r" EQ \o\ac(○,3) ", "③"),
        (r" eq \o\ac(□,优) ", "优"),
        (r' EQ \* jc2 \* "Font:宋体" \o\ad(\s\up 9(pīn),拼) ', "拼"),
        (" PAGE ", ""),
    ],
)
def test_enclosed_characters_are_read(instruction: str, shown: str) -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    assert texts(paragraph(field + run("工业"))) == [shown + "工业"]


def test_an_instruction_that_never_ends_costs_its_own_paragraph_only() -> None:
    begun = paragraph(run("工作") + '<w:r><w:fldChar w:fldCharType="begin"/></w:r>')
    assert texts(begun + paragraph("推进")) == ["工作", "推进"]


def test_lines_that_a_field_lists_are_contents() -> None:
    field = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    begin = field.format("begin") + "<w:r><w:instrText> TOC \\o </w:instrText></w:r>"
    body = (
        paragraph(begin + field.format("separate") + run("一、回顾\t1"))
        + paragraph("二、打算\t5")
        + paragraph(field.format("end"))
        + paragraph(DONE)
    )
    assert [kind for kind, _ in kinds(body)] == ["contents", "contents", None]


def test_a_control_for_contents_holds_nothing_else() -> None:
    gallery = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
    inside = paragraph("目  录") + paragraph("一、回顾")
    body = f"<w:sdt><w:sdtPr>{gallery}</w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>"
    assert [kind for kind, _ in kinds(body + paragraph(DONE))] == ["contents", "contents", None]


def test_signs_beside_the_letters_are_read() -> None:
    base = f"<w:rubyBase>{run('汀')}</w:rubyBase>"
    ruby = f"<w:r><w:ruby><w:rt>{run('tīng')}</w:rt>{base}</w:ruby></w:r>"
    fraction = (
        "<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num>"
        "<m:den><m:r><m:t>3</m:t></m:r></m:den></m:f></m:oMath>"
    )
    body = paragraph(
        '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/><w:t>云</w:t></w:r>'
        + ruby
        + "<w:r><w:noBreakHyphen/><w:softHyphen/><w:t>港\uf06c</w:t><w:ptab/></w:r>"
        + fraction
        + '<w:r><w:sym w:font="Webdings" w:char="F021"/></w:r>'
    )
    assert texts(body) == ["✓云汀-港●\t1/3"]


def test_a_large_first_letter_belongs_to_its_paragraph() -> None:
    cap = paragraph("全", '<w:framePr w:dropCap="drop" w:lines="3"/>')
    assert texts(cap + paragraph("年工作扎实推进。")) == ["全年工作扎实推进。"]


# Notes


def note(name: int, text: str, kind: str = "footnote") -> str:
    return (
        f'<w:{kind} w:id="{name}">{paragraph(f"<w:r><w:{kind}Ref/></w:r>{run(text)}")}</w:{kind}>'
    )


def test_notes_follow_the_paragraph_that_refers_to_them() -> None:
    separator = f'<w:footnote w:type="separator" w:id="-1">{paragraph("————")}</w:footnote>'
    refers = '<w:r><w:{}Reference w:id="{}"/></w:r>'
    body = paragraph(
        run("会员[")
        + refers.format("footnote", 2)
        + run("]增长")
        + refers.format("endnote", 2)
        + refers.format("footnote", 1)
        + run("一成。")
    ) + paragraph(run("会费") + refers.format("footnote", 2) + run("持平。"))
    found = kinds(
        body,
        footnotes=separator + note(1, "按户籍。") + note(2, "指在册会员。"),
        endnotes=note(2, "见年报。", "endnote"),
    )
    assert found == [
        (None, "会员增长一成。"),
        ("note", "指在册会员。"),
        ("note", "见年报。"),
        ("note", "按户籍。"),
        (None, "会费持平。"),
    ]


def test_a_mark_of_the_authors_own_is_left_out() -> None:
    mark = '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="1"/><w:t>*</w:t></w:r>'
    found = texts(paragraph(run("会员") + mark + run("增长。")), footnotes=note(1, "在册。"))
    assert found == ["会员增长。", "在册。"]


def test_notes_of_a_table_follow_it() -> None:
    marked = cell(paragraph(run("会员") + '<w:r><w:footnoteReference w:id="1"/></w:r>'))
    body = table(row("区县", marked), row("柳溪", "1200")) + paragraph(DONE)
    found = kinds(body, footnotes=note(1, "在册。"))
    assert [kind for kind, _ in found] == ["table", "note", None]


# Pictures and text boxes


def drawn(content: str) -> str:
    return f"<w:r><w:drawing>{content}</w:drawing></w:r>"


def box(content: str) -> str:
    inside = f"<w:txbxContent>{content}</w:txbxContent>"
    return (
        "<w:r><mc:AlternateContent>"
        f"<mc:Choice><w:drawing><wps:txbx>{inside}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{inside}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def test_a_text_box_is_read_once_after_the_paragraph_it_hangs_on() -> None:
    inside = paragraph("云汀新港", styled("caption")) + table(row("甲", "乙"), row("1", "2"))
    body = paragraph(run("全年") + box(inside) + run("工作。")) + paragraph(DONE)
    assert [kind for kind, _ in kinds(body, styles=style("caption", ""))] == [
        None,
        "caption",
        "table",
        None,
    ]


def test_old_text_boxes_and_drawn_words_are_read() -> None:
    inside = f"<w:txbxContent>{paragraph('简报')}</w:txbxContent>"
    old = f"<w:r><w:pict><v:textbox>{inside}</v:textbox></w:pict></w:r>"
    art = '<w:r><w:pict><v:shape><v:textpath string="工会简讯"/></v:shape></w:pict></w:r>'
    assert texts(paragraph(art) + paragraph(old)) == ["工会简讯", "简报"]


def test_a_picture_stands_before_its_caption_and_a_line_is_no_picture() -> None:
    picture, line = drawn("<pic:pic/>"), drawn("<wps:wsp/>")
    body = paragraph(picture) + paragraph("云汀新港") + paragraph(line) + paragraph("红头")
    assert [block.style.figure for block in blocks(body)] == [True, False]


# Lists


def numbered(*rows: tuple[str, str], numbering: str, styles: str = "") -> list[str]:
    body = "".join(paragraph(text, properties) for text, properties in rows)
    return texts(body, numbering=numbering, styles=styles)


def test_automatic_numbers_are_read(tmp_path: Path) -> None:
    numbering = abstract(
        9,
        level(0, "%1、", "chineseCounting"),
        level(1, "（%2）", "chineseCountingThousand"),
        level(2, "●", "bullet"),
    ) + instance(9, 9)
    rows = (("回顾", 0), ("工业", 1), ("", None), ("农业", 1), ("", None), ("安排", 0), ("修路", 2))
    body = paragraph("柳溪县工作报告", styled("Title")) + "".join(
        paragraph(text or DONE, "" if depth is None else in_list(9, depth)) for text, depth in rows
    )
    path = tmp_path / "报告.docx"
    path.write_bytes(word_file(body, numbering=numbering, styles=style("Title", "")))
    report = read_report(path, file=path.name)
    assert [(s.level, s.heading) for s in report.sections] == [
        (1, "一、回顾"),
        (2, "（一）工业"),
        (2, "（二）农业"),
        (1, "二、安排"),
    ]
    assert (report.paragraphs[-1].kind, report.paragraphs[-1].text) == ("list", "修路")


def test_lists_of_one_kind_go_on_counting_unless_one_begins_anew() -> None:
    anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    numbering = (
        abstract(1, level(0, "%1.")) + instance(1, 1) + instance(2, 1) + instance(3, 1, anew)
    )
    found = numbered(*(("甲", in_list(number)) for number in (1, 2, 3, 3, 2)), numbering=numbering)
    assert found == ["1. 甲", "2. 甲", "1. 甲", "2. 甲", "3. 甲"]


def test_a_list_may_change_the_levels_of_its_kind() -> None:
    other = f'<w:lvlOverride w:ilvl="0">{level(0, "第%1条", "chineseCounting")}</w:lvlOverride>'
    numbering = abstract(1, level(0, "%1.")) + instance(1, 1, other)
    assert numbered(("甲", in_list(1)), numbering=numbering) == ["第一条 甲"]


def test_inner_levels_begin_anew_unless_they_say_otherwise() -> None:
    numbering = abstract(
        1,
        level(0, "%1"),
        level(1, "%1.%2"),
        level(2, "%3)", more='<w:lvlRestart w:val="0"/>'),
    ) + instance(1, 1)
    depths = (0, 1, 2, 1, 2, 0, 1, 2)
    found = numbered(*(("甲", in_list(1, depth)) for depth in depths), numbering=numbering)
    assert [text.split()[0] for text in found] == ["1", "1.1", "1)", "1.2", "2)", "2", "2.1", "3)"]


def test_styles_put_paragraphs_on_the_levels_that_name_them() -> None:
    numbering = abstract(
        1,
        level(0, "%1、", "chineseCounting", '<w:pStyle w:val="heading 1"/>'),
        level(1, "（%2）", "chineseCounting", '<w:pStyle w:val="heading 2"/>'),
    ) + instance(1, 1)
    styles = style("heading 1", f"<w:pPr>{in_list(1, None)}</w:pPr>")
    styles += style("heading 2", f"<w:pPr>{in_list(1, None)}</w:pPr>", based_on="heading 1")
    rows = [
        ("回顾", styled("heading 1")),
        ("工业", styled("heading 2")),
        ("前言", styled("heading 1") + in_list(0, None)),
        ("安排", styled("heading 1")),
    ]
    assert numbered(*rows, numbering=numbering, styles=styles) == [
        "一、回顾",
        "（一）工业",
        "前言",
        "二、安排",
    ]


def test_a_list_may_take_its_levels_from_a_list_style() -> None:
    linked = '<w:abstractNum w:abstractNumId="2"><w:numStyleLink w:val="L"/></w:abstractNum>'
    named = '<w:abstractNum w:abstractNumId="1"><w:styleLink w:val="L"/>{}</w:abstractNum>'
    numbering = named.format(level(0, "%1)")) + linked + instance(1, 1) + instance(2, 2)
    rows = [("甲", in_list(1)), ("乙", in_list(2))]
    assert numbered(*rows, numbering=numbering) == ["1) 甲", "2) 乙"]


def test_numbers_are_spaced_and_made_decimal_as_the_level_says() -> None:
    numbering = abstract(
        1,
        level(0, "第%1章", "chineseCounting", '<w:suff w:val="space"/>'),
        level(1, "%1.%2", more='<w:isLgl/><w:suff w:val="nothing"/>'),
        level(2, "——", "bullet"),
        level(3, "注：", "none"),
    ) + instance(1, 1)
    rows = [("总则", in_list(1, 0)), ("范围", in_list(1, 1)), ("夜校进厂", in_list(1, 2))]
    rows.append(("全为现价", in_list(1, 3)))
    assert numbered(*rows, numbering=numbering) == [
        "第一章 总则",
        "1.1范围",
        "——夜校进厂",
        "注： 全为现价",
    ]


def test_empty_items_count_and_deleted_ones_do_not() -> None:
    numbering = abstract(1, level(0, "%1.")) + instance(1, 1)
    deleted = in_list(1) + '<w:rPr><w:del w:id="1"/></w:rPr>'
    rows = [("甲", in_list(1)), ("", in_list(1)), ("", deleted), ("乙", in_list(1))]
    assert numbered(*rows, numbering=numbering) == ["1. 甲", "3. 乙"]


def test_a_level_that_shows_nothing_makes_no_list() -> None:
    numbering = abstract(1, level(0, "", "none"), level(1, "●", "bullet")) + instance(1, 1)
    found = blocks(
        paragraph("甲", in_list(1)) + paragraph("乙", in_list(1, 1)), numbering=numbering
    )
    assert [block.style.listed for block in found] == [False, True]


@pytest.mark.parametrize(
    ("count", "kind", "shown"),
    [
        (1, "chineseCounting", "一"),
        (10, "chineseCountingThousand", "十"),
        (12, "japaneseCounting", "十二"),
        (25, "chineseCounting", "二十五"),
        (101, "chineseCounting", "一〇一"),
        (101, "chineseCountingThousand", "一百零一"),
        (110, "chineseCountingThousand", "一百一十"),
        (1200, "chineseCountingThousand", "一千二百"),
        (10, "ideographDigital", "一〇"),
        (10, "chineseLegalSimplified", "壹拾"),
        (302, "chineseLegalSimplified", "叁佰零贰"),
        (3, "ideographTraditional", "丙"),
        (11, "ideographTraditional", "11"),
        (12, "ideographZodiac", "亥"),
        (13, "ideographZodiacTraditional", "丙子"),
        (3, "decimalEnclosedCircle", "③"),
        (21, "decimalEnclosedCircleChinese", "21"),
        (2, "decimalEnclosedParen", "⑵"),
        (10, "decimalFullWidth", "１０"),
        (7, "decimalZero", "07"),
        (2, "lowerLetter", "b"),
        (28, "upperLetter", "BB"),
        (9, "upperRoman", "IX"),
        (44, "lowerRoman", "xliv"),
        (7, "decimal", "7"),
        (7, "none", ""),
        (0, "lowerRoman", "0"),
    ],
)
def test_list_numbers_are_shown_as_word_shows_them(count: int, kind: str, shown: str) -> None:
    assert format_number(count, kind) == shown


# Tables

ACROSS = '<w:gridSpan w:val="{}"/>'
DOWN, ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def test_tables_are_read_row_by_row_in_their_place(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("各区县会员数见下表，合计比上年多一成。")
    shown = document.add_table(rows=2, cols=2)
    for place, text in zip(
        [*shown.rows[0].cells, *shown.rows[1].cells], ("区县", "会员", "柳溪", "1200"), strict=True
    ):
        place.text = text
    document.add_paragraph("会员最多的是柳溪，增长最快的也是柳溪。")
    report = saved(tmp_path, document)
    assert [(p.kind, p.text) for p in report.paragraphs] == [
        ("body", "各区县会员数见下表，合计比上年多一成。"),
        ("table", "| 区县 | 会员 |\n| --- | --- |\n| 柳溪 | 1200 |"),
        ("body", "会员最多的是柳溪，增长最快的也是柳溪。"),
    ]


def test_merged_cells_are_said_in_every_row_and_heads_are_joined() -> None:
    body = table(
        row(cell("各县收入情况", ACROSS.format(4))),
        row(cell("地区", DOWN), cell("县", DOWN), cell("收入", ACROSS.format(2))),
        row(cell("", ON), cell("", ON), "计划", "实际"),
        row(cell("东片", DOWN), "柳溪", "12", "13"),
        row(cell("", ON), "青岚", "9", "9"),
        row(cell("说明：均为快报数", ACROSS.format(4))),
    )
    assert kinds(body)[0] == ("caption", "各县收入情况")
    lines = [text.split("\n") for _, text in kinds(body)[1:]]
    assert lines[0][0] == "| 地区 | 县 | 收入 / 计划 | 收入 / 实际 |"
    assert [line[2] for line in lines] == [
        "| 东片 | 柳溪 | 12 | 13 |",
        "| 东片 | 青岚 | 9 | 9 |",
        "| 说明：均为快报数 |  |  |  |",
    ]


def test_rows_that_the_table_repeats_on_every_page_are_its_head() -> None:
    body = table(
        row("指标", "2023", "2024", head=True),
        row("单位", "亿元", "亿元", head=True),
        row("产值", "190", "200"),
    )
    assert texts(body)[0].split("\n")[0] == "| 指标 / 单位 | 2023 / 亿元 | 2024 / 亿元 |"


def test_a_table_without_a_head_has_an_empty_one() -> None:
    long = "坚持把稳就业摆在突出位置，" * 8
    assert texts(table(row("就业", long), row("教育", "办学")))[1].split("\n")[::2] == [
        "|  |  |",
        "| 教育 | 办学 |",
    ]


def test_numbers_of_a_table_are_read() -> None:
    numbering = abstract(1, level(0, "%1")) + instance(1, 1)
    count = cell(paragraph("", in_list(1)))
    found = texts(
        table(row("序号", "县"), row(count, "柳溪"), row(count, "青岚")), numbering=numbering
    )
    assert [text.split("\n")[2] for text in found] == ["| 1 | 柳溪 |", "| 2 | 青岚 |"]


def test_deleted_rows_and_cells_of_a_table_are_left_out() -> None:
    gone = "<w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p/></w:tc></w:tr>"
    empty = cell("错", "<w:cellDel/>")
    found = texts(table(row("县", "会员"), gone, row("柳溪", "1200", empty)))
    assert [text.split("\n")[2] for text in found] == ["| 柳溪 | 1200 |"]


def test_a_frame_holds_paragraphs_with_their_styles() -> None:
    prose = "".join(paragraph(DONE * 5) for _ in range(3))
    heading = paragraph("总结", styled("heading 1"))
    body = table(row(cell(heading + paragraph(DONE)))) + table(
        row("姓名", "温如初", "部门", "组织部"),
        row("职务", "部长", "年龄", "41"),
        row("总结", cell(prose, ACROSS.format(3))),
    )
    found = blocks(body, styles=style("heading 1", ""))
    assert found[0].style.level == 1
    assert [block.style.kind for block in found] == [None, None, "table", None, None, None, None]
    assert found[3].text == "总结"


def test_a_table_in_a_frame_is_a_table() -> None:
    inner = table(row("县", "会员"), row("柳溪", "1200")) + paragraph("")
    assert [kind for kind, _ in kinds(table(row(cell(inner))))] == ["table"]


# Packages


def test_a_broken_word_file_is_refused_with_a_remedy(tmp_path: Path) -> None:
    whole = word_file(paragraph(DONE))
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as package:
        package.writestr("readme.txt", "no Word file")
    cases = {
        "文本": b"hello",
        "截断": whole[: len(whole) // 2],
        "压缩包": archive.getvalue(),
        "空": b"",
        "标签": word_file("<w:p>"),
    }
    for name, data in cases.items():
        path = tmp_path / f"{name}.docx"
        path.write_bytes(data)
        with pytest.raises(UnreadableReport, match=f"{name}.docx：.*请"):
            read_report(path, file=path.name)


def test_a_word_file_that_unpacks_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "炸弹.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for number in range(3):
            package.writestr(f"word/{number}.xml", bytes(80 << 20))
    with pytest.raises(UnreadableReport, match="解压后超过 200 MB"):
        read_report(path, file=path.name)


def test_a_table_of_excel_is_called_by_its_name() -> None:
    data = BytesIO()
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("word/document.xml", f'<workbook xmlns="{main}"/>')
    with pytest.raises(UnreadableReport, match=r"内容是 Excel 表格.*请"):
        read_docx(data.getvalue(), "表.docx")


def test_the_strict_variant_is_read() -> None:
    strict = BytesIO()
    with (
        zipfile.ZipFile(
            BytesIO(
                word_file(
                    paragraph("回顾", styled("heading 1")),
                    styles=style("heading 1", '<w:rPr><w:sz w:val="22pt"/></w:rPr>'),
                )
            )
        ) as usual,
        zipfile.ZipFile(strict, "w") as archive,
    ):
        for name in usual.namelist():
            text = usual.read(name).decode()
            for space in ("wordprocessingml", "officeDocument"):
                text = text.replace(
                    f"http://schemas.openxmlformats.org/{space}/2006/",
                    f"http://purl.oclc.org/ooxml/{space}/",
                )
            archive.writestr(name, text)
    found = read_docx(strict.getvalue(), "报告.docx").blocks
    assert [(block.text, block.style.level, block.style.size) for block in found] == [
        ("回顾", 1, 22)
    ]


def test_a_link_to_a_part_that_is_gone_costs_nothing_else() -> None:
    whole = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(word_file(paragraph(DONE), numbering=""))) as usual,
        zipfile.ZipFile(whole, "w") as archive,
    ):
        for name in usual.namelist():
            if name != "word/numbering.xml":
                archive.writestr(name, usual.read(name))
    assert read_docx(whole.getvalue(), "报告.docx").source == DONE


def test_a_document_within_the_document_is_named_as_lost() -> None:
    extraction = extracted(paragraph(DONE) + '<w:altChunk r:id="r1"/>')
    assert [doubt.code for doubt in extraction.doubts] == ["embedded-document"]


def test_a_document_with_entities_of_its_own_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("机密", encoding="utf-8")
    start = f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        inside = "<w:body><w:p><w:r><w:t>公开&x;</w:t></w:r></w:p></w:body>"
        main = f'{start}<w:document xmlns:w="{MAIN}">{inside}</w:document>'
        archive.writestr("word/document.xml", main)
    with pytest.raises(UnreadableReport, match="请"):
        read_docx(data.getvalue(), "报告.docx")
