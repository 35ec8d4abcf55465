"""Hostile requests on every operation of the OpenAPI document: refused, and nothing changes.

What is refused is refused within a second, with a problem of less than 2 kB.
"""

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import running_server

pytestmark = pytest.mark.model

SECONDS = 1.0
BYTES = 2000

REPORT = "东川县2024年工作报告\n\n一、粮食\n\n全年粮食产量九万吨，比上年增加一千吨。\n"

DEEP = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
BODIES: dict[str, bytes] = {
    "100,000 lists deep": b"[" * 100_000 + b"]" * 100_000,
    "100,000 objects deep": DEEP,
    "a lone surrogate": b'{"question": "\\ud800", "quote": "\\udfff", "title": "\\ud800"}',
    "a surrogate as a name": b'{"\\ud800": 1}',
    "not a number": b'{"question": NaN, "top_k": NaN, "title": NaN}',
    "infinity": b'{"top_k": Infinity, "title": -Infinity}',
    "a number too large for a float": b'{"top_k": 1e999, "title": 1e999}',
    "5,000 digits": b'{"top_k": ' + b"9" * 5000 + b"}",
    "GBK": '{"question": "粮食产量", "title": "报告"}'.encode("gbk"),
    "2 MB": json.dumps({"question": "问" * 700_000, "title": "x"}, ensure_ascii=False).encode(),
    "nothing": b"",
    "null": b"null",
    "a text": b'"question"',
    "cut off": b'{"question": "',
    "a field twice, of other types": b'{"question": "a", "question": []}',
    "unknown fields": json.dumps({f"field{i}": i for i in range(5000)}).encode(),
}
NUMBERS = (0, -1, 10**9, 10**30, 0.5, "5", True, [1])


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, sample_data: Path) -> Iterator[httpx.Client]:
    """A server of its own: a request that gets through could change it."""
    data = shutil.copytree(sample_data, tmp_path_factory.mktemp("hostile") / "data")
    with running_server(data) as url, httpx.Client(base_url=url, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def operations(client: httpx.Client) -> list[tuple[str, str, dict[str, Any]]]:
    """Method, path with a report that there is, and operation."""
    report = client.get("/api/v1/reports").json()["items"][0]["id"]
    return [
        (method.upper(), path.replace("{report_id}", report).replace("{number}", "1"), operation)
        for path, operations in client.get("/openapi.json").json()["paths"].items()
        for method, operation in operations.items()
    ]


@pytest.fixture
def unchanged(client: httpx.Client) -> Iterator[None]:
    """See to it that the test changes nothing."""

    def state() -> tuple[object, object, object]:
        ready = client.get("/readyz").json()
        return ready, client.get("/api/v1/reports").json(), client.get("/api/v1/imports").json()

    before = state()
    yield
    assert state() == before


def assert_refused(reply: httpx.Response, took: float, what: object) -> None:
    assert 400 <= reply.status_code < 500, (what, reply.status_code)
    of_openai = reply.url.path.startswith(("/v1/", "/mcp"))
    media_type = "application/json" if of_openai else "application/problem+json"
    assert reply.headers["content-type"] in (media_type, "application/problem+json"), what
    assert len(reply.content) < BYTES, what
    assert took < SECONDS, (what, took)


def send(
    client: httpx.Client,
    method: str,
    path: str,
    **given: Any,  # noqa: ANN401 - as httpx takes it
) -> tuple[httpx.Response, float]:
    started = time.perf_counter()
    reply = client.request(method, path, **given)
    return reply, time.perf_counter() - started


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_no_operation_takes_a_hostile_body(
    client: httpx.Client, operations: list[tuple[str, str, dict[str, Any]]], body: bytes
) -> None:
    paths = [
        (method, path, media_type)
        for method, path, operation in operations
        for media_type in operation.get("requestBody", {}).get("content", {})
        if media_type.endswith("json")
    ]
    assert len(paths) > 6
    for method, path, media_type in [*paths, ("POST", "/mcp", "application/json")]:
        headers = {"Content-Type": media_type, "Accept": "application/json"}
        reply, took = send(client, method, path, content=body, headers=headers)
        assert_refused(reply, took, (method, path))


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("number", NUMBERS, ids=str)
def test_no_number_is_too_odd_to_be_refused(client: httpx.Client, number: object) -> None:
    for path, field in (("/api/v1/ask", "top_k"), ("/api/v1/write", "top_k")):
        reply, took = send(client, "POST", path, json={"question": "问", field: number})
        assert_refused(reply, took, path)
    for field in ("limit", "offset"):
        if number not in (0, 10**9, "5"):
            reply, took = send(client, "GET", "/api/v1/reports", params={field: str(number)})
            assert_refused(reply, took, field)


@pytest.mark.usefixtures("unchanged")
def test_a_name_that_is_not_ours_gets_nothing(
    client: httpx.Client, operations: list[tuple[str, str, dict[str, Any]]]
) -> None:
    for method, path, _ in [*operations, ("POST", "/mcp", {}), ("GET", "/", {})]:
        for host in ("evil.example", "evil.example:80", "127.0.0.1.evil.example"):
            reply, took = send(client, method, path, headers={"Host": host})
            assert reply.status_code == 421, (method, path)
            assert_refused(reply, took, path)


FORM = {"Content-Type": "application/x-www-form-urlencoded"}
FOREIGN: tuple[dict[str, str], ...] = (
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:1"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1"},
)


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_foreign_page_changes_nothing_however_it_sends(
    client: httpx.Client,
    operations: list[tuple[str, str, dict[str, Any]]],
    headers: dict[str, str],
) -> None:
    bodies: list[dict[str, Any]] = [
        {"json": {"question": "问"}},
        {"data": {"question": "问"}},
        {"files": {"files": ("东川.txt", REPORT)}},
        {"content": b'{"question": "x"}', "headers": headers | {"Content-Type": "text/plain"}},
        {},
    ]
    unsafe = [(method, path) for method, path, _ in operations if method != "GET"]
    for method, path in [*unsafe, ("POST", "/mcp")]:
        for body in bodies:
            reply, took = send(client, method, path, **{"headers": headers, **body})
            assert reply.status_code == 403, (method, path, body)
            assert reply.headers.get("access-control-allow-origin") is None
            assert_refused(reply, took, path)


