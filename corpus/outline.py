"""Headings and paragraphs in reading order, to sections with levels and paths."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from .headings import Heading, heading_of, ranks_of, run_in_heading
from .location import source_spans
from .misplaced import recall_headings
from .numbering import label_of
from .repair import is_torn
from .roles import Item
from .types import Kind, Paragraph, Section

# With these words a report turns from the points of a list back to the whole.
_TURN = re.compile(
    r"^(?:各位(?:代表|委员|同志|领导|来宾)|同志们"
    r"|(?:(?:但|同时|当然|另外)，?)?我们(?:也|还)?(?:清醒|看到|认识到)|在?(?:看到|肯定|总结)成绩的同时)"
)


@dataclass(frozen=True, slots=True)
class _Entry:
    """An item with the heading that it is, or that runs into it."""

    item: Item
    heading: Heading | None
    alone: bool


def build_outline(
    items: Sequence[Item], furniture: Sequence[Item], source: str
) -> tuple[tuple[Section, ...], tuple[Paragraph, ...]]:
    """All sections and paragraphs of a report; page furniture stands last, in no section."""
    entries = _entries(recall_headings(items))
    path = _Path()
    sections: list[Section] = []
    paragraphs: list[Paragraph] = []
    for entry, last in zip(entries, _last_of_lists(entries), strict=True):
        following = len(paragraphs) + 1
        if entry.heading is None:
            path.leave_list(entry.item)
        else:
            path.open(entry.heading, last=last, alone=entry.alone)
            sections.append(_section(entry, path.texts, source, following))
        if not entry.alone:
            paragraphs.append(_paragraph(entry.item, following, path.texts))
    for ordinal, item in enumerate(furniture, len(paragraphs) + 1):
        paragraphs.append(_paragraph(item, ordinal, ()))
    return tuple(sections), tuple(paragraphs)


class _Path:
    """The headings that the present paragraph stands under, outermost first."""

    def __init__(self) -> None:
        self._open: list[_Open] = []

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(entry.heading.text for entry in self._open)

    def open(self, heading: Heading, *, last: bool, alone: bool) -> None:
        """Step to a heading: out of all that nest as deep or deeper, and into it."""
        while self._open and self._open[-1].heading.rank >= heading.rank:
            self._open.pop()
        self._open.append(_Open(heading, last, alone))

    def leave_list(self, item: Item) -> None:
        """Step out of the last point of a list before a paragraph that is no part of it."""
        if item.role != "body":
            return
        while self._open and self._open[-1].is_over(item, outermost=len(self._open) == 1):
            self._open.pop()


@dataclass(frozen=True, slots=True)
class _Open:
    """A heading on the path: whether it is the last of its list, and whether it stands alone."""

    heading: Heading
    last: bool
    alone: bool

    def is_over(self, item: Item, *, outermost: bool) -> bool:
        """Whether the section ended before ``item``, though no heading says so.

        Bold words head the paragraph that they begin, and no other for certain. Of numbered
        headings only the last of a list can end so: what stands between two points belongs to the
        first. A short point (一是…, ——…) ends with its paragraph; a section ends where the words
        turn back to the whole.
        """
        if self.heading.family == "bold":
            return True
        if not self.last:
            return False
        if self.heading.item and not self.alone:
            return True
        numbered = self.heading.number is not None and not outermost
        return numbered and bool(_TURN.match(item.block.text))


def _entries(items: Sequence[Item]) -> list[_Entry]:
    ranks = ranks_of(
        [item.block for item in items if item.role == "heading"],
        [item.block for item in items if item.role == "body"],
    )
    entries = [
        _Entry(item, heading_of(item.block, ranks), alone=True)
        if item.role == "heading"
        else _Entry(
            item, run_in_heading(item.block, ranks) if item.role == "body" else None, alone=False
        )
        for item in items
    ]
    return [
        _Entry(Item(entry.item.block, "body"), entry.heading, alone=False)
        if _says_all(entry, after)
        else entry
        for entry, after in zip(entries, [*entries[1:], None], strict=False)
    ]


def _says_all(entry: _Entry, after: _Entry | None) -> bool:
    """Whether a numbered line is a sentence with nothing under it: a point, not only its heading.

    As a heading alone, what （三）签约率达六成以上，其中老人超过八成。 says would stand in no
    paragraph, and could be neither found nor cited.
    """
    heading = entry.heading
    if heading is None or not entry.alone or entry.item.block.style.level is not None:
        return False
    text = entry.item.block.text
    if heading.number is None or not text.endswith("。") or "，" not in text:
        return False
    return after is None or (
        after.heading is not None and after.alone and after.heading.rank <= heading.rank
    )


def _last_of_lists(entries: Sequence[_Entry]) -> list[bool]:
    """For each entry whether it is a heading with no later sibling in the section around it."""
    following: dict[str, Heading] = {}
    last = []
    for heading in (entry.heading for entry in reversed(entries)):
        if heading is None:
            last.append(False)
            continue
        sibling = following.get(heading.family)
        last.append(sibling is None or not sibling.follows(heading))
        inner = [family for family, other in following.items() if other.rank > heading.rank]
        for family in inner:
            del following[family]
        following[heading.family] = heading
    return last[::-1]


def _section(entry: _Entry, path: tuple[str, ...], source: str, ordinal: int) -> Section:
    block = entry.item.block
    spans = block.spans
    if entry.heading is not None and not entry.alone:
        paragraph = _paragraph(entry.item, ordinal, path)
        spans = source_spans(source, paragraph, 0, entry.heading.length)
    return Section(path[-1], len(path), path, ordinal, spans)


def _paragraph(item: Item, ordinal: int, path: tuple[str, ...]) -> Paragraph:
    block = item.block
    torn = item.role == "body" and is_torn(block.text)
    return Paragraph(ordinal, block.text, _kind(item), path, block.spans, torn)


def _kind(item: Item) -> Kind:
    if item.role != "body":
        return cast(Kind, item.role)
    label = label_of(item.block.text)
    return "list" if item.block.style.listed or (label and label.is_item) else "body"
