"""Repair: whatever breaks is found, named, and mended from what is sound."""

import shutil
from pathlib import Path

import pytest
from damages import damage, damages
from lived_in_data import answers, live_in

import youju
from index import (
    Encoder,
    HybridIndex,
    IndexingError,
    ModelUnavailable,
    NewerFormat,
    SnapshotError,
    find_faults,
    imports,
    read_library,
    repair,
    waiting,
)
from index.embeddings import CACHE
from index.library import write_library
from index.sealed import sealed

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    return live_in(tmp_path_factory.mktemp("lived"), encoder)


@pytest.fixture
def data(sound: Path, tmp_path: Path) -> Path:
    return shutil.copytree(sound, tmp_path / "data")


def segments(data: Path) -> list[Path]:
    return sorted((data / "segments").iterdir())


def test_a_sound_folder_has_no_faults_and_is_left_as_it_is(data: Path) -> None:
    assert find_faults(data) == []
    before = {path: path.stat().st_mtime_ns for path in data.rglob("*")}

    def load() -> Encoder:
        raise AssertionError

    assert repair(data, load).done == ()
    assert {path: path.stat().st_mtime_ns for path in data.rglob("*")} == before


def test_any_damage_is_found_and_mended_and_never_answers(
    sound: Path, tmp_path: Path, encoder: Encoder
) -> None:
    """`benchmarks/damaged_folders.py` does this 500 times."""
    right = answers(sound, encoder)
    for number, (file, chance) in enumerate(damages(sound, 30, seed=1)):
        data = shutil.copytree(sound, tmp_path / str(number))
        said = f"{file}: {damage(data / file, chance)}"
        if file.name == CACHE:  # pages have room that nothing uses; what counts is what it gives
            (segments(data)[-1] / "vectors" / "vectors.npy").unlink()
        assert find_faults(data), said
        try:
            assert answers(data, encoder) == right, said
        except IndexingError as error:
            assert str(data) in str(error), said  # noqa: PT017
        repaired = repair(data, lambda: encoder)
        assert repaired.done, said
        assert answers(data, encoder) == right, said
        assert find_faults(data) == [], said
        shutil.rmtree(data)


def test_a_broken_snapshot_is_built_from_its_sound_parts(data: Path, encoder: Encoder) -> None:
    right = answers(data, encoder)
    (segments(data)[-1] / "vectors" / "vectors.npy").unlink()
    repaired = repair(data, lambda: encoder)
    assert "索引已重建：2 份报告" in repaired.done[0]
    assert repaired.left == ()
    assert answers(data, encoder) == right


def test_without_any_snapshot_the_originals_are_read_again(data: Path, encoder: Encoder) -> None:
    right = answers(data, encoder)
    shutil.rmtree(data / "snapshots")
    repaired = repair(data, lambda: encoder)
    assert repaired.left == ()
    assert "由留存的文件重新读入" in repaired.done[0]
    assert answers(data, encoder) == right


def test_reports_without_originals_are_taken_from_the_snapshot(
    data: Path, encoder: Encoder
) -> None:
    right = answers(data, encoder)
    shutil.rmtree(data / "originals")
    (segments(data)[-1] / "windows.npy").write_bytes(b"broken")
    repair(data, lambda: encoder)
    assert answers(data, encoder) == right


def test_a_report_that_is_nowhere_any_more_is_named_and_the_others_stay(
    data: Path, encoder: Encoder
) -> None:
    for folder in segments(data):
        (folder / "reports.jsonl").unlink()
    lost = next(one for one in read_library(data).reports.values() if one.uploaded)
    (data / "originals" / lost.stored).write_bytes(b"damaged")
    repaired = repair(data, lambda: encoder)
    assert any(lost.file in line for line in repaired.left)
    assert [report.file for report in HybridIndex(data, encoder).reports] == ["北川.txt"]
    assert (data / "damaged" / lost.stored).read_bytes() == b"damaged"


def test_a_lost_library_costs_no_upload(data: Path, encoder: Encoder) -> None:
    right = answers(data, encoder)
    (data / "library.json").write_text("{")
    for file in (data / "imports").iterdir():
        file.write_text("{")
    repaired = repair(data, lambda: encoder)
    assert answers(data, encoder) == right
    assert sorted(one.original.sha256 for one in waiting(data)) == sorted(
        path.stem for path in (data / "originals").iterdir() if path.stem in str(repaired.done)
    )
    assert len(waiting(data)) == 2


