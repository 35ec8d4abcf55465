"""Milvus as a store: what is particular to it."""

import copy
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import free_port
from hypothesis import given, settings
from hypothesis import strategies as st
from milvus_lite import LiteServer
from test_index import NORTH, SOUTH

from index import Encoder, StoreError, tokens
from index.milvus_rows import LONGEST_TEXT, joined, words
from index.milvus_server import Milvus
from index.milvus_store import Edit, MilvusStore


def renamed(encoder: Encoder) -> Encoder:
    """The same model under another name, as if it were another one."""
    other = copy.copy(encoder)
    other.identity = "another"
    return other


def wait_until_reached(store: MilvusStore) -> None:
    """Wait until an open connection goes on by itself; gRPC tries again after some seconds."""
    deadline = time.monotonic() + 30
    while True:
        try:
            store.refresh()
        except StoreError:
            assert time.monotonic() < deadline
            time.sleep(0.5)
        else:
            return


@pytest.fixture(scope="module")
def lite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiteServer]:
    with LiteServer(tmp_path_factory.mktemp("milvus")) as server:
        yield server


@settings(deadline=None)
@given(st.text(max_size=80))
def test_tokens_are_words_that_any_analyzer_leaves_whole(text: str) -> None:
    written = words(tokens(text))
    assert all(re.fullmatch(r"\w+", word) for word in written)
    assert len(set(written)) == len(set(tokens(text)))


def test_a_paragraph_longer_than_a_field_keeps_each_of_its_words() -> None:
    many = [f"词{number}" for number in range(5000)] * 3
    text = joined(many)
    assert len(text.encode()) <= LONGEST_TEXT
    assert set(text.split(" ")) == set(many)
    assert Counter(text.split(" ")).most_common(1)[0][1] > 1


def test_a_server_that_is_not_there_is_named_with_the_remedy() -> None:
    with pytest.raises(StoreError, match=r"127\.0\.0\.1.*是否在运行"):
        Milvus(f"http://127.0.0.1:{free_port()}")


@pytest.mark.model
def test_what_was_acknowledged_survives_a_killed_server(tmp_path: Path, encoder: Encoder) -> None:
    with LiteServer(tmp_path) as server:
        store = MilvusStore(Milvus(server.uri), encoder)
        store.upsert([NORTH, SOUTH])
        before = store.count(), store.lexical({"公园": 1.0}, 5)
        server.kill()
        with pytest.raises(StoreError):
            store.refresh()
        server.start()
        wait_until_reached(store)
        again = MilvusStore(Milvus(server.uri), encoder)
        assert (again.count(), again.lexical({"公园": 1.0}, 5)) == before
        assert again.get("北川") == NORTH


@pytest.mark.model
def test_another_model_is_refused_until_everything_is_indexed_anew(
    lite: LiteServer, encoder: Encoder
) -> None:
    uri = lite.new_database()
    MilvusStore(Milvus(uri), encoder).upsert([NORTH])
    other = renamed(encoder)
    with pytest.raises(StoreError, match="另一个模型"):
        MilvusStore(Milvus(uri), other)
    store = MilvusStore(Milvus(uri), other, any_model=True)
    store.rebuild(Edit(added=[NORTH, SOUTH]), ())
    assert store.count().reports == 2
    with pytest.raises(StoreError, match="另一个模型"):
        MilvusStore(Milvus(uri), encoder)


@pytest.mark.model
def test_other_words_make_a_new_generation_beside_the_live_one(
    lite: LiteServer, encoder: Encoder
) -> None:
    milvus = Milvus(lite.new_database())
    store, reader = MilvusStore(milvus, encoder), MilvusStore(milvus, encoder)
    store.upsert([NORTH, SOUTH])
    reader.refresh()
    seen: list[str] = []

    def look(_done: int, _total: int) -> None:
        reader.refresh()
        assert reader.view is not None
        seen.append(reader.view.name[:6])
        assert reader.lexical({"公园": 1.0}, 5)

    for number in (2, 3, 4):
        store.rebuild(Edit(added=[NORTH, SOUTH]), ((f"慰问金{number}", None),), look)
    assert set(seen) == {"000001", "000002", "000003"}
    assert reader.refresh()
    assert reader.view is not None
    assert reader.view.name.startswith("000004")
    assert [name[6:12] for name in milvus.collections() if name.endswith("reports")] == [
        "000003",
        "000004",
    ]


@pytest.mark.model
def test_an_interrupted_generation_is_gone_on_with(lite: LiteServer, encoder: Encoder) -> None:
    milvus = Milvus(lite.new_database())
    store = MilvusStore(milvus, encoder)
    store.upsert([NORTH, SOUTH])
    new = (("慰问金", None),)

    def interrupt(done: int, total: int) -> None:
        if done == total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.rebuild(Edit(added=[NORTH, SOUTH]), new, interrupt)
    assert store.rebuild(Edit(added=[NORTH, SOUTH]), new) == 0
    assert store.view is not None
    assert store.view.generation.number == 2


@pytest.mark.model
def test_a_corrected_title_is_searched_and_an_unfinished_write_is_not_seen(
    lite: LiteServer, encoder: Encoder
) -> None:
    store = MilvusStore(Milvus(lite.new_database()), encoder)
    store.upsert([NORTH, SOUTH])
    store.edit(Edit(added=[NORTH], corrections={"北川": {"title": "北川纪实"}}))
    assert store.get("北川").full_title == "北川纪实"
    assert [one.report for one in store.lexical({"纪实": 1.0}, 5)] == ["北川", "北川"]
    store.upsert([replace(NORTH, date="2025")])
    assert store.get("北川").full_title == "北川纪实"
    assert store.get("北川").date == "2025"
    assert store.count().windows == 3
