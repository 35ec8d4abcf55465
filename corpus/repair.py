"""Paragraphs that columns, pages or hard line ends tore apart, put together again."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from .kinds import ends_sentence, is_short
from .numbering import Label, label_of
from .source import Block, join
from .words import crosses_word

_CONTINUES = re.compile(r"^[，。、；：！？”’）》】」』…％%]")
_PAIRS = {"“": "”", "《": "》", "（": "）", "(": ")", "「": "」", "『": "』", "【": "】", "‘": "’"}
_SURELY_TEXT = 60
_SHORTEST_PIECE = 20
"""Characters; a shorter line without an end is a list entry more often than a torn paragraph."""


_RAGGED = 4
"""Columns by which full lines of one width differ: no line begins with a closing mark."""

_LONGEST = 8000
"""Characters of a paragraph that still takes in another piece; real ones stay under a quarter."""

_ENOUGH_LINES = 8
_NARROWEST = 30
_WIDEST = 160
"""Columns between which a width may be one that text was wrapped at."""

_FILLED = 0.8
"""Share of full lines without room for another character, where a program wrapped them."""

_UNBROKEN = re.compile(r"[A-Za-z0-9.,%％+-]+|.[，。、；：！？”’）》】」』…％]*")


def is_torn(text: str) -> bool:
    """Whether a paragraph stops in mid sentence."""
    if ends_sentence(text):
        return False
    if is_open(text) or text[-1] in "，、,":
        return True
    return text[-1] not in "：:；;" and len(text) >= _SHORTEST_PIECE


def is_open(text: str) -> bool:
    """Whether a quotation, bracket or book title is left open."""
    last = max((text.rfind(mark), mark) for mark in _PAIRS)
    return last[0] >= 0 and text.count(last[1]) > text.count(_PAIRS[last[1]])


def is_rest(text: str) -> bool:
    """Whether a text begins as none does that is not the rest of another."""
    return bool(_CONTINUES.match(text))


def is_start(text: str, following: str) -> bool:
    """Whether a short line without an end is the torn start of the paragraph that follows.

    A caption may have a comma too, so that it takes more to tell: several, a sentence that ended
    before, an open quotation, or a break in mid word.
    """
    if any(mark in text for mark in "。！？；") or text.count("，") > 1 or is_open(text):
        return True
    return ends_sentence(following) and crosses_word(text, following)


def continues(first: Block, second: Block, *, indents: bool) -> bool:
    """Whether ``second`` is the rest of ``first``, which a break tore off."""
    whole = first.style.kind or second.style.kind or second.style.listed
    if whole or len(first.text) > _LONGEST:
        return False
    if is_rest(second.text):
        return not ends_sentence(first.text)
    label = label_of(second.text)
    if label and label.family == "point":
        return _is_next_point(first.text, label)
    if ends_sentence(first.text) or (indents and second.style.indented):
        return False
    if is_open(first.text) or first.text[-1] in "，、" or crosses_word(first.text, second.text):
        return True
    # Where neither ends, they are entries of a list without full stops.
    finished = ends_sentence(second.text) or len(second.text) > _SURELY_TEXT
    return label is None and is_torn(first.text) and finished


def _is_next_point(text: str, label: Label) -> bool:
    """Whether the break fell between two points of an enumeration: 一是…； | 二是…."""
    if label.number is None or not 1 < label.number < 10 or ends_sentence(text):
        return False
    return f"{'〇一二三四五六七八九'[label.number - 1]}是" in text


def uses_indents(blocks: Sequence[Block]) -> bool:
    """Whether paragraphs of the report begin with an indent, so that a torn piece shows by none."""
    long = [block for block in blocks if len(block.text) > 60]
    return sum(block.style.indented for block in long) > 0.3 * len(long)


_NUMBER_ALONE = re.compile(
    r"(?:第[一二三四五六七八九十百零〇\d]+(?:部分|[编篇卷章节])|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)])$"
)


def rejoin_numbers(blocks: Sequence[Block]) -> list[Block]:
    """Put a heading's number that stands on a line of its own (第一章) before its words again."""
    whole: list[Block] = []
    for block in blocks:
        before = whole[-1] if whole else None
        if before and _NUMBER_ALONE.match(before.text) and is_short(block):
            space = " " if before.text[0] == "第" else ""
            text = f"{before.text}{space}{block.text}"
            whole[-1] = replace(block, text=text, spans=before.spans + block.spans, gap=before.gap)
        else:
            whole.append(block)
    return whole


