"""What a paragraph of a Word file shows: its words as after all changes, and what hangs on it.

The words stand in runs, between fields, notes, pictures and text boxes (ECMA-376 part 1, 17.3).
"""

# lxml publishes no types.
# ruff: noqa: ANN401

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any

from .docx_package import is_on, value, w
from .docx_styles import Styles

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

_LEFT_OUT = frozenset(
    w(name)
    for name in (
        "del",
        "moveFrom",
        "pPr",
        "rPr",
        "sdtPr",
        "rt",
        "rubyPr",
        "delText",
        "delInstrText",
    )
)
_GRAPHICS = frozenset(w(name) for name in ("drawing", "pict", "object"))
_PICTURES = frozenset({"pic", "chart", "relIds", "blip", "imagedata", "OLEObject"})
"""Elements, by their local names, without which a drawing is but a line or a frame."""

_SHOWN = {
    w("tab"): "\t",
    w("ptab"): "\t",
    w("br"): "\n",
    w("cr"): "\n",
    w("noBreakHyphen"): "-",
}
_NOTES = {
    w("footnoteReference"): "footnotes",
    w("endnoteReference"): "endnotes",
    w("footnoteRef"): "",
    w("endnoteRef"): "",
}
_MARK = "\ufffc"
"""Where a note's number stands in the words, until it is taken out with the brackets around it."""

_MARKED = re.compile(rf"[\[［〔【(（]{_MARK}[\]］〕】)）]|{_MARK}")

# Symbols are set in fonts without Unicode, with codes from U+F000; others of these are decoration.
_WINGDINGS = dict(zip(range(0xF081, 0xF08B), "①②③④⑤⑥⑦⑧⑨⑩", strict=True)) | {
    0xF06C: "●",
    0xF06E: "■",
    0xF06F: "□",
    0xF071: "□",
    0xF075: "◆",
    0xF076: "❖",
    0xF09F: "•",
    0xF0A7: "▪",
    0xF0A8: "□",
    0xF0D8: "➢",
    0xF0E0: "→",
    0xF0FB: "✗",
    0xF0FC: "✓",
    0xF0FD: "☒",
    0xF0FE: "☑",
}
_SYMBOL = {0xF0B0: "°", 0xF0B1: "±", 0xF0B3: "≥", 0xF0A3: "≤", 0xF0B4: "×", 0xF0B7: "•"}
_BOXED = {0xF052: "☑", 0xF050: "✓", 0xF0A3: "□", 0xF054: "☒"}
_FONTS = {"symbol": _SYMBOL, "wingdings 2": _BOXED}
_UNKNOWN = dict.fromkeys(range(0xF020, 0xF100), "") | _WINGDINGS

# { EQ \o\ac(○,3) } lays characters over each other: Word's 带圈字符. { EQ \o\ad(\s\up 9(pīn),拼) }
# is a reading above a character. What is read is the last of them.
_OVERSTRIKE = re.compile(
    r"^\s*EQ\s.*\\o(?:\\a[a-z])?\s*\((.*),\s*([^,]*)\)\s*$", re.IGNORECASE | re.DOTALL
)


@dataclass(slots=True)
class _Field:
    instruction: str = ""
    shows: bool = False
    result: bool = False


@dataclass(slots=True)
class Fields:
    """The fields that are open where the reading stands, outermost first; some span paragraphs."""

    _open: list[_Field] = field(default_factory=list)

    @property
    def in_contents(self) -> bool:
        """Whether a table of contents is being shown."""
        shown = [entry.instruction.split() for entry in self._open if entry.shows]
        return any(words[:1] == ["TOC"] for words in shown)

    @property
    def hidden(self) -> bool:
        """Whether what stands here is an instruction, and not what it results in."""
        return any(not entry.shows for entry in self._open)

    def instruct(self, text: str) -> None:
        """Take the next words of the innermost field's instruction."""
        if self._open and not self._open[-1].shows:
            self._open[-1].instruction += text

    def turn(self, character: Any) -> str:
        """Begin, separate or end a field (``w:fldChar``); the words of one that has no result."""
        kind = value(character, "fldCharType")
        if kind == "begin":
            self._open.append(_Field())
        elif kind == "separate" and self._open:
            self._open[-1].shows = True
        elif kind == "end" and self._open:
            closed = self._open.pop()
            return "" if closed.result else overstruck(closed.instruction)
        return ""

    def show(self) -> None:
        """Note that the open fields have a result."""
        for entry in self._open:
            entry.result = True

    def close_paragraph(self) -> None:
        """Give up instructions that do not end with their paragraph: the file lost their end."""
        self._open = [entry for entry in self._open if entry.shows]


