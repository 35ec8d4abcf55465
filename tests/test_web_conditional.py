"""Entity tags: what a client has is not sent again, and what it has not seen is not overwritten."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from conftest import running_server

pytestmark = pytest.mark.model

MERGE_PATCH = {"Content-Type": "application/merge-patch+json"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, sample_data: Path) -> Iterator[httpx.Client]:
    """A client of a server of its own, for reports are changed."""
    data = shutil.copytree(sample_data, tmp_path_factory.mktemp("tagged") / "data")
    with running_server(data) as url, httpx.Client(base_url=url, timeout=120) as client:
        yield client


@pytest.fixture
def address(client: httpx.Client) -> str:
    return f"/api/v1/reports/{client.get('/api/v1/reports').json()['items'][0]['id']}"


@pytest.mark.parametrize("of", ["", "{report}", "{report}/paragraphs"])
def test_what_a_client_has_is_not_sent_again(client: httpx.Client, address: str, of: str) -> None:
    path = of.format(report=address) or "/api/v1/reports"
    first = client.get(path)
    assert first.headers["cache-control"] == "no-store"  # by browsers; programs may keep it
    tag = first.headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = client.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    other = client.get(path, headers={"If-None-Match": '"other"'})
    assert (other.status_code, other.json()) == (200, first.json())


def test_parts_of_a_list_have_tags_of_their_own(client: httpx.Client, address: str) -> None:
    tags = {
        client.get(f"{address}/paragraphs?limit=1&offset={offset}").headers["etag"]
        for offset in range(3)
    }
    assert len(tags) == 3


def test_a_correction_changes_the_tag(client: httpx.Client, address: str) -> None:
    before = client.get(address).headers["etag"]
    corrected = client.patch(address, json={"publisher": "云汀日报"}, headers=MERGE_PATCH)
    after = client.get(address, headers={"If-None-Match": before})
    assert after.status_code == 200
    assert after.headers["etag"] == corrected.headers["etag"] != before


def test_what_someone_else_has_changed_is_not_overwritten(
    client: httpx.Client, address: str
) -> None:
    seen = client.get(address).headers["etag"]
    mine = client.patch(
        address, json={"publisher": "青岚日报"}, headers={**MERGE_PATCH, "If-Match": seen}
    )
    assert mine.status_code == 200
    late = client.patch(
        address, json={"publisher": "白鹭日报"}, headers={**MERGE_PATCH, "If-Match": seen}
    )
    assert late.status_code == 412
    assert late.headers["content-type"] == "application/problem+json"
    assert late.json()["type"] == "urn:youju:problem:changed-meanwhile"
    assert client.get(address).json()["publisher"] == "青岚日报"
    anyway = client.patch(
        address, json={"publisher": "白鹭日报"}, headers={**MERGE_PATCH, "If-Match": "*"}
    )
    assert anyway.json()["publisher"] == "白鹭日报"
