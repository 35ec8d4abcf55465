"""Quotations checked against the sample reports: verbatim, changed, missing, over HTTP too."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from corpus import Report
from index import Encoder, HybridIndex
from qa import Answerer, BrokenQuestion, EmptyQuestion, UnknownReport
from qa.alignment import nearest
from qa.differences import difference, figures_differ
from qa.folding import fold
from qa.verifying import Verifier
from qa.wordings import Wording

SAID = "粮食产量21.5万吨以上，城镇新增就业3800人以上"


def changes(quote: str, report: str) -> list[tuple[str, str, str, bool]]:
    pieces = difference(quote, report)
    return [(p.operation, p.quote, p.report, p.figure) for p in pieces if p.operation != "equal"]


# Folding


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("增长５．５％", "增长5.5%"),
        ("糧食產量", "粮食产量"),
        ("他说：“好。”", "他说：『好。』"),
        ("稳 中\n求进", "稳中求进"),
        ("GDP", "ｇｄｐ"),
        ("5—6年", "5－6年"),
    ],
)
def test_what_changes_no_word_is_folded(one: str, other: str) -> None:
    assert fold(one).text == fold(other).text


@given(st.text())
def test_every_folded_character_knows_its_place(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.places)
    assert list(folded.places) == sorted(folded.places)
    assert all(0 <= place < len(text) for place in folded.places)


@given(st.text("ab,. 中“"))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text).text).text == fold(text).text


# Alignment


@given(st.text("abc", min_size=1, max_size=8), st.text("abc", max_size=12))
def test_no_stretch_of_a_text_is_nearer_than_the_nearest(quote: str, text: str) -> None:
    start, end = nearest(quote, text)
    distances = [
        Levenshtein.distance(quote, text[a:b])
        for a in range(len(text) + 1)
        for b in range(a, len(text) + 1)
    ]
    assert Levenshtein.distance(quote, text[start:end]) == min(distances)


# Differences


@pytest.mark.parametrize(
    ("quote", "report", "wanted"),
    [
        ("增长5.3%。", "增长5.5%。", [("replace", "5.3%", "5.5%", True)]),
        ("增长百分之五点五。", "增长5.5%。", [("replace", "百分之五点五", "5.5%", False)]),
        ("下降5.5%。", "增长5.5%。", [("replace", "下降", "增长", False)]),
        ("建成十五座驿站", "建成驿站", [("insert", "十五座", "", True)]),
        ("全市建成驿站", "全市陆续建成驿站", [("delete", "", "陆续", False)]),
        ("糧食，豐收", "粮食,丰收", []),
    ],
)
def test_a_difference_is_shown_by_words_and_whole_numbers(
    quote: str, report: str, wanted: list[tuple[str, str, str, bool]]
) -> None:
    assert changes(quote, report) == wanted
    assert figures_differ(difference(quote, report)) == any(figure for *_, figure in wanted)


@given(st.text("增长下降5.3%万人 ，", max_size=20), st.text("增长下降5.3%万人 ，", max_size=20))
def test_the_pieces_of_a_difference_make_up_both_texts(quote: str, report: str) -> None:
    pieces = difference(quote, report)
    assert "".join(p.quote for p in pieces) == quote.lstrip()
    assert "".join(p.report for p in pieces) == report.lstrip()


# Wordings


@pytest.mark.model
def test_every_paragraph_and_heading_is_found_where_it_stands(
    sample_reports: tuple[Report, ...],
) -> None:
    for report in sample_reports:
        wording = Wording(report)
        for paragraph in report.paragraphs:
            if paragraph.kind in {"body", "list"}:
                text = paragraph.text.replace("|", "")
                start, end = next(wording.occurrences(fold(text).text))
                assert fold(wording.words(start, end)).text == fold(text).text
        for section in report.sections:
            assert next(wording.occurrences(fold(section.heading).text), None)


# Verdicts

pytestmark = pytest.mark.model


@pytest.mark.parametrize(
    ("quote", "folded"),
    [
        (SAID, ()),
        (f"{SAID}。", ()),
        ("糧食產量21.5萬噸以上", ("script",)),
        ("粮食产量 ２１.５万吨以上", ("width", "white-space")),
        ("『以前是蹲在马路牙子上吃", ("marks",)),
        ("二、2025年目标任务", ()),
        ("把家安在职工心坎上", ()),
    ],
)
def test_what_a_report_says_is_verbatim(
    answerer: Answerer, quote: str, folded: tuple[str, ...]
) -> None:
    result = answerer.verify(quote)
    assert result.status == "verbatim"
    assert not result.figures_differ
    place = result.places[0]
    assert (place.similarity, place.folded) == (1, folded)
    text = "".join(place.passage.text[a:b] for a, b in place.passage.highlights)
    assert fold(text).text == fold(quote.rstrip("。")).text


@pytest.mark.parametrize(
    ("quote", "figure"),
    [
        ("粮食产量22.5万吨以上，城镇新增就业3800人以上", True),
        ("粮食总产量21.5万吨以上，城镇新增就业3800人以上", False),
        ("1.5万吨以上，城镇新增就业3800人以上", True),
        ("清晨五点半，滨江路驿站的灯先亮了", False),
        ("老邵说，工会在哪儿？就在这扇门里", False),
    ],
)
def test_what_a_report_says_otherwise_is_changed(
    answerer: Answerer,
    quote: str,
    figure: bool,  # noqa: FBT001 - wanted
) -> None:
    result = answerer.verify(quote)
    assert (result.status, result.figures_differ) == ("changed", figure)
    assert any(piece.operation != "equal" for piece in result.places[0].difference)


@pytest.mark.parametrize(
    "quote", ["火星基地的氧气储备充足", "市政府投入三十亿元新建五所综合医院", "完全没有这回事儿"]
)
def test_what_no_report_says_is_missing(answerer: Answerer, quote: str) -> None:
    result = answerer.verify(quote)
    assert (result.status, result.places) == ("missing", ())


def test_parts_between_ellipses_are_found_one_after_the_other(answerer: Answerer) -> None:
    result = answerer.verify("清晨五点半……三分钟后，一口热饭下肚")
    assert result.status == "verbatim"
    assert len(result.places) == 2
    assert answerer.verify("清晨五点半...五分钟后，一口热饭下肚").status == "changed"
    assert answerer.verify("三分钟后，一口热饭下肚……清晨五点半").status == "changed"
    assert answerer.verify("火星上的清晨……氧气储备充足").status == "missing"


def test_only_the_reports_asked_for_are_looked_in(answerer: Answerer) -> None:
    town = next(report for report in answerer.reports if report.file.endswith(".txt"))
    assert answerer.verify(SAID, reports={town.id}).status == "missing"
    with pytest.raises(UnknownReport):
        answerer.verify(SAID, reports={"nosuch"})


def test_what_is_no_quotation_is_refused(answerer: Answerer) -> None:
    with pytest.raises(EmptyQuestion):
        answerer.verify("……“”")
    with pytest.raises(BrokenQuestion):
        answerer.verify("粮食\udcff")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([*SAID, "……", "...", "“", " ", "1", "万", "𠮷", "é"]), max_size=40))
def test_no_quotation_breaks_anything(answerer: Answerer, signs: list[str]) -> None:
    quote = "".join(signs)
    if any(map(str.isalnum, quote)):
        for place in answerer.verify(quote).places:
            assert 0 <= place.similarity <= 1
            assert place.passage.text
            assert place.passage.source
    else:
        with pytest.raises(EmptyQuestion):
            answerer.verify(quote)


@pytest.mark.parametrize("quote", ["的" * 2000, "发展……" * 500, "增长5%，" * 400])
def test_what_repeats_itself_is_judged_in_moments(answerer: Answerer, quote: str) -> None:
    started = time.perf_counter()
    assert answerer.verify(quote).status == "missing"
    assert time.perf_counter() - started < 5


# Over HTTP


@pytest.fixture(scope="module")
def client(server_url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server_url, timeout=30) as client:
        yield client


def verify(client: httpx.Client, body: object) -> dict[str, Any]:
    reply = client.post("/api/v1/verify", json=body)
    assert reply.status_code == 200, reply.text
    verdict: dict[str, Any] = reply.json()
    return verdict


def test_a_quote_is_checked_with_place_difference_and_citation(client: httpx.Client) -> None:
    verdict = verify(client, {"quote": "粮食产量22.5万吨以上，城镇新增就业3800人以上"})
    assert (verdict["status"], verdict["figures_differ"]) == ("changed", True)
    passage = verdict["passages"][0]
    assert passage["report"]["title"] == "2025年青岚县政府工作报告"
    assert passage["difference"][1] == {
        "operation": "replace",
        "quote": "22.5",
        "report": "21.5",
        "figure": True,
    }
    assert passage["citation"]["gbt7714"].startswith("岑叙白. ")
    assert passage["url"].endswith(f"#p{passage['paragraph']}")


def test_the_locator_of_a_passage_is_found_again(client: httpx.Client) -> None:
    asked = {"question": "青岚县今年粮食产量目标是多少？", "top_k": 5}
    for passage in client.post("/api/v1/ask", json=asked).json()["passages"]:
        body = {"locator": passage["locator"], "report": passage["report"]["id"]}
        verdict = verify(client, body)
        assert verdict["status"] == "verbatim"
        assert verdict["passages"][0]["paragraph"] == passage["paragraph"]
        changed = [{**passage["locator"][0], "exact": passage["text"] + "，成绩来之不易，值得珍惜"}]
        verdict = verify(client, {"locator": changed, "report": passage["report"]["id"]})
        assert verdict["status"] in {"changed", "missing"}


def test_a_locator_chooses_among_equal_words(client: httpx.Client, answerer: Answerer) -> None:
    report = next(report for report in answerer.reports if report.file.endswith(".md"))
    places = [i for i in range(len(report.source)) if report.source.startswith("全县", i)]
    assert len(places) > 2
    for place in places:
        quote = {
            "type": "TextQuoteSelector",
            "exact": "全县",
            "prefix": report.source[max(0, place - 32) : place],
            "suffix": report.source[place + 2 : place + 34],
        }
        verdict = verify(client, {"locator": [quote], "report": report.id})
        source = verdict["passages"][0]["source"]
        assert source["start"] <= place < source["end"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body"),
        ({"quote": SAID, "locator": [{"type": "TextQuoteSelector", "exact": "x"}]}, "body"),
        ({"locator": [{"type": "TextQuoteSelector", "exact": "x"}]}, "body"),
        ({"quote": " "}, "quote"),
        ({"quote": "……"}, "quote"),
        ({"quote": "长" * 2001}, "quote"),
        ({"quote": SAID, "report": "nosuch"}, "report"),
        (
            {"locator": [{"type": "TextPositionSelector", "start": 0, "end": 9}], "report": "x"},
            "locator",
        ),
        ({"locator": [{"type": "CssSelector", "value": "p"}], "report": "x"}, "locator[0]"),
    ],
)
def test_what_cannot_be_checked_is_refused_by_field(
    client: httpx.Client, body: object, field: str
) -> None:
    reply = client.post("/api/v1/verify", json=body)
    assert (reply.status_code, reply.json()["type"]) == (422, "urn:youju:problem:invalid-request")
    assert field in {error["field"] for error in reply.json()["errors"]}


# Many reports


@pytest.mark.parametrize(
    "quote",
    [
        SAID,
        "粮食产量21.5万吨以上，城镇新增就业38000人以上",
        "粮食产量21.5万吨以上……城镇新增就业3800人以上",
        "粮食产量稳定在两亿吨的月球基地",
    ],
)
def test_of_many_reports_those_with_the_words_of_a_quotation_are_looked_through(
    sample_data: Path, encoder: Encoder, quote: str
) -> None:
    index = HybridIndex(sample_data, encoder)
    assert Verifier(index, kept=1).verify(quote) == Verifier(index).verify(quote)
