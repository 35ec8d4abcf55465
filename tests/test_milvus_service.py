"""The whole service with its reports in Milvus: indexed, asked, added to, from several machines."""

import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import httpx
import pytest
from conftest import free_port, running_server
from milvus_lite import LiteServer

import youju
from corpus import SAMPLES, Report
from index import Encoder, HybridIndex, Milvus, MilvusIndex, MilvusStore

pytestmark = pytest.mark.model

QUESTIONS = ("去年新建了多少公园？", "困难职工慰问金发放了多少", "農民工工資", "工会慰问困南职工")


@pytest.fixture(scope="module")
def lite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiteServer]:
    with LiteServer(tmp_path_factory.mktemp("milvus")) as server:
        yield server


@pytest.fixture(scope="module")
def uri(lite: LiteServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with the sample reports, indexed by the command."""
    uri = lite.new_database()
    data = str(tmp_path_factory.mktemp("indexer"))
    assert youju.main(["index", str(SAMPLES), "--store", f"milvus:{uri}", "--data", data]) == 0
    return uri


def test_both_indexes_find_the_same_in_the_same_order(
    uri: str, sample_data: Path, encoder: Encoder, tmp_path: Path
) -> None:
    embedded = HybridIndex(sample_data, encoder)
    milvus = MilvusIndex(MilvusStore(Milvus(uri), encoder), tmp_path)
    assert milvus.paragraphs == embedded.paragraphs
    assert sorted(milvus.reports, key=by_id) == sorted(embedded.reports, key=by_id)
    for question in QUESTIONS:
        query = embedded.understand(question)
        assert milvus.understand(question) == query
        assert milvus.rarity(question) == pytest.approx(embedded.rarity(question))
        assert milvus.knows(question) == embedded.knows(question)
        hits, expected = milvus.search(query, limit=20), embedded.search(query, limit=20)
        places = [(hit.report.id, hit.paragraph.ordinal, hit.window) for hit in hits]
        assert places == [(h.report.id, h.paragraph.ordinal, h.window) for h in expected]
        scores = [hit.score for hit in hits]
        assert scores == pytest.approx([hit.score for hit in expected], abs=1e-3)
        alike = milvus.worded_like(question, limit=3)
        assert alike == embedded.worded_like(question, limit=3)


def test_a_question_about_every_report_finds_the_best_of_each(
    uri: str, sample_data: Path, encoder: Encoder, tmp_path: Path
) -> None:
    embedded = HybridIndex(sample_data, encoder)
    milvus = MilvusIndex(MilvusStore(Milvus(uri), encoder), tmp_path)
    for question in QUESTIONS:
        best: list[dict[str, int]] = []
        for index in (embedded, milvus):
            hits = index.search(question, limit=index.paragraphs, exhaustive=True)
            best.append({hit.report.id: hit.paragraph.ordinal for hit in reversed(hits)})
        assert best[0] == best[1]


def test_the_command_asks(uri: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = ["--store", f"milvus:{uri}", "--data", str(tmp_path)]
    assert youju.main(["ask", "去年新建了多少公园？", "--json", *store]) in {0, 1}
    assert '"passages"' in capsys.readouterr().out


def test_indexing_again_embeds_nothing(
    uri: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["index", str(SAMPLES), "--json", "--store", f"milvus:{uri}"]
    assert youju.main([*arguments, "--data", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert '"embedded": 0' in out
    assert '"changed": false' in out


@pytest.mark.parametrize("store", ["milvus", "milvus:127.0.0.1:19530", "redis:http://x"])
def test_a_store_that_is_none_is_refused_with_an_example(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert youju.main(["ask", "公园？", "--store", store, "--data", str(tmp_path)]) == 2
    assert "milvus:http://127.0.0.1:19530" in capsys.readouterr().err


def test_a_store_that_is_not_there_ends_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = f"milvus:http://127.0.0.1:{free_port()}"
    assert youju.main(["serve", "--store", store, "--data", str(tmp_path)]) == 2
    assert "是否在运行" in capsys.readouterr().err


def test_servers_over_one_milvus_see_each_others_changes(
    lite: LiteServer, sample_reports: tuple[Report, ...], tmp_path: Path, encoder: Encoder
) -> None:
    uri = lite.new_database()
    MilvusStore(Milvus(uri), encoder).upsert(sample_reports[:2])
    store = {"YOUJU_STORE": f"milvus:{uri}"}
    with (
        running_server(tmp_path / "one", **store) as one,
        running_server(tmp_path / "other", **store) as other,
        httpx.Client(timeout=30) as client,
    ):
        content = "# 云汀市职工书屋纪实\n\n云汀市去年新建职工书屋三十七家，藏书九万册。\n".encode()
        files = {"files": ("云汀书屋.md", content)}
        client.post(f"{one}/api/v1/reports", files=files).raise_for_status()

        def titles(server: str) -> dict[str, str]:
            items = client.get(f"{server}/api/v1/reports").json()["items"]
            return {item["title"]: item["id"] for item in items}

        title = "云汀市职工书屋纪实"
        eventually(lambda: title in titles(other))
        question = {"question": "云汀市新建了多少家职工书屋？"}
        reply = client.post(f"{other}/api/v1/ask", json=question).json()
        assert reply["passages"][0]["text"].startswith("云汀市去年新建职工书屋三十七家")

        report = titles(other)[title]
        patch = client.patch(f"{other}/api/v1/reports/{report}", json={"title": "书屋纪实"})
        assert patch.json()["title"] == "书屋纪实"
        eventually(lambda: "书屋纪实" in titles(one))
        client.delete(f"{one}/api/v1/reports/{report}").raise_for_status()
        eventually(lambda: "书屋纪实" not in titles(other))
        folder = titles(one)[sample_reports[0].title]
        client.delete(f"{one}/api/v1/reports/{folder}").raise_for_status()
        removed = client.get(f"{one}/api/v1/removed-reports").json()["items"]
        assert [item["id"] for item in removed] == [folder]


def test_while_milvus_is_away_questions_are_told_so_and_answered_again_after(
    sample_reports: tuple[Report, ...], tmp_path: Path, encoder: Encoder
) -> None:
    with LiteServer(tmp_path / "milvus") as lite:
        MilvusStore(Milvus(lite.uri), encoder).upsert(sample_reports)
        store = {"YOUJU_STORE": f"milvus:{lite.uri}", "YOUJU_QUESTION_SECONDS": "30"}
        with running_server(tmp_path / "data", **store) as url, httpx.Client(timeout=60) as client:
            numbers = count(1)

            def ask() -> httpx.Response:
                question = f"新建了几座公园？第{next(numbers)}次问"  # answers are remembered
                return client.post(f"{url}/api/v1/ask", json={"question": question})

            assert ask().status_code == 200
            lite.kill()
            away = ask()
            assert away.status_code == 503
            assert away.json()["type"].endswith("store-unavailable")
            assert away.headers["retry-after"]
            assert client.get(f"{url}/livez").status_code == 200
            lite.start()
            eventually(lambda: ask().status_code == 200)


def by_id(report: Report) -> str:
    return report.id


def eventually(holds: Callable[[], bool]) -> None:
    """Wait until something holds, for a minute at the most."""
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.3)
