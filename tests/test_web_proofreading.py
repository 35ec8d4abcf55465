"""``POST /api/v1/proofread``: an article as text or as a file, each of its quotations judged."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from test_proofreading import ARTICLE, WANTED, article, word_article  # noqa: F401
from test_web_bad_requests import assert_problem

from web import Client
from web.proofread_models import LONGEST_ARTICLE
from web.proofreading import MOST_QUOTATIONS, MOST_QUOTED

# Fixtures are imported to be asked for by name.
# ruff: noqa: F811

pytestmark = pytest.mark.model

FILE = "/api/v1/proofread/file"


@pytest.fixture(scope="module")
def http(server_url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server_url, timeout=60) as client:
        yield client


def post(http: httpx.Client, text: str) -> httpx.Response:
    return http.post("/api/v1/proofread", json={"text": text})


def upload(http: httpx.Client, name: str, content: bytes) -> httpx.Response:
    return http.post(FILE, files={"file": (name, content)})


def test_each_quotation_of_a_text_is_judged_in_its_line(http: httpx.Client) -> None:
    reply = post(http, ARTICLE).json()
    judged = [(item["line"], item["status"], item["figures_differ"]) for item in reply["items"]]
    assert judged == WANTED
    assert (reply["total"], reply["skipped"], reply["overlong"]) == (6, 1, 0)
    changed = reply["items"][1]
    pieces = changed["passages"][0]["difference"]
    assert [(one["quote"], one["report"]) for one in pieces if one["figure"]] == [("22.5", "21.5")]
    assert "".join(one["quote"] for one in pieces) == changed["quote"]
    assert changed["passages"][0]["citation"]["gbt7714"]


def test_a_file_is_judged_as_its_text_is_and_by_the_client_too(
    http: httpx.Client, server_url: str, article: Path, word_article: Path
) -> None:
    items = upload(http, "ARTICLE.MD", article.read_bytes()).json()["items"]
    assert items == post(http, ARTICLE).json()["items"]
    with Client(server_url) as youju:
        assert youju.proofread(ARTICLE).total == len(items)
        checked = youju.proofread_file(word_article)
    assert [(one.paragraph, one.status) for one in checked.items] == [
        (1, "verbatim"),
        (1, "changed"),
        (2, "verbatim"),
        (3, "missing"),
    ]


@pytest.mark.parametrize("text", ["没有引文的文稿。", "“太短”", "\ufeff# 题\r\n\r\n> \r\n"])
def test_an_article_without_quotations_is_no_error(http: httpx.Client, text: str) -> None:
    assert post(http, text).json()["items"] == []


def test_what_is_too_long_to_be_checked_is_counted(http: httpx.Client) -> None:
    reply = post(http, f"“{'长' * 2001}”，“粮食产量21.5万吨以上”").json()
    assert (reply["total"], reply["overlong"]) == (1, 1)


LIMITS = {
    "too many": "“粮食产量21.5万吨以上”\n\n" * (MOST_QUOTATIONS + 1),
    "too much": f"“{'粮食' * 999}”\n\n" * (MOST_QUOTED // 1998 + 1),
}


@pytest.mark.parametrize("text", LIMITS.values(), ids=LIMITS)
def test_an_article_that_quotes_too_much_is_refused_with_the_limits(
    http: httpx.Client, text: str
) -> None:
    for reply, field in (
        (post(http, text), "text"),
        (upload(http, "a.md", text.encode()), "file"),
    ):
        assert_problem(reply, 422)
        (error,) = reply.json()["errors"]
        assert error["field"] == field
        assert str(MOST_QUOTATIONS) in error["reason"]


TEXTS = {
    "empty": "",
    "blank": "\u3000\n",
    "too long": "长" * (LONGEST_ARTICLE + 1),
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_text_that_is_none_is_refused(http: httpx.Client, text: str) -> None:
    reply = post(http, text)
    assert_problem(reply, 422)
    assert [error["field"] for error in reply.json()["errors"]] == ["text"]


def test_a_lone_surrogate_is_refused(http: httpx.Client) -> None:
    headers = {"Content-Type": "application/json"}
    content = b'{"text": "\\ud800"}'
    assert_problem(http.post("/api/v1/proofread", content=content, headers=headers), 422)


@pytest.mark.parametrize("text", ["\x00" * 40, "“\x00\x07粮食产量21.5万吨以上”", "[" * 50_000])
def test_odd_text_is_read_or_refused_and_never_an_error_of_ours(
    http: httpx.Client, text: str
) -> None:
    reply = post(http, text)
    assert reply.status_code in {200, 422}
    assert len(reply.content) < 100_000


def zipped(**parts: bytes) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return content.getvalue()


FILES = {
    "another type": ("年报.pdf", b"%PDF-1.7"),
    "no suffix": ("文稿", b"x"),
    "a path": ("../../etc/passwd", b"x"),
    "empty": ("文稿.md", b""),
    "broken": ("文稿.docx", b"PK\x03\x04"),
    "not Word": ("文稿.docx", zipped(a=b"x")),
    "a bomb": ("文稿.docx", zipped(bomb=bytes(210 << 20))),
    "no text": ("文稿.md", bytes(range(256)) * 40),
}


@pytest.mark.parametrize(("name", "content"), FILES.values(), ids=FILES)
def test_a_file_that_is_no_article_is_refused_with_the_reason(
    http: httpx.Client, name: str, content: bytes
) -> None:
    reply = upload(http, name, content)
    assert_problem(reply, 422)
    assert "passwd" not in reply.text
    assert http.get("/livez").status_code == 200


def test_a_file_that_is_too_large_is_refused(http: httpx.Client) -> None:
    reply = upload(http, "文稿.md", bytes(52 << 20))
    assert_problem(reply, 413)


def test_what_is_no_form_is_refused_as_such(http: httpx.Client) -> None:
    headers = {"Content-Type": "multipart/form-data"}
    reply = http.post(FILE, content=b"no boundary", headers=headers)
    assert_problem(reply, 400)
    assert "表单" in reply.json()["title"]
    assert_problem(http.post(FILE, json={"file": "x"}), 422)


def test_what_other_sites_send_is_refused(http: httpx.Client) -> None:
    headers = {"Origin": "https://evil.example"}
    assert_problem(http.post("/api/v1/proofread", json={"text": "x"}, headers=headers), 403)
