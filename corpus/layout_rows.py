"""Rows of a page: what stands beside each other, from top to bottom."""

import re
from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar

from .page import Box, Line


class Placed(Protocol):
    """Anything with a place on a page."""

    @property
    def box(self) -> Box:
        """Left, top, right, bottom, in points."""
        ...


T = TypeVar("T", bound=Placed)

_OVERLAP = 0.5
"""Share of the lower one's height that two things in one row have in common."""

_LATIN_END = "\u2000"
_NO_SPACE = "-(/[+"
"""Latin characters that no space follows."""

_HYPHENATED = re.compile(r"[A-Za-z]-$")


def rows_of(things: Sequence[T]) -> list[list[T]]:
    """Things in rows from top to bottom, those in a row from left to right."""
    rows: list[list[T]] = []
    for thing in sorted(things, key=lambda thing: (thing.box[1] + thing.box[3], thing.box[0])):
        fitting = [row for row in rows[-3:] if overlap(row[0].box, thing.box) >= _OVERLAP]
        if fitting:
            fitting[-1].append(thing)
        else:
            rows.append([thing])
    for row in rows:
        row.sort(key=lambda thing: thing.box[0])
    return sorted(rows, key=lambda row: min(thing.box[1] for thing in row))


def overlap(first: Box, second: Box) -> float:
    """How much of the lower one's height two boxes have in common: 1 all, 0 and below nothing."""
    shared = min(first[3], second[3]) - max(first[1], second[1])
    return shared / max(0.1, min(first[3] - first[1], second[3] - second[1]))


def around(things: Sequence[Placed]) -> Box:
    """The box around several things."""
    boxes = [thing.box for thing in things]
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def merged(lines: Sequence[Line]) -> Line:
    """The pieces of one printed line, from left to right, as one line."""
    if len(lines) == 1:
        return lines[0]
    spread = all(len(line.text) == 1 for line in lines)
    text, bold = lines[0].text, lines[0].bold
    for line in lines[1:]:
        space = "" if spread else " "
        bold += len(space) + line.bold if bold == len(text) and line.bold else 0
        text += space + line.text
    return Line(text, around(lines), max(line.size for line in lines), bold)


def run_on(texts: Sequence[str]) -> str:
    """Printed lines as the text was before it was broken into them.

    Between Chinese characters nothing was there, between Latin words a space; a hyphen goes that
    was put in where a word was parted.
    """
    return "".join(text + between for text, between in _broken(texts))


def without_hyphens(texts: Sequence[str]) -> list[str]:
    """Printed lines without the hyphens that part words between them."""
    return [text for text, _ in _broken(texts)]


def _broken(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each line, without a hyphen that parts a word, and what was between it and the next."""
    for text, following in zip(texts, [*texts[1:], ""], strict=True):
        parted = following[:1].isascii() and following[:1].islower()
        if parted and _HYPHENATED.search(text):
            yield text[:-1], ""
        else:
            yield text, " " if _is_spaced(text[-1:], following[:1]) else ""


def _is_spaced(before: str, after: str) -> bool:
    """Whether a space was between two characters: words have one, numbers and signs have not."""
    if not after.isalnum() or max(before, after) >= _LATIN_END:
        return False
    return before not in _NO_SPACE and not (before.isdigit() and after.isdigit())
