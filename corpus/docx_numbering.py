"""Automatic numbering of Word files: 一、 and （一） that stand nowhere in the text.

Word counts each list as it shows the document (ECMA-376 part 1, 17.9). A reader that does not
count loses the very numbers by which reports mark their headings.
"""

# lxml publishes no types.
# ruff: noqa: ANN401

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from .docx_package import is_on, number, value, w
from .docx_styles import ListPlace
from .number_formats import format_number

_PLACE = re.compile(r"%([1-9])")
_CLOSED = "、）．】"
"""Marks after which no space is needed before the text."""

_DASHES = re.compile(r"[—―─]{1,2}")
"""Bullets that reports use as headings do their numbers."""


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list is numbered; ``text`` holds %1, %2, … for the levels' numbers.

    ``restart`` is the level, from 1, after which it begins anew; 0 never, None after any above it.
    ``legal`` is whether the numbers of all levels are decimal in it.
    """

    start: int
    number_format: str
    text: str
    spaced: bool
    restart: int | None
    legal: bool
    style: str


@dataclass(slots=True)
class _List:
    """A list as paragraphs name it (``w:num``): whose counters it shares, and what it changes."""

    counters: str
    levels: dict[int, _Level]
    starts: dict[int, int]
    begun: set[int] = field(default_factory=set)


class Numbering:
    """The counters of all lists of a document, as they stand at the paragraph last asked for."""

    def __init__(self, root: Any | None) -> None:
        self._lists: dict[str, _List] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        if root is None:
            return
        abstract = _abstract_lists(root)
        for entry in root.iter(w("num")):
            name = value(entry.find(w("abstractNumId")))
            if name in abstract:
                shared, levels = abstract[name]
                changes = list(entry.iter(w("lvlOverride")))
                self._lists[value(entry, "numId")] = _List(
                    shared, levels | _changed_levels(changes), _starts(changes)
                )

    def label(self, place: ListPlace | None) -> str | None:
        """The number of a paragraph in this place, with the space after it, counting it.

        Empty where the list has bullets; None where nothing shows that the paragraph is in one.
        """
        found = self._lists.get(place.list_id) if place else None
        if place is None or found is None:
            return None
        level = _level_of(place, found)
        if level not in found.levels:
            return None
        counts = self._counts[found.counters]
        _count(found, counts, level)
        return _shown(found, counts, level)


def _count(entry: _List, counts: dict[int, int], level: int) -> None:
    start = entry.starts.get(level, entry.levels[level].start)
    if level in entry.starts and level not in entry.begun:
        counts.pop(level, None)
    entry.begun.add(level)
    counts[level] = counts.get(level, start - 1) + 1
    for deeper in [other for other in counts if other > level]:
        restart = entry.levels[deeper].restart if deeper in entry.levels else None
        if restart is None or level < restart:
            del counts[deeper]


def _shown(entry: _List, counts: dict[int, int], level: int) -> str | None:
    shape = entry.levels[level]
    if shape.number_format == "bullet" and shape.text.strip():
        return shape.text if _DASHES.fullmatch(shape.text) else ""

    def write(match: re.Match[str]) -> str:
        depth = int(match[1]) - 1
        other = entry.levels.get(depth)
        if other is None or depth > level:
            return ""
        count = counts.get(depth, entry.starts.get(depth, other.start))
        decimal = shape.legal and other.number_format != "none"
        return format_number(count, "decimal" if decimal else other.number_format)

    label = _PLACE.sub(write, shape.text).strip()
    spaced = label and shape.spaced and label[-1] not in _CLOSED
    return (label + " " if spaced else label) or None


def _level_of(place: ListPlace, entry: _List) -> int:
    """The level that a paragraph stands on: a style's is the one that names the style."""
    for style in place.styles:
        for depth, level in entry.levels.items():
            if level.style == style:
                return depth
    return place.level or 0


def _abstract_lists(root: Any) -> dict[str, tuple[str, dict[int, _Level]]]:
    """For each abstract list, the one whose levels and counters it has: its own or a style's."""
    own = {value(entry, "abstractNumId"): entry for entry in root.iter(w("abstractNum"))}
    by_style = {value(entry.find(w("styleLink"))): name for name, entry in own.items()}
    found = {}
    for name, entry in own.items():
        link = value(entry.find(w("numStyleLink")))
        shared = by_style.get(link, name) if link else name
        found[name] = (shared, _levels(own[shared]))
    return found


def _levels(parent: Any) -> dict[int, _Level]:
    levels = {}
    for level in parent.iter(w("lvl")):
        depth = number(level, "ilvl")
        if depth is not None:
            levels[depth] = _Level(
                _start(level.find(w("start"))),
                _format(level),
                value(level.find(w("lvlText"))),
                value(level.find(w("suff"))) != "nothing",
                number(level.find(w("lvlRestart"))),
                is_on(level.find(w("isLgl"))),
                value(level.find(w("pStyle"))),
            )
    return levels


def _changed_levels(changes: list[Any]) -> dict[int, _Level]:
    return {depth: level for change in changes for depth, level in _levels(change).items()}


def _starts(changes: list[Any]) -> dict[int, int]:
    """The numbers from which a list begins anew, by level."""
    found = {}
    for change in changes:
        depth, start = number(change, "ilvl"), number(change.find(w("startOverride")))
        if depth is not None and start is not None:
            found[depth] = start
    return found


def _start(element: Any | None) -> int:
    start = number(element)
    return 1 if start is None else start


def _format(level: Any) -> str:
    """The number format; where it is one of Word's own, what other programs are to show."""
    formats = [value(found) for found in level.iter(w("numFmt"))]
    return next((name for name in formats if name != "custom"), "decimal")
