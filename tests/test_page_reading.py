"""Reading a report in a real Chromium: search within it, links that last, the view in a panel."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest
from chromium import browser, context  # noqa: F401
from conftest import running_server
from playwright.sync_api import Browser, BrowserContext, Page, expect

# Fixtures are imported to be asked for by name.
# ruff: noqa: F811

pytestmark = [pytest.mark.browser, pytest.mark.model]

NAME = "柳溪街道工会小结.md"
FIRST = "全年新建职工驿站12家，服务户外劳动者3400人次。"
SECOND = "职工夜校开设ＡＩ应用课程，参加的职工有560人。AI课最受欢迎。"
ROWS = "| 社区 | 驿站 |\n| --- | --- |\n| 柳东 | 5 |\n| 柳西 | 7 |"
TEXT = f"# 柳溪街道工会小结\n\n## 一、服务\n\n{FIRST}\n\n{SECOND}\n\n## 二、驿站\n\n{ROWS}\n"


@pytest.fixture(scope="module")
def url(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of its own, whose reports change."""
    data = shutil.copytree(sample_data, tmp_path_factory.mktemp("reading") / "data")
    with running_server(data) as url:
        yield url


def upload(url: str, text: str) -> str:
    """Upload the report, or a newer version of it; gives its id."""
    with httpx.Client(base_url=url, timeout=120) as client:
        files = {"files": (NAME, text.encode())}
        item = client.post("/api/v1/reports", files=files).json()["items"][0]
        events = client.get("/api/v1/imports/events", params={"id": item["id"]}).text
        assert '"done"' in events, events
        listed = client.get("/api/v1/reports").json()["items"]
    return next(one["id"] for one in listed if one["file"].endswith(NAME))


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    context = browser.new_context(base_url=url, locale="zh-CN")
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=url)
    page = context.new_page()
    page.goto(f"/reports/{upload(url, TEXT)}")
    expect(page.locator(".paragraph")).to_have_count(4)
    yield page
    context.close()


def found(page: Page) -> list[str]:
    """The matches that are marked, and last the current one."""
    matches: list[str] = page.evaluate(
        "['report-match', 'report-match-current']"
        ".flatMap((name) => [...CSS.highlights.get(name)].map(String))"
    )
    return matches


def copied_link(page: Page) -> str:
    page.get_by_role("button", name="复制链接").click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    link: str = page.evaluate("navigator.clipboard.readText()")
    return link


def test_search_counts_marks_and_steps_through_the_matches(page: Page) -> None:
    search, count = page.get_by_role("searchbox", name="在报告里查找"), page.locator(".match-count")
    search.fill("驿站")
    expect(count).to_have_text("第 1 处，共 3 处")
    assert found(page) == ["驿站"] * 4
    search.press("Enter")
    expect(count).to_have_text("第 2 处，共 3 处")
    expect(page.locator("h2.current-match")).to_have_text("二、驿站")
    page.get_by_role("button", name="下一处").click()
    expect(page.locator("th.current-match")).to_have_text("驿站")
    search.press("Enter")
    expect(count).to_have_text("第 1 处，共 3 处")
    search.press("Shift+Enter")
    page.get_by_role("button", name="上一处").click()
    expect(count).to_have_text("第 2 处，共 3 处")
    expect(page.locator(".current-match")).to_be_in_viewport()
    search.press("Escape")
    expect(search).to_have_value("")
    expect(count).to_have_text("")
    assert found(page) == []


def test_search_finds_words_in_rows_and_whatever_their_width_and_case(page: Page) -> None:
    search = page.get_by_role("searchbox")
    search.fill("ai")
    expect(page.locator(".match-count")).to_have_text("第 1 处，共 2 处")
    assert found(page) == ["ＡＩ", "AI", "ＡＩ"]
    search.fill("柳 西")
    expect(page.locator("td.current-match")).to_have_text("柳西")
    search.fill("没有的话")
    expect(page.locator(".match-count")).to_have_text("没有找到")
    expect(page.get_by_role("button", name="下一处")).to_be_disabled()
    page.locator("#language").click()
    expect(page.locator(".match-count")).to_have_text("Not found")
    expect(search).to_have_attribute("placeholder", "Search in this report")


def test_enter_that_ends_a_composition_does_not_step(page: Page) -> None:
    search = page.get_by_role("searchbox")
    search.fill("驿站")
    search.evaluate(
        "(input) => input.dispatchEvent(new KeyboardEvent('keydown',"
        "{key: 'Enter', keyCode: 229, isComposing: true, bubbles: true, cancelable: true}))"
    )
    expect(page.locator(".match-count")).to_have_text("第 1 处，共 3 处")


