"""A disk that takes no more, at any point: the old state answers on, and nothing is left behind.

The system itself refuses to let a file grow beyond a limit (RLIMIT_FSIZE); with a limit just below
the size of each file in turn, each is the first that cannot be written.
`benchmarks/failing_disks.py` lets every single call of the system fail.
"""

import io
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from lived_in_data import NORTH, answers, live_in

from corpus import read_folder
from index import (
    Change,
    DumpError,
    Encoder,
    HybridIndex,
    SnapshotError,
    build_index,
    change_index,
    correct_report,
    find_faults,
    imports,
    read_original,
    receive,
    restore_dump,
    waiting,
    write_dump,
)

if sys.platform == "win32":
    pytest.skip("the limit is one of POSIX", allow_module_level=True)
import resource

pytestmark = pytest.mark.model

EVERY = 5
"""Of the sizes, to be quick."""


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond a size, in bytes; Python makes it an OSError."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    return live_in(tmp_path_factory.mktemp("lived"), encoder)


def fail_everywhere(
    lived_in: Path, tmp_path: Path, encoder: Encoder, act: Callable[[Path], object]
) -> None:
    """Act with each limit that can matter, on copies of a data folder."""
    right, failures = answers(lived_in, encoder), 0
    whole = shutil.copytree(lived_in, tmp_path / "whole")
    act(whole)
    sizes = {path.stat().st_size for path in whole.rglob("*") if path.is_file()}
    for size in sorted({0, *(size - 1 for size in sizes if size)})[::EVERY]:
        data = shutil.copytree(lived_in, tmp_path / str(size))
        try:
            with largest_file(size):
                act(data)
        except SnapshotError as error:
            failures += 1
            assert "请检查磁盘空间" in str(error)  # noqa: PT017
            assert answers(data, encoder) == right
        assert find_faults(data) == []
        act(data)
        assert answers(data, encoder) == answers(whole, encoder)
        shutil.rmtree(data)
    assert failures > len(sizes) / EVERY / 3


def test_indexing(lived_in: Path, tmp_path: Path, encoder: Encoder) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "北川.txt").write_text(NORTH.replace("十二", "五十二"), "utf-8")
    reports = read_folder(folder).reports
    fail_everywhere(
        lived_in,
        tmp_path,
        encoder,
        lambda data: build_index(reports, data=data, encoder=encoder, folder=folder),
    )


def test_correcting(lived_in: Path, tmp_path: Path, encoder: Encoder) -> None:
    report = HybridIndex(lived_in, encoder).reports[0].id
    changes = {"publisher": "北川晚报"}
    fail_everywhere(
        lived_in,
        tmp_path,
        encoder,
        lambda data: correct_report(report, changes, data=data, encoder=encoder),
    )


def test_an_upload_is_indexed_later(lived_in: Path, tmp_path: Path, encoder: Encoder) -> None:
    def index_queue(data: Path) -> None:
        reports = [read_original(data, one.original) for one in waiting(data)]
        change_index(Change(added=reports), data=data, encoder=encoder)

    fail_everywhere(lived_in, tmp_path, encoder, index_queue)


@pytest.mark.parametrize("size", [0, 50, 300])
def test_an_upload_that_cannot_be_kept_is_refused(
    lived_in: Path, tmp_path: Path, size: int
) -> None:
    data = shutil.copytree(lived_in, tmp_path / "data")
    content = ("东川县工作报告\n" + "修路。" * (20 if size == 300 else 200)).encode()
    before = sorted(path.name for path in (data / "originals").iterdir())
    with largest_file(size), pytest.raises((SnapshotError, OSError)):
        receive(data, io.BytesIO(content), "东川.txt")
    assert len(imports(data)) == len(imports(lived_in))
    if size < len(content):
        assert sorted(path.name for path in (data / "originals").iterdir()) == before


def test_dump_and_restore(lived_in: Path, tmp_path: Path, encoder: Encoder) -> None:
    file = tmp_path / "dump.zip"
    with largest_file(1000), pytest.raises(DumpError, match="磁盘空间"):
        write_dump(lived_in, file)
    assert list(tmp_path.iterdir()) == []
    write_dump(lived_in, file)
    data = tmp_path / "new"
    for size in (0, 200, 3000):
        with largest_file(size), pytest.raises(SnapshotError, match="磁盘空间"):
            restore_dump(file, data=data, encoder=encoder)
        assert [path.name for path in data.iterdir() if path.name != "LOCK"] == []
    restore_dump(file, data=data, encoder=encoder)
    assert answers(data, encoder) == answers(lived_in, encoder)
