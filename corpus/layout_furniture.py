"""Page furniture: running heads, running feet and page numbers.

They are found by what makes them so: the same words stand at the same place on several pages, at
the edge, set off from the text; numbers count the pages.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from .layout_rows import around, rows_of
from .page import Line, Page

_ZONE = 0.15
"""Share of a page's height, at the top and at the bottom, in which furniture stands."""

_MOST_ROWS = 3
_NEAR = 4.0
"""Points by which the place differs from page to page; twice as much where it was recognised."""

_SAME_SIZE = 0.1
_SET_OFF, _LEAST_WHITE = 1.3, 0.3
"""White between furniture and text: in that between two lines, and beyond it in the type's size."""

_OFTEN = 0.4
"""Share of the pages on which a row need not be set off from the text."""

_EVERYWHERE, _ENOUGH_PAGES = 0.5, 3
"""Share and number of the pages on which a line at the very same place belongs to no text."""

_STILL = 2.0
"""Points within which a place is the very same."""

_NUMBER = re.compile(
    r"(?P<bare>\d{1,4}|[ivxlc]{1,7})"
    r"|[-–—─―·•.~～*\s]+(?:\d{1,4}|[ivxlc]{1,7})[-–—─―·•.~～*\s]+"
    r"|第?\s*(?:\d{1,4}|[一二三四五六七八九十百〇○零]+)\s*页\s*[/／,，]?\s*(?:[（(]?共?\s*(?:\d+|[一二三四五六七八九十百]+)\s*页[）)]?)?"
    r"|(?:page\s*)?\d{1,4}\s*(?:[/／]|of)\s*\d{1,4}(?:\s*页)?|page\s*\d{1,4}|p\.?\s*\d{1,4}",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class _Edge:
    """A row near the top or the bottom of a page, counted from the edge.

    ``place`` is the distance of its middle from that edge; ``white`` what is between it and the
    next row inwards.
    """

    page: int
    top: bool
    lines: tuple[Line, ...]
    text: str
    place: float
    size: float
    white: float
    near: float

    def is_at(self, other: "_Edge") -> bool:
        """Whether it stands where another row stands on its page, in the same size."""
        alike = abs(self.size - other.size) <= _SAME_SIZE * self.size
        near = max(self.near, other.near)
        return self.top == other.top and alike and abs(self.place - other.place) <= near


def find_furniture(
    pages: Sequence[Page], held: Sequence[Collection[Line]]
) -> list[tuple[Line, ...]]:
    """The lines of each page that are furniture; ``held`` are those of its tables, which are none.

    Lines are told apart by identity: two may be alike in all else.
    """
    texts = [_without(page.lines, lines) for page, lines in zip(pages, held, strict=True)]
    everywhere = _everywhere(texts, len(pages))
    fixed = [[line for line in text if _stamp(line) in everywhere] for text in texts]
    usual = _usual_white(texts)
    edges = [
        edge
        for index, (page, text) in enumerate(zip(pages, texts, strict=True))
        for edge in _edges(index, page, _without(text, fixed[index]))
    ]
    chosen = _repeated(edges, len(pages), usual) | _numbers(edges, usual)
    chosen |= _at_known_places(edges, chosen, usual)
    for edge in _outermost(edges, chosen):
        fixed[edge.page].extend(edge.lines)
    return [tuple(lines) for lines in fixed]


def _without(lines: Iterable[Line], left_out: Collection[Line]) -> list[Line]:
    identities = set(map(id, left_out))
    return [line for line in lines if id(line) not in identities]


def _stamp(line: Line) -> tuple[str, int, int]:
    return line.text, round(line.box[0] / _STILL), round(line.box[1] / _STILL)


def _everywhere(texts: Sequence[Sequence[Line]], pages: int) -> set[tuple[str, int, int]]:
    """What stands at the very same place on most pages: watermarks, tabs at the side."""
    counts = Counter(stamp for text in texts for stamp in {_stamp(line) for line in text})
    least = max(_ENOUGH_PAGES, _EVERYWHERE * pages)
    return {stamp for stamp, count in counts.items() if count >= least}


def _edges(index: int, page: Page, lines: Sequence[Line]) -> Iterator[_Edge]:
    """The rows of a page that may be furniture, from each edge inwards."""
    rows = rows_of(lines)
    near = _NEAR * (2 if page.recognised else 1)
    for top in (True, False):
        inwards = rows if top else rows[::-1]
        for row, following in zip(inwards[:_MOST_ROWS], [*inwards[1:], None], strict=False):
            box = around(row)
            middle = (box[1] + box[3]) / 2
            place = middle if top else page.height - middle
            if place > _ZONE * page.height:
                break
            white = page.height
            if following is not None:
                other = around(following)
                white = other[1] - box[3] if top else box[1] - other[3]
            size = max(line.size for line in row)
            yield _Edge(index, top, tuple(row), _key(row), place, size, white, near)


def _key(row: Sequence[Line]) -> str:
    """The words of a row, alike for all numbers."""
    text = unicodedata.normalize("NFKC", " ".join(line.text for line in row)).strip()
    return "#" if _NUMBER.fullmatch(text) else _DIGITS.sub("#", "".join(text.split()))


def _usual_white(texts: Sequence[Sequence[Line]]) -> float:
    """The white between two lines of text."""
    whites = [
        lower.box[1] - upper.box[3]
        for text in texts
        for upper, lower in pairwise(row[0] for row in rows_of(text))
        if abs(upper.size - lower.size) <= _SAME_SIZE * upper.size
    ]
    return median(whites) if whites else 0.0


def _is_set_off(edge: _Edge, usual: float) -> bool:
    return edge.white > max(_SET_OFF * usual, usual + _LEAST_WHITE * edge.size)


def _repeated(edges: Sequence[_Edge], pages: int, usual: float) -> set[int]:
    """Positions of rows whose words stand at the same place on other pages."""
    alike: dict[tuple[bool, str], list[int]] = defaultdict(list)
    for position, edge in enumerate(edges):
        alike[edge.top, edge.text].append(position)
    found: set[int] = set()
    for positions in alike.values():
        for place in _places(edges, positions):
            often = len(place) >= max(2, _OFTEN * pages)
            found.update(p for p in place if often or _is_set_off(edges[p], usual))
    return found


def _places(edges: Sequence[_Edge], positions: Sequence[int]) -> list[list[int]]:
    """Positions by the places where rows stand, places that at least two rows share."""
    places: list[list[int]] = []
    for position in sorted(positions, key=lambda position: edges[position].place):
        here = [place for place in places if edges[place[-1]].is_at(edges[position])]
        if here:
            here[-1].append(position)
        else:
            places.append([position])
    return [place for place in places if len(place) > 1]


def _numbers(edges: Sequence[_Edge], usual: float) -> set[int]:
    """Positions of numbers of pages that are alone of their form."""
    found = set()
    for position, edge in enumerate(edges):
        text = unicodedata.normalize("NFKC", " ".join(line.text for line in edge.lines)).strip()
        match = _NUMBER.fullmatch(text)
        if match and _is_set_off(edge, usual):
            bare = match["bare"]
            if bare is None or (not edge.top and bare == str(edge.page + 1)):
                found.add(position)
    return found


def _at_known_places(edges: Sequence[_Edge], found: Collection[int], usual: float) -> set[int]:
    """Positions of rows where other pages have furniture: heads that change with the chapter."""
    places = {
        (edge.top, round(edge.place), round(edge.size)): edge
        for edge in (edges[position] for position in found)
    }
    counts = Counter(
        key for key, known in places.items() for position in found if edges[position].is_at(known)
    )
    known = [places[key] for key, count in counts.items() if count >= _ENOUGH_PAGES]
    return {
        position
        for position, edge in enumerate(edges)
        if _is_set_off(edge, usual) and any(edge.is_at(other) for other in known)
    }


def _outermost(edges: Sequence[_Edge], found: Collection[int]) -> Iterator[_Edge]:
    """The rows found, as long as nothing else stands further out."""
    inside: set[tuple[int, bool]] = set()
    for position, edge in enumerate(edges):
        if position not in found:
            inside.add((edge.page, edge.top))
        elif (edge.page, edge.top) not in inside:
            yield edge
