"""How fast reports are read, and what is left of their structure, beside other readers.

    python benchmarks/reading_speed.py REPORT [REPORT ...] [--peer markitdown] [--runs N]

Each report is set anew in every format (see report_files.py), so that it is known what stands in
the files. Every file is read by each reader, warm, N times, in turns, so that what else the machine
does falls on all alike; the median counts. Each reader works in a process of its own on one file at
a time, a peer in an environment that is made for it below ``--environments`` if there is none yet.

A table for each format, with a line for each reader:

    characters  thousands of the report's characters read per second; a page has about a thousand
    headings    found, of those that stand alone and not in their paragraph
    levels      of the headings, those that stand under the right one, too
    wrong       lines marked as headings that are none
    paragraphs  found as one piece, of all
    rows        of tables: found with their cells apart, of all
    furniture   running heads and page numbers that stand in the text

A reader's headings are what it calls so: `#` lines of markitdown's Markdown, `Title` elements of
unstructured. unstructured fetches a language model of spaCy from GitHub when it is first used, and
reads PDF files only with PyTorch, which is not installed for it. Where a reader refuses a format,
there stands what it said.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import unicodedata
import venv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import IO

_PEERS = {
    "markitdown": "markitdown[docx,pdf]==0.1.8",
    "unstructured": "unstructured[docx,md]==0.27.32",
}
_ENVIRONMENTS = Path(tempfile.gettempdir()) / "readers"
_HEAD = "  ".join(
    f"{name:>10}"
    for name in ("characters", "headings", "levels", "wrong", "paragraphs", "rows", "furniture")
)

Piece = tuple[str, int | None]
"""A text, and the level of the heading that it is (None: no heading)."""

Row = list[str]
"""The cells of a table's row."""

Reader = Callable[[Path], tuple[list[Piece], list[Row]]]
"""Reads a file: paragraphs and headings, and the rows of tables. Raises if it cannot."""


@dataclass(slots=True)
class _Score:
    """A line of a table, added up over reports."""

    characters: int = 0
    seconds: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        if self.refused and not self.characters:
            return f"refused: {self.refused[0]}"
        c = self.counts
        cells = (
            f"{self.characters / self.seconds / 1000:.1f}",
            f"{c['headings']}/{c['all headings']}",
            f"{c['levels']}/{c['all headings']}",
            str(c["wrong"]),
            f"{c['paragraphs']}/{c['all paragraphs']}",
            f"{c['rows']}/{c['all rows']}",
            str(c["furniture"]),
        )
        return "  ".join(f"{cell:>10}" for cell in cells)


def main() -> None:
    """Print the tables; with --serve, be the reader of this environment."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("reports", nargs="*", type=Path)
    parser.add_argument("--peer", action="append", default=[], choices=_PEERS)
    parser.add_argument("--environments", type=Path, default=_ENVIRONMENTS)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--serve", choices=_READERS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        _serve(_READERS[options.serve]())
        return
    scores: dict[str, dict[str, _Score]] = {}
    with ExitStack() as stack:
        readers = {"youju": stack.enter_context(_started("youju", sys.executable))}
        for peer in options.peer:
            python = _environment(peer, options.environments)
            readers[peer] = stack.enter_context(_started(peer, str(python)))
        for path in options.reports:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            _compare(path, folder, readers, options.runs, scores)
    for form, rows in scores.items():
        print(f"\n{form:<24}{_HEAD}")
        for name, score in rows.items():
            print(f"{name:<24}{score}")


def _compare(
    path: Path,
    folder: Path,
    readers: dict[str, "subprocess.Popen[str]"],
    runs: int,
    scores: dict[str, dict[str, _Score]],
) -> None:
    from report_files import lines_of, write_formats  # noqa: PLC0415 - no peer has it

    from corpus import read_report  # noqa: PLC0415 - as above

    lines = lines_of(path, read_report(path, file=path.name))
    wanted = _Wanted.of(lines)
    for form, file in write_formats(lines, folder).items():
        answers: dict[str, list[dict]] = {name: [] for name in readers}
        for _ in range(runs + 1):
            for name, reader in readers.items():
                answers[name].append(_ask(reader, file))
        for name, replies in answers.items():
            score = scores.setdefault(form, {}).setdefault(name, _Score())
            wanted.rate(replies, score)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a reader should find: text squashed; of each heading the one that it stands under."""

    title: str
    headings: dict[str, str | None]
    paragraphs: Sequence[str]
    rows: Sequence[tuple[str, ...]]

    @classmethod
    def of(cls, lines: Sequence) -> "_Wanted":
        """What stands in the files that are made of ``lines``."""
        from report_files import TABLE, TEXT, TITLE  # noqa: PLC0415 - no peer has it

        pieces = [(line.text, line.level) for line in lines if TITLE < line.level < TABLE]
        tables = [line.text.split("\n") for line in lines if line.level == TABLE]
        return cls(
            title=_squashed(lines[0].text),
            headings=_parents(pieces),
            paragraphs=[_squashed(line.text) for line in lines if line.level == TEXT],
            rows=[_cells(row) for head, _, *rest in tables for row in (head, *rest)],
        )

    def rate(self, replies: Sequence[dict], score: _Score) -> None:
        """Add what a reader made of a file; the first reply was cold."""
        reply = replies[-1]
        if "error" in reply:
            score.refused.append(reply["error"])
            return
        pieces = [(_squashed(text), level) for text, level in reply["pieces"]]
        marked = ((text, level) for text, level in pieces if level is not None)
        # What is read under the report's title stands under no heading.
        headings = {
            heading: None if parent == self.title else parent
            for heading, parent in _parents(marked).items()
            if heading != self.title
        }
        texts = Counter(text for text, _ in pieces)
        rows = Counter(tuple(map(_squashed, row)) for row in reply["rows"])
        score.characters += sum(map(len, (*self.headings, *self.paragraphs)))
        score.seconds += statistics.median(reply["seconds"] for reply in replies[1:])
        found = self.headings.keys() & headings.keys()
        numbers = sum(count for text, count in texts.items() if re.fullmatch(r"\d{1,3}", text))
        score.counts.update(
            {
                "headings": len(found),
                "all headings": len(self.headings),
                "levels": sum(headings[heading] == self.headings[heading] for heading in found),
                "wrong": len(headings.keys() - found),
                "paragraphs": (Counter(self.paragraphs) & texts).total(),
                "all paragraphs": len(self.paragraphs),
                "rows": (Counter(self.rows) & rows).total(),
                "all rows": len(self.rows),
                "furniture": numbers + max(0, texts[self.title] - 1),
            }
        )


