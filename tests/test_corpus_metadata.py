"""Title, date, publisher, authors and organisation: stated in the report, or absent."""

from pathlib import Path

import pytest

from corpus import Report, read_report
from corpus.metadata import iso_date

BODY = "全县上下团结一心，围绕年初确定的目标逐项抓好落实，各项工作都取得了新的进展。"


def read(folder: Path, *front: str) -> Report:
    path = folder / "文件名.txt"
    path.write_text("\n".join([*front, BODY]), encoding="utf-8")
    return read_report(path, file="文件名.txt")


def test_a_government_report_names_its_date_speaker_and_region(tmp_path: Path) -> None:
    report = read(
        tmp_path,
        "2025年柳溪县政府工作报告",
        "来源：柳溪日报",
        "——2025年1月9日在柳溪县第八届人民代表大会第四次会议上",
        "县长　温如初",
    )
    assert report.title == "2025年柳溪县政府工作报告"
    assert (report.date, report.publisher) == ("2025-01-09", "柳溪日报")
    assert (report.authors, report.organisation) == (("温如初",), "柳溪县")


@pytest.mark.parametrize(
    "line",
    [
        "2025年1月9日在柳溪县第八届人民代表大会第四次会议上县长温如初作政府工作报告",
        "——2025年1月9日温如初县长在柳溪县第八届人民代表大会第四次会议的政府工作报告",
        "2025年1月9日在柳溪县第八届人民代表大会第四次会议上柳溪县代县长温如初同志作政府工作报告。",
    ],
)
def test_the_speaker_is_found_wherever_the_line_names_them(tmp_path: Path, line: str) -> None:
    report = read(tmp_path, "政府工作报告", line)
    assert (report.authors, report.date, report.organisation) == (
        ("温如初",),
        "2025-01-09",
        "柳溪县",
    )


def test_a_newspaper_report_names_its_writers_and_union(tmp_path: Path) -> None:
    report = read(tmp_path, "春风化雨", "——柳溪市总工会工作纪实", "本报记者 温如初 林暮")
    assert (report.title, report.subtitle) == ("春风化雨", "——柳溪市总工会工作纪实")
    assert (report.authors, report.organisation) == (("温如初", "林暮"), "柳溪市总工会")


def test_an_office_and_a_date_under_the_title_are_no_body(tmp_path: Path) -> None:
    report = read(tmp_path, "2024年工作总结", "柳溪县总工会办公室", "（2024年12月）")
    assert report.date == "2024-12"
    assert [p.kind for p in report.paragraphs] == ["byline", "byline", "body"]


def test_nothing_is_invented(tmp_path: Path) -> None:
    report = read(tmp_path)
    assert report.title == "文件名"
    assert report.title_spans == ()
    fields = (report.subtitle, report.date, report.publisher, report.authors, report.organisation)
    assert fields == (None, None, None, (), None)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2025年1月9日", "2025-01-09"),
        ("发布时间：2025-01-09 10:30", "2025-01-09"),
        ("二〇二五年一月", "2025-01"),
        ("二○二四年十二月二十一日", "2024-12-21"),
        ("没有日期", None),
        ("2025年13月40日", None),
    ],
)
def test_dates_are_as_precise_as_they_are_stated(text: str, date: str | None) -> None:
    assert iso_date(text) == date
