"""Reading order: lines on pages to paragraphs as their author meant them."""

from itertools import pairwise

import pytest
from printed_pages import bottom, centred, grid, line, page, set_text

from corpus.layout import read_pages
from corpus.page import Line, Page
from corpus.source import Block, Extraction
from corpus.structure import Structure, read_structure

A = (
    "过去一年，青岚县把稳就业摆在突出位置，全年开展技能培训二百八十六场，培训职工四万七千人次，"
    "八千六百人取得职业技能等级证书，困难职工家庭至少有一人稳定就业。"
)
B = (
    "县里新建十二座户外驿站，环卫工人、快递骑手进门就能喝上热水、给手机充电；驿站夜里也开着灯，"
    "雨雪天延长两个小时，周边商户轮流值守，一年下来没有断过一天。"
)
C = (
    "围绕港区扩建和环湖大道改造，工会组织三千多名建设者开展劳动竞赛，提出合理化建议九百三十条，"
    "采纳六百一十条，测算创造效益一千三百万元，工期提前四十一天。"
)
D = (
    "劳动争议调解中心搬进了工业园，律师每周三坐班，全年受理案件五百二十件，调解成功四百七十件，"
    "为职工追回工资一千九百万元，涉及外来务工人员的案件全部当月办结。"
)
HEADING = "二、把服务送到职工身边"


def texts(extraction: Extraction, kind: str | None = None) -> list[str]:
    return [block.text for block in extraction.blocks if block.style.kind == kind]


def check(extraction: Extraction) -> None:
    """The laws of an extraction: everything stands in a block, in order."""
    seen = ""
    for block in extraction.blocks:
        assert all(a.end <= b.start for a, b in pairwise(block.spans))
        words = "".join(extraction.source[s.start : s.end] for s in block.spans)
        assert "".join(words.split()) == "".join(block.text.split())
        seen += words if block.style.kind != "table" else ""
    if not any(block.style.kind == "table" for block in extraction.blocks):
        assert "".join(seen.split()) == "".join(extraction.source.split())


def read(*pages: Page) -> Extraction:
    extraction = read_pages(pages)
    check(extraction)
    return extraction


def structure(*pages: Page) -> Structure:
    return read_structure(read(*pages))


def block_of(extraction: Extraction, start: str) -> Block:
    return next(block for block in extraction.blocks if block.text.startswith(start))


def test_the_lines_of_a_paragraph_are_joined_without_spaces_between_chinese_characters() -> None:
    extraction = read(page(set_text([A, B, C], 90, 90, columns=34)))
    assert texts(extraction) == [A, B, C]
    first = extraction.blocks[0].spans
    assert [span.page for span in first] == [1] * len(first)
    assert first[0].box == (114.0, 90.0, 498.0, 102.0)
    assert extraction.blocks[0].style.indented


def test_latin_words_get_their_space_and_lose_the_hyphen_of_a_line_end() -> None:
    ends = ["本地区推广的工具叫作 open", "source 平台，另有一套 infor-", "mation 系统。"]
    lines = [line(text, 90, 90 + 18 * number) for number, text in enumerate(ends)]
    wide = [
        Line(printed.text, (*printed.box[:2], 498.0, printed.box[3]), 12) for printed in lines[:2]
    ]
    below = set_text([A, B], 90, 144, columns=34)
    extraction = read(page([*wide, lines[2], *below]))
    assert (
        extraction.blocks[0].text
        == "本地区推广的工具叫作 open source 平台，另有一套 information 系统。"
    )


def test_a_paragraph_goes_on_in_the_next_column_and_on_the_next_page() -> None:
    whole = set_text([A, B, C, D], 70, 90, columns=18)
    thirds = [whole[:9], whole[9:18], whole[18:]]
    moved = []
    for number, part in enumerate(thirds):
        left, up = (0.0, 250.0, 0.0)[number], part[0].box[1] - 90
        moved.append(
            [
                Line(x.text, (x.box[0] + left, x.box[1] - up, x.box[2] + left, x.box[3] - up), 12)
                for x in part
            ]
        )
    extraction = read(page([*moved[1], *moved[0]]), page(moved[2], number=2))
    assert texts(extraction) == [A, B, C, D]
    torn = [block for block in extraction.blocks if len({s.page for s in block.spans}) == 2]
    assert len(torn) == 1


@pytest.mark.parametrize("headline", ["云汀工运这一年", "云汀市总工会把服务送到每一位职工身边"])
def test_three_columns_are_read_one_after_the_other_below_their_headline(headline: str) -> None:
    columns = [
        set_text(paragraphs, left, 130, columns=12, size=10.5)
        for paragraphs, left in (([A, B], 70), ([C, D], 220), ([B, A], 370))
    ]
    middle = (70 + 370 + 12 * 10.5) / 2
    every = [printed for column in columns for printed in column]
    extraction = read(page([*every, centred(headline, 90, size=22, middle=middle)]))
    assert texts(extraction) == [headline, A, B, C, D, B, A]
    assert extraction.blocks[0].style.size == 22


