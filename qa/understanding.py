"""What is taken from a question before anything is searched, so that users can see it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus import Report
from index import legible

from .asked import Asked, asked
from .places import places_in
from .subjects import Mention, Subjects
from .times import Time, looks_ahead, looks_back, times_in, year_of


@dataclass(frozen=True, slots=True)
class Understood:
    """A question and what was taken from it.

    ``text`` is the question in legible form (NFKC, Simplified script); ``mentions``, ``times`` and
    ``places`` are ranges of it. ``places`` are the cities, counties and countries that are no
    mention of a subject. ``ahead`` and ``back`` are whether it asks for what is intended, or
    for what has been done. ``every`` are the ids of the reports that it asks for all at once, None
    if it does not. ``asked`` is what kind of answer it asks for. ``named`` are the ids of the
    reports that are about what it names, ``touched`` of those about something in a region that it
    names. ``now`` is where in ``text`` the follow-up begins that the words before it complete.
    """

    text: str
    mentions: tuple[Mention, ...]
    times: tuple[Time, ...]
    places: tuple[tuple[int, int], ...]
    ahead: bool
    back: bool
    every: frozenset[str] | None
    asked: Asked
    named: frozenset[str]
    touched: frozenset[str]
    now: int = 0

    def years(self, report: Report) -> frozenset[int]:
        """The years that the question asks a report for; empty if it names none."""
        return frozenset(year for time in self.times if (year := time.of(report)) is not None)

    def likely_years(self, report: Report) -> frozenset[int]:
        """The same, or the year that it must mean when it asks for plans or for results."""
        given = year_of(report)
        if self.times or given is None or self.ahead == self.back:
            return self.years(report)
        return frozenset({given if self.ahead else given - 1})


def understand(question: str, subjects: Subjects, *, now: int = 0) -> Understood:
    """Take from a question whom it is about, when, and whether it asks for plans or for results.

    Args:
        question: complete, with what a follow-up leaves to the earlier turns.
        subjects: of the reports.
        now: where the follow-up begins, if the earlier question stands before it.
    """
    text = legible(question)
    asked_now = asked(text[now:])
    mentions = tuple(subjects.mentioned(text))
    named = frozenset().union(*(mention.subject.reports for mention in mentions))
    within = frozenset().union(*(mention.subject.within for mention in mentions))
    return Understood(
        text=text,
        mentions=mentions,
        times=tuple(times_in(text)),
        places=tuple(_apart(places_in(text), mentions)),
        ahead=looks_ahead(text),
        back=looks_back(text),
        every=None if mentions else subjects.every(text),
        asked=asked(text) if asked_now.kind == "whole" else asked_now,
        named=named,
        touched=within - named,
        now=now,
    )


def _apart(
    places: Iterable[tuple[int, int]], mentions: Iterable[Mention]
) -> Iterator[tuple[int, int]]:
    """The places that overlap no mention."""
    taken = [(mention.start, mention.end) for mention in mentions]
    for start, end in places:
        if not any(start < last and first < end for first, last in taken):
            yield start, end
