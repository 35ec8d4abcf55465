"""Headings that a page put after their text, called back to the front of it."""

from collections.abc import Sequence

from .headings import numbered_heading, styled_heading
from .roles import Item

_KEY = 4
"""Characters of a heading's topic that its text repeats; fewer are shared by chance."""

_MOST = 50
"""Headings without text in a report; where there are more, it is no page that misplaced them."""


def recall_headings(items: Sequence[Item]) -> list[Item]:
    """Move headings without text before the paragraphs above them that speak of their topic.

    In newspaper columns a heading may come out behind its text: then the next heading follows it
    at once, and the text above it, from the first paragraph that names its topic, is its own.
    Where no paragraph names it, or one further up does too, nothing is moved.
    """
    ordered = list(items)
    empty = [position for position in range(1, len(items)) if _is_empty(items, position)]
    for position in empty if len(empty) <= _MOST else ():
        start = _first_of_its_text(ordered, position)
        if start is not None:
            ordered.insert(start, ordered.pop(position))
    return ordered


def _is_empty(items: Sequence[Item], position: int) -> bool:
    """Whether an unnumbered heading stands between a paragraph and the next one like it."""
    if not _is_plain(items[position]) or items[position - 1].role == "heading":
        return False
    places = range(position + 1, len(items))
    following = next((items[p] for p in places if items[p].role in {"heading", "body"}), None)
    return following is None or _is_plain(following)


def _first_of_its_text(items: Sequence[Item], position: int) -> int | None:
    topic = _topic(items[position].block.text)
    keys = {topic[start : start + _KEY] for start in range(len(topic) - _KEY + 1)}
    start = position
    while start > 0 and items[start - 1].role != "heading":
        start -= 1
    naming = [
        place
        for place, item in enumerate(items[:position])
        if item.role == "body" and any(key in item.block.text for key in keys)
    ]
    # Under another heading, the first paragraph stays with it.
    earliest = start if start == 0 else start + 1
    return naming[0] if naming and naming[0] >= earliest else None


def _topic(text: str) -> str:
    """What a heading is about: the words before its colon or its first space."""
    for mark in "：: \u3000":
        text = text.split(mark, maxsplit=1)[0]
    return text


def _is_plain(item: Item) -> bool:
    numbered = numbered_heading(item.block) is not None
    return item.role == "heading" and not numbered and not styled_heading(item.block)
