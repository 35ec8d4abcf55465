"""Adding reports and taking them out over HTTP, with a real server that is started again."""

import json
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import running_server

from web.imports import uploaded_name

pytestmark = pytest.mark.model

EAST = "东川县2024年工作报告\n\n一、粮食\n\n全年粮食产量九万吨，比上年增加一千吨。\n"
UNKNOWN = "1" * 24
WEST = "西川县2024年工作报告\n\n一、道路\n\n全年修路八十公里，修桥两座。\n"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, sample_data: Path) -> Path:
    return shutil.copytree(sample_data, tmp_path_factory.mktemp("imports") / "data")


@pytest.fixture(scope="module")
def client(data: Path) -> Iterator[httpx.Client]:
    with running_server(data) as url, httpx.Client(base_url=url, timeout=60) as client:
        yield client


def upload(client: httpx.Client, *files: tuple[str, str | bytes]) -> httpx.Response:
    return client.post("/api/v1/reports", files=[("files", file) for file in files])


def watched(client: httpx.Client, reply: httpx.Response) -> list[dict[str, Any]]:
    """The events about an upload, to the end."""
    ids = [item["id"] for item in reply.json()["items"]]
    with client.stream("GET", "/api/v1/imports/events", params={"id": ids}) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        return [
            json.loads(line.removeprefix("data: "))
            for line in stream.iter_lines()
            if line.startswith("data: ")
        ]


def best(client: httpx.Client, question: str) -> dict[str, Any]:
    reply = client.post("/api/v1/ask", json={"question": question}).json()
    passage: dict[str, Any] = reply["passages"][0]
    return passage


def listed(client: httpx.Client) -> dict[str, str]:
    items = client.get("/api/v1/reports").json()["items"]
    return {item["file"]: item["id"] for item in items}


def test_an_uploaded_report_is_watched_answered_from_and_deleted(
    client: httpx.Client, data: Path
) -> None:
    reply = upload(client, ("东川.txt", EAST))
    assert reply.status_code == 202
    events = watched(client, reply)
    assert events[-1]["state"] == "done"
    assert events[-1]["file"] == "上传/东川.txt"
    identity = events[-1]["report"]
    assert best(client, "东川县粮食产量是多少？")["report"]["id"] == identity
    assert client.delete(f"/api/v1/reports/{identity}").status_code == 204
    assert "上传/东川.txt" not in listed(client)
    assert client.get(f"/api/v1/reports/{identity}").status_code == 404
    assert not [path for path in (data / "originals").glob("*.txt") if "东川" in path.read_text()]


def test_one_bad_file_is_named_and_stops_no_other(client: httpx.Client) -> None:
    reply = upload(client, ("西川.txt", WEST), ("坏.docx", b"PK\x03\x04 no"))
    states = {event["file"]: event for event in watched(client, reply)}
    assert states["上传/西川.txt"]["state"] == "done"
    assert states["上传/坏.docx"]["state"] == "failed"
    assert "。" in states["上传/坏.docx"]["reason"]
    assert "上传/坏.docx" not in listed(client)
    client.delete(f"/api/v1/reports/{listed(client)['上传/西川.txt']}")


@pytest.mark.parametrize(
    ("name", "content"), [("表.xlsx", b"x"), ("空.txt", b""), ("无扩展名", b"x")]
)
def test_what_can_never_be_read_is_refused_by_its_place(
    client: httpx.Client, name: str, content: bytes
) -> None:
    before = listed(client)
    reply = upload(client, ("东川.txt", EAST), (name, content))
    assert reply.status_code == 422
    assert reply.headers["content-type"] == "application/problem+json"
    assert [error["field"] for error in reply.json()["errors"]] == ["files[1]"]
    assert listed(client) == before


@pytest.mark.parametrize("body", [b"", b"--x--", b"x" * 1000])
def test_what_is_no_upload_is_a_problem(client: httpx.Client, body: bytes) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    for given in (headers, {"Content-Type": "application/json"}, {}):
        reply = client.post("/api/v1/reports", content=body, headers=given)
        assert 400 <= reply.status_code < 500
        assert reply.headers["content-type"] == "application/problem+json"


def test_a_report_of_the_folder_is_taken_out_and_put_back(client: httpx.Client) -> None:
    file, identity = next(iter(listed(client).items()))
    assert client.delete(f"/api/v1/reports/{identity}").status_code == 204
    assert file not in listed(client)
    removed = client.get("/api/v1/removed-reports").json()
    assert [item["file"] for item in removed["items"]] == [file]
    reply = client.post(f"/api/v1/removed-reports/{identity}/restore")
    assert reply.status_code == 204, reply.text
    assert file in listed(client)
    assert client.get("/api/v1/removed-reports").json()["total"] == 0
    assert client.post(f"/api/v1/removed-reports/{identity}/restore").status_code == 404


