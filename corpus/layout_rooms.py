"""The room that the lines of a column have: how far they reach where nothing ends them sooner.

A line that stops short of the edge ends a paragraph, one that begins behind it starts one. So the
edges are what paragraphs are told from. Columns of few lines take them from their like.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from .page import Line

_ALIGNED = 0.3
"""How far apart lines end that end at the same edge, in their size."""

_HANGING = 1.2
"""How far punctuation may reach over the edge."""

_ENOUGH, _SHARE = 3, 0.1
"""Lines, and share of them, that end at the edge."""

_SURE = 0.3
"""Share of lines that end at an edge which is one for certain."""

_WIDEST_INDENT = 4.5
"""An indent, in the size of the text."""

_CLOSING = "，。、；：！？”’）》】」』…,.;:!?)"
"""What may hang over the edge, or be set closer before it."""


@dataclass(frozen=True, slots=True)
class Room:
    """The edges of a column, and the usual distance of its baselines; all in points."""

    left: float
    right: float
    leading: float

    @property
    def middle(self) -> float:
        """Between the edges."""
        return (self.left + self.right) / 2


@dataclass(frozen=True, slots=True)
class _Measured:
    """What the lines of one column tell.

    ``right`` is where enough of them end, None if they end here and there; ``sure`` is whether a
    good part of them ends there.
    """

    left: float
    right: float | None
    widest: float
    leading: float | None
    sure: bool


def measure_rooms(pages: Sequence[Sequence[Sequence[Line]]], *, size: float) -> list[list[Room]]:
    """The room of each column of each page; ``size`` is that of the text."""
    measured = [[_measure(lines, size) for lines in columns] for columns in pages]
    everywhere = [found for columns in measured for found in columns]
    leading = median([found.leading for found in everywhere if found.leading] or [1.5 * size])
    usual = _edges(everywhere)
    return [
        [_room(found, columns, usual, leading, size) for found in columns] for columns in measured
    ]


def _measure(lines: Sequence[Line], size: float) -> _Measured:
    lefts = sorted(line.box[0] for line in lines)
    rights = sorted(line.box[2] for line in lines if line.text[-1] not in _CLOSING)
    steps = [
        below.box[3] - above.box[3]
        for above, below in pairwise(lines)
        if above.size == below.size and below.box[3] > above.box[3]
    ]
    enough = max(_ENOUGH, _SHARE * len(lines))
    right = next((x for x in reversed(rights) if _alike(rights, x, size) >= enough), None)
    return _Measured(
        next((x for x in lefts if _alike(lefts, x, size) > 1), lefts[0]),
        right,
        max(line.box[2] for line in lines),
        median(steps) if len(steps) >= _ENOUGH else None,
        sure=right is not None and _alike(rights, right, size) >= _SURE * len(rights),
    )


def _alike(ordered: Sequence[float], value: float, size: float) -> int:
    """How many of the values are next to this one."""
    near = _ALIGNED * size
    return bisect_right(ordered, value + near) - bisect_left(ordered, value - near)


def _edges(measured: Sequence[_Measured]) -> list[tuple[float, float]]:
    """The different edges among these that are sure, the commonest first."""
    sure = [(found.left, found.right) for found in measured if found.sure and found.right]
    counts = Counter((round(left), round(right)) for left, right in sure)
    edges = {(round(left), round(right)): (left, right) for left, right in sure}
    return [edges[room] for room, _ in counts.most_common()]


def _room(
    found: _Measured,
    columns: Sequence[_Measured],
    usual: Sequence[tuple[float, float]],
    leading: float,
    size: float,
) -> Room:
    """The room of a column; where its lines are not sure of it, that of one which they fit into.

    ``columns`` are those of its page, ``usual`` the edges of those of all pages.
    """
    own = found.leading or leading
    if found.sure and found.right is not None:
        # Where every line begins a paragraph, all of them are indented.
        reach = [found.left - _WIDEST_INDENT * size, found.left]
        like = [x for x, right in usual if abs(right - found.right) <= _ALIGNED * size]
        left = next((x for x in like if reach[0] <= x <= reach[1]), found.left)
        return Room(left, found.right, own)
    for left, right in (*_edges(columns), *usual):
        if left - _ALIGNED * size <= found.left and found.widest <= right + _HANGING * size:
            return Room(left, right, own)
    if found.right is not None:
        return Room(found.left, found.right, own)
    # What is wider than a column reaches over several.
    edges = _edges(columns) or usual
    left = min([other.left for other in columns] + [left for left, _ in edges])
    right = max([other.right or other.widest for other in columns] + [right for _, right in edges])
    return Room(left, max(right, found.widest), own)
