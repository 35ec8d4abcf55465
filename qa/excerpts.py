"""Excerpts: the readable part of a long paragraph around what was found in it."""

from corpus import sentences

LENGTH = 400
"""Characters that are read at a glance; a paragraph up to this length is shown whole."""


def excerpt(text: str, window: tuple[int, int]) -> tuple[int, int]:
    """Choose whole sentences around a window.

    The window grows by the sentence after it, then by the one before it, and so on while it fits:
    what follows a matching sentence explains it more often than what precedes it.

    Args:
        text: the paragraph.
        window: character range that must be part of the excerpt.

    Returns:
        Character range of at most ``LENGTH`` characters, or the window if that is longer.
    """
    if len(text) <= LENGTH:
        return 0, len(text)
    start, end = window
    before = [s for s in sentences(text) if s[1] <= start]
    after = [s for s in sentences(text) if s[0] >= end][::-1]
    grown = True
    while grown:
        grown = False
        if after and after[-1][1] - start <= LENGTH:
            end = after.pop()[1]
            grown = True
        if before and end - before[-1][0] <= LENGTH:
            start = before.pop()[0]
            grown = True
    return start, end
