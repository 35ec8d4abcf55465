"""Web pages: the report on them as it is published by sites of all kinds, and nothing else."""

from pathlib import Path

import pytest
import web_pages
from test_corpus_laws import check_laws

from corpus import Report, UnreadableReport
from corpus.html import read_html
from corpus.report_file import READERS, read_in_process
from corpus.source import Extraction
from corpus.structure import read_structure

DONE = "全年工作扎实推进，各项任务都已经完成，职工群众的获得感不断增强。"
LIST = "".join(
    f'<li><h3><a href="/{n}.html">{text}</a></h3><p>{DONE}</p><span>2025-01-09</span></li>'
    for n, text in enumerate(web_pages.RELATED * 3)
)
"""What is new on a site: titles with abstracts."""

OFFICES = {"word", "libreoffice"}


def report(folder: Path, data: bytes, name: str = "报告.html") -> Report:
    path = folder / name
    path.write_bytes(data)
    return read_in_process(path, file=name)


def extracted(page: str) -> Extraction:
    extraction = read_html(page.encode(), "报告.html")
    check_laws(extraction.source, read_structure(extraction))
    return extraction


def article(inner: str, head: str = "") -> str:
    """A page with an article, between paragraphs that are text for certain."""
    return (
        f"<html><head><meta charset=utf-8>{head}</head><body><div><h1>青岚县工作报告</h1>"
        f"<p>{DONE}</p>{inner}<p>{DONE}</p></div></body></html>"
    )


def inside(inner: str) -> list[str]:
    """The lines between the two paragraphs of an article."""
    texts = [block.text for block in extracted(article(inner)).blocks]
    assert [texts[0], texts[1], texts[-1]] == ["青岚县工作报告", DONE, DONE]
    return texts[2:-1]


def kinds(inner: str) -> list[tuple[str | None, str]]:
    blocks = extracted(article(inner)).blocks[2:-1]
    return [(block.style.kind, block.text) for block in blocks]


def rows(inner: str) -> list[str]:
    """The rows of the one table in an article."""
    blocks = [block for block in extracted(article(inner)).blocks if block.style.kind == "table"]
    return [block.text for block in blocks]


@pytest.mark.parametrize("name", web_pages.PAGES)
def test_a_page_gives_its_title_outline_and_paragraphs(name: str, tmp_path: Path) -> None:
    found = report(tmp_path, web_pages.page_bytes(name))
    check_laws(found.source, found)
    assert found.title == web_pages.TITLE
    assert found.title_spans
    assert tuple(section.heading for section in found.sections) == web_pages.HEADINGS
    assert [section.level for section in found.sections] == [1, 2, 2, 1]
    texts = [p.text for p in found.paragraphs if p.text in web_pages.PARAGRAPHS]
    assert texts == web_pages.PARAGRAPHS
    assert not found.doubts


@pytest.mark.parametrize("name", web_pages.PAGES)
def test_nothing_that_stands_around_a_report_is_read(name: str, tmp_path: Path) -> None:
    found = report(tmp_path, web_pages.page_bytes(name))
    assert not [words for words in web_pages.AROUND if words in found.source]
    known = {"source", "byline", "caption", "salutation"}
    more = [p for p in found.paragraphs if p.text not in web_pages.PARAGRAPHS]
    assert all(p.kind in known or p.text.startswith("附件：") for p in more)


@pytest.mark.parametrize("name", [name for name in web_pages.PAGES if name not in OFFICES])
def test_a_page_states_when_and_by_whom_a_report_was_published(name: str, tmp_path: Path) -> None:
    found = report(tmp_path, web_pages.page_bytes(name))
    assert found.date == web_pages.DATE
    assert found.publisher == ("青岚县总工会" if name == "disclosure" else web_pages.PUBLISHER)
    writers = () if name in {"disclosure", "tables", "portal"} else (web_pages.WRITER,)
    assert found.authors == writers
    assert {origin.field for origin in found.origins} >= {"title", "date", "publisher"}


