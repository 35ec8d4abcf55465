"""The chat page in a real Chromium: asking, reading answers, and what must never happen."""

import json
import re

import httpx
import pytest
from chromium import ASKED, ask, browser, context, page, replied  # noqa: F401
from playwright.sync_api import BrowserContext, Page, Route, expect

# Fixtures are imported to be asked for by name.
# ruff: noqa: F811

pytestmark = [pytest.mark.browser, pytest.mark.model]

UNANSWERED = "火星基地的氧气储备有多少吨？"


def test_before_the_first_question_the_page_shows_what_can_be_asked(
    page: Page, server_url: str
) -> None:
    reports = httpx.get(f"{server_url}/api/v1/reports").json()["items"]
    shown = page.locator(".report-list a").all_inner_texts()
    assert shown == [report["title"] for report in reports]
    expect(page.locator("#question")).to_be_focused()
    page.locator(".example").first.click()
    expect(page.locator(".turn .passage").first).to_be_visible()
    expect(page.locator("#welcome")).to_be_hidden()


def test_an_answer_shows_the_sentence_first_and_then_its_passages(
    page: Page, server_url: str
) -> None:
    answer = replied(server_url, ASKED)
    ask(page, ASKED)
    first = answer["passages"][0]
    expect(page.locator(".question")).to_have_text(ASKED)
    expect(page.locator(".answer blockquote")).to_have_text(answer["answer"]["text"])
    expect(page.locator(".answer figcaption")).to_contain_text(first["report"]["title"])
    expect(page.locator(".confidence")).to_have_text(re.compile("把握|确定"))
    card = page.locator(".passage").first
    expect(card.locator(".passage-text")).to_have_text(first["text"])
    expect(card.locator("mark").first).to_have_text(answer["answer"]["text"])
    for heading in first["section"]:
        expect(card.locator(".place")).to_contain_text(heading)
    expect(card.locator(".place")).to_contain_text(f"第 {first['paragraph']} 段")
    expect(page.locator(".passage")).to_have_count(len(answer["passages"]))
    expect(page.locator("#status")).to_contain_text(answer["answer"]["text"])
    expect(page.locator("#question")).to_be_focused()
    expect(page.locator("#question")).to_have_value("")


def test_a_long_passage_unfolds(page: Page) -> None:
    ask(page, "青岚县去年办了哪些民生实事？")
    folded = page.locator(".folded").first
    before = len(folded.locator(".passage-text").inner_text())
    folded.get_by_role("button").click()
    assert len(folded.locator(".passage-text").inner_text()) > before
    expect(folded.get_by_role("button")).to_have_attribute("aria-expanded", "true")
    folded.get_by_role("button").click()
    assert len(folded.locator(".passage-text").inner_text()) == before


def test_no_answer_is_said_first_and_looks_different(page: Page) -> None:
    ask(page, UNANSWERED)
    reply = page.locator(".reply > *")
    expect(reply.first).to_contain_text("这些报告里没有找到答案")
    expect(page.get_by_text("最接近的段落", exact=True)).to_be_visible()
    expect(page.locator(".answer")).to_have_count(0)
    expect(page.locator(".passages.nearest .passage").first).to_be_visible()
    expect(page.locator("#status")).to_have_text("这些报告里没有找到答案")


def test_a_follow_up_sends_the_conversation_and_shows_how_it_was_understood(page: Page) -> None:
    ask(page, "青岚县2024年接待了多少游客？")
    with page.expect_request("**/api/v1/ask") as sent:
        ask(page, "今年的目标呢？")
    history = json.loads(sent.value.post_data or "")["history"]
    assert [turn["question"] for turn in history] == ["青岚县2024年接待了多少游客？"]
    expect(page.locator(".turn:last-child .understood")).to_be_visible()
    expect(page.locator(".turn")).to_have_count(2)


def test_a_long_chain_of_follow_ups_keeps_its_topic(page: Page) -> None:
    ask(page, "青岚县2024年接待了多少游客？")
    for _ in range(4):
        ask(page, "今年的目标呢？")
        ask(page, "去年呢？")
    expect(page.locator(".turn:last-child .understood").first).to_contain_text("游客")


def test_a_new_conversation_starts_without_the_old_one(page: Page) -> None:
    ask(page, ASKED)
    page.locator("#new-conversation").click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator("#welcome")).to_be_visible()
    expect(page.locator("#question")).to_be_focused()
    with page.expect_request("**/api/v1/ask") as sent:
        ask(page, ASKED)
    assert json.loads(sent.value.post_data or "")["history"] == []


