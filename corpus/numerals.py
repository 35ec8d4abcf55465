"""Values of Chinese numerals: 一百二十万, 两千三, 二〇二五."""

import re

DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
POWERS = {"十": 10, "百": 10**2, "千": 10**3, "万": 10**4, "亿": 10**8}

LONGEST = 40
"""Characters of a numeral; 9999万亿 written out in full has fewer."""

_SECTION = re.compile(
    r"(?:(?P<千>[一二两三四五六七八九])千)?零?(?:(?P<百>[一二两三四五六七八九])百)?(?P<gap>零?)"
    r"(?:(?P<十>[一二三四五六七八九]?)十)?零?(?P<一>[一二两三四五六七八九]?)"
)
"""A number below ten thousand."""


def chinese_value(numeral: str) -> int | None:
    """The value of a Chinese numeral such as 一百二十万 or 两千三; None for other text.

    Without tens, a last digit counts the next lower unit, as in speech: 两千三 is 2300.
    """
    if len(numeral) > LONGEST:
        return None
    for unit in "亿万":
        high, mark, low = numeral.rpartition(unit)
        if mark:
            return _with_unit(chinese_value(high), low, POWERS[unit])
    if numeral == "零":
        return 0
    match = _SECTION.fullmatch(numeral)
    if not match or not numeral.strip("零"):
        return None
    thousands, hundreds = DIGITS.get(match["千"], 0), DIGITS.get(match["百"], 0)
    tens = 0 if match["十"] is None else DIGITS.get(match["十"], 1)
    ones = DIGITS.get(match["一"], 0)
    if (thousands or hundreds) and match["十"] is None and "零" not in numeral:
        ones *= 10 if hundreds else 100
    return thousands * 1000 + hundreds * 100 + tens * 10 + ones


def _with_unit(high: int | None, low: str, unit: int) -> int | None:
    """The value of ``high`` times a unit and what follows it."""
    if len(low) == 1 and low in DIGITS:
        rest: int | None = DIGITS[low] * unit // 10
    else:
        rest = chinese_value(low.removeprefix("零")) if low else 0
    if not high or rest is None or rest >= unit:
        return None
    return high * unit + rest


def spelt_value(numeral: str) -> int | None:
    """The value of digits read one by one, such as 二〇二五; None for other text."""
    if not numeral or not all(digit in DIGITS for digit in numeral):
        return None
    return int("".join(str(DIGITS[digit]) for digit in numeral))
