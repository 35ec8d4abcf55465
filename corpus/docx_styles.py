"""What a paragraph's own properties say, and where they are silent its style and the styles below.

Style inheritance of WordprocessingML (ECMA-376 part 1, 17.7.2), as far as structure needs it.
"""

# lxml publishes no types.
# ruff: noqa: ANN401

from typing import Any

from docx.oxml.ns import qn

_OFF = frozenset({"0", "false", "off", "none"})


class Styles:
    """The styles of a document by id."""

    def __init__(self, root: Any) -> None:
        self._by_id = {style.get(qn("w:styleId")): style for style in root.iter(qn("w:style"))}

    def name(self, paragraph: Any) -> str:
        """The name of the paragraph's style, in lower case; empty if it has none."""
        chain = self._chain(paragraph)
        return _name(chain[0]) if chain else ""

    def level(self, paragraph: Any) -> int | None:
        """The outline level, from 1: stated, or that of a heading style."""
        for holder in (paragraph, *self._chain(paragraph)):
            stated = holder.find(_path("w:pPr/w:outlineLvl"))
            if stated is not None and stated.get(qn("w:val"), "").isdigit():
                level = int(stated.get(qn("w:val"))) + 1
                # Level 10 is Word's number for body text.
                return level if level < 10 else None
            words = _name(holder).replace("标题", "heading").split()
            if len(words) == 2 and words[0] == "heading" and words[1].isdigit():
                return int(words[1])
        return None

    def alignment(self, paragraph: Any) -> str | None:
        """The alignment, by the name that the file format gives it."""
        return self._value(paragraph, "w:pPr/w:jc")

    def numbering(self, paragraph: Any) -> Any | None:
        """The ``w:numPr`` that put the paragraph into a list, if it is in one."""
        return self._find(paragraph, "w:pPr/w:numPr")

    def size(self, paragraph: Any) -> float | None:
        """The largest size of its runs in points, or that of its style."""
        stated = [size.get(qn("w:val"), "") for size in paragraph.iterfind(_path("w:r/w:rPr/w:sz"))]
        sizes = stated or [self._value(paragraph, "w:rPr/w:sz") or ""]
        halves = [int(size) for size in sizes if size.isdigit()]
        return max(halves) / 2 if halves else None

    def is_bold(self, run: Any | None, paragraph: Any) -> bool:
        """Whether a run is bold, by itself or by the paragraph's style."""
        holders = self._chain(paragraph) if run is None else [run, *self._chain(paragraph)]
        for holder in holders:
            bold = holder.find(_path("w:rPr/w:b"))
            if bold is not None:
                return bold.get(qn("w:val")) not in _OFF
        return False

    def _chain(self, paragraph: Any) -> list[Any]:
        """The paragraph's style and those that it is based on, nearest first."""
        found = paragraph.find(_path("w:pPr/w:pStyle"))
        chain: list[Any] = []
        while found is not None:
            style = self._by_id.get(found.get(qn("w:val")))
            if style is None or style in chain:
                break
            chain.append(style)
            found = style.find(qn("w:basedOn"))
        return chain

    def _find(self, paragraph: Any, path: str) -> Any | None:
        for holder in (paragraph, *self._chain(paragraph)):
            found = holder.find(_path(path))
            if found is not None:
                return found
        return None

    def _value(self, paragraph: Any, path: str) -> str | None:
        found = self._find(paragraph, path)
        return None if found is None else str(found.get(qn("w:val"), ""))


def _name(style: Any) -> str:
    name = style.find(qn("w:name"))
    return "" if name is None else str(name.get(qn("w:val"), "")).lower()


def _path(path: str) -> str:
    return "/".join(qn(step) for step in path.split("/"))
