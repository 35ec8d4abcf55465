"""What the elements of a web page mean for the text in them: headings, notes, lists, pictures.

Beside the elements of HTML, this knows the classes that Word, WPS and LibreOffice write.
"""

# lxml publishes no types.
# ruff: noqa: ANN401

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from .html_styles import PLAIN, Look, look_of, outline_level, pixels
from .html_tree import HEADINGS
from .number_formats import format_number
from .types import Kind

LEFT_OUT = frozenset(
    (
        *("applet", "area", "audio", "base", "button", "canvas", "datalist", "del", "embed"),
        *("frame", "frameset", "head", "iframe", "input", "link", "map", "math", "meta", "noembed"),
        *("noframes", "noscript", "object", "param", "progress", "rp", "rt", "rtc", "script"),
        *("select", "source", "style", "svg", "template", "textarea", "title", "track", "video"),
    )
)
"""Elements whose text is no text of the page, or not shown; ``del`` is a tracked deletion."""

_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd"),
        *("details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure"),
        *("footer", "form", "founder-content", "header", "hgroup", "hr", "html", "legend", "li"),
        *("listing", "main", "menu", "nav", "ol", "optgroup", "p", "plaintext", "pre", "search"),
        *("section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "xmp"),
        *HEADINGS,
    )
)
_BLOCK_DISPLAYS = frozenset({"block", "flex", "grid", "table", "list-item", "flow-root"})

_DOCUMENTS = (
    *(".doc", ".docx", ".pdf", ".xls", ".xlsx", ".wps", ".et", ".ofd", ".ppt", ".pptx", ".zip"),
    *(".rar", ".txt"),
)
_FIELDS = frozenset({"a", "em", "i", "label", "span", "time"})

_SMALLEST_PICTURE = 50
"""Pixels; smaller ones are icons and bullets."""

_LISTS = frozenset({"ol", "ul", "menu", "dir"})
_NUMBERS = {
    **dict.fromkeys(("a", "lower-alpha", "lower-latin"), ("lowerLetter", ". ")),
    **dict.fromkeys(("A", "upper-alpha", "upper-latin"), ("upperLetter", ". ")),
    **dict.fromkeys(("i", "lower-roman"), ("lowerRoman", ". ")),
    **dict.fromkeys(("I", "upper-roman"), ("upperRoman", ". ")),
    **dict.fromkeys(
        ("cjk-ideographic", "simp-chinese-informal", "trad-chinese-informal"),
        ("chineseCountingThousand", "、"),
    ),
    "simp-chinese-formal": ("chineseLegalSimplified", "、"),
    "trad-chinese-formal": ("ideographLegalTraditional", "、"),
    "cjk-heavenly-stem": ("ideographTraditional", "、"),
    "cjk-earthly-branch": ("ideographZodiac", "、"),
    "decimal-leading-zero": ("decimalZero", ". "),
}
"""Counter styles (CSS Counter Styles 3): the format of the number, and what follows it."""

_DECIMAL = ("decimal", ". ")

_KINDS: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (re.compile(r"(?:ftn|edn|sdfootnote|sdendnote)\d+|mso(?:foot|end)notetext|footnotes"), "note"),
    (re.compile(r"msocaption"), "caption"),
    (re.compile(r"msotoc(?:\d|heading)|table of contents\d*"), "contents"),
)
"""Classes and identifiers that word processors write."""

_NOTE_LINK = re.compile(r"#_?(?:ftn|edn|sdfootnote|sdendnote|fn|cite_note)[\w:-]*", re.IGNORECASE)


@dataclass(slots=True)
class Numbers:
    """The numbers of a list, as far as they were given out; ``form`` is None for bullets."""

    form: tuple[str, str] | None
    following: int

    def take(self, item: Any) -> str:
        """The number of the next item, as it is shown; empty for a bullet."""
        if self.form is None:
            return ""
        stated = item.get("value", "")
        number = int(stated) if stated.isdecimal() else self.following
        self.following = number + 1
        return format_number(number, self.form[0]) + self.form[1]