def unwrap(blocks: Sequence[Block]) -> list[Block]:
    """Join the lines of text that was wrapped at a fixed width.

    In such a text most lines that are not the last of their paragraph are equally wide.
    """
    wrapping = _wrapping(blocks)
    if wrapping is None:
        return list(blocks)
    indents = _marks_starts(blocks)
    whole: list[Block] = []
    line: Block | None = None
    for block in blocks:
        joins = line and wrapping.goes_on(line, block) and len(whole[-1].text) <= _LONGEST
        if joins and not _starts(whole[-1], block, indents=indents):
            whole[-1] = join(whole[-1], block)
        else:
            whole.append(block)
        line = block
    return whole


def _starts(before: Block, block: Block, *, indents: bool) -> bool:
    """Whether a line of wrapped text begins a paragraph although the line before it is full."""
    if indents or block.style.kind:
        return block.style.indented or bool(block.style.kind)
    return ends_sentence(before.text) and label_of(block.text) is not None


def _marks_starts(blocks: Sequence[Block]) -> bool:
    """Whether some lines are indented and some are not, so that an indent begins a paragraph."""
    return 0 < sum(block.style.indented for block in blocks) < 0.7 * len(blocks)


def columns(block: Block) -> int:
    """Display width of a line: Chinese characters take two columns, an indent four."""
    return _wide(block.text) + (4 if block.style.indented else 0)


def characters(block: Block) -> int:
    """Width of a line where every character counts one, an indent two."""
    return len(block.text) + (2 if block.style.indented else 0)


def _wide(text: str) -> int:
    return sum(1 if character.isascii() else 2 for character in text)


@dataclass(frozen=True, slots=True)
class _Wrapping:
    """How lines were wrapped: the width, what it counts, and whether each line was filled up.

    ``strict`` is whether lines break only where no more goes in, as programs wrap text. In text
    taken out of a page the same width holds more characters or fewer.
    """

    width: int
    measure: Callable[[Block], int]
    strict: bool

    def goes_on(self, line: Block, following: Block) -> bool:
        """Whether a line was broken for want of room, so that the next one is its rest."""
        if following.gap:
            return False
        width = self.measure(line)
        if self.strict and ends_sentence(line.text):
            return width + self._first(following.text) > self.width
        return width >= self.width - self._ragged

    def _first(self, text: str) -> int:
        """The width of what stands unbroken at the start of a line."""
        unbroken = _UNBROKEN.match(text)
        first = unbroken.group() if unbroken else text[:1]
        return _wide(first) if self.measure is columns else len(first)

    @property
    def _ragged(self) -> int:
        return _RAGGED if self.measure is columns else _RAGGED // 2


def _wrapping(blocks: Sequence[Block]) -> _Wrapping | None:
    """How the lines were wrapped; None if they were not."""
    # Wrapping by characters is the rarer: it must explain the lines better to be believed.
    ways = [_wrapping_by(blocks, measure) for measure in (columns, characters)]
    found = [way for way in ways if way is not None]
    return max(found, key=lambda way: way[0], default=(0, None))[1]


def _wrapping_by(
    blocks: Sequence[Block], measure: Callable[[Block], int]
) -> tuple[float, _Wrapping] | None:
    """The wrapping by one measure, with the share of lines that it explains."""
    scale = 1 if measure is columns else 2
    widths = [measure(block) for block in blocks]
    tight = [
        width
        for width, following in zip(widths, blocks[1:], strict=False)
        if following.gap == 0 and width * scale >= _NARROWEST
    ]
    if len(tight) < _ENOUGH_LINES:
        return None
    # Not the widest: a full stop may hang over the edge. But next to nothing is wider.
    usual = Counter(tight).most_common(1)[0][0]
    ragged = _RAGGED // scale
    full = [width for width in tight if width >= usual - ragged]
    beyond = sum(width > usual + ragged for width in widths)
    if len(full) < 0.5 * len(tight) or beyond > 0.02 * len(widths) or usual * scale > _WIDEST:
        return None
    filled = sum(width >= usual - 1 for width in full)
    strict = filled >= _FILLED * len(full)
    return len(full) / len(tight), _Wrapping(usual, measure, strict)