@pytest.mark.parametrize("name", ["government", "newspaper", "word", "libreoffice"])
def test_the_line_under_the_title_is_the_subtitle(name: str, tmp_path: Path) -> None:
    found = report(tmp_path, web_pages.page_bytes(name))
    assert found.subtitle == web_pages.SUBTITLE


@pytest.mark.parametrize(
    ("name", "field", "place", "quote"),
    [
        ("government", "publisher", "text", "信息来源：青岚日报"),
        ("disclosure", "date", "text", "成文日期： 2025-01-12"),
        ("newspaper", "date", "file", "http://paper.example/html/2025-01/12/nw.D1_1-01.htm"),
        ("newspaper", "publisher", "file", "青岚日报数字报-"),
        ("wechat", "date", "file", 'var ct = "1736641800"'),
        ("wechat", "publisher", "file", '<a id="js_name">青岚日报</a>'),
        ("wechat", "authors", "file", '<meta property="og:article:author" content="温如初">'),
        ("modern", "publisher", "file", '"publisher": {"@type": "Organization"'),
    ],
)
def test_every_field_says_where_it_was_read(
    name: str, field: str, place: str, quote: str, tmp_path: Path
) -> None:
    found = report(tmp_path, web_pages.page_bytes(name))
    origin = next(origin for origin in found.origins if origin.field == field)
    assert origin.place == place
    assert quote in origin.quote


@pytest.mark.parametrize("suffix", [".mht", ".mhtml", ".html", ".doc"])
def test_an_archive_is_read_like_its_page(suffix: str, tmp_path: Path) -> None:
    page = report(tmp_path, web_pages.page_bytes("government"))
    found = report(tmp_path, web_pages.archive(web_pages.government()), f"报告{suffix}")
    assert found.source == page.source
    assert found.sections == page.sections


def test_an_archive_states_its_address_and_its_encoding(tmp_path: Path) -> None:
    body = article("").replace("<meta charset=utf-8>", "").encode("gb18030")
    head = (
        b"MIME-Version: 1.0\nSnapshot-Content-Location: http://a.example/art/2025/1/9/b.html\n"
        b"Content-Type: multipart/related; boundary=B\n\n--B\n"
    )
    frame = b"Content-Type: text/html\n\n<html><frameset><frame src=a></frameset></html>\n--B\n"
    for charset in (b"gb2312", b"utf-8", b"x-unknown"):  # the latter two are wrong
        kind = b"Content-Type: text/html; charset=" + charset
        data = head + frame + kind + b"\nContent-Transfer-Encoding: 8bit\n\n" + body + b"\n--B--\n"
        found = report(tmp_path, data, "报告.mht")
        assert found.paragraphs[0].text == DONE
        assert found.date == "2025-01-09"


@pytest.mark.parametrize("suffix", [".html", ".htm", ".shtml", ".xhtml", ".mht", ".mhtml"])
def test_names_of_web_pages_are_known(suffix: str) -> None:
    assert READERS[suffix] is read_html


@pytest.mark.parametrize(
    ("line", "date", "publisher"),
    [
        ("<span>2025-01-09 08:30</span> | <span>来源：青岚日报</span>", "2025-01-09", "青岚日报"),
        (
            "<span>温如初</span> <span>青岚工会</span> <em>2025年1月9日 08:30 云汀</em>",
            "2025-01-09",
            None,
        ),
        ("2025年01月09日　青岚日报", "2025-01-09", None),
        ("青岚日报 2025/01/09 第1版", "2025-01-09", "青岚日报"),
    ],
)
def test_a_line_of_date_and_names_is_no_text(
    line: str, date: str, publisher: str | None, tmp_path: Path
) -> None:
    page = article("").replace("</h1>", f"</h1><div>{line}</div>")
    found = report(tmp_path, page.encode())
    assert [p.kind for p in found.paragraphs] == ["source", "body", "body"]
    assert (found.date, found.publisher) == (date, publisher)


