"""How a quotation differs from what the report says, and whether a figure does."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rapidfuzz.distance import Levenshtein

from .figures import figures
from .folding import fold

Operation = Literal["equal", "insert", "delete", "replace"]

_TOKEN = re.compile(r"\d+(?:[.,，]\d+)*[%％‰]?|[A-Za-zＡ-Ｚａ-ｚ]+|.", re.DOTALL)
_NUMBER = re.compile(r"\d+(?:[.,，]\d+)*")
_SHORT = 2
"""Signs that are equal between two changes by chance; fewer are part of the change."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a quotation and of the report's text that stand for one another.

    ``equal`` says the same in both (width and script aside), ``insert`` stands in the quotation
    only, ``delete`` in the report only, and ``replace`` reads otherwise. ``figure`` is whether a
    figure is another in it.
    """

    operation: Operation
    quote: str
    report: str
    figure: bool = False


@dataclass(frozen=True, slots=True)
class _Token:
    """A number, a Latin word or a character: as it stands, from where, and folded."""

    text: str
    start: int
    key: str


def difference(quote: str, report: str) -> tuple[Piece, ...]:
    """The pieces that lead from a report's words to a quotation of them, in order.

    Numbers are compared as a whole: of 5.5% and 5.3% not the last digit alone.
    """
    said, found = _tokens(quote), _tokens(report)
    codes = Levenshtein.opcodes([t.key for t in found], [t.key for t in said])
    ranges = _merged([(c.tag, c.src_start, c.src_end, c.dest_start, c.dest_end) for c in codes])
    changed = _changed_figures(quote, report)
    pieces = []
    for operation, first, last, begin, end in ranges:
        theirs, ours = _range(found, first, last), _range(said, begin, end)
        figure = operation != "equal" and any(
            _overlap(*place) for place in ((theirs, changed[1]), (ours, changed[0]))
        )
        pieces.append(Piece(operation, quote[slice(*ours)], report[slice(*theirs)], figure))
    return tuple(pieces)


def figures_differ(pieces: Sequence[Piece]) -> bool:
    """Whether a figure of the quotation is not the report's, or is lacking on either side."""
    return any(piece.figure for piece in pieces)


def _tokens(text: str) -> list[_Token]:
    """The tokens of a text; what folding drops belongs to the token before it."""
    tokens: list[_Token] = []
    for match in _TOKEN.finditer(text):
        key = fold(match.group()).text
        if key:
            tokens.append(_Token(match.group(), match.start(), key))
        elif tokens:
            tokens[-1] = replace(tokens[-1], text=tokens[-1].text + match.group())
    return tokens


_Range = tuple[Operation, int, int, int, int]


def _merged(codes: Sequence[tuple[str, int, int, int, int]]) -> list[_Range]:
    """Changes that stand close together, made one: two words are easier read than four signs."""
    merged: list[_Range] = []
    for number, (tag, a, b, c, d) in enumerate(codes):
        inner = 0 < number < len(codes) - 1
        changed = tag != "equal" or (inner and b - a < _SHORT)
        if changed and merged and merged[-1][0] != "equal":
            _, first, _, begin, _ = merged[-1]
            merged[-1] = (_operation(first, b, begin, d), first, b, begin, d)
        else:
            merged.append((_operation(a, b, c, d) if changed else "equal", a, b, c, d))
    return merged


def _operation(a: int, b: int, c: int, d: int) -> Operation:
    if a == b:
        return "insert"
    return "delete" if c == d else "replace"


def _range(tokens: Sequence[_Token], first: int, last: int) -> tuple[int, int]:
    if first == last:
        return 0, 0
    end = tokens[last - 1]
    return tokens[first].start, end.start + len(end.text)


_Amount = tuple[object, ...]
_Placed = tuple[_Amount, int, int]


def _changed_figures(quote: str, report: str) -> tuple[list[_Placed], list[_Placed]]:
    """The figures of the quotation that the report lacks, and those that the quotation lacks."""
    ours, theirs = list(_amounts(quote)), list(_amounts(report))
    counted, wanted = Counter(one[0] for one in ours), Counter(one[0] for one in theirs)
    return (
        [one for one in ours if counted[one[0]] > wanted[one[0]]],
        [one for one in theirs if wanted[one[0]] > counted[one[0]]],
    )


def _amounts(text: str) -> Iterator[_Placed]:
    """Figures by what they amount to, however written, and the numbers that are no figures."""
    taken = []
    for one in figures(text):
        taken.append((one.start, one.end))
        # A year that is not written as a number (今年) is what it says.
        named = fold(text[one.start : one.end]).text if one.value is None else None
        when = one.iso or named
        amount = (one.base_value, one.base_upper, one.base_unit, one.bound, one.direction, when)
        yield amount, one.start, one.end
    for match in _NUMBER.finditer(text):
        if not any(start <= match.start() < end for start, end in taken):
            yield (fold(match.group()).text.replace(",", ""),), *match.span()


def _overlap(place: tuple[int, int], amounts: Sequence[_Placed]) -> bool:
    return any(start < place[1] and place[0] < end for _, start, end in amounts)
