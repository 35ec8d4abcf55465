"""The index: what is embedded once, found again, and never served broken."""

import json
import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import faiss
import numpy as np
import pytest
from filelock import FileLock

from corpus import Paragraph, Report, Span, Text, read_reports, reports_json
from index import (
    DataFolderBusy,
    Encoder,
    HybridIndex,
    ModelUnavailable,
    SnapshotError,
    build_index,
    correct_report,
    find_faults,
    inspect_index,
    repair,
    sha256_of,
    tokens,
)
from index.embeddings import check_cache
from index.fusion import fuse, rerank, z_scores
from index.late import LateInteraction, TokenSigns, pack_signs
from index.sealed import sealed, unsealed

pytestmark = pytest.mark.model


def report(name: str, *texts: str) -> Report:
    paragraphs, source = [], ""
    for ordinal, text in enumerate(texts, 1):
        span = Span(len(source), len(source) + len(text))
        paragraphs.append(Paragraph(ordinal, text, "body", (), (span,)))
        source += text + "\n"
    return Report(
        id=name,
        file=f"{name}.txt",
        sha256="0" * 64,
        title=f"{name}工作报告",
        subtitle=None,
        date=None,
        publisher=None,
        authors=(),
        organisation=None,
        text=Text(source, (), tuple(paragraphs)),
    )


NORTH = report("北川", "全年新建公园十二座。", "为困难职工发放慰问金三百万元。")
SOUTH = report("南川", "全年修路八十公里。")


@pytest.fixture
def data(tmp_path: Path, encoder: Encoder) -> Path:
    build_index([NORTH], data=tmp_path, encoder=encoder)
    return tmp_path


def test_reports_survive_the_snapshot_unchanged(
    sample_reports: tuple[Report, ...], tmp_path: Path
) -> None:
    file = tmp_path / "reports.jsonl"
    file.write_bytes(reports_json(sample_reports))
    assert tuple(read_reports(file)) == sample_reports


def test_an_unchanged_folder_embeds_nothing_and_keeps_its_snapshot(
    data: Path, encoder: Encoder
) -> None:
    again = build_index([NORTH], data=data, encoder=encoder)
    assert (again.embedded, again.changed, again.snapshot) == (0, False, "000001")


def test_adding_a_report_embeds_only_that_report(data: Path, encoder: Encoder) -> None:
    steps: list[tuple[int, int]] = []
    built = build_index(
        [NORTH, SOUTH],
        data=data,
        encoder=encoder,
        progress=lambda done, total: steps.append((done, total)),
    )
    assert (built.embedded, built.windows, built.changed) == (1, 3, True)
    assert steps == [(0, 1), (1, 1)]


def test_removing_a_report_takes_it_out_of_the_answers(data: Path, encoder: Encoder) -> None:
    build_index([SOUTH], data=data, encoder=encoder)
    hits = HybridIndex(data, encoder).search("新建了多少座公园", limit=5)
    assert {hit.report.id for hit in hits} == {"南川"}


def test_a_second_model_run_gives_the_same_ranking_as_the_saved_index(
    data: Path, encoder: Encoder
) -> None:
    first = HybridIndex(data, encoder).search("给困难职工发了多少慰问金", limit=5)
    second = HybridIndex(data, encoder).search("给困难职工发了多少慰问金", limit=5)
    assert first == second
    assert first[0].paragraph.ordinal == 2


def test_a_filter_searches_only_the_reports_it_names(data: Path, encoder: Encoder) -> None:
    build_index([NORTH, SOUTH], data=data, encoder=encoder)
    index = HybridIndex(data, encoder)
    hits = index.search("公园", limit=5, reports={"南川"})
    assert [hit.report.id for hit in hits] == ["南川"]
    assert index.search("公园", limit=5, reports=set()) == []


