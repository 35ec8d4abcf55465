"""Earlier conversations on the chat page, in a real Chromium."""

import pytest
from chromium import ASKED, ask, browser, context, page  # noqa: F401
from playwright.sync_api import Page, Route, expect

# Fixtures are imported to be asked for by name.
# ruff: noqa: F811

pytestmark = [pytest.mark.browser, pytest.mark.model]

OTHER = "云汀市去年地铁客流有多少？"


def reload(page: Page) -> None:
    page.reload()
    expect(page.locator(".report-list a").first).to_be_visible()


def test_a_conversation_survives_a_reload_and_goes_on(page: Page) -> None:
    ask(page, ASKED)
    answer = page.locator(".answer blockquote").inner_text()
    reload(page)
    expect(page.locator(".turn")).to_have_count(0)
    page.locator("#open-history").click()
    page.locator("#history-list .row-title", has_text=ASKED).click()
    expect(page.locator("#history-dialog")).to_be_hidden()
    expect(page.locator(".answer blockquote")).to_have_text(answer)
    with page.expect_request("**/api/v1/ask") as sent:
        ask(page, "去年呢？")
    assert ASKED in (sent.value.post_data_json or {})["history"][0]["question"]
    page.locator("#open-history").click()
    expect(page.locator("#history-list li")).to_have_count(1)
    expect(page.locator("#history-list")).to_contain_text("2 问")


def test_conversations_are_found_by_their_words_and_forgotten(page: Page) -> None:
    ask(page, ASKED)
    page.locator("#new-conversation").click()
    ask(page, OTHER)
    page.locator("#open-history").click()
    rows = page.locator("#history-list li")
    expect(rows).to_have_count(2)
    page.locator("#history-search").fill("地铁")
    expect(rows).to_have_count(1)
    page.get_by_role("button", name=f"删除对话“{OTHER}”").click()
    page.locator("#history-search").focus()
    expect(page.get_by_role("button", name=f"确定删除对话“{OTHER}”？")).to_have_count(0)
    page.get_by_role("button", name=f"删除对话“{OTHER}”").click()
    page.get_by_role("button", name=f"确定删除对话“{OTHER}”？").click()
    expect(rows).to_have_count(0)
    page.locator("#history-search").fill("")
    expect(rows).to_have_count(1)
    page.locator("#history-clear").click()
    page.locator("#history-clear").click()
    expect(rows).to_have_count(0)
    reload(page)
    page.locator("#open-history").click()
    expect(page.locator("#history-count")).to_have_text("还没有对话。")


def test_a_question_that_runs_long_can_be_stopped_and_asked_again(page: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/api/v1/ask", hold)
    page.locator("#question").fill(ASKED)
    page.locator("#question").press("Enter")
    page.get_by_role("button", name="停止").click()
    expect(page.locator(".reply")).to_contain_text("已停止")
    expect(page.locator("#send")).to_be_enabled()
    page.unroute("**/api/v1/ask")
    page.get_by_role("button", name="重试").click()
    expect(page.locator(".answer")).to_be_visible()


@pytest.mark.parametrize(("name", "suffix"), [("导出 Markdown", ".md"), ("导出 Word", ".docx")])
def test_a_conversation_is_saved_as_a_file(page: Page, name: str, suffix: str) -> None:
    ask(page, ASKED)
    ask(page, "去年呢？")
    page.locator("#export summary").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name=name).click()
    assert saved.value.suggested_filename.endswith(suffix)
    content = saved.value.path().read_bytes()
    if suffix == ".md":
        assert ASKED in content.decode()
        assert content.decode().count("去年呢") == 1
    else:
        assert content.startswith(b"PK")


def test_a_reader_says_whether_a_passage_answers(page: Page) -> None:
    ask(page, ASKED)
    ask(page, "去年呢？")
    card = page.locator(".turn:last-child .passage").first
    with page.expect_response("**/api/v1/feedback") as kept:
        card.get_by_role("button", name="答到了").click()
    assert kept.value.ok
    sent = kept.value.request.post_data_json or {}
    assert sent["right"] is True
    assert [turn["question"] for turn in sent["history"]] == [ASKED]
    expect(card.get_by_role("button", name="答到了")).to_have_attribute("aria-pressed", "true")
    card.get_by_role("button", name="没答到").click()
    expect(card.get_by_role("button", name="没答到")).to_have_attribute("aria-pressed", "true")
    expect(card.get_by_role("button", name="答到了")).to_have_attribute("aria-pressed", "false")
