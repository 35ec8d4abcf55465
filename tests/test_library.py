"""The library: what is uploaded stays, what is taken out stays out, and no file is lost."""

import io
import json
import shutil
import threading
from pathlib import Path

import pytest

from corpus import Report, read_folder, read_report
from index import (
    Change,
    Encoder,
    HybridIndex,
    Import,
    SnapshotError,
    build_index,
    change_index,
    enqueue,
    imports,
    is_kept,
    keep,
    original_path,
    read_library,
    read_original,
    receive,
    settle,
    waiting,
)
from index.imports import sweep
from index.library import write_library
from index.sealed import sealed

pytestmark = pytest.mark.model

NORTH = "北川县2024年工作报告\n\n一、公园\n\n全年新建公园十二座，改造旧公园三座。\n"
SOUTH = "南川县2024年工作报告\n\n一、道路\n\n全年修路八十公里，修桥两座。\n"
EAST = "东川县2024年工作报告\n\n一、粮食\n\n全年粮食产量九万吨，比上年增加一千吨。\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "北川.txt").write_text(NORTH, "utf-8")
    (folder / "南川.txt").write_text(SOUTH, "utf-8")
    return folder


@pytest.fixture
def data(tmp_path: Path, folder: Path, encoder: Encoder) -> Path:
    index(folder, tmp_path / "data", encoder)
    return tmp_path / "data"


def index(folder: Path, data: Path, encoder: Encoder) -> None:
    build_index(read_folder(folder).reports, data=data, encoder=encoder, folder=folder)


def upload(data: Path, text: str, name: str) -> Report:
    original = keep(data, io.BytesIO(text.encode()), name)
    return read_report(original_path(data, original), file=original.file)


def files(data: Path, encoder: Encoder) -> list[str]:
    return [report.file for report in HybridIndex(data, encoder).reports]


def test_the_files_of_a_folder_are_kept(data: Path, folder: Path) -> None:
    library = read_library(data)
    assert {one.file for one in library.reports.values()} == {"北川.txt", "南川.txt"}
    for one in library.reports.values():
        assert original_path(data, one).read_bytes() == (folder / one.file).read_bytes()


def test_an_upload_is_found_and_survives_the_next_indexing_of_the_folder(
    data: Path, folder: Path, encoder: Encoder
) -> None:
    report = upload(data, EAST, "东川.txt")
    built = change_index(Change(added=[report]), data=data, encoder=encoder)
    assert built.embedded > 0
    hits = HybridIndex(data, encoder).search("东川县粮食产量", limit=1)
    assert hits[0].report.file == "上传/东川.txt"
    index(folder, data, encoder)
    assert files(data, encoder) == ["北川.txt", "南川.txt", "上传/东川.txt"]


def test_a_newer_version_takes_the_place_of_an_upload_and_the_old_file_goes(
    data: Path, encoder: Encoder
) -> None:
    first = upload(data, EAST, "东川.txt")
    change_index(Change(added=[first]), data=data, encoder=encoder)
    second = upload(data, EAST.replace("九万吨", "十万吨"), "东川.txt")
    change_index(Change(added=[second]), data=data, encoder=encoder)
    assert first.id == second.id
    assert [one.sha256 for one in read_library(data).reports.values() if one.uploaded] == [
        second.sha256
    ]
    assert not (data / "originals" / f"{first.sha256}.txt").exists()


def test_what_is_taken_out_of_a_folder_stays_out_until_it_is_put_back(
    data: Path, folder: Path, encoder: Encoder
) -> None:
    south = next(key for key, one in read_library(data).reports.items() if one.file == "南川.txt")
    change_index(Change(taken_out={south}), data=data, encoder=encoder)
    index(folder, data, encoder)
    assert files(data, encoder) == ["北川.txt"]
    assert [one.title for one in read_library(data).removed.values()] == ["南川县2024年工作报告"]
    change_index(Change(put_back={south}), data=data, encoder=encoder)
    assert sorted(files(data, encoder)) == ["北川.txt", "南川.txt"]
    assert read_library(data).removed == {}
    assert (folder / "南川.txt").exists()


def test_an_upload_that_is_taken_out_is_deleted(data: Path, encoder: Encoder) -> None:
    report = upload(data, EAST, "东川.txt")
    change_index(Change(added=[report]), data=data, encoder=encoder)
    change_index(Change(taken_out={report.id}), data=data, encoder=encoder)
    assert "上传/东川.txt" not in files(data, encoder)
    assert read_library(data).removed == {}
    assert not (data / "originals" / f"{report.sha256}.txt").exists()


def test_the_last_report_cannot_be_taken_out_and_nothing_has_changed(
    data: Path, encoder: Encoder
) -> None:
    before = read_library(data)
    with pytest.raises(SnapshotError):
        change_index(Change(taken_out=set(before.reports)), data=data, encoder=encoder)
    assert read_library(data) == before
    assert len(files(data, encoder)) == 2


