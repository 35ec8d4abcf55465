"""Services that tell in their data folder where they are, and commands that ask them."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from conftest import ROOT, running_server

import youju
from web import TokenFile
from youju_services import FOLDER, Service, announced, ask, services

pytestmark = pytest.mark.model

QUESTIONS = [
    "青岚县今年粮食产量目标是多少？",
    "青岚县和广东省今年的粮食产量目标分别是多少",
    "青岚县2019年粮食产量多少万吨",
    "  明天下雨吗，要不要带伞 ",
]
HERE = Service("http://127.0.0.1:9/", os.getpid(), None, "secret")


@pytest.fixture(scope="module")
def data(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder of our own, for it says where its services are."""
    data = tmp_path_factory.mktemp("served") / "data"
    shutil.copytree(sample_data, data, ignore=shutil.ignore_patterns(FOLDER))
    return data


@pytest.fixture(scope="module")
def printed_alone(data: Path) -> dict[tuple[str, ...], tuple[int, str]]:
    """What the command prints where there is no service, and its exit code."""
    assert list(services(data)) == []
    return {more: run(data, *more) for more in ways_to_ask()}


@pytest.fixture(scope="module")
def service(data: Path, printed_alone: dict[tuple[str, ...], tuple[int, str]]) -> Iterator[Service]:
    """A service that runs over the folder."""
    with running_server(data):
        [service] = wait_for(data, 1)
        yield service


def wait_for(data: Path, count: int) -> list[Service]:
    """The services, once there are so many: one is ready a moment before it says where it is."""
    deadline = time.monotonic() + 60
    while len(found := list(services(data))) != count:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return found


def ways_to_ask() -> Iterator[tuple[str, ...]]:
    for question in QUESTIONS:
        yield question, "-k", "3"
        yield question, "--json"


def run(data: Path, *arguments: str) -> tuple[int, str]:
    done = command(data, *arguments)
    return done.returncode, done.stdout


def command(data: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "youju", "ask", *arguments, "--data", str(data)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_question_is_answered_alike_with_and_without_a_service(
    data: Path, service: Service, printed_alone: dict[tuple[str, ...], tuple[int, str]]
) -> None:
    assert {more: run(data, *more) for more in ways_to_ask()} == printed_alone


def test_with_a_service_nothing_is_loaded(data: Path, service: Service) -> None:
    done = command(data, QUESTIONS[0])
    assert done.returncode == youju.DONE
    for package in ("numpy", "fastapi", "tokenizers", "openvino"):
        assert package not in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_only_the_owner_may_read_where_a_service_is(data: Path, service: Service) -> None:
    [file] = (data / FOLDER).iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert service.token not in repr(service)


def test_where_tokens_are_needed_the_service_still_answers_the_command(
    data: Path, service: Service
) -> None:
    question = {"question": QUESTIONS[0]}
    tokens = TokenFile(data)
    tokens.add("someone", "ask")
    try:
        reply = httpx.post(f"{service.address}api/v1/ask", json=question)
        assert reply.status_code == 401
        assert ask(data, QUESTIONS[0], top_k=None, model=None) is not None
        bearer = {"Authorization": f"Bearer {service.token}"}
        reply = httpx.delete(f"{service.address}api/v1/reports/x", headers=bearer)
        assert reply.status_code == 403
        session = httpx.post(f"{service.address}api/v1/session", json={"token": service.token})
        assert session.status_code == 401
    finally:
        tokens.path.unlink()


def test_the_command_answers_itself_where_the_service_is_not_fit_to(
    data: Path, service: Service
) -> None:
    assert ask(data, QUESTIONS[0], top_k=None, model=None) is not None
    assert ask(data, QUESTIONS[0], top_k=None, model="another/model") is None
    assert ask(data, "", top_k=None, model=None) is None
    assert ask(data, "\ud800", top_k=None, model=None) is None
    current = data / "CURRENT"
    before = current.read_text("ascii")
    try:
        current.write_text("999999 another program has just made it live\n", "ascii")
        assert ask(data, QUESTIONS[0], top_k=None, model=None) is None
        current.unlink()  # as where the reports are in Milvus
        assert ask(data, QUESTIONS[0], top_k=None, model=None) is not None
    finally:
        current.write_text(before, "ascii")


def test_a_second_service_on_the_same_port_is_told_of_the_first(
    data: Path, service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    port = service.address.rsplit(":", 1)[1].strip("/")
    assert youju.main(["serve", "--data", str(data), "--port", port]) == youju.FAILED
    said = capsys.readouterr().err
    assert service.address in said
    assert f"进程 {service.pid}" in said
    assert "--port" in said


def test_a_second_service_on_another_port_is_found_once_the_first_has_ended(
    sample_data: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(sample_data, data, ignore=shutil.ignore_patterns(FOLDER))
    with running_server(data):
        [first] = wait_for(data, 1)
        with running_server(data):
            assert first in wait_for(data, 2)
            os.kill(first.pid, signal.SIGTERM)
            assert first not in wait_for(data, 1)
            assert ask(data, QUESTIONS[0], top_k=None, model=None) is not None
    assert not (data / FOLDER).exists()


def test_what_a_killed_service_left_is_not_believed_and_goes_away(tmp_path: Path) -> None:
    program = (
        "import os, pathlib, sys\n"
        "from youju_services import Service, announced\n"
        "with announced(pathlib.Path(sys.argv[1]), Service('http://127.0.0.1:9/', 1, None, '')):\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, check=False)
    [left] = (tmp_path / FOLDER).iterdir()
    assert json.loads(left.read_text())["address"] == "http://127.0.0.1:9/"
    assert list(services(tmp_path)) == []
    with announced(tmp_path, HERE):
        assert list(services(tmp_path)) == [HERE]
        assert not left.exists()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["", "{}", "[1]", "\x00", '{"address": 1}'])
def test_a_damaged_file_is_no_service(tmp_path: Path, content: str) -> None:
    with announced(tmp_path, HERE):
        [file] = (tmp_path / FOLDER).iterdir()
        file.write_text(content)
        assert list(services(tmp_path)) == []
        assert ask(tmp_path, "问", top_k=None, model=None) is None


def test_who_does_not_answer_is_passed_over(tmp_path: Path) -> None:
    with announced(tmp_path, HERE):
        assert ask(tmp_path, "问", top_k=None, model=None) is None


def test_a_folder_that_cannot_be_written_to_is_served_without_a_word(tmp_path: Path) -> None:
    nowhere = tmp_path / "nothing" / "here"
    with announced(nowhere, HERE):
        assert list(services(nowhere)) == []