def overstruck(instruction: str) -> str:
    """What an ``EQ`` field shows that lays one character over another; empty for other fields."""
    match = _OVERSTRIKE.match(instruction)
    if match is None:
        return ""
    frame, inner = match[1].strip(), match[2].strip().strip(")")
    circled = frame in {"○", "◯", "〇"} and inner.isdecimal() and 0 < int(inner) <= 20
    return chr(ord("①") + int(inner) - 1) if circled else inner


@dataclass(slots=True)
class Text:
    """What a paragraph shows.

    ``parts`` are its words in pieces: there may be millions, and a string that grows by each takes
    its whole length every time. ``bold`` says of each character whether it is bold. ``notes`` are
    the kind and the id of each note referred to, ``boxes`` the contents of text boxes, ``art``
    words drawn as a picture, ``figure`` whether there is a picture.
    """

    parts: list[str] = field(default_factory=list)
    bold: list[bool] = field(default_factory=list)
    sizes: Counter[float] = field(default_factory=Counter)
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    art: list[str] = field(default_factory=list)
    figure: bool = False
    contents: bool = False

    @property
    def words(self) -> str:
        """All that it says."""
        if len(self.parts) != 1:
            self.parts = ["".join(self.parts)]
        return self.parts[0]

    def put(self, words: str, *, bold: bool, size: float | None = None) -> None:
        """Append words that are set alike."""
        self.parts.append(words)
        self.bold += [bold] * len(words)
        if size is not None:
            self.sizes[size] += len(words.strip())

    def prepend(self, words: str) -> None:
        """Put a number in front, set like the first word."""
        self.parts.insert(0, words)
        self.bold = self.bold[:1] * len(words) + self.bold

    def take_in(self, other: "Text") -> None:
        """Append another text, with all that hangs on it."""
        self.parts += other.parts
        self.bold += other.bold
        self.sizes += other.sizes
        self.notes += other.notes
        self.boxes += other.boxes
        self.art += other.art
        self.figure = self.figure or other.figure
        self.contents = self.contents or other.contents

    @property
    def size(self) -> float | None:
        """The size in points that most of it has; None where there are no words."""
        sized = [(length, size) for size, length in self.sizes.items() if length]
        return max(sized)[1] if sized else None


def read_text(paragraph: Any, styles: Styles, fields: Fields) -> Text:
    """The text of a paragraph as accepted, hidden words left out."""
    text = Text()
    for run, leaves in groupby(_leaves(paragraph, None), key=itemgetter(1)):
        look = _Look(run, paragraph, styles)
        for leaf, _ in leaves:
            if leaf.tag in _GRAPHICS:
                _add_drawing(text, leaf)
            elif leaf.tag in _NOTES:
                text.put(_MARK, bold=True)
                if _NOTES[leaf.tag]:
                    text.notes.append((_NOTES[leaf.tag], value(leaf, "id")))
            else:
                _add_words(text, _words(leaf, fields), look, fields)
    fields.close_paragraph()
    _drop_marks(text)
    return text


class _Look:
    """How the words of a run look; it may have millions, and is looked at once."""

    def __init__(self, run: Any | None, paragraph: Any, styles: Styles) -> None:
        self._run, self._paragraph, self._styles = run, paragraph, styles

    @cached_property
    def hidden(self) -> bool:
        return self._styles.is_hidden(self._run, self._paragraph)

    @cached_property
    def bold(self) -> bool:
        return self._styles.is_bold(self._run, self._paragraph)

    @cached_property
    def size(self) -> float:
        return self._styles.size(self._run, self._paragraph)


