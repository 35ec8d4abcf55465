"""What `youju read` prints: all that was understood, where it was read, and what is in doubt."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT

from corpus import (
    Doubt,
    Origin,
    Report,
    Text,
    describe,
    describe_outline,
    explain,
    read_report,
)

TEXT = """# 云汀市总工会2024年工作报告

2025年1月16日

## 一、组织建设

全市工会会员达到86.4万人，比上年增加3.1万人，基层工会达到7420家。

### （一）会员

| 区县 | 会员（万人） |
| --- | --- |
| 汀南区 | 23.8 |
| 苇湾区 | 14.2 |

各区县工会继续把新就业形态劳动者吸收到工会中来，重点是货车司机、网约车司机和

## 二、展望
"""


@pytest.fixture
def report(tmp_path: Path) -> Report:
    file = tmp_path / "报告.md"
    file.write_text(TEXT, "utf-8")
    return read_report(file, file=file.name)


def test_the_outline_tells_levels_and_how_much_stands_under_each_heading(report: Report) -> None:
    assert describe_outline(report).splitlines() == [
        "标题层级（3 个标题，共 5 段）",
        "  一、组织建设（4 段）",
        "    （一）会员（3 段）",
        "  二、展望（0 段）",
    ]


def test_metadata_are_given_with_where_they_were_read(report: Report) -> None:
    origins = (
        Origin("title", "text", "云汀市总工会2024年工作报告"),
        Origin("period", "file", "<meta name='period' content='2024'>"),
        Origin("authors", "correction", "沈汀澜"),
    )
    known = replace(report, authors=("沈汀澜",), period="2024", publisher=None, origins=origins)
    lines = describe(known).splitlines()
    assert "标题：云汀市总工会2024年工作报告 〔正文〕" in lines
    assert "来源：（未见）" in lines
    assert "作者：沈汀澜 〔更正〕" in lines
    assert "所述时期：2024 〔文件信息：<meta name='period' content='2024'>〕" in lines


def test_a_table_is_given_by_its_rows_with_the_head_once(report: Report) -> None:
    lines = describe(report).splitlines()
    head = lines.index("     表头：区县 | 会员（万人）")
    assert lines[head + 1 : head + 3] == [
        "   3 [表格] 汀南区 | 23.8",
        "   4 [表格] 苇湾区 | 14.2",
    ]


def test_pages_and_torn_paragraphs_are_named_with_the_kind(report: Report) -> None:
    *others, last = report.paragraphs
    paged = replace(last, spans=(replace(last.spans[0], page=7),), torn=True)
    text = Text(report.source, tuple(report.sections), (*others, paged))
    assert "   5 [正文，第7页，残缺] 各区县工会" in describe(replace(report, text=text))


def test_doubts_are_explained_once_each_with_all_their_places(report: Report) -> None:
    doubts = (
        Doubt("torn", "网约车司机和", 5),
        Doubt("unheard-of", "某处"),
        Doubt("torn", "另一处", 2),
        Doubt("more-pages", ""),
    )
    assert describe(replace(report, doubts=doubts)).split("\n\n")[-1].splitlines() == [
        "存疑（4 处）",
        f"  {explain('torn').zh}",
        "    第 5 段 “网约车司机和”",
        "    第 2 段 “另一处”",
        "  其他存疑（unheard-of）。",
        "    “某处”",
        f"  {explain('more-pages').zh}",
    ]


def test_a_report_without_headings_or_doubts_says_so_or_nothing(report: Report) -> None:
    text = Text(report.source, (), tuple(report.paragraphs))
    plain = replace(report, text=text, doubts=())
    assert describe_outline(plain) == "没有标题。"
    assert "存疑" not in describe(plain)


def test_every_doubt_that_reading_can_raise_is_explained() -> None:
    code = re.compile(r"Doubt\(\s*\"([a-z-]+)\"")
    raised = {
        name
        for module in (ROOT / "corpus").glob("*.py")
        for name in code.findall(module.read_text("utf-8"))
    }
    assert raised >= {"torn", "title-from-name"}
    assert [name for name in sorted(raised) if "其他存疑" in explain(name).zh] == []
