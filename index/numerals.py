"""Numerals in one form, however they are written: 一百二十万, 120万 and 1,200,000 become 1200000.

Chinese numerals are read by a grammar of their own: ``cn2an`` turns 十九大 into 19大 and 三农 into
3农. A numeral counts as a number only where it measures something, so that names made with one
(十九大, 十五五, 五一, 一带一路) stay words.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from corpus import DIGITS, POWERS, chinese_value

_YEAR_DIGITS = {digit: str(value) for value, digit in enumerate("〇一二三四五六七八九")} | {
    "零": "0",
    "○": "0",
    "o": "0",
    "0": "0",
}
"""Digits of a year in Chinese; ○, the letter o and 0 are often typed for 〇."""
# A space separates thousands too (GB/T 15835-2011), where no more digits follow in another column.
_ARABIC = (
    r"(?<![0-9.])(?:[0-9]{1,3}(?:,[0-9]{3}){1,4}"
    r"|[0-9]{1,3}(?: [0-9]{3}){1,4}(?=(?:\.[0-9]{1,9})?[%\u4e00-\u9fff])"
    r"|[0-9]{1,15})(?:\.[0-9]{1,9})?(?![0-9])"
)
_CHINESE = r"(?<![几数])[零一二两三四五六七八九十][零一二两三四五六七八九十百千万亿]*"
_DECIMALS = r"(?:点[零一二三四五六七八九]+[百千万亿]*)?"
_MONTH = r"1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]"
_DAY = r"[12][0-9]|3[01]|0?[1-9]|二?十[一二三四五六七八九]?|三十一?|[一二三四五六七八九]"

_MEASURES = (
    "个|家|项|名|位|人|户|口|件|次|条|座|所|处|场|种|类|批|支|届|台|套|辆|艘|架|列|栋|幢|间|张|块|"
    "只|头|株|棵|亩|公顷|平方|立方|米|公里|千米|里|吨|公斤|斤|克|升|千瓦|度|元|美元|角|年|月|日|"
    "天|小时|分钟|周|季度|岁|倍|级|层|期|轮|岗|站|门|部|篇|册|片|份|对|双|组|队|镇|乡|村|县|市|省"
)
"""What follows a number below a hundred. Not 大, as in 十九大, and not 分, as in 十分."""

_PATTERN = re.compile(
    rf"(?:(?P<year>[0-9]{{4}}|[{''.join(_YEAR_DIGITS)}]{{4}})年)?"
    rf"(?<![0-9零一二两三四五六七八九十])(?P<month>{_MONTH})月"
    rf"(?:(?P<day>{_DAY})[日号])?"
    rf"|(?P<bare_year>[{''.join(_YEAR_DIGITS)}]{{4}})(?=年)"
    r"|(?<![0-9])(?P<y>(?:19|20)[0-9]{2})(?P<mark>[-./])(?P<m>1[0-2]|0?[1-9])(?P=mark)"
    r"(?P<d>3[01]|[12][0-9]|0?[1-9])(?![0-9])"
    rf"|百分之(?P<hundredths>{_ARABIC}|[零一二两三四五六七八九十百]+{_DECIMALS})"
    rf"|(?P<percent>{_ARABIC})%"
    # 三成 is 30 %; 第三成立, 十三成 and 一成不变 are not.
    r"|(?<![第零一二三四五六七八九十百千万亿])(?P<tenths>[一二两三四五六七八九])成"
    r"(?P<half>半|[一二三四五六七八九])?(?=以上|以下|以内|左右|多|的|[^\w]|$)"
    rf"|(?P<arabic>(?:{_ARABIC}[百千万亿]*(?<=[百千万亿]))+(?:{_ARABIC})?|{_ARABIC})"
    rf"|(?P<chinese>{_CHINESE}{_DECIMALS})(?P<measure>{_MEASURES})?"
)


def numerals(form: str) -> list[str]:
    """Return the numbers of a text in canonical form, where the text writes them otherwise.

    Whole and decimal numbers in digits without separators or units (``25000``), percentages with
    ``%``, months and days as ``1月`` and ``1月18日``, years as four digits.

    Args:
        form: text as ``tokens.normalised`` gives it.
    """
    return [number for match in _PATTERN.finditer(form) for number in _canonical(match)]


def _canonical(match: re.Match[str]) -> Iterator[str]:
    """The canonical forms of one match, without those that stand there already."""
    for name, read in _READERS.items():
        if match[name]:
            yield from (form for form in read(match) if form != match[0])


def _date(match: re.Match[str]) -> Iterator[str]:
    year, month = match["year"], _small(match["month"])
    if year and not year.isdigit():
        yield _year(year)
    yield f"{month}月"
    if match["day"]:
        yield f"{month}月{_small(match['day'])}日"


def _numeric_date(match: re.Match[str]) -> Iterator[str]:
    month, day = int(match["m"]), int(match["d"])
    yield from (match["y"], f"{month}月", f"{month}月{day}日")


def _percentage(match: re.Match[str]) -> Iterator[str]:
    numeral = match["hundredths"] or match["percent"]
    value = Decimal(100) if numeral == "百" else _decimal(numeral)
    if value is not None:
        yield f"{_plain(value)}%"


def _tenths(match: re.Match[str]) -> Iterator[str]:
    half = match["half"] or "零"
    yield f"{DIGITS[match['tenths']] * 10 + (5 if half == '半' else DIGITS[half])}%"


def _arabic(match: re.Match[str]) -> Iterator[str]:
    if not match["arabic"].isdigit() and (value := _decimal(match["arabic"])) is not None:
        yield _plain(value)


def _chinese(match: re.Match[str]) -> Iterator[str]:
    numeral = match["chinese"]
    value = _decimal(numeral)
    article = numeral == "一"  # 一个, 一项
    large = value is not None and value >= 100 and "点" not in numeral
    if value is not None and (large or (match["measure"] and not article)):
        yield _plain(value)


_READERS: dict[str, Callable[[re.Match[str]], Iterator[str]]] = {
    "month": _date,
    "bare_year": lambda match: iter([_year(match["bare_year"])]),
    "y": _numeric_date,
    "hundredths": _percentage,
    "percent": _percentage,
    "tenths": _tenths,
    "arabic": _arabic,
    "chinese": _chinese,
}


def _decimal(numeral: str) -> Decimal | None:
    """The value of digits with units (1.2亿, 3亿5000万) or of a Chinese numeral (三点五万)."""
    if numeral[0] in "0123456789":
        pieces = re.findall(r"([0-9,. ]+)([百千万亿]*)", numeral)
        return sum((_times(_digits(digits), units) for digits, units in pieces), Decimal(0))
    whole, _, rest = numeral.partition("点")
    value = chinese_value(whole)
    if value is None:
        return None
    digits = rest.rstrip("百千万亿")
    fraction = "".join(str(DIGITS[digit]) for digit in digits)
    return _times(Decimal(f"{value}.{fraction or 0}"), rest[len(digits) :])


def _digits(digits: str) -> Decimal:
    return Decimal(digits.replace(",", "").replace(" ", ""))


def _times(value: Decimal, units: str) -> Decimal:
    for unit in units:
        value *= POWERS[unit]
    return value


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _year(digits: str) -> str:
    return "".join(_YEAR_DIGITS[digit] for digit in digits)


def _small(numeral: str) -> int:
    return int(numeral) if numeral.isdigit() else chinese_value(numeral) or 0
