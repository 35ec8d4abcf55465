"""What could be meant otherwise in a report, or was lost: for a user who wonders why."""

from collections.abc import Iterator, Sequence

from .kinds import kind_of_line
from .numbering import Label, label_of
from .types import Doubt, Paragraph, Section

_QUOTED = 24
"""Characters of a paragraph that are enough to find it."""


def read_doubts(
    sections: Sequence[Section], paragraphs: Sequence[Paragraph], *, sees_pictures: bool
) -> tuple[Doubt, ...]:
    """Doubts about an outline, in the order of what they are about.

    Codes: ``torn`` (a paragraph stops in mid sentence), ``caption-or-heading`` (a short line in a
    text that shows no pictures), ``missing-number`` (the heading follows none with the number
    before its own), ``empty-heading`` (nothing stands under it), ``moved-heading`` (in the file it
    stands after its text).
    """
    found = [
        *_lines(paragraphs, sees_pictures=sees_pictures),
        *_missing_numbers(sections),
        *_empty_headings(sections, paragraphs),
        *_moved_headings(sections, paragraphs),
    ]
    return tuple(sorted(found, key=lambda doubt: doubt.paragraph or 0))


def _lines(paragraphs: Sequence[Paragraph], *, sees_pictures: bool) -> Iterator[Doubt]:
    for paragraph in paragraphs:
        text = paragraph.text
        if paragraph.torn:
            yield Doubt("torn", text[-_QUOTED:], paragraph.ordinal)
        elif paragraph.kind == "caption" and not sees_pictures and kind_of_line(text) != "caption":
            yield Doubt("caption-or-heading", text[:_QUOTED], paragraph.ordinal)


def _missing_numbers(sections: Sequence[Section]) -> Iterator[Doubt]:
    last: dict[tuple[tuple[str, ...], str], int] = {}
    for section in sections:
        label = label_of(section.heading)
        if label is None or label.number is None:
            continue
        siblings = (section.path[:-1], label.family)
        if label.number > last.get(siblings, 0) + 1 and _counts(label):
            yield Doubt("missing-number", section.heading, section.first_paragraph)
        last[siblings] = label.number


def _counts(label: Label) -> bool:
    """Whether headings of the family are counted on without a gap (an enumeration may skip)."""
    return label.family != "point"


def _empty_headings(
    sections: Sequence[Section], paragraphs: Sequence[Paragraph]
) -> Iterator[Doubt]:
    for position, section in enumerate(sections):
        after = (other for other in sections[position + 1 :] if other.level <= section.level)
        following = next(after, None)
        text = [p for p in paragraphs if p.kind != "furniture"]
        end = len(text) + 1 if following is None else following.first_paragraph
        if section.first_paragraph >= end:
            yield Doubt("empty-heading", section.heading, min(end, len(text)) or None)


def _moved_headings(
    sections: Sequence[Section], paragraphs: Sequence[Paragraph]
) -> Iterator[Doubt]:
    for section in sections:
        first = section.first_paragraph
        if not section.spans or first > len(paragraphs):
            continue
        paragraph = paragraphs[first - 1]
        if paragraph.spans and paragraph.spans[0].end <= section.spans[0].start:
            yield Doubt("moved-heading", section.heading, first)
