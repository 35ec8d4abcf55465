"""Markdown files: what the marks mean, and what authors of reports mean by them."""

from pathlib import Path

import pytest
from test_corpus_laws import check_laws

from corpus import Report, read_report
from corpus.markdown import read_markdown
from corpus.source import Block, Extraction, Fact
from corpus.structure import read_structure

DONE = "全年工作扎实推进，各项任务都已经完成。"


def extracted(text: str) -> Extraction:
    extraction = read_markdown(text.encode(), "总结.md")
    check_laws(extraction.source, read_structure(extraction))
    return extraction


def blocks(text: str) -> tuple[Block, ...]:
    return extracted(text).blocks


def texts(text: str) -> list[str]:
    return [block.text for block in blocks(text)]


def kinds(text: str) -> list[tuple[str | None, str]]:
    return [(block.style.kind, block.text) for block in blocks(text)]


def levels(text: str) -> list[tuple[int | None, str]]:
    return [(block.style.level, block.text) for block in blocks(text)]


def report(folder: Path, text: str) -> Report:
    path = folder / "总结.md"
    path.write_text(text, encoding="utf-8")
    return read_report(path, file=path.name)


def test_markdown_gives_its_rendered_text(tmp_path: Path) -> None:
    found = report(
        tmp_path,
        "# 工作**总结**\n\n## 会费\n\n全年[收缴](http://example.org)*会费*二百四十万元。\n"
        "第二行也在同一段里。\n\n- 基层留成六成\n- 上解四成\n\n3. 第三件事已经办好。\n\n"
        "| 区县 | 会员 |\n|---|---|\n| 柳溪 | 1200 |\n\n"
        "## 支出\n\n主要用于服务职工，账目已经公开。\n",
    )
    assert found.title == "工作总结"
    assert [(s.level, s.heading) for s in found.sections] == [(1, "会费"), (1, "支出")]
    assert [(p.kind, p.text) for p in found.paragraphs] == [
        ("body", "全年收缴会费二百四十万元。"),
        ("body", "第二行也在同一段里。"),
        ("list", "基层留成六成"),
        ("list", "上解四成"),
        ("list", "3. 第三件事已经办好。"),
        ("table", "| 区县 | 会员 |\n| --- | --- |\n| 柳溪 | 1200 |"),
        ("body", "主要用于服务职工，账目已经公开。"),
    ]


def test_a_line_under_a_short_line_makes_it_a_heading() -> None:
    assert levels("云汀市总工会\n===\n\n工作回顾\n---\n\n" + DONE) == [
        (1, "云汀市总工会"),
        (2, "工作回顾"),
        (None, DONE),
    ]


@pytest.mark.parametrize("text", ["全年工作已经完成。", "全年新建工会\n收缴会费", "职工" * 40])
def test_text_over_a_line_of_dashes_is_no_heading(text: str) -> None:
    assert {level for level, _ in levels(f"# 总结\n\n{text}\n---\n{DONE}\n")[1:]} == {None}


def test_hashes_need_no_space_and_topics_are_no_headings() -> None:
    assert levels("##一、回顾\n\n#云汀两会# 开幕\n\n### （一）工业。\n") == [
        (2, "一、回顾"),
        (None, "#云汀两会# 开幕"),
        (3, "（一）工业。"),
    ]


def test_a_heading_in_two_lines_is_one() -> None:
    assert levels("# 云汀市<br>工作报告\n") == [(1, "云汀市工作报告")]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**一是扩面。**各县都有", "一是扩面。各县都有"),
        ("坚持**“两个维护”**不动摇", "坚持“两个维护”不动摇"),
        ('坚持**"两个维护"**不动摇，**增长6%**左右', '坚持"两个维护"不动摇，增长6%左右'),
        ("做到***（全）覆盖***，~~不~~留**~~空~~白**", "做到（全）覆盖，不留空白"),
        ("见<https://example.org>和`a*b*`，3\\*4", "见https://example.org和a*b*，3*4"),
        ("产值<sup>①</sup>增长<!-- 待核 -->一成", "产值①增长一成"),
        ("增长5%~8%，其中2*3间", "增长5%~8%，其中2*3间"),
    ],
)
def test_marks_are_taken_away_and_nothing_else(text: str, shown: str) -> None:
    assert texts(text) == [shown]


