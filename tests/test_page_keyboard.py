"""The chat page from question to citation by keyboard alone, in a real Chromium."""

import pytest
from chromium import ASKED, browser, context, page  # noqa: F401
from playwright.sync_api import BrowserContext, Locator, Page, expect

# Fixtures are imported to be asked for by name.
# ruff: noqa: F811

pytestmark = [pytest.mark.browser, pytest.mark.model]

MOST_STEPS = 80


def step_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Press a key until something has the focus, as whoever has no mouse does."""
    for _ in range(MOST_STEPS):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press(key)
    pytest.fail(f"not reached by {key}: {wanted}")


def asked(page: Page) -> None:
    page.keyboard.type(ASKED)
    page.keyboard.press("Enter")
    expect(page.locator(".passage").first).to_be_visible()
    expect(page.locator("#question")).to_be_focused()


def test_from_the_question_to_the_source_and_the_copied_citation(
    context: BrowserContext, page: Page
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.set_viewport_size({"width": 1440, "height": 900})
    asked(page)
    card = page.locator(".passage").first
    link = card.get_by_role("link", name="在原文中查看")
    step_to(page, link, "Shift+Tab")
    page.keyboard.press("Enter")
    beside = page.get_by_role("complementary", name="原文")
    expect(beside.locator("mark").first).to_be_in_viewport()
    expect(beside.locator(".target")).to_be_focused()
    page.keyboard.press("Escape")
    expect(link).to_be_focused()
    step_to(page, card.get_by_role("button", name="复制引文"))
    page.keyboard.press("Enter")
    expect(card.get_by_role("button", name="已复制")).to_be_focused()
    assert "青岚县" in page.evaluate("navigator.clipboard.readText()")
    step_to(page, card.locator("summary"))
    page.keyboard.press("Enter")
    expect(card.locator(".why li").first).to_be_visible()


def test_choosing_reports_and_closing_the_dialog_gives_the_focus_back(page: Page) -> None:
    opener = page.locator("#open-reports")
    step_to(page, opener, "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#report-rows li").first).to_be_visible()
    step_to(page, page.locator("#report-search"))
    page.keyboard.type("青岚")
    expect(page.locator("#report-rows li")).to_have_count(1)
    box = page.locator("#report-rows input")
    step_to(page, box)
    page.keyboard.press("Space")
    expect(box).not_to_be_checked()
    page.keyboard.press("Escape")
    expect(page.locator("#reports-dialog")).to_be_hidden()
    expect(opener).to_be_focused()
    expect(page.locator("#scope")).to_be_visible()
    step_to(page, page.locator("#scope-clear"))
    page.keyboard.press("Enter")
    expect(page.locator("#scope")).to_be_hidden()


def test_history_is_searched_reopened_and_exported(page: Page) -> None:
    asked(page)
    step_to(page, page.locator("#open-history"), "Shift+Tab")
    page.keyboard.press("Enter")
    title = page.locator("#history-list .row-title")
    expect(title).to_be_visible()
    step_to(page, title)
    page.keyboard.press("Enter")
    expect(page.locator("#history-dialog")).to_be_hidden()
    expect(page.locator(".turn")).to_have_count(1)
    menu = page.locator("#export summary")
    step_to(page, menu, "Shift+Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="导出 Markdown")).to_be_focused()
    with page.expect_download() as saved:
        page.keyboard.press("Enter")
    assert saved.value.suggested_filename.endswith(".md")


def test_english_is_switched_to(page: Page) -> None:
    step_to(page, page.locator("#language"), "Shift+Tab")
    page.keyboard.press("Space")
    expect(page.locator("#send")).to_have_text("Ask")
