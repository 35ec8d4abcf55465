"""Access: tokens and what they allow, over HTTP, MCP, OpenAI's API, and in a browser's cookie."""

import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import httpx
import openai
import pytest
from conftest import running_app

from index import IndexingError
from qa import Answerer
from web import (
    Client,
    NotPermitted,
    Settings,
    TokenError,
    TokenFile,
    Unguarded,
    create_app,
    serve,
)
from web.access import needed_role
from youju import main

QUESTION = {"question": "青岚县今年粮食产量目标是多少？"}
CHANGING = {
    ("PATCH", "/api/v1/reports/{report_id}"),
    ("DELETE", "/api/v1/reports/{report_id}"),
    ("POST", "/api/v1/reports"),
    ("POST", "/api/v1/reports/{report_id}/reread"),
    ("POST", "/api/v1/removed-reports/{report_id}/restore"),
}
OPEN = {
    ("GET", "/livez"),
    ("GET", "/readyz"),
    ("GET", "/api/v1/service"),
    ("POST", "/api/v1/session"),
    ("DELETE", "/api/v1/session"),
}


def no_index() -> NoReturn:
    raise IndexingError("这里没有索引")


@pytest.fixture
def file(tmp_path: Path) -> TokenFile:
    return TokenFile(tmp_path / "data")


def test_a_token_is_kept_as_a_hash_that_only_its_owner_may_read(file: TokenFile) -> None:
    secret = file.add("王编辑", "ask")
    assert len(secret) >= 43
    assert secret not in file.path.read_text("utf-8")
    if sys.platform != "win32":
        assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    found = file.find(secret)
    assert found is not None
    assert (found.name, found.role) == ("王编辑", "ask")
    for wrong in ("", secret[:-1], secret + "x", secret.upper(), found.sha256, "\ud800"):
        assert file.find(wrong) is None


def test_tokens_come_and_go_while_others_look(file: TokenFile) -> None:
    other = TokenFile(file.path.parent)
    assert other.tokens() is None
    secret = file.add("一", "ask")
    assert other.find(secret) is not None
    assert file.add("二", "manage") != secret
    assert [token.name for token in other.tokens() or ()] == ["一", "二"]
    assert file.remove("一") == 1
    assert other.find(secret) is None
    assert file.remove("二") == 0
    assert other.tokens() == ()


@pytest.mark.parametrize("name", ["", "  ", "长" * 61, "两\n行", "\x1b[31m"])
def test_a_name_that_is_none_is_refused(file: TokenFile, name: str) -> None:
    with pytest.raises(TokenError, match="名称"):
        file.add(name, "ask")
    assert file.tokens() is None


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"format": 2, "tokens": []}',
        '{"format": 1, "tokens": [{"name": "a"}]}',
        '{"format": 1, "tokens": [{"name": "a", "role": "god", "sha256": "", "created": ""}]}',
        '{"format": 1, "tokens": [{"name": "a", "role": "ask", "sha256": "é", "created": ""}]}',
    ],
)
def test_a_broken_file_lets_nobody_in(file: TokenFile, content: str) -> None:
    file.path.parent.mkdir()
    file.path.write_text(content, "utf-8")
    with pytest.raises(TokenError, match=r"tokens\.json"):
        file.find("any")
    with pytest.raises(TokenError, match=r"tokens\.json"):
        file.add("b", "ask")
    app = create_app(no_index, Settings(data=file.path.parent))
    with running_app(app) as url:
        reply = httpx.get(f"{url}/api/v1/reports")
        assert reply.status_code == 503
        assert reply.json()["type"] == "urn:youju:problem:tokens-unreadable"


