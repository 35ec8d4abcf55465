"""A dump holds all that cannot be computed again; restored, it gives the same answers."""

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from lived_in_data import NORTH, answers, live_in
from power_cuts import PowerCut, counted, power_for

import youju
from corpus import read_folder
from index import (
    Change,
    DumpError,
    Encoder,
    HybridIndex,
    SnapshotError,
    build_index,
    change_index,
    read_library,
    restore_dump,
    waiting,
    write_dump,
)
from index.dump import FEEDBACK
from qa.feedback import FILE as MARKS
from web.tokens import FILE as TOKENS

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    return live_in(tmp_path_factory.mktemp("lived"), encoder)


@pytest.fixture
def dump(lived_in: Path, tmp_path: Path) -> Path:
    write_dump(lived_in, tmp_path / "备份.zip")
    return tmp_path / "备份.zip"


def test_what_is_restored_gives_the_same_answers_and_has_all_else(
    lived_in: Path, dump: Path, tmp_path: Path, encoder: Encoder
) -> None:
    data = tmp_path / "new"
    restore_dump(dump, data=data, encoder=encoder)
    assert answers(data, encoder) == answers(lived_in, encoder)
    assert read_library(data) == read_library(lived_in)
    assert waiting(data)[-1:] == waiting(lived_in)[-1:]
    for name in ("synonyms.txt", FEEDBACK, "corrections.json"):
        assert (data / name).read_bytes() == (lived_in / name).read_bytes()
    originals = sorted(path.name for path in (lived_in / "originals").iterdir())
    assert sorted(path.name for path in (data / "originals").iterdir()) == originals
    assert not [path for path in data.iterdir() if path.name.startswith(".")]


def test_the_dump_knows_the_file_of_marks_by_its_name() -> None:
    assert FEEDBACK == MARKS


def test_reports_without_originals_are_in_the_dump(tmp_path: Path, encoder: Encoder) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "北川.txt").write_text(NORTH, "utf-8")
    reports = read_folder(folder).reports
    build_index(reports, data=tmp_path / "old", encoder=encoder)
    assert write_dump(tmp_path / "old", tmp_path / "dump.zip").without_original == 1
    restore_dump(tmp_path / "dump.zip", data=tmp_path / "new", encoder=encoder)
    assert HybridIndex(tmp_path / "new", encoder).reports == reports


def test_reports_of_a_form_that_is_no_longer_known_are_read_from_their_files(
    lived_in: Path, dump: Path, tmp_path: Path, encoder: Encoder
) -> None:
    rewrite(dump, lambda manifest: manifest | {"reports_format": 1})
    restore_dump(dump, data=tmp_path / "new", encoder=encoder)
    assert answers(tmp_path / "new", encoder) == answers(lived_in, encoder)


def test_what_is_there_is_replaced_only_if_told(
    dump: Path, lived_in: Path, tmp_path: Path, encoder: Encoder
) -> None:
    data = shutil.copytree(lived_in, tmp_path / "new")
    change_index(Change(gone={read_first(data)}), data=data, encoder=encoder)
    before = answers(data, encoder)
    with pytest.raises(DumpError, match="--replace"):
        restore_dump(dump, data=data, encoder=encoder)
    assert answers(data, encoder) == before
    restore_dump(dump, data=data, encoder=encoder, replace=True)
    assert answers(data, encoder) == answers(lived_in, encoder)


def test_who_may_come_in_is_neither_dumped_nor_replaced(
    dump: Path, tmp_path: Path, encoder: Encoder
) -> None:
    data = tmp_path / "new"
    data.mkdir()
    (data / TOKENS).write_text("{}")
    for replace in (False, True):
        restore_dump(dump, data=data, encoder=encoder, replace=replace)
        assert (data / TOKENS).read_text() == "{}"
    with zipfile.ZipFile(dump) as archive:
        assert TOKENS not in archive.namelist()


def read_first(data: Path) -> str:
    return next(iter(read_library(data).reports))


def rewrite(
    dump: Path,
    change: Callable[[dict[str, object]], object],
    **members: bytes | None,
) -> None:
    """Write a dump again with another manifest, and with other members; None leaves one out."""
    with zipfile.ZipFile(dump) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    manifest = content.pop("manifest.json")
    content |= {name: data for name, data in members.items() if data is not None}
    with zipfile.ZipFile(dump, "w") as archive:
        for name, data in content.items():
            if name not in members or members[name] is not None:
                archive.writestr(name, data)
        archive.writestr("manifest.json", json.dumps(change(json.loads(manifest))))