def test_no_page_elsewhere_is_told_that_it_may_ask(client: httpx.Client) -> None:
    headers = {
        "Origin": "https://evil.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    for path in ("/api/v1/ask", "/v1/chat/completions", "/api/v1/reports", "/mcp"):
        reply = client.options(path, headers=headers)
        assert reply.status_code >= 400
        assert not [name for name in reply.headers if name.startswith("access-control-")]


NAMES = (
    "../../出去.txt",
    "/etc/出去.txt",
    "C:\\Windows\\出去.txt",
    "..\\..\\出去.txt",
    "CON.txt",
    "nul.txt",
    "长" * 300 + ".txt",
    "%00.txt",
    "....//....//x.txt",
)


def test_names_of_uploads_are_never_paths(
    tmp_path_factory: pytest.TempPathFactory, sample_data: Path
) -> None:
    folder = tmp_path_factory.mktemp("names")
    data = shutil.copytree(sample_data, folder / "data")
    before = set(data.rglob("*"))
    with running_server(data) as url, httpx.Client(base_url=url, timeout=60) as client:
        for number, name in enumerate(NAMES):
            content = f"东川县第{number}份工作报告\n\n全年粮食产量九万吨。\n"
            reply = client.post("/api/v1/reports", files={"files": (name, content)})
            assert reply.status_code == 202, (name, reply.text)
            (item,) = reply.json()["items"]
            assert item["file"].count("/") == 1
        raw = 'form-data; name="files"; filename="a\0b.txt"'
        body = f"--x\r\nContent-Disposition: {raw}\r\n\r\n东川\r\n--x--\r\n"
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        reply = client.post("/api/v1/reports", content=body.encode(), headers=headers)
        assert reply.status_code in (202, 400, 422)
    assert set(folder.iterdir()) == {data}
    kept = [path for path in set(data.rglob("*")) - before if path.parent.name == "originals"]
    assert len(kept) >= len(NAMES)
    for path in kept:
        assert path.name.isascii()
        assert path.stem.isalnum()
