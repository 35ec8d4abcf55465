"""What a paragraph's own properties say, and where they are silent its style and the styles below.

Style inheritance of WordprocessingML (ECMA-376 part 1, 17.7.2), as far as structure needs it: the
paragraph or run itself, its styles, and last the defaults of the document.
"""

# lxml publishes no types.
# ruff: noqa: ANN401

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from .docx_package import is_on, number, value, w
from .source import Style
from .types import Kind

_TRUE = frozenset({"1", "true", "on"})
_DEFAULT_SIZE = 10.0
"""Points, where neither a style nor the document's defaults state a size (17.3.2.38)."""

_CN = "一二三四五六七八九"
_HEADING = re.compile(rf"(?:heading|标题)\s*([1-9{_CN}])|([1-9{_CN}])级标题")
_TITLES = frozenset(
    {"title", "标题", "大标题", "主标题", "总标题", "文章标题", "公文标题", "文件标题", "报告标题"}
)
_SUBTITLES = frozenset({"subtitle", "副标题"})
_QUOTED = re.compile(r"(?:intense |block )?quote|block text|(?:明显)?引用|引文|明显引文")
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("caption", re.compile(r"caption|题注|[图表](?:题|名|注|标题)|图表标题|图片说明")),
    (
        "contents",
        re.compile(r"(?:toc|目录|contents)\s*(?:[1-9]|heading|标题)|toa heading|目录标题"),
    ),
    ("contents", re.compile(r"table of figures|图表目录")),
)


@dataclass(frozen=True, slots=True)
class ListPlace:
    """Where a paragraph stands in the lists: which list (``w:numId``), and how deep if it says so.

    ``styles`` are the ids of its styles, nearest first, if one of them puts it there.
    """

    list_id: str
    level: int | None
    styles: tuple[str, ...]


