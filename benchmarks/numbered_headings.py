"""Which numbered lines of reports are no headings as read, and which headings no such lines.

    python benchmarks/numbered_headings.py FOLDER

A regular expression finds the lines of each report's text that begin as numbered headings do
(第一章, 一、, （一）, 1., （1）, ①, 一是, ——); beside it stands what the reader took for headings.
JSON on stdout: for each report the number of sections by level, the lines that are no headings
(``missed``: sentences and points of a list among them) and the headings that begin no such line
(``unnumbered``).
"""

import argparse
import json
import re
from collections import Counter
from pathlib import Path

from corpus import Report, read_folder

_NUMBERED = re.compile(
    r"(?:第[一二三四五六七八九十百\d]+(?:部分|[编篇章节])|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]"
    r"|\d{1,2}[.．、](?!\d)|[（(]\d{1,2}[）)]|[①-⑳]|[一二三四五六七八九十]+是|[—-]{2})\s*\S"
)
_SHOWN = 60


def main() -> None:
    """Print the comparison for every report of a folder."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    for report in read_folder(parser.parse_args().folder).reports:
        print(json.dumps(_compare(report), ensure_ascii=False))


def _compare(report: Report) -> dict[str, object]:
    lines = [bare for line in report.source.splitlines() if (bare := _bare(line))]
    numbered = [line for line in lines if _NUMBERED.match(line)]
    headings = [_bare(section.heading) for section in report.sections]
    return {
        "file": report.file,
        "sections": dict(sorted(Counter(section.level for section in report.sections).items())),
        "missed": [
            line[:_SHOWN]
            for line in numbered
            if not any(line.lstrip("—-").startswith(heading) for heading in headings)
        ],
        "unnumbered": [
            heading
            for heading in headings
            if not any(line.lstrip("—-").startswith(heading) for line in numbered)
        ],
    }


def _bare(text: str) -> str:
    return "".join(text.split())


if __name__ == "__main__":
    main()
