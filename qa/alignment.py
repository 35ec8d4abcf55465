"""Where in a text a quotation stands that is not quite what the text says."""

from collections import Counter
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

_STRIP = 16
"""Width of the diagonals that are counted together: words added or left out shift what follows."""


def pairs_of(quote: str) -> dict[str, int]:
    """The pairs of neighbouring characters of a quotation, and where each stands first."""
    return {quote[at : at + 2]: at for at in reversed(range(max(1, len(quote) - 1)))}


def roughly(pairs: Mapping[str, int], text: str) -> tuple[int, int]:
    """Say how much of a quotation a text may hold, and about where the quotation would begin.

    Takes time linear in the length of the text, whatever both say.

    Args:
        pairs: those of the quotation.
        text: a part of what the quotation may be from.

    Returns:
        How many of the pairs the text has, and the place that most of those agree on, which may be
        a few characters off, and before the text.
    """
    held = set()
    begins: Counter[int] = Counter()
    for place in range(len(text)):
        pair = text[place : place + 2]
        at = pairs.get(pair)
        if at is not None:
            held.add(pair)
            begins[(place - at) // _STRIP] += 1
    if not held:
        return 0, 0
    # What was shifted a little stands on the diagonal beside.
    best = max(begins, key=lambda strip: begins[strip] + begins.get(strip + 1, 0))
    return len(held), best * _STRIP


def nearest(quote: str, text: str) -> tuple[int, int]:
    """Find the range of a text that is nearest to a quotation.

    This is Sellers' algorithm (The theory and computation of evolutionary distances, 1980): the
    Levenshtein distance with free ends in the text. Of stretches equally near the one is taken
    whose length is nearest to the quotation's, so that a first or last sign that was changed counts
    as changed. Time grows with the product of both lengths, a numpy operation for each sign of the
    quotation.

    Args:
        quote: at least one character.
        text: that it is looked for in.
    """
    written = _codes(text)
    last = _last_row(_codes(quote), written, anchored=False)
    end = int(np.flatnonzero(last == last.min())[-1])
    backwards = _last_row(_codes(quote[::-1]), _codes(text[:end][::-1]), anchored=True)
    lengths = np.flatnonzero(backwards == backwards.min())
    length = int(lengths[np.argmin(np.abs(lengths - len(quote)))])
    return end - length, end


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def _last_row(
    quote: NDArray[np.uint32], text: NDArray[np.uint32], *, anchored: bool
) -> NDArray[np.int32]:
    """Distances of the whole quotation to stretches of the text by where they end.

    The stretches begin anywhere, or at the text's beginning if ``anchored``.
    """
    steps = np.arange(len(text) + 1, dtype=np.int32)
    row = steps.copy() if anchored else np.zeros(len(text) + 1, dtype=np.int32)
    for number, sign in enumerate(quote, 1):
        following = np.empty_like(row)
        following[0] = number
        following[1:] = np.minimum(row[:-1] + (text != sign), row[1:] + 1)
        # A sign of the text that is passed over costs one more than the place before it.
        row = np.minimum.accumulate(following - steps) + steps
    return row
