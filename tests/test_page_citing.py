"""Citing on the chat page, and the report beside the conversation, in a real Chromium."""

import re

import httpx
import pytest
from chromium import ASKED, ask, browser, context, page, replied  # noqa: F401
from playwright.sync_api import BrowserContext, Page, expect

# Fixtures are imported to be asked for by name.
# ruff: noqa: F811

pytestmark = [pytest.mark.browser, pytest.mark.model]

WIDE = {"width": 1440, "height": 900}


def clipboard(page: Page) -> str:
    words: str = page.evaluate("() => navigator.clipboard.readText()")
    return words


def test_references_to_several_passages_are_copied_as_one_list(
    context: BrowserContext, page: Page, server_url: str
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, ASKED)
    chosen = replied(server_url, ASKED)["passages"][:2]
    for number in range(2):
        page.locator("button.cite").nth(number).click()
    expect(page.locator("#citing-count")).to_contain_text("2 段")
    for style in ("gbt7714-2025", "apa"):
        page.locator("#citing-style").select_option(style)
        page.locator("#citing-copy").click()
        expect(page.locator("#citing-copy")).to_have_text("已复制")
        names = [f"{one['report']['id']}:{one['paragraph']}" for one in chosen]
        query = {"passage": names, "style": style}
        assert clipboard(page) == httpx.get(f"{server_url}/api/v1/citations", params=query).text
        expect(page.locator("#citing-copy")).to_have_text("复制列表", timeout=4000)
    page.locator("button.cite").first.click()
    expect(page.locator("#citing-count")).to_contain_text("1 段")
    page.locator("#citing-clear").click()
    expect(page.locator("#citing")).to_be_hidden()


def test_references_are_saved_as_a_file(page: Page) -> None:
    ask(page, ASKED)
    page.locator("button.cite").first.click()
    with page.expect_download() as saved:
        page.locator("#citing-files").select_option("bibtex")
    assert saved.value.suggested_filename == "references.bib"
    assert saved.value.path().read_text("utf-8").startswith("@")
    expect(page.locator(".turn")).to_have_count(1)


def test_what_a_reference_lacks_is_named_and_leads_to_where_it_is_filled_in(
    page: Page, server_url: str
) -> None:
    ask(page, ASKED)
    first = replied(server_url, ASKED)["passages"][0]
    card = page.locator(".passage").first
    lacks = card.get_by_text(re.compile("^引文缺"))
    expect(lacks).to_have_count(1 if first["citation"]["missing"] else 0)
    if first["citation"]["missing"]:
        link = card.get_by_role("link", name="补上")
        assert link.get_attribute("href") == f"/reports/{first['report']['id']}#edit"


def test_the_report_opens_beside_the_conversation_at_the_sentence(page: Page) -> None:
    page.set_viewport_size(WIDE)
    ask(page, ASKED)
    answer = page.locator(".answer blockquote").inner_text()
    link = page.get_by_role("link", name="在原文中查看").first
    link.click()
    beside = page.get_by_role("complementary", name="原文")
    expect(beside.locator("mark").first).to_have_text(answer)
    expect(beside.locator("mark").first).to_be_in_viewport()
    expect(page.locator(".turn")).to_be_visible()
    page.keyboard.press("Escape")
    expect(beside).to_be_hidden()
    expect(link).to_be_focused()


def test_where_there_is_no_room_the_report_opens_as_a_page(
    context: BrowserContext, page: Page
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    ask(page, ASKED)
    with context.expect_page() as opened:
        page.get_by_role("link", name="在原文中查看").first.click()
    expect(opened.value.locator("mark").first).to_be_visible()
    expect(page.locator("#source")).to_be_hidden()
