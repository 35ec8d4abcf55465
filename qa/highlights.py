"""Highlights: the sentence of a passage that answers."""

from collections.abc import Collection, Mapping

from corpus import sentences
from index import tokens

from .answers import answers
from .asked import FIGURES, Asked

MOST_WORDS = 3
"""Figures that are marked: one, unless a question asks for several or the sentence leaves doubt."""

OUTSIDE_WINDOW = 0.6
"""Factor on a sentence that is not part of the window that was found."""
WITHOUT_FIGURE = 0.6
"""Factor on a sentence without a figure that can be the one asked for."""
ONLY_HEADING = 0.5
"""Factor on a run-in heading: it names the subject, what follows says something about it."""


def answering_sentence(
    asked: Asked,
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
        asked: what the question asks for.
        text: the passage.
        window: character range of ``text`` that was found for the question.
        headings: the section path; one of them may run into the text.
        rarity: inverse document frequency of the question's tokens.

    Returns:
        Character range of ``text``.
    """
    asks_figure = asked.kind in FIGURES

    def worth(sentence: tuple[int, int]) -> float:
        start, end = sentence
        shared = sum(rarity.get(token, 0.0) for token in set(tokens(text[start:end])))
        inside = start < window[1] and end > window[0]
        answering = not asks_figure or bool(answers(asked, text[start:end]))
        heading = text[start:end].rstrip("。；：:") in headings
        return (
            (shared + 0.1)
            * (1.0 if inside else OUTSIDE_WINDOW)
            * (1.0 if answering else WITHOUT_FIGURE)
            * (ONLY_HEADING if heading else 1.0)
        )

    return max(sentences(text), key=worth)


def answering_words(
    asked: Asked, sentence: str, rarity: Mapping[str, float]
) -> tuple[tuple[int, int], ...]:
    """Choose the figures, dates or ranks in a sentence that can be what is asked for.

    Args:
        asked: what the question asks for.
        sentence: the answering one.
        rarity: inverse document frequency of the question's tokens.

    Returns:
        Character ranges of ``sentence``, best first; none where no figure is asked for.
    """
    found = answers(asked, sentence, rarity)
    return tuple((figure.start, figure.end) for figure in found[:MOST_WORDS])
