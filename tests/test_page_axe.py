"""The report's page by axe-core: no violation of what it checks (WCAG 2.2 AA and good practice)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from chromium import browser  # noqa: F401
from conftest import running_server
from playwright.sync_api import Browser, Page, expect
from test_page_understood import report  # noqa: F401
from test_web_page_images import printed

from corpus import Report, read_report
from index import Encoder, build_index

# Fixtures are imported to be asked for by name.
# ruff: noqa: F811

pytestmark = [pytest.mark.browser, pytest.mark.model]


@pytest.fixture(scope="module")
def url(
    report: Report, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A server over a report with all kinds of paragraphs, and over a PDF file."""
    folder: Path = tmp_path_factory.mktemp("axe")
    (folder / "reports").mkdir()
    printed(folder / "reports" / "公路.pdf")
    roads = read_report(folder / "reports" / "公路.pdf", file="公路.pdf")
    data = folder / "data"
    build_index([report, roads], data=data, encoder=encoder, folder=folder / "reports")
    with running_server(data) as url:
        yield url


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['html']} {node['failureSummary']}"
        for one in found
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_a_report_and_what_opens_over_it_are_for_everyone(
    browser: Browser, url: str, scheme: Literal["light", "dark"], width: int
) -> None:
    context = browser.new_context(
        base_url=url,
        locale="zh-CN",
        color_scheme=scheme,
        viewport={"width": width, "height": 800},
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto("/reports/understood?quote=14.3#p7")
    expect(page.locator(".missing")).to_be_visible()
    for summary in page.locator("main summary").all():
        summary.click()
    page.get_by_role("searchbox").fill("工会")
    page.locator("#p4").hover()
    assert violations(page) == []
    page.get_by_role("button", name="更正信息").click()
    page.get_by_label("日期", exact=True).fill("去年")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("[aria-invalid]")).to_be_visible()
    assert violations(page) == []
    page.goto("/")
    page.goto(page.get_by_role("link", name="公路").first.get_attribute("href") or "")
    page.get_by_role("button", name="第 1–2 页").click()
    expect(page.get_by_role("img", name="第 1 页的图像")).to_be_visible()
    assert violations(page) == []
    context.close()


def test_the_page_of_a_report_that_is_not_there_is_for_everyone(browser: Browser, url: str) -> None:
    page = browser.new_page(base_url=url, locale="zh-CN")
    page.goto("/reports/nowhere")
    expect(page.locator("h1")).to_have_text("没有这份报告")
    assert violations(page) == []
    page.close()
