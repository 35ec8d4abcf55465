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