def test_an_exhaustive_search_leaves_no_paragraph_out(data: Path, encoder: Encoder) -> None:
    names = [f"第{number}区" for number in range(110)]
    build_index([report(name, f"{name}修路。") for name in names], data=data, encoder=encoder)
    index = HybridIndex(data, encoder)
    hits = index.search("修了多少路", limit=1000, exhaustive=True)
    assert sorted(hit.report.id for hit in hits) == sorted(names)
    some = index.search("修了多少路", limit=1000, reports=set(names[:3]), exhaustive=True)
    assert sorted(hit.report.id for hit in some) == sorted(names[:3])


def test_only_the_live_snapshot_and_the_one_before_are_kept(data: Path, encoder: Encoder) -> None:
    for reports in ([SOUTH], [NORTH, SOUTH], [NORTH]):
        build_index(reports, data=data, encoder=encoder)
    assert sorted(p.name for p in (data / "snapshots").iterdir()) == ["000003", "000004"]
    assert inspect_index(data).name == "000004"


def test_a_reader_goes_on_though_its_snapshot_is_removed(data: Path, encoder: Encoder) -> None:
    index = HybridIndex(data, encoder)
    before = index.search("新建了多少座公园", limit=5)
    for publisher in ("甲报", "乙报", "丙报"):
        correct_report("北川", {"publisher": publisher}, data=data, encoder=encoder)
    assert not (data / "snapshots" / index.snapshot).exists()
    assert index.search("新建了多少座公园", limit=5) == before


def test_whoever_opens_while_snapshots_come_and_go_gets_a_whole_one(
    data: Path, encoder: Encoder
) -> None:
    over = threading.Event()

    def swap() -> None:
        number = 0
        while not over.is_set():
            number += 1
            changes = {"publisher": f"第{number}报"}
            correct_report("北川", changes, data=data, encoder=encoder)

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        opened = {HybridIndex(data, encoder).snapshot for _ in range(15)}
    finally:
        over.set()
        thread.join()
    assert len(opened) > 1


def test_debris_of_a_killed_writer_is_removed_and_never_served(
    data: Path, encoder: Encoder
) -> None:
    debris = data / "snapshots" / ".writing-000002"
    debris.mkdir()
    (debris / "reports.npy").write_text("half a rep")
    unfinished = data / "segments" / ".writing-000002"
    unfinished.mkdir()
    unused = shutil.copytree(data / "segments" / "000001", data / "segments" / "000007")
    assert inspect_index(data).name == "000001"
    build_index([SOUTH], data=data, encoder=encoder)
    assert not any(path.exists() for path in (debris, unfinished, unused))


def test_every_damaged_file_of_a_snapshot_is_named(data: Path, encoder: Encoder) -> None:
    folders = (data / "snapshots", data / "segments")
    for file in [path for one in folders for path in one.rglob("*") if path.is_file()]:
        whole = file.read_bytes()
        for broken in (whole[:-1], bytes([whole[0] ^ 1]) + whole[1:], b""):
            file.write_bytes(broken)
            with pytest.raises(SnapshotError, match=file.name):
                HybridIndex(data, encoder)
        file.unlink()
        with pytest.raises(SnapshotError, match=file.name):
            HybridIndex(data, encoder)
        file.write_bytes(whole)
    assert HybridIndex(data, encoder).reports == (NORTH,)


def test_a_broken_snapshot_is_built_anew(data: Path, encoder: Encoder) -> None:
    (data / "segments" / "000001" / "vectors" / "vectors.npy").write_bytes(b"broken")
    built = build_index([NORTH], data=data, encoder=encoder)
    assert (built.changed, built.embedded) == (True, 0)
    assert inspect_index(data).name == built.snapshot


def test_a_broken_embedding_cache_is_begun_anew_and_that_is_said(
    data: Path, encoder: Encoder, caplog: pytest.LogCaptureFixture
) -> None:
    (data / "embeddings.sqlite").write_bytes(b"not a database" * 100)
    for left in data.glob("embeddings.sqlite-*"):
        left.unlink()
    built = build_index([NORTH, SOUTH], data=data, encoder=encoder)
    assert built.embedded == 1  # the other windows' vectors stand in a segment
    assert "embeddings.sqlite 已损坏" in caplog.text
    check_cache(data / "embeddings.sqlite")