def test_what_a_system_fills_in_for_nobody_is_not_stated(tmp_path: Path) -> None:
    head = '<meta name="author" content="admin"><meta name="ContentSource" content="无">'
    found = report(tmp_path, article("", head).encode())
    assert (found.authors, found.publisher, found.date) == ((), None, None)


@pytest.mark.parametrize(
    "title",
    ["青岚县工作报告_青岚县人民政府", "青岚县人民政府 | 青岚县工作报告", "青岚县工作报告 - 青岚网"],
)
def test_the_name_of_the_site_is_no_part_of_the_title(title: str, tmp_path: Path) -> None:
    page = (
        f"<html><head><title>{title}</title></head><body><p>{DONE}</p><p>{DONE}</p></body></html>"
    )
    assert report(tmp_path, page.encode()).title == "青岚县工作报告"


def test_a_headline_in_two_lines_is_one_title() -> None:
    title = "<title>中共青岚县委关于2024年工作情况的报告</title>"
    lines = "<h1>中共青岚县委<br>关于2024年工作情况的报告</h1>"
    page = article("", title).replace("<h1>青岚县工作报告</h1>", lines)
    first = extracted(page).blocks[0]
    assert first.text == "中共青岚县委关于2024年工作情况的报告"
    assert first.style.title


def test_line_breaks_part_paragraphs() -> None:
    assert inside("<p>　　夜校开进车间。<br><br>　　讲师走到工位。<br/>课后还有答疑。</p>") == [
        *("夜校开进车间。", "讲师走到工位。", "课后还有答疑。"),
    ]


def test_spaces_are_as_the_browser_shows_them() -> None:
    inner = (
        "<p>&nbsp;&nbsp;新建&#24037;会 12\n  家，\n会员&lt;三千&gt;人&amp;职工。&ensp;&emsp;</p>"
    )
    assert inside(inner) == ["新建工会 12 家，会员<三千>人&职工。"]
    blocks = extracted(article(inner)).blocks
    assert [block.style.indented for block in blocks] == [False, False, True, False]


def test_a_line_end_in_the_source_is_a_space_only_where_a_program_breaks_at_spaces() -> None:
    inner = "<p>劳动竞赛\n擂台搬上码头，比出\nGDP增速。</p>"
    assert inside(inner) == ["劳动竞赛擂台搬上码头，比出 GDP增速。"]
    page = article(inner, '<meta name="generator" content="LibreOffice 7.4 (Linux)"/>')
    assert extracted(page).blocks[2].text == "劳动竞赛 擂台搬上码头，比出 GDP增速。"


def test_headings_keep_their_levels() -> None:
    inner = f"<h2>一、工会</h2><p>{DONE}</p><h3><p>（一）建会</p></h3><p>{DONE}</p>"
    levels = {block.text: block.style.level for block in extracted(article(inner)).blocks}
    assert (levels["一、工会"], levels["（一）建会"]) == (2, 3)


def test_numbers_and_levels_that_word_processors_write_are_read() -> None:
    item = (
        "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]>"
        "<span style='mso-list:Ignore'>（一）</span><![endif]>建会</p>"
    )
    outline = "<p class=MsoNormal style='mso-outline-level:1'>一、回顾</p>"
    contents = "<p class=MsoToc1>一、回顾<span>\t1</span></p>"
    office = '<meta name="ProgId" content="Word.Document">'
    page = article(contents + outline + item, office)
    found = [(b.text, b.style.level, b.style.kind) for b in extracted(page).blocks[2:-1]]
    assert found == [
        *(("一、回顾 1", None, "contents"), ("一、回顾", 1, None), ("（一）建会", None, None)),
    ]


