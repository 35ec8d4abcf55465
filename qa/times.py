"""Which year a question is about, and which year a passage speaks of.

今年 and 去年 are those of the report, not of the reader: in a report given in January 2025 去年 is
2024, whenever it is read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus import Report, year_number

_YEAR = r"(?:19|20)\d\d|(?:一九|二[〇零○])[〇零○一二三四五六七八九]{2}"
_ABSOLUTE = re.compile(
    rf"(?<![\d.,])(?P<year>{_YEAR})\s*年(?!代|前|来|以上|以下|期)|(?<![\d.,])(?P<bare>(?:19|20)\d\d)(?![\d.,年%亩元个家人名吨万亿公平户座所件项场次天米])(?=[\u4e00-\u9fff]|$)"
)

_RELATIVE: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(r"大前年"), -3),
    (re.compile(r"前年"), -2),
    (re.compile(r"去年|上一?年度?(?!以)|过去(?:的)?一年|一年来|上年"), -1),
    (re.compile(r"今年|本年度?|当年|新的一年|年内"), 0),
    (re.compile(r"明年|来年|下一年"), 1),
)
"""Words for years about the report's own."""

_MAY_NAME = re.compile(r"年|\d{4}")
"""One of these stands in all of the above."""

_AHEAD = re.compile(
    r"目标|计划|打算|预期|准备|力争|争取|安排|任务|将要|要(?:建|增|新|改|做|达|办|完成|治|干|压|降|整治)|拟|规划"
)
"""Words by which a question asks for what is intended."""

_BEHIND = re.compile(
    r"(?:了|过)(?:多少|多大|多长|几|个|什么|啥|哪|没|吗|怎|谁|一|两|不)|(?:多少|几\w)\w{0,3}了|已经?|完成数|实际"
)
"""Words by which a question asks for what is done."""

_DENIED = re.compile(r"(?:不是|而非|不要|别说|除了|不算)\s*$")

_LOOKS_ON = re.compile(r"将|要(?!求)|力争|争取|计划|目标|打算|拟|预期|今年|年内|新的一年|下一步")
"""Words by which a text of a report speaks of what is to come."""

_HEADED_BACK = re.compile(
    r"回顾|总结|回眸|完成情况|执行情况|过去|一年来|成绩|成效|成就|所做的?工作|主要工作和成效"
)
_HEADED_AHEAD = re.compile(
    r"安排|目标|任务|部署|打算|建议|要求|展望|计划|下一步|今后|重点工作|主要工作|思路|举措"
)


@dataclass(frozen=True, slots=True)
class Time:
    """A year as a question names it: the range of its words, and the year or the distance to it.

    ``offset`` counts from the year of the report; it is None where ``year`` is stated.
    """

    start: int
    end: int
    year: int | None
    offset: int | None = None

    def of(self, report: Report) -> int | None:
        """The year in a report; None if that does not say when it was given."""
        given = year_of(report)
        if self.year is not None:
            return self.year
        return None if given is None or self.offset is None else given + self.offset


def times_in(text: str) -> list[Time]:
    """The years that a text names, in order.

    Args:
        text: normalised (NFKC, Simplified script).
    """
    if not _MAY_NAME.search(text):
        return []
    found = [
        Time(match.start(), match.end(), year_number(match["year"] or match["bare"]))
        for match in _ABSOLUTE.finditer(text)
    ]
    for pattern, offset in _RELATIVE:
        for match in pattern.finditer(text):
            if not any(time.start < match.end() and match.start() < time.end for time in found):
                found.append(Time(match.start(), match.end(), None, offset))
    named = [time for time in found if not _DENIED.search(text[: time.start])]
    return sorted(named, key=lambda time: time.start)


def looks_ahead(question: str) -> bool:
    """Whether a question asks for what is intended: a goal, a plan."""
    return bool(_AHEAD.search(question))


def looks_back(question: str) -> bool:
    """Whether a question asks for what has been done."""
    return bool(_BEHIND.search(question))


def year_of(report: Report) -> int | None:
    """The year that 今年 means in a report: the one in which it was given."""
    return int(report.date[:4]) if report.date else None


def years_of(report: Report, section: Sequence[str], text: str) -> frozenset[int]:
    """The years that a stretch of a report speaks of; empty if it does not say.

    What the text itself names counts most, then the innermost heading that tells: a section that
    looks back is about the year before the report's, one that looks ahead about the report's.

    Args:
        report: that the text stands in.
        section: the path of headings above the text.
        text: normalised.
    """
    given = year_of(report)
    named = {year for time in times_in(text) if (year := time.of(report)) is not None}
    headed = next((year for h in reversed(section) if (year := _headed(h, given))), None)
    return frozenset(named | ({headed} if headed else set()))


def years_covered(report: Report, text: str) -> frozenset[int]:
    """The years that a text of a report may be about, where it does not say.

    Those of the report's period; the one in which it was given too, if it is not known to look back
    or the text looks ahead.
    """
    ends = [int(year) for year in re.findall(r"(?<![\d-])\d{4}(?!\d)", report.period or "")]
    between = frozenset(range(min(ends), max(ends) + 1) if ends else ())
    given = year_of(report)
    open_to_it = not between or bool(_LOOKS_ON.search(text))
    return between | (frozenset({given}) if given and open_to_it else frozenset())


def _headed(heading: str, given: int | None) -> int | None:
    """The year that a heading says its section is about."""
    stated = [time.year for time in times_in(heading) if time.year is not None]
    back, ahead = _HEADED_BACK.search(heading), _HEADED_AHEAD.search(heading)
    if len(stated) == 1 and (back or ahead):
        return stated[0]
    if given is None or bool(back) == bool(ahead):
        return None
    return given - 1 if back else given
