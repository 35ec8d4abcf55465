"""Whether a report reads the same in every format: its outline and paragraphs, side by side.

    python benchmarks/same_report_in_all_formats.py REPORT [REPORT ...]

Each report is set anew in every format (see report_files.py). Every file is read, and compared
with the reading of the report itself. JSON on stdout, one object a format:

    outline     share of section paths that are the same, in order
    paragraphs  share of paragraphs that are the same, in order
    differences the first lines that differ, "-" in the report, "+" in the format

Plain text has neither tables nor bold words. There a table's head and rows count as lines of their
own, and headings that run into their paragraph and are known by their type alone do not count.
"""

import argparse
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, unified_diff
from pathlib import Path

from report_files import lines_of, runs_in, write_formats

from corpus import Paragraph, Report, read_report
from corpus.numbering import label_of

_DIFFERENCES = 12
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class _Content:
    """What of a report is compared: the paths of its sections, and its paragraphs."""

    paths: Sequence[str]
    paragraphs: Sequence[str]


def main() -> None:
    """Compare every report named on the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("reports", nargs="+", type=Path)
    options = parser.parse_args()
    totals: dict[str, list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for path in options.reports:
            result = _compare(path, Path(folder))
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


def _compare(path: Path, folder: Path) -> dict[str, dict[str, object]]:
    report = read_report(path, file=path.name)
    whole, bare = _content(report), _content(report, bare=True)
    return {
        name: _figures(bare if name == "txt" else whole, file, bare=name == "txt")
        for name, file in write_formats(lines_of(path, report), folder).items()
    }


def _figures(wanted: _Content, path: Path, *, bare: bool = False) -> dict[str, object]:
    found = _content(read_report(path, file=path.name), bare=bare)
    differences = [
        line[:_SHOWN]
        for rows in ((wanted.paths, found.paths), (wanted.paragraphs, found.paragraphs))
        for line in unified_diff(*rows, lineterm="", n=0)
        if line[0] in "+-" and not line.startswith(("---", "+++"))
    ]
    return {
        "outline": _share(wanted.paths, found.paths),
        "paragraphs": _share(wanted.paragraphs, found.paragraphs),
        "differences": differences[:_DIFFERENCES],
    }


def _share(wanted: Sequence[str], found: Sequence[str]) -> float:
    matcher = SequenceMatcher(None, wanted, found, autojunk=False)
    same = sum(block.size for block in matcher.get_matching_blocks())
    longest = max(len(wanted), len(found))
    return round(same / longest, 4) if longest else 1.0


def _content(report: Report, *, bare: bool = False) -> _Content:
    """The outline and paragraphs; ``bare``: as far as plain text can carry them."""
    unseen = _headings_by_type(report) if bare else set()
    paths = [
        "/".join(heading for heading in section.path if heading not in unseen)
        for section in report.sections
        if section.heading not in unseen
    ]
    inside = [p for p in report.paragraphs if p.kind not in {"furniture", "contents"}]
    texts = _rows_once(inside) if bare else (paragraph.text for paragraph in inside)
    return _Content(paths, ["".join(text.split()) for text in texts])


def _headings_by_type(report: Report) -> set[str]:
    """Headings without a number that run into their paragraph: bold type alone shows them."""
    return {
        section.heading
        for section in report.sections
        if label_of(section.heading) is None and runs_in(section, report)
    }


def _rows_once(paragraphs: Iterable[Paragraph]) -> Iterator[str]:
    """The texts of paragraphs, a table's head once before its rows and not before each."""
    above = ""
    for paragraph in paragraphs:
        head, _, row = paragraph.text.rpartition("\n")
        if head and head != above:
            yield from head.split("\n")
        yield row
        above = head


if __name__ == "__main__":
    main()
