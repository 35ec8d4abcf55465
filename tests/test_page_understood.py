"""What was understood of a report, on its page in a real Chromium: kinds, tables, pages, doubts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import pytest
from chromium import ask, browser, replied  # noqa: F401
from conftest import running_server
from playwright.sync_api import Browser, Page, expect

from corpus import Doubt, Kind, Origin, Paragraph, Report, Section, Span, Text
from index import Encoder, build_index

# Fixtures are imported to be asked for by name.
# ruff: noqa: F811

pytestmark = [pytest.mark.browser, pytest.mark.model]

NAMES = ["区县", "会员（万人）", "基层工会", "新建工会", "职工之家", "驿站", "培训人次", "劳模"]
HEAD = f"| {' | '.join(NAMES)} |\n{'| --- ' * len(NAMES)}|\n"
ROWS = [
    "| 汀南区 | 23.8 | 2186 | 164 | 96 | 41 | 18230 | 62 |",
    r"| 苇湾区\|新区 | 14.2 | 1325 |  | 53 | 18 | 9120 | 28 |",
]
FIRST, SECOND, LAST = "一、组织建设", "（一）会员", "二、展望"
PARAGRAPHS: list[tuple[Kind, str, int, tuple[str, ...]]] = [
    ("byline", "2025年1月16日 沈汀澜", 1, ()),
    ("contents", "一、组织建设……1", 1, ()),
    ("contents", "二、展望……3", 1, ()),
    ("body", "全市工会会员达到86.4万人，比上年增加3.1万人。", 1, (FIRST,)),
    ("caption", "滨江路驿站里，环卫工人正在热饭", 1, (FIRST,)),
    ("table", HEAD + ROWS[0], 2, (FIRST, SECOND)),
    ("table", HEAD + ROWS[1], 2, (FIRST, SECOND)),
    ("body", "各区县工会继续把新就业形态劳动者吸收到", 3, (FIRST, SECOND)),
    ("note", "① 会员数含新就业形态劳动者。", 3, (FIRST, SECOND)),
    ("furniture", "云汀市总工会", 1, ()),
    ("furniture", "第 1 页", 1, ()),
]
TORN = 8

# WCAG 2.2, 1.4.3: contrast of at least 4.5 between a text and what lies behind it.
FAINT = """() => {
  const channels = (colour) => {
    const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data];
  };
  const ground = (element) => {
    if (element === null) return [255, 255, 255, 255];
    const own = channels(getComputedStyle(element).backgroundColor);
    if (own[3] === 255) return own;
    const behind = ground(element.parentElement);
    return own.map((value, i) => (value * own[3] + behind[i] * (255 - own[3])) / 255);
  };
  const luminance = (colour) => colour.slice(0, 3)
    .map((value) => value / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    .reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);
  const contrast = (element) => {
    const pair = [channels(getComputedStyle(element).color), ground(element)].map(luminance);
    return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
  };
  const hasWords = ({ childNodes }) =>
    [...childNodes].some(({ nodeType, data }) => nodeType === Node.TEXT_NODE && data.trim());
  return [...document.querySelectorAll("body *")]
    .filter((element) => hasWords(element) && element.checkVisibility({ opacityProperty: true }))
    .filter((element) => contrast(element) < 4.5)
    .map((element) => `${element.className}: ${element.textContent} ${contrast(element)}`);
}"""


def paragraph(ordinal: int) -> Paragraph:
    kind, text, page, section = PARAGRAPHS[ordinal - 1]
    start = sum(len(text) + 1 for _, text, *_ in PARAGRAPHS[: ordinal - 1])
    spans = (Span(start, start + len(text), page, (72.0, 90.0, 523.0, 104.0)),)
    return Paragraph(ordinal, text, kind, section, spans, torn=ordinal == TORN)


@pytest.fixture(scope="module")
def report() -> Report:
    """A report with a paragraph of every kind, as a file with pages gives it."""
    return Report(
        id="understood",
        file="云汀市总工会2024年工作报告.pdf",
        sha256="0" * 64,
        title="云汀市总工会2024年工作报告",
        subtitle="——在第四次全体会议上",
        date="2025-01-16",
        publisher=None,
        authors=("沈汀澜",),
        organisation="云汀市总工会",
        text=Text(
            source="\n".join(text for _, text, *_ in PARAGRAPHS),
            sections=(
                Section(FIRST, 1, (FIRST,), 4, ()),
                Section(SECOND, 2, (FIRST, SECOND), 6, ()),
                Section(LAST, 1, (LAST,), 10, ()),
            ),
            paragraphs=tuple(paragraph(ordinal) for ordinal in range(1, len(PARAGRAPHS) + 1)),
        ),
        period="2020/2024",
        origins=(
            Origin("date", "text", "2025年1月16日 沈汀澜"),
            Origin("title", "name", "云汀市总工会2024年工作报告.pdf"),
            Origin("period", "correction", "2020/2024"),
        ),
        doubts=(
            Doubt("torn", "劳动者吸收到", TORN),
            Doubt("caption-or-heading", "滨江路驿站里，环卫工人正在热饭", 5),
            Doubt("caption-or-heading", "第 1 页", 11),
            Doubt("unheard-of", "末尾", 12),
            Doubt("more-pages", ""),
        ),
    )


@pytest.fixture(scope="module")
def url(
    report: Report, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    data: Path = tmp_path_factory.mktemp("understood")
    build_index((report,), data=data, encoder=encoder)
    with running_server(data) as url:
        yield url


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    context = browser.new_context(base_url=url, locale="zh-CN")
    page = context.new_page()
    page.goto("/reports/understood")
    expect(page.locator(".paragraph")).to_have_count(len(PARAGRAPHS))
    yield page
    context.close()


def test_what_is_not_running_text_stands_apart_under_a_word_that_says_what_it_is(
    page: Page,
) -> None:
    names = page.locator(".apart > .kind")
    assert names.all_text_contents() == ["署名", "目录", "图表说明", "注释", "页眉页脚"]
    assert page.locator(".apart-contents .paragraph > p").all_text_contents() == [
        text for kind, text, *_ in PARAGRAPHS if kind == "contents"
    ]
    page.locator("#language").click()
    assert names.all_text_contents()[:3] == ["Byline", "Contents", "Caption"]


def test_page_furniture_is_folded_away_at_the_end_until_it_is_asked_for(page: Page) -> None:
    furniture = page.locator(".report-body > :last-child")
    expect(furniture.locator(".paragraph")).to_have_count(2)
    expect(page.locator("#p11")).to_be_hidden()
    furniture.locator("summary").press("Enter")
    expect(page.locator("#p11")).to_be_visible()
    furniture.locator("summary").press("Enter")
    page.goto("/reports/understood#p11")
    expect(page.locator("#p11")).to_be_in_viewport()
    expect(page.locator("#p11")).to_be_focused()


def test_the_rows_under_one_head_are_one_table_and_each_can_be_named(page: Page) -> None:
    table = page.get_by_role("table")
    expect(table).to_have_count(1)
    heads = table.get_by_role("columnheader").all_text_contents()
    assert heads == ["段", *NAMES]
    rows = table.locator("tbody tr")
    assert [row.get_attribute("id") for row in rows.all()] == ["p6", "p7"]
    last = rows.last.locator("td:not(.margin)").all_text_contents()
    assert last == ["苇湾区|新区", "14.2", "1325", "", "53", "18", "9120", "28"]
    page.get_by_role("link", name="第 7 段的链接").click()
    expect(page.locator("#p7")).to_be_focused()


def test_a_quote_of_a_row_marks_its_cells_and_a_quote_of_a_cell_only_that(page: Page) -> None:
    page.goto(f"/reports/understood?quote={quote(ROWS[1])}#p7")
    expect(page.locator("#p7 mark")).to_have_count(8)
    page.goto("/reports/understood?quote=14.2#p7")
    expect(page.locator("mark")).to_have_text(["14.2"])


def test_a_table_is_copied_with_its_cells_parted_by_tabs(page: Page) -> None:
    copied = page.evaluate(
        "() => { getSelection().selectAllChildren(document.querySelector('table'));"
        "return getSelection().toString(); }"
    )
    lines = [line.split("\t") for line in copied.strip().splitlines()]
    assert lines[0] == NAMES
    assert lines[1] == ["汀南区", "23.8", "2186", "164", "96", "41", "18230", "62"]


def test_an_answer_in_a_table_is_given_under_its_heads(page: Page, url: str) -> None:
    question = "汀南区的工会会员有多少万人？"
    page.goto("/")
    ask(page, question)
    pairs = page.locator(".answer dl > div")
    assert [pair.inner_text().split("\n") for pair in pairs.all()[:2]] == [
        ["区县", "汀南区"],
        ["会员（万人）", "23.8"],
    ]
    card = page.locator(".passage.answering")
    assert card.get_by_role("columnheader").all_text_contents() == NAMES
    expect(card.locator("mark").nth(1)).to_have_text("23.8")
    expect(page.locator("#status")).to_contain_text("区县：汀南区；会员（万人）：23.8；")
    assert replied(url, question)["passages"][0]["kind"] == "table"


def test_pages_are_named_beside_their_paragraphs(page: Page) -> None:
    assert page.locator("#p4 .margin").inner_text().split() == ["4", "第", "1", "页"]
    expect(page.locator("#p6 .page")).to_have_text("第 2 页")
    page.locator("#language").click()
    expect(page.locator("#p6 .page")).to_have_text("p. 2")


def test_a_torn_paragraph_says_so(page: Page) -> None:
    expect(page.locator(".torn")).to_have_count(1)
    expect(page.locator(f"#p{TORN} .torn")).to_have_text("此段在文件中残缺")


def test_metadata_say_where_they_were_read(page: Page) -> None:
    expect(page.locator(".metadata")).to_contain_text("所述时期2020—2024")
    page.get_by_text("各项读自何处").click()
    assert page.locator(".origins dl > div").all_inner_texts() == [
        "日期\n正文 2025年1月16日 沈汀澜",
        "标题\n文件名 云汀市总工会2024年工作报告.pdf",
        "所述时期\n更正 2020/2024",
    ]


def test_doubts_are_explained_and_lead_to_their_paragraphs(page: Page) -> None:
    page.get_by_text("存疑 5 处").click()
    kinds = page.locator(".doubts > ul > li")
    assert [kind.locator("p").inner_text()[:3] for kind in kinds.all()] == [
        "残缺：",
        "短行：",
        "其他存",
        "网页后",
    ]
    expect(kinds.nth(1).get_by_role("link")).to_have_count(2)
    expect(kinds.nth(2)).to_contain_text("unheard-of")
    expect(kinds.nth(2).get_by_role("link")).to_have_count(0)
    expect(kinds.nth(3).get_by_role("list")).to_have_count(0)
    kinds.first.get_by_role("link", name=f"第 {TORN} 段").click()
    expect(page.locator(f"#p{TORN}")).to_be_focused()
    page.locator("#language").click()
    expect(kinds.first).to_contain_text("Broken off")


def test_the_outline_nests_as_the_headings_do(page: Page) -> None:
    assert page.locator(".outline > details > ol > li > a").all_text_contents() == [FIRST, LAST]
    assert page.locator(".outline ol ol > li > a").all_text_contents() == [SECOND]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(
    browser: Browser, url: str, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(base_url=url, color_scheme=scheme)
    page = context.new_page()
    page.goto("/reports/understood#p7")
    expect(page.locator(".target")).to_be_visible()
    for summary in page.locator("main summary").all():
        summary.click()
    assert page.evaluate(FAINT) == []
    context.close()


def test_a_wide_table_scrolls_by_itself_on_a_phone(browser: Browser, url: str) -> None:
    context = browser.new_context(base_url=url, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto("/reports/understood")
    table = page.get_by_role("region", name="表格")
    expect(table).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    last = table.get_by_role("columnheader").last
    expect(last).not_to_be_in_viewport()
    table.focus()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    expect(last).to_be_in_viewport()
    context.close()
