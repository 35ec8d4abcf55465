"""The reports on the chat page in a real Chromium: adding, choosing, taking out, putting back."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import ask, browser, context, page  # noqa: F401
from conftest import running_server
from playwright.sync_api import BrowserContext, FilePayload, Page, Route, expect

# Fixtures are imported to be asked for by name.
# ruff: noqa: F811

pytestmark = [pytest.mark.browser, pytest.mark.model]

EAST = "东川县2024年工作报告\n\n一、粮食\n\n全年粮食产量九万吨，比上年增加一千吨。\n"
HOSTILE = '<img src=x onerror="document.title=1">'


@pytest.fixture(scope="module")
def server_url(tmp_path_factory: pytest.TempPathFactory, sample_data: Path) -> Iterator[str]:
    """A server of its own: reports come and go."""
    data = shutil.copytree(sample_data, tmp_path_factory.mktemp("page") / "data")
    with running_server(data) as url:
        yield url


def payload(name: str, text: str) -> FilePayload:
    return FilePayload(name=name, mimeType="text/plain", buffer=text.encode())


def open_reports(page: Page) -> None:
    page.locator("#open-reports").click()
    expect(page.locator("#report-rows li").first).to_be_visible()


def row(page: Page, title: str) -> str:
    return f'#report-rows li:has-text("{title}")'


def test_uploaded_files_are_answered_from_and_a_bad_one_is_named(page: Page) -> None:
    open_reports(page)
    page.set_input_files("#upload", [payload("东川.txt", EAST), payload("表.xlsx", "x")])
    added = page.locator(".uploads li", has_text="东川.txt")
    expect(added.get_by_role("progressbar", name="东川.txt")).to_be_visible()
    expect(added.locator(".upload-state")).to_have_text("已加入", timeout=20_000)
    refused = page.locator(".uploads li", has_text="表.xlsx")
    expect(refused).to_contain_text("不支持这种文件")
    expect(added.get_by_role("progressbar")).to_have_count(0)
    expect(page.locator(row(page, "东川县2024年工作报告"))).to_be_visible()
    page.locator("#reports-dialog .close").click()
    ask(page, "东川县粮食产量是多少？")
    expect(page.locator(".answer")).to_contain_text("九万吨")
    open_reports(page)
    remove(page, "东川县2024年工作报告")


def remove(page: Page, title: str) -> None:
    button = page.locator(row(page, title)).get_by_text("移除")
    button.click()
    expect(button).to_have_text("确定移除？")
    button.click()
    expect(page.locator(row(page, title))).to_have_count(0, timeout=20_000)


def test_files_are_dropped_anywhere(page: Page) -> None:
    dropped = page.evaluate_handle(
        """(text) => {
            const files = new DataTransfer();
            files.items.add(new File([text], "东川.txt", { type: "text/plain" }));
            return files;
        }""",
        EAST,
    )
    page.dispatch_event("body", "dragenter", {"dataTransfer": dropped})
    expect(page.locator("#drop-hint")).to_be_visible()
    page.dispatch_event("body", "drop", {"dataTransfer": dropped})
    expect(page.locator("#drop-hint")).to_be_hidden()
    expect(page.locator("#reports-dialog")).to_be_visible()
    expect(page.locator(".upload-state")).to_have_text("已加入", timeout=20_000)
    remove(page, "东川县2024年工作报告")


def test_a_dropped_folder_is_read_with_what_lies_in_it(
    context: BrowserContext, page: Page, tmp_path: Path
) -> None:
    folder = tmp_path / "报告"
    (folder / "里面").mkdir(parents=True)
    (folder / "里面" / "东川.txt").write_text(EAST, "utf-8")
    (folder / "西川.txt").write_text(EAST.replace("东川", "西川"), "utf-8")
    (folder / "~$西川.txt").write_text("x", "utf-8")
    devtools = context.new_cdp_session(page)
    data = {"items": [], "files": [str(folder)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        devtools.send("Input.dispatchDragEvent", {"type": kind, "x": 200, "y": 200, "data": data})
    expect(page.locator(".upload-state")).to_have_text(["已加入", "已加入"], timeout=30_000)
    expect(page.locator(".upload-name")).to_have_text(["西川.txt", "东川.txt"])
    for title in ("东川县2024年工作报告", "西川县2024年工作报告"):
        remove(page, title)


def test_progress_goes_on_after_the_service_was_away(page: Page) -> None:
    replies = iter([True])

    def refuse_once(route: Route) -> None:
        if next(replies, False):
            route.fulfill(status=503, json={"title": "正在装载报告"})
        else:
            route.continue_()

    page.route("**/api/v1/imports/events?*", refuse_once)
    open_reports(page)
    page.set_input_files("#upload", [payload("东川.txt", EAST)])
    expect(page.locator(".upload-state")).to_have_text("已加入", timeout=30_000)
    remove(page, "东川县2024年工作报告")


def test_what_is_gone_is_said_where_it_is_missed(page: Page) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    open_reports(page)
    page.set_input_files("#upload", [payload("东川.txt", EAST)])
    expect(page.locator(".upload-state")).to_have_text("已加入", timeout=30_000)
    page.locator("#reports-dialog .close").click()
    ask(page, "东川县粮食产量是多少？")
    open_reports(page)
    remove(page, "东川县2024年工作报告")
    page.locator("#reports-dialog .close").click()
    card = page.locator(".passage").first
    card.get_by_role("button", name="加入引文列表").click()
    page.locator("#citing-files").select_option("ris")
    expect(page.locator("#citing .problem-line")).to_contain_text("没有这份报告")
    expect(page.locator(".turn")).to_have_count(1)
    card.get_by_role("button", name="答到了").click()
    expect(card.locator(".problem-line")).to_contain_text("没有这份报告")
    card.get_by_role("link", name="在原文中查看").click()
    expect(page.locator("#source")).to_contain_text("可能已经移走或改名")


def test_removing_asks_once_more_and_what_came_from_a_folder_can_be_put_back(page: Page) -> None:
    open_reports(page)
    title = page.locator(".row-title").first.inner_text()
    button = page.locator(row(page, title)).get_by_text("移除")
    button.click()
    page.locator("#report-search").focus()
    expect(button).to_have_text("移除")
    remove(page, title)
    page.locator("#removed-reports summary").click()
    page.get_by_role("button", name=f"放回《{title}》").click()
    expect(page.locator(row(page, title))).to_be_visible(timeout=20_000)
    expect(page.locator("#removed-reports")).to_be_hidden()


def test_only_the_chosen_reports_are_asked(page: Page) -> None:
    open_reports(page)
    rows = page.locator("#report-rows li")
    count = rows.count()
    rows.first.get_by_role("checkbox").uncheck()
    page.locator("#reports-dialog .close").click()
    expect(page.locator("#scope")).to_contain_text(f"只问选中的 {count - 1} 份报告")
    with page.expect_request("**/api/v1/ask") as sent:
        ask(page, "去年办了哪些实事？")
    assert len(json.loads(sent.value.post_data or "")["reports"]) == count - 1
    page.locator("#scope-clear").click()
    expect(page.locator("#scope")).to_be_hidden()
    with page.expect_request("**/api/v1/ask") as sent:
        ask(page, "去年办了哪些实事？")
    assert "reports" not in json.loads(sent.value.post_data or "")


def test_a_chosen_report_that_is_gone_is_no_longer_asked(
    context: BrowserContext, page: Page
) -> None:
    open_reports(page)
    page.set_input_files("#upload", [payload("东川.txt", EAST)])
    expect(page.locator(".upload-state")).to_have_text("已加入", timeout=30_000)
    page.locator("#report-search").fill("东川")
    box = page.get_by_role("checkbox", name="只问列出的这些")
    box.uncheck()
    box.check()
    page.locator("#report-search").fill("这里没有")
    expect(box).to_be_disabled()
    page.locator("#reports-dialog .close").click()
    other = context.new_page()
    other.goto("/")
    open_reports(other)
    remove(other, "东川县2024年工作报告")
    page.locator("#question").fill("粮食产量是多少？")
    page.locator("#question").press("Enter")
    expect(page.locator(".failure")).to_contain_text("没有这份报告")
    expect(page.locator("#scope")).to_be_hidden()
    page.get_by_role("button", name="重试").click()
    expect(page.locator(".passage").first).to_be_visible()


def test_reports_are_filtered_and_just_those_listed_are_chosen(page: Page) -> None:
    open_reports(page)
    page.locator("#report-search").fill("青岚")
    expect(page.locator("#report-rows li")).to_have_count(1)
    box = page.get_by_role("checkbox", name="只问列出的这些")
    box.uncheck()
    box.check()
    page.locator("#report-search").fill("")
    expect(page.locator("#report-rows input:checked")).to_have_count(1)
    page.locator("#report-year").select_option("2025")
    for details in page.locator(".row-details").all_inner_texts():
        assert "2025" in details
    page.locator("#report-year").select_option("")
    bodies = page.locator("#report-body option").all_inner_texts()[1:]
    assert len(bodies) > 1
    for body in bodies:
        page.locator("#report-body").select_option(body)
        for details in page.locator(".row-details").all_inner_texts():
            assert body in details


def test_progress_is_shown_while_a_report_is_indexed(page: Page) -> None:
    open_reports(page)
    page.evaluate(
        """() => {
            window.states = new Set();
            new MutationObserver(() => {
                const state = document.querySelector(".upload-state");
                if (state !== null) window.states.add(state.dataset.text);
            }).observe(document.getElementById("uploads"), { subtree: true, childList: true });
        }"""
    )
    long = "\n".join(f"第{n}个村修路{n}公里，种树{n * 7}棵，办好事{n + 3}件。" for n in range(300))
    page.set_input_files("#upload", [payload("东川.txt", f"东川县2024年工作报告\n\n{long}\n")])
    expect(page.locator(".upload-state")).to_have_text("已加入", timeout=60_000)
    states = page.evaluate("[...window.states]")
    assert states[0] == "uploading"
    assert states[-2:] == ["upload-indexing", "upload-done"]
    remove(page, "东川县2024年工作报告")


def assert_inert(page: Page, fetched: list[str]) -> None:
    """Nothing of the markup ran, became an element or was fetched."""
    assert page.title() != "1"
    assert page.locator("img[src='x'], [onerror], body script").count() == 0
    assert not [address for address in fetched if address.endswith("/x")]


def test_a_report_full_of_markup_runs_nothing(page: Page) -> None:
    """Title, text and name of the file; foreign requests and script errors fail in `context`."""
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    open_reports(page)
    sentence = f"全年{HOSTILE}<script>alert(1)</script>植树九万棵。"
    text = f"{HOSTILE}工作报告\n\n一、{HOSTILE}\n\n{sentence}\n"
    page.set_input_files("#upload", [payload(f"{HOSTILE}.txt", text)])
    expect(page.locator(".upload-state")).to_have_text("已加入", timeout=20_000)
    page.locator("#reports-dialog .close").click()
    ask(page, "全年植树多少棵？")
    expect(page.locator(".passage").first).to_contain_text(HOSTILE)
    assert_inert(page, fetched)
    page.locator("#open-history").click()
    expect(page.locator("#history-list li").first).to_be_visible()
    page.keyboard.press("Escape")
    page.goto(page.get_by_role("link", name="在原文中查看").first.get_attribute("href") or "")
    expect(page.locator("mark").first).to_contain_text(HOSTILE)
    expect(page.locator("h1")).to_contain_text(HOSTILE)
    assert_inert(page, fetched)
    page.goto("/verify")
    page.locator("#words").fill(sentence.replace("九", "八"))
    page.keyboard.press("Control+Enter")
    expect(page.locator(".proof-report")).to_contain_text(HOSTILE)
    assert_inert(page, fetched)
    page.goto("/")
    open_reports(page)
    remove(page, "onerror")
