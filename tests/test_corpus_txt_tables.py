"""Tables in plain text: what was pasted from Word, written in Markdown or exported."""

import pytest

from corpus.structure import read_structure
from corpus.txt import read_txt
from corpus.txt_tables import tables_in

ROWS = [["区县", "基层工会（家）", "会员（万人）"], ["苇湾区", "1325", "14.2"]]
ROWS += [["汀南区", "1102", "12.7"], ["望舟区", "988", "9.8"]]
BEFORE = (
    "云汀市总工会2024年统计\n\n一、会员情况\n\n各区县的情况如下，数字截至年末，由基层逐级上报。\n\n"
)
AFTER = "\n\n全市会员稳步增加，基层组织更加健全，职工满意度明显提高。\n"


def paragraphs(text: str) -> list[tuple[str, str]]:
    found = read_structure(read_txt(text.encode(), "x")).paragraphs
    return [(paragraph.kind, paragraph.text) for paragraph in found]


@pytest.mark.parametrize("between", ["\t", ","])
def test_rows_set_apart_by_tabs_or_commas_are_a_table(between: str) -> None:
    lines = "\n".join(between.join(row) for row in ROWS)
    found = paragraphs(f"{BEFORE}{lines}{AFTER}")
    assert [kind for kind, _ in found] == ["body", "table", "table", "table", "body"]
    assert found[1][1].split("\n")[0] == "| 区县 | 基层工会（家） | 会员（万人） |"
    assert found[1][1].split("\n")[2] == "| 苇湾区 | 1325 | 14.2 |"


def test_a_table_in_markdown_is_one_in_plain_text_too() -> None:
    lines = [f"| {' | '.join(row)} |" for row in ROWS]
    found = paragraphs(f"{BEFORE}{lines[0]}\n|---|---|---|\n" + "\n".join(lines[1:]) + AFTER)
    assert [text.split("\n")[-1] for kind, text in found if kind == "table"] == lines[1:]


@pytest.mark.parametrize(
    "lines",
    [
        "第一章 总体情况\t3\n第二章 工作安排\t12\n第三章 保障措施\t20",
        "苇湾区,汀南区,望舟区\n桐坞县,鹭鸣县,青岚县\n沈汀澜,岑叙白,温如初",
        "区县\t会员\n苇湾区\t14.2",
        "他说,好\n她问,几时\n大家答,今天",
        "全市会员达到12万人。\t比上年多\n基层组织更健全。\t更有力\n职工更满意。\t更安心",
    ],
)
def test_what_may_be_running_text_or_contents_is_no_table(lines: str) -> None:
    assert "table" not in {kind for kind, _ in paragraphs(f"{BEFORE}{lines}{AFTER}")}


def test_lines_alike_that_are_no_table_are_looked_at_a_few_times_only() -> None:
    lines = [*["苇湾区,桐坞县,1"] * 60_000, f"苇湾区,桐坞县,{'长' * 50}"]
    assert list(tables_in(lines)) == []


def test_a_table_may_stand_below_a_line_with_as_many_cells() -> None:
    (table,) = tables_in(["2024,2023,2022", "区县,家,万人", "苇湾区,1325,14.2", "汀南区,1102,12.7"])
    assert (table.first, table.last) == (1, 4)
