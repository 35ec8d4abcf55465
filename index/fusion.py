"""Fusion of dense and lexical scores into one ranking."""

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]

DENSE_WEIGHT = 0.75
"""Share of the dense side; the rest is lexical. Best on the development questions."""

LATE_WEIGHT = 0.3
"""Weight of late interaction in the second stage: the middle of what does well on the development
questions, where .2 to .5 lift the newspaper reports and more than that costs the provinces."""


def fuse(dense: Scores, lexical: Scores) -> Scores:
    """Add the z-scores of both sides, weighted; all arrays are float32 (candidates,).

    Linear fusion of normalised scores rather than of ranks: it keeps by how much a candidate is
    better, and beats reciprocal rank fusion in and out of domain (Bruch, Gai and Ingber,
    "An Analysis of Fusion Functions for Hybrid Retrieval", 2023).
    """
    fused = DENSE_WEIGHT * z_scores(dense) + (1 - DENSE_WEIGHT) * z_scores(lexical)
    return np.asarray(fused, dtype=np.float32)


def rerank(fused: Scores, late: Scores) -> Scores:
    """Re-rank the best candidates by late interaction.

    Args:
        fused: float32 (candidates,), best first.
        late: float32 (n,), late interaction of the first n candidates.

    Returns:
        float32 (candidates,): the z-scores of ``late``, weighted, added to the first n; the others
        are treated like the worst of these, so that none of them comes before.
    """
    bonus = LATE_WEIGHT * z_scores(late)
    others = np.full(len(fused) - len(late), bonus.min() if bonus.size else 0.0)
    return np.asarray(fused + np.concatenate([bonus, others]), dtype=np.float32)


def z_scores(scores: Scores) -> Scores:
    """Return (score - mean) / standard deviation; zeros where all scores are equal."""
    deviation = float(scores.std()) if scores.size else 0.0
    if deviation == 0.0:
        return np.zeros_like(scores)
    return np.asarray((scores - scores.mean()) / deviation, dtype=np.float32)
