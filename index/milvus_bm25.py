"""BM25 of given paragraphs, from their tokens and the statistics of all paragraphs."""

from collections.abc import Mapping, Sequence

import numpy as np

from .bm25 import K1, B
from .encoded import Vectors


def bm25(
    weights: Mapping[str, float],
    paragraphs: Sequence[Mapping[str, int]],
    mean_length: float,
) -> Vectors:
    """Score paragraphs by weighted tokens, in Lucene's variant.

    It lacks the constant factor k1 + 1 and has no negative weights (Kamphuis et al., "Which BM25
    Do You Mean?", 2020).

    Args:
        weights: for each token of the question its weight there times its inverse frequency.
        paragraphs: for each paragraph, how often it holds each of its tokens.
        mean_length: tokens of a paragraph on average, over all that are searched.

    Returns:
        float32 (paragraphs,), 0 where no token matches.
    """
    scores = np.zeros(len(paragraphs), dtype=np.float32)
    for number, counts in enumerate(paragraphs):
        penalty = K1 * (1 - B + B * sum(counts.values()) / mean_length)
        scores[number] = sum(
            weight * held / (held + penalty)
            for token, weight in weights.items()
            if (held := counts.get(token, 0))
        )
    return scores
