"""The tokens of a lexical index: millions of them, found in a file without a dictionary in memory.

Tokens stand in the order of their UTF-8 bytes, one after another. Their first eight bytes, which
tell two Han characters and two thirds of a third, stand as numbers beside them: one binary search
there leaves few to compare, most often one. A Python dictionary of two million tokens takes 300 MB
and seconds to fill; this is mapped from disk at once.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from .files import mapped

_PREFIX = 8
"""Bytes of a token that its number holds, the first in the highest place."""


class Vocabulary:
    """Tokens, numbered from 0 in the order of their UTF-8 bytes. Immutable; safe for threads.

    ``text`` holds the tokens' bytes, token ``i`` from ``starts[i]`` to ``starts[i + 1]``;
    ``prefixes`` their first bytes, uint64 (tokens,).
    """

    def __init__(
        self, text: NDArray[np.uint8], starts: NDArray[np.int64], prefixes: NDArray[np.uint64]
    ) -> None:
        self._text = text
        self._starts = starts
        self._prefixes = prefixes
        # Reading single items through these is several times as quick as from an array.
        self._bytes, self._start, self._prefix = text.data, starts.data, prefixes.data

    @classmethod
    def build(cls, tokens: Sequence[bytes]) -> Self:
        """Put together tokens that are sorted and all different."""
        starts = np.zeros(len(tokens) + 1, np.int64)
        np.cumsum(np.fromiter(map(len, tokens), np.int64, len(tokens)), out=starts[1:])
        prefixes = np.fromiter(map(_prefix, tokens), np.uint64, len(tokens))
        return cls(np.frombuffer(b"".join(tokens), np.uint8), starts, prefixes)

    @classmethod
    def merged(cls, some: Sequence["Vocabulary"]) -> tuple[Self, list[NDArray[np.int64]]]:
        """Put together the tokens of several vocabularies.

        Returns:
            The new one and, for each of the others, the new numbers of its tokens.
        """
        tokens = sorted(set().union(*some))
        numbers = {token: number for number, token in enumerate(tokens)}
        return cls.build(tokens), [
            np.fromiter(map(numbers.__getitem__, one), np.int64, len(one)) for one in some
        ]

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Map what ``save`` wrote."""
        return cls(*(mapped(folder / f"{name}.npy") for name in ("text", "starts", "prefixes")))

    def save(self, folder: Path) -> None:
        """Write three NumPy arrays into a new folder."""
        folder.mkdir()
        np.save(folder / "text.npy", self._text, allow_pickle=False)
        np.save(folder / "starts.npy", self._starts, allow_pickle=False)
        np.save(folder / "prefixes.npy", self._prefixes, allow_pickle=False)

    def __len__(self) -> int:
        """Count the tokens."""
        return len(self._prefixes)

    def __iter__(self) -> Iterator[bytes]:
        """Yield the tokens in order."""
        text, starts = self._text.tobytes(), self._starts.tolist()
        return (text[a:b] for a, b in pairwise(starts))

    def number(self, token: str) -> int | None:
        """Return a token's number; None if it is not there."""
        sought = encoded(token)
        prefix = _prefix(sought)
        number = bisect_left(self._prefix, prefix)
        if len(sought) > _PREFIX:
            last = bisect_right(self._prefix, prefix, number)
            number = bisect_left(range(last), sought, number, last, key=self._token)
        return number if number < len(self) and self._token(number) == sought else None

    def chosen(self, numbers: NDArray[np.int64]) -> "Vocabulary":
        """Return some of the tokens, by their numbers in order."""
        tokens = list(self)
        return Vocabulary.build([tokens[number] for number in numbers.tolist()])

    def characters(self) -> set[str]:
        """Return the characters of all tokens."""
        return set(self._text.tobytes().decode(errors="replace"))

    def _token(self, number: int) -> bytes:
        return bytes(self._bytes[self._start[number] : self._start[number + 1]])


def encoded(token: str) -> bytes:
    """Return the bytes of a token; half characters, which a report may hold, have some as well."""
    return token.encode("utf-8", "surrogatepass")


def _prefix(token: bytes) -> int:
    return int.from_bytes(token[:_PREFIX].ljust(_PREFIX, b"\0"), "big")
