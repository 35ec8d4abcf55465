"""Figures in Chinese report text: amounts, shares, ranks and dates, with what qualifies them.

A number that is part of a name (十九大, “十四五”, 5G, 第一产业, 三门峡) is no figure. One is found
only where a unit follows, so that what looks like a number (一些, 统一, 百姓) is left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from index import simplified

from .dates import DATE, iso_of
from .names import is_name, quoted_names
from .numerals import ARABIC, CHINESE, SCALE, arabic_value, chinese_range, factor
from .qualifiers import Bound, Direction, Qualified, qualify
from .units import UNIT, Quantity, quantity_of, split_scale


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure and where it stands.

    ``start`` and ``end`` are the character range of its wording: number, unit and the words that
    bound it (约5.5%左右, 突破1600亿斤). ``value`` is the number before ``unit``, which keeps its
    scale (50.54, 亿元); ``upper`` is the highest one of a range (5%—6%, 两三年, 数百). Both are
    None for a date, which ``iso`` gives instead as far as it is known: ``2025-01-18``, ``2025``,
    ``--01-07`` without a year and ``---17`` without a month, as XML Schema writes them, and
    ``first/last`` of two.

    ``qualifiers`` are the words that qualify the figure, as they stand, those of growth (增长) and
    of intent (力争) among them, which are not part of its range. ``bound`` is what they say about
    the amount. ``direction`` is set where the figure is the amount of a change: 增长5% and
    5%的增速, not 提高到5%.
    """

    start: int
    end: int
    value: Decimal | None
    upper: Decimal | None
    unit: str
    quantity: Quantity
    qualifiers: tuple[str, ...] = ()
    bound: Bound | None = None
    direction: Direction | None = None
    iso: str | None = None

    @property
    def base_unit(self) -> str:
        """The unit without its scale: 元 of 亿元."""
        return split_scale(self.unit)[1]

    @property
    def base_value(self) -> Decimal | None:
        """The value in ``base_unit``; a share is in percent, so that 八成 equals 80%."""
        return None if self.value is None else self.value * self._factor

    @property
    def base_upper(self) -> Decimal | None:
        """``upper``, as ``base_value`` gives ``value``."""
        return None if self.upper is None else self.upper * self._factor

    @property
    def _factor(self) -> Decimal:
        return _IN_PERCENT.get(self.unit) or Decimal(factor(split_scale(self.unit)[0]))


_IN_PERCENT = {"成": Decimal(10), "‰": Decimal("0.1")}

_TO = r"(?:—{1,2}|[–－~～〜-]{1,2}|至|到)"
_HIGHEST_GRADE = 20
"""Earthquakes, winds and posts have no more."""
_ROUND = 100
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_BEGINS = r"(?<![\dA-Za-z.·+/_])(?<![A-Za-z]-)"
_SPACE = "[ \u3000\u00a0]?"


def _amount(number: int) -> str:
    """A pattern of numeral, scale and unit; ``number`` keeps the names of its groups apart."""
    sign = r"(?:零下|(?<![\dA-Za-z)）%-])[-−])?"
    return (
        rf"(?:{_BEGINS}(?P<arabic{number}>{sign}{ARABIC})|(?P<chinese{number}>{CHINESE}))"
        rf"(?P<more{number}>[余多来](?![、，。]))?{_SPACE}(?P<scale{number}>{SCALE})?"
        rf"(?P<beyond{number}>[余多])?{_SPACE}(?P<unit{number}>{UNIT})?"
    )


_BEGINNINGS = r"[-−\d零〇一二两三四五六七八九十百千万亿几数半过第前首榜元今去明上下次当同翌本]"
"""What any figure begins with; looked for first, as it takes far less time than to try them all."""

_FIGURE = re.compile(
    rf"(?={_BEGINNINGS})(?:(?P<date>{DATE})"
    rf"|第{_SPACE}(?P<ordinal>\d++|{CHINESE})(?P<of>{UNIT}|[代类位名章条款号强])?"
    rf"|前(?P<top>\d++|[一二两三四五六七八九十百]++)(?P<places>位|名|强|列)?"
    r"|(?P<first>首位|榜首)"
    rf"|(?P<parts>[百千万](?=分之)|{CHINESE}(?=分之)|{_BEGINS}\d++(?=分之))分之(?P<of_parts>{ARABIC}|{CHINESE})"
    rf"|{_BEGINS}(?P<over>\d++)/(?P<under>\d++)(?![\d/.年月])"
    r"|(?P<half>一半|半数|过半(?!百))"
    r"|半(?P<half_time>年|个月|天|个?小时|个世纪)(?P<half_more>多|余)?"
    rf"|{_amount(1)}(?:{_TO}{_amount(2)})?)"
)

