"""The chat page by axe-core: no violation of WCAG 2.2 AA, light and dark, wide and narrow."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from chromium import ASKED, ask, browser  # noqa: F401
from playwright.sync_api import Browser, Page, ViewportSize, expect

# Fixtures are imported to be asked for by name.
# ruff: noqa: F811

pytestmark = [pytest.mark.browser, pytest.mark.model]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def assert_accessible(page: Page) -> None:
    results = Axe().run(page, options=RULES)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "size", [ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)]
)
def test_nothing_is_in_the_way_of_assistive_technology(
    browser: Browser, server_url: str, scheme: str, size: ViewportSize
) -> None:
    context = browser.new_context(
        base_url=server_url, locale="zh-CN", viewport=size, color_scheme=scheme
    )
    page = context.new_page()
    page.goto("/")
    expect(page.locator(".report-list a").first).to_be_visible()
    assert_accessible(page)
    ask(page, ASKED)
    ask(page, "青岚县和云汀市去年各新增就业多少人？")
    ask(page, "火星基地的氧气储备有多少吨？")
    page.locator("button.cite").first.click()
    assert_accessible(page)
    if size["width"] > 1000:
        page.get_by_role("link", name="在原文中查看").first.click()
        expect(page.locator("#source mark").first).to_be_visible()
        assert_accessible(page)
        page.keyboard.press("Escape")
    for opener, row in (
        ("#open-reports", "#report-rows li"),
        ("#open-history", "#history-list li"),
    ):
        page.locator(opener).click()
        expect(page.locator(row).first).to_be_visible()
        assert_accessible(page)
        page.keyboard.press("Escape")
    context.close()