@dataclass(frozen=True, slots=True)
class Context:
    """What an element hands down to the text and the elements in it."""

    look: Look = PLAIN
    linked: bool = False
    level: int | None = None
    title: bool = False
    subtitle: bool = False
    kind: Kind | None = None
    listed: bool = False
    numbers: Numbers | None = None


def context_of(element: Any, declared: Mapping[str, str], parent: Context) -> Context:
    """What an element says, inside one that says what ``parent`` holds."""
    tag = element.tag
    said: dict[str, Any] = {}
    look = look_of(element, declared, parent.look)
    if look is not parent.look:
        said["look"] = look
    if tag == "a" and _leads_elsewhere(element.get("href", "").strip().lower()):
        said["linked"] = True
    if tag in HEADINGS or element.get("role") == "heading":
        said["level"] = HEADINGS.get(tag) or _number(element.get("aria-level", ""), 2)
    elif stated := outline_level(declared):
        said["level"] = stated
    if tag in _LISTS:
        said["numbers"] = _numbers(element, declared)
    elif tag == "li":
        said["listed"] = parent.numbers is None or parent.numbers.form is None
        said["numbers"] = None
    names = _names(element)
    if kind := _kind(element, names):
        said["kind"] = kind
    if "msotitle" in names:
        said["title"] = True
    if "msosubtitle" in names:
        said["subtitle"] = True
    return replace(parent, **said) if said else parent


def is_block(element: Any, declared: Mapping[str, str]) -> bool:
    """Whether an element begins a line of its own."""
    return element.tag in _BLOCKS or declared.get("display") in _BLOCK_DISPLAYS


def is_field(element: Any) -> bool:
    """Whether an element sets a part of a line apart, and does not only colour it."""
    return element.tag in _FIELDS and not (element.get("style") or element.get("lang"))


def is_picture(element: Any, declared: Mapping[str, str]) -> bool:
    """Whether an element is a picture, and no icon."""
    if element.tag != "img":
        return False
    sides = (declared.get(name) or element.get(name, "") for name in ("width", "height"))
    return all((pixels(side) or _SMALLEST_PICTURE) >= _SMALLEST_PICTURE for side in sides)


def is_page_edge(element: Any, declared: Mapping[str, str]) -> bool:
    """Whether an element is the header or footer of printed pages, as word processors write it."""
    edge = element.get("title") if element.tag == "div" else None
    return edge in {"header", "footer"} or declared.get("mso-element") in {"header", "footer"}


def is_note_mark(element: Any, context: Context) -> bool:
    """Whether an element is the number of a note in the text, as it leads to the note."""
    if element.tag != "a" or context.kind == "note":
        return False
    return bool(_NOTE_LINK.fullmatch(element.get("href", "")))


def _leads_elsewhere(address: str) -> bool:
    """Whether a link leads to another page, and not to a place in this or to a document."""
    return address == "#" or not (address.startswith("#") or address.endswith(_DOCUMENTS))


def _names(element: Any) -> frozenset[str]:
    """The classes of an element and its identifier, in lower case."""
    names = element.get("class", "").lower().split()
    return frozenset([*names, element.get("id", "").lower()])


def _kind(element: Any, names: frozenset[str]) -> Kind | None:
    if element.tag in {"figcaption", "caption"}:
        return "caption"
    if element.get("role", "") in {"doc-footnote", "doc-endnote", "doc-endnotes"}:
        return "note"
    found = (kind for pattern, kind in _KINDS if any(map(pattern.fullmatch, names)))
    return next(found, None)


def _numbers(element: Any, declared: Mapping[str, str]) -> Numbers:
    if element.tag != "ol":
        return Numbers(None, 1)
    stated = declared.get("list-style-type") or element.get("type", "")
    return Numbers(_NUMBERS.get(stated, _DECIMAL), _number(element.get("start", ""), 1))


def _number(stated: str, otherwise: int) -> int:
    return int(stated) if stated.isdecimal() and len(stated) < 6 else otherwise