def test_the_command_line_makes_lists_and_removes_tokens(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data", str(tmp_path / "data")]
    assert main(["token", "add", "报社", "--role", "manage", *data]) == 0
    secret = capsys.readouterr().out.strip()
    assert TokenFile(tmp_path / "data").find(secret) is not None
    assert main(["token", "add", "报社", "--role", "ask", *data]) == 2
    assert "已有名为“报社”的令牌" in capsys.readouterr().err
    assert main(["token", "list", *data]) == 0
    listed = capsys.readouterr().out
    assert listed.split("\t")[:2] == ["报社", "manage"]
    assert secret not in listed
    assert main(["token", "remove", "报社", *data]) == 0
    assert "现在谁也进不来" in capsys.readouterr().err
    assert main(["token", "remove", "报社", *data]) == 2


@pytest.mark.parametrize("host", ["::", "192.0.2.7", "reports.example"])
def test_without_a_token_it_listens_on_loopback_only(
    host: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    assert main(["serve", "--host", host, "--port", "0", "--data", str(data)]) == 2
    assert "youju token add 名称 --role ask" in capsys.readouterr().err
    file = TokenFile(data)
    file.add("一", "ask")
    file.remove("一")
    settings = Settings(host=host, port=0, data=data)
    with pytest.raises(Unguarded, match=host):
        serve(create_app(no_index, settings), settings)


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    file = TokenFile(tmp_path_factory.mktemp("guarded"))
    return {
        "data": str(file.path.parent),
        "ask": file.add("提问", "ask"),
        "manage": file.add("管理", "manage"),
        "none": "youju_" + "x" * 43,
    }


@pytest.fixture(scope="module")
def url(tokens: dict[str, str], answerer: Answerer) -> Iterator[str]:
    """A service that asks for tokens."""
    app = create_app(lambda: answerer, Settings(data=Path(tokens["data"])))
    with running_app(app) as url:
        app.state.loading.done.result(timeout=20)
        yield url


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def assert_refused(reply: httpx.Response, status: int, kind: str, challenge: str) -> None:
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["type"] == f"urn:youju:problem:{kind}"
    assert reply.headers["www-authenticate"] == f'Bearer realm="youju"{challenge}'


def paths(url: str, secret: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    document = httpx.get(f"{url}/openapi.json", headers=bearer(secret)).json()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield method.upper(), path, operation


@pytest.mark.model
def test_every_operation_has_the_role_that_it_should(url: str, tokens: dict[str, str]) -> None:
    roles = {
        (method, path): needed_role(method, path.replace("{report_id}", "x"))
        for method, path, _ in paths(url, tokens["ask"])
    }
    assert {key for key, role in roles.items() if role == "manage"} == CHANGING
    assert {key for key, role in roles.items() if role is None} == OPEN


@pytest.mark.model
def test_nobody_gets_anything_without_a_token(url: str, tokens: dict[str, str]) -> None:
    for method, path, operation in paths(url, tokens["ask"]):
        open_to_all = (method, path) in OPEN
        assert (operation["security"] == []) == open_to_all
        assert open_to_all or "401" in operation["responses"]
        assert ("403" in operation["responses"]) or (method, path) not in CHANGING
        if open_to_all:
            continue
        address = f"{url}{path.replace('{report_id}', 'x')}"
        for headers in ({}, bearer("x y"), bearer(tokens["none"]), {"Authorization": "Basic eDp5"}):
            reply = httpx.request(method, address, headers=headers)
            assert reply.status_code == 401, (method, path)
            assert reply.headers["www-authenticate"].startswith("Bearer ")
            assert len(reply.content) < 2000
    for path in ("/openapi.json", "/nowhere", "/metrics", "/mcp"):
        assert httpx.get(url + path).status_code == 401
    assert httpx.post(f"{url}/mcp", json={}).status_code == 401
    for path in ("/", "/page/chat.js", "/reports/x", "/livez", "/readyz"):
        assert httpx.get(url + path).status_code != 401


@pytest.mark.model
def test_refusals_say_why_as_rfc_6750_asks(url: str, tokens: dict[str, str]) -> None:
    ask = f"{url}/api/v1/ask"
    assert_refused(httpx.post(ask, json=QUESTION), 401, "token-needed", "")
    reply = httpx.post(ask, json=QUESTION, headers=bearer(tokens["none"]))
    assert_refused(reply, 401, "token-wrong", ', error="invalid_token"')
    reply = httpx.delete(f"{url}/api/v1/reports/x", headers=bearer(tokens["ask"]))
    challenge = ', error="insufficient_scope", scope="manage"'
    assert_refused(reply, 403, "role-needed", challenge)
    reply = httpx.delete(f"{url}/api/v1/reports/x", headers=bearer(tokens["manage"]))
    assert reply.status_code == 404


@pytest.mark.model
def test_a_stranger_cannot_make_it_read_a_body(url: str) -> None:
    def endless() -> Iterator[bytes]:
        yield from iter(lambda: b"x" * 65536, None)

    with httpx.Client(timeout=10) as client:
        try:
            reply = client.post(f"{url}/api/v1/reports", content=endless())
        except httpx.WriteError:
            return  # cut off while it sent: as good
    assert reply.status_code == 401


@pytest.mark.model
def test_the_roles_do_what_they_say(url: str, tokens: dict[str, str]) -> None:
    for role in ("ask", "manage"):
        headers = bearer(tokens[role])
        assert httpx.post(f"{url}/api/v1/ask", json=QUESTION, headers=headers).status_code == 200
        assert httpx.get(f"{url}/api/v1/reports", headers=headers).status_code == 200
        access = httpx.get(f"{url}/api/v1/service", headers=headers).json()["access"]
        assert access == {"required": True, "role": role}
    access = httpx.get(f"{url}/api/v1/service").json()["access"]
    assert access == {"required": True, "role": None}


@pytest.mark.model
def test_python_and_openai_clients_send_their_token(url: str, tokens: dict[str, str]) -> None:
    with Client(url, token=tokens["ask"]) as client:
        assert client.ask(QUESTION["question"]).answerable
        with pytest.raises(NotPermitted, match="manage"):
            client.remove("x")
    with Client(url) as client, pytest.raises(NotPermitted, match="令牌"):
        client.ask(QUESTION["question"])
    messages: Any = [{"role": "user", "content": QUESTION["question"]}]
    with openai.OpenAI(base_url=f"{url}/v1", api_key=tokens["ask"]) as good:
        assert good.chat.completions.create(model="youju", messages=messages).choices
    with (
        openai.OpenAI(base_url=f"{url}/v1", api_key="x") as wrong,
        pytest.raises(openai.AuthenticationError, match="令牌无效"),
    ):
        wrong.chat.completions.create(model="youju", messages=messages)


@pytest.mark.model
def test_mcp_takes_the_token_too(url: str, tokens: dict[str, str]) -> None:
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    headers = {"Accept": "application/json", "MCP-Protocol-Version": "2025-06-18"}
    reply = httpx.post(f"{url}/mcp", json=call, headers=headers | bearer(tokens["ask"]))
    assert [tool["name"] for tool in reply.json()["result"]["tools"]] == ["search", "fetch"]


@pytest.mark.model
def test_a_browser_exchanges_its_token_for_a_cookie(url: str, tokens: dict[str, str]) -> None:
    session = f"{url}/api/v1/session"
    with httpx.Client() as browser:
        reply = browser.post(session, json={"token": tokens["none"]})
        assert_refused(reply, 401, "token-wrong", ', error="invalid_token"')
        assert "set-cookie" not in reply.headers
        reply = browser.post(session, json={"token": f" {tokens['ask']}\n"})
        assert reply.json() == {"role": "ask"}
        cookie = reply.headers["set-cookie"]
        assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
        assert "Secure" not in cookie
        assert tokens["ask"] not in cookie
        assert browser.get(f"{url}/api/v1/reports").status_code == 200
        assert browser.delete(f"{url}/api/v1/reports/x").status_code == 403
        kept = dict(browser.cookies)
        reply = browser.delete(session)
        assert reply.status_code == 204
        assert not browser.cookies
        assert httpx.get(f"{url}/api/v1/reports", cookies=kept).status_code == 401
    over_tls = {"Origin": url.replace("http://", "https://")}
    reply = httpx.post(session, json={"token": tokens["ask"]}, headers=over_tls)
    assert "; Secure" in reply.headers["set-cookie"]


@pytest.mark.model
def test_a_token_taken_back_ends_its_sessions(url: str, tokens: dict[str, str]) -> None:
    file = TokenFile(Path(tokens["data"]))
    secret = file.add("短期", "manage")
    with httpx.Client() as browser:
        browser.post(f"{url}/api/v1/session", json={"token": secret})
        assert browser.get(f"{url}/api/v1/reports").status_code == 200
        file.remove("短期")
        assert browser.get(f"{url}/api/v1/reports").status_code == 401
    assert httpx.get(f"{url}/api/v1/reports", headers=bearer(secret)).status_code == 401


@pytest.mark.model
@pytest.mark.parametrize("media_type", ["application/x-www-form-urlencoded", "text/plain"])
def test_a_foreign_form_cannot_sign_anyone_in(
    url: str, tokens: dict[str, str], media_type: str
) -> None:
    content = f'{{"token": "{tokens["ask"]}"}}'
    headers = {"Content-Type": media_type}
    reply = httpx.post(f"{url}/api/v1/session", content=content, headers=headers)
    assert reply.status_code == 415
    headers = {"Content-Type": "application/json", "Origin": "https://evil.example"}
    reply = httpx.post(f"{url}/api/v1/session", content=content, headers=headers)
    assert reply.status_code == 403
