"""The time that a report looks back on, from its title, its headings and its date.

A year in a title may be that of the work (2024年工作总结) or that of the report
(2025年政府工作报告): the words after it tell, or the date does.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .dates import YEAR, interval_of_days, is_iso_date, iso_date, year_number
from .numbering import chinese_number

_TO = r"\s*(?:[—–－~～―-]{1,2}|至|到)\s*"
_EXPRESSION = re.compile(
    rf"(?<!\d)(?P<first>{YEAR})\s*年?{_TO}(?P<last>{YEAR})(?!\d)\s*(?:学?年度?)?"
    rf"|(?<!\d)(?P<year>{YEAR})(?![\d.-])(?:\s*年度?|(?!\s*年))\s*"
    rf"(?:(?P<half>[上下]?半年度?)|第?(?P<quarter>[一二三四1-4])季度"
    rf"|(?P<from>\d{{1,2}})\s*月?{_TO}(?P<to>\d{{1,2}})\s*月份?|(?P<month>\d{{1,2}})\s*月份?)?"
    r"(?!\s*\d{1,2}\s*[月日号])"
    r"|“?(?P<plan>十[一二三四五])五”?(?:时期|期间|规划)"
    r"|(?:过去|近|这|前|刚刚过去)的?\s*(?P<past>[一两二三四五六七八九十])年"
    r"|(?P<since>[两二三四五六七八九十])年(?:以)?来"
)
_REPORTED = re.compile(
    rf"(?:报告期间?|时间范围|报告时限|统计期间)[^\d。；\n]{{0,8}}(?P<first>\d{{4}}年\d{{1,2}}月\d{{1,2}}日)"
    rf"起?{_TO}(?P<last>(?:\d{{4}}年)?\d{{1,2}}月\d{{1,2}}日)"
)
_BACK = re.compile(
    r"回顾|总结|回眸|(?:完成|执行|工作|开展|实施|落实)情况|情况的?(?:报告|汇报)|成效|成绩|成就|所做"
    r"|年报|年度(?:工作)?报告|度(?:工作)?报告|纪实|综述|公报|述职|社会责任|可持续发展|白皮书|质量报告"
)
_AHEAD = re.compile(
    r"目标|任务|安排|打算|计划(?!.{0,4}(?:执行|完成))|草案|要求|思路|重点|部署|展望|要点|规划(?!.{0,4}实施)|谋划|意见"
)
_IN_BRACKETS = re.compile(r"[（(](?P<inside>[^（）()]+)[）)]$")
_WORK = re.compile(r"(?<!政府)工作报告$|主要工作|工作$")

_EARLY, _LATE = 4, 12
"""Until April a report of the past year is given, and in December one of the year that ends."""


@dataclass(frozen=True, slots=True)
class _Time:
    """A time that a text names: ISO 8601 of its first and last part, and where it stands."""

    first: str
    last: str
    start: int
    end: int

    @property
    def iso(self) -> str:
        return self.first if self.first == self.last else f"{self.first}/{self.last}"


def read_period(
    titles: Sequence[str], headings: Sequence[str], date: str | None, source: str
) -> tuple[str, str] | None:
    """The time that a report looks back on as ISO 8601, and the words that say so.

    Args:
        titles: the title and the subtitle.
        headings: those of the outermost level, in order.
        date: when the report was given or written, as far as known. 过去五年 is told by it.
        source: the whole text, which may say 报告期为2024年1月1日至12月31日.
    """
    if match := _REPORTED.search(source):
        first, last = iso_date(match["first"]), iso_date(match["last"])
        last = last or iso_date(f"{match['first'][:5]}{match['last']}")
        if first and last and is_period(whole := interval_of_days(first, last)):
            return whole, match.group()
    for line in (*titles, *headings):
        if time := _looked_back_on(line, date, bracketed=line in titles):
            return time.iso, line
    for line in (*headings, *titles):
        if time := _of_work(line, headings, date):
            return time.iso, line
    return None


def is_period(text: str) -> bool:
    """Whether a text is a date or an interval of ISO 8601: ``2024``, ``2020/2024``, ``2024-05``."""
    parts = text.split("/")
    alike = len(parts) <= 2 and len({len(part) for part in parts}) == 1
    return alike and parts == sorted(set(parts)) and all(map(is_iso_date, parts))


def _looked_back_on(line: str, date: str | None, *, bracketed: bool) -> _Time | None:
    """The widest time before a word that looks back, with no word in between that looks ahead."""
    back = _BACK.search(line)
    if back is None:
        return None
    times = [
        time
        for time in _times(line, date)
        if time.end <= back.end() and not _AHEAD.search(line[time.end : back.end()])
    ]
    inside = _IN_BRACKETS.search(line) if bracketed else None
    if not times and inside and (match := _EXPRESSION.fullmatch(inside["inside"].strip())):
        times = [time for time in [_time(match, date)] if time]
    return max(times, key=lambda time: int(time.last[:4]) - int(time.first[:4]), default=None)


def _of_work(line: str, headings: Sequence[str], date: str | None) -> _Time | None:
    """The year of a heading or title that only speaks of work, where another year comes after it.

    That is the year of the report, or one that another heading looks ahead to.
    """
    if not _WORK.search(line) or _AHEAD.search(line):
        return None
    for time in _times(line, date):
        ahead = [
            other.first
            for heading in headings
            if _AHEAD.search(heading)
            for other in _times(heading, date)
        ]
        if "/" in time.iso or any(time.last < later for later in [*ahead, _year_of(date)]):
            return time
    return None


def _year_of(date: str | None) -> str:
    return (date or "")[:4]


def _times(line: str, date: str | None) -> Iterator[_Time]:
    for match in _EXPRESSION.finditer(line):
        if time := _time(match, date):
            yield time


def _time(match: re.Match[str], date: str | None) -> _Time | None:
    if match["first"]:
        first, last = (str(year_number(match[name])) for name in ("first", "last"))
    elif match["year"]:
        first, last = _part_of_year(match)
    elif match["plan"]:
        end = 1955 + 5 * (chinese_number(match["plan"]) or 0)  # 十四五: 2021 to 2025
        first, last = str(end - 4), str(end)
    else:
        years = chinese_number(match["past"] or match["since"]) or 0
        end = _last_full_year(date)
        first, last = str(end - years + 1), str(end)
    time = _Time(first, last, match.start(), match.end())
    return time if is_period(time.iso) else None


def _part_of_year(match: re.Match[str]) -> tuple[str, str]:
    """The first and the last month that are named, or the year twice."""
    year = year_number(match["year"])
    if match["half"]:
        first, last = (7, 12) if match["half"].startswith("下") else (1, 6)
    elif match["quarter"]:
        last = 3 * (chinese_number(match["quarter"]) or int(match["quarter"]))
        first = last - 2
    elif match["from"]:
        first, last = int(match["from"]), int(match["to"])
    elif match["month"]:
        first = last = int(match["month"])
    else:
        first, last = 1, 12
    if (first, last) == (1, 12):
        return str(year), str(year)
    return f"{year}-{first:02}", f"{year}-{last:02}"


def _last_full_year(date: str | None) -> int:
    """The last year that is over, or about to be, at a date; 0 where that is not clear."""
    if not date or len(date) == len("2025"):
        return 0
    year, month = int(date[:4]), int(date[5:7])
    return year - 1 if month <= _EARLY else year if month == _LATE else 0
