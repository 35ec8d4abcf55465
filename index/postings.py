"""Postings: which rows hold a token, and how often. What BM25 needs, without what it is weighed by.

Inverse document frequencies and the average length belong to all that is searched, so they are no
part of this: postings of one segment stay as they are when others are added (``lexical.py``). A
row is a searched paragraph; rows are numbered in the order they were given.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from .files import mapped
from .vocabulary import Vocabulary, encoded

_AT_ONCE = 1 << 22
"""Tokens, or postings, that are sorted or copied at once: bounds the memory that building takes."""


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """The rows of each token, as arrays that may be mapped from disk.

    Attributes:
        vocabulary: the tokens; each occurs in some row.
        starts: int64 (tokens + 1,); token ``i`` has the postings ``starts[i]`` to
            ``starts[i + 1]``.
        rows: int32 (postings,), ascending within a token.
        frequencies: unsigned (postings,), how often the row holds the token; of the smallest type
            that holds them all.
        lengths: int32 (rows,), tokens of each row.
        most: unsigned (tokens,), the highest frequency of each token.
        shortest: float32 (tokens,), the lowest length of a row for one occurrence of each token.
    """

    vocabulary: Vocabulary
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    frequencies: NDArray[np.unsignedinteger[Any]]
    lengths: NDArray[np.int32]
    most: NDArray[np.unsignedinteger[Any]]
    shortest: NDArray[np.float32]

    @classmethod
    def build(cls, rows: Iterable[Sequence[str]]) -> "Postings":
        """Index rows of tokens, each as often as it occurs."""
        return cls.merge([_of_part(*part) for part in _parts(rows)])

    @classmethod
    def merge(cls, parts: Sequence["Postings"]) -> "Postings":
        """Put postings together; the rows of each follow those of the one before."""
        if len(parts) == 1:
            return parts[0]
        vocabulary, numbers = Vocabulary.merged([part.vocabulary for part in parts])
        counts = np.zeros(len(vocabulary), np.int64)
        for part, own in zip(parts, numbers, strict=True):
            counts[own] += np.diff(part.starts)
        starts = _starts(counts)
        rows = np.empty(starts[-1], np.int32)
        widest = np.result_type(np.uint8, *(part.frequencies for part in parts))
        frequencies = np.empty(starts[-1], widest)
        ends, first = starts[:-1].copy(), 0
        for part, own in zip(parts, numbers, strict=True):
            shifts = ends[own] - part.starts[:-1]
            for tokens, postings in part.blocks():
                counted = np.diff(part.starts[tokens.start : tokens.stop + 1])
                places = np.repeat(shifts[tokens], counted) + np.arange(
                    postings.start, postings.stop
                )
                rows[places] = part.rows[postings] + np.int32(first)
                frequencies[places] = part.frequencies[postings]
            ends[own] += np.diff(part.starts)
            first += len(part.lengths)
        lengths = np.concatenate([np.empty(0, np.int32), *(part.lengths for part in parts)])
        return _with_bounds(vocabulary, starts, rows, frequencies, lengths)

    def only(self, kept: NDArray[np.bool_]) -> "Postings":
        """Leave rows out, and number those that are kept anew: bool (rows,)."""
        chosen = kept[self.rows]
        counts = self.counts(kept)
        used = np.flatnonzero(counts)
        numbers = (np.cumsum(kept) - 1).astype(np.int32)
        return _with_bounds(
            self.vocabulary.chosen(used),
            _starts(counts[used]),
            numbers[self.rows[chosen]],
            self.frequencies[chosen],
            self.lengths[kept],
        )

    def counts(self, among: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Count, for each token, those of some rows that hold it: int64 (tokens,)."""
        counts = np.zeros(len(self.vocabulary), np.int64)
        for tokens, postings in self.blocks():
            starts = self.starts[tokens] - postings.start
            counts[tokens] = np.add.reduceat(among[self.rows[postings]], starts, dtype=np.int64)
        return counts

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Map what ``save`` wrote."""
        names = [field.name for field in fields(cls)[1:]]
        arrays = {name: mapped(folder / f"{name}.npy") for name in names}
        return cls(Vocabulary.load(folder / "vocabulary"), **arrays)

    def save(self, folder: Path) -> None:
        """Write NumPy arrays into a new folder."""
        folder.mkdir()
        self.vocabulary.save(folder / "vocabulary")
        for field in fields(self)[1:]:
            np.save(folder / f"{field.name}.npy", getattr(self, field.name), allow_pickle=False)

    def blocks(self) -> Iterator[tuple[slice, slice]]:
        """Yield ranges of tokens, none empty, and of their postings, a bounded number at once."""
        first = 0
        while first < len(self.vocabulary):
            end = self.starts[first] + _AT_ONCE
            last = max(first + 1, int(np.searchsorted(self.starts, end, "right")) - 1)
            yield slice(first, last), slice(int(self.starts[first]), int(self.starts[last]))
            first = last


class _Numbers(dict[str, int]):
    """Numbers of tokens in the order they were first met."""

    def __missing__(self, token: str) -> int:
        self[token] = len(self)
        return self[token]


def _parts(rows: Iterable[Sequence[str]]) -> "Iterator[tuple[_Numbers, array[int], array[int]]]":
    """Yield tokens, numbers of all occurrences, and the rows' lengths, of some rows at a time."""
    numbers, occurrences, lengths = _Numbers(), array("i"), array("i")
    for tokens in rows:
        occurrences.extend(map(numbers.__getitem__, tokens))
        lengths.append(len(tokens))
        if len(occurrences) >= _AT_ONCE:
            yield numbers, occurrences, lengths
            numbers, occurrences, lengths = _Numbers(), array("i"), array("i")
    yield numbers, occurrences, lengths


def _of_part(numbers: _Numbers, occurrences: "array[int]", lengths: "array[int]") -> Postings:
    tokens = [encoded(token) for token in numbers]
    order = sorted(range(len(tokens)), key=tokens.__getitem__)
    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.arange(len(order))
    size = np.asarray(lengths, dtype=np.int32)
    rows = np.repeat(np.arange(len(size)), size)
    keys, frequencies = np.unique(
        ranks[np.asarray(occurrences)] * len(size) + rows, return_counts=True
    )
    found, rows = np.divmod(keys, max(1, len(size)))
    return _with_bounds(
        Vocabulary.build([tokens[number] for number in order]),
        _starts(np.bincount(found, minlength=len(order))),
        rows.astype(np.int32),
        frequencies.astype(np.min_scalar_type(int(frequencies.max(initial=0)))),
        size,
    )


def _with_bounds(
    vocabulary: Vocabulary,
    starts: NDArray[np.int64],
    rows: NDArray[np.int32],
    frequencies: NDArray[np.unsignedinteger[Any]],
    lengths: NDArray[np.int32],
) -> Postings:
    most = np.zeros(len(vocabulary), frequencies.dtype)
    shortest = np.zeros(len(vocabulary), np.float32)
    postings = Postings(vocabulary, starts, rows, frequencies, lengths, most, shortest)
    for tokens, block in postings.blocks():
        begins = starts[tokens] - block.start
        most[tokens] = np.maximum.reduceat(frequencies[block], begins)
        shares = lengths[rows[block]] / frequencies[block].astype(np.float32)
        shortest[tokens] = np.minimum.reduceat(shares, begins)
    return postings


def _starts(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