def test_after_a_crash_before_the_snapshot_the_upload_is_indexed_with_the_next_change(
    data: Path, encoder: Encoder
) -> None:
    """The library is written first; then the power goes."""
    before = read_library(data)
    report = upload(data, EAST, "东川.txt")
    change_index(Change(added=[report]), data=data, encoder=encoder)
    listed = read_library(data)
    stored = original_path(data, listed.reports[report.id])
    content = stored.read_bytes()
    change_index(Change(taken_out={report.id}), data=data, encoder=encoder)
    assert read_library(data) == before
    stored.write_bytes(content)
    write_library(data, listed)
    change_index(Change(), data=data, encoder=encoder)
    assert "上传/东川.txt" in files(data, encoder)


def test_uploads_are_read_from_their_files_where_the_snapshot_is_broken(
    data: Path, folder: Path, encoder: Encoder
) -> None:
    report = upload(data, EAST, "东川.txt")
    built = change_index(Change(added=[report]), data=data, encoder=encoder)
    assert built.changed
    for file in data.glob("segments/*/reports.jsonl"):
        file.write_text("{")
    index(folder, data, encoder)
    assert "上传/东川.txt" in files(data, encoder)


def test_a_broken_or_newer_library_is_named(data: Path) -> None:
    file = data / "library.json"
    file.write_text('{"format": 1, "reports": []}')
    with pytest.raises(SnapshotError, match="library"):
        read_library(data)
    file.write_text(sealed({"format": 99}))
    with pytest.raises(SnapshotError, match="升级"):
        read_library(data)


def test_every_flipped_bit_of_the_library_is_noticed_or_changes_nothing(data: Path) -> None:
    file = data / "library.json"
    whole, library = file.read_bytes(), read_library(data)
    unnoticed = 0
    for position in range(len(whole)):
        flipped = bytes([whole[position] ^ (1 << position % 8)])
        file.write_bytes(whole[:position] + flipped + whole[position + 1 :])
        try:
            assert read_library(data) == library
            unnoticed += 1
        except SnapshotError:
            continue
    assert unnoticed == 0


def test_a_library_of_the_version_before_is_read(data: Path) -> None:
    file = data / "library.json"
    fields = json.loads(file.read_text("utf-8"))
    del fields["sha256"]
    for one in fields["reports"].values():
        del one["correction"]
    file.write_text(json.dumps({**fields, "format": 1}, ensure_ascii=False), "utf-8")
    assert {one.file for one in read_library(data).reports.values()} == {"北川.txt", "南川.txt"}


def test_a_correction_beside_a_file_survives_with_the_original_alone(
    data: Path, folder: Path, encoder: Encoder
) -> None:
    (folder / "北川.txt.toml").write_text('title = ""\nauthors = []\ndate = "2024-02"\n', "utf-8")
    index(folder, data, encoder)
    before = HybridIndex(data, encoder).reports
    assert (before[0].title, before[0].date) == ("北川", "2024-02")
    shutil.rmtree(folder)
    original = read_library(data).reports[before[0].id]
    assert read_original(data, original) == before[0]


def test_a_kept_file_that_has_changed_is_not_taken_for_the_report(data: Path) -> None:
    original = next(iter(read_library(data).reports.values()))
    path = original_path(data, original)
    path.write_text(path.read_text("utf-8").replace("十二", "二十"), "utf-8")
    assert not is_kept(data, original)
    with pytest.raises(SnapshotError, match="已损坏"):
        read_original(data, original)


def test_what_is_received_is_never_swept_away_before_it_is_in_the_queue(
    data: Path, encoder: Encoder
) -> None:
    """Uploads arrive while others are taken out and what they leave is deleted."""
    received: list[Import] = []
    done = threading.Event()

    def receive_all() -> None:
        for number in range(60):
            content = f"东川县2024年工作报告\n\n全年修路{number}公里。\n"
            received.append(receive(data, io.BytesIO(content.encode()), f"{number}.txt"))
        done.set()

    thread = threading.Thread(target=receive_all)
    thread.start()
    while not done.is_set():
        sweep(data, list(read_library(data).reports.values()))
    thread.join()
    assert all(is_kept(data, one.original) for one in received)


def test_nothing_is_deleted_while_the_queue_cannot_be_read(data: Path, encoder: Encoder) -> None:
    one = receive(data, io.BytesIO(EAST.encode()), "东川.txt")
    file = data / "imports" / f"{one.id}.json"
    file.write_bytes(file.read_bytes().replace(b"waiting", b"waitinG"))
    change_index(Change(), data=data, encoder=encoder)
    assert is_kept(data, one.original)


def test_the_queue_survives_a_restart_and_tells_what_became_of_each(tmp_path: Path) -> None:
    originals = [
        keep(tmp_path, io.BytesIO(text.encode()), f"{name}.txt")
        for name, text in (("北川", NORTH), ("南川", SOUTH), ("东川", EAST))
    ]
    queued = [enqueue(tmp_path, original) for original in originals]
    assert waiting(tmp_path) == queued
    settle(tmp_path, queued[0], report="0123456789ab")
    settle(tmp_path, queued[1], reason="没有文字。")
    assert waiting(tmp_path) == queued[2:]
    assert [(one.state, one.report, one.reason) for one in imports(tmp_path)] == [
        ("done", "0123456789ab", None),
        ("failed", None, "没有文字。"),
        ("waiting", None, None),
    ]