def test_text_that_is_set_as_it_stands_keeps_its_lines() -> None:
    assert inside("<pre>一季度  12家\n二季度  15家</pre>") == ["一季度  12家", "二季度  15家"]


def test_what_stands_over_the_headline_is_kept_apart(tmp_path: Path) -> None:
    found = report(tmp_path, web_pages.page_bytes("portal"))
    assert (found.paragraphs[0].kind, found.paragraphs[0].text) == ("byline", "县总工会召开全委会")
    filed = report(tmp_path, web_pages.page_bytes("disclosure")).paragraphs[:3]
    assert {paragraph.kind for paragraph in filed} == {"source"}


def test_a_paragraph_in_a_heading_element_is_a_paragraph() -> None:
    blocks = extracted(article(f"<h3>{DONE * 3}</h3>")).blocks
    assert [block.style.level for block in blocks] == [None] * 4


def test_a_page_all_in_bold_or_in_the_middle_has_no_headings_for_that() -> None:
    page = article(f"<p>{DONE}</p>").replace("<div>", "<div align=center>")
    assert not any(block.style.centred for block in extracted(page).blocks)


@pytest.mark.parametrize(
    ("inner", "texts"),
    [
        ("<ol><li>建会<li>夜校</ol>", ["1. 建会", "2. 夜校"]),
        ('<ol start="3"><li>建会</li><li value="7">夜校</li></ol>', ["3. 建会", "7. 夜校"]),
        ('<ol type="A"><li>建会</li><li>夜校</li></ol>', ["A. 建会", "B. 夜校"]),
        ('<ol style="list-style-type: cjk-ideographic"><li>建会</li></ol>', ["一、建会"]),
        ("<ol><li>一、建会</li><li>二、夜校</li></ol>", ["一、建会", "二、夜校"]),
        (
            "<ul><li>建会<ol><li>货车<li>快递</ol><li>夜校</ul>",
            ["建会", "1. 货车", "2. 快递", "夜校"],
        ),
        ('<ol start="²"><li value="9999999">建会</li></ol>', ["9999999. 建会"]),
    ],
)
def test_lists_keep_the_numbers_that_are_shown(inner: str, texts: list[str]) -> None:
    assert inside(inner) == texts


def test_merged_cells_stand_in_every_place_that_they_cover() -> None:
    table = (
        "<table><caption>表1 会员</caption><tr><th rowspan=2>片区<th colspan=2>会员</tr>"
        "<tr><th>男<th>女</tr><tr><td rowspan=2>柳溪<td>12<td>15</tr>"
        "<tr><td colspan=2>无</tr></table>"
    )
    assert [row.rpartition("\n")[2] for row in rows(table)] == [
        "| 柳溪 | 12 | 15 |",
        "| 柳溪 | 无 | 无 |",
    ]
    assert "会员" in rows(table)[0].partition("\n")[0]
    assert ("caption", "表1 会员") in kinds(table)


def test_a_table_that_lays_out_the_page_is_no_table() -> None:
    cell = "".join(f"<p>{DONE}</p>" for _ in range(8))
    page = f"<body><table><tr><td>左栏</td><td>{cell}</td></tr></table></body>"
    assert {block.style.kind for block in extracted(page).blocks} == {None}


def test_a_span_without_end_covers_the_table_and_no_more() -> None:
    table = (
        "<table><tr><td rowspan=0>甲<td>乙<td>丙</tr><tr><td colspan=99999>丁</tr>"
        "<tr><td>戊<td>己</tr></table>"
    )
    assert [row.rpartition("\n")[2] for row in rows(table)] == [
        *("| 甲 | 丁 | 丁 | 丁 |", "| 甲 | 戊 | 己 |  |"),
    ]


