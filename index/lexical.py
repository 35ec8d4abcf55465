"""The lexical side: BM25 over paragraphs (Robertson and Zaragoza 2009), exact at any size.

Document frequencies and the average length are taken over all segments when they are put together,
so that scores do not depend on how paragraphs were cut into segments. The best rows are found term
at a time by MaxScore (Turtle and Flood, "Query evaluation: strategies and optimizations", 1995):
rare tokens are scored for all their rows; from where the common ones cannot lift another row among
the best any more, they are looked up for those rows only that still may be.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .postings import Postings
from .tokens import Tokenizer

K1 = 1.2
"""Saturation of term frequency: the usual value."""
B = 0.6
"""Length normalisation, below the usual .75: paragraphs differ in length by habit, not content."""

_SPARSE = 16
"""How many times as many rows a token must have than are scored for each of these to be looked up
in the token's rows, a binary search each, instead of scoring all of them."""
_SLACK = 1.0001
"""Bounds are rounded up by this, as scores are float32."""

_HAN_ONLY = re.compile(r"[\u3400-\u9fff]{2,}")

Scores = NDArray[np.float32]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class _Segment:
    """Postings among others.

    ``first`` is the number of their first row among all; ``norms``, float32 (rows,), is how much a
    row's length weighs against how often it holds a token; ``counts`` are the kept rows of each
    token.
    """

    postings: Postings
    first: int
    norms: Scores
    kept: NDArray[np.bool_] | None
    counts: NDArray[np.int64]

    def place_of(self, token: str) -> "_Place | None":
        """Where a token stands; None if no row holds it."""
        number = self.postings.vocabulary.number(token)
        if number is None or not self.counts[number]:
            return None
        start, end = self.postings.starts[number : number + 2].tolist()
        return _Place(self, number, slice(start, end))


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """Where a token stands in a segment: its number there, and its postings."""

    segment: _Segment
    number: int
    postings: slice

    @property
    def holding(self) -> int:
        """How many rows hold the token."""
        return int(self.segment.counts[self.number])

    @property
    def rows(self) -> NDArray[np.int32]:
        """Rows of the segment that hold the token, those that are left out among them."""
        return self.segment.postings.rows[self.postings]

    def saturation(self, average: float) -> float:
        """No row's frequency of the token, saturated and its length allowed for, is higher."""
        own = self.segment.postings
        most, shortest = float(own.most[self.number]), float(own.shortest[self.number])
        return 1 / (1 + K1 * ((1 - B) / most + B * shortest / average))


@dataclass(frozen=True, slots=True, eq=False)
class _Term:
    """A token of a query: its weight, idf included, the most it can add to a score, its places."""

    weight: float
    bound: float
    places: Sequence[_Place]

    @property
    def size(self) -> int:
        """How many postings it has."""
        return sum(place.postings.stop - place.postings.start for place in self.places)


