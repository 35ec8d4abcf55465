"""Where in a text a quotation stands that is not quite what the text says."""

import numpy as np
from numpy.typing import NDArray


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
) -> NDArray[np.int64]:
    """Distances of the whole quotation to stretches of the text by where they end.

    The stretches begin anywhere, or at the text's beginning if ``anchored``.
    """
    steps = np.arange(len(text) + 1)
    row = steps.copy() if anchored else np.zeros(len(text) + 1, dtype=np.int64)
    for number, sign in enumerate(quote, 1):
        following = np.empty_like(row)
        following[0] = number
        following[1:] = np.minimum(row[:-1] + (text != sign), row[1:] + 1)
        # A sign of the text that is passed over costs one more than the place before it.
        row = np.minimum.accumulate(following - steps) + steps
    return row