def test_a_report_is_read_again(client: httpx.Client) -> None:
    identity = watched(client, upload(client, ("东川.txt", EAST)))[-1]["report"]
    reply = client.post(f"/api/v1/reports/{identity}/reread")
    assert reply.status_code == 202
    ids = {"id": reply.json()["id"]}
    assert '"done"' in client.get("/api/v1/imports/events", params=ids).text
    client.delete(f"/api/v1/reports/{identity}")


@pytest.mark.parametrize(
    "identity", ["../CURRENT", "x", "", "18" * 60, "1" * 20 + "\n", "…", "%00"]
)
def test_what_is_no_id_of_an_upload_is_refused_and_never_a_path(
    client: httpx.Client, data: Path, identity: str
) -> None:
    (data / f"{UNKNOWN}.json").write_text("{}", "utf-8")
    reply = client.get("/api/v1/imports/events", params={"id": identity})
    assert reply.status_code == 422
    assert [error["field"] for error in reply.json()["errors"]] == ["id[0]"]
    unknown = client.get("/api/v1/imports/events", params={"id": "1" * 20})
    assert (unknown.status_code, unknown.json()["type"]) == (
        404,
        "urn:youju:problem:unknown-import",
    )


def test_only_the_uploads_that_are_asked_for_are_told(client: httpx.Client) -> None:
    mine = upload(client, ("东川.txt", EAST))
    other = upload(client, ("西川.txt", WEST))
    told = {event["file"] for event in watched(client, mine)}
    assert told == {"上传/东川.txt"}
    identities = [watched(client, reply)[-1]["report"] for reply in (mine, other)]
    for identity in identities:
        client.delete(f"/api/v1/reports/{identity}")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:9"},
    ],
)
def test_pages_of_other_sites_change_nothing(client: httpx.Client, headers: dict[str, str]) -> None:
    identity = next(iter(listed(client).values()))
    before = listed(client)
    question = {"question": "有什么？"}
    replies = [
        client.post("/api/v1/reports", files={"files": ("东川.txt", EAST)}, headers=headers),
        client.delete(f"/api/v1/reports/{identity}", headers=headers),
        client.post(f"/api/v1/reports/{identity}/reread", headers=headers),
        client.patch(f"/api/v1/reports/{identity}", json={"title": "x"}, headers=headers),
        client.post("/api/v1/ask", json=question, headers=headers),
    ]
    assert {reply.status_code for reply in replies} == {403}
    assert listed(client) == before
    own = {"Origin": str(client.base_url).rstrip("/"), "Sec-Fetch-Site": "same-origin"}
    assert client.post("/api/v1/ask", json=question, headers=own).status_code == 200


def test_questions_are_answered_while_reports_are_indexed(client: httpx.Client) -> None:
    long = "东川县2024年工作报告\n\n" + "\n".join(
        f"第{number}个村修路{number}公里，种树{number * 7}棵，办好事{number + 3}件。"
        for number in range(300)
    )
    done = threading.Event()
    statuses: list[int] = []

    def ask() -> None:
        while not done.is_set():
            reply = client.post("/api/v1/ask", json={"question": "修路多少公里？"})
            statuses.append(reply.status_code)

    thread = threading.Thread(target=ask)
    thread.start()
    events = watched(client, upload(client, ("东川长.txt", long)))
    done.set()
    thread.join()
    assert set(statuses) == {200}
    assert "indexing" in {event["state"] for event in events}
    client.delete(f"/api/v1/reports/{events[-1]['report']}")


def test_what_waits_when_the_service_ends_is_read_after_the_next_start(
    tmp_path: Path, sample_data: Path
) -> None:
    data = shutil.copytree(sample_data, tmp_path / "data")
    with running_server(data) as url, httpx.Client(base_url=url, timeout=60) as client:
        reply = upload(client, ("东川.txt", EAST), ("西川.txt", WEST))
        assert reply.status_code == 202
    with running_server(data) as url, httpx.Client(base_url=url, timeout=60) as client:
        deadline = time.monotonic() + 60
        while any(
            item["state"] != "done" for item in client.get("/api/v1/imports").json()["items"]
        ):
            assert time.monotonic() < deadline
            time.sleep(0.2)
        assert {"上传/东川.txt", "上传/西川.txt"} <= listed(client).keys()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\报告\\年报.docx", "年报.docx"),
        ("a\x00b\n.txt", "ab.txt"),
        ("CON.txt", "CON.txt"),
        ("长" * 300 + ".docx", "长" * 150 + ".docx"),
        ("", "报告"),
        ("..", "报告"),
    ],
)
def test_names_are_no_paths(name: str, shown: str) -> None:
    assert uploaded_name(name) == shown
