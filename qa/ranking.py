"""The last word on the order of hits: whether a passage is about whom and when the question asks.

Scores are in standard deviations of the candidates (see ``index.fusion``), and so are these
weights.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from index import Hit, normalised

from .times import years_of
from .understanding import Understood

RECONSIDERED = 50
"""Hits that may change places: as many as may be asked for, and far more than are looked at."""

NAMED = 1.0
"""For a passage of a report about the region or body that the question names."""

TOUCHED = 0.5
"""For a passage of a report about something in that region."""

OTHER_YEAR = 1.0
"""Against a passage that speaks of other years than the one asked for."""


def ranked(hits: Sequence[Hit], understood: Understood) -> list[Hit]:
    """Hits in their final order, with the scores that put them there."""
    scored = [replace(hit, score=hit.score + bonus(hit, understood)) for hit in hits]
    return sorted(scored, key=lambda hit: -hit.score)


def bonus(hit: Hit, understood: Understood) -> float:
    """What is added to a hit's score for whom and when it is about."""
    other_year = is_of_another_year(hit, understood.likely_years(hit.report))
    return (
        NAMED * (hit.report.id in understood.named)
        + TOUCHED * (hit.report.id in understood.touched)
        - OTHER_YEAR * other_year
    )


def is_of_another_year(hit: Hit, asked: AbstractSet[int]) -> bool:
    """Whether a hit's window speaks of years, and of none of those asked for."""
    if not asked:
        return False
    text = normalised(hit.paragraph.text[slice(*hit.window)])
    spoken_of = years_of(hit.report, hit.paragraph.section, text)
    return bool(spoken_of) and not asked & spoken_of
