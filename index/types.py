"""The records of the index: windows that are embedded, and hits that are found."""

from dataclasses import dataclass

from corpus import Paragraph, Report


@dataclass(frozen=True, slots=True)
class Window:
    """One or a few sentences of a paragraph: ``paragraph.text[start:end]``.

    ``report`` and ``paragraph`` are positions in ``HybridIndex.reports`` and in that report's
    ``paragraphs``. The unit that is embedded; never shown by itself.
    """

    report: int
    paragraph: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A paragraph that was found, with its best window.

    ``score`` is what hits are ranked by: a weighted sum of z-scores of dense, lexical and late
    interaction scores, comparable within one question only;
    ``dense`` the cosine of question and best window; ``lexical`` the BM25 score.
    ``window`` is the range of ``paragraph.text`` that matched best.
    """

    report: Report
    paragraph: Paragraph
    window: tuple[int, int]
    score: float
    dense: float
    lexical: float


@dataclass(frozen=True, slots=True)
class Respelling:
    """A stretch of a question that was misspelt, and how the reports write it.

    ``start`` and ``end`` are its range in ``Query.legible``; both writings are equally long.
    """

    start: int
    end: int
    wrong: str
    right: str


@dataclass(frozen=True, slots=True)
class Expansion:
    """A word of a question that has synonyms in the reports: ``Query.text[start:end]``.

    ``usual`` is the synonym that the reports say far oftener than the word, if they do.
    """

    start: int
    end: int
    word: str
    synonyms: tuple[str, ...]
    usual: str | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the index understands it.

    Attributes:
        question: as it was asked.
        legible: the same in NFKC and Simplified script.
        text: ``legible`` with its spelling put right, which is as long.
        wording: ``text`` with its words replaced by those the reports usually say; it is embedded.
        respellings: what was put right, from left to right.
        expansions: words whose synonyms are searched for as well.
    """

    question: str
    legible: str
    text: str
    wording: str
    respellings: tuple[Respelling, ...]
    expansions: tuple[Expansion, ...]
