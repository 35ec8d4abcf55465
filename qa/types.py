"""The records of a question answered."""

from dataclasses import dataclass

from corpus import Kind, Report, Span
from index import Query

from .understanding import Understood


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the conversation and what was answered."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, or the readable excerpt of a long one, as it is shown and cited.

    ``text`` is verbatim: the paragraph's text at ``range``. ``highlights`` are character ranges
    of ``text``. ``source`` are the spans of ``report.source`` that hold ``text``, white space
    aside; of a table's row they hold the row and not the head, which stands elsewhere. ``rank``
    counts from 1; ``score`` is between 0 and 1, highest first. ``words`` are the ranges of
    ``text``, best first, of the figures, dates or ranks within the first highlight that can be what
    is asked for. ``subject`` is the region or body that the passage answers for, where a question
    names several; there the best passages of each come in turn.
    """

    rank: int
    score: float
    text: str
    kind: Kind
    range: tuple[int, int]
    highlights: tuple[tuple[int, int], ...]
    report: Report
    section: tuple[str, ...]
    paragraph: int
    source: tuple[Span, ...]
    words: tuple[tuple[int, int], ...] = ()
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """The answering sentence, verbatim, and the rank of the passage that holds it."""

    text: str
    passage: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What was asked, how it was understood, and the passages that answer it.

    ``confidence`` is the estimated probability that the first passages answer the question;
    ``answerable`` is whether it reaches one half. When it does not, ``quote`` is None and the
    passages are the nearest found. ``snapshot`` names the index that answered. ``query`` is the
    resolved question as the index reads it, ``understood`` what was taken from it, and ``silent``
    the names of the regions and bodies in it that no report is about.
    """

    question: str
    resolved_question: str
    answerable: bool
    confidence: float
    quote: Quote | None
    passages: tuple[Passage, ...]
    snapshot: str
    query: Query
    understood: Understood
    silent: tuple[str, ...] = ()
