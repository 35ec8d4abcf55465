"""Paragraphs from printed lines: which line begins one, and which goes on over a break.

What tells them is how type is set: the first line is indented, or set off; the last one stops
short of the edge, though there was room for more. Where neither can be seen, words decide.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from unicodedata import east_asian_width

from .kinds import ends_sentence
from .layout_rooms import Room
from .layout_rows import run_on
from .numbering import label_of
from .page import Box, Line, Page
from .source import Style

_SAME_SIZE = 0.07
_RAISED_SIZE = 0.75
"""The largest mark of a note, in the size of the text."""

_INDENT = 0.8
"""How far behind the edge a line begins that is indented; this and below, in the size of type."""

_USUAL_INDENT, _WIDEST_INDENT = 2.0, 4.5
_CENTRED = 1.0
"""How far off the middle a centred line is."""

_MARGIN = 1.5
"""White on both sides of a centred line."""

_TOLERANCE = 0.3
"""Room that a line leaves although what follows would have fitted: widths are estimates."""

_LATIN, _WIDEST_LATIN = 0.55, 0.75
"""Width of Latin characters, and of those of wide fonts."""

_SET_OFF = 1.3
_FAR_OFF = 1.9
"""Distance of baselines, in the usual one, where a paragraph begins; where one does for certain."""

_SPARSE = 0.5
"""Share of paragraphs that begin with an indent, where indents are what begins them."""

_LEADER = re.compile(r"(?:[.·•．‥…⋯]\s?){3,}\s*[（(]?\d{1,4}[）)]?$")
_MARK = re.compile(r"\d{1,2}|[⁰¹²³⁴-⁹]{1,2}|[①-⑳]|[\[［〔]\d{1,2}[\]］〕]")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_BULLET = re.compile(r"[●○■□◆◇▲△►▶➢➤★☆※•·✓√]\s?\S")
_UNBROKEN = r"(?:[A-Za-z0-9.,:/%％‰+\-]+|[^“”‘’])"
_CLOSING = "，。、；：！？”’）)》〉】〕」』…％%"
# No line breaks on either side of quotation marks (class QU of UAX #14), in most programs.
_FIRST_UNIT = re.compile(
    rf"[“‘（(《〈【〔「『]*{_UNBROKEN}(?:[{_CLOSING}]*[“”‘’]{_UNBROKEN}?)*[{_CLOSING}]*[0-9.]*"
)
_OPEN, _CLOSED = re.compile(r"[（(][^（()）]*$"), re.compile(r"[^（()）]*[）)]")
_CAPTION = re.compile(r"[（(]?(?:图|表|照片|附图|▲|△|▼|◀|▶)")


@dataclass(frozen=True, slots=True)
class Row:
    """A printed line in its column.

    ``above`` is the distance from the baseline above, None for the first line of a column and
    below a picture or table. ``picture`` is the picture that it stands directly under.
    """

    line: Line
    page: Page
    room: Room
    above: float | None = None
    picture: Box | None = None

    @property
    def text(self) -> str:
        """The words of the line."""
        return self.line.text

    @property
    def indent(self) -> float:
        """How far behind the left edge it begins, in its size."""
        return (self.line.box[0] - self.room.left) / self.line.size

    @property
    def white(self) -> float:
        """The room that it leaves to its right, in its size."""
        return (self.room.right - self.line.box[2]) / self.line.size


@dataclass(slots=True)
class Set:
    """A paragraph as it is set on the page: its lines, and whether it is the words of a picture."""

    rows: list[Row]
    caption: bool = False

    @property
    def last(self) -> Row:
        """The last line so far."""
        return self.rows[-1]

    def add(self, row: Row) -> None:
        """Go on with a line; the mark of a note is raised, for 5.² is not 5.2."""
        if _is_mark(self.last, row):
            row = replace(row, line=replace(row.line, text=row.text.translate(_RAISED)))
        self.rows.append(row)


@dataclass(frozen=True, slots=True)
class Setting:
    """How a report is set: the size of its text, and whether paragraphs begin with an indent.

    ``bold`` is whether most of it is, so that bold type means nothing.
    """

    size: float
    indents: bool
    bold: bool

    def is_centred(self, row: Row) -> bool:
        """Whether a line is set in the middle of its column."""
        line, size = row.line, row.line.size
        off = abs((line.box[0] + line.box[2]) / 2 - row.room.middle)
        if off > _CENTRED * size or min(row.indent, row.white) < _MARGIN:
            return False
        # A line that begins a paragraph may leave as much white at its end by chance.
        larger = size > self.size * (1 + _SAME_SIZE)
        return larger or not (self.indents and abs(row.indent - _USUAL_INDENT) < _TOLERANCE)

    def is_smaller(self, row: Row) -> bool:
        """Whether a line is set in smaller type than the text."""
        return row.line.size < self.size * (1 - _SAME_SIZE)

    def is_caption(self, row: Row) -> bool:
        """Whether the first line of a paragraph shows that it is the words of a picture."""
        if row.picture is None:
            return False
        return self.is_smaller(row) or self.is_centred(row) or bool(_CAPTION.match(row.text))

    def goes_on(self, paragraph: Set, row: Row) -> bool:
        """Whether a paragraph goes on with the next line of its column."""
        last = paragraph.last
        if row.above is None:
            return False
        if _is_mark(last, row):
            return True
        if not _is_like(last, row) or _begins_entry(last, row):
            return False
        if paragraph.caption:
            return row.above <= _SET_OFF * row.room.leading
        if self.is_centred(last) or self.is_centred(row):
            return self._goes_on_centred(last, row)
        ends = is_short(last, row) and not _closes_bracket(last, row)
        begins = ends or _is_indented(paragraph, row)
        return not begins and self._is_below(last, row, row.above)

    def _is_below(self, last: Row, row: Row, above: float) -> bool:
        """Whether a line is so near to the one above that no paragraph begins with it."""
        if self.indents:
            return above <= _FAR_OFF * row.room.leading
        return above <= _SET_OFF * row.room.leading and not _is_next_item(last, row)

    def _goes_on_centred(self, last: Row, row: Row) -> bool:
        if not self.is_centred(row) or not (self.is_centred(last) or self._is_filled(last)):
            return False
        white = row.room.right - row.room.left - (last.line.box[2] - last.line.box[0])
        return white <= _first_width(row) + _TOLERANCE * row.line.size

    def _is_filled(self, row: Row) -> bool:
        """Whether a line takes all its room, so that it may be centred like the next."""
        begins = self.indents and row.indent < _INDENT
        return (begins or row.line.size > self.size * (1 + _SAME_SIZE)) and not ends_sentence(
            row.text
        )

    def resumes(self, paragraph: Set, row: Row, *, beyond: bool) -> bool:
        """Whether a paragraph goes on with a line in another column, or beyond a picture or note.

        ``beyond`` is whether a picture or table stands between them.
        """
        last = paragraph.last
        if _is_mark(last, row):
            return True
        if not _is_like(last, row) or _begins_entry(last, row) or is_short(last, row):
            return False
        if row.indent >= _INDENT or self.is_centred(row) or self.is_centred(last):
            return False
        if _is_next_item(last, row) or _CAPTION.match(row.text):
            return False
        heading = row.line.bold >= len(row.text) and not last.line.bold and not self.bold
        ended = ends_sentence(last.text) and beyond and not self.indents
        return not heading and not ended


def measure_setting(columns: Sequence[Sequence[Row]], *, size: float) -> Setting:
    """How the columns of a report are set."""
    rows = [row for column in columns for row in column]
    plain = Setting(size, indents=False, bold=False)
    begins = [
        row
        for column in columns
        for last, row in pairwise(column)
        if row.above is not None
        and is_short(last, row)
        and not plain.is_centred(row)
        and abs(row.line.size - size) <= _SAME_SIZE * size
    ]
    indented = sum(_INDENT <= row.indent <= _WIDEST_INDENT for row in begins)
    bold = sum(row.line.bold for row in rows)
    return Setting(
        size,
        indents=indented > _SPARSE * len(begins),
        bold=bold > sum(len(row.text) for row in rows) / 2,
    )


def is_short(row: Row, following: Row) -> bool:
    """Whether a line stops although the beginning of the next would have fitted."""
    return row.white * row.line.size > _first_width(following) + _TOLERANCE * row.line.size


def style_of(paragraph: Set, setting: Setting) -> Style:
    """The style of a paragraph as the structure of reports is read from it."""
    first = paragraph.rows[0]
    sizes = Counter[float]()
    for row in paragraph.rows:
        sizes[row.line.size] += len(row.text)
    return Style(
        bold=0 if setting.bold else _leading_bold(paragraph.rows),
        centred=all(map(setting.is_centred, paragraph.rows)),
        indented=first.indent >= _INDENT and not setting.is_centred(first),
        size=sizes.most_common(1)[0][0],
        figure=first.picture is not None,
        kind="caption" if paragraph.caption else None,
    )


def gap_above(row: Row) -> int:
    """How many lines the white above a line would hold."""
    return max(0, round(row.above / row.room.leading) - 1) if row.above is not None else 0


def _leading_bold(rows: Sequence[Row]) -> int:
    """How many characters at the start of a paragraph are bold."""
    text = ""
    for row in rows:
        before, text = text, run_on([text, row.text]) if text else row.text
        if row.line.bold < len(row.text):
            return len(text) - len(row.text) + row.line.bold if row.line.bold else len(before)
    return len(text)


def _is_like(last: Row, row: Row) -> bool:
    """Whether two lines are of one size."""
    return abs(last.line.size - row.line.size) <= _SAME_SIZE * max(last.line.size, row.line.size)


def _is_mark(last: Row, row: Row) -> bool:
    """Whether a line is but the mark of a note, for which the line above had no room."""
    return row.line.size <= _RAISED_SIZE * last.line.size and bool(_MARK.fullmatch(row.text))


def _begins_entry(last: Row, row: Row) -> bool:
    """Whether a line begins an entry of a list or of contents, or the one before ends one."""
    return bool(_BULLET.match(row.text) or _LEADER.search(last.text))


def _closes_bracket(last: Row, row: Row) -> bool:
    """Whether a line closes the bracket that the line above leaves open."""
    return bool(_OPEN.search(last.text) and _CLOSED.match(row.text))


def _is_next_item(last: Row, row: Row) -> bool:
    label = label_of(row.text)
    counts = label is not None and label.family not in {"point", "dash"}
    return counts and ends_sentence(last.text)


def _is_indented(paragraph: Set, row: Row) -> bool:
    """Whether a line is indented as the first of a paragraph, and not to hang below its number."""
    if row.indent < _INDENT:
        return False
    first, last, size = paragraph.rows[0], paragraph.last, row.line.size
    left = row.line.box[0]
    if last is not first:
        return left > last.line.box[0] + _TOLERANCE * size
    label = label_of(first.text)
    if label is None:
        return True
    below = first.line.box[0] + _width(first.text[: label.end]) * size
    return abs(left - below) > _INDENT * size


def _first_width(row: Row) -> float:
    """The width of what cannot be broken at the start of a line, in points."""
    match = _FIRST_UNIT.match(row.text)
    unit = match.group() if match else row.text[:1]
    latin = sum(_width(character) < 1 for character in row.text)
    if not latin:
        return _width(unit) * row.line.size
    left, _, right, _ = row.line.box
    wide = len(row.text) - latin
    measured = ((right - left) / row.line.size - wide) / latin
    return _width(unit, min(max(measured, _LATIN), _WIDEST_LATIN)) * row.line.size


def _width(text: str, latin: float = _LATIN) -> float:
    return sum(1 if east_asian_width(character) in "AFW" else latin for character in text)