def test_a_headline_across_two_columns_parts_what_is_above_from_what_is_below() -> None:
    above = [
        *set_text([A, C], 70, 90, columns=18, size=12),
        *set_text([B, D], 312, 90, columns=18, size=12),
    ]
    top = bottom(above) + 30
    below = [
        *set_text([C, A], 70, top + 45, columns=18),
        *set_text([D, B], 312, top + 45, columns=18),
    ]
    headline = centred("驿站里的灯一直亮着", top, size=20, bold=True)
    extraction = read(page([*below, headline, *above]))
    assert texts(extraction) == [A, C, B, D, headline.text, C, A, D, B]


def test_running_heads_and_page_numbers_are_furniture() -> None:
    pages = []
    for number, pair in enumerate(((A, B), (C, D), (B, A)), 1):
        head = centred("云汀市总工会工作报告", 45, size=9)
        foot = centred(f"— {number} —", 790, size=9)
        lines = set_text(pair, 90, 90, columns=34)
        pages.append(page([head, *lines, foot], number=number))
    extraction = read(*pages)
    assert texts(extraction) == [A, B, C, D, B, A]
    assert texts(extraction, "furniture") == [
        words for number in (1, 2, 3) for words in ("云汀市总工会工作报告", f"— {number} —")
    ]


def test_a_picture_and_its_words_do_not_tear_a_paragraph() -> None:
    whole = set_text([A, B], 90, 90, columns=34)
    upper, lower = whole[:2], whole[2:]
    down = 200.0
    lower = [
        Line(x.text, (x.box[0], x.box[1] + down, x.box[2], x.box[3] + down), 12) for x in lower
    ]
    picture = (180.0, 135.0, 420.0, 285.0)
    caption = centred("环卫工人在驿站里歇脚", 292, size=9)
    extraction = read(page([*upper, caption, *lower], pictures=[picture]))
    assert texts(extraction) == [A, B]
    assert texts(extraction, "caption") == [caption.text]


def test_the_words_of_a_picture_may_stand_on_the_next_page() -> None:
    picture = (180.0, 600.0, 420.0, 780.0)
    caption = line("环卫工人在驿站里歇脚", 150, 90, size=9)
    below = set_text([B, C], 90, 120, columns=34)
    first = page(set_text([A, C], 90, 90, columns=34), pictures=[picture])
    extraction = read(first, page([caption, *below], number=2))
    assert texts(extraction) == [A, C, B, C]
    assert texts(extraction, "caption") == [caption.text]


def test_notes_at_the_foot_are_notes_one_by_one() -> None:
    text = set_text([A, B, C], 90, 90, columns=34)
    notes = [
        line("① 数据由县统计局提供，截至当年十二月底。", 90, 700, size=9),
        line("② 驿站由工会和街道共建，冬夏两季延长开放时间，", 90, 714, size=9),
        line("具体安排见各站公告。", 90, 728, size=9),
    ]
    rule = (90.0, 694.0, 230.0, 694.5)
    extraction = read(page([*text, *notes], rules=[rule]))
    assert texts(extraction) == [A, B, C]
    assert texts(extraction, "note") == [notes[0].text, notes[1].text + notes[2].text]


@pytest.mark.parametrize(("mark", "shown"), [("2", "²"), ("①", "①")])
def test_the_mark_of_a_note_that_found_no_room_stays_with_its_sentence(
    mark: str, shown: str
) -> None:
    full = "县里全年培训职工四万七千人次，多数人拿到了技能等级证书，也找到了新的岗位。"
    text = set_text([A, full], 90, 90, columns=len(full) - 1, size=11, indent=0)
    last = bottom(text)
    lone = line(mark, 90, last + 8, size=6)
    below = set_text([B, C], 90, last + 24, columns=len(full) - 1, size=11)
    assert texts(read(page([*text, lone, *below]))) == [A, f"{full}{shown}", B, C]


def test_a_heading_shows_by_its_type_and_gives_the_outline() -> None:
    title = centred("青岚县总工会2024年工作报告", 80, size=22, bold=True)
    headings = ["一、过去一年的工作", HEADING]
    lines, top = [title], 130.0
    for heading, text in zip(headings, ([A, B], [C, D]), strict=True):
        lines.append(line(heading, 114, top, size=14, bold=True))
        lines += set_text(text, 90, top + 28, columns=34)
        top = bottom(lines) + 18
    extraction = read(page(lines))
    heading = block_of(extraction, HEADING)
    assert (heading.style.size, heading.all_bold, heading.style.centred) == (14, True, False)
    found = read_structure(extraction)
    assert found.metadata.title == title.text
    assert [section.heading for section in found.sections] == headings
    assert [p.section[-1:] for p in found.paragraphs] == [(headings[0],)] * 2 + [(HEADING,)] * 2


