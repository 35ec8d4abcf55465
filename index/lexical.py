"""The lexical side: BM25 over paragraphs (Robertson and Zaragoza 2009), scored by bm25s."""

import math
from collections.abc import Sequence
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray

from .tokens import tokens, words

K1 = 1.2
"""Saturation of term frequency: the usual value."""
B = 0.6
"""Length normalisation, below the usual .75: paragraphs differ in length by habit, not content."""


class LexicalIndex:
    """BM25 scores of paragraphs, which are numbered in the order they were given."""

    def __init__(self, bm25: bm25s.BM25) -> None:
        self._bm25 = bm25

    @classmethod
    def build(cls, texts: Sequence[str]) -> "LexicalIndex":
        """Index paragraphs, each with its title and headings in front."""
        bm25 = bm25s.BM25(k1=K1, b=B, method="lucene")
        bm25.index([tokens(text) for text in texts], show_progress=False)
        return cls(bm25)

    @classmethod
    def load(cls, folder: Path) -> "LexicalIndex":
        """Open an index that ``save`` wrote; its arrays are memory-mapped."""
        return cls(bm25s.BM25.load(folder, mmap=True, load_corpus=False, show_progress=False))

    def save(self, folder: Path) -> None:
        """Write the index as NumPy arrays and JSON."""
        self._bm25.save(folder, show_progress=False)

    def scores(self, query: str) -> NDArray[np.float32]:
        """Score every paragraph; returns float32 (paragraphs,), 0 where no token matches."""
        known = [token for token in tokens(query) if token in self._bm25.vocab_dict]
        if not known:
            return np.zeros(int(self._bm25.scores["num_docs"]), dtype=np.float32)
        return np.asarray(self._bm25.get_scores(known), dtype=np.float32)

    def knows(self, query: str) -> bool:
        """Whether at least half of a query's words occur in some paragraph."""
        known = [word in self._bm25.vocab_dict for word in words(query)]
        return 2 * sum(known) >= len(known) > 0

    def rarity(self, query: str) -> dict[str, float]:
        """Return the inverse document frequency of each token that some paragraph holds."""
        starts = self._bm25.scores["indptr"]
        count = int(self._bm25.scores["num_docs"])
        rarity = {}
        for token in dict.fromkeys(tokens(query)):
            if (number := self._bm25.vocab_dict.get(token)) is not None:
                holding = int(starts[number + 1] - starts[number])
                rarity[token] = math.log(1 + (count - holding + 0.5) / (holding + 0.5))
        return rarity
