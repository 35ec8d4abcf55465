"""Corrections of metadata: beside the report, in the data folder, and what they change."""

import json
import os
import shutil
from pathlib import Path

import pytest

import youju
from corpus import (
    BadCorrection,
    Report,
    ReportError,
    check_correction,
    corrected,
    find_files,
    read_folder,
    read_report,
)
from index import Encoder, HybridIndex, SnapshotError, build_index, correct_report
from index.corrections import read_corrections
from qa import Answerer, UnknownReport, cite

NAME = "工运纪实.txt"
TEXT = """春风化雨
——柳溪市总工会2023年工作纪实
□本报记者 温如初

清晨五点半，滨江路驿站的灯先亮了，环卫工推门进来，把饭盒放进微波炉。

到年底，全市建成户外劳动者驿站一百二十八座，每天接待九千人次。
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "报告"
    made.mkdir()
    (made / NAME).write_text(TEXT, encoding="utf-8")
    return made


def read_with(folder: Path, correction: str | bytes) -> tuple[Report, tuple[ReportError, ...]]:
    data = correction if isinstance(correction, bytes) else correction.encode()
    (folder / f"{NAME}.toml").write_bytes(data)
    reading = read_folder(folder)
    assert [report.file for report in reading.reports] == [NAME]
    return reading.reports[0], reading.errors


def origin(report: Report, field: str) -> tuple[str, str] | None:
    return next(((o.place, o.quote) for o in report.origins if o.field == field), None)


def test_a_file_beside_a_report_corrects_it(folder: Path) -> None:
    report, errors = read_with(
        folder,
        'title = "春风化雨润柳溪"\ndate = 2024-02-05\n'
        'authors = ["温如初", "林暮"]\nperiod = "2023"\n',
    )
    assert errors == ()
    assert (report.title, report.date) == ("春风化雨润柳溪", "2024-02-05")
    assert (report.authors, report.period) == (("温如初", "林暮"), "2023")
    assert report.full_title == "春风化雨润柳溪：柳溪市总工会2023年工作纪实"
    assert origin(report, "date") == ("correction", 'date = "2024-02-05"')
    assert origin(report, "authors") == ("correction", 'authors = ["温如初", "林暮"]')
    assert origin(report, "subtitle") == ("text", "——柳溪市总工会2023年工作纪实")


def test_what_is_not_corrected_stays_as_it_was_read(folder: Path) -> None:
    before = read_folder(folder).reports[0]
    after, _ = read_with(folder, 'publisher = "柳溪日报"')
    assert after.publisher == "柳溪日报"
    assert (after.title_spans, after.paragraphs) == (before.title_spans, before.paragraphs)
    assert (after.id, after.sha256, after.date) == (before.id, before.sha256, before.date)


def test_an_empty_value_says_that_the_report_has_none(folder: Path) -> None:
    report, errors = read_with(folder, 'subtitle = ""\nauthors = []\norganisation = " "\n')
    assert errors == ()
    assert (report.subtitle, report.authors, report.organisation) == (None, (), None)
    assert origin(report, "organisation") == ("correction", 'organisation = ""')


def test_a_report_whose_title_is_none_is_called_by_its_file(folder: Path) -> None:
    report, _ = read_with(folder, 'title = ""')
    assert report.title == "工运纪实"
    assert origin(report, "title") == ("name", NAME)


@pytest.mark.parametrize("start", [b"\xef\xbb\xbf", b"\r\n"])
def test_a_correction_may_come_from_any_editor(folder: Path, start: bytes) -> None:
    report, errors = read_with(folder, start + 'publisher = "柳溪日报"\r\n'.encode())
    assert (report.publisher, errors) == ("柳溪日报", ())


@pytest.mark.parametrize(
    ("correction", "cause"),
    [
        ('publsher = "柳溪日报"', "没有 publsher 这一项"),
        ('date = "2025-02-30"', "date 的值不能用"),
        ('date = "二〇二五年"', "date 的值不能用"),
        ("date = 2025", "date 的值不能用"),
        ("date = 2025-01-18T08:00:00", "date 的值不能用"),
        ('period = "2024/2020"', "period 的值不能用"),
        ('authors = "温如初"', "authors 的值不能用"),
        ('authors = ["温如初", ""]', "authors 的值不能用"),
        ("authors = [1]", "authors 的值不能用"),
        ("title = 1", "title 的值不能用"),
        ('url = "www.yunting.example"', "url 的值不能用"),
        ('document_type = "book"', "document_type 的值不能用"),
        ('title = "两\\n行"', "title 的值不能用"),
        (f'title = "{"长" * 501}"', "title 的值不能用"),
        ('title = "没有结尾', "不是有效的 TOML"),
        ("x = " + "[" * 20000, "不是有效的 TOML"),
        ('title = "春"'.encode("gb18030"), "编码不是 UTF-8"),
        (b"#" * (65 << 10), "太大"),
    ],
)
def test_a_correction_that_cannot_be_used_is_named_and_the_report_read_without_it(
    folder: Path, correction: str | bytes, cause: str
) -> None:
    read = read_folder(folder).reports[0]
    report, errors = read_with(folder, correction)
    assert report == read
    assert [type(error) for error in errors] == [BadCorrection]
    assert errors[0].file == f"{NAME}.toml"
    assert cause in errors[0].reason
    assert "。" in errors[0].reason


def test_every_fault_of_a_correction_is_named(folder: Path) -> None:
    _, errors = read_with(folder, 'publsher = "x"\ndate = "2025-13"\ntitle = "春风"')
    assert "publsher" in errors[0].reason
    assert "date" in errors[0].reason


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no such permissions")
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read anything")
def test_a_correction_that_may_not_be_read_is_named(folder: Path) -> None:
    (folder / f"{NAME}.toml").touch(mode=0)
    assert "无法打开" in read_folder(folder).errors[0].reason


def test_a_correction_is_no_report_and_without_its_report_it_is_named(folder: Path) -> None:
    (folder / f"{NAME}.toml").write_text("", encoding="utf-8")
    (folder / "别的.docx.toml").write_text('title = "别的"', encoding="utf-8")
    (folder / "设置.toml").write_text("", encoding="utf-8")
    assert [path.name for path in find_files(folder)] == ["别的.docx.toml", NAME, "设置.toml"]
    errors = {error.file: error.reason for error in read_folder(folder).errors}
    assert "旁边没有它要更正的报告 别的.docx" in errors["别的.docx.toml"]
    assert "不支持 .toml 文件" in errors["设置.toml"]
    assert len(errors) == 2


def test_the_command_that_shows_a_report_shows_its_correction(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sidecar = folder / f"{NAME}.toml"
    sidecar.write_text('publisher = "柳溪日报"', encoding="utf-8")
    assert youju.main(["read", str(folder / NAME)]) == youju.DONE
    assert "柳溪日报" in capsys.readouterr().out
    sidecar.write_text('publsher = "柳溪日报"', encoding="utf-8")
    assert youju.main(["read", str(folder / NAME)]) == youju.NO
    shown = capsys.readouterr()
    assert "春风化雨" in shown.out
    assert "publsher" in shown.err


def test_a_corrected_title_is_in_doubt_no_longer(tmp_path: Path) -> None:
    path = tmp_path / "无题.txt"
    path.write_text("全年上下团结一心，各项工作都取得了新的进展。", encoding="utf-8")
    report = read_report(path, file=path.name)
    assert [doubt.code for doubt in report.doubts] == ["title-from-name"]
    assert corrected(report, check_correction({"title": "工作总结"})).doubts == ()


# What follows is about corrections that are kept in the data folder.


@pytest.fixture
def data(tmp_path: Path, sample_data: Path) -> Path:
    return shutil.copytree(sample_data, tmp_path / "data")


@pytest.fixture
def chronicle(sample_reports: tuple[Report, ...]) -> Report:
    return next(report for report in sample_reports if report.file.endswith(".txt"))


def indexed(data: Path, encoder: Encoder, report: Report) -> Report:
    return next(r for r in HybridIndex(data, encoder).reports if r.id == report.id)


@pytest.mark.model
def test_a_kept_correction_survives_indexing_and_can_be_taken_back(
    data: Path, encoder: Encoder, chronicle: Report, sample_reports: tuple[Report, ...]
) -> None:
    built = correct_report(
        chronicle.id,
        {"date": "2024-02", "authors": (), "publisher": "云汀日报"},
        data=data,
        encoder=encoder,
    )
    assert (built.embedded, built.changed) == (0, True)
    again = build_index(sample_reports, data=data, encoder=encoder)
    assert (again.snapshot, again.changed) == (built.snapshot, False)
    report = indexed(data, encoder, chronicle)
    assert (report.date, report.authors, report.publisher) == ("2024-02", (), "云汀日报")
    assert origin(report, "publisher") == ("correction", 'publisher = "云汀日报"')
    correct_report(chronicle.id, {"authors": None, "date": None}, data=data, encoder=encoder)
    report = indexed(data, encoder, chronicle)
    assert (report.date, report.authors) == (chronicle.date, chronicle.authors)
    assert report.publisher == "云汀日报"
    correct_report(chronicle.id, {"publisher": None}, data=data, encoder=encoder)
    assert indexed(data, encoder, chronicle) == chronicle
    assert json.loads((data / "corrections.json").read_text("utf-8"))["reports"] == {}


@pytest.mark.model
def test_a_corrected_title_is_searched_and_cited(
    data: Path, encoder: Encoder, chronicle: Report
) -> None:
    title = "云汀工会暖心录"
    built = correct_report(chronicle.id, {"title": title}, data=data, encoder=encoder)
    assert built.embedded > 0
    passage = Answerer(HybridIndex(data, encoder)).ask("职工夜校开了多少门课？").passages[0]
    assert passage.report.title == title
    assert title in cite(passage).gbt7714
    assert title in cite(passage).markdown


@pytest.mark.model
def test_a_correction_in_the_service_counts_more_than_one_beside_the_report(
    folder: Path, tmp_path: Path, encoder: Encoder
) -> None:
    beside, _ = read_with(folder, 'publisher = "柳溪晚报"\ndate = "2024"')
    data = tmp_path / "data"
    build_index([beside], data=data, encoder=encoder)
    correct_report(beside.id, {"publisher": "柳溪日报"}, data=data, encoder=encoder)
    report = indexed(data, encoder, beside)
    assert (report.publisher, report.date) == ("柳溪日报", "2024")
    correct_report(beside.id, {"publisher": None}, data=data, encoder=encoder)
    assert indexed(data, encoder, beside) == beside


@pytest.mark.model
def test_a_correction_waits_for_a_report_that_is_away(
    data: Path, encoder: Encoder, chronicle: Report, sample_reports: tuple[Report, ...]
) -> None:
    correct_report(chronicle.id, {"date": "2024-02"}, data=data, encoder=encoder)
    others = [report for report in sample_reports if report.id != chronicle.id]
    build_index(others, data=data, encoder=encoder)
    build_index(sample_reports, data=data, encoder=encoder)
    assert indexed(data, encoder, chronicle).date == "2024-02"


@pytest.mark.model
def test_corrections_of_an_older_version_are_read(
    data: Path, encoder: Encoder, chronicle: Report, sample_reports: tuple[Report, ...]
) -> None:
    old = {"format": 1, "reports": {chronicle.id: {"date": "2024-02"}}}
    (data / "corrections.json").write_text(json.dumps(old), encoding="utf-8")
    build_index(sample_reports, data=data, encoder=encoder)
    assert indexed(data, encoder, chronicle).date == "2024-02"


@pytest.mark.model
@pytest.mark.parametrize(
    "content",
    ["", "[]", "{", '{"format": 1, "reports": {"x": {"date": "gestern"}}}', '{"format": 3}'],
)
def test_broken_corrections_are_named_and_the_index_stays(
    data: Path, encoder: Encoder, content: str, sample_reports: tuple[Report, ...]
) -> None:
    (data / "corrections.json").write_text(content, encoding="utf-8")
    with pytest.raises(SnapshotError, match=r"corrections\.json.*请"):
        build_index(sample_reports, data=data, encoder=encoder)
    assert HybridIndex(data, encoder).snapshot == "000001"


@pytest.mark.model
def test_a_correction_that_cannot_be_applied_is_not_kept(
    data: Path, encoder: Encoder, chronicle: Report
) -> None:
    (data / "embeddings.sqlite").unlink()
    (data / "embeddings.sqlite").mkdir()
    with pytest.raises(SnapshotError, match="无法写入"):
        correct_report(chronicle.id, {"title": "别的"}, data=data, encoder=encoder)
    assert indexed(data, encoder, chronicle) == chronicle
    assert read_corrections(data / "corrections.json") == {}


@pytest.mark.model
def test_only_a_report_that_is_there_is_corrected(answerer: Answerer) -> None:
    with pytest.raises(UnknownReport):
        answerer.corrected("000000000000", {"date": "2024"})
