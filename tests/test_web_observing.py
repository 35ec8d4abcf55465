"""Metrics, logs and traces: what is noted of requests, and what never is."""

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import ROOT, running_app
from prometheus_client.parser import text_string_to_metric_families

from qa import Answerer
from web import Settings, SettingsError, create_app
from web.logs import JsonLines
from web.tracing import Tracing

pytestmark = pytest.mark.model

CANARY = "金丝雀在青岚县的粮食产量目标是多少？"


def running(answerer: Answerer, settings: Settings) -> Iterator[str]:
    app = create_app(lambda: answerer, settings)
    with running_app(app) as url:
        app.state.loading.done.result(timeout=60)
        yield url


@pytest.fixture
def url(answerer: Answerer) -> Iterator[str]:
    yield from running(answerer, Settings())


def metrics(url: str) -> dict[str, float]:
    reply = httpx.get(f"{url}/metrics")
    assert reply.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {
        f"{sample.name}{sorted(sample.labels.values())}": sample.value
        for family in text_string_to_metric_families(reply.text)
        for sample in family.samples
    }


def test_metrics_count_requests_by_route_and_say_what_the_service_holds(
    url: str, answerer: Answerer
) -> None:
    for _ in range(3):
        httpx.post(f"{url}/api/v1/ask", json={"question": CANARY})
    httpx.post(f"{url}/api/v1/ask", content=b"{")
    for path in ("one", "two"):
        httpx.get(f"{url}/api/v1/reports/{path}")
        httpx.get(f"{url}/{path}")
    httpx.request("BREW", f"{url}/livez")
    httpx.get(f"{url}/livez", headers={"Host": "evil.example"})
    seen = metrics(url)
    assert seen["youju_requests_total['/api/v1/ask', '200', 'POST']"] == 3
    assert seen["youju_requests_total['/api/v1/ask', '415', 'POST']"] == 1
    assert seen["youju_requests_total['/api/v1/reports/{report_id}', '404', 'GET']"] == 2
    assert seen["youju_requests_total['-', '404', 'GET']"] == 2
    assert seen["youju_requests_total['-', '421', 'GET']"] == 1
    assert [name for name in seen if "OTHER" in name and "_total" in name]
    assert seen["youju_request_seconds_count['/api/v1/ask']"] == 4
    assert seen["youju_queue[]"] == seen["youju_slots_busy[]"] == 0
    assert seen["youju_slots[]"] >= 1
    assert seen["youju_ready[]"] == 1
    assert seen["youju_reports[]"] == len(answerer.reports)
    assert seen["youju_uploads_waiting[]"] == 0
    assert seen[f"youju_snapshot['{answerer.snapshot}']"] == 1
    if sys.platform == "linux":
        assert seen["process_resident_memory_bytes[]"] > 10**7
    assert CANARY not in httpx.get(f"{url}/metrics").text


def requests_in(records: list[logging.LogRecord]) -> list[dict[str, Any]]:
    lines = [json.loads(JsonLines().format(record)) for record in records]
    return [line for line in lines if line["message"] == "request"]


@pytest.mark.parametrize("wanted", [False, True])
def test_the_log_has_questions_only_where_they_are_wanted(
    answerer: Answerer, caplog: pytest.LogCaptureFixture, *, wanted: bool
) -> None:
    with caplog.at_level(logging.INFO, "web"):
        for url in running(answerer, Settings(log_questions=wanted)):
            reply = httpx.post(f"{url}/api/v1/ask", json={"question": CANARY})
            body = {"model": "youju", "messages": [{"role": "user", "content": CANARY}]}
            httpx.post(f"{url}/v1/chat/completions", json=body)
            httpx.get(f"{url}/{CANARY}")
    asked, chatted, nowhere = requests_in(caplog.records)
    assert asked["request_id"] == reply.headers["x-request-id"]
    assert (asked["method"], asked["route"], asked["status"]) == ("POST", "/api/v1/ask", 200)
    assert asked["ms"] > 0
    assert asked["level"] == "info"
    assert [line.get("question") for line in (asked, chatted)] == [CANARY if wanted else None] * 2
    assert nowhere["route"] == "-"
    if not wanted:
        assert "金丝雀" not in caplog.text
        assert "粮食产量" not in caplog.text


def test_a_service_that_logs_json_writes_nothing_else(sample_data: Path) -> None:
    command = [sys.executable, "-m", "youju", "serve", "--data", str(sample_data), "--port", "0"]
    environment = os.environ | {"YOUJU_LOG": "json"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        try:
            ready = json.loads(process.stderr.readline())
            assert ready["message"] == "ready"
            httpx.get(f"{ready['address']}livez")
        finally:
            process.terminate()
        lines = [json.loads(line) for line in process.stderr.read().splitlines()]
    assert [line.get("route") for line in lines] == ["/livez"]


@pytest.mark.parametrize("name", ["YOUJU_LOG", "YOUJU_LOG_QUESTIONS"])
def test_a_choice_that_is_none_is_refused_by_name(name: str) -> None:
    with pytest.raises(SettingsError, match=f"{name}='yes'"):
        Settings.from_environment(environment={name: "yes"})


def test_traces_are_sent_where_they_are_wanted_and_hold_no_question(
    answerer: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    received: list[bytes] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Collector) as collector:
        threading.Thread(target=collector.serve_forever, daemon=True).start()
        endpoint = f"http://127.0.0.1:{collector.server_port}"
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
        for url in running(answerer, Settings.from_environment()):
            httpx.post(f"{url}/api/v1/ask", json={"question": CANARY})
        collector.shutdown()
    sent = b"".join(received)
    assert b"POST /api/v1/ask" in sent
    assert b"http.response.status_code" in sent
    assert CANARY.encode() not in sent


def test_traces_without_the_extra_are_refused_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(SettingsError, match=r"pip install 'youju\[otel\]'"):
        Tracing()
