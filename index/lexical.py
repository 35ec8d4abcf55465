"""The lexical side: BM25 over paragraphs (Robertson and Zaragoza 2009), scored by bm25s."""

import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import reduce
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray

from .tokens import Tokenizer

K1 = 1.2
"""Saturation of term frequency: the usual value."""
_HAN_ONLY = re.compile(r"[\u3400-\u9fff]{2,}")

B = 0.6
"""Length normalisation, below the usual .75: paragraphs differ in length by habit, not content."""


class LexicalIndex:
    """BM25 scores of paragraphs, which are numbered in the order they were given."""

    def __init__(self, bm25: bm25s.BM25, tokenizer: Tokenizer) -> None:
        self._bm25 = bm25
        self.tokenizer = tokenizer

    @classmethod
    def build(cls, texts: Sequence[str], tokenizer: Tokenizer) -> "LexicalIndex":
        """Index paragraphs, each with its title and headings in front."""
        bm25 = bm25s.BM25(k1=K1, b=B, method="lucene")
        bm25.index([tokenizer.tokens(text) for text in texts], show_progress=False)
        return cls(bm25, tokenizer)

    @classmethod
    def load(cls, folder: Path, tokenizer: Tokenizer) -> "LexicalIndex":
        """Open an index that ``save`` wrote; its arrays are memory-mapped.

        Args:
            folder: where it was written.
            tokenizer: one with the dictionary that it was built with.
        """
        bm25 = bm25s.BM25.load(folder, mmap=True, load_corpus=False, show_progress=False)
        return cls(bm25, tokenizer)

    def save(self, folder: Path) -> None:
        """Write the index as NumPy arrays and JSON."""
        self._bm25.save(folder, show_progress=False)

    def scores(self, query: Mapping[str, float]) -> NDArray[np.float32]:
        """Score every paragraph by weighted tokens.

        Args:
            query: the weight of each token; for an ordinary question how often it occurs.

        Returns:
            float32 (paragraphs,), 0 where no token matches.
        """
        alike: dict[float, list[str]] = defaultdict(list)
        for token, weight in query.items():
            if token in self._bm25.vocab_dict:
                alike[weight].append(token)
        scores = np.zeros(int(self._bm25.scores["num_docs"]), dtype=np.float32)
        for weight, tokens in alike.items():
            scores += weight * np.asarray(self._bm25.get_scores(tokens), dtype=np.float32)
        return scores

    def knows(self, query: str) -> bool:
        """Whether at least half of a query's words occur in some paragraph."""
        known = [word in self._bm25.vocab_dict for word in self.tokenizer.words(query)]
        return 2 * sum(known) >= len(known) > 0

    def rarity(self, query: str) -> dict[str, float]:
        """Return the inverse document frequency of each token that some paragraph holds."""
        count = int(self._bm25.scores["num_docs"])
        rarity = {}
        for token in dict.fromkeys(self.tokenizer.tokens(query)):
            if holding := self.holding(token):
                rarity[token] = math.log(1 + (count - holding + 0.5) / (holding + 0.5))
        return rarity

    def characters(self) -> set[str]:
        """Return the characters of all tokens."""
        return set("".join(self._bm25.vocab_dict))

    def holding(self, token: str) -> int:
        """Count the paragraphs that hold a token."""
        number = self._bm25.vocab_dict.get(token)
        if number is None:
            return 0
        starts = self._bm25.scores["indptr"]
        return int(starts[number + 1] - starts[number])

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
        bigrams = [phrase[i : i + 2] for i in range(len(phrase) - 1)]
        if not all(bigram in self._bm25.vocab_dict for bigram in bigrams):
            return 0
        return len(reduce(_in_both, map(self._paragraphs, bigrams)))

    def _paragraphs(self, token: str) -> NDArray[np.int32]:
        number = self._bm25.vocab_dict[token]
        start, end = self._bm25.scores["indptr"][number : number + 2]
        return np.asarray(self._bm25.scores["indices"][start:end])


def _in_both(one: NDArray[np.int32], other: NDArray[np.int32]) -> NDArray[np.int32]:
    return np.intersect1d(one, other, assume_unique=True)
