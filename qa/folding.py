"""Text folded for comparing quotations: what writers change in good faith is made alike.

A quotation is set in another width or script, its inner quotation marks are exchanged, its lines
are broken elsewhere. None of this changes what is said; what was folded can be named.
"""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from index import simplified

Fold = Literal["white-space", "width", "script", "marks", "case"]
"""What may differ between a quotation and its source without changing a word."""

_MARKS: Mapping[int, str | None] = {
    **dict.fromkeys(map(ord, "“”‘’「」『』﹁﹂﹃﹄＂＇'"), '"'),
    **dict.fromkeys(map(ord, "—–―─−－‐‑"), "-"),
    **dict.fromkeys(map(ord, "～〜∼"), "~"),
    **dict.fromkeys(map(ord, "•・‧∙"), "·"),
    # Bars stand between the cells of a table; zero-width signs are seen by nobody.
    **dict.fromkeys(map(ord, "|｜\u200b\u200c\u200d\u2060\ufeff\u00ad"), None),
}


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text; ``places[i]`` is where in the original its character ``i`` stands."""

    text: str
    places: NDArray[np.int32]


def fold(text: str) -> Folded:
    """Fold a text, and remember where each character came from."""
    plain = simplified(text)
    if len(plain) != len(text):
        plain = "".join(simplified(character)[:1] or character for character in text)
    folded = [_FOLDED[character] for character in plain]
    lengths = np.fromiter(map(len, folded), dtype=np.int32, count=len(folded))
    places = np.repeat(np.arange(len(folded), dtype=np.int32), lengths)
    return Folded("".join(folded), places)


def folds_between(one: str, other: str) -> tuple[Fold, ...]:
    """What had to be folded to make two texts equal that are equal when folded."""
    return tuple(
        left_out for left_out in _STEPS if _without(left_out, one) != _without(left_out, other)
    )


class _Characters(dict[str, str]):
    """The folded form of each character, found once."""

    def __missing__(self, character: str) -> str:
        marked = "" if character.isspace() else character.translate(_MARKS)
        # An ellipsis stays one sign: NFKC would make three full stops of it.
        wide = marked if marked == "…" else unicodedata.normalize("NFKC", marked)
        self[character] = "".join(wide.translate(_MARKS).lower().split())
        return self[character]


_FOLDED = _Characters()

_STEPS: Mapping[Fold, Callable[[str], str]] = {
    "script": simplified,
    "marks": lambda text: text.translate(_MARKS),
    "width": lambda text: unicodedata.normalize("NFKC", text),
    "white-space": lambda text: "".join(text.split()),
    "case": str.lower,
}


def _without(left_out: Fold, text: str) -> str:
    for name, step in _STEPS.items():
        if name != left_out:
            text = step(text)
    return text
