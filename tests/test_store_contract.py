"""Every store keeps, finds and forgets the same: the embedded index and Milvus side by side.

Milvus is Milvus Lite in server mode. With ``YOUJU_MILVUS_URI=http://host:19530`` (and
``YOUJU_STORE_TOKEN``, where it wants one) it is that server, in databases that are made for it and
dropped in the end.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from milvus_lite import TOKEN, LiteServer, LiveServer, milvus_server
from test_index import report

from corpus import Report
from index import Encoder, IndexingError
from index.embedded_store import EmbeddedStore
from index.milvus_server import Milvus
from index.milvus_store import MilvusStore
from index.store import Counts, Scored, Store

pytestmark = pytest.mark.model

NORTH = report("北川", "全年新建公园12座，改造公园3.5公顷。", "为困难职工发放慰问金三百万元。")
SOUTH = report("南川", "全年修路八十公里，修桥两座。")
EAST = report(
    "东川", "新建职工之家四十家，公园里也有一家。", "慰问困难职工九百人次。", "天气很好。"
)
NORTH_NOW = report("北川", "全年新建公园13座。", "为困难职工发放慰问金三百万元。", "修路二十公里。")
QUESTIONS = ("新建了多少公园？", "困难职工得到了多少慰问金？", "修路多少公里？")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiteServer | LiveServer]:
    """Milvus Lite in server mode, or the live server that YOUJU_MILVUS_URI names."""
    with milvus_server(tmp_path_factory.mktemp("milvus")) as server:
        yield server


@pytest.fixture(params=["embedded", "milvus"])
def kind(request: pytest.FixtureRequest) -> str:
    """Which store."""
    kind: str = request.param
    return kind


@pytest.fixture
def place(kind: str, tmp_path: Path, server: LiteServer | LiveServer) -> Path | str:
    """Where a new store has its reports."""
    return tmp_path if kind == "embedded" else server.new_database()


@pytest.fixture
def store(place: Path | str, encoder: Encoder) -> Store:
    """An empty store."""
    return opened(place, encoder)


def opened(place: Path | str, encoder: Encoder) -> Store:
    if isinstance(place, Path):
        return EmbeddedStore(place, encoder)
    # What is compared are the results, not how soon they are there.
    return MilvusStore(Milvus(place, TOKEN, consistency="Strong"), encoder)


def found(scored: list[Scored]) -> list[tuple[str, int]]:
    return [(one.report, one.paragraph) for one in scored]


def test_an_empty_store_holds_and_finds_nothing(store: Store, encoder: Encoder) -> None:
    assert store.count() == Counts(0, 0, 0)
    assert store.get("北川") is None
    assert store.dense(encoder.encode_question("公园").vector, 10) == []
    assert store.lexical({"公园": 1.0}, 10) == []
    assert not store.refresh()


def test_what_is_added_is_counted_and_got_as_it_was(store: Store) -> None:
    store.upsert([NORTH, SOUTH])
    assert store.count() == Counts(reports=2, paragraphs=3, windows=3)
    assert store.get("北川") == NORTH
    assert store.get("西川") is None


def test_the_nearest_window_comes_first_with_its_cosine_and_its_place(
    store: Store, encoder: Encoder
) -> None:
    store.upsert([NORTH, SOUTH, EAST])
    vector = encoder.encode_question("困难职工得到了多少慰问金？").vector
    hits = store.dense(vector, 10)
    assert found(hits)[0] == ("北川", 1)
    assert len(hits) == 6
    [best] = store.dense(vector, 1)
    window = encoder.encode_windows([f"北川工作报告\n{NORTH.paragraphs[1].text}"])[0]
    assert best.score == pytest.approx(float(vector @ window.vector), abs=1e-4)
    assert best.window == (0, len(NORTH.paragraphs[1].text))


def test_words_find_the_paragraphs_that_hold_them_by_weight(store: Store) -> None:
    store.upsert([NORTH, SOUTH, EAST])
    assert set(found(store.lexical({"公园": 1.0}, 10))) == {("北川", 0), ("东川", 0)}
    assert found(store.lexical({"公园": 0.1, "修桥": 1.0}, 10))[0] == ("南川", 0)
    once, twice = (store.lexical({"修桥": weight}, 10)[0].score for weight in (1.0, 2.0))
    assert twice == pytest.approx(2 * once, rel=1e-4)
    assert store.lexical({"没有的词": 1.0}, 10) == []
    assert store.lexical({}, 10) == []


def test_a_number_with_a_point_is_one_token(store: Store) -> None:
    store.upsert([NORTH, SOUTH])
    assert found(store.lexical({"3.5": 1.0}, 10)) == [("北川", 0)]


def test_only_the_wanted_reports_are_searched(store: Store, encoder: Encoder) -> None:
    store.upsert([NORTH, SOUTH, EAST])
    vector = encoder.encode_question("公园").vector
    assert {one.report for one in store.dense(vector, 10, {"东川"})} == {"东川"}
    assert found(store.lexical({"公园": 1.0}, 10, {"东川", "南川"})) == [("东川", 0)]
    for none in (frozenset[str](), {"西川"}):
        assert store.dense(vector, 10, none) == []
        assert store.lexical({"公园": 1.0}, 10, none) == []


def test_adding_the_same_again_changes_nothing(store: Store) -> None:
    store.upsert([NORTH, SOUTH])
    before = store.count(), store.lexical({"公园": 1.0}, 10)
    store.upsert([NORTH])
    store.upsert([SOUTH, NORTH])
    assert (store.count(), store.lexical({"公园": 1.0}, 10)) == before


def test_a_newer_version_takes_the_place_of_the_older(store: Store, encoder: Encoder) -> None:
    store.upsert([NORTH, SOUTH])
    store.upsert([NORTH_NOW])
    assert store.get("北川") == NORTH_NOW
    assert store.count() == Counts(reports=2, paragraphs=4, windows=4)
    assert store.lexical({"3.5": 1.0}, 10) == []
    assert found(store.lexical({"修路": 1.0}, 10, {"北川"})) == [("北川", 2)]
    vector = encoder.encode_question("修路多少公里？").vector
    assert ("北川", 2) in found(store.dense(vector, 2))


def test_a_deleted_report_is_found_no_longer(store: Store, encoder: Encoder) -> None:
    store.upsert([NORTH, SOUTH, EAST])
    store.delete({"北川", "西川"})
    assert store.count() == Counts(reports=2, paragraphs=4, windows=4)
    assert store.get("北川") is None
    vector = encoder.encode_question("慰问金").vector
    assert "北川" not in {one.report for one in store.dense(vector, 10)}
    assert store.lexical({"慰问金": 1.0}, 10) == []


def test_the_last_report_stays(store: Store) -> None:
    store.upsert([NORTH])
    with pytest.raises(IndexingError):
        store.delete({"北川"})
    assert store.get("北川") == NORTH
    assert store.count() == Counts(1, 2, 2)


def test_what_was_interrupted_is_not_seen_and_is_gone_on_with(store: Store) -> None:
    store.upsert([SOUTH])

    def interrupt(done: int, total: int) -> None:
        if done == total > 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.upsert([EAST], interrupt)
    store.refresh()
    assert store.get("东川") is None
    assert store.lexical({"公园": 1.0}, 10) == []
    store.upsert([EAST])
    assert store.count() == Counts(reports=2, paragraphs=4, windows=4)
    assert found(store.lexical({"公园": 1.0}, 10)) == [("东川", 0)]


def test_another_reader_sees_a_change_when_it_looks(
    store: Store, place: Path | str, encoder: Encoder
) -> None:
    store.upsert([NORTH])
    reader = opened(place, encoder)
    store.upsert([SOUTH])
    assert reader.get("南川") is None
    assert reader.refresh()
    assert reader.get("南川") == SOUTH
    assert not reader.refresh()
    store.delete({"南川"})
    assert reader.refresh()
    assert reader.get("南川") is None
    assert reader.lexical({"修桥": 1.0}, 10) == []


VERSIONS: dict[str, tuple[Report, ...]] = {
    "北川": (NORTH, NORTH_NOW),
    "南川": (SOUTH, report("南川", "修桥三座。", "公园五座，公园都免费。")),
    "东川": (EAST,),
}
STEPS = st.lists(
    st.one_of(
        st.lists(st.sampled_from([r for some in VERSIONS.values() for r in some]), max_size=3),
        st.sets(st.sampled_from([*VERSIONS, "西川"]), min_size=1, max_size=2),
    ),
    min_size=2,
    max_size=5,
)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_whatever_is_done_both_hold_and_find_the_same(
    steps: list[list[Report] | set[str]],
    tmp_path_factory: pytest.TempPathFactory,
    server: LiteServer | LiveServer,
    encoder: Encoder,
) -> None:
    stores = (
        opened(tmp_path_factory.mktemp("data"), encoder),
        opened(server.new_database(), encoder),
    )
    for step in steps:
        done = [_do(store, step) for store in stores]
        assert done[0] == done[1]
        _agree(*stores, encoder)


def _do(store: Store, step: list[Report] | set[str]) -> bool:
    """Add or delete; whether that was possible."""
    try:
        if isinstance(step, set):
            store.delete(step)
        else:
            store.upsert(list({one.id: one for one in step}.values()))
    except IndexingError:
        return False
    return True


def _agree(one: Store, other: Store, encoder: Encoder) -> None:
    assert one.count() == other.count()
    for name in VERSIONS:
        assert one.get(name) == other.get(name)
    for question in QUESTIONS:
        vector = encoder.encode_question(question).vector
        _same(one.dense(vector, 20), other.dense(vector, 20))
        _same(one.dense(vector, 20, {"南川", "东川"}), other.dense(vector, 20, {"南川", "东川"}))
    for words in (("公园", "新建"), ("困难", "职工", "慰问"), ("修路", "工作")):
        asked = {word: 1 / number for number, word in enumerate(words, 1)}
        _same(one.lexical(asked, 20), other.lexical(asked, 20))


def _same(some: list[Scored], others: list[Scored]) -> None:
    """The same paragraphs and windows with the same scores, and so the same order but for ties."""
    scores = {(s.report, s.paragraph, s.window): s.score for s in others}
    assert {(s.report, s.paragraph, s.window) for s in some} == scores.keys()
    for scored in some:
        score = scores[scored.report, scored.paragraph, scored.window]
        assert score == pytest.approx(scored.score, abs=1e-4)
    for ranked in (some, others):
        assert [s.score for s in ranked] == sorted((s.score for s in ranked), reverse=True)
