"""Questions about several regions or bodies at once, taken apart into one question for each.

上海和天津的粮食产量各是多少 is asked as 上海的粮食产量各是多少 of the reports about 上海, and so
on: the one vector of the whole question is near to neither answer.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .subjects import Mention, Subject
from .understanding import Understood

_BETWEEN = re.compile(
    r"(?P<suffix>[\u4e00-\u9fff]{0,3}?)(?:[、,，和与跟及同比/]|以及|还有|相比|\s)*"
)
"""What stands between the names of a list; 港 in 上海港和天津港 belongs to the name."""

_CLAUSE = re.compile(r"[^，,。；;？?！!]+[，,。；;？?！!]*")
_COUNT = re.compile(r"^[两二三四五六七八九](?:个?省[市区]?|地|市)")
"""三省 after 黑吉辽."""

_MOST = 40


@dataclass(frozen=True, slots=True)
class Part:
    """What a question asks about one of its subjects."""

    subject: Subject
    question: str


def parts(understood: Understood) -> list[Part]:
    """One part for each subject that a question names; none if it names fewer than two."""
    mentions = _one_each(understood.mentions)
    if len(mentions) < 2 or not any(mention.subject.all_reports for mention in mentions):
        return []
    text = understood.text
    return [Part(mention.subject, _question(text, mentions, mention)) for mention in mentions]


def _one_each(mentions: Sequence[Mention]) -> list[Mention]:
    """The first mention of each subject; two names of the same reports are one subject."""
    first: dict[object, Mention] = {}
    for mention in mentions:
        first.setdefault(mention.subject.all_reports or mention.subject.name, mention)
    return list(first.values())[:_MOST]


def _question(text: str, mentions: Sequence[Mention], one: Mention) -> str:
    """The question about one subject: without the other names, or their clauses."""
    start, end = mentions[0].start, mentions[-1].end
    between = [text[a.end : b.start] for a, b in pairwise(mentions)]
    lists = [_BETWEEN.fullmatch(gap) for gap in between]
    if all(lists):
        short = one.end - one.start == 1
        after = _COUNT.sub("", text[end:]) if short else text[end:]
        name = one.subject.name if short else text[one.start : one.end]
        return text[:start] + name + after
    others = [mention for mention in mentions if mention is not one]
    kept = [
        match.group()
        for match in _CLAUSE.finditer(text)
        if not any(match.start() <= other.start < match.end() for other in others)
        or match.start() <= one.start < match.end()
    ]
    return "".join(kept)
