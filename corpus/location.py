"""From a stretch of a paragraph's text back to the place it came from in the source."""

from collections.abc import Sequence

from .types import Paragraph, Span


def source_spans(source: str, paragraph: Paragraph, start: int, end: int) -> tuple[Span, ...]:
    """Find ``paragraph.text[start:end]`` in the source.

    Args:
        source: ``Report.source`` of the paragraph's report.
        paragraph: whose spans equal its text, white space aside.
        start: first character of the stretch.
        end: one past its last character.

    Returns:
        Spans of ``source`` that hold the stretch, white space aside, in order; each begins and
        ends with a character that is not white space. Empty if the stretch is all white space.
    """
    skip = _dense_length(paragraph.text[:start])
    take = _dense_length(paragraph.text[start:end])
    found = []
    for span in paragraph.spans:
        places = _dense(source, span)
        chosen = places[skip : skip + take]
        skip = max(0, skip - len(places))
        take -= len(chosen)
        if chosen:
            found.append(Span(chosen[0], chosen[-1] + 1, span.page))
    return tuple(found)


def _dense(source: str, span: Span) -> Sequence[int]:
    """The places in a span whose characters are not white space."""
    every = range(span.start, span.end)
    if _dense_length(source[span.start : span.end]) == len(every):
        return every
    return [place for place in every if not source[place].isspace()]


def _dense_length(text: str) -> int:
    return sum(map(len, text.split()))