class Styles:
    """The styles of a document by id."""

    def __init__(self, root: Any | None) -> None:
        self._by_id: dict[str, Any] = {}
        self._usual: Any | None = None
        self._defaults: list[Any] = []
        for style in () if root is None else root.iter(w("style")):
            self._by_id[value(style, "styleId")] = style
            if value(style, "type") == "paragraph" and value(style, "default") in _TRUE:
                self._usual = style
        if root is not None:
            # Holders of w:pPr and w:rPr, as styles are.
            self._defaults = [*root.iter(w("pPrDefault")), *root.iter(w("rPrDefault"))]

    def style(self, paragraph: Any) -> Style:
        """Level, title, subtitle, kind, alignment and indent of a paragraph."""
        chain = self._chain(paragraph)
        names = [value(style.find(w("name"))).lower().strip() for style in chain]
        title = _first(names, _TITLES | _SUBTITLES)
        return Style(
            level=self._level(paragraph, chain, names),
            title=title in _TITLES,
            subtitle=title in _SUBTITLES,
            centred=value(_find([paragraph, *chain], "w:pPr/w:jc")) == "center",
            indented=self._is_indented(paragraph, chain),
            quoted=any(map(_QUOTED.fullmatch, names)),
            kind=_kind(names),
        )

    def list_place(self, paragraph: Any) -> ListPlace | None:
        """The list that the paragraph or one of its styles says it is in."""
        chain = self._chain(paragraph)
        own = paragraph.find(_path("w:pPr/w:numPr"))
        stated = [own, *(style.find(_path("w:pPr/w:numPr")) for style in chain)]
        places = [place for place in stated if place is not None]
        lists = [place for place in places if value(place.find(w("numId")))]
        if not lists:
            return None
        levels = [number(place.find(w("ilvl"))) for place in places]
        by_style = lists[0] is not own
        direct = number(own.find(w("ilvl"))) if own is not None else None
        inherited = next((level for level in levels if level is not None), None)
        styles = tuple(value(style, "styleId") for style in chain)
        return ListPlace(
            value(lists[0].find(w("numId"))),
            direct if direct is not None or not by_style else inherited,
            styles if by_style and direct is None else (),
        )

    def size(self, run: Any | None, paragraph: Any) -> float:
        """The size of a run in points."""
        holders = [*self._run_chain(run), *self._chain(paragraph), *self._defaults]
        size = value(_find(holders, "w:rPr/w:sz"))
        if size.isdecimal():
            return int(size) / 2
        # The Strict variant may give a length with its unit.
        points = re.fullmatch(r"(\d+(?:\.\d+)?)pt", size)
        return float(points[1]) if points else _DEFAULT_SIZE

    def is_bold(self, run: Any | None, paragraph: Any) -> bool:
        """Whether a run is bold."""
        return self._is_set(run, paragraph, "w:rPr/w:b")

    def is_hidden(self, run: Any | None, paragraph: Any) -> bool:
        """Whether a run is hidden text, which is seen neither on the screen nor in print."""
        return self._is_set(run, paragraph, "w:rPr/w:vanish")

    def _is_set(self, run: Any | None, paragraph: Any, path: str) -> bool:
        """A toggle property: set by a style of paragraphs and one of characters, it is off again.

        That is how text stays emphasised in a heading that is bold anyway (17.7.3).
        """
        own, *styles = self._run_chain(run) or [None]
        direct = None if own is None else own.find(_path(path))
        if direct is not None:
            return is_on(direct)
        by_character = _find(styles, path)
        by_paragraph = _find(self._chain(paragraph), path)
        if by_character is None and by_paragraph is None:
            return is_on(_find(self._defaults, path))
        return is_on(by_character) != is_on(by_paragraph)

    def _level(self, paragraph: Any, chain: list[Any], names: list[str]) -> int | None:
        """The outline level, from 1: stated, or that of a heading style."""
        for holder, name in zip((paragraph, *chain), ("", *names), strict=True):
            stated = number(holder.find(_path("w:pPr/w:outlineLvl")))
            if stated is not None:
                # Level 10 is Word's number for body text.
                return stated + 1 if stated < 9 else None
            heading = _HEADING.fullmatch(name)
            if heading:
                digit = heading[1] or heading[2]
                return _CN.find(digit) + 1 or int(digit)
        return None

    def _is_indented(self, paragraph: Any, chain: list[Any]) -> bool:
        """Whether the first line is indented, by the nearest that says anything about it."""
        for holder in (paragraph, *chain, *self._defaults):
            indent = holder.find(_path("w:pPr/w:ind"))
            stated = [
                value(indent, name)
                for name in ("firstLineChars", "firstLine", "hangingChars", "hanging")
            ]
            if any(stated):
                return any(re.match(r"0*[1-9]", length) for length in stated[:2])
        return False

    def _chain(self, paragraph: Any) -> list[Any]:
        """The paragraph's style and those that it is based on, nearest first."""
        name = value(paragraph.find(_path("w:pPr/w:pStyle")))
        return list(self._based(self._by_id.get(name, self._usual)))

    def _run_chain(self, run: Any | None) -> list[Any]:
        """A run, and its styles, nearest first."""
        if run is None:
            return []
        name = value(run.find(_path("w:rPr/w:rStyle")))
        return [run, *self._based(self._by_id.get(name))]

    def _based(self, style: Any | None) -> Iterator[Any]:
        seen = set()
        while style is not None and style not in seen:
            yield style
            seen.add(style)
            style = self._by_id.get(value(style.find(w("basedOn"))))


def _find(holders: list[Any], path: str) -> Any | None:
    for holder in holders:
        found = holder.find(_path(path))
        if found is not None:
            return found
    return None


def _first(names: list[str], wanted: frozenset[str]) -> str | None:
    return next((name for name in names if name in wanted), None)


def _kind(names: list[str]) -> Kind | None:
    for name in names:
        for kind, pattern in _KINDS:
            if pattern.fullmatch(name):
                return kind
    return None


@cache
def _path(path: str) -> str:
    return path.replace("w:", w(""))
