"""The printed page of a paragraph in a real Chromium: its image, the place marked, and the way."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import browser  # noqa: F401
from conftest import running_server
from playwright.sync_api import Browser, Page, expect
from test_web_page_images import printed

from corpus import read_report
from index import Encoder, build_index

# Fixtures are imported to be asked for by name.
# ruff: noqa: F811

pytestmark = [pytest.mark.browser, pytest.mark.model]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    folder = tmp_path_factory.mktemp("sheet")
    reports, data = folder / "reports", folder / "data"
    reports.mkdir()
    printed(reports / "公路.pdf")
    report = read_report(reports / "公路.pdf", file="公路.pdf")
    build_index([report], data=data, encoder=encoder, folder=reports)
    return data


@pytest.fixture(scope="module")
def url(data: Path) -> Iterator[str]:
    with running_server(data) as url:
        yield url


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    context = browser.new_context(base_url=url, locale="zh-CN")
    page = context.new_page()
    page.goto("/")
    page.goto(page.locator(".report-list a").first.get_attribute("href") or "")
    expect(page.locator(".paragraph").first).to_be_visible()
    yield page
    context.close()


def place_of_mark(page: Page) -> list[float]:
    """Left, top, right, bottom of the marked place, as shares of the image."""
    shares: list[float] = page.evaluate(
        """() => {
          const image = document.querySelector(".sheet img").getBoundingClientRect();
          const mark = document.querySelector(".place-mark").getBoundingClientRect();
          const across = (x) => (x - image.left) / image.width;
          const down = (y) => (y - image.top) / image.height;
          return [across(mark.left), down(mark.top), across(mark.right), down(mark.bottom)];
        }"""
    )
    return shares


def test_a_paragraph_is_seen_on_its_page_with_its_place_marked(page: Page) -> None:
    opener = page.get_by_role("button", name="第 1–2 页")
    opener.click()
    dialog = page.get_by_role("dialog", name="第 1 页，共 2 页")
    expect(dialog).to_be_visible()
    image = dialog.get_by_role("img", name="第 1 页的图像，标出了第 1 段的位置")
    expect(image).to_be_visible()
    assert image.evaluate("async (image) => { await image.decode(); return image.naturalWidth; }")
    left, top, right, bottom = place_of_mark(page)
    assert left == pytest.approx(100 / 595, abs=0.01)
    assert 0.2 < top < bottom < 0.35
    assert right > left + 0.3
    expect(page.locator(".place-mark")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


def test_the_page_is_opened_and_turned_by_keyboard(page: Page) -> None:
    page.get_by_role("link", name="第 1 段的链接").focus()
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.textContent") != "看原页":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="第 1 页，共 2 页")).to_be_focused()
    expect(dialog.get_by_role("button", name="上一页")).to_be_disabled()
    page.keyboard.press("ArrowRight")
    expect(dialog.get_by_role("heading", name="第 2 页，共 2 页")).to_be_visible()
    expect(page.locator("#status")).to_have_text("第 2 页，共 2 页")
    expect(dialog.get_by_role("img")).to_be_visible()
    expect(dialog.get_by_role("button", name="下一页")).to_be_disabled()
    page.keyboard.press("ArrowRight")
    expect(dialog.get_by_role("heading", name="第 2 页，共 2 页")).to_be_visible()
    dialog.get_by_role("button", name="关闭").click()
    expect(dialog).to_be_hidden()


def test_the_place_on_a_turned_page_is_marked_as_it_is_shown(page: Page) -> None:
    page.get_by_role("button", name="第 1–2 页").click()
    page.get_by_role("button", name="下一页").click()
    expect(page.get_by_role("heading", name="第 2 页，共 2 页")).to_be_visible()
    expect(page.locator(".place-mark")).to_have_count(1)
    left, top, right, bottom = place_of_mark(page)
    assert bottom - top > 3 * (right - left)
    assert top == pytest.approx(100 / 595, abs=0.02)


def test_a_page_that_cannot_be_shown_says_why(page: Page, data: Path) -> None:
    (kept,) = (data / "originals").glob("*.pdf")
    content = kept.read_bytes()
    kept.write_bytes(b"%PDF-1.7 damaged")
    page.get_by_role("button", name="第 1–2 页").click()
    expect(page.locator(".page-dialog .failure")).to_contain_text("已损坏")
    expect(page.get_by_role("dialog", name="第 1 页")).to_be_visible()
    kept.unlink()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="第 1–2 页").click()
    expect(page.locator(".page-dialog .failure")).to_contain_text("没有留存原文件")
    kept.write_bytes(content)
