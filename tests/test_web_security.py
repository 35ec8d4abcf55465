"""What stands around every request: headers, hosts, and files that hold nothing foreign."""

import re
from collections.abc import Iterator

import httpx
import pytest

from web.pages import FOLDER

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def client(server_url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server_url, timeout=30) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/reports/x", "/page/chat.js", "/livez", "/nowhere"])
def test_every_reply_carries_the_same_protection(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers
    assert "server" not in headers


def test_every_request_has_an_id_of_its_own(client: httpx.Client) -> None:
    ids = {client.get("/livez").headers["x-request-id"] for _ in range(3)}
    assert len(ids) == 3


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:8000", "127.0.0.1:1", "[::1]:8000", "LOCALHOST", "192.168.1.7:8000"],
)
def test_own_names_and_addresses_in_numbers_are_served(client: httpx.Client, host: str) -> None:
    assert client.get("/livez", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example:8000",
        "evil.example@localhost",
        "localhost:8000:9000",
        "0x7f000001",
        "",
    ],
)
@pytest.mark.parametrize("path", ["/", "/api/v1/reports", "/page/chat.js", "/livez"])
def test_foreign_names_are_refused(client: httpx.Client, host: str, path: str) -> None:
    reply = client.get(path, headers={"Host": host})
    assert reply.status_code == 421
    assert reply.headers["content-type"] == "application/problem+json"


def test_api_replies_are_not_stored(client: httpx.Client) -> None:
    assert client.get("/api/v1/service").headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/", *(f"/page/{file.name}" for file in FOLDER.iterdir())])
def test_page_files_are_asked_for_anew_and_seldom_sent_again(
    client: httpx.Client, path: str
) -> None:
    first = client.get(path)
    assert first.status_code == 200
    assert first.headers["cache-control"] == "no-cache"
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert client.head(path).status_code == 200


def test_the_chat_page_weighs_less_than_100_kilobytes(client: httpx.Client) -> None:
    """As sent, with all modules and styles that its first view loads or imports."""
    seen, todo, weight = set[str](), ["/"], 0
    while todo:
        path = todo.pop()
        if path in seen:
            continue
        seen.add(path)
        with client.stream("GET", path) as reply:
            assert reply.status_code == 200
            content = b"".join(reply.iter_bytes())
            weight += reply.num_bytes_downloaded
        text = content.decode()
        todo += re.findall(r'(?:href|src)="(/page/[^"]+)"', text)
        todo += [f"/page/{name}" for name in re.findall(r'from "\./([^"]+)"', text)]
    assert {"/page/chat.js", "/page/report_view.js", "/page/chat.css"} <= seen
    assert weight < 100_000


@pytest.mark.parametrize("page", ["/", "/verify", "/reports/{report}"])
def test_a_page_names_all_its_modules_so_that_they_come_at_once(
    client: httpx.Client, page: str
) -> None:
    report = client.get("/api/v1/reports").json()["items"][0]["id"]
    reply = client.get(page.format(report=report))
    scripts = re.findall(r'<script type="module" src="([^"]+)"', reply.text)
    named = re.findall(r"<([^>]+)>; rel=modulepreload", reply.headers["link"])
    imported = set(scripts)
    for path in named:
        text = client.get(path).raise_for_status().text
        imported |= {f"/page/{name}" for name in re.findall(r'from "\./([^"]+)"', text)}
    assert len(named) == len(set(named)) > 10
    assert imported == set(named)


@pytest.mark.parametrize(
    "path", ["/livez", "/readyz", "/api/v1/reports", "/openapi.json", "/nowhere", "/api/v1/ask"]
)
def test_head_says_what_get_would_and_sends_no_body(client: httpx.Client, path: str) -> None:
    head, got = client.head(path), client.get(path)
    assert head.status_code == got.status_code
    assert head.headers["content-type"] == got.headers["content-type"]
    assert head.content == b""
    assert client.get("/livez").status_code == 200


@pytest.mark.parametrize(
    ("file", "media_type"),
    [("chat.js", "text/javascript"), ("base.css", "text/css"), ("favicon.svg", "image/svg+xml")],
)
def test_page_files_have_the_type_that_browsers_insist_on(
    client: httpx.Client, file: str, media_type: str
) -> None:
    assert client.get(f"/page/{file}").headers["content-type"].startswith(media_type)


@pytest.mark.parametrize("file", [file.name for file in FOLDER.iterdir()])
def test_page_files_name_no_other_server_and_write_no_markup(file: str) -> None:
    content = (FOLDER / file).read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?://|//[a-z]+\.", content)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", content)
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", content)
