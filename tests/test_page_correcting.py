"""Correcting a report's details on its page, in a real Chromium."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from chromium import browser  # noqa: F401
from conftest import running_server
from filelock import FileLock
from playwright.sync_api import Browser, Page, Request, expect

from corpus import Report

# Fixtures are imported to be asked for by name.
# ruff: noqa: F811

pytestmark = [pytest.mark.browser, pytest.mark.model]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, sample_data: Path) -> Path:
    return shutil.copytree(sample_data, tmp_path_factory.mktemp("correcting") / "data")


@pytest.fixture(scope="module")
def url(data: Path) -> Iterator[str]:
    with running_server(data) as url:
        yield url


@pytest.fixture(scope="module")
def chronicle(sample_reports: tuple[Report, ...]) -> Report:
    return next(report for report in sample_reports if report.file.endswith(".txt"))


@pytest.fixture
def page(browser: Browser, url: str, chronicle: Report) -> Iterator[Page]:
    context = browser.new_context(base_url=url, locale="zh-CN")
    page = context.new_page()
    page.goto(f"/reports/{chronicle.id}")
    page.get_by_role("button", name="更正信息").click()
    expect(page.get_by_role("dialog", name="更正报告信息")).to_be_visible()
    yield page
    context.close()


def field(page: Page, name: str) -> str:
    return page.get_by_label(name, exact=True).input_value()


def test_the_form_shows_what_was_read_and_where(page: Page, chronicle: Report) -> None:
    assert field(page, "标题") == chronicle.title
    assert field(page, "作者") == "、".join(chronicle.authors)
    origin = next(one for one in chronicle.origins if one.field == "title")
    notes = page.locator(".field", has=page.get_by_label("标题", exact=True))
    expect(notes).to_contain_text(origin.quote)
    expect(page.get_by_role("button", name="恢复")).to_have_count(0)


def test_changed_fields_are_saved_shown_and_taken_back_one_by_one(
    page: Page, url: str, chronicle: Report
) -> None:
    sent: list[object] = []

    def note(request: Request) -> None:
        if request.method == "PATCH":
            sent.append(request.post_data_json)

    page.on("request", note)
    page.get_by_label("标题", exact=True).fill("云汀工会暖心录")
    page.get_by_label("作者", exact=True).fill("江砚秋、 沈汀澜，")
    page.get_by_label("文献类型", exact=True).select_option("报纸文章")
    page.get_by_label("日期", exact=True).press("Enter")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert sent == [
        {
            "title": "云汀工会暖心录",
            "authors": ["江砚秋", "沈汀澜"],
            "document_type": "newspaper",
        }
    ]
    expect(page.locator("h1")).to_have_text("云汀工会暖心录")
    expect(page).to_have_title("云汀工会暖心录 · 有据")
    expect(page.locator(".metadata")).to_contain_text("江砚秋、沈汀澜")
    expect(page.locator("#status")).to_have_text("更正已保存。")
    expect(page.get_by_role("button", name="更正信息")).to_be_focused()
    page.get_by_role("button", name="更正信息").click()
    page.get_by_role("button", name="恢复读出的标题").click()
    expect(page.get_by_label("标题", exact=True)).to_have_value(chronicle.title)
    assert sent[1:] == [{"title": None}]
    page.get_by_role("button", name="恢复读出的作者").click()
    expect(page.get_by_label("作者", exact=True)).to_have_value("、".join(chronicle.authors))
    page.get_by_role("button", name="恢复读出的文献类型").click()
    expect(page.get_by_label("文献类型", exact=True)).to_have_value("report")
    page.keyboard.press("Escape")
    expect(page.locator("h1")).to_have_text(chronicle.title)
    detail = httpx.get(f"{url}/api/v1/reports/{chronicle.id}").json()
    assert detail["authors"] == list(chronicle.authors)


def test_a_refused_value_is_told_at_its_field(page: Page) -> None:
    date = page.get_by_label("日期", exact=True)
    date.fill("去年")
    page.get_by_role("button", name="保存").click()
    expect(date).to_have_attribute("aria-invalid", "true")
    expect(date).to_be_focused()
    expect(date).to_have_accessible_description(re.compile("2025-01-18 这样的日期"))
    page.keyboard.press("Escape")
    page.get_by_role("button", name="更正信息").click()
    expect(date).not_to_have_attribute("aria-invalid", "true")


def test_while_the_index_is_written_the_form_says_so_and_keeps_what_was_typed(
    page: Page, data: Path
) -> None:
    publisher = page.get_by_label("发布者", exact=True)
    publisher.fill("云汀日报")
    with FileLock(data / "LOCK"):
        page.get_by_role("button", name="保存").click()
        expect(page.locator(".form-dialog .failure")).to_contain_text("正在更新索引")
    expect(publisher).to_have_value("云汀日报")


def test_the_address_can_open_the_form(page: Page, chronicle: Report) -> None:
    page.goto("/")
    page.goto(f"/reports/{chronicle.id}#edit")
    expect(page.get_by_role("dialog", name="更正报告信息")).to_be_visible()
    expect(page).to_have_url(re.compile(rf"/reports/{chronicle.id}$"))
    page.get_by_role("button", name="取消").click()
    page.locator("#language").click()
    page.get_by_role("button", name="Correct details").click()
    expect(page.get_by_role("dialog", name="Correct the report's details")).to_be_visible()
    expect(page.get_by_label("Date", exact=True)).to_be_visible()