def test_words_under_a_picture_are_its_caption() -> None:
    figure = "<figure><img src=a.jpg width=600><figcaption>夜校开课现场</figcaption></figure>"
    assert kinds(figure) == [("caption", "夜校开课现场")]
    blocks = extracted(article("<p><img src=a.jpg></p><p>夜校现场</p>")).blocks
    assert blocks[2].style.figure
    icons = article("<p><img src=a.gif width=16 height=16>夜校现场</p>")
    assert not extracted(icons).blocks[2].style.figure


@pytest.mark.parametrize(
    ("mark", "note"),
    [
        (
            '<a href="#_ftn1" name="_ftnref1"><sup>[1]</sup></a>',
            "<div id=ftn1><p>[1] 含兼职。</p></div>",
        ),
        (
            '<a class="sdfootnoteanc" href="#sdfootnote1sym">1</a>',
            '<div id="sdfootnote1"><p>1 含兼职。</p></div>',
        ),
        ('<a role="doc-noteref" href="#fn1">1</a>', '<p role="doc-footnote">1 含兼职。</p>'),
    ],
)
def test_notes_stand_apart_from_the_text(mark: str, note: str) -> None:
    extraction = extracted(article(f"<p>新建工会{mark}八十六家。</p>{note}"))
    texts = {block.text: block.style.kind for block in extraction.blocks}
    assert "新建工会八十六家。" in texts
    assert [kind for text, kind in texts.items() if "含兼职" in text] == ["note"]


@pytest.mark.parametrize(
    "hidden",
    [
        '<p style="display:none">看不见的字。</p>',
        "<p hidden>看不见的字。</p>",
        "<script>document.write('看不见的字。')</script>",
        "<del>看不见的字。</del>",
        "<!-- 看不见的字。 -->",
        "<noscript>看不见的字。</noscript>",
        "<style>.x:before { content: '看不见的字。' }</style>",
        "<select><option>看不见的字。</option></select>",
        "<style>.x { display: none }</style><p class=x>看不见的字。</p>",
    ],
)
def test_what_a_page_does_not_show_is_not_read(hidden: str) -> None:
    assert inside(hidden) == []


@pytest.mark.parametrize(
    "tags",
    [
        "<div><p>{0}</p></div><div class=b><p>{0}</p></div><div class=b><p>{0}</p></div>",
        "<p>{0}</p><h2>一、工会</h2><p>{0}</p><p>{0}</p>",
    ],
)
def test_a_short_report_without_an_element_of_its_own_is_read_to_its_end(tags: str) -> None:
    menu = "".join(f'<li><a href="/{n}">{text}</a></li>' for n, text in enumerate(web_pages.MENU))
    foot = "".join(f"<p>{line}</p>" for line in web_pages.FOOT)
    report = f"<h1>青岚县工作报告</h1>{tags.format(DONE)}"
    page = f"<body><ul>{menu}</ul>{report}<div class=footer>{foot}</div></body>"
    texts = [block.text for block in extracted(page).blocks]
    assert texts.count(DONE) == 3
    assert not {*texts} & {*web_pages.MENU, *web_pages.FOOT}


def test_links_in_the_text_are_text() -> None:
    inner = f'<p>依据<a href="/law">《青岚县工会工作条例》</a>，{DONE}</p>'
    assert inside(inner) == [f"依据《青岚县工会工作条例》，{DONE}"]


def test_a_list_of_links_in_the_text_is_left_out() -> None:
    links = "".join(f'<p><a href="/{n}">{text}</a></p>' for n, text in enumerate(web_pages.RELATED))
    assert inside(f"<div>{links}</div>") == []


def test_text_after_the_end_of_the_page_is_read() -> None:
    page = f"<html><body><p>{DONE}</p></body></html><p>明年，再上台阶。</p>"
    assert [block.text for block in extracted(page).blocks] == [DONE, "明年，再上台阶。"]


