"""Files to text: encodings; what cannot be read is named and why."""

from pathlib import Path

import pytest

from corpus import Report, UnreadableReport, UnsupportedFormat, read_report

TEXT = "工作总结\n\n全年收缴会费二百四十万元，比上年增长百分之六。\n"


def read(path: Path) -> Report:
    return read_report(path, file=path.name)


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
    with pytest.raises(UnsupportedFormat, match=r"表\.xlsx：不支持 \.xlsx.*\.docx、\.doc、.*\.txt"):
        read(path)


def test_characters_that_nobody_sees_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "总结.txt"
    path.write_text("工作\u200b总结\n全年收\ufeff缴会费二百四十万元。\n", encoding="utf-8")
    assert read(path).source == "工作总结\n全年收缴会费二百四十万元。\n"
