"""Whether the passages that a written sentence cites bear it out: its quotations and its figures.

A language model that writes over passages may alter a figure, put words into quotation marks that
nobody said, or cite nothing. Those can be told by comparing. Whether the sentence draws the right
conclusion cannot; a sentence without faults is one in which none of these was found.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .figures import Figure, figures
from .table_figures import figures_of_row
from .types import Passage
from .units import same_unit

FaultKind = Literal["uncited", "quote", "figure", "address"]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a sentence that its sources do not have.

    ``text`` are the words of the sentence that it is about. ``zh`` and ``en`` say so to people.
    """

    kind: FaultKind
    text: str
    zh: str
    en: str


_QUOTED = re.compile(r"“([^”]+)”|「([^」]+)」|『([^』]+)』|\"([^\"]+)\"")
_ENDS_QUOTE = "。，、；：！？,.;:!?"
_NUMBER = re.compile(r"\d+(?:[,，]\d{3})*(?:\.\d+)?")
_ADDRESS = re.compile(r"(?:https?:|//|www\.)[^\s，。；、）)]+", re.IGNORECASE)

_BOUNDS = {"at least": "more", "more than": "more", "at most": "less", "less than": "less"}
"""以上 and 突破 bound a figure on the same side, and so do 以内 and 不足."""


def faults_of(sentence: str, sources: Sequence[Passage]) -> list[Fault]:
    """What a sentence says that the passages it cites do not.

    Quotations have to stand in a passage, its headings or its report's title character for
    character, white space aside. A figure has to be there with its value and unit, in whatever
    spelling (八成, 80%); one that is bounded (超过, 约) or is a change (增长, 下降) has to be so
    there too.

    Args:
        sentence: as it was written, without the marks of its sources.
        sources: the passages it cites.

    Returns:
        Nothing if none was found.
    """
    if not sources:
        return [Fault("uncited", sentence, "这句话没有注明出处。", "This sentence cites nothing.")]
    texts = [_told(passage) for passage in sources]
    found = [figure for passage in sources for figure in _figures(passage)]
    return [
        *_false_quotes(sentence, "\n".join(texts)),
        *_false_figures(sentence, found, "\n".join(texts)),
        *_false_addresses(sentence, "\n".join(texts)),
    ]


def _told(passage: Passage) -> str:
    """The text of a passage with what stands over it; a plan's year is often only there."""
    report = passage.report
    return "\n".join([report.full_title, report.date or "", *passage.section, passage.text])


def _figures(passage: Passage) -> list[Figure]:
    report = passage.report
    above = "\n".join([report.full_title, *passage.section])
    own = figures_of_row(passage.text) if passage.kind == "table" else figures(passage.text)
    return [*figures(above), *own]


def _false_quotes(sentence: str, told: str) -> list[Fault]:
    whole = _squashed(told)
    quotes = ["".join(match.groups("")) for match in _QUOTED.finditer(sentence)]
    return [
        Fault(
            "quote",
            quote,
            f"所注的段落里没有“{quote}”这句话。",
            f"The cited passages do not say “{quote}”.",
        )
        for quote in quotes
        if _squashed(quote).strip(_ENDS_QUOTE) not in whole
    ]


def _false_figures(sentence: str, found: Sequence[Figure], told: str) -> list[Fault]:
    stated = figures(sentence)
    false = [
        sentence[figure.start : figure.end]
        for figure in stated
        if not _stated_alike(figure, found) and not _spelt_alike(figure, sentence, told)
    ]
    covered = [(figure.start, figure.end) for figure in stated]
    false += [
        match.group()
        for match in _NUMBER.finditer(_without_addresses(sentence))
        if not any(start <= match.start() < end for start, end in covered)
        and not _stands_in(match.group(), told)
    ]
    return [
        Fault(
            "figure",
            text,
            f"所注的段落里没有“{text}”这个数字。",
            f"The cited passages do not have the figure {text}.",
        )
        for text in dict.fromkeys(false)
    ]


def _stated_alike(figure: Figure, found: Sequence[Figure]) -> bool:
    if figure.quantity == "date":
        return _dated_alike(figure, [one.iso for one in found if one.iso])
    return any(_same(figure, one) for one in found)


def _dated_alike(figure: Figure, dates: Sequence[str]) -> bool:
    """Whether dates say as much as one of a sentence; 今年 and the like say nothing to compare."""
    iso = figure.iso
    if iso is None or any(date.startswith(iso) for date in dates):
        return True
    year, _, rest = iso.partition("-")
    day = any(date.endswith(f"-{rest}") for date in dates)
    return bool(rest) and day and (not year or any(date.startswith(year) for date in dates))


def _same(figure: Figure, other: Figure) -> bool:
    """Whether two figures state the same amount."""
    alike = figure.quantity == other.quantity and (
        same_unit(figure.unit, other.unit) or figure.quantity in {"share", "rank"}
    )
    if not alike or figure.base_value != other.base_value or figure.base_upper != other.base_upper:
        return False
    if figure.direction and other.direction and figure.direction != other.direction:
        return False
    bound, others = _side(figure), _side(other)
    return bound is None or bound == others


def _side(figure: Figure) -> str | None:
    return figure.bound and _BOUNDS.get(figure.bound, figure.bound)


def _spelt_alike(figure: Figure, sentence: str, told: str) -> bool:
    """Whether a figure stands there in the same words; a change needs more than that."""
    return figure.direction is None and _stands_in(sentence[figure.start : figure.end], told)


def _stands_in(words: str, told: str) -> bool:
    """Whether words stand in a text, and not as a part of a longer number."""
    pattern = rf"(?<![\d.]){re.escape(_squashed(words))}(?![\d%‰]|\.\d)"
    return re.search(pattern, _squashed(told)) is not None


def _false_addresses(sentence: str, told: str) -> list[Fault]:
    """Addresses that the passages do not have: written by no report, perhaps to lead someone on."""
    return [
        Fault(
            "address",
            address,
            "所注的段落里没有这个网址，请勿打开。",
            "The cited passages do not have this address; do not open it.",
        )
        for address in _ADDRESS.findall(sentence)
        if address not in told
    ]


def _without_addresses(sentence: str) -> str:
    return _ADDRESS.sub(lambda match: " " * len(match.group()), sentence)


def _squashed(text: str) -> str:
    return "".join(text.split())