IME_ENTERS = {
    "composing": "press({key: 'Enter', isComposing: true, keyCode: 229})",
    "key code only": "press({key: 'Enter', keyCode: 229})",
    "Safari: the composition has ended already": (
        "box.dispatchEvent(new CompositionEvent('compositionend', {bubbles: true}));"
        "press({key: 'Enter', keyCode: 13})"
    ),
}


@pytest.mark.parametrize("events", IME_ENTERS.values(), ids=IME_ENTERS)
def test_the_enter_of_an_input_method_never_sends(page: Page, events: str) -> None:
    box = page.locator("#question")
    box.fill("liangshi")
    page.evaluate(
        "() => { const box = document.getElementById('question');"
        "const press = (key) => box.dispatchEvent("
        "new KeyboardEvent('keydown', {bubbles: true, cancelable: true, ...key}));"
        f"{events} }}"
    )
    page.wait_for_timeout(200)
    expect(page.locator(".turn")).to_have_count(0)
    expect(box).to_have_value("liangshi")
    box.press("Enter")
    expect(page.locator(".turn")).to_have_count(1)


def test_a_real_composition_is_left_alone(page: Page, context: BrowserContext) -> None:
    page.locator("#question").focus()
    devtools = context.new_cdp_session(page)
    devtools.send(
        "Input.imeSetComposition", {"text": "粮食", "selectionStart": 2, "selectionEnd": 2}
    )
    enter = {"type": "rawKeyDown", "key": "Enter", "windowsVirtualKeyCode": 229}
    devtools.send("Input.dispatchKeyEvent", enter)
    devtools.send("Input.insertText", {"text": "粮食"})
    page.wait_for_timeout(200)
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator("#question")).to_have_value("粮食")


def test_shift_enter_breaks_the_line_and_blank_questions_are_not_sent(page: Page) -> None:
    box = page.locator("#question")
    box.press("Enter")
    box.fill("   ")
    box.press("Enter")
    expect(page.locator(".turn")).to_have_count(0)
    box.fill("第一行")
    box.press("Shift+Enter")
    box.press_sequentially("第二行")
    expect(box).to_have_value("第一行\n第二行")


def test_a_lost_connection_is_said_and_the_question_can_be_sent_again(page: Page) -> None:
    page.route("**/api/v1/ask", lambda route: route.abort())
    page.locator("#question").fill(ASKED)
    page.locator("#question").press("Enter")
    expect(page.locator(".failure")).to_contain_text("连不上服务")
    expect(page.locator(".question")).to_have_text(ASKED)
    page.unroute("**/api/v1/ask")
    page.get_by_role("button", name="重试").click()
    expect(page.locator(".answer")).to_be_visible()
    expect(page.locator(".failure")).to_have_count(0)


def test_a_problem_of_the_service_is_shown_in_its_words(page: Page) -> None:
    problem = {"title": "提问的人太多", "detail": "请稍候再试。", "status": 503}

    def refuse(route: Route) -> None:
        route.fulfill(status=503, json=problem, content_type="application/problem+json")

    page.route("**/api/v1/ask", refuse)
    page.locator("#question").fill(ASKED)
    page.locator("#send").click()
    expect(page.locator(".failure")).to_contain_text("提问的人太多")
    expect(page.locator(".failure")).to_contain_text("请稍候再试。")


def test_while_the_reports_load_the_page_waits_and_then_lists_them(
    context: BrowserContext,
) -> None:
    page = context.new_page()
    replies = iter([True, False])

    def first_not_ready(route: Route) -> None:
        if next(replies, False):
            route.fulfill(status=503, headers={"Retry-After": "1"}, json={"title": "正在装载报告"})
        else:
            route.continue_()

    page.route("**/api/v1/reports?*", first_not_ready)
    page.goto("/")
    expect(page.locator("#library")).to_contain_text("正在装载报告")
    expect(page.locator(".report-list a").first).to_be_visible()


def test_english_is_one_click_away_and_remembered(page: Page) -> None:
    ask(page, ASKED)
    page.locator("#language").click()
    expect(page.locator("#send")).to_have_text("Ask")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("button", name="Copy citation").first).to_be_visible()
    expect(page.locator(".passage-text").first).to_have_attribute("lang", "zh-CN")
    page.reload()
    expect(page.locator("#welcome-title")).to_have_text("Ask the reports. See the source.")
    page.locator("#language").click()
    expect(page.locator("#send")).to_have_text("提问")