_WIDE = str.maketrans(
    {
        chr(code): chr(code - 0xFEE0)
        for code in range(0xFF01, 0xFF5F)
        if chr(code) not in "，（）：；！？／～－"
    }
)
_WIDE_COMMA = re.compile(r"(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")
_ONLY_SCALE = re.compile("[百千万亿]")
_RANKED = re.compile(
    r"(?:全国|全省|全市|全区|世界|全球|国内|亚洲|东北|西部|中部|东部|地区|居|列|排|排名|位次|跃升至|跃至|升至|进至"
    r"|进入|迈入|跻身|保持|位|稳居|进|量|速|度|额|率|数)(?:前)?$"
)
_PLACED = re.compile(r"(?:排名?|名列|位列|列|居|位居|位次)(?:全\S|世界|全球)?$")
_ENDS_RANK = re.compile(r"$|[，。；、！？）)”\s和的大]")


def figures(text: str) -> list[Figure]:
    """Find the figures in a text, in order; none overlap.

    Takes time linear in the length of ``text``.

    Args:
        text: in either script, with digits of either width.
    """
    return list(_figures(text))


@lru_cache(4096)
def _figures(text: str) -> tuple[Figure, ...]:
    """Kept for the sentences of passages that are found again and again."""
    return tuple(_found(_form(text)))


def _form(text: str) -> str:
    """The text in Simplified script and half width, every character in its place."""
    form = _WIDE_COMMA.sub(",", text).translate(_WIDE)
    plain = simplified(form)
    return plain if len(plain) == len(form) else form


def _found(form: str) -> Iterator[Figure]:
    quoted = quoted_names(form)
    position = free = 0
    previous: Figure | None = None
    while match := _FIGURE.search(form, position):
        figure = _read(form, match, quoted, free)
        if figure:
            previous = _alike(form, previous, figure)
            yield previous
            position = free = previous.end
        else:
            position = max(match.start() + 1, _end_of_numeral(match))


def _alike(form: str, previous: Figure | None, figure: Figure) -> Figure:
    """The figure with the direction of the one it is joined to: 分别增长5%、6%."""
    joined = (
        previous
        and previous.quantity == figure.quantity
        and not figure.direction
        and form[previous.end : figure.start] in {"、", "和", "与", "及"}
    )
    return replace(figure, direction=previous.direction) if previous and joined else figure


def _end_of_numeral(match: re.Match[str]) -> int:
    """Where to look on after what was no figure: no numeral is read twice."""
    return max(match.end(name) for name in ("ordinal", "arabic1", "chinese1", "parts", "over"))


def _read(
    form: str, match: re.Match[str], quoted: list[tuple[int, int]], free: int
) -> Figure | None:
    if match["date"]:
        return _date(form, match, quoted)
    if match["ordinal"]:
        return _ordinal(form, match, quoted)
    if match["top"] or match["first"]:
        return _top(form, match)
    if match["parts"] or match["over"] or match["half"]:
        return _part(form, match, free)
    if match["half_time"]:
        return _half_time(form, match, free)
    return _amount_of(form, match, quoted, free)


def _date(form: str, match: re.Match[str], quoted: list[tuple[int, int]]) -> Figure | None:
    start, end = match.span()
    if is_name(form, (start, end), quoted=quoted):
        return None
    try:
        iso = iso_of(match.group())
    except ValueError:
        return None
    return Figure(start, end, None, None, "", "date", iso=iso)


def _ordinal(form: str, match: re.Match[str], quoted: list[tuple[int, int]]) -> Figure | None:
    start, end = match.span()
    value = _value(match["ordinal"])
    unit = match["of"] or ""
    if value is None or is_name(form, (start, end), quoted=quoted):
        return None
    ranked = _RANKED.search(form[max(start - 6, 0) : start]) and _ENDS_RANK.match(form, end)
    if unit in {"位", "名"} or ranked:
        return Figure(start, end, value[0], None, unit, "rank")
    if not unit or unit in {"方", "度", "产", "时"}:
        return None
    return Figure(start, end, value[0], None, unit, "ordinal")


def _top(form: str, match: re.Match[str]) -> Figure | None:
    """A rank without 第: 前三位, 居首位."""
    start, end = match.span()
    if not (match["places"] or _RANKED.search(form[max(start - 6, 0) : start])):
        return None
    if match["first"]:
        return Figure(start, end, Decimal(1), None, "", "rank")
    value = _value(match["top"])
    if value is None or (not match["places"] and not _ENDS_RANK.match(form, end)):
        return None
    unit = match["places"] or ""
    return Figure(start, end, value[0], None, unit, "rank", ("前",), "at most")


def _part(form: str, match: re.Match[str], free: int) -> Figure | None:
    """A share without a sign: 百分之五, 三分之一, 2/3, 一半."""
    if match["half"]:
        value, upper = Decimal(50), None
    else:
        whole = _value(match["parts"] or match["under"])
        part = _value(match["of_parts"] or match["over"])
        if not whole or not part or not 0 < part[0] <= whole[0]:
            return None
        value = 100 * part[0] / whole[0]
        upper = 100 * part[1] / whole[0] if part[1] else None
    around = qualify(form, *match.span(), inside="", after=free)
    return _figure(around, value, upper, "%", "share")


