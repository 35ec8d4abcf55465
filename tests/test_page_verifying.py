"""Checking quotations on the page, in a real Chromium."""

from io import BytesIO

import docx
import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from chromium import browser, context  # noqa: F401
from playwright.sync_api import BrowserContext, FilePayload, Page, ViewportSize, expect

# Fixtures are imported to be asked for by name.
# ruff: noqa: F811

pytestmark = [pytest.mark.browser, pytest.mark.model]

SAID = "粮食产量21.5万吨以上，城镇新增就业3800人以上"
WRONG = "粮食产量22.5万吨以上，城镇新增就业3800人以上"
INVENTED = "全县建成三十座大型体育场馆"
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>"
ARTICLE = f"""# 读报告

县政府提出，“{SAID}”，并要求抓好“十四五”收官。

有人写成“{WRONG}”。至于“{INVENTED}”，查无此事。
"""
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def page(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/verify")
    expect(page.locator("#words")).to_be_focused()
    return page


def check(page: Page, words: str, what: str = "一段引文") -> None:
    page.get_by_label(what).check()
    page.locator("#words").fill(words)
    page.get_by_role("button", name="核对", exact=True).click()
    expect(page.locator("#results-title")).to_be_focused()


def clipboard(page: Page) -> str:
    words: str = page.evaluate("() => navigator.clipboard.readText()")
    return words


def test_the_chat_page_leads_to_checking_and_back(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/")
    page.get_by_role("link", name="核对引文").click()
    expect(page.get_by_role("heading", name="核对引文")).to_be_visible()
    page.get_by_role("link", name="去提问").click()
    expect(page.locator("#question")).to_be_visible()


@pytest.mark.parametrize("quote", [SAID, f"“{SAID}”", f" 「{SAID}」\n"])
def test_a_verbatim_quotation_is_said_so_with_its_place(page: Page, quote: str) -> None:
    check(page, quote)
    (proof,) = page.locator(".proof").all()
    expect(proof.locator(".verdict")).to_have_text("一字不差")
    expect(proof).to_contain_text("《2025年青岚县政府工作报告》")
    expect(proof.locator(".place")).to_contain_text("二、2025年目标任务")
    expect(page.locator("#tally")).to_have_text("1 处一字不差")


def test_a_changed_quotation_shows_the_difference_and_what_to_write(
    context: BrowserContext, page: Page, server_url: str
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    check(page, WRONG)
    proof = page.locator(".proof")
    expect(proof.locator(".verdict")).to_have_text("有改动，数字不同")
    expect(proof.locator("del.figure")).to_contain_text("22.5")
    expect(proof.locator("ins.figure")).to_contain_text("21.5")
    proof.get_by_role("button", name="复制原文").click()
    expect(proof.get_by_role("button", name="已复制")).to_be_visible()
    assert clipboard(page) == SAID
    proof.get_by_role("button", name="复制引文").click()
    reply = httpx.post(f"{server_url}/api/v1/verify", json={"quote": WRONG}).json()
    expect(proof.get_by_role("button", name="已复制")).to_have_count(2)
    assert clipboard(page) == reply["passages"][0]["citation"]["gbt7714"]


def test_the_place_opens_beside_with_the_words_marked(page: Page) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    check(page, WRONG)
    link = page.get_by_role("link", name="在原文中查看")
    link.click()
    beside = page.get_by_role("complementary", name="原文")
    expect(beside.locator("mark").first).to_have_text(SAID)
    page.keyboard.press("Escape")
    expect(beside).to_be_hidden()
    expect(link).to_be_focused()


def test_where_there_is_no_room_the_place_opens_as_a_page(
    context: BrowserContext, page: Page
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    check(page, SAID)
    with context.expect_page() as opened:
        page.get_by_role("link", name="在原文中查看").click()
    expect(opened.value.locator("mark").first).to_have_text(SAID)


def test_a_quoted_heading_opens_its_section_without_a_false_alarm(page: Page) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    check(page, "二、2025年目标任务")
    page.get_by_role("link", name="在原文中查看").first.click()
    beside = page.get_by_role("complementary", name="原文")
    expect(beside.locator(".target")).to_be_in_viewport()
    expect(beside.locator(".missing")).to_be_hidden()


def test_each_quotation_of_an_article_is_judged_and_the_wrong_ones_can_be_shown_alone(
    page: Page,
) -> None:
    check(page, ARTICLE, "一篇文稿")
    verdicts = page.locator(".verdict")
    expect(verdicts).to_have_text(["一字不差", "有改动，数字不同", "没有找到"])
    expect(page.locator("#results-title")).to_have_text("核对了 3 处引文")
    for line in ("1 处一字不差", "1 处有改动", "1 处没有找到", "1 处不足六个字，没有核对"):
        expect(page.locator("#tally")).to_contain_text(line)
    expect(page.locator(".proof").first).to_contain_text("文稿第 3 行")
    page.get_by_label("只看有问题的").check()
    expect(page.locator(".proof:visible")).to_have_count(2)
    page.get_by_label("只看有问题的").uncheck()
    expect(page.locator(".proof:visible")).to_have_count(3)


def test_the_parts_of_a_quotation_with_an_ellipsis_have_each_their_place(page: Page) -> None:
    check(page, "粮食产量21.5万吨以上……空气质量优良天数比率保持在97%以上")
    expect(page.locator(".verdict")).to_have_text("一字不差")
    expect(page.locator(".place")).to_have_count(2)
    expect(page.locator(".other-places")).to_have_count(0)


def test_an_article_without_quotations_is_said_so(page: Page) -> None:
    check(page, "这一篇没有引用报告里的话。", "一篇文稿")
    expect(page.locator("#results-title")).to_have_text("没有要核对的引文")


def word_file() -> bytes:
    document = docx.Document()
    document.add_paragraph(f"县政府提出，“{SAID}”。")
    document.add_paragraph(f"又说，“{WRONG}”。")
    content = BytesIO()
    document.save(content)
    return content.getvalue()


def test_an_article_given_as_one_quotation_can_be_checked_as_what_it_is(page: Page) -> None:
    check(page, ARTICLE)
    expect(page.locator(".proof")).to_have_count(1)
    page.get_by_role("button", name="按文稿逐处核对").click()
    expect(page.locator(".proof")).to_have_count(3)
    expect(page.get_by_label("一篇文稿")).to_be_checked()
    expect(page.get_by_role("button", name="按文稿逐处核对")).to_be_hidden()
    page.get_by_label("一段引文").check()
    page.locator("#words").fill(ARTICLE * 20)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("最多 2000 个字")
    expect(page.get_by_role("button", name="按文稿逐处核对")).to_be_visible()
    check(page, WRONG)
    expect(page.get_by_role("button", name="按文稿逐处核对")).to_be_hidden()


def test_a_word_file_is_chosen_or_dropped_and_each_paragraph_named(page: Page) -> None:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    chosen = FilePayload(name="文稿.docx", mimeType=kind, buffer=word_file())
    page.set_input_files("#article-file", chosen)
    expect(page.locator("#results-title")).to_have_text("文稿.docx：核对了 2 处引文")
    expect(page.locator(".proof").nth(1)).to_contain_text("文稿第 2 段")
    expect(page.get_by_label("一篇文稿")).to_be_checked()
    dropped = page.evaluate_handle(
        """(text) => {
            const files = new DataTransfer();
            files.items.add(new File([text], "文稿.md", { type: "text/markdown" }));
            return files;
        }""",
        ARTICLE,
    )
    page.dispatch_event("body", "dragenter", {"dataTransfer": dropped})
    expect(page.locator("#drop-hint")).to_be_visible()
    page.dispatch_event("body", "drop", {"dataTransfer": dropped})
    expect(page.locator("#drop-hint")).to_be_hidden()
    expect(page.locator("#results-title")).to_have_text("文稿.md：核对了 3 处引文")


def test_what_cannot_be_checked_is_said_with_the_reason(page: Page) -> None:
    bad = FilePayload(name="年报.pdf", mimeType="application/pdf", buffer=b"%PDF")
    page.set_input_files("#article-file", bad)
    expect(page.get_by_role("alert")).to_contain_text("只核对 Markdown")
    broken = FilePayload(name="文稿.docx", mimeType="", buffer=b"PK")
    page.set_input_files("#article-file", broken)
    expect(page.get_by_role("alert")).to_contain_text("文件损坏")
    page.get_by_label("一段引文").check()
    page.locator("#words").fill("长" * 2001)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("最多 2000 个字")
    page.route("**/api/v1/verify", lambda route: route.abort())
    page.locator("#words").fill(SAID)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("连不上服务")
    page.unroute("**/api/v1/verify")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".verdict")).to_have_text("一字不差")
    expect(page.get_by_role("alert")).to_be_hidden()


def test_a_check_that_runs_long_can_be_stopped(page: Page) -> None:
    page.route("**/api/v1/verify", lambda _route: None)
    page.locator("#words").fill(SAID)
    page.get_by_role("button", name="核对", exact=True).click()
    page.get_by_role("button", name="停止").click()
    expect(page.get_by_role("button", name="核对", exact=True)).to_be_visible()
    expect(page.locator("#status")).to_have_text("已停止。")
    expect(page.locator("#results")).to_be_hidden()


def test_everything_is_done_by_keyboard(page: Page) -> None:
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_label("一段引文")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("一篇文稿")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.insert_text(ARTICLE)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#results-title")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator(".proof:visible")).to_have_count(2)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="复制原文")).to_be_focused()


def test_the_enter_of_an_input_method_does_not_check(page: Page) -> None:
    page.locator("#words").fill(SAID)
    page.evaluate(
        """() => document.getElementById("words").dispatchEvent(new KeyboardEvent("keydown", {
            bubbles: true, key: "Enter", ctrlKey: true, isComposing: true, keyCode: 229,
        }))"""
    )
    page.wait_for_timeout(200)
    expect(page.locator("#results")).to_be_hidden()


def test_markup_in_articles_and_names_stays_text(page: Page) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    check(page, f"{HOSTILE}粮食产量22.5万吨以上，城镇新增就业3800人以上")
    expect(page.locator(".proof")).to_contain_text(HOSTILE)
    article = FilePayload(
        name=f"{HOSTILE}.md", mimeType="", buffer=f"> `{HOSTILE}` 火星基地".encode()
    )
    page.set_input_files("#article-file", article)
    expect(page.locator("#results-title")).to_contain_text("onerror")
    expect(page.locator(".proof")).to_contain_text(HOSTILE)
    page.wait_for_timeout(200)
    assert page.locator("main img, main script, [onerror]").count() == 0
    assert dialogs == []


def test_english_reaches_what_is_there(page: Page) -> None:
    check(page, WRONG)
    page.locator("#language").click()
    expect(page.locator(".verdict")).to_have_text("Changed, a figure differs")
    expect(page.locator("#results-title")).to_have_text("Quotations checked: 1")
    expect(page.get_by_role("button", name="Copy the original")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Check quotations")).to_be_visible()
    expect(page.locator("#words")).to_have_attribute("aria-label", "To be checked")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "size", [ViewportSize(width=1440, height=900), ViewportSize(width=360, height=740)]
)
def test_the_page_is_for_everyone_and_fits_a_phone(
    page: Page, scheme: str, size: ViewportSize
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size(size)
    assert Axe().run(page, options=RULES).response["violations"] == []
    check(page, f"{ARTICLE}\n“{SAID[:11]}……{SAID[12:]}”", "一篇文稿")
    assert Axe().run(page, options=RULES).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
