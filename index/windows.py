"""Windows: the stretches of a paragraph that are embedded.

A whole paragraph of a government report covers a dozen topics, and its one vector none of them:
on provincial reports windows of about 160 characters doubled the questions answered first.
"""

from collections.abc import Iterator

from corpus import sentences

LENGTH = 160
"""Characters that a window aims at; a longer sentence is cut at its commas."""

_CLAUSE_ENDS = "，、,：:"


def window_ranges(text: str) -> list[tuple[int, int]]:
    """Cut a paragraph's text into windows of whole sentences.

    Returns:
        Character ranges in order that do not overlap. A window holds about ``LENGTH`` characters;
        sentences stay whole unless one alone is more than twice as long.
    """
    ranges: list[tuple[int, int]] = []
    for start, end in (piece for s in sentences(text) for piece in _pieces(text, *s)):
        if ranges and end - ranges[-1][0] <= LENGTH:
            ranges[-1] = (ranges[-1][0], end)
        else:
            ranges.append((start, end))
    return ranges


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a sentence that is too long for a window at its last comma within reach."""
    while end - start > 2 * LENGTH:
        cut = 1 + max(text.rfind(mark, start, start + LENGTH) for mark in _CLAUSE_ENDS)
        cut = cut if cut > start else start + LENGTH
        yield start, cut
        start = cut
    yield start, end
