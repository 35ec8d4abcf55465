"""Notes at the foot of a page, and the paragraphs that they are."""

import re
from collections.abc import Sequence

from .layout_columns import read_columns
from .layout_rows import merged
from .page import Line, Page

_SMALL = 0.93
"""Size of notes at most, in that of the text."""

_LOWER = 0.4
"""Share of the page's height below which notes begin."""

_SHORT_RULE = 0.5
"""Length of the rule above notes at most, in the width of the page."""

_NEAR = 3.0
"""White between a rule and the notes, or a picture and its words, in the size of the type."""

_MARK = re.compile(
    r"[①-⑳❶-❿⑴-⒇]|[¹²³⁴⁵⁶⁷⁸⁹⁰]+|\d{1,2}(?=[\s.、．）)一-鿿“《])|[\[［〔【（(]\d{1,2}[\]］〕】）)]"
    r"|[*＊※†‡]|(?:注|注释|备注|说明|资料来源|数据来源)\s*\d*[:：]|作者简介|基金项目|收稿日期"
)


def find_notes(page: Page, flow: Sequence[Line], size: float) -> list[Line]:
    """The lines of notes: small type below a mark or a short rule, with no other type below it.

    On a page of columns, each may have notes of its own. ``size`` is that of the text.
    """
    small = {id(line) for line in flow if line.size <= _SMALL * size}
    found: dict[int, Line] = {}
    for line in flow:
        if id(line) in small and _begins_notes(page, line):
            below = [other for other in flow if _is_below(other, line)]
            if all(id(other) in small for other in below):
                found.update((id(other), other) for other in (line, *below))
    return list(found.values())


def _begins_notes(page: Page, line: Line) -> bool:
    left, top, right, bottom = line.box
    if top < _LOWER * page.height:
        return False
    reach = top - _NEAR * line.size
    if any(reach <= box[3] <= bottom and box[0] < right and left < box[2] for box in page.pictures):
        return False
    ruled = any(
        reach <= rule[1] and rule[3] <= top + 1 and left - line.size <= rule[0] <= right
        for rule in page.rules
        if rule[2] - rule[0] < _SHORT_RULE * page.width
    )
    return ruled or bool(_MARK.match(line.text))


def _is_below(line: Line, other: Line) -> bool:
    beside = line.box[0] < other.box[2] and other.box[0] < line.box[2]
    return beside and line is not other and line.box[3] > other.box[3]


def part_notes(lines: Sequence[Line], gutters: Sequence[float]) -> list[list[Line]]:
    """The lines of notes, note by note; each begins with its mark."""
    notes: list[list[Line]] = []
    if not lines:
        return notes
    size = max(line.size for line in lines)
    for column in read_columns(lines, size=size, gutters=gutters):
        for number, row in enumerate(column):
            line = merged([piece for piece in row if isinstance(piece, Line)])
            if number == 0 or _MARK.match(line.text):
                notes.append([line])
            else:
                notes[-1].append(line)
    return notes