def _half_time(form: str, match: re.Match[str], free: int) -> Figure | None:
    start, end = match.span()
    if form[start - 1 : start] in {"上", "下", "前", "后", "大"} or form[end : end + 1] == "夜":
        return None
    around = qualify(form, start, end, inside=match["half_more"] or "", after=free)
    return _figure(around, Decimal("0.5"), None, match["half_time"], "duration")


@dataclass(frozen=True, slots=True)
class _Amount:
    """A numeral as it was matched, with its scale and unit."""

    start: int
    end: int
    value: Decimal
    upper: Decimal | None
    unit: str
    more: str
    chinese: bool

    @property
    def quantity(self) -> Quantity:
        scale, unit = split_scale(self.unit)
        return quantity_of(unit, scaled=bool(scale))


def _amount_of(
    form: str, match: re.Match[str], quoted: list[tuple[int, int]], free: int
) -> Figure | None:
    first, second = _matched(match, 1), _matched(match, 2)
    if first is None:
        return None
    amount = _range(form, first, second) or first
    around = qualify(form, amount.start, amount.end, inside=amount.more, after=free)
    counts = amount.quantity == "count"
    if is_name(
        form, (amount.start, amount.end), quoted=quoted, chinese=amount.chinese, counts=counts
    ) or not _is_measured(form, amount, around):
        return None
    if amount.unit == "位" and _PLACED.search(form[max(amount.start - 6, 0) : amount.start]):
        return _figure(around, amount.value, amount.upper, amount.unit, "rank")
    return _figure(around, amount.value, amount.upper, amount.unit, amount.quantity)


def _matched(match: re.Match[str], number: int) -> _Amount | None:
    arabic, chinese, more, scale, beyond, unit = (
        match[f"{name}{number}"] or ""
        for name in ("arabic", "chinese", "more", "scale", "beyond", "unit")
    )
    value = _value(arabic or chinese) if arabic or chinese else None
    if value is None:
        return None
    half = Decimal("0.5") if "半" in unit else 0  # 一年半, 三个半小时
    ends = [
        match.end(f"{name}{number}")
        for name in ("arabic", "chinese", "more", "scale", "beyond", "unit")
    ]
    return _Amount(
        start=max(match.start(f"arabic{number}"), match.start(f"chinese{number}")),
        end=max(ends),
        value=value[0] + half,
        upper=value[1],
        unit=scale + unit,
        more=more or beyond or ("多" if "个多" in unit else ""),
        chinese=bool(chinese),
    )


def _range(form: str, first: _Amount, second: _Amount | None) -> _Amount | None:
    """The range from one amount to another; None if they are two figures (从5%到6%)."""
    if second is None or not second.unit or form[first.start - 1 : first.start] in {"从", "由"}:
        return None
    scale, unit = split_scale(second.unit)
    own_scale, own_unit = split_scale(first.unit)
    if own_unit not in {"", unit}:
        return None
    # 3—5万元 are 3万 to 5万; 8000—1万元 are not 8000万.
    inherits = not own_scale and first.value < second.value
    low = first.value if inherits else first.value * factor(own_scale) / factor(scale)
    if low >= second.value:
        return None
    return replace(second, start=first.start, value=low, upper=second.upper or second.value)


def _is_measured(form: str, amount: _Amount, around: Qualified) -> bool:
    """Whether unit or surroundings make a figure of a number."""
    scale, unit = split_scale(amount.unit)
    if unit == "番":
        return "翻" in form[max(amount.start - 2, 0) : amount.start]
    if unit == "级":
        return amount.value <= _HIGHEST_GRADE
    if unit == "年":
        return amount.value < _FIRST_YEAR or amount.chinese
    if unit or scale:
        # 再上一个万亿元台阶 states no amount.
        return around.bound is not None or not _ONLY_SCALE.match(form, amount.start)
    if amount.chinese:
        return amount.value >= _ROUND and around.bound is not None
    is_year = _FIRST_YEAR <= amount.value < _LAST_YEAR and amount.value % 1 == 0
    stated = around.bound or not {"达到", "达"}.isdisjoint(around.words)
    return bool(stated and not is_year) or _fills_cell(form, amount)


def _fills_cell(form: str, amount: _Amount) -> bool:
    """Whether a number is all that a cell of a table holds; its unit stands in the head."""
    before = form[max(amount.start - 2, 0) : amount.start].rstrip(" ")
    after = form[amount.end : amount.end + 2].lstrip(" ")
    return before.endswith("|") and after.startswith("|")


def _figure(
    around: Qualified, value: Decimal, upper: Decimal | None, unit: str, quantity: Quantity
) -> Figure:
    return Figure(
        around.start,
        around.end,
        value,
        upper,
        unit,
        quantity,
        around.words,
        around.bound,
        around.direction,
    )


def _value(numeral: str) -> tuple[Decimal, Decimal | None] | None:
    digits = numeral.lstrip("-−零下")
    if digits[:1].isdecimal():
        value = arabic_value(digits)
        return -value if len(digits) < len(numeral) else value, None
    return {"百": (Decimal(100), None)}.get(numeral) or chinese_range(numeral)
