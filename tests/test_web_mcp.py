"""MCP with the client of its official SDK, over standard input and output and over HTTP."""

import json
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import anyio
import httpx
import pytest
from conftest import ROOT
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp_types import CallToolResult, TextContent

pytestmark = pytest.mark.model

ASKED = "青岚县今年粮食产量目标是多少？"
SENTENCE = "粮食产量21.5万吨以上，城镇新增就业3800人以上；"


@asynccontextmanager
async def over_stdio(data: Path, errors: Path, mode: str = "auto") -> AsyncIterator[Client]:
    server = StdioServerParameters(
        command=sys.executable,
        args=["-X", "importtime", "-m", "youju", "mcp", "--data", str(data)],
        cwd=ROOT,
        env={**os.environ, "YOUJU_PORT": "8123"},
    )
    with errors.open("w", encoding="utf-8") as log:
        async with Client(stdio_client(server, errlog=log), mode=mode) as client:
            yield client


def run(work: Callable[[], Awaitable[None]]) -> None:
    anyio.run(work)


def structured(result: CallToolResult) -> dict[str, Any]:
    """What a tool gave; the same as text, for clients that read only that."""
    assert not result.is_error, result.content
    content = result.content[0]
    assert isinstance(content, TextContent)
    given: dict[str, Any] = result.structured_content
    assert json.loads(content.text) == given
    return given


def said(result: CallToolResult) -> str:
    content = result.content[0]
    assert result.is_error
    assert isinstance(content, TextContent)
    return content.text


async def assert_tools_work(client: Client, base: str) -> None:
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert list(tools) == ["search", "fetch"]
    assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools.values())
    found = structured(await client.call_tool("search", {"query": ASKED}))
    assert found["answer"] == SENTENCE
    first = found["results"][0]
    assert set(first) == {"id", "title", "url", "text"}
    assert first["text"] == SENTENCE
    assert first["title"] == "《2025年青岚县政府工作报告》二、2025年目标任务，第28段"
    assert re.fullmatch(
        rf"{re.escape(base)}/reports/\w+\?quote={quote(SENTENCE)}#p28", first["url"]
    )
    fetched = structured(await client.call_tool("fetch", {"id": first["id"]}))
    assert set(fetched) == {"id", "title", "text", "url", "metadata"}
    assert fetched["id"] == first["id"]
    assert fetched["url"] == re.sub(r"\?quote=.*(?=#)", "", first["url"])
    metadata = fetched["metadata"]
    assert metadata["section"] == ["二、2025年目标任务"]
    assert metadata["before"].endswith("农村居民人均可支配收入增长7%；")
    assert metadata["after"] == "空气质量优良天数比率保持在97%以上。"
    assert "2025年青岚县政府工作报告[R]" in metadata["citation"]


def test_an_assistant_searches_and_fetches_over_stdio(sample_data: Path, tmp_path: Path) -> None:
    errors = tmp_path / "errors"

    async def work() -> None:
        async with over_stdio(sample_data, errors) as client:
            await assert_tools_work(client, "http://127.0.0.1:8123")

    run(work)
    assert not re.search(r"\| +(?:torch|transformers)$", errors.read_text("utf-8"), re.MULTILINE)


def test_an_assistant_of_an_earlier_version_is_served_too(
    sample_data: Path, tmp_path: Path, server_url: str
) -> None:
    async def work() -> None:
        async with over_stdio(sample_data, tmp_path / "errors", mode="legacy") as client:
            await assert_tools_work(client, "http://127.0.0.1:8123")
        async with Client(f"{server_url}/mcp", mode="legacy") as client:
            await assert_tools_work(client, server_url)

    run(work)


def test_an_assistant_searches_and_fetches_over_http(server_url: str) -> None:
    async def work() -> None:
        async with Client(f"{server_url}/mcp") as client:
            await assert_tools_work(client, server_url)

    run(work)


