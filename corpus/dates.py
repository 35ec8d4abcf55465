"""Dates as Chinese reports write them (2025年1月18日, 二〇二五年一月), and as ISO 8601."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from .numbering import chinese_number

_ZERO = "〇○◯零0０oOｏＯ"
_ONES = "一二三四五六七八九"

YEAR = rf"(?:(?:19|20|１９|２０)\d\d|(?:一九|二[{_ZERO}])[{_ZERO}{_ONES}]{{2}})"
"""A year from 1900 to 2099, its digits in Arabic or Chinese."""

_MONTH = r"(?:\d{1,2}|[一二三四五六七八九十]{1,2}|元)"
_DAY = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_MARK = r"[-/.．／－]"

DATE = (
    rf"(?<!\d)(?:{YEAR}\s*年\s*{_MONTH}\s*月(?!份)(?:\s*{_DAY}\s*[日号])?"
    rf"|{YEAR}{_MARK}\d{{1,2}}{_MARK}\d{{1,2}}(?!\d))"
)
"""A date of at least a year and a month; it may still have a 13th month."""

_DATE = re.compile(DATE)
_LOOSE = re.compile(
    rf"{DATE}"
    r"|(?<!\d)(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?=\d{6}(?!\d)|(?!\d))"
    rf"|(?<!\d){YEAR}(?:{_MARK}\d{{1,2}}(?![\d.])|\s*年?(?![\d年.]))"
)
_LINE = re.compile(
    rf"[（(]?\s*{DATE}\s*(?:(?:至|到|[—–－~～-]{{1,2}})\s*(?:{_MONTH}\s*月\s*)?{_DAY}\s*[日号])?"
    r"\s*(?:[（(]?(?:星期|周)[一二三四五六日天][）)]?)?\s*(?:\d{1,2}:\d{2}(?::\d{2})?)?\s*[）)]?"
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")
_NUMBER = re.compile(rf"\d+|[{_ZERO}{_ONES}十]+|元(?=\s*月)")
_STATED = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?", re.ASCII)
_ZEROS = str.maketrans(dict.fromkeys(_ZERO, "〇"))


def dates_in(text: str) -> Iterator[tuple[str, int]]:
    """The dates in running text as ISO 8601, as precise as they stand there, and where each ends.

    What is no date of the calendar, such as a 30 February, is left out, not cut to its year.
    """
    return _found(_DATE, text)


def iso_date(text: str) -> str | None:
    """The first date in running text as ISO 8601, as precise as it stands there."""
    return next((found for found, _ in dates_in(text)), None)


def stated_dates(value: str) -> Iterator[str]:
    """The dates in a value or a name, where also ``2025`` and ``20250118`` are some."""
    return (found for found, _ in _found(_LOOSE, value))


def is_date_line(text: str) -> bool:
    """Whether a line is a date, or a range of days, and nothing else."""
    return bool(_LINE.fullmatch(text))


def is_iso_date(text: str) -> bool:
    """Whether a text is a date of ISO 8601: ``2025-01-18``, ``2025-01`` or ``2025``."""
    return bool(_STATED.fullmatch(text)) and _iso([int(part) for part in text.split("-")]) == text


def interval_of_days(first: str, last: str) -> str:
    """Two days of ISO 8601 as an interval: of years or months, if it is made of whole ones."""
    end = date.fromisoformat(last) + timedelta(days=1)
    if first.endswith("-01-01") and (end.month, end.day) == (1, 1):
        first, last = first[:4], last[:4]
    elif first.endswith("-01") and end.day == 1:
        first, last = first[:7], last[:7]
    return first if first == last else f"{first}/{last}"


def year_number(text: str) -> int:
    """The value of a year that ``YEAR`` matches."""
    return int(text) if text.isdecimal() else chinese_number(text.translate(_ZEROS)) or 0


def _found(pattern: re.Pattern[str], text: str) -> Iterator[tuple[str, int]]:
    for match in pattern.finditer(text):
        compact = _COMPACT.fullmatch(match.group())
        parts = compact.groups() if compact else _NUMBER.findall(match.group())
        if iso := _iso([_value(part) for part in parts]):
            yield iso, match.end()


def _value(part: str) -> int:
    if part == "元":  # 元月 is January
        return 1
    return int(part) if part.isdecimal() else chinese_number(part.translate(_ZEROS)) or 0


def _iso(numbers: list[int]) -> str | None:
    """A year with or without month and day as ISO 8601; None if the calendar has no such day."""
    try:
        date(*[*numbers, 1, 1][:3])
    except ValueError:
        return None
    return "-".join([f"{numbers[0]:04}", *(f"{number:02}" for number in numbers[1:])])
