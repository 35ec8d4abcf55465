"""``/api/v1/reports``: lists, outlines and paragraphs as the reports were read."""

from collections.abc import Iterator

import httpx
import pytest

from corpus import Report

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def client(server_url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{server_url}/api/v1", timeout=30) as client:
        yield client


def test_the_list_names_every_report(
    client: httpx.Client, sample_reports: tuple[Report, ...]
) -> None:
    listed = client.get("/reports").json()
    assert listed["total"] == len(sample_reports)
    assert {item["id"]: item["title"] for item in listed["items"]} == {
        report.id: report.title for report in sample_reports
    }
    for item in listed["items"]:
        report = next(report for report in sample_reports if report.id == item["id"])
        assert item["sha256"] == report.sha256
        assert item["date"] == report.date
        assert item["authors"] == list(report.authors)
        assert item["paragraph_count"] == len(report.paragraphs)


def test_pages_of_a_list_join_to_the_whole(client: httpx.Client) -> None:
    whole = client.get("/reports").json()["items"]
    pages = [
        client.get("/reports", params={"limit": 1, "offset": i}).json()["items"]
        for i in range(len(whole) + 1)
    ]
    assert [item for page in pages for item in page] == whole
    assert pages[-1] == []


def test_an_outline_leads_to_the_paragraphs_under_its_headings(
    client: httpx.Client, sample_reports: tuple[Report, ...]
) -> None:
    for report in sample_reports:
        detail = client.get(f"/reports/{report.id}").json()
        assert [section["heading"] for section in detail["outline"]] == [
            section.heading for section in report.sections
        ]
        paragraphs = client.get(f"/reports/{report.id}/paragraphs").json()["items"]
        starts = {item["ordinal"]: item["section"] for item in paragraphs}
        for section in detail["outline"]:
            assert section["path"][-1] == section["heading"]
            path = starts.get(section["first_paragraph"], section["path"])
            assert path[: len(section["path"])] == section["path"]


def test_paragraphs_are_given_in_order_with_place_and_kind(
    client: httpx.Client, sample_reports: tuple[Report, ...]
) -> None:
    for report in sample_reports:
        listed = client.get(f"/reports/{report.id}/paragraphs", params={"limit": 10000}).json()
        assert listed["total"] == len(report.paragraphs)
        for item, paragraph in zip(listed["items"], report.paragraphs, strict=True):
            assert item == {
                "ordinal": paragraph.ordinal,
                "text": paragraph.text,
                "kind": paragraph.kind,
                "section": list(paragraph.section),
                "spans": [
                    {"start": s.start, "end": s.end, "page": s.page, "box": s.box}
                    for s in paragraph.spans
                ],
                "torn": paragraph.torn,
            }


def test_a_page_of_paragraphs_starts_where_it_is_asked_to(client: httpx.Client) -> None:
    report = client.get("/reports").json()["items"][0]
    path = f"/reports/{report['id']}/paragraphs"
    whole = client.get(path).json()["items"]
    assert client.get(path, params={"offset": 2, "limit": 3}).json()["items"] == whole[2:5]
