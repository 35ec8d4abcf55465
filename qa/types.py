"""The records of a question answered."""

from dataclasses import dataclass
from typing import Literal

from corpus import Kind, Report, Span
from index import Query

from .figures import Figure
from .lacks import Lack
from .understanding import Understood


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the conversation and what was answered."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Why:
    """Why a passage was found.

    ``words`` are those of the question that its text, its headings or its report's title hold, as
    they put them; ``similarity`` is the cosine of question and passage, ``named`` whether the
    question names the region or body that the report is about.
    """

    words: tuple[str, ...]
    similarity: float
    named: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a paragraph stands: its report and its ordinal."""

    report: Report
    paragraph: int


@dataclass(frozen=True, slots=True)
class Citable:
    """A paragraph, or the readable excerpt of a long one, as it is shown and cited.

    ``text`` is verbatim: the paragraph's text at ``range``. ``highlights`` are character ranges
    of ``text``. ``source`` are the spans of ``report.source`` that hold ``text``, white space
    aside; of a table's row they hold the row and not the head, which stands elsewhere. ``rank``
    counts from 1; ``score`` is between 0 and 1, highest first. Where a title or a heading is what
    was found, ``text`` is that and ``paragraph`` the one that follows.
    """

    rank: int
    score: float
    text: str
    kind: Kind | Literal["title", "heading"]
    range: tuple[int, int]
    highlights: tuple[tuple[int, int], ...]
    report: Report
    section: tuple[str, ...]
    paragraph: int
    source: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Passage(Citable):
    """What is found for a question.

    ``figures`` are those within the first highlight that can be what is asked for, best first,
    their ranges of ``text``. ``subject`` is the region or body that the passage answers for, where
    a question names several; there the best passages of each come in turn. ``why`` is why it was
    found, and ``also`` where the reports say the same once more.
    """

    why: Why
    figures: tuple[Figure, ...] = ()
    subject: str | None = None
    also: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Quote:
    """The answering sentence, verbatim, and the rank of the passage that holds it."""

    text: str
    passage: int


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of a comparison: a region, body or report, and what its best passage says.

    ``passage`` is the rank of that passage; ``figure`` what can be what is asked for, if that is a
    figure. Both are None where the reports say nothing; ``confidence`` is that of this part.
    """

    subject: str
    passage: int | None
    figure: Figure | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What was asked, how it was understood, and the passages that answer it.

    ``confidence`` is the estimated probability that the first passages answer the question;
    ``answerable`` is whether it reaches one half. When it does not, ``quote`` is None and the
    passages are the nearest found. ``snapshot`` names the index that answered. ``query`` is the
    resolved question as the index reads it, ``understood`` what was taken from it. ``silent`` are
    the names of those of whom it asks and of whom the reports say nothing. ``lacks`` says what the
    nearest passages lack where they do not answer. ``comparison`` has a line for each region, body
    or report where a question asks for several.
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
    lacks: tuple[Lack, ...] = ()
    comparison: tuple[Compared, ...] = ()