def test_a_flipped_bit_in_a_kept_vector_is_noticed(
    data: Path, encoder: Encoder, caplog: pytest.LogCaptureFixture
) -> None:
    cache = data / "embeddings.sqlite"
    before = HybridIndex(data, encoder).search("新建了多少座公园", limit=5)
    with closing(sqlite3.connect(cache)) as database:
        rows = database.execute("SELECT key, vector FROM windows").fetchall()
        for key, vector in rows:
            flipped = bytes([vector[0] ^ 64]) + vector[1:]
            database.execute("UPDATE windows SET vector = ? WHERE key = ?", (flipped, key))
        database.commit()
    with pytest.raises(sqlite3.DatabaseError):
        check_cache(cache)
    (data / "segments" / "000001" / "vectors" / "vectors.npy").write_bytes(b"broken")
    assert build_index([NORTH], data=data, encoder=encoder).embedded == len(rows)
    assert "已损坏" in caplog.text
    assert HybridIndex(data, encoder).search("新建了多少座公园", limit=5) == before


@pytest.mark.parametrize(("version", "remedy"), [(99, "升级"), (0, "youju index")])
def test_another_format_is_refused_with_the_remedy(data: Path, version: int, remedy: str) -> None:
    file = data / "snapshots" / "000001" / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "format": version}))
    (data / "CURRENT").write_text("000001\n")  # as older versions wrote it
    with pytest.raises(SnapshotError, match=remedy):
        inspect_index(data)


def as_format_6(data: Path) -> None:
    """Make of an index what the version before would have written."""
    snapshot, segment = data / "snapshots" / "000001", data / "segments" / "000001"
    (snapshot / "reports.npy").unlink()
    (snapshot / "reports.jsonl").write_bytes(reports_json([NORTH]))
    flat = faiss.IndexFlatIP(384)
    flat.add(np.load(segment / "vectors" / "vectors.npy"))
    faiss.write_index(flat, str(snapshot / "vectors.faiss"))
    for name in ("windows.npy", "tokens"):
        (segment / name).rename(snapshot / name)
    shutil.rmtree(data / "segments")
    manifest = json.loads((snapshot / "manifest.json").read_text())
    files = [path for path in snapshot.rglob("*") if path.is_file()]
    sums = {path.relative_to(snapshot).as_posix(): sha256_of(path) for path in files}
    del manifest["segments"], manifest["sha256"], sums["manifest.json"]
    (snapshot / "manifest.json").write_text(json.dumps({**manifest, "format": 6, "files": sums}))
    (data / "CURRENT").write_text(f"000001 {sha256_of(snapshot / 'manifest.json')}\n")


def test_a_snapshot_of_the_format_before_is_opened_and_made_segments_of(
    data: Path, encoder: Encoder
) -> None:
    before = HybridIndex(data, encoder)
    question = "新建了多少座公园"
    hits = before.search(question, limit=5)
    as_format_6(data)
    assert inspect_index(data).format == 6
    assert HybridIndex(data, encoder).search(question, limit=5) == hits
    assert find_faults(data) == []
    built = build_index([NORTH], data=data, encoder=encoder)
    assert (built.changed, built.embedded) == (True, 0)
    assert HybridIndex(data, encoder).search(question, limit=5) == hits


def test_a_damaged_snapshot_of_the_format_before_is_mended(data: Path, encoder: Encoder) -> None:
    as_format_6(data)
    (data / "snapshots" / "000001" / "vectors.faiss").write_bytes(b"broken")
    with pytest.raises(SnapshotError, match="vectors"):
        HybridIndex(data, encoder)
    repair(data, lambda: encoder)
    assert HybridIndex(data, encoder).reports == (NORTH,)


@pytest.mark.parametrize("name", ["", "000009", "../000001", "not a number\n", "\x00"])
def test_a_pointer_to_nothing_is_refused(data: Path, name: str) -> None:
    (data / "CURRENT").write_text(name)
    with pytest.raises(SnapshotError, match="youju index"):
        inspect_index(data)


