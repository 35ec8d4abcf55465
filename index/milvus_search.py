"""Searching a view of the reports in Milvus, on either side.

What Milvus returns counts only if it is a row of the view's reports: rows of an unfinished write,
or of a version that is newer or older than the view, are passed over.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from .encoded import Vectors
from .frequencies import inverse_frequency
from .milvus_bm25 import bm25
from .milvus_rows import words
from .milvus_view import View
from .store import Scored

PROPOSED = 2
"""Paragraphs that Milvus' BM25 proposes for each that is wanted: its order is not quite ours."""


def nearest(
    view: View,
    vector: Vectors,
    limit: int,
    reports: AbstractSet[str] | None = None,
    *,
    of_each: int | None = None,
) -> list[Scored]:
    """Find the paragraphs whose windows are nearest to a vector, best first.

    Args:
        view: what is searched.
        vector: float32 (dimension,), L2-normalised.
        limit: how many windows are looked at.
        reports: ids of the reports to search, all if None.
        of_each: look at that many windows of each report instead; ``limit`` counts reports.
    """
    best: dict[tuple[str, int], Scored] = {}
    for key, report, cosine in view.windows.nearest(vector, limit, reports, of_each=of_each):
        loaded = view.loaded.get(report)
        place = loaded.layout.windows.get(key) if loaded else None
        if place is not None:
            scored = Scored(report, place.paragraph, cosine, (place.start, place.end))
            best.setdefault((report, place.paragraph), scored)
    return list(best.values())


def worded(
    view: View,
    weights: Mapping[str, float],
    limit: int,
    reports: AbstractSet[str] | None = None,
) -> list[Scored]:
    """Find the paragraphs with the highest BM25 for weighted tokens, best first.

    Milvus' BM25 proposes some; they are scored and ordered here.
    """
    found = view.paragraphs.matching(_words(weights), PROPOSED * limit, reports)
    places = [
        (report, view.loaded[report].layout.paragraphs[key])
        for key, report, _ in found
        if report in view.loaded and key in view.loaded[report].layout.paragraphs
    ]
    scores = lexical_scores(view, weights, places)
    scored = [Scored(*place, score) for place, score in zip(places, scores.tolist(), strict=True)]
    ranked = sorted(scored, key=lambda one: (-one.score, one.report, one.paragraph))
    return [one for one in ranked if one.score > 0][:limit]


def lexical_scores(
    view: View, weights: Mapping[str, float], places: Iterable[tuple[str, int]]
) -> Vectors:
    """Return the BM25 of some paragraphs for weighted tokens, float32 (paragraphs,).

    Args:
        view: what is searched.
        weights: the weight of each token.
        places: for each paragraph its report and its position there.
    """
    keys = [view.loaded[report].layout.rows[paragraph] for report, paragraph in places]
    tokens = view.paragraphs.tokens(keys)
    frequencies = view.frequencies
    weighed = {
        words([token])[0]: weight * inverse_frequency(holding, frequencies.paragraphs)
        for token, weight in weights.items()
        if (holding := frequencies.holding(token))
    }
    return bm25(weighed, [tokens.get(key, {}) for key in keys], frequencies.mean_length)


def cosines(view: View, vector: Vectors, places: Iterable[tuple[str, int]]) -> list[Scored]:
    """Return, for each of some paragraphs, its window that is nearest to a vector.

    One whose windows are just being replaced has the cosine 0.
    """
    places = list(places)
    keys = [key for report, at in places for key in view.loaded[report].layout.windows_of[at]]
    vectors = view.windows.vectors(keys)
    scored = []
    for report, at in places:
        layout = view.loaded[report].layout
        found = {
            key: float(vectors[key] @ vector) for key in layout.windows_of[at] if key in vectors
        }
        best = max(found, key=lambda key: found[key], default=layout.windows_of[at][0])
        place = layout.windows[best]
        scored.append(Scored(report, at, found.get(best, 0.0), (place.start, place.end)))
    return scored


def _words(weights: Mapping[str, float]) -> dict[str, float]:
    return {words([token])[0]: weight for token, weight in weights.items()}
