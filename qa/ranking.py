"""The last word on the order of hits: is a passage about whom, what and when the question asks?

Scores are in standard deviations of the candidates (see ``index.fusion``), and so are these
weights; ``benchmarks/fit_ranking.py`` shows what they are worth.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from corpus import sentences
from index import Hit, normalised

from .answers import answers
from .asked import FIGURES
from .coverage import Word, context_of, coverage
from .duplicates import LOOKED_AT, duplicates_last
from .times import years_of
from .understanding import Understood

FOUND = 2 * LOOKED_AT
"""Hits that are found, unless more passages are asked for: those among which one looks for what
says the same once more."""
RECONSIDERED = 25
"""Hits that may change places, far more than are looked at."""

OF_REPORT = 10
"""The same where each report gives one passage."""

NAMED = 1.0
"""For a passage of a report about just what the question names; others only mention it."""

HEADED = 0.3
"""For a passage under headings that hold all that the question is about."""

OTHER_YEAR = 1.0
"""Against a passage that speaks of other years than the one asked for."""

NOW = 2.0
"""For a passage with a sentence that covers what a follow-up asks.

The vector is that of both questions, and the earlier one, which is longer, outweighs what is asked.
"""
FIGURE = 0.5
"""For a passage with a figure of the kind asked for, where each report gives one passage."""
COMPARED = 3
"""Hits of a report of which one is that."""


def ranked(hits: Sequence[Hit], understood: Understood, words: Sequence[Word]) -> list[Hit]:
    """Hits in their final order, with the scores that put them there; near-duplicates last."""
    scored = [
        replace(hit, score=hit.score + bonus(hit, understood, words)) for hit in hits[:RECONSIDERED]
    ]
    ordered = sorted(scored, key=lambda hit: -hit.score)
    return [*duplicates_last(ordered), *hits[RECONSIDERED:]]


def with_figures_first(hits: Sequence[Hit], understood: Understood) -> list[Hit]:
    """Hits of one report in their final order, if a figure is asked for: one that has it gains.

    Only for one passage a report: among all, the rivals of a passage without the figure are those
    of other reports, and on the questions we have it changed nothing.
    """
    if understood.asked.kind not in FIGURES:
        return list(hits)
    scored = [
        replace(hit, score=hit.score + FIGURE * bool(answers(understood.asked, _window(hit))))
        for hit in hits[:COMPARED]
    ]
    return [*sorted(scored, key=lambda hit: -hit.score), *hits[COMPARED:]]


def bonus(hit: Hit, understood: Understood, words: Sequence[Word]) -> float:
    """What is added to a hit's score for whom and what its report and headings are about, and when.

    Reports about something in a region that is named gain nothing: their titles stand in each
    window, and a bonus changed no rank on any set of questions that we have.
    """
    other_year = is_of_another_year(hit, understood.likely_years(hit.report))
    headings = normalised("\n".join(hit.paragraph.section))
    return (
        NAMED * (hit.report.id in understood.named)
        + HEADED * (coverage(words, [headings], "") if headings else 0.0)
        + (NOW * _said(hit, words) if understood.now else 0.0)
        - OTHER_YEAR * other_year
    )


def _said(hit: Hit, words: Sequence[Word]) -> float:
    """How much of what is asked a sentence of a hit's paragraph covers."""
    text = normalised(hit.paragraph.text)
    said = [text[start:end] for start, end in sentences(text)]
    return coverage(words, said, context_of(hit))


def is_of_another_year(hit: Hit, asked: AbstractSet[int]) -> bool:
    """Whether a hit's window speaks of years, and of none of those asked for."""
    if not asked:
        return False
    text = normalised(_window(hit))
    spoken_of = years_of(hit.report, hit.paragraph.section, text)
    return bool(spoken_of) and not asked & spoken_of


def _window(hit: Hit) -> str:
    return hit.paragraph.text[slice(*hit.window)]
