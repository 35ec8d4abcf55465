"""From hits to what is shown: passages with their highlights, comparisons, what is lacking."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice, zip_longest

from corpus import Kind, Paragraph, Report, row_of, source_spans
from index import Hit, normalised

from .confidence import confidence
from .coverage import Word
from .duplicates import said_again
from .excerpts import excerpt
from .figures import Figure
from .highlights import answering_figures, answering_sentence, stated_figure
from .lacks import Lack, lacks
from .table_figures import row_figures
from .types import Compared, Passage, Place, Quote, Why
from .understanding import Understood

ANSWERABLE = 0.5
"""Confidence from which a question counts as answered: more likely right than wrong."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for a question, or for its part about one of several subjects.

    ``words`` are what the question is about, ``subject`` is the name of that one.
    """

    understood: Understood
    words: Sequence[Word]
    hits: tuple[Hit, ...]
    confidence: float
    subject: str | None = None

    @property
    def answers(self) -> bool:
        """Whether the best hit counts as an answer."""
        return self.confidence >= ANSWERABLE


def judged(understood: Understood, words: Sequence[Word], hits: Sequence[Hit]) -> Found:
    """What was found, with the confidence in its best hit."""
    return Found(understood, words, tuple(hits), confidence(understood, words, hits))


def passages_of(found: Sequence[Found], most: int) -> tuple[Passage, ...]:
    """Passages of all parts: the best of each, then the second of each, and so on."""
    rows = zip_longest(*([(one, hit) for hit in one.hits] for one in found))
    pairs = (pair for row in rows for pair in row if pair is not None)
    return tuple(_passage(rank, hit, one) for rank, (one, hit) in enumerate(islice(pairs, most), 1))


def lacks_of(found: Sequence[Found]) -> tuple[Lack, ...]:
    """What the best passages of the parts that are not answered lack."""
    unanswered = (one for one in found if one.hits and not one.answers)
    return tuple(
        lack for one in unanswered for lack in lacks(one.understood, one.hits[0], one.subject)
    )


def comparison_of(found: Sequence[Found], passages: Sequence[Passage]) -> tuple[Compared, ...]:
    """A line for each of several parts."""
    if len(found) < 2:
        return ()
    best = {passage.subject: passage for passage in reversed(passages)}
    lines = []
    for one in found:
        shown = best.get(one.subject) if one.answers else None
        rank = shown.rank if shown else None
        figure = _figure_alone(shown, one) if shown else None
        lines.append(Compared(one.subject or "", rank, figure, one.confidence))
    return tuple(lines)


def _figure_alone(passage: Passage, found: Found) -> Figure | None:
    if passage.kind == "table":
        return passage.figures[0] if passage.figures else None
    start, end = passage.highlights[0]
    figure = stated_figure(found.understood.asked, passage.text[start:end], found.words)
    return figure and replace(figure, start=start + figure.start, end=start + figure.end)


def _passage(rank: int, hit: Hit, found: Found) -> Passage:
    paragraph = hit.paragraph
    (start, end), highlight = _shown(hit, found)
    text = paragraph.text[start:end]
    figures = _figures(paragraph.kind, text, highlight, found)
    row = row_of(paragraph.text)[1] if paragraph.kind == "table" else 0
    return Passage(
        rank=rank,
        score=round(1 / (1 + math.exp(-hit.score / 2)), 4),
        text=text,
        kind=paragraph.kind,
        range=(start, end),
        highlights=(highlight,),
        report=hit.report,
        section=paragraph.section,
        paragraph=paragraph.ordinal,
        source=source_spans(hit.report.source, paragraph, max(start, row), end),
        why=_why(hit, text, found),
        figures=figures,
        subject=found.subject,
        also=tuple(
            Place(again.report, again.paragraph.ordinal) for again in said_again(hit, found.hits)
        ),
    )


def _figures(kind: Kind, text: str, highlight: tuple[int, int], found: Found) -> tuple[Figure, ...]:
    """The figures of a passage's highlight that can be what is asked for, best first."""
    asked, start = found.understood.asked, highlight[0]
    if kind == "table":
        return tuple(row_figures(asked, text, found.words))
    figures = answering_figures(asked, text[slice(*highlight)], found.words)
    return tuple(
        replace(figure, start=start + figure.start, end=start + figure.end) for figure in figures
    )


def _why(hit: Hit, text: str, found: Found) -> Why:
    shown = normalised("\n".join([hit.report.full_title, *hit.paragraph.section, text]))
    held = (next((form for form in word.forms if form in shown), None) for word in found.words)
    words = tuple(dict.fromkeys(word for word in held if word))
    named = hit.report.id in found.understood.named | found.understood.touched
    return Why(words, round(hit.dense, 4), named)


def _shown(hit: Hit, found: Found) -> tuple[tuple[int, int], tuple[int, int]]:
    """The range of a paragraph's text to show, and the range of that which answers.

    A table's row is shown whole, because its cells say nothing without their head; it answers as
    a sentence does.
    """
    text = hit.paragraph.text
    if hit.paragraph.kind == "table":
        return (0, len(text)), (row_of(text)[1], len(text))
    sentence = answering_sentence(
        found.understood.asked,
        text,
        hit.window,
        headings=hit.paragraph.section,
        words=found.words,
    )
    start, end = excerpt(text, hit.window)
    if not start <= sentence[0] <= sentence[1] <= end:
        start, end = excerpt(text, sentence)
    return (start, end), (sentence[0] - start, sentence[1] - start)


def whole(report: Report, paragraph: Paragraph) -> Passage:
    """A whole paragraph as a passage, to be cited as one; no question found it."""
    return Passage(
        rank=1,
        score=0.0,
        text=paragraph.text,
        kind=paragraph.kind,
        range=(0, len(paragraph.text)),
        highlights=(),
        report=report,
        section=paragraph.section,
        paragraph=paragraph.ordinal,
        source=paragraph.spans,
        why=Why((), 0.0, named=False),
    )


def quote_of(passage: Passage) -> Quote:
    """The answering sentence of a passage."""
    start, end = passage.highlights[0]
    return Quote(text=passage.text[start:end], passage=passage.rank)
