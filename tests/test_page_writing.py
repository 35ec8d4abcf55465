"""A written answer on the chat page, in a real Chromium, with a model that speaks by a script."""

from collections.abc import Iterator

import pytest
from chromium import ASKED, ask, browser, context, page  # noqa: F401
from playwright.sync_api import Page, expect
from scripted_llm import ScriptedModel, scripted_model, writing_service

from qa import Answerer

# Fixtures are imported to be asked for by name.
# ruff: noqa: F811

pytestmark = [pytest.mark.browser, pytest.mark.model]


@pytest.fixture(scope="module")
def model() -> Iterator[ScriptedModel]:
    with scripted_model() as model:
        yield model


@pytest.fixture(scope="module")
def server_url(model: ScriptedModel, answerer: Answerer) -> Iterator[str]:
    with writing_service(model, answerer, seconds=5) as url:
        yield url


def test_sentences_come_with_their_sources_and_what_is_unsupported_is_marked(
    page: Page, model: ScriptedModel
) -> None:
    model.pieces = [
        "2025年青岚县粮食产量21.5万吨以上。[1]",
        "粮食产量99万吨。[1]",
        "<img src=x onerror='document.title=1'>写得好。",
    ]
    ask(page, ASKED)
    page.get_by_role("button", name="写成一段回答").click()
    written = page.locator(".written")
    expect(written).to_contain_text("21.5万吨以上")
    expect(page.get_by_role("button", name="重写")).to_be_visible()
    expect(written.locator(".unsupported")).to_have_count(2)
    expect(written.locator(".unsupported").first).to_contain_text("99万吨")
    expect(written).to_contain_text("<img src=x")
    assert page.title() != "1"
    target = written.locator(".source-number").first.get_attribute("href") or ""
    expect(page.locator(target)).to_contain_text("粮食产量21.5万吨以上")
    expect(page.locator(".answer blockquote")).to_contain_text("21.5万吨以上")


def test_a_model_that_fails_leaves_the_answer_as_it_is(page: Page, model: ScriptedModel) -> None:
    model.pieces, model.status = [], 500
    ask(page, ASKED)
    page.get_by_role("button", name="写成一段回答").click()
    expect(page.locator(".written .notice")).to_be_visible()
    expect(page.get_by_role("button", name="重写")).to_be_visible()
    expect(page.locator(".answer blockquote")).to_contain_text("21.5万吨以上")
    model.status = 200


def test_a_slow_model_can_be_stopped(page: Page, model: ScriptedModel) -> None:
    model.pieces = [3.0, "粮食产量21.5万吨以上。[1]"]
    ask(page, ASKED)
    page.get_by_role("button", name="写成一段回答").click()
    page.locator(".written").get_by_role("button", name="停止").click()
    expect(page.get_by_role("button", name="重写")).to_be_visible()
    expect(page.locator(".written-text")).to_be_empty()
