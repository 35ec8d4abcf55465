"""Whether a report reads the same in every format: its outline and paragraphs, side by side.

    python benchmarks/same_report_in_all_formats.py REPORT [REPORT ...]

Each report is set as a Word file the way offices set theirs (title centred, headings bold, text
indented by two characters, page numbers and a running head), also in two columns; LibreOffice
makes .pdf, .html and .doc of it, and .md and .txt are written from its paragraphs. Every file is
read, and compared with the reading of the report itself. JSON on stdout, one object a format:

    outline     share of section paths that are the same, in order
    paragraphs  share of paragraphs that are the same, in order
    differences the first lines that differ, "-" in the report, "+" in the format

Plain text has no tables: there a row is written as it is read.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher, unified_diff
from pathlib import Path

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from corpus import Paragraph, Report, cells_of, read_report

_TITLE, _TABLE, _SUBTITLE, _TEXT = 0, 7, 8, 9
"""Levels of lines that are no headings."""

_DIFFERENCES = 12
_TEXT_SIZE = Pt(12)


def main() -> None:
    """Compare every report named on the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("reports", nargs="+", type=Path)
    options = parser.parse_args()
    totals: dict[str, list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for path in options.reports:
            report = read_report(path, file=path.name)
            result = _compare(report, Path(folder))
            for name, figures in result.items():
                totals.setdefault(name, []).append((figures["outline"], figures["paragraphs"]))
            print(json.dumps({"report": path.name, "formats": result}, ensure_ascii=False))
    means = {
        name: {
            "outline": round(sum(o for o, _ in rows) / len(rows), 4),
            "paragraphs": round(sum(p for _, p in rows) / len(rows), 4),
            "reports": len(rows),
        }
        for name, rows in totals.items()
    }
    print(json.dumps({"mean": means}, ensure_ascii=False, indent=1))


def _compare(report: Report, folder: Path) -> dict[str, dict[str, object]]:
    lines = _lines(report)
    one, two = folder / "one.docx", folder / "two.docx"
    _write_docx(lines, one, columns=1)
    _write_docx(lines, two, columns=2)
    files = {"docx": one, "md": folder / "report.md", "txt": folder / "report.txt"}
    files["md"].write_text(_markdown(lines), encoding="utf-8")
    files["txt"].write_text("\n".join(text for _, text in lines), encoding="utf-8")
    for name, source, kind in (
        ("html", one, "html"),
        ("doc", one, "doc"),
        ("pdf", one, "pdf"),
        ("pdf, two columns", two, "pdf"),
    ):
        files[name] = _converted(source, kind, folder)
    return {name: _figures(report, path) for name, path in files.items()}


def _figures(report: Report, path: Path) -> dict[str, object]:
    read = read_report(path, file=path.name)
    outline = _share(_paths(report), _paths(read))
    paragraphs = _share(_texts(report), _texts(read))
    differences = [
        line[:60]
        for rows in (_paths, _texts)
        for line in unified_diff(rows(report), rows(read), lineterm="", n=0)
        if line[0] in "+-" and not line.startswith(("---", "+++"))
    ]
    return {
        "outline": outline,
        "paragraphs": paragraphs,
        "differences": differences[:_DIFFERENCES],
    }


def _share(wanted: Sequence[str], found: Sequence[str]) -> float:
    matcher = SequenceMatcher(None, wanted, found, autojunk=False)
    same = sum(block.size for block in matcher.get_matching_blocks())
    longest = max(len(wanted), len(found))
    return round(same / longest, 4) if longest else 1.0


def _paths(report: Report) -> list[str]:
    return ["/".join(section.path) for section in report.sections]


def _texts(report: Report) -> list[str]:
    return [
        "".join(paragraph.text.split())
        for paragraph in report.paragraphs
        if paragraph.kind not in {"furniture", "contents"}
    ]


def _lines(report: Report) -> list[tuple[int, str]]:
    """Every line of the report with its level: a heading's own, or that of what it is."""
    lines = [(_TITLE, report.title)]
    lines.extend([(_SUBTITLE, report.subtitle)] if report.subtitle else [])
    inside = {p.text for p in report.paragraphs}
    for ordinal in range(1, len(report.paragraphs) + 2):
        for section in (s for s in report.sections if s.first_paragraph == ordinal):
            heading = "".join(report.source[s.start : s.end] for s in section.spans).strip()
            if not any(text.startswith(heading) for text in inside):
                lines.append((section.level, heading))
        for paragraph in report.paragraphs[ordinal - 1 : ordinal]:
            _add_paragraph(lines, paragraph)
    return lines


def _add_paragraph(lines: list[tuple[int, str]], paragraph: Paragraph) -> None:
    head, _, row = paragraph.text.rpartition("\n")
    if paragraph.kind == "table" and lines[-1][0] == _TABLE and lines[-1][1].startswith(head):
        lines[-1] = (_TABLE, f"{lines[-1][1]}\n{row}")
    else:
        lines.append((_TABLE if paragraph.kind == "table" else _TEXT, paragraph.text))


def _write_docx(lines: Sequence[tuple[int, str]], path: Path, *, columns: int) -> None:
    document = Document()
    document.sections[0].header.paragraphs[0].text = lines[0][1]
    _number_pages(document.sections[0].footer.paragraphs[0])
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(title, lines[0][1], size=Pt(22), bold=True)
    if columns > 1:
        section = document.add_section(WD_SECTION.CONTINUOUS)
        setting = section._sectPr.find(qn("w:cols"))  # noqa: SLF001 - there is no other way
        if setting is None:
            setting = OxmlElement("w:cols")
            section._sectPr.append(setting)  # noqa: SLF001
        setting.set(qn("w:num"), str(columns))
        setting.set(qn("w:space"), "480")
    for level, text in lines[1:]:
        if level == _TABLE:
            _add_table(document, text)
            continue
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        if level == _SUBTITLE:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        else:
            paragraph.paragraph_format.first_line_indent = 2 * _TEXT_SIZE
        _run(paragraph, text, size=_TEXT_SIZE, bold=level < _TABLE)
    document.save(str(path))


def _add_table(document, text: str) -> None:  # noqa: ANN001 - untyped library
    head, _, *rows = text.split("\n")
    table = document.add_table(0, len(cells_of(head)), style="Table Grid")
    for row in (head, *rows):
        for cell, words in zip(table.add_row().cells, cells_of(row), strict=True):
            cell.text = words


def _run(paragraph, text: str, *, size: Pt, bold: bool) -> None:  # noqa: ANN001 - untyped library
    run = paragraph.add_run(text)
    run.font.size, run.bold = size, bold


def _number_pages(paragraph) -> None:  # noqa: ANN001 - untyped library
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        run = paragraph.add_run()
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)  # noqa: SLF001 - there is no other way


def _markdown(lines: Sequence[tuple[int, str]]) -> str:
    form: Callable[[int, str], str] = lambda level, text: (  # noqa: E731
        f"{'#' * (level + 1)} {text}" if level < _TABLE else text
    )
    return "\n\n".join(form(level, text) for level, text in lines) + "\n"


def _converted(source: Path, kind: str, folder: Path) -> Path:
    target = folder / kind
    profile = (folder / "profile").as_uri()
    subprocess.run(
        [
            *("soffice", f"-env:UserInstallation={profile}", "--headless"),
            *("--convert-to", kind, "--outdir", str(target), str(source)),
        ],
        check=True,
        stdout=sys.stderr,
    )
    return target / f"{source.stem}.{kind}"


if __name__ == "__main__":
    main()