def test_bold_is_counted_on_each_line() -> None:
    found = blocks("**一、回顾**\n全年\n\n1. **工业。**增长\n\n<b>农业</b>增长")
    assert [block.style.bold for block in found] == [4, 0, 6, 2]


def test_lines_indented_by_spaces_are_paragraphs_and_no_code() -> None:
    found = blocks(f"# 总结\n\n    {DONE}\n    {DONE}\n\n　　{DONE}\n{DONE}\n")
    assert [(block.text, block.style.indented) for block in found[1:]] == [
        (DONE, True),
        (DONE, True),
        (DONE, True),
        (DONE, False),
    ]


def test_code_is_never_a_heading_nor_joined(tmp_path: Path) -> None:
    code = "```\n# 一、回顾\n二、安排\n全年新建工会，\n收缴会费\n```"
    found = report(tmp_path, f"# 总结\n\n{DONE}\n\n{code}\n\n{DONE}\n")
    assert found.sections == ()
    assert [p.text for p in found.paragraphs] == [
        DONE,
        "# 一、回顾",
        "二、安排",
        "全年新建工会，",
        "收缴会费",
        DONE,
    ]


def test_markdown_in_a_fence_is_read_as_such() -> None:
    assert levels(f"```markdown\n## 一、回顾\n\n{DONE}\n```\n") == [(2, "一、回顾"), (None, DONE)]


def test_signs_that_no_others_close_begin_no_code() -> None:
    found = levels(f"{DONE}\n\n~~~~~~~~\n\n## 一、回顾\n\n{DONE}\n")
    assert found == [(None, DONE), (2, "一、回顾"), (None, DONE)]


# Lists


def test_numbers_of_lists_are_those_typed_unless_all_are_alike() -> None:
    assert texts("1. 甲\n1. 乙\n1. 丙\n\n# 题\n\n2) 丁\n5) 戊\n\n0. 己\n") == [
        *("1. 甲", "2. 乙", "3. 丙", "题"),
        *("2) 丁", "5) 戊", "0. 己"),
    ]


def test_lists_in_lists_keep_their_numbers() -> None:
    found = texts("1. 甲\n   - 子\n     1. 丑\n     2. 寅\n2. 乙\n\n   续\n3.\n\n后文\n")
    assert found == ["1. 甲", "子", "1. 丑", "2. 寅", "2. 乙", "续", "后文"]


def test_tasks_show_whether_they_are_done() -> None:
    assert texts("- [x] 建站\n- [ ] 扩面\n\n[x] 不是任务") == ["☑ 建站", "☐ 扩面", "[x] 不是任务"]


def test_a_list_of_links_into_the_file_is_its_contents() -> None:
    found = kinds("- [一、回顾](#a)\n- [二、安排](#b)\n- 见[三](#c)\n\n[TOC]\n")
    assert [kind for kind, _ in found] == ["contents", "contents", None, "contents"]


def test_quoted_text_is_text() -> None:
    assert texts("> 坚持稳中求进。\n>\n> > 扎实推进。") == ["坚持稳中求进。", "扎实推进。"]


# Tables and HTML


def test_cells_of_a_table_keep_bars_and_lose_marks() -> None:
    found = texts("| 区县 | **会员** |\n|---|---|\n| 柳溪\\|青岚 | 12<br>人 |\n")
    assert found == ["| 区县 | 会员 |\n| --- | --- |\n| 柳溪\\|青岚 | 12 人 |"]


def test_an_empty_head_of_a_table_stays_empty() -> None:
    found = texts("| | |\n|---|---|\n| 柳溪 | 12 |\n| 青岚 | 9 |\n")
    assert [text.split("\n")[2] for text in found] == ["| 柳溪 | 12 |", "| 青岚 | 9 |"]


def test_tables_in_html_keep_their_merged_cells() -> None:
    page = (
        "<table>\n<tr><td rowspan='2'>地区</td><td colspan='2'>收入</td></tr>\n\n"
        "<tr><td>计划</td><td>实际</td></tr>\n<tr><td>柳溪</td><td>12</td><td>13</td></tr>\n</table>"
    )
    assert texts(f"{DONE}\n\n{page}\n\n{DONE}")[1] == (
        "| 地区 | 收入 / 计划 | 收入 / 实际 |\n| --- | --- | --- |\n| 柳溪 | 12 | 13 |"
    )


