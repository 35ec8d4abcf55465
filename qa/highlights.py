"""Highlights: the sentence of a passage that answers."""

import re
from collections.abc import Collection, Mapping

from corpus import sentences
from index import tokens

_ASKS_FIGURE = re.compile(
    r"多少|几|何时|什么时候|哪[一两]?[年月天日]|百分之|多[大高长久]|比例|占比"
)
_FIGURE = re.compile(r"[0-9０-９]|[一二三四五六七八九十百千万亿两]+[个家名人项场次万亿年月日]")

OUTSIDE_WINDOW = 0.6
"""Factor on a sentence that is not part of the window that was found."""
WITHOUT_FIGURE = 0.6
"""Factor on a sentence without a figure where a figure is asked for."""
ONLY_HEADING = 0.5
"""Factor on a run-in heading: it names the subject, what follows says something about it."""


def answering_sentence(
    question: str,
    text: str,
    window: tuple[int, int],
    *,
    headings: Collection[str],
    rarity: Mapping[str, float],
) -> tuple[int, int]:
    """Choose the sentence that most likely answers.

    The one that shares most with the question, each token counted by how rare it is in the
    reports.

    Args:
        question: as resolved.
        text: the passage.
        window: character range of ``text`` that was found for the question.
        headings: the section path; one of them may run into the text.
        rarity: inverse document frequency of the question's tokens.

    Returns:
        Character range of ``text``.
    """
    asks_figure = bool(_ASKS_FIGURE.search(question))

    def worth(sentence: tuple[int, int]) -> float:
        start, end = sentence
        shared = sum(rarity.get(token, 0.0) for token in set(tokens(text[start:end])))
        inside = start < window[1] and end > window[0]
        answers = not asks_figure or bool(_FIGURE.search(text[start:end]))
        heading = text[start:end].rstrip("。；：:") in headings
        return (
            (shared + 0.1)
            * (1.0 if inside else OUTSIDE_WINDOW)
            * (1.0 if answers else WITHOUT_FIGURE)
            * (ONLY_HEADING if heading else 1.0)
        )

    return max(sentences(text), key=worth)