def test_an_upload_whose_file_is_damaged_is_settled_and_named(data: Path, encoder: Encoder) -> None:
    [one] = waiting(data)
    (data / "originals" / one.original.stored).write_bytes(b"damaged")
    repaired = repair(data, lambda: encoder)
    assert any("西川.txt 没有读入" in line for line in repaired.left)
    assert [item.state for item in imports(data)] == ["done", "failed"]
    assert find_faults(data) == []


def test_a_pointer_that_is_lost_is_written_again_without_the_model(data: Path) -> None:
    (data / "CURRENT").unlink()

    def load() -> Encoder:
        raise AssertionError

    repaired = repair(data, load)
    assert repaired.done == ("CURRENT 重新指向快照 000004。",)
    assert find_faults(data) == []


def test_a_manifest_with_a_changed_digit_is_not_taken_for_sound(
    data: Path, encoder: Encoder
) -> None:
    right = answers(data, encoder)
    manifest = max((data / "snapshots").iterdir()) / "manifest.json"
    text = manifest.read_text()
    other = "0" if encoder.identity[0] != "0" else "1"
    manifest.write_text(text.replace(encoder.identity, other + encoder.identity[1:]))
    assert find_faults(data)
    repair(data, lambda: encoder)
    assert find_faults(data) == []
    assert answers(data, encoder) == right


def test_where_the_model_is_lacking_the_snapshot_before_answers(
    data: Path, encoder: Encoder
) -> None:
    (max((data / "snapshots").iterdir()) / "reports.npy").unlink()

    def load() -> Encoder:
        raise ModelUnavailable("没有模型。")

    repaired = repair(data, load)
    assert "退回到完好的快照 000003，现名 000005" in repaired.done[0]
    assert "没有模型" in repaired.left[0]
    assert len(HybridIndex(data, encoder).reports) == 3


def test_what_an_interrupted_run_left_to_do_is_done(data: Path, encoder: Encoder) -> None:
    library = read_library(data)
    shutil.copytree(data, data.with_name("other"))
    back = next(iter(library.removed))
    listed = {**library.reports, back: library.removed[back]}
    write_library(data, type(library)(listed, {}))
    assert "上次索引没有完成，还缺：南川.txt" in find_faults(data)[0].reason
    repair(data, lambda: encoder)
    assert "南川.txt" in [report.file for report in HybridIndex(data, encoder).reports]


def test_what_a_newer_version_wrote_is_not_touched(data: Path, encoder: Encoder) -> None:
    newer = sealed({"format": 99})
    (data / "library.json").write_text(newer)
    (data / "corrections.json").write_text("{")
    with pytest.raises(NewerFormat, match="升级"):
        repair(data, lambda: encoder)
    assert (data / "library.json").read_text() == newer
    assert (data / "corrections.json").read_text() == "{"


def test_an_empty_folder_says_how_to_index(tmp_path: Path, encoder: Encoder) -> None:
    repaired = repair(tmp_path / "new", lambda: encoder)
    assert any("youju index" in line for line in repaired.left)


def test_doctor_repairs_and_says_what_it_did(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "corrections.json").write_bytes(b"\xff")
    assert youju.main(["doctor", "--data", str(data)]) == youju.NO
    assert "corrections.json 读不出来" in capsys.readouterr().out
    assert youju.main(["doctor", "--data", str(data), "--repair"]) == youju.DONE
    assert "更正取自快照 000004" in capsys.readouterr().out
    assert youju.main(["doctor", "--data", str(data)]) == youju.DONE
    assert "完好：2 份报告" in capsys.readouterr().out


def test_doctor_says_when_something_is_lost(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(data / "originals")
    shutil.rmtree(data / "snapshots")
    assert youju.main(["doctor", "--data", str(data), "--repair"]) == youju.NO
    assert "没有了。请重新上传或重新索引" in capsys.readouterr().out


def test_a_model_folder_of_another_index_is_not_forced_upon_it(
    data: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in segments(data):
        (folder / "windows.npy").unlink()
    monkeypatch.setattr(encoder, "identity", "another")
    with pytest.raises(SnapshotError, match="另一个模型"):
        repair(data, lambda: encoder)
