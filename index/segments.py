"""The segments of a snapshot as one: what stands in them is numbered through all of them.

Windows and rows, which are searched paragraphs, keep their numbers though their report is taken
out: such gaps are never found, and count in no statistics. So hits and scores do not depend on how
the reports were cut into segments.
"""

import numpy as np
from numpy.typing import NDArray

from .contents import Contents
from .dense import DenseIndex
from .late import LateInteraction
from .lexical import LexicalIndex
from .ranges import ranges
from .tokens import Tokenizer


class Segments:
    """The open segments of a snapshot. Immutable; safe for many threads.

    Attributes:
        by_sum: the segments, by the checksums of their manifests.
        windows: int32 (windows, 4): number of the report, -1 in gaps; place of the paragraph in
            it, start, end.
        row_of_window: int64 (windows,).
        rows: int64, in ascending order, those of all reports.
        dense, late, lexical: what they are searched by.
    """

    def __init__(self, contents: Contents, tokenizer: Tokenizer) -> None:
        """Put the segments of a snapshot together.

        Args:
            contents: the snapshot; all files of it that are read have been checked.
            tokenizer: the one that its segments were built with.
        """
        segments = contents.segments
        self.by_sum = {segment.sum: segment for segment in segments}
        windows = [
            _numbered(segment.windows, len(segment.entries), contents.order, number)
            for number, segment in enumerate(segments)
        ]
        self.windows = np.concatenate(windows)
        firsts = np.cumsum([0, *map(len, windows)])
        begins = [one.first_windows + first for one, first in zip(segments, firsts, strict=False)]
        self._first_window = np.concatenate([*begins, firsts[-1:]])
        count = len(self._first_window) - 1
        self.row_of_window = np.repeat(np.arange(count), np.diff(self._first_window))
        report_of_row = self.windows[self._first_window[:-1], 0]
        self.rows = np.flatnonzero(report_of_row >= 0)
        self._first_row = np.zeros(len(contents.order), np.int64)
        self._first_row[report_of_row[self.rows][::-1]] = self.rows[::-1]
        self._row_count = np.bincount(report_of_row[self.rows], minlength=len(contents.order))
        self.dense = DenseIndex(
            [one.vectors for one in segments], [some[:, 0] >= 0 for some in windows]
        )
        self.late = LateInteraction([one.signs for one in segments], segments[0].mean)
        kept = np.split(report_of_row >= 0, np.cumsum([len(some) for some in begins])[:-1])
        self.lexical = LexicalIndex(
            [one.postings for one in segments],
            tokenizer,
            [None if mask.all() else mask for mask in kept],
        )

    def windows_of(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """The windows of some rows, one row after another."""
        return ranges(self._first_window[rows], self._first_window[rows + 1])

    def sizes(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many windows each of some rows has."""
        return np.asarray(self._first_window[rows + 1] - self._first_window[rows])

    def rows_of(self, reports: NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows of some reports, by their numbers, in ascending order."""
        begins = self._first_row[reports]
        return np.sort(ranges(begins, begins + self._row_count[reports]))

    def places(self, rows: NDArray[np.int64]) -> NDArray[np.int32]:
        """Where some rows stand: int32 (rows, 2), number of the report, place of the paragraph."""
        return self.windows[self._first_window[rows], :2]


def _numbered(
    windows: NDArray[np.int32], reports: int, order: NDArray[np.int32], segment: int
) -> NDArray[np.int32]:
    """The windows of a segment, with the numbers of the reports in the snapshot."""
    numbers = np.full(reports, -1, np.int32)
    own = np.flatnonzero(order[:, 0] == segment)
    numbers[order[own, 1]] = own
    numbered = np.array(windows)
    numbered[:, 0] = numbers[windows[:, 0]]
    return numbered
