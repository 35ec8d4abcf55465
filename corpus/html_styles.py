"""How a web page sets its text: bold, centred, large, hidden, as far as structure needs it.

Word, WPS and LibreOffice write styles as rules for a class of one kind of element
(``p.MsoTitle {…}``), so that these are all the selectors that are understood. The styles of other
pages are in files that are not at hand, beside what stands on the elements themselves.
"""

# lxml publishes no types.
# ruff: noqa: ANN401

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from .html_tree import HEADINGS

_SELECTOR = re.compile(r"([a-zA-Z][\w-]*)?(?:([.#])([\w-]+))?")
_LENGTH = re.compile(r"(-?\d*\.?\d+)\s*([a-z%]*)")
_POINTS = {
    "pt": 1.0,
    "px": 0.75,
    "in": 72.0,
    "cm": 72 / 2.54,
    "mm": 72 / 25.4,
    "pc": 12.0,
    "": 0.75,
}
_USUAL_SIZE = 12.0
"""Points of text whose size nobody stated (16 pixels)."""

_FONT_SIZES = (7.5, 10.0, 12.0, 13.5, 18.0, 24.0, 36.0)
"""Points of ``<font size>`` 1 to 7 (https://html.spec.whatwg.org/#phrasing-content-3)."""

_RENAMED = {f"h{level}": name for name, level in HEADINGS.items()} | {"b": "strong"}
_PREFORMATTED = frozenset({"pre", "xmp", "listing", "plaintext"})


@dataclass(frozen=True, slots=True)
class Look:
    """How text is set; ``size`` is in points, None where it is not stated."""

    bold: bool = False
    centred: bool = False
    indented: bool = False
    preformatted: bool = False
    size: float | None = None


PLAIN = Look()


class StyleSheet:
    """The rules in the ``<style>`` elements of a page."""

    def __init__(self, sheets: Iterable[str]) -> None:
        self._rules: dict[tuple[str, str], dict[str, str]] = {}
        for sheet in sheets:
            for selector, declarations in _rules(sheet):
                self._rules.setdefault(selector, {}).update(declarations)

    def declarations(self, element: Any) -> dict[str, str]:
        """The properties of an element with their values: rules, then its own ``style``."""
        found: dict[str, str] = {}
        tag = element.tag
        classes = element.get("class", "").split()
        names = ["", *(f".{name}" for name in classes), f"#{element.get('id', '')}"]
        for name in names:
            for kind in ("", tag):
                found.update(self._rules.get((kind, name), {}))
        if style := element.get("style"):
            found.update(_declarations(style))
        return found


def look_of(element: Any, declared: Mapping[str, str], parent: Look) -> Look:
    """How the text of an element is set, inside one that is set like ``parent``."""
    tag = element.tag
    look = parent
    if tag == "table":
        # Browsers do not hand these down into tables in pages as old as those that centre them.
        look = replace(look, centred=False, indented=False, bold=False)
    if tag == "strong":
        look = replace(look, bold=True)
    if tag in _PREFORMATTED or declared.get("white-space", "").startswith("pre"):
        look = replace(look, preformatted=True)
    align = declared.get("text-align", element.get("align", "").lower() if tag != "table" else "")
    if align or tag == "center":
        look = replace(look, centred=align == "center" or (not align and tag == "center"))
    if tag == "font" and (size := _font_size(element.get("size", ""))):
        look = replace(look, size=size)
    if weight := declared.get("font-weight"):
        look = replace(look, bold=_is_bold(weight, look))
    if "font-size" in declared:
        look = replace(look, size=_size(declared["font-size"], look.size))
    if "text-indent" in declared:
        look = replace(look, indented=(_points(declared["text-indent"], look.size) or 0) > 0)
    return look


def is_hidden(element: Any, declared: Mapping[str, str]) -> bool:
    """Whether an element is not shown.

    ``visibility`` says little: pages hide their text until a script has counted the reader.
    """
    return (
        element.get("hidden") is not None
        or declared.get("display") == "none"
        or declared.get("mso-hide") == "all"
        or (element.tag == "dialog" and element.get("open") is None)
    )


def outline_level(declared: Mapping[str, str]) -> int | None:
    """The outline level of a paragraph as Word exports it, from 1."""
    stated = declared.get("mso-outline-level", "")
    return int(stated) if stated.isdecimal() and 0 < int(stated) < 10 else None


def pixels(length: str) -> float | None:
    """A length that an attribute or a property states, in pixels."""
    points = _points(length.strip().lower(), None)
    return None if points is None else points / 0.75


def _rules(sheet: str) -> Iterable[tuple[tuple[str, str], dict[str, str]]]:
    """The rules of a sheet that always hold, by element and by ``.class`` or ``#id``."""
    text = re.sub(r"/\*.*?(?:\*/|\Z)|<!--|-->", "", sheet, flags=re.DOTALL)
    depth = 0
    for piece in text.split("}"):
        opened = piece.count("{")
        if depth == 0 and opened == 1:  # inside another are rules for paper or narrow screens
            selectors, _, body = piece.partition("{")
            for selector in selectors.split(","):
                if match := _SELECTOR.fullmatch(selector.strip()):
                    tag, sign, name = match.groups("")
                    tag = _RENAMED.get(tag.lower(), tag.lower())
                    yield (tag, sign + name), _declarations(body)
        depth = max(0, depth + opened - 1)


@lru_cache(maxsize=1024)
def _declarations(text: str) -> dict[str, str]:
    pairs = (part.partition(":") for part in text.split(";"))
    return {
        name.strip().lower(): value.lower().replace("!important", "").strip()
        for name, _, value in pairs
        if value.strip()
    }


def _is_bold(weight: str, parent: Look) -> bool:
    if weight.isdecimal():
        return int(weight) >= 600
    return parent.bold if weight == "inherit" else weight in {"bold", "bolder"}


def _size(value: str, parent: float | None) -> float | None:
    points = _points(value, parent)
    return points if points and points > 0 else parent


def _points(value: str, size: float | None) -> float | None:
    """A length in points; ``em`` and percentages are of the size of the text around."""
    match = _LENGTH.fullmatch(value)
    if match is None:
        return None
    number, unit = float(match[1]), match[2]
    if unit in {"em", "%", "ex", "ch"}:
        share = {"em": 1.0, "%": 0.01, "ex": 0.5, "ch": 0.5}[unit]
        return number * share * (size or _USUAL_SIZE)
    return number * _POINTS[unit] if unit in _POINTS else None


def _font_size(stated: str) -> float | None:
    """The size of ``<font size>``: 1 to 7, or steps from 3 (``+2``)."""
    match = re.fullmatch(r"([+-]?)(\d{1,2})", stated.strip())
    if match is None:
        return None
    step = int(match[1] + match[2])
    place = 3 + step if match[1] else step
    return _FONT_SIZES[min(max(place, 1), 7) - 1]