def test_an_index_of_another_model_is_refused(data: Path, encoder: Encoder) -> None:
    file = data / "snapshots" / "000001" / "manifest.json"
    file.write_text(sealed({**unsealed(file.read_text(), since=7), "model": "another"}))
    (data / "CURRENT").write_text("000001\n")
    with pytest.raises(SnapshotError, match="另一个模型"):
        HybridIndex(data, encoder)


def test_an_empty_data_folder_says_how_to_index(tmp_path: Path, encoder: Encoder) -> None:
    with pytest.raises(SnapshotError, match="youju index"):
        HybridIndex(tmp_path, encoder)


def test_nothing_to_index_leaves_the_old_index_alone(data: Path, encoder: Encoder) -> None:
    with pytest.raises(SnapshotError, match="没有可以检索的正文"):
        build_index([], data=data, encoder=encoder)
    assert inspect_index(data).name == "000001"


def test_a_second_writer_is_turned_away(data: Path, encoder: Encoder) -> None:
    with FileLock(data / "LOCK"), pytest.raises(DataFolderBusy, match="另一个 youju"):
        build_index([SOUTH], data=data, encoder=encoder)


def test_a_model_that_is_no_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=str(tmp_path)):
        Encoder(tmp_path)


def test_a_copied_data_folder_opens_elsewhere(data: Path, encoder: Encoder, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere"
    for name in ("snapshots", "segments"):
        shutil.copytree(data / name, copy / name)
    shutil.copy(data / "CURRENT", copy / "CURRENT")
    assert HybridIndex(copy, encoder).reports == (NORTH,)


def test_a_question_in_traditional_script_has_the_tokens_of_the_simplified_one() -> None:
    assert tokens("遼寧今年要改造多少個老舊小區") == tokens("辽宁今年要改造多少个老旧小区")


def test_full_width_figures_and_letters_match_half_width_ones() -> None:
    assert tokens("增长５．１％，ＧＤＰ") == tokens("增长5.1%,gdp")


def test_text_is_encoded_the_same_alone_and_in_a_batch(encoder: Encoder) -> None:
    texts = ["短句。", "一个长得多的句子，用来让批次里的短句带上填充。" * 5, "第三句"]
    batch = encoder.encode_windows(texts)
    for text, encoded in zip(texts, batch, strict=True):
        alone = encoder.encode_windows([text])[0]
        assert float(alone.vector @ encoded.vector) == pytest.approx(1, abs=1e-5)
        assert alone.tokens.shape == encoded.tokens.shape
        assert np.linalg.norm(encoded.tokens, axis=1) == pytest.approx(1, abs=1e-5)


def test_late_interaction_prefers_the_window_that_holds_the_questions_tokens() -> None:
    rng = np.random.default_rng(0)
    question, other = rng.normal(size=(2, 4, 32)).astype(np.float32)
    mean = np.zeros(32, np.float32)
    empty = pack_signs(np.zeros((0, 32), np.float32), mean)
    signs = [pack_signs(other, mean), empty, pack_signs(np.concatenate([other, question]), mean)]
    late = LateInteraction([TokenSigns.build(signs[:1]), TokenSigns.build(signs[1:])], mean)
    scores = late.scores(question, np.array([0, 1, 2]))
    assert scores.argmax() == 2
    assert scores[1] == scores.min()


def test_scores_that_are_all_equal_say_nothing() -> None:
    same = np.full(3, 7, np.float32)
    assert not z_scores(same).any()
    lexical = np.array([1, 3, 2], np.float32)
    assert fuse(same, lexical).argmax() == 1


def test_reranking_never_lifts_a_candidate_that_was_not_looked_at() -> None:
    fused = np.array([3, 2, 1, 0.9], np.float32)
    scores = rerank(fused, np.array([0.1, 0.9], np.float32))
    assert scores[:2].min() >= scores[2:].max()
