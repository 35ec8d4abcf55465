"""The way to the source in a real Chromium: report page, links into it, citations copied."""

from collections.abc import Callable
from typing import Literal

import httpx
import pytest
from chromium import ASKED, ask, browser, context, page, replied  # noqa: F401
from playwright.sync_api import Browser, BrowserContext, Page, expect

# Fixtures are imported to be asked for by name.
# ruff: noqa: F811

pytestmark = [pytest.mark.browser, pytest.mark.model]


def test_the_source_opens_at_the_paragraph_with_the_words_marked(
    page: Page, context: BrowserContext, server_url: str
) -> None:
    page.set_viewport_size({"width": 800, "height": 900})  # no room for the report beside
    answer = replied(server_url, ASKED)
    ask(page, ASKED)
    with context.expect_page() as opened:
        page.get_by_role("link", name="在原文中查看").first.click()
    report = opened.value
    target = report.locator(".paragraph.target")
    expect(target).to_have_attribute("id", f"p{answer['passages'][0]['paragraph']}")
    expect(target).to_be_in_viewport()
    expect(target).to_be_focused()
    expect(target.locator("mark")).to_have_text(answer["answer"]["text"])
    expect(report.locator("h1")).to_have_text(answer["passages"][0]["report"]["title"])
    assert answer["passages"][0]["report"]["title"] in report.title()


def test_a_report_is_shown_whole_with_an_outline_that_leads(
    context: BrowserContext, server_url: str
) -> None:
    page = context.new_page()
    for item in httpx.get(f"{server_url}/api/v1/reports").json()["items"]:
        base = f"{server_url}/api/v1/reports/{item['id']}"
        outline = httpx.get(base).json()["outline"]
        paragraphs = httpx.get(f"{base}/paragraphs").json()["items"]
        page.goto(f"/reports/{item['id']}")
        expect(page.locator(".paragraph")).to_have_count(len(paragraphs))
        shown = page.locator("div.paragraph > p").all_text_contents()
        assert shown == [item["text"] for item in paragraphs if item["kind"] != "table"]
        links = page.locator(".outline a")
        assert links.all_text_contents() == [section["heading"] for section in outline]
        links.last.click()
        place = page.locator(f"[id='s{len(outline) - 1}']")
        expect(place).to_have_text(outline[-1]["heading"])
        expect(place).to_be_in_viewport()


def test_an_unknown_report_and_an_unknown_paragraph_are_said_in_words(
    page: Page, context: BrowserContext
) -> None:
    known = page.locator(".report-list a").first.get_attribute("href")
    reply = page.goto("/reports/nowhere#p3")
    assert reply is not None
    assert reply.status == 404
    expect(page.locator("h1")).to_have_text("没有这份报告")
    page.goto(f"{known}#p99999")
    expect(page.locator(".missing")).to_contain_text("没有第 99999 段")


@pytest.mark.parametrize(
    ("button", "form"), [("复制引文", "gbt7714"), ("复制 Markdown", "markdown")]
)
def test_a_citation_is_copied(
    page: Page, context: BrowserContext, server_url: str, button: str, form: str
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server_url)
    ask(page, ASKED)
    page.get_by_role("button", name=button).first.click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    citation = replied(server_url, ASKED)["passages"][0]["citation"][form]
    assert page.evaluate("navigator.clipboard.readText()") == citation


def test_a_citation_is_copied_without_the_clipboard_interface(
    context: BrowserContext, server_url: str
) -> None:
    page = context.new_page()
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.goto("/")
    ask(page, ASKED)
    page.get_by_role("button", name="复制引文").first.click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    page.locator("#question").focus()
    page.keyboard.press("ControlOrMeta+V")
    citation = replied(server_url, ASKED)["passages"][0]["citation"]["gbt7714"]
    expect(page.locator("#question")).to_have_value(citation)


def test_where_nothing_copies_the_text_is_offered_selected(
    context: BrowserContext, server_url: str
) -> None:
    page = context.new_page()
    page.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', {value: undefined});"
        "Document.prototype.execCommand = () => false;"
    )
    page.goto("/")
    ask(page, ASKED)
    page.get_by_role("button", name="复制引文").first.click()
    citation = replied(server_url, ASKED)["passages"][0]["citation"]["gbt7714"]
    field = page.locator(".copy-by-hand textarea")
    expect(field).to_have_value(citation)
    expect(field).to_be_focused()


def test_a_paragraph_taller_than_the_window_is_shown_from_its_beginning_or_at_the_words(
    page: Page, server_url: str
) -> None:
    page.set_viewport_size({"width": 320, "height": 480})
    report = httpx.get(f"{server_url}/api/v1/reports").json()["items"][0]["id"]
    listed = httpx.get(f"{server_url}/api/v1/reports/{report}/paragraphs").json()["items"]
    longest = max(listed, key=lambda one: len(one["text"]))
    page.goto(f"/reports/{report}#p{longest['ordinal']}")
    bar = page.locator(".report-bar").bounding_box()
    target = page.locator(".target").bounding_box()
    assert bar
    assert target
    assert target["height"] > 240
    assert bar["y"] + bar["height"] <= target["y"] < 240
    page.goto(f"/reports/{report}?quote={longest['text'][-20:]}#p{longest['ordinal']}")
    expect(page.locator("mark").first).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_a_phone(
    browser: Browser, server_url: str, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(
        base_url=server_url,
        viewport={"width": 320, "height": 640},
        is_mobile=True,
        has_touch=True,
        color_scheme=scheme,
    )
    page = context.new_page()
    fits: Callable[[], bool] = lambda: page.evaluate(  # noqa: E731
        "document.documentElement.scrollWidth <= innerWidth"
    )
    page.goto("/")
    expect(page.locator(".report-list a").first).to_be_visible()
    assert fits()
    ask(page, ASKED)
    assert fits()
    page.goto(page.get_by_role("link", name="在原文中查看").first.get_attribute("href") or "")
    expect(page.locator(".paragraph.target")).to_be_in_viewport()
    assert fits()
    context.close()
