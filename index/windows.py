"""Windows: the stretches of a paragraph that are embedded.

A whole paragraph of a government report covers a dozen topics, and its one vector none of them:
on provincial reports windows of about 160 characters doubled the questions answered first.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from corpus import SEARCHED_KINDS, Paragraph, Report, row_of, sentences

from .types import Window

LENGTH = 160
"""Characters that a window aims at; a longer sentence is cut at its commas."""

_CLAUSE_ENDS = "，、,：:"


def window_ranges(text: str) -> list[tuple[int, int]]:
    """Cut a paragraph's text into windows of whole sentences.

    Returns:
        Character ranges in order that do not overlap. A window holds about ``LENGTH`` characters;
        sentences stay whole unless one alone is more than twice as long.
    """
    ranges: list[tuple[int, int]] = []
    for start, end in (piece for s in sentences(text) for piece in _pieces(text, *s)):
        if ranges and end - ranges[-1][0] <= LENGTH:
            ranges[-1] = (ranges[-1][0], end)
        else:
            ranges.append((start, end))
    return ranges


def windows_of(reports: Sequence[Report]) -> NDArray[np.int32]:
    """Cut what is searched of some reports into windows.

    Returns:
        int32 (windows, 4): numbers of report and paragraph, range of the text.
    """
    rows = [
        (number, position, start, end)
        for number, report in enumerate(reports)
        for position, paragraph in enumerate(report.paragraphs)
        if paragraph.kind in SEARCHED_KINDS
        for start, end in _of_paragraph(paragraph)
    ]
    return np.array(rows, dtype=np.int32).reshape(-1, 4)


def window_text(report: Report, window: Window) -> str:
    """Return the text of a window as it is embedded: the report's full title in front.

    Reports of one kind say the same things of different places; the title tells them apart. A
    table's head says what the figures in its rows are.
    """
    paragraph = report.paragraphs[window.paragraph]
    head = [row_of(paragraph.text)[0]] if paragraph.kind == "table" else []
    return "\n".join([report.full_title, *head, paragraph.text[window.start : window.end]])


def searched_texts(reports: Sequence[Report], windows: NDArray[np.int32]) -> Iterator[str]:
    """Yield the text of each searched paragraph for the lexical side: title, headings, itself.

    Args:
        reports: those that the windows are of.
        windows: int32 (windows, 4): report, paragraph, start, end.
    """
    for number, position in dict.fromkeys(map(tuple, windows[:, :2].tolist())):
        report = reports[number]
        paragraph = report.paragraphs[position]
        yield "\n".join([report.full_title, *paragraph.section, paragraph.text])


def _of_paragraph(paragraph: Paragraph) -> list[tuple[int, int]]:
    """Return the windows of a paragraph; of a table's row those of the row, not of its head."""
    begin = row_of(paragraph.text)[1] if paragraph.kind == "table" else 0
    return [(begin + a, begin + b) for a, b in window_ranges(paragraph.text[begin:])]


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a sentence that is too long for a window at its last comma within reach."""
    while end - start > 2 * LENGTH:
        cut = 1 + max(text.rfind(mark, start, start + LENGTH) for mark in _CLAUSE_ENDS)
        cut = cut if cut > start else start + LENGTH
        yield start, cut
        start = cut
    yield start, end