class LexicalIndex:
    """BM25 scores of paragraphs, whose rows are numbered in the order they were given.

    Rows that are left out keep their numbers; they are never found, and count in no statistics.
    Immutable; safe for many threads.
    """

    def __init__(
        self,
        segments: Sequence[Postings],
        tokenizer: Tokenizer,
        kept: Sequence[NDArray[np.bool_] | None] | None = None,
    ) -> None:
        """Put segments together.

        Args:
            segments: rows are numbered through all of them.
            tokenizer: the one that they were built with.
            kept: for each segment, which rows are searched, bool (rows,); all if None.
        """
        self.tokenizer = tokenizer
        kept = kept or [None] * len(segments)
        self.rows = sum(len(postings.lengths) for postings in segments)
        lengths = [
            postings.lengths if mask is None else postings.lengths[mask]
            for postings, mask in zip(segments, kept, strict=True)
        ]
        self._count = sum(map(len, lengths))
        total = sum(int(some.sum(dtype=np.int64)) for some in lengths)
        self._average = total / max(1, self._count) or 1.0
        self._segments = list(self._placed(segments, kept))
        self._kept = _masks_together(self._segments)

    def _placed(
        self, segments: Sequence[Postings], kept: Sequence[NDArray[np.bool_] | None]
    ) -> Iterator[_Segment]:
        first = 0
        for postings, mask in zip(segments, kept, strict=True):
            norms = K1 * (1 - B + B * postings.lengths.astype(np.float32) / self._average)
            counts = np.diff(postings.starts) if mask is None else postings.counts(mask)
            yield _Segment(postings, first, norms.astype(np.float32), mask, counts)
            first += len(postings.lengths)

    @classmethod
    def build(cls, texts: Iterable[str], tokenizer: Tokenizer) -> "LexicalIndex":
        """Index paragraphs, each with its title and headings in front."""
        return cls([Postings.build(map(tokenizer.tokens, texts))], tokenizer)

    @classmethod
    def load(cls, folder: Path, tokenizer: Tokenizer) -> "LexicalIndex":
        """Open postings that ``Postings.save`` wrote; its arrays are memory-mapped.

        Args:
            folder: where they were written.
            tokenizer: one with the dictionary that they were built with.
        """
        return cls([Postings.load(folder)], tokenizer)

    def save(self, folder: Path) -> None:
        """Write the postings of all that is kept into a new folder."""
        parts = [s.postings if s.kept is None else s.postings.only(s.kept) for s in self._segments]
        Postings.merge(parts).save(folder)

    def scores(self, query: Mapping[str, float]) -> Scores:
        """Score every row by weighted tokens.

        Args:
            query: the weight of each token; for an ordinary question how often it occurs.

        Returns:
            float32 (rows,), 0 where no token matches.
        """
        scores = np.zeros(self.rows, np.float32)
        for term in self._terms(query):
            _add(term, scores)
        return scores

    def scores_of(self, query: Mapping[str, float], rows: Rows) -> Scores:
        """Score some rows, in ascending order; see ``scores``."""
        scores = np.zeros(len(rows), np.float32)
        for term in self._terms(query):
            scores += _looked_up(term, rows)
        return scores

    def best(
        self, query: Mapping[str, float], limit: int, among: Rows | None = None
    ) -> tuple[Rows, Scores]:
        """Find the rows with the highest scores.

        Args:
            query: the weight of each token, above 0.
            limit: how many at the most.
            among: only these rows, in ascending order, if given.

        Returns:
            Rows and their scores above 0, best first; of equal scores the lower row first.
        """
        terms = self._terms(query)
        if among is not None and len(among) * _SPARSE < sum(term.size for term in terms):
            searched = among if self._kept is None else among[self._kept[among]]
            return _highest(searched, self.scores_of(query, searched), limit)
        left = np.cumsum([0.0, *(term.bound for term in reversed(terms))])[::-1] * _SLACK
        sums = np.zeros(self.rows, np.float32)
        rows, done = _essential(terms, left, sums, limit, self._mask(among))
        for term, most in zip(terms[done:], left[done:], strict=False):
            rows = rows[sums[rows] + most >= _threshold(sums[rows], limit)]
            if len(rows) * _SPARSE < term.size:
                sums[rows] += _looked_up(term, rows)
            else:
                _add(term, sums)
        return _highest(rows, sums[rows], limit)

    def knows(self, query: str) -> bool:
        """Whether at least half of a query's words occur in some paragraph."""
        known = [self.holding(word) > 0 for word in self.tokenizer.words(query)]
        return 2 * sum(known) >= len(known) > 0

    def rarity(self, query: str) -> dict[str, float]:
        """Return the inverse document frequency of each token that some paragraph holds."""
        rarity = {}
        for token in dict.fromkeys(self.tokenizer.tokens(query)):
            if holding := self.holding(token):
                rarity[token] = self._idf(holding)
        return rarity

    def characters(self) -> set[str]:
        """Return the characters of all tokens."""
        return set().union(*(s.postings.vocabulary.characters() for s in self._segments))

    def holding(self, token: str) -> int:
        """Count the paragraphs that hold a token."""
        return sum(place.holding for place in self._places(token))

    def paragraphs_with(self, text: str) -> int:
        """Count the paragraphs that hold a text; of several words the rarest counts."""
        if _HAN_ONLY.fullmatch(text):
            return self.holding_phrase(text)
        return min(map(self.holding, self.tokenizer.tokens(text)), default=0)

    def holds(self, text: str) -> bool:
        """Whether some paragraph holds all tokens of a text, or all bigrams if it is of Han."""
        if _HAN_ONLY.fullmatch(text):
            return self.holding_phrase(text) > 0
        return all(map(self.holding, self.tokenizer.tokens(text)))

    def holding_phrase(self, phrase: str) -> int:
        """Count the paragraphs that hold all bigrams of a phrase of Han characters.

        They hold the phrase itself, but for rare chances.
        """
        bigrams = {phrase[i : i + 2] for i in range(len(phrase) - 1)}
        if len(bigrams) == 1:
            return self.holding(*bigrams)
        return sum(_holding_all(segment, bigrams) for segment in self._segments)

    def _idf(self, holding: int) -> float:
        return math.log(1 + (self._count - holding + 0.5) / (holding + 0.5))

    def _terms(self, query: Mapping[str, float]) -> list[_Term]:
        """Return the tokens of a query that occur, those first that can add most to a score."""
        terms = []
        for token, weight in query.items():
            if places := self._places(token):
                worth = weight * self._idf(sum(place.holding for place in places))
                saturation = max(place.saturation(self._average) for place in places)
                terms.append(_Term(worth, worth * saturation, places))
        return sorted(terms, key=lambda term: -term.bound)

    def _places(self, token: str) -> list[_Place]:
        places = (segment.place_of(token) for segment in self._segments)
        return [place for place in places if place]

    def _mask(self, among: Rows | None) -> NDArray[np.bool_] | None:
        """Return which rows may be found, None for all."""
        if among is None:
            return self._kept
        mask = np.zeros(self.rows, np.bool_)
        mask[among] = True
        return mask if self._kept is None else mask & self._kept


