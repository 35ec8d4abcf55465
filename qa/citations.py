"""References to paste: a passage cited, and lists of references in several styles and formats."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from corpus import Field

from .citation_styles import ITALIC, ROMAN, apa, chicago, mla
from .exports import bibtex, csl_json, ris
from .gbt7714 import gbt7714_2015, gbt7714_2025
from .references import Reference, reference_of
from .types import Citable

Style = Literal["gbt7714-2025", "gbt7714-2015", "apa", "mla", "chicago"]
Format = Literal["text", "markdown", "bibtex", "ris", "csl-json"]

_ADDRESS = re.compile(r"(?<= )(https?://\S+?)(?=[.,]?(?:\s|$))")
_MARKED = re.compile(r"[\\`*_\[\]<>#|~]")
"""Signs that mean something in Markdown anywhere in a line."""

_PLAIN = str.maketrans(dict.fromkeys((ITALIC, ROMAN), ""))
_ASTERISKS = str.maketrans(dict.fromkeys((ITALIC, ROMAN), "*"))


@dataclass(frozen=True, slots=True)
class Citation:
    """One passage cited: ``gbt7714`` is a single line, ``markdown`` a quotation with its source.

    ``missing`` names the elements of the reference that the report does not state.
    """

    gbt7714: str
    markdown: str
    missing: tuple[Field, ...]


def cite(passage: Citable, *, accessed: date | None = None) -> Citation:
    """Cite a passage by GB/T 7714-2025; ``accessed`` is the day of citing, today if None."""
    cited = reference_of(passage, accessed=accessed or today())
    return Citation(
        gbt7714=gbt7714_2025(cited), markdown=_quotation(passage), missing=cited.missing
    )


def reference_list(
    references: Sequence[Reference], *, style: Style, form: Format, accessed: date
) -> str:
    """A list of references.

    In ``text`` and ``markdown`` the entries are numbered in the order given, equal ones once.
    ``bibtex``, ``ris`` and ``csl-json`` know no style.

    Args:
        references: in the order in which they are cited.
        style: of the entries.
        form: the format of the list.
        accessed: the day of citing.
    """
    match form:
        case "bibtex":
            return bibtex(references)
        case "ris":
            return ris(references)
        case "csl-json":
            return csl_json(references)
    entries = list(dict.fromkeys(_entry(one, style, accessed) for one in references))
    if form == "markdown":
        lines = [f"{n}. {_markdown(entry)}" for n, entry in enumerate(entries, 1)]
    else:
        lines = [f"[{n}] {entry.translate(_PLAIN)}" for n, entry in enumerate(entries, 1)]
    return "".join(f"{line}\n" for line in lines)


def today() -> date:
    """The day of citing where none is given: that of the machine's clock and time zone."""
    return datetime.now().astimezone().date()


_STYLES: dict[Style, Callable[[Reference], str]] = {
    "gbt7714-2025": gbt7714_2025,
    "apa": apa,
    "mla": mla,
    "chicago": chicago,
}


def _entry(one: Reference, style: Style, accessed: date) -> str:
    return gbt7714_2015(one, accessed) if style == "gbt7714-2015" else _STYLES[style](one)


def _markdown(entry: str) -> str:
    """An entry in Markdown: what has a meaning there is escaped, and addresses are links."""
    parts = _ADDRESS.split(entry)
    marked = [
        f"<{part}>" if number % 2 else _MARKED.sub(r"\\\g<0>", part)
        for number, part in enumerate(parts)
    ]
    return "".join(marked).translate(_ASTERISKS)


def _quotation(passage: Citable) -> str:
    report = passage.report
    quotation = "\n".join(f"> {line}" for line in passage.text.splitlines())
    dated = f"（{report.date}）" if report.date else ""
    place = "，".join([*passage.section, f"第{passage.paragraph}段"])
    return f"{quotation}\n>\n> ——《{report.title}》{dated}，{place}\n"
