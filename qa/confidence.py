"""Confidence: how likely the passages answer the question.

A logistic regression over features of the best hits. ``benchmarks/fit_confidence.py`` fits it on
questions about the sample reports, half of which they do not answer, and on CMRC 2018's trial set,
where a question whose paragraph is taken out of the index is unanswerable, and so are DRCD's
questions, which are about other things.
"""

import math
from collections.abc import Sequence

from corpus import sentences
from index import Hit, normalised, numbers

from .answers import answers
from .asked import FIGURES
from .coverage import Word, context_of, coverage
from .table_figures import row_figures
from .times import years_covered, years_of
from .understanding import Understood

WEIGHTS = {
    "bias": -35.6,
    "cosine": 37.8,
    "margin": 0.37,
    "coverage": 3.13,
    "numbers": 1.71,
    "other_year": -3.91,
    "absent": -5.1,
}


def features(
    understood: Understood, words: Sequence[Word], hits: Sequence[Hit]
) -> dict[str, float]:
    """Describe how well the best hit fits a question.

    - cosine: of the question and the hit's window;
    - margin: score of the hit over the next;
    - coverage: of what the question is about, by a sentence of the hit's paragraph that can answer:
      one that has such a figure if a figure is asked for; see ``coverage``;
    - numbers: share of the question's numbers that the hit holds, 1 if there are none;
    - other_year: whether years are named, and the hit speaks of others;
    - absent: whether a region, body or place is named that the hit is not about.

    Args:
        understood: the question.
        words: what it is about.
        hits: at least one, best first.
    """
    best = hits[0]
    answering = [
        sentence for sentence in _sentences(best) if _can_answer(understood, best, sentence)
    ]
    return {
        "bias": 1.0,
        "cosine": best.dense,
        "margin": best.score - hits[1].score if len(hits) > 1 else 0.0,
        "coverage": coverage(words, list(map(normalised, answering)), context_of(best)),
        "numbers": _numbers_held(understood.text, best),
        "other_year": float(bool(other_years(understood, best))),
        "absent": float(bool(absent_names(understood, best))),
    }


def confidence(understood: Understood, words: Sequence[Word], hits: Sequence[Hit]) -> float:
    """Estimate the probability that the best hits answer the question; 0 without hits."""
    if not hits:
        return 0.0
    values = features(understood, words, hits)
    logit = sum(WEIGHTS[name] * value for name, value in values.items())
    return 1 / (1 + math.exp(-logit))


def lacks_figure(understood: Understood, hit: Hit) -> bool:
    """Whether a figure is asked for, and a hit's paragraph has none that it could be."""
    return not _can_answer(understood, hit, hit.paragraph.text)


def other_years(understood: Understood, hit: Hit) -> frozenset[int]:
    """The years that a hit speaks of, if years are asked for and it speaks of none of them.

    Where its window, its headings and the question leave that open, the years that its report
    covers.
    """
    asked = understood.years(hit.report)
    window = normalised(hit.paragraph.text[slice(*hit.window)])
    said = years_of(hit.report, hit.paragraph.section, window) or years_covered(hit.report, window)
    return frozenset() if not asked or asked & said else said


def absent_names(understood: Understood, hit: Hit) -> tuple[str, ...]:
    """The names of whom or where a question asks about, if a hit neither names nor is about them.

    Of several regions or bodies one suffices, for each is answered by a passage of its own.
    """
    said = normalised("\n".join([*_described(hit), hit.paragraph.text]))

    def is_said(start: int, end: int) -> bool:
        return normalised(understood.text[start:end]).rstrip("省市") in said

    mentions = understood.mentions
    about = hit.report.id in understood.named | understood.touched
    named = about or any(is_said(mention.start, mention.end) for mention in mentions)
    subjects = () if named else (mention.subject.name for mention in mentions)
    places = (understood.text[slice(*place)] for place in understood.places if not is_said(*place))
    return (*subjects, *places)


def _sentences(hit: Hit) -> list[str]:
    """The sentences of a hit's paragraph; of a table its row with the head."""
    text = hit.paragraph.text
    if hit.paragraph.kind == "table":
        return [text]
    return [text[start:end] for start, end in sentences(text)]


def _can_answer(understood: Understood, hit: Hit, text: str) -> bool:
    """Whether a text of a hit has a figure that can be the one asked for, if one is."""
    if understood.asked.kind not in FIGURES:
        return True
    if hit.paragraph.kind == "table":
        return bool(row_figures(understood.asked, text, ()))
    return bool(answers(understood.asked, text))


def _described(hit: Hit) -> list[str]:
    report = hit.report
    stated = (report.full_title, report.organisation, report.publisher, *hit.paragraph.section)
    return [one for one in stated if one]


def _numbers_held(question: str, hit: Hit) -> float:
    asked = numbers(question)
    if not asked:
        return 1.0
    date = (hit.report.date or "").replace("-", " ")
    context = [hit.report.full_title, date, *hit.paragraph.section, hit.paragraph.text]
    return len(asked & numbers("\n".join(context))) / len(asked)
