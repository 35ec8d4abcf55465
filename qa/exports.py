"""References for programs: CSL-JSON, BibTeX and RIS, one entry for each report.

What of the report is quoted stands in the entry's note.
"""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date

from corpus import DocumentType

from .references import Reference

_CSL_TYPES: dict[DocumentType, str] = {
    "report": "report",
    "newspaper": "article-newspaper",
    "webpage": "webpage",
}
_BIBTEX_TYPES: dict[DocumentType, str] = {
    "report": "techreport",
    "newspaper": "article",
    "webpage": "online",
}
_RIS_TYPES: dict[DocumentType, str] = {"report": "RPRT", "newspaper": "NEWS", "webpage": "ELEC"}

_LATEX = {
    "\\": r"\textbackslash{}",
    # An escaped brace would still count where BibTeX looks for the end of a field.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "&%$#_"},
}
_LIGATURE = re.compile(
    r"(?<=-)(?=-)|(?<=')(?=')|(?<=[`?!])(?=`)|(?<=,)(?=,)|(?<=<)(?=<)|(?<=>)(?=>)"
)
"""Between signs that TeX would set as one: two hyphens as a dash."""

_IN_ADDRESS = {"{": "%7B", "}": "%7D", "\\": "%5C"}


def csl_items(references: Sequence[Reference]) -> list[dict[str, object]]:
    """Items of CSL-JSON (https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html)."""
    return [_csl_item(*entry) for entry in _entries(references)]


def csl_json(references: Sequence[Reference]) -> str:
    """CSL-JSON, as reference managers import it."""
    return json.dumps(csl_items(references), ensure_ascii=False, indent=2) + "\n"


def bibtex(references: Sequence[Reference]) -> str:
    """BibTeX in UTF-8, with ``@online``, ``url`` and ``urldate`` as BibLaTeX has them."""
    return "\n".join(_bibtex(*entry) for entry in _entries(references))


def ris(references: Sequence[Reference]) -> str:
    """RIS in UTF-8 (Research Information Systems, with the tags that all programs read)."""
    return "\r\n".join(_ris(*entry) for entry in _entries(references))


def _entries(references: Sequence[Reference]) -> Iterator[tuple[Reference, str]]:
    """Each report once, with the places in it."""
    places: dict[str, list[str]] = {}
    for one in references:
        places.setdefault(one.key, []).append(one.place)
    first = {one.key: one for one in reversed(references)}
    return ((first[key], "；".join(dict.fromkeys(where))) for key, where in places.items())


def _csl_item(reference: Reference, note: str) -> dict[str, object]:
    fields: dict[str, object | None] = {
        "id": reference.key,
        "type": _CSL_TYPES[reference.type],
        "title": reference.title,
        "author": [{"literal": name} for name in reference.authors] or None,
        "issued": _csl_date(reference.issued),
        "publisher": reference.publisher,
        "container-title": reference.container,
        "page": reference.edition,
        "URL": reference.url,
        "accessed": _csl_date(_iso(reference.accessed)),
        "language": "zh-CN" if reference.chinese else None,
        "note": note,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _csl_date(iso: str | None) -> dict[str, object] | None:
    return {"date-parts": [[int(part) for part in iso.split("-")]]} if iso else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _bibtex(reference: Reference, note: str) -> str:
    year, month, day = _parts(reference.issued)
    names = " and ".join(f"{{{_latex(name)}}}" for name in reference.authors)
    fields = {
        # A second pair of braces keeps a name whole, and the case of a title.
        "author": names,
        "title": f"{{{_latex(reference.title)}}}",
        "institution": _latex(reference.publisher or ""),
        "journal" if reference.type == "newspaper" else "organization": _latex(
            reference.container or ""
        ),
        "entrysubtype": "newspaper" if reference.type == "newspaper" else "",
        "pages": _latex(reference.edition or ""),
        "year": year,
        "month": month.lstrip("0"),
        "day": day.lstrip("0"),
        "url": "".join(_IN_ADDRESS.get(sign, sign) for sign in reference.url or ""),
        "urldate": _iso(reference.accessed) or "",
        "langid": "chinese" if reference.chinese else "",
        "note": _latex(note),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{_BIBTEX_TYPES[reference.type]}{{{reference.key},", *lines, "}\n"])


def _latex(text: str) -> str:
    """Text as TeX sets it, sign for sign; white space becomes single spaces."""
    parts = _LIGATURE.split(_line(text))
    return "{}".join("".join(_LATEX.get(sign, sign) for sign in part) for part in parts)


def _ris(reference: Reference, note: str) -> str:
    year, month, day = _parts(reference.issued)
    values = [
        ("TY", _RIS_TYPES[reference.type]),
        *(("AU", name) for name in reference.authors),
        ("TI", reference.title),
        ("T2", reference.container),
        ("PB", reference.publisher),
        ("PY", year),
        ("DA", f"{year}/{month}/{day}/" if year else None),
        ("SP", reference.edition),
        ("UR", reference.url),
        ("Y2", f"{reference.accessed:%Y/%m/%d/}" if reference.accessed else None),
        ("LA", "zh" if reference.chinese else None),
        ("N1", note),
        ("ID", reference.key),
    ]
    lines = [f"{tag}  - {_line(value)}" for tag, value in values if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def _parts(iso: str | None) -> list[str]:
    return [*(iso or "").split("-"), "", ""][:3]


def _line(text: str) -> str:
    """Text on one line: a line feed would begin another field."""
    return " ".join(text.split())