def test_a_line_that_leaves_a_bracket_open_goes_on_though_it_stops_short() -> None:
    lines = set_text([A, B], 90, 90, columns=34)
    below = lines[-1].box[1] + 18
    byline = [line("（陈一苇/文 周望舟", 114, below), line("沈汀澜/图）", 90, below + 18)]
    assert texts(read(page([*lines, *byline]))) == [A, B, "（陈一苇/文 周望舟沈汀澜/图）"]


def test_a_centred_line_that_was_broken_is_one() -> None:
    title = centred("青岚县总工会2024年工作报告", 80, size=22, bold=True)
    dated = "（2025年1月16日在青岚县总工会第十一届委员会第四次全体会议上）"
    first, rest = dated[:32], dated[32:]
    given = [centred(first, 120), centred(rest, 138)]
    edge = Line(first, (90.0, 120.0, 498.0, 132.0), 12)
    text = set_text([A, B, C], 90, 170, columns=34)
    extraction = read(page([title, edge, Line(rest, given[1].box, 12), *text]))
    assert texts(extraction) == [title.text, dated, A, B, C]


XS, YS = [90.0, 200.0, 310.0, 420.0], [200.0, 224.0, 248.0, 272.0]
HEAD = "| 区县 | 基层工会 | 会员 |\n| --- | --- | --- |\n"
ROWS = [["区县", "基层工会", "会员"], ["汀南区", "2186", "23.8"], ["望舟区", "1742", "19.6"]]


def cells(xs: list[float], ys: list[float], rows: list[list[str]]) -> list[Line]:
    return [
        line(text, x + 8, y + 6)
        for y, row in zip(ys, rows, strict=False)
        for x, text in zip(xs, row, strict=False)
    ]


def test_a_ruled_table_is_read_row_by_row_with_its_head() -> None:
    text = set_text([A], 90, 90, columns=34)
    below = set_text([B, C], 90, 300, columns=34)
    table = cells(XS, YS, ROWS)
    extraction = read(page([*text, *table, *below], rules=grid(XS, YS)))
    assert texts(extraction) == [A, B, C]
    assert texts(extraction, "table") == [
        HEAD + "| 汀南区 | 2186 | 23.8 |",
        HEAD + "| 望舟区 | 1742 | 19.6 |",
    ]
    assert block_of(extraction, "| 区县").spans[1].box == (90.0, 224.0, 420.0, 248.0)


def test_a_table_ruled_across_only_has_its_columns_from_the_white() -> None:
    text = set_text([A], 90, 90, columns=34)
    rules = [(90.0, y, 420.0, y) for y in (200.0, 224.0, 272.0)]
    extraction = read(page([*text, *cells(XS, YS, ROWS)], rules=rules))
    assert texts(extraction, "table")[-1].endswith("| 望舟区 | 1742 | 19.6 |")


def test_a_table_without_rules_shows_by_its_figures() -> None:
    rows = [*ROWS, ["苇湾区", "1325", "14.2"]]
    text = set_text([A], 90, 90, columns=34)
    below = set_text([B, C], 90, 320, columns=34)
    extraction = read(page([*text, *cells(XS, [*YS, 296.0], rows), *below]))
    assert texts(extraction) == [A, B, C]
    assert texts(extraction, "table")[-1] == HEAD + "| 苇湾区 | 1325 | 14.2 |"


def test_names_in_rows_are_no_table() -> None:
    rows = [["温如初", "沈汀澜", "陆望舟"], ["邵青禾", "顾云帆", "秦苇"], ["林鹭", "许桐", "白岚"]]
    text = set_text([A, B], 90, 90, columns=34)
    extraction = read(page([*text, *cells(XS, [250.0, 274.0, 298.0], rows)]))
    assert texts(extraction, "table") == []


def test_a_table_that_goes_on_takes_the_head_of_the_page_before() -> None:
    more = [["苇湾区", "1325", "14.2"], ["鹭鸣县", "986", "9.7"]]
    first = page([*set_text([A], 90, 90, columns=34), *cells(XS, YS, ROWS)], rules=grid(XS, YS))
    ys = [90.0, 114.0, 138.0]
    second = page(cells(XS, ys, more), number=2, rules=grid(XS, ys))
    rows = texts(read(first, second), "table")
    assert rows[-1] == HEAD + "| 鹭鸣县 | 986 | 9.7 |"


def test_a_page_on_its_side_gives_places_as_it_is_shown() -> None:
    upright = page(set_text([A, B], 90, 90, columns=34))
    turned = Page(1, upright.width, upright.height, upright.lines, turns=1)
    assert read(upright).blocks[0].spans[0].box == (114.0, 90.0, 498.0, 102.0)
    assert read(turned).blocks[0].spans[0].box == (90.0, 97.0, 102.0, 481.0)


def test_pages_without_lines_give_no_blocks() -> None:
    assert read(page([]), page([], number=2)).blocks == ()
