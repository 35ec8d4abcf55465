"""A file that is too much for its reader costs that file: not the service, not the batch."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from conftest import ROOT
from docx import Document

from corpus import (
    Limits,
    ReadingUnavailable,
    Report,
    UnreadableReport,
    messages,
    read_folder,
    read_report,
)
from corpus.isolation import Workers

LIMITS = Limits(silence=120, total=120, memory=400 << 20)
LAST_STOP = 120
"""Seconds after which a test gives up, however busy the computer may be."""
SILENCES = (0.5, 2, 8, 32)
"""Limits to try: on a busy computer a process may get no turn for as long as the first ones."""
TEXT = "工作总结\n\n全年工作已经完成，各项任务都有着落。\n"


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    made = Workers(1, program="bad_readers")
    yield made
    made.close()


def read(workers: Workers, path: Path, text: str = TEXT, limits: Limits = LIMITS) -> Report:
    path.write_text(text, encoding="utf-8")
    return workers.read(path, file=path.name, limits=limits)


def wait_for(path: Path) -> int:
    """The number that a reader writes into a file."""
    deadline = time.monotonic() + LAST_STOP
    while not (path.exists() and path.read_text("utf-8")):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return int(path.read_text("utf-8"))


def has_ended(process: int) -> bool:
    """Whether there is no such process any more, or will be none in a moment."""
    deadline = time.monotonic() + LAST_STOP
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize(
    ("kind", "cause"),
    [
        ("devour_memory", r"内存不足（最多可用 400 MB）"),
        ("hide_lack_of_memory", "内存不足"),
        ("crash", "解析程序崩溃"),
        ("give_up", "解析程序崩溃"),
        ("nest", "意外的错误（RecursionError）"),
        ("stumble", "意外的错误（KeyError）"),
        ("be_talkative", "读出的内容超过"),
    ],
)
def test_the_worst_of_files_is_named_with_cause_and_remedy_and_the_next_is_read(
    workers: Workers, tmp_path: Path, kind: str, cause: str
) -> None:
    with pytest.raises(UnreadableReport, match=f"^报告.{kind}：.*{cause}.*请") as error:
        read(workers, tmp_path / f"报告.{kind}", text=str(tmp_path / "note"))
    assert error.value.file == f"报告.{kind}"
    assert read(workers, tmp_path / "好.txt").title == "工作总结"


def test_more_text_than_expected_is_not_taken_from_a_worker(
    workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(workers, tmp_path / "甲.txt")
    monkeypatch.setattr(messages, "LONGEST", 500)
    with pytest.raises(UnreadableReport, match="读出的内容超过"):
        read(workers, tmp_path / "甲.txt")
    monkeypatch.undo()
    assert read(workers, tmp_path / "甲.txt").title == "工作总结"


def test_a_loop_that_holds_the_lock_of_the_interpreter_is_ended(
    workers: Workers, tmp_path: Path
) -> None:
    for silence in SILENCES:
        with pytest.raises(UnreadableReport) as error:
            read(workers, tmp_path / "甲.loop_in_c", str(tmp_path / "pid"), Limits(silence=silence))
        assert f"读了 {silence:g} 秒没有进展，已停止。" in error.value.reason
        assert error.value.file == "甲.loop_in_c"
        if (tmp_path / "pid").exists():  # else it did not even begin
            break
    assert has_ended(wait_for(tmp_path / "pid"))


def test_a_program_that_a_crashed_reader_started_ends_with_it(
    workers: Workers, tmp_path: Path
) -> None:
    with pytest.raises(UnreadableReport, match="解析程序崩溃"):
        read(workers, tmp_path / "甲.crash_beside_child", str(tmp_path / "pid"))
    assert has_ended(wait_for(tmp_path / "pid"))


def test_slow_work_goes_on_while_it_shows_life(workers: Workers, tmp_path: Path) -> None:
    for silence in SILENCES:
        path, limits = tmp_path / "慢.work_slowly", Limits(silence=silence, total=LAST_STOP)
        try:
            assert read(workers, path, str(2 * silence), limits).source == "Done."
        except UnreadableReport:
            continue
        return
    pytest.fail("signs of life were not heard")


def test_the_start_of_a_process_is_not_counted_as_time_of_the_file(tmp_path: Path) -> None:
    for _ in range(20):  # on a busy computer, even a small file may take longer
        fresh = Workers(1, program="bad_readers")
        with contextlib.suppress(UnreadableReport):
            limits = Limits(silence=0.1, total=0.1)
            assert read(fresh, tmp_path / "甲.txt", limits=limits).title == "工作总结"
            fresh.close()
            return
    pytest.fail("the start was counted")


def test_slow_work_ends_when_its_time_is_up(workers: Workers, tmp_path: Path) -> None:
    limits = Limits(silence=LAST_STOP, total=1)
    with pytest.raises(UnreadableReport, match="读了 1 秒还没有读完，已停止。请拆成几个文件"):
        read(workers, tmp_path / "慢.work_slowly", "999", limits)


def test_what_libraries_print_is_kept_from_the_messages_and_from_the_terminal(
    workers: Workers, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert read(workers, tmp_path / "吵.be_noisy").title == "工作总结"
    assert capfd.readouterr() == ("", "")


def test_what_a_crashed_reader_left_in_the_temporary_folder_is_removed(
    workers: Workers, tmp_path: Path
) -> None:
    with pytest.raises(UnreadableReport, match="崩溃"):
        read(workers, tmp_path / "甲.crash", str(tmp_path / "place"))
    assert not Path((tmp_path / "place").read_text("utf-8")).exists()


def test_secrets_in_the_environment_are_not_passed_on(
    workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "小心")
    fresh = Workers(1, program="bad_readers")
    names = read(fresh, tmp_path / "甲.show_environment").source.split("\n")
    fresh.close()
    assert "PATH" in names
    assert "SECRET_KEY" not in names


def test_a_worker_reads_file_after_file_and_is_replaced_once_it_has_gone(
    workers: Workers, tmp_path: Path
) -> None:
    first, second = (read(workers, tmp_path / f"{n}.show_process").source for n in "甲乙")
    assert first == second
    os.kill(int(first), signal.SIGKILL)
    assert read(workers, tmp_path / "丙.show_process").source != first


def test_a_worker_that_cannot_start_is_no_fault_of_the_file(tmp_path: Path) -> None:
    workers = Workers(1, program="no_such_module")
    with pytest.raises(ReadingUnavailable, match=r"无法启动.*no_such_module.*请"):
        read(workers, tmp_path / "甲.txt")


@pytest.mark.parametrize("kind", ["sleep", "wait_for_child"])
def test_closing_gives_up_the_file_that_is_being_read_and_ends_all_that_was_started(
    tmp_path: Path, kind: str
) -> None:
    workers = Workers(1, program="bad_readers")
    path = tmp_path / f"甲.{kind}"
    causes = []

    def attempt() -> None:
        with pytest.raises(UnreadableReport) as error:
            read(workers, path, str(tmp_path / "pid"), LIMITS)
        causes.append(error.value)

    thread = threading.Thread(target=attempt)
    thread.start()
    process = wait_for(tmp_path / "pid")
    workers.close()
    thread.join(LAST_STOP)
    assert len(causes) == 1
    assert has_ended(process)


@pytest.mark.parametrize("kind", ["sleep", "wait_for_child", "loop_in_c"])
def test_a_busy_worker_ends_with_all_that_it_started_when_its_parent_is_killed(
    tmp_path: Path, kind: str
) -> None:
    path = tmp_path / f"甲.{kind}"
    path.write_text(str(tmp_path / "pid"), encoding="utf-8")
    program = (
        "import sys; from pathlib import Path; from corpus.isolation import Limits, Workers\n"
        "from corpus import UnreadableReport\n"
        "workers, silence = Workers(1, program='bad_readers'), 1\n"
        "while True:\n"
        "    try: workers.read(Path(sys.argv[1]), file='x', limits=Limits(silence=silence))\n"
        "    except UnreadableReport: silence *= 4  # too busy a computer to begin\n"
    )
    places = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(path)], env=os.environ | {"PYTHONPATH": places}
    )
    process = wait_for(tmp_path / "pid")
    parent.kill()
    parent.wait()
    assert has_ended(process)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "大.txt"
    with path.open("wb") as stream:
        stream.truncate((200 << 20) + 1)
    with pytest.raises(UnreadableReport, match="文件超过 200 MB。请"):
        read_report(path, file=path.name)


def test_bad_files_cost_a_folder_nothing_but_themselves(tmp_path: Path) -> None:
    (tmp_path / "一.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "七.txt").write_text(TEXT, encoding="utf-8")
    write_nested_tables(tmp_path / "三.docx")
    write_many_breaks(tmp_path / "八.docx")
    write_zip_bomb(tmp_path / "九.docx")
    done: list[tuple[int, int]] = []
    reading = read_folder(tmp_path, limits=LIMITS, progress=lambda *counts: done.append(counts))
    assert [report.file for report in reading.reports] == ["一.txt", "七.txt"]
    assert [error.file for error in reading.errors] == ["三.docx", "九.docx", "八.docx"]
    assert "内存不足" in reading.errors[2].reason
    assert all("请" in error.reason for error in reading.errors)
    assert done == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]


def write_nested_tables(path: Path) -> None:
    """A Word file with tables in tables, a hundred thousand deep."""
    nested = b"<w:tbl><w:tr><w:tc>" * 100_000 + b"</w:tc></w:tr></w:tbl>" * 100_000
    write_docx(path, lambda xml: xml.replace(b"<w:body>", b"<w:body>" + nested))


def write_many_breaks(path: Path) -> None:
    """A Word file of 100 KB with three million line breaks, which take memory to parse."""
    breaks = b"<w:p><w:r>" + b"<w:br/>" * 3_000_000 + b"</w:r></w:p>"
    write_docx(path, lambda xml: xml.replace(b"<w:body>", b"<w:body>" + breaks))


def write_zip_bomb(path: Path) -> None:
    """A Word file whose text unpacks to a thousand times the size that it states."""
    write_docx(path, lambda xml: xml.replace(b"<w:body>", b"<w:body>" + b" " * (300 << 20)))
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\x01\x02", 0, data.rindex(b"word/document.xml"))
    data[entry + 24 : entry + 28] = (4096).to_bytes(4, "little")
    path.write_bytes(data)


def write_docx(path: Path, change: Callable[[bytes], bytes]) -> None:
    """A Word file of one sentence, its main part changed."""
    whole = BytesIO()
    document = Document()
    document.add_paragraph("全年工作已经完成。")
    document.save(whole)
    with (
        zipfile.ZipFile(whole) as package,
        zipfile.ZipFile(path, "w", 8, compresslevel=1) as changed,
    ):
        for entry in package.infolist():
            data = package.read(entry)
            changed.writestr(
                entry.filename, change(data) if entry.filename == "word/document.xml" else data
            )
