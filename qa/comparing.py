"""Questions about several regions, bodies or years at once, taken apart into one for each.

上海和天津的粮食产量各是多少 is asked as 上海的粮食产量各是多少 of the reports about 上海, and so
on: the one vector of the whole question is near to neither answer.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .subjects import Mention
from .times import Time
from .understanding import Understood

_BETWEEN = re.compile(
    r"(?P<suffix>[\u4e00-\u9fff]{0,3}?)(?:[、,，和与跟及同比/]|以及|还有|相比|\s)*"
)
"""What stands between the names of a list; 港 in 上海港和天津港 belongs to the name."""

_CLAUSE = re.compile(r"[^，,。；;？?！!]+[，,。；;？?！!]*")
_COUNT = re.compile(r"^[两二三四五六七八九](?:个?省[市区]?|地|市)")
"""三省 after 黑吉辽."""

_SPAN = re.compile(r"(?:年?[底末初]?|年度?)\s*(?:至|到|[—–－~～-]+|以来|比|较)")
"""What follows a year that is the first of a span, or the base of a growth."""

_MOST = 40


@dataclass(frozen=True, slots=True)
class Part:
    """What a question asks about one of several: its name, and the reports about it if not all."""

    name: str
    question: str
    reports: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class _Named:
    """Where a question names one of several, and how it is called in its own question."""

    start: int
    end: int
    name: str
    short: bool = False


def parts(understood: Understood) -> list[Part]:
    """One part for each subject that a question names, else for each year; none for one alone."""
    text = understood.text
    mentions = _one_each(understood.mentions)
    if len(mentions) > 1:
        if not any(mention.subject.all_reports for mention in mentions):
            return []
        named = [
            _Named(one.start, one.end, one.subject.name, short=one.end - one.start == 1)
            for one in mentions
        ]
        return [
            Part(one.name, _question(text, named, one), mention.subject.all_reports)
            for one, mention in zip(named, mentions, strict=True)
        ]
    years = _years(understood)
    return [Part(one.name, _question(text, years, one)) for one in years]


def _one_each(mentions: Sequence[Mention]) -> list[Mention]:
    """The first mention of each subject; two names of the same reports are one subject."""
    first: dict[object, Mention] = {}
    for mention in mentions:
        first.setdefault(mention.subject.all_reports or mention.subject.name, mention)
    return list(first.values())[:_MOST]


def _years(understood: Understood) -> list[_Named]:
    """The years that are set side by side; none where they are the ends of a span."""
    first: dict[tuple[int | None, int | None], Time] = {}
    for time in understood.times:
        if time.start >= understood.now:
            first.setdefault((time.year, time.offset), time)
    times = list(first.values())
    text = understood.text
    stated = {time.year is not None for time in times}  # 2025年 may be the same as 今年
    if len(times) < 2 or len(stated) > 1 or any(_SPAN.match(text, time.end) for time in times[:-1]):
        return []
    return [_Named(time.start, time.end, text[time.start : time.end]) for time in times]


def _question(text: str, named: Sequence[_Named], one: _Named) -> str:
    """The question about one of several: without the other names, or their clauses."""
    start, end = named[0].start, named[-1].end
    between = [text[a.end : b.start] for a, b in pairwise(named)]
    if all(_BETWEEN.fullmatch(gap) for gap in between):
        after = _COUNT.sub("", text[end:]) if one.short else text[end:]
        name = one.name if one.short else text[one.start : one.end]
        return text[:start] + name + after
    others = [other for other in named if other is not one]
    kept = [
        match.group()
        for match in _CLAUSE.finditer(text)
        if not any(match.start() <= other.start < match.end() for other in others)
        or match.start() <= one.start < match.end()
    ]
    return "".join(kept)
