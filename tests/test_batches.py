"""Questions that wait for the model are encoded together, each as it would be alone."""

import threading
import time
from collections.abc import Sequence
from itertools import chain

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import Encoder
from index.batches import LONGEST, MOST, Batches
from index.encoded import Encoded
from index.turns import Turns

WORDS = [
    "青岚县",
    "今年",
    "粮食产量",
    "目标",
    "是多少",
    "充电桩",
    "新建了",
    "几座",
    "？",
    "GDP",
    " ",
]


class Recording:
    """An encoder whose first batch takes until it is let go, and which notes what it was given."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.begun, self.go = threading.Event(), threading.Event()

    def encode(self, questions: Sequence[str]) -> list[Encoded]:
        """Make of each question a vector that tells it apart."""
        self.batches.append(list(questions))
        self.begun.set()
        assert self.go.wait(20)
        if "broken" in questions:
            raise ValueError("broken")
        return [Encoded(vector_of(question), vector_of(question)[None]) for question in questions]


def vector_of(question: str) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.array([len(question), hash(question) % 1000], dtype=np.float32)


def ask_at_once(recording: Recording, questions: Sequence[str]) -> dict[str, object]:
    """What came of each question; all others are asked while the first is encoded."""
    heard: dict[str, object] = {}
    batches = Batches(Turns(), recording.encode)

    def ask(question: str) -> None:
        try:
            heard[question] = batches.encoded(question).vector.tolist()
        except ValueError as error:
            heard[question] = str(error)

    threads = [threading.Thread(target=ask, args=(question,)) for question in questions]
    threads[0].start()
    assert recording.begun.wait(20)
    for thread in threads[1:]:
        thread.start()
    while len(batches._waiting) < len(questions) - 1:  # noqa: SLF001
        time.sleep(0.001)
    recording.go.set()
    for thread in threads:
        thread.join()
    return heard


def test_who_waits_is_encoded_together_and_gets_their_own() -> None:
    recording = Recording()
    questions = [f"{'问' * number}？" for number in range(1, 2 * MOST)]
    heard = ask_at_once(recording, questions)
    assert heard == {question: vector_of(question).tolist() for question in questions}
    assert recording.batches[0] == questions[:1]
    assert [len(batch) for batch in recording.batches] == [1, MOST, MOST - 2]
    assert sorted(chain(*recording.batches)) == sorted(questions)


def test_a_long_question_shares_no_batch() -> None:
    recording = Recording()
    questions = ["一", "长" * (LONGEST + 1), "二", "三"]
    heard = ask_at_once(recording, questions)
    assert set(heard) == set(questions)
    assert [questions[1]] in recording.batches


def test_a_question_that_cannot_be_encoded_keeps_no_other_from_it() -> None:
    recording = Recording()
    heard = ask_at_once(recording, ["一", "broken", "二", "三"])
    assert heard.pop("broken") == "broken"
    assert heard == {question: vector_of(question).tolist() for question in ("一", "二", "三")}


@pytest.mark.model
@settings(max_examples=15, deadline=None)
@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=1).map("".join), min_size=2, max_size=8))
def test_a_vector_does_not_depend_on_its_batch(encoder: Encoder, questions: list[str]) -> None:
    together = encoder._model.encode(questions, "query")  # noqa: SLF001
    for question, one in zip(questions, together, strict=True):
        alone = encoder.encode_question(question)
        assert float(alone.vector @ one.vector) > 0.99999
        assert alone.tokens.shape == one.tokens.shape
        assert np.allclose(alone.tokens, one.tokens, atol=1e-3)
