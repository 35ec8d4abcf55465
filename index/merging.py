"""Which segments are merged when reports are added, so that there are never many.

As in a log-structured merge tree (O'Neil et al., 1996), or in Lucene: what is added swallows the
segments that are smaller than itself, itself growing, so that sizes at least double from one to the
next. A million windows stand in about ten segments, and each was copied about seven times. Small
segments are swallowed by anything, which leaves one for most collections. Large ones are left
alone, which bounds what one report can cost.
"""

from collections.abc import Sequence
from dataclasses import dataclass

SMALL = 4096
"""Windows of a segment that is merged with whatever is added: 24 MB, copied in half a second."""

LARGEST = 1 << 18
"""Windows that segments are merged up to: 1.5 GB. Each term of a question is looked for in each
segment, so there should be few."""


@dataclass(frozen=True, slots=True)
class Size:
    """Windows of a segment: those that are searched, and those that are gone."""

    kept: int
    gone: int


def merged(sizes: Sequence[Size], added: int) -> list[int]:
    """Choose the segments to be written anew, in one segment with what is added.

    Args:
        sizes: of the segments.
        added: windows.

    Returns:
        Their numbers. Segments of which more than half is gone are among them whatever is added.
    """
    total, chosen = added, []
    for number in sorted(range(len(sizes)), key=lambda number: sizes[number].kept):
        size = sizes[number]
        swallowed = added and size.kept <= max(SMALL, total) and total + size.kept <= LARGEST
        if swallowed or size.gone > size.kept:
            chosen.append(number)
            total += size.kept
    return sorted(chosen)
