"""Segments: however reports came, were replaced and went, the answers are those of one indexing."""

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import Paragraph, Report, Span, Text, reports_json
from index import (
    Change,
    Encoder,
    HybridIndex,
    SnapshotError,
    build_index,
    change_index,
    correct_report,
    find_faults,
)
from index.embeddings import CACHE, keep_mean_token
from index.merging import LARGEST, Size, merged

pytestmark = pytest.mark.model

PLACES = ("北川", "南川", "东川", "西川", "上川", "下川")
WORKS = ("新建公园{}座。", "修路{}公里，修桥{}座。", "发放慰问金{}万元。", "粮食产量{}万吨。")
VERSIONS = 2
QUESTIONS = ("新建公园多少座？", "北川县修了多少公里路？", "西川的粮食产量")


def report(place: int, version: int) -> Report:
    """A report of one of the places; versions differ in figures and in how much they say."""
    texts = [
        f"{PLACES[place]}全年" + work.format(10 * version + number, number + 1)
        for number, work in enumerate(WORKS[: 2 + (place + version) % 3])
    ]
    source = "\n".join(texts)
    starts = np.cumsum([0, *(len(text) + 1 for text in texts)]).tolist()
    paragraphs = tuple(
        Paragraph(ordinal, text, "body", ("一、工作",), (Span(start, start + len(text)),))
        for ordinal, (text, start) in enumerate(zip(texts, starts, strict=False), 1)
    )
    return Report(
        id=PLACES[place],
        file=f"{PLACES[place]}.txt",
        sha256=hashlib.sha256(source.encode()).hexdigest(),
        title=f"{PLACES[place]}县工作报告",
        subtitle=None,
        date=None,
        publisher=None,
        authors=(),
        organisation=None,
        text=Text(source, (), paragraphs),
    )


def title(name: str, version: int) -> str:
    """A title that a report may be corrected to."""
    return f"{name}第{version}次工作报告"


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    """A cache of the vectors of all texts that there can be, so that examples embed nothing.

    Texts that are embedded in another company differ in the last digits.
    """
    data = tmp_path_factory.mktemp("all")
    for version in range(VERSIONS):
        reports = [report(place, version) for place in range(len(PLACES))]
        titled = [
            replace(one, id=f"{one.id}{other}", title=title(one.id, other))
            for one in reports
            for other in range(VERSIONS)
        ]
        build_index([*reports, *titled], data=data, encoder=encoder)
    return data / CACHE


