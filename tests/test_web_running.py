"""The service as a process: loading, readiness, failures, full queues, addresses, signals."""

import logging
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import anyio
import httpx
import pytest
from conftest import running_app

from index import IndexingError
from qa import Answer, Answerer
from web import (
    AddressInUse,
    AddressUnavailable,
    LoadError,
    Settings,
    TokenFile,
    create_app,
    serve,
)
from web.problems import BUSY, Problem
from web.slots import QUEUED_PER_SLOT, Slots

ROOT = Path(__file__).parent.parent
SETTINGS = Settings(port=0)


def broken_index() -> NoReturn:
    raise IndexingError("索引坏了：请重新运行 youju index。")


@pytest.mark.model
def test_while_it_loads_it_says_so_and_then_it_is_ready(answerer: Answerer) -> None:
    may_finish = threading.Event()

    def load() -> Answerer:
        may_finish.wait(timeout=20)
        return answerer

    app = create_app(load, SETTINGS)
    with running_app(app) as url:
        assert httpx.get(f"{url}/livez").json() == {"status": "alive"}
        for reply in (
            httpx.get(f"{url}/readyz"),
            httpx.get(f"{url}/api/v1/reports"),
            httpx.post(f"{url}/api/v1/ask", json={"question": "问"}),
        ):
            assert reply.status_code == 503
            assert reply.json()["type"] == "urn:youju:problem:loading"
            assert int(reply.headers["retry-after"]) > 0
        assert httpx.get(f"{url}/").status_code == 200
        may_finish.set()
        app.state.loading.done.result(timeout=20)
        ready = httpx.get(f"{url}/readyz")
        assert ready.status_code == 200
        assert ready.json()["snapshot"] == answerer.snapshot


def test_when_loading_fails_it_says_why() -> None:
    app = create_app(broken_index, SETTINGS)
    with running_app(app) as url:
        app.state.loading.done.exception(timeout=20)
        reply = httpx.get(f"{url}/readyz")
        assert reply.status_code == 503
        assert reply.json()["detail"] == "索引坏了：请重新运行 youju index。"
        assert "retry-after" not in reply.headers
        assert httpx.get(f"{url}/livez").status_code == 200


def test_serving_ends_when_loading_fails() -> None:
    with pytest.raises(LoadError, match="索引坏了"):
        serve(create_app(broken_index, SETTINGS), SETTINGS)


class Faulty(Answerer):
    """An answerer with a fault."""

    def warm_up(self) -> None:
        """It shows later."""

    def ask(self, *_: object, **__: object) -> Answer:
        """Fail, with what must not be shown."""
        raise RuntimeError("内部细节")


@pytest.mark.model
def test_a_fault_gives_a_problem_with_an_id_that_the_log_has_too(
    answerer: Answerer, caplog: pytest.LogCaptureFixture
) -> None:
    faulty = Faulty(answerer._index)  # noqa: SLF001 - a fault put into the real thing
    app = create_app(lambda: faulty, SETTINGS)
    with running_app(app) as url, caplog.at_level(logging.ERROR):
        app.state.loading.done.result(timeout=20)
        reply = httpx.post(f"{url}/api/v1/ask", json={"question": "什么问题"})
    assert reply.status_code == 500
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert "内部细节" not in reply.text
    assert "RuntimeError" not in reply.text
    assert reply.headers["x-request-id"] in caplog.text
    assert "什么问题" not in caplog.text


def test_a_full_queue_refuses_at_once() -> None:
    async def fill() -> tuple[int, list[Problem]]:
        slots, release = Slots(1), threading.Event()
        done: list[bool] = []
        refused: list[Problem] = []

        async def one() -> None:
            try:
                done.append(await slots.run(lambda: release.wait(20)))
            except Problem as problem:
                refused.append(problem)

        async with anyio.create_task_group() as group:
            for _ in range(QUEUED_PER_SLOT + 3):
                group.start_soon(one)
                await anyio.wait_all_tasks_blocked()
            release.set()
        return len(done), refused

    done, refused = anyio.run(fill)
    assert done == QUEUED_PER_SLOT + 1
    assert [problem.kind for problem in refused] == [BUSY, BUSY]
    assert all((problem.headers or {})["Retry-After"] for problem in refused)


@pytest.mark.model
def test_a_slow_question_does_not_hold_up_others(answerer: Answerer) -> None:
    release = threading.Event()

    class Slow(Answerer):
        def warm_up(self) -> None:
            """It is warm."""

        def ask(self, *_: object, **__: object) -> Answer:
            release.wait(20)
            return answerer.ask("问")

    app = create_app(lambda: Slow(answerer._index), SETTINGS)  # noqa: SLF001 - as above
    with running_app(app) as url:
        app.state.loading.done.result(timeout=20)
        askers = [
            threading.Thread(
                target=httpx.post,
                args=[f"{url}/api/v1/ask"],
                kwargs={"json": {"question": "问"}, "timeout": 30},
            )
            for _ in range(8)
        ]
        for asker in askers:
            asker.start()
        assert httpx.get(f"{url}/livez", timeout=2).status_code == 200
        assert httpx.get(f"{url}/api/v1/reports", timeout=2).status_code == 200
        release.set()
        for asker in askers:
            asker.join(timeout=30)


def test_a_taken_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = Settings(port=taken.getsockname()[1])
        with pytest.raises(AddressInUse, match=f"端口 {settings.port} 已被占用"):
            serve(create_app(broken_index, settings), settings)


@pytest.mark.parametrize("host", ["no-such-host.invalid", "203.0.113.7"])
def test_a_host_that_is_not_here_is_named(host: str, tmp_path: Path) -> None:
    TokenFile(tmp_path).add("一", "ask")
    settings = Settings(host=host, port=0, data=tmp_path)
    with pytest.raises(AddressUnavailable, match=host):
        serve(create_app(broken_index, settings), settings)


def test_a_configured_name_is_served() -> None:
    app = create_app(broken_index, Settings(allowed_hosts=("Reports.Lan",)))
    with running_app(app) as url:
        status: Callable[[str], int] = lambda name: (  # noqa: E731
            httpx.get(f"{url}/livez", headers={"Host": name}).status_code
        )
        assert [status("reports.lan"), status("reports.lan:80"), status("other.lan")] == [
            200,
            200,
            421,
        ]


@pytest.mark.model
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to handle")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_tells_its_address_once_ready_and_ends_when_told(
    sample_data: Path, number: signal.Signals
) -> None:
    command = [sys.executable, "-m", "youju", "serve", "--data", str(sample_data), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        told = next(line for line in process.stderr if "http://" in line)
        address = re.search(r"http://127\.0\.0\.1:\d+/", told)
        assert address is not None
        assert httpx.get(f"{address[0]}readyz").status_code == 200
        process.send_signal(number)
        rest = process.stderr.read()
        assert process.wait(timeout=20) == 0
        assert "Traceback" not in rest
