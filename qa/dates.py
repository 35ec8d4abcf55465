"""Dates in running text (2025年1月18日, 1月7日, 去年底, 16日、17日) and their form in ISO 8601."""

import re
from datetime import date

from .numerals import chinese_range

_YEAR = r"(?:(?<![\d.])(?:19|20)\d\d|[一二][九〇零][零〇一二三四五六七八九]{2})"
_RELATIVE = r"(?:今年|去年|明年|前年|上年(?!同期)|次年|当年|同年|翌年|本月|上月|当月|同月)"
_MONTH = r"(?:(?<![\d.])\d{1,2}|十[一二]?|[一二三四五六七八九元])月(?:份|底|初|末|上旬|中旬|下旬)?"
_DAY = r"(?:\d{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_DAY_MARK = r"(?:日(?![均常益])|号(?![线楼文令院公井机门店]))"
_PART = r"(?:[上下]半年|(?:前|第)?[一二三四1-4]季度|[年]?[底末初中](?![国央共])|年代[初末]?)"
_TO = r"(?:—{1,2}|[–－~～〜―-]|至|到)"
_MONTH_DAY = rf"(?:{_MONTH}(?:{_DAY}{_DAY_MARK})?)"
_POINT = rf"(?:(?:{_YEAR}年度?|{_RELATIVE})(?:的?{_MONTH_DAY}|{_PART})?|{_MONTH_DAY})"
_MARK = r"[-/.]"

DATE = (
    rf"(?:{_YEAR}{_MARK}\d{{1,2}}{_MARK}\d{{1,2}}(?![\d.])"
    rf"|{_YEAR}{_TO}{_YEAR}(?:年度?|学年)"
    rf"|{_POINT}(?:(?:[、和及与]|{_TO}){_DAY}{_DAY_MARK}){{0,6}}+(?:{_TO}{_POINT})?"
    rf"|(?<![\d.月一二三十]){_DAY}日(?![均常益])(?:[、和及与至]{_DAY}日){{0,6}}+"
    rf"|(?:\d{{2}}世纪(?:\d0年代[初末]?)?|(?<!\d)[1-9]0年代[初末]?)"
    r"|(?:[上下]半年|(?:前|第)?[一二三四1-4]季度))"
)
"""A date, or several days or the first and last of a time; the calendar may have no such day."""

_MARKED = re.compile(rf"{_MARK}(?=\d)")
_PIECE = re.compile(
    rf"(?P<year>{_YEAR})(?=年|学年|{_TO})|(?P<month>\d{{1,2}}|[一二三四五六七八九十元]{{1,2}})(?=月)"
    rf"|(?P<day>{_DAY})(?=[日号])"
)
_VAGUE = re.compile(r"年代|世纪|季度|半年|年[底末初中]|月[底末初上中下]")


def iso_of(wording: str) -> str | None:
    """The date that ``DATE`` matched, in ISO 8601, as precise as it is stated.

    Without a year or a month it is truncated as in XML Schema: ``--01-07``, ``--01``, ``---17``.
    Of several days it is ``first/last``.

    Returns:
        None where the text only says about when (年底) or counts from the report (去年).

    Raises:
        ValueError: the calendar has no such day.
    """
    parts = _MARKED.split(wording)
    if len(parts) == 3:
        return date(*map(int, parts)).isoformat()
    pieces = [(str(match.lastgroup), _number(match.group())) for match in _PIECE.finditer(wording)]
    isos: list[str] = []
    seen: dict[str, int] = {}
    for index, (name, number) in enumerate(pieces):
        seen = {key: value for key, value in seen.items() if _WIDTH[key] < _WIDTH[name]}
        seen[name] = number
        if index + 1 == len(pieces) or _WIDTH[pieces[index + 1][0]] <= _WIDTH[name]:
            isos.append(_iso(seen))
    if not isos or _VAGUE.search(wording):
        return None
    return isos[0] if len(isos) == 1 else f"{isos[0]}/{isos[-1]}"


_WIDTH = {"year": 0, "month": 1, "day": 2}


def _number(numeral: str) -> int:
    if numeral == "元":  # 元月 is January
        return 1
    if numeral.isdecimal():
        return int(numeral)
    value = chinese_range(numeral)
    if value is None:
        raise ValueError(numeral)
    return int(value[0])


def _iso(seen: dict[str, int]) -> str:
    """The parts of a date that are known, checked against the calendar of a leap year."""
    date(seen.get("year", 2000), seen.get("month", 1), seen.get("day", 1))
    year = f"{seen['year']:04}" if "year" in seen else "-"
    month = f"-{seen['month']:02}" if "month" in seen else "-" if "day" in seen else ""
    day = f"-{seen['day']:02}" if "day" in seen else ""
    return f"{year}{month}{day}"
