"""The figures of a sentence that can answer a question, best first: the very words to mark."""

import re
from bisect import bisect_left
from collections.abc import Mapping

from .asked import FIGURES, Asked
from .figures import Figure, figures
from .units import same_unit

_SAME_UNIT = 2.0
_SAME_BASE_UNIT = 1.6
_FIRST_QUANTITY = 1.2
_OTHER_QUANTITY = 0.8
_SAME_CHANGE = 0.4
_NEARNESS = 1.5
"""What the words of the question beside a figure are worth, against a fitting unit."""
_HALF = 8
"""Characters between a word and a figure that halve its worth."""
_AHEAD = 0.8
"""A word that follows the figure, of one before it: 粮食产量880亿斤以上，新增就业3万人."""
_OTHER_CLAUSE = 0.4
_DIMENSIONS = frozenset({"money", "weight", "area", "length", "volume", "energy", "power"})
"""Quantities beside which a count is no answer, where a figure measures them: of 粮食产量, 21.5万吨
and not 3800人."""
_ENDS_CLAUSE = frozenset("，,。；;！？：、")
_PART_OF_IT = re.compile(r"(?:^|[，,。；;（(])(?:其中|包括|含)[^，,。；;]*$")
"""Before a figure that is a part of another one: 会员18600人，其中女会员7440人."""
_PART = 0.5
"""Taken from the worth of such a figure, if the question asks for no part."""


def answers(asked: Asked, text: str, words: Mapping[str, float] | None = None) -> list[Figure]:
    """The figures, dates or ranks in a text that can be what is asked for, best first.

    Those whose quantity or unit does not fit are left out, so that an empty list says that the
    text cannot answer. Figures that fit alike are ordered by how near they stand to the words that
    question and text share.

    Args:
        asked: what is asked for.
        text: a sentence or a passage.
        words: content words of the question, as they stand in ``text``, and how much each counts
            (their rarity, say).

    Returns:
        Nothing where what is asked for is no figure.
    """
    if asked.kind not in FIGURES:
        return []
    fitting = [(fit, one) for one in figures(text) if (fit := worth_of(asked, one)) > 0]
    if asked.quantities[0] in _DIMENSIONS:
        exact = [pair for pair in fitting if pair[1].quantity == asked.quantities[0]]
        fitting = exact or fitting
    near = nearness([figure for _, figure in fitting], text, words or {})
    worth = [
        fit + _NEARNESS * close - _PART * bool(_PART_OF_IT.search(text[: figure.start]))
        for (fit, figure), close in zip(fitting, near, strict=True)
    ]
    order = sorted(range(len(fitting)), key=lambda index: -worth[index])
    return [fitting[index][1] for index in order]


def worth_of(asked: Asked, figure: Figure) -> float:
    """How well a figure's unit, quantity and direction fit what is asked for; 0 if they do not."""
    if figure.quantity not in asked.quantities:
        return 0.0
    first = figure.quantity == asked.quantities[0]
    fit = _FIRST_QUANTITY if first else _OTHER_QUANTITY
    if figure.unit and figure.unit in asked.units:
        fit = _SAME_UNIT
    elif in_asked_unit(asked, figure):
        fit = _SAME_BASE_UNIT
    return fit + (_SAME_CHANGE if asked.change and figure.direction else 0.0)


def in_asked_unit(asked: Asked, figure: Figure) -> bool:
    """Whether a figure has a unit that the question names, in any scale or by another name."""
    return bool(figure.unit) and any(same_unit(unit, figure.unit) for unit in asked.units)


def nearness(found: list[Figure], text: str, words: Mapping[str, float]) -> list[float]:
    """For each figure, the share of the words' weight that stands near it, between 0 and 1."""
    total = sum(words.values())
    if not total:
        return [0.0] * len(found)
    ends = [index for index, character in enumerate(text) if character in _ENDS_CLAUSE]
    places = {word: _places(word, text) for word in words}
    return [
        sum(
            weight * _closeness(figure, places[word], len(word), ends)
            for word, weight in words.items()
        )
        / total
        for figure in found
    ]


def _places(word: str, text: str) -> list[int]:
    places, place = [], text.find(word)
    while word and place >= 0:
        places.append(place)
        place = text.find(word, place + len(word))
    return places


def _closeness(figure: Figure, places: list[int], length: int, ends: list[int]) -> float:
    """How near a word stands, at the nearest of its places before and after the figure."""
    next_one = bisect_left(places, figure.start)
    closest = 0.0
    for place in places[max(next_one - 1, 0) : next_one + 1]:
        ahead = place >= figure.end
        distance = place - figure.end if ahead else max(figure.start - place - length, 0)
        first, last = sorted((place, figure.start))
        clauses = bisect_left(ends, last) - bisect_left(ends, first)
        worth = _HALF / (_HALF + distance) * (_AHEAD if ahead else 1.0) * _OTHER_CLAUSE**clauses
        closest = max(closest, worth)
    return closest