@pytest.mark.parametrize(
    "pages",
    [
        '<a href="2.html">下一页</a>',
        '<a href="2.html">余下全文</a>',
        '1 <a href="2">2</a> <a href=2>下一页</a>',
    ],
)
def test_a_report_on_several_pages_is_doubted(pages: str, tmp_path: Path) -> None:
    page = article("").replace("</div>", f'<div class="pager">{pages}</div></div>')
    found = report(tmp_path, page.encode())
    assert [doubt.code for doubt in found.doubts] == ["more-pages"]
    assert [p.text for p in found.paragraphs] == [DONE, DONE]


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("", "utf-8"),
        ("", "gb18030"),
        ("", "big5hkscs"),
        ("", "utf-16"),
        ("", "utf-8-sig"),
        ('<meta charset="gb2312">', "gb18030"),
        ('<meta charset="gb2312">', "utf-8"),
        ('<meta charset="utf-8">', "gb18030"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=big5">', "big5hkscs"),
        ('<meta charset="gbk">', "utf-16-be"),
    ],
)
def test_the_encoding_is_found_whatever_the_page_declares(declared: str, encoding: str) -> None:
    traditional = encoding == "big5hkscs"
    text = "全年新建工會十二家，會員增加一千二百人，職工生活不斷改善。" if traditional else DONE
    page = f"<html><head>{declared}</head><body><p>{text}</p></body></html>"
    assert read_html(page.encode(encoding), "报告.html").source == text


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (
            "<html><frameset cols=1><frame src=a.html></frameset></html>",
            "框架（frameset）.*单独打开",
        ),
        (
            "<body><div id=app></div><noscript>请启用JavaScript。</noscript></body>",
            "运行脚本或登录.*另存",
        ),
        ("<body><form>请先登录，再查看内容。<input></form></body>", "运行脚本或登录.*另存"),
        (
            "<body>" + '<a href="1">县领导调研</a><br>' * 30 + "</body>",
            "首页或列表页.*请打开报告所在",
        ),
        (LIST, "首页或列表页.*请打开报告所在"),
        (
            "<p>很抱歉，您要访问的页面不存在或已被删除！</p><a href=/>返回首页</a>",
            "不存在或已被删除。请",
        ),
        ("<div><h2>该内容已被发布者删除</h2></div>", "不存在或已被删除。请"),
        ("<div>" * 200_000 + DONE, "嵌套过深.*请"),
        (DONE, "不是网页：没有 HTML 标记.*请改名为"),
        ("MIME-Version: 1.0\nContent-Type: text/plain\n\n甲", "网页存档里没有网页。请"),
    ],
)
def test_a_page_without_a_report_is_refused_with_a_remedy(page: str, reason: str) -> None:
    with pytest.raises(UnreadableReport, match=f"首页.html：.*{reason}"):
        read_html(page.encode(), "首页.html")


def test_binary_data_is_refused() -> None:
    with pytest.raises(UnreadableReport, match="请"):
        read_html(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "首页.html")


@pytest.mark.parametrize("page", ["", " \n", "<html></html>"])
def test_an_empty_page_has_no_blocks(page: str) -> None:
    assert read_html(page.encode(), "x.html").blocks == ()


@pytest.mark.parametrize(
    "around",
    [
        '<script type="application/ld+json">[[[{"@type": "Article", "headline": 5</script>',
        '<script type="application/ld+json">' + "[" * 100_000 + "</script>",
        "<style>" + "{" * 50_000 + "</style><style>" + "a," * 50_000 + "{}</style>",
        "<p " + "a=1 " * 50_000 + ">",
        "<br>" * 20_000,
        "<div>" * 1000,
        "<p>" + "| " * 20_000,
        "&#xD800;&#0;&#1114112;",
        '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]>&x;',
        "<svg><title>图标</title></svg><math><mi>x</mi></math>",
    ],
)
def test_odd_pages_are_read(around: str) -> None:
    extraction = extracted(f"{around}<p>{DONE}</p>")
    assert extraction.blocks[-1].text == DONE
    assert "root:" not in extraction.source
