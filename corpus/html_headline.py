"""The headline of a web page: the lines above the text that the page itself calls its title.

It seldom stands in the element with the text, and often in several lines. ``<title>`` has its
words, with the name of the site around them; the page shows where it stands.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .html_lines import Line
from .numbering import label_of

_MOST_LINES = 4
_SHORTEST = 4
_LONGEST = 120
_SHARE = 0.6
_SHARE_AT_END = 0.3
"""Shares that a line must have of what the page says is its title, unless that begins with it."""


@dataclass(frozen=True, slots=True)
class Headline:
    """The headline, and the lines ``start`` to ``end`` in which it stands."""

    text: str
    start: int
    end: int

    def is_said_in(self, text: str) -> bool:
        """Whether a line says the same once more."""
        return _squashed(text) == _squashed(self.text)


def find_headline(
    lines: Sequence[Line],
    titles: Sequence[str],
    near: range,
    may_be: Callable[[int], bool],
) -> Headline | None:
    """The headline of the text that begins at the end of ``near``, if there is one.

    ``titles`` are what the page says that its title is, ``near`` are the lines in which a heading
    is the headline even if it says something else. ``may_be`` is whether a line that is no heading
    may stand before the text.
    """
    stop = min(near.stop, len(lines))
    stated = [(title, _squashed(title)) for title in titles]
    found: list[Headline] = []
    for start in range(stop):
        for end in range(start + 1, min(start + _MOST_LINES, stop) + 1):
            title = _title_of(lines[start:end], stated)
            if title and (_has_heading(lines[start:end]) or all(map(may_be, range(start, end)))):
                found.append(Headline(title, start, end))
    if found:
        longest = max(len(_squashed(headline.text)) for headline in found)
        found = [one for one in found if len(_squashed(one.text)) == longest]
        return next((one for one in found if one.end >= near.start), found[-1])
    headings = [at for at in range(near.start, stop) if may_be(at) and _is_heading(lines[at])]
    if not headings:
        return None
    at = min(headings, key=lambda at: lines[at].style.level or 0)
    return Headline(lines[at].text.strip(), at, at + 1)


def _title_of(lines: Sequence[Line], stated: Sequence[tuple[str, str]]) -> str | None:
    """The words of lines that are a title of the page, with the spaces that it has there."""
    text = _squashed("".join(line.text for line in lines))
    if len(text) < _SHORTEST or any(line.table for line in lines):
        return None
    for title, squashed in stated:
        at = squashed.find(text)
        if at < 0:
            continue
        share = _SHARE_AT_END if squashed.endswith(text) else _SHARE
        if at == 0 or _has_heading(lines) or len(text) >= share * len(squashed):
            return _part(title, at, len(text))
    return None


def _has_heading(lines: Sequence[Line]) -> bool:
    return any(line.style.level for line in lines)


def _is_heading(line: Line) -> bool:
    text = line.text.strip()
    return bool(line.style.level) and _SHORTEST <= len(text) <= _LONGEST and label_of(text) is None


def _part(text: str, start: int, length: int) -> str:
    """``length`` characters of a text from the one numbered ``start``, white space not counted."""
    places = [at for at, character in enumerate(text) if not character.isspace()]
    return " ".join(text[places[start] : places[start + length - 1] + 1].split())


def _squashed(text: str) -> str:
    return "".join(text.split())
