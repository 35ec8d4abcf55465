"""Signing in on the pages in a real Chromium, and what each role gets to see."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from chromium import ASKED, ask, browser, context  # noqa: F401
from conftest import running_app
from playwright.sync_api import BrowserContext, Page, expect

from qa import Answerer
from web import Settings, TokenFile, create_app

# Fixtures are imported to be asked for by name.
# ruff: noqa: F811

pytestmark = [pytest.mark.browser, pytest.mark.model]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> TokenFile:
    return TokenFile(tmp_path_factory.mktemp("tokens"))


@pytest.fixture(scope="module")
def secrets(file: TokenFile) -> dict[str, str]:
    return {"ask": file.add("提问", "ask"), "manage": file.add("管理", "manage")}


@pytest.fixture(scope="module")
def server_url(file: TokenFile, secrets: dict[str, str], answerer: Answerer) -> Iterator[str]:
    """A service that asks for tokens."""
    app = create_app(lambda: answerer, Settings(data=file.path.parent))
    with running_app(app) as url:
        app.state.loading.done.result(timeout=20)
        yield url


def sign_in(page: Page, secret: str) -> None:
    page.get_by_label("令牌").fill(secret)
    page.get_by_role("button", name="登录").click()


def test_a_wrong_token_is_said_and_a_good_one_lets_in(
    context: BrowserContext, secrets: dict[str, str]
) -> None:
    page = context.new_page()
    page.goto("/")
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    page.keyboard.press("Escape")
    sign_in(page, "youju_wrong")
    expect(page.get_by_text("令牌无效")).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("dialog").get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="中文").click()
    sign_in(page, secrets["ask"])
    expect(page.locator(".report-list a").first).to_be_visible()
    ask(page, ASKED)
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, location.href])")
    assert secrets["ask"] not in kept
    assert page.evaluate("document.cookie") == ""


def test_only_who_may_manage_sees_how(context: BrowserContext, secrets: dict[str, str]) -> None:
    page = context.new_page()
    page.goto("/")
    sign_in(page, secrets["ask"])
    expect(page.get_by_role("button", name="退出")).to_be_visible()
    page.locator("#open-reports").click()
    expect(page.locator("#report-rows li").first).to_be_visible()
    expect(page.get_by_role("link", name="打开").first).to_be_visible()
    for name in ("移除", "重新读取"):
        expect(page.get_by_text(name, exact=True).first).to_be_hidden()
    expect(page.locator(".upload-line")).to_be_hidden()
    address = page.get_by_role("link", name="打开").first.get_attribute("href")
    page.goto(f"{address}#edit")
    expect(page.locator("main h1")).to_be_visible()
    expect(page.get_by_text("更正信息")).to_be_hidden()
    page.get_by_role("button", name="退出").click()
    sign_in(page, secrets["manage"])
    expect(page.get_by_role("button", name="更正信息")).to_be_visible()


def test_a_session_that_ended_is_asked_for_again_without_losing_the_page(
    context: BrowserContext, secrets: dict[str, str]
) -> None:
    page = context.new_page()
    page.goto("/")
    sign_in(page, secrets["ask"])
    expect(page.locator(".report-list a").first).to_be_visible()
    context.clear_cookies()
    page.locator("#question").fill(ASKED)
    page.locator("#question").press("Enter")
    sign_in(page, secrets["ask"])
    page.get_by_role("button", name="重试").click()
    expect(page.locator(".turn:last-child .passage").first).to_be_visible()


def test_without_tokens_nobody_is_asked(context: BrowserContext, file: TokenFile) -> None:
    kept = file.path.rename(file.path.with_suffix(".kept"))
    try:
        page = context.new_page()
        page.goto("/")
        expect(page.locator(".report-list a").first).to_be_visible()
        expect(page.get_by_role("button", name="退出")).to_be_hidden()
        expect(page.locator(".sign-in")).to_have_count(0)
    finally:
        Path(kept).rename(file.path)