def _masks_together(segments: Sequence[_Segment]) -> NDArray[np.bool_] | None:
    if all(segment.kept is None for segment in segments):
        return None
    masks = [np.ones(len(s.norms), np.bool_) if s.kept is None else s.kept for s in segments]
    return np.concatenate(masks)


def _add(term: _Term, sums: Scores) -> None:
    """Add what a term is worth to the scores of all rows that hold it."""
    for place in term.places:
        segment, rows = place.segment, place.rows
        own = sums[segment.first : segment.first + len(segment.norms)]
        own[rows] += _worth(term, segment, place.postings, rows)


def _worth(
    term: _Term, segment: _Segment, postings: slice | Rows, rows: NDArray[np.int32]
) -> Scores:
    """What a term adds to the scores of the rows of some of its postings."""
    frequencies = segment.postings.frequencies[postings].astype(np.float32)
    worth = frequencies / (frequencies + segment.norms[rows])
    worth *= np.float32(term.weight)
    return worth


def _looked_up(term: _Term, rows: Rows) -> Scores:
    """What a term adds to the scores of some rows, which are in ascending order."""
    worth = np.zeros(len(rows), np.float32)
    for place in term.places:
        segment, held = place.segment, place.rows
        begin, end = np.searchsorted(rows, [segment.first, segment.first + len(segment.norms)])
        own = (rows[begin:end] - segment.first).astype(np.int32)
        at = np.minimum(np.searchsorted(held, own), len(held) - 1)
        hits = np.flatnonzero(held[at] == own)
        found = place.postings.start + at[hits]
        worth[begin + hits] = _worth(term, segment, found, own[hits])
    return worth


def _essential(
    terms: Sequence[_Term],
    left: NDArray[np.float64],
    sums: Scores,
    limit: int,
    mask: NDArray[np.bool_] | None,
) -> tuple[Rows, int]:
    """Score terms for all their rows, until no other row can come among the best.

    Args:
        terms: those that can add most first.
        left: the most that the terms from each on can add together.
        sums: the rows' scores, to be filled.
        limit: how many best rows there shall be.
        mask: which rows may be found.

    Returns:
        The rows that hold a scored term, in ascending order, and how many terms were scored.
    """
    seen: list[NDArray[np.int64]] = []
    found = 0
    for done, term in enumerate(terms):
        # Looking for the threshold costs about as much as scoring that many postings.
        worth_looking = limit <= found < term.size and left[done] < left[0] - left[done]
        if worth_looking and _threshold(sums[np.concatenate(seen)], limit) > left[done]:
            break
        for place in term.places:
            rows = place.rows.astype(np.int64) + place.segment.first
            new = rows[sums[rows] == 0]
            new = new if mask is None else new[mask[new]]
            seen.append(new)
            found += len(new)
        _add(term, sums)
    else:
        done = len(terms)
    return np.sort(np.concatenate([np.empty(0, np.int64), *seen])), done


def _threshold(scores: Scores, limit: int) -> float:
    """The score that is needed to be among the best."""
    if len(scores) <= limit:
        return 0.0
    return float(np.partition(scores, len(scores) - limit)[len(scores) - limit])


def _highest(rows: Rows, scores: Scores, limit: int) -> tuple[Rows, Scores]:
    """Return the rows with the highest scores above 0, best first, and these."""
    likely = np.flatnonzero((scores >= _threshold(scores, limit)) & (scores > 0))
    best = likely[np.argsort(-scores[likely], kind="stable")][:limit]
    return rows[best], scores[best]


def _holding_all(segment: _Segment, tokens: Iterable[str]) -> int:
    """Count the rows of a segment that hold all of some tokens."""
    held = []
    for token in tokens:
        place = segment.place_of(token)
        if place is None:
            return 0
        held.append(place.rows)
    both = reduce(_in_both, sorted(held, key=len))
    return len(both) if segment.kept is None else int(segment.kept[both].sum())


def _in_both(few: NDArray[np.int32], many: NDArray[np.int32]) -> NDArray[np.int32]:
    """The rows that two ascending arrays have in common; the other is not empty."""
    if len(few) * _SPARSE < len(many):
        at = np.minimum(np.searchsorted(many, few), len(many) - 1)
        return np.asarray(few[many[at] == few])
    marked = np.zeros(1 + max(few[-1], many[-1]), np.bool_)
    marked[many] = True
    return np.asarray(few[marked[few]])
