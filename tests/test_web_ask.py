"""``POST /api/v1/ask`` on the sample reports: answers keep the contract and can be found again."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from corpus import SAMPLES
from qa import Answerer
from web import answer_reply

pytestmark = pytest.mark.model

QUESTIONS = [
    json.loads(line)
    for line in (SAMPLES.parent / "sample_questions.jsonl").read_text("utf-8").splitlines()
]
ASKED = "青岚县今年粮食产量目标是多少？"


@pytest.fixture(scope="module")
def client(server_url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server_url, timeout=30) as client:
        yield client


def ask(client: httpx.Client, question: str, **more: object) -> dict[str, Any]:
    reply = client.post("/api/v1/ask", json={"question": question, **more})
    assert reply.status_code == 200, reply.text
    answer: dict[str, Any] = reply.json()
    return answer


def squash(text: str) -> str:
    return "".join(text.split())


def test_the_answering_sentence_comes_with_its_passage(client: httpx.Client) -> None:
    answer = ask(client, ASKED)
    assert answer["answerable"] is True
    assert "21.5万吨" in answer["answer"]["text"]
    passage = answer["passages"][answer["answer"]["passage"] - 1]
    start, end = passage["highlights"][0]
    assert passage["text"][start:end] == answer["answer"]["text"]
    assert passage["report"]["title"] == "2025年青岚县政府工作报告"
    assert passage["section"]
    assert passage["citation"]["gbt7714"]
    assert passage["text"] in passage["citation"]["markdown"].replace("> ", "")


@pytest.mark.parametrize("item", QUESTIONS, ids=[item["id"] for item in QUESTIONS])
def test_every_passage_can_be_found_again_in_its_source(
    client: httpx.Client, answerer: Answerer, item: dict[str, Any]
) -> None:
    answer = ask(client, item["question"], history=item["history"], top_k=10)
    sources = {report.id: report.source for report in answerer.reports}
    assert [passage["rank"] for passage in answer["passages"]] == list(
        range(1, len(answer["passages"]) + 1)
    )
    for passage in answer["passages"]:
        source = sources[passage["report"]["id"]]
        quote, position = passage["locator"]
        start, end = position["start"], position["end"]
        assert (start, end) == (passage["source"]["start"], passage["source"]["end"])
        # Of a table the row is found: other rows stand between it and its head.
        text = passage["text"].split("\n")[-1] if passage["kind"] == "table" else passage["text"]
        assert quote["exact"] == text
        assert source[:start].endswith(quote["prefix"])
        assert source[end:].startswith(quote["suffix"])
        assert squash(source[start:end]).startswith(squash(text)[:5])
        assert squash(source[start:end]).endswith(squash(text)[-5:])
        assert all(0 <= a < b <= len(passage["text"]) for a, b in passage["highlights"])


def test_a_question_outside_the_reports_gets_the_nearest_passages_and_no_answer(
    client: httpx.Client,
) -> None:
    answer = ask(client, "火星基地的氧气储备有多少吨？")
    assert answer["answerable"] is False
    assert answer["answer"] is None
    assert answer["confidence"] < 0.5
    assert answer["passages"]


def test_history_completes_a_follow_up(client: httpx.Client) -> None:
    item = next(item for item in QUESTIONS if item["kind"] == "followup")
    answer = ask(client, item["question"], history=item["history"])
    assert answer["question"] == item["question"]
    assert answer["resolved_question"] != item["question"]


def test_top_k_bounds_the_passages(client: httpx.Client) -> None:
    assert [len(ask(client, ASKED, top_k=k)["passages"]) for k in (1, 3)] == [1, 3]
    assert len(ask(client, ASKED)["passages"]) == 5


def test_a_filter_keeps_to_its_reports(client: httpx.Client) -> None:
    reports = client.get("/api/v1/reports").json()["items"]
    for report in reports:
        answer = ask(client, ASKED, reports=[report["id"]], top_k=50)
        assert {passage["report"]["id"] for passage in answer["passages"]} == {report["id"]}


def test_grouping_gives_each_report_once(client: httpx.Client) -> None:
    total = client.get("/api/v1/reports").json()["total"]
    answer = ask(client, ASKED, group_by="report", top_k=50)
    found = [passage["report"]["id"] for passage in answer["passages"]]
    assert len(found) == len(set(found)) == total


def test_the_address_of_a_passage_opens_its_report(client: httpx.Client) -> None:
    passage = ask(client, ASKED)["passages"][0]
    address = urlsplit(passage["url"])
    assert address.fragment == f"p{passage['paragraph']}"
    (start, end), *_ = passage["highlights"]
    assert parse_qs(address.query) == {"quote": [passage["text"][start:end]]}
    assert client.get(passage["url"]).status_code == 200
    listed = client.get(f"/api/v1{address.path}/paragraphs").json()["items"]
    paragraph = next(item for item in listed if item["ordinal"] == passage["paragraph"])
    assert passage["text"] in paragraph["text"]
    assert passage["section"] == paragraph["section"]


def test_white_space_around_a_question_is_dropped(client: httpx.Client) -> None:
    assert ask(client, f"\u3000 {ASKED}\n")["question"] == ASKED


@pytest.mark.parametrize("question", ["？？？", "\u200b", "😀" * 2000, "\x00", "a" * 2000])
def test_odd_questions_are_answered_or_refused_but_break_nothing(
    client: httpx.Client, question: str
) -> None:
    reply = client.post("/api/v1/ask", json={"question": question})
    assert reply.status_code in {200, 422}


def test_the_command_line_gives_the_same_reply_untimed(
    client: httpx.Client, answerer: Answerer
) -> None:
    reply = ask(client, ASKED)
    assert reply.pop("took_ms") > 0
    assert answer_reply(answerer.ask(ASKED)) == reply
