"""Ranges of numbers, many at once: the windows of rows, the rows of reports."""

import numpy as np
from numpy.typing import NDArray


def ranges(begins: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """Put ranges of numbers one after another: each from its begin to before its end."""
    sizes = ends - begins
    stops = np.cumsum(sizes)
    return np.repeat(begins - (stops - sizes), sizes) + np.arange(stops[-1] if len(stops) else 0)
