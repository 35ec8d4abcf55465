"""``PATCH /api/v1/reports/{id}``: corrections over HTTP, kept, applied at once, and taken back."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import running_app, running_server
from filelock import FileLock

from corpus import Report
from index import Encoder, HybridIndex
from qa import Answerer
from web import Settings, create_app
from web.models import CorrectionPatch

pytestmark = pytest.mark.model

MERGE_PATCH = {"Content-Type": "application/merge-patch+json"}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, sample_data: Path) -> Path:
    return shutil.copytree(sample_data, tmp_path_factory.mktemp("corrected") / "data")


@pytest.fixture(scope="module")
def client(data: Path) -> Iterator[httpx.Client]:
    """A client of a server of its own: what is corrected here is seen by no other test."""
    with running_server(data) as url, httpx.Client(base_url=url, timeout=120) as client:
        yield client


@pytest.fixture(scope="module")
def chronicle(sample_reports: tuple[Report, ...]) -> Report:
    return next(report for report in sample_reports if report.file.endswith(".txt"))


def patch(client: httpx.Client, report: Report, content: object, **headers: str) -> httpx.Response:
    return client.patch(
        f"/api/v1/reports/{report.id}", json=content, headers={**MERGE_PATCH, **headers}
    )


def origin(detail: dict[str, Any], field: str) -> dict[str, str] | None:
    return next((item for item in detail["origins"] if item["field"] == field), None)


def test_a_correction_is_replied_and_seen_everywhere_at_once(
    client: httpx.Client, chronicle: Report
) -> None:
    before = client.get(f"/api/v1/reports/{chronicle.id}").json()
    fields = {"date": "2024-02", "publisher": "云汀日报", "period": "2023", "authors": ["江砚秋"]}
    reply = patch(client, chronicle, fields)
    assert reply.status_code == 200
    detail = reply.json()
    assert {field: detail[field] for field in fields} == fields
    assert origin(detail, "date") == {
        "field": "date",
        "place": "correction",
        "quote": 'date = "2024-02"',
    }
    assert origin(detail, "subtitle") == origin(before, "subtitle")
    assert client.get(f"/api/v1/reports/{chronicle.id}").json() == detail
    listed = client.get("/api/v1/reports").json()["items"]
    assert next(item for item in listed if item["id"] == chronicle.id)["date"] == "2024-02"
    question = {"question": "职工夜校开了多少门课？", "reports": [chronicle.id], "top_k": 1}
    passage = client.post("/api/v1/ask", json=question).json()["passages"][0]
    assert (passage["report"]["date"], passage["report"]["publisher"]) == ("2024-02", "云汀日报")
    assert passage["citation"]["gbt7714"].startswith("江砚秋. ")
    assert passage["citation"]["gbt7714"].endswith("[N]. 云汀日报，2024-02.")
    assert passage["citation"]["missing"] == ["edition"]
    assert patch(client, chronicle, dict.fromkeys(fields)).json() == before


def test_a_corrected_title_is_cited_and_a_new_snapshot_answers(
    client: httpx.Client, chronicle: Report
) -> None:
    snapshot = client.get("/readyz").json()["snapshot"]
    detail = patch(client, chronicle, {"title": " 云汀工会暖心录 ", "subtitle": ""}).json()
    assert (detail["title"], detail["subtitle"]) == ("云汀工会暖心录", None)
    question = {"question": "职工夜校开了多少门课？", "reports": [chronicle.id], "top_k": 1}
    reply = client.post("/api/v1/ask", json=question).json()
    assert reply["snapshot"] == client.get("/readyz").json()["snapshot"] > snapshot
    assert "云汀工会暖心录[R]" in reply["passages"][0]["citation"]["gbt7714"]
    read = patch(client, chronicle, {"title": None, "subtitle": None}).json()
    assert (read["title"], read["subtitle"]) == (chronicle.title, chronicle.subtitle)


def test_what_a_reference_lacks_can_be_filled_in(client: httpx.Client, chronicle: Report) -> None:
    address = "https://www.yunting.example/2024/0203/a.html"
    fields = {"edition": "15", "url": address, "publisher": "云汀日报", "date": "2024-02-03"}
    detail = patch(client, chronicle, fields).json()
    assert {field: detail[field] for field in fields} == fields
    assert detail["document_type"] == "newspaper"
    params = {"passage": f"{chronicle.id}:5"}
    assert client.get("/api/v1/citations", params=params).text == (
        "[1] 江砚秋，陆知遥. 把家安在职工心坎上：云汀市总工会2023年工作纪实[N/OL]. "
        f"云汀日报，2024-02-03（15）. {address}.\n"
    )
    detail = patch(client, chronicle, {"document_type": "report", "edition": None}).json()
    assert detail["document_type"] == "report"
    patch(client, chronicle, dict.fromkeys([*fields, "document_type"]))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"url": "javascript:alert(1)"}, "网址"),
        ({"url": "https://"}, "网址"),
        ({"url": "https://a.example/b c"}, "网址"),
        ({"document_type": "book"}, "report、newspaper"),
    ],
)
def test_what_is_no_address_and_no_type_is_refused(
    client: httpx.Client, chronicle: Report, fields: dict[str, str], reason: str
) -> None:
    reply = patch(client, chronicle, fields)
    assert reply.status_code == 422
    (error,) = reply.json()["errors"]
    assert error["field"] == next(iter(fields))
    assert reason in error["reason"]


def test_what_is_left_out_of_a_patch_stays_corrected(
    client: httpx.Client, chronicle: Report
) -> None:
    patch(client, chronicle, {"date": "2024-02"})
    detail = patch(client, chronicle, {"publisher": "云汀日报"}).json()
    assert (detail["date"], detail["publisher"]) == ("2024-02", "云汀日报")
    assert patch(client, chronicle, {}).json() == detail
    patch(client, chronicle, {"date": None, "publisher": None})


def test_a_correction_outlives_the_server(
    client: httpx.Client, data: Path, encoder: Encoder, chronicle: Report
) -> None:
    patch(client, chronicle, {"organisation": "云汀市总工会机关"})
    reports = HybridIndex(data, encoder).reports
    assert [r.organisation for r in reports if r.id == chronicle.id] == ["云汀市总工会机关"]
    patch(client, chronicle, {"organisation": None})


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({"date": "2025-02-30"}, "date"),
        ({"date": "去年"}, "date"),
        ({"date": 2025}, "date"),
        ({"period": "2024/2020"}, "period"),
        ({"authors": "江砚秋"}, "authors"),
        ({"authors": ["江砚秋", " "]}, "authors[1]"),
        ({"authors": ["江"] * 101}, "authors"),
        ({"title": "长" * 501}, "title"),
        ({"title": "两\n行"}, "title"),
        ({"publisher": "\u0000"}, "publisher"),
        ({"sha256": "0"}, "sha256"),
        ([], "body"),
        (None, "body"),
    ],
)
def test_what_cannot_be_a_value_is_refused_by_the_name_of_its_field(
    client: httpx.Client, chronicle: Report, content: object, field: str
) -> None:
    before = client.get(f"/api/v1/reports/{chronicle.id}").json()
    reply = patch(client, chronicle, content)
    assert reply.status_code == 422
    assert reply.headers["content-type"] == "application/problem+json"
    assert [error["field"] for error in reply.json()["errors"]] == [field]
    assert client.get(f"/api/v1/reports/{chronicle.id}").json() == before


def test_a_refusal_says_why_in_both_languages(client: httpx.Client, chronicle: Report) -> None:
    zh = patch(client, chronicle, {"date": "x"}).json()["errors"][0]["reason"]
    en = patch(client, chronicle, {"date": "x"}, **{"Accept-Language": "en"}).json()
    assert "2025-01-18" in zh
    assert en["errors"][0]["reason"].startswith("This must be a date")


def test_requests_that_are_no_patch_are_refused(client: httpx.Client, chronicle: Report) -> None:
    path = f"/api/v1/reports/{chronicle.id}"
    broken = client.patch(path, content=b"{", headers=MERGE_PATCH)
    assert (broken.status_code, broken.json()["type"]) == (400, "urn:youju:problem:malformed-json")
    form = client.patch(path, data={"date": "2025"})
    assert form.status_code == 415
    assert form.headers["accept-patch"] == "application/merge-patch+json"
    assert client.patch(path, json={"date": None}).status_code == 200
    unknown = client.patch("/api/v1/reports/000000000000", json={"date": "2025"})
    assert (unknown.status_code, unknown.json()["type"]) == (
        404,
        "urn:youju:problem:unknown-report",
    )


def test_foreign_pages_cannot_correct_anything(client: httpx.Client, chronicle: Report) -> None:
    reply = patch(client, chronicle, {"date": "2025"}, Host="evil.example")
    assert reply.status_code == 421
    # A browser asks before it sends a PATCH from another origin, and gets no leave.
    asked = client.options(
        f"/api/v1/reports/{chronicle.id}",
        headers={"Origin": "http://evil.example", "Access-Control-Request-Method": "PATCH"},
    )
    assert asked.status_code == 405
    assert not [name for name in asked.headers if name.startswith("access-control")]
    assert client.get(f"/api/v1/reports/{chronicle.id}").json()["date"] == chronicle.date


def test_while_the_index_is_written_a_correction_is_told_to_wait(
    client: httpx.Client, data: Path, chronicle: Report
) -> None:
    with FileLock(data / "LOCK"):
        reply = patch(client, chronicle, {"date": "2025"})
    assert (reply.status_code, reply.json()["type"]) == (503, "urn:youju:problem:indexing")
    assert int(reply.headers["retry-after"]) > 0
    assert patch(client, chronicle, {"date": "2025"}).json()["date"] == "2025"
    patch(client, chronicle, {"date": None})


def test_a_correction_that_cannot_be_kept_is_refused_with_the_reason(
    client: httpx.Client, data: Path, chronicle: Report
) -> None:
    file = data / "corrections.json"
    kept = file.read_text("utf-8")
    file.write_text("broken", encoding="utf-8")
    reply = patch(client, chronicle, {"date": "2025"})
    file.write_text(kept, encoding="utf-8")
    assert (reply.status_code, reply.json()["type"]) == (503, "urn:youju:problem:not-kept")
    assert "corrections.json" in reply.json()["detail"]
    assert client.get("/readyz").status_code == 200


def test_one_correction_is_applied_at_a_time_and_questions_are_answered_meanwhile(
    answerer: Answerer, chronicle: Report
) -> None:
    begun, may_finish = threading.Event(), threading.Event()

    class Slow(Answerer):
        def corrected(self, *_: object) -> Answerer:
            begun.set()
            may_finish.wait(20)
            return answerer

    app = create_app(lambda: Slow(answerer._index), Settings(port=0))  # noqa: SLF001 - made slow
    replies: list[httpx.Response] = []
    with running_app(app) as url, httpx.Client(base_url=url, timeout=30) as client:
        app.state.loading.done.result(timeout=20)
        first = threading.Thread(
            target=lambda: replies.append(patch(client, chronicle, {"date": "2025"}))
        )
        first.start()
        assert begun.wait(20)
        second = patch(client, chronicle, {"date": "2024"})
        asked = client.post("/api/v1/ask", json={"question": "职工夜校开了多少门课？"})
        may_finish.set()
        first.join(20)
    assert (second.status_code, second.json()["type"]) == (503, "urn:youju:problem:indexing")
    assert asked.status_code == 200
    assert [reply.status_code for reply in replies] == [200]


def test_the_operation_is_described_with_valid_examples(client: httpx.Client) -> None:
    document = client.get("/openapi.json").json()
    operation = document["paths"]["/api/v1/reports/{report_id}"]["patch"]
    assert operation["operationId"] == "correctReport"
    assert list(operation["requestBody"]["content"]) == ["application/merge-patch+json"]
    assert operation["requestBody"]["required"]
    examples = document["components"]["schemas"]["CorrectionPatch"]["examples"]
    assert [CorrectionPatch.model_validate(example).changes() for example in examples]
