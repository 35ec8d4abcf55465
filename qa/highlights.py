"""Highlights: the sentence of a passage that answers, and the figures in it.

The sentence with the highest weighted sum of a few features; ``benchmarks/fit_highlights.py`` fits
the weights as a conditional logit on our own questions and CMRC 2018's trial set.
"""

from collections.abc import Collection, Mapping, Sequence

from corpus import sentences
from index import normalised

from .answers import answers, in_asked_unit, nearness
from .asked import FIGURES, Asked
from .coverage import Word, coverage
from .figures import Figure

MOST_FIGURES = 3
"""Figures that are marked: one, unless a question asks for several or the sentence leaves doubt."""

NEAR = 0.06
"""Least share of the words asked about that must stand near a figure shown alone."""

WEIGHTS = {
    "coverage": 5.87,
    "inside": 1.49,
    "answering": 1.04,
    "unit": 0.59,
    "nearness": 3.36,
    "heading": -1.71,
}


def answering_sentence(
    asked: Asked,
    text: str,
    window: tuple[int, int],
    *,
    headings: Collection[str],
    words: Sequence[Word],
) -> tuple[int, int]:
    """Choose the sentence that most likely answers.

    Args:
        asked: what the question asks for.
        text: the passage.
        window: character range of ``text`` that was found for the question.
        headings: the section path; one of them may run into the text.
        words: what the question is about.

    Returns:
        Character range of ``text``.
    """
    described = sentence_features(asked, text, window, headings=headings, words=words)

    def worth(sentence: tuple[int, int]) -> float:
        return sum(WEIGHTS[name] * value for name, value in described[sentence].items())

    return max(described, key=worth)


def sentence_features(
    asked: Asked,
    text: str,
    window: tuple[int, int],
    *,
    headings: Collection[str],
    words: Sequence[Word],
) -> dict[tuple[int, int], dict[str, float]]:
    """Describe how well each sentence of a passage answers; arguments as of ``answering_sentence``.

    - coverage: of what the question is about, see ``coverage``; the sentence before is context;
    - inside: whether the sentence is part of the window that was found;
    - answering: whether it has a figure that can be the one asked for, if one is;
    - unit: whether that figure has a unit that the question names;
    - nearness: how near to that the question's words stand, see ``nearness``;
    - heading: whether it is a run-in heading, which names a subject and says nothing about it.
    """
    asks = asked.kind in FIGURES
    beside = _held(words, normalised(text)) if asks else {}
    described = {}
    before = ""
    for start, end in sentences(text):
        said = text[start:end]
        form = normalised(said)
        fitting = answers(asked, said) if asks else []
        described[start, end] = {
            "coverage": coverage(words, [form], before),
            "inside": float(start < window[1] and end > window[0]),
            "answering": float(not asks or bool(fitting)),
            "unit": float(any(in_asked_unit(asked, one) for one in fitting)),
            "nearness": max(nearness(fitting, said, beside), default=0.0),
            "heading": float(said.rstrip("。；：:") in headings),
        }
        before = form
    return described


def answering_figures(asked: Asked, sentence: str, words: Sequence[Word]) -> list[Figure]:
    """Choose the figures, dates or ranks in a sentence that can be what is asked for.

    Args:
        asked: what the question asks for.
        sentence: the answering one.
        words: what the question is about.

    Returns:
        Best first; none where no figure is asked for.
    """
    return answers(asked, sentence, _held(words, normalised(sentence)))[:MOST_FIGURES]


def stated_figure(asked: Asked, sentence: str, words: Sequence[Word]) -> Figure | None:
    """The figure that a sentence states for what is asked; None if it stands too far from that.

    For where a figure is shown alone, as in a comparison, and nobody sees what it is of.
    """
    held = _held(words, normalised(sentence))
    share = sum(word.weight * word.held(normalised(sentence)) for word in words)
    share /= sum(word.weight for word in words) or 1.0
    found = answers(asked, sentence, held)
    near = nearness(found, sentence, held)
    stated = (one for one, close in zip(found, near, strict=True) if close * share >= NEAR)
    return next(stated, None)


def _held(words: Sequence[Word], text: str) -> Mapping[str, float]:
    """The forms of words that a normalised text holds, or parts of them, with their weights."""
    held: dict[str, float] = {}
    for word in words:
        forms = [form for form in word.forms if form in text]
        held |= dict.fromkeys(forms, word.weight)
        if not forms and word.pairs:
            parts = [pair for pair in word.pairs if pair in text]
            held |= dict.fromkeys(parts, word.weight / len(word.pairs))
    return held