def with_file(name: str) -> Callable[[dict[str, object]], object]:
    entry = {"sha256": "0" * 64, "bytes": 1}
    return lambda manifest: manifest | {"files": {**manifest["files"], name: entry}}  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda dump: rewrite(dump, lambda manifest: manifest | {"format": 99}), "升级"),
        (lambda dump: rewrite(dump, lambda manifest: []), "不是 youju dump"),
        (lambda dump: rewrite(dump, lambda m: m, **{"library.json": b"{}"}), "library.json 已损坏"),
        (lambda dump: rewrite(dump, lambda m: m, **{"library.json": None}), "与清单不符"),
        (lambda dump: rewrite(dump, lambda m: m, **{"more.txt": b"x"}), "与清单不符"),
        (
            lambda dump: rewrite(dump, with_file("../x.json"), **{"../x.json": b"x"}),
            "不该有的文件",
        ),
        (
            lambda dump: rewrite(dump, with_file("/tmp/x"), **{"/tmp/x": b"x"}),  # noqa: S108
            "不该有的文件",
        ),
        (
            lambda dump: rewrite(dump, with_file("CURRENT"), CURRENT=b"x"),
            "不该有的文件",
        ),
        (lambda dump: dump.write_bytes(dump.read_bytes()[:-100]), "不是 youju dump"),
        (lambda dump: dump.write_bytes(b"PK\x03\x04"), "不是 youju dump"),
        (lambda dump: dump.unlink(), "文件不存在"),
    ],
)
def test_what_is_no_sound_dump_changes_nothing(
    dump: Path,
    tmp_path: Path,
    encoder: Encoder,
    spoil: Callable[[Path], object],
    message: str,
) -> None:
    spoil(dump)
    with pytest.raises(DumpError, match=message):
        restore_dump(dump, data=tmp_path / "new", encoder=encoder)
    assert [path.name for path in (tmp_path / "new").iterdir() if path.name != "LOCK"] == []
    assert not (tmp_path / "x.json").exists()


def test_a_flipped_bit_anywhere_in_a_dump_is_noticed_or_changes_nothing(
    dump: Path, lived_in: Path, tmp_path: Path, encoder: Encoder
) -> None:
    whole = dump.read_bytes()
    for number, position in enumerate(range(0, len(whole), len(whole) // 40)):
        flipped = bytes([whole[position] ^ 1 << number % 8])
        dump.write_bytes(whole[:position] + flipped + whole[position + 1 :])
        data = tmp_path / str(number)
        try:
            restore_dump(dump, data=data, encoder=encoder)
        except DumpError:
            continue
        assert answers(data, encoder) == answers(lived_in, encoder)


def test_a_damaged_original_is_named_and_not_dumped(lived_in: Path, tmp_path: Path) -> None:
    data = shutil.copytree(lived_in, tmp_path / "data")
    original = next((data / "originals").iterdir())
    original.write_bytes(b"damaged")
    with pytest.raises(SnapshotError, match=f"{original.name}.*doctor --repair"):
        write_dump(data, tmp_path / "dump.zip")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]


def test_a_crash_while_restoring_leaves_the_old_folder_or_the_new_one(
    dump: Path, lived_in: Path, tmp_path: Path, encoder: Encoder
) -> None:
    old = shutil.copytree(lived_in, tmp_path / "old")
    change_index(Change(gone={read_first(old)}), data=old, encoder=encoder)
    before, after = answers(old, encoder), answers(lived_in, encoder)
    data = shutil.copytree(old, tmp_path / "whole")
    with counted() as counts:
        restore_dump(dump, data=data, encoder=encoder, replace=True)
    # What comes before is done beside the data folder.
    for moment in range(counts[0] - 45, counts[0], 3):
        data = shutil.copytree(old, tmp_path / str(moment))
        with pytest.raises(PowerCut), power_for(moment):
            restore_dump(dump, data=data, encoder=encoder, replace=True)
        with pytest.raises(DumpError, match="已有内容"):  # tidies up, as any writer does
            restore_dump(dump, data=data, encoder=encoder)
        assert answers(data, encoder) in (before, after)
        assert not [path for path in data.iterdir() if path.name.startswith(".re")]
        shutil.rmtree(data)


def test_dump_and_restore_as_commands(
    lived_in: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, data = str(tmp_path / "dump.zip"), str(tmp_path / "new")
    assert youju.main(["dump", file, "--data", str(lived_in)]) == youju.DONE
    assert "已备份 2 份报告" in capsys.readouterr().err
    assert youju.main(["dump", file, "--data", str(lived_in)]) == youju.FAILED
    assert "已经存在" in capsys.readouterr().err
    assert youju.main(["restore", file, "--data", data]) == youju.DONE
    assert "已恢复 2 份报告" in capsys.readouterr().err
    assert youju.main(["restore", file, "--data", data]) == youju.FAILED
    assert "--replace" in capsys.readouterr().err
    assert youju.main(["restore", file, "--data", data, "--replace"]) == youju.DONE
