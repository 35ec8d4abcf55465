"""Automatic numbering of Word files: 一、 and （一） that stand nowhere in the text.

Word counts each list as it shows the document (ECMA-376 part 1, 17.9). A reader that does not
count loses the very numbers by which reports mark their headings.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn

_CHINESE = frozenset(
    {
        "chineseCounting",
        "chineseCountingThousand",
        "ideographDigital",
        "japaneseCounting",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
    }
)
_CIRCLED = frozenset({"decimalEnclosedCircle", "decimalEnclosedCircleChinese"})
_DIGITS = "〇一二三四五六七八九"
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list is numbered; ``text`` holds %1, %2, … for the levels' numbers."""

    start: int
    number_format: str
    text: str


class Numbering:
    """The counters of all lists of a document, as they stand at the paragraph last asked for."""

    def __init__(self, root: Any | None) -> None:  # noqa: ANN401 - lxml has no types
        self._levels: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        if root is None:
            return
        for abstract in root.iter(qn("w:abstractNum")):
            self._levels[_value(abstract, "w:abstractNumId")] = _levels(abstract)
        for number in root.iter(qn("w:num")):
            found = number.find(qn("w:abstractNumId"))
            if found is not None:
                self._lists[_value(number, "w:numId")] = _value(found)

    def label(self, properties: Any | None) -> str | None:  # noqa: ANN401 - lxml has no types
        """The number of a paragraph with these ``w:numPr``, counting it.

        Empty where the list has bullets; None where the paragraph is in no list.
        """
        if properties is None:
            return None
        number, depth = properties.find(qn("w:numId")), properties.find(qn("w:ilvl"))
        name = self._lists.get("" if number is None else _value(number), "")
        levels = self._levels.get(name)
        level = int(_value(depth)) if depth is not None and _value(depth).isdigit() else 0
        if levels is None or level not in levels:
            return None
        counts = self._counts[name]
        counts[level] = counts.get(level, levels[level].start - 1) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        if levels[level].number_format in {"bullet", "none"}:
            return ""
        return _shown(levels, counts, level)


def _levels(abstract: Any) -> dict[int, _Level]:  # noqa: ANN401 - lxml has no types
    levels = {}
    for level in abstract.iter(qn("w:lvl")):
        start, shown = level.find(qn("w:start")), level.find(qn("w:lvlText"))
        number_format = level.find(qn("w:numFmt"))
        depth = _value(level, "w:ilvl")
        if depth.isdigit():
            levels[int(depth)] = _Level(
                int(_value(start)) if start is not None and _value(start).isdigit() else 1,
                "decimal" if number_format is None else _value(number_format),
                "" if shown is None else _value(shown),
            )
    return levels


def _shown(levels: dict[int, _Level], counts: dict[int, int], level: int) -> str:
    text = levels[level].text
    for depth in range(level + 1):
        if depth in levels:
            count = counts.get(depth, levels[depth].start)
            text = text.replace(f"%{depth + 1}", format_number(count, levels[depth].number_format))
    return text


def format_number(count: int, number_format: str) -> str:
    """A list number as Word shows it, for the formats that Chinese reports use."""
    if number_format in _CHINESE and 0 < count < 100:
        tens, ones = divmod(count, 10)
        ten = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
        return ten + (_DIGITS[ones] if ones or not tens else "")
    if number_format in _CIRCLED and 0 < count <= 20:
        return chr(ord("①") + count - 1)
    if number_format in {"lowerLetter", "upperLetter"} and 0 < count <= 26:
        letter = chr(ord("a") + count - 1)
        return letter if number_format == "lowerLetter" else letter.upper()
    if number_format in {"lowerRoman", "upperRoman"} and 0 < count < 40:
        roman = _roman(count)
        return roman if number_format == "lowerRoman" else roman.upper()
    return str(count)


def _roman(count: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        text += letters * (count // value)
        count %= value
    return text


def _value(element: Any, attribute: str = "w:val") -> str:  # noqa: ANN401 - lxml has no types
    return str(element.get(qn(attribute), ""))