@pytest.fixture(scope="module", autouse=True)
def _no_segment_is_small() -> Iterator[None]:
    """Let segments of a few windows be kept apart, as large ones are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.merging.SMALL", 1)
        yield


def found(index: HybridIndex) -> Iterator[dict[object, object]]:
    """What an index finds in every way that it can be asked, with scores."""
    for question in QUESTIONS:
        for among in (None, {"北川", "西川"}):
            for exhaustive in (False, True):
                hits = index.search(question, limit=100, reports=among, exhaustive=exhaustive)
                yield {
                    (hit.report.id, hit.paragraph, hit.window): (hit.score, hit.dense, hit.lexical)
                    for hit in hits
                }
        yield index.rarity(question)
        like = index.worded_like(question, limit=100)
        yield {(one.id, paragraph): 1.0 for one, paragraph in like}


def assert_alike(one: HybridIndex, other: HybridIndex) -> None:
    """Check that two indexes hold the same reports and find the same, with the same scores.

    Products are rounded as the rows stand in memory, and z-scores among few make more of it.
    """
    assert one.reports == other.reports
    assert one.paragraphs == other.paragraphs
    for mine, theirs in zip(found(one), found(other), strict=True):
        assert mine.keys() == theirs.keys()
        for key in mine:
            np.testing.assert_allclose(mine[key], theirs[key], rtol=0, atol=1e-4)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "add", "remove", "correct"]),
        st.integers(0, len(PLACES) - 1),
        st.integers(0, VERSIONS - 1),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=12, deadline=None)
@given(steps=STEPS)
def test_answers_do_not_depend_on_how_the_reports_came(
    steps: Sequence[tuple[str, int, int]], cache: Path, encoder: Encoder
) -> None:
    with TemporaryDirectory() as folder:
        step_by_step, at_once = Path(folder) / "steps", Path(folder) / "once"
        for data in (step_by_step, at_once):
            data.mkdir()
            shutil.copy(cache, data / CACHE)
        held = {PLACES[0]: report(0, 0)}
        corrected = {}
        build_index(held.values(), data=step_by_step, encoder=encoder)
        for action, place, version in steps:
            name = PLACES[place]
            if action == "add":
                held[name] = report(place, version)
                change_index(Change(added=[held[name]]), data=step_by_step, encoder=encoder)
            elif action == "remove" and set(held) - {name}:
                held.pop(name, None)
                change_index(Change(gone={name}), data=step_by_step, encoder=encoder)
            elif action == "correct" and name in held:
                corrected[name] = {"title": title(name, version), "publisher": f"{place}报"}
                correct_report(name, corrected[name], data=step_by_step, encoder=encoder)
        build_index(held.values(), data=at_once, encoder=encoder)
        for name in corrected.keys() & held.keys():
            correct_report(name, corrected[name], data=at_once, encoder=encoder)
        assert find_faults(step_by_step) == []
        assert_alike(HybridIndex(step_by_step, encoder), HybridIndex(at_once, encoder))


def names(data: Path) -> set[str]:
    return {path.name for path in (data / "segments").iterdir()}


@pytest.fixture
def data(tmp_path: Path, cache: Path, encoder: Encoder) -> Path:
    """An index of two reports in one segment."""
    shutil.copy(cache, tmp_path / CACHE)
    build_index([report(0, 0), report(1, 0)], data=tmp_path, encoder=encoder)
    return tmp_path


def test_a_report_that_is_taken_out_or_corrected_writes_no_segment(
    data: Path, encoder: Encoder
) -> None:
    before = names(data)
    correct_report(PLACES[0], {"publisher": "北川日报"}, data=data, encoder=encoder)
    change_index(Change(gone={PLACES[0]}), data=data, encoder=encoder)
    assert names(data) == before
    index = HybridIndex(data, encoder)
    assert [one.id for one in index.reports] == [PLACES[1]]
    assert {hit.report.id for hit in index.search(QUESTIONS[0], limit=9)} == {PLACES[1]}


def test_a_report_that_comes_back_is_found_where_it_still_stands(
    data: Path, encoder: Encoder
) -> None:
    before = names(data)
    change_index(Change(gone={PLACES[0]}), data=data, encoder=encoder)
    built = change_index(Change(added=[report(0, 0)]), data=data, encoder=encoder)
    assert (built.embedded, names(data)) == (0, before)
    assert [one.id for one in HybridIndex(data, encoder).reports] == [PLACES[1], PLACES[0]]


def test_a_report_with_nothing_to_be_searched_is_listed(data: Path, encoder: Encoder) -> None:
    plain = report(2, 0)
    captions = tuple(replace(one, kind="caption") for one in plain.paragraphs)
    pictures = replace(plain, text=Text(plain.source, (), captions))
    built = change_index(Change(added=[pictures]), data=data, encoder=encoder)
    assert (built.reports, built.embedded, len(names(data))) == (3, 0, 2)
    index = HybridIndex(data, encoder)
    assert index.reports[-1] == pictures
    assert {hit.report.id for hit in index.search(QUESTIONS[0], limit=9)} == set(PLACES[:2])
    assert index.search(QUESTIONS[0], limit=9, reports={PLACES[2]}) == []
    assert index.search(QUESTIONS[0], limit=9, reports={PLACES[2]}, exhaustive=True) == []
    assert find_faults(data) == []
    change_index(Change(added=[report(3, 0)]), data=data, encoder=encoder)
    assert len(HybridIndex(data, encoder).reports) == 4


def all_reports() -> list[Report]:
    return [report(place, 0) for place in range(len(PLACES))]


def test_what_is_written_in_parts_is_found_like_what_is_written_at_once(
    data: Path, tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_parts = tmp_path / "parts"
    in_parts.mkdir()
    shutil.copy(data / CACHE, in_parts / CACHE)
    build_index(all_reports(), data=data, encoder=encoder)
    monkeypatch.setattr("index.indexer.PART", 4)
    build_index(iter(all_reports()), data=in_parts, encoder=encoder)
    assert find_faults(in_parts) == []
    assert_alike(HybridIndex(in_parts, encoder), HybridIndex(data, encoder))


def test_indexing_that_is_interrupted_leaves_nothing_and_goes_on_where_it_was(
    tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted() -> Iterator[Report]:
        yield from all_reports()[:4]
        raise KeyboardInterrupt

    build_index([report(5, 1)], data=tmp_path, encoder=encoder)
    monkeypatch.setattr("index.indexer.PART", 4)
    with pytest.raises(KeyboardInterrupt):
        build_index(interrupted(), data=tmp_path, encoder=encoder)
    assert names(tmp_path) == {"000001"}
    assert find_faults(tmp_path) == []
    built = build_index(all_reports(), data=tmp_path, encoder=encoder)
    assert 0 < built.embedded < built.windows - 6


def test_segments_go_when_no_kept_snapshot_names_them(data: Path, encoder: Encoder) -> None:
    change_index(Change(added=[report(0, 1), report(1, 1)]), data=data, encoder=encoder)
    assert names(data) == {"000001", "000002"}
    for publisher in ("甲报", "乙报"):
        correct_report(PLACES[0], {"publisher": publisher}, data=data, encoder=encoder)
    assert names(data) == {"000002"}


def test_a_running_reader_opens_only_what_is_new(data: Path, encoder: Encoder) -> None:
    before = HybridIndex(data, encoder)
    change_index(Change(added=[report(2, 0)]), data=data, encoder=encoder)
    # What is open needs not be sound on disk any more; whoever starts anew does look at it.
    damaged = data / "segments" / "000001" / "vectors" / "vectors.npy"
    damaged.unlink()  # not cut short where the reader has it mapped
    damaged.write_bytes(b"broken")
    after = HybridIndex(data, encoder, before)
    assert {hit.report.id for hit in after.search(QUESTIONS[0], limit=9)} == set(PLACES[:3])
    with pytest.raises(SnapshotError, match="000001"):
        HybridIndex(data, encoder)


def test_a_running_service_changes_what_it_has_open_without_reading_it_again(
    data: Path, encoder: Encoder
) -> None:
    before = HybridIndex(data, encoder)
    file = data / "segments" / "000001" / "windows.npy"
    file.unlink()  # what is mapped stays
    with pytest.raises(SnapshotError, match="windows"):
        change_index(Change(gone={PLACES[0]}), data=data, encoder=encoder)
    after = before.changed(Change(gone={PLACES[0]}))
    assert [one.id for one in after.reports] == [PLACES[1]]
    assert {hit.report.id for hit in after.search(QUESTIONS[0], limit=9)} == {PLACES[1]}


def test_what_is_broken_is_not_merged_into_what_is_sound(data: Path, encoder: Encoder) -> None:
    (data / "segments" / "000001" / "tokens" / "signs.npy").write_bytes(b"broken")
    added = [report(place, 0) for place in range(2, 6)]
    with pytest.raises(SnapshotError, match=r"signs\.npy"):
        change_index(Change(added=added), data=data, encoder=encoder)
    assert names(data) == {"000001"}


def test_a_damaged_text_is_not_indexed_anew(data: Path, encoder: Encoder) -> None:
    file = data / "segments" / "000001" / "texts.jsonl"
    file.write_text(file.read_text("utf-8").replace("公园", "花园"), "utf-8")
    with pytest.raises(SnapshotError, match=r"文字已损坏.*doctor --repair"):
        correct_report(PLACES[0], {"title": "新的标题"}, data=data, encoder=encoder)
    assert names(data) == {"000001"}


def test_a_vector_cache_about_another_mean_is_begun_anew(data: Path, encoder: Encoder) -> None:
    (data / CACHE).unlink()
    keep_mean_token(data / CACHE, encoder.identity, np.ones(encoder.dimension, np.float32))
    change_index(Change(added=[report(2, 0)]), data=data, encoder=encoder)
    means = [path.read_bytes() for path in data.glob("segments/*/tokens/mean.npy")]
    assert len(means) == 2
    assert len(set(means)) == 1


def test_user_words_are_those_of_all_segments(data: Path, encoder: Encoder) -> None:
    (data / "words.txt").write_text("修路八十\n", "utf-8")
    change_index(Change(added=[report(2, 0)]), data=data, encoder=encoder)
    assert names(data) & {"000001"} == {"000001"}  # of the snapshot before
    index = HybridIndex(data, encoder)
    assert len(index.search(QUESTIONS[0], limit=99)) == index.paragraphs


def test_texts_read_from_a_segment_are_those_that_were_read(
    sample_reports: tuple[Report, ...], sample_data: Path, encoder: Encoder
) -> None:
    reports = HybridIndex(sample_data, encoder).reports
    assert reports == sample_reports
    assert reports_json(reports) == reports_json(sample_reports)
    for stored, read in zip(reports, sample_reports, strict=True):
        assert stored.paragraphs[-1] == read.paragraphs[-1]
        assert tuple(stored.paragraphs[1:3]) == read.paragraphs[1:3]
        assert stored.text != replace(read, text=Text("", (), ())).text


def test_adding_reports_leaves_few_segments_and_copies_each_window_a_few_times() -> None:
    sizes: list[Size] = []
    copied = total = 0
    for _ in range(20_000):
        chosen = merged(sizes, 50)
        copied += sum(sizes[number].kept for number in chosen)
        grown = Size(50 + sum(sizes[number].kept for number in chosen), 0)
        assert grown.kept <= LARGEST
        sizes = [size for number, size in enumerate(sizes) if number not in chosen] + [grown]
        total += 50
    assert len(sizes) <= total / LARGEST + np.log2(LARGEST)
    assert copied < total * 2 * np.log2(LARGEST)