def test_html_around_text_is_read_and_its_comments_are_not() -> None:
    text = f"<h2 align='center'>回顾</h2>\n\n<div>\n\n{DONE}\n\n</div>\n\n<!-- 待核：\n\n删去 -->\n"
    assert levels(text) == [(2, "回顾"), (None, DONE)]


@pytest.mark.parametrize(
    "picture", ["![港](a.png)", '<img src="a.png">', '<p><img src="a.png"></p>']
)
def test_a_picture_is_no_text_but_stands_before_its_caption(picture: str) -> None:
    found = blocks(f"{DONE}\n\n{picture}\n\n云汀新港\n\n{DONE}\n")
    assert [(block.text, block.style.figure) for block in found] == [
        (DONE, False),
        ("云汀新港", True),
        (DONE, False),
    ]


# Notes


def test_notes_follow_the_paragraph_that_refers_to_them() -> None:
    text = (
        "会员[^a]增长^[见年报。]一成[^b]。\n\n| 县 | 会费[^c] |\n|---|---|\n| 柳溪 | 2 |\n\n"
        "会员[^a]稳定。\n\n[^a]: 指**在册**会员[^d]。\n\n    另有未入册的。\n[^b]: 按户籍。\n"
        "[^c]: 含补缴。\n[^d]: 年末数。\n[^e]: 没有用到。\n"
    )
    assert kinds(text) == [
        (None, "会员增长一成。"),
        ("note", "指在册会员。"),
        ("note", "另有未入册的。"),
        ("note", "见年报。"),
        ("note", "按户籍。"),
        ("note", "年末数。"),
        ("table", "| 县 | 会费 |\n| --- | --- |\n| 柳溪 | 2 |"),
        ("note", "含补缴。"),
        (None, "会员稳定。"),
        ("note", "没有用到。"),
    ]


def test_notes_that_refer_to_each_other_end() -> None:
    chain = "".join(f"[^{n}]: 注{n}[^{n + 1}]\n" for n in range(600))
    assert len(texts(f"正文[^0]\n\n{chain}[^600]: 完[^0]\n")) == 602


def test_words_in_brackets_before_a_colon_are_seen() -> None:
    assert texts("[注]: 均为快报数。\n\n[表]: https://example.org/\n") == ["[注]: 均为快报数。"]


# Front matter


def test_front_matter_states_facts() -> None:
    found = extracted(
        '---\ntitle: "云汀市工作报告"\ndate: 2025-01-18\nauthors:\n  - 温如初\n  - name: 林知远\n'
        f"来源: 云汀日报\ntags: [工会]\n---\n\n# 云汀市工作报告\n\n{DONE}\n"
    )
    assert found.facts == (
        Fact("title", "云汀市工作报告", 'title: "云汀市工作报告"'),
        Fact("date", "2025-01-18", "date: 2025-01-18"),
        Fact("authors", "温如初、林知远", "authors:\n  - 温如初\n  - name: 林知远"),
        Fact("publisher", "云汀日报", "来源: 云汀日报"),
    )
    assert found.source.startswith("云汀市工作报告")


def test_front_matter_that_is_no_yaml_is_read_line_by_line() -> None:
    found = extracted(f"---\ntitle: 云汀: 工作报告\n作者：\n- 温如初\n---\n{DONE}\n")
    assert [(fact.field, fact.value) for fact in found.facts] == [
        ("title", "云汀: 工作报告"),
        ("authors", "温如初"),
    ]


def test_broken_front_matter_is_text_and_no_heading() -> None:
    found = extracted(f'---\ntitle: "云汀\n第二行\n---\n\n{DONE}\n')
    assert found.facts == ()
    assert [(b.style.level, b.text) for b in found.blocks] == [
        (None, 'title: "云汀'),
        (None, "第二行"),
        (None, DONE),
    ]


@pytest.mark.parametrize("inside", ["全年工作扎实推进。", "主持人: 温如初", "", "- 甲\n- 乙"])
def test_text_between_dashes_is_part_of_the_report(inside: str) -> None:
    found = extracted(f"---\n\n{inside}\n\n---\n\n{DONE}\n")
    assert found.facts == ()
    assert "".join(inside.replace("- ", "").split()) in "".join(found.source.split())


@pytest.mark.parametrize("inside", ["title: *a", "title: &a [*a]", "? " * 600, "date: 2025-13-45"])
def test_odd_front_matter_is_no_error(inside: str) -> None:
    assert extracted(f"---\n{inside}\n---\n\n{DONE}\n").source.endswith(DONE)
