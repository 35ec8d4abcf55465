"""Load: crowds, clients that go away, clients that are slow, and questions that are."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
from conftest import ROOT, running_app
from fastapi import FastAPI

from index import cores
from qa import Answer, Answerer
from web import Settings, connections, create_app, security
from web.slots import QUEUED_PER_SLOT, Slots

pytestmark = pytest.mark.model

QUESTION = {"question": "青岚县今年粮食产量目标是多少？"}
REQUEST = (
    b"POST /api/v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b'Content-Length: 19\r\n\r\n{"question": "ask"}'
)


class Held(Answerer):
    """An answerer whose questions wait until they are let go, and are counted."""

    release: threading.Event
    asked: int

    def warm_up(self) -> None:
        """It is warm."""

    def ask(self, *_: object, **__: object) -> Answer:
        """Wait, then answer."""
        self.asked += 1
        self.release.wait(20)
        return super().ask("问")


@pytest.fixture
def held(answerer: Answerer) -> Iterator[Held]:
    held = Held(answerer._index)  # noqa: SLF001 - a delay put into the real thing
    held.release, held.asked = threading.Event(), 0
    yield held
    held.release.set()


@contextmanager
def service(answerer: Answerer, settings: Settings | None = None) -> Iterator[tuple[FastAPI, str]]:
    app = create_app(lambda: answerer, settings or Settings())
    with running_app(app) as url:
        app.state.loading.done.result(timeout=20)
        yield app, url


def wait_until(holds: Callable[[], bool], seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def connected(url: str) -> socket.socket:
    host, _, port = url.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=5)


def test_who_goes_away_leaves_the_queue_and_is_never_answered(held: Held) -> None:
    with service(held) as (app, url):
        slots: Slots = app.state.slots
        with ThreadPoolExecutor(slots.count) as threads, ExitStack() as leaving:
            for _ in range(slots.count):
                threads.submit(httpx.post, f"{url}/api/v1/ask", json=QUESTION, timeout=30)
            wait_until(lambda: slots.busy == slots.count)
            for _ in range(QUEUED_PER_SLOT):
                leaving.enter_context(connected(url)).sendall(REQUEST)
            wait_until(lambda: slots.inside == slots.count + QUEUED_PER_SLOT)
            leaving.close()
            wait_until(lambda: slots.inside == slots.count)
            held.release.set()
        wait_until(lambda: slots.inside == 0)
        assert held.asked == slots.count
        assert httpx.post(f"{url}/api/v1/ask", json=QUESTION).status_code == 200


def test_a_question_that_takes_too_long_is_ended_for_who_asked(held: Held) -> None:
    with service(held, Settings(question_seconds=0.3)) as (app, url):
        app.state.slots = slots = Slots(1, seconds=0.3)
        slow = httpx.post(f"{url}/api/v1/ask", json=QUESTION)
        assert slow.status_code == 504
        assert slow.json()["type"] == "urn:youju:problem:too-slow"
        assert slots.busy == 1  # threads cannot be stopped
        waited = httpx.post(f"{url}/api/v1/ask", json=QUESTION)
        assert waited.status_code == 503
        assert int(waited.headers["retry-after"]) > 0
        assert held.asked == 1
        held.release.set()
        wait_until(lambda: slots.inside == 0)
        assert httpx.post(f"{url}/api/v1/ask", json=QUESTION).status_code == 200


def test_a_crowd_is_answered_or_told_at_once_when_to_come_back(answerer: Answerer) -> None:
    patient = Settings(question_seconds=60)
    with service(answerer, patient) as (_, url), ThreadPoolExecutor(100) as threads:

        def ask(_: int) -> httpx.Response:
            return httpx.post(f"{url}/api/v1/ask", json=QUESTION, timeout=30)

        replies = list(threads.map(ask, range(300)))
        assert {reply.status_code for reply in replies} <= {200, 503}
        for reply in replies:
            if reply.status_code == 503:
                assert reply.headers["content-type"] == "application/problem+json"
                assert 1 <= int(reply.headers["retry-after"]) <= 3
        assert sum(reply.status_code == 200 for reply in replies) > QUEUED_PER_SLOT
        assert httpx.get(f"{url}/livez").status_code == 200


def test_a_full_queue_refuses_before_it_reads(held: Held) -> None:
    with service(held) as (app, url), ExitStack() as asking:
        slots: Slots = app.state.slots
        while not slots.full:
            inside = slots.inside
            asking.enter_context(connected(url)).sendall(REQUEST)
            wait_until(lambda: slots.inside > inside)  # noqa: B023 - called at once
        started = time.perf_counter()
        with connected(url) as late:
            late.sendall(REQUEST[:-5])
            assert late.recv(100).startswith(b"HTTP/1.1 503")
        assert time.perf_counter() - started < 1
        assert httpx.get(f"{url}/livez").status_code == 200


def test_headers_that_come_too_slowly_end_the_connection(
    answerer: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEADER_SECONDS", 0.4)
    with service(answerer) as (_, url), ExitStack() as slow:
        idle, trickling, again = (slow.enter_context(connected(url)) for _ in range(3))
        again.sendall(b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert again.recv(4096).startswith(b"HTTP/1.1 200")
        again.sendall(b"GET /livez HTTP/1.1\r\nHost: 127.")
        started = time.monotonic()
        while not is_closed(trickling):
            assert time.monotonic() - started < 5
            time.sleep(0.05)
        for connection in (idle, again):
            assert ended(connection)
        assert httpx.get(f"{url}/livez").status_code == 200


def is_closed(connection: socket.socket) -> bool:
    """Whether a further byte finds nobody."""
    try:
        connection.sendall(b"G")
    except OSError:
        return True
    return False


def ended(connection: socket.socket) -> bool:
    """Whether the other side closes it, after what it has yet to say."""
    try:
        while connection.recv(4096):
            pass
    except ConnectionResetError:
        pass
    except TimeoutError:
        return False
    return True


def test_a_body_that_comes_too_slowly_is_refused(
    answerer: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(security, "BODY_SECONDS", 0.3)
    with service(answerer) as (_, url), connected(url) as slow, connected(url) as upload:
        slow.sendall(REQUEST[:-1])
        upload.sendall(
            b"POST /api/v1/reports HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n"
            b"Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n"
        )
        for connection in (slow, upload):
            assert connection.recv(4096).startswith(b"HTTP/1.1 408")
            assert ended(connection)


def test_more_connections_than_there_may_be_are_turned_away(
    answerer: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MOST", 5)
    with service(answerer) as (_, url):
        with ExitStack() as others:
            for _ in range(5):
                others.enter_context(connected(url))
            time.sleep(0.2)
            reply = httpx.get(f"{url}/livez")
            assert reply.status_code == 503
            assert reply.headers["retry-after"] == "1"
            assert reply.json()["type"] == "urn:youju:problem:busy"
        wait_until(lambda: httpx.get(f"{url}/livez").status_code == 200)


FORKS = """
import os, sys, time
os.register_at_fork(before=lambda: print("FORKED", flush=True))
import youju
from threading import Thread
import httpx
command = ["serve", "--data", sys.argv[1], "--port", sys.argv[2]]
Thread(target=youju.main, args=[command], daemon=True).start()
for _ in range(600):
    try:
        if httpx.get(f"http://127.0.0.1:{sys.argv[2]}/readyz").status_code == 200:
            break
    except httpx.HTTPError:
        pass
    time.sleep(0.1)