def test_dark_is_dark_and_light_is_light(page: Page) -> None:
    def lightness() -> float:
        colour: str = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        return sum(map(int, re.findall(r"\d+", colour)[:3])) / 3

    page.emulate_media(color_scheme="dark")
    assert lightness() < 64
    page.emulate_media(color_scheme="light")
    assert lightness() > 192


def test_the_keyboard_reaches_everything(page: Page) -> None:
    skip = page.locator(".skip-link")
    for _ in range(30):
        if skip.evaluate("link => link === document.activeElement"):
            break
        page.keyboard.press("Shift+Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.type(ASKED)
    page.keyboard.press("Tab")
    expect(page.locator("#send")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".passage").first).to_be_visible()
    page.get_by_role("link", name="在原文中查看").first.focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="复制引文").first).to_be_focused()


HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>"


def test_markup_in_questions_and_reports_stays_text(page: Page) -> None:
    def infect(route: Route) -> None:
        answer = route.fetch().json()
        for passage in answer["passages"]:
            passage["text"] = HOSTILE + passage["text"]
            passage["report"]["title"] = passage["section"][0:1] = HOSTILE
            passage["citation"]["gbt7714"] = HOSTILE
        answer |= {"answerable": True, "answer": {"text": HOSTILE, "passage": 1}}
        route.fulfill(json=answer)

    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    page.route("**/api/v1/ask", infect)
    ask(page, f"{ASKED}{HOSTILE}")
    expect(page.locator(".answer blockquote")).to_have_text(HOSTILE)
    expect(page.locator(".question")).to_contain_text(HOSTILE)
    assert page.locator("main img, main script, #log [onerror]").count() == 0
    page.wait_for_timeout(200)
    assert dialogs == []


def test_a_comparison_is_a_table_whose_lines_lead_to_their_passages(page: Page) -> None:
    ask(page, "青岚县和广东省今年的粮食产量目标分别是多少")
    lines = page.locator(".comparison tr")
    expect(lines).to_have_count(2)
    expect(lines.nth(0)).to_contain_text("青岚县")
    expect(lines.nth(0).locator(".figure")).to_have_text(re.compile(r"\d"))
    expect(lines.nth(1)).to_contain_text("没有说到")
    expect(page.get_by_text("报告里没有说到：广东省")).to_be_visible()
    lines.nth(0).get_by_role("link").click()
    assert page.evaluate("document.querySelector(':target').matches('.passage')")


def test_figures_that_share_a_unit_are_bars_of_their_length(page: Page) -> None:
    ask(page, "青岚县和云汀市去年各新增就业多少人？")
    page.set_viewport_size({"width": 1440, "height": 900})
    figures = page.locator(".comparison .figure").all_inner_texts()
    bars = [bar.bounding_box() for bar in page.locator(".bar-of-figure").all()]
    powers = {"万": 10_000}
    numbers = [
        float(re.sub(r"[^\d.]", "", text)) * next((powers[s] for s in text if s in powers), 1)
        for text in figures
    ]
    widths = [bar["width"] for bar in bars if bar]
    assert len(numbers) == len(widths) == 2
    assert min(widths) / max(widths) == pytest.approx(min(numbers) / max(numbers), abs=0.02)


def test_what_was_made_of_the_question_and_why_can_be_seen(page: Page) -> None:
    ask(page, "青岚县2019年的粮食產量目標是多少？")
    expect(page.locator(".not-found")).to_contain_text("问的是2019年")
    why = page.locator(".why").first
    why.locator("summary").click()
    expect(why).to_contain_text("粮食")
    page.locator("#language").click()
    expect(page.locator(".not-found")).to_contain_text("You asked about 2019年")
    expect(why).to_contain_text("Similarity of meaning")


def test_the_figure_asked_for_stands_out_in_the_answer(page: Page, server_url: str) -> None:
    answer = replied(server_url, ASKED)
    ask(page, ASKED)
    figures = [figure["text"] for figure in answer["passages"][0]["figures"]]
    assert figures
    expect(page.locator(".answer blockquote strong").first).to_be_visible()
    shown = page.locator(".answer blockquote strong").all_inner_texts()
    assert sorted(shown) == sorted(figures)
