"""What was answered is kept for when the same is asked again, and only then."""

import pytest

from index import HybridIndex
from qa import Answerer, Turn
from qa.remembering import Remembered

QUESTION = "青岚县今年粮食产量目标是多少？"


def test_what_was_not_used_for_longest_is_forgotten_first() -> None:
    remembered: Remembered[str, int] = Remembered(2)
    remembered.put("a", 1)
    remembered.put("b", 2)
    assert remembered.get("a") == 1
    remembered.put("c", 3)
    assert [remembered.get(key) for key in "abc"] == [1, None, 3]
    remembered.put("c", 4)
    assert [remembered.get(key) for key in "ac"] == [1, 4]


@pytest.mark.model
def test_the_same_question_is_answered_once(answerer: Answerer) -> None:
    assert answerer.ask(QUESTION) is answerer.ask(QUESTION)


@pytest.mark.model
def test_an_answer_is_remembered_with_all_that_it_depends_on(answerer: Answerer) -> None:
    report = answerer.ask(QUESTION).passages[0].report
    others = frozenset(one.id for one in answerer.reports if one is not report)
    for _ in range(2):
        assert len(answerer.ask(QUESTION, top_k=2).passages) == 2
        assert len(answerer.ask(QUESTION, top_k=3).passages) == 3
        elsewhere = answerer.ask(QUESTION, reports=others).passages
        assert report.id not in {passage.report.id for passage in elsewhere}
        grouped = answerer.ask(QUESTION, group_by_report=True).passages
        assert len({passage.report.id for passage in grouped}) == len(grouped)
        after = [answerer.ask("那城镇新增就业呢？", history=history) for history in ([], turn())]
        assert after[0].resolved_question != after[1].resolved_question


@pytest.mark.model
def test_an_index_that_is_opened_anew_remembers_nothing(answerer: Answerer) -> None:
    index: HybridIndex = answerer._index  # noqa: SLF001
    another = Answerer(HybridIndex(index.data, index.encoder))
    first, again = answerer.ask(QUESTION), another.ask(QUESTION)
    assert first is not again
    assert first == again


def turn() -> list[Turn]:
    return [Turn(QUESTION, "")]
