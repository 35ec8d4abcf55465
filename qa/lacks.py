"""What the nearest passage lacks of what is asked, so that “no answer” is not the last word.

报告只有2024年的数字 tells the reader more than that there is no answer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from index import Hit

from .asked import AskedKind
from .confidence import absent_names, lacks_figure, other_years
from .understanding import Understood

LackKind = Literal["other-year", "not-named", "no-figure"]

_FIGURES: dict[AskedKind, tuple[str, str]] = {
    "number": ("数字", "figure"),
    "share": ("比例或增速", "share or rate"),
    "money": ("金额", "sum of money"),
    "rank": ("名次", "rank"),
    "when": ("时间", "date or time"),
}


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that is asked and that the nearest passage does not have.

    ``asked`` are the words of the question it is about, ``found`` what the passage has in their
    place. ``zh`` and ``en`` say so to people. ``subject`` is the region or body whose part of the
    question it is, where a question names several.
    """

    kind: LackKind
    asked: tuple[str, ...]
    found: tuple[str, ...]
    zh: str
    en: str
    subject: str | None = None


def lacks(understood: Understood, hit: Hit, subject: str | None = None) -> tuple[Lack, ...]:
    """What a hit lacks of what is asked; empty if it is only that it does not answer."""
    found = (_year(understood, hit), _name(understood, hit), _figure(understood, hit))
    return tuple(
        Lack(kind, tuple(asked), tuple(instead), zh, en, subject)
        for one in found
        for kind, asked, instead, zh, en in one
    )


_Said = Iterator[tuple[LackKind, Sequence[str], Sequence[str], str, str]]


def _year(understood: Understood, hit: Hit) -> _Said:
    asked = [understood.text[time.start : time.end] for time in understood.times]
    found = [f"{year}年" for year in sorted(other_years(understood, hit))]
    if found:
        zh = f"问的是{_all(asked)}，最接近的段落说的是{_all(found)}。"
        years = ", ".join(year.removesuffix("年") for year in found)
        yield (
            "other-year",
            asked,
            found,
            zh,
            f"You asked about {', '.join(asked)}; the nearest passage speaks of {years}.",
        )


def _name(understood: Understood, hit: Hit) -> _Said:
    names = absent_names(understood, hit)
    if names:
        english = f"The nearest passage does not mention {', '.join(names)}."
        yield "not-named", names, (), f"最接近的段落没有提到{_all(names)}。", english


def _figure(understood: Understood, hit: Hit) -> _Said:
    if lacks_figure(understood, hit):
        zh, en = _FIGURES[understood.asked.kind]
        english = f"The nearest passage gives no {en} of the kind asked for."
        yield "no-figure", (), (), f"最接近的段落里没有所问的{zh}。", english


def _all(words: Sequence[str]) -> str:
    return "、".join(words)
