"""``POST /api/v1/feedback``: marks on disk, of which ``youju eval --draft`` makes questions."""

import json
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import running_server

import youju
from corpus import Report
from qa import draft_questions, read_marks, read_question_set

pytestmark = pytest.mark.model

QUESTION = "青岚县今年粮食产量目标是多少？"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, sample_data: Path) -> Path:
    return shutil.copytree(sample_data, tmp_path_factory.mktemp("marked") / "data")


@pytest.fixture(scope="module")
def client(data: Path) -> Iterator[httpx.Client]:
    with running_server(data) as url, httpx.Client(base_url=url, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def answered(client: httpx.Client) -> dict[str, Any]:
    """A mark of what answers the question, as the page sends it."""
    reply = client.post("/api/v1/ask", json={"question": QUESTION}).json()
    passage = reply["passages"][0]
    return {
        "question": QUESTION,
        "report": passage["report"]["id"],
        "paragraph": passage["paragraph"],
        "quote": reply["answer"]["text"],
        "right": True,
    }


@pytest.fixture
def file(data: Path) -> Iterator[Path]:
    file = data / "feedback.jsonl"
    file.unlink(missing_ok=True)
    yield file
    file.unlink(missing_ok=True)


def send(client: httpx.Client, mark: dict[str, Any], **fields: object) -> httpx.Response:
    return client.post("/api/v1/feedback", json=mark | fields)


def test_marks_become_questions_and_the_last_one_counts(
    client: httpx.Client,
    answered: dict[str, Any],
    data: Path,
    file: Path,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    history = [{"question": "青岚县去年粮食产量是多少？", "answer": "21万吨"}]
    for fields in (
        {"right": False},
        {"question": "答得不对的问题？"},
        {},
        {"question": "答得不对的问题？", "right": False},
        {"question": "那今年呢？", "history": history},
    ):
        reply = send(client, answered, **fields)
        assert (reply.status_code, reply.content) == (204, b"")
    assert len(file.read_text("utf-8").splitlines()) == 5
    assert youju.main(["eval", "--draft", str(file), "--data", str(data)]) == youju.DONE
    draft = tmp_path / "draft.jsonl"
    draft.write_text(capsys.readouterr().out, encoding="utf-8")
    first, second = read_question_set(draft)
    assert (first.text, second.text) == (QUESTION, "那今年呢？")
    assert first.wanted[0].evidence == (answered["quote"],)
    assert [turn.question for turn in second.history] == [history[0]["question"]]


def test_a_mark_has_all_that_was_sent_and_the_time(
    client: httpx.Client, answered: dict[str, Any], file: Path
) -> None:
    send(client, answered)
    (line,) = map(json.loads, file.read_text("utf-8").splitlines())
    assert line.pop("time") == read_marks(file)[0].time.isoformat()
    assert read_marks(file)[0].time.tzinfo is not None
    assert abs((datetime.now().astimezone() - read_marks(file)[0].time).total_seconds()) < 60
    verdict = {"verdict": "right", "history": []}
    assert line == {key: answered[key] for key in answered if key != "right"} | verdict


def test_a_mark_after_a_line_that_a_crash_cut_off_stands_on_its_own_line(
    client: httpx.Client, answered: dict[str, Any], file: Path
) -> None:
    file.write_bytes('{"question": "青'.encode()[:-1])
    send(client, answered)
    assert json.loads(file.read_bytes().splitlines()[1])["quote"] == answered["quote"]


def test_where_a_quote_stands_twice_the_marked_paragraph_counts(
    client: httpx.Client,
    answered: dict[str, Any],
    file: Path,
    sample_reports: tuple[Report, ...],
) -> None:
    report = next(one for one in sample_reports if one.id == answered["report"])
    holders = [one for one in report.paragraphs if "青岚" in one.text and one.kind == "body"]
    assert holders[0].section[-1:] != holders[-1].section[-1:]
    send(client, answered, quote="青岚", paragraph=holders[-1].ordinal)
    (question,), lost = draft_questions(read_marks(file), sample_reports)
    assert question.sections == holders[-1].section[-1:]
    assert lost == ()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"report": "000000000000"}, "report"),
        ({"paragraph": 99_999}, "paragraph"),
        ({"paragraph": 0}, "paragraph"),
        ({"quote": "报告里没有的话"}, "quote"),
        ({"quote": " "}, "quote"),
        ({"quote": "长" * 4001}, "quote"),
        ({"question": "问" * 2001}, "question"),
        ({"history": [{"question": "问", "answer": ""}] * 21}, "history"),
        ({"right": "yes"}, "right"),
        ({"stars": 5}, "stars"),
    ],
)
def test_what_cannot_be_a_mark_is_refused_and_not_kept(
    client: httpx.Client, answered: dict[str, Any], file: Path, fields: dict[str, Any], field: str
) -> None:
    reply = send(client, answered, **fields)
    assert reply.status_code == 422
    assert [error["field"] for error in reply.json()["errors"]] == [field]
    assert not file.exists()


def test_a_mark_that_cannot_be_kept_says_so(
    client: httpx.Client, answered: dict[str, Any], file: Path
) -> None:
    file.mkdir()
    reply = send(client, answered)
    file.rmdir()
    assert (reply.status_code, reply.json()["type"]) == (503, "urn:youju:problem:not-kept")
