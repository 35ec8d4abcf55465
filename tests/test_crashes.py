"""A crash at any moment leaves the old state or the new one, and loses nothing acknowledged."""

import io
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from power_cuts import PowerCut, counted, power_for

from corpus import read_folder
from index import (
    Change,
    Encoder,
    HybridIndex,
    build_index,
    change_index,
    correct_report,
    is_kept,
    read_library,
    read_original,
    receive,
    settle,
    waiting,
)

pytestmark = pytest.mark.model

EVERY = 4
"""Of the moments, to be quick. `benchmarks/killed_writers.py` kills real processes at any."""

NORTH = "北川县2024年工作报告\n\n一、公园\n\n全年新建公园十二座，改造旧公园三座。\n"
SOUTH = "南川县2024年工作报告\n\n一、道路\n\n全年修路八十公里，修桥两座。\n"
EAST = "东川县2024年工作报告\n\n一、粮食\n\n全年粮食产量九万吨，比上年增加一千吨。\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    (folder / "北川.txt").write_text(NORTH, "utf-8")
    (folder / "南川.txt").write_text(SOUTH, "utf-8")
    return folder


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, folder: Path, encoder: Encoder) -> Path:
    """A data folder with an index of one report; the vectors of all are known."""
    data = tmp_path_factory.mktemp("data") / "whole"
    reports = read_folder(folder).reports
    build_index(reports, data=data, encoder=encoder, folder=folder)
    import_all(data, encoder, receive(data, io.BytesIO(EAST.encode()), "东川.txt").id)
    uploaded = {key for key, one in read_library(data).reports.items() if one.uploaded}
    change_index(Change(taken_out=uploaded), data=data, encoder=encoder)
    build_index(reports[:1], data=data, encoder=encoder, folder=folder)
    return data


def import_all(data: Path, encoder: Encoder, *ids: str) -> None:
    """What the service does with its queue."""
    queue = [one for one in waiting(data) if one.id in ids or not ids]
    reports = [read_original(data, one.original) for one in queue]
    if queue:
        change_index(Change(added=reports), data=data, encoder=encoder)
    for one, report in zip(queue, reports, strict=True):
        settle(data, one, report=report.id)


def state(data: Path, encoder: Encoder) -> list[tuple[str, str, str | None]]:
    """Open a data folder, as after a restart, and say what it holds."""
    return [(one.file, one.sha256, one.publisher) for one in HybridIndex(data, encoder).reports]


def crash_everywhere(
    whole: Path, tmp_path: Path, encoder: Encoder, act: Callable[[Path], object]
) -> None:
    """Act, with a crash at each file operation in turn, on copies of a data folder."""
    before = state(whole, encoder)
    data = shutil.copytree(whole, tmp_path / "new")
    with counted() as counts:
        act(data)
    after = state(data, encoder)
    assert after != before
    for moment in range(0, counts[0], EVERY):
        data = shutil.copytree(whole, tmp_path / str(moment))
        with pytest.raises(PowerCut), power_for(moment):
            act(data)
        assert state(data, encoder) in (before, after)
        act(data)
        assert state(data, encoder) == after
        left = [path.name for path in data.rglob("*") if path.name.startswith((".writing", ".rem"))]
        assert left == []
        shutil.rmtree(data)


def test_indexing_a_folder(whole: Path, tmp_path: Path, folder: Path, encoder: Encoder) -> None:
    reports = read_folder(folder).reports
    crash_everywhere(
        whole,
        tmp_path,
        encoder,
        lambda data: build_index(reports, data=data, encoder=encoder, folder=folder),
    )


def test_correcting_a_report(whole: Path, tmp_path: Path, encoder: Encoder) -> None:
    report = HybridIndex(whole, encoder).reports[0].id
    changes = {"publisher": "北川日报"}
    crash_everywhere(
        whole,
        tmp_path,
        encoder,
        lambda data: correct_report(report, changes, data=data, encoder=encoder),
    )


def test_an_acknowledged_upload(whole: Path, tmp_path: Path, encoder: Encoder) -> None:
    """Whatever happens, an upload that was acknowledged is indexed after the next start."""
    data = shutil.copytree(whole, tmp_path / "new")
    with counted() as counts:
        receive(data, io.BytesIO(EAST.encode()), "东川.txt")
        import_all(data, encoder)
    for moment in range(0, counts[0], EVERY):
        data = shutil.copytree(whole, tmp_path / str(moment))
        acknowledged = None
        with suppress(PowerCut), power_for(moment):
            acknowledged = receive(data, io.BytesIO(EAST.encode()), "东川.txt")
            import_all(data, encoder)
        indexed = "上传/东川.txt" in [file for file, _, _ in state(data, encoder)]
        if acknowledged is not None:
            assert is_kept(data, acknowledged.original)
            assert indexed or [one.id for one in waiting(data)] == [acknowledged.id]
        import_all(data, encoder)
        files = [file for file, _, _ in state(data, encoder)]
        assert ("上传/东川.txt" in files) or acknowledged is None
        shutil.rmtree(data)


def test_taking_an_upload_out(whole: Path, tmp_path: Path, encoder: Encoder) -> None:
    data = shutil.copytree(whole, tmp_path / "uploaded")
    receive(data, io.BytesIO(EAST.encode()), "东川.txt")
    import_all(data, encoder)
    uploaded = {key for key, one in read_library(data).reports.items() if one.uploaded}
    crash_everywhere(
        data,
        tmp_path,
        encoder,
        lambda data: change_index(Change(taken_out=uploaded), data=data, encoder=encoder),
    )