def test_a_link_from_the_outline_becomes_the_address_and_back_leads_back(page: Page) -> None:
    page.get_by_role("link", name="二、驿站").click()
    expect(page).to_have_url(re.compile(r"/reports/\w+#s1$"))
    expect(page.locator(".target")).to_have_text("二、驿站")
    page.get_by_role("link", name="第 2 段的链接").click()
    expect(page.locator("#p2.target")).to_be_focused()
    page.go_back()
    expect(page.locator(".target")).to_have_text("二、驿站")


def test_a_copied_link_has_the_first_sentence_or_the_words_selected(page: Page, url: str) -> None:
    page.get_by_role("link", name="第 2 段的链接").click()
    link = urlsplit(copied_link(page))
    assert f"{link.scheme}://{link.netloc}" == url
    assert link.fragment == "p2"
    assert parse_qs(link.query) == {"quote": [SECOND.partition("。")[0] + "。"]}
    page.locator("#p2 > p").evaluate(
        "(words) => getSelection().setBaseAndExtent(words.firstChild, 2, words.firstChild, 10)"
    )
    page.locator("#p2 > p").hover()
    page.locator(".tools button").first.hover()
    assert parse_qs(urlsplit(copied_link(page)).query) == {"quote": [SECOND[2:10]]}


def test_the_tools_are_reached_by_keyboard_and_a_row_is_linked_whole(page: Page) -> None:
    page.get_by_role("link", name="第 4 段的链接").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="复制链接")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="已复制")).to_be_focused()
    page.goto(page.evaluate("navigator.clipboard.readText()"))
    expect(page.locator("#p4.target mark")).to_have_text(["柳西", "7"])


def test_an_address_finds_its_words_after_the_report_was_changed(page: Page, url: str) -> None:
    page.get_by_role("link", name="第 2 段的链接").click()
    link = copied_link(page)
    changed = TEXT.replace(FIRST, "街道工会有工会委员9人。\n\n本年换届。\n\n" + FIRST)
    upload(url, changed.replace("课程，参加", "课程， 参加"))
    page.goto(link)
    expect(page.locator(".missing")).to_have_text(
        "报告更新过：所引的话原在第 2 段，现在是第 4 段。"
    )
    expect(page.locator("#p4.target")).to_be_in_viewport()
    expect(page.locator("#p4 mark")).to_contain_text("参加的职工有560人。")
    expect(page.locator("#status")).to_contain_text("现在是第 4 段")
    upload(url, TEXT.replace("560人", "650人"))
    page.goto("/")
    page.goto(link)
    expect(page.locator(".missing")).to_contain_text("已没有所引的话")
    expect(page.locator(".missing blockquote")).to_have_text(SECOND.partition("。")[0] + "。")
    expect(page.locator("#p2.target")).to_be_in_viewport()
    expect(page.locator("mark")).to_have_count(0)
    page.get_by_role("link", name="第 1 段的链接").click()
    expect(page.locator(".missing")).to_be_hidden()


def test_words_that_are_gone_with_their_paragraph_are_still_told(page: Page) -> None:
    words = quote("<b>早已删去的话</b>")
    page.goto(f"{urlsplit(page.url).path}?quote={words}#p99")
    expect(page.locator(".missing")).to_contain_text("也没有第 99 段")
    expect(page.locator(".missing blockquote")).to_have_text("<b>早已删去的话</b>")


def test_the_view_fits_a_panel_beside_another_page(
    context: BrowserContext, server_url: str
) -> None:
    report = httpx.get(f"{server_url}/api/v1/reports").json()["items"][0]["id"]
    page = context.new_page()
    page.goto("/")
    ids = page.evaluate(
        """async (id) => {
          const { openReport } = await import("/page/report_view.js");
          const panel = document.createElement("section");
          panel.className = "panel-here";
          panel.style.width = "24rem";
          document.body.append(panel);
          window.view = await openReport(panel, id, { prefix: "source-", paragraph: 3 });
          return [...panel.querySelectorAll("[id]")].map(({ id }) => id);
        }""",
        report,
    )
    assert all(name.startswith("source-") for name in ids)
    expect(page.locator("#source-p3.target")).to_be_focused()
    address = page.url
    page.locator(".panel-here .outline summary").click()
    page.locator(".panel-here .outline a").last.click()
    expect(page.locator(".panel-here h2.target, .panel-here h3.target")).to_be_in_viewport()
    assert page.url == address
    page.evaluate("window.view.show({ paragraph: 2 })")
    expect(page.locator("#source-p2.target")).to_be_in_viewport()
