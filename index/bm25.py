"""BM25 (Robertson and Zaragoza 2009) term by term: exact, and quick among millions of rows.

The best rows are found by MaxScore (Turtle and Flood, "Query evaluation: strategies and
optimizations", 1995): the terms that can add most to a score are added up for all their rows; from
where the others together cannot lift another row among the best any more, they are added for those
rows only that still may be.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .postings import Postings

K1 = 1.2
"""Saturation of term frequency: the usual value."""
B = 0.6
"""Length normalisation, below the usual .75: paragraphs differ in length by habit, not content."""

SPARSE = 16
"""How many times as many rows one side must have than the other for these to be looked up there, a
binary search each, instead of going through both."""

_COUNTING = 8
"""All rows are counted in the time in which this part of them is scored."""
_SLACK = 1.0001
"""Bounds are rounded up by this, as scores are float32."""

Scores = NDArray[np.float32]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """Postings among others.

    ``first`` is the number of their first row among all; ``norms``, float32 (rows,), is how much a
    row's length weighs against how often it holds a token; ``kept``, bool (rows,), are the rows
    that are searched, None for all; ``counts`` are the kept rows of each token.
    """

    postings: Postings
    first: int
    norms: Scores
    kept: NDArray[np.bool_] | None
    counts: NDArray[np.int64]

    @classmethod
    def placed(
        cls, postings: Postings, first: int, average: float, kept: NDArray[np.bool_] | None
    ) -> "Segment":
        """Place postings among others whose rows have an average length."""
        norms = K1 * (1 - B + B * postings.lengths.astype(np.float32) / average)
        counts = np.diff(postings.starts) if kept is None else postings.counts(kept)
        return cls(postings, first, norms.astype(np.float32), kept, counts)

    def place_of(self, token: str) -> "Place | None":
        """Where a token stands; None if no kept row holds it."""
        number = self.postings.vocabulary.number(token)
        if number is None or not self.counts[number]:
            return None
        start, end = self.postings.starts[number : number + 2].tolist()
        return Place(self, number, slice(start, end))


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where a token stands in a segment: its number there, and its postings."""

    segment: Segment
    number: int
    postings: slice

    @property
    def holding(self) -> int:
        """How many kept rows hold the token."""
        return int(self.segment.counts[self.number])

    @property
    def rows(self) -> NDArray[np.int32]:
        """Rows of the segment that hold the token, those that are not kept among them."""
        return self.segment.postings.rows[self.postings]

    def saturation(self, average: float) -> float:
        """No row's frequency of the token, saturated and its length allowed for, is higher."""
        own = self.segment.postings
        most, shortest = float(own.most[self.number]), float(own.shortest[self.number])
        return 1 / (1 + K1 * ((1 - B) / most + B * shortest / average))


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """A token of a query: its weight, idf included, the most it can add to a score, its places."""

    weight: float
    bound: float
    places: Sequence[Place]

    @property
    def size(self) -> int:
        """How many postings it has."""
        return sum(place.postings.stop - place.postings.start for place in self.places)

    @property
    def rows(self) -> Rows:
        """Its rows among all."""
        return np.concatenate([p.rows.astype(np.int64) + p.segment.first for p in self.places])

    def add_to(self, sums: Scores) -> None:
        """Add what the term is worth to the scores of all rows that hold it."""
        for place in self.places:
            segment, rows = place.segment, place.rows.astype(np.intp)
            worth = self._worth(segment, place.postings, rows)
            np.add.at(sums[segment.first : segment.first + len(segment.norms)], rows, worth)

    def worth_of(self, rows: Rows) -> Scores:
        """What the term adds to the scores of some rows, which are in ascending order."""
        worth = np.zeros(len(rows), np.float32)
        for place in self.places:
            segment, held = place.segment, place.rows
            begin, end = rows.searchsorted((segment.first, segment.first + len(segment.norms)))
            own = (rows[begin:end] - segment.first).astype(np.int32)
            at = np.minimum(held.searchsorted(own), len(held) - 1)
            (hits,) = (held[at] == own).nonzero()
            if len(hits):
                found = place.postings.start + at[hits]
                worth[begin + hits] = self._worth(segment, found, own[hits])
        return worth

    def _worth(self, segment: Segment, postings: slice | Rows, rows: NDArray[Any]) -> Scores:
        """What the term adds to the scores of the rows of some of its postings."""
        worth = segment.postings.frequencies[postings].astype(np.float32)
        worth /= worth + segment.norms.take(rows, mode="clip")  # half the time of norms[rows]
        worth *= np.float32(self.weight)
        return worth


def highest(terms: Sequence[Term], sums: Scores, limit: int) -> tuple[Rows, Scores]:
    """Find the rows with the highest scores.

    Args:
        terms: of the query, those that can add most to a score first.
        sums: 0 for rows that may be found, minus infinity for others; used up.
        limit: how many at the most.

    Returns:
        Rows and their scores above 0, best first; of equal scores the lower row first.
    """
    left = np.cumsum([0.0, *(term.bound for term in reversed(terms))])[::-1] * _SLACK
    done = _essential(terms, left, sums, limit)
    least = max(left[done], _reached(terms, sums, limit))
    rows = np.flatnonzero((sums >= least - left[done]) & (sums > 0))
    for term, most in zip(terms[done:], left[done:], strict=False):
        rows = rows[sums[rows] + most >= _threshold(sums[rows], limit)]
        if len(rows) * SPARSE < term.size:
            sums[rows] += term.worth_of(rows)
        else:
            term.add_to(sums)
    return best_of(rows, sums[rows], limit)


def best_of(rows: Rows, scores: Scores, limit: int) -> tuple[Rows, Scores]:
    """Return the rows with the highest scores above 0, best first, and these."""
    likely = np.flatnonzero((scores >= _threshold(scores, limit)) & (scores > 0))
    best = likely[np.argsort(-scores[likely], kind="stable")][:limit]
    return rows[best], scores[best]


def _essential(terms: Sequence[Term], left: NDArray[np.float64], sums: Scores, limit: int) -> int:
    """Add terms up for all their rows, until no other row can come among the best.

    Args:
        terms: those that can add most first.
        left: the most that the terms from each on can add together.
        sums: the rows' scores, to be added to.
        limit: how many best rows there shall be.

    Returns:
        How many terms were added.
    """
    for done, term in enumerate(terms):
        worth_counting = term.size * _COUNTING > len(sums)
        if worth_counting and np.count_nonzero(sums > left[done]) >= limit:
            return done
        term.add_to(sums)
    return len(terms)


def _reached(terms: Sequence[Term], sums: Scores, limit: int) -> float:
    """A score that enough rows reach, found among the rows of the terms that can add most."""
    rows = np.empty(0, np.int64)
    for term in terms:
        rows = np.union1d(rows, term.rows) if len(rows) else term.rows
        if len(rows) > limit:
            return max(0.0, _threshold(sums[rows], limit))
    return 0.0


def _threshold(scores: Scores, limit: int) -> float:
    """The score that is needed to be among the best."""
    if len(scores) <= limit:
        return 0.0
    return float(np.partition(scores, len(scores) - limit)[len(scores) - limit])
