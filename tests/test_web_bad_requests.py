"""Bad requests: each gets a problem of RFC 9457 that names the fault and repeats no input."""

import json
from collections.abc import Iterator

import httpx
import pytest

pytestmark = pytest.mark.model

JSON = {"Content-Type": "application/json"}
CANARY = "金丝雀"


@pytest.fixture(scope="module")
def client(server_url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server_url, timeout=30) as client:
        yield client


def assert_problem(reply: httpx.Response, status: int) -> None:
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    assert len(reply.content) < 2000
    problem = reply.json()
    assert problem["status"] == status
    assert problem["type"].startswith("urn:youju:problem:")
    assert problem["title"]
    assert problem["detail"]
    assert problem["instance"] == f"urn:uuid:{reply.headers['x-request-id']}"
    assert CANARY not in reply.text


def body(**fields: object) -> bytes:
    return json.dumps({"question": CANARY, **fields}).encode()


FIELD_FAULTS: dict[str, tuple[bytes, str]] = {
    "lone surrogate": (b'{"question": "\\ud800"}', "question"),
    "surrogate in text": (b'{"question": "\xe9\x87\x91\\udc00"}', "question"),
    "surrogate in a field's name": (b'{"question": "a", "\\udfff": 1}', "body"),
    "surrogate in history": (body(history=[{"question": "\ud83d"}]), "history[0].question"),
    "not a number": (b'{"question": "a", "top_k": NaN}', "top_k"),
    "infinity": (b'{"question": "a", "top_k": Infinity}', "top_k"),
    "no question": (b"{}", "question"),
    "nothing": (b"", "body"),
    "null": (b"null", "body"),
    "a list": (b"[]", "body"),
    "empty question": (body(question=""), "question"),
    "white space": (body(question=" \u3000\n\t"), "question"),
    "2,001 characters": (body(question="问" * 2001), "question"),
    "a number as question": (body(question=1), "question"),
    "top_k 0": (body(top_k=0), "top_k"),
    "top_k -1": (body(top_k=-1), "top_k"),
    "top_k 51": (body(top_k=51), "top_k"),
    "top_k huge": (body(top_k=10**9), "top_k"),
    "top_k as text": (body(top_k="5"), "top_k"),
    "top_k as truth value": (body(top_k=True), "top_k"),
    "21 turns": (body(history=[{"question": "a"}] * 21), "history"),
    "long turn": (body(history=[{"question": "问" * 4001}]), "history[0].question"),
    "turn without question": (body(history=[{"answer": "b"}]), "history[0].question"),
    "unknown field": (body(limit=3), "limit"),
    "unknown field with an odd name": (body(**{f"<{CANARY}>": 3}), "?"),
    "unknown field in a turn": (body(history=[{"question": "a", "x": 1}]), "history[0].x"),
    "unknown grouping": (body(group_by=CANARY), "group_by"),
    "no reports": (body(reports=[]), "reports"),
    "unknown report": (body(reports=[CANARY]), "reports[0]"),
    "report with a surrogate": (body(reports=["\ud800"]), "reports[0]"),
}


@pytest.mark.parametrize(("content", "field"), FIELD_FAULTS.values(), ids=FIELD_FAULTS)
def test_a_bad_field_is_named(client: httpx.Client, content: bytes, field: str) -> None:
    reply = client.post("/api/v1/ask", content=content, headers=JSON)
    assert_problem(reply, 422)
    assert [error["field"] for error in reply.json()["errors"]] == [field]
    assert all(error["reason"] for error in reply.json()["errors"])


UNREADABLE: dict[str, bytes] = {
    "no JSON": CANARY.encode(),
    "cut off": b'{"question": "',
    "GBK": '{"question": "河南"}'.encode("gbk"),
    "deep lists": b"[" * 100_000,
    "deep objects": b'{"a":' * 100_000,
    "deep and closed": b'{"question":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "5,000 digits": b'{"question": "a", "top_k": ' + b"9" * 5000 + b"}",
    "bytes of no encoding": b"\xff\xfe\xfd",
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_json_is_refused_as_such(client: httpx.Client, content: bytes) -> None:
    assert_problem(client.post("/api/v1/ask", content=content, headers=JSON), 400)


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_only_json_is_taken(client: httpx.Client, content_type: str) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    assert_problem(client.post("/api/v1/ask", content=body(), headers=headers), 415)


@pytest.mark.parametrize("size", [2 * 1024**2, 9 * 1024**2])
def test_a_large_body_is_refused_unparsed(client: httpx.Client, size: int) -> None:
    content = body(question="x" * size)
    assert_problem(client.post("/api/v1/ask", content=content, headers=JSON), 413)
    chunks = (content[i : i + 65536] for i in range(0, 2 * 1024**2, 65536))
    assert_problem(client.post("/api/v1/ask", content=chunks, headers=JSON), 413)


def test_the_longest_valid_request_fits(client: httpx.Client) -> None:
    turn = {"question": "问" * 4000, "answer": "答" * 4000}
    content = body(question="问" * 2000, history=[turn] * 20)
    assert len(content) > 900_000  # json.dumps escapes each character as six bytes
    assert client.post("/api/v1/ask", content=content, headers=JSON).status_code == 200


def test_many_faults_stay_short(client: httpx.Client) -> None:
    faults: dict[str, object] = {f"unknown_field_with_a_name_so_long_{i:03}": i for i in range(500)}
    reply = client.post("/api/v1/ask", content=body(**faults), headers=JSON)
    assert_problem(reply, 422)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", f"/{CANARY}", 404),
        ("POST", f"/api/v1/{CANARY}", 404),
        ("GET", "/docs", 404),
        ("GET", "/api/v1/reports/", 404),
        ("GET", f"/api/v1/reports/{CANARY}", 404),
        ("GET", f"/api/v1/reports/{CANARY}/paragraphs", 404),
        ("GET", "/api/v1/reports/%ff%00", 404),
        ("GET", "/page/../app.py", 404),
        ("GET", "/page/%2e%2e%2fapp.py", 404),
        ("GET", "/page/%00", 404),
        ("GET", "/page/" + "x" * 300, 404),
        ("GET", "/page/", 404),
        ("GET", "/api/v1/ask", 405),
        ("DELETE", "/api/v1/ask", 405),
        ("POST", "/livez", 405),
        ("BREW", "/api/v1/reports", 405),
        ("POST", "/page/base.css", 405),
        ("GET", "/api/v1/reports?limit=0", 422),
        ("GET", "/api/v1/reports?limit=1001", 422),
        ("GET", f"/api/v1/reports?limit={CANARY}", 422),
        ("GET", "/api/v1/reports?offset=-1", 422),
        ("GET", "/api/v1/reports?offset=99999999999999999999", 422),
    ],
)
def test_wrong_paths_methods_and_parameters_are_problems(
    client: httpx.Client, method: str, path: str, status: int
) -> None:
    reply = client.request(method, path)
    assert_problem(reply, status)
    assert ("allow" in reply.headers) == (status == 405)


def test_problems_speak_english_when_asked(client: httpx.Client) -> None:
    reply = client.post("/api/v1/ask", json={}, headers={"Accept-Language": "en-GB, zh;q=0.5"})
    assert_problem(reply, 422)
    assert reply.json()["errors"] == [{"field": "question", "reason": "This field is missing."}]
    assert reply.headers["content-language"] == "en"
    assert reply.text.isascii()
