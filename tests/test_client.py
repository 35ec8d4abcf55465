"""The Python client against a real server: typed replies, errors by name, patience."""

import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from conftest import ROOT, running_app, running_server
from scripted_llm import scripted_model

import web
import youju
from index import IndexingError
from qa import Answerer, read_marks
from web import LanguageModelSettings, Settings, create_app
from web.ask_models import AskReply
from web.write_models import WriteEnd, WrittenSentence
from youju import (
    Client,
    NotFound,
    RequestInvalid,
    RequestRefused,
    ServiceUnavailable,
    ServiceUnreachable,
    UnexpectedReply,
)

ASKED = "青岚县今年粮食产量目标是多少？"


@pytest.fixture(scope="module")
def client(server_url: str) -> Iterator[Client]:
    with Client(server_url) as client:
        yield client


@pytest.mark.model
def test_a_question_gets_a_typed_reply(client: Client) -> None:
    reply = client.ask(ASKED, top_k=2)
    assert reply.answer is not None
    assert "21.5万吨以上" in reply.answer.text
    assert [passage.rank for passage in reply.passages] == [1, 2]
    assert reply.passages[0].report.title == "2025年青岚县政府工作报告"


@pytest.mark.model
def test_a_conversation_is_exported(client: Client) -> None:
    reply = client.ask(ASKED, top_k=2)
    text = client.export([reply], title="粮食").decode()
    assert text.startswith("# 粮食\n")
    assert all(passage.text[:20] in text for passage in reply.passages)
    assert f"<{client.url}{reply.passages[0].url}>" in text
    assert client.export([reply], form="docx").startswith(b"PK")
    with pytest.raises(RequestInvalid, match="turns"):
        client.export([])


@pytest.mark.model
def test_feedback_is_kept(sample_data: Path, tmp_path: Path) -> None:
    data = shutil.copytree(sample_data, tmp_path / "data")
    with running_server(data) as url, Client(url) as client:
        passage = client.ask(ASKED).passages[0]
        client.send_feedback(ASKED, passage, right=True, history=[("有哪些县？", "青岚县。")])
    (mark,) = read_marks(data / "feedback.jsonl")
    assert (mark.question, mark.right, mark.report) == (ASKED, True, passage.report.id)
    assert mark.quote in passage.text
    assert [turn.question for turn in mark.history] == ["有哪些县？"]


@pytest.mark.model
def test_history_and_filters_are_sent(client: Client) -> None:
    first = client.ask(ASKED)
    assert first.answer is not None
    reply = client.ask("那城镇新增就业呢？", history=[(ASKED, first.answer.text)])
    assert "青岚县" in reply.resolved_question
    report = first.passages[0].report.id
    only = client.ask(ASKED, reports=[report], top_k=50)
    assert {passage.report.id for passage in only.passages} == {report}
    grouped = client.ask(ASKED, group_by="report", top_k=50)
    assert len(grouped.passages) == len(list(client.reports()))


@pytest.mark.model
def test_passages_are_cited_and_quotations_checked(client: Client) -> None:
    passage = client.ask(ASKED).passages[0]
    assert "2025年青岚县政府工作报告" in client.cite([passage])
    assert client.cite([passage], form="bibtex").startswith("@")
    assert client.verify("粮食产量21.5万吨以上").status == "verbatim"
    assert client.verify("粮食产量22.5万吨以上", report=passage.report.id).status == "changed"


@pytest.mark.model
def test_reports_and_paragraphs_are_listed_whole(client: Client, answerer: Answerer) -> None:
    reports = list(client.reports())
    assert [report.id for report in reports] == [report.id for report in answerer.reports]
    detail = client.report(reports[0].id)
    assert detail.outline
    paragraphs = list(client.paragraphs(reports[0].id))
    assert len(paragraphs) == detail.paragraph_count


@pytest.mark.model
def test_the_service_says_what_it_is(client: Client) -> None:
    service = client.service()
    assert service.name == "youju"
    assert service.features.writing is False


@pytest.mark.model
def test_reports_are_uploaded_removed_and_restored(sample_data: Path, tmp_path: Path) -> None:
    shutil.copytree(sample_data, tmp_path / "data")
    file = tmp_path / "青石镇2024年工作报告.txt"
    file.write_text("青石镇2024年工作报告\n\n一、农业\n\n青石镇建成水渠36公里。\n", "utf-8")
    with running_server(tmp_path / "data") as url, Client(url) as client:
        (done,) = client.wait_for(client.upload([file]))
        assert done.state == "done"
        assert done.report is not None
        assert client.report(done.report).title == "青石镇2024年工作报告"
        (again,) = client.wait_for([client.reread(done.report)])
        assert again.state == "done"
        client.remove(done.report)
        with pytest.raises(NotFound):
            client.report(done.report)
        first = next(client.reports())
        client.remove(first.id)
        assert [report.id for report in client.removed()] == [first.id]
        client.restore(first.id)
        assert client.report(first.id).title == first.title
        table = tmp_path / "表格.xlsx"
        table.write_bytes(b"x")
        with pytest.raises(RequestInvalid, match="不支持这种文件"):
            client.upload([table])