def _add_words(text: Text, words: str, look: _Look, fields: Fields) -> None:
    if words and not look.hidden:
        text.put(words, bold=not words.strip() or look.bold, size=look.size)
        text.contents = text.contents or fields.in_contents


def chosen(alternatives: Any) -> Any:
    """The one of several forms of the same content that is read (``mc:AlternateContent``)."""
    choice = alternatives.find(_COMPATIBILITY + "Choice")
    fallback = alternatives.find(_COMPATIBILITY + "Fallback")
    found = fallback if choice is None else choice
    return () if found is None else found


def is_alternatives(element: Any) -> bool:
    """Whether an element holds the same content in several forms."""
    return bool(element.tag == _COMPATIBILITY + "AlternateContent")


def is_prompt(element: Any) -> bool:
    """Whether a content control shows no content but asks for some (单击此处输入文字)."""
    if element.tag != w("sdt"):
        return False
    return is_on(element.find(f"{w('sdtPr')}/{w('showingPlcHdr')}"))


def _leaves(element: Any, run: Any) -> Iterator[tuple[Any, Any]]:
    """The elements that hold text, breaks or pictures, each with the run it is in."""
    if element.tag == w("r") and _has_own_mark(element):
        yield from ((child, element) for child in element if child.tag in _NOTES)
        return
    for child in chosen(element) if is_alternatives(element) else element:
        if child.tag in _LEFT_OUT or is_prompt(child):
            continue
        if child.tag in _GRAPHICS or not len(child):
            yield child, run
        else:
            yield from _leaves(child, child if child.tag == w("r") else run)


def _has_own_mark(run: Any) -> bool:
    """Whether a run holds a note with a mark of the author's, which stands in the run as text."""
    return any(value(child, "customMarkFollows") in {"1", "true", "on"} for child in run)


def _words(leaf: Any, fields: Fields) -> str:
    if leaf.tag == w("instrText"):
        fields.instruct(leaf.text or "")
        return ""
    if leaf.tag == w("fldChar"):
        return fields.turn(leaf)
    if fields.hidden:
        return ""
    words = _shown(leaf)
    if words.strip():
        fields.show()
    return words


def _shown(leaf: Any) -> str:
    if leaf.tag == w("t"):
        return (leaf.text or "").translate(_UNKNOWN)
    if leaf.tag == _MATH + "t":
        return _over(leaf) + (leaf.text or "")
    if leaf.tag == w("sym"):
        return _symbol(leaf)
    return _SHOWN.get(leaf.tag, "")


def _symbol(leaf: Any) -> str:
    try:
        code = int(value(leaf, "char"), 16)
    except ValueError:
        return ""
    if not 0xF000 <= code <= 0xF0FF and code > 0xFF:
        return chr(code) if code < 0xD800 or 0xE000 <= code <= 0x10FFFF else ""
    return _FONTS.get(value(leaf, "font").lower(), _WINGDINGS).get(code | 0xF000, "")


def _over(leaf: Any) -> str:
    """The bar of a fraction, before its denominator's first words."""
    for parent in leaf.iterancestors(_MATH + "den", w("p")):
        if parent.tag == _MATH + "den" and next(parent.iter(_MATH + "t")) is leaf:
            return "/"
    return ""


def _add_drawing(text: Text, drawing: Any) -> None:
    """Look for pictures and for text boxes, but not into these."""
    waiting = [drawing]
    while waiting:
        element = waiting.pop()
        if element.tag == w("txbxContent"):
            text.boxes.append(element)
            continue
        name = element.tag.rpartition("}")[2]
        text.figure = text.figure or name in _PICTURES
        if name == "textpath" and element.get("string", "").strip():
            text.art.append(element.get("string"))
        waiting.extend(reversed(chosen(element) if is_alternatives(element) else element))


def _drop_marks(text: Text) -> None:
    kept = []
    end = 0
    for match in _MARKED.finditer(text.words):
        kept.append(slice(end, match.start()))
        end = match.end()
    kept.append(slice(end, None))
    text.parts = [text.words[part] for part in kept]
    text.bold = [bold for part in kept for bold in text.bold[part]]
