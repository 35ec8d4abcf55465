"""A real Chromium for the tests of the pages; importing this without one leaves them out."""

import shutil
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

CHROMIUM = next(
    filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome", "chrome"])),
    None,
)
if CHROMIUM is None:
    pytest.skip(
        "browser tests left out: no Chromium here; get it with `apt-get install chromium`",
        allow_module_level=True,
    )

from playwright.sync_api import (  # noqa: E402 - not needed where there is no Chromium
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    expect,
    sync_playwright,
)

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ASKED = "青岚县今年粮食产量目标是多少？"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser, server_url: str) -> Iterator[BrowserContext]:
    """A fresh profile in which every request elsewhere, and every script error, is a failure."""
    context = browser.new_context(base_url=server_url, locale="zh-CN")
    foreign: list[str] = []
    errors: list[str] = []

    def note_request(request: Request) -> None:
        if not request.url.startswith(server_url):
            foreign.append(request.url)

    def note_message(message: ConsoleMessage) -> None:
        # Replies of 404 and 503 are reported as errors too; tests that cause them expect them.
        if message.type == "error" and "Failed to load resource" not in message.text:
            errors.append(message.text)

    context.on("request", note_request)
    context.on("console", note_message)
    context.on("weberror", lambda error: errors.append(str(error.error)))
    yield context
    context.close()
    assert foreign == []
    assert errors == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/")
    expect(page.locator(".report-list a").first).to_be_visible()
    return page


def ask(page: Page, question: str) -> None:
    page.locator("#question").fill(question)
    page.locator("#question").press("Enter")
    expect(page.locator(".turn:last-child .passage").first).to_be_visible()


def replied(url: str, question: str) -> dict[str, Any]:
    answer: dict[str, Any] = httpx.post(f"{url}/api/v1/ask", json={"question": question}).json()
    return answer
