"""Watching a folder: what is there is what answers, and nothing half-written is read."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from conftest import ROOT, free_port, wait_until_ready

from corpus import Limits, read_folder
from index import Change, Encoder, HybridIndex, build_index, change_index, read_library
from web.watching import Watch

pytestmark = pytest.mark.model

NORTH = "北川县2024年工作报告\n\n一、公园\n\n全年新建公园十二座，改造旧公园三座。\n"
SOUTH = "南川县2024年工作报告\n\n一、道路\n\n全年修路八十公里，修桥两座。\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "北川.txt").write_text(NORTH, "utf-8")
    return folder


@pytest.fixture
def data(tmp_path: Path, folder: Path, encoder: Encoder) -> Path:
    build_index(read_folder(folder).reports, data=tmp_path / "data", encoder=encoder, folder=folder)
    return tmp_path / "data"


@pytest.fixture
def watch(folder: Path, data: Path) -> Watch:
    watch = Watch(folder, Limits())
    assert [watch.look(read_library(data)) for _ in range(3)] == [None] * 3
    return watch


def files(change: Change | None) -> list[str]:
    return [] if change is None else [report.file for report in change.added]


def test_a_file_is_taken_up_once_it_stays_the_same(
    watch: Watch, folder: Path, data: Path, encoder: Encoder
) -> None:
    new = folder / "南川.txt"
    for length in (10, 30, len(SOUTH)):
        new.write_text(SOUTH[:length], "utf-8")
        assert watch.look(read_library(data)) is None
    change = watch.look(read_library(data))
    assert files(change) == ["南川.txt"]
    assert change is not None
    change_index(change, data=data, encoder=encoder, folder=folder)
    watch.settle()
    assert watch.look(read_library(data)) is None
    assert SOUTH in (report.source for report in HybridIndex(data, encoder).reports)
    assert len(list((data / "originals").iterdir())) == 2


def test_what_could_not_be_indexed_is_offered_again(watch: Watch, folder: Path, data: Path) -> None:
    (folder / "南川.txt").write_text(SOUTH, "utf-8")
    watch.look(read_library(data))
    first = watch.look(read_library(data))
    assert files(first) == ["南川.txt"]
    watch.refuse()
    assert not watch.due()
    assert watch.look(read_library(data)) == first


def test_a_file_that_was_only_touched_is_not_indexed_again(
    watch: Watch, folder: Path, data: Path
) -> None:
    os.utime(folder / "北川.txt", (1, 1))
    assert [watch.look(read_library(data)) for _ in range(3)] == [None] * 3


def test_what_happened_before_the_first_look_is_not_missed(folder: Path, data: Path) -> None:
    (folder / "北川.txt").write_text(NORTH.replace("十二", "二十"), "utf-8")
    watch = Watch(folder, Limits())
    watch.look(read_library(data))
    assert files(watch.look(read_library(data))) == ["北川.txt"]


def test_a_correction_beside_a_file_counts_as_a_change_of_it(
    watch: Watch, folder: Path, data: Path, encoder: Encoder
) -> None:
    sidecar = folder / "北川.txt.toml"
    for text, date in (('date = "2024-02"', "2024-02"), (None, None)):
        if text is None:
            sidecar.unlink()
        else:
            sidecar.write_text(text, "utf-8")
        watch.look(read_library(data))
        change = watch.look(read_library(data))
        assert change is not None
        assert [report.date for report in change.added] == [date]
        change_index(change, data=data, encoder=encoder, folder=folder)
        watch.settle()


def test_a_file_that_goes_and_comes_back_goes_and_comes_back(
    watch: Watch, folder: Path, data: Path, encoder: Encoder
) -> None:
    (folder / "南川.txt").write_text(SOUTH, "utf-8")
    moved = folder.parent / "北川.txt"
    looks: list[Callable[[], object]] = [
        lambda: None,
        lambda: (folder / "北川.txt").rename(moved),
        lambda: moved.rename(folder / "北川.txt"),
    ]
    for act in looks:
        act()
        assert watch.look(read_library(data)) is None
        change = watch.look(read_library(data))
        assert change is not None
        change_index(change, data=data, encoder=encoder, folder=folder)
        watch.settle()
    assert sorted(one.file for one in HybridIndex(data, encoder).reports) == [
        "北川.txt",
        "南川.txt",
    ]


def test_a_folder_that_cannot_be_reached_takes_nothing_away(
    watch: Watch, folder: Path, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder.rename(folder.with_name("elsewhere"))
    assert [watch.look(read_library(data)) for _ in range(4)] == [None] * 4
    folder.mkdir()
    assert [watch.look(read_library(data)) for _ in range(4)] == [None] * 4
    assert caplog.text.count("报告照旧") == 1


def test_what_was_taken_out_stays_out_though_its_file_is_edited(
    watch: Watch, folder: Path, data: Path, encoder: Encoder
) -> None:
    (folder / "南川.txt").write_text(SOUTH, "utf-8")
    watch.look(read_library(data))
    change = watch.look(read_library(data))
    assert change is not None
    change_index(change, data=data, encoder=encoder, folder=folder)
    watch.settle()
    out = {report.id for report in change.added}
    change_index(Change(taken_out=out), data=data, encoder=encoder)
    (folder / "南川.txt").write_text(SOUTH.replace("八十", "九十"), "utf-8")
    watch.look(read_library(data))
    change = watch.look(read_library(data))
    assert change is not None
    change_index(change, data=data, encoder=encoder, folder=folder)
    assert [one.file for one in HybridIndex(data, encoder).reports] == ["北川.txt"]
    assert read_library(data).removed.keys() == out


def test_a_bad_file_is_named_once_and_stops_no_other(
    watch: Watch, folder: Path, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "坏.docx").write_bytes(b"PK\x03\x04 not a document")
    (folder / "表.xyz").write_bytes(b"x")
    (folder / "南川.txt").write_text(SOUTH, "utf-8")
    watch.look(read_library(data))
    for _ in range(3):
        assert files(watch.look(read_library(data))) == ["南川.txt"]
    assert caplog.text.count("跳过 坏.docx") == 1


def test_a_file_that_is_written_all_the_time_is_never_read_torn(folder: Path, data: Path) -> None:
    """A writer in place, without pause: what is read is one of its versions, or nothing is."""
    path, done = folder / "大.txt", threading.Event()
    versions = [f"东川县2024年工作报告\n\n{f'第{number}稿。' * 4000}\n" for number in range(2)]

    def write() -> None:
        while not done.is_set():
            for text in versions:
                path.write_text(text, "utf-8")

    thread = threading.Thread(target=write)
    thread.start()
    watch = Watch(folder, Limits())
    try:
        read = [watch.look(read_library(data)) for _ in range(15)]
    finally:
        done.set()
        thread.join()
    for change in filter(None, read):
        assert {report.source for report in change.added} <= {text.strip() for text in versions}
    watch.look(read_library(data))
    assert files(watch.look(read_library(data))) == ["大.txt"]


def test_a_served_folder_is_followed_while_questions_go_on(folder: Path, tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "youju", "serve", str(folder), "--port", str(port)]
    process = subprocess.Popen([*command, "--data", str(tmp_path / "served")], cwd=ROOT)
    url = f"http://127.0.0.1:{port}"
    statuses: list[int] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            reply = httpx.post(f"{url}/api/v1/ask", json={"question": "修路多少公里？"})
            statuses.append(reply.status_code)

    def served() -> dict[str, int]:
        items = httpx.get(f"{url}/api/v1/reports").json()["items"]
        return {item["file"]: item["sha256"] for item in items}

    def wait_for(condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 40
        while not condition():
            assert time.monotonic() < deadline
            time.sleep(0.3)

    try:
        wait_until_ready(f"{url}/readyz", process)
        thread = threading.Thread(target=ask)
        thread.start()
        (folder / "南川.txt").write_text(SOUTH, "utf-8")
        wait_for(lambda: len(served()) == 2)
        before = served()["南川.txt"]
        (folder / "南川.txt").write_text(SOUTH.replace("八十", "九十"), "utf-8")
        wait_for(lambda: served()["南川.txt"] != before)
        (folder / "北川.txt").unlink()
        wait_for(lambda: list(served()) == ["南川.txt"])
        done.set()
        thread.join()
        assert set(statuses) == {200}
    finally:
        done.set()
        process.terminate()
        process.wait(timeout=20)
