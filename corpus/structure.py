"""From the blocks of a file to the report that its author meant."""

from collections.abc import Sequence
from dataclasses import dataclass

from .contents import mark_contents
from .doubts import read_doubts
from .front import Front, read_front
from .metadata import Metadata, read_metadata
from .outline import build_outline
from .repair import continues, rejoin_numbers, unwrap, uses_indents
from .roles import Item, Role, assign_roles
from .source import Block, Extraction, join
from .types import Doubt, Kind, Paragraph, Section, Span

_ASIDE: frozenset[Kind | None] = frozenset({"note", "contents", "furniture"})
"""What is set apart from the flow of the text."""

_APART: frozenset[Role] = frozenset({"caption", "note"})
"""What may stand between two pieces of one paragraph."""


@dataclass(frozen=True, slots=True)
class Structure:
    """A report without the facts about its file."""

    title_spans: tuple[Span, ...]
    subtitle_spans: tuple[Span, ...]
    metadata: Metadata
    sections: tuple[Section, ...]
    paragraphs: tuple[Paragraph, ...]
    doubts: tuple[Doubt, ...]


def read_structure(extraction: Extraction) -> Structure:
    """Title, sections, paragraphs and metadata of what a reader extracted."""
    marked = mark_contents(extraction.blocks)
    flow = [block for block in marked if block.style.kind not in _ASIDE]
    blocks = rejoin_numbers(unwrap(flow))
    front = read_front(blocks)
    roles = assign_roles(blocks, front, sees_pictures=extraction.sees_pictures)
    items = _items(blocks, roles, front) + _aside(marked, "note") + _aside(marked, "contents")
    items.sort(key=lambda item: item.block.spans[0].start)
    items = mend(items, indents=uses_indents(blocks))
    furniture = _aside(marked, "furniture")
    sections, paragraphs = build_outline(items, furniture, extraction.source)
    doubts = read_doubts(sections, paragraphs, sees_pictures=extraction.sees_pictures)
    title, title_spans = _joined(blocks, front.title)
    subtitle, subtitle_spans = _joined(blocks, front.subtitle)
    metadata = read_metadata(title, subtitle, sections, paragraphs, extraction.source)
    return Structure(title_spans, subtitle_spans, metadata, sections, paragraphs, doubts)


def _items(blocks: Sequence[Block], roles: Sequence[Role], front: Front) -> list[Item]:
    taken = {*front.title, *front.subtitle}
    return [
        Item(block, role)
        for position, (block, role) in enumerate(zip(blocks, roles, strict=True))
        if position not in taken
    ]


def _aside(blocks: Sequence[Block], kind: Kind) -> list[Item]:
    return [Item(block, kind) for block in blocks if block.style.kind == kind]


def mend(items: Sequence[Item], *, indents: bool) -> list[Item]:
    """Join paragraphs torn apart by columns and pages, also across a caption, over no heading."""
    mended: list[Item] = []
    last: int | None = None
    for item in items:
        if item.role == "body":
            if last is not None and continues(mended[last].block, item.block, indents=indents):
                mended[last] = Item(join(mended[last].block, item.block), "body")
                continue
            last = len(mended)
        elif item.role not in _APART:
            last = None
        mended.append(item)
    return mended


def _joined(
    blocks: Sequence[Block], positions: Sequence[int]
) -> tuple[str | None, tuple[Span, ...]]:
    if not positions:
        return None, ()
    whole = blocks[positions[0]]
    for position in positions[1:]:
        whole = join(whole, blocks[position])
    return whole.text, whole.spans
