"""Values of numerals in Chinese text: 1,234.5, 两万三千, 十几, 七八, 数百.

Only the numeral itself; what is counted or measured, and whether it is a figure at all, the words
around it tell.
"""

import re
from decimal import Decimal

from corpus import DIGITS, POWERS, chinese_value, spelt_value

_SPACES = " \u00a0\u2009\u202f"
# A space separates thousands too (GB/T 15835-2011), where no more digits follow in another column.
ARABIC = (
    r"(?:\d{1,3}(?:,\d{3}(?!\d))++(?:\.\d++)?"
    rf"|\d{{1,3}}(?:[{_SPACES}]\d{{3}}(?!\d))++(?:\.\d++)?(?=[%\u4e00-\u9fff])"
    r"|\d++(?:\.\d++)?)"
)
"""Arabic digits, half width, with or without separators of thousands."""

CHINESE = r"(?:[零〇一二两三四五六七八九十百千万亿几数]++(?:点[零〇一二三四五六七八九]++)?)"
"""Chinese numerals in Simplified script, with or without a decimal part."""

SCALE = r"(?:万亿|[千百十]?亿|[千百十]?万|千(?![瓦克米伏卡焦赫])|百(?!分))"
"""What multiplies an Arabic number: 50.54亿, 3千万. 千瓦 and 千米 are units of their own."""

_SOME = re.compile(r"[几数]")
# 两三年, 七八十, 十五六: one digit or the next. 三五 is said too, 一二三 is no number.
_NEIGHBOURS = re.compile(
    r"(?<![一二两三四五六七八九零〇])(一二|一两|两三|二三|三四|三五|四五|五六|六七|七八|八九)"
    r"(?![一二三四五六七八九零〇])"
)
_BY_DIGIT = re.compile(r"[零〇一二三四五六七八九]{2,}")


def chinese_range(numeral: str) -> tuple[Decimal, Decimal | None] | None:
    """The value of a Chinese numeral, and the highest it can mean where it leaves that open.

    十几 is 11 to 19, 数百 200 to 900, 七八 7 to 8; a leading 百, 千, 万 is one of them (近百).

    Args:
        numeral: what ``CHINESE`` matches.

    Returns:
        None if the characters make no number (十百, 一二三).
    """
    if numeral in {"几", "数"}:
        return None
    whole, _, decimals = numeral.partition("点")
    lowest, highest = _ends(whole)
    low, high = _integer(lowest), _integer(highest)
    if low is None or high is None:
        return None
    if decimals:
        fraction = Decimal("0." + "".join(str(DIGITS[digit]) for digit in decimals))
        low, high = low + fraction, high + fraction
    return low, None if high == low else high


def arabic_value(numeral: str) -> Decimal:
    """The value of what ``ARABIC`` matches."""
    return Decimal(re.sub(f"[,{_SPACES}]", "", numeral))


def factor(scale: str) -> int:
    """What a scale multiplies by: 10000 for 万, 1 for an empty one."""
    product = 1
    for character in scale:
        product *= POWERS[character]
    return product


def _ends(numeral: str) -> tuple[str, str]:
    """The lowest and the highest numeral meant by an approximate one, or an exact one twice."""
    if pair := _NEIGHBOURS.search(numeral):
        before, after = numeral[: pair.start()], numeral[pair.end() :]
        return f"{before}{pair[1][0]}{after}", f"{before}{pair[1][1]}{after}"
    if some := _SOME.search(numeral):
        before, after = numeral[: some.start()], numeral[some.end() :]
        return f"{before}{'一' if before else '二'}{after}", f"{before}九{after}"
    return numeral, numeral


def _integer(numeral: str) -> Decimal | None:
    if _BY_DIGIT.fullmatch(numeral):
        # 二〇二五 and 一二〇 are spelt digit by digit; 一二三 counts.
        spelt = "零" in numeral or "〇" in numeral
        value = spelt_value(numeral) if spelt else None
    else:
        leading = "一" if POWERS.get(numeral[0], 0) > POWERS["十"] else ""
        value = chinese_value(f"{leading}{numeral}")
    return None if value is None else Decimal(value)
