"""Answers to questions: right passages, honest about what is not there, citable."""

import json
from typing import Any

import pytest
from conftest import ROOT

from corpus import SAMPLES, cells_of, row_of
from qa import Answerer, BrokenQuestion, EmptyQuestion, Turn, UnknownReport, cite

pytestmark = pytest.mark.model

QUESTIONS: list[dict[str, Any]] = [
    json.loads(line)
    for line in (SAMPLES.parent / "sample_questions.jsonl").read_text("utf-8").splitlines()
]
SINGLE = [q for q in QUESTIONS if q["kind"] not in ("unanswerable", "compare")]


def squashed(text: str) -> str:
    return "".join(text.split())


def turns(question: dict[str, Any]) -> list[Turn]:
    return [Turn(turn["question"], turn["answer"]) for turn in question["history"]]


@pytest.mark.parametrize("question", SINGLE, ids=lambda q: q["question"])
def test_a_sample_question_finds_its_evidence(answerer: Answerer, question: dict[str, Any]) -> None:
    answer = answerer.ask(question["question"], history=turns(question), top_k=3)
    holding = [
        passage
        for passage in answer.passages
        if squashed(question["evidence"][0]) in squashed(passage.text)
    ]
    assert holding, [passage.text[:40] for passage in answer.passages]
    assert squashed(question["section"]) in squashed("".join(holding[0].section))


def test_most_sample_questions_are_judged_rightly(answerer: Answerer) -> None:
    judged = [
        answerer.ask(q["question"], history=turns(q)).answerable == (q["kind"] != "unanswerable")
        for q in QUESTIONS
    ]
    assert sum(judged) >= 0.6 * len(judged)


def test_a_passage_is_verbatim_and_found_in_its_source(answerer: Answerer) -> None:
    for question in SINGLE:
        for passage in answerer.ask(question["question"], top_k=10).passages:
            paragraph = passage.report.paragraphs[passage.paragraph - 1]
            assert paragraph.ordinal == passage.paragraph
            assert paragraph.text[slice(*passage.range)] == passage.text
            source = passage.report.source
            stands = "".join(source[span.start : span.end] for span in passage.source)
            row = row_of(passage.text)[1] if passage.kind == "table" else 0
            assert squashed(stands) == squashed(passage.text[row:])
            for start, end in passage.highlights:
                assert 0 <= start < end <= len(passage.text)


def test_ranks_count_up_and_scores_go_down(answerer: Answerer) -> None:
    passages = answerer.ask("工会做了哪些帮扶工作", top_k=10).passages
    assert [passage.rank for passage in passages] == list(range(1, 11))
    scores = [passage.score for passage in passages]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_the_quote_is_the_first_passages_answering_sentence(answerer: Answerer) -> None:
    answer = answerer.ask("青岚县今年粮食产量目标是多少？")
    assert answer.answerable
    assert answer.quote is not None
    assert answer.quote.text in answer.passages[answer.quote.passage - 1].text
    assert "21.5万吨" in answer.quote.text


def test_what_no_report_says_is_not_answered_but_the_nearest_is_shown(answerer: Answerer) -> None:
    answer = answerer.ask("明天下雨吗，要不要带伞")
    assert not answer.answerable
    assert answer.quote is None
    assert answer.passages


def test_a_row_of_a_table_is_found_by_its_column_and_answers_as_a_sentence_does(
    answerer: Answerer,
) -> None:
    passages = answerer.ask("苇湾区的工会会员有多少万人", top_k=3).passages
    row = "| 苇湾区 | 1325 | 97 | 14.2 |"
    found = next(passage for passage in passages if passage.text.endswith(row))
    head, _, shown = found.text.split("\n")
    assert (found.kind, shown) == ("table", row)
    assert cells_of(head) == ["区县", "基层工会（家）", "其中新建（家）", "会员（万人）"]
    assert [found.text[start:end] for start, end in found.highlights] == [row]
    assert "".join(found.report.source[s.start : s.end] for s in found.source) == row


def test_grouped_by_report_gives_the_best_passage_of_each(answerer: Answerer) -> None:
    passages = answerer.ask("工会会员有多少", group_by_report=True, top_k=50).passages
    identities = [passage.report.id for passage in passages]
    assert len(identities) == len(set(identities)) == len(answerer.reports)
    scores = [passage.score for passage in passages]
    assert scores == sorted(scores, reverse=True)


def test_confidence_does_not_depend_on_how_many_passages_are_asked_for(answerer: Answerer) -> None:
    question = "青岚县今年粮食产量目标是多少？"
    few, many = (answerer.ask(question, top_k=k).confidence for k in (1, 50))
    assert few == many


def test_a_question_in_traditional_script_finds_the_same_passage(answerer: Answerer) -> None:
    simplified = answerer.ask("青岚县今年粮食产量目标是多少？").passages[0]
    traditional = answerer.ask("青嵐縣今年糧食產量目標是多少？").passages[0]
    assert simplified.paragraph == traditional.paragraph


@pytest.mark.parametrize("question", ["？", "a", "的" * 2000, "\x00", "😀😀", "1" * 2000, "，。！"])
def test_odd_questions_are_answered_without_fault(answerer: Answerer, question: str) -> None:
    assert len(answerer.ask(question, top_k=50).passages) == 50


def test_an_empty_question_is_refused(answerer: Answerer) -> None:
    with pytest.raises(EmptyQuestion):
        answerer.ask(" \n\u3000")


def test_an_unknown_report_in_the_filter_is_named(answerer: Answerer) -> None:
    with pytest.raises(UnknownReport, match="nosuch"):
        answerer.ask("粮食产量", reports={"nosuch"})


def test_a_citation_names_author_title_and_date_and_where_it_stands(answerer: Answerer) -> None:
    passage = answerer.ask("青岚县今年粮食产量目标是多少？", top_k=1).passages[0]
    citation = cite(passage)
    assert citation.gbt7714 == "岑叙白. 2025年青岚县政府工作报告[R]. 2025-01-08."
    assert citation.missing == ("publisher",)
    assert citation.markdown.startswith("> " + passage.text.splitlines()[0])
    for part in (passage.section[-1], f"第{passage.paragraph}段"):
        assert part in citation.markdown


@pytest.mark.parametrize("aside", ["你好", "谢谢", "怎么做红烧肉"])
def test_words_that_no_report_knows_are_no_follow_up(answerer: Answerer, aside: str) -> None:
    history = [Turn("青岚县去年粮食总产量多少", "21.3万吨")]
    answer = answerer.ask(aside, history=history)
    assert answer.resolved_question == aside
    assert not answer.answerable


def test_half_characters_are_refused(answerer: Answerer) -> None:
    with pytest.raises(BrokenQuestion):
        answerer.ask("\udcff粮食")


def test_samples_are_where_the_readme_says() -> None:
    assert sorted(path.suffix for path in (ROOT / "corpus" / "samples").iterdir()) == [
        ".docx",
        ".md",
        ".txt",
    ]
