"""Columns: in which order the things on a page are read.

A page is a stack of bands; in a band, white gutters part columns (a recursive cut, after Nagy's
X-Y tree). Gutters count only if text flows on both sides of them, for the white in a list or in a
table without rules parts what belongs together.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .layout_rows import around, rows_of
from .layout_tables import Table
from .page import Box, Line

_NARROWEST_GUTTER = 0.6
"""Width of a gutter, in the size of the text."""

_HANGING = 0.5
"""How far punctuation hangs into a gutter, in its size: half of its box is white."""

_CLOSING = "，。、；：！？”’）》】」』…,.;:!?)"

_NARROWEST_COLUMN = 5.0
"""Width of a column, in the size of the text."""

_FEWEST_LINES = 3
_SURE_LINES = 8
"""Lines in a column of a page that shows where the gutters of the other pages are."""

_EDGE = 1.5
"""How far from the column's edge a line ends that fills it, in the size of the text."""

_FULL = 0.35
"""Share of a column's lines that fill it, if its text flows."""

_KNOWN = 6.0
"""Points that a gutter is off where it stands on other pages."""

_INSET = 0.2
"""Share of its height by which a line may reach into the next one."""

_APART = 1.0
"""White above what stands below the columns, in the size of the text."""

_LARGER = 1.08
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture on a page."""

    box: Box


Thing = Line | Table | Picture


def read_columns(
    things: Sequence[Thing], *, size: float, gutters: Sequence[float] = ()
) -> list[list[list[Thing]]]:
    """Things in reading order: columns, and in each of them rows from top to bottom.

    ``size`` is that of the text. ``gutters`` are where other pages of the file have some, so that
    here a few lines on both sides are enough.
    """
    return [_rows(column) for column in _cut(things, size, gutters, 0)]


def _rows(column: Sequence[Thing]) -> list[list[Thing]]:
    """Pieces of text on one baseline are a row; several lines may stand beside a picture."""
    lines: list[list[Thing]] = [
        [*row] for row in rows_of([x for x in column if isinstance(x, Line)])
    ]
    others: list[list[Thing]] = [[thing] for thing in column if not isinstance(thing, Line)]
    return sorted(lines + others, key=lambda row: min(thing.box[1] for thing in row))


def find_gutters(things: Sequence[Thing], *, size: float) -> list[float]:
    """The middles of the gutters of a page that has text enough on both sides of them."""
    return [
        (left + right) / 2
        for band in _bands(_stacked(things), size, ())
        for left, right in _gutters(_flat(band), size, (), fewest=_SURE_LINES)
    ]


def _cut(
    things: Sequence[Thing], size: float, known: Sequence[float], depth: int
) -> Iterator[list[Thing]]:
    """The columns of a region, those of a band in it from left to right."""
    rows = _stacked(things)
    plain: list[Thing] = []
    while rows:
        band = next(_bands(rows, size, known))
        gutters = _gutters(_flat(band), size, known) if depth < _DEEPEST else []
        if not gutters:
            plain += _flat(band)
            rows = rows[len(band) :]
            continue
        if len(band) < len(rows):
            band = _without_what_follows(band, gutters, size)
        headline = _headline(band, gutters, size)
        plain += _flat(band[:headline])
        if plain:
            yield plain
            plain = []
        for column in _parted(_flat(band[headline:]), gutters):
            yield from _cut(column, size, (), depth + 1)
        rows = rows[len(band) :]
    if plain:
        yield plain


def _flat(rows: Sequence[Sequence[Thing]]) -> list[Thing]:
    return [thing for row in rows for thing in row]


def _stacked(things: Sequence[Thing]) -> list[list[Thing]]:
    """Things in rows that white parts across the whole width."""
    rows: list[list[Thing]] = []
    end = 0.0
    for thing in sorted(things, key=lambda thing: thing.box[1]):
        _, top, _, bottom = thing.box
        inset = _INSET * (bottom - top)
        if rows and top + inset < end:
            rows[-1].append(thing)
        else:
            rows.append([thing])
            end = 0.0
        end = max(end, bottom - inset)
    return rows


def _bands(
    rows: Sequence[list[Thing]], size: float, known: Sequence[float]
) -> Iterator[list[list[Thing]]]:
    """Rows from top to bottom as long as the same white parts them, or as long as none does.

    White that is ``known`` as a gutter is the same only as long as it reaches there.
    """
    band: list[list[Thing]] = []
    covered: list[tuple[float, float]] = []
    for row in rows:
        alone = _covered(row)
        both = _union([*covered, *alone])
        apart = [*_gaps(covered, size), *_gaps(alone, size)]
        left = _gaps(both, size)
        if any(_is_known(gap, known) for gap in apart):
            left = [gap for gap in left if _is_known(gap, known)]
        if band and apart and not left:
            yield band
            band, both = [], alone
        band.append(row)
        covered = both
    if band:
        yield band


def _covered(things: Sequence[Thing]) -> list[tuple[float, float]]:
    """From where to where there is something, without the white of punctuation at line ends."""
    return _union([(thing.box[0], _end(thing)) for thing in things])


def _end(thing: Thing) -> float:
    hangs = isinstance(thing, Line) and thing.text[-1] in _CLOSING
    hanging = _HANGING * thing.size if hangs and isinstance(thing, Line) else 0
    return max(thing.box[0], thing.box[2] - hanging)


def _union(intervals: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    for left, right in sorted(intervals):
        if found and left <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], right))
        else:
            found.append((left, right))
    return found


def _gaps(covered: Sequence[tuple[float, float]], size: float) -> list[tuple[float, float]]:
    return [
        (left, right)
        for (_, left), (right, _) in pairwise(covered)
        if right - left >= _NARROWEST_GUTTER * size
    ]


def _gutters(
    things: Sequence[Thing],
    size: float,
    known: Sequence[float],
    fewest: int = _FEWEST_LINES,
) -> list[tuple[float, float]]:
    """The gaps in a band that part columns: text flows on both sides."""
    gaps = _gaps(_covered(things), size)
    while gaps:
        flows = [
            _flows(column, size, fewest) or _has_picture(column) for column in _parted(things, gaps)
        ]
        wrong = [
            gap
            for gap, sides in zip(gaps, pairwise(flows), strict=True)
            if not all(sides) and not _is_known(gap, known)
        ]
        if not wrong:
            break
        gaps.remove(min(wrong, key=lambda gap: gap[1] - gap[0]))
    return gaps


def _is_known(gap: tuple[float, float], known: Sequence[float]) -> bool:
    return any(gap[0] - _KNOWN <= place <= gap[1] + _KNOWN for place in known)


def _parted(things: Sequence[Thing], gutters: Sequence[tuple[float, float]]) -> list[list[Thing]]:
    columns: list[list[Thing]] = [[] for _ in range(len(gutters) + 1)]
    for thing in things:
        columns[sum(2 * thing.box[0] > left + right for left, right in gutters)].append(thing)
    return columns


def _has_picture(things: Sequence[Thing]) -> bool:
    return any(isinstance(thing, Picture) for thing in things)


def _flows(things: Sequence[Thing], size: float, fewest: int) -> bool:
    """Whether these are lines of a text that was broken to fill a column."""
    left, _, right, _ = around(things)
    rows = rows_of([thing for thing in things if isinstance(thing, Line)])
    full = sum(row[-1].box[2] >= right - _EDGE * size for row in rows)
    enough = len(rows) >= fewest or any(isinstance(thing, Table) for thing in things)
    return enough and right - left >= _NARROWEST_COLUMN * size and full >= _FULL * len(rows)


def _headline(
    band: Sequence[list[Thing]], gutters: Sequence[tuple[float, float]], size: float
) -> int:
    """How many rows at the top of a band head all of its columns.

    A headline in the middle of three columns may be so short that it closes no gutter.
    """
    alone = next((n for n, row in enumerate(band) if sum(map(bool, _parted(row, gutters))) > 1), 0)
    first = band[0][0]
    return alone if isinstance(first, Line) and first.size > _LARGER * size else 0


def _without_what_follows(
    band: Sequence[list[Thing]], gutters: Sequence[tuple[float, float]], size: float
) -> list[list[Thing]]:
    """The band without the rows at its end that belong to what stands below all columns.

    A short heading of the text below stands under the first column as if it were its end.
    """
    last = max(
        (n for n, row in enumerate(band) if sum(map(bool, _parted(row, gutters))) > 1),
        default=len(band) - 1,
    )
    for number in range(last + 1, len(band)):
        above, below = around(_flat(band[:number])), around(band[number])
        heads = any(
            isinstance(thing, Line)
            and (thing.size > _LARGER * size or thing.bold >= len(thing.text))
            for thing in band[number]
        )
        if heads or below[1] - above[3] > _APART * size:
            return list(band[:number])
    return list(band)
