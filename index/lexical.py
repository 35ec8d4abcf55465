"""The lexical side: what words the paragraphs hold, and how well they match a question's.

Document frequencies and the average length are taken over all segments when they are put together,
so that scores do not depend on how paragraphs were cut into segments.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache, partial, reduce
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .bm25 import SPARSE, Place, Rows, Scores, Segment, Term, best_of, highest
from .frequencies import Frequencies, inverse_frequency
from .postings import Postings
from .tokens import Tokenizer

_LOOKED_UP = 4096
"""Tokens whose places are kept once they were looked up."""


class LexicalIndex(Frequencies):
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
        firsts = np.cumsum([0, *(len(postings.lengths) for postings in segments)]).tolist()
        self._segments = [
            Segment.placed(postings, first, self._average, mask)
            for postings, first, mask in zip(segments, firsts, kept, strict=False)
        ]
        # Questions share most of their tokens. Not a method, which would hold on to the index.
        self._places = lru_cache(_LOOKED_UP)(partial(_places, self._segments))
        self._left_out = np.concatenate(
            [
                np.empty(0, np.int64),
                *(s.first + np.flatnonzero(~s.kept) for s in self._segments if s.kept is not None),
            ]
        )

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

    def terms(self, query: Mapping[str, float]) -> list[Term]:
        """Look a query's tokens up.

        Args:
            query: the weight of each token, above 0; for an ordinary question how often it occurs.

        Returns:
            The tokens that occur, those first that can add most to a score.
        """
        terms = []
        for token, weight in query.items():
            if places := self._places(token):
                worth = weight * inverse_frequency(sum(p.holding for p in places), self._count)
                saturation = max(place.saturation(self._average) for place in places)
                terms.append(Term(worth, worth * saturation, places))
        return sorted(terms, key=lambda term: -term.bound)

    def scores(self, terms: Sequence[Term]) -> Scores:
        """Score every row by what ``terms`` gave: float32 (rows,), 0 where no token matches."""
        scores = np.zeros(self.rows, np.float32)
        for term in terms:
            term.add_to(scores)
        return scores

    def scores_of(self, terms: Sequence[Term], rows: Rows) -> Scores:
        """Score some rows, in ascending order; see ``scores``."""
        if len(rows) * SPARSE > self.rows:
            return np.asarray(self.scores(terms)[rows])
        scores = np.zeros(len(rows), np.float32)
        for term in terms:
            scores += term.worth_of(rows)
        return scores

    def best(
        self, terms: Sequence[Term], limit: int, among: Rows | None = None
    ) -> tuple[Rows, Scores]:
        """Find the rows with the highest scores.

        Args:
            terms: of the query, as ``terms`` gave them.
            limit: how many at the most.
            among: only these rows, in ascending order, if given.

        Returns:
            Rows and their scores above 0, best first; of equal scores the lower row first.
        """
        if among is not None and len(among) * SPARSE < self.rows:
            searched = np.setdiff1d(among, self._left_out, assume_unique=True)
            return best_of(searched, self.scores_of(terms, searched), limit)
        sums = np.zeros(self.rows, np.float32)
        if among is not None:
            sums.fill(-np.inf)
            sums[among] = 0
        sums[self._left_out] = -np.inf
        return highest(terms, sums, limit)

    @property
    def paragraphs(self) -> int:
        """How many paragraphs are searched."""
        return self._count

    def characters(self) -> set[str]:
        """Return the characters of all tokens."""
        return set().union(*(s.postings.vocabulary.characters() for s in self._segments))

    def holding(self, token: str) -> int:
        """Count the paragraphs that hold a token."""
        return sum(place.holding for place in self._places(token))

    def holding_all(self, tokens: Collection[str]) -> int:
        """Count the paragraphs that hold every one of some tokens."""
        different = set(tokens)
        if len(different) == 1:
            return self.holding(*different)
        by_segment: dict[int, list[Place]] = {}
        for token in different:
            places = self._places(token)
            if not places:
                return 0
            for place in places:
                by_segment.setdefault(place.segment.first, []).append(place)
        return sum(_in_all(some) for some in by_segment.values() if len(some) == len(different))


def _places(segments: Sequence[Segment], token: str) -> list[Place]:
    return [place for segment in segments if (place := segment.place_of(token))]


def _in_all(places: Sequence[Place]) -> int:
    """Count the rows of a segment that hold all of some tokens, given where these stand in it."""
    both = reduce(_in_both, sorted((place.rows for place in places), key=len))
    kept = places[0].segment.kept
    return len(both) if kept is None else int(kept[both].sum())


def _in_both(few: NDArray[np.int32], many: NDArray[np.int32]) -> NDArray[np.int32]:
    """The rows that two ascending arrays have in common; the other is not empty."""
    if len(few) * SPARSE < len(many):
        at = np.minimum(many.searchsorted(few), len(many) - 1)
        return np.asarray(few[many[at] == few])
    marked = np.zeros(1 + max(few[-1], many[-1]), np.bool_)
    marked[many] = True
    return np.asarray(few[marked[few]])