def _parents(pieces: Iterable[Piece]) -> dict[str, str | None]:
    """Headings, each with the one that it stands under."""
    parents: dict[str, str | None] = {}
    path: list[tuple[int, str]] = []
    for text, level in pieces:
        while path and path[-1][0] >= (level or 0):
            path.pop()
        heading = _squashed(text)
        parents[heading] = path[-1][1] if path else None
        path.append((level or 0, heading))
    return parents


def _cells(row: str) -> tuple[str, ...]:
    return tuple(map(_squashed, row.strip().strip("|").split("|")))


def _squashed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).replace("**", "")


def _environment(peer: str, folder: Path) -> Path:
    """The Python of the environment that a peer is installed in; made if there is none."""
    target = folder / peer
    python = target / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        venv.create(target, with_pip=True)
        install = [str(python), "-m", "pip", "install", _PEERS[peer]]
        subprocess.run(install, check=True, stdout=sys.stderr)
    return python


def _started(name: str, python: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [python, __file__, "--serve", name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _ask(reader: "subprocess.Popen[str]", path: Path) -> dict:
    stdin, stdout = reader.stdin, reader.stdout
    if stdin is None or stdout is None:
        raise TypeError(reader)
    print(path, file=stdin, flush=True)
    return json.loads(stdout.readline())


def _serve(read: Reader) -> None:
    """Answer for every path on stdin with a line of JSON; libraries' own output goes to stderr."""
    answers: IO[str] = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        start = time.perf_counter()
        try:
            pieces, rows = read(Path(line.rstrip("\n")))
            reply = {"pieces": pieces, "rows": rows, "seconds": time.perf_counter() - start}
        except Exception as failure:  # noqa: BLE001 - a peer may fail in any way
            reply = {"error": f"{type(failure).__name__}: {failure}"[:200]}
        print(json.dumps(reply), file=answers, flush=True)


def _youju() -> Reader:
    from report_files import runs_in  # noqa: PLC0415 - not there in a peer's environment

    from corpus import cells_of, read_report  # noqa: PLC0415 - as above

    def read(path: Path) -> tuple[list[Piece], list[Row]]:
        report = read_report(path, file=path.name)
        inside = [p for p in report.paragraphs if p.kind not in {"furniture", "contents"}]
        alone = [section for section in report.sections if not runs_in(section, report)]
        pieces: list[Piece] = [(section.heading, section.level) for section in alone]
        pieces.extend((p.text, None) for p in inside if p.kind != "table")
        tables = [p.text.split("\n") for p in inside if p.kind == "table"]
        heads = dict.fromkeys(head for head, *_ in tables)
        rows = [*heads, *(row for *_, row in tables)]
        return pieces, [list(cells_of(row)) for row in rows]

    return read


def _markitdown() -> Reader:
    from markitdown import MarkItDown  # noqa: PLC0415 - as above

    converter = MarkItDown()

    def read(path: Path) -> tuple[list[Piece], list[Row]]:
        text = converter.convert(str(path)).text_content
        rows = [line.strip().strip("|").split("|") for line in text.split("\n") if line[:1] == "|"]
        parts = text.split("\n" if path.suffix == ".txt" else "\n\n")
        return [_markdown_piece(part) for part in parts if part[:1] != "|"], rows

    return read


def _markdown_piece(text: str) -> Piece:
    marks = len(text) - len(text.lstrip("#"))
    return (text.lstrip("# "), marks) if marks else (text, None)


def _unstructured() -> Reader:
    from unstructured.partition.auto import partition  # noqa: PLC0415 - as above

    def read(path: Path) -> tuple[list[Piece], list[Row]]:
        pieces: list[Piece] = []
        rows: list[Row] = []
        for element in partition(str(path), languages=["chi_sim"]):
            if element.category == "Table":
                rows.extend(_html_rows(element.metadata.text_as_html or ""))
            elif element.category not in {"Header", "Footer", "PageBreak"}:
                depth = (element.metadata.category_depth or 0) + 1
                pieces.append((element.text, depth if element.category == "Title" else None))
        return pieces, rows

    return read


def _html_rows(html: str) -> Iterator[Row]:
    """The rows of a table in HTML."""
    parser = _Rows()
    parser.feed(html)
    return iter(parser.rows)


class _Rows(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []

    def handle_starttag(self, tag: str, _attributes: object) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


_READERS = {"youju": _youju, "markitdown": _markitdown, "unstructured": _unstructured}


if __name__ == "__main__":
    main()
