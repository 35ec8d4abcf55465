"""What recognisers confuse in Chinese print, put right where the neighbours leave no doubt.

Half-width punctuation next to Chinese is full-width in print; the same marks between digits or
Latin letters are left alone. Words are never changed.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

OPENING = "（《〈“‘【「『〔"
CLOSING = "，。、；：？！）》〉”’】」』〕"
"""Punctuation of which the left or the right half is white."""

_HAN = r"〇\u3400-\u9fff"
_AFTER_CHINESE = rf"(?<=[{_HAN}{OPENING}{CLOSING}])"
_STOP = re.compile(rf"(?:{_AFTER_CHINESE}|(?<=[%％]))[,:;?!]|[,:;?!](?= ?[{_HAN}{OPENING}]|$)")
_PAIR = re.compile(r"[(（]([^()（）]*)[)）]")
_BRACKET = re.compile(rf"(?:^|{_AFTER_CHINESE})[()]|[()](?=[{_HAN}{OPENING}]|$)")
_FULL_WIDTH = str.maketrans(",:;?!()", "，：；？！（）")

_WHITE = re.compile(
    rf"(?<=[{OPENING}{CLOSING}]) +| +(?=[{OPENING}{CLOSING}])|(?<=\d[.．]) +(?=[{_HAN}])"
)
_DASH = re.compile(rf"^(?:一—|—)(?=[{_HAN}“《])")
_ROUND = re.compile(r"(?<=[一二三四五六七八九〇])[Oo0○◯Ｏ](?=[一二三四五六七八九〇Oo0○◯Ｏ年])")
_YEAR = re.compile(r"(?<![〇一二三四五六七八九])二 ?(?=[一二三][〇一二三四五六七八九]年)")


_CHINESE = re.compile(f"[{_HAN}]")
_PARTED = 1.3
"""How far apart two characters are between which there is white space, in the usual distance."""


def spaced(text: str, places: Sequence[float]) -> str:
    """A line with the white space put back that was passed over between Chinese characters.

    It parts names and the clauses of headings. ``places`` are those of all characters that are not
    white space, from left to right, in any unit.
    """
    characters = re.findall(r"\s*\S", text)
    steps = [
        following - place
        if _CHINESE.match(characters[index][-1]) and _CHINESE.match(characters[index + 1])
        else 0.0
        for index, (place, following) in enumerate(pairwise(places))
    ]
    widest = _PARTED * median([step for step in steps if step] or [0.0])
    return "".join(
        f" {character}" if step > widest else character
        for step, character in zip([0.0, *steps], characters, strict=False)
    )


def tidied(text: str) -> str:
    """A line as it was printed, as far as a recogniser's usual confusions go.

    These are: half-width stops and brackets among Chinese, white space beside full-width marks
    (half of which is white), a dash (——) that begins a line and lost its first half, and a 〇 taken
    for another circle, or lost from a year (二〇二五年).
    """
    text = text.strip()
    if not _CHINESE.search(text):
        return text
    text = _STOP.sub(_widened, text)
    text = _BRACKET.sub(_widened, _PAIR.sub(_widened_pair, text))
    text = _WHITE.sub("", text)
    text = _DASH.sub("——", text)
    return _YEAR.sub("二〇", _ROUND.sub("〇", text))


def _widened(match: re.Match[str]) -> str:
    return match[0].translate(_FULL_WIDTH)


def _widened_pair(match: re.Match[str]) -> str:
    """Brackets of one pair are alike; round Chinese or beside it they are full-width."""
    inside = match[1]
    around = match.string[: match.start()][-1:] + match.string[match.end() :][:1] + inside
    full = match[0][0] == "（" or match[0][-1] == "）" or re.search(f"[{_HAN}]", around)
    return f"（{inside}）" if full else match[0]
