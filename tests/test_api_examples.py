"""The examples of docs/api.md run as they stand, and what they give is what is documented."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import ROOT, running_server
from jsonschema import Draft202012Validator
from scripted_llm import scripted_model

pytestmark = pytest.mark.model

ADDRESS = "http://127.0.0.1:8000"
PAGES = [ROOT / "docs" / "api.md", ROOT / "docs" / "api.zh.md"]


def examples(page: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page.read_text("utf-8"), re.DOTALL)


COMMANDS = examples(PAGES[0], "sh")
PROGRAMS = examples(PAGES[0], "python")
UNDESCRIBED = {"/openapi.json", "/mcp", "/metrics"}
"""Answered, but no part of the OpenAPI document."""
WITHOUT_PAGES = {"/api/v1/reports/{report_id}/pages", "/api/v1/reports/{report_id}/pages/{number}"}
"""No sample report has pages, so that these are shown and not run."""
WITHOUT_TOKENS = {"/api/v1/session"}
"""The service of these examples has no tokens to sign in with."""


@pytest.fixture(scope="module")
def url(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service of its own, because an example changes a report, with a model that writes."""
    data = tmp_path_factory.mktemp("examples") / "data"
    shutil.copytree(sample_data, data)
    with scripted_model() as model:
        model.pieces = ["粮食产量21.5万吨以上。[1]"]
        settings = {"YOUJU_LLM_URL": f"{model.url}/v1", "YOUJU_LLM_MODEL": "small"}
        with running_server(data, **settings) as url:
            yield url


@pytest.fixture(scope="module")
def document(url: str) -> dict[str, Any]:
    result: dict[str, Any] = httpx.get(f"{url}/openapi.json").json()
    return result


def last_call(command: str) -> str:
    """The call that an example is about; what stands before it finds an id."""
    return command.rpartition("curl ")[2]


def address(command: str) -> str:
    """Path of a command's address, without what is asked of it."""
    match = re.search(rf"{ADDRESS}([^\s'?]+)", last_call(command))
    assert match is not None, command
    return match[1]


def operation(document: dict[str, Any], command: str) -> dict[str, Any]:
    """The documented operation that a command calls."""
    call = last_call(command)
    method = re.search(r"-X (\w+)", call)
    name = method[1].lower() if method else ("post" if re.search(r" -[dF] ", call) else "get")
    for path, operations in document["paths"].items():
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))
        if name in operations and re.fullmatch(pattern, address(command)):
            found: dict[str, Any] = operations[name]
            return found
    raise AssertionError(f"not documented: {command}")


def curl(command: str, url: str) -> tuple[str, int, str]:
    """Run a command; gives body, status and media type."""
    told = "curl --silent --show-error --write-out '\\n%{http_code} %{content_type}'"
    before, _, after = command.rpartition("curl ")
    command = f"{before}{told} {after}".replace(ADDRESS, url)
    done = subprocess.run(
        ["/bin/sh", "-c", command], cwd=ROOT, capture_output=True, text=True, check=True
    )
    body, _, end = done.stdout.rpartition("\n")
    status, _, media_type = end.partition(" ")
    return body, int(status), media_type.partition(";")[0]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize("command", COMMANDS, ids=[str(i) for i in range(len(COMMANDS))])
def test_each_command_gives_what_is_documented(
    command: str, url: str, document: dict[str, Any]
) -> None:
    body, status, media_type = curl(command, url)
    if address(command) in UNDESCRIBED:
        assert status == 200, body
        return
    responses = operation(document, command)["responses"]
    assert str(status) in responses, body
    assert 200 <= status < 300, body
    content = responses[str(status)].get("content", {})
    assert media_type in content or (status, body) == (204, "")
    if media_type == "text/event-stream":
        assert re.search(r"(?:data: \[DONE\]|event: (?:end|import)\ndata: \{.*\})\n\n\Z", body)
    elif media_type == "application/json":
        schema = content[media_type]["schema"] | {"components": document["components"]}
        Draft202012Validator(schema).validate(json.loads(body))


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_call_over_mcp_finds_something(url: str) -> None:
    command = next(command for command in COMMANDS if "/mcp" in command)
    result = json.loads(curl(command, url)[0])["result"]
    assert result["structuredContent"]["results"]


def test_every_operation_has_an_example(document: dict[str, Any]) -> None:
    described = [c for c in COMMANDS if address(c) not in UNDESCRIBED]
    run = {operation(document, command)["operationId"] for command in described}
    operations = {
        item["operationId"]
        for path, operations in document["paths"].items()
        for item in operations.values()
        if path not in WITHOUT_PAGES | WITHOUT_TOKENS
    }
    assert run == operations
    assert all(
        ADDRESS + path in page.read_text("utf-8") for path in WITHOUT_PAGES for page in PAGES
    )


def test_both_languages_have_the_same_examples() -> None:
    for language in ("sh", "python", "json"):
        assert examples(PAGES[0], language) == examples(PAGES[1], language)


@pytest.mark.parametrize("program", PROGRAMS, ids=["openai", "client"])
def test_each_program_prints_the_answer(program: str, url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", program.replace(ADDRESS, url)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "21.5万吨以上" in done.stdout
