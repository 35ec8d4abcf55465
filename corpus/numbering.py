"""Numbers that headings begin with: 第一章, 一、, （一）, 1., （1）, ①, 专栏1, 一是, ——."""

import re
from dataclasses import dataclass

from .numerals import chinese_value, spelt_value

_CN = "[一二三四五六七八九十百零〇两]"

# From the outermost to the innermost, as official documents nest them (GB/T 9704).
# A level that a report leaves out is simply not there; the order stays.
_FAMILIES: tuple[tuple[str, str], ...] = (
    ("part", rf"第(?P<n>{_CN}+|\d+)(?:部分|[编篇卷])"),
    ("chapter", rf"第(?P<n>{_CN}+|\d+)章"),
    ("section", rf"第(?P<n>{_CN}+|\d+)节"),
    # 三、四线城市 is no third heading.
    ("cn", rf"(?P<n>{_CN}+)[、．.](?!{_CN})"),
    ("cn_paren", rf"[（(〔〈](?P<n>{_CN}+)[）)〕〉][、.．]?"),
    # 1.05万 and 2024.6 are numbers, not the first and the 2024th heading.
    ("arabic", r"(?P<n>\d{1,2})[.．、](?!\d)"),
    ("decimal", r"\d{1,2}\.(?P<n>\d{1,2})[.．、]?(?=\s|[\u4e00-\u9fff“《])"),
    ("arabic_paren", r"[（(]?(?P<n>\d{1,2})[）)][、.．]?"),
    ("circled", r"(?P<n>[①-⑳])"),
    ("box", r"专栏\s*(?P<n>\d*|[一二三四五六七八九十]*)(?=\s|[：:]|$)[：:]?"),
    ("point", rf"(?P<n>{_CN}+)(?:是|要)"),
    ("dash", r"(?P<n>)(?:[—―─]{1,4}|-{2,4})(?=[^\s—―─-])"),
)
_PATTERNS = tuple((name, re.compile(pattern)) for name, pattern in _FAMILIES)
RANKS = {name: rank for rank, (name, _) in enumerate(_FAMILIES)}


@dataclass(frozen=True, slots=True)
class Label:
    """The number a line begins with: its family, its value if it has one, and where it ends."""

    family: str
    number: int | None
    end: int

    @property
    def rank(self) -> int:
        """How deep the family nests; 0 is the outermost."""
        return RANKS[self.family]

    @property
    def is_item(self) -> bool:
        """Whether lists of short points are numbered so as often as headings are."""
        return self.rank >= RANKS["arabic"]


def label_of(text: str) -> Label | None:
    """The number at the start of ``text``, if it begins with one."""
    for family, pattern in _PATTERNS:
        match = pattern.match(text)
        if match and match.end() < len(text):
            end = match.end() + len(text[match.end() :]) - len(text[match.end() :].lstrip())
            return Label(family, _value(match["n"]), end)
    return None


def _value(digits: str) -> int | None:
    if digits.isdecimal():
        return int(digits)
    if len(digits) == 1 and "①" <= digits <= "⑳":
        return ord(digits) - ord("①") + 1
    return chinese_number(digits)


def chinese_number(numeral: str) -> int | None:
    """The value of a Chinese number, or of digits read one by one (二〇二五)."""
    value = spelt_value(numeral)
    return chinese_value(numeral) if value is None and numeral else value