@pytest.mark.model
def test_what_is_refused_raises_by_name(client: Client) -> None:
    with pytest.raises(NotFound, match="没有这份报告"):
        client.report("没有#这份")
    with pytest.raises(RequestInvalid, match="question：不能为空") as caught:
        client.ask("")
    assert caught.value.problem.status == 422
    assert caught.value.problem.instance.startswith("urn:uuid:")
    with pytest.raises(RequestInvalid, match="colour：没有这一项"):
        client.correct(next(client.reports()).id, {"colour": "red"})


@pytest.mark.model
def test_what_is_written_comes_as_typed_events(client: Client, answerer: Answerer) -> None:
    with pytest.raises(RequestRefused, match="没有开启写作"):
        next(client.write(ASKED))
    with scripted_model() as model:
        model.pieces = ["青岚县粮食产量21.5万吨以上。[1]", "共25万吨。[1]"]
        llm = LanguageModelSettings(f"{model.url}/v1", "small")
        app = create_app(lambda: answerer, Settings(port=0, llm=llm))
        with running_app(app) as url, Client(url) as writing:
            assert writing.service().features.writing is True
            answer, first, second, end = writing.write(ASKED)
    assert isinstance(answer, AskReply)
    assert isinstance(first, WrittenSentence)
    assert isinstance(second, WrittenSentence)
    assert isinstance(end, WriteEnd)
    assert [first.supported, second.supported] == [True, False]
    assert (end.sentences, end.unsupported) == (2, 1)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "127.0.0.1:8000", "http://no-such.invalid"])
def test_an_address_where_nothing_listens_is_named(url: str) -> None:
    with Client(url) as client, pytest.raises(ServiceUnreachable, match=re.escape(url)):
        client.service()


def test_no_proxy_stands_before_this_machine(
    server_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    with Client(server_url) as client:
        assert client.service().name == "youju"


@pytest.mark.model
def test_it_waits_while_reports_are_loaded(answerer: Answerer) -> None:
    may_finish = threading.Event()

    def load() -> Answerer:
        may_finish.wait(timeout=20)
        return answerer

    with running_app(create_app(load, Settings(port=0))) as url, Client(url) as client:
        assert client.service().name == "youju"
        threading.Timer(1, may_finish.set).start()
        started = time.monotonic()
        assert client.ask(ASKED).answerable
        assert time.monotonic() - started > 1
    with Client(url, retries=0) as client, pytest.raises(ServiceUnreachable):
        client.ask(ASKED)


def test_what_will_never_be_ready_is_not_waited_for() -> None:
    def load() -> Answerer:
        raise IndexingError("索引坏了：请重新运行 youju index。")

    app = create_app(load, Settings(port=0))
    with running_app(app) as url, Client(url) as client:
        app.state.loading.done.exception(timeout=20)
        started = time.monotonic()
        with pytest.raises(ServiceUnavailable, match="索引坏了"):
            client.ask(ASKED)
        assert time.monotonic() - started < 2


def test_it_gives_up_after_its_retries() -> None:
    release = threading.Event()

    def load() -> Answerer:
        release.wait(timeout=20)
        raise IndexingError("没有索引")

    with running_app(create_app(load, Settings(port=0))) as url:
        with Client(url, retries=0) as client, pytest.raises(ServiceUnavailable, match="正在装载"):
            client.ask(ASKED)
        release.set()


class Other(BaseHTTPRequestHandler):
    """Another program, which answers every request with a page."""

    def do_GET(self) -> None:
        """Reply with HTML."""
        self.send_response(200 if self.path == "/api/v1/service" else 502)
        self.end_headers()
        self.wfile.write(b"<html>hello</html>")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_another_program_at_the_address_is_told_apart() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Other)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with Client(f"http://127.0.0.1:{server.server_port}/") as client:
            with pytest.raises(UnexpectedReply, match="是不是有据"):
                client.service()
            with pytest.raises(UnexpectedReply):
                client.report("x")
    finally:
        server.shutdown()
        server.server_close()


def test_all_names_are_those_of_the_package() -> None:
    names = set(youju.__all__) - {"main"}
    assert all(getattr(youju, name) is getattr(web, name) for name in names)
    with pytest.raises(AttributeError, match="Klient"):
        youju.Klient  # noqa: B018 - reading it is the test


def test_importing_it_loads_no_model_library() -> None:
    program = (
        "import sys, youju; assert 'web' not in sys.modules\n"
        "from youju import Client\n"
        "assert not {'torch', 'openvino', 'transformers'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)
