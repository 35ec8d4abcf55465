"""Paragraphs that columns, pages or hard line ends tore apart, put together again."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

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
_WIDEST = 160


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
    width = _wrap_width(blocks)
    if width is None:
        return list(blocks)
    indents = _marks_starts(blocks)
    whole: list[Block] = []
    full = False
    for block in blocks:
        joins = full and block.gap == 0 and len(whole[-1].text) <= _LONGEST
        if joins and not _starts(whole[-1], block, indents=indents):
            whole[-1] = join(whole[-1], block)
        else:
            whole.append(block)
        full = columns(block) >= width - _RAGGED
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
    wide = sum(1 if character.isascii() else 2 for character in block.text)
    return wide + (4 if block.style.indented else 0)


def _wrap_width(blocks: Sequence[Block]) -> int | None:
    """The width at which lines were wrapped; None if they were not."""
    widths = [columns(block) for block in blocks]
    tight = [
        width
        for width, following in zip(widths, blocks[1:], strict=False)
        if following.gap == 0 and width >= 30
    ]
    if len(tight) < _ENOUGH_LINES:
        return None
    # Not the widest: a full stop may hang over the edge. But next to nothing is wider.
    usual = Counter(tight).most_common(1)[0][0]
    full = sum(width >= usual - _RAGGED for width in tight)
    beyond = sum(width > usual + _RAGGED for width in widths)
    wrapped = full >= 0.5 * len(tight) and beyond <= 0.02 * len(widths)
    return usual if wrapped and usual <= _WIDEST else None
