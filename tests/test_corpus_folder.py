"""Folders of reports: which files count, and one bad file among good ones."""

import hashlib
from pathlib import Path

import pytest

from corpus import (
    FolderError,
    Report,
    UnreadableReport,
    UnsupportedFormat,
    find_files,
    read_each,
    read_folder,
)


def write(path: Path, text: str = "工作总结\n\n全年工作已经完成。\n") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_visible_files_are_found_in_a_stable_order(tmp_path: Path) -> None:
    for name in ("乙.txt", "甲.md", "分册/丙.txt", ".隐藏.txt", ".git/丁.txt", "~$甲.docx"):
        write(tmp_path / name)
    found = [path.relative_to(tmp_path).as_posix() for path in find_files(tmp_path)]
    assert found == ["乙.txt", "分册/丙.txt", "甲.md"]


def test_links_are_followed_only_within_the_folder(tmp_path: Path) -> None:
    inside, outside = tmp_path / "报告", tmp_path / "外面.txt"
    write(outside)
    write(inside / "甲.txt")
    (inside / "出去.txt").symlink_to(outside)
    (inside / "里面.txt").symlink_to(inside / "甲.txt")
    assert [path.name for path in find_files(inside)] == ["甲.txt", "里面.txt"]
    (error,) = read_folder(inside).errors
    assert error.file == "出去.txt"
    assert "文件夹之外的链接" in error.reason


def test_a_folder_that_cannot_be_used_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "甲.txt")
    (tmp_path / "空").mkdir()
    for folder, cause in (("没有", "不存在"), ("甲.txt", "不是文件夹"), ("空", "没有文件")):
        with pytest.raises(FolderError, match=f"{folder}：.*{cause}.*请"):
            read_folder(tmp_path / folder)


def test_a_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    write(tmp_path / "甲.txt")
    write(tmp_path / "乙.xlsx")
    (tmp_path / "丙.docx").write_bytes(b"PK broken")
    (tmp_path / "丁.txt").write_bytes(b"\0\1\2" * 100)
    reading = read_folder(tmp_path)
    assert [report.file for report in reading.reports] == ["甲.txt"]
    assert {error.file: type(error) for error in reading.errors} == {
        "丁.txt": UnreadableReport,
        "丙.docx": UnreadableReport,
        "乙.xlsx": UnsupportedFormat,
    }


def test_only_a_few_files_are_read_ahead(tmp_path: Path) -> None:
    for number in range(30):
        write(tmp_path / f"{number:02}.txt")
    reports = read_each(tmp_path)
    first = next(reports)
    write(tmp_path / "29.txt", "工作总结\n\n后来改过。\n")
    *_, last = reports
    assert isinstance(first, Report)
    assert isinstance(last, Report)
    assert "后来改过" in last.source


def test_the_id_survives_an_edit_and_the_hash_does_not(tmp_path: Path) -> None:
    path = tmp_path / "分册/甲.txt"
    write(path)
    before = read_folder(tmp_path).reports[0]
    write(path, "工作总结\n\n全年工作基本完成。\n")
    after = read_folder(tmp_path).reports[0]
    assert before.id == after.id
    assert before.sha256 != after.sha256
    assert after.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_id_is_the_same_for_both_ways_to_write_a_name(tmp_path: Path) -> None:
    write(tmp_path / "一" / "Re\u0301sume\u0301.txt")
    write(tmp_path / "二" / "R\u00e9sum\u00e9.txt")
    ids = {read_folder(tmp_path / name).reports[0].id for name in ("一", "二")}
    assert len(ids) == 1
    assert len(ids.pop()) == 12
