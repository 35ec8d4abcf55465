"""List numbers as word processors write them: 十一, 壹, 甲, ①, xiv, aa.

The formats are those of ST_NumberFormat (ECMA-376 part 1, 17.18.59) that Chinese documents use.
"""

import re
from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_LEGAL_TRADITIONAL = "零壹貳參肆伍陸柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_MOST = 9999
"""The largest number that is written in anything but decimal digits; no list is longer."""


def format_number(count: int, number_format: str) -> str:
    """A list number as Word shows it; in decimal digits where the format has no sign for it."""
    if number_format == "none":
        return ""
    write = _FORMATS.get(number_format)
    return (write(count) if write and 0 < count <= _MOST else "") or str(count)


def _grouped(digits: str, units: str) -> Callable[[int], str]:
    """Numbers with a unit after each digit: 一百零一, 壹拾贰."""

    def write(count: int) -> str:
        places = zip(str(count), ("", *units)[len(str(count)) - 1 :: -1], strict=True)
        text = "".join(
            digits[int(digit)] + unit if digit != "0" else "零" for digit, unit in places
        )
        return re.sub("零+", "零", text).rstrip("零")

    return write


_thousands = _grouped("零一二三四五六七八九", "十百千")


def _counting(count: int) -> str:
    """十一 and 二十, but never 一十; above 99 with a unit for each place."""
    text = _thousands(count)
    return text.removeprefix("一") if count < 20 and count > 9 else text


def _counting_or_digits(count: int) -> str:
    """As above up to 99, then digit by digit: 一〇一."""
    return _counting(count) if count < 100 else _digit_by_digit(count)


def _digit_by_digit(count: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(count))


def _full_width(count: int) -> str:
    return "".join(chr(ord("０") + int(digit)) for digit in str(count))


def _signs(signs: str) -> Callable[[int], str]:
    """One sign for each number, as far as they reach."""
    return lambda count: signs[count - 1 : count]


def _run(first: str, length: int) -> Callable[[int], str]:
    return _signs("".join(chr(ord(first) + place) for place in range(length)))


def _letters(count: int) -> str:
    """A to z, then aa, bb: the same letter once more (not as columns of a spreadsheet)."""
    repeats, place = divmod(count - 1, 26)
    return chr(ord("a") + place) * (repeats + 1)


def _roman(count: int) -> str:
    text = ""
    for amount, letters in _ROMAN:
        text += letters * (count // amount)
        count %= amount
    return text


def _cycle(count: int) -> str:
    """The sexagenary cycle: 甲子 to 癸亥."""
    return _STEMS[(count - 1) % 10] + _BRANCHES[(count - 1) % 12]


_FORMATS: dict[str, Callable[[int], str]] = {
    "chineseCounting": _counting_or_digits,
    "taiwaneseCounting": _counting_or_digits,
    "chineseCountingThousand": _counting,
    "taiwaneseCountingThousand": _counting,
    "japaneseCounting": _counting,
    "ideographDigital": _digit_by_digit,
    "japaneseDigitalTenThousand": _digit_by_digit,
    "taiwaneseDigital": _digit_by_digit,
    "chineseLegalSimplified": _grouped(_LEGAL, "拾佰仟"),
    "ideographLegalTraditional": _grouped(_LEGAL_TRADITIONAL, "拾佰仟"),
    "ideographTraditional": _signs(_STEMS),
    "ideographZodiac": _signs(_BRANCHES),
    "ideographZodiacTraditional": _cycle,
    "ideographEnclosedCircle": _run("㊀", 10),
    "decimalEnclosedCircle": _run("①", 20),
    "decimalEnclosedCircleChinese": _run("①", 20),
    "decimalEnclosedParen": _run("⑴", 20),
    "decimalEnclosedFullstop": _run("⒈", 20),
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalZero": lambda count: f"{count:02}",
    "numberInDash": lambda count: f"- {count} -",
    "lowerLetter": _letters,
    "upperLetter": lambda count: _letters(count).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda count: _roman(count).upper(),
}