url = f"http://127.0.0.1:{sys.argv[2]}/api/v1"
question = {"question": "粮食产量目标是多少？"}
assert httpx.post(f"{url}/ask", json=question, timeout=60).status_code == 200
article = {"file": ("a.md", "“粮食产量21.5万吨以上”")}
assert httpx.post(f"{url}/proofread/file", files=article, timeout=60).status_code == 200
print(os.environ["OMP_NUM_THREADS"], os.environ["OPENBLAS_NUM_THREADS"])
print(len(os.listdir("/proc/self/task")))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted in /proc")
def test_a_loaded_service_never_forks_and_has_as_many_threads_as_it_was_told(
    sample_data: Path,
) -> None:
    """A fork of a process with PyTorch, OpenVINO or FAISS in it can hang; a new program cannot."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    done = subprocess.run(
        [sys.executable, "-c", FORKS, str(sample_data), port],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "FORKED" not in done.stdout
    openmp, openblas, threads = done.stdout.split()
    assert (openmp, openblas) == ("1", "1")
    assert int(threads) < 20 + 3 * cores()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to handle")
def test_it_ends_within_ten_seconds_however_many_hold_on(sample_data: Path) -> None:
    command = [sys.executable, "-m", "youju", "serve", "--data", str(sample_data), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        told = next(line for line in process.stderr if "http://" in line)
        url = "http://" + told.partition("http://")[2].partition("/")[0]
        with ExitStack() as others, ThreadPoolExecutor(20) as threads:
            for sent in (b"", b"GET / HT", REQUEST[:-1], REQUEST) * 5:
                others.enter_context(connected(url)).sendall(sent)
            asked = [
                threads.submit(httpx.post, f"{url}/api/v1/ask", json=QUESTION, timeout=30)
                for _ in range(20)
            ]
            time.sleep(1)
            started = time.monotonic()
            process.terminate()
            assert process.wait(timeout=20) == 0
            assert time.monotonic() - started < 10
            answered = [one.result().status_code for one in asked if not one.exception()]
        assert answered
        assert set(answered) <= {200, 503}


def test_nothing_of_a_reply_is_held_back_on_a_connection_that_is_kept(server_url: str) -> None:
    with httpx.Client(base_url=server_url) as client:
        took = [client.get("/livez").elapsed.total_seconds() for _ in range(25)]
    assert min(took[5:]) < 0.03  # Nagle's algorithm waits 40 ms for an acknowledgement, each time
