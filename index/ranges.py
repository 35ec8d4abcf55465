"""Ranges of numbers, many at once: the windows of rows, the rows of reports."""

import numpy as np
from numpy.typing import NDArray


def ranges(starts: NDArray[np.int64], chosen: NDArray[np.int64]) -> NDArray[np.int64]:
    """Put ranges of numbers one after another.

    Args:
        starts: int64 (n + 1,): range ``i`` goes from ``starts[i]`` to before ``starts[i + 1]``.
        chosen: which ranges.
    """
    first, sizes = starts[chosen], starts[chosen + 1] - starts[chosen]
    ends = np.cumsum(sizes)
    return np.repeat(first - (ends - sizes), sizes) + np.arange(ends[-1] if len(ends) else 0)