def test_what_the_reports_do_not_answer_has_no_answer(server_url: str) -> None:
    async def work() -> None:
        async with Client(f"{server_url}/mcp") as client:
            found = await client.call_tool("search", {"query": "火星基地的氧气储备有多少吨？"})
            given = structured(found)
            assert given["answer"] is None
            assert given["results"]

    run(work)


@pytest.mark.parametrize(
    ("tool", "arguments", "message"),
    [
        ("search", {}, "query：缺少这一项。"),
        ("search", {"query": " "}, "query：不能为空。"),
        ("search", {"query": "问" * 2001}, "query：最多 2000 个字。"),
        ("search", {"query": "问", "limit": 3}, "limit：没有这一项。"),
        ("fetch", {"id": "什么"}, "不是段落的编号"),
        ("fetch", {"id": "nosuch:1"}, "没有这份报告"),
        ("fetch", {"id": 7}, "id：须为文字。"),
    ],
)
def test_a_call_that_cannot_be_done_says_why(
    server_url: str, tool: str, arguments: dict[str, Any], message: str
) -> None:
    async def work() -> None:
        async with Client(f"{server_url}/mcp") as client:
            assert message in said(await client.call_tool(tool, arguments))

    run(work)


def test_a_paragraph_that_is_not_there_and_a_tool_that_is_not_there(server_url: str) -> None:
    async def work() -> None:
        async with Client(f"{server_url}/mcp") as client:
            found = structured(await client.call_tool("search", {"query": ASKED}))
            report = found["results"][0]["id"].partition(":")[0]
            missing = await client.call_tool("fetch", {"id": f"{report}:99999"})
            assert "没有这一段" in said(missing)
            with pytest.raises(MCPError, match="没有这个工具"):
                await client.call_tool("delete", {})

    run(work)


CALL = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
HEADERS = {"Accept": "application/json, text/event-stream"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "evil.example"}, 421),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Content-Type": "text/plain"}, 400),
    ],
)
def test_pages_of_other_sites_are_refused(
    server_url: str, headers: dict[str, str], status: int
) -> None:
    reply = httpx.post(f"{server_url}/mcp", json=CALL, headers=HEADERS | headers)
    assert reply.status_code == status
    own = httpx.post(f"{server_url}/mcp", json=CALL, headers=HEADERS | {"Origin": server_url})
    assert own.status_code == 200


def test_only_post_is_served(server_url: str) -> None:
    reply = httpx.get(f"{server_url}/mcp", headers=HEADERS)
    assert (reply.status_code, reply.headers["allow"]) == (405, "POST")


def test_nothing_but_the_protocol_is_printed(sample_data: Path) -> None:
    hello = {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "0"},
    }
    search = {"name": "search", "arguments": {"query": ASKED}}
    messages: list[dict[str, Any]] = [
        {"id": 1, "method": "initialize", "params": hello},
        {"method": "notifications/initialized"},
        {"id": 2, "method": "tools/call", "params": search},
        {"id": 3, "method": "no/such/method"},
    ]
    command = [sys.executable, "-m", "youju", "mcp", "--data", str(sample_data)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for message in messages:
            process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        process.stdin.write("this is no JSON\n")
        process.stdin.flush()
        lines = [process.stdout.readline() for _ in range(3)]
        process.stdin.close()
        rest = process.stdout.read()
    replies = {reply["id"]: reply for reply in map(json.loads, [*lines, *rest.splitlines()])}
    assert replies[1]["result"]["serverInfo"]["name"] == "youju"
    assert SENTENCE in replies[2]["result"]["content"][0]["text"]
    assert replies[3]["error"]["code"] == -32601
    assert process.returncode == 0


def test_without_an_index_it_says_what_to_do_and_prints_nothing_else(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "youju", "mcp", "--data", str(tmp_path / "data")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert "youju index" in done.stderr
    assert "Traceback" not in done.stderr
