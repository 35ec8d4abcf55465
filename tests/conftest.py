"""What tests share: the real default model, an index of the sample reports, a running server."""

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from platformdirs import user_cache_path

import youju  # first: it settles how PyTorch's threads wait before PyTorch is loaded
from corpus import SAMPLES, Report, read_folder
from index import Encoder, HybridIndex, build_index, default_model_folder
from qa import Answerer
from web.connections import LimitedProtocol

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
"""Real reports and question sets, where they are at hand; they are not part of the project."""


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The default model, loaded once."""
    return Encoder(default_model_folder(user_cache_path(youju.NAME)))


@pytest.fixture(scope="session")
def sample_reports() -> tuple[Report, ...]:
    """The bundled sample reports, read."""
    reading = read_folder(SAMPLES)
    assert reading.errors == ()
    return reading.reports


@pytest.fixture(scope="session")
def sample_data(
    tmp_path_factory: pytest.TempPathFactory, encoder: Encoder, sample_reports: tuple[Report, ...]
) -> Path:
    """A data folder with an index of the sample reports. To be read only."""
    data = tmp_path_factory.mktemp("samples") / "data"
    build_index(sample_reports, data=data, encoder=encoder, folder=SAMPLES)
    return data


@pytest.fixture(scope="session")
def answerer(sample_data: Path, encoder: Encoder) -> Answerer:
    """Answers from the sample reports."""
    return Answerer(HybridIndex(sample_data, encoder))


@pytest.fixture(scope="session")
def server_url(sample_data: Path) -> Iterator[str]:
    """Address of a real server over the sample reports."""
    with running_server(sample_data) as url:
        yield url


@contextmanager
def running_server(data: Path, **environment: str) -> Iterator[str]:
    """Serve an index from a process of its own, with settings; gives the address."""
    port = free_port()
    command = [sys.executable, "-m", "youju", "serve"]
    process = subprocess.Popen(
        [*command, "--data", str(data), "--port", str(port)],
        cwd=ROOT,
        env=os.environ | environment,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_ready(f"{url}/readyz", process)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)


@contextmanager
def running_app(app: FastAPI) -> Iterator[str]:
    """Serve an application in a thread; gives the address."""
    listener = socket.create_server(("127.0.0.1", 0))
    configuration = uvicorn.Config(app, http=LimitedProtocol, log_level="critical")
    server = uvicorn.Server(configuration)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_ready(url: str, process: "subprocess.Popen[bytes]") -> None:
    """Wait until an address of a service that is starting answers."""
    deadline = time.monotonic() + 120
    while not _answers(url):
        assert process.poll() is None, f"the server ended with {process.returncode}"
        assert time.monotonic() < deadline, "the server was not ready within two minutes"
        time.sleep(0.2)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run fast tests first: those that need neither model, server nor browser."""

    def cost(item: pytest.Item) -> int:
        fixtures = getattr(item, "fixturenames", ())
        model = item.get_closest_marker("model") is not None
        return model + sum(name in fixtures for name in ("encoder", "server_url", "browser"))

    items.sort(key=cost)
