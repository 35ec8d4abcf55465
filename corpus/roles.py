"""What each block is: a heading, a caption, a byline, or text of the report."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from .front import Front
from .headings import (
    body_size,
    looks_like_heading,
    numbered_heading,
    shape,
    stands_out,
    styled_heading,
)
from .kinds import ends_sentence, is_short, kind_of_line
from .numbering import Label
from .repair import is_open, is_rest, is_start
from .source import Block
from .types import Kind
from .words import crosses_word

Role = Kind | Literal["heading"]
"""What a block is."""

_LONG = 30
"""Characters of a block that is text for certain, whatever it ends with."""

_LONGEST_CAPTION = 70
_ENOUGH = 3
_SPREAD = 4
"""Headings without a common shape: so many of them, within so many characters of one length."""

_WIDE = 2
"""Blank lines beyond the usual where a picture was taken out of a plain text."""


@dataclass(frozen=True, slots=True)
class _Report:
    """What a block is compared with: its neighbours, and how the report is set as a whole.

    The headings of one report are alike, and a caption among them is not: ``shapes`` are the
    shapes that at least two short lines share; ``lengths`` are those of most lines between
    paragraphs, where there is no such shape. ``gap`` is the usual number of blank lines.
    ``end`` is the position of the last paragraph: only short lines and bylines follow it.
    """

    blocks: Sequence[Block]
    sees_pictures: bool
    shapes: frozenset[str]
    lengths: range
    styled: bool
    size: float | None
    gap: int
    end: int


@dataclass(frozen=True, slots=True)
class Item:
    """A heading that stands alone, or a paragraph: a block and its role."""

    block: Block
    role: Role


def assign_roles(blocks: Sequence[Block], front: Front, *, sees_pictures: bool) -> list[Role]:
    """The role of every block, in order; the title and subtitle get none of their own."""
    start = max([-1, *front.title, *front.subtitle, *front.roles]) + 1
    text = blocks[start:]
    gap = _usual_gap(text)
    report = _Report(
        blocks,
        sees_pictures,
        _usual_shapes(text, gap),
        _usual_lengths(_lone_lines(text, gap)),
        any(map(styled_heading, text)),
        body_size(blocks),
        gap,
        _last_paragraph(blocks),
    )
    roles: list[Role] = [front.roles.get(position, "body") for position in range(start)]
    before: Block | None = None
    for position in range(start, len(blocks)):
        role = _role(report, position, before)
        roles.append(role)
        if role in {"body", "heading"}:
            before = blocks[position] if role == "body" else None
    _drop_lists(blocks, roles)
    return roles


def _role(report: _Report, position: int, before: Block | None) -> Role:
    """The role of a block; ``before`` is the last paragraph under the same heading."""
    block = report.blocks[position]
    certain = _certain_role(block)
    if certain is not None:
        return certain
    if not is_short(block):
        return "caption" if before and _is_sentence_caption(report, block, before) else "body"
    if position >= report.end:
        return _closing_line(report, position)
    return _short_line(report, position, before)


def _certain_role(block: Block) -> Role | None:
    """What the block alone tells, without its neighbours."""
    if block.style.kind:
        return block.style.kind
    if styled_heading(block):
        return "heading"
    return kind_of_line(block.text) or ("heading" if numbered_heading(block) else None)


def _short_line(report: _Report, position: int, before: Block | None) -> Role:
    """A line without the end of a sentence, with text after it: heading, caption, or torn text."""
    block, following = report.blocks[position : position + 2]
    if is_rest(following.text) or block.style.listed:
        return "body"
    if shape(block) in report.shapes or stands_out(block, report.size):
        return "heading"
    if following.style.kind == "table" or _after_picture(report, block):
        return "caption"
    if is_start(block.text, following.text):
        return "body"
    if _is_text(following) and (before is None or _is_text(before)):
        return _lone_line(report, block)
    return "body" if report.sees_pictures else "caption"


def _closing_line(report: _Report, position: int) -> Role:
    """A short line after the last paragraph: a heading that lost its text, signature or caption."""
    block = report.blocks[position]
    if shape(block) in report.shapes:
        return "heading"
    following = report.blocks[position + 1 : position + 2]
    if following and kind_of_line(following[0].text) == "byline":
        return "byline"
    return "body" if report.sees_pictures and not block.style.figure else "caption"


def _lone_line(report: _Report, block: Block) -> Role:
    """A short line between paragraphs, in a report whose headings have no common shape.

    In plain text it is a caption, unless its words are those of a heading or others are as long;
    where the format shows pictures and none is near, it is a heading.
    """
    if report.shapes:
        return "body" if report.sees_pictures else "caption"
    if looks_like_heading(block) or shape(block) or len(block.text) in report.lengths:
        return "heading"
    if report.sees_pictures:
        return "body" if report.styled else "heading"
    return "caption"


def _is_text(block: Block) -> bool:
    return len(block.text) >= _LONG or ends_sentence(block.text) or bool(numbered_heading(block))


def _after_picture(report: _Report, block: Block) -> bool:
    return block.style.figure or (not report.sees_pictures and block.gap >= report.gap + _WIDE)


def _is_sentence_caption(report: _Report, block: Block, before: Block) -> bool:
    """A sentence that stands alone where a picture was, and is no rest of what stands before."""
    text = block.text
    one = ends_sentence(text) and not any(mark in text[:-1] for mark in "。！？")
    if not one or len(text) > _LONGEST_CAPTION or not _after_picture(report, block):
        return False
    torn = is_open(before.text) or crosses_word(before.text, text)
    return ends_sentence(before.text) or not torn


def _drop_lists(blocks: Sequence[Block], roles: list[Role]) -> None:
    """Three lines numbered alike in a row, with no text between, are a list and no headings."""
    run: list[int] = []
    labels = [_list_label(block, role) for block, role in zip(blocks, roles, strict=False)]
    for position, label in enumerate([*labels, None]):
        if label and run and label.family == _family(labels[run[-1]]):
            run.append(position)
            continue
        if len(run) >= 3:
            for place in run:
                roles[place] = "body"
        run = [position] if label else []


def _list_label(block: Block, role: Role) -> Label | None:
    return numbered_heading(block) if role == "heading" and not styled_heading(block) else None


def _family(label: Label | None) -> str | None:
    return label.family if label else None


def _last_paragraph(blocks: Sequence[Block]) -> int:
    return max(
        (
            position
            for position, block in enumerate(blocks)
            if not is_short(block) and kind_of_line(block.text) is None
        ),
        default=-1,
    )


def _lone_lines(blocks: Sequence[Block], gap: int) -> list[Block]:
    """Short lines between two paragraphs, with no picture near: headings, most of them."""
    return [
        block
        for before, block, following in zip(blocks, blocks[1:], blocks[2:], strict=False)
        if is_short(block)
        and _certain_role(block) is None
        and not (block.style.figure or block.style.listed or block.gap >= gap + _WIDE)
        and (_is_text(before) or before.gap >= gap + _WIDE)
        and _is_text(following)
        and not is_rest(following.text)
    ]


def _usual_shapes(blocks: Sequence[Block], gap: int) -> frozenset[str]:
    """Shapes of several lines, one of them at least by no picture.

    Three in a row are a list, not headings.
    """
    shapes: Counter[str] = Counter()
    by_text: set[str] = set()
    for name, lines in groupby(blocks, shape):
        gaps = [block.gap for block in lines]
        if name is not None and len(gaps) < _ENOUGH:
            shapes[name] += len(gaps)
            by_text.update([name] if min(gaps) < gap + _WIDE else [])
    return frozenset(name for name in by_text if shapes[name] > 1)


def _usual_lengths(lines: Sequence[Block]) -> range:
    """The lengths of most short lines, if there are enough of them to tell; else none."""
    lengths = sorted(len(block.text) for block in lines if "，" not in block.text)
    if len(lengths) < _ENOUGH:
        return range(0)
    middle = lengths[len(lengths) // 2]
    usual = range(middle - _SPREAD, middle + _SPREAD + 1)
    return usual if sum(length in usual for length in lengths) >= _ENOUGH else range(0)


def _usual_gap(blocks: Sequence[Block]) -> int:
    gaps = Counter(block.gap for block in blocks[1:] if len(block.text) >= _LONG)
    return gaps.most_common(1)[0][0] if gaps else 0
